//! What speaks for a candidate and what against it, ion by ion.

use serde::Serialize;

use crate::search::Alignment;
use crate::similarity::common_range::CommonRange;
use crate::spectrum::PeakList;

/// An ion of one spectrum, with its intensity relative to that spectrum's base peak.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Ion {
    /// m/z as compared: of a unit-mass method, the nominal m/z.
    pub mz: f64,
    /// Percent of the base peak, 0 to 100.
    pub relative_intensity: f64,
}

/// An ion that both spectra have.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct MatchedIon {
    /// m/z in the query.
    pub query_mz: f64,
    /// m/z in the library entry.
    pub library_mz: f64,
    /// Percent of the query's base peak, 0 to 100.
    pub query_relative_intensity: f64,
    /// Percent of the entry's base peak, 0 to 100.
    pub library_relative_intensity: f64,
}

/// The ions for and against a candidate. Ions outside the range that both spectra were measured in
/// are neither: they are listed as not compared.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Evidence {
    /// Ions of both spectra.
    pub matched: Vec<MatchedIon>,
    /// Present in the query, not in the library entry.
    pub unexplained: Vec<Ion>,
    /// Expected from the library entry, not in the query.
    pub missing: Vec<Ion>,
    /// Ions of the query outside the common range.
    pub query_not_compared: Vec<Ion>,
    /// Ions of the library entry outside the common range.
    pub library_not_compared: Vec<Ion>,
    /// Share of the query's intensity in the common range that lies on matched ions, 0 to 1.
    pub explained_share: f64,
    /// Share of the entry's intensity in the common range that lies on matched ions, 0 to 1.
    pub found_share: f64,
}

impl Evidence {
    /// Lays two prepared spectra side by side by the pairs that the method itself formed.
    #[must_use]
    pub fn new(alignment: &Alignment<'_>) -> Self {
        let (query, library) = (Side::new(alignment.query), Side::new(alignment.library));
        let mut in_pair = (vec![false; alignment.query.len()], vec![false; alignment.library.len()]);
        let mut matched = Vec::with_capacity(alignment.pairs.len());
        for &(query_index, library_index) in &alignment.pairs {
            in_pair.0[query_index] = true;
            in_pair.1[library_index] = true;
            let (query_ion, library_ion) = (query.ion(query_index), library.ion(library_index));
            matched.push(MatchedIon {
                query_mz: query_ion.mz,
                library_mz: library_ion.mz,
                query_relative_intensity: query_ion.relative_intensity,
                library_relative_intensity: library_ion.relative_intensity,
            });
        }
        matched.sort_by(|a, b| a.query_mz.total_cmp(&b.query_mz).then(a.library_mz.total_cmp(&b.library_mz)));
        let (unexplained, query_not_compared, explained_share) = query.unpaired(&in_pair.0, alignment.range);
        let (missing, library_not_compared, found_share) = library.unpaired(&in_pair.1, alignment.range);
        Self {
            matched,
            unexplained,
            missing,
            query_not_compared,
            library_not_compared,
            explained_share,
            found_share,
        }
    }
}

/// One of the two spectra with its base peak.
struct Side<'a> {
    peaks: &'a PeakList,
    base: f64,
}

impl<'a> Side<'a> {
    fn new(peaks: &'a PeakList) -> Self {
        Self { peaks, base: peaks.base_peak().map_or(0.0, |peak| peak.intensity) }
    }

    fn ion(&self, index: usize) -> Ion {
        Ion {
            mz: self.peaks.mz()[index],
            relative_intensity: percent(self.peaks.intensity()[index], self.base),
        }
    }

    /// The ions without partner within and outside the range, and the share of the intensity within the
    /// range that has a partner. Ions of intensity 0 are no evidence. Sums are relative to the base peak,
    /// so that they cannot overflow.
    fn unpaired(&self, in_pair: &[bool], range: CommonRange) -> (Vec<Ion>, Vec<Ion>, f64) {
        let (mut within, mut outside) = (Vec::new(), Vec::new());
        let (mut paired, mut total) = (0.0, 0.0);
        for (index, peak) in self.peaks.iter().enumerate() {
            if in_pair[index] {
                paired += peak.intensity / self.base;
                total += peak.intensity / self.base;
            } else if peak.intensity > 0.0 {
                // The cast cuts fractions, of which only unit-mass spectra have none: their ranges are
                // whole, and all else is compared everywhere.
                if range.contains(peak.mz as u32) {
                    total += peak.intensity / self.base;
                    within.push(self.ion(index));
                } else {
                    outside.push(self.ion(index));
                }
            }
        }
        (within, outside, if total > 0.0 { paired / total } else { 0.0 })
    }
}

/// `part` of `whole` in percent; 0 of nothing.
pub(super) fn percent(part: f64, whole: f64) -> f64 {
    if whole > 0.0 { 100.0 * (part / whole) } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ions_are_for_against_or_not_compared() {
        let query = PeakList::try_new(vec![50.0, 77.0, 105.0], vec![10.0, 40.0, 50.0]).unwrap();
        let library = PeakList::try_new(vec![41.0, 77.0, 122.0, 123.0], vec![30.0, 20.0, 5.0, 0.0]).unwrap();
        let evidence = Evidence::new(&Alignment {
            query: &query,
            library: &library,
            pairs: vec![(1, 1)],
            range: CommonRange { low: 50, high: None },
        });
        assert_eq!(evidence.matched.len(), 1);
        assert_eq!(evidence.matched[0].query_relative_intensity, 80.0);
        let mz = |ions: &[Ion]| ions.iter().map(|ion| ion.mz).collect::<Vec<_>>();
        assert_eq!(mz(&evidence.unexplained), [50.0, 105.0]);
        assert_eq!(mz(&evidence.missing), [122.0]);
        assert_eq!(mz(&evidence.library_not_compared), [41.0]);
        assert!(evidence.query_not_compared.is_empty());
        assert_eq!(evidence.explained_share, 0.4);
        assert_eq!(evidence.found_share, 0.8);
    }
}
