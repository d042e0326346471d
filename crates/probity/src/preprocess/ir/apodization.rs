//! Apodization functions: what an interferogram is multiplied by toward its end.

use std::f64::consts::PI;

use serde::{Deserialize, Serialize};

use crate::math::{cos, exp};

/// A function of u = |optical path difference| / its largest, from 0 to 1; 0 beyond.
///
/// The Norton-Beer coefficients are those of the erratum (Norton & Beer, J. Opt. Soc. Am. 1976, 66, 259; 1977, 67,
/// 419); the Blackman-Harris ones those of Harris (Proc. IEEE 1978, 66, 51).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Apodization {
    /// 1: the narrowest line, with the largest side lobes.
    Boxcar,
    /// 1 − u.
    Triangular,
    /// (1 − u)².
    TriangularSquared,
    /// 0.54 + 0.46 cos πu: the default.
    #[default]
    HappGenzel,
    /// cos² (πu/2).
    Hann,
    /// cos (πu/2).
    Cosine,
    /// (1 − u²)².
    Bessel,
    /// 0.42323 + 0.49755 cos πu + 0.07922 cos 2πu.
    BlackmanHarris3Term,
    /// 0.35875 + 0.48829 cos πu + 0.14128 cos 2πu + 0.01168 cos 3πu.
    BlackmanHarris4Term,
    /// Weak Norton-Beer.
    NortonBeerWeak,
    /// Medium Norton-Beer.
    NortonBeerMedium,
    /// Strong Norton-Beer.
    NortonBeerStrong,
    /// exp(−u² / (2 · 0.4²)).
    Gaussian,
}

impl Apodization {
    /// The factor at `u`, the path difference as a share of its largest; 0 for NaN and beyond 1. Even in `u`.
    #[must_use]
    pub fn factor(self, u: f64) -> f64 {
        let u = u.abs();
        if u.partial_cmp(&1.0).is_none_or(std::cmp::Ordering::is_gt) {
            return 0.0;
        }
        let cosines = |terms: &[f64]| {
            terms.iter().enumerate().map(|(k, term)| term * cos(PI * k as f64 * u)).sum::<f64>()
        };
        let v = 1.0 - u * u;
        match self {
            Self::Boxcar => 1.0,
            Self::Triangular => 1.0 - u,
            Self::TriangularSquared => (1.0 - u) * (1.0 - u),
            Self::HappGenzel => cosines(&[0.54, 0.46]),
            Self::Hann => cos(PI * u / 2.0) * cos(PI * u / 2.0),
            Self::Cosine => cos(PI * u / 2.0),
            Self::Bessel => v * v,
            Self::BlackmanHarris3Term => cosines(&[0.42323, 0.49755, 0.07922]),
            Self::BlackmanHarris4Term => cosines(&[0.35875, 0.48829, 0.14128, 0.01168]),
            Self::NortonBeerWeak => 0.384093 - 0.087577 * v + 0.703484 * v * v,
            Self::NortonBeerMedium => 0.152442 - 0.136176 * v + 0.983734 * v * v,
            Self::NortonBeerStrong => 0.045335 + 0.554883 * v * v + 0.399782 * v * v * v * v,
            Self::Gaussian => exp(-u * u / (2.0 * 0.4 * 0.4)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::golden::cases;
    use super::*;

    #[test]
    fn golden_functions_and_the_names_of_the_format() {
        let all = cases("apodization");
        for case in &all {
            let name = match case.word("kind") {
                "blackman_harris_3" => "blackman_harris3_term",
                "blackman_harris_4" => "blackman_harris4_term",
                same => same,
            };
            let apodization: Apodization = serde_json::from_value(name.into()).unwrap();
            let got: Vec<f64> = case.column("u").iter().map(|&u| apodization.factor(u)).collect();
            case.assert_expected(&got, "f");
            assert!((apodization.factor(0.0) - 1.0).abs() < 1e-15);
            assert_eq!(apodization.factor(-0.3), apodization.factor(0.3));
            assert_eq!([apodization.factor(1.001), apodization.factor(f64::NAN)], [0.0, 0.0]);
        }
        assert_eq!(all.len(), 13);
    }
}
