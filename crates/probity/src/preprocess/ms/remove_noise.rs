//! Removes electronic noise, which shows as the same intensity again and again.

use super::retain;
use crate::spectrum::PeakList;

/// Where at least `minimum_count` peaks have exactly the same intensity, the highest such intensity
/// times `multiplier` is taken for the noise, and only peaks above it stay. Without such an intensity,
/// or with a count of 0, nothing changes. The filter is that of matchms (suggested there by T. Mak).
#[must_use]
pub fn remove_noise_below_frequent_intensities(
    peaks: &PeakList,
    minimum_count: usize,
    multiplier: f64,
) -> PeakList {
    let mut sorted = peaks.intensity().to_vec();
    sorted.sort_by(f64::total_cmp);
    let highest = sorted.chunk_by(|a, b| a == b).rev().find(|equal| equal.len() >= minimum_count);
    match highest.and_then(|equal| equal.first()) {
        Some(intensity) if minimum_count > 0 => {
            let noise = intensity * multiplier;
            retain(peaks, |peak| peak.intensity > noise)
        }
        _ => peaks.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_highest_frequent_intensity_sets_the_noise() {
        let intensity = vec![1.0, 1.0, 1.0, 2.0, 2.0, 4.0, 4.5, 9.0];
        let list = PeakList::try_new((41..49).map(f64::from).collect(), intensity).unwrap();
        assert_eq!(remove_noise_below_frequent_intensities(&list, 2, 2.0).intensity(), [4.5, 9.0]);
        assert_eq!(remove_noise_below_frequent_intensities(&list, 3, 2.0).len(), 3);
        assert_eq!(remove_noise_below_frequent_intensities(&list, 4, 2.0), list);
        assert_eq!(remove_noise_below_frequent_intensities(&list, 0, 2.0), list);
    }
}
