//! A record's peaks as a measure takes them.

use super::Measure;
use crate::chem::Formula;
use crate::error::Result;
use crate::format::Record;
use crate::preprocess::ms::{NIST_UNIT_MASS_BOUNDARY, bin_to_unit_mass};
use crate::search::prepared::{PeaksWithPrecursor, Prepared, UnitMass};
use crate::similarity::spectral_entropy::{EntropyOptions, EntropySpectrum};
use crate::similarity::unit_mass::{NistSpectrum, UnitMassSpectrum};
use crate::similarity::weighted_dot_product::{WeightedDotProductOptions, WeightedSpectrum};
use crate::spectrum::PeakList;

impl Measure {
    /// The peaks after the recipe as this measure takes them; `None` if the record lacks what the
    /// measure needs: a molecular mass or a precursor.
    pub(in crate::search) fn prepare(&self, peaks: PeakList, record: &Record) -> Result<Option<Prepared>> {
        match *self {
            Self::NistIdentity {} | Self::NistSimple {} => unit_mass(peaks, record, None, 0).map(Some),
            Self::NistNeutralLoss {} | Self::NistHybrid {} => {
                nominal_mass(record).map(|mass| unit_mass(peaks, record, None, mass)).transpose()
            }
            Self::WeightedCosine { mz_power, intensity_power, .. }
            | Self::SteinScottComposite { mz_power, intensity_power, .. } => {
                let weights = WeightedDotProductOptions { mz_power, intensity_power };
                unit_mass(peaks, record, Some(weights), 0).map(Some)
            }
            Self::ModifiedCosine { .. } | Self::NeutralLossCosine { .. } => {
                let precursor_mz = record.spectrum.as_mass().and_then(|mass| mass.acquisition.precursor_mz);
                Ok(precursor_mz.map(|precursor_mz| {
                    Prepared::Peaks(PeaksWithPrecursor { peaks, entropy: None, precursor_mz })
                }))
            }
            Self::SpectralEntropy { tolerance, weighted } => {
                let entropy = Some(EntropySpectrum::of(&peaks, &EntropyOptions { tolerance, weighted }));
                Ok(Some(Prepared::Peaks(PeaksWithPrecursor { peaks, entropy, precursor_mz: 0.0 })))
            }
            Self::Cosine { .. } => {
                Ok(Some(Prepared::Peaks(PeaksWithPrecursor { peaks, entropy: None, precursor_mz: 0.0 })))
            }
        }
    }
}

fn unit_mass(
    peaks: PeakList,
    record: &Record,
    weights: Option<WeightedDotProductOptions>,
    nominal_mass: u32,
) -> Result<Prepared> {
    let columns = UnitMassSpectrum::try_from_peaks(&peaks)?;
    let weighted = weights.map(|weights| WeightedSpectrum::of(columns.columns(), weights));
    let scan_range_mz = record.spectrum.as_mass().and_then(|mass| mass.acquisition.scan_range_mz);
    let nist = nist_spectrum(record)?;
    Ok(Prepared::UnitMass(Box::new(UnitMass { peaks, columns, weighted, scan_range_mz, nist, nominal_mass })))
}

/// A record's spectrum as NIST's programs take it, whatever the method's own recipe is.
fn nist_spectrum(record: &Record) -> Result<NistSpectrum> {
    let published = record.spectrum.as_mass().map(|mass| &mass.peaks);
    let binned = published.map(|peaks| bin_to_unit_mass(peaks, NIST_UNIT_MASS_BOUNDARY)).transpose()?;
    NistSpectrum::try_from_peaks(&binned.unwrap_or_default())
}

/// The nominal mass of the stated molecular mass, else of the formula: a query states what the analyst
/// believes, which may have no formula.
fn nominal_mass(record: &Record) -> Option<u32> {
    let stated = record.identity.molecular_mass.map(f64::round).filter(|mass| (1.0..1e6).contains(mass));
    // Whole and within range, so the cast is exact.
    stated.map(|mass| mass as u32).or_else(|| {
        let formula: Formula = record.identity.formula.as_deref()?.parse().ok()?;
        Some(formula.nominal_mass())
    })
}
