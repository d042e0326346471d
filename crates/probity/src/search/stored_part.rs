//! What a searcher needs of one segment, as its index file holds it.

use std::borrow::Cow;

use super::comparison::Comparison;
use super::entry_facts::EntryFacts;
use super::executor::Executor;
use super::library_index::{ComparedRows, LibraryIndex};
use super::part_rows::precursor_order;
use super::prepared::Compared;
use crate::error::Result;
use crate::library::{IndexContent, IndexFile, Items, Segment, recipe_digest};
use crate::progress::Watched;
use crate::stored::Stored;

/// A row as it is compared; `None` if it cannot be.
///
/// # Errors
/// `Damaged`.
pub(super) fn read_compared(file: &IndexFile, row: usize) -> Result<Option<Compared>> {
    match file.compared(row)? {
        [] => Ok(None),
        bytes => match Compared::read_whole(bytes) {
            Some(compared) => Ok(Some(compared)),
            None => Err(file.damaged_row(row, "this is no prepared spectrum")),
        },
    }
}

/// Rows prepared in one go.
const CHUNK: usize = 4_096;

/// What the index file of a segment holds for a comparison. The same segment gives the same bytes. Each row counts twice as
/// work that is done: once it is prepared, and once it is in the index.
///
/// # Errors
/// `Damaged` if a row of the segment cannot be read; `Cancelled`.
pub(crate) fn index_content(
    segment: &Segment,
    comparison: &Comparison,
    executor: &Executor,
    watched: &mut Watched<'_>,
) -> Result<IndexContent> {
    let mut content = IndexContent {
        comparison: comparison.digest()?,
        comparison_text: comparison.text()?,
        rows: segment.ids().len() as u64,
        ..IndexContent::default()
    };
    let end = watched.done() + 2 * content.rows;
    let recipe = recipe_digest(&comparison.prepare);
    let rows: Vec<usize> = (0..segment.ids().len()).collect();
    let (mut compared, mut facts) = (Items::default(), Vec::with_capacity(rows.len()));
    for rows in rows.chunks(CHUNK) {
        let prepared = executor.map(rows, |&row| -> Result<_> {
            let compared = comparison.compared(&segment.record(row)?, segment.prepared(row, &recipe)?);
            Ok(compared.map(|(compared, facts)| {
                let mut bytes = Vec::new();
                compared.write(&mut bytes);
                (bytes, facts)
            }))
        });
        for row in prepared {
            let (bytes, of_row) = row?.unzip();
            compared.push(&bytes.unwrap_or_default());
            facts.push(of_row);
        }
        watched.advance(rows.len() as u64)?;
    }
    put_in_order(compared, &facts, &mut content);
    if let Some(index) = LibraryIndex::build(&comparison.measure, &content.compared, executor, watched)? {
        index.store(&mut content)?;
    }
    watched.reach(end)?;
    Ok(content)
}

/// Puts the rows of a segment into the order in which an index file has them.
fn put_in_order(compared: Items, facts: &[Option<EntryFacts>], content: &mut IndexContent) {
    let precursors: Vec<Option<f64>> = facts.iter().map(|facts| facts.as_ref()?.precursor_mz).collect();
    let (order, stated) = precursor_order(&precursors);
    // A segment has fewer than 2³² rows.
    content.by_precursor = order.iter().flat_map(|&row| (row as u32).to_le_bytes()).collect();
    content.facts = order.iter().map(|&row| EntryFacts::kind(facts[row].as_ref())).collect();
    let bytes = |number: Option<f64>| number.unwrap_or_default().to_le_bytes();
    content.precursor_mz = order[..stated].iter().flat_map(|&row| bytes(precursors[row])).collect();
    let retention_index = |row: usize| facts[row].as_ref().and_then(|facts| facts.retention_index);
    if (0..facts.len()).any(|row| retention_index(row).is_some()) {
        content.retention_index = order.iter().flat_map(|&row| bytes(retention_index(row))).collect();
    }
    let range_cm1 = |row: usize| facts[row].as_ref().and_then(|facts| facts.range_cm1);
    if (0..facts.len()).any(|row| range_cm1(row).is_some()) {
        let both = |row: usize| {
            let (low, high) = range_cm1(row).unwrap_or_default();
            [low.to_le_bytes(), high.to_le_bytes()].concat()
        };
        content.range_cm1 = order.iter().flat_map(|&row| both(row)).collect();
    }
    if order.is_sorted() {
        content.compared = compared;
        return;
    }
    for row in order {
        content.compared.push(compared.at(row).unwrap_or_default());
    }
}

impl ComparedRows for Items {
    fn len(&self) -> usize {
        self.count()
    }

    fn compared(&self, row: usize) -> Result<Option<Cow<'_, Compared>>> {
        // What was just written can be read.
        Ok(self.at(row).and_then(Compared::read_whole).map(Cow::Owned))
    }
}
