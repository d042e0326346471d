//! What may be said at all.

use serde::{Deserialize, Serialize};

/// What a comparison with a library allows to be said. It is never an identification: that is the
/// analyst's, and needs more than one technique.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Outcome {
    /// The candidates are listed; none is singled out, for the reasons given.
    Inconclusive {
        /// Why, each once.
        reasons: Vec<Reason>,
    },
}

/// Why nothing more than a list of candidates is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Reason {
    /// The method has no error rates measured for this laboratory and library.
    NoCalibration,
    /// The library holds the principal ions of a few substances only.
    StarterLibrary,
    /// The query has no peak that the method can compare.
    NoComparablePeaks,
    /// The query has too few peaks to tell substances apart.
    FewPeaks,
    /// The query has no point that the method can compare.
    NoComparablePoints,
    /// Infrared library search is screening.
    Screening,
    /// No entry of the library was compared.
    NothingCompared,
    /// No entry of the library has anything in common with the query.
    NothingInCommon,
}

impl Reason {
    /// The reason as a sentence.
    #[must_use]
    pub fn sentence(self) -> &'static str {
        match self {
            Self::NoCalibration => {
                "No error rate has been measured for this method with this library, so no candidate is singled out."
            }
            Self::StarterLibrary => {
                "The starter library holds only the principal ions of a few substances; it can suggest candidates, no more."
            }
            Self::NoComparablePeaks => "The query has no peak that this method can compare.",
            Self::NoComparablePoints => "The query has no point in the range that this method compares.",
            Self::Screening => {
                "Searching an infrared library is screening: it suggests candidates, and never more than that."
            }
            Self::FewPeaks => "The query has too few peaks to tell substances apart.",
            Self::NothingCompared => {
                "No entry of the library was compared: the conditions kept them out, or the query or the entries lack what the method needs (peaks, a molecular mass, a precursor, or enough of the query's range)."
            }
            Self::NothingInCommon => {
                "No entry of the library that was compared has anything in common with the query."
            }
        }
    }
}
