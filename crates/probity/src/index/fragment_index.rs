//! Postings of peaks by accurate m/z.
//!
//! Each peak of each spectrum is one number: where its m/z or its loss lies in a bucket of 1/64, its spectrum's row in a
//! block of 65,536, and a level that says which of 255 edges its value does not exceed. A query adds, for all
//! postings in the windows around its own peaks, the bound that belongs to the level. A peak that several of
//! the other spectrum's peaks could be paired with is added for each, so that no assignment can exceed the sum:
//! each peak has one partner at most, by m/z or by loss.

use std::sync::Arc;

use super::best_first::{BlockBounds, rounded_up};
use super::fragment_row::{ALL_PLACES, FragmentRow, Window};
use super::pair_score::PairScore;
use super::value_edges::ValueEdges;
use super::{BLOCK_ROWS, BOUND_SLACK};
use crate::stored::{Columns, Stored, put_number, put_rows, put_u32s};
use crate::units::MassTolerance;

/// Rows of a block: as many as 16 bits number.
pub(crate) const FRAGMENT_BLOCK_ROWS: usize = 1 << 16;

/// Places that share a bucket: 1/64 of an m/z unit.
const PLACES_OF_BUCKET: u32 = 256;
const BUCKETS: usize = (ALL_PLACES / PLACES_OF_BUCKET) as usize;

/// What a sum of 1 stands for. Sums stop at 65,535, four times the largest score.
const UNIT: f64 = 1.0 / 16_384.0;

/// What the postings of all blocks have in common.
#[derive(Debug)]
pub(crate) struct FragmentIndex {
    score: PairScore,
    edges: ValueEdges,
}

/// The postings of up to [`FRAGMENT_BLOCK_ROWS`] rows.
#[derive(Debug)]
pub(crate) struct FragmentBlock {
    rows: usize,
    /// Where the postings of each bucket begin, and the last end.
    starts: Vec<u32>,
    /// From the top: 8 bits of place in the bucket, 16 of row, 8 of level. Ascending in each bucket.
    postings: Vec<u32>,
    /// Rows of which the postings say nothing.
    unknown: Vec<usize>,
}

/// A query's part in the bounds: for each of its peaks the places of its window, first and last, and what each
/// level adds.
#[derive(Debug)]
pub(crate) struct FragmentQuery(Vec<(u32, u32, [u16; 256])>);

impl FragmentBlock {
    /// The postings of some rows. A row is `None` where nothing can be compared.
    pub(crate) fn of(rows: &[Option<FragmentRow>]) -> Self {
        debug_assert!(rows.len() <= FRAGMENT_BLOCK_ROWS);
        let edges = ValueEdges::new();
        let mut unknown = Vec::new();
        let mut placed: Vec<(u32, u32)> = Vec::new();
        for (number, row) in rows.iter().enumerate() {
            let Some(row) = row else { continue };
            if !row.can_be_indexed() {
                unknown.push(number);
                continue;
            }
            for (place, value) in row.places() {
                // 16 bits of row, as the block is no longer.
                let posting =
                    (place % PLACES_OF_BUCKET) << 24 | (number as u32) << 8 | u32::from(edges.level(value));
                placed.push((place / PLACES_OF_BUCKET, posting));
            }
        }
        placed.sort_unstable();
        // No more buckets than are used.
        let buckets = placed.last().map_or(0, |&(bucket, _)| bucket as usize + 1);
        debug_assert!(buckets <= BUCKETS);
        let mut starts = vec![0; buckets + 1];
        placed.iter().for_each(|&(bucket, _)| starts[bucket as usize + 1] += 1);
        for bucket in 0..buckets {
            starts[bucket + 1] += starts[bucket];
        }
        let postings = placed.into_iter().map(|(_, posting)| posting).collect();
        Self { rows: rows.len(), starts, postings, unknown }
    }

    /// Bounds of all rows that no rounding makes too low.
    pub(crate) fn bounds(&self, query: &FragmentQuery) -> FragmentBounds<'_> {
        let mut sums = vec![0_u16; self.rows];
        for (low, high, added) in &query.0 {
            for &posting in self.within(*low, *high) {
                // The middle 16 bits.
                let row = (posting >> 8) as u16;
                if let Some(sum) = sums.get_mut(usize::from(row)) {
                    *sum = sum.saturating_add(added[(posting & 255) as usize]);
                }
            }
        }
        let mut blocks: Vec<f32> =
            sums.chunks(BLOCK_ROWS).map(|sums| finished(sums.iter().copied().max().unwrap_or(0))).collect();
        self.unknown.iter().for_each(|row| blocks[row / BLOCK_ROWS] = f32::INFINITY);
        FragmentBounds { block: self, sums, blocks }
    }

    /// The postings from one place to another.
    fn within(&self, low: u32, high: u32) -> &[u32] {
        // The last of the starts is where the last bucket ends.
        let start_of = |bucket: usize| self.starts[bucket.min(self.starts.len() - 1)] as usize;
        // How many postings stand before the first of which `is_beyond` holds for the place in the bucket.
        let before = |place: u32, is_beyond: &dyn Fn(u32) -> bool| {
            let bucket = (place / PLACES_OF_BUCKET) as usize;
            let (start, end) = (start_of(bucket), start_of(bucket + 1));
            start + self.postings[start..end].partition_point(|posting| !is_beyond(posting >> 24))
        };
        let start = before(low, &|place| place >= low % PLACES_OF_BUCKET);
        let end = before(high, &|place| place > high % PLACES_OF_BUCKET);
        &self.postings[start..end.max(start)]
    }
}

impl FragmentIndex {
    /// The index of a score.
    pub(crate) fn of(score: PairScore) -> Self {
        Self { score, edges: ValueEdges::new() }
    }

    /// A query's part in the bounds; `None` if every row must be scored. The tolerance belongs to the
    /// query's m/z.
    pub(crate) fn query(&self, row: &FragmentRow, tolerance: MassTolerance) -> Option<Arc<FragmentQuery>> {
        let window = |(low, high, value): Window| {
            let added = self.edges.map(|edge| {
                let units = self.score.bound(value, edge) / UNIT;
                // Rounded up, at least 1; the cast saturates.
                units.ceil().max(1.0) as u16
            });
            (low, high, added)
        };
        row.can_be_indexed().then(|| Arc::new(FragmentQuery(row.windows(tolerance).map(window).collect())))
    }
}

impl Stored for FragmentBlock {
    fn write(&self, bytes: &mut Vec<u8>) {
        put_number(bytes, self.rows);
        put_u32s(bytes, &self.starts);
        put_u32s(bytes, &self.postings);
        put_rows(bytes, &self.unknown);
    }

    fn read(columns: &mut Columns<'_>) -> Option<Self> {
        let rows = columns.number().filter(|&rows| rows <= FRAGMENT_BLOCK_ROWS)?;
        let (starts, postings) = (columns.u32s()?, columns.u32s()?);
        let unknown = columns.rows_below(rows)?;
        let fits = starts.is_sorted() && starts.last().is_some_and(|&end| end as usize == postings.len());
        fits.then_some(Self { rows, starts, postings, unknown })
    }
}

/// The bounds of a block's rows for one query.
#[derive(Debug)]
pub(crate) struct FragmentBounds<'a> {
    block: &'a FragmentBlock,
    sums: Vec<u16>,
    blocks: Vec<f32>,
}

fn finished(sum: u16) -> f32 {
    rounded_up(f64::from(sum) * (UNIT * BOUND_SLACK))
}

impl BlockBounds for FragmentBounds<'_> {
    fn rows(&self) -> usize {
        self.block.rows
    }

    fn blocks(&self) -> &[f32] {
        &self.blocks
    }

    fn for_each_row(&self, block: usize, _threshold: f64, visit: &mut dyn FnMut(usize, f32)) {
        for row in block * BLOCK_ROWS..((block + 1) * BLOCK_ROWS).min(self.rows()) {
            let known = self.block.unknown.is_empty() || self.block.unknown.binary_search(&row).is_err();
            visit(row, if known { finished(self.sums[row]) } else { f32::INFINITY });
        }
    }
}

#[cfg(test)]
mod tests;
