//! The mean absolute difference of first differences, from curves that are each brought to 0 to 1 (GRAMS: first
//! derivative absolute value). As many terms as compared points: the first of each run has the difference 0.

use super::curve_pair::CurvePair;
use super::description::{Better, MeasureDescription};
use super::sums::mean_first_difference;

/// What the number is.
pub const DESCRIPTION: MeasureDescription = MeasureDescription {
    name: "first-derivative absolute difference",
    lowest: 0.0,
    highest: 2.0,
    better: Better::Lower,
    definition: "Mean absolute difference of the first differences of the two curves, each curve first \
                 brought to 0 to 1 by its lowest and highest value",
};

/// The mean, 0 to 2; `None` if a curve is constant over the compared points.
#[must_use]
pub fn first_derivative_absolute_difference(pair: &CurvePair) -> Option<f64> {
    mean_first_difference(pair, f64::abs)
}

#[cfg(test)]
mod tests {
    use super::super::golden::{cases, pair_of};
    use super::*;

    #[test]
    fn golden_means_are_met() {
        for case in cases("ir_similarity") {
            let (a, b) = (case.column("a"), case.column("b"));
            case.assert_expected(
                first_derivative_absolute_difference(&pair_of(&a, &b)).unwrap(),
                "d1_abs_diff_minmax",
            );
        }
    }
}
