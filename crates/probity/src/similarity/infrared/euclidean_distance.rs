//! The distance of two curves after each is brought to length 1: ‖x/‖x‖ − y/‖y‖‖ = √2 · √(1 − cosine).
//!
//! GRAMS calls it the Euclidean distance (0 best, √2 worst for curves without negative values). It ranks as the
//! cosine does; computed from the difference itself it keeps its digits where curves are nearly the same.

use super::curve_pair::CurvePair;
use super::description::{Better, MeasureDescription};

/// What the number is.
pub const DESCRIPTION: MeasureDescription = MeasureDescription {
    name: "Euclidean distance",
    lowest: 0.0,
    highest: 2.0,
    better: Better::Lower,
    definition: "Distance of the two curves after each is brought to length 1: 0 for curves that differ by scale only, \
                 1.414 for curves without anything in common, more only where values are negative",
};

/// The distance, 0 to 2; `None` if a curve is 0 at all compared points.
#[must_use]
pub fn euclidean_distance(pair: &CurvePair) -> Option<f64> {
    let (mut first, mut second) = (0.0, 0.0);
    for point in pair.pairs() {
        first += point.weight * point.first * point.first;
        second += point.weight * point.second * point.second;
    }
    if !(first > 0.0 && second > 0.0) {
        return None;
    }
    let (first, second, mut sum) = (first.sqrt(), second.sqrt(), 0.0);
    for point in pair.pairs() {
        let difference = point.first / first - point.second / second;
        sum += point.weight * difference * difference;
    }
    Some(sum.sqrt().min(2.0))
}

#[cfg(test)]
mod tests {
    use super::super::golden::{cases, pair_of};
    use super::*;

    #[test]
    fn golden_distances_are_met() {
        for case in cases("ir_similarity") {
            let (a, b) = (case.column("a"), case.column("b"));
            let distance = euclidean_distance(&pair_of(&a, &b)).unwrap();
            case.assert_expected(distance, "euclid_unit");
            case.assert_expected(distance, "grams_euclid_sqrt2");
        }
    }
}
