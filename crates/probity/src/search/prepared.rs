//! A spectrum as a measure takes it.

use super::curve_points::CurvePoints;
use crate::similarity::nist_neutral_loss::NistMolecule;
use crate::similarity::spectral_entropy::{EntropyPrecursor, EntropySpectrum};
use crate::similarity::unit_mass::{NistSpectrum, UnitMassColumns};
use crate::similarity::weighted_dot_product::WeightedSpectrum;
use crate::spectrum::PeakList;
use crate::stored::{Columns, Stored, put_f64s, put_number, put_u16s, put_unit_mz};

/// A prepared spectrum: what is compared, and what is shown beside.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Prepared {
    /// The peaks after the recipe; none of an infrared spectrum.
    pub(super) peaks: PeakList,
    pub(super) compared: Compared,
    /// The spectrum as NIST's programs take it, from the record as published: for the measures that show
    /// NIST's Identity match factor beside their own.
    pub(super) nist: Option<NistSpectrum>,
}

/// All that the order of a hit list rests on. Which variant it is follows from the method's measure alone,
/// so that the query and all entries of one searcher have the same.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Compared {
    /// For the measures that weigh peaks at unit mass.
    Weighted(WeightedScan),
    /// For NIST's measures.
    Nist(NistMass),
    /// For the entropy similarity.
    Entropy(EntropySpectrum),
    /// For the entropy similarities that look at losses from the precursor.
    EntropyPrecursor(EntropyPrecursor),
    /// For the measures of infrared spectra.
    Curve(CurvePoints),
    /// For the other measures that pair peaks within a tolerance.
    Peaks(PeaksWithPrecursor),
}

/// A weighted spectrum at unit mass.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct WeightedScan {
    pub(super) spectrum: WeightedSpectrum,
    /// First and last m/z of the scan, where stated.
    pub(super) scan_range_mz: Option<(f64, f64)>,
}

/// A spectrum on NIST's scale.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct NistMass {
    /// The spectrum as NIST's programs take it, from the record as published.
    pub(super) spectrum: NistSpectrum,
    /// Nominal molecular mass in Da; 0 where the measure does not ask for it.
    pub(super) nominal_mass: u32,
}

/// A spectrum of any mass accuracy.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct PeaksWithPrecursor {
    /// The peaks after the recipe.
    pub(super) peaks: PeakList,
    /// m/z of the precursor; 0 where the measure does not ask for it.
    pub(super) precursor_mz: f64,
}

impl Compared {
    /// The curve, of an infrared spectrum.
    pub(super) fn curve(&self) -> Option<&CurvePoints> {
        match self {
            Self::Curve(curve) => Some(curve),
            _ => None,
        }
    }
}

impl WeightedScan {
    /// The m/z that are listed, with abundances.
    pub(super) fn columns(&self) -> UnitMassColumns<'_> {
        self.spectrum.columns()
    }
}

impl NistMass {
    /// The m/z of peaks that count only beside a larger one of the other spectrum.
    pub(super) fn traces(&self) -> impl Iterator<Item = u32> + '_ {
        let columns = self.spectrum.columns();
        let peaks = columns.mz().iter().zip(columns.abundance());
        peaks.filter(|(_, abundance)| **abundance == 1).map(|(mz, _)| *mz)
    }

    /// The spectrum with its molecular mass, as NIST's loss and hybrid searches take it.
    pub(super) fn molecule(&self) -> NistMolecule<'_> {
        NistMolecule { spectrum: self.spectrum.columns(), nominal_mass: self.nominal_mass }
    }
}

impl Stored for Compared {
    fn write(&self, bytes: &mut Vec<u8>) {
        match self {
            Self::Weighted(scan) => {
                put_number(bytes, 0);
                scan.spectrum.write(bytes);
                put_f64s(bytes, &scan.scan_range_mz.map_or(vec![], |(first, last)| vec![first, last]));
            }
            Self::Nist(nist) => {
                put_number(bytes, 1);
                put_unit_mz(bytes, nist.spectrum.columns().mz());
                put_u16s(bytes, nist.spectrum.columns().abundance());
                put_number(bytes, nist.nominal_mass as usize);
            }
            Self::Entropy(spectrum) => {
                put_number(bytes, 2);
                spectrum.write(bytes);
            }
            Self::EntropyPrecursor(spectrum) => {
                put_number(bytes, 4);
                spectrum.spectrum.write(bytes);
                put_f64s(bytes, &[spectrum.precursor_mz]);
            }
            Self::Curve(points) => {
                put_number(bytes, 5);
                points.write(bytes);
            }
            Self::Peaks(spectrum) => {
                put_number(bytes, 3);
                put_f64s(bytes, spectrum.peaks.mz());
                put_f64s(bytes, spectrum.peaks.intensity());
                put_f64s(bytes, &[spectrum.precursor_mz]);
            }
        }
    }

    fn read(columns: &mut Columns<'_>) -> Option<Self> {
        match columns.number()? {
            0 => {
                let spectrum = WeightedSpectrum::read(columns)?;
                let scan_range_mz = match columns.f64s()?[..] {
                    [] => None,
                    [first, last] => Some((first, last)),
                    _ => return None,
                };
                Some(Self::Weighted(WeightedScan { spectrum, scan_range_mz }))
            }
            1 => {
                let spectrum = NistSpectrum::try_new(columns.unit_mz()?, columns.u16s()?).ok()?;
                let nominal_mass = columns.number()?.try_into().ok()?;
                Some(Self::Nist(NistMass { spectrum, nominal_mass }))
            }
            2 => EntropySpectrum::read(columns).map(Self::Entropy),
            3 => {
                let peaks = PeakList::try_new(columns.f64s()?, columns.f64s()?).ok()?;
                let [precursor_mz] = columns.f64s()?[..] else { return None };
                Some(Self::Peaks(PeaksWithPrecursor { peaks, precursor_mz }))
            }
            4 => {
                let spectrum = EntropySpectrum::read(columns)?;
                let [precursor_mz] = columns.f64s()?[..] else { return None };
                Some(Self::EntropyPrecursor(EntropyPrecursor { spectrum, precursor_mz }))
            }
            5 => CurvePoints::read(columns).map(Self::Curve),
            _ => None,
        }
    }
}
