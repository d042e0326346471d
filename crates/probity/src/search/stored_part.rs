//! What a searcher needs of one segment, as its index file holds it.

use std::borrow::Cow;

use super::comparison::Comparison;
use super::entry_facts::{EntryFacts, FACTS_BYTES};
use super::executor::Executor;
use super::library_index::{ComparedRows, LibraryIndex};
use super::prepared::Compared;
use crate::error::Result;
use crate::library::{IndexContent, IndexFile, Items, Segment, recipe_digest};
use crate::stored::Stored;

/// The facts of all rows.
///
/// # Errors
/// `Damaged`.
pub(super) fn facts_of(file: &IndexFile) -> Result<impl Iterator<Item = Result<Option<EntryFacts>>> + '_> {
    let rows = file.facts(FACTS_BYTES)?.as_chunks().0.iter().enumerate();
    Ok(rows.map(|(row, bytes)| {
        EntryFacts::from_bytes(bytes).ok_or_else(|| file.damaged_facts(row, "these are no facts of an entry"))
    }))
}

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

/// What the index file of a segment holds for a comparison. The same segment gives the same bytes.
///
/// # Errors
/// `Damaged` if a row of the segment cannot be read.
pub(crate) fn index_content(
    segment: &Segment,
    comparison: &Comparison,
    executor: &Executor,
    progress: &mut dyn FnMut(usize),
) -> Result<IndexContent> {
    let mut content = IndexContent {
        comparison: comparison.digest()?,
        comparison_text: comparison.text()?,
        rows: segment.ids().len() as u64,
        ..IndexContent::default()
    };
    let recipe = recipe_digest(&comparison.prepare);
    let rows: Vec<usize> = (0..segment.ids().len()).collect();
    let mut by_precursor: Vec<(f64, usize)> = Vec::new();
    for rows in rows.chunks(CHUNK) {
        let compared = executor.map(rows, |&row| -> Result<_> {
            let compared = comparison.compared(&segment.record(row)?, segment.prepared(row, &recipe)?);
            Ok(compared.map(|(compared, facts)| {
                let mut bytes = Vec::new();
                compared.write(&mut bytes);
                (bytes, facts)
            }))
        });
        for (row, compared) in rows.iter().zip(compared) {
            let (bytes, facts) = compared?.unzip();
            content.compared.push(&bytes.unwrap_or_default());
            content.facts.extend(EntryFacts::to_bytes(facts.as_ref()));
            if let Some(precursor_mz) = facts.and_then(|facts| facts.precursor_mz) {
                by_precursor.push((precursor_mz, *row));
            }
        }
        progress(rows.len());
    }
    by_precursor.sort_by(|a, b| a.0.total_cmp(&b.0));
    // A segment has fewer than 2³² rows.
    content.by_precursor = by_precursor.iter().flat_map(|(_, row)| (*row as u32).to_le_bytes()).collect();
    if let Some(index) = LibraryIndex::build(&comparison.measure, &content.compared, executor)? {
        index.store(&mut content)?;
    }
    Ok(content)
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
