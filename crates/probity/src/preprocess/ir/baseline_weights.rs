//! How the weights of a baseline's next pass follow from the residuals of the last.

use probity_kernels::Numbers;

use super::lanes::power_of_two;

/// Where its weights have long reached 0 or 1.
const FARTHEST: f64 = 1e100;
/// The largest exponent of 2. Weights below 2⁻⁴³² change nothing, and those below the smallest normal number would take a
/// hundred times as long to compute with.
const LARGEST_EXPONENT: f64 = 432.0;

/// How weights follow from residuals.
pub(super) trait WeightsOf<V> {
    fn of(&self, residuals: V) -> V;
}

/// One weight above the baseline, one on and below it.
pub(super) struct Asymmetric<V> {
    pub(super) above: V,
    pub(super) below: V,
}

impl<V: Numbers> WeightsOf<V> for Asymmetric<V> {
    #[inline(always)]
    fn of(&self, residuals: V) -> V {
        residuals.where_above(V::all(0.0), self.above, self.below)
    }
}

/// 1 / (1 + 2 to the power of slope · (d − middle)).
pub(super) struct Logistic<V> {
    pub(super) slopes: V,
    pub(super) middles: V,
}

impl<V: Numbers> WeightsOf<V> for Logistic<V> {
    #[inline(always)]
    fn of(&self, residuals: V) -> V {
        let exponents = self.slopes * (residuals - self.middles);
        let [numerator, denominator] = power_of_two(exponents, [-LARGEST_EXPONENT, LARGEST_EXPONENT]);
        denominator / (denominator + numerator)
    }
}

/// (1 − x / √(1 + x²)) / 2, x = slope · (d − middle).
pub(super) struct AlgebraicStep<V> {
    pub(super) slopes: V,
    pub(super) middles: V,
}

impl<V: Numbers> WeightsOf<V> for AlgebraicStep<V> {
    #[inline(always)]
    fn of(&self, residuals: V) -> V {
        let x = self.slopes * (residuals - self.middles);
        // Farther out the step has reached its ends, and squares would leave the range of numbers.
        let x = x.lesser(V::all(FARTHEST)).greater(V::all(-FARTHEST));
        let length = (V::all(1.0) + x * x).square_root();
        V::all(0.5) * (V::all(1.0) - x / length)
    }
}

/// One weight times 2 to the power of slope · d above the baseline, another on and below it.
pub(super) struct PeakedSignal<V> {
    pub(super) above: V,
    pub(super) below: V,
    pub(super) slopes: V,
}

impl<V: Numbers> WeightsOf<V> for PeakedSignal<V> {
    #[inline(always)]
    fn of(&self, residuals: V) -> V {
        let [numerator, denominator] = power_of_two(self.slopes * residuals, [-LARGEST_EXPONENT, 0.0]);
        let screened = self.above * numerator / denominator;
        residuals.where_above(V::all(0.0), screened, self.below)
    }
}

/// 2 to the power of slope · d below 0, else 0.
pub(super) struct Adaptive<V> {
    pub(super) slopes: V,
}

impl<V: Numbers> WeightsOf<V> for Adaptive<V> {
    #[inline(always)]
    fn of(&self, residuals: V) -> V {
        let [numerator, denominator] = power_of_two(self.slopes * residuals, [0.0, LARGEST_EXPONENT]);
        let zero = V::all(0.0);
        zero.where_above(residuals, numerator / denominator, zero)
    }
}

#[cfg(test)]
mod tests {
    use probity_kernels::{InstructionSet, LaneWork, Lanes, WIDE_LANES, run_on_wide_lanes};
    use proptest::prelude::*;

    use super::*;
    use crate::math;

    /// Logistic weights of some residuals: slope, middle, residuals.
    struct Weights(f64, f64, [f64; WIDE_LANES]);

    impl LaneWork<WIDE_LANES> for Weights {
        type Output = [f64; WIDE_LANES];

        #[inline(always)]
        fn run<V: Lanes<WIDE_LANES>>(self) -> [f64; WIDE_LANES] {
            let rule = Logistic { slopes: V::all(self.0), middles: V::all(self.1) };
            rule.of(V::from_array(self.2)).to_array()
        }
    }

    proptest! {
        #[test]
        fn logistic_weights_are_those_of_the_definition(
            residuals in prop::array::uniform8(-50.0_f64..100.0),
            middle in -1.0_f64..1.0,
            deviation in 0.4_f64..4.0,
        ) {
            let slope = 2.0 * std::f64::consts::LOG2_E / deviation;
            for set in [InstructionSet::Portable, InstructionSet::Avx2] {
                let found = run_on_wide_lanes(set, Weights(slope, middle, residuals));
                for (found, residual) in found.into_iter().zip(residuals) {
                    let exponent = 2.0 * (residual - middle) / deviation;
                    let plain = 1.0 / (1.0 + math::exp(exponent));
                    if exponent < 299.0 {
                        // Three roundings of the exponent and some of the power, the sum and the quotient.
                        let error = (3.0 * exponent.abs() + 12.0) * f64::EPSILON;
                        prop_assert!((found - plain).abs() <= error * plain, "{} {} {}", exponent, found, plain);
                    } else {
                        prop_assert!(found > 0.0 && found < 1e-128, "{} {}", exponent, found);
                    }
                }
            }
        }
    }
}
