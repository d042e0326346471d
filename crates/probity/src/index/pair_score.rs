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

impl PairScore {
    /// What the pair adds at most, rounding included.
    pub(crate) fn bound(self, query: f64, library: f64) -> f64 {
        match self {
            Self::Cosine => query * library,
            Self::Entropy => {
                let f = |x: f64| if x > 0.0 { x * math::log2(x) } else { 0.0 };
                (f(query + library) - f(query) - f(library)) / 2.0 + ENTROPY_TERM_SLACK
            }
        }
    }
}
