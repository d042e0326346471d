//! The squared cosine of first differences (SFEC): (Σ Δx Δy)² / (Σ Δx² · Σ Δy²), Δ the point less the one
//! before.
//!
//! Source: A. Z. Samuel et al., ACS Omega 2021, 6, 2060, eq. 6, there for Raman spectra. As squares lose the
//! sign, a curve and its mirror image score alike; where that matters, take the first-derivative correlation.

use super::curve_pair::CurvePair;
use super::description::{Better, MeasureDescription};
use super::sums::cosine_of;

/// What the number is.
pub const DESCRIPTION: MeasureDescription = MeasureDescription {
    name: "squared first-difference cosine",
    lowest: 0.0,
    highest: 1.0,
    better: Better::Higher,
    definition: "Squared cosine of the first differences (point less the one before) of the two curves: 1 for curves that \
                 differ by scale and offset only, also by a negative scale",
};

/// The squared cosine, 0 to 1; `None` if a curve is constant over the compared points.
#[must_use]
pub fn squared_first_difference_cosine(pair: &CurvePair) -> Option<f64> {
    cosine_of(pair.differences()).map(|cosine| cosine * cosine)
}

#[cfg(test)]
mod tests {
    use super::super::golden::{cases, pair_of};
    use super::*;

    #[test]
    fn golden_squares_are_met_and_so_is_the_cosine() {
        for case in cases("ir_similarity") {
            let (a, b) = (case.column("a"), case.column("b"));
            let pair = pair_of(&a, &b);
            case.assert_expected(squared_first_difference_cosine(&pair).unwrap(), "sfec");
            case.assert_expected(cosine_of(pair.differences()).unwrap(), "d1_cosine");
        }
    }
}
