//! Quantities with their unit, so that a number cannot be taken for another.

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};

/// How far two m/z values may lie apart and still count as the same ion.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MassTolerance {
    /// An absolute window in dalton (m/z units for singly charged ions).
    Da(f64),
    /// A window in parts per million of the reference m/z.
    Ppm(f64),
}

impl MassTolerance {
    /// Checks that the tolerance is finite and not negative.
    ///
    /// # Errors
    /// `InvalidOption` for NaN, infinity or a negative number.
    pub fn checked(self) -> Result<Self> {
        let (Self::Da(value) | Self::Ppm(value)) = self;
        if value.is_finite() && value >= 0.0 {
            Ok(self)
        } else {
            Err(Error::invalid_option(format!(
                "a mass tolerance must be finite and not negative, not {value}"
            )))
        }
    }

    /// Half the width of the window around `mz`, in m/z units.
    #[must_use]
    pub fn half_width(self, mz: f64) -> f64 {
        match self {
            Self::Da(da) => da,
            Self::Ppm(ppm) => mz * ppm * 1e-6,
        }
    }

    /// Whether `mz` lies in the closed window around `reference_mz`: |mz − reference| ≤ half width,
    /// computed in f64 in that order.
    #[must_use]
    pub fn contains(self, reference_mz: f64, mz: f64) -> bool {
        (mz - reference_mz).abs() <= self.half_width(reference_mz)
    }
}

/// A match factor on NIST's scale: an integer from 0 (nothing in common) to 999 (the same).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct MatchFactor(u16);

impl MatchFactor {
    /// The best value.
    pub const MAX: Self = Self(999);

    /// ⌊1000 x⌋, at most 999, for a similarity `x` from 0 to 1, as NIST MS Search prints it.
    #[must_use]
    pub fn from_similarity(x: f64) -> Self {
        // The cast saturates: NaN and negative values become 0.
        Self(((1000.0 * x).floor() as u16).min(999))
    }

    /// The integer, at most 999.
    #[must_use]
    pub fn clamped(value: u16) -> Self {
        Self(value.min(999))
    }

    /// The integer.
    #[must_use]
    pub fn value(self) -> u16 {
        self.0
    }
}

impl std::fmt::Display for MatchFactor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_match_factor_is_cut_not_rounded_and_stops_at_999() {
        assert_eq!(MatchFactor::from_similarity(0.951_999).value(), 951);
        assert_eq!(MatchFactor::from_similarity(1.0).value(), 999);
        assert_eq!(MatchFactor::from_similarity(f64::NAN).value(), 0);
        assert_eq!(MatchFactor::from_similarity(-0.1).value(), 0);
    }

    #[test]
    fn the_window_is_closed_and_ppm_follows_the_reference() {
        assert!(MassTolerance::Da(0.5).contains(100.0, 100.5));
        assert!(!MassTolerance::Da(0.5).contains(100.0, 100.500_001));
        assert!(MassTolerance::Ppm(10.0).contains(1_000_000.0, 1_000_010.0));
        assert!(!MassTolerance::Ppm(10.0).contains(1_000_000.0, 1_000_010.1));
    }
}
