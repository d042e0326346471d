//! What the ratios of neighbouring common peaks add to the bounds of a chunk's rows.

use std::cell::OnceCell;

use probity_kernels::run_with;

use super::super::best_first::rounded_up;
use super::super::flat_index::{FlatScore, RatioBounds};
use super::super::gains::Gains;
use super::super::peak_counts::identity;
use super::super::ratio_plan::RatioPlan;
use super::super::ratio_rows::RatioRows;
use super::super::ratio_sums::RatioSums;
use super::super::{BLOCK_ROWS, BOUND_SLACK};
use super::{ChunkBounds, match_factor};

/// More than a sum of two numbers up to 1 can lose by rounding.
const SUM_SLACK: f64 = BOUND_SLACK - 1.0;

impl ChunkBounds<'_> {
    /// The rows of a block with these values whose bounds may reach a threshold, a bit for each; `None` where nothing is known of
    /// their ratios.
    pub(super) fn open_by_ratios(
        &self,
        block: usize,
        values: &[f32; BLOCK_ROWS],
        threshold: f64,
    ) -> Option<u64> {
        let instructions = self.query.instructions;
        if self.chunk.score == FlatScore::Composite {
            let (norms, query) = (self.chunk.norms.as_ref()?, self.query.norms.as_ref()?);
            let query_peaks = self.query.counts.as_ref()?.by_beginning();
            let beginnings = norms.beginnings(block, query)?;
            let rows = self.gains.as_ref()?.rows(block, values, beginnings, query_peaks, threshold);
            return Some(run_with(instructions, rows));
        }
        let RatioSums { common, pairs } = self.ratio_sums(block)?;
        let (are_squares, traces) = (self.chunk.score.is_reverse(), self.query.traces);
        let (pairs, threshold) = (pairs.as_ref()?, threshold / 1_000.0);
        Some(run_with(instructions, RatioRows { values, are_squares, common, traces, pairs, threshold }))
    }

    /// For NIST's Identity what a block and the query have in common.
    fn ratio_sums(&self, block: usize) -> Option<&RatioSums> {
        let of_block = || Box::new(self.chunk.ratio_sums(&self.query, block..block + 1).remove(0));
        self.ratios.get(block).map(|sums| &**sums.get_or_init(of_block))
    }

    /// Makes what bounds the ratios of all blocks, if many are left: for a composite, scores below the threshold aside.
    pub(super) fn make_ratios(&mut self, threshold: f64) {
        if !self.has_many_open(threshold) {
            return;
        }
        let all = 0..self.blocks.len();
        match (&self.query.ratios, self.ratio_levels) {
            (Some(RatioBounds::Gains(plan)), Some(levels)) => {
                let columns = plan.before(threshold, levels, &self.chunk.levels);
                self.gains = Some(Gains::of(&columns, all.len(), self.query.instructions));
            }
            _ if !self.ratios.is_empty() => {
                let sums = self.chunk.ratio_sums(&self.query, all);
                self.ratios = sums.into_iter().map(|sums| OnceCell::from(Box::new(sums))).collect();
            }
            _ => {}
        }
    }

    /// Makes the gains closer, if many blocks are left.
    pub(super) fn make_gains_closer(&mut self, threshold: f64) {
        let is_asked = self.has_many_open(threshold);
        if let (Some(gains), Some(RatioBounds::Gains(plan)), Some(levels), true) =
            (&mut self.gains, &self.query.ratios, self.ratio_levels, is_asked)
        {
            gains.add(&plan.second_before(levels, &self.chunk.levels), self.query.instructions);
            self.bound_by_rows(threshold);
        }
    }

    /// The bound that follows from a squared cosine with what the levels say of the ratios; `common` is the number of common
    /// peaks, if it is known.
    pub(super) fn with_ratio(&self, squared: f64, row: usize, common: Option<u16>) -> f32 {
        if self.chunk.score == FlatScore::Composite {
            return rounded_up(self.composite(squared, row, common)).min(self.with_any_ratio(squared));
        }
        let Some(sums) = self.ratio_sums(row / BLOCK_ROWS) else { return self.with_any_ratio(squared) };
        let place = row % BLOCK_ROWS;
        let (ratio, pairs) = match &sums.pairs {
            Some(pairs) => (RatioPlan::mean(pairs.bounds[place], pairs.weights[place]), pairs.counts[place]),
            None => (1.0, u16::MAX),
        };
        let common = common.unwrap_or(sums.common[place]);
        let identity = identity(squared, ratio * BOUND_SLACK, common, self.query.traces, pairs);
        rounded_up(match_factor(identity))
    }

    /// The bound of a composite that reaches the threshold of the gains.
    fn composite(&self, squared: f64, row: usize, common: Option<u16>) -> f64 {
        let (Some(counts), Some(norms), Some(query)) =
            (&self.query.counts, &self.chunk.norms, &self.query.norms)
        else {
            return f64::INFINITY;
        };
        let beginning = norms.beginning(row, query);
        match (common, &self.gains) {
            (Some(common), Some(gains)) if common > 1 => {
                counts.composite(squared, gains.mean_ratio(row, common) * BOUND_SLACK, common, beginning)
            }
            (Some(common), _) => counts.composite(squared, 1.0, common, beginning),
            (None, Some(gains)) => beginning.map_or(f64::INFINITY, |low| {
                let query_peaks = f64::from(counts.by_beginning()[low].max(1));
                squared.min(1.0) + gains.gain(row) / query_peaks + SUM_SLACK
            }),
            (None, None) => f64::INFINITY,
        }
    }
}
