//! Makes a spectrum of attenuated total reflection look like one in transmission: the simple way.

use std::f64::consts::PI;

use serde::{Deserialize, Serialize};

use super::columns::{check_column, map_measured, measured_values};
use super::fresnel::check_crystal;
use crate::error::{Error, Result};
use crate::math::sin;

/// What the absorbance is multiplied by.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum AtrScale {
    /// ν / reference: the penetration depth falls with the wavenumber.
    Wavenumber {
        /// Where the absorbance stays, in cm⁻¹, above 0.
        reference_cm1: f64,
    },
    /// As Thermo GRAMS does it: the least value is taken off, and the rest divided by the penetration depth, whose
    /// largest is 1 (page 13230 of its help).
    PenetrationDepth,
}

/// Crystal and sample.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct AtrOptions {
    /// The crystal's refractive index; the default is diamond's 2.40 (ZnSe 2.43, germanium 4.01).
    pub crystal_index: f64,
    /// The sample's refractive index; the default of 1.5 suits organic matter.
    pub sample_index: f64,
    /// The angle of incidence in degrees; the default is 45.
    pub angle_degrees: f64,
    /// The default multiplies by ν / 1000 cm⁻¹.
    pub scale: AtrScale,
}

impl Default for AtrOptions {
    fn default() -> Self {
        Self {
            crystal_index: 2.40,
            sample_index: 1.5,
            angle_degrees: 45.0,
            scale: AtrScale::Wavenumber { reference_cm1: 1_000.0 },
        }
    }
}

impl AtrOptions {
    /// √(sin² θ − (n₂/n₁)²), above 0.
    ///
    /// # Errors
    /// `InvalidOption` for a crystal or sample that makes no sense, or an angle at which light leaves the crystal.
    fn decay(&self) -> Result<f64> {
        check_crystal(self.crystal_index, self.angle_degrees)?;
        if let AtrScale::Wavenumber { reference_cm1 } = self.scale
            && !(reference_cm1 > 0.0 && reference_cm1.is_finite())
        {
            return Err(Error::invalid_option(format!("{reference_cm1} cm⁻¹ is no reference wavenumber")));
        }
        let sine = sin(self.angle_degrees.to_radians());
        let ratio = self.sample_index / self.crystal_index;
        let square = sine * sine - ratio * ratio;
        if self.sample_index > 0.0 && square > 0.0 {
            return Ok(square.sqrt());
        }
        Err(Error::invalid_option(format!(
            "there is no total reflection at {} degrees between indices {} and {}",
            self.angle_degrees, self.crystal_index, self.sample_index
        )))
    }
}

/// How deep the field reaches into the sample, to 1/e of its amplitude, in µm: 10⁴ / (2π n₁ ν √(sin² θ − (n₂/n₁)²))
/// (Harrick, J. Opt. Soc. Am. 1965, 55, 851).
///
/// # Errors
/// `InvalidOption` for options that make no sense or give no total reflection; `Malformed` for wavenumbers that are not
/// finite or not above 0.
pub fn penetration_depth_um(wavenumber: &[f64], options: &AtrOptions) -> Result<Vec<f64>> {
    let decay = options.decay()?;
    check_column("the axis", wavenumber, wavenumber.len(), None)?;
    if wavenumber.iter().any(|&wavenumber| wavenumber <= 0.0) {
        return Err(Error::malformed("a wavenumber is not above 0"));
    }
    map_measured(wavenumber, None, "the penetration depth", |_, nu| {
        1e4 / (2.0 * PI * options.crystal_index * nu * decay)
    })
}

/// Corrects absorbance for the penetration depth. Bands stay where they are: the shift to lower wavenumbers and the
/// derivative shapes that the refractive index gives to strong bands need
/// [`atr_correction_advanced`](super::atr_correction_advanced()).
///
/// # Errors
/// As [`penetration_depth_um`]; `Malformed` for columns of different lengths or values that are not finite.
pub fn atr_correction(
    wavenumber: &[f64],
    absorbance: &[f64],
    measured: Option<&[bool]>,
    options: &AtrOptions,
) -> Result<Vec<f64>> {
    let depth = penetration_depth_um(wavenumber, options)?;
    check_column("the absorbance", absorbance, wavenumber.len(), measured)?;
    let what = "the ATR correction";
    match options.scale {
        AtrScale::Wavenumber { reference_cm1 } => map_measured(absorbance, measured, what, |point, value| {
            value * (wavenumber[point] / reference_cm1)
        }),
        AtrScale::PenetrationDepth => {
            let least = measured_values(absorbance, measured).into_iter().fold(f64::INFINITY, f64::min);
            let deepest = measured_values(&depth, measured).into_iter().fold(0.0, f64::max);
            map_measured(absorbance, measured, what, |point, value| {
                (value - least) / (depth[point] / deepest)
            })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::golden::cases;
    use super::*;

    #[test]
    fn golden_depths_and_corrections() {
        let all = cases("atr_simple");
        for case in &all {
            let options = AtrOptions {
                crystal_index: case.number("n1"),
                sample_index: case.number("n2"),
                angle_degrees: case.number("theta_deg"),
                scale: AtrScale::Wavenumber { reference_cm1: case.number("nu_ref") },
            };
            let (x, y) = (case.column("x"), case.column("y"));
            case.assert_expected(&penetration_depth_um(&x, &options).unwrap(), "dp_um");
            case.assert_expected(&atr_correction(&x, &y, None, &options).unwrap(), "y_ratio");
            let grams = AtrOptions { scale: AtrScale::PenetrationDepth, ..options };
            case.assert_expected(&atr_correction(&x, &y, None, &grams).unwrap(), "y_grams");
        }
        assert_eq!(all.len(), 3);
    }

    #[test]
    fn wrong_optics_and_columns_are_errors() {
        let right = AtrOptions::default();
        for options in [
            AtrOptions { crystal_index: 1.6, ..right },
            AtrOptions { sample_index: f64::NAN, ..right },
            AtrOptions { angle_degrees: 90.0, ..right },
            AtrOptions { scale: AtrScale::Wavenumber { reference_cm1: 0.0 }, ..right },
        ] {
            assert!(atr_correction(&[900.0], &[0.1], None, &options).is_err(), "{options:?}");
        }
        assert!(atr_correction(&[900.0], &[0.1, 0.2], None, &right).is_err());
        assert!(atr_correction(&[0.0], &[0.1], None, &right).is_err());
        assert!(atr_correction(&[1e-310], &[0.1], None, &right).is_err());
        assert!(atr_correction(&[900.0], &[f64::NAN], None, &right).is_err());
        assert_eq!(atr_correction(&[], &[], None, &right).unwrap(), Vec::<f64>::new());
        let grams = AtrOptions { scale: AtrScale::PenetrationDepth, ..right };
        let mask = [false, true, true];
        let got = atr_correction(&[500.0, 1e3, 2e3], &[-9.0, 0.1, 0.3], Some(&mask), &grams).unwrap();
        assert_eq!(got[..2], [0.0, 0.0]);
        assert!((got[2] - 0.4).abs() < 1e-15);
    }
}
