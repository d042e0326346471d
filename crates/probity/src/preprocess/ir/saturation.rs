//! Whether bands are cut off because too little light came through.

use serde::{Deserialize, Serialize};

use super::columns::{check_column, is_measured};
use crate::error::{Error, Result};

/// Where absorbance ends to be a measure.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct SaturationOptions {
    /// From this absorbance on a point counts as saturated, above 0; the default is 2, at which 1 % of the light comes
    /// through and stray light, detector and apodization begin to bend the law of Lambert and Beer (our choice).
    pub absorbance: f64,
    /// Up to this share of saturated points, 0 to 1, a spectrum is not flagged; the default is 0.01 (our choice).
    pub tolerated_share: f64,
}

impl Default for SaturationOptions {
    fn default() -> Self {
        Self { absorbance: 2.0, tolerated_share: 0.01 }
    }
}

/// How much of a spectrum is saturated.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Saturation {
    /// The number of measured points at or above the absorbance.
    pub saturated_points: usize,
    /// The number of points whose transmittance was raised to the floor, as the caller counted them.
    pub clamped_points: usize,
    /// The larger of the two numbers as a share of the measured points, 0 to 1; 0 of none.
    pub share: f64,
    /// The longest run of neighbours at or above the absorbance.
    pub longest_run: usize,
    /// Whether the share exceeds what is tolerated. Relative intensities of such a spectrum are no evidence against a
    /// candidate.
    pub flagged: bool,
}

/// Counts saturated points of an absorbance spectrum; `clamped_points` comes from the conversion of transmittance to
/// absorbance, 0 if there was none. It changes nothing.
///
/// # Errors
/// `InvalidOption` for an absorbance that is not above 0 or a share outside 0 to 1; `Malformed` for columns of
/// different lengths, values that are not finite, or more clamped than measured points.
pub fn saturation(
    absorbance: &[f64],
    measured: Option<&[bool]>,
    clamped_points: usize,
    options: &SaturationOptions,
) -> Result<Saturation> {
    let (limit, tolerated) = (options.absorbance, options.tolerated_share);
    if !(limit > 0.0 && limit.is_finite()) {
        return Err(Error::invalid_option(format!("an absorbance of {limit} is no saturation")));
    }
    if !(0.0..=1.0).contains(&tolerated) {
        return Err(Error::invalid_option(format!("a share lies from 0 to 1, not at {tolerated}")));
    }
    check_column("the absorbance", absorbance, absorbance.len(), measured)?;
    let (mut points, mut saturated_points, mut run, mut longest_run) = (0, 0, 0, 0);
    for (point, &value) in absorbance.iter().enumerate() {
        let known = is_measured(measured, point);
        points += usize::from(known);
        run = if known && value >= limit { run + 1 } else { 0 };
        saturated_points += usize::from(run > 0);
        longest_run = longest_run.max(run);
    }
    if clamped_points > points {
        return Err(Error::malformed(format!("{clamped_points} clamped of {points} measured points")));
    }
    let share = saturated_points.max(clamped_points) as f64 / points.max(1) as f64;
    let flagged = share > tolerated;
    Ok(Saturation { saturated_points, clamped_points, share, longest_run, flagged })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_runs_and_shares_are_counted() {
        let absorbance = [0.1, 2.0, 2.5, 0.3, 9.0, f64::NAN, 3.0, 0.0];
        let measured = [true, true, true, true, true, false, true, true];
        let options = SaturationOptions::default();
        let got = saturation(&absorbance, Some(&measured), 0, &options).unwrap();
        assert_eq!((got.saturated_points, got.longest_run, got.flagged), (4, 2, true));
        assert_eq!(got.share, 4.0 / 7.0);
        let tolerant = SaturationOptions { tolerated_share: 0.6, ..options };
        assert!(!saturation(&absorbance, Some(&measured), 0, &tolerant).unwrap().flagged);
        let clamped = saturation(&[0.1; 50], None, 1, &options).unwrap();
        assert_eq!((clamped.saturated_points, clamped.share, clamped.flagged), (0, 0.02, true));
    }

    #[test]
    fn nothing_is_not_saturated_and_wrong_options_are_errors() {
        let right = SaturationOptions::default();
        let none = saturation(&[], None, 0, &right).unwrap();
        assert_eq!((none.share, none.flagged), (0.0, false));
        assert!(saturation(&[0.1], None, 2, &right).is_err());
        assert!(saturation(&[f64::NAN], None, 0, &right).is_err());
        assert!(saturation(&[0.1], Some(&[]), 0, &right).is_err());
        for absorbance in [0.0, f64::NAN, f64::INFINITY] {
            assert!(saturation(&[0.1], None, 0, &SaturationOptions { absorbance, ..right }).is_err());
        }
        let options = SaturationOptions { tolerated_share: 1.1, ..right };
        assert!(saturation(&[0.1], None, 0, &options).is_err());
    }
}
