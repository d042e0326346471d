//! Building the index of some rows.

use std::borrow::Cow;

use super::{ComparedRows, LibraryIndex};
use crate::error::Result;
use crate::index::{
    CHUNK_ROWS, CURVE_CHUNK_ROWS, CurveChunk, CurveIndex, CurveRow, CurveScore, FRAGMENT_BLOCK_ROWS,
    FlatChunk, FlatIndex, FlatRow, FlatScore, FragmentBlock, FragmentIndex, FragmentRow, PairScore,
    ValueHistogram, edges, histogram, put_close_row, put_fragment_peaks,
};
use crate::library::Items;
use crate::progress::Watched;
use crate::search::chunks::{Chunks, CloseRows, RatioParts};
use crate::search::executor::Executor;
use crate::search::fragment_blocks::FragmentBlocks;
use crate::search::measure::Measure;
use crate::search::prepared::Compared;
use crate::units::MassTolerance;

/// Applies `work` to consecutive rows as the index takes them, `size` at a time; `None` if a row has no form
/// that fits.
fn map_rows<R: Send, T: Send>(
    rows: &impl ComparedRows,
    size: usize,
    executor: &Executor,
    row: impl Fn(&Compared) -> Option<R> + Sync + Send,
    work: impl Fn(&[Option<R>]) -> T + Sync + Send,
    watched: &mut Watched<'_>,
) -> Result<Option<Vec<T>>> {
    let numbers: Vec<usize> = (0..rows.len()).collect();
    let chunk = |_, numbers: &[usize]| -> Result<Option<T>> {
        let mut chunk = Vec::with_capacity(numbers.len());
        for &number in numbers {
            let compared = rows.compared(number)?;
            let Some(row) = compared.map_or(Some(None), |compared| row(&compared).map(Some)) else {
                return Ok(None);
            };
            chunk.push(row);
        }
        Ok(Some(work(&chunk)))
    };
    executor.map_chunks_told(&numbers, size, chunk, watched)?.into_iter().collect()
}

/// About as many rows say how the values of a library are distributed.
const HISTOGRAM_ROWS: usize = 32_768;

/// One of so many rows.
struct EveryNth<'a, R>(&'a R, usize);

impl<R: ComparedRows> ComparedRows for EveryNth<'_, R> {
    fn len(&self) -> usize {
        self.0.len().div_ceil(self.1)
    }

    fn compared(&self, row: usize) -> Result<Option<Cow<'_, Compared>>> {
        self.0.compared(row * self.1)
    }
}

pub(super) fn flat(
    score: FlatScore,
    measure: &Measure,
    rows: &impl ComparedRows,
    executor: &Executor,
    watched: &mut Watched<'_>,
) -> Result<Option<LibraryIndex>> {
    let parts = flat_parts((score, CHUNK_ROWS), measure, rows, executor, watched)?;
    Ok(parts.map(|FlatParts { index, chunks, close, ratio_levels }| {
        LibraryIndex::Flat(index, Chunks::Built(chunks), close, RatioParts::Built(ratio_levels))
    }))
}

/// An index of unit-mass spectra, its chunks, each row's values for closer bounds, and what belongs to each chunk beside.
#[derive(Debug)]
pub(in crate::search) struct FlatParts {
    pub(in crate::search) index: FlatIndex,
    pub(in crate::search) chunks: Vec<FlatChunk>,
    pub(in crate::search) close: CloseRows,
    pub(in crate::search) ratio_levels: Items,
}

/// The index of a score in chunks of so many rows; `None` if a row has no form that fits.
pub(in crate::search) fn flat_parts(
    (score, chunk_rows): (FlatScore, usize),
    measure: &Measure,
    rows: &impl ComparedRows,
    executor: &Executor,
    watched: &mut Watched<'_>,
) -> Result<Option<FlatParts>> {
    let row = |compared: &Compared| measure.flat_row(compared);
    // Any edges are safe; those that fit a part of the rows fit all.
    let some = EveryNth(rows, 1 + rows.len() / HISTOGRAM_ROWS);
    // These rows are read once more below, and count there.
    let nobody = &mut Watched::by_nobody();
    let Some(histograms) = map_rows(&some, CHUNK_ROWS, executor, row, histogram, nobody)? else {
        return Ok(None);
    };
    watched.ask()?;
    let mut all = ValueHistogram::default();
    histograms.iter().for_each(|histogram| all.merge(histogram));
    let index = FlatIndex::of(score, edges(score, &all));
    let chunk = |rows: &[Option<FlatRow>]| {
        let chunk = index.chunk(rows);
        let ratio_levels = index.ratio_levels(rows, &chunk);
        (chunk, close_rows(rows), ratio_levels)
    };
    let built = map_rows(rows, chunk_rows, executor, row, chunk, watched)?;
    Ok(built.map(|built| {
        let (mut chunks, mut close, mut ratio_levels) = (Vec::new(), Items::default(), Items::default());
        for (chunk, close_of_chunk, ratios_of_chunk) in built {
            chunks.push(chunk);
            close.append(&close_of_chunk);
            ratio_levels.push(&ratios_of_chunk);
        }
        FlatParts { index, chunks, close: CloseRows::Built(close), ratio_levels }
    }))
}

/// The values of some rows for closer bounds.
fn close_rows(rows: &[Option<FlatRow>]) -> Items {
    let (mut items, mut bytes) = (Items::default(), Vec::new());
    for row in rows {
        bytes.clear();
        if let Some(row) = row {
            put_close_row(row, &mut bytes);
        }
        items.push(&bytes);
    }
    items
}

/// How many rows decide how much of each is kept.
const ROWS_THAT_DECIDE: usize = 256;

pub(super) fn curves(
    score: CurveScore,
    measure: &Measure,
    rows: &impl ComparedRows,
    executor: &Executor,
    watched: &mut Watched<'_>,
) -> Result<Option<LibraryIndex>> {
    let (mut some, mut weights) = (Vec::new(), None);
    // Any choice is safe; the same rows give the same one.
    let every = EveryNth(rows, 1 + rows.len() / ROWS_THAT_DECIDE);
    for number in 0..every.len() {
        if let Some(compared) = every.compared(number)? {
            some.extend(measure.curve_row(&compared));
            weights = weights.or_else(|| measure.curve_weights(&compared));
        }
    }
    let Some(weights) = weights else { return Ok(None) };
    let index = CurveIndex::of(score, weights, &some);
    let row = |compared: &Compared| measure.curve_row(compared);
    let points = index.points();
    let chunk = |rows: &[Option<CurveRow>]| {
        // All rows of a recipe have one grid.
        rows.iter().flatten().all(|row| row.values.len() == points).then(|| index.chunk(rows))
    };
    let chunks = map_rows(rows, CURVE_CHUNK_ROWS, executor, row, chunk, watched)?;
    let chunks: Option<Vec<CurveChunk>> = chunks.and_then(|chunks| chunks.into_iter().collect());
    Ok(chunks.map(|chunks| LibraryIndex::Curves(index, Chunks::Built(chunks))))
}

pub(super) fn fragments(
    (score, tolerance): (PairScore, MassTolerance),
    measure: &Measure,
    rows: &impl ComparedRows,
    executor: &Executor,
    watched: &mut Watched<'_>,
) -> Result<Option<LibraryIndex>> {
    let row = |compared: &Compared| measure.fragment_row(compared);
    let index = FragmentIndex::of(score);
    let block = |rows: &[Option<FragmentRow>]| {
        let mut peaks = Items::default();
        let mut bytes = Vec::new();
        for row in rows {
            bytes.clear();
            if let Some(row) = row {
                put_fragment_peaks(&index, row, &mut bytes);
            }
            peaks.push(&bytes);
        }
        (FragmentBlock::bytes(&index, rows), peaks)
    };
    let blocks =
        map_rows(rows, FRAGMENT_BLOCK_ROWS, executor, row, block, watched)?.map(FragmentBlocks::built);
    Ok(blocks.map(|blocks| LibraryIndex::Fragments(index, tolerance, blocks)))
}
