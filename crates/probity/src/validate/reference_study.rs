//! At which place the first of several references that count as right stands.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::interval::Proportion;
use crate::error::Result;
use crate::library::EntryId;
use crate::search::{Query, SearchOptions, Searcher};

/// A query and the entries that count as right.
#[derive(Debug, Clone)]
pub struct ReferenceQuery {
    /// The kind of query, by which results are counted.
    pub kind: String,
    /// The spectrum.
    pub query: Query,
    /// The query's own entry, which takes no part, where it is one of the library's.
    pub own_entry: Option<EntryId>,
    /// The entries that count as right, all of them.
    pub right: BTreeSet<EntryId>,
}

/// How often a right entry stood first and among the first five entries, of one kind of query.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ReferenceRow {
    /// The kind of query.
    pub kind: String,
    /// In first place.
    pub top_1: Proportion,
    /// Among the first five.
    pub top_5: Proportion,
}

/// Searches each query without its own entry, and counts by kind, in the order of the kinds' names. Places count entries,
/// not substances.
///
/// # Errors
/// As [`Searcher::search`].
pub fn study_references(searcher: &Searcher, queries: &[ReferenceQuery]) -> Result<Vec<ReferenceRow>> {
    const PLACES: usize = 5;
    let mut places: BTreeMap<&str, Vec<Option<usize>>> = BTreeMap::new();
    for query in queries {
        let options = SearchOptions::default().top(PLACES);
        let list =
            searcher.search_where(&query.query, &options, &|entry| Some(entry.id()) != query.own_entry)?;
        let place = list.hits.iter().position(|hit| query.right.contains(&hit.entry_id));
        places.entry(&query.kind).or_default().push(place);
    }
    let row = |(kind, places): (&str, Vec<Option<usize>>)| {
        let within = |last: usize| {
            let found = places.iter().flatten().filter(|&&place| place < last).count();
            Proportion::new(found as u64, places.len() as u64)
        };
        Ok(ReferenceRow { kind: kind.to_owned(), top_1: within(1)?, top_5: within(PLACES)? })
    };
    places.into_iter().map(row).collect()
}
