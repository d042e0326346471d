//! Peaks weighted by powers of m/z and intensity.

use super::unit_mass::UnitMassSpectrum;
use crate::error::{Error, Result};
use crate::math::pow;

/// How peaks are weighted before they are compared: (m/z)^`mz_power` · intensity^`intensity_power`
/// (Stein and Scott, J Am Soc Mass Spectrom 5:859, 1994).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PeakWeights {
    /// Power of m/z, 0 to 10.
    pub mz_power: f64,
    /// Power of intensity, above 0 and at most 10.
    pub intensity_power: f64,
}

/// A unit-mass spectrum with the weight of each peak.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct WeightedSpectrum {
    mz: Vec<u32>,
    weight: Vec<f64>,
}

impl PeakWeights {
    /// Checks the powers.
    ///
    /// # Errors
    /// `InvalidOption` for a power outside its range.
    pub fn checked(self) -> Result<Self> {
        let sound = (0.0..=10.0).contains(&self.mz_power)
            && self.intensity_power > 0.0
            && self.intensity_power <= 10.0;
        if sound {
            Ok(self)
        } else {
            Err(Error::invalid_option(
                "mz_power must lie from 0 to 10, and intensity_power above 0 and at most 10",
            ))
        }
    }

    /// The weights of all peaks, of intensities relative to the base peak: counts and percent give the
    /// same numbers, and no sum of squares can overflow.
    #[must_use]
    pub fn weigh(self, spectrum: &UnitMassSpectrum) -> WeightedSpectrum {
        let base = spectrum.intensity().iter().copied().fold(0.0, f64::max);
        let weight = spectrum
            .mz()
            .iter()
            .zip(spectrum.intensity())
            .map(|(&mz, &intensity)| {
                if intensity > 0.0 {
                    pow(f64::from(mz), self.mz_power) * pow(intensity / base, self.intensity_power)
                } else {
                    0.0
                }
            })
            .collect();
        WeightedSpectrum { mz: spectrum.mz().to_vec(), weight }
    }
}

impl WeightedSpectrum {
    /// All m/z, ascending.
    #[must_use]
    pub fn mz(&self) -> &[u32] {
        &self.mz
    }

    /// All weights, in the order of the m/z.
    #[must_use]
    pub fn weight(&self) -> &[f64] {
        &self.weight
    }

    /// The lowest m/z; `u32::MAX` without peaks, so that nothing is in range.
    #[must_use]
    pub fn first_mz(&self) -> u32 {
        self.mz.first().copied().unwrap_or(u32::MAX)
    }
}
