//! Penalized least squares: the curve z that minimizes Σ w (y − z)² + λ Σ (Δᵈ z)² (Eilers, Anal. Chem. 2003, 75,
//! 3631), as the solution of (W + λ DᵀD) z = W y. The matrix has 2 d + 1 diagonals, so that its LDLᵀ factors take
//! time in proportion to the points.

use probity_kernels::{LaneWork, Lanes, run_on_arrays};
use serde::{Deserialize, Serialize};

use super::columns::{check_column, out_of_range};
use super::penalized_solver::{Nothing, Solver};
use crate::error::{Error, Result};

/// How smooth the curve is to be.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct WhittakerOptions {
    /// λ, above 0; the default is 1e4.
    pub lambda: f64,
    /// d, the order of the differences, from 1 to 3; the default is 2.
    pub difference_order: usize,
}

impl Default for WhittakerOptions {
    fn default() -> Self {
        Self { lambda: 1e4, difference_order: 2 }
    }
}

/// Smooths a curve. Points of weight 0 are interpolated: their values are not read.
///
/// # Errors
/// `InvalidOption` for a λ that is not a finite number above 0 or an order that is not 1 to 3; `Malformed` for columns of
/// different lengths, values or weights that are not finite, negative weights, fewer points above weight 0 than
/// the order, and a result that is not finite.
pub fn whittaker(values: &[f64], weights: Option<&[f64]>, options: &WhittakerOptions) -> Result<Vec<f64>> {
    let mut solver = Solver::try_new(values.len(), options.lambda, options.difference_order)?;
    let all = vec![1.0; if weights.is_some() { 0 } else { values.len() }];
    let weights = weights.unwrap_or(&all);
    check_column("the weights", weights, values.len(), None)?;
    if weights.iter().any(|&weight| weight < 0.0) {
        return Err(Error::malformed("a weight is negative"));
    }
    if weights.iter().filter(|&&weight| weight > 0.0).count() < options.difference_order {
        return Err(Error::malformed("too few points have a weight"));
    }
    let measured: Vec<bool> = weights.iter().map(|&weight| weight > 0.0).collect();
    check_column("the values", values, values.len(), Some(&measured))?;
    let column = |point: usize| [if measured[point] { values[point] } else { 0.0 }];
    let values: Vec<[f64; 1]> = (0..values.len()).map(column).collect();
    let mut weights: Vec<[f64; 1]> = weights.iter().map(|&weight| [weight]).collect();
    let smoothed: Vec<f64> =
        run_on_arrays(Solve { solver: &mut solver, values: &values, weights: &mut weights })
            .iter()
            .map(|&[value]| value)
            .collect();
    if smoothed.iter().all(|value| value.is_finite()) { Ok(smoothed) } else { Err(out_of_range("smoothing")) }
}

/// One solution.
struct Solve<'a, const L: usize> {
    solver: &'a mut Solver<L>,
    values: &'a [[f64; L]],
    weights: &'a mut [[f64; L]],
}

impl<'a, const L: usize> LaneWork<L> for Solve<'a, L> {
    type Output = &'a [[f64; L]];

    #[inline(always)]
    fn run<V: Lanes<L>>(self) -> &'a [[f64; L]] {
        self.solver.solve::<V>(self.values, self.weights, &mut Nothing);
        self.solver.solution()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::golden::cases;
    use super::*;

    #[test]
    fn golden() {
        for case in cases("whittaker") {
            let (values, weights) =
                (case.column("y"), case.input.get("weights").map(|_| case.column("weights")));
            let options =
                WhittakerOptions { lambda: case.number("lam"), difference_order: case.count("diff_order") };
            case.assert_expected(&whittaker(&values, weights.as_deref(), &options).unwrap(), "y");
        }
    }

    /// Gaussian elimination of the whole matrix.
    fn slow(values: &[f64], weights: &[f64], lambda: f64, order: usize) -> Vec<f64> {
        let points = values.len();
        let mut matrix = vec![vec![0.0; points + 1]; points];
        for start in 0..points.saturating_sub(order) {
            let mut row = vec![0.0; points];
            row[start] = 1.0;
            for _ in 0..order {
                row = (0..points)
                    .map(|place| if place > 0 { row[place - 1] - row[place] } else { -row[0] })
                    .collect();
            }
            for one in 0..points {
                for other in 0..points {
                    matrix[one][other] += lambda * row[one] * row[other];
                }
            }
        }
        for point in 0..points {
            matrix[point][point] += weights[point];
            matrix[point][points] = weights[point] * values[point];
        }
        for pivot in 0..points {
            let pivot_row = matrix[pivot].clone();
            for row in matrix.iter_mut().skip(pivot + 1) {
                let factor = row[pivot] / pivot_row[pivot];
                row.iter_mut().zip(&pivot_row).for_each(|(element, pivot)| *element -= factor * pivot);
            }
        }
        let mut solution = vec![0.0; points];
        for point in (0..points).rev() {
            let known: f64 = (point + 1..points).map(|other| matrix[point][other] * solution[other]).sum();
            solution[point] = (matrix[point][points] - known) / matrix[point][point];
        }
        solution
    }

    proptest! {
        #[test]
        fn the_banded_solution_is_that_of_the_whole_matrix_and_lanes_do_not_mix(
            curves in prop::collection::vec(prop::array::uniform4((-1.0_f64..1.0, 0.1_f64..1.0)), 4..30),
            lambda in 0.1_f64..100.0,
            order in 1_usize..4,
        ) {
            let values: Vec<[f64; 4]> = curves.iter().map(|point| point.map(|pair| pair.0)).collect();
            let mut weights: Vec<[f64; 4]> = curves.iter().map(|point| point.map(|pair| pair.1)).collect();
            let mut solver = Solver::<4>::try_new(values.len(), lambda, order).unwrap();
            let together = run_on_arrays(Solve { solver: &mut solver, values: &values, weights: &mut weights }).to_vec();
            for lane in 0..4 {
                let column = |columns: &[[f64; 4]]| columns.iter().map(|point| point[lane]).collect::<Vec<f64>>();
                let options = WhittakerOptions { lambda, difference_order: order };
                let alone = whittaker(&column(&values), Some(&column(&weights)), &options).unwrap();
                prop_assert_eq!(&alone, &column(&together));
                for (value, expected) in alone.iter().zip(slow(&column(&values), &column(&weights), lambda, order)) {
                    prop_assert!((value - expected).abs() < 1e-8, "{} {}", value, expected);
                }
            }
        }

        #[test]
        fn a_line_is_kept(slope in -1.0_f64..1.0, points in 3_usize..60) {
            let line: Vec<f64> = (0..points).map(|point| 0.3 + slope * point as f64).collect();
            let smoothed = whittaker(&line, None, &WhittakerOptions::default()).unwrap();
            prop_assert!(smoothed.iter().zip(&line).all(|(value, line)| (value - line).abs() < 1e-6));
        }
    }

    #[test]
    fn what_cannot_be_solved_is_an_error() {
        let good = WhittakerOptions::default();
        for wrong in [
            WhittakerOptions { lambda: 0.0, ..good },
            WhittakerOptions { lambda: f64::INFINITY, ..good },
            WhittakerOptions { difference_order: 0, ..good },
            WhittakerOptions { difference_order: 4, ..good },
        ] {
            assert!(whittaker(&[1.0; 9], None, &wrong).is_err(), "{wrong:?}");
        }
        assert!(whittaker(&[1.0, f64::NAN, 1.0], None, &good).is_err());
        assert!(whittaker(&[1.0; 3], Some(&[1.0, -1.0, 1.0]), &good).is_err());
        assert!(whittaker(&[1.0; 3], Some(&[0.0; 3]), &good).is_err());
        assert!(whittaker(&[], None, &good).is_err());
        // A point without weight is not read.
        let bridged = whittaker(&[0.0, f64::NAN, 2.0, 3.0], Some(&[1.0, 0.0, 1.0, 1.0]), &good).unwrap();
        assert!((bridged[1] - 1.0).abs() < 1e-6, "{bridged:?}");
    }
}
