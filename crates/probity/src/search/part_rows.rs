//! The rows of one part of a library: what is compared, and what conditions ask of it. Rows that state a precursor come
//! first, in the order of its m/z; a column says which row of its segment each is.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;

use super::entry_facts::{EntryFacts, NOT_COMPARABLE};
use super::library_index::ComparedRows;
use super::prepared::Compared;
use super::stored_part::read_compared;
use crate::error::Result;
use crate::library::IndexFile;

/// Rows in memory, or where they are stored.
#[derive(Debug)]
pub(super) enum PartRows {
    Memory(MemoryRows),
    Stored(Arc<IndexFile>),
}

/// Rows in memory.
#[derive(Debug)]
pub(super) struct MemoryRows {
    compared: Vec<Option<Compared>>,
    /// `None` for rows that cannot be compared.
    facts: Vec<Option<EntryFacts>>,
    /// Which row of the segment each is.
    by_precursor: Vec<usize>,
    /// How many state a precursor.
    precursors: usize,
}

/// The order in which rows with these precursors stand, and how many state one.
pub(super) fn precursor_order(precursors: &[Option<f64>]) -> (Vec<usize>, usize) {
    let mut order: Vec<usize> = (0..precursors.len()).collect();
    // Stable: rows without a precursor keep their order behind the others.
    order.sort_by(|&a, &b| match (precursors[a], precursors[b]) {
        (Some(a), Some(b)) => a.total_cmp(&b),
        (a, b) => a.is_none().cmp(&b.is_none()),
    });
    (order, precursors.iter().flatten().count())
}

impl MemoryRows {
    /// The rows of a segment; `None` for those that cannot be compared.
    pub(super) fn of(rows: Vec<Option<(Compared, EntryFacts)>>) -> Self {
        let precursor_mz = |row: &Option<(Compared, EntryFacts)>| row.as_ref()?.1.precursor_mz;
        let (by_precursor, precursors) = precursor_order(&rows.iter().map(precursor_mz).collect::<Vec<_>>());
        let mut rows = rows;
        let (compared, facts) = by_precursor.iter().map(|&row| rows[row].take().unzip()).unzip();
        Self { compared, facts, by_precursor, precursors }
    }
}

impl ComparedRows for PartRows {
    fn len(&self) -> usize {
        match self {
            Self::Memory(rows) => rows.compared.len(),
            // A file with more rows was refused when it was opened.
            Self::Stored(file) => file.rows() as usize,
        }
    }

    fn compared(&self, row: usize) -> Result<Option<Cow<'_, Compared>>> {
        match self {
            Self::Memory(rows) => Ok(rows.compared[row].as_ref().map(Cow::Borrowed)),
            Self::Stored(file) => Ok(read_compared(file, row)?.map(Cow::Owned)),
        }
    }
}

impl PartRows {
    /// Which row of the segment a row is.
    ///
    /// # Errors
    /// `Damaged`.
    pub(super) fn row_of_segment(&self, row: usize) -> Result<usize> {
        match self {
            Self::Memory(rows) => Ok(rows.by_precursor[row]),
            Self::Stored(file) => file.row_of_segment(row),
        }
    }

    /// What each row states, without the numbers.
    ///
    /// # Errors
    /// `Damaged`.
    pub(super) fn kinds(&self) -> Result<Cow<'_, [u8]>> {
        match self {
            Self::Memory(rows) => {
                Ok(rows.facts.iter().map(|facts| EntryFacts::kind(facts.as_ref())).collect())
            }
            Self::Stored(file) => file.facts().map(Cow::Borrowed),
        }
    }

    /// The facts of a row; `None` if it cannot be compared.
    ///
    /// # Errors
    /// `Damaged`.
    pub(super) fn facts(&self, row: usize) -> Result<Option<EntryFacts>> {
        let file = match self {
            Self::Memory(rows) => return Ok(rows.facts[row]),
            Self::Stored(file) => file,
        };
        let kind = file.facts_of(row)?;
        if kind == NOT_COMPARABLE {
            return Ok(None);
        }
        let Some(mut facts) = EntryFacts::of_kind(kind) else {
            return Err(file.damaged_facts(row, "these are no facts of an entry"));
        };
        if let Some(precursor_mz) = &mut facts.precursor_mz {
            *precursor_mz = file.precursor_mz(row)?;
        }
        if let Some(retention_index) = &mut facts.retention_index {
            *retention_index = file.retention_index(row)?;
        }
        if let Some(range) = &mut facts.range_cm1 {
            *range = file.range_cm1(row)?;
        }
        Ok(Some(facts))
    }

    /// Appends for each of some rows what `of` makes of its facts, which is asked once for neighbours with the same ones: those of
    /// infrared spectra seldom differ.
    ///
    /// # Errors
    /// `Damaged`.
    pub(super) fn map_facts(
        &self,
        rows: Range<usize>,
        of: impl Fn(Option<&EntryFacts>) -> bool,
        mapped: &mut Vec<bool>,
    ) -> Result<()> {
        let file = match self {
            Self::Memory(memory) => {
                mapped.extend(memory.facts[rows].iter().map(|facts| of(facts.as_ref())));
                return Ok(());
            }
            Self::Stored(file) => file,
        };
        let (kinds, ranges) = (file.facts()?, file.ranges_cm1()?);
        let mut last = None;
        for row in rows {
            let stored = (kinds[row], ranges.get(row));
            let of_row = match last {
                Some((same, of_last)) if same == stored && EntryFacts::is_told_by_range(stored.0) => of_last,
                _ => of(self.facts(row)?.as_ref()),
            };
            last = Some((stored, of_row));
            mapped.push(of_row);
        }
        Ok(())
    }

    /// The first row whose precursor's m/z is not `before`, of those that state one; `before` holds for the lower ones.
    ///
    /// # Errors
    /// `Damaged`.
    pub(super) fn first_precursor(&self, before: impl Fn(f64) -> bool) -> Result<usize> {
        let (mut first, mut end) = match self {
            Self::Memory(rows) => (0, rows.precursors),
            Self::Stored(file) => (0, file.precursors()?),
        };
        while first < end {
            let middle = usize::midpoint(first, end);
            let precursor_mz = match self {
                Self::Memory(rows) => {
                    rows.facts[middle].and_then(|facts| facts.precursor_mz).unwrap_or(f64::NAN)
                }
                Self::Stored(file) => file.precursor_mz(middle)?,
            };
            if before(precursor_mz) { first = middle + 1 } else { end = middle }
        }
        Ok(first)
    }
}
