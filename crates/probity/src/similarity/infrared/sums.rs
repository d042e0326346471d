//! The sums that several measures share. All run in the order of the axis.

use super::curve_pair::{CurvePair, WeightedPair};

/// Spreads up to this, for values of size 1, are rounding and not signal: 4 units in the last place.
const ROUNDING: f64 = 1.0 / (1_u64 << 50) as f64;

/// What a cosine is made of.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct CosineSums {
    /// Σ w x y.
    pub(super) product: f64,
    /// Σ w x².
    pub(super) first: f64,
    /// Σ w y².
    pub(super) second: f64,
    /// Σ w.
    pub(super) weight: f64,
}

impl CosineSums {
    /// Σ w x y / √(Σ w x² · Σ w y²), from −1 to 1; `None` if the values of a side are no more than rounding.
    pub(super) fn cosine(self) -> Option<f64> {
        let Self { product, first, second, weight } = self;
        let least = ROUNDING * ROUNDING * weight;
        (first > least && second > least).then(|| (product / (first.sqrt() * second.sqrt())).clamp(-1.0, 1.0))
    }
}

/// The cosine of pairs of values.
pub(super) fn cosine_of(pairs: impl Iterator<Item = WeightedPair>) -> Option<f64> {
    let mut sums = CosineSums::default();
    // Not a `for` loop: over runs of points this is the quicker one.
    pairs.for_each(|pair| {
        sums.product += pair.weight * pair.first * pair.second;
        sums.first += pair.weight * pair.first * pair.first;
        sums.second += pair.weight * pair.second * pair.second;
        sums.weight += pair.weight;
    });
    sums.cosine()
}

/// The cosine after each side's weighted mean is subtracted (Pearson's correlation).
pub(super) fn correlation_of(pairs: impl Iterator<Item = WeightedPair> + Clone) -> Option<f64> {
    let (mut first, mut second, mut weight) = (0.0, 0.0, 0.0);
    pairs.clone().for_each(|pair| {
        first += pair.weight * pair.first;
        second += pair.weight * pair.second;
        weight += pair.weight;
    });
    let (first, second) = (first / weight, second / weight);
    cosine_of(pairs.map(|pair| WeightedPair {
        first: pair.first - first,
        second: pair.second - second,
        ..pair
    }))
}

/// Weighted mean over the compared points of what `term` makes of the difference of both curves, each first
/// brought to 0 to 1 by its lowest and highest compared value; `None` if a curve is constant there.
pub(super) fn mean_difference(pair: &CurvePair, term: impl Fn(f64) -> f64) -> Option<f64> {
    let unit = UnitRange::of(pair)?;
    let (mut sum, mut weight) = (0.0, 0.0);
    for point in pair.pairs() {
        let difference = (point.first - unit.first_low) / unit.first_span
            - (point.second - unit.second_low) / unit.second_span;
        sum += point.weight * term(difference);
        weight += point.weight;
    }
    Some(sum / weight)
}

/// As [`mean_difference`], of the first differences; that of the first point of each run of compared points
/// counts as 0.
pub(super) fn mean_first_difference(pair: &CurvePair, term: impl Fn(f64) -> f64) -> Option<f64> {
    let unit = UnitRange::of(pair)?;
    let (mut sum, mut weight) = (0.0, 0.0);
    pair.differences().for_each(|point| {
        sum += point.weight * term(point.first / unit.first_span - point.second / unit.second_span);
    });
    for point in pair.pairs() {
        weight += point.weight;
    }
    Some(sum / weight)
}

/// The lowest value of each side and the distance to the highest.
struct UnitRange {
    first_low: f64,
    first_span: f64,
    second_low: f64,
    second_span: f64,
}

impl UnitRange {
    fn of(pair: &CurvePair) -> Option<Self> {
        let (mut first, mut second) =
            ((f64::INFINITY, f64::NEG_INFINITY), (f64::INFINITY, f64::NEG_INFINITY));
        for point in pair.pairs() {
            first = (first.0.min(point.first), first.1.max(point.first));
            second = (second.0.min(point.second), second.1.max(point.second));
        }
        let (first_span, second_span) = (first.1 - first.0, second.1 - second.0);
        let shows = first_span > ROUNDING && second_span > ROUNDING;
        shows.then_some(Self { first_low: first.0, first_span, second_low: second.0, second_span })
    }
}
