//! A sample of more than one substance: which entries of a library add up to it.

use serde::Serialize;

use super::curve_quality::CurveQuality;
use super::heading::{Heading, content_digest};
use super::limits_of;
use super::mixture_parts::{ComponentPart, MixtureCounts, NamedEntry, ResidualPart, TargetPart};
use crate::error::{Error, Result};
use crate::library::{Entry, EntryId};
use crate::mixture::sparse::SparseOptions;
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
        let selection = SparseOptions { points_per_independent_point: 4.0, ..SparseOptions::default() };
        MixtureOptions { selection, background_order: 3, ..MixtureOptions::default() }
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
                .map(|component| ComponentPart::of(component, named))
                .collect(),
            targets: mixture.targets.iter().map(|target| TargetPart::of(target, named)).collect(),
            compared_points: mixture.compared_points,
            explained_share: mixture.explained_share,
            residual_rms: mixture.residual_rms,
            residual_rms_over_noise: mixture.residual_rms_over_noise,
            residual_bands: mixture.residual_bands.iter().map(|band| ResidualPart::of(band, named)).collect(),
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
mod tests;
