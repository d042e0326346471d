//! Spectra as published: peak lists and how they were acquired.

mod acquisition;
mod mass;
mod peak_list;

pub use acquisition::{Acquisition, Polarity, Technique};
pub use mass::MassSpectrum;
pub(crate) use peak_list::check_peak;
pub use peak_list::{Peak, PeakList};

use serde::Serialize;

/// A spectrum of any technique. Infrared curves join here as a variant of their own.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Spectrum {
    /// A mass spectrum: a list of peaks.
    #[serde(rename = "mass_spectrum")]
    Mass(MassSpectrum),
}

impl Spectrum {
    /// The mass spectrum, if it is one.
    #[must_use]
    pub fn as_mass(&self) -> Option<&MassSpectrum> {
        match self {
            Self::Mass(mass) => Some(mass),
        }
    }
}
