//! Transcendental functions with the same bits on every processor.
//!
//! The system's versions differ in the last bit between processors (glibc selects variants with
//! fused multiply-add at run time). These are the ports of musl in the `libm` crate, plain Rust
//! without processor dispatch; their stated error is below 1 unit in the last place for `ln`,
//! `log2`, `log10`, `exp`, `pow`, `sin` and `cos`, and below 2 for `atan2`. The square root and the
//! four operations are exact by IEEE 754.

/// Natural logarithm.
#[must_use]
pub fn ln(x: f64) -> f64 {
    libm::log(x)
}

/// Logarithm to base 2.
#[must_use]
pub fn log2(x: f64) -> f64 {
    libm::log2(x)
}

/// Logarithm to base 10.
#[must_use]
pub fn log10(x: f64) -> f64 {
    libm::log10(x)
}

/// e to the power `x`.
#[must_use]
pub fn exp(x: f64) -> f64 {
    libm::exp(x)
}

/// e to the power of each, for loops over many: 2ᵏ times a Taylor polynomial of order 12 of what is left, |r| ≤ ln 2 / 2. The
/// error is below 2 units in the last place (tested against [`exp`]). Beyond ±700, e^±700 is returned; NaN stays NaN.
#[inline(always)]
pub(crate) fn exp_of_each<const L: usize>(x: [f64; L]) -> [f64; L] {
    // Adding it rounds to a whole number, which then stands in the lowest bits.
    const WHOLE: f64 = 6_755_399_441_055_744.0;
    // ln 2 in two parts: products of the first with whole numbers up to 2¹¹ are exact.
    const LN_2: [f64; 2] = [f64::from_bits(0x3FE6_2E42_FEE0_0000), f64::from_bits(0x3DEA_39EF_3579_3C76)];
    const TAYLOR: [f64; 12] = [
        1.0 / 479_001_600.0,
        1.0 / 39_916_800.0,
        1.0 / 3_628_800.0,
        1.0 / 362_880.0,
        1.0 / 40_320.0,
        1.0 / 5_040.0,
        1.0 / 720.0,
        1.0 / 120.0,
        1.0 / 24.0,
        1.0 / 6.0,
        0.5,
        1.0,
    ];
    let mut powers = [0.0; L];
    for (power, x) in powers.iter_mut().zip(x) {
        let x = if x > 700.0 { 700.0 } else { x };
        let x = if x < -700.0 { -700.0 } else { x };
        let shifted = x * std::f64::consts::LOG2_E + WHOLE;
        let k = shifted - WHOLE;
        let r = x - k * LN_2[0] - k * LN_2[1];
        let mut sum = TAYLOR[0];
        for coefficient in &TAYLOR[1..] {
            sum = sum * r + coefficient;
        }
        // 1 + r · (...), then k is added to the exponent: from −1,011 to 1,010, the result is normal.
        let unscaled = sum * r + 1.0;
        *power = f64::from_bits(unscaled.to_bits().wrapping_add(shifted.to_bits() << 52));
    }
    powers
}

/// `x` to the power `y`.
#[must_use]
pub fn pow(x: f64, y: f64) -> f64 {
    libm::pow(x, y)
}

/// The angle of the point (`x`, `y`) in radians, −π to π.
#[must_use]
pub fn atan2(y: f64, x: f64) -> f64 {
    libm::atan2(y, x)
}

/// Cosine of `x` radians.
#[must_use]
pub fn cos(x: f64) -> f64 {
    libm::cos(x)
}

/// Sine of `x` radians.
#[must_use]
pub fn sin(x: f64) -> f64 {
    libm::sin(x)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_exponential_of_each_is_near_that_of_one() {
        for number in -70_000..=70_000 {
            let x = f64::from(number) * 0.009_999_3;
            let [each, turned] = exp_of_each([x, -x]);
            for (each, one) in [(each, exp(x)), (turned, exp(-x))] {
                assert!(each.to_bits().abs_diff(one.to_bits()) <= 2, "e^{x}: {each} and {one}");
            }
        }
        assert_eq!(exp_of_each([0.0, -0.0]), [1.0, 1.0]);
        assert_eq!(exp_of_each([1e300, f64::INFINITY]), exp_of_each([700.0; 2]));
        assert_eq!(exp_of_each([-1e300, f64::NEG_INFINITY]), exp_of_each([-700.0; 2]));
        assert!(exp_of_each([f64::NAN])[0].is_nan());
    }
}
