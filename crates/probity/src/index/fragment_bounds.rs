//! The bounds of a block's rows for one query: of the query's heavy peaks first, of all where it matters.

use std::ops::Range;
use std::sync::Arc;

use super::best_first::{BlockBounds, rounded_up};
use super::fragment_index::{FRAGMENT_BLOCK_ROWS, FragmentBlock, FragmentQuery, UNIT};
use super::{BLOCK_ROWS, BOUND_SLACK, largest};

/// Scoring a row takes about as long as adding this many postings.
const POSTINGS_OF_A_SCORE: usize = 512;

/// The bounds of a block's rows for one query.
#[derive(Debug)]
pub(crate) struct FragmentBounds<'a> {
    block: &'a FragmentBlock,
    query: Arc<FragmentQuery>,
    /// Of as many rows as a block may have.
    sums: Box<[u16; FRAGMENT_BLOCK_ROWS]>,
    /// What the query's light peaks add to a sum at most; 0 if they were added.
    rest: u16,
    blocks: Vec<f32>,
}

impl FragmentBlock {
    /// Bounds of all rows that no rounding makes too low.
    pub(crate) fn bounds(&self, query: Arc<FragmentQuery>) -> FragmentBounds<'_> {
        let sums: Box<[u16]> = vec![0; FRAGMENT_BLOCK_ROWS].into();
        let mut sums: Box<[u16; FRAGMENT_BLOCK_ROWS]> = match sums.try_into() {
            Ok(sums) => sums,
            Err(_) => unreachable!("it has that length"),
        };
        // All are looked up first, so that the processor waits for the memory behind several at once.
        let heavy: Vec<&[u32]> = query.heavy.iter().map(|window| self.within(window)).collect();
        for (postings, window) in heavy.into_iter().zip(&query.heavy) {
            Self::add(postings, window, &mut sums);
        }
        let rest = query.rest;
        let mut bounds = FragmentBounds { block: self, query, sums, rest, blocks: Vec::new() };
        bounds.bound_blocks();
        bounds
    }
}

fn finished(sum: u16) -> f32 {
    rounded_up(f64::from(sum) * (UNIT * BOUND_SLACK))
}

impl FragmentBounds<'_> {
    fn bound_blocks(&mut self) {
        let blocks = self.sums.as_chunks::<BLOCK_ROWS>().0.iter().take(self.block.rows.div_ceil(BLOCK_ROWS));
        self.blocks = blocks.map(|sums| finished(largest(sums).saturating_add(self.rest))).collect();
        self.block.unknown.iter().for_each(|row| self.blocks[row / BLOCK_ROWS] = f32::INFINITY);
    }

    fn rows_of(&self, block: usize) -> Range<usize> {
        block * BLOCK_ROWS..((block + 1) * BLOCK_ROWS).min(self.block.rows)
    }

    /// The least sum with which a row's bound reaches a threshold.
    fn least_sum(&self, threshold: f64) -> u16 {
        // The bound is not below the product, and more than a unit below it is below the threshold too.
        let units = (threshold / UNIT).floor() - f64::from(self.rest) - 1.0;
        // The cast saturates.
        units as u16
    }
}

impl BlockBounds for FragmentBounds<'_> {
    fn rows(&self) -> usize {
        self.block.rows
    }

    fn blocks(&self) -> &[f32] {
        &self.blocks
    }

    fn refine(&mut self, threshold: f64) -> bool {
        let least = self.least_sum(threshold);
        let open = |block: usize| {
            let is_open = self.blocks[block] > 0.0 && f64::from(self.blocks[block]) >= threshold;
            let reaches = |sum: &&u16| **sum >= least;
            if is_open { self.sums[self.rows_of(block)].iter().filter(reaches).count() } else { 0 }
        };
        let open: usize = (0..self.blocks.len()).map(open).sum();
        if open == 0 {
            return false;
        }
        let light: Vec<&[u32]> = self.query.light.iter().map(|window| self.block.within(window)).collect();
        if open * POSTINGS_OF_A_SCORE < light.iter().map(|postings| postings.len()).sum() {
            return false;
        }
        for (postings, window) in light.into_iter().zip(&self.query.light) {
            FragmentBlock::add(postings, window, &mut self.sums);
        }
        self.rest = 0;
        self.bound_blocks();
        // These bounds say little about the order of the best: looking further does not pay.
        false
    }

    fn for_each_row(&self, block: usize, threshold: f64, visit: &mut dyn FnMut(usize, f32)) {
        let least = if self.blocks[block].is_infinite() { 0 } else { self.least_sum(threshold) };
        for row in self.rows_of(block).filter(|&row| self.sums[row] >= least) {
            let known = self.block.unknown.is_empty() || self.block.unknown.binary_search(&row).is_err();
            let sum = self.sums[row].saturating_add(self.rest);
            visit(row, if known { finished(sum) } else { f32::INFINITY });
        }
    }
}
