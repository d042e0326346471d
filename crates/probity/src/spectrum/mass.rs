//! A mass spectrum as published.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{Acquisition, PeakList};

/// Peaks and how they were acquired, as published: nothing binned, scaled or removed.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct MassSpectrum {
    /// The peaks, ascending in m/z.
    #[serde(flatten)]
    pub peaks: PeakList,
    /// Annotations of single peaks, by the peak's position in `peaks`.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub annotations: BTreeMap<usize, String>,
    /// How the spectrum was acquired, as far as it is stated.
    pub acquisition: Acquisition,
}
