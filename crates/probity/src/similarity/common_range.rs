//! The m/z range that both of two spectra were measured in.

use super::unit_mass::UnitMassSpectrum;

/// The lowest m/z from which two spectra may be compared: the larger of their first m/z.
///
/// Scans of different laboratories start anywhere from m/z 25 to 100, and few records state where.
/// The first peak stands for the start, as in NIST's match factors; ions of the other spectrum below
/// it are neither for nor against. There is no upper end: the highest ion is the molecular ion's
/// region, not the end of the scan, and an ion that only one spectrum has there is evidence.
/// Without a peak on either side the range is empty and the result `u32::MAX`.
#[must_use]
pub fn common_lowest_mz(query: &UnitMassSpectrum, library: &UnitMassSpectrum) -> u32 {
    match (query.first_mz(), library.first_mz()) {
        (Some(query), Some(library)) => query.max(library),
        _ => u32::MAX,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spectrum::PeakList;

    #[test]
    fn the_later_start_counts() {
        let spectrum = |first: f64| {
            UnitMassSpectrum::try_from_peaks(&PeakList::try_new(vec![first, 200.0], vec![1.0, 2.0]).unwrap())
                .unwrap()
        };
        assert_eq!(common_lowest_mz(&spectrum(33.0), &spectrum(50.0)), 50);
        assert_eq!(common_lowest_mz(&spectrum(33.0), &UnitMassSpectrum::default()), u32::MAX);
    }
}
