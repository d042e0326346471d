//! Which peaks of two spectra are taken for the same ion.
//!
//! First all *candidates*, the pairs within the mass tolerance; then an *assignment*, in which each peak
//! has at most one partner: greedy (largest product first) or optimal (largest sum of products).

mod assignment;

use crate::error::{Error, Result};
use crate::units::MassTolerance;

/// At most this many candidate pairs are examined (about 100 MB); two spectra of 100,000 peaks have fewer
/// unless the tolerance covers much of their range.
pub const MAXIMUM_CANDIDATE_PAIRS: usize = 4_000_000;

/// At most this many peaks of one spectrum may compete for the same partners in the optimal assignment.
/// Its time grows with the cube of the number: a second or so at the limit.
pub const MAXIMUM_COMPETING_PEAKS: usize = 1_000;

/// Two peaks that are taken for the same ion, by their positions in the two lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PeakPair {
    /// Position in the first spectrum.
    pub first: usize,
    /// Position in the second spectrum.
    pub second: usize,
}

/// All pairs within the tolerance, ordered by the first position, then by the second.
///
/// Both columns must be ascending. A pair is a candidate if |(second + `shift`) − first| ≤ half width, in
/// f64 and in that order; a ppm half width belongs to the m/z of the *first* spectrum. With a tolerance in
/// Da and no shift, exchanging the spectra gives the same pairs.
///
/// # Errors
/// `InvalidOption` for a tolerance that is negative or not finite, or a shift that is not finite;
/// `LimitReached` beyond [`MAXIMUM_CANDIDATE_PAIRS`].
pub fn candidate_pairs(
    first: &[f64],
    second: &[f64],
    tolerance: MassTolerance,
    shift: f64,
) -> Result<Vec<PeakPair>> {
    let tolerance = tolerance.checked()?;
    if !shift.is_finite() {
        return Err(Error::invalid_option(format!("a mass shift must be finite, not {shift}")));
    }
    let mut pairs = Vec::new();
    for (i, &mz) in first.iter().enumerate() {
        // The window is searched a little wider than it is, so that rounding cannot hide a candidate.
        let wide = tolerance.half_width(mz) + 1e-12 * (mz + shift.abs());
        let start = second.partition_point(|&other| (other + shift) - mz < -wide);
        let near =
            second.iter().enumerate().skip(start).take_while(|&(_, &other)| (other + shift) - mz <= wide);
        for (j, _) in near.filter(|&(_, &other)| tolerance.contains(mz, other + shift)) {
            if pairs.len() == MAXIMUM_CANDIDATE_PAIRS {
                return Err(Error::limit(format!(
                    "more than {MAXIMUM_CANDIDATE_PAIRS} pairs of peaks lie within the mass tolerance; \
                     merge the peaks or narrow the tolerance"
                )));
            }
            pairs.push(PeakPair { first: i, second: j });
        }
    }
    Ok(pairs)
}

/// Assigns greedily: the candidates are taken by descending product of the two weights, each peak once.
/// Of equal products the candidate that stands later in the list wins, which is the rule of matchms
/// 0.33 (ascending stable sort, reversed).
///
/// The pairs come in the order in which they were taken. Where equal products compete, exchanging the
/// spectra may give another assignment.
#[must_use]
pub(crate) fn assign_greedily(candidates: &[PeakPair], first: &[f64], second: &[f64]) -> Vec<PeakPair> {
    let product = |pair: &PeakPair| first[pair.first] * second[pair.second];
    let mut order: Vec<(f64, usize)> = candidates.iter().map(product).zip(0..).collect();
    order.sort_unstable_by(|a, b| b.0.total_cmp(&a.0).then(b.1.cmp(&a.1)));
    let mut first_taken = vec![false; first.len()];
    let mut second_taken = vec![false; second.len()];
    let mut taken = Vec::new();
    for (_, position) in order {
        let pair = candidates[position];
        if !first_taken[pair.first] && !second_taken[pair.second] {
            first_taken[pair.first] = true;
            second_taken[pair.second] = true;
            taken.push(pair);
        }
    }
    taken
}

/// Assigns optimally: no other assignment of the candidates has a larger sum of products (up to rounding,
/// about 10⁻¹⁵ of the largest product per pair). Weights must be finite and not negative; a pair whose
/// product is 0 is never assigned.
///
/// The pairs come ordered by the first position. Peaks that share no candidate do not influence each
/// other, so each connected group is solved by itself: shortest augmenting paths with potentials (Kuhn
/// 1955, Munkres 1957, Jonker & Volgenant 1987), n³ steps for n peaks.
///
/// # Errors
/// `LimitReached` if a connected group has more than [`MAXIMUM_COMPETING_PEAKS`] peaks of one spectrum, as
/// in profile data or with a tolerance wider than the peaks' distance.
pub(crate) fn assign_optimally(
    candidates: &[PeakPair],
    first: &[f64],
    second: &[f64],
) -> Result<Vec<PeakPair>> {
    assignment::assign(candidates, first, second)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The definition: every pair is looked at.
    fn all_pairs(first: &[f64], second: &[f64], tolerance: MassTolerance, shift: f64) -> Vec<PeakPair> {
        let mut pairs = Vec::new();
        for (i, &a) in first.iter().enumerate() {
            for (j, &b) in second.iter().enumerate() {
                if ((b + shift) - a).abs() <= tolerance.half_width(a) {
                    pairs.push(PeakPair { first: i, second: j });
                }
            }
        }
        pairs
    }

    fn pair(first: usize, second: usize) -> PeakPair {
        PeakPair { first, second }
    }

    #[test]
    fn of_equal_products_the_later_candidate_wins() {
        // 0-0 and 0-1 both have the product 1; the later takes the peak, 1-1 is then left without.
        let candidates = [pair(0, 0), pair(0, 1), pair(1, 1)];
        assert_eq!(assign_greedily(&candidates, &[1.0, 0.5], &[1.0, 1.0]), [pair(0, 1)]);
    }

    #[test]
    fn the_optimum_gives_up_the_largest_product_where_two_others_weigh_more() {
        // Greedy takes 0-1 (9); then nothing is left for 1-1, and 0-0 (6) + 1-1 (6) = 12 is missed.
        let (first, second) = ([3.0, 2.0], [2.0, 3.0]);
        let candidates = [pair(0, 0), pair(0, 1), pair(1, 1)];
        assert_eq!(assign_greedily(&candidates, &first, &second), [pair(0, 1)]);
        assert_eq!(assign_optimally(&candidates, &first, &second).unwrap(), [pair(0, 0), pair(1, 1)]);
    }

    #[test]
    fn impossible_windows_are_errors_and_crowds_reach_a_limit() {
        let crowd: Vec<f64> = (0..2_100_u32).map(|i| 100.0 + f64::from(i) * 1e-6).collect();
        assert!(candidate_pairs(&crowd, &crowd, MassTolerance::Da(f64::NAN), 0.0).is_err());
        assert!(candidate_pairs(&crowd, &crowd, MassTolerance::Da(0.1), f64::INFINITY).is_err());
        let error = candidate_pairs(&crowd, &crowd, MassTolerance::Da(0.1), 0.0).unwrap_err();
        assert_eq!(error.kind(), crate::ErrorKind::LimitReached);
        let crowd = &crowd[..MAXIMUM_COMPETING_PEAKS + 1];
        let candidates = candidate_pairs(crowd, &crowd[..3], MassTolerance::Da(0.1), 0.0).unwrap();
        let error = assign_optimally(&candidates, &vec![1.0; crowd.len()], &[1.0; 3]).unwrap_err();
        assert_eq!(error.kind(), crate::ErrorKind::LimitReached);
    }

    proptest! {
        #[test]
        fn candidates_are_what_looking_at_every_pair_finds(
            mut first in prop::collection::vec(1.0..40.0_f64, 0..30),
            mut second in prop::collection::vec(1.0..40.0_f64, 0..30),
            shift in -5.0..5.0_f64,
            width in 0.0..3.0_f64,
            ppm in any::<bool>(),
        ) {
            first.sort_by(f64::total_cmp);
            second.sort_by(f64::total_cmp);
            // Up to 3,000,000 ppm, beyond where the lower end of the window falls with m/z.
            let tolerance = if ppm { MassTolerance::Ppm(width * 1e6) } else { MassTolerance::Da(width) };
            let found = candidate_pairs(&first, &second, tolerance, shift).unwrap();
            prop_assert_eq!(found, all_pairs(&first, &second, tolerance, shift));
        }
    }
}
