//! What the common range of a pair can take from the norms of both spectra.
//!
//! A row's levels are shares of its own norm, over its own range. In a pair the range may begin higher,
//! where the query's scan begins, and end where the earlier of both stated scans ends. What is left of
//! the row's norm is stored at cut points as a share of its square in a byte, rounded down; what is left of the
//! query's follows from where the row's scan begins. A bound is then divided by the roots of both.

use std::sync::LazyLock;

use super::best_first::rounded_up;
use super::row_values::{FactorsByBeginning, RowFactors};
use super::{BLOCK_ROWS, MZ_LIMIT, SMALLEST_SQUARE};
use crate::math;
use crate::similarity::common_range::CommonRange;
use crate::stored::{Columns, Stored, put_bytes, put_u16s, put_u32s};

/// m/z at which the retained share is stored: dense where scans begin.
fn cuts() -> impl Iterator<Item = u32> + Clone {
    (1..65).chain((68..=128).step_by(4)).chain((160..=512).step_by(32))
}

/// A row's part in the bound: weights, and the range of m/z in which it was measured.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct RowNorms {
    /// From where on it counts, and where its stated scan ends.
    pub(crate) range: CommonRange,
    /// m/z and weight of the peaks in the range's lower bound, ascending.
    pub(crate) weights: Vec<(u32, f64)>,
}

impl Default for RowNorms {
    fn default() -> Self {
        Self { range: CommonRange::EVERYTHING, weights: Vec::new() }
    }
}

impl RowNorms {
    /// The sum of squares of all weights.
    pub(crate) fn square(&self) -> f64 {
        self.weights.iter().map(|(_, weight)| weight * weight).sum()
    }
}

/// The same of all rows of a chunk, as columns.
#[derive(Debug, Clone, Default)]
pub(crate) struct RetainedNorms {
    /// Where each row begins, at most [`MZ_LIMIT`].
    low: Vec<u16>,
    /// Where each row's stated scan ends, [`u32::MAX`] if it states none.
    high: Vec<u32>,
    /// The last m/z of each row.
    last: Vec<u32>,
    /// For each cut point the share of each row's squared norm from there on, by its place among [`SHARES`].
    shares: Vec<u8>,
    /// The highest, lowest and lowest of these in each block of [`BLOCK_ROWS`] rows.
    highest_low: Vec<u16>,
    lowest_high: Vec<u32>,
    lowest_shares: Vec<u8>,
}

impl RetainedNorms {
    /// The columns of some rows.
    pub(crate) fn of(rows: &[&RowNorms]) -> Self {
        let mut norms = Self { shares: vec![0; cuts().count() * rows.len()], ..Self::default() };
        for (row, spectrum) in rows.iter().enumerate() {
            // At most 2048: the cast is exact.
            norms.low.push(spectrum.range.low.min(MZ_LIMIT) as u16);
            norms.high.push(spectrum.range.high.unwrap_or(u32::MAX));
            norms.last.push(spectrum.weights.last().map_or(0, |(mz, _)| *mz));
            let mut square = 0.0;
            // What the peaks from each on add up to, the last one first.
            let mut from: Vec<f64> = Vec::with_capacity(spectrum.weights.len() + 1);
            from.push(square);
            for (_, weight) in spectrum.weights.iter().rev() {
                square += weight * weight;
                from.push(square);
            }
            let mut place = 255;
            for (number, cut) in cuts().enumerate() {
                let start = spectrum.weights.partition_point(|(mz, _)| *mz < cut);
                // Exactly 1 where nothing is cut off.
                let rest = from[spectrum.weights.len() - start];
                let share = if square < SMALLEST_SQUARE { 0.0 } else { rest / square };
                // Shares do not rise from one cut to the next.
                while SHARES[place] > share {
                    place -= 1;
                }
                // From 0 to 255: the cast is exact.
                norms.shares[number * rows.len() + row] = place as u8;
            }
        }
        norms.with_blocks()
    }

    /// The same with what follows for blocks of rows.
    fn with_blocks(mut self) -> Self {
        let lowest = |shares: &[u8]| shares.iter().copied().min().unwrap_or(0);
        let highest_low = |low: &[u16]| low.iter().copied().max().unwrap_or(0);
        let lowest_high = |high: &[u32]| high.iter().copied().min().unwrap_or(0);
        self.highest_low = self.low.chunks(BLOCK_ROWS).map(highest_low).collect();
        self.lowest_high = self.high.chunks(BLOCK_ROWS).map(lowest_high).collect();
        let by_cut = self.shares.chunks(self.low.len().max(1));
        self.lowest_shares = by_cut.flat_map(|shares| shares.chunks(BLOCK_ROWS).map(lowest)).collect();
        self
    }

    /// The number of rows.
    pub(crate) fn rows(&self) -> usize {
        self.low.len()
    }

    /// Where a row begins, if nothing limits the pair's range above.
    pub(crate) fn beginning(&self, row: usize, query: &QueryNorms) -> Option<usize> {
        (query.high.is_none() || self.high[row] == u32::MAX).then(|| usize::from(self.low[row]))
    }

    /// The same for all rows of a block.
    pub(super) fn beginnings(&self, block: usize, query: &QueryNorms) -> Option<[u16; BLOCK_ROWS]> {
        query.high.is_none().then(|| of_block(&self.low, block, 0))
    }

    /// The range of m/z that a row and a query have in common, both ends in it; `None` if it cannot be told.
    pub(super) fn range(&self, row: usize, query: &QueryNorms) -> Option<(usize, usize)> {
        let low = usize::from(self.low[row]).max(query.low);
        match query.high {
            Some(high) if self.high[row] < u32::MAX => {
                let high = high.min(self.high[row]);
                // Which of the row's peaks are beyond the limit is not kept.
                (high < MZ_LIMIT || self.last[row] < MZ_LIMIT).then_some((low, high as usize))
            }
            _ => Some((low, usize::MAX)),
        }
    }

    /// By what the sum of a row is to be multiplied: infinite where nothing is known.
    #[inline]
    pub(crate) fn factor(&self, row: usize, query: &QueryNorms) -> f64 {
        let low = usize::from(self.low[row]);
        let query_factor = match query.high {
            Some(high) if self.high[row] < u32::MAX => {
                query.factor_below(low, high.min(self.high[row]), self.last[row])
            }
            _ => query.factors[low],
        };
        query_factor * self.row_factor(row, query)
    }

    /// The part of a row's factor that is due to its own norm.
    #[inline]
    pub(crate) fn row_factor(&self, row: usize, query: &QueryNorms) -> f64 {
        let share = query.cut.map_or(u8::MAX, |cut| self.shares[cut * self.low.len() + row]);
        SHARE_FACTORS[usize::from(share)]
    }

    /// The factors of a block's rows, or the parts of them that are due to their own norms alone; `None` where they cannot be
    /// told all at once.
    pub(super) fn row_factors<'a>(
        &'a self,
        block: usize,
        query: &'a QueryNorms,
        own_alone: bool,
    ) -> Option<RowFactors<'a>> {
        if !own_alone && query.high.is_some() && self.lowest_high[block] < u32::MAX {
            return None;
        }
        let shares =
            |cut: usize| of_block(&self.shares[cut * self.low.len()..][..self.low.len()], block, u8::MAX);
        Some(RowFactors {
            of_query: (!own_alone).then(|| (of_block(&self.low, block, 0), &*query.factors_rounded_up)),
            of_rows: query.cut.map(|cut| (shares(cut), &*SHARE_FACTORS_ROUNDED_UP)),
        })
    }

    /// No such part of the block's rows is above this.
    #[inline]
    pub(crate) fn largest_row_factor(&self, block: usize, query: &QueryNorms) -> f64 {
        let share = query.cut.map_or(u8::MAX, |cut| self.lowest_shares[cut * self.highest_low.len() + block]);
        SHARE_FACTORS[usize::from(share)]
    }

    /// No factor of the block's rows is above this.
    #[inline]
    pub(crate) fn largest_factor(&self, block: usize, query: &QueryNorms) -> f64 {
        if query.high.is_some() && self.lowest_high[block] < u32::MAX {
            return f64::INFINITY;
        }
        query.factors[usize::from(self.highest_low[block])] * self.largest_row_factor(block, query)
    }
}

impl Stored for RetainedNorms {
    fn write(&self, bytes: &mut Vec<u8>) {
        put_u16s(bytes, &self.low);
        put_u32s(bytes, &self.high);
        put_u32s(bytes, &self.last);
        put_bytes(bytes, &self.shares);
    }

    fn read(columns: &mut Columns<'_>) -> Option<Self> {
        let low = columns.u16s()?;
        let (high, last, shares) = (columns.u32s()?, columns.u32s()?, columns.bytes()?);
        let rows = low.len();
        let fits = high.len() == rows
            && last.len() == rows
            && shares.len() == cuts().count() * rows
            && low.iter().all(|&low| u32::from(low) <= MZ_LIMIT);
        fits.then(|| Self { low, high, last, shares, ..Self::default() }.with_blocks())
    }
}

/// What belongs to a block's rows, and something else for rows that the last block has not: of these nothing is asked.
fn of_block<T: Copy>(rows: &[T], block: usize, otherwise: T) -> [T; BLOCK_ROWS] {
    let rows = &rows[block * BLOCK_ROWS..rows.len().min((block + 1) * BLOCK_ROWS)];
    let mut all = [otherwise; BLOCK_ROWS];
    all[..rows.len()].copy_from_slice(rows);
    all
}

/// The query's part in the bound.
#[derive(Debug, Clone)]
pub(crate) struct QueryNorms {
    /// The cut point that the query's own beginning is rounded up to; `None` at 0.
    cut: Option<usize>,
    /// The query's own beginning.
    low: usize,
    /// Where the query's stated scan ends.
    high: Option<u32>,
    last: u32,
    square: f64,
    /// The sum of squares from each m/z on.
    squares_from: Vec<f64>,
    /// The root of whole over retained for each beginning of a row.
    factors: Vec<f64>,
    factors_rounded_up: Box<FactorsByBeginning>,
}

/// From this place on stored shares are evenly spaced, from this share on; below they fall by factors, [`SMALL_SHARES_PER_HALF`]
/// places for a half, so that little is told of as well as much.
const EVEN_FROM: usize = 96;
const EVEN_FROM_SHARE: f64 = 0.25;
const SMALL_SHARES_PER_HALF: f64 = 6.0;

/// The shares that are told, ascending from 0 to 1.
static SHARES: LazyLock<[f64; 256]> = LazyLock::new(|| {
    std::array::from_fn(|place| match place {
        0 => 0.0,
        255 => 1.0,
        place if place >= EVEN_FROM => {
            let step = (1.0 - EVEN_FROM_SHARE) / (255 - EVEN_FROM) as f64;
            EVEN_FROM_SHARE + step * (place - EVEN_FROM) as f64
        }
        place => EVEN_FROM_SHARE * math::pow(2.0, (place as f64 - EVEN_FROM as f64) / SMALL_SHARES_PER_HALF),
    })
});

/// The root of whole over retained for each stored share of a row.
static SHARE_FACTORS: LazyLock<[f64; 256]> =
    LazyLock::new(|| SHARES.map(|share| root_of_quotient(1.0, share)));

static SHARE_FACTORS_ROUNDED_UP: LazyLock<[f32; 256]> = LazyLock::new(|| SHARE_FACTORS.map(rounded_up));

impl QueryNorms {
    /// The query's part; `None` if the query begins above the last cut point, has peaks from
    /// [`MZ_LIMIT`] on, or is too small to compute with.
    pub(crate) fn of(query: &RowNorms) -> Option<Self> {
        let (square, last) = (query.square(), query.weights.last()?.0);
        if last >= MZ_LIMIT || square < SMALLEST_SQUARE {
            return None;
        }
        let cut = match query.range.low {
            0 => None,
            low => Some(cuts().position(|cut| cut >= low)?),
        };
        // Between two peaks nothing changes, and above the last there is nothing.
        let mut squares_from = vec![0.0; MZ_LIMIT as usize + 1];
        let mut factors = vec![f64::INFINITY; MZ_LIMIT as usize + 1];
        let mut rest = 0.0;
        for (place, &(mz, weight)) in query.weights.iter().enumerate().rev() {
            rest += weight * weight;
            let before = place.checked_sub(1).map_or(0, |before| query.weights[before].0 as usize + 1);
            squares_from[before..=mz as usize].fill(rest);
            factors[before..=mz as usize].fill(root_of_quotient(square, rest));
        }
        let low = query.range.low as usize;
        let mut factors_rounded_up = Box::new([f32::INFINITY; _]);
        factors_rounded_up.iter_mut().zip(&factors).for_each(|(up, &factor)| *up = rounded_up(factor));
        Some(Self {
            cut,
            low,
            high: query.range.high,
            last,
            square,
            squares_from,
            factors,
            factors_rounded_up,
        })
    }

    /// The share of the query's squared norm from one m/z to another, not too high.
    pub(super) fn share_within(&self, low: usize, high: usize) -> f64 {
        let from = |mz: usize| self.squares_from.get(mz).copied().unwrap_or(0.0);
        // The difference is off by rounding of both sums, of which the first is the larger.
        let above = high.checked_add(1).map_or(0.0, from);
        (from(low) * (1.0 - 1e-12) - above) / self.square
    }

    /// The factor for a row that begins at `low` where the pair's range ends at `high`: infinite if that
    /// cuts off peaks of the row.
    fn factor_below(&self, low: usize, high: u32, last_of_row: u32) -> f64 {
        if high < last_of_row {
            return f64::INFINITY;
        }
        if high >= self.last {
            return self.factors[low];
        }
        let from_low = self.squares_from[low];
        let above = self.squares_from.get(high as usize + 1).copied().unwrap_or(0.0);
        // The difference is off by rounding of both sums, of which the first is the larger.
        root_of_quotient(self.square, from_low - above - 1e-12 * from_low)
    }
}

fn root_of_quotient(whole: f64, rest: f64) -> f64 {
    if rest < SMALLEST_SQUARE { f64::INFINITY } else { (whole / rest).sqrt() }
}
