//! NIST's dot product of product ion spectra, forward and reverse.
//!
//! Peaks pair within a mass tolerance, the largest product first. Both spectra count from the larger of their two first
//! m/z on, less the tolerance. With u and l the abundances of query and library:
//!
//! - **Dot product:** x = Σ √(u l) / √(Σ u Σ l), the first sum over the pairs. It is not squared.
//! - **Reverse:** peaks of the query without a partner leave Σ u.
//! - **On NIST's scale:** ⌊1000 x⌋, at most 999.
//!
//! Source: the 105 rows at hand of NIST MSPepSearch 0.9.7.1 (`Du /M 0.02`), all of which are met to the integer, with the
//! number of pairs (`tests/tests/nist_parity.rs`). Abundances there are whole and at most 999. NIST's other score of
//! product ion spectra (`G`), which falls with few pairs, is not known.

use super::peak_matching::{PeakPair, assign_greedily, candidate_pairs};
use crate::error::Result;
use crate::spectrum::PeakList;
use crate::units::{MassTolerance, MatchFactor};

/// A dot product on NIST's scale and the pairs of peaks that it rests on.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct NistDotProduct {
    /// How well query and library fit, each peak of both counting.
    pub dot_product: MatchFactor,
    /// The same without the peaks that only the query has.
    pub reverse_dot_product: MatchFactor,
    /// The dot product before it is cut, from 0 to 1.
    pub similarity: f64,
    /// The reverse dot product before it is cut, from 0 to 1.
    pub reverse_similarity: f64,
    /// The pairs, by the positions in query and library, ordered by the first.
    pub pairs: Vec<PeakPair>,
}

/// NIST's dot product of two product ion spectra. Peaks of abundance 0 take no part.
///
/// # Errors
/// `InvalidOption` for an impossible tolerance; `LimitReached` if too many peaks lie within it.
pub fn nist_dot_product(
    query: &PeakList,
    library: &PeakList,
    tolerance: MassTolerance,
) -> Result<NistDotProduct> {
    let candidates = candidate_pairs(query.mz(), library.mz(), tolerance, 0.0)?;
    let (Some(first_query), Some(first_library)) = (first_mz(query), first_mz(library)) else {
        return Ok(NistDotProduct::default());
    };
    let low = first_query.max(first_library);
    let low = low - tolerance.half_width(low);
    let counts =
        |peaks: &PeakList, position: usize| peaks.mz()[position] >= low && peaks.intensity()[position] > 0.0;
    let candidates: Vec<PeakPair> = candidates
        .into_iter()
        .filter(|pair| counts(query, pair.first) && counts(library, pair.second))
        .collect();
    let mut pairs = assign_greedily(&candidates, query.intensity(), library.intensity());
    pairs.sort_unstable();
    let sum = |peaks: &PeakList| -> f64 {
        peaks.iter().filter(|peak| peak.mz >= low).map(|peak| peak.intensity).sum()
    };
    let abundances = |pair: &PeakPair| (query.intensity()[pair.first], library.intensity()[pair.second]);
    let cross: f64 = pairs.iter().map(abundances).map(|(u, l)| (u * l).sqrt()).sum();
    let paired: f64 = pairs.iter().map(|pair| abundances(pair).0).sum();
    let library = sum(library);
    // A dot product can exceed 1 by rounding only.
    let similarity = |query: f64| {
        let norms = (query * library).sqrt();
        if norms > 0.0 { (cross / norms).min(1.0) } else { 0.0 }
    };
    let (similarity, reverse_similarity) = (similarity(sum(query)), similarity(paired));
    Ok(NistDotProduct {
        dot_product: MatchFactor::from_similarity(similarity),
        reverse_dot_product: MatchFactor::from_similarity(reverse_similarity),
        similarity,
        reverse_similarity,
        pairs,
    })
}

/// The m/z of the first peak that is one.
fn first_mz(peaks: &PeakList) -> Option<f64> {
    peaks.iter().find(|peak| peak.intensity > 0.0).map(|peak| peak.mz)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn peaks(peaks: &[(f64, f64)]) -> PeakList {
        PeakList::try_new(
            peaks.iter().map(|peak| peak.0).collect(),
            peaks.iter().map(|peak| peak.1).collect(),
        )
        .unwrap()
    }

    fn scores(query: &[(f64, f64)], library: &[(f64, f64)]) -> (u16, u16, usize) {
        let score = nist_dot_product(&peaks(query), &peaks(library), MassTolerance::Da(0.02)).unwrap();
        (score.dot_product.value(), score.reverse_dot_product.value(), score.pairs.len())
    }

    #[test]
    fn the_dot_product_by_hand() {
        // √(400·100) + √(999·999) = 1199. Forward 1199/√(1499·1099) = 0.93416; without the lone peak of the query
        // 1199/√(1399·1099) = 0.96696.
        let query = [(100.0, 400.0), (150.0, 100.0), (200.0, 999.0)];
        let library = [(100.01, 100.0), (200.0, 999.0)];
        assert_eq!(scores(&query, &library), (934, 966, 2));
        assert_eq!(scores(&query, &query), (999, 999, 3));
        assert_eq!(scores(&query, &[(120.0, 999.0)]), (0, 0, 0));
        assert_eq!(scores(&[], &library), (0, 0, 0));
    }

    #[test]
    fn peaks_below_the_first_of_the_other_spectrum_do_not_count() {
        let whole = [(50.0, 999.0), (100.0, 400.0), (200.0, 999.0)];
        let late = [(100.0, 400.0), (200.0, 999.0)];
        assert_eq!(scores(&whole, &late), (999, 999, 2));
        assert_eq!(scores(&late, &whole), (999, 999, 2));
        // Within the tolerance of the first peak they do.
        assert_eq!(scores(&[(99.985, 400.0), (200.0, 999.0)], &late), (999, 999, 2));
        // A peak of abundance 0 is no first peak.
        assert_eq!(scores(&[(50.0, 0.0), (100.0, 400.0), (200.0, 999.0)], &whole), (999, 999, 2));
    }

    #[test]
    fn each_peak_has_one_partner() {
        let query = [(100.0, 999.0)];
        let library = [(99.99, 500.0), (100.01, 999.0)];
        // √(999·999)/√(999·1499) = 0.81636.
        assert_eq!(scores(&query, &library), (816, 816, 1));
    }
}
