//! What the rows of a chunk and a query have in common, for scores with a ratio term: block by block, or many blocks
//! together.

use std::ops::Range;

use probity_kernels::{PairSums, RatioChains};

use super::BLOCK_ROWS;
use super::flat_index::{FlatChunk, FlatQuery, RatioBounds};
use super::peak_counts::PeakCounts;
use super::ratio_rows::{MeanRule, QueryPeaks};
use super::value_places::ValuePlaces;

/// What a block's rows and a query have in common.
#[derive(Debug)]
pub(super) enum RatioSums {
    /// The number of common peaks; of their ratios nothing is known.
    Counts([u16; BLOCK_ROWS]),
    /// That number, and the sums over pairs.
    Pairs([u16; BLOCK_ROWS], PairSums),
    /// Both, over all that follow on each other.
    Chains(RatioChains),
}

impl RatioSums {
    /// The number of common peaks of each row.
    pub(super) fn common(&self) -> &[u16; BLOCK_ROWS] {
        match self {
            Self::Counts(common) | Self::Pairs(common, _) | Self::Chains(RatioChains { common, .. }) => {
                common
            }
        }
    }

    /// The rows of which they are made up to the end, a bit for each: the others can be no hits.
    pub(super) fn open(&self) -> u64 {
        match self {
            Self::Counts(_) | Self::Pairs(..) => u64::MAX,
            Self::Chains(chains) => chains.open,
        }
    }

    /// How rows are bounded by them; `None` where nothing is known of the ratios.
    pub(super) fn rule<'a>(&'a self, query_peaks: QueryPeaks<'a>, traces: u16) -> Option<MeanRule<'a>> {
        match self {
            Self::Counts(_) => None,
            Self::Pairs(_, pairs) => Some(MeanRule::Identity { traces, pairs }),
            Self::Chains(chains) => Some(MeanRule::Composite { query_peaks, chains }),
        }
    }
}

impl FlatChunk {
    /// The sums of one block.
    pub(super) fn ratio_sums_of(
        &self,
        query: &FlatQuery,
        places: Option<ValuePlaces<'_>>,
        block: usize,
    ) -> RatioSums {
        let mut chains = [RatioChains::default()];
        match self.add_ratio_chains(query, places, &[block], &mut chains) {
            Some(()) => RatioSums::Chains(chains[0]),
            None => self.ratio_sums(query, block..block + 1).remove(0),
        }
    }

    /// Adds the sums over all that follow on each other, of some blocks; `None` for scores that do not ask for them.
    pub(super) fn add_ratio_chains(
        &self,
        query: &FlatQuery,
        places: Option<ValuePlaces<'_>>,
        blocks: &[usize],
        chains: &mut [RatioChains],
    ) -> Option<()> {
        let (Some(RatioBounds::Chain(plan)), Some(places)) = (&query.ratios, places) else { return None };
        self.levels.add_ratio_chains(plan, places, blocks, query.instructions, chains);
        Some(())
    }

    /// The sums over pairs of blocks that follow on each other.
    pub(super) fn ratio_sums(&self, query: &FlatQuery, blocks: Range<usize>) -> Vec<RatioSums> {
        let common = self.common_peaks(query, blocks.clone()).into_iter();
        match &query.ratios {
            Some(RatioBounds::Pairs(plan)) => {
                let pairs = self.levels.ratio_sums(plan, self.peaks.as_ref(), blocks, query.instructions);
                common.zip(pairs).map(|(common, pairs)| RatioSums::Pairs(common, pairs)).collect()
            }
            _ => common.map(RatioSums::Counts).collect(),
        }
    }

    /// The number of common peaks of each row of some blocks.
    fn common_peaks(&self, query: &FlatQuery, blocks: Range<usize>) -> Vec<[u16; BLOCK_ROWS]> {
        let mut common = vec![[0; BLOCK_ROWS]; blocks.len()];
        for groups in query.counts.iter().flat_map(PeakCounts::tiers) {
            self.levels.columns(groups).add_sums(blocks.start, query.instructions, &mut common);
        }
        common
    }
}
