//! Two curves on one axis, and which of their points are compared.

use std::ops::Range;

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
///
/// Each curve, and the weights, are multiplied by a power of two that brings the largest compared to 1 ≤ x < 2 in
/// size: no measure depends on it, and no square can overflow or vanish.
#[derive(Debug, Clone)]
pub struct CurvePair {
    /// The values of the compared points only, in the order of the axis.
    first: Vec<f64>,
    second: Vec<f64>,
    weights: Vec<f64>,
    /// Stretches of neighbours among these.
    runs: Vec<Range<usize>>,
}

/// A pair of values and how much it counts.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct WeightedPair {
    pub(super) first: f64,
    pub(super) second: f64,
    pub(super) weight: f64,
}

impl CurvePair {
    /// Two curves of values (absorbance, as a rule) on the same axis, in the same order.
    ///
    /// # Errors
    /// `InvalidOption` if the curves, the mask or the weights have different numbers of points, a weight is
    /// negative or not finite, or a value that is to be compared is not finite (the message names the point,
    /// from 1).
    pub fn try_new(first: &[f64], second: &[f64], points: ComparedPoints<'_>) -> Result<Self> {
        if points.mask.is_some_and(|mask| mask.len() != first.len()) {
            return Err(different_lengths(first.len()));
        }
        let is_compared = |point: usize| {
            points.mask.is_none_or(|mask| mask[point])
                && points.weights.is_none_or(|weights| weights.get(point).is_some_and(|&weight| weight > 0.0))
        };
        let pair = Self::of_runs([first, second], points.weights, &runs_of(0..first.len(), is_compared))?;
        let is_finite = |&point: &usize| first[point].is_finite() && second[point].is_finite();
        match (0..first.len()).filter(|&point| is_compared(point)).find(|point| !is_finite(point)) {
            Some(point) => {
                let message = format!("point {}: a value to be compared is not a finite number", point + 1);
                Err(Error::invalid_option(message))
            }
            None => Ok(pair),
        }
    }

    /// Two curves that are compared at the points of some runs, where both are finite.
    ///
    /// # Errors
    /// `InvalidOption` as for [`CurvePair::try_new`], but for values.
    pub(crate) fn of_runs<T: Copy + Into<f64>>(
        curves: [&[T]; 2],
        weights: Option<&[f64]>,
        runs: &[Range<usize>],
    ) -> Result<Self> {
        let points = curves[0].len();
        if curves[1].len() != points || weights.is_some_and(|weights| weights.len() != points) {
            return Err(different_lengths(points));
        }
        let all = weights.unwrap_or_default();
        if let Some(weight) = all.iter().find(|weight| !(weight.is_finite() && **weight >= 0.0)) {
            return Err(Error::invalid_option(format!(
                "a weight must be finite and not negative, not {weight}"
            )));
        }
        let Some(weights) = weights else {
            let [first, second] = curves.map(|curve| scaled(curve, runs, runs));
            let weights = vec![1.0; first.len()];
            return Ok(Self { first, second, weights, runs: left_together(runs) });
        };
        let weighing = |factor: f64| -> Vec<Range<usize>> {
            let counts = |point: usize| weights[point] * factor > 0.0;
            runs.iter().flat_map(|run| runs_of(run.clone(), counts)).collect()
        };
        let compared = weighing(1.0);
        // A weight that vanishes beside the largest counts nothing.
        let kept = weighing(factor_to_one(largest(weights, &compared)));
        let [first, second] = curves.map(|curve| scaled(curve, &compared, &kept));
        let weights = scaled(weights, &compared, &kept);
        Ok(Self { first, second, weights, runs: left_together(&kept) })
    }

    /// How many points are compared.
    #[must_use]
    pub fn compared_points(&self) -> usize {
        self.first.len()
    }

    /// The compared points in the order of the axis.
    pub(super) fn pairs(&self) -> impl Iterator<Item = WeightedPair> + Clone {
        let values = self.first.iter().zip(&self.second).zip(&self.weights);
        values.map(|((&first, &second), &weight)| WeightedPair { first, second, weight })
    }

    /// The differences of compared neighbours (the point less the one before), in the order of the axis.
    pub(super) fn differences(&self) -> impl Iterator<Item = WeightedPair> + Clone {
        self.runs.iter().flat_map(|run| {
            let (first, second) = (&self.first[run.clone()], &self.second[run.clone()]);
            let values = first.windows(2).zip(second.windows(2)).zip(self.weights[run.clone()].windows(2));
            values.map(|((first, second), weights)| WeightedPair {
                first: first[1] - first[0],
                second: second[1] - second[0],
                weight: f64::min(weights[0], weights[1]),
            })
        })
    }
}

fn different_lengths(points: usize) -> Error {
    Error::invalid_option(format!("curves, mask and weights must have the same number of points, {points}"))
}

/// The runs of neighbouring points for which something holds.
fn runs_of(points: Range<usize>, holds: impl Fn(usize) -> bool) -> Vec<Range<usize>> {
    let mut runs: Vec<Range<usize>> = Vec::new();
    for point in points.filter(|&point| holds(point)) {
        match runs.last_mut() {
            Some(run) if run.end == point => run.end += 1,
            _ => runs.push(point..point + 1),
        }
    }
    runs
}

/// Where runs stand once what lies between them is left out.
fn left_together(runs: &[Range<usize>]) -> Vec<Range<usize>> {
    let place = |start: &mut usize, run: &Range<usize>| {
        let place = *start..*start + run.len();
        *start = place.end;
        Some(place)
    };
    runs.iter().scan(0, place).collect()
}

/// The values of the points that are kept, times the power of two that brings the largest compared to 1 ≤ x < 2.
fn scaled<T: Copy + Into<f64>>(values: &[T], compared: &[Range<usize>], kept: &[Range<usize>]) -> Vec<f64> {
    let factor = factor_to_one(largest(values, compared));
    let mut column = Vec::with_capacity(kept.iter().map(ExactSizeIterator::len).sum());
    kept.iter().for_each(|run| column.extend(values[run.clone()].iter().map(|&value| value.into() * factor)));
    column
}

/// The largest size of the values of some runs.
pub(super) fn largest<T: Copy + Into<f64>>(values: &[T], runs: &[Range<usize>]) -> f64 {
    // Eight at a time: the order does not matter, and none waits for the one before.
    let mut lanes = [0.0; 8];
    let larger = |size: f64, value: T| {
        let of_value = value.into().abs();
        if of_value > size { of_value } else { size }
    };
    for run in runs {
        let (groups, rest) = values[run.clone()].as_chunks::<8>();
        for group in groups {
            lanes.iter_mut().zip(group).for_each(|(lane, &value)| *lane = larger(*lane, value));
        }
        lanes[0] = rest.iter().fold(lanes[0], |size, &value| larger(size, value));
    }
    lanes.into_iter().fold(0.0, f64::max)
}

/// The power of two that brings a size to 1 ≤ x < 2; 1 for 0.
pub(super) fn factor_to_one(size: f64) -> f64 {
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
