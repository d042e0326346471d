//! Postings of peaks by accurate m/z.
//!
//! Each peak of each spectrum is one number: where its m/z or its loss lies in a bucket of 1/64, its spectrum's row in a
//! block of 65,536, and a level that says which of 255 edges its value does not exceed. A query adds, for all
//! postings in the windows around its own peaks, the bound that belongs to the level. A peak that several of
//! the other spectrum's peaks could be paired with is added for each, so that no assignment can exceed the sum:
//! each peak has one partner at most, by m/z or by loss.

use std::sync::Arc;

use super::fragment_row::{ALL_PLACES, FragmentRow, Window};
use super::pair_score::{PairScore, Weighed};
use super::value_edges::ValueEdges;
use super::{BOUND_SLACK, LIGHT};
use crate::stored::{Columns, Stored, put_number, put_rows, put_u32s};
use crate::units::MassTolerance;

/// Rows of a block: as many as 16 bits number.
pub(crate) const FRAGMENT_BLOCK_ROWS: usize = 1 << 16;

/// Places that share a bucket: 1/64 of an m/z unit.
const PLACES_OF_BUCKET: u32 = 256;
const BUCKETS: usize = (ALL_PLACES / PLACES_OF_BUCKET) as usize;

/// What a sum of 1 stands for. Sums stop at 65,535, four times the largest score.
pub(super) const UNIT: f64 = 1.0 / 16_384.0;

/// What the postings of all blocks have in common.
#[derive(Debug)]
pub(crate) struct FragmentIndex {
    score: PairScore,
    edges: ValueEdges,
}

/// The postings of up to [`FRAGMENT_BLOCK_ROWS`] rows.
#[derive(Debug)]
pub(crate) struct FragmentBlock {
    pub(super) rows: usize,
    /// Where the postings of each bucket begin, and the last end.
    starts: Vec<u32>,
    /// From the top: 8 bits of place in the bucket, 16 of row, 8 of level. Ascending in each bucket.
    postings: Vec<u32>,
    /// Rows of which the postings say nothing.
    pub(super) unknown: Vec<usize>,
}

/// A query's part in the bounds.
#[derive(Debug)]
pub(crate) struct FragmentQuery {
    /// The windows of peaks that are added for all rows.
    pub(super) heavy: Vec<AddedWindow>,
    /// The windows of peaks that are added where it matters, and what they add to a sum at most.
    pub(super) light: Vec<AddedWindow>,
    pub(super) rest: u16,
}

/// The places around a peak, first and last, and what a partner there adds by its level.
#[derive(Debug)]
pub(super) struct AddedWindow {
    low: u32,
    high: u32,
    added: [u16; 256],
}

impl FragmentBlock {
    /// The postings of some rows. A row is `None` where nothing can be compared.
    pub(crate) fn of(score: PairScore, rows: &[Option<FragmentRow>]) -> Self {
        debug_assert!(rows.len() <= FRAGMENT_BLOCK_ROWS);
        let edges = ValueEdges::new();
        let mut unknown = Vec::new();
        let mut placed: Vec<(u32, u32)> = Vec::new();
        for (number, row) in rows.iter().enumerate() {
            let Some(row) = row else { continue };
            // Above 1 more than rounding was at work: what light peaks add is not known.
            let total: f64 = row.peaks.iter().map(|(_, value)| score.total(*value)).sum();
            if !row.can_be_indexed() || total > BOUND_SLACK {
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

    /// Adds to each row's sum what its peaks in a window add, of which these are the postings.
    pub(super) fn add(postings: &[u32], window: &AddedWindow, sums: &mut [u16; FRAGMENT_BLOCK_ROWS]) {
        for &posting in postings {
            // The middle 16 bits.
            let sum = &mut sums[usize::from((posting >> 8) as u16)];
            *sum = sum.saturating_add(window.added[(posting & 255) as usize]);
        }
    }

    /// The postings in a window.
    pub(super) fn within(&self, window: &AddedWindow) -> &[u32] {
        // The last of the starts is where the last bucket ends.
        let start_of = |bucket: usize| self.starts[bucket.min(self.starts.len() - 1)] as usize;
        let bucket_of = |place: u32| {
            let bucket = (place / PLACES_OF_BUCKET) as usize;
            (start_of(bucket), start_of(bucket + 1))
        };
        let (low, high) = (window.low % PLACES_OF_BUCKET, window.high % PLACES_OF_BUCKET);
        let (start, end) = bucket_of(window.low);
        let start = start + self.postings[start..end].partition_point(|posting| posting >> 24 < low);
        let (end, after) = bucket_of(window.high);
        let end = end + self.postings[end..after].partition_point(|posting| posting >> 24 <= high);
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
        if !row.can_be_indexed() {
            return None;
        }
        let mut by_value: Vec<f64> = row.peaks.iter().map(|(_, value)| *value).collect();
        by_value.sort_by(|a, b| b.total_cmp(a));
        let kept = self.score.heavy(&by_value, LIGHT);
        // Of peaks of equal value all are heavy.
        let least = kept.checked_sub(1).map_or(0.0, |last| by_value[last]);
        by_value.retain(|&value| value < least);
        let rest = self.score.rest(&by_value, BOUND_SLACK) * BOUND_SLACK;
        let window = |(low, high, value): Window| {
            let value = Weighed::of(value);
            // Rounded up, at least 1.
            let added = self.edges.map(|edge| units(self.score.bound(value, edge)).max(1));
            AddedWindow { low, high, added }
        };
        let (heavy, light): (Vec<Window>, Vec<Window>) =
            row.windows(tolerance).partition(|(_, _, value)| *value >= least);
        let [heavy, light] = [heavy, light].map(|windows| windows.into_iter().map(window).collect());
        Some(Arc::new(FragmentQuery { heavy, light, rest: units(rest) }))
    }
}

/// A part of a score in whole units, rounded up.
fn units(score: f64) -> u16 {
    // The cast saturates.
    (score / UNIT).ceil() as u16
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

#[cfg(test)]
mod tests;
