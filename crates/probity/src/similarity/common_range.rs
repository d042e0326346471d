//! The range of m/z in which both spectra of a pair were measured.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::unit_mass::{NistColumns, UnitMassColumns};

/// A closed range of whole-number m/z. A peak outside of it says nothing about the pair: the other
/// instrument did not look there. Different scan starts cost a plain score more than noise does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct CommonRange {
    /// The lowest m/z that takes part.
    pub low: u32,
    /// The highest m/z that takes part; `None` if there is no upper limit.
    pub high: Option<u32>,
}

impl CommonRange {
    /// Every m/z takes part.
    pub const EVERYTHING: Self = Self { low: 0, high: None };

    /// NIST's rule: from the larger of the two first m/z, without an upper limit. The first listed
    /// m/z counts, also if its abundance is 0. An empty spectrum sets no limit.
    #[must_use]
    pub fn from_first_mz(query: NistColumns<'_>, library: NistColumns<'_>) -> Self {
        Self { low: first(query.mz()).max(first(library.mz())), high: None }
    }

    /// From the stated scan ranges (first and last m/z), as far as they are known.
    ///
    /// - Low: the larger of the two starts. A spectrum without a stated scan range starts at its
    ///   first listed m/z, as in NIST's rule; an empty one sets no limit.
    /// - High: the smaller of the two ends if both are stated, else none: the last listed m/z is
    ///   where the fragments end, not where the scan did.
    ///
    /// A whole-number m/z is inside if it lies between the stated limits; limits that are not
    /// finite count as not stated.
    #[must_use]
    pub fn from_scans(
        query: UnitMassColumns<'_>,
        query_scan_mz: Option<(f64, f64)>,
        library: UnitMassColumns<'_>,
        library_scan_mz: Option<(f64, f64)>,
    ) -> Self {
        let stated =
            |scan: Option<(f64, f64)>| scan.filter(|(low, high)| low.is_finite() && high.is_finite());
        let (query_scan, library_scan) = (stated(query_scan_mz), stated(library_scan_mz));
        // The casts saturate, which is right for limits beyond every m/z.
        let low = |scan: Option<(f64, f64)>, mz| scan.map_or(first(mz), |(low, _)| low.ceil() as u32);
        let high = match (query_scan, library_scan) {
            (Some((_, a)), Some((_, b))) => Some(a.min(b).floor() as u32),
            _ => None,
        };
        Self { low: low(query_scan, query.mz()).max(low(library_scan, library.mz())), high }
    }

    /// Whether an m/z takes part.
    #[must_use]
    pub fn contains(self, mz: u32) -> bool {
        mz >= self.low && self.high.is_none_or(|high| mz <= high)
    }

    /// The positions of a strictly ascending column of m/z that take part.
    #[must_use]
    pub fn positions(self, mz: &[u32]) -> Range<usize> {
        let start = mz.partition_point(|&mz| mz < self.low);
        let end = self.high.map_or(mz.len(), |high| mz.partition_point(|&mz| mz <= high));
        start..end.max(start)
    }
}

fn first(mz: &[u32]) -> u32 {
    mz.first().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::unit_mass::UnitMassSpectrum;
    use super::*;

    fn spectrum(mz: &[u32]) -> UnitMassSpectrum {
        UnitMassSpectrum::try_new(mz.to_vec(), vec![1.0; mz.len()]).unwrap()
    }

    #[test]
    fn stated_scans_go_before_listed_peaks() {
        let (query, library) = (spectrum(&[41, 300]), spectrum(&[29, 200]));
        let range = |a, b| CommonRange::from_scans(query.columns(), a, library.columns(), b);
        assert_eq!(range(None, None), CommonRange { low: 41, high: None });
        assert_eq!(range(Some((35.0, 350.0)), None), CommonRange { low: 35, high: None });
        assert_eq!(range(Some((35.0, 350.5)), Some((39.5, 400.0))), CommonRange { low: 40, high: Some(350) });
        assert_eq!(range(Some((f64::NAN, 350.0)), None), CommonRange { low: 41, high: None });
    }

    #[test]
    fn an_empty_spectrum_sets_no_limit_and_a_crossed_range_is_empty() {
        let empty = UnitMassSpectrum::default();
        let range = CommonRange::from_scans(empty.columns(), None, spectrum(&[41]).columns(), None);
        assert_eq!(range, CommonRange { low: 41, high: None });
        let crossed = CommonRange { low: 50, high: Some(40) };
        assert!(crossed.positions(&[39, 41, 45, 60]).is_empty());
    }

    proptest! {
        #[test]
        fn positions_are_those_of_the_mz_contained(
            mz in proptest::collection::btree_set(0_u32..100, 0..40),
            low in 0_u32..100,
            high in proptest::option::of(0_u32..100),
        ) {
            let mz: Vec<u32> = mz.into_iter().collect();
            let range = CommonRange { low, high };
            let kept: Vec<u32> = mz.iter().copied().filter(|&mz| range.contains(mz)).collect();
            prop_assert_eq!(&mz[range.positions(&mz)], &kept[..]);
        }
    }
}
