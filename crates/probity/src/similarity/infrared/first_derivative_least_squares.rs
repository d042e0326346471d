//! The mean squared difference of first differences, from curves that are each brought to 0 to 1 (GRAMS: first
//! derivative least squares). As many terms as compared points: the first of each run has the difference 0.

use super::curve_pair::CurvePair;
use super::description::{Better, MeasureDescription};
use super::sums::mean_first_difference;

/// What the number is.
pub const DESCRIPTION: MeasureDescription = MeasureDescription {
    name: "first-derivative least squares",
    lowest: 0.0,
    highest: 4.0,
    better: Better::Lower,
    definition: "Mean squared difference of the first differences of the two curves, each curve first \
                 brought to 0 to 1 by its lowest and highest value",
};

/// The mean, 0 to 4; `None` if a curve is constant over the compared points.
#[must_use]
pub fn first_derivative_least_squares(pair: &CurvePair) -> Option<f64> {
    mean_first_difference(pair, |difference| difference * difference)
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
                first_derivative_least_squares(&pair_of(&a, &b)).unwrap(),
                "d1_sq_diff_minmax",
            );
        }
    }
}
