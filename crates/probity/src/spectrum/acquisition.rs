//! How a spectrum was acquired, as far as its source states it.

use serde::{Deserialize, Serialize};

/// The technique that a spectrum comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Technique {
    /// Electron ionization, as in most GC-MS.
    ElectronIonization,
    /// Product ions of a selected precursor (MS/MS).
    TandemMassSpectrometry,
    /// Fragments made in the source without selection of a precursor (DART-MS in-source CID).
    InSourceCid,
    /// A mass spectrum of another kind.
    OtherMassSpectrometry,
    /// Infrared spectroscopy.
    Infrared,
}

/// The sign of the ions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Polarity {
    /// Positive ions.
    Positive,
    /// Negative ions.
    Negative,
}

/// Acquisition metadata; every field is absent unless the source states it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Acquisition {
    /// The technique.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub technique: Option<Technique>,
    /// 1 for a survey spectrum, 2 for product ions, and so on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ms_level: Option<u8>,
    /// The sign of the ions.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub polarity: Option<Polarity>,
    /// m/z of the precursor ion.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub precursor_mz: Option<f64>,
    /// The precursor's adduct as published, such as `[M+H]+`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub precursor_type: Option<String>,
    /// The precursor's charge with its sign.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub charge: Option<i32>,
    /// Collision energy as published, with its unit where one is given: `35 % (nominal)`, `20 eV`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub collision_energy: Option<String>,
    /// How the ions were made to fragment, such as `HCD`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fragmentation_mode: Option<String>,
    /// Ionization as published, such as `EI` or `ESI`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ionization: Option<String>,
    /// The instrument's name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub instrument: Option<String>,
    /// The instrument's type, such as `LC-ESI-QTOF`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub instrument_type: Option<String>,
    /// Retention time in seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retention_time_s: Option<f64>,
    /// Retention index (Kováts or linear), without unit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retention_index: Option<f64>,
    /// First and last m/z of the scan, where stated.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scan_range_mz: Option<(f64, f64)>,
}
