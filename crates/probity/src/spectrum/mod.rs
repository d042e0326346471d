//! Spectra as published: peak lists, curves, and how they were acquired.

mod acquisition;
mod axis;
mod curve;
mod curve_acquisition;
mod curve_unit;
mod kind;
mod mass;
mod peak_list;

pub use acquisition::{Acquisition, Polarity, Technique};
pub use axis::Axis;
pub use curve::{Curve, CurveKind};
pub use curve_acquisition::{CurveAcquisition, InfraredTechnique};
pub use curve_unit::{AxisUnit, ValueUnit};
pub use kind::{SpectrumCounts, SpectrumKind};
pub use mass::MassSpectrum;
pub(crate) use peak_list::check_peak;
pub use peak_list::{Peak, PeakList};

use serde::Serialize;

/// A spectrum of any technique.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Spectrum {
    /// A mass spectrum: a list of peaks.
    #[serde(rename = "mass_spectrum")]
    Mass(MassSpectrum),
    /// Values over an axis: an infrared spectrum, a single beam, an interferogram.
    Curve(Curve),
}

impl Spectrum {
    /// The mass spectrum, if it is one.
    #[must_use]
    pub fn as_mass(&self) -> Option<&MassSpectrum> {
        match self {
            Self::Mass(mass) => Some(mass),
            Self::Curve(_) => None,
        }
    }

    /// The curve, if it is one.
    #[must_use]
    pub fn as_curve(&self) -> Option<&Curve> {
        match self {
            Self::Mass(_) => None,
            Self::Curve(curve) => Some(curve),
        }
    }
}
