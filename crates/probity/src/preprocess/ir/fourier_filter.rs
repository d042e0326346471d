//! Smooths a curve by damping its high frequencies.

use std::f64::consts::{LN_2, PI};

use serde::{Deserialize, Serialize};

use super::columns::check_column;
use super::fourier::filter_real;
use crate::error::{Error, Result};
use crate::math::{cos, exp};

/// How frequencies are damped. A cutoff is a share of the highest frequency (half a cycle a point), above 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum FourierWindow {
    /// 1 up to the cutoff, 0 beyond: rings beside sharp bands.
    Hard {
        /// The last share that stays.
        cutoff: f64,
    },
    /// exp(−ln 2 (u / cutoff)²): half at the cutoff.
    Gaussian {
        /// The share at which half stays.
        cutoff: f64,
    },
    /// 1 up to the cutoff, then half a cosine down to 0 at 1.5 times the cutoff.
    RaisedCosine {
        /// The last share that stays whole.
        cutoff: f64,
    },
    /// Convolution with a Gaussian of this standard deviation.
    GaussianWidth {
        /// The standard deviation in points, not negative.
        sigma_points: f64,
    },
}

/// What stands beyond the ends of the curve.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Extension {
    /// The curve mirrored, so that there is no step at the ends: the default.
    #[default]
    Reflect,
    /// The curve again from its other end, as the transform implies.
    Periodic,
}

/// How to smooth.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct FourierFilterOptions {
    /// How frequencies are damped; the default is a Gaussian that is half at 0.2.
    pub window: FourierWindow,
    /// What stands beyond the ends; the default is the curve mirrored.
    pub extension: Extension,
}

impl Default for FourierFilterOptions {
    fn default() -> Self {
        Self { window: FourierWindow::Gaussian { cutoff: 0.2 }, extension: Extension::default() }
    }
}

impl FourierFilterOptions {
    /// # Errors
    /// `InvalidOption` for a cutoff outside its range or a negative width.
    fn check(&self) -> Result<()> {
        match self.window {
            FourierWindow::Hard { cutoff }
            | FourierWindow::Gaussian { cutoff }
            | FourierWindow::RaisedCosine { cutoff } => {
                if !(cutoff > 0.0 && cutoff <= 1.0) {
                    return Err(Error::invalid_option(format!(
                        "a cutoff lies above 0 to 1, not at {cutoff}"
                    )));
                }
            }
            FourierWindow::GaussianWidth { sigma_points } => {
                if !(sigma_points >= 0.0 && sigma_points.is_finite()) {
                    let message = format!("a width of {sigma_points} points is no width");
                    return Err(Error::invalid_option(message));
                }
            }
        }
        Ok(())
    }
}

/// Smooths values at equal distances. The transform knows no gaps: fill or cut them first.
///
/// # Errors
/// `InvalidOption` for a cutoff outside its range or a negative width; `Malformed` for values that are not finite.
pub fn fourier_filter(values: &[f64], options: &FourierFilterOptions) -> Result<Vec<f64>> {
    options.check()?;
    check_column("the values", values, values.len(), None)?;
    if values.len() < 2 {
        return Ok(values.to_vec());
    }
    let mut extended = values.to_vec();
    if options.extension == Extension::Reflect {
        extended.extend(values.iter().rev());
    }
    let length = extended.len();
    let highest = length as f64 / 2.0;
    let mut smooth = filter_real(&extended, length, |number| {
        let share = number as f64 / highest;
        match options.window {
            FourierWindow::Hard { cutoff } => f64::from(u8::from(share <= cutoff)),
            FourierWindow::Gaussian { cutoff } => exp(-LN_2 * (share / cutoff) * (share / cutoff)),
            FourierWindow::RaisedCosine { cutoff } => raised_cosine(share, cutoff),
            FourierWindow::GaussianWidth { sigma_points } => {
                let angle = 2.0 * PI * sigma_points * number as f64 / length as f64;
                exp(-angle * angle / 2.0)
            }
        }
    });
    smooth.truncate(values.len());
    check_column("the smoothed values", &smooth, values.len(), None)?;
    Ok(smooth)
}

fn raised_cosine(share: f64, cutoff: f64) -> f64 {
    if share <= cutoff {
        1.0
    } else if share >= 1.5 * cutoff {
        0.0
    } else {
        0.5 * (1.0 + cos(PI * (share - cutoff) / (0.5 * cutoff)))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::golden::cases;
    use super::*;

    #[test]
    fn golden_filters() {
        let all = cases("fft_smooth");
        for case in &all {
            let window = match case.word("kind") {
                "hard" => FourierWindow::Hard { cutoff: case.number("cutoff") },
                "gaussian" => FourierWindow::Gaussian { cutoff: case.number("cutoff") },
                "raised_cosine" => FourierWindow::RaisedCosine { cutoff: case.number("cutoff") },
                _ => FourierWindow::GaussianWidth { sigma_points: case.number("sigma") },
            };
            let extension =
                if case.word("extend") == "reflect" { Extension::Reflect } else { Extension::Periodic };
            let got = fourier_filter(&case.column("y"), &FourierFilterOptions { window, extension }).unwrap();
            case.assert_expected(&got, "y");
        }
        assert_eq!(all.len(), 14);
    }

    #[test]
    fn few_points_stay_and_wrong_options_are_errors() {
        let options = FourierFilterOptions::default();
        assert_eq!(fourier_filter(&[], &options).unwrap(), Vec::<f64>::new());
        assert_eq!(fourier_filter(&[2.0], &options).unwrap(), [2.0]);
        assert!(fourier_filter(&[1.0, f64::NAN], &options).is_err());
        for cutoff in [0.0, -0.1, 1.1, f64::NAN] {
            for window in [
                FourierWindow::Hard { cutoff },
                FourierWindow::Gaussian { cutoff },
                FourierWindow::RaisedCosine { cutoff },
            ] {
                assert!(fourier_filter(&[1.0, 2.0], &FourierFilterOptions { window, ..options }).is_err());
            }
        }
        let window = FourierWindow::GaussianWidth { sigma_points: f64::INFINITY };
        assert!(fourier_filter(&[1.0, 2.0], &FourierFilterOptions { window, ..options }).is_err());
    }

    proptest! {
        #[test]
        fn the_sum_stays_and_a_hard_filter_is_idempotent(
            values in prop::collection::vec(-1.0..1.0_f64, 2..120),
            cutoff in 0.05..1.0_f64,
        ) {
            let window = FourierWindow::Hard { cutoff };
            let options = FourierFilterOptions { window, extension: Extension::Periodic };
            let once = fourier_filter(&values, &options).unwrap();
            let twice = fourier_filter(&once, &options).unwrap();
            for (a, b) in once.iter().zip(&twice) {
                prop_assert!((a - b).abs() < 1e-12);
            }
            prop_assert!((once.iter().sum::<f64>() - values.iter().sum::<f64>()).abs() < 1e-11);
        }
    }
}
