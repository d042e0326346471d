//! The index of a searcher: which one the method's measure has, and how it is built and asked.

use super::executor::Executor;
use super::measure::Measure;
use super::prepared::Prepared;
use crate::error::Result;
use crate::index::{
    CHUNK_ROWS, ChunkBounds, FlatChunk, FlatIndex, FlatRow, Judge, ValueHistogram, edges, histogram,
    propose_best_first,
};

/// An index over the prepared entries of a library, by position.
#[derive(Debug)]
pub(super) struct LibraryIndex(FlatIndex);

impl LibraryIndex {
    /// The index that the measure has; `None` if it has none, or an entry has no form that fits it.
    pub(super) fn build(
        measure: &Measure,
        prepared: &[Option<Prepared>],
        executor: &Executor,
    ) -> Option<Self> {
        let score = measure.flat_score()?;
        let rows = |entries: &[Option<Prepared>]| -> Option<Vec<Option<FlatRow>>> {
            let row = |entry: &Option<Prepared>| match entry {
                Some(entry) => measure.flat_row(entry).map(Some),
                None => Some(None),
            };
            entries.iter().map(row).collect()
        };
        let histograms = executor
            .map_chunks(prepared, CHUNK_ROWS, |_, entries| rows(entries).map(|rows| histogram(&rows)));
        let mut all = ValueHistogram::default();
        for histogram in histograms {
            all.merge(&histogram?);
        }
        let edges = edges(score, &all);
        let chunks = executor.map_chunks(prepared, CHUNK_ROWS, |_, entries| {
            Some(FlatChunk::of(score, &rows(entries)?, &edges))
        });
        Some(Self(FlatIndex::of(score, edges, chunks.into_iter().collect::<Option<_>>()?)))
    }

    /// Proposes every entry that can be among the `wanted` best; `false`, with nothing proposed, if the
    /// index cannot tell for this query.
    ///
    /// # Errors
    /// As the judge.
    pub(super) fn propose(
        &self,
        measure: &Measure,
        query: &Prepared,
        wanted: usize,
        executor: &Executor,
        judge: &mut dyn Judge,
    ) -> Result<bool> {
        let query = measure.flat_row(query).and_then(|row| self.0.query(&row, executor.instructions()));
        let Some(query) = query else { return Ok(false) };
        let bounds: Vec<ChunkBounds<'_>> = executor.map(self.0.chunks(), |chunk| chunk.bounds(&query));
        propose_best_first(&bounds, wanted, judge)?;
        Ok(true)
    }
}
