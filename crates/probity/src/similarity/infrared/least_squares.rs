//! The mean squared difference of two curves that are each brought to 0 to 1 (GRAMS: least squares).

use super::curve_pair::CurvePair;
use super::description::{Better, MeasureDescription};
use super::sums::mean_difference;

/// What the number is.
pub const DESCRIPTION: MeasureDescription = MeasureDescription {
    name: "least squares",
    lowest: 0.0,
    highest: 1.0,
    better: Better::Lower,
    definition: "Mean squared difference of the two curves, each brought to 0 to 1 by its lowest and highest value",
};

/// The mean, 0 to 1; `None` if a curve is constant over the compared points.
#[must_use]
pub fn least_squares(pair: &CurvePair) -> Option<f64> {
    mean_difference(pair, |difference| difference * difference)
}

#[cfg(test)]
mod tests {
    use super::super::golden::{cases, pair_of};
    use super::*;

    #[test]
    fn golden_means_are_met() {
        for case in cases("ir_similarity") {
            let (a, b) = (case.column("a"), case.column("b"));
            case.assert_expected(least_squares(&pair_of(&a, &b)).unwrap(), "sq_diff_minmax");
        }
    }
}
