//! Centres and scales a curve by its own mean and spread.

use serde::{Deserialize, Serialize};

use super::columns::{check_column, map_measured, measured_values};
use crate::error::{Error, Result};

/// How the spread is counted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct SnvOptions {
    /// Taken from the number of points in the standard deviation: 0 (the default) or 1; texts differ.
    pub degrees_of_freedom_lost: usize,
}

/// What the robust variant takes for the baseline.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct RobustOptions {
    /// Centre and spread come from the values up to this percentile, above 0 to 100; the default is 25.
    pub percentile: f64,
    /// Added to the spread, in units of the values; the default of 1e-10 is that of chemotools.
    pub added_to_spread: f64,
}

impl Default for RobustOptions {
    fn default() -> Self {
        Self { percentile: 25.0, added_to_spread: 1e-10 }
    }
}

/// A centred and scaled curve.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct NormalVariate {
    /// (value − centre) / spread, without unit.
    pub values: Vec<f64>,
    /// What was taken off, in units of the values.
    pub centre: f64,
    /// What was divided by, in units of the values; above 0.
    pub spread: f64,
}

/// Standard normal variate: (value − mean) / standard deviation over the measured points (Barnes, Dhanoa & Lister,
/// Appl. Spectrosc. 1989, 43, 772).
///
/// # Errors
/// `InvalidOption` for more than 1 lost degree of freedom; `Malformed` for columns of different lengths, values that
/// are not finite, fewer than 2 points, and a curve without spread.
pub fn standard_normal_variate(
    values: &[f64],
    measured: Option<&[bool]>,
    options: &SnvOptions,
) -> Result<NormalVariate> {
    let lost = options.degrees_of_freedom_lost;
    if lost > 1 {
        return Err(Error::invalid_option(format!("{lost} lost degrees of freedom instead of 0 or 1")));
    }
    check_column("the values", values, values.len(), measured)?;
    let points = measured_values(values, measured);
    if points.len() < 2 {
        return Err(Error::malformed(format!("{} points have no standard deviation", points.len())));
    }
    let (mean, deviation) = mean_and_deviation(&points, lost);
    scaled(values, measured, mean, deviation)
}

/// Robust normal variate: as the standard one, with the percentile for the mean and the standard deviation of the
/// values up to it, so that strong bands do not push the baseline down (Guo, Wu & Massart, Anal. Chim. Acta 1999,
/// 382, 87). The percentile is interpolated linearly between order statistics.
///
/// # Errors
/// `InvalidOption` for a percentile outside 0 to 100 or an addition that is negative or not finite; `Malformed` as for
/// [`standard_normal_variate`].
pub fn robust_normal_variate(
    values: &[f64],
    measured: Option<&[bool]>,
    options: &RobustOptions,
) -> Result<NormalVariate> {
    let RobustOptions { percentile, added_to_spread } = *options;
    if !(percentile > 0.0 && percentile <= 100.0) {
        return Err(Error::invalid_option(format!("a percentile lies above 0 to 100, not at {percentile}")));
    }
    if !(added_to_spread >= 0.0 && added_to_spread.is_finite()) {
        return Err(Error::invalid_option(format!("{added_to_spread} cannot be added to the spread")));
    }
    check_column("the values", values, values.len(), measured)?;
    let mut sorted = measured_values(values, measured);
    sorted.sort_by(f64::total_cmp);
    if sorted.len() < 2 {
        return Err(Error::malformed(format!("{} points have no spread", sorted.len())));
    }
    let position = percentile / 100.0 * (sorted.len() as f64 - 1.0);
    let lower = position.floor() as usize;
    let upper = (lower + 1).min(sorted.len() - 1);
    let centre = sorted[lower] + (position - lower as f64) * (sorted[upper] - sorted[lower]);
    // In the order of the curve, as the sum's last bit depends on it.
    let below: Vec<f64> =
        measured_values(values, measured).into_iter().filter(|&value| value <= centre).collect();
    let (_, deviation) = mean_and_deviation(&below, 0);
    scaled(values, measured, centre, deviation + added_to_spread)
}

fn mean_and_deviation(points: &[f64], lost: usize) -> (f64, f64) {
    let mean = points.iter().sum::<f64>() / points.len() as f64;
    let squares: f64 = points.iter().map(|value| (value - mean) * (value - mean)).sum();
    (mean, (squares / (points.len() as f64 - lost as f64)).sqrt())
}

fn scaled(values: &[f64], measured: Option<&[bool]>, centre: f64, spread: f64) -> Result<NormalVariate> {
    // Of equal values, rounding of the mean alone would be scaled up.
    let rounding = 4.0 * f64::EPSILON * centre.abs();
    if spread.partial_cmp(&rounding) != Some(std::cmp::Ordering::Greater) {
        return Err(Error::malformed("a constant curve cannot be scaled by its spread"));
    }
    let values =
        map_measured(values, measured, "scaling by the spread", |_, value| (value - centre) / spread)?;
    Ok(NormalVariate { values, centre, spread })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::golden::{Case, cases};
    use super::*;

    #[test]
    fn golden_standard_normal_variates() {
        let mut compared = 0;
        for case in cases("snv") {
            let options = SnvOptions { degrees_of_freedom_lost: case.count("ddof") };
            for (row, expected) in Case::rows(&case.input["X"]).iter().zip(Case::rows(&case.expected["X"])) {
                case.assert_close(&standard_normal_variate(row, None, &options).unwrap().values, &expected);
                compared += 1;
            }
        }
        assert_eq!(compared, 12);
    }

    #[test]
    fn golden_robust_normal_variates() {
        let mut compared = 0;
        for case in cases("rnv") {
            let options = RobustOptions { percentile: case.number("percentile"), ..Default::default() };
            for (row, expected) in Case::rows(&case.input["X"]).iter().zip(Case::rows(&case.expected["X"])) {
                case.assert_close(&robust_normal_variate(row, None, &options).unwrap().values, &expected);
                compared += 1;
            }
        }
        assert_eq!(compared, 6);
    }

    #[test]
    fn what_has_no_spread_is_an_error() {
        let robust = RobustOptions { added_to_spread: 0.0, ..Default::default() };
        for wrong in [&[][..], &[1.0], &[0.1; 7], &[1.0, f64::NAN], &[0.0; 3]] {
            assert!(standard_normal_variate(wrong, None, &SnvOptions::default()).is_err(), "{wrong:?}");
            assert!(robust_normal_variate(wrong, None, &robust).is_err(), "{wrong:?}");
        }
        let values = [1.0, 2.0, 4.0];
        assert!(standard_normal_variate(&values, None, &SnvOptions { degrees_of_freedom_lost: 2 }).is_err());
        for percentile in [0.0, 101.0, f64::NAN] {
            let options = RobustOptions { percentile, ..Default::default() };
            assert!(robust_normal_variate(&values, None, &options).is_err());
        }
    }

    #[test]
    fn missing_points_neither_count_nor_return() {
        let got = standard_normal_variate(
            &[1.0, f64::INFINITY, 3.0],
            Some(&[true, false, true]),
            &SnvOptions::default(),
        )
        .unwrap();
        assert_eq!((got.values, got.centre, got.spread), (vec![-1.0, 0.0, 1.0], 2.0, 1.0));
    }

    proptest! {
        #[test]
        fn offset_and_scale_change_nothing(
            values in prop::collection::vec(-1.0..1.0_f64, 3..60),
            offset in -2.0..2.0_f64,
            scale in 0.1..9.0_f64,
        ) {
            let moved: Vec<f64> = values.iter().map(|value| offset + scale * value).collect();
            let options = SnvOptions::default();
            if let (Ok(a), Ok(b)) =
                (standard_normal_variate(&values, None, &options), standard_normal_variate(&moved, None, &options))
            {
                prop_assume!(a.spread > 1e-3);
                for (a, b) in a.values.iter().zip(&b.values) {
                    prop_assert!((a - b).abs() < 1e-10);
                }
            }
        }
    }
}
