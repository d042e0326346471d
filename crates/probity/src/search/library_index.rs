//! The index of one part of a library: which one the measure has, and how it is built, stored and asked.

mod build;

use std::borrow::Cow;
use std::sync::Arc;

pub(super) use build::{FlatParts, flat_parts};
use probity_kernels::prefetch;

use super::chunks::{Chunks, CloseRows, RatioParts};
use super::executor::Executor;
use super::fragment_blocks::FragmentBlocks;
use super::measure::Measure;
use super::prepared::Compared;
use crate::error::Result;
use crate::index::{
    BLOCK_ROWS, BlockBounds, CHUNK_ROWS, CURVE_CHUNK_ROWS, ChunkBounds, CurveBounds, CurveChunk, CurveIndex,
    CurveQuery, FRAGMENT_BLOCK_ROWS, FlatChunk, FlatIndex, FlatQuery, FragmentIndex, FragmentQuery,
    LevelEdges,
};
use crate::library::{IndexContent, IndexFile};
use crate::progress::Watched;
use crate::stored::Stored;
use crate::units::MassTolerance;

/// An index over consecutive rows.
#[derive(Debug)]
pub(super) enum LibraryIndex {
    /// Of spectra at unit mass.
    Flat(FlatIndex, Chunks<FlatChunk>, CloseRows, RatioParts),
    /// Of spectra whose peaks are paired within a tolerance.
    Fragments(FragmentIndex, MassTolerance, FragmentBlocks),
    /// Of infrared spectra.
    Curves(CurveIndex, Chunks<CurveChunk>),
}

/// A query's part in the bounds of all rows of an index.
#[derive(Debug, Clone)]
pub(super) enum RowQuery {
    Flat(Arc<FlatQuery>),
    Curves(Arc<CurveQuery>),
}

/// Bounds of consecutive rows for one query.
#[derive(Debug)]
pub(super) enum RowBounds<'a> {
    /// Of rows from this one on.
    Flat(ChunkBounds<'a>, &'a CloseRows, usize),
    /// Of infrared spectra, of rows from the first of their chunk on.
    Curves(CurveBounds<'a>),
    /// Nothing is known of the rows; one bound for each block of them.
    Unknown(usize, Vec<f32>),
}

/// The rows that an index is built of: `None` where nothing can be compared.
pub(super) trait ComparedRows: Sync {
    /// The number of rows.
    fn len(&self) -> usize;

    /// One of the rows.
    ///
    /// # Errors
    /// `Damaged`.
    fn compared(&self, row: usize) -> Result<Option<Cow<'_, Compared>>>;
}

impl LibraryIndex {
    /// The index of some rows; `None` if the measure has none, or a row has no form that fits it.
    pub(super) fn build(
        measure: &Measure,
        rows: &impl ComparedRows,
        executor: &Executor,
        watched: &mut Watched<'_>,
    ) -> Result<Option<Self>> {
        if let Some(score) = measure.flat_score() {
            return build::flat(score, measure, rows, executor, watched);
        }
        if let Some(score) = measure.curve_score() {
            return build::curves(score, measure, rows, executor, watched);
        }
        match measure.fragment_score() {
            Some((score, tolerance)) => {
                build::fragments((score, tolerance), measure, rows, executor, watched)
            }
            None => Ok(None),
        }
    }

    /// The index that a file holds; `None` if it holds none.
    ///
    /// # Errors
    /// `Damaged`.
    pub(super) fn open(measure: &Measure, file: &Arc<IndexFile>) -> Result<Option<Self>> {
        let rows_of_part = match measure {
            _ if measure.flat_score().is_some() => CHUNK_ROWS,
            _ if measure.curve_score().is_some() => CURVE_CHUNK_ROWS,
            _ => FRAGMENT_BLOCK_ROWS,
        };
        let parts = usize::try_from(file.rows()).unwrap_or(usize::MAX).div_ceil(rows_of_part);
        match file.bound_parts()? {
            0 if parts > 0 => return Ok(None),
            found if found == parts => {}
            _ => return Err(file.damaged_bounds(0, "the bounds are not those of all rows")),
        }
        if let Some(score) = measure.flat_score() {
            let edges = LevelEdges::read_whole(file.edges()?);
            let edges = edges.ok_or_else(|| file.damaged_bounds(0, "the bounds have no edges"))?;
            let (close, ratio_levels) =
                (CloseRows::Stored(Arc::clone(file)), RatioParts::Stored(Arc::clone(file)));
            return Ok(Some(Self::Flat(
                FlatIndex::of(score, edges),
                Chunks::stored(file)?,
                close,
                ratio_levels,
            )));
        }
        if let Some(score) = measure.curve_score() {
            let index = CurveIndex::read_whole(file.edges()?).filter(|index| index.score() == score);
            let index =
                index.ok_or_else(|| file.damaged_bounds(0, "the bounds are not those of the measure"))?;
            return Ok(Some(Self::Curves(index, Chunks::stored(file)?)));
        }
        match measure.fragment_score() {
            Some((score, tolerance)) => {
                let blocks = FragmentBlocks::stored(file)?;
                Ok(Some(Self::Fragments(FragmentIndex::of(score), tolerance, blocks)))
            }
            None => Ok(None),
        }
    }

    /// Puts the index into a file.
    ///
    /// # Errors
    /// `Damaged` for an index that was itself stored.
    pub(super) fn store(self, content: &mut IndexContent) -> Result<()> {
        let mut bytes = Vec::new();
        match self {
            Self::Flat(index, chunks, close, ratio_levels) => {
                content.close = close.into_items()?;
                content.ratio_levels = ratio_levels.into_items(chunks.len())?;
                index.edges().write(&mut content.edges);
                for number in 0..chunks.len() {
                    bytes.clear();
                    chunks.at(number, |bytes| index.stored_chunk(bytes))?.write(&mut bytes);
                    content.bounds.push(&bytes);
                }
            }
            Self::Curves(index, chunks) => {
                index.write(&mut content.edges);
                for number in 0..chunks.len() {
                    bytes.clear();
                    chunks.at(number, |bytes| index.stored_chunk(bytes))?.write(&mut bytes);
                    content.bounds.push(&bytes);
                }
            }
            Self::Fragments(_, _, blocks) => (content.bounds, content.close) = blocks.into_items()?,
        }
        Ok(())
    }

    /// A query's part in the bounds of all rows; `None` if the index cannot tell for it, so that every row must be scored.
    pub(super) fn row_query(
        &self,
        measure: &Measure,
        query: &Compared,
        executor: &Executor,
    ) -> Option<RowQuery> {
        match self {
            Self::Flat(index, ..) => {
                let query = index.query(&measure.flat_query(query)?, executor.instructions())?;
                Some(RowQuery::Flat(Arc::new(query)))
            }
            Self::Curves(index, _) => {
                let query = index.query(measure.curve_row(query)?, executor.instructions())?;
                Some(RowQuery::Curves(Arc::new(query)))
            }
            Self::Fragments(..) => None,
        }
    }

    /// The same of an index of accurate mass, for which it is the same in all parts of a library.
    pub(super) fn fragment_query(&self, measure: &Measure, query: &Compared) -> Option<FragmentQuery> {
        match self {
            Self::Flat(..) | Self::Curves(..) => None,
            Self::Fragments(index, tolerance, _) => index.query(&measure.fragment_row(query)?, *tolerance),
        }
    }

    /// The blocks of an index of accurate mass.
    pub(super) fn fragment_blocks(&self) -> Option<&FragmentBlocks> {
        match self {
            Self::Flat(..) | Self::Curves(..) => None,
            Self::Fragments(_, _, blocks) => Some(blocks),
        }
    }

    /// For each query the bounds of all rows. Each part of the index is read for all queries before the next.
    ///
    /// # Errors
    /// `Damaged`.
    pub(super) fn bounds(
        &self,
        queries: &[&RowQuery],
        executor: &Executor,
    ) -> Result<Vec<Vec<RowBounds<'_>>>> {
        let parts: Vec<Result<Vec<RowBounds<'_>>>> = match self {
            Self::Flat(index, chunks, close, ratio_levels) => {
                let numbers: Vec<usize> = (0..chunks.len()).collect();
                executor.map(&numbers, |&number| {
                    let chunk = chunks.at(number, |bytes| index.stored_chunk(bytes))?;
                    let ratio_levels = ratio_levels.at(number, chunk)?;
                    let bounds = |query: &&RowQuery| match query {
                        RowQuery::Flat(query) => RowBounds::Flat(
                            chunk.bounds(ratio_levels, Arc::clone(query)),
                            close,
                            number * CHUNK_ROWS,
                        ),
                        RowQuery::Curves(_) => unreachable!("an index gets its own queries"),
                    };
                    Ok(queries.iter().map(bounds).collect())
                })
            }
            Self::Curves(index, chunks) => {
                let numbers: Vec<usize> = (0..chunks.len()).collect();
                executor.map(&numbers, |&number| {
                    let chunk = chunks.at(number, |bytes| index.stored_chunk(bytes))?;
                    let bounds = |query: &&RowQuery| match query {
                        RowQuery::Curves(query) => RowBounds::Curves(chunk.bounds(index, query)),
                        RowQuery::Flat(_) => unreachable!("an index gets its own queries"),
                    };
                    Ok(queries.iter().map(bounds).collect())
                })
            }
            Self::Fragments(..) => Vec::new(),
        };
        let mut bounds: Vec<Vec<_>> = queries.iter().map(|_| Vec::new()).collect();
        for part in parts {
            bounds.iter_mut().zip(part?).for_each(|(bounds, part)| bounds.push(part));
        }
        Ok(bounds)
    }
}

impl BlockBounds for RowBounds<'_> {
    fn rows(&self) -> usize {
        match self {
            Self::Flat(bounds, ..) => bounds.rows(),
            Self::Curves(bounds) => bounds.rows(),
            Self::Unknown(rows, _) => *rows,
        }
    }

    fn blocks(&self) -> &[f32] {
        match self {
            Self::Flat(bounds, ..) => bounds.blocks(),
            Self::Curves(bounds) => bounds.blocks(),
            Self::Unknown(_, blocks) => blocks,
        }
    }

    fn promises(&self) -> &[f32] {
        match self {
            Self::Flat(bounds, ..) => bounds.promises(),
            Self::Curves(_) | Self::Unknown(..) => self.blocks(),
        }
    }

    fn for_each_row(&self, block: usize, threshold: f64, visit: &mut dyn FnMut(usize, f32)) {
        match self {
            Self::Flat(bounds, ..) => bounds.for_each_row(block, threshold, visit),
            Self::Curves(bounds) => bounds.for_each_row(block, threshold, visit),
            Self::Unknown(rows, _) => {
                let block = block * BLOCK_ROWS..rows.min(&((block + 1) * BLOCK_ROWS)).to_owned();
                block.for_each(|row| visit(row, f32::INFINITY));
            }
        }
    }

    fn refine(&mut self, threshold: f64) {
        if let Self::Flat(bounds, ..) = self {
            bounds.refine(threshold);
        }
    }

    fn prefetch_block(&self, block: usize) {
        if let Self::Flat(bounds, ..) = self {
            bounds.prefetch_block(block);
        }
    }

    fn prefetch(&self, row: usize) {
        match self {
            Self::Flat(_, close, first) => {
                // What is wrong with it is told by who reads it.
                if let Ok(values) = close.at(first + row) {
                    prefetch(values);
                }
            }
            Self::Curves(bounds) => bounds.prefetch(row),
            Self::Unknown(..) => {}
        }
    }

    fn closer(&self, row: usize, bound: f32, threshold: f64) -> Result<f32> {
        match self {
            Self::Flat(bounds, close, first) => {
                // What the levels say of both cosine and ratios may be the closer one.
                Ok(bounds.closer(row, close.at(first + row)?, bound, threshold).min(bound))
            }
            Self::Curves(bounds) => bounds.closer(row, bound, threshold),
            Self::Unknown(..) => Ok(bound),
        }
    }
}

impl RowBounds<'_> {
    /// Bounds of rows of which nothing is known.
    pub(super) fn unknown(rows: usize) -> Self {
        Self::Unknown(rows, vec![f32::INFINITY; rows.div_ceil(BLOCK_ROWS)])
    }
}

#[cfg(test)]
mod curve_tests;
#[cfg(test)]
mod test_support;
#[cfg(test)]
mod tests;
