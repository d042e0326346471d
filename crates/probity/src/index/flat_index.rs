//! A flat scan over all spectra at unit mass.

use std::ops::Range;

use probity_kernels::InstructionSet;

use super::bound_plan::{BoundPlan, BoundTerm};
use super::close_entropy::CloseEntropy;
use super::close_row::{CloseQuery, RatioRule};
use super::gain_plan::GainPlan;
use super::level_chunk::LevelChunk;
use super::level_edges::{LevelEdges, ValueHistogram};
use super::pair_score::PairScore;
use super::peak_bits::PeakBits;
use super::peak_counts::PeakCounts;
use super::ratio_levels::{RatioLevels, ratio_levels};
use super::ratio_plan::{RatioPair, RatioPlan};
use super::rest_table::{RestTable, SomePeaks};
use super::retained_norms::{QueryNorms, RetainedNorms, RowNorms};
use super::{BEHIND_TIERS, MZ_LIMIT, PEAKS_LIMIT};
use crate::stored::{Columns, Stored, put_f64s, put_number, put_rows};

/// The rows of most chunks have totals of 1 but for rounding, or for some traces.
pub(super) const USUAL_TOTAL: f64 = 1.0 + 1.0 / 1_024.0;

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
    /// Of a query: the power of the ratios that a ratio term counts; `None` if nothing is known of them.
    pub(crate) ratio_power: Option<f64>,
    /// Of a query whose neighbours lone peaks part: the pairs of peaks that the ratio term may count.
    pub(crate) pairs: Vec<RatioPair>,
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
        Self { values, norms: Some(norms), ..Self::default() }
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
    pub(super) score: FlatScore,
    pub(super) levels: LevelChunk,
    pub(super) norms: Option<RetainedNorms>,
    /// Where each row has more than traces, for scores whose neighbours lone peaks part.
    pub(super) peaks: Option<PeakBits>,
    /// The largest sum of a row's values, of their squares for a cosine: about 1.
    pub(super) largest_total: f64,
    /// Rows of which the levels say nothing.
    pub(super) unknown: Vec<usize>,
}

/// A query's part in the bounds.
#[derive(Debug)]
pub(crate) struct FlatQuery {
    pub(super) plan: BoundPlan,
    /// For each tier of the plan the peaks up to its end, and those behind it.
    pub(super) tiers: Vec<(SomePeaks, SomePeaks)>,
    /// For each tier what those behind it add, where no row's total is above [`USUAL_TOTAL`].
    pub(super) rests: Vec<RestTable>,
    pub(super) norms: Option<QueryNorms>,
    /// For scores with a ratio term.
    pub(super) counts: Option<PeakCounts>,
    /// The same; `None` if nothing is known of the term but that it is at most 1.
    pub(super) ratios: Option<RatioBounds>,
    /// How many of the query's peaks count only beside a larger one.
    pub(super) traces: u16,
    pub(super) close: CloseQuery,
    /// For the entropy similarity.
    pub(super) close_entropy: Option<CloseEntropy>,
    pub(super) instructions: InstructionSet,
}

/// A query's part in the bounds of a ratio term.
#[derive(Debug)]
pub(super) enum RatioBounds {
    /// Of a score whose neighbours lone peaks part.
    Pairs(RatioPlan),
    /// Of one whose neighbours are all that follow on each other among the common peaks.
    Gains(GainPlan),
}

impl FlatChunk {
    fn of(score: FlatScore, rows: &[Option<FlatRow>], edges: &LevelEdges) -> Self {
        let (nothing, everything) = (FlatRow::default(), RowNorms::default());
        let unknown = |row: &Option<FlatRow>| row.as_ref().is_some_and(|row| !row.can_be_indexed());
        let unknown = (0..rows.len()).filter(|&row| unknown(&rows[row])).collect();
        let known = rows.iter().map(|row| row.as_ref().filter(|row| row.can_be_indexed()));
        let rows: Vec<&FlatRow> = known.map(|row| row.unwrap_or(&nothing)).collect();
        let totals = |row: &&FlatRow| -> f64 {
            row.values.iter().map(|(_, value)| score.pair_score().total(*value)).sum()
        };
        let largest_total = rows.iter().map(totals).fold(0.0, f64::max);
        let values: Vec<&[(u32, f64)]> = rows.iter().map(|row| &row.values[..]).collect();
        let norms: Vec<&RowNorms> =
            rows.iter().map(|row| row.norms.as_ref().unwrap_or(&everything)).collect();
        let peaks = score
            .lone_peaks_part()
            .then(|| PeakBits::of(rows.len(), |row| norms[row].weights.iter().map(|(mz, _)| *mz)));
        Self {
            score,
            levels: LevelChunk::of(&values, edges),
            peaks,
            norms: (score != FlatScore::Entropy).then(|| RetainedNorms::of(&norms)),
            largest_total,
            unknown,
        }
    }
}

impl FlatChunk {
    /// The stored bytes of [`FlatIndex::ratio_levels`] of this chunk; `None` if they are not its own. Of a score that has no such
    /// there are no bytes.
    pub(crate) fn stored_ratio_levels<'a>(&self, bytes: &'a [u8]) -> Option<Option<RatioLevels<'a>>> {
        match (self.score, bytes) {
            (FlatScore::Composite, _) => RatioLevels::of(bytes, &self.levels).map(Some),
            (_, []) => Some(None),
            _ => None,
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
        FlatScore::Identity | FlatScore::IdentityReverse => LevelEdges::even(histogram),
        FlatScore::Cosine
        | FlatScore::Composite
        | FlatScore::SimpleMatchFactor
        | FlatScore::SimpleReverseMatchFactor => LevelEdges::of(histogram, true),
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

    /// What a score with a ratio term needs beside the levels of a chunk of the same rows; nothing for other scores.
    pub(crate) fn ratio_levels(&self, rows: &[Option<FlatRow>], chunk: &FlatChunk) -> Vec<u8> {
        if self.score == FlatScore::Composite { ratio_levels(rows, &chunk.levels) } else { Vec::new() }
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
        let pair_score = self.score.pair_score();
        let edges = self.edges.values().map(|edge| (edge, pair_score.weighed(edge)));
        let bounds = |value: f64| {
            let value = pair_score.weighed(value);
            let is_reverse = self.score.is_reverse();
            edges.map(
                |(edge, weighed)| if is_reverse { edge * edge } else { pair_score.bound(value, weighed) },
            )
        };
        let counts = self.score.has_ratios().then(|| PeakCounts::of(values.clone().map(|(mz, _)| *mz)));
        let ratios = row.ratio_power.and_then(|power| match self.score {
            FlatScore::Composite => Some(RatioBounds::Gains(GainPlan::of(values.clone().copied(), power))),
            _ if self.score.has_ratios() => {
                RatioPlan::of(&row.pairs, power, &self.edges).map(RatioBounds::Pairs)
            }
            _ => None,
        });
        let close = CloseQuery::of(row, self.score.ratio_rule(row.ratio_power));
        let close_entropy = (self.score == FlatScore::Entropy).then(|| CloseEntropy::of(&row.values));
        let mut by_value: Vec<(u32, f64)> = values.by_ref().copied().collect();
        by_value.sort_by(|a, b| b.1.total_cmp(&a.1));
        let only_values: Vec<f64> = by_value.iter().map(|(_, value)| *value).collect();
        // What a reverse score divides by depends on which peaks are common: all are read.
        let limits = if self.score.is_reverse() { &[] } else { &BEHIND_TIERS[..] };
        let mut ends: Vec<usize> =
            limits.iter().map(|&limit| pair_score.heavy(&only_values, limit)).collect();
        ends.push(by_value.len());
        let peaks = |range: Range<usize>| -> SomePeaks {
            let number = range.len();
            (only_values[range].iter().map(|&value| pair_score.total(value)).sum(), number)
        };
        let tiers: Vec<_> = ends.iter().map(|&end| (peaks(0..end), peaks(end..by_value.len()))).collect();
        let terms: Vec<BoundTerm> = by_value.iter().map(|&(mz, value)| (mz, bounds(value))).collect();
        let begins = [0].into_iter().chain(ends.iter().copied());
        let terms_of_tiers = begins.zip(&ends).map(|(begin, &end)| &terms[begin..end]);
        let plan = BoundPlan::of(terms_of_tiers, self.score.usual_level());
        let rests = rest_tables(pair_score, &tiers, USUAL_TOTAL, plan.unit());
        Some(FlatQuery {
            plan,
            tiers,
            rests,
            norms,
            counts,
            ratios,
            traces: row.traces,
            close,
            close_entropy,
            instructions,
        })
    }
}

/// For each tier of a query's peaks what those behind it add to a sum.
pub(super) fn rest_tables(
    score: PairScore,
    tiers: &[(SomePeaks, SomePeaks)],
    row_total: f64,
    unit: f64,
) -> Vec<RestTable> {
    tiers.iter().map(|&(read, behind)| RestTable::of(score, read, behind, row_total, unit)).collect()
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
    pub(super) fn is_reverse(self) -> bool {
        matches!(self, Self::SimpleReverseMatchFactor | Self::IdentityReverse)
    }

    /// The level above which the peaks of few spectra lie: of evenly spaced edges, which reach to the largest values in a
    /// few steps, a high one.
    fn usual_level(self) -> usize {
        if self.lone_peaks_part() { 14 } else { 12 }
    }

    /// What a pair of peaks adds.
    pub(super) fn pair_score(self) -> PairScore {
        if self == Self::Entropy { PairScore::Entropy } else { PairScore::Cosine }
    }

    /// Whether the score has a ratio term.
    pub(super) fn has_ratios(self) -> bool {
        matches!(self, Self::Composite | Self::Identity | Self::IdentityReverse)
    }

    /// Whether a lone peak of either spectrum parts the neighbours of a ratio.
    fn lone_peaks_part(self) -> bool {
        matches!(self, Self::Identity | Self::IdentityReverse)
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
        put_f64s(bytes, &[self.largest_total]);
        put_rows(bytes, &self.unknown);
        if let Some(norms) = &self.norms {
            norms.write(bytes);
        }
        if let Some(peaks) = &self.peaks {
            peaks.write(bytes);
        }
    }

    fn read(columns: &mut Columns<'_>) -> Option<Self> {
        let score = *FlatScore::ALL.get(columns.number()?)?;
        let levels = LevelChunk::read(columns)?;
        let [largest_total] = columns.f64s()?.try_into().ok()?;
        let unknown = columns.rows_below(levels.rows())?;
        let norms = match score {
            FlatScore::Entropy => None,
            _ => Some(RetainedNorms::read(columns).filter(|norms| norms.rows() == levels.rows())?),
        };
        let peaks = match score.lone_peaks_part() {
            true => Some(PeakBits::read(columns).filter(|peaks| peaks.blocks() == levels.blocks())?),
            false => None,
        };
        (largest_total >= 0.0).then_some(Self { score, levels, norms, peaks, largest_total, unknown })
    }
}
