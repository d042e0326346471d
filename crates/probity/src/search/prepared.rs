//! A spectrum as a measure takes it.

use crate::similarity::nist_match_factor::NistSpectrum;
use crate::similarity::peak_weights::WeightedSpectrum;
use crate::spectrum::PeakList;

/// A prepared spectrum. Which variant it is follows from the method's measure alone, so that the query
/// and all entries of one searcher have the same.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Prepared {
    /// For the measures of unit-mass spectra.
    UnitMass(Box<UnitMass>),
    /// For the measures that pair peaks within a tolerance.
    Peaks(PeaksWithPrecursor),
}

/// A spectrum at unit mass.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct UnitMass {
    /// The peaks after the recipe.
    pub(super) peaks: PeakList,
    /// The spectrum as NIST's programs take it, from the record as published.
    pub(super) nist: NistSpectrum,
    /// The peaks weighted as the measure asks; empty for NIST's own measures.
    pub(super) weighted: WeightedSpectrum,
    /// The square roots of intensities, for the composite's ratios; empty for other measures.
    pub(super) ratio: WeightedSpectrum,
}

/// A spectrum of any mass accuracy.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct PeaksWithPrecursor {
    /// The peaks after the recipe.
    pub(super) peaks: PeakList,
    /// m/z of the precursor, where stated.
    pub(super) precursor_mz: Option<f64>,
}

impl Prepared {
    /// The peaks after the recipe.
    pub(super) fn peaks(&self) -> &PeakList {
        match self {
            Self::UnitMass(unit_mass) => &unit_mass.peaks,
            Self::Peaks(peaks) => &peaks.peaks,
        }
    }
}
