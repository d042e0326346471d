//! The passes of the baselines of many curves: each solves for the weights of the last and finds those of the next.

use std::array::from_fn;

use probity_kernels::{InstructionSet, Work, run_with};

use super::baseline::{Baseline, BaselineOptions, BaselineWeights};
use super::baseline_weights::{Adaptive, AlgebraicStep, Asymmetric, Logistic, PeakedSignal, WeightsOf};
use super::columns::out_of_range;
use super::lanes::{difference, less_product, lesser, plus_product, product, sum, where_greater};
use super::whittaker::Solver;
use crate::error::Result;
use crate::math;

/// The highest t of airPLS: the exponential of more has too many digits.
const ADAPTIVE_PASSES: usize = 50;
/// The highest t of the improved arPLS.
const STEEPEST_PASS: usize = 100;

/// `L` curves side by side. A lane whose curve has its baseline takes the next curve.
pub(super) struct Passes<'a, const L: usize> {
    options: &'a BaselineOptions,
    solver: Solver<L>,
    values: Vec<[f64; L]>,
    weights: Vec<[f64; L]>,
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
        Ok(Self { options, solver, values: column.clone(), weights: column })
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
        let values: Vec<f64> = self.solver.solution().iter().map(|point| point[lane]).collect();
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
        let Passes { options, solver, values, weights } = self.passes;
        let residuals = Residuals { values, solution: solver.solve(values, weights) };
        match options.weights {
            BaselineWeights::Asymmetric { asymmetry } => {
                let (above, below) = ([asymmetry; L], [1.0 - asymmetry; L]);
                let of = Asymmetric { above, below };
                reweigh(weights, &residuals, &of, [false; L])
            }
            BaselineWeights::AsymmetricallyReweighted => {
                let low = residuals.below_zero();
                let (deviations, means) = low.deviations_and_means();
                let middles = difference(&product(&[2.0; L], &deviations), &means);
                let of = Logistic { slopes: deviations.map(|deviation| 2.0 / deviation), middles };
                reweigh(weights, &residuals, &of, low.are_fewer_than(2))
            }
            BaselineWeights::ImprovedAsymmetricallyReweighted => {
                let low = residuals.below_zero();
                let (deviations, _) = low.deviations_and_means();
                let mut slopes = [0.0; L];
                for (number, lane) in self.lanes.iter().enumerate() {
                    let pass = lane.map_or(0, |lane| lane.passes.min(STEEPEST_PASS));
                    slopes[number] = math::exp(pass as f64) / deviations[number];
                }
                let of = AlgebraicStep { slopes, middles: product(&[2.0; L], &deviations) };
                reweigh(weights, &residuals, &of, low.are_fewer_than(2))
            }
            BaselineWeights::PeakedSignal { asymmetry, scale } => {
                let (above, below) = ([asymmetry; L], [1.0 - asymmetry; L]);
                let of = PeakedSignal { above, below, slopes: [-1.0 / scale; L] };
                reweigh(weights, &residuals, &of, [false; L])
            }
            BaselineWeights::AdaptiveIterativelyReweighted => {
                let low = residuals.below_zero();
                let (mut changes, mut slopes) = ([0.0; L], [0.0; L]);
                for (number, lane) in self.lanes.iter().enumerate() {
                    let Some(lane) = lane else { continue };
                    let sum = -low.sums[number];
                    changes[number] = if sum > 0.0 { sum / lane.whole } else { 0.0 };
                    slopes[number] = -(lane.passes.min(ADAPTIVE_PASSES) as f64) / sum;
                }
                // With fewer weights above 0 there is no single curve.
                let are_empty = low.are_fewer_than(options.difference_order.max(2));
                reweigh(weights, &residuals, &Adaptive { slopes }, are_empty);
                Judged { changes, are_empty }
            }
        }
    }
}

/// d = y − z.
struct Residuals<'a, const L: usize> {
    values: &'a [[f64; L]],
    solution: &'a [[f64; L]],
}

impl<const L: usize> Residuals<'_, L> {
    #[inline(always)]
    fn below_zero(&self) -> Low<L> {
        let (mut counts, mut sums, mut squares) = ([0.0; L], [0.0; L], [0.0; L]);
        for (values, solution) in self.values.iter().zip(self.solution) {
            let low = lesser(&[0.0; L], &difference(values, solution));
            counts = sum(&counts, &where_greater(&[0.0; L], &low, &[1.0; L], &[0.0; L]));
            sums = sum(&sums, &low);
            squares = plus_product(&squares, &low, &low);
        }
        Low { counts, sums, squares }
    }
}

/// The residuals below 0 of each lane: how many, and the sums of them and of their squares.
struct Low<const L: usize> {
    counts: [f64; L],
    sums: [f64; L],
    squares: [f64; L],
}

impl<const L: usize> Low<L> {
    /// Standard deviations, one degree of freedom lost, and means. The squares are summed about 0: a residual's
    /// mean is no more than some deviations, so that few digits cancel.
    #[inline(always)]
    fn deviations_and_means(&self) -> ([f64; L], [f64; L]) {
        let means = from_fn(|lane| self.sums[lane] / self.counts[lane]);
        let squares = less_product(&self.squares, &means, &self.sums);
        let deviation = |lane: usize| {
            let variance: f64 = squares[lane] / (self.counts[lane] - 1.0);
            variance.max(0.0).sqrt().max(f64::MIN_POSITIVE)
        };
        (from_fn(deviation), means)
    }

    fn are_fewer_than(&self, count: usize) -> [bool; L] {
        self.counts.map(|below| below < count as f64)
    }
}

/// Sets the weights of all points; how much they changed relative to what they were, and nothing in empty lanes.
#[inline(always)]
fn reweigh<const L: usize>(
    weights: &mut [[f64; L]],
    residuals: &Residuals<'_, L>,
    rule: &impl WeightsOf<L>,
    are_empty: [bool; L],
) -> Judged<L> {
    let (mut changes, mut squares) = ([0.0; L], [0.0; L]);
    for (weights, (values, solution)) in
        weights.iter_mut().zip(residuals.values.iter().zip(residuals.solution))
    {
        let after = rule.of(&difference(values, solution));
        let change = difference(&after, weights);
        changes = plus_product(&changes, &change, &change);
        squares = plus_product(&squares, weights, weights);
        *weights = after;
    }
    let change = |lane: usize| {
        let relative = changes[lane].sqrt() / squares[lane].sqrt().max(f64::EPSILON);
        if are_empty[lane] { 0.0 } else { relative }
    };
    Judged { changes: from_fn(change), are_empty }
}
