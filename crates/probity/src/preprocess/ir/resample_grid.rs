//! The points that curves are brought to.

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::spectrum::Axis;

/// Points at equal distances in cm⁻¹, from the first towards the last. Two curves on one grid can be compared.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct ResampleGrid {
    /// The first point in cm⁻¹; the default is 4,000.
    pub first_cm1: f64,
    /// No point lies beyond this one, in cm⁻¹; the default is 650, where the window of a diamond ATR with an MCT detector
    /// ends. Below the first for a grid that falls.
    pub last_cm1: f64,
    /// The distance of two points in cm⁻¹, above 0; the default is 4.
    pub step_cm1: f64,
}

impl Default for ResampleGrid {
    fn default() -> Self {
        Self { first_cm1: 4_000.0, last_cm1: 650.0, step_cm1: 4.0 }
    }
}

/// The most points of a grid.
const POINTS_LIMIT: f64 = 1_048_576.0;
/// The share of a step by which rounding may keep a point from the last place.
const ROUNDING: f64 = 1e-6;

impl ResampleGrid {
    /// From the first towards the last point, which is reached if it lies a whole number of steps away.
    #[must_use]
    pub fn new(first_cm1: f64, last_cm1: f64, step_cm1: f64) -> Self {
        Self { first_cm1, last_cm1, step_cm1 }
    }

    /// The axis, rising or falling from the first point.
    ///
    /// # Errors
    /// `InvalidOption` for ends that are not finite numbers, a step that is not above 0, and more than 1,048,576 points.
    pub fn axis(&self) -> Result<Axis> {
        let Self { first_cm1, last_cm1, step_cm1 } = *self;
        let steps = ((last_cm1 - first_cm1).abs() / step_cm1 + ROUNDING).floor();
        if !(step_cm1 > 0.0 && steps.is_finite() && steps < POINTS_LIMIT) {
            return Err(Error::invalid_option(format!(
                "a grid from {first_cm1} to {last_cm1} cm⁻¹ in steps of {step_cm1} cm⁻¹ is none of up to \
                 {POINTS_LIMIT} points"
            )));
        }
        let step = if last_cm1 < first_cm1 { -step_cm1 } else { step_cm1 };
        // Checked above: whole and not negative.
        Axis::uniform(first_cm1, first_cm1 + steps * step, steps as usize + 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_grid_rises_or_falls_and_ends_at_or_before_its_last_point() {
        let axis = ResampleGrid::new(650.0, 658.0, 4.0).axis().unwrap();
        assert_eq!(axis.points(), [650.0, 654.0, 658.0]);
        let axis = ResampleGrid::new(658.5, 650.0, 4.0).axis().unwrap();
        assert_eq!(axis.points(), [658.5, 654.5, 650.5]);
        assert_eq!(ResampleGrid::new(5.0, 5.0, 1.0).axis().unwrap().points(), [5.0]);
        assert_eq!(ResampleGrid::new(400.0, 400.0 + 0.1 * 3.0, 0.1).axis().unwrap().len(), 4);
        assert_eq!(ResampleGrid::default().axis().unwrap().len(), 838);
    }

    #[test]
    fn a_grid_without_end_is_refused() {
        for (first, last, step) in [
            (f64::NAN, 1.0, 1.0),
            (0.0, f64::INFINITY, 1.0),
            (0.0, 1.0, 0.0),
            (0.0, 1.0, -1.0),
            (0.0, 1.0, f64::NAN),
            (0.0, 1.0, f64::INFINITY),
            (0.0, 1.0, 1e-9),
        ] {
            assert!(ResampleGrid::new(first, last, step).axis().is_err(), "{first} {last} {step}");
        }
    }
}
