//! How a curve was acquired, as far as its source states it.

use serde::{Deserialize, Serialize};

/// How the sample met the infrared light.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum InfraredTechnique {
    /// Through the sample: a pellet, a film, a mull, a cell.
    Transmission,
    /// Attenuated total reflection.
    AttenuatedTotalReflection,
    /// Diffuse reflection (DRIFTS).
    DiffuseReflection,
    /// Specular reflection or reflection-absorption.
    SpecularReflection,
    /// Through a gas.
    GasPhase,
}

/// Acquisition metadata of a curve; every field is absent unless the source states it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct CurveAcquisition {
    /// How the sample met the light.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub technique: Option<InfraredTechnique>,
    /// Resolution in cm⁻¹.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resolution_cm1: Option<f64>,
    /// The number of scans that were added.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scans: Option<u32>,
    /// The state of the sample as published: `gas`, `KBr pellet`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<String>,
    /// The sampling procedure or accessory as published: `diamond ATR`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sampling: Option<String>,
    /// The instrument as published.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub instrument: Option<String>,
    /// When it was measured, as published.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub measured: Option<String>,
    /// Wavenumber of the laser in cm⁻¹, which the axis of an interferogram is counted in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub laser_wavenumber_cm1: Option<f64>,
    /// What the block of a file is called there, such as `AB` or `page 3`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub block: Option<String>,
}
