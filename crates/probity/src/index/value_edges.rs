//! Levels of values from 0 to 1.

use super::pair_score::{PairScore, RatioLogs};
use crate::math;

/// Levels of a factor of two, that of 0 left out.
pub(super) const LEVELS_PER_OCTAVE: f64 = 254.0 / 12.0;

/// The largest value of each level. Level 0 is none; the others are equally far apart on a logarithmic scale
/// from 2⁻¹² to 1.
#[derive(Debug, Clone)]
pub(super) struct ValueEdges {
    edges: Box<[f64; 256]>,
    ratios: RatioLogs,
}

impl ValueEdges {
    pub(super) fn new() -> Self {
        let edges = std::array::from_fn(|level| match level {
            0 => 0.0,
            255 => 1.0,
            level => math::pow(2.0, (level as f64 - 255.0) / LEVELS_PER_OCTAVE),
        });
        Self { edges: Box::new(edges), ratios: RatioLogs::new() }
    }

    /// The lowest level whose edge the value does not exceed; above 1, where only rounding leads, the last.
    pub(super) fn level(&self, value: f64) -> u8 {
        // From 0 to 255: the cast is exact.
        self.edges[..255].partition_point(|&edge| edge < value) as u8
    }

    /// What a query's value adds at most with a partner of each level.
    pub(super) fn bounds(&self, score: PairScore, value: f64) -> [f64; 256] {
        match score {
            PairScore::Cosine => self.edges.map(|edge| value * edge),
            PairScore::Entropy => self.ratios.entropy_bounds(value, &self.edges),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::index::pair_score::Weighed;

    proptest! {
        #[test]
        fn no_value_exceeds_the_edge_of_its_level(value in prop_oneof![0.0_f64..=1.0, 0.0_f64..1e-3]) {
            let edges = ValueEdges::new();
            let level = usize::from(edges.level(value));
            prop_assert!(edges.edges.is_sorted() && value <= edges.edges[level]);
            prop_assert!(value == 0.0 || value > edges.edges[level - 1]);
        }

        #[test]
        fn a_bound_by_ratios_is_not_below_the_term_and_close_to_it(
            value in prop_oneof![0.0_f64..=1.0, 0.0_f64..1e-3, Just(1.0), Just(1e-300)],
        ) {
            let edges = ValueEdges::new();
            for (bound, &edge) in edges.bounds(PairScore::Entropy, value).into_iter().zip(&*edges.edges) {
                let term = PairScore::Entropy.bound(Weighed::of(value), Weighed::of(edge));
                prop_assert!(bound >= term, "{value} {edge}: {bound} is below {term}");
                prop_assert!(bound <= term * 1.001 + 2e-4, "{value} {edge}: {bound} is far above {term}");
            }
        }
    }

    #[test]
    fn equal_values_have_nothing_to_spare() {
        let bounds = ValueEdges::new().bounds(PairScore::Entropy, 1.0);
        assert!((1.0..1.0 + 1e-11).contains(&bounds[255]), "{}", bounds[255]);
    }
}
