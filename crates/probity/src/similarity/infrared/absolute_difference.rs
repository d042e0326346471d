//! The mean absolute difference of two curves that are each brought to 0 to 1 (GRAMS: absolute value). One
//! negative dip (carbon dioxide, water) shifts such a curve as a whole.

use super::curve_pair::CurvePair;
use super::description::{Better, MeasureDescription};
use super::sums::mean_difference;

/// What the number is.
pub const DESCRIPTION: MeasureDescription = MeasureDescription {
    name: "absolute difference",
    lowest: 0.0,
    highest: 1.0,
    better: Better::Lower,
    definition: "Mean absolute difference of the two curves, each brought to 0 to 1 by its lowest and highest value",
};

/// The mean, 0 to 1; `None` if a curve is constant over the compared points.
#[must_use]
pub fn absolute_difference(pair: &CurvePair) -> Option<f64> {
    mean_difference(pair, f64::abs)
}

#[cfg(test)]
mod tests {
    use super::super::golden::{cases, pair_of};
    use super::*;

    #[test]
    fn golden_means_are_met() {
        for case in cases("ir_similarity") {
            let (a, b) = (case.column("a"), case.column("b"));
            case.assert_expected(absolute_difference(&pair_of(&a, &b)).unwrap(), "abs_diff_minmax");
        }
    }
}
