//! Regions of the wavenumber axis that count more, less or not at all.

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};

/// A region and how much its points count.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WeightedRegion {
    /// Its lower end, in cm⁻¹; a point there is inside.
    pub low_cm1: f64,
    /// Its upper end, in cm⁻¹; a point there is inside.
    pub high_cm1: f64,
    /// How much each point inside counts, from 0.
    pub weight: f64,
}

/// The weight of each point of an axis: that of the last region that holds it, 0 outside of all.
///
/// # Errors
/// `InvalidOption` for a region whose ends are not finite or in the wrong order, or a weight that is negative
/// or not finite.
pub fn region_weights(wavenumber_cm1: &[f64], regions: &[WeightedRegion]) -> Result<Vec<f64>> {
    for region in regions {
        let WeightedRegion { low_cm1, high_cm1, weight } = *region;
        let ends = low_cm1.is_finite() && high_cm1.is_finite() && low_cm1 <= high_cm1;
        if !(ends && weight.is_finite() && weight >= 0.0) {
            let message = format!(
                "a region needs a lower and a higher end and a weight from 0, not {low_cm1} to {high_cm1} cm⁻¹ \
                 with weight {weight}"
            );
            return Err(Error::invalid_option(message));
        }
    }
    let weight = |&wavenumber: &f64| {
        let holds = |region: &&WeightedRegion| (region.low_cm1..=region.high_cm1).contains(&wavenumber);
        regions.iter().rev().find(holds).map_or(0.0, |region| region.weight)
    };
    Ok(wavenumber_cm1.iter().map(weight).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn region(low_cm1: f64, high_cm1: f64, weight: f64) -> WeightedRegion {
        WeightedRegion { low_cm1, high_cm1, weight }
    }

    #[test]
    fn ends_are_inside_and_the_last_region_counts() {
        let axis = [2_000.0, 1_800.0, 1_700.0, 1_600.0, 600.0];
        let weights = region_weights(&axis, &[region(700.0, 1_800.0, 1.0), region(1_600.0, 1_700.0, 3.0)]);
        assert_eq!(weights.unwrap(), [0.0, 1.0, 3.0, 3.0, 0.0]);
        assert_eq!(region_weights(&axis, &[]).unwrap(), [0.0; 5]);
    }

    #[test]
    fn regions_that_make_no_sense_are_refused() {
        for wrong in [region(2.0, 1.0, 1.0), region(f64::NAN, 1.0, 1.0), region(1.0, 2.0, -1.0)] {
            assert!(region_weights(&[1.0], &[wrong]).is_err());
        }
        assert!(region_weights(&[1.0], &[region(1.0, 2.0, f64::INFINITY)]).is_err());
    }
}
