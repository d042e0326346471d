//! Removes peaks that say nothing.

use super::retain;
use crate::spectrum::PeakList;

/// The peaks with an intensity above 0. Libraries publish zeros as marks of what was looked for and not
/// seen; scorers take no notice of them, so this step changes counts of peaks only.
#[must_use]
pub fn remove_zero_intensities(peaks: &PeakList) -> PeakList {
    retain(peaks, |peak| peak.intensity > 0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_zeros_go() {
        let list = PeakList::try_new(vec![41.0, 42.0, 43.0], vec![0.0, f64::MIN_POSITIVE, 3.0]).unwrap();
        assert_eq!(remove_zero_intensities(&list).mz(), [42.0, 43.0]);
        assert!(remove_zero_intensities(&PeakList::default()).is_empty());
    }
}
