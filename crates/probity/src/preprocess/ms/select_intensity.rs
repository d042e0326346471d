//! Removes weak (or overloaded) peaks.

use super::{maximum_intensity, retain};
use crate::spectrum::PeakList;

/// The peaks of at least `fraction` of the base peak: intensity ≥ `fraction` · maximum, in that
/// arithmetic. A fraction from 0 (all stay) to 1 (only peaks as high as the base peak).
#[must_use]
pub fn select_relative_intensity(peaks: &PeakList, fraction: f64) -> PeakList {
    let minimum = fraction * maximum_intensity(peaks);
    retain(peaks, |peak| peak.intensity >= minimum)
}

/// The peaks with `minimum` ≤ intensity ≤ `maximum`, in the unit of the spectrum; without a maximum there
/// is no upper end.
#[must_use]
pub fn select_absolute_intensity(peaks: &PeakList, minimum: f64, maximum: Option<f64>) -> PeakList {
    retain(peaks, |peak| minimum <= peak.intensity && maximum.is_none_or(|maximum| peak.intensity <= maximum))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_limits_belong_to_what_stays() {
        let list = PeakList::try_new(vec![41.0, 42.0, 43.0], vec![1.0, 2.0, 100.0]).unwrap();
        assert_eq!(select_relative_intensity(&list, 0.02).mz(), [42.0, 43.0]);
        assert_eq!(select_relative_intensity(&list, 0.0).mz(), [41.0, 42.0, 43.0]);
        assert_eq!(select_absolute_intensity(&list, 2.0, None).mz(), [42.0, 43.0]);
        assert_eq!(select_absolute_intensity(&list, 1.0, Some(2.0)).mz(), [41.0, 42.0]);
    }

    #[test]
    fn nothing_and_zeros_stay_as_they_are() {
        let zeros = PeakList::try_new(vec![41.0, 42.0], vec![0.0, 0.0]).unwrap();
        assert_eq!(select_relative_intensity(&zeros, 0.5), zeros);
        assert!(select_relative_intensity(&PeakList::default(), 0.5).is_empty());
    }
}
