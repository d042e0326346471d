//! Levels of values from 0 to 1.

use super::pair_score::Weighed;
use crate::math;

/// The largest value of each level. Level 0 is none; the others are equally far apart on a logarithmic scale
/// from 2⁻¹² to 1.
#[derive(Debug, Clone)]
pub(super) struct ValueEdges(Box<[f64; 256]>, Box<[Weighed; 256]>);

impl ValueEdges {
    pub(super) fn new() -> Self {
        let edges = std::array::from_fn(|level| match level {
            0 => 0.0,
            255 => 1.0,
            level => math::pow(2.0, 12.0 * (level as f64 - 255.0) / 254.0),
        });
        Self(Box::new(edges), Box::new(edges.map(Weighed::of)))
    }

    /// The lowest level whose edge the value does not exceed; above 1, where only rounding leads, the last.
    pub(super) fn level(&self, value: f64) -> u8 {
        // From 0 to 255: the cast is exact.
        self.0[..255].partition_point(|&edge| edge < value) as u8
    }

    /// Something of each level's edge.
    pub(super) fn map<T>(&self, of_edge: impl Fn(Weighed) -> T) -> [T; 256] {
        self.1.map(of_edge)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn no_value_exceeds_the_edge_of_its_level(value in prop_oneof![0.0_f64..=1.0, 0.0_f64..1e-3]) {
            let edges = ValueEdges::new();
            let level = usize::from(edges.level(value));
            prop_assert!(edges.0.is_sorted() && value <= edges.0[level]);
            prop_assert!(value == 0.0 || value > edges.0[level - 1]);
        }
    }
}
