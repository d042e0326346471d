//! Pearson's correlation of the first differences of two curves. A sloping baseline is an offset here; noise
//! weighs more than in the correlation of the curves.
//!
//! The difference of the first point is not made up: the mean runs over the differences that there are. (With a
//! 0 put in its place, as GRAMS describes for its first derivative searches, r² changes in the sixth digit at
//! 200 points.)

use super::curve_pair::CurvePair;
use super::description::{Better, MeasureDescription};
use super::sums::correlation_of;

/// What the number is.
pub const DESCRIPTION: MeasureDescription = MeasureDescription {
    name: "first-derivative correlation",
    lowest: -1.0,
    highest: 1.0,
    better: Better::Higher,
    definition: "Pearson's correlation coefficient of the first differences (point less the one before) of the two curves: 1 \
                 for curves that differ by scale, offset and slope only",
};

/// The correlation of the first differences, −1 to 1; `None` if a curve is a straight line over the compared
/// points.
#[must_use]
pub fn first_derivative_correlation(pair: &CurvePair) -> Option<f64> {
    correlation_of(pair.differences())
}

#[cfg(test)]
mod tests {
    use super::super::golden::{cases, pair_of};
    use super::*;

    #[test]
    fn golden_correlations_are_met() {
        for case in cases("ir_similarity") {
            let (a, b) = (case.column("a"), case.column("b"));
            let r = first_derivative_correlation(&pair_of(&a, &b)).unwrap();
            case.assert_expected(r * r, "d1_pearson_squared");
        }
    }

    #[test]
    fn a_straight_line_is_not_comparable() {
        let line: Vec<f64> = (0..50).map(|i| 0.1 * f64::from(i)).collect();
        let curve: Vec<f64> = (0..50).map(|i| f64::from(i * i)).collect();
        assert_eq!(first_derivative_correlation(&pair_of(&line, &curve)), None);
        assert_eq!(first_derivative_correlation(&pair_of(&curve, &line)), None);
    }
}
