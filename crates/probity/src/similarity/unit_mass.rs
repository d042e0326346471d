//! Spectra at unit mass, the input of the scorers for electron ionization.

use crate::error::{Error, Result};
use crate::spectrum::PeakList;

/// A spectrum whose m/z are whole numbers, each once, ascending.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct UnitMassSpectrum {
    mz: Vec<u32>,
    intensity: Vec<f64>,
}

impl UnitMassSpectrum {
    /// Takes peaks whose m/z are whole numbers already, as after binning to unit mass; intensities of
    /// the same m/z are added in the order of the list.
    ///
    /// # Errors
    /// `Malformed` for an m/z that is not a whole number of at most 2³² − 1, or if intensities add up to
    /// more than the largest number.
    pub fn try_from_peaks(peaks: &PeakList) -> Result<Self> {
        let mut spectrum =
            Self { mz: Vec::with_capacity(peaks.len()), intensity: Vec::with_capacity(peaks.len()) };
        for peak in peaks.iter() {
            if peak.mz.fract() != 0.0 || peak.mz > f64::from(u32::MAX) {
                return Err(Error::malformed(format!(
                    "m/z {} is not a whole number; bin the spectrum to unit mass first",
                    peak.mz
                )));
            }
            // Whole and within range, so the cast is exact.
            let mz = peak.mz as u32;
            match (spectrum.mz.last(), spectrum.intensity.last_mut()) {
                (Some(&last), Some(sum)) if last == mz => *sum += peak.intensity,
                _ => {
                    spectrum.mz.push(mz);
                    spectrum.intensity.push(peak.intensity);
                }
            }
        }
        if spectrum.intensity.iter().all(|intensity| intensity.is_finite()) {
            Ok(spectrum)
        } else {
            Err(Error::malformed("the intensities of one mass add up to more than a number can hold"))
        }
    }

    /// All m/z, ascending.
    #[must_use]
    pub fn mz(&self) -> &[u32] {
        &self.mz
    }

    /// All intensities, in the order of the m/z.
    #[must_use]
    pub fn intensity(&self) -> &[f64] {
        &self.intensity
    }

    /// The lowest m/z.
    #[must_use]
    pub fn first_mz(&self) -> Option<u32> {
        self.mz.first().copied()
    }
}

/// One m/z of two spectra laid over each other; 0 where a spectrum has no peak.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Row<T> {
    pub(super) mz: u32,
    pub(super) query: T,
    pub(super) library: T,
}

/// Visits every m/z from `lowest_mz` on that either of two columns has, in ascending order.
pub(super) fn for_each_row<T: Copy + Default>(
    (query_mz, query): (&[u32], &[T]),
    (library_mz, library): (&[u32], &[T]),
    lowest_mz: u32,
    mut visit: impl FnMut(Row<T>),
) {
    let mut q = query_mz.partition_point(|&mz| mz < lowest_mz);
    let mut l = library_mz.partition_point(|&mz| mz < lowest_mz);
    loop {
        let row = match (query_mz.get(q), library_mz.get(l)) {
            (Some(&mz), Some(&other)) if mz == other => Row { mz, query: query[q], library: library[l] },
            (Some(&mz), Some(&other)) if mz < other => Row { mz, query: query[q], library: T::default() },
            (Some(&mz), None) => Row { mz, query: query[q], library: T::default() },
            (_, Some(&mz)) => Row { mz, query: T::default(), library: library[l] },
            (None, None) => return,
        };
        q += usize::from(query_mz.get(q) == Some(&row.mz));
        l += usize::from(library_mz.get(l) == Some(&row.mz));
        visit(row);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repeated_masses_add_up_and_fractions_are_refused() {
        let peaks = PeakList::try_new(vec![50.0, 50.0, 77.0], vec![1.0, 2.0, 5.0]).unwrap();
        let spectrum = UnitMassSpectrum::try_from_peaks(&peaks).unwrap();
        assert_eq!((spectrum.mz(), spectrum.intensity()), ([50, 77].as_slice(), [3.0, 5.0].as_slice()));
        let fraction = PeakList::try_new(vec![50.1], vec![1.0]).unwrap();
        assert!(UnitMassSpectrum::try_from_peaks(&fraction).is_err());
        let huge = PeakList::try_new(vec![50.0, 50.0], vec![f64::MAX, f64::MAX]).unwrap();
        assert!(UnitMassSpectrum::try_from_peaks(&huge).is_err());
    }

    #[test]
    fn rows_run_over_both_spectra_from_the_lowest_mass_on() {
        let mut rows = Vec::new();
        for_each_row((&[40, 50, 60], &[1, 2, 3]), (&[41, 50, 70], &[4, 5, 6]), 41, |row| {
            rows.push((row.mz, row.query, row.library));
        });
        assert_eq!(rows, [(41, 0, 4), (50, 2, 5), (60, 3, 0), (70, 0, 6)]);
    }
}
