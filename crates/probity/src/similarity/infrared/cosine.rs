//! The cosine of two curves: Σ w x y / √(Σ w x² · Σ w y²). An offset changes it; a scale does not.

use super::curve_pair::CurvePair;
use super::description::{Better, MeasureDescription};
use super::sums::cosine_of;

/// What the number is.
pub const DESCRIPTION: MeasureDescription = MeasureDescription {
    name: "cosine",
    lowest: -1.0,
    highest: 1.0,
    better: Better::Higher,
    definition: "Cosine of the angle between the two curves taken as vectors: 1 for curves that differ by scale only",
};

/// The cosine, −1 to 1, not squared; `None` if a curve is 0 at all compared points.
#[must_use]
pub fn cosine(pair: &CurvePair) -> Option<f64> {
    cosine_of(pair.pairs())
}

#[cfg(test)]
mod tests {
    use super::super::golden::{assert_weighted, cases, pair_of};
    use super::*;

    #[test]
    fn golden_cosines_are_met() {
        for case in cases("ir_similarity") {
            let (a, b) = (case.column("a"), case.column("b"));
            let cosine = cosine(&pair_of(&a, &b)).unwrap();
            case.assert_expected(cosine, "cosine");
            case.assert_expected(cosine * cosine, "cosine_squared");
        }
        for case in cases("ir_similarity_weighted") {
            assert_weighted(&case, &case.column("random_weights"), cosine, "random_weighted_cosine");
        }
    }
}
