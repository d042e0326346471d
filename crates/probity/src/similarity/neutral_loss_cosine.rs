//! The cosine of what the precursors lose.

use super::cosine::{Assignment, CosineOptions, CosineScore, score};
use super::modified_cosine::precursor_shift;
use crate::error::Result;
use crate::spectrum::PeakList;

/// The cosine over neutral losses with greedy assignment (`NeutralLossesCosine` of matchms 0.33): two
/// peaks match if precursor − m/z agrees, that is after adding `first_precursor_mz` −
/// `second_precursor_mz` to the second spectrum. Peaks at or above their precursor lose nothing: they
/// count neither in the sum nor in the norm. Weights take the m/z of the peak, not the loss.
///
/// # Errors
/// `InvalidOption` for a precursor m/z that is not above 0 and finite; else as
/// [`cosine_greedy`](super::cosine::cosine_greedy).
pub fn neutral_loss_cosine(
    first: &PeakList,
    first_precursor_mz: f64,
    second: &PeakList,
    second_precursor_mz: f64,
    options: &CosineOptions,
) -> Result<CosineScore> {
    let shift = precursor_shift(first_precursor_mz, second_precursor_mz)?;
    // The peaks stay at the front of the ascending list, so positions keep their meaning.
    let first = peaks_below(first, first_precursor_mz);
    let second = peaks_below(second, second_precursor_mz);
    score(&first, &second, &[shift], options, Assignment::Greedy)
}

/// The peaks that lose something.
pub(crate) fn peaks_below(peaks: &PeakList, precursor_mz: f64) -> PeakList {
    PeakList::from_checked(peaks.iter().take_while(|peak| peak.mz < precursor_mz).collect())
}

#[cfg(test)]
mod tests {
    use super::super::cosine::tests::{assert_golden, assert_score, list};
    use super::*;

    #[test]
    fn it_equals_the_golden_vectors() {
        assert_golden("neutral_loss", neutral_loss_cosine);
    }

    /// The example printed by matchms 0.33.1 for these two spectra.
    #[test]
    fn the_worked_example_comes_out() {
        let a = list(&[(100.0, 0.7), (150.0, 0.2), (200.0, 0.1), (300.0, 1.0)]);
        let b = list(&[(100.0, 0.4), (164.0, 0.2), (200.0, 0.1), (314.0, 1.0)]);
        let score = neutral_loss_cosine(&a, 301.0, &b, 315.0, &CosineOptions::default()).unwrap();
        assert_score(&score, 0.761_869, 2, 1e-6);
    }

    #[test]
    fn peaks_at_or_above_the_precursor_do_not_count() {
        let a = list(&[(100.0, 3.0), (300.0, 9.0)]);
        let b = list(&[(114.0, 3.0), (314.0, 9.0), (400.0, 50.0)]);
        let score = neutral_loss_cosine(&a, 300.0, &b, 314.0, &CosineOptions::default()).unwrap();
        assert_score(&score, 1.0, 1, 1e-15);
        let nothing = neutral_loss_cosine(&a, 50.0, &b, 50.0, &CosineOptions::default()).unwrap();
        assert_eq!(nothing, CosineScore::default());
    }
}
