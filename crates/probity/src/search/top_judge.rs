//! The reference scorer as the judge of what an index proposes.

use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

use super::admission::Admission;
use super::searcher::{Scoring, Searcher};
use super::top::Top;
use crate::error::Result;
use crate::index::Judge;

/// Keeps the best of what is proposed and admitted.
pub(super) struct TopJudge<'a> {
    pub(super) searcher: &'a Searcher,
    pub(super) scoring: &'a Scoring,
    pub(super) admission: &'a Admission<'a>,
    /// The row that is proposed as row 0.
    pub(super) first_row: usize,
    /// What the threads of a search have reached.
    pub(super) reached: &'a Reached,
    pub(super) top: Top,
    /// Told from time to time how many rows were scored; its error ends the search.
    pub(super) tell: Option<&'a mut dyn FnMut(usize) -> Result<()>>,
}

/// Rows scored before it is told.
const ROWS_TOLD: usize = 1_024;

/// What several judges of one search know together.
#[derive(Debug)]
pub(super) struct Reached {
    /// What the first measure must reach. It only rises, so that whoever reads it late judges more than he must.
    threshold: AtomicU64,
    /// How many admitted rows were scored.
    judged: AtomicUsize,
}

impl Reached {
    /// A minimum.
    pub(super) fn new(minimum: f64) -> Self {
        // Bits of numbers from 0 on stand in the order of the numbers. What is below 0 asks nothing.
        Self { threshold: AtomicU64::new(minimum.max(0.0).to_bits()), judged: AtomicUsize::new(0) }
    }

    /// How many admitted rows were scored.
    pub(super) fn judged(&self) -> usize {
        self.judged.load(Ordering::Relaxed)
    }

    fn get(&self) -> f64 {
        f64::from_bits(self.threshold.load(Ordering::Relaxed))
    }

    fn raise(&self, threshold: f64) {
        if threshold > self.get() {
            self.threshold.fetch_max(threshold.to_bits(), Ordering::Relaxed);
        }
    }
}

impl TopJudge<'_> {
    /// Counts rows that are to be scored.
    fn count(&mut self, rows: usize) -> Result<()> {
        let before = self.reached.judged.fetch_add(rows, Ordering::Relaxed);
        match &mut self.tell {
            Some(tell) if before / ROWS_TOLD < (before + rows) / ROWS_TOLD => tell(before + rows),
            _ => Ok(()),
        }
    }
}

impl Judge for TopJudge<'_> {
    fn judge(&mut self, row: usize) -> Result<()> {
        let row = self.first_row + row;
        if !self.admission.contains(row) {
            return Ok(());
        }
        self.count(1)?;
        if let Some(ranked) = self.searcher.ranked(row, self.scoring)? {
            self.top.push(ranked);
            self.reached.raise(self.top.threshold());
        }
        Ok(())
    }

    fn judge_all(&mut self, rows: &[usize]) -> Result<()> {
        let rows: Vec<usize> = rows.iter().map(|row| self.first_row + row).collect();
        let rows: Vec<usize> = rows.into_iter().filter(|&row| self.admission.contains(row)).collect();
        self.count(rows.len())?;
        for ranked in self.searcher.all_ranked(&rows, self.scoring)? {
            self.top.push(ranked);
        }
        self.reached.raise(self.top.threshold());
        Ok(())
    }

    fn threshold(&self) -> f64 {
        self.top.threshold().max(self.reached.get())
    }
}
