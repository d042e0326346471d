//! Weights intensities by m/z and by themselves.

use super::with_intensities;
use crate::error::Result;
use crate::math;
use crate::spectrum::PeakList;

/// Replaces each intensity I by (m/z)^`mz_power` · I^`intensity_power`, the weighting of Stein & Scott
/// (J. Am. Soc. Mass Spectrom. 1994, 5, 859). An intensity of 0 stays 0 whatever the power, since an
/// absent ion must not gain weight.
///
/// # Errors
/// `Malformed` if a weighted intensity exceeds the largest number.
pub fn weight(peaks: &PeakList, mz_power: f64, intensity_power: f64) -> Result<PeakList> {
    let weighted = peaks
        .iter()
        .map(|peak| match peak.intensity {
            0.0 => 0.0,
            intensity => math::pow(peak.mz, mz_power) * math::pow(intensity, intensity_power),
        })
        .collect();
    with_intensities(peaks, weighted, "weighting")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weights_are_powers_of_mz_and_intensity() {
        let list = PeakList::try_new(vec![4.0, 100.0], vec![9.0, 16.0]).unwrap();
        // 4³ · √9 = 192 and 100³ · √16 = 4,000,000.
        assert_eq!(weight(&list, 3.0, 0.5).unwrap().intensity(), [192.0, 4_000_000.0]);
    }

    #[test]
    fn zero_stays_zero_and_overflow_is_an_error() {
        let list = PeakList::try_new(vec![40.0, 50.0], vec![0.0, 3.0]).unwrap();
        assert_eq!(weight(&list, 0.0, 0.0).unwrap().intensity(), [0.0, 1.0]);
        assert!(weight(&list, 400.0, 1.0).is_err());
        assert!(weight(&PeakList::default(), 1.0, 1.0).unwrap().is_empty());
    }
}
