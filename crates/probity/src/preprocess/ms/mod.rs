//! Steps on peak lists: one verb a file, each a pure function with its contract beside it.
//!
//! `select_`, `keep_` and `remove_` leave the peaks that stay untouched; `merge_`, `bin_`, `normalize`,
//! `weight` and `round_` compute new ones and fail rather than produce a number that is not finite;
//! `require_` changes nothing and gives a verdict; `flag_` changes nothing and points at peaks.

mod bin_to_unit_mass;
mod flag_background;
mod keep_most_intense;
mod keep_peaks_near_most_intense;
mod merge_peaks;
mod normalize;
mod remove_noise;
mod remove_precursor;
mod remove_zero_intensities;
mod require;
mod round_to_integer_abundance;
mod select_intensity;
mod select_mz_range;
mod weight;

pub(in crate::preprocess) use bin_to_unit_mass::check_boundary;
pub use bin_to_unit_mass::{NIST_UNIT_MASS_BOUNDARY, UNIT_MASS_BOUNDARY, bin_to_unit_mass};
pub use flag_background::{Background, BackgroundFlag, BackgroundOptions, flag_background};
pub use keep_most_intense::keep_most_intense;
pub use keep_peaks_near_most_intense::keep_peaks_near_most_intense;
pub use merge_peaks::merge_peaks;
pub use normalize::{Norm, normalize};
pub use remove_noise::remove_noise_below_frequent_intensities;
pub use remove_precursor::{remove_peaks_above_precursor, remove_peaks_around_precursor};
pub use remove_zero_intensities::remove_zero_intensities;
pub use require::{
    Rejection, require_centroided, require_maximum_number_of_peaks, require_minimum_number_of_high_peaks,
    require_minimum_number_of_peaks,
};
pub use round_to_integer_abundance::round_to_integer_abundance;
pub use select_intensity::{select_absolute_intensity, select_relative_intensity};
pub use select_mz_range::select_mz_range;
pub use weight::weight;

use crate::error::{Error, Result};
use crate::spectrum::{Peak, PeakList};

/// The peaks for which `keep` says yes, unchanged and in their order.
fn retain(peaks: &PeakList, mut keep: impl FnMut(Peak) -> bool) -> PeakList {
    PeakList::from_checked(peaks.iter().filter(|&peak| keep(peak)).collect())
}

/// The same m/z with new intensities; `what` names the step in the error.
fn with_intensities(peaks: &PeakList, intensity: Vec<f64>, what: &str) -> Result<PeakList> {
    rebuilt(peaks.mz().to_vec(), intensity, what)
}

/// A list of computed peaks; `what` names the step in the error.
fn rebuilt(mz: Vec<f64>, intensity: Vec<f64>, what: &str) -> Result<PeakList> {
    PeakList::try_new(mz, intensity).map_err(|error| {
        Error::malformed(format!("{what} left the range of numbers: {}", error.message())).caused_by(error)
    })
}

/// The largest intensity, or 0 for an empty list.
fn maximum_intensity(peaks: &PeakList) -> f64 {
    peaks.base_peak().map_or(0.0, |peak| peak.intensity)
}

/// Positions of the peaks by descending intensity; of equal intensities the lower m/z comes first, as
/// for the base peak, and of equal m/z the one published first.
fn by_descending_intensity(peaks: &PeakList) -> Vec<usize> {
    let intensity = peaks.intensity();
    let mut order: Vec<usize> = (0..peaks.len()).collect();
    order.sort_by(|&a, &b| intensity[b].total_cmp(&intensity[a]));
    order
}

#[cfg(test)]
pub(crate) mod tests;
