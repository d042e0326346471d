//! How good an infrared spectrum is, before any comparison.

use serde::Serialize;

use crate::error::Result;
use crate::preprocess::ir::{
    Noise, NoiseOptions, OrdinateOptions, Saturation, SaturationOptions, noise, saturation,
};
use crate::preprocess::{Recipe, Step};
use crate::spectrum::{Curve, InfraredTechnique};

/// Where a diamond does not absorb, in cm⁻¹: noise of ATR spectra is read here.
const BESIDE_DIAMOND_CM1: (f64, f64) = (2_500.0, 2_650.0);

/// Below this ratio of height to noise a spectrum is flagged (our choice): bands of a thirtieth of the height drown.
const LEAST_SIGNAL_TO_NOISE: f64 = 30.0;

/// The quality of an infrared spectrum as measured, in absorbance.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct CurveQuality {
    /// Bands through which too little light came.
    pub saturation: Saturation,
    /// Estimates of the noise, in absorbance.
    pub noise: Noise,
    /// The highest less the lowest absorbance, over the noise's root mean square in a window without bands, or where that
    /// was not measured over the noise of second differences; absent without an estimate above 0.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub signal_to_noise: Option<f64>,
}

impl CurveQuality {
    /// The quality of a spectrum.
    ///
    /// # Errors
    /// As [`Recipe::apply_to_curve`] for what is no infrared spectrum or has no absorbance.
    pub(super) fn of(curve: &Curve) -> Result<Self> {
        let transmittance_floor = OrdinateOptions::default().transmittance_floor;
        let to_absorbance = Recipe::try_new(vec![Step::ConvertToAbsorbance { transmittance_floor }])?;
        let absorbance = to_absorbance.apply_to_curve(curve)?;
        let mut options = NoiseOptions::default();
        if curve.acquired().technique == Some(InfraredTechnique::AttenuatedTotalReflection) {
            options.window_cm1 = BESIDE_DIAMOND_CM1;
        }
        let (x, y, measured) =
            (&absorbance.wavenumber_cm1, &absorbance.values, Some(&absorbance.measured[..]));
        let noise = noise(x, y, measured, &options)?;
        let saturation = saturation(y, measured, absorbance.clamped_points, &SaturationOptions::default())?;
        let known =
            || y.iter().zip(&absorbance.measured).filter(|(_, known)| **known).map(|(value, _)| *value);
        let height = known().fold(f64::NEG_INFINITY, f64::max) - known().fold(f64::INFINITY, f64::min);
        let of_noise = noise.root_mean_square.or(noise.of_second_differences).filter(|&noise| noise > 0.0);
        let signal_to_noise = of_noise.map(|noise| height / noise).filter(|ratio| ratio.is_finite());
        Ok(Self { saturation, noise, signal_to_noise })
    }

    /// Whether noise may hide bands or make them.
    #[must_use]
    pub fn is_noisy(&self) -> bool {
        self.signal_to_noise.is_some_and(|ratio| ratio < LEAST_SIGNAL_TO_NOISE)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spectrum::{Axis, AxisUnit, CurveKind, ValueUnit};

    /// One band of the given height at 1,000 cm⁻¹, and a zigzag of the given size.
    fn curve(height: f64, zigzag: f64) -> Curve {
        let axis = Axis::uniform(4_000.0, 400.0, 1_801).unwrap();
        let value = |(point, x): (usize, f64)| {
            let distance = (x - 1_000.0) / 10.0;
            height / (1.0 + distance * distance) + if point % 2 == 0 { zigzag } else { -zigzag }
        };
        let values = axis.points().into_iter().enumerate().map(value).collect();
        let axis = (axis, AxisUnit::Wavenumber);
        Curve::try_new(CurveKind::Spectrum, axis, (values, ValueUnit::Absorbance)).unwrap()
    }

    #[test]
    fn noise_and_saturation_are_told_apart() {
        let good = CurveQuality::of(&curve(1.0, 0.001)).unwrap();
        // A zigzag of 0.001 has this root mean square.
        let ratio = good.signal_to_noise.unwrap();
        assert!((900.0..1_100.0).contains(&ratio), "{ratio}");
        assert!(!good.is_noisy() && !good.saturation.flagged);
        assert!(CurveQuality::of(&curve(1.0, 0.05)).unwrap().is_noisy());
        assert!(CurveQuality::of(&curve(40.0, 0.001)).unwrap().saturation.flagged);
        assert_eq!(CurveQuality::of(&curve(0.0, 0.0)).unwrap().signal_to_noise, None);
    }
}
