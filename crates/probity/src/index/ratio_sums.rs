//! What the rows of a chunk and a query have in common, for NIST's Identity: block by block, or many blocks together.

use std::ops::Range;

use probity_kernels::PairSums;

use super::BLOCK_ROWS;
use super::flat_index::{FlatChunk, FlatQuery, RatioBounds};
use super::peak_counts::PeakCounts;

/// What a block's rows and a query have in common.
#[derive(Debug)]
pub(super) struct RatioSums {
    /// The number of common peaks of each row.
    pub(super) common: [u16; BLOCK_ROWS],
    /// The sums over pairs; `None` if nothing is known of their ratios.
    pub(super) pairs: Option<PairSums>,
}

impl FlatChunk {
    /// The sums of blocks that follow on each other.
    pub(super) fn ratio_sums(&self, query: &FlatQuery, blocks: Range<usize>) -> Vec<RatioSums> {
        let common = self.common_peaks(query, blocks.clone()).into_iter();
        match &query.ratios {
            Some(RatioBounds::Pairs(plan)) => {
                let pairs = self.levels.ratio_sums(plan, self.peaks.as_ref(), blocks, query.instructions);
                common.zip(pairs).map(|(common, pairs)| RatioSums { common, pairs: Some(pairs) }).collect()
            }
            _ => common.map(|common| RatioSums { common, pairs: None }).collect(),
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
