//! Postings of peaks by accurate m/z.
//!
//! Each peak of each spectrum is one number: where its m/z lies in a bucket of 1/64, its spectrum's row in a
//! block of 65,536, and a level that says which of 255 edges its value does not exceed. A query adds, for all
//! postings in the windows around its own peaks, the bound that belongs to the level. A peak that several of
//! the other spectrum's peaks could be paired with is added for each, so that no assignment can exceed the sum.

use std::sync::Arc;

use super::best_first::{BlockBounds, rounded_up};
use super::pair_score::PairScore;
use super::{BLOCK_ROWS, BOUND_SLACK};
use crate::math;
use crate::units::MassTolerance;

/// Rows of a block: as many as 16 bits number.
pub(crate) const FRAGMENT_BLOCK_ROWS: usize = 1 << 16;

/// Spectra with more peaks than this, and queries, are not indexed: within it no assignment of peaks reaches
/// its limits, so that scoring a spectrum or sparing it cannot decide whether a search ends with an error.
const PEAKS_LIMIT: usize = 1_000;

/// m/z from which on nothing is indexed.
const MZ_LIMIT: f64 = 4_096.0;

/// Places that an m/z unit is divided into, of which 256 share a bucket.
const PLACES: f64 = 16_384.0;
const PLACES_OF_BUCKET: u32 = 256;
const BUCKETS: usize = (MZ_LIMIT * PLACES) as usize / PLACES_OF_BUCKET as usize;

/// What a sum of 1 stands for. Sums stop at 65,535, four times the largest score.
const UNIT: f64 = 1.0 / 16_384.0;

/// A spectrum as the index takes it: m/z and value of each peak, ascending by m/z, values from 0 to 1: for a
/// cosine the share of the norm, for the entropy similarity the weight.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct FragmentRow(pub(crate) Vec<(f64, f64)>);

/// The largest value of each level. Level 0 is none; the others are equally far apart on a logarithmic scale
/// from 2⁻¹² to 1.
#[derive(Debug, Clone)]
struct ValueEdges(Box<[f64; 256]>);

impl ValueEdges {
    fn new() -> Self {
        Self(Box::new(std::array::from_fn(|level| match level {
            0 => 0.0,
            255 => 1.0,
            level => math::pow(2.0, 12.0 * (level as f64 - 255.0) / 254.0),
        })))
    }

    /// The lowest level whose edge the value does not exceed; above 1, where only rounding leads, the last.
    fn level(&self, value: f64) -> u8 {
        // From 0 to 255: the cast is exact.
        self.0[..255].partition_point(|&edge| edge < value) as u8
    }
}

/// The postings of a library.
#[derive(Debug)]
pub(crate) struct FragmentIndex {
    score: PairScore,
    edges: ValueEdges,
    blocks: Vec<FragmentBlock>,
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

fn place(mz: f64) -> u32 {
    // Cut to whole places, which keeps the order; below MZ_LIMIT they fit into 26 bits.
    (mz.clamp(0.0, MZ_LIMIT) * PLACES) as u32
}

impl FragmentRow {
    fn can_be_indexed(&self) -> bool {
        self.0.len() <= PEAKS_LIMIT
            && self.0.iter().all(|&(mz, value)| (0.0..MZ_LIMIT).contains(&mz) && value.is_finite())
    }
}

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
            for &(mz, value) in row.0.iter().filter(|(_, value)| *value > 0.0) {
                let place = place(mz);
                // 16 bits of row, as the block is no longer.
                let posting =
                    (place % PLACES_OF_BUCKET) << 24 | (number as u32) << 8 | u32::from(edges.level(value));
                placed.push((place / PLACES_OF_BUCKET, posting));
            }
        }
        placed.sort_unstable();
        let mut starts = vec![0; BUCKETS + 1];
        placed.iter().for_each(|&(bucket, _)| starts[bucket as usize + 1] += 1);
        for bucket in 0..BUCKETS {
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
        // How many postings stand before the first of which `is_beyond` holds for the place in the bucket.
        let before = |place: u32, is_beyond: &dyn Fn(u32) -> bool| {
            let bucket = (place / PLACES_OF_BUCKET) as usize;
            let [start, end] = [bucket, bucket + 1].map(|number| self.starts[number.min(BUCKETS)] as usize);
            start + self.postings[start..end].partition_point(|posting| !is_beyond(posting >> 24))
        };
        let start = before(low, &|place| place >= low % PLACES_OF_BUCKET);
        let end = before(high, &|place| place > high % PLACES_OF_BUCKET);
        &self.postings[start..end.max(start)]
    }
}

impl FragmentIndex {
    /// The index of consecutive blocks, each of [`FRAGMENT_BLOCK_ROWS`] rows but the last.
    pub(crate) fn of(score: PairScore, blocks: Vec<FragmentBlock>) -> Self {
        Self { score, edges: ValueEdges::new(), blocks }
    }

    /// The blocks, in the order of their rows.
    pub(crate) fn blocks(&self) -> &[FragmentBlock] {
        &self.blocks
    }

    /// A query's part in the bounds; `None` if every row must be scored. The tolerance belongs to the
    /// query's m/z.
    pub(crate) fn query(&self, row: &FragmentRow, tolerance: MassTolerance) -> Option<Arc<FragmentQuery>> {
        let mut windows = Vec::new();
        for &(mz, value) in row.0.iter().filter(|(_, value)| *value > 0.0) {
            // A little wider than the window, so that rounding hides nothing.
            let wide = tolerance.half_width(mz) * (1.0 + 1e-9) + 1e-9 * (1.0 + mz);
            if mz + wide >= MZ_LIMIT {
                return None;
            }
            let added = self.edges.0.map(|edge| {
                let units = self.score.bound(value, edge) / UNIT;
                // Rounded up, at least 1; the cast saturates.
                units.ceil().max(1.0) as u16
            });
            windows.push((place(mz - wide), place(mz + wide), added));
        }
        row.can_be_indexed().then(|| Arc::new(FragmentQuery(windows)))
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

    fn for_each_row(&self, block: usize, visit: &mut dyn FnMut(usize, f32)) {
        for row in block * BLOCK_ROWS..((block + 1) * BLOCK_ROWS).min(self.rows()) {
            let known = self.block.unknown.is_empty() || self.block.unknown.binary_search(&row).is_err();
            visit(row, if known { finished(self.sums[row]) } else { f32::INFINITY });
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    type Peaks = Vec<(f64, f64)>;

    /// Peaks that crowd, lie at the edges of windows and of buckets, and beyond what is indexed.
    fn any_peaks() -> impl Strategy<Value = Peaks> {
        let mz = prop_oneof![
            (0_u32..40).prop_map(|step| 100.0 + 0.01 * f64::from(step)),
            (0_u32..12).prop_map(|step| 100.0 + f64::from(step) / 64.0),
            Just(0.0),
            Just(4_095.99),
            Just(4_096.0),
        ];
        prop::collection::vec((mz, 0.0_f64..=1.0), 0..20).prop_map(|mut peaks| {
            peaks.sort_by(|a, b| a.0.total_cmp(&b.0));
            peaks
        })
    }

    proptest! {
        #[test]
        fn bounds_reach_the_sum_over_all_pairs(
            rows in prop::collection::vec(any_peaks(), 0..150),
            query in any_peaks(),
            tolerance in prop_oneof![
                Just(MassTolerance::Da(0.02)), Just(MassTolerance::Da(0.01)), Just(MassTolerance::Da(0.0)),
                Just(MassTolerance::Ppm(100.0)), Just(MassTolerance::Da(3.0)),
            ],
            score in prop_oneof![Just(PairScore::Cosine), Just(PairScore::Entropy)],
        ) {
            let columns: Vec<_> = rows.iter().map(|peaks| Some(FragmentRow(peaks.clone()))).collect();
            let index = FragmentIndex::of(score, vec![FragmentBlock::of(&columns)]);
            let Some(query_bounds) = index.query(&FragmentRow(query.clone()), tolerance) else {
                prop_assert!(query.iter().any(|peak| peak.0 > 4_090.0));
                return Ok(());
            };
            let bounds = index.blocks()[0].bounds(&query_bounds);
            let mut seen = 0;
            for (block, &of_block) in bounds.blocks().iter().enumerate() {
                bounds.for_each_row(block, &mut |row, bound| {
                    seen += 1;
                    let pairs = query.iter().flat_map(|a| rows[row].iter().map(move |b| (a, b)));
                    let pairs = pairs.filter(|(a, b)| a.1 > 0.0 && b.1 > 0.0 && tolerance.contains(a.0, b.0));
                    // The first expression of each score, written out again.
                    let term = |a: f64, b: f64| match score {
                        PairScore::Cosine => a * b,
                        PairScore::Entropy => {
                            ((a + b) * libm::log2(a + b) - a * libm::log2(a) - b * libm::log2(b)) / 2.0
                        }
                    };
                    let sum: f64 = pairs.map(|(a, b)| term(a.1, b.1)).sum();
                    assert!(f64::from(bound) >= sum.min(1.0), "row {row}: {bound} is below {sum}");
                    assert!(bound <= of_block);
                });
            }
            prop_assert_eq!(seen, rows.len());
        }

        #[test]
        fn no_value_exceeds_the_edge_of_its_level(value in prop_oneof![0.0_f64..=1.0, 0.0_f64..1e-3]) {
            let edges = ValueEdges::new();
            let level = usize::from(edges.level(value));
            prop_assert!(edges.0.is_sorted() && value <= edges.0[level]);
            prop_assert!(value == 0.0 || value > edges.0[level - 1]);
        }
    }

    #[test]
    fn equal_rows_give_equal_postings() {
        let row = || Some(FragmentRow(vec![(100.0, 0.5), (100.0625, 0.5), (250.2, 0.1)]));
        let block = FragmentBlock::of(&[row(), None, row()]);
        // Level of 1/2: 255 − 254/12 = 233.8, rounded up 234. 100 is place 1,638,400, the first of a bucket.
        assert_eq!(block.within(1_638_400, 1_638_400), [234, 2 << 8 | 234]);
        assert!(block.within(1_638_401, 1_638_400 + 1_023).is_empty());
        assert_eq!(block.within(0, u32::MAX).len(), 6);
        assert_eq!((block.postings.len(), block.starts[BUCKETS]), (6, 6));
    }
}
