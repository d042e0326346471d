//! Keeps the surroundings of the strongest peaks.

use super::retain;
use crate::spectrum::PeakList;

/// The peaks within `mz_window` (half width, closed, in m/z units) of at least one of the `count` most
/// intense peaks, those included. Ties for a place among the most intense go to the lower m/z.
/// matchms calls it `remove_peaks_outside_top_k`.
#[must_use]
pub fn keep_peaks_near_most_intense(peaks: &PeakList, count: usize, mz_window: f64) -> PeakList {
    let strongest = super::keep_most_intense(peaks, count);
    let centers = strongest.mz();
    retain(peaks, |peak| {
        // Of the ascending centers only the two neighbours can be nearest.
        let above = centers.partition_point(|&mz| mz < peak.mz);
        let neighbours = &centers[above.saturating_sub(1)..centers.len().min(above + 1)];
        neighbours.iter().any(|&mz| (peak.mz - mz).abs() <= mz_window)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_window_is_closed_on_both_sides() {
        let mz = vec![40.0, 50.0, 60.0, 70.0, 71.0, 200.0];
        let list = PeakList::try_new(mz, vec![1.0, 2.0, 9.0, 1.0, 1.0, 8.0]).unwrap();
        assert_eq!(keep_peaks_near_most_intense(&list, 2, 10.0).mz(), [50.0, 60.0, 70.0, 200.0]);
        assert_eq!(keep_peaks_near_most_intense(&list, 1, 20.0).mz(), [40.0, 50.0, 60.0, 70.0, 71.0]);
        assert_eq!(keep_peaks_near_most_intense(&list, 1, 0.0).mz(), [60.0]);
        assert!(keep_peaks_near_most_intense(&list, 0, 10.0).is_empty());
        assert!(keep_peaks_near_most_intense(&PeakList::default(), 2, 10.0).is_empty());
    }
}
