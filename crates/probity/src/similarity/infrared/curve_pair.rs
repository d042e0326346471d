//! Two curves on one axis, and which of their points are compared.

use crate::error::{Error, Result};

/// Which points are compared, and how much each counts. Without either, all count the same.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct ComparedPoints<'a> {
    /// `true` where both curves were measured and nothing is to be left out.
    pub mask: Option<&'a [bool]>,
    /// How much each point counts, from 0 (not at all); only proportions matter.
    /// [`region_weights`](super::region::region_weights) makes them from regions.
    pub weights: Option<&'a [f64]>,
}

/// Two curves that may be compared point by point: the same axis, finite where they are compared.
///
/// A point left out by the mask, or of weight 0, takes no part in anything, neither in means nor in the lowest
/// and highest value; what stands there may even be NaN. A difference belongs to two neighbouring points and
/// weighs as much as the lighter of them, so that none crosses a point that is left out.
#[derive(Debug, Clone, Copy)]
pub struct CurvePair<'a> {
    first: &'a [f64],
    second: &'a [f64],
    points: ComparedPoints<'a>,
    first_factor: f64,
    second_factor: f64,
    weight_factor: f64,
}

/// A pair of values and how much it counts.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct WeightedPair {
    pub(super) first: f64,
    pub(super) second: f64,
    pub(super) weight: f64,
}

impl<'a> CurvePair<'a> {
    /// Two curves of values (absorbance, as a rule) on the same axis, in the same order.
    ///
    /// # Errors
    /// `InvalidOption` if the curves, the mask or the weights have different numbers of points, a weight is
    /// negative or not finite, or a value that is to be compared is not finite (the message names the point,
    /// from 1).
    pub fn try_new(first: &'a [f64], second: &'a [f64], points: ComparedPoints<'a>) -> Result<Self> {
        let lengths = [Some(second.len()), points.mask.map(<[_]>::len), points.weights.map(<[_]>::len)];
        if lengths.iter().flatten().any(|&length| length != first.len()) {
            let message =
                format!("curves, mask and weights must have the same number of points, {}", first.len());
            return Err(Error::invalid_option(message));
        }
        let weights = points.weights.unwrap_or_default();
        if let Some(weight) = weights.iter().find(|weight| !(weight.is_finite() && **weight >= 0.0)) {
            return Err(Error::invalid_option(format!(
                "a weight must be finite and not negative, not {weight}"
            )));
        }
        let mut pair =
            Self { first, second, points, first_factor: 1.0, second_factor: 1.0, weight_factor: 1.0 };
        let (mut largest_first, mut largest_second, mut largest_weight) = (0.0, 0.0, 0.0);
        for point in (0..first.len()).filter(|&point| pair.weight(point) > 0.0) {
            if !(first[point].is_finite() && second[point].is_finite()) {
                let message = format!("point {}: a value to be compared is not a finite number", point + 1);
                return Err(Error::invalid_option(message));
            }
            largest_first = f64::max(largest_first, first[point].abs());
            largest_second = f64::max(largest_second, second[point].abs());
            largest_weight = f64::max(largest_weight, pair.weight(point));
        }
        pair.first_factor = factor_to_one(largest_first);
        pair.second_factor = factor_to_one(largest_second);
        pair.weight_factor = factor_to_one(largest_weight);
        Ok(pair)
    }

    /// How many points are compared.
    #[must_use]
    pub fn compared_points(&self) -> usize {
        self.pairs().count()
    }

    /// The compared points in the order of the axis. Each curve, and the weights, are multiplied by a power of
    /// two that brings the largest to 1 ≤ x < 2 in size: no measure depends on it, and no square can overflow
    /// or vanish.
    pub(super) fn pairs(&self) -> impl Iterator<Item = WeightedPair> + Clone {
        (0..self.first.len()).map(|point| self.pair(point)).filter(|pair| pair.weight > 0.0)
    }

    /// The differences of compared neighbours (the point less the one before), in the order of the axis.
    pub(super) fn differences(&self) -> impl Iterator<Item = WeightedPair> + Clone {
        let difference = |point: usize| {
            let (before, pair) = (self.pair(point - 1), self.pair(point));
            WeightedPair {
                first: pair.first - before.first,
                second: pair.second - before.second,
                weight: f64::min(before.weight, pair.weight),
            }
        };
        (1..self.first.len()).map(difference).filter(|pair| pair.weight > 0.0)
    }

    fn weight(&self, point: usize) -> f64 {
        let counts = self.points.mask.is_none_or(|mask| mask[point]);
        if counts { self.points.weights.map_or(1.0, |weights| weights[point]) } else { 0.0 }
    }

    fn pair(&self, point: usize) -> WeightedPair {
        WeightedPair {
            first: self.first[point] * self.first_factor,
            second: self.second[point] * self.second_factor,
            weight: self.weight(point) * self.weight_factor,
        }
    }
}

/// The power of two that brings a size to 1 ≤ x < 2; 1 for 0.
fn factor_to_one(size: f64) -> f64 {
    // Beyond these exponents the factor would not be a number of full precision; the largest sizes become up to 4, and
    // those that are no more than a few units of the smallest f64 stay small.
    if size > 0.0 { libm::scalbn(1.0, -libm::ilogb(size).clamp(-1_022, 1_022)) } else { 1.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_weights_and_values_are_checked() {
        fn error(first: &[f64], second: &[f64], points: ComparedPoints<'_>) -> String {
            CurvePair::try_new(first, second, points).unwrap_err().to_string()
        }
        let all = ComparedPoints::default();
        assert!(error(&[1.0], &[1.0, 2.0], all).contains("same number of points"));
        assert!(error(&[1.0], &[1.0], ComparedPoints { mask: Some(&[]), ..all }).contains("same number"));
        for weight in [-1.0, f64::NAN, f64::INFINITY] {
            let points = ComparedPoints { weights: Some(&[weight]), ..all };
            assert!(error(&[1.0], &[1.0], points).starts_with("a weight must be finite"));
        }
        let message = "point 2: a value to be compared is not a finite number";
        assert_eq!(error(&[1.0, 2.0], &[1.0, f64::NAN], all), message);
    }

    #[test]
    fn points_that_are_left_out_may_hold_anything_and_no_difference_crosses_them() {
        let (first, second) = ([1.0, 4.0, f64::NAN, 2.0, 3.0, 0.0], [0.0, 1.0, 9.0, f64::INFINITY, 1.5, 1.0]);
        let points = ComparedPoints {
            mask: Some(&[true, true, false, true, true, true]),
            weights: Some(&[2.0, 4.0, 8.0, 0.0, 4.0, 1.0]),
        };
        let pair = CurvePair::try_new(&first, &second, points).unwrap();
        assert_eq!(pair.compared_points(), 4);
        // Factors: 1/4 for the first, 1 for the second, 1/4 for the weights.
        let differences: Vec<WeightedPair> = pair.differences().collect();
        let expected = [(0.75, 1.0, 0.5), (-0.75, -0.5, 0.25)];
        let expected = expected.map(|(first, second, weight)| WeightedPair { first, second, weight });
        assert_eq!(differences, expected);
    }

    #[test]
    fn extreme_sizes_become_ordinary_ones() {
        for size in [f64::MAX, 1e-300, f64::MIN_POSITIVE / 8.0] {
            let values = [size, size / 2.0];
            let pair = CurvePair::try_new(&values, &values, ComparedPoints::default()).unwrap();
            let first = pair.pairs().next().unwrap().first;
            assert!((0.1..4.0).contains(&first), "{size} became {first}");
        }
    }
}
