//! A sample of more than one substance: which entries of a library add up to it.

use serde::Serialize;

use super::curve_quality::CurveQuality;
use super::heading::{Heading, content_digest};
use super::limits_of;
use crate::error::{Error, Result};
use crate::library::{Entry, EntryId};
use crate::mixture::detection_limit::TargetVerdict;
use crate::mixture::residual_bands::ResidualSide;
use crate::mixture::{MixtureOptions, MixtureReferences, MixtureSample, analyse_mixture};
use crate::preprocess::ir::{NoiseOptions, noise};
use crate::preprocess::{PreparedCurve, Step};
use crate::search::{Filter, Query, Searcher};

/// The most entries that may take part: each is kept in memory, and each round of the selection looks at all.
const MOST_REFERENCES: usize = 20_000;

/// What an entry must be measured at of the points where the sample was.
const LEAST_COVERED: f64 = 0.95;

/// A sample as a sum of library entries: candidates, each with its share of the signal and what speaks for and against it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct MixtureFinding {
    /// Sample, library, and the method whose recipe prepared sample and entries; its measure and its own conditions take no
    /// part.
    #[serde(flatten)]
    pub heading: Heading,
    /// How components were chosen.
    pub options: MixtureOptions,
    /// How many entries took part.
    pub counts: MixtureCounts,
    /// The components, the largest share first.
    pub components: Vec<ComponentPart>,
    /// What would have been seen of the substances that were asked for.
    pub targets: Vec<TargetPart>,
    /// How many points were compared.
    pub compared_points: usize,
    /// The share of the sample's sum of squares, without what background explains, that the components explain, 0 to 1.
    pub explained_share: f64,
    /// Root mean square of what no component explains, in absorbance.
    pub residual_rms: f64,
    /// The same in multiples of the measured noise: near 1 where nothing is left to explain.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub residual_rms_over_noise: Option<f64>,
    /// Bands that no component explains, and bands of components that the sample lacks: evidence against.
    pub residual_bands: Vec<ResidualPart>,
    /// What the technique cannot show, whatever the result.
    pub limits_of_technique: Vec<&'static str>,
    /// SHA-256 of all the above but the path of the query's file, as canonical JSON; 64 hexadecimal digits.
    pub digest: String,
}

/// How many entries took part, and why the others did not.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct MixtureCounts {
    /// Entries in the library.
    pub entries: usize,
    /// Entries that could be components.
    pub used: usize,
    /// Entries that a condition kept out.
    pub filtered_out: usize,
    /// Entries that were not measured where the sample was.
    pub not_covering: usize,
    /// Entries whose spectrum the recipe cannot prepare.
    pub not_comparable: usize,
}

/// An entry by number and name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NamedEntry {
    /// The entry.
    pub entry_id: EntryId,
    /// Its name.
    pub name: String,
}

/// A component.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ComponentPart {
    /// The entry.
    #[serde(flatten)]
    pub entry: NamedEntry,
    /// Its share of the signal of all components, 0 to 1: of spectra, not of masses.
    pub share_of_signal: f64,
    /// The lower end of the 95 % interval of the share, given that the set is right.
    pub share_of_signal_low: f64,
    /// The upper end of that interval.
    pub share_of_signal_high: f64,
    /// How many times its reference is in the sample.
    pub coefficient: f64,
    /// The standard error of the coefficient.
    pub coefficient_standard_error: f64,
    /// By how much the criterion of the best set without it is worse; above 10 is very strong evidence for it, about 0 means
    /// that another set does as well.
    pub criterion_rise_without: f64,
    /// The best set without it: what else the sample could be.
    pub best_set_without: Vec<NamedEntry>,
}

/// What would have been seen of a substance.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TargetPart {
    /// The entry.
    #[serde(flatten)]
    pub entry: NamedEntry,
    /// What can be said.
    #[serde(flatten)]
    pub verdict: TargetVerdict,
    /// The same as a sentence.
    pub sentence: String,
}

/// A band of the residual, and the component that adds most there.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ResidualPart {
    /// What it tells.
    pub side: ResidualSide,
    /// The lower end, in cm⁻¹.
    pub low_cm1: f64,
    /// The upper end, in cm⁻¹.
    pub high_cm1: f64,
    /// Where the residual is farthest from 0, in cm⁻¹.
    pub extreme_cm1: f64,
    /// The residual there, sample less fit, in absorbance.
    pub extreme: f64,
    /// Its size in multiples of the noise.
    pub extreme_over_noise: f64,
    /// The component that adds most there; absent if none adds anything.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub component: Option<NamedEntry>,
}

/// An entry that can be a component.
struct Reference {
    entry: NamedEntry,
    values: Vec<f64>,
}

impl MixtureFinding {
    /// How samples are taken apart where nothing else is asked for.
    ///
    /// Two numbers differ from the defaults of [`MixtureOptions`], which are those of a curve of which nothing is known. The
    /// polynomial has order 3, since baselines of whole spectra are bent: with a straight one, small extra components
    /// stand for the bend. Four neighbouring points count as one, since recipes like that of `ir-default` smooth over several
    /// points of a grid that is finer than most spectra are resolved.
    #[must_use]
    pub fn default_options() -> MixtureOptions {
        let mut options = MixtureOptions::default();
        options.background_order = 3;
        options.selection.points_per_independent_point = 4.0;
        options
    }

    /// Takes a sample apart. `targets` are entries of which the finding must say what would have been seen.
    ///
    /// # Errors
    /// `Unsupported` for a query that is no infrared spectrum; `InvalidOption` for a method that does not prepare infrared
    /// spectra or has steps after which absorbances do not add up, for more than 20,000 entries that could be components, and
    /// for a target that is not among them; as [`analyse_mixture`].
    pub fn of(
        searcher: &Searcher,
        query: &Query,
        targets: &[EntryId],
        filter: &Filter,
        options: &MixtureOptions,
    ) -> Result<Self> {
        let (library, method) = (searcher.library(), searcher.method());
        check_steps(method.prepare.steps())?;
        let curve = query.record.spectrum.as_curve();
        let curve = curve.ok_or_else(|| Error::unsupported("the sample is no infrared spectrum"))?;
        let sample = method.prepared_curve(&query.record)?.ok_or_else(|| {
            Error::invalid_option(format!("{} does not prepare infrared spectra", method.name))
        })?;
        let mut mask = sample.measured.clone();
        let mut counts = MixtureCounts { entries: library.len(), ..MixtureCounts::default() };
        let mut references = Vec::new();
        for entry in library.entries() {
            let entry = entry?;
            match reference(searcher, query, filter, &sample, entry, &mut mask, &mut counts)? {
                Some(_) if references.len() == MOST_REFERENCES => {
                    let message = format!(
                        "more than {MOST_REFERENCES} entries could be components; conditions can leave fewer"
                    );
                    return Err(Error::invalid_option(message));
                }
                found => references.extend(found),
            }
        }
        counts.used = references.len();
        let place = |id: &EntryId| {
            references.iter().position(|reference| reference.entry.entry_id == *id).ok_or_else(|| {
                Error::invalid_option(format!("entry {id} is not among those that could be components"))
            })
        };
        let targets: Vec<usize> = targets.iter().map(place).collect::<Result<_>>()?;
        let columns: Vec<&[f64]> = references.iter().map(|reference| reference.values.as_slice()).collect();
        let x = &sample.wavenumber_cm1;
        let noise_rms = noise(x, &sample.values, Some(&sample.measured), &NoiseOptions::default())?;
        let mixture = analyse_mixture(
            &MixtureSample {
                wavenumber_cm1: x,
                values: &sample.values,
                mask: Some(&mask),
                noise_rms: noise_rms.root_mean_square.filter(|&noise| noise > 0.0),
            },
            &MixtureReferences { library: &columns, interferents: &[], targets: &targets },
            options,
        )?;
        let named = |position: usize| references[position].entry.clone();
        let mut finding = Self {
            heading: Heading::of(searcher, query, Some(CurveQuality::of(curve)?), filter)?,
            options: *options,
            counts,
            components: mixture
                .components
                .iter()
                .map(|component| ComponentPart {
                    entry: named(component.library_position),
                    share_of_signal: component.share_of_signal,
                    share_of_signal_low: component.share_of_signal_low,
                    share_of_signal_high: component.share_of_signal_high,
                    coefficient: component.coefficient,
                    coefficient_standard_error: component.coefficient_standard_error,
                    criterion_rise_without: component.criterion_rise_without,
                    best_set_without: component.best_set_without.iter().map(|&place| named(place)).collect(),
                })
                .collect(),
            targets: mixture
                .targets
                .iter()
                .map(|target| TargetPart {
                    entry: named(target.library_position),
                    verdict: target.verdict,
                    sentence: target.verdict.to_string(),
                })
                .collect(),
            compared_points: mixture.compared_points,
            explained_share: mixture.explained_share,
            residual_rms: mixture.residual_rms,
            residual_rms_over_noise: mixture.residual_rms_over_noise,
            residual_bands: mixture
                .residual_bands
                .iter()
                .map(|band| ResidualPart {
                    side: band.side,
                    low_cm1: band.low_cm1,
                    high_cm1: band.high_cm1,
                    extreme_cm1: band.extreme_cm1,
                    extreme: band.extreme,
                    extreme_over_noise: band.extreme_over_noise,
                    component: band.strongest_component.map(named),
                })
                .collect(),
            limits_of_technique: limits_of(method.technique),
            digest: String::new(),
        };
        finding.digest = content_digest(&finding, |finding| &mut finding.heading)?;
        Ok(finding)
    }
}

/// Absorbances add up after steps that are linear, up to a background.
fn check_steps(steps: &[Step]) -> Result<()> {
    let is_linear = |step: &Step| {
        matches!(
            step,
            Step::ConvertToAbsorbance { .. }
                | Step::CorrectAtr(_)
                | Step::Resample(_)
                | Step::SavitzkyGolay { .. }
                | Step::Whittaker(_)
                | Step::LeaveOut { .. }
        )
    };
    match steps.iter().position(|step| !is_linear(step)) {
        None => Ok(()),
        Some(place) => Err(Error::invalid_option(format!(
            "step {} ({}): after it the absorbances of components do not add up",
            place + 1,
            steps[place].name()
        ))),
    }
}

/// An entry as a possible component, its gaps taken out of the mask; `None`, counted, if it cannot be one.
fn reference(
    searcher: &Searcher,
    query: &Query,
    filter: &Filter,
    sample: &PreparedCurve,
    entry: &Entry,
    mask: &mut [bool],
    counts: &mut MixtureCounts,
) -> Result<Option<Reference>> {
    if !filter.admits(&query.record, entry) {
        counts.filtered_out += 1;
        return Ok(None);
    }
    // One that cannot be prepared is not comparable.
    let Some(curve) = searcher.method().prepared_curve(entry.record()).unwrap_or_default() else {
        counts.not_comparable += 1;
        return Ok(None);
    };
    let asked = sample.measured.iter().filter(|&&measured| measured).count();
    let both = sample.measured.iter().zip(&curve.measured).filter(|(a, b)| **a && **b).count();
    if asked == 0 || (both as f64) < LEAST_COVERED * asked as f64 {
        counts.not_covering += 1;
        return Ok(None);
    }
    mask.iter_mut().zip(&curve.measured).for_each(|(mask, &measured)| *mask &= measured);
    let entry = NamedEntry { entry_id: entry.id(), name: entry.record().name.clone() };
    Ok(Some(Reference { entry, values: curve.values }))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::super::test_support::{infrared, library};
    use super::*;
    use crate::format::Record;
    use crate::search::{Executor, Method};

    fn band(x: f64, centre: f64) -> f64 {
        let distance = (x - centre) / 15.0;
        1.0 / (1.0 + distance * distance)
    }

    /// Three substances of two bands each.
    fn substance(number: u32, x: f64) -> f64 {
        let first = 800.0 + 130.0 * f64::from(number);
        band(x, first) + 0.5 * band(x, first + 1_900.0)
    }

    fn searcher() -> Searcher {
        let records =
            (0..3).map(|number| infrared(["A", "B", "C"][number as usize], move |x| substance(number, x)));
        let library = Arc::new(library(records.collect()));
        let method = Method::named("ir-default").unwrap();
        Searcher::new(library, method, Arc::new(Executor::new(1).unwrap())).unwrap()
    }

    #[test]
    fn components_are_found_with_their_shares_and_targets_are_never_called_absent() {
        // A zigzag for noise, on a sloping background.
        let zigzag = |x: f64| if (x as u32 / 2).is_multiple_of(2) { 1e-3 } else { -1e-3 };
        let sample = infrared("sample", |x| {
            0.9 * substance(0, x) + 0.3 * substance(1, x) + 0.1 + 1e-5 * x + zigzag(x)
        });
        let finding = MixtureFinding::of(
            &searcher(),
            &Query::from_record(sample),
            &[EntryId(3)],
            &Filter::default(),
            &MixtureFinding::default_options(),
        )
        .unwrap();
        let names: Vec<&str> =
            finding.components.iter().map(|component| component.entry.name.as_str()).collect();
        assert_eq!(names, ["A", "B"]);
        // Both have bands of the same shape: shares are those of the coefficients, 3 to 1.
        assert!((finding.components[0].share_of_signal - 0.75).abs() < 0.01);
        assert!(finding.components.iter().all(|component| component.criterion_rise_without > 10.0));
        assert!(finding.explained_share > 0.999 && finding.residual_bands.is_empty());
        assert_eq!(finding.targets[0].entry.name, "C");
        assert!(
            finding.targets[0].sentence.starts_with("not detected above"),
            "{}",
            finding.targets[0].sentence
        );
        assert_eq!((finding.counts.used, finding.digest.len()), (3, 64));
    }

    #[test]
    fn what_cannot_be_taken_apart_is_refused() {
        let searcher = searcher();
        let of = |record: Record, target: &[EntryId]| {
            let query = Query::from_record(record);
            let options = MixtureFinding::default_options();
            MixtureFinding::of(&searcher, &query, target, &Filter::default(), &options)
        };
        let error = of(infrared("a", |x| substance(0, x)), &[EntryId(9)]).unwrap_err();
        assert!(error.to_string().contains("entry 9 is not among"), "{error}");
        let peaks = super::super::test_support::record("peaks", "", "", &[(50.0, 1.0)]);
        assert_eq!(of(peaks, &[]).unwrap_err().kind(), crate::ErrorKind::Unsupported);
        let steps = [Step::LeaveOut { ranges_cm1: Vec::new() }, Step::SubtractRubberBand {}];
        let error = check_steps(&steps).unwrap_err().to_string();
        assert!(error.starts_with("step 2 (subtract_rubber_band): after it"), "{error}");
    }
}
