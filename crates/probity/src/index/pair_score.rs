//! What a pair of peaks adds to a score.

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

    /// What some of a query's peaks add at most, whatever their partners in a row of this total are: by Cauchy and Schwarz;
    /// and since an entropy term is concave and grows in proportion with both values, no sum of such exceeds the term of
    /// the sums.
    pub(crate) fn rest(self, query: &[f64], row_total: f64) -> f64 {
        let total: f64 = query.iter().map(|&value| self.total(value)).sum();
        match self {
            Self::Cosine => (total * row_total).sqrt(),
            Self::Entropy => {
                self.bound(Weighed::of(total), Weighed::of(row_total))
                    + ENTROPY_TERM_SLACK * query.len() as f64
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
                let query: Vec<f64> = pairs.iter().map(|pair| pair.0).collect();
                let total: f64 = pairs.iter().map(|pair| score.total(pair.1)).sum();
                prop_assert!(score.rest(&query, total) * (1.0 + 1e-12) >= sum);
            }
        }
    }
}
