//! The bounds of a chunk's rows for one query: those of blocks first, those of rows when they are asked for.

mod closer;
mod ratios;
#[cfg(test)]
mod tests;

use std::cell::OnceCell;
use std::ops::Range;
use std::sync::Arc;

use probity_kernels::{Work, run_with};

use super::best_first::{BlockBounds, is_open, rounded_up};
use super::flat_index::{FlatChunk, FlatQuery, FlatScore, USUAL_TOTAL, rest_tables};
use super::gains::Gains;
use super::level_chunk::TierColumns;
use super::ratio_levels::RatioLevels;
use super::ratio_sums::RatioSums;
use super::rest_table::RestTable;
use super::row_values::RowValues;
use super::{BLOCK_ROWS, BOUND_SLACK, largest};

/// A sum; 65535 stands for anything.
fn known(sum: u16) -> f64 {
    if sum == u16::MAX { f64::INFINITY } else { f64::from(sum) }
}

/// NIST's match factor of a similarity, before it is cut to a whole number.
fn match_factor(similarity: f64) -> f64 {
    (1_000.0 * similarity * BOUND_SLACK).min(999.0)
}

/// The bound of a block of which no row can reach the threshold any more: it is not above 0.
const RULED_OUT: f32 = 0.0;

impl FlatChunk {
    /// Bounds of all rows that no rounding makes too low. All but the query's first tier of peaks is left to the blocks that are
    /// asked for.
    pub(crate) fn bounds<'a>(
        &'a self,
        ratio_levels: Option<RatioLevels<'a>>,
        query: Arc<FlatQuery>,
    ) -> ChunkBounds<'a> {
        let blocks = self.levels.rows().div_ceil(BLOCK_ROWS);
        let tiers: Vec<TierColumns<'_>> =
            query.plan.tiers().iter().map(|groups| self.levels.columns(groups)).collect();
        let mut sums = vec![[0; BLOCK_ROWS]; blocks];
        tiers[0].add_sums(0, query.instructions, &mut sums);
        let rests = (self.largest_total > USUAL_TOTAL).then(|| {
            rest_tables(self.score.pair_score(), &query.tiers, self.largest_total, query.plan.unit())
        });
        let ratios = if query.counts.is_some() && self.score != FlatScore::Composite { blocks } else { 0 };
        let ratios = (0..ratios).map(|_| OnceCell::new()).collect();
        let factor = |block: usize| match (&self.norms, &query.norms) {
            (Some(norms), Some(query)) if self.score.is_reverse() => norms.largest_row_factor(block, query),
            (Some(norms), Some(query)) => norms.largest_factor(block, query),
            _ => 1.0,
        };
        let factors = (0..blocks).map(factor).collect();
        let mut bounds = ChunkBounds {
            chunk: self,
            ratio_levels,
            query,
            tiers,
            sums,
            read: 1,
            rests,
            factors,
            ratios,
            gains: None,
            blocks: Vec::new(),
            promises: Vec::new(),
        };
        bounds.bound_blocks();
        bounds
    }
}

/// Where no more than one block in so many is left, its rows' bounds are made block by block: reading a block here
/// and there takes longer than reading all of them in their order.
const FEW_OPEN: usize = 5;

/// The largest sum of each block.
struct LargestSums<'a>(&'a [[u16; BLOCK_ROWS]]);

impl Work for LargestSums<'_> {
    type Output = Vec<u16>;

    #[inline(always)]
    fn run(self) -> Vec<u16> {
        self.0.iter().map(largest).collect()
    }
}

/// The bounds of a chunk's rows for one query.
#[derive(Debug)]
pub(crate) struct ChunkBounds<'a> {
    chunk: &'a FlatChunk,
    /// For the composite, which bounds no ratio without.
    ratio_levels: Option<RatioLevels<'a>>,
    query: Arc<FlatQuery>,
    /// The columns of each tier of the query's peaks.
    tiers: Vec<TierColumns<'a>>,
    /// The sums over the tiers that were read.
    sums: Vec<[u16; BLOCK_ROWS]>,
    /// How many tiers were read of all blocks.
    read: usize,
    /// What the tiers behind each add to a sum at most, where the query's own tables do not hold.
    rests: Option<Vec<RestTable>>,
    /// By what a block's sums are to be multiplied at most.
    factors: Vec<f64>,
    /// For NIST's Identity what each block has in common with the query, made when it is asked for, or of all blocks when they
    /// are refined.
    ratios: Vec<OnceCell<Box<RatioSums>>>,
    /// For the composite, once the bounds are refined.
    gains: Option<Gains>,
    blocks: Vec<f32>,
    /// The blocks' largest sums with the rest, as they are in a pair that has the whole range in common.
    promises: Vec<f32>,
}

impl ChunkBounds<'_> {
    /// What a sum stands for, where nothing is taken from the norms.
    fn scale(&self) -> f64 {
        self.query.plan.unit() * BOUND_SLACK
    }

    fn bound_blocks(&mut self) {
        let largest = run_with(self.query.instructions, LargestSums(&self.sums));
        let bounds = largest.iter().enumerate().map(|(block, &sum)| self.block_bound(block, sum, self.read));
        self.blocks = bounds.collect();
        let rest = &self.rests.as_ref().unwrap_or(&self.query.rests)[self.read - 1];
        self.promises = largest.iter().map(|&sum| (f64::from(sum) + rest.rest(sum)) as f32).collect();
        for row in &self.chunk.unknown {
            self.blocks[row / BLOCK_ROWS] = f32::INFINITY;
        }
    }

    /// A block's bound takes the largest sum over so many tiers and the largest norm of its rows, and 1 for their ratios.
    fn block_bound(&self, block: usize, largest: u16, read: usize) -> f32 {
        let rests = self.rests.as_ref().unwrap_or(&self.query.rests);
        let sum = known(largest) + rests[read - 1].rest(largest);
        self.finished(sum, self.factors[block], |squared| self.with_any_ratio(squared))
    }

    /// The bound that follows from a squared cosine: no more ratios count than common peaks, of which there are no more
    /// than the query has peaks.
    fn with_any_ratio(&self, squared: f64) -> f32 {
        let mean = f64::midpoint(squared.min(1.0), 1.0);
        let is_composite = self.chunk.score == FlatScore::Composite;
        rounded_up(if is_composite { mean * BOUND_SLACK } else { match_factor(mean) })
    }

    /// The least sum of a row of a block whose bound can reach a threshold.
    fn least_sum(&self, block: usize, threshold: f64) -> u16 {
        // What is not known has no sum.
        if self.has_unknown(block) {
            return 0;
        }
        let factor = self.factors[block];
        let bound = |sum: u16| self.finished(known(sum), factor, |squared| self.with_any_ratio(squared));
        // The bound does not fall with the sum.
        let (mut low, mut high) = (0, u16::MAX);
        while low < high {
            let middle = low.midpoint(high);
            if f64::from(bound(middle)) < threshold {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        low
    }

    /// The rows of a block with these sums whose bounds may reach a threshold, a bit for each.
    fn open_rows(&self, block: usize, sums: &[u16; BLOCK_ROWS], threshold: f64) -> u64 {
        if let Some(values) = self.row_values(block, sums) {
            if f64::from(self.bound_of_values(&values)) < threshold {
                return 0;
            }
            return self.open_by_ratios(block, &values, threshold).unwrap_or_else(|| {
                values.iter().rev().fold(0, |open, &value| {
                    let reaches = f64::from(self.bound_of_value(value)) >= threshold;
                    open << 1 | u64::from(reaches)
                })
            });
        }
        let least = self.least_sum(block, threshold);
        sums.iter().rev().fold(0, |open, &sum| open << 1 | u64::from(sum >= least))
    }

    /// The cosines of a block's rows that these sums stand for, or the squares of a reverse score: not too low. `None` where they
    /// cannot be told all at once, or where the block's own factor tells as much.
    fn row_values(&self, block: usize, sums: &[u16; BLOCK_ROWS]) -> Option<[f32; BLOCK_ROWS]> {
        if self.has_unknown(block) || self.factors[block] == 1.0 && !self.chunk.score.has_ratios() {
            return None;
        }
        let (norms, query) = (self.chunk.norms.as_ref()?, self.query.norms.as_ref()?);
        let are_squares = self.chunk.score.is_reverse();
        let factors = norms.row_factors(block, query, are_squares)?;
        let values = RowValues { sums, factors, scale: self.scale(), are_squares };
        Some(run_with(self.query.instructions, values))
    }

    /// The bound of a block with these values, whatever their ratios.
    fn bound_of_values(&self, values: &[f32; BLOCK_ROWS]) -> f32 {
        self.bound_of_value(values.iter().copied().fold(0.0, f32::max))
    }

    /// The bound of a row with this value, whatever its ratios.
    fn bound_of_value(&self, value: f32) -> f32 {
        self.bound_of(f64::from(value), f64::from(value), |squared| self.with_any_ratio(squared))
    }

    /// Makes the bounds of the blocks that are left closer, whose rows' sums are known: each row with its own factor and, where
    /// they are known, its ratios.
    fn bound_by_rows(&mut self, threshold: f64) {
        for block in 0..self.blocks.len() {
            if !is_open(self.blocks[block], threshold) {
                continue;
            }
            if self.gains.is_some() {
                if self.open_rows(block, &self.sums[block], threshold) == 0 {
                    self.blocks[block] = RULED_OUT;
                }
            } else if let Some(values) = self.row_values(block, &self.sums[block]) {
                self.blocks[block] = self.bound_of_values(&values).min(self.blocks[block]);
            }
        }
    }

    fn has_unknown(&self, block: usize) -> bool {
        let rows = self.rows_of(block);
        self.chunk.unknown.iter().any(|row| rows.contains(row))
    }

    fn rows_of(&self, block: usize) -> Range<usize> {
        block * BLOCK_ROWS..((block + 1) * BLOCK_ROWS).min(self.chunk.levels.rows())
    }

    fn row_bound(&self, row: usize, sum: u16) -> f32 {
        if self.chunk.unknown.binary_search(&row).is_ok() {
            return f32::INFINITY;
        }
        let factor = match (&self.chunk.norms, &self.query.norms) {
            (Some(norms), Some(query)) if self.chunk.score.is_reverse() => norms.row_factor(row, query),
            (Some(norms), Some(query)) => norms.factor(row, query),
            _ => 1.0,
        };
        self.finished(known(sum), factor, |squared| self.with_ratio(squared, row, None))
    }

    /// The sums of a block's rows over all of the query's peaks; `None` where the first tiers already say that none of them
    /// reaches a threshold.
    fn all_sums(&self, block: usize, threshold: f64) -> Option<[u16; BLOCK_ROWS]> {
        let mut sums = [self.sums[block]];
        for (tier, columns) in self.tiers.iter().enumerate().skip(self.read) {
            columns.add_sums(block, self.query.instructions, &mut sums);
            let is_open = || f64::from(self.block_bound(block, largest(&sums[0]), tier + 1)) >= threshold;
            if !(self.has_unknown(block) || is_open()) {
                return None;
            }
        }
        Some(sums[0])
    }

    /// Whether so many blocks are left that reading all of them in their order is quicker than those alone.
    fn has_many_open(&self, threshold: f64) -> bool {
        let open = self.blocks.iter().filter(|&&bound| is_open(bound, threshold)).count();
        open * FEW_OPEN > self.blocks.len()
    }

    /// The bound: 0 exactly where there is no peak in common, infinite where nothing is known. `with_ratio` makes it of
    /// a squared cosine, for scores with a ratio term.
    #[inline]
    fn finished(&self, sum: f64, factor: f64, with_ratio: impl FnOnce(f64) -> f32) -> f32 {
        if sum == 0.0 {
            return 0.0;
        }
        let value = sum * (self.scale() * factor);
        // Of a reverse score the sum is of squares.
        self.bound_of(value, value * factor, with_ratio)
    }

    /// The bound of a cosine, or of the square of a reverse score.
    #[inline]
    fn bound_of(&self, cosine: f64, square: f64, with_ratio: impl FnOnce(f64) -> f32) -> f32 {
        if cosine == 0.0 {
            return 0.0;
        }
        let squared = if self.chunk.score.is_reverse() { square } else { cosine * cosine * BOUND_SLACK };
        match self.chunk.score {
            FlatScore::SimpleMatchFactor | FlatScore::SimpleReverseMatchFactor => {
                rounded_up(match_factor(squared))
            }
            FlatScore::Composite | FlatScore::Identity | FlatScore::IdentityReverse => with_ratio(squared),
            FlatScore::Cosine | FlatScore::Entropy => rounded_up(cosine),
        }
    }
}

impl BlockBounds for ChunkBounds<'_> {
    fn rows(&self) -> usize {
        self.chunk.levels.rows()
    }

    fn blocks(&self) -> &[f32] {
        &self.blocks
    }

    fn promises(&self) -> &[f32] {
        &self.promises
    }

    fn refine(&mut self, threshold: f64) {
        while self.has_many_open(threshold) && self.read < self.tiers.len() {
            self.tiers[self.read].add_sums(0, self.query.instructions, &mut self.sums);
            self.read += 1;
            self.bound_blocks();
        }
        // Sums over pairs take much less together than block by block, as looking further would ask for them.
        self.make_ratios(threshold);
        if self.has_many_open(threshold) {
            self.bound_by_rows(threshold);
        }
        self.make_gains_closer(threshold);
    }

    fn prefetch_block(&self, block: usize) {
        if let Some(columns) = self.tiers.get(self.read) {
            columns.prefetch(block);
        }
    }

    fn for_each_row(&self, block: usize, threshold: f64, visit: &mut dyn FnMut(usize, f32)) {
        let Some(sums) = self.all_sums(block, threshold) else { return };
        let mut open = self.open_rows(block, &sums, threshold);
        for row in self.rows_of(block) {
            if open & 1 != 0 {
                visit(row, self.row_bound(row, sums[row % BLOCK_ROWS]));
            }
            open >>= 1;
        }
    }
}
