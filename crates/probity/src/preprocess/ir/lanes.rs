//! Arithmetic on several numbers side by side: what is the same for all that compute so.

use std::array::from_fn;

use probity_kernels::Numbers;

/// a + b · c in each lane: one step for all lanes, which the compiler turns into instructions on registers as wide as those
/// of the code that it is inlined into.
#[inline(always)]
pub(super) fn plus_product<const L: usize>(a: &[f64; L], b: &[f64; L], c: &[f64; L]) -> [f64; L] {
    from_fn(|lane| a[lane] + b[lane] * c[lane])
}

/// f (2ᶠ + 1) / (2ᶠ − 1) for |f| ≤ 1/2 as a polynomial of f², lowest power first. It is the one of its degree from which
/// 2ᶠ follows with the least greatest relative error (Remez's exchange in 50 digits): 6.8·10⁻¹⁸ with these digits, so that
/// only roundings count. One degree less would leave 1.9·10⁻¹⁶, and 3.3 units in the last place were seen.
const HALF_ANGLE: [f64; 6] = [
    2.885_390_081_777_926_8,
    0.115_524_530_093_322_6,
    -0.000_925_068_477_695_361_2,
    1.058_218_829_653_939_3e-5,
    -1.271_013_887_135_754e-7,
    1.526_984_987_398_239_6e-9,
];

/// 2 to the power of each lane, as numerator and denominator, from 2 to 4: it mostly goes into a quotient, and then takes no
/// division of its own. The powers are first brought within limits from −1,000 to 1,000. The nearest whole number goes to the
/// exponent; what is left is exact, and 2ᶠ = (a + f) / (a − f) with the polynomial a. The error of the quotient is at most
/// 3 units in the last place (tested against [`math::pow`](crate::math::pow)). NaN stays NaN.
#[inline(always)]
pub(super) fn power_of_two<V: Numbers>(x: V, [least, most]: [f64; 2]) -> [V; 2] {
    // Adding it rounds to a whole number, which then stands in the lowest bits.
    const WHOLE: f64 = 6_755_399_441_055_744.0;
    let x = x.lesser(V::all(most)).greater(V::all(least));
    let shifted = x + V::all(WHOLE);
    let rest = x - (shifted - V::all(WHOLE));
    let square = rest * rest;
    let fourth = square * square;
    // In pairs, so that few steps wait for others.
    let low = V::all(HALF_ANGLE[0]) + V::all(HALF_ANGLE[1]) * square;
    let middle = V::all(HALF_ANGLE[2]) + V::all(HALF_ANGLE[3]) * square;
    let high = V::all(HALF_ANGLE[4]) + V::all(HALF_ANGLE[5]) * square;
    let polynomial = low + (middle + high * fourth) * fourth;
    [(polynomial + rest).raised_by_low_bits(shifted), polynomial - rest]
}

#[cfg(test)]
mod tests {
    use probity_kernels::{InstructionSet, LaneWork, Lanes, run_on_arrays, run_on_wide_lanes};
    use proptest::prelude::*;

    use super::*;
    use crate::math;

    /// 2 to the power of some numbers, brought within limits.
    struct Powers<const L: usize>([f64; L], [f64; 2]);

    impl<const L: usize> LaneWork<L> for Powers<L> {
        type Output = [f64; L];

        #[inline(always)]
        fn run<V: Lanes<L>>(self) -> [f64; L] {
            let [numerator, denominator] = power_of_two(V::from_array(self.0), self.1);
            (numerator / denominator).to_array()
        }
    }

    fn of(x: f64) -> f64 {
        run_on_arrays(Powers([x], [-1_000.0, 1_000.0]))[0]
    }

    #[test]
    fn the_power_of_two_is_that_of_one_within_three_units() {
        for number in -100_000..=100_000 {
            let x = f64::from(number) * 0.009_999_3;
            let (lane, one) = (of(x), math::pow(2.0, x));
            assert!(lane.to_bits().abs_diff(one.to_bits()) <= 3, "2^{x}: {lane} and {one}");
        }
        for whole in -1_000..=1_000 {
            assert_eq!(of(f64::from(whole)), math::pow(2.0, f64::from(whole)));
        }
        assert_eq!([of(-0.0), of(1e300), of(f64::INFINITY)], [1.0, of(1_000.0), of(1_000.0)]);
        assert_eq!([of(-1e300), of(f64::NEG_INFINITY)], [of(-1_000.0); 2]);
        assert!(of(f64::NAN).is_nan());
        assert_eq!(run_on_arrays(Powers([-7.0, 3.0, 7.0], [-2.0, 5.0])), [0.25, 8.0, 32.0]);
    }

    proptest! {
        #[test]
        fn wide_lanes_have_the_bits_of_one(x in prop::array::uniform8(-1_100.0_f64..1_100.0)) {
            for set in [InstructionSet::Portable, InstructionSet::Avx2] {
                let wide = run_on_wide_lanes(set, Powers(x, [-1_000.0, 1_000.0]));
                prop_assert_eq!(wide, x.map(of), "{}", set);
            }
        }
    }
}
