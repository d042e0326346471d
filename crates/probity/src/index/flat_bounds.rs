//! The bounds of a chunk's rows for one query: those of blocks first, those of rows when they are asked for.

#[cfg(test)]
mod tests;

use std::cell::OnceCell;
use std::ops::Range;
use std::sync::Arc;

use probity_kernels::{PairSums, RatioChains, Work, run_with};

use super::best_first::{BlockBounds, is_open, rounded_up};
use super::bound_plan::BoundPlan;
use super::chain_plan::ChainPlan;
use super::close_row::{CloseRatio, peaks_within};
use super::fine_levels::FineLevels;
use super::flat_index::{FlatChunk, FlatQuery, FlatScore, RatioBounds, USUAL_TOTAL, rest_tables};
use super::level_chunk::TierColumns;
use super::ratio_plan::RatioPlan;
use super::ratio_rows::{MeanRule, RatioRows};
use super::rest_table::RestTable;
use super::{BLOCK_ROWS, BOUND_SLACK, MZ_LIMIT, largest};

/// How many peaks a query has, and which columns count those in common.
#[derive(Debug)]
pub(super) struct PeakCounts {
    plan: BoundPlan,
    /// The query's peaks from each m/z on.
    from: Vec<u16>,
}

impl PeakCounts {
    /// The counts of ascending m/z below [`MZ_LIMIT`].
    pub(super) fn of(mz: impl Iterator<Item = u32> + Clone) -> Self {
        let mut from = vec![0; MZ_LIMIT as usize + 1];
        mz.clone().for_each(|mz| from[mz as usize] = 1);
        for mz in (0..MZ_LIMIT as usize).rev() {
            from[mz] += from[mz + 1];
        }
        Self { plan: BoundPlan::of_counts(mz), from }
    }

    /// Stein and Scott's composite, (N_U F_D + N_C F_R) / (N_U + N_C): a mean, so at most F_D where F_R is not above
    /// it, and else the larger the fewer N_U are. Where an upper end of the range takes peaks of the query away,
    /// it takes the same or fewer from those in common, so that N_C bounds N_U from below.
    fn composite(&self, squared_cosine: f64, ratio: f64, common: u16, beginning: Option<usize>) -> f64 {
        let query = beginning.map_or(common, |low| self.from[low].max(common));
        let (query, common) = (f64::from(query), f64::from(common));
        let squared_cosine = squared_cosine.min(1.0);
        if common < 2.0 || ratio <= squared_cosine {
            squared_cosine
        } else {
            (query * squared_cosine + common * ratio) / (query + common) * BOUND_SLACK
        }
    }
}

/// NIST's Identity, (n1 t1 + n2 t2) / (n1 + n2): a mean, so at most t1 where t2 is not above it, and else the larger
/// the fewer n1 and the more n2 are. `common` bounds n1 from above and, less the query's traces, from below; `pairs`
/// bounds n2, which is below n1, so that the mean is at most halfway.
fn identity(squared_cosine: f64, ratio: f64, common: u16, traces: u16, pairs: u16) -> f64 {
    let squared_cosine = squared_cosine.min(1.0);
    if ratio <= squared_cosine {
        return squared_cosine;
    }
    let pairs = f64::from(pairs.min(common.saturating_sub(1)));
    let common = f64::from(common.saturating_sub(traces)).max(1.0);
    let mean = (common * squared_cosine + pairs * ratio) / (common + pairs);
    mean.min(f64::midpoint(squared_cosine, ratio)) * BOUND_SLACK
}

/// A sum; 65535 stands for anything.
fn known(sum: u16) -> f64 {
    if sum == u16::MAX { f64::INFINITY } else { f64::from(sum) }
}

/// NIST's match factor of a similarity, before it is cut to a whole number.
fn match_factor(similarity: f64) -> f64 {
    (1_000.0 * similarity * BOUND_SLACK).min(999.0)
}

impl FlatChunk {
    /// Bounds of all rows that no rounding makes too low. All but the query's first tier of peaks is left to the blocks that are
    /// asked for.
    pub(crate) fn bounds<'a>(
        &'a self,
        fine: Option<FineLevels<'a>>,
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
        let ratios = if query.counts.is_some() { blocks } else { 0 };
        let ratios = (0..ratios).map(|_| OnceCell::new()).collect();
        let read = 1;
        let mut bounds =
            ChunkBounds { chunk: self, fine, query, tiers, sums, read, rests, ratios, blocks: Vec::new() };
        bounds.bound_blocks();
        bounds
    }
}

/// Where no more than one block in so many is left, its rows' bounds are made block by block: reading a block here
/// and there takes longer than reading all of them in their order.
const FEW_OPEN: usize = 10;

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
    fine: Option<FineLevels<'a>>,
    query: Arc<FlatQuery>,
    /// The columns of each tier of the query's peaks.
    tiers: Vec<TierColumns<'a>>,
    /// The sums over the tiers that were read.
    sums: Vec<[u16; BLOCK_ROWS]>,
    /// How many tiers were read of all blocks.
    read: usize,
    /// What the tiers behind each add to a sum at most, where the query's own tables do not hold.
    rests: Option<Vec<RestTable>>,
    /// For scores with a ratio term, made when a block is asked for, or when they are refined.
    ratios: Vec<OnceCell<RatioSums>>,
    blocks: Vec<f32>,
}

/// What a block's rows and a query have in common, for scores with a ratio term.
#[derive(Debug)]
struct RatioSums {
    /// The number of common peaks.
    common: [u16; BLOCK_ROWS],
    /// The sums of their ratios, where anything is known of these.
    pairs: Option<PairSums>,
}

impl RatioSums {
    /// Those of a score whose neighbours are all that follow on each other among the common peaks.
    fn of_chains(chains: &RatioChains) -> Self {
        let counts = chains.common.map(|common| common.saturating_sub(1));
        let weights = counts.map(|pairs| pairs.saturating_mul(ChainPlan::PAIR_WEIGHT));
        let pairs = PairSums { bounds: ChainPlan::of_all_pairs(chains), weights, counts };
        Self { common: chains.common, pairs: Some(pairs) }
    }
}

impl ChunkBounds<'_> {
    /// What a sum stands for, where nothing is taken from the norms.
    fn scale(&self) -> f64 {
        self.query.plan.unit() * BOUND_SLACK
    }

    fn bound_blocks(&mut self) {
        let largest = run_with(self.query.instructions, LargestSums(&self.sums));
        self.blocks = largest
            .into_iter()
            .enumerate()
            .map(|(block, sum)| self.block_bound(block, sum, self.read))
            .collect();
        for row in &self.chunk.unknown {
            self.blocks[row / BLOCK_ROWS] = f32::INFINITY;
        }
    }

    /// A block's bound takes the largest sum over so many tiers and the largest norm of its rows, and 1 for their ratios.
    fn block_bound(&self, block: usize, largest: u16, read: usize) -> f32 {
        let rests = self.rests.as_ref().unwrap_or(&self.query.rests);
        let sum = known(largest) + rests[read - 1].rest(largest);
        self.finished(sum, self.largest_factor(block), |squared| self.with_any_ratio(squared))
    }

    fn largest_factor(&self, block: usize) -> f64 {
        match (&self.chunk.norms, &self.query.norms) {
            (Some(norms), Some(query)) if self.chunk.score.is_reverse() => {
                norms.largest_row_factor(block, query)
            }
            (Some(norms), Some(query)) => norms.largest_factor(block, query),
            _ => 1.0,
        }
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
        let factor = self.largest_factor(block);
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
        if let Some(rows) = self.ratio_rows(block, sums, threshold)
            && !self.has_unknown(block)
        {
            return run_with(self.query.instructions, rows);
        }
        let least = self.least_sum(block, threshold);
        sums.iter().rev().fold(0, |open, &sum| open << 1 | u64::from(sum >= least))
    }

    /// The same for scores with a ratio term of which something is known.
    fn ratio_rows<'b>(
        &'b self,
        block: usize,
        sums: &'b [u16; BLOCK_ROWS],
        threshold: f64,
    ) -> Option<RatioRows<'b>> {
        let counts = self.query.counts.as_ref()?;
        let RatioSums { common, pairs } = self.ratio_sums(block);
        let (norms, query) = (self.chunk.norms.as_ref()?, self.query.norms.as_ref()?);
        let factor = self.largest_factor(block);
        let are_squares = self.chunk.score.is_reverse();
        let scale = self.scale() * if are_squares { factor * factor } else { factor };
        let (rule, threshold) = match self.chunk.score {
            FlatScore::Composite => {
                let query_peaks = norms.last_beginning(block, query).map_or(0, |low| counts.from[low]);
                (MeanRule::Composite { query_peaks }, threshold)
            }
            _ => (MeanRule::Identity { traces: self.query.traces }, threshold / 1_000.0),
        };
        Some(RatioRows { sums, scale, are_squares, common, pairs: pairs.as_ref()?, rule, threshold })
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
        self.finished(known(sum), factor, |squared| {
            let common = self.ratio_sums(row / BLOCK_ROWS).common[row % BLOCK_ROWS];
            self.with_ratio(squared, row, common)
        })
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

    fn ratio_sums(&self, block: usize) -> &RatioSums {
        self.ratios[block].get_or_init(|| self.new_ratio_sums(block..block + 1).remove(0))
    }

    fn new_ratio_sums(&self, blocks: Range<usize>) -> Vec<RatioSums> {
        let (levels, instructions) = (&self.chunk.levels, self.query.instructions);
        if let (Some(RatioBounds::Chain(plan)), Some(fine)) = (&self.query.ratios, self.fine) {
            let chains = levels.ratio_chains(plan, fine, blocks, instructions);
            return chains.iter().map(RatioSums::of_chains).collect();
        }
        let mut common = vec![[0; BLOCK_ROWS]; blocks.len()];
        if let Some(counts) = &self.query.counts {
            for groups in counts.plan.tiers() {
                levels.columns(groups).add_sums(blocks.start, instructions, &mut common);
            }
        }
        match &self.query.ratios {
            Some(RatioBounds::Pairs(plan)) => {
                let pairs = levels.ratio_sums(plan, self.chunk.lone_peaks.as_ref(), blocks, instructions);
                let sums = |(common, pairs)| RatioSums { common, pairs: Some(pairs) };
                common.into_iter().zip(pairs).map(sums).collect()
            }
            _ => common.into_iter().map(|common| RatioSums { common, pairs: None }).collect(),
        }
    }

    /// A closer bound from the row's values, or one below the threshold; `bound` where they say nothing more.
    pub(crate) fn closer(&self, row: usize, values: &[u8], bound: f32, threshold: f64) -> f32 {
        if values.is_empty() || self.chunk.unknown.binary_search(&row).is_ok() {
            return bound;
        }
        let close = &self.query.close;
        let (Some(norms), Some(query)) = (&self.chunk.norms, &self.query.norms) else {
            let Some(close) = &self.query.close_entropy else { return bound };
            let similarity = run_with(self.query.instructions, close.with(values));
            return rounded_up(similarity * BOUND_SLACK);
        };
        let Some((low, high)) = norms.range(row, query) else { return bound };
        let peaks = peaks_within(values, low, high);
        let sums = close.products(peaks, self.query.instructions);
        let share_of_query = if self.chunk.score.is_reverse() {
            close.common_square(peaks)
        } else {
            query.share_within(low, high)
        };
        let Some(cosine) = sums.cosine(share_of_query) else { return bound };
        let cosine = cosine * BOUND_SLACK;
        let Some(rule) = close.rule() else {
            return rounded_up(match self.chunk.score {
                FlatScore::SimpleMatchFactor | FlatScore::SimpleReverseMatchFactor => {
                    match_factor(cosine * cosine)
                }
                _ => cosine,
            });
        };
        // First with what the levels say of the ratios.
        let common = u16::try_from(sums.common).unwrap_or(u16::MAX);
        let bound = self.with_ratio(cosine * cosine * BOUND_SLACK, row, common);
        if f64::from(bound) < threshold {
            return bound;
        }
        self.finished_closely(cosine * cosine, close.ratio(rule, peaks), close.peaks_within(low, high))
    }

    /// The bound that follows from a squared cosine, the ratio term and the number of the query's peaks.
    fn finished_closely(&self, squared: f64, term: CloseRatio, query_peaks: u16) -> f32 {
        let squared = (squared * BOUND_SLACK).min(1.0);
        let (common, pairs) = (f64::from(term.common), f64::from(term.pairs));
        let mean = |own: f64, pairs: f64| (own * squared + pairs * term.ratio) / (own + pairs) * BOUND_SLACK;
        rounded_up(match self.chunk.score {
            FlatScore::Identity | FlatScore::IdentityReverse if term.common > 0 => {
                match_factor(mean(common, pairs))
            }
            FlatScore::Identity | FlatScore::IdentityReverse => match_factor(squared),
            _ if term.common > 1 => mean(f64::from(query_peaks), common),
            _ => squared,
        })
    }

    /// Where the row begins, for the number of the query's peaks from there on.
    fn beginning(&self, row: usize) -> Option<usize> {
        let (norms, query) = (self.chunk.norms.as_ref()?, self.query.norms.as_ref()?);
        norms.beginning(row, query)
    }

    /// The ratio term, and how many pairs it may count.
    #[inline]
    fn ratio(&self, row: usize, common: u16) -> (f64, u16) {
        let Some(sums) = &self.ratio_sums(row / BLOCK_ROWS).pairs else { return (1.0, u16::MAX) };
        let row = row % BLOCK_ROWS;
        let (sum, weight) = (sums.bounds[row], sums.weights[row]);
        let mean = match self.chunk.score {
            // The mean over all neighbours, which weigh the same; those that are not certain count as 1.
            FlatScore::Composite if common > 1 => {
                let all = f64::from(common - 1) * f64::from(ChainPlan::PAIR_WEIGHT);
                ((f64::from(sum) + (all - f64::from(weight))) / all).min(1.0)
            }
            _ => RatioPlan::mean(sum, weight),
        };
        (mean, sums.counts[row])
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
        let squared =
            if self.chunk.score.is_reverse() { value * factor } else { value * value * BOUND_SLACK };
        match self.chunk.score {
            FlatScore::SimpleMatchFactor | FlatScore::SimpleReverseMatchFactor => {
                rounded_up(match_factor(squared))
            }
            FlatScore::Composite | FlatScore::Identity | FlatScore::IdentityReverse => with_ratio(squared),
            FlatScore::Cosine | FlatScore::Entropy => rounded_up(value),
        }
    }

    /// The bound that follows from a squared cosine with what the levels say of the ratios.
    fn with_ratio(&self, squared: f64, row: usize, common: u16) -> f32 {
        let (ratio, pairs) = self.ratio(row, common);
        let ratio = ratio * BOUND_SLACK;
        rounded_up(match &self.query.counts {
            Some(counts) if self.chunk.score == FlatScore::Composite => {
                counts.composite(squared, ratio, common, self.beginning(row))
            }
            _ => match_factor(identity(squared, ratio, common, self.query.traces, pairs)),
        })
    }
}

impl BlockBounds for ChunkBounds<'_> {
    fn rows(&self) -> usize {
        self.chunk.levels.rows()
    }

    fn blocks(&self) -> &[f32] {
        &self.blocks
    }

    fn refine(&mut self, threshold: f64) {
        while self.has_many_open(threshold) && self.read < self.tiers.len() {
            self.tiers[self.read].add_sums(0, self.query.instructions, &mut self.sums);
            self.read += 1;
            self.bound_blocks();
        }
        if self.has_many_open(threshold) && !self.ratios.is_empty() {
            self.ratios = self.new_ratio_sums(0..self.blocks.len()).into_iter().map(OnceCell::from).collect();
        }
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
