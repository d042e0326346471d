//! The reference scorer as the judge of what an index proposes.

use super::admission::Admission;
use super::searcher::{Scoring, Searcher};
use super::top::{Ranked, Top};
use crate::error::Result;
use crate::index::Judge;

/// Keeps the best of what is proposed and admitted.
pub(super) struct TopJudge<'a> {
    pub(super) searcher: &'a Searcher,
    pub(super) scoring: &'a Scoring,
    pub(super) admission: &'a Admission<'a>,
    /// What the first measure must reach.
    pub(super) minimum: f64,
    pub(super) top: Top,
    /// How many admitted entries were scored.
    pub(super) judged: usize,
}

impl Judge for TopJudge<'_> {
    fn judge(&mut self, row: usize) -> Result<()> {
        if let Some(position) = self.searcher.position(row)
            && self.admission.contains(position)
        {
            self.judged += 1;
            if let Some(key) = self.searcher.rank_key(position, self.scoring)? {
                self.top.push(Ranked { key, position });
            }
        }
        Ok(())
    }

    fn threshold(&self) -> f64 {
        self.top.threshold().max(self.minimum)
    }
}
