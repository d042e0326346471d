//! The passes of the baselines of many curves: each solves for the weights of the last and finds those of the next.

use std::array::from_fn;
use std::f64::consts::LOG2_E;

use probity_kernels::{
    InstructionSet, LaneWork, Lanes, Numbers, WIDE_LANES, run_on_arrays, run_on_wide_lanes,
};

use super::baseline::{Baseline, BaselineOptions, BaselineWeights};
use super::baseline_weights::{Adaptive, AlgebraicStep, Asymmetric, Logistic, PeakedSignal, WeightsOf};
use super::columns::{are_finite, out_of_range};
use super::penalized_solver::{AtEachPoint, Solver};
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

/// The curve of a lane, how many passes it has had, and Σ |y|, no number where the weights do not ask for it.
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

impl Passes<'_, WIDE_LANES> {
    /// The baselines of curves, in their order.
    pub(super) fn on_wide_lanes(&mut self, curves: &[&[f64]], set: InstructionSet) -> Vec<Result<Baseline>> {
        self.each(curves, |pass| run_on_wide_lanes(set, pass))
    }
}

impl<'a, const L: usize> Passes<'a, L> {
    pub(super) fn try_new(points: usize, options: &'a BaselineOptions) -> Result<Self> {
        let solver = Solver::try_new(points, options.lambda, options.difference_order)?;
        let column = vec![[0.0; L]; points];
        Ok(Self { options, solver, values: column.clone(), weights: column })
    }

    /// The baselines of curves, in their order, with the instructions that every processor has.
    pub(super) fn on_arrays(&mut self, curves: &[&[f64]]) -> Vec<Result<Baseline>> {
        self.each(curves, |pass| run_on_arrays(pass))
    }

    fn each(
        &mut self,
        curves: &[&[f64]],
        run: impl Fn(Pass<'_, 'a, L>) -> Judged<L>,
    ) -> Vec<Result<Baseline>> {
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
            let judged = run(Pass { passes: self, lanes });
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
        let whole = match self.options.weights {
            BaselineWeights::AdaptiveIterativelyReweighted => values.iter().map(|value| value.abs()).sum(),
            _ => f64::NAN,
        };
        Lane { curve, passes: 0, whole }
    }

    /// The baseline that stands in a lane.
    fn baseline(&self, lane: usize, passes: usize, last_change: f64, converged: bool) -> Result<Baseline> {
        let values: Vec<f64> = self.solver.solution().iter().map(|point| point[lane]).collect();
        if are_finite(&values) {
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

impl<const L: usize> LaneWork<L> for Pass<'_, '_, L> {
    type Output = Judged<L>;

    #[inline(always)]
    fn run<V: Lanes<L>>(self) -> Judged<L> {
        let Passes { options, solver, values, weights } = self.passes;
        match options.weights {
            BaselineWeights::Asymmetric { asymmetry } => {
                let rule = Asymmetric { above: V::all(asymmetry), below: V::all(1.0 - asymmetry) };
                let mut reweighing = Reweighing::<V, _>::by(rule);
                solver.solve(values, weights, &mut reweighing);
                reweighing.judged([false; L])
            }
            BaselineWeights::PeakedSignal { asymmetry, scale } => {
                let (above, below) = (V::all(asymmetry), V::all(1.0 - asymmetry));
                let rule = PeakedSignal { above, below, slopes: V::all(-LOG2_E / scale) };
                let mut reweighing = Reweighing::<V, _>::by(rule);
                solver.solve(values, weights, &mut reweighing);
                reweighing.judged([false; L])
            }
            BaselineWeights::AsymmetricallyReweighted => {
                let low = LowResiduals::<V>::of(solver, values, weights);
                let (deviations, means) = low.deviations_and_means();
                let middles = V::all(2.0) * V::from_array(deviations) - V::from_array(means);
                let slopes = V::all(2.0 * LOG2_E) / V::from_array(deviations);
                let mut reweighing = Reweighing::by(Logistic { slopes, middles });
                reweighing.at_all(values, weights, solver.solution());
                reweighing.judged(low.are_fewer_than(2))
            }
            BaselineWeights::ImprovedAsymmetricallyReweighted => {
                let low = LowResiduals::<V>::of(solver, values, weights);
                let (deviations, _) = low.deviations_and_means();
                let mut slopes = [0.0; L];
                for (number, lane) in self.lanes.iter().enumerate() {
                    let pass = lane.map_or(0, |lane| lane.passes.min(STEEPEST_PASS));
                    slopes[number] = math::exp(pass as f64) / deviations[number];
                }
                let middles = V::all(2.0) * V::from_array(deviations);
                let mut reweighing = Reweighing::by(AlgebraicStep { slopes: V::from_array(slopes), middles });
                reweighing.at_all(values, weights, solver.solution());
                reweighing.judged(low.are_fewer_than(2))
            }
            BaselineWeights::AdaptiveIterativelyReweighted => {
                let low = LowResiduals::<V>::of(solver, values, weights);
                let (mut changes, mut slopes) = ([0.0; L], [0.0; L]);
                let sums = low.sums.to_array();
                for (number, lane) in self.lanes.iter().enumerate() {
                    let Some(lane) = lane else { continue };
                    let sum = -sums[number];
                    changes[number] = if sum > 0.0 { sum / lane.whole } else { 0.0 };
                    slopes[number] = -LOG2_E * lane.passes.min(ADAPTIVE_PASSES) as f64 / sum;
                }
                let mut reweighing = Reweighing::by(Adaptive { slopes: V::from_array(slopes) });
                reweighing.at_all(values, weights, solver.solution());
                // With fewer weights above 0 there is no single curve.
                let are_empty = low.are_fewer_than(options.difference_order.max(2));
                Judged { changes, are_empty }
            }
        }
    }
}

/// The residuals d = y − z below 0 of each lane: how many, and the sums of them and of their squares.
struct LowResiduals<V> {
    counts: V,
    sums: V,
    squares: V,
}

impl<const L: usize, V: Lanes<L>> AtEachPoint<L, V> for LowResiduals<V> {
    #[inline(always)]
    fn at(&mut self, value: &[f64; L], _: &mut [f64; L], solved: V) {
        let zero = V::all(0.0);
        let low = zero.lesser(V::from_array(*value) - solved);
        self.counts = self.counts + zero.where_above(low, V::all(1.0), zero);
        self.sums = self.sums + low;
        self.squares = self.squares + low * low;
    }
}

impl<V: Numbers> LowResiduals<V> {
    /// Those of the curves that are found now.
    #[inline(always)]
    fn of<const L: usize>(solver: &mut Solver<L>, values: &[[f64; L]], weights: &mut [[f64; L]]) -> Self
    where
        V: Lanes<L>,
    {
        let zero = V::all(0.0);
        let mut low = Self { counts: zero, sums: zero, squares: zero };
        solver.solve(values, weights, &mut low);
        low
    }

    /// Standard deviations, one degree of freedom lost, and means. The squares are summed about 0: a residual's
    /// mean is no more than some deviations, so that few digits cancel.
    #[inline(always)]
    fn deviations_and_means<const L: usize>(&self) -> ([f64; L], [f64; L])
    where
        V: Lanes<L>,
    {
        let (counts, sums, squares) = (self.counts.to_array(), self.sums.to_array(), self.squares.to_array());
        let means: [f64; L] = from_fn(|lane| sums[lane] / counts[lane]);
        let deviation = |lane: usize| {
            let variance: f64 = (squares[lane] - means[lane] * sums[lane]) / (counts[lane] - 1.0);
            variance.max(0.0).sqrt().max(f64::MIN_POSITIVE)
        };
        (from_fn(deviation), means)
    }

    #[inline(always)]
    fn are_fewer_than<const L: usize>(&self, count: usize) -> [bool; L]
    where
        V: Lanes<L>,
    {
        self.counts.to_array().map(|below| below < count as f64)
    }
}

/// Sets weights, and sums how much they change.
struct Reweighing<V, R> {
    rule: R,
    changes: V,
    squares: V,
}

impl<const L: usize, V: Lanes<L>, R: WeightsOf<V>> AtEachPoint<L, V> for Reweighing<V, R> {
    #[inline(always)]
    fn at(&mut self, value: &[f64; L], weight: &mut [f64; L], solved: V) {
        let before = V::from_array(*weight);
        let after = self.rule.of(V::from_array(*value) - solved);
        let change = after - before;
        self.changes = self.changes + change * change;
        self.squares = self.squares + before * before;
        *weight = after.to_array();
    }
}

impl<V: Numbers, R: WeightsOf<V>> Reweighing<V, R> {
    #[inline(always)]
    fn by(rule: R) -> Self {
        Self { rule, changes: V::all(0.0), squares: V::all(0.0) }
    }

    #[inline(always)]
    fn at_all<const L: usize>(&mut self, values: &[[f64; L]], weights: &mut [[f64; L]], solution: &[[f64; L]])
    where
        V: Lanes<L>,
    {
        for (weight, (value, solved)) in weights.iter_mut().zip(values.iter().zip(solution)) {
            self.at(value, weight, V::from_array(*solved));
        }
    }

    /// How much the weights changed relative to what they were; nothing in empty lanes.
    #[inline(always)]
    fn judged<const L: usize>(&self, are_empty: [bool; L]) -> Judged<L>
    where
        V: Lanes<L>,
    {
        let (changes, squares) = (self.changes.to_array(), self.squares.to_array());
        let change = |lane: usize| {
            let relative = changes[lane].sqrt() / squares[lane].sqrt().max(f64::EPSILON);
            if are_empty[lane] { 0.0 } else { relative }
        };
        Judged { changes: from_fn(change), are_empty }
    }
}
