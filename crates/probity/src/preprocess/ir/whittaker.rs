//! Penalized least squares: the curve z that minimizes Σ w (y − z)² + λ Σ (Δᵈ z)² (Eilers, Anal. Chem. 2003, 75,
//! 3631), as the solution of (W + λ DᵀD) z = W y. The matrix has 2 d + 1 diagonals, so that its LDLᵀ factors take
//! time in proportion to the points.

use serde::{Deserialize, Serialize};

use super::columns::{check_column, out_of_range};
use super::lanes::{less_product, product, reciprocal, sum};
use crate::error::{Error, Result};

/// The highest order of the differences.
pub(super) const ORDER_LIMIT: usize = 3;

/// Curves that are solved side by side: the recurrence of one waits for its own last step.
pub(super) const LANES: usize = 8;

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
    let weights: Vec<[f64; 1]> = weights.iter().map(|&weight| [weight]).collect();
    let smoothed: Vec<f64> = solver.solve(&values, &weights).iter().map(|&[value]| value).collect();
    if smoothed.iter().all(|value| value.is_finite()) { Ok(smoothed) } else { Err(out_of_range("smoothing")) }
}

/// Solves the system for curves of one length, `L` side by side; each lane has the bits that it would have alone.
#[derive(Debug)]
pub(super) struct Solver<const L: usize> {
    order: usize,
    /// λ DᵀD: for each point the elements of its row up to the diagonal, that of the diagonal first.
    penalty: Vec<[f64; ORDER_LIMIT + 1]>,
    /// The rows of L below the diagonal, nearest first: as many for each point as the order.
    lower: Vec<[f64; L]>,
    /// First D⁻¹ L⁻¹ W y, at last the curves.
    solution: Vec<[f64; L]>,
}

impl<const L: usize> Solver<L> {
    /// # Errors
    /// `InvalidOption`, as [`whittaker`].
    pub(super) fn try_new(points: usize, lambda: f64, order: usize) -> Result<Self> {
        if !(lambda > 0.0 && lambda.is_finite()) {
            return Err(Error::invalid_option(format!(
                "a penalty λ is a finite number above 0, not {lambda}"
            )));
        }
        if !(1..=ORDER_LIMIT).contains(&order) {
            let message = format!("the order of the differences is 1 to {ORDER_LIMIT}, not {order}");
            return Err(Error::invalid_option(message));
        }
        Ok(Self {
            order,
            penalty: penalty(points, lambda, order),
            lower: vec![[0.0; L]; points * order],
            solution: vec![[0.0; L]; points],
        })
    }

    /// The curves that were found last.
    pub(super) fn solution(&self) -> &[[f64; L]] {
        &self.solution
    }

    /// The curves for some values and weights, both as long as the solver was made for.
    #[inline(always)]
    pub(super) fn solve(&mut self, values: &[[f64; L]], weights: &[[f64; L]]) -> &[[f64; L]] {
        match self.order {
            1 => self.solve_of_order::<1>(values, weights),
            2 => self.solve_of_order::<2>(values, weights),
            _ => self.solve_of_order::<3>(values, weights),
        }
        &self.solution
    }

    /// Each step is done for all lanes before the next, which is what the compiler vectorizes.
    #[inline(always)]
    fn solve_of_order<const D: usize>(&mut self, values: &[[f64; L]], weights: &[[f64; L]]) {
        let rows = self.lower.as_chunks_mut::<D>().0;
        // Of the last D points, nearest first: the reciprocals of D, the rows of L, and L⁻¹ W y.
        let mut inverse_before = [[0.0; L]; D];
        let mut lower_before = [[[0.0; L]; D]; D];
        let mut solved_before = [[0.0; L]; D];
        let columns = rows.iter_mut().zip(&mut self.solution).zip(&self.penalty);
        for (((row, solution), penalty), (weight, value)) in columns.zip(weights.iter().zip(values)) {
            // `scaled` is a row of L before it is divided by D, the farthest first.
            let (mut scaled, mut lower) = ([[0.0; L]; D], [[0.0; L]; D]);
            let mut diagonal = sum(&[penalty[0]; L], weight);
            let mut right = product(weight, value);
            for k in (0..D).rev() {
                let mut element = [penalty[k + 1]; L];
                for j in k + 1..D {
                    element = less_product(&element, &scaled[j], &lower_before[k][j - k - 1]);
                }
                scaled[k] = element;
                lower[k] = product(&element, &inverse_before[k]);
                diagonal = less_product(&diagonal, &element, &lower[k]);
                right = less_product(&right, &lower[k], &solved_before[k]);
            }
            let inverse = reciprocal(&diagonal);
            *solution = product(&right, &inverse);
            *row = lower;
            for k in (1..D).rev() {
                inverse_before[k] = inverse_before[k - 1];
                lower_before[k] = lower_before[k - 1];
                solved_before[k] = solved_before[k - 1];
            }
            (inverse_before[0], lower_before[0], solved_before[0]) = (inverse, lower, right);
        }
        // The curve at the last D points, nearest first, and their rows of L.
        let mut solved_behind = [[0.0; L]; D];
        let mut rows_behind = [[[0.0; L]; D]; D];
        for (row, solution) in rows.iter().zip(&mut self.solution).rev() {
            let mut solved = *solution;
            for k in (0..D).rev() {
                solved = less_product(&solved, &rows_behind[k][k], &solved_behind[k]);
            }
            *solution = solved;
            for k in (1..D).rev() {
                solved_behind[k] = solved_behind[k - 1];
                rows_behind[k] = rows_behind[k - 1];
            }
            (solved_behind[0], rows_behind[0]) = (solved, *row);
        }
    }
}

/// λ DᵀD: for each point the elements of its row from the diagonal to the left.
fn penalty(points: usize, lambda: f64, order: usize) -> Vec<[f64; ORDER_LIMIT + 1]> {
    let mut difference = vec![1.0];
    for _ in 0..order {
        let shifted = std::iter::once(0.0).chain(difference.iter().copied());
        let kept = difference.iter().copied().chain([0.0]);
        difference = shifted.zip(kept).map(|(before, here)| here - before).collect();
    }
    let mut rows = vec![[0.0; ORDER_LIMIT + 1]; points];
    for first in 0..points.saturating_sub(order) {
        for (one, weight) in difference.iter().enumerate() {
            for (other, other_weight) in difference[..=one].iter().enumerate() {
                rows[first + one][one - other] += lambda * weight * other_weight;
            }
        }
    }
    rows
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
            let weights: Vec<[f64; 4]> = curves.iter().map(|point| point.map(|pair| pair.1)).collect();
            let mut solver = Solver::<4>::try_new(values.len(), lambda, order).unwrap();
            let together = solver.solve(&values, &weights).to_vec();
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
