//! Keeps the strongest peaks.

use super::by_descending_intensity;
use crate::spectrum::{Peak, PeakList};

/// The `count` most intense peaks, unchanged and in order of m/z. Of equal intensities at the limit the
/// lower m/z stays. A count of 0 leaves nothing; a list that is short enough stays as it is.
#[must_use]
pub fn keep_most_intense(peaks: &PeakList, count: usize) -> PeakList {
    let mut order = by_descending_intensity(peaks);
    order.truncate(count);
    order.sort_unstable();
    let (mz, intensity) = (peaks.mz(), peaks.intensity());
    PeakList::from_checked(order.into_iter().map(|i| Peak { mz: mz[i], intensity: intensity[i] }).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_equals_at_the_limit_the_lower_mz_stays() {
        let list = PeakList::try_new(vec![41.0, 43.0, 55.0, 57.0], vec![5.0, 9.0, 5.0, 5.0]).unwrap();
        assert_eq!(keep_most_intense(&list, 3).mz(), [41.0, 43.0, 55.0]);
        assert_eq!(keep_most_intense(&list, 1).mz(), [43.0]);
        assert!(keep_most_intense(&list, 0).is_empty());
        assert_eq!(keep_most_intense(&list, 9), list);
        assert!(keep_most_intense(&PeakList::default(), 3).is_empty());
    }
}
