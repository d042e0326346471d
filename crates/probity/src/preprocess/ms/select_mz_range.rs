//! Cuts a spectrum to a range of m/z.

use super::retain;
use crate::spectrum::PeakList;

/// The peaks with `first_mz` ≤ m/z ≤ `last_mz` (closed on both sides).
#[must_use]
pub fn select_mz_range(peaks: &PeakList, first_mz: f64, last_mz: f64) -> PeakList {
    retain(peaks, |peak| first_mz <= peak.mz && peak.mz <= last_mz)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_ends_belong_to_the_range() {
        let list = PeakList::try_new(vec![39.9, 40.0, 50.0, 60.0, 60.1], vec![1.0; 5]).unwrap();
        assert_eq!(select_mz_range(&list, 40.0, 60.0).mz(), [40.0, 50.0, 60.0]);
        assert!(select_mz_range(&list, 60.0, 40.0).is_empty());
    }
}
