//! Whether a spectrum lies in the space that several mixtures of the same substances span.
//!
//! The mixtures' singular vectors are the abstract factors. A target spectrum that is one of the substances is
//! the sum of some of them; its cosine with its projection on the first k factors says how nearly.
//!
//! Source: E. R. Malinowski, *Factor Analysis in Chemistry*, 3rd edition, 2002: with r the larger and c the smaller
//! side of the data, and the sum over the factors after the k-th, the real error is RE = √(Σ s²/(r (c − k))), and
//! the indicator function IND = RE/(c − k)² is lowest at the number of factors.

use serde::{Deserialize, Serialize};

use super::vector::{dot, norm, subtract};
use crate::error::{Error, Result};

/// Rows whose cosine is below this are orthogonal.
const ORTHOGONAL: f64 = 1e-15;
/// Factors below this share of the largest are rounding.
const ROUNDING: f64 = 1e-12;
/// Sweeps at most; some ten are usual.
const MAXIMUM_SWEEPS: usize = 60;
/// Mixtures at most: each sweep takes the square of it.
const MAXIMUM_MIXTURES: usize = 500;

/// The factors of some mixtures and how well targets fit.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TargetFactorAnalysis {
    /// The singular values, the largest first, in the unit of the mixtures.
    pub singular_values: Vec<f64>,
    /// The real error when 1, 2 and so on factors are kept, in the unit of the mixtures.
    pub real_error: Vec<f64>,
    /// The indicator function for 1, 2 and so on factors; lowest at the number of factors that are not noise.
    pub indicator_function: Vec<f64>,
    /// The targets in their order.
    pub targets: Vec<TargetTest>,
}

/// How well a target fits.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TargetTest {
    /// The cosine of the target and its prediction, 0 to 1; 1 if it lies in the space of the factors.
    pub cosine: f64,
    /// The target as the factors predict it.
    pub predicted: Vec<f64>,
}

/// Tests targets against the first factors of some mixtures, all on the same axis.
///
/// # Errors
/// `InvalidOption` if there are fewer factors than asked for (or none is asked for), more mixtures than points,
/// curves have different lengths, numbers are not finite or above 10¹⁰⁰ in size, or a target is 0 everywhere;
/// `LimitReached` for more than 500 mixtures or if the factors do not settle.
pub fn target_factor_analysis(
    mixtures: &[&[f64]],
    targets: &[&[f64]],
    number_of_factors: usize,
) -> Result<TargetFactorAnalysis> {
    check(mixtures, targets)?;
    let factors = Factors::of(mixtures)?;
    let largest = factors.singular_values.first().copied().unwrap_or(0.0);
    let rank = factors.singular_values.iter().filter(|&&value| value > ROUNDING * largest).count();
    if number_of_factors == 0 || number_of_factors > rank {
        let message = format!("the mixtures have {rank} factors, not {number_of_factors}");
        return Err(Error::invalid_option(message));
    }
    let test = |target: &&[f64]| {
        let mut predicted = vec![0.0; target.len()];
        for vector in &factors.vectors[..number_of_factors] {
            subtract(&mut predicted, -dot(vector, target), vector);
        }
        let cosine = (norm(&predicted) / norm(target)).min(1.0);
        TargetTest { cosine, predicted }
    };
    let (smaller, larger) = (mixtures.len(), mixtures[0].len());
    let error = |kept: usize| {
        let left: f64 = factors.singular_values[kept..].iter().map(|value| value * value).sum();
        (left / (larger as f64 * (smaller - kept) as f64)).sqrt()
    };
    let real_error: Vec<f64> = (1..smaller).map(error).collect();
    let indicator = |(position, error): (usize, &f64)| {
        let left = (smaller - position - 1) as f64;
        error / (left * left)
    };
    Ok(TargetFactorAnalysis {
        indicator_function: real_error.iter().enumerate().map(indicator).collect(),
        real_error,
        targets: targets.iter().map(test).collect(),
        singular_values: factors.singular_values,
    })
}

fn check(mixtures: &[&[f64]], targets: &[&[f64]]) -> Result<()> {
    if mixtures.len() > MAXIMUM_MIXTURES {
        return Err(Error::limit(format!("{} mixtures are more than {MAXIMUM_MIXTURES}", mixtures.len())));
    }
    let points = mixtures.first().map_or(0, |mixture| mixture.len());
    let mut curves = mixtures.iter().chain(targets);
    if curves.any(|curve| curve.len() != points) || mixtures.len() > points {
        return Err(Error::invalid_option(
            "mixtures and targets must have as many points, and no fewer than mixtures",
        ));
    }
    let fits = |value: &f64| value.is_finite() && value.abs() <= 1e100;
    if !mixtures.iter().chain(targets).copied().flatten().all(fits) {
        return Err(Error::invalid_option("mixtures and targets must be finite and at most 10^100 in size"));
    }
    if targets.iter().any(|target| norm(target) == 0.0) {
        return Err(Error::invalid_option("a target that is 0 everywhere cannot be tested"));
    }
    Ok(())
}

/// Singular values, the largest first, and the right singular vectors that belong to them.
struct Factors {
    singular_values: Vec<f64>,
    vectors: Vec<Vec<f64>>,
}

impl Factors {
    /// One-sided Jacobi rotations of the rows (M. R. Hestenes, J. SIAM 1958, 6, 51) until all are orthogonal.
    fn of(rows: &[&[f64]]) -> Result<Self> {
        let mut rows: Vec<Vec<f64>> = rows.iter().map(|row| row.to_vec()).collect();
        for _ in 0..MAXIMUM_SWEEPS {
            let mut turned = false;
            for j in 1..rows.len() {
                let (before, from_j) = rows.split_at_mut(j);
                for row in before {
                    turned |= make_orthogonal(row, &mut from_j[0]);
                }
            }
            if !turned {
                return Ok(Self::sorted(rows));
            }
        }
        Err(Error::limit(format!("the factors did not settle in {MAXIMUM_SWEEPS} sweeps")))
    }

    fn sorted(rows: Vec<Vec<f64>>) -> Self {
        let mut pairs: Vec<(f64, Vec<f64>)> = rows.into_iter().map(|row| (norm(&row), row)).collect();
        pairs.sort_by(|a, b| b.0.total_cmp(&a.0));
        for (length, row) in &mut pairs {
            if *length > 0.0 {
                row.iter_mut().for_each(|x| *x /= *length);
            }
        }
        let (singular_values, vectors) = pairs.into_iter().unzip();
        Self { singular_values, vectors }
    }
}

/// Turns two rows in their plane so that they become orthogonal; `false` if they are.
fn make_orthogonal(first: &mut [f64], second: &mut [f64]) -> bool {
    let (a, b, product) = (dot(first, first), dot(second, second), dot(first, second));
    // A row of rounding alone may never become orthogonal to its last digit.
    if product.abs() <= ORTHOGONAL * a.sqrt() * b.sqrt() || a.min(b) <= 1e-30 * a.max(b) {
        return false;
    }
    let zeta = (b - a) / (2.0 * product);
    let tangent = 1.0_f64.copysign(zeta) / (zeta.abs() + (1.0 + zeta * zeta).sqrt());
    let cosine = 1.0 / (1.0 + tangent * tangent).sqrt();
    let sine = cosine * tangent;
    for (x, y) in first.iter_mut().zip(second) {
        (*x, *y) = (cosine * *x - sine * *y, sine * *x + cosine * *y);
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mixture::test_support::views;
    use crate::similarity::infrared::golden::cases;

    #[test]
    fn golden_factors_and_targets_are_met() {
        for case in cases("target_factor_analysis") {
            let (mixtures, targets) = (case.rows("D"), case.rows("targets"));
            let factors = usize::try_from(case.params["k"].as_u64().unwrap()).unwrap();
            let result = target_factor_analysis(&views(&mixtures), &views(&targets), factors).unwrap();
            case.assert_column(&result.singular_values, &case.expected["singular_values"]);
            case.assert_column(&result.real_error, &case.expected["RE"]);
            case.assert_column(&result.indicator_function, &case.expected["IND"]);
            let cosines: Vec<f64> = result.targets.iter().map(|target| target.cosine).collect();
            case.assert_column(&cosines, &case.expected["scores"]);
            case.assert_column(&result.targets[0].predicted, &case.expected["predicted_first"]);
        }
    }

    #[test]
    fn by_hand() {
        // Mixtures 3 x + 4 y and 4 x − 3 y of orthonormal x and y: both singular values are 5.
        let (x, y, z) = ([1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.6, 0.8]);
        let mixtures: [&[f64]; 2] = [&[3.0, 4.0, 0.0], &[4.0, -3.0, 0.0]];
        let result = target_factor_analysis(&mixtures, &[&x, &y, &z], 2).unwrap();
        for (target, cosine) in result.targets.iter().zip([1.0, 1.0, 0.6]) {
            assert!((target.cosine - cosine).abs() < 1e-14);
        }
        assert!(result.singular_values.iter().all(|value| (value - 5.0).abs() < 1e-14));
        // RE = √(25/(3·1)), IND = RE/1.
        assert!((result.real_error[0] - (25.0_f64 / 3.0).sqrt()).abs() < 1e-14);
        assert_eq!(result.indicator_function, result.real_error);
    }

    #[test]
    fn what_makes_no_sense_is_refused() {
        let (row, zero) = ([1.0, 2.0, 3.0], [0.0; 3]);
        assert!(target_factor_analysis(&[&row, &row], &[], 2).is_err(), "there is one factor only");
        assert!(target_factor_analysis(&[&row], &[], 0).is_err());
        assert!(target_factor_analysis(&[], &[], 1).is_err());
        assert!(target_factor_analysis(&[&zero], &[], 1).is_err());
        assert!(target_factor_analysis(&[&row], &[&zero], 1).is_err());
        assert!(target_factor_analysis(&[&row], &[&[1.0]], 1).is_err());
        assert!(target_factor_analysis(&[&[1.0], &[2.0]], &[], 1).is_err(), "more mixtures than points");
        assert!(target_factor_analysis(&[&[f64::NAN]], &[], 1).is_err());
    }
}
