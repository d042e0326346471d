//! A record's peaks as a measure takes them.

use super::Measure;
use crate::error::Result;
use crate::format::Record;
use crate::preprocess::ms::{NIST_UNIT_MASS_BOUNDARY, bin_to_unit_mass};
use crate::search::prepared::{Compared, NistMass, PeaksWithPrecursor, Prepared, WeightedScan};
use crate::similarity::spectral_entropy::{EntropyOptions, EntropyPrecursor, EntropySpectrum};
use crate::similarity::unit_mass::{NistSpectrum, UnitMassSpectrum};
use crate::similarity::weighted_dot_product::{WeightedDotProductOptions, WeightedSpectrum};
use crate::spectrum::PeakList;

impl Measure {
    /// The peaks after the recipe as this measure takes them; `None` if the record lacks what the
    /// measure needs: a molecular mass or a precursor.
    pub(in crate::search) fn prepare(&self, peaks: PeakList, record: &Record) -> Result<Option<Prepared>> {
        let Some(compared) = self.compared(&peaks, record)? else { return Ok(None) };
        Ok(Some(Prepared { peaks, compared, nist: self.nist_shown(record)? }))
    }

    /// Whether a measure shows NIST's Identity match factor beside its own.
    pub(in crate::search) fn shows_nist(&self) -> bool {
        matches!(self, Self::WeightedCosine { .. } | Self::SteinScottComposite { .. })
    }

    /// A record's spectrum for NIST's Identity match factor, where a measure shows it beside its own.
    pub(in crate::search) fn nist_shown(&self, record: &Record) -> Result<Option<NistSpectrum>> {
        if self.shows_nist() { nist_spectrum(record).map(Some) } else { Ok(None) }
    }

    fn compared(&self, peaks: &PeakList, record: &Record) -> Result<Option<Compared>> {
        let stated = record.spectrum.as_mass().map(|mass| &mass.acquisition);
        Ok(match *self {
            Self::NistIdentity {}
            | Self::NistSimple {}
            | Self::NistIdentityReverse {}
            | Self::NistSimpleReverse {} => Some(nist(peaks, record, 0)?),
            Self::NistNeutralLoss {} | Self::NistHybrid {} => {
                record.identity.nominal_mass().map(|mass| nist(peaks, record, mass)).transpose()?
            }
            Self::WeightedCosine { mz_power, intensity_power, .. }
            | Self::SteinScottComposite { mz_power, intensity_power, .. } => {
                let options = WeightedDotProductOptions { mz_power, intensity_power };
                let columns = UnitMassSpectrum::try_from_peaks(peaks)?;
                let spectrum = WeightedSpectrum::of(columns.columns(), options);
                let scan_range_mz = stated.and_then(|stated| stated.scan_range_mz);
                Some(Compared::Weighted(WeightedScan { spectrum, scan_range_mz }))
            }
            Self::ModifiedCosine { .. } | Self::NeutralLossCosine { .. } => {
                let precursor_mz = stated.and_then(|stated| stated.precursor_mz);
                precursor_mz.map(|precursor_mz| with_precursor(peaks, precursor_mz))
            }
            Self::SpectralEntropy { tolerance, weighted } => {
                let options = EntropyOptions { tolerance, weighted };
                Some(Compared::Entropy(EntropySpectrum::of(peaks, &options)))
            }
            Self::SpectralEntropyNeutralLoss { tolerance, weighted }
            | Self::SpectralEntropyHybrid { tolerance, weighted } => {
                let precursor_mz = stated.and_then(|stated| stated.precursor_mz);
                precursor_mz.map(|precursor_mz| {
                    let spectrum = EntropySpectrum::of(peaks, &EntropyOptions { tolerance, weighted });
                    Compared::EntropyPrecursor(EntropyPrecursor { spectrum, precursor_mz })
                })
            }
            // Curves are prepared by the method, which knows the grid.
            Self::Infrared { .. } => None,
            Self::Cosine { .. } | Self::NistDotProduct { .. } => Some(with_precursor(peaks, 0.0)),
        })
    }
}

fn with_precursor(peaks: &PeakList, precursor_mz: f64) -> Compared {
    Compared::Peaks(PeaksWithPrecursor { peaks: peaks.clone(), precursor_mz })
}

/// The spectrum for NIST's measures, whose peaks after the recipe must be at unit mass too.
fn nist(peaks: &PeakList, record: &Record, nominal_mass: u32) -> Result<Compared> {
    UnitMassSpectrum::try_from_peaks(peaks)?;
    Ok(Compared::Nist(NistMass { spectrum: nist_spectrum(record)?, nominal_mass }))
}

/// A record's spectrum as NIST's programs take it, whatever the method's own recipe is.
fn nist_spectrum(record: &Record) -> Result<NistSpectrum> {
    let published = record.spectrum.as_mass().map(|mass| &mass.peaks);
    let binned = published.map(|peaks| bin_to_unit_mass(peaks, NIST_UNIT_MASS_BOUNDARY)).transpose()?;
    NistSpectrum::try_from_peaks(&binned.unwrap_or_default())
}
