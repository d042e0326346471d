//! What the 4-bit levels stand for.

use crate::math;
use crate::stored::{Columns, Stored, put_items};

/// Bins a factor of two, and factors of two from 1 down.
const BINS_PER_OCTAVE: usize = 16;
const OCTAVES: usize = 20;
const BINS: usize = BINS_PER_OCTAVE * OCTAVES;
/// The lowest edge of the bins, 2⁻²⁰.
const LOWEST: f64 = 1.0 / (1_u64 << OCTAVES) as f64;

/// One value in this many lies below the first of evenly spaced edges.
const SMALL_SHARE: u64 = 64;

/// How often values from 0 to 1 occur, in bins of 1/16 of an octave; the lowest takes all that is smaller.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ValueHistogram([u64; BINS]);

impl Default for ValueHistogram {
    fn default() -> Self {
        Self([0; BINS])
    }
}

impl ValueHistogram {
    /// Counts a value above 0.
    pub(crate) fn count(&mut self, value: f64) {
        // The exponent and the first four digits of the fraction number the bins.
        let number = |value: f64| value.to_bits() >> (52 - BINS_PER_OCTAVE.ilog2());
        let above = number(value.clamp(LOWEST, 1.0)) - number(LOWEST);
        let bin = usize::try_from(above).unwrap_or(BINS).min(BINS - 1);
        self.0[bin] += 1;
    }

    /// Adds what another has counted.
    pub(crate) fn merge(&mut self, other: &Self) {
        self.0.iter_mut().zip(other.0).for_each(|(count, more)| *count += more);
    }
}

/// The upper edge of a bin.
fn upper_edge(bin: usize) -> f64 {
    let (octave, part) = ((bin + 1) / BINS_PER_OCTAVE, (bin + 1) % BINS_PER_OCTAVE);
    // Powers of two and sixteenths: exact.
    LOWEST * (1_u64 << octave) as f64 * (1.0 + part as f64 / BINS_PER_OCTAVE as f64)
}

/// The largest value of each level, ascending; level 0 is no peak, level 15 reaches to 1.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct LevelEdges([f64; 16]);

impl LevelEdges {
    /// The edges for which the values counted exceed the least from their levels: the sum of
    /// (edge − value) valueᵖ is smallest. p says how much a large value counts: the error of a product is
    /// multiplied by the query's peak, which is as large as the library's where the two fit (p = 1); that
    /// of an entropy term is not (p = 0).
    pub(crate) fn of(histogram: &ValueHistogram, large_values_count_more: bool) -> Self {
        // Prefix sums of valueᵖ and valueᵖ⁺¹ over the bins, with the upper edge for the value.
        let mut weight = [0.0; BINS + 1];
        let mut moment = [0.0; BINS + 1];
        for (bin, &count) in histogram.0.iter().enumerate() {
            let value = upper_edge(bin);
            // One more a bin, so that bins without a value have a place too.
            let weighted = (count + 1) as f64 * if large_values_count_more { value } else { 1.0 };
            weight[bin + 1] = weight[bin] + weighted;
            moment[bin + 1] = moment[bin] + weighted * value;
        }
        let cost = |from: usize, to: usize| {
            upper_edge(to - 1) * (weight[to] - weight[from]) - (moment[to] - moment[from])
        };
        // best[to]: the least cost of the bins below `to` with the levels so far; cut[level][to]: where
        // the last of these levels then begins.
        let mut best: Vec<f64> = (0..=BINS).map(|to| if to == 0 { 0.0 } else { cost(0, to) }).collect();
        let mut cuts = Vec::new();
        for _ in 2..=15 {
            let (mut next, mut cut) = (best.clone(), vec![0; BINS + 1]);
            for to in 1..=BINS {
                next[to] = f64::INFINITY;
                for (from, best) in best[..to].iter().enumerate() {
                    let total = best + cost(from, to);
                    if total < next[to] {
                        (next[to], cut[to]) = (total, from);
                    }
                }
            }
            best = next;
            cuts.push(cut);
        }
        let mut edges = [0.0; 16];
        let mut to = BINS;
        for level in (1..=15).rev() {
            edges[level] = if to == 0 { LOWEST } else { upper_edge(to - 1) };
            to = if level >= 2 { cuts[level - 2][to] } else { 0 };
        }
        Self(edges)
    }

    /// The largest value of each level.
    pub(crate) fn values(&self) -> [f64; 16] {
        self.0
    }

    /// The lowest level whose edge the value does not exceed; 0 only for no peak. Above 1, where only
    /// rounding leads, it is the last.
    pub(crate) fn level(&self, value: f64) -> u8 {
        if value > 0.0 { self.0[1..15].iter().map(|&edge| u8::from(value > edge)).sum::<u8>() + 1 } else { 0 }
    }
}

impl LevelEdges {
    /// Edges evenly spaced on a logarithmic scale, from one below which a small share of the values lies.
    pub(crate) fn even(histogram: &ValueHistogram) -> Self {
        let total: u64 = histogram.0.iter().sum();
        let mut below = 0;
        let lowest = histogram.0.iter().position(|count| {
            below += count;
            below * SMALL_SHARE >= total
        });
        let step = -math::ln(upper_edge(lowest.unwrap_or(0)).min(0.5)) / 14.0;
        Self(std::array::from_fn(|level| match level {
            0 => 0.0,
            15 => 1.0,
            level => math::exp(step * (level as f64 - 15.0)),
        }))
    }

    /// How far the logarithms of neighbouring edges lie apart, from that of level 1 on; `None` if they are not evenly
    /// spaced.
    pub(crate) fn step(&self) -> Option<f64> {
        let step = -math::ln(self.0[1]) / 14.0;
        let is_even = self.0[1..].windows(2).all(|edges| (math::ln(edges[1] / edges[0]) - step).abs() < 1e-9);
        is_even.then_some(step * (1.0 + 1e-9) + 1e-9)
    }
}

impl Stored for LevelEdges {
    fn write(&self, bytes: &mut Vec<u8>) {
        put_items(bytes, self.0.iter().map(|edge| edge.to_le_bytes()));
    }

    fn read(columns: &mut Columns<'_>) -> Option<Self> {
        let edges: [[u8; 8]; 16] = columns.items()?.try_into().ok()?;
        let edges = edges.map(f64::from_le_bytes);
        // Below the last edge, which is 1, any edge is safe that the levels were made with.
        (edges.is_sorted() && edges[0] >= 0.0 && edges[15] == 1.0).then_some(Self(edges))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn bins_meet_where_they_should() {
        assert_eq!(upper_edge(BINS - 1), 1.0);
        assert_eq!(upper_edge(BINS - 17), 0.5);
        let mut histogram = ValueHistogram::default();
        [0.97, 1.0, 5.0, 0.0, 1e-300].into_iter().for_each(|value| histogram.count(value));
        assert_eq!((histogram.0[BINS - 1], histogram.0[0]), (3, 2));
    }

    #[test]
    fn edges_stand_where_the_values_are() {
        // Ten thousand values just below 1/2 and as many just below 1/8: both are edges.
        let mut histogram = ValueHistogram::default();
        for _ in 0..10_000 {
            histogram.count(0.499);
            histogram.count(0.1249);
        }
        for large_values_count_more in [false, true] {
            let edges = LevelEdges::of(&histogram, large_values_count_more).values();
            assert!(edges.contains(&0.5) && edges.contains(&0.125) && edges[15] == 1.0, "{edges:?}");
        }
    }

    proptest! {
        #[test]
        fn no_value_exceeds_the_edge_of_its_level(
            values in prop::collection::vec(prop_oneof![0.0_f64..1.0, 0.0_f64..0.01, 0.0_f64..1e-6], 0..60),
            large_values_count_more: bool,
        ) {
            let mut histogram = ValueHistogram::default();
            values.iter().for_each(|&value| histogram.count(value));
            let edges = LevelEdges::of(&histogram, large_values_count_more);
            prop_assert!(edges.values().is_sorted() && edges.values()[0] == 0.0 && edges.values()[1] > 0.0);
            for value in values.into_iter().chain(edges.values()).chain([1.0]) {
                let level = usize::from(edges.level(value));
                prop_assert!(value <= edges.values()[level]);
                prop_assert!(level == 0 || value > edges.values()[level - 1] || value <= edges.values()[1]);
            }
        }
    }
}
