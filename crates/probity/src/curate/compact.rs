//! Compacting.

use super::index::index_like_the_others;
use crate::error::{Error, Result};
use crate::library::{Action, ChangeNote, LibraryFolder, LibraryState, SegmentBuilder, Writer};
use crate::search::Executor;

/// Writes all entries that are not withdrawn into one segment, under their ids, with an index for the methods
/// for which the library has one, and removes the files
/// that no state names. Earlier states keep their segments, so that old findings can be replayed.
///
/// # Errors
/// Those of [`LibraryFolder::open`]; `InvalidOption` if every entry is withdrawn; `Busy`; `Io`, after
/// which the library is as it was.
pub fn compact(folder: &LibraryFolder, note: ChangeNote, executor: &Executor) -> Result<LibraryState> {
    let mut writer = Writer::existing(folder)?;
    let mut change = writer.next(Action::Compact, note)?;
    let recipes: Vec<_> = change.recipes.iter().map(|(digest, _)| *digest).collect();
    let mut segment = SegmentBuilder::new(recipes.iter().copied());
    let segments = writer.segments()?;
    let withdrawn = std::mem::take(&mut change.tombstones);
    let mut entries = 0;
    for opened in &segments {
        segment.sources(opened.sources().iter().cloned());
        for (row, id) in opened.ids().iter().enumerate() {
            if withdrawn.binary_search_by_key(&id.0, |tombstone| tombstone.id).is_err() {
                segment.push(*id, &opened.stored(row, &recipes)?);
                entries += 1;
            }
        }
    }
    if entries == 0 {
        let message = "every entry is withdrawn: there is nothing to compact";
        return Err(Error::invalid_option(message).in_file(folder.path()));
    }
    // A library whose segments are mapped cannot lose them on every system.
    drop(segments);
    change.keeps_segments = false;
    change.added = Some(segment);
    // Before the commit, so that an error never comes with a change that is there all the same.
    writer.remove_left_over()?;
    writer.commit_indexed(change, |writer, segment| index_like_the_others(writer, segment, executor))
}
