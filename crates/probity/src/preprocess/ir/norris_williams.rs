//! A gap derivative (Norris & Williams, Cereal Chem. 1984, 61, 158): the difference of two moving means a gap apart.

use serde::{Deserialize, Serialize};

use super::columns::{check_column, out_of_range};
use crate::error::{Error, Result};

/// Segment and gap.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct NorrisWilliamsOptions {
    /// Points of each mean, odd; the default is 5.
    pub window: usize,
    /// Points from the middle of one mean to that of the other, both counted: odd, from 3 (the default) on. They lie
    /// gap − 1 points apart.
    pub gap: usize,
    /// The distance of two points in the unit of the axis, negative where it falls; the default is 1.
    pub step: f64,
}

impl Default for NorrisWilliamsOptions {
    fn default() -> Self {
        Self { window: 5, gap: 3, step: 1.0 }
    }
}

/// The longest window and gap.
const WINDOW_LIMIT: usize = 1_001;

impl NorrisWilliamsOptions {
    fn check(&self) -> Result<()> {
        let Self { window, gap, step } = *self;
        if window % 2 == 0 || window > WINDOW_LIMIT {
            let message = format!("a window has an odd number of points up to {WINDOW_LIMIT}, not {window}");
            return Err(Error::invalid_option(message));
        }
        if gap < 3 || gap % 2 == 0 || gap > WINDOW_LIMIT {
            let message = format!("a gap has an odd number of points from 3 to {WINDOW_LIMIT}, not {gap}");
            return Err(Error::invalid_option(message));
        }
        if step == 0.0 || !step.is_finite() {
            return Err(Error::invalid_option(format!("{step} is no distance of two points")));
        }
        Ok(())
    }
}

/// The first derivative in units of the values per unit of the axis: (mean about i + (gap − 1) / 2 − mean about
/// i − (gap − 1) / 2) / ((gap − 1) · step). An end point stands for those beyond it, so that within half the gap and half
/// the window of the ends the slope is too small. Every point must have been measured.
///
/// # Errors
/// `InvalidOption` for options outside their range; `Malformed` for values, or a result, that are not finite.
pub fn norris_williams(values: &[f64], options: &NorrisWilliamsOptions) -> Result<Vec<f64>> {
    options.check()?;
    check_column("the values", values, values.len(), None)?;
    let Some(last) = values.len().checked_sub(1) else {
        return Ok(Vec::new());
    };
    let (half_window, half_gap) = (options.window / 2, options.gap / 2);
    let beyond = half_window + half_gap;
    let extended: Vec<f64> =
        (0..values.len() + 2 * beyond).map(|place| values[place.saturating_sub(beyond).min(last)]).collect();
    let sums: Vec<f64> = extended.windows(options.window).map(|window| window.iter().sum()).collect();
    let divisor = options.window as f64 * (options.gap - 1) as f64 * options.step;
    let slopes: Vec<f64> =
        sums.windows(options.gap).map(|gap| (gap[options.gap - 1] - gap[0]) / divisor).collect();
    if slopes.iter().all(|value| value.is_finite()) {
        Ok(slopes)
    } else {
        Err(out_of_range("the derivative"))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::golden::{Case, cases};
    use super::*;

    #[test]
    fn golden() {
        for case in cases("norris_williams") {
            let gap = case.count("gap");
            let options = NorrisWilliamsOptions { window: case.count("window"), gap, step: 1.0 };
            // chemotools divides by the points of the gap, one more than it is wide.
            let scale = (gap as f64 - 1.0) / gap as f64;
            for (row, expected) in Case::rows(&case.input["X"]).iter().zip(Case::rows(&case.expected["X"])) {
                let slopes: Vec<f64> =
                    norris_williams(row, &options).unwrap().iter().map(|slope| slope * scale).collect();
                case.assert_close(&slopes, &expected);
            }
        }
    }

    #[test]
    fn wrong_options_and_values_are_errors() {
        let good = NorrisWilliamsOptions::default();
        for wrong in [
            NorrisWilliamsOptions { window: 4, ..good },
            NorrisWilliamsOptions { window: 1_003, ..good },
            NorrisWilliamsOptions { gap: 1, ..good },
            NorrisWilliamsOptions { gap: 4, ..good },
            NorrisWilliamsOptions { gap: 1_003, ..good },
            NorrisWilliamsOptions { step: 0.0, ..good },
            NorrisWilliamsOptions { step: f64::NAN, ..good },
        ] {
            assert!(norris_williams(&[1.0; 9], &wrong).is_err(), "{wrong:?}");
        }
        assert!(norris_williams(&[1.0, f64::NAN], &good).is_err());
        assert!(norris_williams(&[f64::MAX; 9], &good).is_err());
        assert_eq!(norris_williams(&[], &good).unwrap(), Vec::<f64>::new());
        assert_eq!(norris_williams(&[3.0], &good).unwrap(), [0.0]);
    }

    proptest! {
        #[test]
        fn a_line_has_its_slope(
            slope in -2.0..2.0_f64,
            window in 0_usize..4,
            gap in 1_usize..5,
            step in prop_oneof![Just(-1.9), Just(4.0)],
        ) {
            let options = NorrisWilliamsOptions { window: 2 * window + 1, gap: 2 * gap + 1, step };
            let line: Vec<f64> = (0..40).map(|i| 7.0 + slope * step * f64::from(i)).collect();
            let slopes = norris_williams(&line, &options).unwrap();
            let beyond = window + gap;
            prop_assert!(slopes[beyond..40 - beyond].iter().all(|got| (got - slope).abs() < 1e-11));
        }
    }
}
