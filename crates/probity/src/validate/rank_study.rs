//! At which place the right substance stands.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::interval::Proportion;
use super::truth::{QueryKind, Truth};
use crate::error::{Error, Result};
use crate::finding::{SubstanceGroup, group_hits};
use crate::library::{Entry, Library};
use crate::search::{HitList, Query, SearchOptions, Searcher};
use crate::substance::SubstanceKey;

/// How many hits a study asks for; the right substance beyond them counts as not found.
const HITS_LOOKED_AT: usize = 100;

/// How often the right substance stood among the first 1, 3 and 10 substances, and how often it was
/// the best one or among the best one's rivals.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct RankCounts {
    /// In first place.
    pub top_1: Proportion,
    /// Among the first three substances.
    pub top_3: Proportion,
    /// Among the first ten substances.
    pub top_10: Proportion,
    /// Among the best one and its rivals (the method's `rival_margin`).
    pub in_rival_set: Proportion,
    /// Mean number of substances in that set.
    pub mean_rival_set: f64,
}

/// The best score of spectra whose substance is not in the library.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct AbsentScores {
    /// Number of queries.
    pub queries: usize,
    /// Median of the best first measure.
    pub median: f64,
    /// 95th percentile (nearest rank).
    pub percentile_95: f64,
    /// The highest.
    pub maximum: f64,
}

/// One line of a study: one kind of query.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RankRow {
    /// The kind of query.
    pub kind: String,
    /// Places of the right substance, where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ranks: Option<RankCounts>,
    /// Best scores, where there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub absent: Option<AbsentScores>,
}

/// One method on one set of queries.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RankStudy {
    /// The method's name.
    pub method: String,
    /// The method's digest.
    pub method_digest: String,
    /// The first measure's name, in which scores of absent substances are given.
    pub measure: String,
    /// Rows of the table of truth for which there was no query.
    pub truths_without_query: usize,
    /// One line per kind of query.
    pub rows: Vec<RankRow>,
}

/// What one query contributed.
struct Outcome {
    /// Place of the right substance among the substances, from 1.
    place: Option<usize>,
    /// Substances in the set of the best one and its rivals.
    rivals: usize,
    /// Whether the right substance is in that set.
    among_rivals: bool,
    /// The best first measure; 0 without hits.
    best: f64,
}

/// Searches labelled queries and counts.
///
/// A substance is found by a hit that has its key and is not a derivative filed under it. Places count
/// substances, not entries.
///
/// # Errors
/// `InvalidOption` for a query that the truth does not name; otherwise as [`Searcher::search`].
pub fn study_labelled_queries(
    searcher: &Searcher,
    queries: &[Query],
    truths: &BTreeMap<String, Truth>,
) -> Result<RankStudy> {
    let mut outcomes: BTreeMap<QueryKind, Vec<Outcome>> = BTreeMap::new();
    let names: BTreeSet<&str> = queries.iter().map(|query| query.record.name.as_str()).collect();
    let truths_without_query = truths.keys().filter(|name| !names.contains(name.as_str())).count();
    for query in queries {
        let truth = truths.get(&query.record.name).ok_or_else(|| {
            Error::invalid_option(format!("the table of truth does not name the query {}", query.record.name))
        })?;
        let list = searcher.search(query, &SearchOptions::default().top(HITS_LOOKED_AT))?;
        let outcome = outcome(searcher, &list, Measured { key: &truth.key, keyed_as_parent: false })?;
        outcomes.entry(truth.kind).or_default().push(outcome);
    }
    let rows = outcomes
        .into_iter()
        .map(|(kind, outcomes)| {
            let absent = kind == QueryKind::Absent;
            Ok(RankRow {
                kind: kind.description().to_owned(),
                ranks: if absent { None } else { Some(rank_counts(&outcomes)?) },
                absent: if absent { absent_scores(&outcomes) } else { None },
            })
        })
        .collect::<Result<_>>()?;
    study(searcher, rows, truths_without_query)
}

/// Searches each entry whose substance also has spectra by other contributors, with all spectra of
/// that substance by the entry's own contributor taken out, and counts. Entries of another technique than the method's are
/// no queries.
///
/// # Errors
/// As [`Searcher::search`].
pub fn leave_contributors_out(searcher: &Searcher) -> Result<RankStudy> {
    let mut outcomes = Vec::new();
    let contributors = contributors_of(searcher.library())?;
    let is_infrared = searcher.method().measure.is_infrared();
    for entry in searcher.library().entries() {
        let entry = entry?;
        if entry.record().spectrum.as_curve().is_some() != is_infrared {
            continue;
        }
        let (Some(measured), Some(contributor)) = (Measured::of(entry), contributor(entry)) else { continue };
        if contributors.get(&measured).is_none_or(|contributors| contributors.len() < 2) {
            continue;
        }
        let query = Query::from_record(entry.record().clone());
        let list =
            searcher.search_where(&query, &SearchOptions::default().top(HITS_LOOKED_AT), &|other| {
                Measured::of(other) != Some(measured) || self::contributor(other) != Some(contributor)
            })?;
        outcomes.push(outcome(searcher, &list, measured)?);
    }
    let row = RankRow {
        kind: "leave one contributor out".to_owned(),
        ranks: Some(rank_counts(&outcomes)?),
        absent: None,
    };
    study(searcher, vec![row], 0)
}

fn study(searcher: &Searcher, rows: Vec<RankRow>, truths_without_query: usize) -> Result<RankStudy> {
    let method = searcher.method();
    Ok(RankStudy {
        method: method.name.clone(),
        method_digest: method.digest()?,
        measure: method.measure.first_name().to_owned(),
        truths_without_query,
        rows,
    })
}

fn outcome(searcher: &Searcher, list: &HitList, measured: Measured<'_>) -> Result<Outcome> {
    let groups = group_hits(searcher.library(), list)?;
    let best = list.hits.first().map_or(0.0, crate::search::Hit::first_measure);
    let margin = searcher.method().rival_margin;
    Ok(Outcome {
        among_rivals: groups
            .iter()
            .any(|group| measured.is(group) && group.best_first_measure >= best - margin),
        place: groups.iter().position(|group| measured.is(group)).map(|position| position + 1),
        rivals: groups.iter().filter(|group| group.best_first_measure >= best - margin).count(),
        best,
    })
}

fn rank_counts(outcomes: &[Outcome]) -> Result<RankCounts> {
    let trials = outcomes.len() as u64;
    let among = |limit: usize| {
        let found = outcomes.iter().filter(|outcome| outcome.place.is_some_and(|place| place <= limit));
        Proportion::new(found.count() as u64, trials)
    };
    let among_rivals = outcomes.iter().filter(|outcome| outcome.among_rivals);
    let in_sets: usize = outcomes.iter().map(|outcome| outcome.rivals).sum();
    Ok(RankCounts {
        top_1: among(1)?,
        top_3: among(3)?,
        top_10: among(10)?,
        in_rival_set: Proportion::new(among_rivals.count() as u64, trials)?,
        mean_rival_set: in_sets as f64 / outcomes.len().max(1) as f64,
    })
}

fn absent_scores(outcomes: &[Outcome]) -> Option<AbsentScores> {
    let mut best: Vec<f64> = outcomes.iter().map(|outcome| outcome.best).collect();
    best.sort_by(f64::total_cmp);
    // The nearest-rank percentile: the smallest value with at least that share at or below it.
    let at = |percent: usize| best.get((best.len() * percent).div_ceil(100).saturating_sub(1)).copied();
    Some(AbsentScores {
        queries: best.len(),
        median: at(50)?,
        percentile_95: at(95)?,
        maximum: best.last().copied()?,
    })
}

/// What was measured: a substance, or derivatives that are filed under its key. How often such a
/// derivative is derivatised is stated too differently (`n TMS`, `2 TMS`) to be told apart here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Measured<'a> {
    key: &'a SubstanceKey,
    keyed_as_parent: bool,
}

impl<'a> Measured<'a> {
    fn of(entry: &'a Entry) -> Option<Self> {
        Some(Self { key: entry.key()?, keyed_as_parent: entry.keyed_as_parent() })
    }

    fn is(self, group: &SubstanceGroup) -> bool {
        group.substance_key.as_ref() == Some(self.key) && group.keyed_as_parent == self.keyed_as_parent
    }
}

fn contributor(entry: &Entry) -> Option<&str> {
    entry.record().provenance.contributor.as_deref()
}

fn contributors_of(library: &Library) -> Result<BTreeMap<Measured<'_>, BTreeSet<&str>>> {
    let mut contributors: BTreeMap<_, BTreeSet<_>> = BTreeMap::new();
    for entry in library.entries() {
        let entry = entry?;
        if let (Some(measured), Some(contributor)) = (Measured::of(entry), contributor(entry)) {
            contributors.entry(measured).or_default().insert(contributor);
        }
    }
    Ok(contributors)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::format::{Provenance, Record, RecordPlace};
    use crate::library::LibraryScope;
    use crate::search::{Executor, Method};
    use crate::spectrum::{Axis, AxisUnit, Curve, CurveKind, MassSpectrum, PeakList, Spectrum, ValueUnit};
    use crate::substance::{Form, Identity};

    fn of_place(place: Option<usize>, rivals: usize, among_rivals: bool, best: f64) -> Outcome {
        Outcome { place, rivals, among_rivals, best }
    }

    #[test]
    fn places_are_counted_by_hand() {
        let outcomes = [
            of_place(Some(1), 1, true, 0.9),
            of_place(Some(3), 4, true, 0.8),
            of_place(Some(10), 2, false, 0.7),
            of_place(None, 0, false, 0.0),
        ];
        let counts = rank_counts(&outcomes).unwrap();
        let successes = [counts.top_1, counts.top_3, counts.top_10, counts.in_rival_set];
        assert_eq!(successes.map(|proportion| proportion.successes), [1, 2, 3, 2]);
        assert!(successes.iter().all(|proportion| proportion.trials == 4));
        // (1 + 4 + 2 + 0) / 4.
        assert_eq!(counts.mean_rival_set, 1.75);
    }

    #[test]
    fn percentiles_are_those_of_the_nearest_rank() {
        let outcomes: Vec<Outcome> = (1..=20).rev().map(|i| of_place(None, 0, false, f64::from(i))).collect();
        // 50 % of 20 are 10 values, 95 % are 19.
        let scores = absent_scores(&outcomes).unwrap();
        assert_eq!(
            (scores.queries, scores.median, scores.percentile_95, scores.maximum),
            (20, 10.0, 19.0, 20.0)
        );
        // 95 % of 3 are 2.85, so the third.
        let scores = absent_scores(&outcomes[..3]).unwrap();
        assert_eq!((scores.median, scores.percentile_95), (19.0, 20.0));
        assert!(absent_scores(&[]).is_none());
    }

    fn record(key: &str, contributor: &str, spectrum: Spectrum) -> Record {
        Record {
            name: contributor.to_owned(),
            identity: Identity { inchikey: Some(key.to_owned()), ..Identity::default() },
            form: Form::default(),
            spectrum,
            provenance: Provenance { contributor: Some(contributor.to_owned()), ..Provenance::default() },
            other_fields: Vec::new(),
            place: RecordPlace::default(),
        }
    }

    fn curve() -> Spectrum {
        let axis = Axis::uniform(400.0, 4_000.0, 1_801).unwrap();
        let values = axis.points().into_iter().map(|x| 100.0 / (100.0 + (x - 1_700.0).abs())).collect();
        let values = (values, ValueUnit::Absorbance);
        Spectrum::Curve(Curve::try_new(CurveKind::Spectrum, (axis, AxisUnit::Wavenumber), values).unwrap())
    }

    fn peaks() -> Spectrum {
        let peaks = PeakList::try_new(vec![82.0, 182.0, 303.0], vec![100.0, 70.0, 20.0]).unwrap();
        Spectrum::Mass(MassSpectrum { peaks, ..MassSpectrum::default() })
    }

    #[test]
    fn a_library_of_two_techniques_is_studied_by_the_methods_own() {
        let key = "ZPUCINDJVBIVPJ-LJISPDSOSA-N";
        let records = vec![
            record(key, "A", peaks()),
            record(key, "B", curve()),
            record(key, "C", peaks()),
            record(key, "D", curve()),
        ];
        let library = Arc::new(Library::from_records("two", LibraryScope::Spectra, records).unwrap());
        for (method, pair) in [("ei-default", [1, 3]), ("ir-default", [2, 4])] {
            let executor = Arc::new(Executor::new(1).unwrap());
            let searcher =
                Searcher::new(Arc::clone(&library), Method::named(method).unwrap(), executor).unwrap();
            let ranks = leave_contributors_out(&searcher).unwrap().rows[0].ranks.unwrap();
            assert_eq!((ranks.top_1.successes, ranks.top_1.trials), (2, 2), "{method}");
            let mut pairs = Vec::new();
            searcher.near_pairs(0.9, &mut |near| pairs.push([near.query.0, near.hit.entry_id.0])).unwrap();
            assert_eq!(pairs, [pair], "{method}");
        }
    }
}
