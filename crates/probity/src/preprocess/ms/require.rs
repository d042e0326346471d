//! Verdicts on whether a spectrum is good enough to be compared.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::maximum_intensity;
use crate::spectrum::PeakList;

/// Why a spectrum was turned away. It is an outcome, not an error: the data were read and understood.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "reason", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Rejection {
    /// Fewer peaks than required.
    TooFewPeaks {
        /// Peaks in the spectrum.
        found: usize,
        /// Peaks required.
        required: usize,
    },
    /// More peaks than allowed.
    TooManyPeaks {
        /// Peaks in the spectrum.
        found: usize,
        /// Peaks allowed.
        allowed: usize,
    },
    /// Fewer high peaks than required.
    TooFewHighPeaks {
        /// High peaks in the spectrum.
        found: usize,
        /// High peaks required.
        required: usize,
    },
    /// The base peak has a shape, so the spectrum is a profile and not a list of centroids.
    LooksLikeProfile {
        /// Consecutive points about the base peak above half its height.
        points: usize,
    },
}

impl fmt::Display for Rejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooFewPeaks { found, required } => {
                write!(f, "the spectrum has {found} peaks, at least {required} are required")
            }
            Self::TooManyPeaks { found, allowed } => {
                write!(f, "the spectrum has {found} peaks, at most {allowed} are allowed")
            }
            Self::TooFewHighPeaks { found, required } => {
                write!(f, "the spectrum has {found} high peaks, at least {required} are required")
            }
            Self::LooksLikeProfile { points } => write!(
                f,
                "the spectrum looks like a profile: {points} neighbouring points stand above half the base peak"
            ),
        }
    }
}

/// Requires at least `required` peaks, whatever their intensity.
///
/// # Errors
/// The verdict, with the number found.
pub fn require_minimum_number_of_peaks(peaks: &PeakList, required: usize) -> Result<(), Rejection> {
    let found = peaks.len();
    if found >= required { Ok(()) } else { Err(Rejection::TooFewPeaks { found, required }) }
}

/// Allows at most `allowed` peaks, whatever their intensity.
///
/// # Errors
/// The verdict, with the number found.
pub fn require_maximum_number_of_peaks(peaks: &PeakList, allowed: usize) -> Result<(), Rejection> {
    let found = peaks.len();
    if found <= allowed { Ok(()) } else { Err(Rejection::TooManyPeaks { found, allowed }) }
}

/// Requires at least `required` peaks of at least `fraction` of the base peak (intensity ≥ fraction ·
/// maximum). A peak without intensity is never high.
///
/// # Errors
/// The verdict, with the number found.
pub fn require_minimum_number_of_high_peaks(
    peaks: &PeakList,
    required: usize,
    fraction: f64,
) -> Result<(), Rejection> {
    let minimum = fraction * maximum_intensity(peaks);
    let found = peaks.intensity().iter().filter(|&&x| x > 0.0 && x >= minimum).count();
    if found >= required { Ok(()) } else { Err(Rejection::TooFewHighPeaks { found, required }) }
}

/// Requires that the base peak stands alone: fewer than three consecutive points (it included) above half
/// its height and closer to it than `mz_window` (open, in m/z units). The criterion is that of MZmine and
/// of matchms (`remove_profiled_spectra`, window 0.5). Spectra of fewer than three peaks pass.
///
/// # Errors
/// The verdict, with the number of points.
pub fn require_centroided(peaks: &PeakList, mz_window: f64) -> Result<(), Rejection> {
    let (mz, intensity) = (peaks.mz(), peaks.intensity());
    let maximum = maximum_intensity(peaks);
    let Some(base) = intensity.iter().position(|&x| x == maximum) else { return Ok(()) };
    let in_shape = |&&i: &&usize| {
        intensity[i] > maximum / 2.0 && mz[i] > mz[base] - mz_window && mz[i] < mz[base] + mz_window
    };
    let below: Vec<usize> = (0..base).rev().collect();
    let above: Vec<usize> = (base + 1..mz.len()).collect();
    let points = 1 + below.iter().take_while(in_shape).count() + above.iter().take_while(in_shape).count();
    if points < 3 { Ok(()) } else { Err(Rejection::LooksLikeProfile { points }) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_peaks_are_inclusive_limits() {
        let list = PeakList::try_new(vec![41.0, 43.0], vec![1.0, 50.0]).unwrap();
        assert!(require_minimum_number_of_peaks(&list, 2).is_ok());
        assert_eq!(
            require_minimum_number_of_peaks(&list, 3),
            Err(Rejection::TooFewPeaks { found: 2, required: 3 })
        );
        assert!(require_maximum_number_of_peaks(&list, 2).is_ok());
        assert!(require_maximum_number_of_peaks(&list, 1).is_err());
        assert!(require_minimum_number_of_high_peaks(&list, 2, 0.02).is_ok());
        let verdict = require_minimum_number_of_high_peaks(&list, 2, 0.03).unwrap_err();
        assert_eq!(verdict.to_string(), "the spectrum has 1 high peaks, at least 2 are required");
    }

    #[test]
    fn an_empty_or_silent_spectrum_has_no_high_peak() {
        let zeros = PeakList::try_new(vec![41.0, 43.0], vec![0.0, 0.0]).unwrap();
        assert!(require_minimum_number_of_high_peaks(&zeros, 1, 0.0).is_err());
        assert!(require_minimum_number_of_high_peaks(&PeakList::default(), 0, 0.5).is_ok());
        assert!(require_centroided(&PeakList::default(), 0.5).is_ok());
        assert!(require_centroided(&zeros, 0.5).is_ok());
    }

    #[test]
    fn a_shape_about_the_base_peak_is_a_profile() {
        let at = |mz: [f64; 3]| PeakList::try_new(mz.to_vec(), vec![6.0, 10.0, 6.0]).unwrap();
        assert_eq!(
            require_centroided(&at([99.9, 100.0, 100.1]), 0.5),
            Err(Rejection::LooksLikeProfile { points: 3 })
        );
        assert!(require_centroided(&at([99.5, 100.0, 100.1]), 0.5).is_ok());
    }
}
