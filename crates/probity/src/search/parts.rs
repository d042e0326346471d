//! A library as a searcher compares it: part by part, as its segments are.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;

use super::comparison::Comparison;
use super::entry_facts::EntryFacts;
use super::executor::Executor;
use super::fragment_blocks::FragmentBlocks;
use super::library_index::{ComparedRows, LibraryIndex, RowBounds, RowQuery};
use super::measure::Measure;
use super::method::Method;
use super::part_rows::{MemoryRows, PartRows};
use super::prepared::Compared;
use crate::error::Result;
use crate::index::FragmentQuery;
use crate::library::{Digest, IndexFile, Library, recipe_digest};
use crate::progress::Watched;

/// Where a library has several parts, those with fewer rows than this have no index: it would cost more
/// than it spares.
const SMALL_PART: usize = 256;

/// Entries prepared in one go by one thread.
const CHUNK: usize = 256;

/// No position: a row that is withdrawn.
const WITHDRAWN: u32 = u32::MAX;

/// All rows of a library. They are numbered over all parts; a withdrawn row has no position.
#[derive(Debug)]
pub(super) struct Parts {
    parts: Vec<Part>,
    /// The number of each part's first row.
    firsts: Vec<usize>,
    /// For each row of the segments its position among the entries; none where no row is withdrawn, as they stand in the
    /// same order.
    positions: Option<Vec<u32>>,
    /// The rows that are withdrawn.
    withdrawn: Vec<usize>,
}

/// What was found out about the entries on the way.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Found {
    /// For how many the library stored peaks after the recipe, or an index file.
    pub(super) stored_prepared: usize,
    /// For how many there is an index file.
    pub(super) stored_indexed: usize,
}

#[derive(Debug)]
pub(super) struct Part {
    pub(super) rows: PartRows,
    index: Option<LibraryIndex>,
}

/// A query's part in the bounds.
#[derive(Debug, Clone)]
pub(super) enum PartQuery {
    /// Of each part's index that bounds all rows, where it has one.
    Rows(Vec<Option<RowQuery>>),
    /// Of all indexes of accurate mass.
    Fragments(Arc<FragmentQuery>),
}

impl Part {
    /// The blocks of its index, if it has one of accurate mass.
    pub(super) fn fragment_blocks(&self) -> Option<&FragmentBlocks> {
        self.index.as_ref()?.fragment_blocks()
    }
}

impl Parts {
    /// Opens the index files of a library; what has none is prepared and indexed in memory.
    ///
    /// Each row counts twice as work that is done: once it is prepared, and once it is in the index.
    ///
    /// # Errors
    /// `Damaged`, with file and section; `Cancelled`.
    pub(super) fn of(
        library: &Library,
        method: &Method,
        executor: &Executor,
        watched: &mut Watched<'_>,
    ) -> Result<(Self, Found)> {
        let comparison = Comparison::of(method);
        let digest = comparison.digest()?;
        let lengths = library.parts();
        let mut firsts = Vec::with_capacity(lengths.len());
        let mut rows = 0;
        for length in &lengths {
            firsts.push(rows);
            rows += length;
        }
        watched.expect(2 * rows as u64)?;
        let positions = (rows > library.len()).then(|| {
            let mut positions = vec![WITHDRAWN; rows];
            // As many as there are entries, of which there are fewer than 2³².
            for (position, number) in (0..library.len()).zip(0..) {
                let (part, row) = library.place(position);
                positions[firsts[part] + row] = number;
            }
            positions
        });
        let mut parts =
            Self { parts: Vec::with_capacity(lengths.len()), firsts, positions, withdrawn: Vec::new() };
        let mut found = Found::default();
        for (part, &length) in lengths.iter().enumerate() {
            let live = parts.live(part, length);
            let rows = match library.index_file(part, &digest, &mut |_| watched.ask())? {
                Some(file) => {
                    found.stored_indexed += live;
                    found.stored_prepared += live;
                    stored_rows(file, length)?
                }
                None => parts.prepare(library, &comparison, (part, length), executor, &mut found, watched)?,
            };
            let index = match &rows {
                PartRows::Stored(file) => LibraryIndex::open(&method.measure, file)?,
                PartRows::Memory(_) if lengths.len() > 1 && length < SMALL_PART => None,
                PartRows::Memory(_) => LibraryIndex::build(&method.measure, &rows, executor, watched)?,
            };
            if live < length {
                for row in 0..length {
                    if parts.position_in_segment(part, rows.row_of_segment(row)?).is_none() {
                        parts.withdrawn.push(parts.firsts[part] + row);
                    }
                }
            }
            parts.parts.push(Part { rows, index });
            watched.reach(2 * (parts.firsts[part] + length) as u64)?;
        }
        Ok((parts, found))
    }

    /// The entry at a row of a part's segment; `None` if it is withdrawn.
    fn position_in_segment(&self, part: usize, row: usize) -> Option<usize> {
        let number = self.firsts[part] + row;
        match &self.positions {
            None => Some(number),
            Some(positions) => Some(positions[number])
                .filter(|&position| position != WITHDRAWN)
                .map(|position| position as usize),
        }
    }

    /// How many rows of a part are not withdrawn.
    fn live(&self, part: usize, length: usize) -> usize {
        match self.positions {
            None => length,
            Some(_) => (0..length).filter(|&row| self.position_in_segment(part, row).is_some()).count(),
        }
    }

    /// Prepares the entries of a part.
    fn prepare(
        &self,
        library: &Library,
        comparison: &Comparison,
        (part, length): (usize, usize),
        executor: &Executor,
        found: &mut Found,
        watched: &mut Watched<'_>,
    ) -> Result<PartRows> {
        let recipe: Digest = recipe_digest(&comparison.prepare);
        let rows: Vec<usize> = (0..length).collect();
        let prepare = |&row: &usize| -> Result<_> {
            let Some(position) = self.position_in_segment(part, row) else { return Ok((None, false)) };
            let record = library.at(position)?.record();
            let stored = library.prepared(part, row, &recipe)?;
            let was_stored = stored.is_some();
            Ok((comparison.compared(record, stored), was_stored))
        };
        let work = |_, rows: &[usize]| rows.iter().map(prepare).collect::<Vec<_>>();
        let prepared = executor.map_chunks_told(&rows, CHUNK, work, watched)?;
        let mut rows = Vec::with_capacity(length);
        for row in prepared.into_iter().flatten() {
            let (row, was_stored) = row?;
            found.stored_prepared += usize::from(was_stored);
            rows.push(row);
        }
        Ok(PartRows::Memory(MemoryRows::of(rows)))
    }

    /// Takes the indexes away.
    pub(super) fn drop_indexes(&mut self) {
        self.parts.iter_mut().for_each(|part| part.index = None);
    }

    /// Whether any part has an index.
    pub(super) fn has_index(&self) -> bool {
        self.parts.iter().any(|part| part.index.is_some())
    }

    /// All parts, with the number of each one's first row.
    pub(super) fn iter(&self) -> impl Iterator<Item = (usize, &Part)> {
        self.firsts.iter().copied().zip(&self.parts)
    }

    /// The number of rows.
    pub(super) fn rows(&self) -> usize {
        self.iter().last().map_or(0, |(first, part)| first + part.rows.len())
    }

    /// The rows that are withdrawn.
    pub(super) fn withdrawn(&self) -> &[usize] {
        &self.withdrawn
    }

    /// Part and row in it of a row.
    fn place(&self, row: usize) -> (usize, usize) {
        let part = self.firsts.partition_point(|&first| first <= row).saturating_sub(1);
        (part, row - self.firsts[part])
    }

    /// The position of a row among the entries; `None` if it is withdrawn.
    ///
    /// # Errors
    /// `Damaged`.
    pub(super) fn position(&self, row: usize) -> Result<Option<usize>> {
        let (part, row) = self.place(row);
        Ok(self.position_in_segment(part, self.parts[part].rows.row_of_segment(row)?))
    }

    /// The facts of a row; `None` if it cannot be compared.
    ///
    /// # Errors
    /// `Damaged`.
    pub(super) fn facts(&self, row: usize) -> Result<Option<EntryFacts>> {
        let (part, row) = self.place(row);
        self.parts[part].rows.facts(row)
    }

    /// For each of some rows what `of` makes of its facts, which are `None` of a row that cannot be compared.
    ///
    /// # Errors
    /// `Damaged`.
    pub(super) fn map_facts(
        &self,
        rows: Range<usize>,
        of: impl Fn(Option<&EntryFacts>) -> bool,
    ) -> Result<Vec<bool>> {
        let mut mapped = Vec::with_capacity(rows.len());
        for (first, part) in self.iter() {
            let start = rows.start.max(first);
            let end = rows.end.min(first + part.rows.len());
            if start < end {
                part.rows.map_facts(start - first..end - first, &of, &mut mapped)?;
            }
        }
        Ok(mapped)
    }

    /// A row as it is compared; `None` if it cannot be.
    ///
    /// # Errors
    /// `Damaged`.
    pub(super) fn compared(&self, row: usize) -> Result<Option<Cow<'_, Compared>>> {
        let (part, row) = self.place(row);
        self.parts[part].rows.compared(row)
    }

    /// What an index of accurate mass made of the peaks of a row; `None` without such an index.
    ///
    /// # Errors
    /// `Damaged`.
    pub(super) fn peaks(&self, row: usize) -> Result<Option<&[u8]>> {
        let (part, row) = self.place(row);
        self.parts[part].fragment_blocks().map(|blocks| blocks.peaks(row)).transpose()
    }

    /// In each part the rows whose precursors' m/z are not `below` and not `above` something.
    ///
    /// # Errors
    /// `Damaged`.
    pub(super) fn rows_between(
        &self,
        below: impl Fn(f64) -> bool,
        above: impl Fn(f64) -> bool,
    ) -> Result<Vec<Range<usize>>> {
        let range = |(first, part): (usize, &Part)| {
            let start = part.rows.first_precursor(&below)?;
            let end = part.rows.first_precursor(|mz| !above(mz))?;
            Ok(first + start..first + end.max(start))
        };
        self.iter().map(range).collect()
    }

    /// A query's part in the bounds; `None` if no index can tell for it, so that every entry must be scored.
    pub(super) fn query(
        &self,
        measure: &Measure,
        query: &Compared,
        executor: &Executor,
    ) -> Option<PartQuery> {
        let mut indexes = self.parts.iter().filter_map(|part| part.index.as_ref());
        if !measure.bounds_all_rows() {
            return indexes.next()?.fragment_query(measure, query).map(Arc::new).map(PartQuery::Fragments);
        }
        let query = |part: &Part| part.index.as_ref()?.row_query(measure, query, executor);
        let queries: Vec<_> = self.parts.iter().map(query).collect();
        queries.iter().any(Option::is_some).then_some(PartQuery::Rows(queries))
    }

    /// For each query the bounds of all rows.
    ///
    /// # Errors
    /// `Damaged`.
    pub(super) fn bounds(
        &self,
        queries: &[&[Option<RowQuery>]],
        executor: &Executor,
    ) -> Result<Vec<Vec<RowBounds<'_>>>> {
        let mut bounds: Vec<Vec<RowBounds<'_>>> = queries.iter().map(|_| Vec::new()).collect();
        for (number, part) in self.parts.iter().enumerate() {
            let asked: Vec<&RowQuery> = queries.iter().filter_map(|query| query[number].as_ref()).collect();
            let answered = match &part.index {
                Some(index) => index.bounds(&asked, executor)?,
                None => Vec::new(),
            };
            let mut answered = answered.into_iter();
            for (query, bounds) in queries.iter().zip(&mut bounds) {
                match query[number].as_ref().and_then(|_| answered.next()) {
                    Some(of_part) => bounds.extend(of_part),
                    None => bounds.push(RowBounds::unknown(part.rows.len())),
                }
            }
        }
        Ok(bounds)
    }
}

/// Takes what an index file says of the rows of a segment.
fn stored_rows(file: IndexFile, length: usize) -> Result<PartRows> {
    if file.rows() == length as u64 {
        return Ok(PartRows::Stored(Arc::new(file)));
    }
    Err(file.damaged_facts(0, "it has not as many rows as its segment"))
}
