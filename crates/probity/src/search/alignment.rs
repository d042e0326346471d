//! Two prepared spectra side by side.

use crate::similarity::common_range::CommonRange;
use crate::spectrum::PeakList;

/// What a measure compared: both prepared spectra and the pairs that it formed.
#[derive(Debug, Clone, PartialEq)]
pub struct Alignment<'a> {
    /// The query, prepared.
    pub query: &'a PeakList,
    /// The library entry, prepared.
    pub library: &'a PeakList,
    /// Pairs of positions in the two lists; no position occurs twice on the same side.
    pub pairs: Vec<(usize, usize)>,
    /// The range of m/z that counted; beyond it one of the two was not measured.
    pub range: CommonRange,
}
