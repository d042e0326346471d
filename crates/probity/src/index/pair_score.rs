//! What a pair of peaks adds to a score.

use super::value_edges::LEVELS_PER_OCTAVE;
use crate::math;

/// What rounding can take from one term of the entropy similarity: each of the three parts is at most 2 and
/// computed to a few parts in 2⁵³.
const ENTROPY_TERM_SLACK: f64 = 1e-14;

/// A score that is a sum over pairs of peaks of something that grows with each of the two values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PairScore {
    /// The product of shares of the norm.
    Cosine,
    /// ½ [f(a + b) − f(a) − f(b)] of weights, f(x) = x log₂ x.
    Entropy,
}

/// A value with its f, which many pairs ask for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Weighed {
    value: f64,
    f: f64,
}

impl Weighed {
    pub(crate) fn of(value: f64) -> Self {
        Self { value, f: f(value) }
    }
}

fn f(x: f64) -> f64 {
    if x > 0.0 { x * math::log2(x) } else { 0.0 }
}

impl PairScore {
    /// A value for [`bound`](Self::bound), with what this score asks for.
    pub(crate) fn weighed(self, value: f64) -> Weighed {
        match self {
            Self::Cosine => Weighed { value, f: 0.0 },
            Self::Entropy => Weighed::of(value),
        }
    }

    /// What the pair adds at most, rounding included.
    pub(crate) fn bound(self, query: Weighed, library: Weighed) -> f64 {
        match self {
            Self::Cosine => query.value * library.value,
            Self::Entropy => {
                (f(query.value + library.value) - query.f - library.f) / 2.0 + ENTROPY_TERM_SLACK
            }
        }
    }

    /// What a peak of a row adds to the total that [`rest`](Self::rest) asks for.
    pub(crate) fn total(self, value: f64) -> f64 {
        match self {
            Self::Cosine => value * value,
            Self::Entropy => value,
        }
    }

    /// What some of a query's peaks, of this total and number, add at most, whatever their partners in a row of a total
    /// are: by Cauchy and Schwarz; and since an entropy term is concave and grows in proportion with both values, no
    /// sum of such exceeds the term of the sums.
    pub(crate) fn rest(self, total: f64, peaks: usize, row_total: f64) -> f64 {
        match self {
            Self::Cosine => (total * row_total).sqrt(),
            Self::Entropy => {
                self.bound(Weighed::of(total), Weighed::of(row_total)) + ENTROPY_TERM_SLACK * peaks as f64
            }
        }
    }

    /// How many of a query's peaks, whose values fall, are to be kept so that the others add at most `light` to the score
    /// with a row of a total of 1.
    pub(crate) fn heavy(self, by_value: &[f64], light: f64) -> usize {
        let (mut total, row) = (0.0, Weighed::of(1.0));
        let is_light = |value: &&f64| {
            total += self.total(**value);
            match self {
                Self::Cosine => total.sqrt() <= light,
                Self::Entropy => self.bound(Weighed::of(total), row) <= light,
            }
        };
        by_value.len() - by_value.iter().rev().take_while(is_light).count()
    }
}

/// Ratios on either side of 1 that logarithms are kept of: more than two levels can have.
const RATIOS: i32 = 512;

/// What rounding can take from a bound by ratios: two products of numbers below 2 and below 26.
const RATIO_SLACK: f64 = 1e-12;

/// log₂(1 + r) and log₂(1 + 1/r) of ratios r that fall, as far apart as the levels of values.
#[derive(Debug, Clone)]
pub(super) struct RatioLogs {
    of_ratio: Vec<f64>,
    of_inverse: Vec<f64>,
}

impl RatioLogs {
    pub(super) fn new() -> Self {
        let log = |number: i32| math::log2(1.0 + math::pow(2.0, f64::from(number) / LEVELS_PER_OCTAVE));
        let of_inverse: Vec<f64> = (-RATIOS..=RATIOS).map(log).collect();
        Self { of_ratio: of_inverse.iter().rev().copied().collect(), of_inverse }
    }

    /// What a value adds at most to the entropy similarity with each of these edges. The term of a and b is
    /// ½ [a log₂(1 + b/a) + b log₂(1 + a/b)], and by Gibbs' inequality it is not above
    /// ½ [a log₂(1 + 1/r) + b log₂(1 + r)] for any ratio r; the one next to a/b is close.
    pub(super) fn entropy_bounds(&self, value: f64, edges: &[f64; 256]) -> [f64; 256] {
        // Rounded to ratios that are kept for all levels; the cast saturates.
        let octaves = math::log2(value.max(f64::MIN_POSITIVE));
        let place = ((octaves * LEVELS_PER_OCTAVE).round() as i32).clamp(255 - RATIOS, RATIOS - 255);
        // Of level 0 on: the ratio to the last level's edge, 1, is 255 further. Not negative.
        let first = (RATIOS - place - 255) as usize;
        let (of_ratio, of_inverse) = (&self.of_ratio[first..], &self.of_inverse[first..]);
        let mut bounds = [0.0; 256];
        for (((bound, edge), of_ratio), of_inverse) in
            bounds.iter_mut().zip(edges).zip(of_ratio).zip(of_inverse)
        {
            *bound = (value * of_inverse + edge * of_ratio) / 2.0 + RATIO_SLACK;
        }
        bounds
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn the_rest_bounds_any_partners(
            pairs in prop::collection::vec((0.0_f64..1.0, 0.0_f64..1.0), 0..40),
        ) {
            for score in [PairScore::Cosine, PairScore::Entropy] {
                let sum: f64 = pairs.iter().map(|&(query, row)| score.bound(Weighed::of(query), Weighed::of(row))).sum();
                let query: f64 = pairs.iter().map(|pair| score.total(pair.0)).sum();
                let total: f64 = pairs.iter().map(|pair| score.total(pair.1)).sum();
                prop_assert!(score.rest(query, pairs.len(), total) * (1.0 + 1e-12) >= sum);
            }
        }
    }
}
