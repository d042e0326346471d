//! Brings a curve to a common scale.

use serde::{Deserialize, Serialize};

use super::columns::{check_column, check_monotonic, is_measured, map_measured, measured_values};
use crate::error::{Error, Result};

/// What of a curve becomes 1.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum CurveNorm {
    /// The distance from the least value, which becomes 0, to the largest.
    MinMax,
    /// The largest value.
    Maximum,
    /// The sum of the absolute values.
    AbsoluteSum,
    /// The Euclidean length, √Σ value²: the default, for search.
    #[default]
    EuclideanLength,
    /// The area by the trapezoid rule, in cm⁻¹ times the unit of the values, what lies below zero taken off; the same
    /// for ascending and descending axes. Intervals with an end that was not measured do not count.
    Area,
}

/// A curve on a common scale.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct NormalizedCurve {
    /// (value − offset) / norm.
    pub values: Vec<f64>,
    /// What was taken off: the least value for [`CurveNorm::MinMax`], else 0.
    pub offset: f64,
    /// What was divided by; above 0.
    pub norm: f64,
}

/// Divides a curve by a norm of its measured points.
///
/// # Errors
/// `Malformed` for columns of different lengths, an axis without one direction, values that are not finite, and a
/// curve whose norm is not above 0: one that is empty, constant (min-max), zero, or on the whole negative (maximum,
/// area).
pub fn normalize(
    wavenumber: &[f64],
    values: &[f64],
    measured: Option<&[bool]>,
    norm: CurveNorm,
) -> Result<NormalizedCurve> {
    check_monotonic(wavenumber)?;
    check_column("the values", values, wavenumber.len(), measured)?;
    let points = measured_values(values, measured);
    let largest = points.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let mut offset = 0.0;
    let divisor = match norm {
        CurveNorm::MinMax => {
            offset = points.iter().copied().fold(f64::INFINITY, f64::min);
            largest - offset
        }
        CurveNorm::Maximum => largest,
        CurveNorm::AbsoluteSum => points.iter().map(|value| value.abs()).sum(),
        CurveNorm::EuclideanLength => {
            // Relative to the largest, squares can neither overflow nor vanish altogether.
            let scale = points.iter().map(|value| value.abs()).fold(0.0, f64::max);
            scale * points.iter().map(|value| (value / scale) * (value / scale)).sum::<f64>().sqrt()
        }
        CurveNorm::Area => area(wavenumber, values, measured),
    };
    if !(divisor > 0.0 && divisor.is_finite()) {
        return Err(Error::malformed(format!("a curve cannot be divided by its norm of {divisor}")));
    }
    let values = map_measured(values, measured, "normalizing", |_, value| (value - offset) / divisor)?;
    Ok(NormalizedCurve { values, offset, norm: divisor })
}

fn area(wavenumber: &[f64], values: &[f64], measured: Option<&[bool]>) -> f64 {
    (1..values.len())
        .filter(|&i| is_measured(measured, i - 1) && is_measured(measured, i))
        .map(|i| (wavenumber[i] - wavenumber[i - 1]).abs() * (values[i] + values[i - 1]) / 2.0)
        .sum()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::golden::{Case, cases};
    use super::*;

    const ALL: [CurveNorm; 5] = [
        CurveNorm::MinMax,
        CurveNorm::Maximum,
        CurveNorm::AbsoluteSum,
        CurveNorm::EuclideanLength,
        CurveNorm::Area,
    ];

    #[test]
    fn golden_norms() {
        let mut compared = 0;
        for case in cases("normalise") {
            let norm = match case.word("kind") {
                "minmax" => CurveNorm::MinMax,
                "max" => CurveNorm::Maximum,
                "l1" => CurveNorm::AbsoluteSum,
                "l2" => CurveNorm::EuclideanLength,
                "area" => CurveNorm::Area,
                other => panic!("no norm for {other}"),
            };
            let rows = Case::rows(&case.input["X"]);
            let axis: Vec<f64> = match case.input["x"].is_null() {
                true => (0..rows[0].len()).map(|i| i as f64).collect(),
                false => case.column("x"),
            };
            let mut norms = Vec::new();
            for (row, expected) in rows.iter().zip(Case::rows(&case.expected["X"])) {
                let got = normalize(&axis, row, None, norm).unwrap();
                case.assert_close(&got.values, &expected);
                norms.push(got.norm);
                compared += 1;
            }
            if norm == CurveNorm::Area {
                case.assert_expected(&norms, "area");
            }
        }
        assert_eq!(compared, 36);
    }

    #[test]
    fn what_has_no_norm_is_an_error() {
        for norm in ALL {
            for wrong in [&[][..], &[0.0, 0.0], &[1.0, f64::NAN]] {
                let axis: Vec<f64> = (0..wrong.len()).map(|i| i as f64).collect();
                assert!(normalize(&axis, wrong, None, norm).is_err(), "{norm:?} of {wrong:?}");
            }
            assert!(normalize(&[1.0, 1.0], &[1.0, 2.0], None, norm).is_err());
            assert!(normalize(&[1.0, 2.0], &[1.0], None, norm).is_err());
        }
        assert!(normalize(&[1.0, 2.0], &[-1.0, -2.0], None, CurveNorm::Maximum).is_err());
        let tiny = normalize(&[1.0, 2.0], &[3e-200, 4e-200], None, CurveNorm::EuclideanLength).unwrap();
        assert!((tiny.values[0] - 0.6).abs() < 1e-15 && (tiny.values[1] - 0.8).abs() < 1e-15);
    }

    #[test]
    fn missing_points_neither_count_nor_return() {
        let (axis, values) = ([3.0, 2.0, 1.0, 0.0], [1.0, f64::NAN, 2.0, 2.0]);
        let mask = [true, false, true, true];
        let got = normalize(&axis, &values, Some(&mask), CurveNorm::Area).unwrap();
        assert_eq!((got.norm, got.values), (2.0, vec![0.5, 0.0, 1.0, 1.0]));
    }

    proptest! {
        #[test]
        fn scale_and_direction_change_nothing(
            values in prop::collection::vec(-1.0..1.0_f64, 2..60),
            scale in 0.1..9.0_f64,
        ) {
            let axis: Vec<f64> = (0..values.len()).map(|i| 400.0 + 4.0 * i as f64).collect();
            let scaled: Vec<f64> = values.iter().rev().map(|value| scale * value).collect();
            let reversed: Vec<f64> = axis.iter().rev().copied().collect();
            for norm in ALL {
                let (a, b) = (normalize(&axis, &values, None, norm), normalize(&reversed, &scaled, None, norm));
                if let (Ok(a), Ok(b)) = (a, b) {
                    prop_assume!(a.norm > 1e-3);
                    for (a, b) in a.values.iter().rev().zip(&b.values) {
                        prop_assert!((a - b).abs() <= 1e-9 * a.abs().max(1.0));
                    }
                }
            }
        }
    }
}
