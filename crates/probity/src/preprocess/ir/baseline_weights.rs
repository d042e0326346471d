//! How the weights of a baseline's next pass follow from the residuals of the last.

use std::array::from_fn;

use super::lanes::{difference, exp, greater, lesser, plus_product, product, reciprocal, sum, where_greater};

/// Where its weights have long reached 0 or 1.
const FARTHEST: f64 = 1e100;
/// The largest exponent of arPLS and psalsa. Weights below e⁻³⁰⁰ change nothing, and those below the smallest normal number would
/// take a hundred times as long to compute with.
const LARGEST_EXPONENT: f64 = 300.0;

/// How weights follow from residuals.
pub(super) trait WeightsOf<const L: usize> {
    fn of(&self, residuals: &[f64; L]) -> [f64; L];
}

/// One weight above the baseline, one on and below it.
pub(super) struct Asymmetric<const L: usize> {
    pub(super) above: [f64; L],
    pub(super) below: [f64; L],
}

impl<const L: usize> WeightsOf<L> for Asymmetric<L> {
    #[inline(always)]
    fn of(&self, residuals: &[f64; L]) -> [f64; L] {
        where_greater(residuals, &[0.0; L], &self.above, &self.below)
    }
}

/// 1 / (1 + exp(slope · (d − middle))).
pub(super) struct Logistic<const L: usize> {
    pub(super) slopes: [f64; L],
    pub(super) middles: [f64; L],
}

impl<const L: usize> WeightsOf<L> for Logistic<L> {
    #[inline(always)]
    fn of(&self, residuals: &[f64; L]) -> [f64; L] {
        let exponents = product(&self.slopes, &difference(residuals, &self.middles));
        let power = exp(&lesser(&exponents, &[LARGEST_EXPONENT; L]));
        reciprocal(&sum(&[1.0; L], &power))
    }
}

/// (1 − x / √(1 + x²)) / 2, x = slope · (d − middle).
pub(super) struct AlgebraicStep<const L: usize> {
    pub(super) slopes: [f64; L],
    pub(super) middles: [f64; L],
}

impl<const L: usize> WeightsOf<L> for AlgebraicStep<L> {
    #[inline(always)]
    fn of(&self, residuals: &[f64; L]) -> [f64; L] {
        let x = product(&self.slopes, &difference(residuals, &self.middles));
        // Farther out the step has reached its ends, and squares would leave the range of numbers.
        let x = greater(&lesser(&x, &[FARTHEST; L]), &[-FARTHEST; L]);
        let length = plus_product(&[1.0; L], &x, &x).map(f64::sqrt);
        from_fn(|lane| 0.5 * (1.0 - x[lane] / length[lane]))
    }
}

/// One weight times exp(slope · d) above the baseline, another on and below it.
pub(super) struct PeakedSignal<const L: usize> {
    pub(super) above: [f64; L],
    pub(super) below: [f64; L],
    pub(super) slopes: [f64; L],
}

impl<const L: usize> WeightsOf<L> for PeakedSignal<L> {
    #[inline(always)]
    fn of(&self, residuals: &[f64; L]) -> [f64; L] {
        let exponents = greater(&product(&self.slopes, residuals), &[-LARGEST_EXPONENT; L]);
        let screened = product(&self.above, &exp(&exponents));
        where_greater(residuals, &[0.0; L], &screened, &self.below)
    }
}

/// exp(slope · d) below 0, else 0.
pub(super) struct Adaptive<const L: usize> {
    pub(super) slopes: [f64; L],
}

impl<const L: usize> WeightsOf<L> for Adaptive<L> {
    #[inline(always)]
    fn of(&self, residuals: &[f64; L]) -> [f64; L] {
        let power = exp(&product(&self.slopes, residuals));
        where_greater(&[0.0; L], residuals, &power, &[0.0; L])
    }
}
