//! What the ratios of neighbouring common peaks add to the bounds of a chunk's rows.

use std::cell::OnceCell;

use probity_kernels::{RatioChains, run_with};

use super::super::best_first::{is_open, rounded_up};
use super::super::chain_plan::ChainPlan;
use super::super::flat_index::{FlatScore, RatioBounds};
use super::super::peak_counts::identity;
use super::super::ratio_plan::RatioPlan;
use super::super::ratio_rows::{ChainRows, MeanRule, QueryPeaks};
use super::super::ratio_sums::RatioSums;
use super::super::{BLOCK_ROWS, BOUND_SLACK};
use super::{ChunkBounds, match_factor};

/// Blocks whose chains of ratios are made together: so many stay in the first cache.
const CHAINS_TOGETHER: usize = 64;

/// The bound of a block of which no row can reach the threshold any more: it is not above 0.
const RULED_OUT: f32 = 0.0;

impl ChunkBounds<'_> {
    /// What the chains of a block's rows may lose at most against ratios of 1, and which rows can reach a threshold at all, a bit
    /// for each; `None` where the common peaks are not counted.
    fn may_lose(
        &self,
        block: usize,
        values: &[f32; BLOCK_ROWS],
        threshold: f64,
    ) -> Option<([u16; BLOCK_ROWS], u64)> {
        let (common, query_peaks) = (self.common.get(block)?, self.query_peaks(block)?);
        Some(run_with(self.query.instructions, ChainRows { values, common, query_peaks, threshold }))
    }

    /// Counts the common peaks of all rows of a composite.
    fn count_common(&mut self) {
        if let (Some(RatioBounds::Chain(plan)), Some(peaks), true) =
            (&self.query.ratios, &self.chunk.peaks, self.common.is_empty())
        {
            self.common = peaks.counts(plan.peaks.iter().map(|(mz, _)| *mz), self.query.instructions);
        }
    }

    /// How a block's rows are bounded by a score with a ratio term of which something is known.
    pub(super) fn mean_rule(&self, block: usize) -> Option<MeanRule<'_>> {
        let query_peaks = self.query_peaks(block)?;
        self.ratio_sums(block).rule(query_peaks, self.query.traces)
    }

    /// How many peaks the query has in the range of each row of a block, for scores with a ratio term.
    fn query_peaks(&self, block: usize) -> Option<QueryPeaks<'_>> {
        let (norms, query) = (self.chunk.norms.as_ref()?, self.query.norms.as_ref()?);
        let counts = self.query.counts.as_ref()?;
        Some(QueryPeaks(norms.beginnings(block, query).map(|low| (low, counts.by_beginning()))))
    }

    pub(super) fn ratio_sums(&self, block: usize) -> &RatioSums {
        self.ratios[block].get_or_init(|| Box::new(self.chunk.ratio_sums_of(&self.query, self.places, block)))
    }

    /// Makes what bounds the ratios of all blocks that are left, if they are many, and tells whether it did.
    pub(super) fn make_ratios(&mut self, threshold: f64) -> bool {
        let is_asked = !self.ratios.is_empty() && !self.are_ratios_made && self.has_many_open(threshold);
        if is_asked {
            self.fill_ratios(threshold);
            self.are_ratios_made = true;
        }
        is_asked
    }

    /// Makes the sums of all blocks that are left, and rules out those of which they leave no row.
    fn fill_ratios(&mut self, threshold: f64) {
        if !matches!(self.query.ratios, Some(RatioBounds::Chain(_))) || self.places.is_none() {
            let sums = self.chunk.ratio_sums(&self.query, 0..self.blocks.len());
            self.ratios = sums.into_iter().map(|sums| OnceCell::from(Box::new(sums))).collect();
            return;
        }
        debug_assert_eq!(self.read, self.tiers.len(), "sums over all peaks");
        self.count_common();
        let (mut blocks, mut chains) = (Vec::new(), Vec::new());
        for block in 0..self.blocks.len() {
            if is_open(self.blocks[block], threshold) {
                let values = self.row_values(block, &self.sums[block]);
                let limits = values.and_then(|values| self.may_lose(block, &values, threshold));
                let (may_lose, rows) = limits.unwrap_or(([u16::MAX; BLOCK_ROWS], u64::MAX));
                if rows == 0 {
                    self.blocks[block] = RULED_OUT;
                } else {
                    blocks.push(block);
                    chains.push(RatioChains::of_rows(rows, may_lose));
                }
            }
        }
        for (blocks, chains) in blocks.chunks(CHAINS_TOGETHER).zip(chains.chunks_mut(CHAINS_TOGETHER)) {
            self.chunk.add_ratio_chains(&self.query, self.places, blocks, chains);
            for (&block, chains) in blocks.iter().zip(chains) {
                match chains.open {
                    0 => self.blocks[block] = RULED_OUT,
                    _ => self.ratios[block] = OnceCell::from(Box::new(RatioSums::Chains(*chains))),
                }
            }
        }
    }

    /// Where the row begins, for the number of the query's peaks from there on.
    fn beginning(&self, row: usize) -> Option<usize> {
        let (norms, query) = (self.chunk.norms.as_ref()?, self.query.norms.as_ref()?);
        norms.beginning(row, query)
    }

    /// The ratio term, and how many pairs it may count.
    #[inline]
    fn ratio(&self, row: usize) -> (f64, u16) {
        let (sums, row) = (self.ratio_sums(row / BLOCK_ROWS), row % BLOCK_ROWS);
        match sums {
            RatioSums::Pairs(_, pairs) => {
                (RatioPlan::mean(pairs.bounds[row], pairs.weights[row]), pairs.counts[row])
            }
            RatioSums::Chains(chains) if chains.common[row] > 1 => {
                (f64::from(ChainPlan::mean(chains, row)).min(1.0), u16::MAX)
            }
            RatioSums::Chains(_) | RatioSums::Counts(_) => (1.0, u16::MAX),
        }
    }

    /// The bound that follows from a squared cosine with what the levels say of the ratios.
    pub(super) fn with_ratio(&self, squared: f64, row: usize, common: u16) -> f32 {
        let (ratio, pairs) = self.ratio(row);
        let ratio = ratio * BOUND_SLACK;
        rounded_up(match &self.query.counts {
            Some(counts) if self.chunk.score == FlatScore::Composite => {
                counts.composite(squared, ratio, common, self.beginning(row))
            }
            _ => match_factor(identity(squared, ratio, common, self.query.traces, pairs)),
        })
    }
}
