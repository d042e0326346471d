//! Brings intensities to a common scale.

use serde::{Deserialize, Serialize};

use super::{maximum_intensity, with_intensities};
use crate::error::Result;
use crate::spectrum::PeakList;

/// What of a spectrum is given a fixed value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Norm {
    /// The largest intensity.
    BasePeak,
    /// The sum of all intensities, added in ascending order of m/z.
    Sum,
    /// The Euclidean length, √Σ I².
    EuclideanLength,
}

/// Scales all intensities by one number, so that the norm becomes `value`: I / norm · value, in that
/// order. A spectrum without any intensity above 0 stays as it is.
///
/// # Errors
/// `Malformed` if the norm or a scaled intensity exceeds the largest number.
pub fn normalize(peaks: &PeakList, norm: Norm, value: f64) -> Result<PeakList> {
    let maximum = maximum_intensity(peaks);
    if maximum <= 0.0 {
        return Ok(peaks.clone());
    }
    let what = "normalizing";
    let divided_by = |divisor: f64| -> Vec<f64> {
        // An infinite norm must become an error, not a spectrum of zeros.
        let divisor = if divisor.is_finite() { divisor } else { f64::NAN };
        peaks.intensity().iter().map(|intensity| intensity / divisor * value).collect()
    };
    match norm {
        Norm::BasePeak => with_intensities(peaks, divided_by(maximum), what),
        Norm::Sum => with_intensities(peaks, divided_by(peaks.total_ion_current()), what),
        Norm::EuclideanLength => {
            // Relative to the base peak, squares can neither overflow nor vanish altogether.
            let relative: Vec<f64> = peaks.intensity().iter().map(|intensity| intensity / maximum).collect();
            let length = relative.iter().map(|x| x * x).sum::<f64>().sqrt();
            with_intensities(peaks, relative.iter().map(|x| x / length * value).collect(), what)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_norm_becomes_the_value() {
        let list = PeakList::try_new(vec![41.0, 43.0], vec![3.0, 4.0]).unwrap();
        assert_eq!(normalize(&list, Norm::BasePeak, 1.0).unwrap().intensity(), [0.75, 1.0]);
        assert_eq!(normalize(&list, Norm::BasePeak, 100.0).unwrap().intensity(), [75.0, 100.0]);
        assert_eq!(normalize(&list, Norm::Sum, 7.0).unwrap().total_ion_current(), 7.0);
        // A 3-4-5 triangle.
        let unit = normalize(&list, Norm::EuclideanLength, 1.0).unwrap();
        assert!((unit.intensity()[0] - 0.6).abs() < 1e-15 && (unit.intensity()[1] - 0.8).abs() < 1e-15);
    }

    #[test]
    fn nothing_and_zeros_stay_and_overflow_is_an_error() {
        let zeros = PeakList::try_new(vec![41.0], vec![0.0]).unwrap();
        let huge = PeakList::try_new(vec![41.0, 42.0], vec![f64::MAX, f64::MAX]).unwrap();
        for norm in [Norm::BasePeak, Norm::Sum, Norm::EuclideanLength] {
            assert_eq!(normalize(&zeros, norm, 1.0).unwrap(), zeros);
            assert!(normalize(&PeakList::default(), norm, 1.0).unwrap().is_empty());
        }
        assert!(normalize(&huge, Norm::Sum, 1.0).is_err());
        let unit = normalize(&huge, Norm::EuclideanLength, 1.0).unwrap();
        assert!((unit.intensity()[0] - 0.5_f64.sqrt()).abs() < 1e-15);
    }
}
