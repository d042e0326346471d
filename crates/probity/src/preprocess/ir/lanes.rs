//! Arithmetic on several numbers side by side. Each function does one step for all lanes, which the compiler turns into
//! instructions on registers as wide as those of the code that it is inlined into.

use std::array::from_fn;

/// a + b in each lane.
#[inline(always)]
pub(super) fn sum<const L: usize>(a: &[f64; L], b: &[f64; L]) -> [f64; L] {
    from_fn(|lane| a[lane] + b[lane])
}

/// a − b in each lane.
#[inline(always)]
pub(super) fn difference<const L: usize>(a: &[f64; L], b: &[f64; L]) -> [f64; L] {
    from_fn(|lane| a[lane] - b[lane])
}

/// a · b in each lane.
#[inline(always)]
pub(super) fn product<const L: usize>(a: &[f64; L], b: &[f64; L]) -> [f64; L] {
    from_fn(|lane| a[lane] * b[lane])
}

/// a − b · c in each lane.
#[inline(always)]
pub(super) fn less_product<const L: usize>(a: &[f64; L], b: &[f64; L], c: &[f64; L]) -> [f64; L] {
    from_fn(|lane| a[lane] - b[lane] * c[lane])
}

/// 1 / a in each lane.
#[inline(always)]
pub(super) fn reciprocal<const L: usize>(a: &[f64; L]) -> [f64; L] {
    from_fn(|lane| 1.0 / a[lane])
}

/// a + b · c in each lane.
#[inline(always)]
pub(super) fn plus_product<const L: usize>(a: &[f64; L], b: &[f64; L], c: &[f64; L]) -> [f64; L] {
    from_fn(|lane| a[lane] + b[lane] * c[lane])
}

/// The lesser in each lane; a where either is no number.
#[inline(always)]
pub(super) fn lesser<const L: usize>(a: &[f64; L], b: &[f64; L]) -> [f64; L] {
    from_fn(|lane| if b[lane] < a[lane] { b[lane] } else { a[lane] })
}

/// The greater in each lane; a where either is no number.
#[inline(always)]
pub(super) fn greater<const L: usize>(a: &[f64; L], b: &[f64; L]) -> [f64; L] {
    from_fn(|lane| if b[lane] > a[lane] { b[lane] } else { a[lane] })
}

/// One of two numbers in each lane: the first where a > b.
#[inline(always)]
pub(super) fn where_greater<const L: usize>(
    a: &[f64; L],
    b: &[f64; L],
    then: &[f64; L],
    otherwise: &[f64; L],
) -> [f64; L] {
    from_fn(|lane| if a[lane] > b[lane] { then[lane] } else { otherwise[lane] })
}

/// e to the power of each lane: 2ᵏ times a Taylor polynomial of order 12 of what is left, |r| ≤ ln 2 / 2. The error is
/// at most 3 units in the last place (tested against [`math::exp`](crate::math::exp)). Beyond ±700, e^±700 is returned; NaN stays
/// NaN.
#[inline(always)]
pub(super) fn exp<const L: usize>(x: &[f64; L]) -> [f64; L] {
    // Adding it rounds to a whole number, which then stands in the lowest bits.
    const WHOLE: f64 = 6_755_399_441_055_744.0;
    // ln 2 in two parts: products of the first with whole numbers up to 2¹¹ are exact.
    const LN_2: [f64; 2] = [f64::from_bits(0x3FE6_2E42_FEE0_0000), f64::from_bits(0x3DEA_39EF_3579_3C76)];
    const TAYLOR: [f64; 13] = [
        1.0,
        1.0,
        0.5,
        1.0 / 6.0,
        1.0 / 24.0,
        1.0 / 120.0,
        1.0 / 720.0,
        1.0 / 5_040.0,
        1.0 / 40_320.0,
        1.0 / 362_880.0,
        1.0 / 3_628_800.0,
        1.0 / 39_916_800.0,
        1.0 / 479_001_600.0,
    ];
    let x = greater(&lesser(x, &[700.0; L]), &[-700.0; L]);
    let shifted = plus_product(&[WHOLE; L], &x, &[std::f64::consts::LOG2_E; L]);
    let whole = difference(&shifted, &[WHOLE; L]);
    let rest = less_product(&less_product(&x, &whole, &[LN_2[0]; L]), &whole, &[LN_2[1]; L]);
    // In pairs of pairs (Estrin's scheme), so that few steps wait for others.
    let pair = |k: usize, x: &[f64; L]| plus_product(&[TAYLOR[k]; L], &[TAYLOR[k + 1]; L], x);
    let second = product(&rest, &rest);
    let fourth = product(&second, &second);
    let four = |k: usize| plus_product(&pair(k, &rest), &pair(k + 2, &rest), &second);
    let high = plus_product(&four(8), &[TAYLOR[12]; L], &fourth);
    let power = plus_product(&four(0), &plus_product(&four(4), &high, &fourth), &fourth);
    // The whole number is added to the exponent: from −1,011 to 1,010, the result is normal.
    from_fn(|lane| f64::from_bits(power[lane].to_bits().wrapping_add(shifted[lane].to_bits() << 52)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::math;

    #[test]
    fn the_exponential_is_that_of_one_within_three_units() {
        for number in -70_000..=70_000 {
            let x = f64::from(number) * 0.009_999_3;
            let ([lane, turned], one) = (exp(&[x, -x]), math::exp(x));
            assert!(lane.to_bits().abs_diff(one.to_bits()) <= 3, "e^{x}: {lane} and {one}");
            assert_eq!(turned, exp(&[-x])[0]);
        }
        assert_eq!(exp(&[0.0, -0.0]), [1.0, 1.0]);
        assert_eq!(exp(&[1e300, f64::INFINITY]), exp(&[700.0; 2]));
        assert_eq!(exp(&[-1e300, f64::NEG_INFINITY]), exp(&[-700.0; 2]));
        assert!(exp(&[f64::NAN])[0].is_nan());
    }
}
