//! Confidence intervals of a proportion.

use serde::Serialize;

use crate::error::{Error, Result};
use crate::math::{exp, ln};

/// `successes` of `trials`, with the Clopper-Pearson interval at 95 %.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Proportion {
    /// How often it happened.
    pub successes: u64,
    /// How often it could have happened.
    pub trials: u64,
    /// Lower end of the interval, 0 to 1.
    pub low: f64,
    /// Upper end of the interval, 0 to 1.
    pub high: f64,
}

impl Proportion {
    /// The proportion with its two-sided 95 % interval.
    ///
    /// # Errors
    /// As [`clopper_pearson`].
    pub fn new(successes: u64, trials: u64) -> Result<Self> {
        let (low, high) = clopper_pearson(successes, trials, 0.05)?;
        Ok(Self { successes, trials, low, high })
    }

    /// The proportion itself, 0 to 1; 0 without any trial.
    #[must_use]
    pub fn estimate(&self) -> f64 {
        if self.trials == 0 { 0.0 } else { self.successes as f64 / self.trials as f64 }
    }
}

impl std::fmt::Display for Proportion {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "{}/{} = {:.1} % [{:.1}–{:.1}]",
            self.successes,
            self.trials,
            100.0 * self.estimate(),
            100.0 * self.low,
            100.0 * self.high
        )
    }
}

/// The two-sided exact interval of Clopper and Pearson (Biometrika 26:404, 1934) for `successes` of
/// `trials` at error rate `alpha`: the probabilities at which the observed count, or one further out,
/// would be seen with probability `alpha`/2. Without trials it is 0 to 1.
///
/// # Errors
/// `InvalidOption` if there are more successes than trials, more than 10⁶ trials, or `alpha` does
/// not lie between 0 and 1.
pub fn clopper_pearson(successes: u64, trials: u64, alpha: f64) -> Result<(f64, f64)> {
    if successes > trials || trials > 1_000_000 || !(alpha > 0.0 && alpha < 1.0) {
        return Err(Error::invalid_option(format!(
            "there is no interval for {successes} of {trials} at {alpha}: it needs at most 1,000,000 \
             trials, no more successes than trials, and an error rate between 0 and 1"
        )));
    }
    let low = if successes == 0 {
        0.0
    } else {
        // P(X ≥ successes) grows with the probability.
        bisect(|p| probability_of_at_least(successes, trials, p) < alpha / 2.0)
    };
    let high = if successes == trials {
        1.0
    } else {
        // P(X ≤ successes) = P(failures ≥ trials − successes) falls with it.
        bisect(|p| probability_of_at_least(trials - successes, trials, 1.0 - p) > alpha / 2.0)
    };
    Ok((low, high))
}

/// The point between 0 and 1 where `is_below` turns from true to false.
fn bisect(is_below: impl Fn(f64) -> bool) -> f64 {
    let (mut low, mut high) = (0.0, 1.0);
    // 64 halvings leave less than the spacing of f64 around the result.
    for _ in 0..64 {
        let middle = 0.5 * (low + high);
        if is_below(middle) {
            low = middle;
        } else {
            high = middle;
        }
    }
    0.5 * (low + high)
}

/// P(X ≥ k) for a binomial X of n trials at probability p, summed term by term from the largest index.
fn probability_of_at_least(k: u64, n: u64, p: f64) -> f64 {
    if p <= 0.0 {
        return if k == 0 { 1.0 } else { 0.0 };
    }
    if p >= 1.0 {
        return 1.0;
    }
    let (n_f64, ln_p, ln_q) = (n as f64, ln(p), ln(1.0 - p));
    let ln_n_factorial = libm::lgamma(n_f64 + 1.0);
    (k..=n)
        .rev()
        .map(|i| {
            let i = i as f64;
            exp(ln_n_factorial - libm::lgamma(i + 1.0) - libm::lgamma(n_f64 - i + 1.0)
                + i * ln_p
                + (n_f64 - i) * ln_q)
        })
        .sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_interval_is_that_of_statsmodels() {
        let golden: serde_json::Value =
            serde_json::from_str(include_str!("../../../../fixtures/golden/binomial_intervals.json"))
                .unwrap();
        let cases = golden["cases"].as_array().unwrap();
        assert_eq!(cases.len(), 18);
        for case in cases {
            let parameters = &case["params"];
            let (low, high) = clopper_pearson(
                parameters["k"].as_u64().unwrap(),
                parameters["n"].as_u64().unwrap(),
                parameters["alpha"].as_f64().unwrap(),
            )
            .unwrap();
            for (found, expected) in [low, high].iter().zip(case["expected"]["beta"].as_array().unwrap()) {
                let expected = expected.as_f64().unwrap();
                assert!((found - expected).abs() <= 1e-12 + 1e-9 * expected, "{case}: {found}");
            }
        }
    }

    #[test]
    fn no_error_in_300_leaves_an_upper_limit_of_1_2_percent() {
        let proportion = Proportion::new(0, 300).unwrap();
        assert_eq!(proportion.to_string(), "0/300 = 0.0 % [0.0–1.2]");
    }

    #[test]
    fn impossible_counts_are_refused() {
        assert!(clopper_pearson(3, 2, 0.05).is_err());
        assert!(clopper_pearson(1, 2, 0.0).is_err());
        assert_eq!(clopper_pearson(0, 0, 0.05).unwrap(), (0.0, 1.0));
    }
}
