//! Spectra at unit mass: the input of every scorer for electron ionization.

use serde::{Deserialize, Serialize};

use super::common_range::CommonRange;
use crate::error::{Error, Result};
use crate::spectrum::PeakList;

/// Peaks at whole-number m/z, strictly ascending, with abundances that are finite and not negative,
/// in the unit of the source. A peak of abundance 0 may be listed: it says that its m/z was measured.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "RawColumns<f64>")]
pub struct UnitMassSpectrum {
    mz: Vec<u32>,
    abundance: Vec<f64>,
}

/// The same on NIST's scale: whole-number abundances from 0 to 999, the base peak at 999.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "RawColumns<u16>")]
pub struct NistSpectrum {
    mz: Vec<u32>,
    abundance: Vec<u16>,
}

/// The columns of a [`UnitMassSpectrum`], borrowed from wherever they are stored.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct UnitMassColumns<'a> {
    mz: &'a [u32],
    abundance: &'a [f64],
}

/// The columns of a [`NistSpectrum`], borrowed from wherever they are stored.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct NistColumns<'a> {
    mz: &'a [u32],
    abundance: &'a [u16],
}

/// What is deserialized, before it is checked.
#[derive(Deserialize)]
struct RawColumns<T> {
    mz: Vec<u32>,
    abundance: Vec<T>,
}

impl TryFrom<RawColumns<f64>> for UnitMassSpectrum {
    type Error = Error;

    fn try_from(raw: RawColumns<f64>) -> Result<Self> {
        Self::try_new(raw.mz, raw.abundance)
    }
}

impl TryFrom<RawColumns<u16>> for NistSpectrum {
    type Error = Error;

    fn try_from(raw: RawColumns<u16>) -> Result<Self> {
        Self::try_new(raw.mz, raw.abundance)
    }
}

impl UnitMassSpectrum {
    /// Builds a spectrum from columns.
    ///
    /// # Errors
    /// `Malformed` if the columns differ in length, the m/z do not ascend strictly, or an abundance
    /// is not a finite number of at least 0.
    pub fn try_new(mz: Vec<u32>, abundance: Vec<f64>) -> Result<Self> {
        check_mz(&mz, abundance.len())?;
        match abundance.iter().position(|value| !value.is_finite() || *value < 0.0) {
            Some(index) => Err(Error::malformed(format!(
                "the abundance {} at m/z {} is not a finite number of at least 0",
                abundance[index], mz[index]
            ))),
            None => Ok(Self { mz, abundance }),
        }
    }

    /// Takes the peaks of a list whose m/z are whole numbers. Abundances at the same m/z are added in
    /// the order of the list. Measured m/z must be rounded by a step of preprocessing first: which
    /// way to round depends on the instrument, so it is not done here.
    ///
    /// # Errors
    /// `Malformed` if an m/z is not a whole number up to 4294967295, or a sum overflows.
    pub fn try_from_peaks(peaks: &PeakList) -> Result<Self> {
        let mut spectrum =
            Self { mz: Vec::with_capacity(peaks.len()), abundance: Vec::with_capacity(peaks.len()) };
        for peak in peaks.iter() {
            if peak.mz.fract() != 0.0 || peak.mz > f64::from(u32::MAX) {
                return Err(Error::malformed(format!(
                    "m/z {} is not a whole number; a unit-mass score needs m/z rounded to whole numbers first",
                    peak.mz
                )));
            }
            // Exact: a whole number within range was checked above.
            let mz = peak.mz as u32;
            match spectrum.abundance.last_mut() {
                Some(last) if spectrum.mz.last() == Some(&mz) => *last += peak.intensity,
                _ => {
                    spectrum.mz.push(mz);
                    spectrum.abundance.push(peak.intensity);
                }
            }
        }
        Self::try_new(spectrum.mz, spectrum.abundance)
    }

    /// The columns, for a scorer.
    #[must_use]
    pub fn columns(&self) -> UnitMassColumns<'_> {
        UnitMassColumns { mz: &self.mz, abundance: &self.abundance }
    }
}

impl NistSpectrum {
    /// Builds a spectrum from columns that are already on NIST's scale.
    ///
    /// # Errors
    /// `Malformed` if the columns differ in length, the m/z do not ascend strictly, or an abundance
    /// exceeds 999.
    pub fn try_new(mz: Vec<u32>, abundance: Vec<u16>) -> Result<Self> {
        check_mz(&mz, abundance.len())?;
        match abundance.iter().position(|value| *value > 999) {
            Some(index) => Err(Error::malformed(format!(
                "the abundance {} at m/z {} exceeds 999",
                abundance[index], mz[index]
            ))),
            None => Ok(Self { mz, abundance }),
        }
    }

    /// Scales the base peak to 999: ⌊999 s / s_max + 0.5⌋, as NIST MS Search does.
    ///
    /// Peaks that come out as 0 or 1 stay. They are trace peaks: they never enter a score on their
    /// own, but the first listed m/z, trace or not, is where the measurement is taken to begin.
    /// (That NIST's program counts listed zeros as trace peaks is from the documentation of the R
    /// package mssearchr; the NIST outputs at hand hold no abundance below 2 and cannot show it.)
    #[must_use]
    pub fn from_unit_mass(spectrum: UnitMassColumns<'_>) -> Self {
        let base = spectrum.abundance.iter().copied().fold(0.0, f64::max);
        let scale = |abundance: f64| {
            let product = 999.0 * abundance;
            // The product is formed first, so that whole numbers round once; huge ones would overflow.
            let scaled = if product.is_finite() { product / base } else { 999.0 * (abundance / base) };
            // Between 0.5 and 999.5, or NaN for a spectrum of zeros only, which the cast makes 0.
            (scaled + 0.5) as u16
        };
        Self { mz: spectrum.mz.to_vec(), abundance: spectrum.abundance.iter().copied().map(scale).collect() }
    }

    /// [`UnitMassSpectrum::try_from_peaks`], then [`Self::from_unit_mass`].
    ///
    /// # Errors
    /// As [`UnitMassSpectrum::try_from_peaks`].
    pub fn try_from_peaks(peaks: &PeakList) -> Result<Self> {
        Ok(Self::from_unit_mass(UnitMassSpectrum::try_from_peaks(peaks)?.columns()))
    }

    /// The columns, for a scorer.
    #[must_use]
    pub fn columns(&self) -> NistColumns<'_> {
        NistColumns { mz: &self.mz, abundance: &self.abundance }
    }
}

macro_rules! columns {
    ($name:ident, $number:ty) => {
        impl<'a> $name<'a> {
            /// Columns that were checked when they were stored: m/z strictly ascending, abundances in
            /// their range. Columns that break this give a meaningless score but do no other harm;
            /// of columns of unequal length the common part counts.
            #[must_use]
            pub fn from_checked(mz: &'a [u32], abundance: &'a [$number]) -> Self {
                let length = mz.len().min(abundance.len());
                Self { mz: &mz[..length], abundance: &abundance[..length] }
            }

            /// All m/z, strictly ascending.
            #[must_use]
            pub fn mz(self) -> &'a [u32] {
                self.mz
            }

            /// All abundances, in the order of the m/z.
            #[must_use]
            pub fn abundance(self) -> &'a [$number] {
                self.abundance
            }

            /// The number of listed peaks.
            #[must_use]
            pub fn len(self) -> usize {
                self.mz.len()
            }

            /// Whether no peak is listed.
            #[must_use]
            pub fn is_empty(self) -> bool {
                self.mz.is_empty()
            }

            /// The part inside a range of m/z, without copying.
            #[must_use]
            pub fn within(self, range: CommonRange) -> Self {
                let part = range.positions(self.mz);
                Self { mz: &self.mz[part.clone()], abundance: &self.abundance[part] }
            }
        }
    };
}

columns!(UnitMassColumns, f64);
columns!(NistColumns, u16);

fn check_mz(mz: &[u32], abundances: usize) -> Result<()> {
    if mz.len() != abundances {
        return Err(Error::malformed(format!("{} m/z values but {abundances} abundances", mz.len())));
    }
    match mz.windows(2).find(|pair| pair[0] >= pair[1]) {
        Some(pair) => Err(Error::malformed(format!("m/z {} does not stand above m/z {}", pair[1], pair[0]))),
        None => Ok(()),
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Spectra of up to 40 peaks with whole-number abundances, on few m/z so that pairs share some.
    pub(crate) fn any_nist_spectrum() -> impl Strategy<Value = NistSpectrum> {
        proptest::collection::btree_map(30_u32..90, 0_u16..1000, 0..40).prop_map(|peaks| {
            let (mz, abundance): (Vec<u32>, Vec<f64>) =
                peaks.into_iter().map(|(mz, abundance)| (mz, f64::from(abundance))).unzip();
            NistSpectrum::from_unit_mass(UnitMassSpectrum::try_new(mz, abundance).unwrap().columns())
        })
    }

    /// Spectra of up to 40 peaks with abundances over six decades.
    pub(crate) fn any_unit_mass_spectrum() -> impl Strategy<Value = UnitMassSpectrum> {
        proptest::collection::btree_map(30_u32..90, 0.001_f64..1000.0, 0..40).prop_map(|peaks| {
            let (mz, abundance) = peaks.into_iter().unzip();
            UnitMassSpectrum::try_new(mz, abundance).unwrap()
        })
    }

    /// The same spectrum with every abundance times `factor`.
    pub(crate) fn times(spectrum: &UnitMassSpectrum, factor: f64) -> UnitMassSpectrum {
        let abundance = spectrum.abundance.iter().map(|value| value * factor).collect();
        UnitMassSpectrum::try_new(spectrum.mz.clone(), abundance).unwrap()
    }

    #[test]
    fn the_base_peak_becomes_999_and_halves_round_up() {
        // 999 × 1/2 + 0.5 = 500; 999 × 0.0005/1 + 0.5 = 0.9995 → 0; 999 × 0.001 + 0.5 = 1.499 → 1.
        let spectrum =
            UnitMassSpectrum::try_new(vec![41, 43, 57, 58], vec![0.5, 0.0005, 1.0, 0.001]).unwrap();
        assert_eq!(NistSpectrum::from_unit_mass(spectrum.columns()).abundance, [500, 0, 999, 1]);
    }

    #[test]
    fn zeros_and_huge_numbers_are_scaled_without_harm() {
        let zeros = UnitMassSpectrum::try_new(vec![41, 43], vec![0.0, 0.0]).unwrap();
        assert_eq!(NistSpectrum::from_unit_mass(zeros.columns()).abundance, [0, 0]);
        let huge = UnitMassSpectrum::try_new(vec![41, 43], vec![f64::MAX, f64::MAX / 2.0]).unwrap();
        assert_eq!(NistSpectrum::from_unit_mass(huge.columns()).abundance, [999, 500]);
    }

    #[test]
    fn repeated_mz_are_added_and_fractions_refused() {
        let peaks = PeakList::try_new(vec![43.0, 41.0, 43.0], vec![2.0, 1.0, 3.0]).unwrap();
        let spectrum = UnitMassSpectrum::try_from_peaks(&peaks).unwrap();
        assert_eq!((spectrum.mz, spectrum.abundance), (vec![41, 43], vec![1.0, 5.0]));
        for mz in [43.1, 5e9] {
            let error = UnitMassSpectrum::try_from_peaks(&PeakList::try_new(vec![mz], vec![1.0]).unwrap());
            assert!(error.unwrap_err().to_string().contains("whole number"));
        }
        let overflow = PeakList::try_new(vec![43.0, 43.0], vec![f64::MAX, f64::MAX]).unwrap();
        assert!(UnitMassSpectrum::try_from_peaks(&overflow).is_err());
    }

    #[test]
    fn columns_out_of_order_are_refused() {
        assert!(UnitMassSpectrum::try_new(vec![43, 43], vec![1.0, 1.0]).is_err());
        assert!(UnitMassSpectrum::try_new(vec![43], vec![]).is_err());
        assert!(UnitMassSpectrum::try_new(vec![43], vec![f64::NAN]).is_err());
        assert!(NistSpectrum::try_new(vec![43], vec![1000]).is_err());
        assert!(serde_json::from_str::<NistSpectrum>(r#"{"mz":[43,41],"abundance":[1,2]}"#).is_err());
    }
}
