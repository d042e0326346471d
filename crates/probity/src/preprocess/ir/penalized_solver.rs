//! The solver of penalized least squares, (W + λ DᵀD) z = W y, for curves side by side.
//!
//! The matrix is factored from both ends towards its middle (a twisted factorization), as LDLᵀ from each. A step waits for
//! the division of the step before it, so that the steps of one end fill the time of the other's.

use std::iter::zip;

use probity_kernels::{Lanes, Numbers};

use crate::error::{Error, Result};

/// The highest order of the differences.
const ORDER_LIMIT: usize = 3;

/// What is done with each point when its curve is found: from behind the middle to the first, then from there to the last.
pub(super) trait AtEachPoint<const L: usize, V> {
    fn at(&mut self, value: &[f64; L], weight: &mut [f64; L], solved: V);
}

/// Nothing.
pub(super) struct Nothing;

impl<const L: usize, V> AtEachPoint<L, V> for Nothing {
    #[inline(always)]
    fn at(&mut self, _: &[f64; L], _: &mut [f64; L], _: V) {}
}

/// Solves the system for curves of one length, `L` side by side; each lane has the bits that it would have alone.
#[derive(Debug)]
pub(super) struct Solver<const L: usize> {
    order: usize,
    /// λ DᵀD: for each point the elements of its row up to the diagonal, that of the diagonal first. Read from the other end
    /// the matrix is the same.
    penalty: Vec<[f64; ORDER_LIMIT + 1]>,
    /// The rows of L below the diagonal, nearest first: as many for each point as the order.
    lower: Vec<[f64; L]>,
    /// First D⁻¹ L⁻¹ W y, at last the curves.
    solution: Vec<[f64; L]>,
}

impl<const L: usize> Solver<L> {
    /// # Errors
    /// `InvalidOption`, as [`whittaker`](super::whittaker()).
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

    /// Finds the curves for some values and weights, both as long as the solver was made for.
    #[inline(always)]
    pub(super) fn solve<V: Lanes<L>>(
        &mut self,
        values: &[[f64; L]],
        weights: &mut [[f64; L]],
        visitor: &mut impl AtEachPoint<L, V>,
    ) {
        match self.order {
            1 => self.solve_of_order::<1, V>(values, weights, visitor),
            2 => self.solve_of_order::<2, V>(values, weights, visitor),
            _ => self.solve_of_order::<3, V>(values, weights, visitor),
        }
    }

    #[inline(always)]
    fn solve_of_order<const D: usize, V: Lanes<L>>(
        &mut self,
        values: &[[f64; L]],
        weights: &mut [[f64; L]],
        visitor: &mut impl AtEachPoint<L, V>,
    ) {
        let rows = self.lower.as_chunks_mut::<D>().0;
        let solution = &mut self.solution[..];
        // As many points are eliminated from each end; D or one more are left in the middle, or all of fewer.
        let points = values.len();
        let end = points.saturating_sub(D) / 2;
        let tail = points - end;

        let (mut down, mut up) = (Elimination::<V, D>::new(), Elimination::<V, D>::new());
        let (head_rows, tail_rows) = rows.split_at_mut(tail);
        let (head_solution, tail_solution) = solution.split_at_mut(tail);
        let heads = zip(zip(head_rows, head_solution), zip(&*weights, values));
        let tails = zip(zip(tail_rows, tail_solution), zip(&weights[tail..], &values[tail..])).rev();
        for (penalty, (from_head, from_tail)) in zip(&self.penalty, zip(heads, tails)) {
            let ((row, solution), (weight, value)) = from_head;
            down.eliminate(&Equation::new(penalty, weight, value)).store(row, solution);
            let ((row, solution), (weight, value)) = from_tail;
            up.eliminate(&Equation::new(penalty, weight, value)).store(row, solution);
        }
        let seam = up.seam(&self.penalty[end..]);
        for point in end..tail {
            let mut equation = Equation::new(&self.penalty[point], &weights[point], &values[point]);
            seam.take_from(&mut equation, tail - 1 - point);
            down.eliminate(&equation).store(&mut rows[point], &mut solution[point]);
        }

        // What is known of the last D points, nearest first; in front of the first there is nothing.
        let mut near = [V::all(0.0); D];
        for point in (0..tail).rev() {
            let mut solved = V::from_array(solution[point]);
            for k in (0..D).rev() {
                if let Some(row) = rows.get(point + k + 1) {
                    solved = solved - V::from_array(row[k]) * near[k];
                }
            }
            solution[point] = solved.to_array();
            visitor.at(&values[point], &mut weights[point], solved);
            near = shifted(near, solved);
        }
        if end == 0 {
            return;
        }
        for (k, row) in seam.rows.iter().enumerate() {
            near[k] = V::from_array(solution[tail - 1 - k]);
            for j in 0..D {
                rows[tail - 1 - k][j] = row[j].to_array();
            }
        }
        for point in tail..points {
            let mut solved = V::from_array(solution[point]);
            for k in (0..D).rev() {
                solved = solved - V::from_array(rows[point - k - 1][k]) * near[k];
            }
            solution[point] = solved.to_array();
            visitor.at(&values[point], &mut weights[point], solved);
            near = shifted(near, solved);
        }
    }
}

/// The last D points with one more.
#[inline(always)]
fn shifted<V: Copy, const D: usize>(mut near: [V; D], nearest: V) -> [V; D] {
    for k in (1..D).rev() {
        near[k] = near[k - 1];
    }
    near[0] = nearest;
    near
}

/// The equation of a point: its row of the matrix from the diagonal on, and the right side.
struct Equation<V, const D: usize> {
    diagonal: V,
    /// Nearest first.
    elements: [V; D],
    right: V,
}

impl<V, const D: usize> Equation<V, D> {
    #[inline(always)]
    fn new<const L: usize>(penalty: &[f64; ORDER_LIMIT + 1], weight: &[f64; L], value: &[f64; L]) -> Self
    where
        V: Lanes<L>,
    {
        let (weight, value) = (V::from_array(*weight), V::from_array(*value));
        let mut elements = [weight; D];
        for k in 0..D {
            elements[k] = V::all(penalty[k + 1]);
        }
        Self { diagonal: V::all(penalty[0]) + weight, elements, right: weight * value }
    }
}

/// The row of L of a point, and D⁻¹ L⁻¹ W y.
struct Eliminated<V, const D: usize> {
    lower: [V; D],
    solution: V,
}

impl<V, const D: usize> Eliminated<V, D> {
    #[inline(always)]
    fn store<const L: usize>(self, row: &mut [[f64; L]; D], solution: &mut [f64; L])
    where
        V: Lanes<L>,
    {
        for (element, lower) in zip(row, self.lower) {
            *element = lower.to_array();
        }
        *solution = self.solution.to_array();
    }
}

/// What an elimination remembers of its last D points, nearest first: the reciprocals of D, the rows of L, and L⁻¹ W y.
struct Elimination<V, const D: usize> {
    inverse: [V; D],
    lower: [[V; D]; D],
    solved: [V; D],
}

impl<V: Numbers, const D: usize> Elimination<V, D> {
    fn new() -> Self {
        let zero = V::all(0.0);
        Self { inverse: [zero; D], lower: [[zero; D]; D], solved: [zero; D] }
    }

    #[inline(always)]
    fn eliminate(&mut self, equation: &Equation<V, D>) -> Eliminated<V, D> {
        let (mut diagonal, mut right) = (equation.diagonal, equation.right);
        // `scaled` is a row of L before it is divided by D.
        let (mut scaled, mut lower) = (equation.elements, equation.elements);
        for k in (0..D).rev() {
            // By their numbers: from slices the compiler makes loops that keep less in registers, a third slower.
            for j in k + 1..D {
                scaled[k] = scaled[k] - scaled[j] * self.lower[k][j - k - 1];
            }
            lower[k] = scaled[k] * self.inverse[k];
            diagonal = diagonal - scaled[k] * lower[k];
            right = right - lower[k] * self.solved[k];
        }
        let inverse = V::all(1.0) / diagonal;
        for k in (1..D).rev() {
            self.inverse[k] = self.inverse[k - 1];
            self.lower[k] = self.lower[k - 1];
            self.solved[k] = self.solved[k - 1];
        }
        (self.inverse[0], self.lower[0], self.solved[0]) = (inverse, lower, right);
        Eliminated { lower, solution: right * inverse }
    }

    /// What is left to the next D points, whose rows of the penalty are given, for the other end to take.
    #[inline(always)]
    fn seam(&self, penalty: &[[f64; ORDER_LIMIT + 1]]) -> Seam<V, D> {
        let zero = V::all(0.0);
        let mut seam = Seam { rows: [[zero; D]; D], elements: [[zero; D]; D], rights: [zero; D] };
        for (place, penalty) in penalty.iter().take(D).enumerate() {
            // Of the points that are eliminated, the nearest first, only so many lie within D of this one.
            let reached = D - place;
            let mut scaled = [zero; D];
            for k in (0..reached).rev() {
                let mut element = V::all(penalty[place + k + 1]);
                for (scaled, lower) in zip(&scaled[k + 1..reached], &self.lower[k]) {
                    element = element - *scaled * *lower;
                }
                scaled[k] = element;
                seam.rows[place][place + k] = scaled[k] * self.inverse[k];
                seam.rights[place] = seam.rights[place] + seam.rows[place][place + k] * self.solved[k];
            }
            for nearer in 0..=place {
                let lower = &seam.rows[nearer][nearer..];
                let taken = zip(&scaled[..reached], lower).map(|(scaled, lower)| *scaled * *lower);
                seam.elements[place][nearer] = taken.fold(zero, |sum, product| sum + product);
            }
        }
        seam
    }
}

/// What the elimination from one end leaves to the D points next to it, nearest first.
struct Seam<V, const D: usize> {
    /// The rows of L: nearest first, those of points that are not eliminated 0.
    rows: [[V; D]; D],
    /// What is taken from the matrix: for two of the points, the nearer second.
    elements: [[V; D]; D],
    /// What is taken from the right side.
    rights: [V; D],
}

impl<V: Numbers, const D: usize> Seam<V, D> {
    /// Takes it from the equation of a point, whose row of the matrix is that of the other end.
    #[inline(always)]
    fn take_from(&self, equation: &mut Equation<V, D>, place: usize) {
        if place >= D {
            return;
        }
        equation.diagonal = equation.diagonal - self.elements[place][place];
        equation.right = equation.right - self.rights[place];
        for k in 0..D - 1 - place {
            equation.elements[k] = equation.elements[k] - self.elements[place + k + 1][place];
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
    use probity_kernels::{LaneWork, run_on_arrays};
    use proptest::prelude::*;

    use super::*;

    /// One solution, and the points in the order in which they were visited.
    struct Solve<'a>(&'a mut Solver<1>, &'a [[f64; 1]], &'a mut [[f64; 1]]);

    /// The value, the weight and the solution of each point.
    #[derive(Default)]
    struct Visited(Vec<[f64; 3]>);

    impl<V: Lanes<1>> AtEachPoint<1, V> for Visited {
        fn at(&mut self, value: &[f64; 1], weight: &mut [f64; 1], solved: V) {
            self.0.push([value[0], weight[0], solved.to_array()[0]]);
        }
    }

    impl LaneWork<1> for Solve<'_> {
        type Output = Visited;

        #[inline(always)]
        fn run<V: Lanes<1>>(self) -> Visited {
            let mut visited = Visited::default();
            self.0.solve::<V>(self.1, self.2, &mut visited);
            visited
        }
    }

    /// λ DᵀD z by differences of differences, which knows nothing of the matrix.
    fn roughness(curve: &[f64], lambda: f64, order: usize) -> Vec<f64> {
        let mut differences = curve.to_vec();
        for _ in 0..order {
            differences = differences.windows(2).map(|pair| pair[1] - pair[0]).collect();
        }
        for _ in 0..order {
            let before = [0.0].into_iter().chain(differences.iter().copied());
            let behind = differences.iter().copied().chain([0.0]);
            differences = before.zip(behind).map(|(before, behind)| before - behind).collect();
        }
        differences.iter().map(|difference| lambda * difference).collect()
    }

    proptest! {
        #[test]
        fn the_solution_solves_the_equations_and_each_point_is_visited_once(
            points in prop::collection::vec((-1.0_f64..1.0, 0.01_f64..1.0), 4..70),
            lambda in 0.1_f64..100.0,
            order in 1_usize..4,
        ) {
            let values: Vec<[f64; 1]> = points.iter().map(|point| [point.0]).collect();
            let mut weights: Vec<[f64; 1]> = points.iter().map(|point| [point.1]).collect();
            let mut solver = Solver::<1>::try_new(points.len(), lambda, order).unwrap();
            let mut visited = run_on_arrays(Solve(&mut solver, &values, &mut weights)).0;
            let curve: Vec<f64> = solver.solution().iter().map(|point| point[0]).collect();
            for ((rough, curve), (value, weight)) in
                roughness(&curve, lambda, order).iter().zip(&curve).zip(&points)
            {
                prop_assert!((rough + weight * (curve - value)).abs() < 1e-9 * lambda.max(1.0));
            }
            let mut expected: Vec<[f64; 3]> =
                points.iter().zip(&curve).map(|(point, curve)| [point.0, point.1, *curve]).collect();
            visited.sort_by(|a, b| a.partial_cmp(b).unwrap());
            expected.sort_by(|a, b| a.partial_cmp(b).unwrap());
            prop_assert_eq!(visited, expected);
        }

        #[test]
        fn points_without_weight_lie_on_the_line_of_the_two_that_have_one(
            points in 2_usize..60,
            places in prop::array::uniform2(any::<prop::sample::Index>()),
        ) {
            let places = places.map(|place| place.index(points));
            prop_assume!(places[0] != places[1]);
            let values: Vec<[f64; 1]> = (0..points).map(|point| [0.25 * point as f64 - 3.0]).collect();
            let mut weights = vec![[0.0]; points];
            places.into_iter().for_each(|place| weights[place] = [1.0]);
            let mut solver = Solver::<1>::try_new(points, 1.0, 2).unwrap();
            run_on_arrays(Solve(&mut solver, &values, &mut weights));
            let pairs = solver.solution().iter().zip(&values);
            for (solved, value) in pairs {
                prop_assert!((solved[0] - value[0]).abs() < 1e-6, "{:?} {:?}", solved, value);
            }
        }

        #[test]
        fn as_many_points_as_the_order_are_kept(order in 1_usize..4, values in prop::array::uniform3(-1.0_f64..1.0)) {
            let values: Vec<[f64; 1]> = values[..order].iter().map(|value| [*value]).collect();
            let mut solver = Solver::<1>::try_new(order, 10.0, order).unwrap();
            run_on_arrays(Solve(&mut solver, &values, &mut vec![[1.0]; order]));
            prop_assert_eq!(solver.solution(), &values[..]);
        }
    }
}
