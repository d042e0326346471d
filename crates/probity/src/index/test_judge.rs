//! A judge for tests, who knows all scores.

use super::judge::Judge;
use crate::error::Result;

/// Keeps the best scores of what is proposed.
pub(super) struct TestJudge {
    pub(super) scores: Vec<f64>,
    pub(super) wanted: usize,
    pub(super) proposed: Vec<usize>,
}

impl TestJudge {
    /// The best of some rows, ties by row.
    pub(super) fn best(&self, rows: impl Iterator<Item = usize>) -> Vec<(f64, usize)> {
        let mut best: Vec<(f64, usize)> = rows.map(|row| (self.scores[row], row)).collect();
        best.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        best.retain(|(score, _)| *score > 0.0);
        best.truncate(self.wanted);
        best
    }
}

impl Judge for TestJudge {
    fn judge(&mut self, row: usize) -> Result<()> {
        assert!(!self.proposed.contains(&row), "row {row} is proposed twice");
        self.proposed.push(row);
        Ok(())
    }

    fn threshold(&self) -> f64 {
        let best = self.best(self.proposed.iter().copied());
        match self.wanted {
            0 => f64::INFINITY,
            wanted => best.get(wanted - 1).map_or(f64::NEG_INFINITY, |last| last.0),
        }
    }
}
