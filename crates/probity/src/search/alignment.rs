//! Two prepared spectra side by side.

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
    /// Peaks of either spectrum below this m/z were not compared, because the other was not measured
    /// there; 0 where everything was compared.
    pub lowest_mz: f64,
}
