//! How the number of one entry comes about.

use super::alignment::Alignment;
use super::prepared::Prepared;
use super::query::Query;
use super::searcher::Searcher;
use crate::error::Result;
use crate::library::EntryId;
use crate::similarity::explanation::Explanation;

impl Searcher {
    /// The query and an entry side by side, as the method compares them; `None` if either cannot be
    /// prepared or there is no such entry.
    ///
    /// # Errors
    /// As [`Searcher::search`].
    pub fn with_alignment<R>(
        &self,
        query: &Query,
        entry: EntryId,
        look: impl FnOnce(&Alignment<'_>) -> R,
    ) -> Result<Option<R>> {
        let Some(prepared) = self.method.prepare_record(&query.record)? else { return Ok(None) };
        match self.prepared_entry(entry)? {
            Some(reference) => Ok(Some(look(&self.method.measure.align(&prepared, &reference)?))),
            None => Ok(None),
        }
    }

    /// How the first measure of an entry comes about; `None` as for [`Searcher::with_alignment`].
    ///
    /// # Errors
    /// As [`Searcher::search`].
    pub fn explain(&self, query: &Query, entry: EntryId) -> Result<Option<Explanation>> {
        let Some(prepared) = self.method.prepare_record(&query.record)? else { return Ok(None) };
        match self.prepared_entry(entry)? {
            Some(reference) => self.method.measure.explain(&prepared, &reference).map(Some),
            None => Ok(None),
        }
    }

    fn prepared_entry(&self, entry: EntryId) -> Result<Option<Prepared>> {
        match self.library.entry(entry)? {
            // One that cannot be prepared is not comparable.
            Some(entry) => Ok(self.method.prepare_record(entry.record()).unwrap_or_default()),
            None => Ok(None),
        }
    }
}
