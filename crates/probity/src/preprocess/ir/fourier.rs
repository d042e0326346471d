//! Discrete Fourier transforms with the same bits on every processor.
//!
//! rustfft computes its twiddle factors with the system's sine and cosine, which differ in the last bit between
//! processors with and without fused multiply-add. Its transforms of 1, 2, 4 and 8 points need none (only √½, which is
//! exact by IEEE 754): these are the leaves here, joined by radix-2 steps whose factors come from `math`. Other
//! lengths go through Bluestein's chirp (IEEE Trans. Audio Electroacoust. 1970, 18, 451).

use std::f64::consts::PI;
use std::sync::Arc;

pub(crate) use rustfft::num_complex::Complex;
use rustfft::{Fft, FftPlannerScalar};

use crate::math::{cos, sin};

/// Points of the largest leaf.
const LEAF: usize = 8;

/// e^(i angle).
pub(crate) fn unit(angle: f64) -> Complex<f64> {
    Complex::new(cos(angle), sin(angle))
}

/// X(k) = Σ x(j) e^(−2πi jk/n), of any length.
pub(super) fn forward(points: &[Complex<f64>]) -> Vec<Complex<f64>> {
    if points.len() <= 1 {
        points.to_vec()
    } else if points.len().is_power_of_two() {
        PowerOfTwo::new(points.len()).forward(points)
    } else {
        bluestein(points)
    }
}

/// x(j) = 1/n Σ X(k) e^(2πi jk/n), of any length.
pub(super) fn inverse(points: &[Complex<f64>]) -> Vec<Complex<f64>> {
    let conjugate: Vec<_> = points.iter().map(Complex::conj).collect();
    let scale = 1.0 / points.len().max(1) as f64;
    forward(&conjugate).iter().map(|x| x.conj() * scale).collect()
}

/// The transform of real values followed by zeros up to `length`; values beyond it do not count.
pub(super) fn forward_real(values: &[f64], length: usize) -> Vec<Complex<f64>> {
    let padded = values.iter().copied().chain(std::iter::repeat(0.0)).take(length);
    forward(&padded.map(|value| Complex::new(value, 0.0)).collect::<Vec<_>>())
}

/// A filter of real values: the spectrum of the values, followed by zeros up to `length`, is multiplied by `factor` of
/// the frequency, from 0 to length / 2 cycles, and transformed back; the first `values.len()` points.
pub(super) fn filter_real(values: &[f64], length: usize, factor: impl Fn(usize) -> f64) -> Vec<f64> {
    let mut spectrum = forward_real(values, length);
    for (number, value) in spectrum.iter_mut().enumerate() {
        *value *= factor(number.min(length - number));
    }
    inverse(&spectrum).iter().take(values.len()).map(|x| x.re).collect()
}

/// The transform of a length that is a power of two.
pub(crate) struct PowerOfTwo {
    leaf: Arc<dyn Fft<f64>>,
    /// e^(−2πi k/n) for k below n / 2.
    factors: Vec<Complex<f64>>,
}

impl std::fmt::Debug for PowerOfTwo {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "a transform of {} points", 2 * self.factors.len())
    }
}

impl PowerOfTwo {
    pub(crate) fn new(length: usize) -> Self {
        let leaf = FftPlannerScalar::new().plan_fft_forward(length.min(LEAF));
        let factors = (0..length / 2).map(|k| unit(-2.0 * PI * k as f64 / length as f64)).collect();
        Self { leaf, factors }
    }

    /// `points` has the length of the plan.
    pub(crate) fn forward(&self, points: &[Complex<f64>]) -> Vec<Complex<f64>> {
        let length = points.len();
        let leaf = self.leaf.len();
        let leaves = length / leaf;
        let bits = leaves.trailing_zeros();
        let mut out = Vec::with_capacity(length);
        for number in 0..leaves {
            let start = if bits == 0 { 0 } else { number.reverse_bits() >> (usize::BITS - bits) };
            out.extend(points.iter().skip(start).step_by(leaves));
        }
        self.leaf.process(&mut out);
        let mut half = leaf;
        while half < length {
            let stride = length / (2 * half);
            for block in out.chunks_exact_mut(2 * half) {
                let (even, odd) = block.split_at_mut(half);
                for (k, (even, odd)) in even.iter_mut().zip(odd).enumerate() {
                    let turned = *odd * self.factors[k * stride];
                    (*even, *odd) = (*even + turned, *even - turned);
                }
            }
            half *= 2;
        }
        out
    }
}

fn bluestein(points: &[Complex<f64>]) -> Vec<Complex<f64>> {
    let length = points.len();
    let padded = (2 * length - 1).next_power_of_two();
    let plan = PowerOfTwo::new(padded);
    // e^(−πi j²/n), with j² reduced modulo 2n before it becomes an angle.
    let chirp: Vec<_> = (0..length)
        .map(|j| {
            let square = (j as u128 * j as u128) % (2 * length as u128);
            unit(-PI * square as f64 / length as f64)
        })
        .collect();
    let mut a = vec![Complex::new(0.0, 0.0); padded];
    let mut b = a.clone();
    for j in 0..length {
        a[j] = points[j] * chirp[j];
        b[j] = chirp[j].conj();
        b[(padded - j) % padded] = b[j];
    }
    let product: Vec<_> =
        plan.forward(&a).iter().zip(plan.forward(&b)).map(|(a, b)| (a * b).conj()).collect();
    let scale = 1.0 / padded as f64;
    plan.forward(&product).iter().zip(&chirp).map(|(x, chirp)| x.conj() * scale * chirp).collect()
}

#[cfg(test)]
pub(super) mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The sum as it stands in the definition.
    pub(in super::super) fn naive(points: &[Complex<f64>]) -> Vec<Complex<f64>> {
        let length = points.len();
        let term =
            |j: usize, k: usize| points[j] * unit(-2.0 * PI * ((j * k) % length) as f64 / length as f64);
        (0..length).map(|k| (0..length).map(|j| term(j, k)).sum()).collect()
    }

    fn assert_near(got: &[Complex<f64>], expected: &[Complex<f64>]) {
        assert_eq!(got.len(), expected.len());
        let scale = expected.iter().map(Complex::norm_sqr).fold(1.0, f64::max).sqrt();
        for (got, expected) in got.iter().zip(expected) {
            assert!((got - expected).norm_sqr().sqrt() < 1e-13 * scale, "{got} against {expected}");
        }
    }

    #[test]
    fn all_short_lengths_equal_the_naive_sum() {
        for length in (0..70).chain([127, 128, 180, 187, 256, 360, 509, 512]) {
            let points: Vec<_> = (0..length)
                .map(|j| Complex::new(((j * j + 3) % 17) as f64 - 8.0, ((j * 7) % 11) as f64 - 5.0))
                .collect();
            assert_near(&forward(&points), &naive(&points));
        }
    }

    proptest! {
        #[test]
        fn the_inverse_returns_the_points_and_the_energy_stays(
            points in prop::collection::vec((-1.0..1.0_f64, -1.0..1.0_f64), 1..300),
        ) {
            let points: Vec<_> = points.iter().map(|&(re, im)| Complex::new(re, im)).collect();
            let spectrum = forward(&points);
            assert_near(&inverse(&spectrum), &points);
            let energy = |points: &[Complex<f64>]| points.iter().map(Complex::norm_sqr).sum::<f64>();
            let length = points.len() as f64;
            prop_assert!((energy(&spectrum) / length - energy(&points)).abs() < 1e-12 * length);
        }
    }
}
