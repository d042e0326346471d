//! The index of a searcher: which one the method's measure has, and how it is built and asked.

use std::sync::Arc;

use super::executor::Executor;
use super::measure::Measure;
use super::method::Method;
use super::prepared::Prepared;
use crate::index::{
    BlockBounds, CHUNK_ROWS, ChunkBounds, FRAGMENT_BLOCK_ROWS, FlatChunk, FlatIndex, FlatQuery, FlatScore,
    FragmentBlock, FragmentBounds, FragmentIndex, FragmentQuery, PairScore, ValueHistogram, edges, histogram,
};
use crate::units::MassTolerance;

/// An index over the prepared entries of a library, by position.
#[derive(Debug)]
pub(super) enum LibraryIndex {
    /// Of spectra at unit mass.
    Flat(FlatIndex),
    /// Of spectra whose peaks are paired within a tolerance.
    Fragments(FragmentIndex, MassTolerance),
}

/// A query's part in the bounds.
#[derive(Debug, Clone)]
pub(super) enum IndexQuery {
    Flat(Arc<FlatQuery>),
    Fragments(Arc<FragmentQuery>),
}

/// Bounds of consecutive entries for one query.
#[derive(Debug)]
pub(super) enum EntryBounds<'a> {
    Flat(ChunkBounds<'a>),
    Fragments(FragmentBounds<'a>),
}

impl LibraryIndex {
    /// The index that the method has; `None` if its measure has none, an entry has no form that fits it, or
    /// it would never be asked because the method's own condition on the precursor leaves few entries.
    pub(super) fn build(method: &Method, prepared: &[Option<Prepared>], executor: &Executor) -> Option<Self> {
        let measure = &method.measure;
        if let Some(score) = measure.flat_score() {
            return flat(score, measure, prepared, executor).map(Self::Flat);
        }
        let (score, tolerance) = measure.fragment_score()?;
        if method.candidates.precursor_tolerance.is_some() {
            return None;
        }
        fragments(score, measure, prepared, executor).map(|index| Self::Fragments(index, tolerance))
    }

    /// A query's part in the bounds; `None` if the index cannot tell for it, so that every entry must be
    /// scored.
    pub(super) fn query(
        &self,
        measure: &Measure,
        query: &Prepared,
        executor: &Executor,
    ) -> Option<IndexQuery> {
        match self {
            Self::Flat(index) => {
                let query = index.query(&measure.flat_row(query)?, executor.instructions())?;
                Some(IndexQuery::Flat(Arc::new(query)))
            }
            Self::Fragments(index, tolerance) => {
                index.query(&measure.fragment_row(query)?, *tolerance).map(IndexQuery::Fragments)
            }
        }
    }

    /// For each query the bounds of all entries. Each part of the index is read for all queries before the
    /// next.
    pub(super) fn bounds(&self, queries: &[IndexQuery], executor: &Executor) -> Vec<Vec<EntryBounds<'_>>> {
        let parts: Vec<Vec<EntryBounds<'_>>> = match self {
            Self::Flat(index) => executor.map(index.chunks(), |chunk| {
                let flat = queries.iter().filter_map(|query| match query {
                    IndexQuery::Flat(query) => Some(query),
                    IndexQuery::Fragments(_) => None,
                });
                flat.map(|query| EntryBounds::Flat(chunk.bounds(Arc::clone(query)))).collect()
            }),
            Self::Fragments(index, _) => executor.map(index.blocks(), |block| {
                let fragments = queries.iter().filter_map(|query| match query {
                    IndexQuery::Fragments(query) => Some(query),
                    IndexQuery::Flat(_) => None,
                });
                fragments.map(|query| EntryBounds::Fragments(block.bounds(query))).collect()
            }),
        };
        let mut bounds: Vec<Vec<_>> = queries.iter().map(|_| Vec::new()).collect();
        for part in parts {
            bounds.iter_mut().zip(part).for_each(|(bounds, part)| bounds.push(part));
        }
        bounds
    }
}

/// Rows of consecutive entries; `None` if one has no form that fits.
fn rows<R>(entries: &[Option<Prepared>], row: impl Fn(&Prepared) -> Option<R>) -> Option<Vec<Option<R>>> {
    let of = |entry: &Option<Prepared>| match entry {
        Some(entry) => row(entry).map(Some),
        None => Some(None),
    };
    entries.iter().map(of).collect()
}

fn flat(
    score: FlatScore,
    measure: &Measure,
    prepared: &[Option<Prepared>],
    executor: &Executor,
) -> Option<FlatIndex> {
    let rows = |entries: &[Option<Prepared>]| rows(entries, |entry| measure.flat_row(entry));
    let histograms =
        executor.map_chunks(prepared, CHUNK_ROWS, |_, entries| rows(entries).map(|rows| histogram(&rows)));
    let mut all = ValueHistogram::default();
    for histogram in histograms {
        all.merge(&histogram?);
    }
    let edges = edges(score, &all);
    let chunks = executor
        .map_chunks(prepared, CHUNK_ROWS, |_, entries| Some(FlatChunk::of(score, &rows(entries)?, &edges)));
    Some(FlatIndex::of(score, edges, chunks.into_iter().collect::<Option<_>>()?))
}

fn fragments(
    score: PairScore,
    measure: &Measure,
    prepared: &[Option<Prepared>],
    executor: &Executor,
) -> Option<FragmentIndex> {
    let blocks = executor.map_chunks(prepared, FRAGMENT_BLOCK_ROWS, |_, entries| {
        rows(entries, |entry| measure.fragment_row(entry)).map(|rows| FragmentBlock::of(&rows))
    });
    Some(FragmentIndex::of(score, blocks.into_iter().collect::<Option<_>>()?))
}

impl BlockBounds for EntryBounds<'_> {
    fn rows(&self) -> usize {
        match self {
            Self::Flat(bounds) => bounds.rows(),
            Self::Fragments(bounds) => bounds.rows(),
        }
    }

    fn blocks(&self) -> &[f32] {
        match self {
            Self::Flat(bounds) => bounds.blocks(),
            Self::Fragments(bounds) => bounds.blocks(),
        }
    }

    fn for_each_row(&self, block: usize, visit: &mut dyn FnMut(usize, f32)) {
        match self {
            Self::Flat(bounds) => bounds.for_each_row(block, visit),
            Self::Fragments(bounds) => bounds.for_each_row(block, visit),
        }
    }
}
