//! A spectrum as a measure takes it.

use crate::similarity::nist_match_factor::NistScore;
use crate::similarity::nist_neutral_loss::NistMolecule;
use crate::similarity::spectral_entropy::EntropySpectrum;
use crate::similarity::unit_mass::{NistSpectrum, UnitMassSpectrum};
use crate::similarity::weighted_dot_product::WeightedSpectrum;
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
    /// The same as columns of whole m/z.
    pub(super) columns: UnitMassSpectrum,
    /// The same with weights, for the measures that weigh peaks.
    pub(super) weighted: Option<WeightedSpectrum>,
    /// First and last m/z of the scan, where stated.
    pub(super) scan_range_mz: Option<(f64, f64)>,
    /// The spectrum as NIST's programs take it, from the record as published.
    pub(super) nist: NistSpectrum,
    /// Nominal molecular mass in Da; 0 where the measure does not ask for it.
    pub(super) nominal_mass: u32,
}

/// A spectrum of any mass accuracy.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct PeaksWithPrecursor {
    /// The peaks after the recipe.
    pub(super) peaks: PeakList,
    /// The same with weights, for the entropy similarity.
    pub(super) entropy: Option<EntropySpectrum>,
    /// m/z of the precursor; 0 where the measure does not ask for it.
    pub(super) precursor_mz: f64,
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

impl UnitMass {
    /// The spectrum with its molecular mass, as NIST's loss and hybrid searches take it.
    pub(super) fn molecule(&self) -> NistMolecule<'_> {
        NistMolecule { spectrum: self.nist.columns(), nominal_mass: self.nominal_mass }
    }

    /// NIST's Identity score, which every method for electron ionization shows.
    pub(super) fn nist_identity(&self, library: &Self) -> NistScore {
        crate::similarity::nist_match_factor::nist_identity(self.nist.columns(), library.nist.columns())
    }
}
