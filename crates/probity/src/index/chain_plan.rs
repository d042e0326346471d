//! Bounds of ratio terms whose pairs are all neighbours among the common peaks.
//!
//! A pair of peaks adds min(r, 1/r), r = ((q₂/q₁) / (l₂/l₁))ᵖ with the values q of the query and l of the library's spectrum. Its
//! place tells ln l to a step s; with the query's ln q rounded to whole s, the difference d of both peaks' places, each
//! relative to the query's, says that |ln r| is at least p s (|d| − 2): each place of the spectrum is off by up to one, from one
//! side, and each of the query by up to a half. Places are told modulo 256, which can only make a difference smaller.

use probity_kernels::{LossTable, RatioChains, WHOLE_RATIO};

use super::value_places::PLACES_PER_E;
use crate::math;

/// More than rounding can take from a difference of logarithms, of which none is above 1,500, and from up to 256 steps.
const LOGARITHM_SLACK: f64 = 1e-6;

/// More than a few operations in 32 bits can take.
const ROUNDING: f32 = 1.0 + 1.0 / 1_048_576.0;

/// What a query adds for the columns of its peaks.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct ChainPlan {
    /// m/z and place of each of the query's peaks, ascending.
    pub(super) peaks: Vec<(u32, u8)>,
    pub(super) table: LossTable,
}

impl ChainPlan {
    /// The plan for ascending m/z and values above 0; `power` is p.
    pub(super) fn of(values: impl Iterator<Item = (u32, f64)>, power: f64) -> Self {
        // The logarithm is not beyond 750: both casts are exact.
        let place = |value: f64| ((math::ln(value) * PLACES_PER_E).round() as i64).rem_euclid(256) as u8;
        let table = LossTable::of(|apart| {
            let logarithm = (f64::from(apart) - 2.0) / PLACES_PER_E - LOGARITHM_SLACK;
            let ratio = math::exp(-power * logarithm.max(0.0)) * (1.0 + LOGARITHM_SLACK);
            // From 0 to 64: the cast is exact.
            WHOLE_RATIO.saturating_sub((ratio * f64::from(WHOLE_RATIO)).ceil() as u8)
        });
        Self { peaks: values.map(|(mz, value)| (mz, place(value))).collect(), table }
    }

    /// The mean over all pairs of a row's common peaks, of which there are at least two, is at most this. A peak that is not
    /// told may be a neighbour in two.
    #[inline(always)]
    pub(super) fn mean(chains: &RatioChains, row: usize) -> f32 {
        let (common, told) = (f32::from(chains.common[row]), f32::from(chains.told[row]));
        // A loss of 65535 may be larger, which would be a smaller ratio.
        let ratios = told - f32::from(chains.lost[row]) / f32::from(WHOLE_RATIO);
        (ratios + 2.0 * (common - told)) / (common - 1.0) * ROUNDING
    }

    /// What the chains of a row with so many common peaks, at least two, may lose so that the mean over all pairs can still
    /// reach `mean`, to be cut to a whole number: from 0 to [`ANYTHING`].
    #[inline(always)]
    pub(super) fn may_lose(common: f32, mean: f32) -> f32 {
        let ratios = mean / (ROUNDING * ROUNDING) * (common - 1.0);
        // 1 more is more than what rounding and the cut to a whole number take.
        ((common - ratios) * f32::from(WHOLE_RATIO) + 1.0).clamp(0.0, ANYTHING)
    }
}

/// What stands for any loss.
pub(super) const ANYTHING: f32 = u16::MAX as f32;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use probity_kernels::InstructionSet;

    use super::super::BLOCK_ROWS;
    use super::super::flat_index::{FlatRow, histogram};
    use super::super::level_chunk::LevelChunk;
    use super::super::level_edges::LevelEdges;
    use super::super::value_places::{ValuePlaces, value_places};
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
            let edges = LevelEdges::of(&histogram(&rows), true);
            let levels = LevelChunk::of(&library, &edges);
            let bytes = value_places(&rows, &levels);
            let places = ValuePlaces::of(&bytes, &levels).unwrap();
            let plan = ChainPlan::of(query.iter().copied(), power);
            let blocks: Vec<usize> = (0..levels.blocks()).collect();
            let mut chains = vec![RatioChains::default(); blocks.len()];
            levels.add_ratio_chains(&plan, places, &blocks, InstructionSet::detected(), &mut chains);
            for (row, peaks) in library.iter().enumerate() {
                let chains = &chains[row / BLOCK_ROWS];
                let (sum, common) = ratios(&query, peaks, power);
                let row = row % BLOCK_ROWS;
                prop_assert_eq!(usize::from(chains.common[row]), common);
                if common > 1 {
                    let bound = f64::from(ChainPlan::mean(chains, row));
                    let mean = sum / (f64::from(chains.common[row]) - 1.0);
                    prop_assert!(bound >= mean, "{bound} below {mean}");
                }
            }
            // Not the places of these levels.
            prop_assert!(bytes.is_empty() || ValuePlaces::of(&bytes[64..], &levels).is_none());
        }
    }

    #[test]
    fn a_copy_is_told_closely() {
        let peaks: Peaks = (40..56).map(|mz| (mz, f64::from(mz % 5 + 1) / 8.0)).collect();
        let scaled: Peaks = peaks.iter().map(|&(mz, value)| (mz, value / 3.0)).collect();
        let rows = [Some(FlatRow { values: scaled.clone(), ..FlatRow::default() })];
        let edges = LevelEdges::of(&histogram(&rows), true);
        let levels = LevelChunk::of(&[scaled], &edges);
        let bytes = value_places(&rows, &levels);
        let other: Peaks =
            peaks.iter().map(|&(mz, value)| (mz, if mz % 2 == 0 { value } else { 8.0 * value })).collect();
        let bound = |query: &Peaks| {
            let plan = ChainPlan::of(query.iter().copied(), 2.0);
            let places = ValuePlaces::of(&bytes, &levels).unwrap();
            let mut chains = [RatioChains::default()];
            levels.add_ratio_chains(&plan, places, &[0], InstructionSet::detected(), &mut chains);
            15.0 * ChainPlan::mean(&chains[0], 0)
        };
        // 15 pairs, and up to one for the first peak; ratios of 1/64 with the other.
        assert!((15.0..=16.001).contains(&bound(&peaks)), "{}", bound(&peaks));
        assert!(bound(&other) < 2.5, "{}", bound(&other));
    }
}
