//! The cosine that allows for one change of the molecule: peaks match as they are or shifted by the
//! difference of the precursors.

use super::cosine::{Assignment, CosineOptions, CosineScore, score};
use crate::error::{Error, Result};
use crate::spectrum::PeakList;

/// The modified cosine with greedy assignment (`ModifiedCosineGreedy` of matchms 0.33; Watrous et al.,
/// Proc. Natl. Acad. Sci. 2012, 109, E1743): candidates are the pairs within the tolerance as they are,
/// followed by those after adding `first_precursor_mz` − `second_precursor_mz` to the second spectrum.
/// Where the precursors agree within the tolerance it is the plain cosine.
///
/// # Errors
/// `InvalidOption` for a precursor m/z that is not above 0 and finite; else as
/// [`cosine_greedy`](super::cosine::cosine_greedy).
pub fn modified_cosine_greedy(
    first: &PeakList,
    first_precursor_mz: f64,
    second: &PeakList,
    second_precursor_mz: f64,
    options: &CosineOptions,
) -> Result<CosineScore> {
    let shifts = shifts(first_precursor_mz, second_precursor_mz, options)?;
    score(first, second, &shifts, options, Assignment::Greedy)
}

/// The modified cosine with optimal assignment (`ModifiedCosineHungarian` of matchms 0.33), else as
/// [`modified_cosine_greedy`].
///
/// # Errors
/// As [`modified_cosine_greedy`], and `LimitReached` if too many peaks compete for the same partners: the
/// two kinds of candidates chain peaks together that lie a shift apart.
pub fn modified_cosine_optimal(
    first: &PeakList,
    first_precursor_mz: f64,
    second: &PeakList,
    second_precursor_mz: f64,
    options: &CosineOptions,
) -> Result<CosineScore> {
    let shifts = shifts(first_precursor_mz, second_precursor_mz, options)?;
    score(first, second, &shifts, options, Assignment::Optimal)
}

fn shifts(first_precursor_mz: f64, second_precursor_mz: f64, options: &CosineOptions) -> Result<Vec<f64>> {
    let shift = precursor_shift(first_precursor_mz, second_precursor_mz)?;
    let tolerance = options.tolerance.checked()?;
    Ok(if shift.abs() <= tolerance.half_width(first_precursor_mz) { vec![0.0] } else { vec![0.0, shift] })
}

/// What must be added to the second spectrum to bring its precursor to that of the first.
pub(super) fn precursor_shift(first_precursor_mz: f64, second_precursor_mz: f64) -> Result<f64> {
    for mz in [first_precursor_mz, second_precursor_mz] {
        if !mz.is_finite() || mz <= 0.0 {
            return Err(Error::invalid_option(format!(
                "a precursor m/z must be above 0 and finite, not {mz}"
            )));
        }
    }
    Ok(first_precursor_mz - second_precursor_mz)
}

#[cfg(test)]
mod tests {
    use super::super::cosine::tests::{assert_golden, assert_score, list};
    use super::*;
    use crate::units::MassTolerance;

    #[test]
    fn greedy_and_optimal_equal_the_golden_vectors() {
        assert_golden("modified_greedy", modified_cosine_greedy);
        assert_golden("modified_hungarian", modified_cosine_optimal);
    }

    /// The example printed by matchms 0.33.1 for these two spectra.
    #[test]
    fn the_worked_example_comes_out() {
        let a = list(&[(100.0, 0.7), (150.0, 0.2), (200.0, 0.1), (300.0, 1.0)]);
        let b = list(&[(100.0, 0.4), (164.0, 0.2), (200.0, 0.1), (314.0, 1.0)]);
        let score = modified_cosine_greedy(&a, 301.0, &b, 315.0, &CosineOptions::default()).unwrap();
        assert_score(&score, 0.974_313, 4, 1e-6);
    }

    #[test]
    fn equal_precursors_give_the_plain_cosine_and_impossible_ones_an_error() {
        let a = list(&[(100.0, 0.7), (150.0, 0.2)]);
        let b = list(&[(100.0, 0.4), (150.05, 0.2)]);
        let options = CosineOptions { tolerance: MassTolerance::Da(0.25), ..CosineOptions::default() };
        let plain = super::super::cosine::cosine_greedy(&a, &b, &options).unwrap();
        assert_eq!(modified_cosine_greedy(&a, 301.0, &b, 301.25, &options).unwrap(), plain);
        for precursor in [0.0, -1.0, f64::NAN, f64::INFINITY] {
            assert!(modified_cosine_greedy(&a, precursor, &b, 301.0, &options).is_err());
            assert!(modified_cosine_optimal(&a, 301.0, &b, precursor, &options).is_err());
        }
    }
}
