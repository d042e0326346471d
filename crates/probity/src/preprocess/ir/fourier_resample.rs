//! Brings a curve to another number of points by its Fourier transform.

use rustfft::num_complex::Complex;

use super::columns::{check_column, out_of_range};
use super::fourier::{forward_real, inverse};
use crate::error::{Error, Result};

/// The most points of the result.
const POINTS_LIMIT: usize = 1 << 24;

/// The values at so many equal distances from the first point on: point i lies at first + i · step · n / `points`, n
/// values being given at equal distances `step`. More points are joined by a sum of sines (zero filling); fewer lose
/// what is too sharp for them, which is a low-pass filter as sharp as can be. The curve counts as periodic:
/// where its ends differ it rings near them, and the last points lie between the last and the first value. The
/// transform knows no gaps: fill or cut them first. As `scipy.signal.resample`; see [`resample`](super::resample()) for
/// other grids.
///
/// # Errors
/// `InvalidOption` for 0 points or more than 16,777,216; `Malformed` for no values, and values, or a result, that are
/// not finite.
pub fn fourier_resample(values: &[f64], points: usize) -> Result<Vec<f64>> {
    if points == 0 || points > POINTS_LIMIT {
        return Err(Error::invalid_option(format!("1 to {POINTS_LIMIT} points, not {points}")));
    }
    if values.is_empty() {
        return Err(Error::malformed("no values to resample"));
    }
    check_column("the values", values, values.len(), None)?;
    let old = forward_real(values, values.len());
    let mut new = vec![Complex::new(0.0, 0.0); points];
    let common = values.len().min(points);
    let half = common / 2;
    new[0] = old[0];
    for k in 1..=half {
        // The highest frequency of an even number stands for itself and its mirror image.
        let share = if 2 * k < common || points == values.len() {
            1.0
        } else if points > values.len() {
            0.5
        } else {
            2.0
        };
        let value = old[k] * share;
        if 2 * k == points {
            new[k] = Complex::new(value.re, 0.0);
        } else {
            (new[k], new[points - k]) = (value, value.conj());
        }
    }
    let scale = points as f64 / values.len() as f64;
    let resampled: Vec<f64> = inverse(&new).iter().map(|value| value.re * scale).collect();
    if resampled.iter().all(|value| value.is_finite()) {
        Ok(resampled)
    } else {
        Err(out_of_range("resampling"))
    }
}

#[cfg(test)]
mod tests {
    use std::f64::consts::PI;

    use super::super::golden::cases;
    use super::*;
    use crate::math::cos;

    #[test]
    fn golden() {
        let mut seen = 0;
        for case in cases("resample").iter().filter(|case| case.word("method") == "fft") {
            let resampled = fourier_resample(&case.column("y"), case.count("n_new")).unwrap();
            case.assert_expected(&resampled, "y");
            seen += 1;
        }
        assert_eq!(seen, 9);
    }

    #[test]
    fn a_wave_is_the_same_wave_at_any_number_of_points_that_shows_it() {
        let wave = |points: usize| -> Vec<f64> {
            (0..points).map(|i| 1.0 + cos(2.0 * PI * 3.0 * i as f64 / points as f64 + 0.4)).collect()
        };
        for (old, new) in [(16, 16), (16, 40), (40, 16), (17, 40), (41, 7), (9, 1_000)] {
            let got = fourier_resample(&wave(old), new).unwrap();
            assert!(got.iter().zip(wave(new)).all(|(a, b)| (a - b).abs() < 1e-12), "{old} {new}");
        }
        // 6 points or fewer do not: the mean stays.
        let mean = fourier_resample(&wave(40), 5).unwrap();
        assert!(mean.iter().all(|value| (value - 1.0).abs() < 1e-12));
        assert!((fourier_resample(&[2.0], 3).unwrap()[2] - 2.0).abs() < 1e-15);
    }

    #[test]
    fn what_cannot_be_resampled_is_an_error() {
        assert!(fourier_resample(&[], 3).is_err());
        assert!(fourier_resample(&[1.0], 0).is_err());
        assert!(fourier_resample(&[1.0], POINTS_LIMIT + 1).is_err());
        assert!(fourier_resample(&[1.0, f64::NAN], 3).is_err());
        assert!(fourier_resample(&[f64::MAX, f64::MAX], 3).is_err());
    }
}
