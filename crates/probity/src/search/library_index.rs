//! The index of a searcher: which one the method's measure has, and how it is built and asked.

use std::sync::Arc;

use super::executor::Executor;
use super::measure::Measure;
use super::prepared::Prepared;
use crate::index::{
    CHUNK_ROWS, ChunkBounds, FlatChunk, FlatIndex, FlatQuery, FlatRow, ValueHistogram, edges, histogram,
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

    /// A query's part in the bounds; `None` if the index cannot tell for it, so that every entry must be
    /// scored.
    pub(super) fn query(
        &self,
        measure: &Measure,
        query: &Prepared,
        executor: &Executor,
    ) -> Option<FlatQuery> {
        self.0.query(&measure.flat_row(query)?, executor.instructions())
    }

    /// For each query the bounds of all entries. Each chunk is read for all queries before the next.
    pub(super) fn bounds(
        &self,
        queries: &[Arc<FlatQuery>],
        executor: &Executor,
    ) -> Vec<Vec<ChunkBounds<'_>>> {
        let mut bounds: Vec<Vec<_>> = queries.iter().map(|_| Vec::new()).collect();
        let chunks = executor.map(self.0.chunks(), |chunk| {
            queries.iter().map(|query| chunk.bounds(Arc::clone(query))).collect::<Vec<_>>()
        });
        for of_queries in chunks {
            bounds.iter_mut().zip(of_queries).for_each(|(bounds, chunk)| bounds.push(chunk));
        }
        bounds
    }
}
