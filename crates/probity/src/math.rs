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
