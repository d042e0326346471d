//! The indexes: columns in, upper bounds of every row's score out. They propose; the reference scorer
//! disposes. [`FragmentIndex`] and [`FragmentBlock`] serve accurate mass, [`CurveIndex`] infrared spectra; what follows is the
//! [`FlatIndex`] of unit-mass spectra.
//!
//! Each (spectrum, m/z) holds a 4-bit level: 0 for no peak, else the lowest of 15 edges that the peak's
//! value does not exceed ([`LevelEdges`], [`LevelChunk`]). A query turns each of its peaks into 16 upper
//! bounds, one a level, in whole units rounded up ([`BoundPlan`]); their sum bounds any score that is a
//! sum over common peaks of a function that grows with the library's peak. Where the score is divided by
//! a norm that depends on the pair, [`RetainedNorms`] bound what the common range can take from it.
//!
//! Sums are whole numbers, so they are the same on every processor. Rounding in the finished bounds, and
//! in the reference scorer itself, is covered by [`BOUND_SLACK`].

mod best_first;
mod bound_plan;
mod close_entropy;
mod close_row;
mod closest_first;
mod curve_bounds;
mod curve_index;
mod curve_row;
mod curve_transform;
mod flat_bounds;
mod flat_index;
mod fragment_block;
mod fragment_peaks;
mod fragment_query;
mod fragment_row;
mod fragment_search;
#[cfg(test)]
mod fragment_tests;
mod gain_plan;
mod gains;
mod judge;
mod level_chunk;
mod level_edges;
mod mz_columns;
mod pair_score;
mod peak_bits;
mod peak_counts;
mod ratio_levels;
mod ratio_plan;
mod ratio_rows;
mod ratio_sums;
mod rest_table;
mod retained_norms;
mod row_values;
#[cfg(test)]
mod test_judge;
mod value_edges;

pub(crate) use best_first::{BlockBounds, Proposal, propose_best_first, propose_reaching};
pub(crate) use close_row::put_close_row;
pub(crate) use closest_first::propose_closest_first;
pub(crate) use curve_bounds::{CurveBounds, CurveQuery};
pub(crate) use curve_index::{CURVE_CHUNK_ROWS, CurveChunk, CurveIndex};
pub(crate) use curve_row::{CurveRow, CurveScore, common_runs};
pub(crate) use flat_bounds::ChunkBounds;
pub(crate) use flat_index::{FlatChunk, FlatIndex, FlatQuery, FlatRow, FlatScore, edges, histogram};
pub(crate) use fragment_block::{FRAGMENT_BLOCK_ROWS, FragmentBlock, FragmentColumns};
pub(crate) use fragment_peaks::put_fragment_peaks;
pub(crate) use fragment_query::{FragmentIndex, FragmentQuery};
pub(crate) use fragment_row::{FragmentRow, Pairing};
pub(crate) use fragment_search::{FragmentSearch, propose_rows};
pub(crate) use judge::Judge;
pub(crate) use level_edges::{LevelEdges, ValueHistogram};
pub(crate) use pair_score::PairScore;
pub(crate) use ratio_levels::RatioLevels;
pub(crate) use ratio_plan::RatioPair;
pub(crate) use retained_norms::RowNorms;

/// Rows of a chunk, whose sums stay in a processor's second cache.
pub(crate) const CHUNK_ROWS: usize = 32_768;

/// Rows that share a bound, so that most rows need none of their own.
pub(crate) const BLOCK_ROWS: usize = probity_kernels::LEVEL_BLOCK_ROWS;

/// A query's peaks are read in tiers, the heaviest first: what those of the tiers behind each add at most to any score, which
/// reaches to 1. A tier is read only where those before it do not rule all rows out.
const BEHIND_TIERS: [f64; 3] = [0.5, 0.2, 0.05];

/// m/z from which on no column is kept. A query with a peak there is searched without the index; a
/// library's peak there has no partner in any other query.
pub(crate) const MZ_LIMIT: u32 = 2_048;

/// Spectra with more peaks than this are not indexed: the rounding of longer sums could exceed the slack.
pub(crate) const PEAKS_LIMIT: usize = 4_096;

/// What finished bounds are multiplied by. A sum of n terms above 0 is off by at most n 2⁻⁵³ (Higham,
/// Accuracy and Stability of Numerical Algorithms, 2002, §4.2); product and both norms of 4,096 terms
/// together stay below 2⁻⁴⁰, of the reference scorer and of the bound alike.
pub(crate) const BOUND_SLACK: f64 = 1.0 + 1.0 / (1_u64 << 38) as f64;

/// Sums of squares below this (2⁻²⁰⁰) are near where f64 loses digits; nothing is concluded from them.
pub(crate) const SMALLEST_SQUARE: f64 = f64::from_bits((1_023 - 200) << 52);

/// The lowest bits of a block's bytes, which are 0 or 1.
#[inline(always)]
fn bits_of(bytes: &[u8; BLOCK_ROWS]) -> u64 {
    let mut bits = [0; 8];
    for (bits, bytes) in bits.iter_mut().zip(bytes.as_chunks().0) {
        // The product moves byte i to bit 56 + i; nothing else reaches the highest byte.
        *bits = (u64::from_le_bytes(*bytes).wrapping_mul(0x0102_0408_1020_4080) >> 56) as u8;
    }
    u64::from_le_bytes(bits)
}

/// The largest of a block's numbers.
#[inline(always)]
fn largest(numbers: &[u16; BLOCK_ROWS]) -> u16 {
    numbers.iter().fold(0, |largest, &number| largest.max(number))
}
