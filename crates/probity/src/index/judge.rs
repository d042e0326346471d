//! What stands between an index, which proposes, and the reference scorer, which disposes.

use crate::error::Result;

/// Takes an index's proposals, in any order.
pub(crate) trait Judge {
    /// Scores a row by the reference scorer, if the search's conditions admit it. A row must be proposed
    /// once at most.
    ///
    /// # Errors
    /// As the reference scorer.
    fn judge(&mut self, row: usize) -> Result<()>;

    /// As [`Judge::judge`] for each of some rows.
    ///
    /// # Errors
    /// As the reference scorer.
    fn judge_all(&mut self, rows: &[usize]) -> Result<()> {
        rows.iter().try_for_each(|&row| self.judge(row))
    }

    /// A row whose score lies below this cannot be among the hits any more; one that reaches it can. It
    /// never falls. −∞ until there are as many hits as were asked for.
    fn threshold(&self) -> f64;
}
