//! A flat scan over all spectra at unit mass.

use std::sync::Arc;

use probity_kernels::{InstructionSet, PairSums};

use super::best_first::{BlockBounds, rounded_up};
use super::bound_plan::BoundPlan;
use super::close_row::{CloseQuery, CloseRatio, RatioRule, peaks_within};
use super::level_chunk::LevelChunk;
use super::level_edges::{LevelEdges, ValueHistogram};
use super::pair_score::PairScore;
use super::ratio_plan::{RatioPair, RatioPlan};
use super::retained_norms::{QueryNorms, RetainedNorms, RowNorms};
use super::{BLOCK_ROWS, BOUND_SLACK, MZ_LIMIT, PEAKS_LIMIT};
use crate::stored::{Columns, Stored, put_number, put_rows};

/// The score that is bounded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FlatScore {
    /// A sum of products of values over common peaks, divided by what the pair's range leaves of both
    /// norms.
    Cosine,
    /// NIST's Simple match factor: the squared cosine times 1000, at most 999.
    SimpleMatchFactor,
    /// Stein and Scott's composite of the squared cosine and the mean ratio of neighbouring common peaks.
    Composite,
    /// NIST's Identity match factor: the mean of the squared cosine and a mean ratio, weighted by their numbers,
    /// times 1000, at most 999.
    Identity,
    /// NIST's Simple reverse match factor: of the query's norm only what is in common peaks counts.
    SimpleReverseMatchFactor,
    /// NIST's Identity reverse match factor, likewise.
    IdentityReverse,
    /// A sum of ½ [f(a + b) − f(a) − f(b)], f(x) = x log₂ x: the entropy similarity.
    Entropy,
}

/// A library's spectrum as the index takes it.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct FlatRow {
    /// m/z and value of each peak, ascending, values from 0 to 1: for a cosine the share of the norm, for
    /// the entropy similarity the weight.
    pub(crate) values: Vec<(u32, f64)>,
    /// For a cosine: how the norm depends on the pair.
    pub(crate) norms: Option<RowNorms>,
    /// Of a query: the pairs of peaks that a ratio term may count, and the power of their ratios.
    pub(crate) ratios: Option<(Vec<RatioPair>, f64)>,
    /// Of a query: how many of the values belong to peaks that count only beside a larger one.
    pub(crate) traces: u16,
    /// Whether the score takes peaks into account that are not among the values, so that nothing can be
    /// concluded from these.
    pub(crate) has_other_peaks: bool,
}

impl FlatRow {
    /// A row of a cosine: the weights that make products, and those that make the norm.
    pub(crate) fn of_cosine(weights: impl Iterator<Item = (u32, f64)>, norms: RowNorms) -> Self {
        let norm = norms.square().sqrt();
        let values = weights.map(|(mz, weight)| (mz, weight / norm)).collect();
        Self { values, norms: Some(norms), ratios: None, traces: 0, has_other_peaks: false }
    }

    pub(super) fn can_be_indexed(&self) -> bool {
        !self.has_other_peaks
            && self.values.len() <= PEAKS_LIMIT
            && self.values.iter().all(|(_, value)| value.is_finite())
    }
}

/// What the levels of all chunks have in common.
#[derive(Debug)]
pub(crate) struct FlatIndex {
    score: FlatScore,
    edges: LevelEdges,
}

/// The levels of up to [`CHUNK_ROWS`](super::CHUNK_ROWS) rows. A row is `None` where nothing can be compared.
#[derive(Debug)]
pub(crate) struct FlatChunk {
    score: FlatScore,
    levels: LevelChunk,
    norms: Option<RetainedNorms>,
    /// Rows of which the levels say nothing.
    unknown: Vec<usize>,
}

/// A query's part in the bounds.
#[derive(Debug)]
pub(crate) struct FlatQuery {
    plan: BoundPlan,
    norms: Option<QueryNorms>,
    /// For scores with a ratio term.
    counts: Option<PeakCounts>,
    /// The same; `None` if nothing is known of the term but that it is at most 1.
    ratios: Option<RatioPlan>,
    /// How many of the query's peaks count only beside a larger one.
    traces: u16,
    close: CloseQuery,
    instructions: InstructionSet,
}

impl FlatChunk {
    fn of(score: FlatScore, rows: &[Option<FlatRow>], edges: &LevelEdges) -> Self {
        let known = |row: &Option<FlatRow>| row.clone().filter(FlatRow::can_be_indexed).unwrap_or_default();
        let unknown = |row: &Option<FlatRow>| row.as_ref().is_some_and(|row| !row.can_be_indexed());
        let unknown = (0..rows.len()).filter(|&row| unknown(&rows[row])).collect();
        let (mut values, mut norms) = (Vec::with_capacity(rows.len()), Vec::with_capacity(rows.len()));
        for row in rows.iter().map(known) {
            values.push(row.values);
            norms.push(row.norms.unwrap_or_default());
        }
        Self {
            score,
            levels: LevelChunk::of(&values, edges),
            norms: (score != FlatScore::Entropy).then(|| RetainedNorms::of(&norms)),
            unknown,
        }
    }
}

/// How often the values of some rows occur.
pub(crate) fn histogram(rows: &[Option<FlatRow>]) -> ValueHistogram {
    let mut histogram = ValueHistogram::default();
    let known = rows.iter().flatten().filter(|row| row.can_be_indexed());
    known.flat_map(|row| &row.values).filter(|(_, value)| *value > 0.0).for_each(|(_, value)| {
        histogram.count(*value);
    });
    histogram
}

/// The edges that fit a score and the values of a library.
pub(crate) fn edges(score: FlatScore, histogram: &ValueHistogram) -> LevelEdges {
    match score {
        FlatScore::Composite | FlatScore::Identity | FlatScore::IdentityReverse => {
            LevelEdges::even(histogram)
        }
        FlatScore::Cosine | FlatScore::SimpleMatchFactor | FlatScore::SimpleReverseMatchFactor => {
            LevelEdges::of(histogram, true)
        }
        FlatScore::Entropy => LevelEdges::of(histogram, false),
    }
}

impl FlatIndex {
    /// The index of a score, whose levels have these edges.
    pub(crate) fn of(score: FlatScore, edges: LevelEdges) -> Self {
        Self { score, edges }
    }

    /// The edges of the levels.
    pub(crate) fn edges(&self) -> &LevelEdges {
        &self.edges
    }

    /// The chunk of some rows.
    pub(crate) fn chunk(&self, rows: &[Option<FlatRow>]) -> FlatChunk {
        FlatChunk::of(self.score, rows, &self.edges)
    }

    /// A chunk as it was stored; `None` if it contradicts itself or is of another score.
    pub(crate) fn stored_chunk(&self, bytes: &[u8]) -> Option<FlatChunk> {
        FlatChunk::read_whole(bytes).filter(|chunk| {
            chunk.score == self.score && chunk.norms.is_some() == (self.score != FlatScore::Entropy)
        })
    }

    /// A query's part in the bounds; `None` if nothing can be concluded for it, so that every row must be
    /// scored.
    pub(crate) fn query(&self, row: &FlatRow, instructions: InstructionSet) -> Option<FlatQuery> {
        let mut values = row.values.iter().filter(|(_, value)| *value > 0.0);
        if !row.can_be_indexed() || values.clone().any(|(mz, _)| *mz >= MZ_LIMIT) {
            return None;
        }
        let norms = match (self.score, &row.norms) {
            (FlatScore::Entropy, _) => None,
            (_, Some(norms)) => Some(QueryNorms::of(norms)?),
            (_, None) => return None,
        };
        let edges = self.edges.values();
        let pair_score =
            if self.score == FlatScore::Entropy { PairScore::Entropy } else { PairScore::Cosine };
        let bounds = |value: f64| {
            edges
                .map(|edge| if self.score.is_reverse() { edge * edge } else { pair_score.bound(value, edge) })
        };
        let counts = self.score.has_ratios().then(|| PeakCounts::of(values.clone().map(|(mz, _)| *mz)));
        let ratios = match &row.ratios {
            Some((pairs, power)) if self.score.has_ratios() => RatioPlan::of(pairs, *power, &self.edges),
            _ => None,
        };
        let close = CloseQuery::of(row, self.score.ratio_rule(row.ratios.as_ref().map(|(_, power)| *power)));
        let terms: Vec<(u32, [f64; 16])> = values.by_ref().map(|&(mz, value)| (mz, bounds(value))).collect();
        Some(FlatQuery {
            plan: BoundPlan::of(&terms),
            norms,
            counts,
            ratios,
            traces: row.traces,
            close,
            instructions,
        })
    }
}

/// How many peaks a query has, and which columns count those in common.
#[derive(Debug)]
struct PeakCounts {
    plan: BoundPlan,
    /// The query's peaks from each m/z on.
    from: Vec<u16>,
}

impl PeakCounts {
    /// The counts of ascending m/z below [`MZ_LIMIT`].
    fn of(mz: impl Iterator<Item = u32> + Clone) -> Self {
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
/// bounds n2, which is below n1.
fn identity(squared_cosine: f64, ratio: f64, common: u16, traces: u16, pairs: u16) -> f64 {
    let squared_cosine = squared_cosine.min(1.0);
    if ratio <= squared_cosine {
        return squared_cosine;
    }
    let pairs = f64::from(pairs.min(common.saturating_sub(1)));
    let common = f64::from(common.saturating_sub(traces)).max(1.0);
    (common * squared_cosine + pairs * ratio) / (common + pairs) * BOUND_SLACK
}

/// NIST's match factor of a similarity, before it is cut to a whole number.
fn match_factor(similarity: f64) -> f64 {
    (1_000.0 * similarity * BOUND_SLACK).min(999.0)
}

impl FlatChunk {
    /// Bounds of all rows that no rounding makes too low.
    pub(crate) fn bounds(&self, query: Arc<FlatQuery>) -> ChunkBounds<'_> {
        let sums = self.levels.sums(&query.plan, query.instructions);
        let common = query.counts.as_ref().map(|counts| self.levels.sums(&counts.plan, query.instructions));
        let ratios = query.ratios.as_ref().map(|plan| self.levels.ratio_sums(plan, query.instructions));
        let mut bounds = ChunkBounds { chunk: self, query, sums, common, ratios, blocks: Vec::new() };
        bounds.blocks =
            (0..self.levels.rows().div_ceil(BLOCK_ROWS)).map(|block| bounds.block_bound(block)).collect();
        for row in &self.unknown {
            bounds.blocks[row / BLOCK_ROWS] = f32::INFINITY;
        }
        bounds
    }
}

impl FlatScore {
    /// In the order of their numbers in stored chunks.
    const ALL: [Self; 7] = [
        Self::Cosine,
        Self::SimpleMatchFactor,
        Self::Composite,
        Self::Entropy,
        Self::Identity,
        Self::SimpleReverseMatchFactor,
        Self::IdentityReverse,
    ];

    /// Whether only common peaks count of the query. A squared cosine is then at most the share of the row's squared
    /// norm that is in common peaks (Cauchy and Schwarz), which the levels bound.
    fn is_reverse(self) -> bool {
        matches!(self, Self::SimpleReverseMatchFactor | Self::IdentityReverse)
    }

    /// Whether the score has a ratio term.
    fn has_ratios(self) -> bool {
        matches!(self, Self::Composite | Self::Identity | Self::IdentityReverse)
    }

    /// How its ratio term comes about, with the power of its ratios where anything is known of them.
    fn ratio_rule(self, power: Option<f64>) -> Option<RatioRule> {
        let power = power.filter(|&power| power >= 1.0).map(|power| if power >= 2.0 { 2 } else { 1 });
        match self {
            Self::Composite => Some(RatioRule { power, lone_peaks_part: false, weighs_by_mz: false }),
            Self::Identity | Self::IdentityReverse => {
                Some(RatioRule { power, lone_peaks_part: true, weighs_by_mz: true })
            }
            _ => None,
        }
    }
}

impl Stored for FlatChunk {
    fn write(&self, bytes: &mut Vec<u8>) {
        let number = FlatScore::ALL.iter().position(|score| *score == self.score);
        put_number(bytes, number.unwrap_or(FlatScore::ALL.len()));
        self.levels.write(bytes);
        put_rows(bytes, &self.unknown);
        if let Some(norms) = &self.norms {
            norms.write(bytes);
        }
    }

    fn read(columns: &mut Columns<'_>) -> Option<Self> {
        let score = *FlatScore::ALL.get(columns.number()?)?;
        let levels = LevelChunk::read(columns)?;
        let unknown = columns.rows_below(levels.rows())?;
        let norms = match score {
            FlatScore::Entropy => None,
            _ => Some(RetainedNorms::read(columns).filter(|norms| norms.rows() == levels.rows())?),
        };
        Some(Self { score, levels, norms, unknown })
    }
}

/// The bounds of a chunk's rows for one query.
#[derive(Debug)]
pub(crate) struct ChunkBounds<'a> {
    chunk: &'a FlatChunk,
    query: Arc<FlatQuery>,
    sums: Vec<u16>,
    /// The number of peaks in common, for scores with a ratio term.
    common: Option<Vec<u16>>,
    /// The sums of the ratios.
    ratios: Option<Vec<PairSums>>,
    blocks: Vec<f32>,
}

impl ChunkBounds<'_> {
    /// What a sum stands for, where nothing is taken from the norms.
    fn scale(&self) -> f64 {
        self.query.plan.unit() * BOUND_SLACK
    }

    fn block_bound(&self, block: usize) -> f32 {
        let rows = block * BLOCK_ROWS..((block + 1) * BLOCK_ROWS).min(self.chunk.levels.rows());
        let largest = |numbers: &[u16]| numbers[rows.clone()].iter().copied().max().unwrap_or(0);
        let sum = largest(&self.sums);
        let factor = match (&self.chunk.norms, &self.query.norms) {
            (Some(norms), Some(query)) if self.chunk.score.is_reverse() => {
                norms.largest_row_factor(block, query)
            }
            (Some(norms), Some(query)) => norms.largest_factor(block, query),
            _ => 1.0,
        };
        if self.query.counts.is_none() {
            return self.finished(sum, factor, 0, None);
        }
        // The ratio term and the numbers of peaks are those of each row.
        rows.map(|row| self.finished(sum, factor, row, self.beginning(row))).fold(0.0, f32::max)
    }

    fn row_bound(&self, row: usize) -> f32 {
        if self.chunk.unknown.binary_search(&row).is_ok() {
            return f32::INFINITY;
        }
        let factor = match (&self.chunk.norms, &self.query.norms) {
            (Some(norms), Some(query)) if self.chunk.score.is_reverse() => norms.row_factor(row, query),
            (Some(norms), Some(query)) => norms.factor(row, query),
            _ => 1.0,
        };
        self.finished(self.sums[row], factor, row, self.beginning(row))
    }

    /// A closer bound from the row's values, or one below the threshold; `bound` where they say nothing more.
    pub(crate) fn closer(&self, row: usize, values: &[u8], bound: f32, threshold: f64) -> f32 {
        if values.is_empty() || self.chunk.unknown.binary_search(&row).is_ok() {
            return bound;
        }
        let close = &self.query.close;
        let (Some(norms), Some(query)) = (&self.chunk.norms, &self.query.norms) else {
            return rounded_up(close.entropy(values) * BOUND_SLACK);
        };
        let Some((low, high)) = norms.range(row, query) else { return bound };
        let peaks = peaks_within(values, low, high);
        let sums = close.products(peaks);
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
        let bound = self.with_ratio(cosine * cosine * BOUND_SLACK, row, common, self.beginning(row));
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
        let (Some(sums), Some(plan)) = (&self.ratios, &self.query.ratios) else { return (1.0, u16::MAX) };
        let (sums, row) = (&sums[row / BLOCK_ROWS], row % BLOCK_ROWS);
        let (sum, weight) = (sums.bounds[row], sums.weights[row]);
        let mean = match self.chunk.score {
            // The mean over all neighbours, which weigh the same; those that are not certain count as 1.
            FlatScore::Composite if common > 1 => {
                let all = f64::from(common - 1) * plan.first_weight();
                ((f64::from(sum) + (all - f64::from(weight))) / all).min(1.0)
            }
            _ => RatioPlan::mean(sum, weight),
        };
        (mean, sums.counts[row])
    }

    /// The bound: 0 exactly where there is no peak in common, infinite where nothing is known.
    fn finished(&self, sum: u16, factor: f64, row: usize, beginning: Option<usize>) -> f32 {
        if sum == 0 {
            return 0.0;
        }
        let value = f64::from(sum) * (self.scale() * factor);
        // Of a reverse score the sum is of squares.
        let squared =
            if self.chunk.score.is_reverse() { value * factor } else { value * value * BOUND_SLACK };
        match (self.chunk.score, &self.common) {
            (FlatScore::SimpleMatchFactor | FlatScore::SimpleReverseMatchFactor, _) => {
                rounded_up(match_factor(squared))
            }
            (FlatScore::Composite | FlatScore::Identity | FlatScore::IdentityReverse, Some(common)) => {
                self.with_ratio(squared, row, common[row], beginning)
            }
            _ => rounded_up(value),
        }
    }

    /// The bound that follows from a squared cosine with what the levels say of the ratios.
    fn with_ratio(&self, squared: f64, row: usize, common: u16, beginning: Option<usize>) -> f32 {
        let (ratio, pairs) = self.ratio(row, common);
        let ratio = ratio * BOUND_SLACK;
        rounded_up(match &self.query.counts {
            Some(counts) if self.chunk.score == FlatScore::Composite => {
                counts.composite(squared, ratio, common, beginning)
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

    fn for_each_row(&self, block: usize, visit: &mut dyn FnMut(usize, f32)) {
        for row in block * BLOCK_ROWS..((block + 1) * BLOCK_ROWS).min(self.rows()) {
            visit(row, self.row_bound(row));
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::{CHUNK_ROWS, Judge, propose_best_first};
    use super::*;
    use crate::error::Result;
    use crate::similarity::common_range::CommonRange;

    type Weights = Vec<(u32, f64)>;

    /// A library whose bounds are multiplied by something.
    struct Scaled<'a>(ChunkBounds<'a>, f64);

    impl BlockBounds for Scaled<'_> {
        fn rows(&self) -> usize {
            self.0.rows()
        }

        fn blocks(&self) -> &[f32] {
            &self.0.blocks
        }

        fn for_each_row(&self, block: usize, visit: &mut dyn FnMut(usize, f32)) {
            self.0.for_each_row(block, &mut |row, bound| visit(row, (f64::from(bound) * self.1) as f32));
        }
    }

    /// Keeps the best, ties by row.
    struct TestJudge<'a> {
        scores: &'a [f64],
        wanted: usize,
        best: Vec<(f64, usize)>,
    }

    impl Judge for TestJudge<'_> {
        fn judge(&mut self, row: usize) -> Result<()> {
            if self.scores[row] > 0.0 {
                self.best.push((self.scores[row], row));
            }
            self.best.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
            self.best.truncate(self.wanted);
            Ok(())
        }

        fn threshold(&self) -> f64 {
            match self.best.get(self.wanted - 1) {
                Some(last) => last.0,
                None => f64::NEG_INFINITY,
            }
        }
    }

    fn row(weights: &Weights) -> FlatRow {
        let norms = RowNorms { range: CommonRange::EVERYTHING, weights: weights.clone() };
        FlatRow::of_cosine(weights.iter().copied(), norms)
    }

    fn cosine(a: &Weights, b: &Weights) -> f64 {
        let dot = |a: &Weights, b: &Weights| -> f64 {
            let other = |mz: u32| b.iter().find(|peak| peak.0 == mz).map_or(0.0, |peak| peak.1);
            a.iter().map(|&(mz, weight)| weight * other(mz)).sum()
        };
        let norms = dot(a, a).sqrt() * dot(b, b).sqrt();
        if norms > 0.0 { (dot(a, b) / norms).min(1.0) } else { 0.0 }
    }

    /// The best rows by the index, its bounds multiplied by `factor`, and by looking at all. Of the rows
    /// from `unknown` on the index knows nothing.
    fn searched(
        library: &[Weights],
        unknown: usize,
        query: &Weights,
        wanted: usize,
        factor: f64,
        instructions: InstructionSet,
    ) -> [Vec<(f64, usize)>; 2] {
        let flat_row = |(number, weights): (usize, &Weights)| {
            Some(FlatRow { has_other_peaks: number >= unknown, ..row(weights) })
        };
        let rows: Vec<Option<FlatRow>> = library.iter().enumerate().map(flat_row).collect();
        let edges = edges(FlatScore::Cosine, &histogram(&rows));
        // Chunks of any length will do.
        let index = FlatIndex::of(FlatScore::Cosine, edges);
        let chunks: Vec<FlatChunk> = rows.chunks(CHUNK_ROWS.min(100)).map(|rows| index.chunk(rows)).collect();
        let scores: Vec<f64> = library.iter().map(|weights| cosine(query, weights)).collect();
        let mut all = TestJudge { scores: &scores, wanted, best: Vec::new() };
        (0..library.len()).for_each(|row| all.judge(row).unwrap());
        let mut judge = TestJudge { scores: &scores, wanted, best: Vec::new() };
        match index.query(&row(query), instructions) {
            Some(query) => {
                let query = Arc::new(query);
                let bounds: Vec<Scaled<'_>> =
                    chunks.iter().map(|chunk| Scaled(chunk.bounds(Arc::clone(&query)), factor)).collect();
                propose_best_first(&bounds, wanted, &mut judge).unwrap();
            }
            None => (0..library.len()).for_each(|row| judge.judge(row).unwrap()),
        }
        [judge.best, all.best]
    }

    fn any_weights() -> impl Strategy<Value = Weights> {
        let weight = prop_oneof![1.0_f64..1_000.0, Just(1.0), Just(999.0), 1e-6_f64..1e-3];
        prop::collection::btree_map(40_u32..70, weight, 0..12).prop_map(|peaks| peaks.into_iter().collect())
    }

    proptest! {
        #[test]
        fn the_best_of_the_index_are_the_best_of_all(
            library in prop::collection::vec(any_weights(), 0..250),
            query in any_weights(),
            wanted in 1_usize..20,
            unknown in 0_usize..1_000,
        ) {
            for instructions in [InstructionSet::Portable, InstructionSet::detected()] {
                let [found, expected] = searched(&library, unknown, &query, wanted, 1.0, instructions);
                prop_assert_eq!(found, expected);
            }
        }
    }

    /// A mutation that must be seen: were a bound only 2⁻²⁰ too low, the first of equal spectra would be lost.
    /// Where a spectrum has one peak, its level is exact, so that the bound has nothing to spare. The last
    /// row, of which nothing is known, is looked at first.
    #[test]
    fn a_bound_rounded_down_is_noticed() {
        let library = vec![vec![(58, 7.0)]; 300];
        let query = vec![(58, 3.0)];
        let found = |factor: f64| searched(&library, 299, &query, 1, factor, InstructionSet::detected());
        let [right, expected] = found(1.0);
        assert_eq!((&right, expected[0].1), (&expected, 0));
        for bits in [1, 10, 20] {
            let [wrong, expected] = found(1.0 - 1.0 / f64::from(1_u32 << bits));
            assert_ne!(wrong, expected, "a bound 2^-{bits} below the score went unnoticed");
        }
    }
}
