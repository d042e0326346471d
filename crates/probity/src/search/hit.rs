//! What a search returns.

use serde::Serialize;

use super::measure_value::MeasureValue;
use crate::library::EntryId;

/// One entry's place in a hit list.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Hit {
    /// The place, from 1.
    pub rank: usize,
    /// The entry.
    pub entry_id: EntryId,
    /// The measures by name; the first orders the list.
    pub measures: Vec<MeasureValue>,
    /// What the retention index took from the first measure, where the method has a penalty for it and
    /// both sides state an index.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retention_index_penalty: Option<f64>,
    /// Query's retention index minus the entry's, where both are stated.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retention_index_difference: Option<f64>,
}

impl Hit {
    /// The value of the measure with the given name.
    #[must_use]
    pub fn measure(&self, name: &str) -> Option<f64> {
        self.measures.iter().find(|measure| measure.name == name).map(|measure| measure.value)
    }

    /// The measure that orders the list, without any retention index penalty.
    #[must_use]
    pub fn first_measure(&self) -> f64 {
        self.measures.first().map_or(0.0, |measure| measure.value)
    }
}

/// Two entries of a library that are alike, one of them as the query.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct NearPair {
    /// The entry that was the query.
    pub query: EntryId,
    /// The other, with its place in the hit list of the first.
    pub hit: Hit,
}

/// How many entries took part in a search, and why the others did not.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct SearchCounts {
    /// Entries in the library.
    pub entries: usize,
    /// Entries compared with the query.
    pub compared: usize,
    /// Entries that a filter kept out.
    pub filtered_out: usize,
    /// Entries whose spectrum the method cannot prepare: no peaks, or refused by a step.
    pub not_comparable: usize,
}

/// The best entries of one library for one query.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct HitList {
    /// The hits, best first.
    pub hits: Vec<Hit>,
    /// How many entries took part.
    pub counts: SearchCounts,
}
