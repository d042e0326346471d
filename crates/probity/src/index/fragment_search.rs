//! Proposing rows of accurate mass, block by block, with what the blocks before have reached.

use std::ops::Range;

use probity_kernels::{InstructionSet, rows_reaching};

use super::BLOCK_ROWS;
use super::best_first::is_open;
use super::fragment_block::{FRAGMENT_BLOCK_ROWS, FragmentBlock, FragmentColumns, Sums};
use super::fragment_query::{COARSEST, FragmentQuery, UNIT};
use super::judge::Judge;
use crate::error::Result;

/// Peaks that can add no more than this share of what has to be reached are not added for all rows.
const LIGHT_SHARE: f64 = 0.6;

/// Bounding a row by its own peaks takes about as long as adding this many postings, and as many more for each of the
/// query's windows.
const POSTINGS_OF_A_BOUND: usize = 56;
const POSTINGS_OF_A_WINDOW: usize = 2;

/// Where a peak fewer would leave more than this many times the rows, it is added.
const ROWS_OF_A_PEAK: usize = 4;

/// Looking which sums reach takes about as long as adding this many postings.
const POSTINGS_OF_A_LOOK: usize = 1_024;

/// Searches blocks for one query, one after the other.
#[derive(Debug)]
pub(crate) struct FragmentSearch<'a> {
    query: &'a FragmentQuery,
    /// How many hits the judge keeps.
    wanted: usize,
    instructions: InstructionSet,
    sums: Box<Sums>,
    /// How many of the query's windows the sums hold.
    added: usize,
    /// Binary digits of units that the sums leave out.
    digits: u32,
    /// How many windows it took to leave few rows of the block before; none for the first.
    taken: Option<usize>,
    /// Rows of the block that were proposed, ascending.
    looked_at: Vec<usize>,
}

/// Proposes those of some rows that can still be hits, the largest bound first. `peaks` gives what
/// [`put_fragment_peaks`](super::put_fragment_peaks) made of a row.
///
/// # Errors
/// As `peaks` and the judge.
pub(crate) fn propose_rows<'a>(
    query: &FragmentQuery,
    rows: impl Iterator<Item = usize>,
    peaks: impl Fn(usize) -> Result<&'a [u8]>,
    judge: &mut dyn Judge,
) -> Result<()> {
    let threshold = judge.threshold();
    let mut bounds = Vec::new();
    for row in rows {
        let bound = query.bound(peaks(row)?);
        if is_open(bound, threshold) {
            bounds.push((bound, row));
        }
    }
    bounds.sort_unstable_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    for (bound, row) in bounds {
        if !is_open(bound, judge.threshold()) {
            break;
        }
        judge.judge(row)?;
    }
    Ok(())
}

impl<'a> FragmentSearch<'a> {
    /// A search for `wanted` hits.
    pub(crate) fn new(query: &'a FragmentQuery, wanted: usize, instructions: InstructionSet) -> Self {
        let sums: Box<[u8]> = vec![0; FRAGMENT_BLOCK_ROWS].into();
        let sums = match sums.try_into() {
            Ok(sums) => sums,
            Err(_) => unreachable!("it has that length"),
        };
        Self {
            query,
            wanted,
            instructions,
            sums,
            added: 0,
            digits: COARSEST,
            taken: None,
            looked_at: Vec::new(),
        }
    }

    /// Proposes rows of a block until none is left whose bound reaches the judge's threshold.
    ///
    /// # Errors
    /// As the columns and the judge.
    pub(crate) fn propose(
        &mut self,
        block: &FragmentBlock,
        columns: &impl FragmentColumns,
        judge: &mut dyn Judge,
    ) -> Result<()> {
        self.sums.fill(0);
        self.added = 0;
        self.looked_at.clear();
        let query = self.query;
        // All are looked up first, so that the processor waits for the memory behind several at once.
        let mut postings = Vec::with_capacity(query.windows.len());
        for window in &query.windows {
            postings.push(block.within(columns, window)?);
        }
        let threshold = judge.threshold();
        // As fine as what has to be reached has room.
        let has_room = |digits: &u32| threshold / UNIT <= f64::from(255_u32 << digits);
        self.digits = (2..COARSEST).find(has_room).filter(|_| threshold > 0.0).unwrap_or(COARSEST);
        let heavy = match self.taken {
            Some(taken) if threshold > 0.0 => taken,
            _ if threshold > 0.0 => query.windows_of(LIGHT_SHARE * threshold),
            _ => query.heavy_windows(),
        };
        let add_to = |search: &mut Self, windows: usize| -> Result<()> {
            let new = search.added..windows;
            for (window, places) in query.windows[new.clone()].iter().zip(&postings[new]) {
                let added = query.coarsely_added(window, search.digits);
                block.postings(columns, places.clone())?.add(&added, &mut search.sums);
            }
            search.added = windows;
            Ok(())
        };
        add_to(self, heavy)?;
        if threshold <= 0.0 {
            self.look_at_the_best(block, columns, judge)?;
        }
        let mut rows: Vec<u32> = Vec::new();
        let cost = |windows: Range<usize>| postings[windows].iter().map(Range::len).sum::<usize>();
        let cost_of_row = POSTINGS_OF_A_BOUND + POSTINGS_OF_A_WINDOW * query.apart.len();
        loop {
            let mut next = self.added..self.added;
            while next.end < query.windows.len()
                && (next.is_empty() || cost(next.clone()) < POSTINGS_OF_A_LOOK)
            {
                next.end += query.windows_of_peak;
            }
            if let Some(least) = self.least_sum(judge.threshold()) {
                rows.clear();
                rows_reaching(self.instructions, &self.sums[..block.rows()], least, &mut rows);
                let saved = rows.len() * cost_of_row;
                if next.is_empty() || saved <= cost(next.clone()) + POSTINGS_OF_A_LOOK {
                    break;
                }
            }
            // Rows without a partner among what was added can be hits, or so many rows are left that it pays.
            add_to(self, next.end)?;
        }
        // The block after this one is much the same.
        let last = self.added.saturating_sub(query.windows_of_peak)..self.added;
        let spared = rows.len() * cost_of_row * ROWS_OF_A_PEAK < cost(last.clone());
        self.taken = Some(if spared { last.start } else { self.added });
        let rows = rows.into_iter().map(|row| row as usize).chain(block.unknown().iter().copied());
        let is_new = |row: &usize| self.looked_at.binary_search(row).is_err();
        propose_rows(query, rows.filter(is_new), |row| columns.peaks(row), judge)
    }

    /// Proposes the best rows of the best groups, half as many again as hits are wanted, so that the threshold rises early.
    fn look_at_the_best(
        &mut self,
        block: &FragmentBlock,
        columns: &impl FragmentColumns,
        judge: &mut dyn Judge,
    ) -> Result<()> {
        let groups = block.rows().div_ceil(BLOCK_ROWS);
        let groups = self.sums.chunks(BLOCK_ROWS).take(groups);
        let mut best: Vec<u8> = groups.map(|sums| sums.iter().fold(0, |most, &sum| most.max(sum))).collect();
        if best.is_empty() || self.wanted == 0 {
            return Ok(());
        }
        let last = self.wanted.min(best.len()) - 1;
        let (_, &mut least, _) = best.select_nth_unstable_by(last, |a, b| b.cmp(a));
        let mut rows = Vec::new();
        rows_reaching(self.instructions, &self.sums[..block.rows()], least.max(1), &mut rows);
        let proposed = self.wanted.saturating_add(self.wanted / 2);
        let mut bounds = Vec::with_capacity(rows.len());
        for row in rows.into_iter().map(|row| row as usize) {
            bounds.push((self.query.bound(columns.peaks(row)?), row));
        }
        if proposed < bounds.len() {
            bounds.select_nth_unstable_by(proposed, |a, b| b.0.total_cmp(&a.0));
        }
        // One that is unknown is proposed with the rest.
        for (_, row) in bounds.into_iter().take(proposed).filter(|(bound, _)| bound.is_finite()) {
            judge.judge(row)?;
            self.looked_at.push(row);
        }
        self.looked_at.sort_unstable();
        Ok(())
    }

    /// The least sum with which a row can reach a threshold; `None` if a row without any can.
    fn least_sum(&self, threshold: f64) -> Option<u8> {
        // The bound is not below the product, and more than a unit below it is below the threshold too.
        let rest = f64::from(self.query.rest(self.added)) * UNIT;
        let unit = UNIT * f64::from(1_u32 << self.digits);
        let units = ((threshold - rest) / unit).floor() - 1.0;
        // The cast saturates, as sums do.
        if units >= 1.0 {
            Some(units as u8)
        } else {
            // Whoever has a partner in a window that was added has a sum of at least 1.
            (self.added == self.query.windows.len()).then_some(1)
        }
    }
}
