//! A library as a searcher compares it: part by part, as its segments are.

use std::borrow::Cow;
use std::sync::Arc;

use super::comparison::Comparison;
use super::entry_facts::EntryFacts;
use super::executor::Executor;
use super::library_index::{ComparedRows, IndexQuery, LibraryIndex, RowBounds};
use super::measure::Measure;
use super::method::Method;
use super::prepared::Compared;
use super::stored_part::{facts_of, read_compared};
use crate::error::Result;
use crate::library::{Digest, IndexFile, Library, recipe_digest};

/// Where a library has several parts, those with fewer rows than this have no index: it would cost more
/// than it spares.
const SMALL_PART: usize = 256;

/// No position: a row that is withdrawn.
const WITHDRAWN: u32 = u32::MAX;

/// All rows of a library. They are numbered over all parts; a withdrawn row has no position.
#[derive(Debug)]
pub(super) struct Parts {
    parts: Vec<Part>,
    /// The number of each part's first row.
    firsts: Vec<usize>,
    /// For each row its position among the entries.
    positions: Vec<u32>,
}

/// What was found out about the entries on the way, by position.
#[derive(Debug, Default)]
pub(super) struct Entries {
    /// `None` for entries that cannot be compared.
    pub(super) facts: Vec<Option<EntryFacts>>,
    /// The comparable entries that state a precursor: its m/z and their position, nearly ascending.
    pub(super) by_precursor: Vec<(f64, usize)>,
    /// For how many the library stored peaks after the recipe, or an index file.
    pub(super) stored_prepared: usize,
    /// For how many there is an index file.
    pub(super) stored_indexed: usize,
}

#[derive(Debug)]
struct Part {
    rows: Rows,
    index: Option<LibraryIndex>,
}

#[derive(Debug)]
enum Rows {
    Memory(Vec<Option<Compared>>),
    Stored(Arc<IndexFile>),
}

/// A query's part in the bounds of each part.
#[derive(Debug, Clone)]
pub(super) struct PartQueries(Vec<Option<IndexQuery>>);

impl ComparedRows for Rows {
    fn len(&self) -> usize {
        match self {
            Self::Memory(rows) => rows.len(),
            // A file with more rows was refused when it was opened.
            Self::Stored(file) => file.rows() as usize,
        }
    }

    fn compared(&self, row: usize) -> Result<Option<Cow<'_, Compared>>> {
        match self {
            Self::Memory(rows) => Ok(rows[row].as_ref().map(Cow::Borrowed)),
            Self::Stored(file) => Ok(read_compared(file, row)?.map(Cow::Owned)),
        }
    }
}

impl Parts {
    /// Opens the index files of a library; what has none is prepared and indexed in memory.
    ///
    /// # Errors
    /// `Damaged`, with file and section.
    pub(super) fn of(library: &Library, method: &Method, executor: &Executor) -> Result<(Self, Entries)> {
        let comparison = Comparison::of(method);
        let digest = comparison.digest()?;
        let lengths = library.parts();
        let mut firsts = Vec::with_capacity(lengths.len());
        let mut rows = 0;
        for length in &lengths {
            firsts.push(rows);
            rows += length;
        }
        let mut positions = vec![WITHDRAWN; rows];
        // As many as there are entries, of which there are fewer than 2³².
        for (position, number) in (0..library.len()).zip(0..) {
            let (part, row) = library.place(position);
            positions[firsts[part] + row] = number;
        }
        let mut entries = Entries { facts: vec![None; library.len()], ..Entries::default() };
        let mut parts = Vec::with_capacity(lengths.len());
        for (part, (&length, &first)) in lengths.iter().zip(&firsts).enumerate() {
            let positions = &positions[first..first + length];
            let rows = match library.index_file(part, &digest)? {
                Some(file) => entries.read_stored(file, positions)?,
                None => entries.prepare(library, &comparison, part, positions, executor)?,
            };
            let index = match &rows {
                // The method's own condition leaves so few entries that an index is never asked.
                _ if method.candidates.precursor_tolerance.is_some()
                    && method.measure.flat_score().is_none() =>
                {
                    None
                }
                Rows::Stored(file) => LibraryIndex::open(&method.measure, file)?,
                Rows::Memory(_) if lengths.len() > 1 && length < SMALL_PART => None,
                Rows::Memory(_) => LibraryIndex::build(&method.measure, &rows, executor)?,
            };
            parts.push(Part { rows, index });
        }
        Ok((Self { parts, firsts, positions }, entries))
    }

    /// Takes the indexes away.
    pub(super) fn drop_indexes(&mut self) {
        self.parts.iter_mut().for_each(|part| part.index = None);
    }

    /// Whether any part has an index.
    pub(super) fn has_index(&self) -> bool {
        self.parts.iter().any(|part| part.index.is_some())
    }

    /// The position of a row; `None` if it is withdrawn.
    pub(super) fn position(&self, row: usize) -> Option<usize> {
        Some(self.positions[row]).filter(|&position| position != WITHDRAWN).map(|position| position as usize)
    }

    /// The entry at a position as it is compared; `None` if it cannot be.
    ///
    /// # Errors
    /// `Damaged`.
    pub(super) fn compared(&self, library: &Library, position: usize) -> Result<Option<Cow<'_, Compared>>> {
        let (part, row) = library.place(position);
        self.parts[part].rows.compared(row)
    }

    /// A query's part in the bounds; `None` if no index can tell for it, so that every entry must be scored.
    pub(super) fn query(
        &self,
        measure: &Measure,
        query: &Compared,
        executor: &Executor,
    ) -> Option<PartQueries> {
        let query = |part: &Part| part.index.as_ref()?.query(measure, query, executor);
        let queries: Vec<_> = self.parts.iter().map(query).collect();
        queries.iter().any(Option::is_some).then_some(PartQueries(queries))
    }

    /// For each query the bounds of all rows.
    ///
    /// # Errors
    /// `Damaged`.
    pub(super) fn bounds(
        &self,
        queries: &[PartQueries],
        executor: &Executor,
    ) -> Result<Vec<Vec<RowBounds<'_>>>> {
        let mut bounds: Vec<Vec<RowBounds<'_>>> = queries.iter().map(|_| Vec::new()).collect();
        for (number, part) in self.parts.iter().enumerate() {
            let asked: Vec<IndexQuery> = queries.iter().filter_map(|query| query.0[number].clone()).collect();
            let answered = match &part.index {
                Some(index) => index.bounds(&asked, executor)?,
                None => Vec::new(),
            };
            let mut answered = answered.into_iter();
            for (query, bounds) in queries.iter().zip(&mut bounds) {
                match query.0[number].as_ref().and_then(|_| answered.next()) {
                    Some(of_part) => bounds.extend(of_part),
                    None => bounds.push(RowBounds::unknown(part.rows.len())),
                }
            }
        }
        debug_assert_eq!(self.firsts.len(), self.parts.len());
        Ok(bounds)
    }
}

impl Entries {
    /// Takes what an index file says.
    fn read_stored(&mut self, file: IndexFile, positions: &[u32]) -> Result<Rows> {
        if file.rows() != positions.len() as u64 {
            return Err(file.damaged_facts(0, "it has not as many rows as its segment"));
        }
        for (facts, &position) in facts_of(&file)?.zip(positions) {
            let facts = facts?;
            if position != WITHDRAWN {
                self.facts[position as usize] = facts;
                self.stored_indexed += 1;
                self.stored_prepared += 1;
            }
        }
        let by_precursor = file.by_precursor()?;
        self.by_precursor.reserve(by_precursor.len());
        for row in by_precursor {
            let position = positions[row];
            if position != WITHDRAWN {
                let facts = self.facts[position as usize].as_ref();
                let precursor_mz = facts
                    .and_then(|facts| facts.precursor_mz)
                    .ok_or_else(|| file.damaged_facts(row, "it states no precursor"))?;
                self.by_precursor.push((precursor_mz, position as usize));
            }
        }
        Ok(Rows::Stored(Arc::new(file)))
    }

    /// Prepares the entries of a part.
    fn prepare(
        &mut self,
        library: &Library,
        comparison: &Comparison,
        part: usize,
        positions: &[u32],
        executor: &Executor,
    ) -> Result<Rows> {
        let recipe: Digest = recipe_digest(&comparison.prepare);
        let rows: Vec<(usize, u32)> = positions.iter().copied().enumerate().collect();
        let prepared = executor.map(&rows, |&(row, position)| -> Result<_> {
            if position == WITHDRAWN {
                return Ok((None, false));
            }
            let record = library.at(position as usize)?.record();
            let stored = library.prepared(part, row, &recipe)?;
            let was_stored = stored.is_some();
            Ok((comparison.compared(record, stored), was_stored))
        });
        let mut compared = Vec::with_capacity(rows.len());
        for (row, (_, position)) in prepared.into_iter().zip(rows) {
            let (row, was_stored) = row?;
            self.stored_prepared += usize::from(was_stored);
            let (spectrum, facts) = row.unzip();
            compared.push(spectrum);
            let facts: Option<EntryFacts> = facts;
            if position != WITHDRAWN {
                self.facts[position as usize] = facts;
                if let Some(precursor_mz) = facts.and_then(|facts| facts.precursor_mz) {
                    self.by_precursor.push((precursor_mz, position as usize));
                }
            }
        }
        Ok(Rows::Memory(compared))
    }
}
