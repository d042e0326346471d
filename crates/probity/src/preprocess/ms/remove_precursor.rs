//! Removes the precursor and what lies above it from a product-ion spectrum.

use super::retain;
use crate::spectrum::PeakList;

/// Without the peaks within `mz_window` (half width, closed, in m/z units) of the precursor. A peak at
/// exactly `precursor_mz` stays, which is the rule of matchms 0.33: the precursor as stated is information,
/// its surroundings are not. [`remove_peaks_above_precursor`] has no such exception.
#[must_use]
pub fn remove_peaks_around_precursor(peaks: &PeakList, precursor_mz: f64, mz_window: f64) -> PeakList {
    retain(peaks, |peak| peak.mz == precursor_mz || (precursor_mz - peak.mz).abs() > mz_window)
}

/// Without the peaks above `precursor_mz` + `offset`. An offset of −1.6 removes the precursor with its
/// isotopologues and the ions that cannot be its fragments (Li & Fiehn, Nat. Methods 2023, 20, 1475).
#[must_use]
pub fn remove_peaks_above_precursor(peaks: &PeakList, precursor_mz: f64, offset: f64) -> PeakList {
    let last_mz = precursor_mz + offset;
    retain(peaks, |peak| peak.mz <= last_mz)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_are_closed_and_the_precursor_itself_stays() {
        let list = PeakList::try_new(vec![82.0, 287.0, 303.0, 304.0, 305.0, 321.0], vec![1.0; 6]).unwrap();
        assert_eq!(remove_peaks_around_precursor(&list, 304.0, 17.0).mz(), [82.0, 304.0]);
        assert_eq!(remove_peaks_around_precursor(&list, 304.0, 1.0).mz(), [82.0, 287.0, 304.0, 321.0]);
        assert_eq!(remove_peaks_above_precursor(&list, 304.0, -1.0).mz(), [82.0, 287.0, 303.0]);
        assert_eq!(remove_peaks_above_precursor(&list, 304.0, 1.0).len(), 5);
    }
}
