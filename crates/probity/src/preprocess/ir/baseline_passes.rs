//! The passes of the baselines of many curves: each solves for the weights of the last and finds those of the next.

use probity_kernels::{InstructionSet, Work, run_with};

use super::baseline::{Baseline, BaselineOptions, BaselineWeights};
use super::columns::out_of_range;
use super::whittaker::Solver;
use crate::error::Result;
use crate::math::exp_of_each;

/// The highest t of airPLS: the exponential of more has too many digits.
const ADAPTIVE_PASSES: usize = 50;
/// The largest exponent of arPLS. Weights below e⁻³⁰⁰ change nothing, and those below the smallest normal number would
/// take a hundred times as long to compute with.
const LARGEST_EXPONENT: f64 = 300.0;

/// `L` curves side by side. A lane whose curve has its baseline takes the next curve.
pub(super) struct Passes<'a, const L: usize> {
    options: &'a BaselineOptions,
    solver: Solver<L>,
    values: Vec<[f64; L]>,
    weights: Vec<[f64; L]>,
    residuals: Vec<[f64; L]>,
}

/// The curve of a lane, how many passes it has had, and Σ |y|.
#[derive(Clone, Copy)]
struct Lane {
    curve: usize,
    passes: usize,
    whole: f64,
}

/// What one pass found of each lane.
struct Judged<const L: usize> {
    changes: [f64; L],
    /// Where hardly a point is left below the baseline, so that no weights follow.
    are_empty: [bool; L],
}

impl<'a, const L: usize> Passes<'a, L> {
    pub(super) fn try_new(points: usize, options: &'a BaselineOptions) -> Result<Self> {
        let solver = Solver::try_new(points, options.lambda, options.difference_order)?;
        let column = vec![[0.0; L]; points];
        Ok(Self { options, solver, values: column.clone(), weights: column.clone(), residuals: column })
    }

    /// The baselines of curves, in their order.
    pub(super) fn of(&mut self, curves: &[&[f64]], set: InstructionSet) -> Vec<Result<Baseline>> {
        let mut found: Vec<Option<Result<Baseline>>> = curves.iter().map(|_| None).collect();
        let mut waiting = 0..curves.len();
        let mut lanes: [Option<Lane>; L] = [None; L];
        loop {
            for (number, lane) in lanes.iter_mut().enumerate().filter(|(_, lane)| lane.is_none()) {
                *lane = waiting.next().map(|curve| self.load(number, curve, curves[curve]));
            }
            if lanes.iter().all(Option::is_none) {
                break;
            }
            lanes.iter_mut().flatten().for_each(|lane| lane.passes += 1);
            let judged = run_with(set, Pass { passes: self, lanes });
            for (number, lane) in lanes.iter_mut().enumerate() {
                let Some(Lane { curve, passes, .. }) = *lane else { continue };
                let (change, is_empty) = (judged.changes[number], judged.are_empty[number]);
                let converged = change < self.options.tolerance;
                if converged || is_empty || passes > self.options.maximum_passes {
                    // A pass without a judgement is not counted.
                    let passes = passes - usize::from(is_empty);
                    found[curve] = Some(self.baseline(number, passes, change, converged));
                    *lane = None;
                }
            }
        }
        found.into_iter().flatten().collect()
    }

    /// Puts a curve into a lane.
    fn load(&mut self, lane: usize, curve: usize, values: &[f64]) -> Lane {
        for ((to, weight), value) in self.values.iter_mut().zip(&mut self.weights).zip(values) {
            (to[lane], weight[lane]) = (*value, 1.0);
        }
        Lane { curve, passes: 0, whole: values.iter().map(|value| value.abs()).sum() }
    }

    /// The baseline that stands in a lane.
    fn baseline(&self, lane: usize, passes: usize, last_change: f64, converged: bool) -> Result<Baseline> {
        let columns = self.values.iter().zip(&self.residuals);
        let values: Vec<f64> = columns.map(|(values, residuals)| values[lane] - residuals[lane]).collect();
        if values.iter().all(|value| value.is_finite()) {
            Ok(Baseline { values, passes, last_change, converged })
        } else {
            Err(out_of_range("a baseline"))
        }
    }
}

/// One pass of all lanes.
struct Pass<'a, 'b, const L: usize> {
    passes: &'a mut Passes<'b, L>,
    lanes: [Option<Lane>; L],
}

impl<const L: usize> Work for Pass<'_, '_, L> {
    type Output = Judged<L>;

    #[inline(always)]
    fn run(self) -> Judged<L> {
        let Passes { options, solver, values, weights, residuals } = self.passes;
        match options.weights {
            BaselineWeights::Asymmetric { asymmetry } => {
                let mut change = Change::default();
                solver.solve(values, weights, |point, solution, weights| {
                    let residual = difference(&values[point], &solution);
                    residuals[point] = residual;
                    let after = residual.map(|d| if d > 0.0 { asymmetry } else { 1.0 - asymmetry });
                    change.set(weights, after);
                });
                change.judged([false; L])
            }
            BaselineWeights::AsymmetricallyReweighted => {
                let below = solve_below(solver, values, weights, residuals);
                let (deviations, means) = below.deviations_and_means();
                let slopes = deviations.map(|deviation| 2.0 / deviation);
                let mut middles = [0.0; L];
                for lane in 0..L {
                    middles[lane] = 2.0 * deviations[lane] - means[lane];
                }
                reweigh(weights, residuals, below.are_fewer_than(2), |residual| {
                    let mut exponents = [0.0; L];
                    for lane in 0..L {
                        let exponent = slopes[lane] * (residual[lane] - middles[lane]);
                        exponents[lane] = if exponent > LARGEST_EXPONENT { LARGEST_EXPONENT } else { exponent };
                    }
                    exp_of_each(exponents).map(|power| 1.0 / (1.0 + power))
                })
            }
            BaselineWeights::AdaptiveIterativelyReweighted => {
                let below = solve_below(solver, values, weights, residuals);
                let (mut changes, mut exponents) = ([0.0; L], [0.0; L]);
                for (number, lane) in self.lanes.iter().enumerate() {
                    let Some(lane) = lane else { continue };
                    let sum = -below.sums[number];
                    changes[number] = if sum > 0.0 { sum / lane.whole } else { 0.0 };
                    exponents[number] = -(lane.passes.min(ADAPTIVE_PASSES) as f64) / sum;
                }
                // With fewer weights above 0 there is no single curve.
                let are_empty = below.are_fewer_than(options.difference_order.max(2));
                reweigh(weights, residuals, are_empty, |residual| {
                    let mut powers = [0.0; L];
                    for lane in 0..L {
                        powers[lane] = exponents[lane] * residual[lane];
                    }
                    powers = exp_of_each(powers);
                    for lane in 0..L {
                        powers[lane] = if residual[lane] < 0.0 { powers[lane] } else { 0.0 };
                    }
                    powers
                });
                Judged { changes, are_empty }
            }
        }
    }
}

/// y − z.
#[inline(always)]
fn difference<const L: usize>(values: &[f64; L], solution: &[f64; L]) -> [f64; L] {
    let mut residual = [0.0; L];
    for lane in 0..L {
        residual[lane] = values[lane] - solution[lane];
    }
    residual
}

/// Solves, and looks at the residuals below 0.
#[inline(always)]
fn solve_below<const L: usize>(
    solver: &mut Solver<L>,
    values: &[[f64; L]],
    weights: &mut [[f64; L]],
    residuals: &mut [[f64; L]],
) -> Below<L> {
    let mut below = Below { counts: [0.0; L], sums: [0.0; L], squares: [0.0; L] };
    solver.solve(values, weights, |point, solution, _| {
        let residual = difference(&values[point], &solution);
        residuals[point] = residual;
        below.add(residual);
    });
    below
}

/// The residuals below 0 of each lane: how many, and the sums of them and of their squares.
struct Below<const L: usize> {
    counts: [f64; L],
    sums: [f64; L],
    squares: [f64; L],
}

impl<const L: usize> Below<L> {
    #[inline(always)]
    fn add(&mut self, residual: [f64; L]) {
        for lane in 0..L {
            let is_below = residual[lane] < 0.0;
            let low = if is_below { residual[lane] } else { 0.0 };
            self.counts[lane] += if is_below { 1.0 } else { 0.0 };
            self.sums[lane] += low;
            self.squares[lane] += low * low;
        }
    }

    /// Standard deviations, one degree of freedom lost, and means. The squares are summed about 0: a residual's
    /// mean is no more than some deviations, so that few digits cancel.
    #[inline(always)]
    fn deviations_and_means(&self) -> ([f64; L], [f64; L]) {
        let (mut deviations, mut means) = ([0.0; L], [0.0; L]);
        for lane in 0..L {
            let count = self.counts[lane];
            means[lane] = self.sums[lane] / count;
            let variance = (self.squares[lane] - means[lane] * self.sums[lane]) / (count - 1.0);
            deviations[lane] = variance.max(0.0).sqrt().max(f64::MIN_POSITIVE);
        }
        (deviations, means)
    }

    #[inline(always)]
    fn are_fewer_than(&self, count: usize) -> [bool; L] {
        self.counts.map(|below| below < count as f64)
    }
}

/// Sets the weights of all points from their residuals.
#[inline(always)]
fn reweigh<const L: usize>(
    weights: &mut [[f64; L]],
    residuals: &[[f64; L]],
    are_empty: [bool; L],
    of: impl Fn(&[f64; L]) -> [f64; L],
) -> Judged<L> {
    let mut change = Change::default();
    for (weights, residual) in weights.iter_mut().zip(residuals) {
        change.set(weights, of(residual));
    }
    change.judged(are_empty)
}

/// Σ (after − before)² and Σ before² of the weights.
struct Change<const L: usize> {
    differences: [f64; L],
    squares: [f64; L],
}

impl<const L: usize> Default for Change<L> {
    #[inline(always)]
    fn default() -> Self {
        Self { differences: [0.0; L], squares: [0.0; L] }
    }
}

impl<const L: usize> Change<L> {
    #[inline(always)]
    fn set(&mut self, weights: &mut [f64; L], after: [f64; L]) {
        for lane in 0..L {
            let before = weights[lane];
            let difference = after[lane] - before;
            self.differences[lane] += difference * difference;
            self.squares[lane] += before * before;
        }
        *weights = after;
    }

    /// How much the weights changed relative to what they were; nothing where there are none.
    #[inline(always)]
    fn judged(&self, are_empty: [bool; L]) -> Judged<L> {
        let mut changes = [0.0; L];
        for lane in 0..L {
            let change = self.differences[lane].sqrt() / self.squares[lane].sqrt().max(f64::EPSILON);
            changes[lane] = if are_empty[lane] { 0.0 } else { change };
        }
        Judged { changes, are_empty }
    }
}
