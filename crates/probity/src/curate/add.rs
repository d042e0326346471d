//! Adding entries.

use super::Addition;
use super::index::index_like_the_others;
use crate::error::{Error, Result};
use crate::library::{Action, ChangeNote, EntryId, LibraryFolder, LibraryState, SegmentBuilder, Writer};
use crate::search::Executor;

/// What [`add`] did.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Added {
    /// The new state.
    pub state: LibraryState,
    /// The id that the first new entry got; the others follow.
    pub first_id: EntryId,
    /// The number of new entries.
    pub entries: u64,
}

/// Adds records to a library, with prepared peaks of the recipes that it stores, and with an index for the
/// methods for which it has one.
///
/// # Errors
/// `InvalidOption` for no record; those of [`LibraryFolder::open`]; `LimitReached` for a record of more
/// than 16 MiB of metadata; `Busy`; `Io`, after which the library is as it was.
pub fn add(
    folder: &LibraryFolder,
    content: Addition,
    note: ChangeNote,
    executor: &Executor,
) -> Result<Added> {
    if content.records().is_empty() {
        return Err(Error::invalid_option("there is no spectrum to add").in_file(folder.path()));
    }
    let mut writer = Writer::existing(folder)?;
    let mut change = writer.next(Action::Add, note)?;
    let recipes = writer.recipes()?;
    let mut segment = SegmentBuilder::new(change.recipes.iter().map(|(digest, _)| *digest));
    let (first_id, entries) = (EntryId(change.next_id), content.records().len() as u64);
    let next_id = first_id.0.checked_add(entries);
    change.next_id =
        next_id.ok_or_else(|| Error::limit("the library has no more ids").in_file(folder.path()))?;
    content.fill(&mut segment, first_id, &recipes, executor)?;
    change.added = Some(segment);
    let state =
        writer.commit_indexed(change, |writer, segment| index_like_the_others(writer, segment, executor))?;
    Ok(Added { state, first_id, entries })
}
