//! A second opinion on sets: the lasso, which makes many coefficients 0 by a penalty on their sum.
//!
//! Minimises ‖y − Σ cⱼ aⱼ − b‖²/(2n) + α Σ cⱼ over cⱼ ≥ 0 and any offset b (R. Tibshirani, J. R. Stat. Soc. B
//! 1996, 58, 267), by one coefficient at a time in the order of the library (J. Friedman, T. Hastie and R.
//! Tibshirani, J. Stat. Softw. 2010, 33, 1). The penalty draws all coefficients towards 0: read the set, not
//! the amounts.

use serde::{Deserialize, Serialize};

use super::projection::Projection;
use super::vector::{dot, norm, subtract};
use crate::error::{Error, Result};

/// How strong the penalty is, and when the search for the optimum ends.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct LassoOptions {
    /// The penalty α, not negative, in the unit of the sample times that of the references; the default is
    /// 10⁻⁵.
    pub penalty: f64,
    /// A round that changes the fit by no more than this share of the sample's length is the last, above 0; the
    /// default is 10⁻¹².
    pub tolerance: f64,
    /// The most rounds, from 1; the default is 100,000.
    pub maximum_rounds: usize,
}

impl Default for LassoOptions {
    fn default() -> Self {
        Self { penalty: 1e-5, tolerance: 1e-12, maximum_rounds: 100_000 }
    }
}

impl LassoOptions {
    /// Checks the options.
    ///
    /// # Errors
    /// `InvalidOption` for a number outside its range.
    pub fn checked(self) -> Result<Self> {
        let penalty = self.penalty.is_finite() && self.penalty >= 0.0;
        let tolerance = self.tolerance.is_finite() && self.tolerance > 0.0;
        if penalty && tolerance && self.maximum_rounds > 0 {
            return Ok(self);
        }
        Err(Error::invalid_option(
            "penalty must not be negative, tolerance and maximum_rounds must be above 0",
        ))
    }
}

/// The optimum.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LassoFit {
    /// How many times each component is in the sample, 0 or more; too low for the penalty.
    pub coefficients: Vec<f64>,
    /// The offset, in the sample's unit.
    pub offset: f64,
    /// How many rounds it took.
    pub rounds: usize,
}

/// The lasso with coefficients that cannot be negative.
///
/// # Errors
/// `InvalidOption` for options as by [`LassoOptions::checked`], a sample without points, columns of different
/// lengths, or numbers that are not finite or above 10¹⁰⁰ in size; `LimitReached` if the rounds do not suffice.
pub fn lasso(components: &[&[f64]], values: &[f64], options: &LassoOptions) -> Result<LassoFit> {
    let options = options.checked()?;
    if values.is_empty() {
        return Err(Error::invalid_option("a sample without points cannot be fitted"));
    }
    let constant = vec![1.0; values.len()];
    let projection = Projection::try_new(components, &[&constant], values)?;
    let penalty = options.penalty * values.len() as f64;
    let mut coefficients = vec![0.0; components.len()];
    let mut residual = projection.values.clone();
    for round in 1..=options.maximum_rounds {
        let mut largest_change = 0.0;
        for (j, column) in projection.components.iter().enumerate() {
            let length = projection.norms[j];
            if length == 0.0 {
                continue;
            }
            let free = coefficients[j] + (dot(column, &residual) - penalty) / (length * length);
            let change = free.max(0.0) - coefficients[j];
            if change != 0.0 {
                subtract(&mut residual, change, column);
                coefficients[j] += change;
                largest_change = f64::max(largest_change, change.abs() * length);
            }
        }
        if largest_change <= options.tolerance * norm(&projection.values) {
            let offset = offset(components, values, &coefficients);
            return Ok(LassoFit { coefficients, offset, rounds: round });
        }
    }
    Err(Error::limit(format!("the lasso did not settle in {} rounds", options.maximum_rounds)))
}

/// The mean of what the components leave.
pub(super) fn offset(components: &[&[f64]], values: &[f64], coefficients: &[f64]) -> f64 {
    let mut rest = values.to_vec();
    for (component, &coefficient) in components.iter().zip(coefficients) {
        subtract(&mut rest, coefficient, component);
    }
    rest.iter().sum::<f64>() / rest.len() as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mixture::test_support::views;
    use crate::similarity::infrared::golden::cases;

    #[test]
    fn golden_coefficients_are_met() {
        let mut met = 0;
        for case in cases("mixture_lasso_omp").iter().filter(|case| case.id.starts_with("lasso")) {
            let (library, values) = (case.rows("library"), case.column("y"));
            let options =
                LassoOptions { penalty: case.params["alpha"].as_f64().unwrap(), ..LassoOptions::default() };
            let fit = lasso(&views(&library), &values, &options).unwrap();
            case.assert_column(&fit.coefficients, &case.expected["coef"]);
            case.assert_expected(fit.offset, "intercept");
            met += 1;
        }
        assert_eq!(met, 4);
    }

    #[test]
    fn a_strong_penalty_leaves_nothing_and_none_gives_least_squares() {
        let hill = [0.0, 1.0, 2.0, 1.0, 0.0];
        let values = hill.map(|x| 0.5 * x + 0.3);
        let with =
            |penalty| lasso(&[&hill], &values, &LassoOptions { penalty, ..LassoOptions::default() }).unwrap();
        let (none, strong) = (with(0.0), with(100.0));
        assert!((none.coefficients[0] - 0.5).abs() < 1e-12 && (none.offset - 0.3).abs() < 1e-12);
        assert_eq!(strong.coefficients, [0.0]);
        assert!((strong.offset - 0.7).abs() < 1e-12);
    }

    #[test]
    fn what_makes_no_sense_is_refused() {
        let options = LassoOptions::default();
        assert!(lasso(&[], &[], &options).is_err());
        assert!(lasso(&[], &[1.0], &LassoOptions { penalty: -1.0, ..options }).is_err());
        assert!(lasso(&[], &[1.0], &LassoOptions { tolerance: f64::NAN, ..options }).is_err());
    }
}
