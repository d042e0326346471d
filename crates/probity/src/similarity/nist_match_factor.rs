//! NIST's match factors for electron ionization: Identity and Simple, forward and reverse.
//!
//! Both spectra are on NIST's scale (base peak 999) and compared from the larger of their two first
//! m/z on. A peak takes part where either abundance exceeds 1. With u and l the abundances of query
//! and library at m/z m:
//!
//! - **Simple:** x = (Σ √(u l))² / (Σ u Σ l).
//! - **Identity:** x = (n1 t1 + n2 t2) / (n1 + n2), a dot-product term and a ratio term.
//!   t1 = (Σ m √(u l))² / (Σ m u Σ m l); n1 counts the common peaks.
//!   t2 = Σ m min(r, 1/r) / Σ m over pairs of neighbouring common peaks, m that of the second, with
//!   r = √(u l′ / (u′ l)), the prime marking the first; n2 counts the pairs. A peak that stands alone
//!   in one spectrum ends the neighbourhood.
//! - **Reverse:** peaks of the query alone leave Σ u (and Σ m u); they still end a neighbourhood.
//! - **Match factor:** ⌊1000 x⌋, at most 999.
//!
//! Sources: the composite is that of S. E. Stein and D. R. Scott, J. Am. Soc. Mass Spectrom. 1994, 5,
//! 859; how NIST's program computes it was worked out by A. S. Samokhin, J. Am. Soc. Mass Spectrom.
//! 2024, 35, 3178 (10.1021/jasms.4c00350). Every row of NIST MSPepSearch 0.9.7.1 at hand is met to
//! the integer (`tests/tests/nist_parity.rs`).

use std::cmp::Ordering;

use serde::{Deserialize, Serialize};

use super::common_range::CommonRange;
use super::explanation::{Contribution, Explanation, explain_sum};
use super::nist_sums::{Library, Sums, contributions};
use super::unit_mass::NistColumns;
use crate::units::MatchFactor;

/// A score on NIST's scale with the parts that it is made of.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct NistScore {
    /// How well query and library fit, each peak of both counting.
    pub match_factor: MatchFactor,
    /// The same without the peaks that only the query has.
    pub reverse_match_factor: MatchFactor,
    /// The similarity before it is cut to a match factor, from 0 to 1.
    pub similarity: f64,
    /// The reverse similarity before it is cut, from 0 to 1.
    pub reverse_similarity: f64,
    /// t1, the dot-product term, from 0 to 1.
    pub dot_product: f64,
    /// t1 without the peaks that only the query has.
    pub reverse_dot_product: f64,
    /// n1, the number of common peaks. A library spectrum without any is no hit at all.
    pub common_peaks: u32,
    /// t2, the ratio term, from 0 to 1; 0 if there is no pair of neighbouring common peaks.
    pub ratio: f64,
    /// n2, the number of pairs of neighbouring common peaks; 0 in scores without a ratio term.
    pub ratios: u32,
}

impl NistScore {
    pub(crate) fn from_sums<const IDENTITY: bool>(sums: &Sums<IDENTITY>) -> Self {
        // A dot product can exceed 1 by rounding only.
        let dot_product = |query: f64| {
            let norms = query * sums.library;
            if norms > 0.0 { (sums.cross * sums.cross / norms).min(1.0) } else { 0.0 }
        };
        let ratio = if sums.ratio_mz > 0.0 { sums.ratio_weighted / sums.ratio_mz } else { 0.0 };
        let (n1, n2) = (f64::from(sums.common_peaks), f64::from(sums.ratios));
        let similarity = |t1: f64| if sums.ratios > 0 { (n1 * t1 + n2 * ratio) / (n1 + n2) } else { t1 };
        let (forward, reverse) = (dot_product(sums.query), dot_product(sums.query_common));
        Self {
            match_factor: MatchFactor::from_similarity(similarity(forward)),
            reverse_match_factor: MatchFactor::from_similarity(similarity(reverse)),
            similarity: similarity(forward),
            reverse_similarity: similarity(reverse),
            dot_product: forward,
            reverse_dot_product: reverse,
            common_peaks: sums.common_peaks,
            ratio,
            ratios: sums.ratios,
        }
    }

    /// The order of NIST's hit lists: the larger match factor first, of equals the larger reverse
    /// match factor. Entries that are still equal follow in the order of their ids.
    #[must_use]
    pub fn best_first(&self, other: &Self) -> Ordering {
        (other.match_factor, other.reverse_match_factor).cmp(&(self.match_factor, self.reverse_match_factor))
    }
}

/// NIST's Identity score.
#[must_use]
pub fn nist_identity(query: NistColumns<'_>, library: NistColumns<'_>) -> NistScore {
    NistScore::from_sums(&Sums::<true>::of(query, unshifted(library), low(query, library)))
}

/// NIST's Simple score.
#[must_use]
pub fn nist_simple(query: NistColumns<'_>, library: NistColumns<'_>) -> NistScore {
    NistScore::from_sums(&Sums::<false>::of(query, unshifted(library), low(query, library)))
}

/// Why [`nist_identity`] gives its match factor.
#[must_use]
pub fn explain_nist_identity(query: NistColumns<'_>, library: NistColumns<'_>) -> Explanation {
    let (library, low) = (unshifted(library), low(query, library));
    explain(
        "NIST Identity",
        &Sums::<true>::of(query, library, low),
        contributions::<true, _>(query, library, low),
    )
}

/// Why [`nist_simple`] gives its match factor.
#[must_use]
pub fn explain_nist_simple(query: NistColumns<'_>, library: NistColumns<'_>) -> Explanation {
    let (library, low) = (unshifted(library), low(query, library));
    explain(
        "NIST Simple",
        &Sums::<false>::of(query, library, low),
        contributions::<false, _>(query, library, low),
    )
}

/// Why [`nist_identity`] gives its reverse match factor.
#[must_use]
pub fn explain_nist_identity_reverse(query: NistColumns<'_>, library: NistColumns<'_>) -> Explanation {
    reverse_first(explain_nist_identity(query, library))
}

/// Why [`nist_simple`] gives its reverse match factor.
#[must_use]
pub fn explain_nist_simple_reverse(query: NistColumns<'_>, library: NistColumns<'_>) -> Explanation {
    reverse_first(explain_nist_simple(query, library))
}

/// The tree of a match factor with its last branch, that of the reverse match factor, as the root.
fn reverse_first(mut forward: Explanation) -> Explanation {
    match forward.children.pop() {
        Some(mut reverse) => {
            reverse.children.push(forward);
            reverse
        }
        None => forward,
    }
}

/// The tree under a match factor; its last branch is that of the reverse match factor.
pub(crate) fn explain<const IDENTITY: bool>(
    name: &str,
    sums: &Sums<IDENTITY>,
    common: Vec<Contribution>,
) -> Explanation {
    let score = NistScore::from_sums(sums);
    let weighted = if IDENTITY { "m/z × " } else { "" };
    let dot_product = Explanation::leaf(
        "dot product: squared sum over common peaks, divided by both sums of abundance",
        score.dot_product,
    )
    .with(vec![
        explain_sum(
            &format!("sum of {weighted}√(query × library) over {} common peaks", score.common_peaks),
            sums.cross,
            common,
        ),
        Explanation::leaf(format!("sum of {weighted}abundance of the query"), sums.query)
            .with(vec![Explanation::leaf("of it in common peaks", sums.query_common)]),
        Explanation::leaf(format!("sum of {weighted}abundance of the library spectrum"), sums.library),
    ]);
    let mut similarity = vec![dot_product];
    if IDENTITY {
        similarity.push(
            Explanation::leaf(
                format!(
                    "ratio term: how alike the abundance ratios of {} pairs of neighbouring common peaks are",
                    score.ratios
                ),
                score.ratio,
            )
            .with(vec![
                Explanation::leaf("sum of m/z × min(r, 1/r)", sums.ratio_weighted),
                Explanation::leaf("sum of their m/z", sums.ratio_mz),
            ]),
        );
    }
    let combined = if IDENTITY {
        format!(
            "similarity: the dot product counts {} times, the ratio term {} times",
            score.common_peaks, score.ratios
        )
    } else {
        "similarity: the dot product".to_owned()
    };
    let reverse = Explanation::leaf(
        format!("{name} reverse match factor: as if the peaks that only the query has were not there"),
        f64::from(score.reverse_match_factor.value()),
    )
    .with(vec![
        Explanation::leaf("reverse similarity", score.reverse_similarity),
        Explanation::leaf("reverse dot product", score.reverse_dot_product),
    ]);
    Explanation::leaf(
        format!("{name} match factor (999 is the best; the similarity times 1000, cut to an integer)"),
        f64::from(score.match_factor.value()),
    )
    .with(vec![Explanation::leaf(combined, score.similarity).with(similarity), reverse])
}

fn unshifted(library: NistColumns<'_>) -> Library<'_, u16> {
    Library { mz: library.mz(), abundance: library.abundance(), shift: 0 }
}

fn low(query: NistColumns<'_>, library: NistColumns<'_>) -> i64 {
    i64::from(CommonRange::from_first_mz(query, library).low)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::unit_mass::tests::{any_nist_spectrum, any_unit_mass_spectrum, times};
    use super::super::unit_mass::{NistSpectrum, UnitMassSpectrum};
    use super::*;

    fn spectrum(peaks: &[(u32, u16)]) -> NistSpectrum {
        let (mz, abundance) = peaks.iter().copied().unzip();
        NistSpectrum::try_new(mz, abundance).unwrap()
    }

    fn near(got: f64, expected: f64) {
        assert!((got - expected).abs() < 1e-12, "{got} is not {expected}");
    }

    #[test]
    fn simple_by_hand() {
        // Common: 50 (√(900·400) = 600), 60 (√(100·400) = 200). Query alone: 70 (25).
        // x = 800² / ((900+100+25)·800) = 640000/820000; reverse 640000/(1000·800) = 0.8.
        let query = spectrum(&[(50, 900), (60, 100), (70, 25)]);
        let library = spectrum(&[(50, 400), (60, 400)]);
        let score = nist_simple(query.columns(), library.columns());
        near(score.similarity, 640_000.0 / 820_000.0);
        near(score.reverse_similarity, 0.8);
        assert_eq!(score.match_factor.value(), 780);
        assert_eq!((score.common_peaks, score.ratios), (2, 0));
    }

    #[test]
    fn identity_by_hand() {
        // Σ m√(ul) = 50·600 + 60·200 = 42000; Σ m u = 45000 + 6000 + 1750 = 52750;
        // Σ m l = 20000 + 24000 = 44000. t1 = 42000²/(52750·44000) = 0.76000...; n1 = 2.
        // r at 60 = √(100·400/(900·400)) = 1/3; t2 = 60·(1/3)/60 = 1/3; n2 = 1.
        // x = (2 t1 + 1/3)/3.
        let query = spectrum(&[(50, 900), (60, 100), (70, 25)]);
        let library = spectrum(&[(50, 400), (60, 400)]);
        let score = nist_identity(query.columns(), library.columns());
        let t1 = 42_000.0 * 42_000.0 / (52_750.0 * 44_000.0);
        near(score.dot_product, t1);
        near(score.ratio, 1.0 / 3.0);
        near(score.similarity, (2.0 * t1 + 1.0 / 3.0) / 3.0);
        assert_eq!((score.common_peaks, score.ratios), (2, 1));
        // Reverse: Σ m u = 51000.
        near(score.reverse_dot_product, 42_000.0 * 42_000.0 / (51_000.0 * 44_000.0));
    }

    #[test]
    fn a_lone_peak_ends_the_neighbourhood_but_a_trace_does_not() {
        let library = spectrum(&[(50, 999), (60, 100)]);
        let with_peak = spectrum(&[(50, 999), (55, 2), (60, 100)]);
        let with_trace = spectrum(&[(50, 999), (55, 1), (60, 100)]);
        assert_eq!(nist_identity(with_peak.columns(), library.columns()).ratios, 0);
        let score = nist_identity(with_trace.columns(), library.columns());
        assert_eq!((score.ratios, score.match_factor), (1, MatchFactor::MAX));
        // The reverse search forgives the lone peak, yet its ratios stay broken.
        let reverse = nist_identity(with_peak.columns(), library.columns());
        assert_eq!((reverse.reverse_match_factor, reverse.ratios), (MatchFactor::MAX, 0));
    }

    #[test]
    fn the_comparison_begins_at_the_larger_first_mz_also_where_it_is_a_trace() {
        let query = spectrum(&[(40, 999), (50, 500)]);
        let library = spectrum(&[(45, 0), (50, 999)]);
        let score = nist_simple(query.columns(), library.columns());
        assert_eq!((score.match_factor, score.common_peaks), (MatchFactor::MAX, 1));
    }

    #[test]
    fn empty_spectra_and_single_peaks_are_defined() {
        let (empty, peak, other) = (spectrum(&[]), spectrum(&[(58, 999)]), spectrum(&[(77, 999)]));
        for score in [nist_identity, nist_simple] {
            assert_eq!(score(empty.columns(), empty.columns()), NistScore::default());
            assert_eq!(score(peak.columns(), empty.columns()), NistScore::default());
            assert_eq!(score(peak.columns(), other.columns()), NistScore::default());
            assert_eq!(score(peak.columns(), peak.columns()).match_factor, MatchFactor::MAX);
        }
    }

    #[test]
    fn hits_are_ordered_by_match_factor_then_reverse() {
        let score = |mf: f64, rmf: f64| NistScore {
            match_factor: MatchFactor::from_similarity(mf),
            reverse_match_factor: MatchFactor::from_similarity(rmf),
            ..NistScore::default()
        };
        assert_eq!(score(0.9, 0.1).best_first(&score(0.8, 0.9)), Ordering::Less);
        assert_eq!(score(0.9, 0.1).best_first(&score(0.9, 0.2)), Ordering::Greater);
        assert_eq!(score(0.9, 0.1).best_first(&score(0.9, 0.1)), Ordering::Equal);
    }

    proptest! {
        #[test]
        fn a_spectrum_matches_itself(a in any_nist_spectrum()) {
            prop_assume!(a.columns().abundance().contains(&999));
            for score in [nist_identity, nist_simple] {
                prop_assert_eq!(score(a.columns(), a.columns()).match_factor, MatchFactor::MAX);
                prop_assert_eq!(score(a.columns(), a.columns()).reverse_match_factor, MatchFactor::MAX);
            }
        }

        #[test]
        fn match_factors_are_symmetric_in_range_and_below_their_reverse(
            a in any_nist_spectrum(), b in any_nist_spectrum(),
        ) {
            for score in [nist_identity, nist_simple] {
                let (ab, ba) = (score(a.columns(), b.columns()), score(b.columns(), a.columns()));
                // r and 1/r round differently, so the ratio term is symmetric to the last bits only.
                prop_assert!((ab.similarity - ba.similarity).abs() < 1e-12);
                prop_assert_eq!(ab.dot_product.to_bits(), ba.dot_product.to_bits());
                prop_assert!((0.0..=1.0).contains(&ab.similarity) && (0.0..=1.0).contains(&ab.reverse_similarity));
                prop_assert!(ab.similarity <= ab.reverse_similarity);
            }
        }

        #[test]
        fn the_reverse_score_is_that_of_the_query_without_its_lone_peaks(
            a in any_nist_spectrum(), b in any_nist_spectrum(),
        ) {
            // Only Simple: in Identity the lone peaks still break the ratios.
            let score = nist_simple(a.columns(), b.columns());
            let low = low(a.columns(), b.columns());
            let (mz, abundance): (Vec<u32>, Vec<u16>) = a.columns().mz().iter().copied()
                .zip(a.columns().abundance().iter().copied())
                .filter(|(mz, _)| b.columns().mz().iter().zip(b.columns().abundance())
                    .any(|(other, &abundance)| other == mz && abundance > 0))
                // Keeps the beginning of the measurement where it was.
                .map(|(mz, abundance)| (mz, if i64::from(mz) < low { 0 } else { abundance })).unzip();
            let kept = NistSpectrum::try_new(mz, abundance).unwrap();
            let library = b.columns().within(CommonRange { low: u32::try_from(low).unwrap(), high: None });
            let expected = nist_simple_without_range(kept.columns(), library);
            prop_assert_eq!(score.reverse_match_factor, expected);
        }

        #[test]
        fn scaling_by_a_power_of_two_changes_nothing(
            a in any_unit_mass_spectrum(), b in any_unit_mass_spectrum(), power in -20_i32..20,
        ) {
            let factor = if power < 0 { 1.0 / f64::from(1_u32 << -power) } else { f64::from(1_u32 << power) };
            let nist = |spectrum: &UnitMassSpectrum| NistSpectrum::from_unit_mass(spectrum.columns());
            let (scaled, library) = (nist(&times(&a, factor)), nist(&b));
            prop_assert_eq!(
                nist_identity(nist(&a).columns(), library.columns()),
                nist_identity(scaled.columns(), library.columns())
            );
        }

        #[test]
        fn an_explanation_has_the_scores_own_value(a in any_nist_spectrum(), b in any_nist_spectrum()) {
            let (a, b) = (a.columns(), b.columns());
            for (score, tree) in [
                (nist_identity(a, b), explain_nist_identity(a, b)),
                (nist_simple(a, b), explain_nist_simple(a, b)),
            ] {
                prop_assert_eq!(tree.value.to_bits(), f64::from(score.match_factor.value()).to_bits());
                prop_assert_eq!(tree.children[0].value.to_bits(), score.similarity.to_bits());
                prop_assert_eq!(tree.children[1].value.to_bits(), f64::from(score.reverse_match_factor.value()).to_bits());
            }
            for (score, tree) in [
                (nist_identity(a, b), explain_nist_identity_reverse(a, b)),
                (nist_simple(a, b), explain_nist_simple_reverse(a, b)),
            ] {
                prop_assert_eq!(tree.value.to_bits(), f64::from(score.reverse_match_factor.value()).to_bits());
                prop_assert_eq!(tree.children[0].value.to_bits(), score.reverse_similarity.to_bits());
                prop_assert_eq!(tree.children[2].value.to_bits(), f64::from(score.match_factor.value()).to_bits());
            }
        }
    }

    /// The textbook Simple score over all listed peaks, with every pair of peaks looked at.
    fn nist_simple_without_range(query: NistColumns<'_>, library: NistColumns<'_>) -> MatchFactor {
        let (mut cross, mut query_sum, mut library_sum) = (0.0, 0.0, 0.0);
        for mz in 0..100 {
            let at = |columns: NistColumns<'_>| {
                let found = columns.mz().iter().position(|&other| other == mz);
                f64::from(found.map_or(0, |index| columns.abundance()[index]))
            };
            let (u, l) = (at(query), at(library));
            if u > 1.0 || l > 1.0 {
                cross += (u * l).sqrt();
                query_sum += u;
                library_sum += l;
            }
        }
        let norms: f64 = query_sum * library_sum;
        MatchFactor::from_similarity(if norms > 0.0 { cross * cross / norms } else { 0.0 })
    }
}
