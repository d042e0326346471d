//! The kinds of spectra, and how many there are of each.

use serde::{Deserialize, Serialize};

use super::Spectrum;

/// Whether a spectrum is a list of peaks or values over an axis. No method compares one with the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SpectrumKind {
    /// Mass spectra.
    #[serde(rename = "mass_spectrum")]
    Mass,
    /// Curves, such as infrared spectra.
    Curve,
}

impl SpectrumKind {
    /// What many of them are called: `mass spectra`, `curves`.
    #[must_use]
    pub fn plural(self) -> &'static str {
        match self {
            Self::Mass => "mass spectra",
            Self::Curve => "curves",
        }
    }
}

impl Spectrum {
    /// The kind of the spectrum.
    #[must_use]
    pub fn kind(&self) -> SpectrumKind {
        match self {
            Self::Mass(_) => SpectrumKind::Mass,
            Self::Curve(_) => SpectrumKind::Curve,
        }
    }
}

/// How many spectra there are of each kind.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SpectrumCounts {
    /// Mass spectra.
    pub mass_spectra: u64,
    /// Curves.
    pub curves: u64,
}

impl SpectrumCounts {
    /// How many there are of a kind.
    #[must_use]
    pub fn of(self, kind: SpectrumKind) -> u64 {
        match kind {
            SpectrumKind::Mass => self.mass_spectra,
            SpectrumKind::Curve => self.curves,
        }
    }

    /// How many there are of all kinds.
    #[must_use]
    pub fn all(self) -> u64 {
        self.mass_spectra + self.curves
    }
}

impl FromIterator<SpectrumKind> for SpectrumCounts {
    fn from_iter<T: IntoIterator<Item = SpectrumKind>>(kinds: T) -> Self {
        let mut counts = Self::default();
        for kind in kinds {
            match kind {
                SpectrumKind::Mass => counts.mass_spectra += 1,
                SpectrumKind::Curve => counts.curves += 1,
            }
        }
        counts
    }
}
