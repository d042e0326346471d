//! How far a curve lies beside another along the axis.

use std::f64::consts::PI;

use rustfft::num_complex::Complex;
use serde::{Deserialize, Serialize};

use super::columns::{check_column, is_measured, measured_values, uniform_step};
use super::fourier::{forward_real, inverse, unit};
use crate::error::{Error, Result};

/// How far to look, and how finely.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct ShiftOptions {
    /// The largest whole-point shift in either direction, in cm⁻¹, not negative; the default is 8.
    pub largest_shift_cm1: f64,
    /// The parts into which a point is divided, 1 to 1000; the default is 100.
    pub upsampling: usize,
}

impl Default for ShiftOptions {
    fn default() -> Self {
        Self { largest_shift_cm1: 8.0, upsampling: 100 }
    }
}

impl ShiftOptions {
    /// # Errors
    /// `InvalidOption` for a negative shift or an upsampling outside 1 to 1000.
    fn check(&self) -> Result<()> {
        let largest = self.largest_shift_cm1;
        if !(largest >= 0.0 && largest.is_finite()) {
            return Err(Error::invalid_option(format!("{largest} cm⁻¹ is no largest shift")));
        }
        if !(1..=1_000).contains(&self.upsampling) {
            let message = format!("a point is divided into 1 to 1000 parts, not {}", self.upsampling);
            return Err(Error::invalid_option(message));
        }
        Ok(())
    }
}

/// How far a curve must be moved to lie over its reference. Nothing is resampled: adding `cm1` to the curve's
/// wavenumbers moves it without loss.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Shift {
    /// To be added to the curve's wavenumbers, in cm⁻¹.
    pub cm1: f64,
    /// The same in points, positive towards the last point.
    pub points: f64,
    /// The shift in whole points, where the linear cross-correlation is largest.
    pub whole_points: i64,
    /// The linear cross-correlation there: Σ (reference − mean)(curve − mean) over the points that overlap.
    pub correlation: f64,
    /// Whether the best whole shift is the largest that was allowed: the true one may lie beyond.
    pub at_limit: bool,
}

/// Finds the whole shift by linear cross-correlation of both curves about their means, of equal ones the smallest
/// and of those the negative; then its fraction, within ¾ of a point, by the upsampled matrix Fourier transform of
/// their circular one (Guizar-Sicairos, Thurman & Fienup, Opt. Lett. 2008, 33, 156). A parabola through three
/// points would be drawn toward whole points. Points that were not measured stand at the mean.
///
/// # Errors
/// `InvalidOption` for options outside their range; `Malformed` for an axis that is not uniform, columns of different
/// lengths, or values that are not finite.
pub fn shift(
    wavenumber: &[f64],
    values: &[f64],
    reference: &[f64],
    measured: Option<&[bool]>,
    options: &ShiftOptions,
) -> Result<Shift> {
    options.check()?;
    let step = uniform_step(wavenumber)?;
    let count = wavenumber.len();
    check_column("the values", values, count, measured)?;
    check_column("the reference", reference, count, measured)?;
    let (values, reference) = (about_mean(values, measured), about_mean(reference, measured));
    // Below the number of points, so that something overlaps.
    let limit = ((options.largest_shift_cm1 / step.abs()).floor() as usize).min(count - 1);
    let (whole, correlation) = whole_shift(&values, &reference, limit);
    let points = fraction(&values, &reference, whole, options.upsampling);
    if !(correlation.is_finite() && points.is_finite()) {
        return Err(super::columns::out_of_range("the cross-correlation"));
    }
    let at_limit = limit > 0 && whole.unsigned_abs() as usize == limit;
    Ok(Shift { cm1: points * step, points, whole_points: whole, correlation, at_limit })
}

fn about_mean(values: &[f64], measured: Option<&[bool]>) -> Vec<f64> {
    let known = measured_values(values, measured);
    let mean = known.iter().sum::<f64>() / known.len() as f64;
    let value = |(point, value)| if is_measured(measured, point) { value - mean } else { 0.0 };
    values.iter().enumerate().map(value).collect()
}

/// The lag up to `limit` with the largest Σ reference(i + lag) values(i), and that sum.
fn whole_shift(values: &[f64], reference: &[f64], limit: usize) -> (i64, f64) {
    // Zeros keep what leaves one end from coming back at the other.
    let length = (2 * values.len()).next_power_of_two();
    let product: Vec<_> = forward_real(reference, length)
        .iter()
        .zip(forward_real(values, length))
        .map(|(reference, value)| reference * value.conj())
        .collect();
    let correlation = inverse(&product);
    let at = |lag: i64| correlation[lag.rem_euclid(length as i64) as usize].re;
    let limit = limit as i64;
    let mut best = (0, at(0));
    for lag in (1..=limit).flat_map(|lag| [-lag, lag]) {
        if at(lag) > best.1 {
            best = (lag, at(lag));
        }
    }
    best
}

/// The shift within ¾ of a point of `whole`, in steps of 1 / `upsampling`, with the largest absolute circular
/// correlation.
fn fraction(values: &[f64], reference: &[f64], whole: i64, upsampling: usize) -> f64 {
    let length = values.len();
    let product: Vec<Complex<f64>> = forward_real(reference, length)
        .iter()
        .zip(forward_real(values, length))
        .map(|(reference, value)| reference * value.conj())
        .collect();
    let frequency = |number: usize| {
        if number < length.div_ceil(2) { number as f64 } else { number as f64 - length as f64 }
    };
    let energy_at = |shift: f64| -> f64 {
        let angle = 2.0 * PI * shift / length as f64;
        let turned = product.iter().enumerate().map(|(number, x)| x * unit(angle * frequency(number)));
        turned.sum::<Complex<f64>>().norm_sqr()
    };
    let region = (3 * upsampling).div_ceil(2);
    let mut best = (whole as f64, energy_at(whole as f64));
    for step in 0..region {
        let part = step as f64 - (region / 2) as f64;
        let shift = whole as f64 + part / upsampling as f64;
        let energy = energy_at(shift);
        if energy > best.1 {
            best = (shift, energy);
        }
    }
    best.0
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::golden::cases;
    use super::*;

    #[test]
    fn golden_shifts() {
        let all = cases("xcorr_shift");
        for case in &all {
            let (reference, values) = (case.column("a"), case.column("b"));
            let axis: Vec<f64> = (0..values.len()).map(|i| 4_000.0 - 2.0 * i as f64).collect();
            let options = ShiftOptions {
                largest_shift_cm1: 2.0 * case.number("max_lag"),
                upsampling: case.count("upsample_factor"),
            };
            let got = shift(&axis, &values, &reference, None, &options).unwrap();
            assert_eq!(got.whole_points, case.expected["integer_lag"].as_i64().unwrap());
            case.assert_expected(&[got.points], "subsample_skimage_upsampled");
            case.assert_expected(&[got.correlation], "xcorr_at_peak");
            assert!((got.points - case.expected["truth"].as_f64().unwrap()).abs() <= 0.012);
            assert_eq!((got.cm1, got.at_limit), (-2.0 * got.points, false));
        }
        assert_eq!(all.len(), 6);
    }

    #[test]
    fn the_whole_shift_equals_the_sum_of_the_definition() {
        let reference: Vec<f64> = (0..41).map(|i| f64::from((i * i * 7 + 3) % 19) - 9.0).collect();
        let values: Vec<f64> = (0..41).map(|i| f64::from((i * i * 5 + i) % 23) - 11.0).collect();
        let sum = |lag: i64| -> f64 {
            let pair = |i: i64| {
                let at = usize::try_from(i + lag).ok().and_then(|at| reference.get(at));
                at.map_or(0.0, |at| at * values[i as usize])
            };
            (0..41).map(pair).sum()
        };
        let expected = (-12..=12).map(|lag| (lag, sum(lag))).max_by(|a, b| a.1.total_cmp(&b.1)).unwrap();
        let got = whole_shift(&values, &reference, 12);
        assert_eq!(got.0, expected.0);
        assert!((got.1 - expected.1).abs() < 1e-10);
    }

    #[test]
    fn wrong_options_and_columns_are_errors_and_nothing_does_not_move() {
        let (x, y) = ([1.0, 2.0, 3.0], [0.0, 1.0, 0.0]);
        let right = ShiftOptions::default();
        assert!(shift(&x[..2], &y, &y, None, &right).is_err());
        assert!(shift(&[], &[], &[], None, &right).is_err());
        assert!(shift(&[1.0, 2.0, 4.0], &y, &y, None, &right).is_err());
        assert!(shift(&x, &[0.0, f64::NAN, 0.0], &y, None, &right).is_err());
        for options in [
            ShiftOptions { largest_shift_cm1: -1.0, ..right },
            ShiftOptions { largest_shift_cm1: f64::INFINITY, ..right },
            ShiftOptions { upsampling: 0, ..right },
            ShiftOptions { upsampling: 1_001, ..right },
        ] {
            assert!(shift(&x, &y, &y, None, &options).is_err());
        }
        let none = shift(&x, &[5.0; 3], &y, None, &right).unwrap();
        assert_eq!((none.points, none.whole_points, none.correlation), (0.0, 0, 0.0));
        assert!(shift(&x, &[1e308, -1e308, 0.0], &[1e308, -1e308, 0.0], None, &right).is_err());
    }

    #[test]
    fn the_largest_shift_holds_and_is_told() {
        let axis: Vec<f64> = (0..64).map(f64::from).collect();
        let bump = |centre: f64| -> Vec<f64> {
            axis.iter().map(|x| 1.0 / (1.0 + (x - centre) * (x - centre))).collect()
        };
        let options = ShiftOptions { largest_shift_cm1: 4.0, ..Default::default() };
        let got = shift(&axis, &bump(30.0), &bump(40.0), None, &options).unwrap();
        assert_eq!((got.whole_points, got.at_limit), (4, true));
        let still = ShiftOptions { largest_shift_cm1: 0.5, ..options };
        let got = shift(&axis, &bump(30.0), &bump(40.0), None, &still).unwrap();
        assert_eq!((got.whole_points, got.at_limit), (0, false));
    }

    proptest! {
        #[test]
        fn the_shift_turns_its_sign_with_the_roles(centre in 20.0..44.0_f64, off in -4.0..4.0_f64) {
            let axis: Vec<f64> = (0..64).map(f64::from).collect();
            let bump = |centre: f64| -> Vec<f64> {
                axis.iter().map(|x| 1.0 / (1.0 + (x - centre) * (x - centre) / 9.0)).collect()
            };
            let (a, b) = (bump(centre), bump(centre + off));
            let options = ShiftOptions::default();
            let there = shift(&axis, &a, &b, None, &options).unwrap();
            let back = shift(&axis, &b, &a, None, &options).unwrap();
            prop_assert!((there.points + back.points).abs() < 0.021);
            prop_assert!((there.points - off).abs() < 0.3);
        }
    }
}
