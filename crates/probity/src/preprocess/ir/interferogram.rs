//! From an interferogram to a single-beam spectrum.

use rustfft::num_complex::Complex;
use serde::{Deserialize, Serialize};

use super::apodization::Apodization;
use super::columns::check_column;
use super::fourier::forward;
use crate::error::{Error, Result};
use crate::math::{atan2, cos, sin};

/// How to transform.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct InterferogramOptions {
    /// The optical path between points in cm, above 0; the default is one wave of a helium-neon laser, 1 / 15798 cm.
    pub point_spacing_cm: f64,
    /// What the interferogram is multiplied by; the default is Happ-Genzel.
    pub apodization: Apodization,
    /// What its short double-sided part is multiplied by for the phase; the default is triangular.
    pub phase_apodization: Apodization,
    /// The number of points on each side of the centre burst that give the phase; the default, and the most, is all
    /// that the shorter side has.
    pub phase_half_width: Option<usize>,
    /// How many times longer zeros make the interferogram: 1, 2, 4, 8 or 16; the default is 2.
    pub zero_fill_factor: usize,
}

impl Default for InterferogramOptions {
    fn default() -> Self {
        Self {
            point_spacing_cm: 1.0 / 15_798.0,
            apodization: Apodization::default(),
            phase_apodization: Apodization::Triangular,
            phase_half_width: None,
            zero_fill_factor: 2,
        }
    }
}

impl InterferogramOptions {
    /// # Errors
    /// `InvalidOption` for a spacing that is not above 0, another zero filling, or a phase without points.
    fn check(&self) -> Result<()> {
        if !(self.point_spacing_cm > 0.0 && self.point_spacing_cm.is_finite()) {
            let message = format!("a spacing of {} cm between points makes no sense", self.point_spacing_cm);
            return Err(Error::invalid_option(message));
        }
        if !matches!(self.zero_fill_factor, 1 | 2 | 4 | 8 | 16) {
            let message = format!("zero filling by {} instead of 1, 2, 4, 8 or 16", self.zero_fill_factor);
            return Err(Error::invalid_option(message));
        }
        if self.phase_half_width == Some(0) {
            return Err(Error::invalid_option("the phase needs at least 1 point on each side"));
        }
        Ok(())
    }
}

/// A single-beam spectrum, from 0 to half the sampling frequency.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SingleBeam {
    /// Intensities in units of the interferogram; noise makes some negative.
    pub intensity: Vec<f64>,
    /// Their absolute values without phase correction, in which noise adds up.
    pub magnitude: Vec<f64>,
    /// The distance between points in cm⁻¹; the first lies at 0.
    pub step_cm1: f64,
    /// Where the centre burst lies: the point with the largest absolute value about the mean, of equal ones the first.
    pub zero_path_difference: usize,
    /// The number of points on each side that gave the phase.
    pub phase_half_width: usize,
    /// The number of points of the transform.
    pub transform_points: usize,
}

/// Mertz's method (Mertz, *Transformations in Optics*, 1965; Griffiths & de Haseth, *Fourier Transform Infrared
/// Spectrometry*, 4.3): the mean is taken off; a ramp from 0 at the first point to 1 as far behind the centre burst
/// weighs the part that was measured twice; apodization by |path| over the longer side; zeros; both the whole and the
/// short double-sided part are turned so that the burst comes first; I = Re cos φ + Im sin φ with φ of the short
/// part. φ comes from the two-argument arctangent: with one argument the sign would turn where φ passes ±90°. An
/// interferogram whose longer side comes first is read from its end.
///
/// # Errors
/// `InvalidOption` for options that make no sense; `Malformed` for values that are not finite, and an interferogram
/// without a point on both sides of its centre burst.
pub fn interferogram_to_single_beam(
    interferogram: &[f64],
    options: &InterferogramOptions,
) -> Result<SingleBeam> {
    options.check()?;
    check_column("the interferogram", interferogram, interferogram.len(), None)?;
    let count = interferogram.len();
    let mean = interferogram.iter().sum::<f64>() / count as f64;
    let mut values: Vec<f64> = interferogram.iter().map(|value| value - mean).collect();
    let zero_path_difference = burst(&values);
    let mut centre = zero_path_difference;
    if centre > count - centre {
        values.reverse();
        centre = count - 1 - centre;
    }
    let shorter = centre.min(count.saturating_sub(1 + centre));
    if shorter == 0 {
        return Err(Error::malformed("the interferogram has no points on both sides of its centre burst"));
    }
    let half_width = options.phase_half_width.unwrap_or(shorter).min(shorter);
    let transform_points = options.zero_fill_factor * (2 * (count - centre)).next_power_of_two();
    let longer = (count - 1 - centre) as f64;
    let whole = turned(&values, centre, transform_points, |distance| {
        let ramp = ((distance + centre as f64) / (2.0 * centre as f64)).min(1.0);
        ramp * options.apodization.factor(distance / longer)
    });
    let short = turned(&values, centre, transform_points, |distance| {
        options.phase_apodization.factor(distance / half_width as f64)
    });
    let kept = transform_points / 2 + 1;
    let (whole, short) = (forward(&whole), forward(&short));
    let corrected = |(whole, short): (&Complex<f64>, &Complex<f64>)| {
        let phase = atan2(short.im, short.re);
        whole.re * cos(phase) + whole.im * sin(phase)
    };
    let intensity: Vec<f64> = whole.iter().zip(&short).take(kept).map(corrected).collect();
    let magnitude: Vec<f64> = whole.iter().take(kept).map(|x| x.norm_sqr().sqrt()).collect();
    check_column("the single beam", &intensity, kept, None)?;
    check_column("the magnitude", &magnitude, kept, None)?;
    let step_cm1 = 1.0 / (transform_points as f64 * options.point_spacing_cm);
    let phase_half_width = half_width;
    Ok(SingleBeam {
        intensity,
        magnitude,
        step_cm1,
        zero_path_difference,
        phase_half_width,
        transform_points,
    })
}

/// The point with the largest absolute value, of equal ones the first.
fn burst(values: &[f64]) -> usize {
    let largest = values.iter().map(|value| value.abs()).fold(0.0, f64::max);
    values.iter().position(|value| value.abs() == largest).unwrap_or(0)
}

/// The weighted values with the centre first and what stands before it at the end, zeros between. There are at least
/// as many points as values.
fn turned(values: &[f64], centre: usize, points: usize, weight: impl Fn(f64) -> f64) -> Vec<Complex<f64>> {
    let mut out = vec![Complex::new(0.0, 0.0); points];
    for (number, value) in values.iter().enumerate() {
        let distance = number as f64 - centre as f64;
        out[(number + points - centre) % points].re += value * weight(distance);
    }
    out
}

#[cfg(test)]
mod tests {
    use std::f64::consts::PI;

    use super::super::fourier::tests::naive;
    use super::super::golden::cases;
    use super::*;
    use crate::preprocess::ms::tests::floats;

    #[test]
    fn golden_single_beams() {
        let all = cases("interferogram_mertz");
        for case in &all {
            let word = |name: &str| serde_json::from_value(case.params[name].clone()).unwrap();
            let options = InterferogramOptions {
                apodization: word("apodization"),
                phase_apodization: word("phase_apodization"),
                phase_half_width: Some(case.count("phase_half_width")),
                zero_fill_factor: case.count("zero_fill_factor"),
                ..Default::default()
            };
            let got = interferogram_to_single_beam(&case.column("interferogram"), &options).unwrap();
            assert_eq!(got.zero_path_difference, case.count("zpd"));
            assert_eq!(got.transform_points as u64, case.expected["N"].as_u64().unwrap());
            assert_eq!(got.phase_half_width, case.count("phase_half_width"));
            let stride = usize::try_from(case.expected["stride"].as_u64().unwrap()).unwrap();
            let every = |column: &[f64]| column.iter().step_by(stride).copied().collect::<Vec<f64>>();
            case.assert_expected(&every(&got.intensity), "spectrum");
            case.assert_expected(&every(&got.magnitude), "magnitude");
            assert!(floats(&case.expected["spectrum"]).len() > 200);
        }
        assert_eq!(all.len(), 12);
    }

    /// An interferogram of a known spectrum with a phase that passes 90°. Path 0 lies at point 40; the phase's slope
    /// moves the burst to about 39.4.
    fn synthetic(count: usize) -> (Vec<f64>, Vec<f64>) {
        let beam: Vec<f64> = (0..=256)
            .map(|k| {
                let x = f64::from(k) / 256.0;
                if k == 0 || k == 256 { 0.0 } else { x * (1.0 - x) * (1.2 + cos(9.0 * x)) }
            })
            .collect();
        let value = |j: usize| -> f64 {
            let path = j as f64 - 40.0;
            let wave = |(k, b): (usize, &f64)| {
                let phase = 1.9 * k as f64 / 256.0 + 0.4;
                b * cos(2.0 * PI * k as f64 * path / 512.0 + phase)
            };
            2.0 + beam.iter().enumerate().map(wave).sum::<f64>()
        };
        ((0..count).map(value).collect(), beam)
    }

    #[test]
    fn a_known_spectrum_returns_from_either_end() {
        let (interferogram, beam) = synthetic(290);
        let options = InterferogramOptions { zero_fill_factor: 1, ..Default::default() };
        let got = interferogram_to_single_beam(&interferogram, &options).unwrap();
        assert_eq!((got.zero_path_difference, got.transform_points), (39, 512));
        assert!((got.step_cm1 - 15_798.0 / 512.0).abs() < 1e-9);
        let top = beam.iter().copied().fold(0.0, f64::max);
        let scale = got.intensity[100] / beam[100];
        for (k, expected) in beam.iter().enumerate().take(245).skip(12) {
            assert!((got.intensity[k] / scale - expected).abs() < 0.01 * top, "{k}");
        }
        let backwards: Vec<f64> = interferogram.iter().rev().copied().collect();
        let turned = interferogram_to_single_beam(&backwards, &options).unwrap();
        assert_eq!(turned.zero_path_difference, 289 - 39);
        for (a, b) in got.intensity.iter().zip(&turned.intensity) {
            assert!((a - b).abs() < 1e-10 * scale);
        }
    }

    #[test]
    fn the_fast_transform_equals_the_naive_one() {
        let (interferogram, _) = synthetic(120);
        let points = turned(&interferogram, 40, 256, |_| 1.0);
        for (a, b) in forward(&points).iter().zip(naive(&points)) {
            assert!((a - b).norm_sqr().sqrt() < 1e-9);
        }
    }

    #[test]
    fn one_sided_and_broken_interferograms_are_errors() {
        let right = InterferogramOptions::default();
        for wrong in [&[][..], &[1.0], &[9.0, 1.0, 0.0], &[0.0, 1.0, 9.0], &[1.0; 8], &[0.0, f64::NAN, 1.0]] {
            assert!(interferogram_to_single_beam(wrong, &right).is_err(), "{wrong:?}");
        }
        let fine = [0.0, 1.0, 9.0, 1.0, 0.0];
        assert!(interferogram_to_single_beam(&fine, &right).is_ok());
        assert!(interferogram_to_single_beam(&[1e308, 1e308, -1e308, 0.0], &right).is_err());
        for options in [
            InterferogramOptions { zero_fill_factor: 3, ..right },
            InterferogramOptions { point_spacing_cm: 0.0, ..right },
            InterferogramOptions { phase_half_width: Some(0), ..right },
        ] {
            assert!(interferogram_to_single_beam(&fine, &options).is_err());
        }
    }
}
