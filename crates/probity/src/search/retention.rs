//! Retention index as a condition or as a penalty.

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};

/// How far a library entry's retention index may lie from the query's. Without an index on either
/// side the entry stays, and its hit says that the index was not compared.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RetentionWindow {
    /// Half the width of the window, in retention index units.
    pub tolerance: f64,
}

/// A lower place for entries whose retention index is off. The penalty is `rate` for each
/// `tolerance` by which the difference exceeds the tolerance, at most `maximum`, in units of the
/// method's first measure:
/// min(maximum, rate · max(0, |Δ| − tolerance) / tolerance).
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RetentionPenalty {
    /// Difference without penalty, in retention index units; greater than 0.
    pub tolerance: f64,
    /// Penalty per tolerance beyond the first.
    pub rate: f64,
    /// The highest penalty.
    pub maximum: f64,
}

impl RetentionWindow {
    pub(crate) fn checked(self) -> Result<Self> {
        if self.tolerance.is_finite() && self.tolerance >= 0.0 {
            Ok(self)
        } else {
            Err(Error::invalid_option("a retention index window must be finite and not negative"))
        }
    }

    pub(crate) fn admits(self, query: Option<f64>, entry: Option<f64>) -> bool {
        match (query, entry) {
            (Some(query), Some(entry)) => (query - entry).abs() <= self.tolerance,
            _ => true,
        }
    }
}

impl RetentionPenalty {
    pub(crate) fn checked(self) -> Result<Self> {
        let sound = self.tolerance.is_finite()
            && self.tolerance > 0.0
            && self.rate.is_finite()
            && self.rate >= 0.0
            && self.maximum.is_finite()
            && self.maximum >= 0.0;
        if sound {
            Ok(self)
        } else {
            Err(Error::invalid_option(
                "a retention index penalty needs a tolerance above 0, and a rate and a maximum of at least 0",
            ))
        }
    }

    /// What is taken from the first measure; 0 without an index on either side.
    #[must_use]
    pub fn penalty(self, query: Option<f64>, entry: Option<f64>) -> f64 {
        match (query, entry) {
            (Some(query), Some(entry)) => {
                let excess = ((query - entry).abs() - self.tolerance).max(0.0);
                (self.rate * excess / self.tolerance).min(self.maximum)
            }
            _ => 0.0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_without_an_index_stay() {
        let window = RetentionWindow { tolerance: 10.0 };
        assert!(window.admits(Some(1500.0), None));
        assert!(window.admits(None, Some(1500.0)));
        assert!(window.admits(Some(1500.0), Some(1510.0)));
        assert!(!window.admits(Some(1500.0), Some(1510.5)));
    }

    #[test]
    fn the_penalty_starts_beyond_the_tolerance_and_is_capped() {
        let rule = RetentionPenalty { tolerance: 10.0, rate: 20.0, maximum: 50.0 };
        assert_eq!(rule.penalty(Some(1500.0), Some(1508.0)), 0.0);
        assert_eq!(rule.penalty(Some(1500.0), Some(1515.0)), 10.0);
        assert_eq!(rule.penalty(Some(1500.0), Some(1600.0)), 50.0);
        assert_eq!(rule.penalty(Some(1500.0), None), 0.0);
    }
}
