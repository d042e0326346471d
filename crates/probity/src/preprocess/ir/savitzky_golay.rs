//! Smoothing and derivatives by a polynomial fitted to a moving window (Savitzky & Golay, Anal. Chem. 1964, 36, 1627).
//!
//! Weights come from Gram polynomials, which also give those of any place in a window (Gorry, Anal. Chem. 1990, 62,
//! 570), so that the ends need no points beyond the curve.

use probity_kernels::{InstructionSet, run_with};
use serde::{Deserialize, Serialize};

use super::columns::{check_column, out_of_range};
use super::convolution::{Convolution, weighted_sum};
use crate::error::{Error, Result};

/// What stands for the points beyond the ends.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum SavitzkyGolayEnds {
    /// None: the polynomial of the first and last whole window serves there.
    #[default]
    Polynomial,
    /// The curve mirrored at its end point.
    Mirror,
    /// The end point repeated.
    Nearest,
    /// The other end of the curve.
    Wrap,
    /// Zeros.
    Zero,
}

/// Window, polynomial and derivative.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct SavitzkyGolayOptions {
    /// Points of the window, odd; the default is 11.
    pub window: usize,
    /// Order of the polynomial, below the window; the default is 3.
    pub order: usize,
    /// Which derivative, from 0 (smoothing, the default) to the order.
    pub derivative: usize,
    /// The distance of two points in the unit of the axis, negative where it falls; the default is 1.
    pub step: f64,
    /// What stands for the points beyond the ends.
    pub ends: SavitzkyGolayEnds,
}

impl Default for SavitzkyGolayOptions {
    fn default() -> Self {
        Self { window: 11, order: 3, derivative: 0, step: 1.0, ends: SavitzkyGolayEnds::default() }
    }
}

/// The longest window.
const WINDOW_LIMIT: usize = 1_001;
/// The highest order: beyond it Gram polynomials of long windows lose digits.
const ORDER_LIMIT: usize = 10;

impl SavitzkyGolayOptions {
    fn check(&self) -> Result<()> {
        let Self { window, order, derivative, step, .. } = *self;
        if window % 2 == 0 || window > WINDOW_LIMIT {
            let message = format!("a window has an odd number of points up to {WINDOW_LIMIT}, not {window}");
            return Err(Error::invalid_option(message));
        }
        if order >= window || order > ORDER_LIMIT {
            let message = format!(
                "the order lies below the window of {window} points and up to {ORDER_LIMIT}, not at {order}"
            );
            return Err(Error::invalid_option(message));
        }
        if derivative > order {
            return Err(Error::invalid_option(format!(
                "a polynomial of order {order} has no derivative {derivative}"
            )));
        }
        if step == 0.0 || !step.is_finite() {
            return Err(Error::invalid_option(format!("{step} is no distance of two points")));
        }
        Ok(())
    }

    /// The weights of a window's points for each of its points.
    fn weights(&self) -> Vec<Vec<f64>> {
        // At most 500: the cast is exact.
        let half = (self.window / 2) as i32;
        let mut divisor = 1.0;
        (0..self.derivative).for_each(|_| divisor *= self.step);
        let at_points: Vec<Vec<Vec<f64>>> =
            (-half..=half).map(|point| gram_polynomials(half, self.order, point)).collect();
        let twice = 2.0 * f64::from(half);
        let weights_at = |at_place: &Vec<Vec<f64>>| -> Vec<f64> {
            let factor = |(k, values): (usize, &Vec<f64>)| {
                let degree = k as f64;
                (2.0 * degree + 1.0) * falling(twice, k) / falling(twice + degree + 1.0, k + 1)
                    * values[self.derivative]
            };
            let factors: Vec<f64> = at_place.iter().enumerate().map(factor).collect();
            let weight = |at_point: &Vec<Vec<f64>>| {
                factors.iter().zip(at_point).map(|(factor, values)| factor * values[0]).sum::<f64>() / divisor
            };
            at_points.iter().map(weight).collect()
        };
        at_points.iter().map(weights_at).collect()
    }
}

/// a (a − 1) (a − 2) ..., with so many factors.
fn falling(a: f64, factors: usize) -> f64 {
    (0..factors).map(|below| a - below as f64).product()
}

/// The Gram polynomials of a window of 2 `half` + 1 points at a point: for each degree the values of all its
/// derivatives up to the order.
fn gram_polynomials(half: i32, order: usize, point: i32) -> Vec<Vec<f64>> {
    let (m, point) = (f64::from(half), f64::from(point));
    let mut values = vec![vec![0.0; order + 1]; order + 1];
    values[0][0] = 1.0;
    for k in 1..=order {
        let degree = k as f64;
        let divisor = degree * (2.0 * m - degree + 1.0);
        for derivative in 0..=order {
            let below = if derivative > 0 { values[k - 1][derivative - 1] } else { 0.0 };
            let before = if k > 1 { values[k - 2][derivative] } else { 0.0 };
            values[k][derivative] = 2.0 * (2.0 * degree - 1.0) / divisor
                * (point * values[k - 1][derivative] + derivative as f64 * below)
                - (degree - 1.0) * (2.0 * m + degree) / divisor * before;
        }
    }
    values
}

/// The weights of a window's points for the value, or derivative, at its middle.
///
/// # Errors
/// `InvalidOption` for an even window or one above 1,001 points, an order that is not below it or above 10, a
/// derivative above the order, and a step of 0.
pub fn savitzky_golay_weights(options: &SavitzkyGolayOptions) -> Result<Vec<f64>> {
    options.check()?;
    Ok(options.weights().swap_remove(options.window / 2))
}

/// The smoothed curve, or a derivative of it in units of the values per unit of the axis to that power. Every point
/// must have been measured.
///
/// # Errors
/// As [`savitzky_golay_weights`]; `Malformed` for values that are not finite, or whose result is not, and with
/// [`SavitzkyGolayEnds::Polynomial`] for fewer points than the window has.
pub fn savitzky_golay(values: &[f64], options: &SavitzkyGolayOptions) -> Result<Vec<f64>> {
    savitzky_golay_of_many(&[values], options)?
        .pop()
        .unwrap_or_else(|| Err(Error::malformed("there is no curve")))
}

/// Many curves smoothed, each with the bits that it has alone: the weights are computed once.
///
/// # Errors
/// `InvalidOption` as [`savitzky_golay_weights`]. Each curve has its own result, an error as for [`savitzky_golay`].
pub fn savitzky_golay_of_many(
    curves: &[&[f64]],
    options: &SavitzkyGolayOptions,
) -> Result<Vec<Result<Vec<f64>>>> {
    options.check()?;
    let (weights, set) = (options.weights(), InstructionSet::detected());
    Ok(curves.iter().map(|curve| smoothed(curve, options, &weights, set)).collect())
}

fn smoothed(
    values: &[f64],
    options: &SavitzkyGolayOptions,
    weights: &[Vec<f64>],
    set: InstructionSet,
) -> Result<Vec<f64>> {
    check_column("the values", values, values.len(), None)?;
    let half = options.window / 2;
    let mut smoothed = vec![0.0; values.len()];
    if options.ends == SavitzkyGolayEnds::Polynomial {
        if values.len() < options.window {
            let message = format!("{} points are fewer than the window of {}", values.len(), options.window);
            return Err(Error::malformed(message));
        }
        let (first, last) = (&values[..options.window], &values[values.len() - options.window..]);
        let middle = half..values.len() - half;
        run_with(set, Convolution { weights: &weights[half], values, sums: &mut smoothed[middle.clone()] });
        for place in 0..half {
            smoothed[place] = weighted_sum(&weights[place], first);
            smoothed[middle.end + place] = weighted_sum(&weights[half + 1 + place], last);
        }
    } else {
        let values = &extended(values, half, options.ends);
        run_with(set, Convolution { weights: &weights[half], values, sums: &mut smoothed });
    }
    if smoothed.iter().all(|value| value.is_finite()) { Ok(smoothed) } else { Err(out_of_range("smoothing")) }
}

/// The values with `half` more on either side.
fn extended(values: &[f64], half: usize, ends: SavitzkyGolayEnds) -> Vec<f64> {
    let points = values.len();
    if points == 0 {
        return Vec::new();
    }
    let at = |place: usize| {
        // `place` counts from `half` points before the first.
        let before = half.saturating_sub(place);
        let after = place.saturating_sub(half + points - 1);
        match ends {
            _ if before + after == 0 => values[place - half],
            SavitzkyGolayEnds::Polynomial | SavitzkyGolayEnds::Zero => 0.0,
            SavitzkyGolayEnds::Nearest => values[if before > 0 { 0 } else { points - 1 }],
            SavitzkyGolayEnds::Wrap => values[(place + half * (points - 1)) % points],
            SavitzkyGolayEnds::Mirror => {
                let period = (2 * (points - 1)).max(1);
                let there = (if before > 0 { before } else { points - 1 + after }) % period;
                values[if there < points { there } else { period - there }]
            }
        }
    };
    (0..points + 2 * half).map(at).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::golden::{Case, cases};
    use super::*;

    fn options(case: &Case) -> SavitzkyGolayOptions {
        let ends = match case.params["mode"].as_str() {
            None | Some("interp") => SavitzkyGolayEnds::Polynomial,
            Some("mirror") => SavitzkyGolayEnds::Mirror,
            Some("nearest") => SavitzkyGolayEnds::Nearest,
            Some("wrap") => SavitzkyGolayEnds::Wrap,
            Some("constant") => SavitzkyGolayEnds::Zero,
            Some(other) => panic!("{other}"),
        };
        SavitzkyGolayOptions {
            window: case.count("window"),
            order: case.count("poly"),
            derivative: case.count("deriv"),
            step: case.number("delta"),
            ends,
        }
    }

    #[test]
    fn golden_weights() {
        for case in cases("savgol_coeffs") {
            case.assert_expected(&savitzky_golay_weights(&options(&case)).unwrap(), "coeffs");
        }
    }

    #[test]
    fn golden_curves() {
        for case in cases("savgol") {
            case.assert_expected(&savitzky_golay(&case.column("y"), &options(&case)).unwrap(), "y");
        }
    }

    #[test]
    fn wider_registers_and_many_curves_change_no_bit() {
        let curves: Vec<Vec<f64>> =
            (0..60).map(|n| (0..n).map(|i| f64::from((i * i * 7 + n) % 19) / 3.0).collect()).collect();
        let columns: Vec<&[f64]> = curves.iter().map(Vec::as_slice).collect();
        for ends in [SavitzkyGolayEnds::Polynomial, SavitzkyGolayEnds::Mirror] {
            let options = SavitzkyGolayOptions { ends, derivative: 1, ..Default::default() };
            let weights = options.weights();
            let many = savitzky_golay_of_many(&columns, &options).unwrap();
            for (curve, many) in columns.iter().zip(many) {
                let sets = [InstructionSet::Portable, InstructionSet::Avx2];
                let [narrow, wide] = sets.map(|set| smoothed(curve, &options, &weights, set).ok());
                assert_eq!((&narrow, &narrow), (&wide, &savitzky_golay(curve, &options).ok()));
                assert_eq!(narrow, many.ok());
                // Each sum as it stands in the definition.
                for (window, value) in curve.windows(11).zip(narrow.iter().flatten().skip(5)) {
                    assert_eq!(weighted_sum(&weights[5], window).to_bits(), value.to_bits());
                }
            }
        }
    }

    #[test]
    fn short_curves_are_extended_over_and_over() {
        let smoothed = |values: &[f64], ends| {
            let options = SavitzkyGolayOptions { window: 9, order: 0, ends, ..Default::default() };
            savitzky_golay(values, &options)
        };
        // Means of nine points: 1 2 1 2 1 2 1 2 1 about the first of (1, 2), mirrored or wrapped.
        for ends in [SavitzkyGolayEnds::Mirror, SavitzkyGolayEnds::Wrap] {
            let values = smoothed(&[1.0, 2.0], ends).unwrap();
            assert!(
                (values[0] - 13.0 / 9.0).abs() < 1e-12 && (values[1] - 14.0 / 9.0).abs() < 1e-12,
                "{values:?}"
            );
        }
        assert_eq!(smoothed(&[], SavitzkyGolayEnds::Wrap).unwrap(), Vec::<f64>::new());
        assert!(smoothed(&[1.0; 8], SavitzkyGolayEnds::Polynomial).is_err());
        assert!(smoothed(&[f64::NAN; 9], SavitzkyGolayEnds::Zero).is_err());
    }

    #[test]
    fn options_are_checked() {
        let good = SavitzkyGolayOptions::default();
        for wrong in [
            SavitzkyGolayOptions { window: 10, ..good },
            SavitzkyGolayOptions { window: 3, ..good },
            SavitzkyGolayOptions { window: 1_003, ..good },
            SavitzkyGolayOptions { order: 11, window: 21, ..good },
            SavitzkyGolayOptions { derivative: 4, ..good },
            SavitzkyGolayOptions { step: 0.0, ..good },
        ] {
            assert!(savitzky_golay_weights(&wrong).is_err(), "{wrong:?}");
        }
    }

    proptest! {
        #[test]
        fn a_polynomial_of_the_order_is_kept_to_the_ends(
            half in 2_usize..12,
            cubic in prop::array::uniform4(-1.0_f64..1.0),
        ) {
            let [a, b, c, d] = cubic;
            let options = SavitzkyGolayOptions { window: 2 * half + 1, ..Default::default() };
            let x = |point: usize| point as f64 / 20.0 - 1.0;
            let curve: Vec<f64> = (0..40).map(|point| a + x(point) * (b + x(point) * (c + x(point) * d))).collect();
            let slope = SavitzkyGolayOptions { derivative: 1, step: 0.05, ..options };
            let slopes = savitzky_golay(&curve, &slope).unwrap();
            for (point, value) in savitzky_golay(&curve, &options).unwrap().into_iter().enumerate() {
                prop_assert!((value - curve[point]).abs() < 1e-9);
                prop_assert!((slopes[point] - (b + x(point) * (2.0 * c + x(point) * 3.0 * d))).abs() < 1e-7);
            }
        }
    }
}
