//! What the numbers of a curve count.

use serde::{Deserialize, Serialize};

/// The unit of an axis.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum AxisUnit {
    /// Wavenumber in cm⁻¹.
    Wavenumber,
    /// Distance from the exciting line in cm⁻¹, of a Raman spectrum.
    RamanShift,
    /// Wavelength in µm.
    Micrometre,
    /// Wavelength in nm.
    Nanometre,
    /// Optical retardation in cm, of an interferogram.
    RetardationCm,
    /// The number of a point.
    Point,
    /// Another unit, as the source names it.
    Other(String),
}

/// The unit of a curve's values.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ValueUnit {
    /// Absorbance: −log₁₀ of the transmittance.
    Absorbance,
    /// Transmittance as a fraction, usually from 0 to 1.
    Transmittance,
    /// Transmittance in per cent.
    PercentTransmittance,
    /// Reflectance as a fraction.
    Reflectance,
    /// Reflectance in per cent.
    PercentReflectance,
    /// −log₁₀ of the reflectance.
    LogInverseReflectance,
    /// Kubelka-Munk units.
    KubelkaMunk,
    /// Intensity of a Raman spectrum.
    RamanIntensity,
    /// The signal of a detector in V.
    Volt,
    /// Whatever the instrument counts.
    Arbitrary,
    /// Another unit, as the source names it.
    Other(String),
}
