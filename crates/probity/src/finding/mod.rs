//! From a hit list to an answer that can be checked: candidates with the evidence for and against
//! them, what the library cannot tell apart, and why nothing more is said.

mod bands;
mod candidate;
mod curve_quality;
mod evidence;
mod group;
mod heading;
mod mixture_finding;
mod mixture_parts;
mod molecular_ion;
mod outcome;
mod phase;
#[cfg(test)]
mod test_support;
mod warning;

pub use bands::BandEvidence;
pub use candidate::Candidate;
pub use curve_quality::CurveQuality;
pub use evidence::{Evidence, Ion, MatchedIon};
pub use group::{InfraredForm, Stereoform, SubstanceGroup, group_hits};
pub use heading::{Heading, LibraryPart, MethodPart, QueryPart, STATEMENT};
pub use mixture_finding::MixtureFinding;
pub use mixture_parts::{ComponentPart, MixtureCounts, NamedEntry, ResidualPart, TargetPart};
pub use molecular_ion::{IsotopeEvidence, MolecularIonEvidence};
pub use outcome::{Outcome, Reason};
pub use phase::Phase;
pub use warning::{Warning, WarningCode};

use std::borrow::Borrow;

use serde::Serialize;

use self::bands::BandedCurve;
use self::heading::content_digest;
use crate::error::Result;
use crate::library::LibraryScope;
use crate::preprocess::PreparedCurve;
use crate::progress::{Watch, Watched};
use crate::search::{Executor, HitList, Query, SearchCounts, SearchOptions, Searcher};
use crate::spectrum::Technique;

/// How many hits are looked at for warnings, however few are asked for.
const HITS_LOOKED_AT: usize = 100;

/// Fewer peaks than this do not tell substances apart.
const FEW_PEAKS: usize = 5;

/// The answer to one query: what it was compared with, how, and what came of it. The same version,
/// query, library, method and filter give the same finding, bit for bit; time, operator and reviewer
/// do not belong in it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Finding {
    /// What was asked of what, and how.
    #[serde(flatten)]
    pub heading: Heading,
    /// How many entries took part.
    pub counts: SearchCounts,
    /// What may be said.
    pub outcome: OutcomePart,
    /// The candidates, best first.
    pub hits: Vec<Candidate>,
    /// The candidates by substance and form.
    pub groups: Vec<SubstanceGroup>,
    /// What the analyst should look at.
    pub warnings: Vec<Warning>,
    /// What the technique cannot show, whatever the result.
    pub limits_of_technique: Vec<&'static str>,
    /// SHA-256 of all the above but the path of the query's file, as canonical JSON; 64 hexadecimal digits.
    pub digest: String,
}

/// The outcome with its reasons as sentences.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct OutcomePart {
    /// The outcome.
    #[serde(flatten)]
    pub outcome: Outcome,
    /// Why, in sentences.
    pub explanation: Vec<&'static str>,
}

impl Finding {
    /// Searches and explains: the whole way from a query to its finding.
    ///
    /// # Errors
    /// As [`Searcher::search`].
    pub fn of(searcher: &Searcher, query: &Query, options: &SearchOptions) -> Result<Self> {
        Self::explained(searcher, query, options, searcher.search(query, &looking(options))?)
    }

    /// As [`Finding::of`]; `watch` is told of the search, and can stop it, as in [`Searcher::search_watched`].
    ///
    /// # Errors
    /// As [`Searcher::search_watched`].
    pub fn of_watched(
        searcher: &Searcher,
        query: &Query,
        options: &SearchOptions,
        watch: &mut Watch<'_>,
    ) -> Result<Self> {
        let list = searcher.search_watched(query, &looking(options), watch)?;
        Self::explained(searcher, query, options, list)
    }

    /// As [`Finding::of`] for each query, in their order, on the threads of any executor; `watch` is told how many queries are
    /// answered.
    ///
    /// # Errors
    /// `Cancelled` if `watch` breaks off.
    pub fn of_many_watched<Q: Borrow<Query> + Sync>(
        searcher: &Searcher,
        queries: &[Q],
        options: &SearchOptions,
        executor: &Executor,
        watch: &mut Watch<'_>,
    ) -> Result<Vec<Result<Self>>> {
        let (alone, looking) = (executor.alone(), looking(options));
        let work = |_, queries: &[Q]| -> Vec<Result<Self>> {
            let lists = searcher.answer_together(queries, &looking, &alone).into_iter();
            let explained = |(list, query): (Result<HitList>, &Q)| {
                Self::explained(searcher, query.borrow(), options, list?)
            };
            lists.zip(queries).map(explained).collect()
        };
        let size = searcher.queries_together(queries.len(), executor);
        let mut watched = Watched::by(watch);
        watched.expect(queries.len() as u64)?;
        Ok(executor.map_chunks_told(queries, size, work, &mut watched)?.into_iter().flatten().collect())
    }

    /// What the hits of a search that looked as far as is needed come to.
    fn explained(
        searcher: &Searcher,
        query: &Query,
        options: &SearchOptions,
        mut list: HitList,
    ) -> Result<Self> {
        let (library, method) = (searcher.library(), searcher.method());
        let looked_at = group_hits(library, &list)?;
        let found_any = !list.hits.is_empty();
        list.hits.truncate(options.top);
        let mut groups = group_hits(library, &list)?;
        group::name_stereoforms(library, &mut groups)?;
        let curve = method.prepared_curve(&query.record)?;
        let quality = query.record.spectrum.as_curve().map(CurveQuality::of).transpose()?;
        let banded = curve.as_ref().filter(|_| !list.hits.is_empty()).map(BandedCurve::of).transpose()?;
        let hits = list
            .hits
            .iter()
            .map(|hit| Candidate::new(searcher, query, banded.as_ref(), hit))
            .collect::<Result<Vec<Option<Candidate>>>>()?
            .into_iter()
            .flatten()
            .collect::<Vec<_>>();
        let warnings =
            warning::warnings(searcher, query, quality.as_ref(), curve.as_ref(), &hits, &groups, &looked_at)?;
        let outcome = Outcome::Inconclusive {
            reasons: reasons(searcher, query, curve.as_ref(), &list.counts, found_any)?,
        };
        let Outcome::Inconclusive { reasons } = &outcome;
        let explanation = reasons.iter().map(|reason| reason.sentence()).collect();
        let mut finding = Self {
            heading: Heading::of(searcher, query, quality, &options.filter)?,
            counts: list.counts,
            outcome: OutcomePart { outcome, explanation },
            hits,
            groups,
            warnings,
            limits_of_technique: limits_of(method.technique),
            digest: String::new(),
        };
        finding.digest = content_digest(&finding, |finding| &mut finding.heading)?;
        Ok(finding)
    }
}

/// Warnings name substances that fit nearly as well, also where fewer hits are asked for.
fn looking(options: &SearchOptions) -> SearchOptions {
    let mut looking = options.clone().top(options.top.max(HITS_LOOKED_AT));
    looking.with_all_measures = options.top;
    looking
}

/// Why no candidate is singled out.
fn reasons(
    searcher: &Searcher,
    query: &Query,
    curve: Option<&PreparedCurve>,
    counts: &SearchCounts,
    found_any: bool,
) -> Result<Vec<Reason>> {
    let mut reasons = vec![Reason::NoCalibration];
    if searcher.library().scope() == LibraryScope::Starter {
        reasons.push(Reason::StarterLibrary);
    }
    match searcher.method().comparable_peaks(&query.record)? {
        _ if curve.is_some_and(|curve| curve.runs().is_empty()) => reasons.push(Reason::NoComparablePoints),
        _ if curve.is_some() => reasons.push(Reason::Screening),
        0 => reasons.push(Reason::NoComparablePeaks),
        peaks if peaks < FEW_PEAKS => reasons.push(Reason::FewPeaks),
        _ => {}
    }
    if counts.compared == 0 {
        reasons.push(Reason::NothingCompared);
    } else if !found_any {
        reasons.push(Reason::NothingInCommon);
    }
    Ok(reasons)
}

/// What a technique cannot show.
fn limits_of(technique: Technique) -> Vec<&'static str> {
    if technique == Technique::Infrared {
        return vec![
            "Searching an infrared library is screening: candidates are to be compared with the reference band by band.",
            "A substance has other bands as base and salt, as another polymorph or hydrate, and as a gas.",
            "Enantiomers have the same infrared spectrum; a mixture has the bands of all its components.",
            "Bands of transmission and ATR spectra differ in intensity, and strong ones in place.",
        ];
    }
    let mut limits = vec!["Mass spectrometry does not tell enantiomers apart."];
    match technique {
        Technique::ElectronIonization => limits.extend([
            "Electron ionization shows the volatilised molecule, never the salt.",
            "Positional isomers and homologues can give spectra that differ less than those of two laboratories.",
        ]),
        _ => limits.push("Isomers can share all product ions; a match depends on the collision energy."),
    }
    limits
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::test_support::{infrared, library, record};
    use super::*;
    use crate::format::Record;
    use crate::search::Method;
    use crate::spectrum::Spectrum;

    /// The search that a finding makes, and the whole one.
    fn both(method: Method, records: Vec<Record>, listed: usize) -> [HitList; 2] {
        let query = Query::from_record(records[0].clone());
        let searcher =
            Searcher::new(Arc::new(library(records)), method, Arc::new(Executor::new(1).unwrap())).unwrap();
        let whole = SearchOptions::default().top(100);
        let mut looking = whole.clone();
        looking.with_all_measures = listed;
        [looking, whole].map(|options| searcher.search(&query, &options).unwrap())
    }

    #[test]
    fn hits_that_are_only_looked_at_stand_where_they_would() {
        let peak = |number: usize, place: usize| {
            (40.0 + (number * place % 90) as f64, 1.0 + (place * 37 % 100) as f64)
        };
        let mass = |number: usize| {
            let peaks: std::collections::BTreeMap<u32, f64> = (1..12)
                .map(|place| peak(number, place))
                .map(|(mz, intensity)| (mz as u32, intensity))
                .collect();
            let peaks: Vec<(f64, f64)> =
                peaks.into_iter().map(|(mz, intensity)| (f64::from(mz), intensity)).collect();
            let mut record = record(&format!("mass {number}"), "", "C9H13N", &peaks);
            if let Spectrum::Mass(mass) = &mut record.spectrum {
                mass.acquisition.precursor_mz = Some(150.0);
            }
            record
        };
        let band = |x: f64, place: f64| 1.0 / (1.0 + (x - place) * (x - place) / 400.0);
        let curve = |number: usize| {
            infrared(&format!("curve {number}"), |x| band(x, 1_700.0) + band(x, 900.0 + 60.0 * number as f64))
        };
        let mut seen = 0;
        for method in Method::shipped().unwrap() {
            let name = method.name.clone();
            let records = match method.technique {
                Technique::Infrared => (1..25).map(curve).collect(),
                _ => (1..25).map(mass).collect(),
            };
            let [looked, whole] = both(method, records, 3);
            assert_eq!(looked.hits.len(), whole.hits.len(), "{name}");
            for (hit, expected) in looked.hits.iter().zip(&whole.hits) {
                seen += usize::from(hit.rank > 3);
                assert_eq!((hit.rank, hit.entry_id), (expected.rank, expected.entry_id), "{name}");
                assert_eq!(hit.measures.first(), expected.measures.first(), "{name}");
                assert!(hit.rank > 3 || hit.measures == expected.measures, "{name}");
            }
        }
        assert!(seen > 100, "{seen}");
    }
}
