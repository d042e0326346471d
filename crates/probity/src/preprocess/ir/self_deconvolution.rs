//! Narrows bands for the eye.

use std::f64::consts::PI;

use serde::{Deserialize, Serialize};

use super::apodization::Apodization;
use super::columns::{check_column, out_of_range, uniform_step};
use super::fourier::filter_real;
use crate::error::{Error, Result};
use crate::math::exp;

/// The most that noise may be raised: e^(1.2π · 10) is 2 · 10¹⁶.
const LARGEST_ENHANCEMENT: f64 = 10.0;

/// How wide bands are thought to be, and how much narrower they become.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct SelfDeconvolutionOptions {
    /// σ, the half width at half height of a Lorentzian band in cm⁻¹, above 0; usual are 5 to 13, the default is 6.5.
    pub half_width_cm1: f64,
    /// K, how many times narrower bands become, above 0 to 10; usual are 1.5 to 2.5, the default is 1.5.
    pub enhancement: f64,
    /// The shape that bands are given; the default is Bessel's (1 − u²)².
    pub apodization: Apodization,
}

impl Default for SelfDeconvolutionOptions {
    fn default() -> Self {
        Self { half_width_cm1: 6.5, enhancement: 1.5, apodization: Apodization::Bessel }
    }
}

/// Fourier self-deconvolution: the transform of the curve, followed by zeros up to the next power of two from twice its
/// points, is multiplied by exp(2πσd) · apodization(d / L), d the distance in cm, L = 0.6 K / σ, and transformed back
/// (Kauppinen, Moffatt, Mantsch & Cameron, Appl. Spectrosc. 1981, 35, 271).
///
/// **For display only.** Noise grows by up to e^(3.8 K), and a band narrower than σ gets negative lobes that look like
/// bands: no search and no decision may rest on the result. No recipe has this step.
///
/// # Errors
/// `InvalidOption` for a width or enhancement outside its range; `Malformed` for an axis that is not uniform, columns
/// of different lengths, values that are not finite, or a result that is not.
pub fn self_deconvolution(
    wavenumber: &[f64],
    values: &[f64],
    options: &SelfDeconvolutionOptions,
) -> Result<Vec<f64>> {
    let (sigma, enhancement) = (options.half_width_cm1, options.enhancement);
    if !(sigma > 0.0 && sigma.is_finite()) {
        return Err(Error::invalid_option(format!("a half width of {sigma} cm⁻¹ is no width")));
    }
    if !(enhancement > 0.0 && enhancement <= LARGEST_ENHANCEMENT) {
        let message = format!("an enhancement lies above 0 to {LARGEST_ENHANCEMENT}, not at {enhancement}");
        return Err(Error::invalid_option(message));
    }
    let step = uniform_step(wavenumber)?.abs();
    check_column("the values", values, wavenumber.len(), None)?;
    let longest_cm = 0.6 * enhancement / sigma;
    let length = (2 * values.len()).next_power_of_two();
    let narrowed = filter_real(values, length, |number| {
        let distance_cm = number as f64 / (length as f64 * step);
        let factor = options.apodization.factor(distance_cm / longest_cm);
        // Beyond L the exponential could overflow.
        if factor > 0.0 { exp(2.0 * PI * sigma * distance_cm) * factor } else { 0.0 }
    });
    if narrowed.iter().all(|value| value.is_finite()) {
        Ok(narrowed)
    } else {
        Err(out_of_range("the self-deconvolution"))
    }
}

#[cfg(test)]
mod tests {
    use super::super::golden::cases;
    use super::*;

    #[test]
    fn golden_curves() {
        let all = cases("fourier_self_deconvolution");
        for case in &all {
            assert_eq!(case.word("apodization"), "bessel");
            let y = case.column("y");
            let axis: Vec<f64> = (0..y.len()).map(|i| 1_000.0 + case.number("dx") * i as f64).collect();
            let options = SelfDeconvolutionOptions {
                half_width_cm1: case.number("sigma_hwhm"),
                enhancement: case.number("K"),
                apodization: Apodization::Bessel,
            };
            case.assert_expected(&self_deconvolution(&axis, &y, &options).unwrap(), "y");
        }
        assert_eq!(all.len(), 3);
    }

    /// A Lorentzian of the stated width becomes the line shape of the apodization: narrower, of the same area.
    #[test]
    fn a_lorentzian_narrows_and_keeps_its_area() {
        let axis: Vec<f64> = (0..2_000).map(|i| 3_000.0 - f64::from(i)).collect();
        let y: Vec<f64> = axis.iter().map(|x| 1.0 / (1.0 + (x - 2_000.0) * (x - 2_000.0) / 64.0)).collect();
        let options =
            SelfDeconvolutionOptions { half_width_cm1: 8.0, enhancement: 2.0, ..Default::default() };
        let narrow = self_deconvolution(&axis, &y, &options).unwrap();
        let above_half = |y: &[f64]| {
            let top = y.iter().copied().fold(0.0, f64::max);
            y.iter().filter(|&&value| value > top / 2.0).count()
        };
        assert_eq!((above_half(&y), above_half(&narrow)), (15, 7));
        let areas = (y.iter().sum::<f64>(), narrow.iter().sum::<f64>());
        assert!((areas.0 - areas.1).abs() < 0.02 * areas.0, "{areas:?}");
    }

    #[test]
    fn wrong_options_and_axes_are_errors() {
        let right = SelfDeconvolutionOptions::default();
        let (axis, y) = ([1.0, 2.0, 3.0], [0.0, 1.0, 0.0]);
        assert!(self_deconvolution(&axis, &y, &right).is_ok());
        for options in [
            SelfDeconvolutionOptions { half_width_cm1: 0.0, ..right },
            SelfDeconvolutionOptions { half_width_cm1: f64::NAN, ..right },
            SelfDeconvolutionOptions { enhancement: 11.0, ..right },
        ] {
            assert!(self_deconvolution(&axis, &y, &options).is_err());
        }
        assert!(self_deconvolution(&[1.0, 2.0, 4.0], &y, &right).is_err());
        assert!(self_deconvolution(&axis, &[0.0, f64::NAN, 0.0], &right).is_err());
        assert!(self_deconvolution(&[], &[], &right).is_err());
    }
}
