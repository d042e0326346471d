//! Pearson's correlation of two curves: the cosine after each curve's mean is subtracted.
//!
//! r = Σ w (x − x̄)(y − ȳ) / √(Σ w (x − x̄)² · Σ w (y − ȳ)²), means weighted by the same w, over the compared
//! points only: what is left out is left out before the means are taken. Programs show it in other shapes: 1 −
//! r² (GRAMS, 0 is best), 1000 r² ([`hit_quality_index_per_thousand`]).

use super::curve_pair::CurvePair;
use super::description::{Better, MeasureDescription};
use super::sums::correlation_of;

/// What the number is.
pub const DESCRIPTION: MeasureDescription = MeasureDescription {
    name: "correlation",
    lowest: -1.0,
    highest: 1.0,
    better: Better::Higher,
    definition: "Pearson's correlation coefficient of the two curves: 1 for curves that differ by scale and offset only, \
                 0 without any linear relation",
};

/// Pearson's correlation, −1 to 1; `None` if a curve is constant over the compared points.
#[must_use]
pub fn correlation(pair: &CurvePair) -> Option<f64> {
    correlation_of(pair.pairs())
}

/// The correlation as hit quality index from 0 to 1000, as some makers print it: 1000 r², and 0 for a negative
/// r.
#[must_use]
pub fn hit_quality_index_per_thousand(correlation: f64) -> f64 {
    let correlation = correlation.max(0.0);
    1_000.0 * correlation * correlation
}

#[cfg(test)]
mod tests {
    use super::super::golden::{assert_weighted, cases, pair_of};
    use super::super::region::{WeightedRegion, region_weights};
    use super::*;

    #[test]
    fn golden_correlations_are_met() {
        for case in cases("ir_similarity") {
            let (a, b) = (case.column("a"), case.column("b"));
            let r = correlation(&pair_of(&a, &b)).unwrap();
            case.assert_expected(r, "pearson");
            case.assert_expected(r * r, "pearson_squared");
            case.assert_expected(hit_quality_index_per_thousand(r), "hqi1000");
        }
    }

    #[test]
    fn golden_weighted_correlations_are_met() {
        for case in cases("ir_similarity_weighted") {
            let regions: Vec<(f64, f64, f64)> =
                serde_json::from_value(case.params["regions"].clone()).unwrap();
            let regions: Vec<WeightedRegion> = regions
                .iter()
                .map(|&(low_cm1, high_cm1, weight)| WeightedRegion { low_cm1, high_cm1, weight })
                .collect();
            let weights = region_weights(&case.column("x"), &regions).unwrap();
            assert_weighted(&case, &weights, correlation, "regions_weighted_pearson");
            let alike: Vec<f64> = weights.iter().map(|&w| f64::from(u8::from(w > 0.0))).collect();
            assert_weighted(&case, &alike, correlation, "regions_unweighted_pearson");
            assert_weighted(&case, &case.column("random_weights"), correlation, "random_weighted_pearson");
        }
    }
}
