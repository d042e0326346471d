//! Bounds of ratio terms whose pairs are all neighbours among the common peaks.
//!
//! A pair of peaks adds min(r, 1/r), r = ((q₂/q₁) / (l₂/l₁))ᵖ with the values q of the query and l of the library's spectrum. A
//! level and its part tell ln l to a sixteenth of the levels' distance, s; with the query's ln q rounded to whole s, the
//! difference d of both peaks' places says that |ln r| is at least p s (|d| − 2): each place of the spectrum is off by up to
//! one, from one side, and each of the query by up to a half. Places are told modulo 256, which can only make a difference
//! smaller.

use probity_kernels::{LARGEST_RATIO, RatioChains, RatioTable};

use super::BLOCK_ROWS;
use super::fine_levels::PARTS;
use super::level_edges::LevelEdges;
use crate::math;

/// More than rounding can take from a difference of logarithms, of which none is above 1,500, and from up to 256 steps.
const LOGARITHM_SLACK: f64 = 1e-6;

/// What a query adds for the columns of its peaks.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct ChainPlan {
    /// m/z and place of each of the query's peaks, ascending.
    pub(super) peaks: Vec<(u32, u8)>,
    pub(super) table: RatioTable,
}

impl ChainPlan {
    /// The weight of a pair in the sums.
    pub(super) const PAIR_WEIGHT: u16 = LARGEST_RATIO as u16;

    /// The plan for ascending m/z and values above 0; `power` is p. `None` if the levels are not evenly spaced.
    pub(super) fn of(
        values: impl Iterator<Item = (u32, f64)>,
        power: f64,
        edges: &LevelEdges,
    ) -> Option<Self> {
        let step = edges.step()? / f64::from(PARTS);
        // Not above 1,500 / 10⁻¹⁰: both casts are exact.
        let place = |value: f64| ((math::ln(value) / step).round() as i64).rem_euclid(256) as u8;
        let table = RatioTable::of(|apart| {
            let logarithm = (f64::from(apart) - 2.0) * step - LOGARITHM_SLACK;
            let ratio = math::exp(-power * logarithm.max(0.0)) * (1.0 + LOGARITHM_SLACK);
            // From 0 to 64: the cast is exact.
            (ratio * f64::from(LARGEST_RATIO)).ceil() as u8
        });
        Some(Self { peaks: values.map(|(mz, value)| (mz, place(value))).collect(), table })
    }

    /// What the sums of a row say of all pairs of its common peaks: a value that its level does not tell may be a
    /// neighbour in two.
    pub(super) fn of_all_pairs(chains: &RatioChains) -> [u16; BLOCK_ROWS] {
        std::array::from_fn(|row| {
            let untold = (chains.common[row] - chains.told[row]).saturating_mul(2 * Self::PAIR_WEIGHT);
            chains.ratios[row].saturating_add(untold)
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use probity_kernels::InstructionSet;

    use super::super::fine_levels::{FineLevels, fine_levels};
    use super::super::flat_index::{FlatRow, histogram};
    use super::super::level_chunk::LevelChunk;
    use super::*;

    type Peaks = Vec<(u32, f64)>;

    fn any_peaks() -> impl Strategy<Value = Peaks> {
        let value = prop_oneof![1e-3_f64..1.0, 1e-12_f64..1e-3, Just(1.0), Just(0.25)];
        prop::collection::btree_map(40_u32..60, value, 0..16).prop_map(|peaks| peaks.into_iter().collect())
    }

    /// The sum of min(r, 1/r) over neighbours among the common peaks, and the number of these.
    fn ratios(query: &Peaks, row: &Peaks, power: f64) -> (f64, usize) {
        let common: Vec<(f64, f64)> = query
            .iter()
            .filter_map(|&(mz, own)| Some((own, row.iter().find(|peak| peak.0 == mz)?.1)))
            .collect();
        let ratio = |pair: &[(f64, f64)]| {
            let logarithm = math::ln(pair[1].0 / pair[0].0) - math::ln(pair[1].1 / pair[0].1);
            math::exp(-power * logarithm.abs())
        };
        (common.windows(2).map(ratio).sum(), common.len())
    }

    proptest! {
        #[test]
        fn no_sum_of_ratios_is_larger(
            library in prop::collection::vec(any_peaks(), 1..140),
            query in any_peaks(),
            power in 0.5_f64..4.0,
        ) {
            let rows: Vec<Option<FlatRow>> = library
                .iter()
                .map(|peaks| Some(FlatRow { values: peaks.clone(), ..FlatRow::default() }))
                .collect();
            let edges = LevelEdges::even(&histogram(&rows));
            let levels = LevelChunk::of(&library, &edges);
            let bytes = fine_levels(&rows, &levels, &edges);
            let fine = FineLevels::of(&bytes, &levels).unwrap();
            let plan = ChainPlan::of(query.iter().copied(), power, &edges).unwrap();
            let chains = levels.ratio_chains(&plan, fine, 0..levels.blocks(), InstructionSet::detected());
            for (row, peaks) in library.iter().enumerate() {
                let chains = &chains[row / BLOCK_ROWS];
                let (sum, common) = ratios(&query, peaks, power);
                let row = row % BLOCK_ROWS;
                prop_assert_eq!(usize::from(chains.common[row]), common);
                let bound = f64::from(ChainPlan::of_all_pairs(chains)[row]) / f64::from(ChainPlan::PAIR_WEIGHT);
                prop_assert!(bound >= sum, "{bound} below {sum}");
            }
            // Not the parts of these levels.
            prop_assert!(bytes.is_empty() || FineLevels::of(&bytes[32..], &levels).is_none());
        }
    }

    #[test]
    fn a_copy_is_told_closely() {
        // The row's last peak takes the lowest level, which tells nothing.
        let peaks: Peaks = (40..56).map(|mz| (mz, f64::from(mz % 5 + 1) / 8.0)).collect();
        let scaled = peaks.iter().map(|&(mz, value)| (mz, value / 3.0)).chain([(70, 1e-3)]);
        let scaled: Peaks = scaled.collect();
        let rows = [Some(FlatRow { values: scaled.clone(), ..FlatRow::default() })];
        let edges = LevelEdges::even(&histogram(&rows));
        let levels = LevelChunk::of(&[scaled], &edges);
        let bytes = fine_levels(&rows, &levels, &edges);
        let other: Peaks =
            peaks.iter().map(|&(mz, value)| (mz, if mz % 2 == 0 { value } else { 8.0 * value })).collect();
        let bound = |query: &Peaks| {
            let plan = ChainPlan::of(query.iter().copied(), 2.0, &edges).unwrap();
            let fine = FineLevels::of(&bytes, &levels).unwrap();
            let chains = levels.ratio_chains(&plan, fine, 0..1, InstructionSet::detected());
            f64::from(ChainPlan::of_all_pairs(&chains[0])[0]) / f64::from(ChainPlan::PAIR_WEIGHT)
        };
        // 15 pairs, and up to one for the first peak; ratios of 1/64 with the other.
        assert!((15.0..=16.0).contains(&bound(&peaks)), "{}", bound(&peaks));
        assert!(bound(&other) < 2.5, "{}", bound(&other));
    }
}
