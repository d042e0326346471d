//! The cosine transform of a curve: few of its coefficients hold most of a spectrum.

use crate::preprocess::ir::fourier::{Complex, PowerOfTwo, unit};

/// The orthonormal discrete cosine transform (DCT-II) of curves of one length, followed by zeros up to a power of two, N:
/// X(k) = √(2/N) c(k) Σ x(j) cos(π (2 j + 1) k / 2 N), c(0) = √½, else 1. Products of two curves are those of their
/// coefficients (Parseval).
#[derive(Debug)]
pub(crate) struct CurveTransform {
    plan: PowerOfTwo,
    /// √(2/N) e^(−πi k / 2 N), times √½ for k = 0.
    turns: Vec<Complex<f64>>,
}

impl CurveTransform {
    /// For curves of at most so many points.
    pub(crate) fn of(points: usize) -> Self {
        let length = points.max(1).next_power_of_two();
        let scale = (2.0 / length as f64).sqrt();
        let turns = (0..length).map(|k| {
            let turn = unit(-std::f64::consts::PI * k as f64 / (2.0 * length as f64)) * scale;
            if k == 0 { turn * 0.5_f64.sqrt() } else { turn }
        });
        Self { turns: turns.collect(), plan: PowerOfTwo::new(length) }
    }

    /// The number of coefficients.
    pub(crate) fn len(&self) -> usize {
        self.turns.len()
    }

    /// All coefficients of a curve (Makhoul, IEEE Trans. Acoust. Speech Signal Process. 1980, 28, 27: even points forwards,
    /// odd ones backwards, then a Fourier transform).
    pub(crate) fn coefficients(&self, curve: &[f64]) -> Vec<f64> {
        let length = self.len();
        let at = |point: usize| Complex::new(curve.get(point).copied().unwrap_or(0.0), 0.0);
        let mut reordered = vec![Complex::new(0.0, 0.0); length];
        for place in 0..length.div_ceil(2) {
            reordered[place] = at(2 * place);
            if 2 * place + 1 < length {
                reordered[length - 1 - place] = at(2 * place + 1);
            }
        }
        let spectrum = self.plan.forward(&reordered);
        spectrum
            .iter()
            .zip(&self.turns)
            .map(|(value, turn)| value.re * turn.re - value.im * turn.im)
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use std::f64::consts::PI;

    use super::*;

    #[test]
    fn coefficients_are_those_of_the_definition_and_keep_products() {
        for points in [1, 2, 3, 5, 8, 13, 100] {
            let curve: Vec<f64> =
                (0..points).map(|point| f64::from((point * point + 3) % 17) - 8.0).collect();
            let other: Vec<f64> = (0..points).map(|point| f64::from((point * 7) % 11) - 5.0).collect();
            let transform = CurveTransform::of(curve.len());
            let (got, of_other) = (transform.coefficients(&curve), transform.coefficients(&other));
            let length = transform.len() as f64;
            for (k, got) in got.iter().enumerate() {
                let c = if k == 0 { 0.5_f64.sqrt() } else { 1.0 };
                let term = |(j, x): (usize, &f64)| {
                    x * crate::math::cos(PI * (2.0 * j as f64 + 1.0) * k as f64 / (2.0 * length))
                };
                let expected = (2.0 / length).sqrt() * c * curve.iter().enumerate().map(term).sum::<f64>();
                assert!((got - expected).abs() < 1e-11, "{points} points, {k}: {got} against {expected}");
            }
            let product = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
            assert!((product(&got, &of_other) - product(&curve, &other)).abs() < 1e-9);
        }
    }
}
