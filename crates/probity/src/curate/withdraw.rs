//! Withdrawing entries.

use crate::error::{Error, Result};
use crate::library::{Action, ChangeNote, EntryId, LibraryFolder, LibraryState, TombstoneData, Writer};

/// Withdraws entries, for a reason that the library keeps. The entries stay in earlier states, and their
/// ids are never given again.
///
/// # Errors
/// `InvalidOption` for no id, an empty reason, or an id that the library has not or not any more; those
/// of [`LibraryFolder::open`]; `Busy`; `Io`, after which the library is as it was.
pub fn withdraw(
    folder: &LibraryFolder,
    ids: &[EntryId],
    reason: &str,
    note: ChangeNote,
) -> Result<LibraryState> {
    let refuse = |message: String| Err(Error::invalid_option(message).in_file(folder.path()));
    if ids.is_empty() {
        return refuse("no entry is named that is to be withdrawn".to_owned());
    }
    if reason.trim().is_empty() {
        return refuse("entries are withdrawn for a reason; none is given".to_owned());
    }
    let mut writer = Writer::existing(folder)?;
    let mut change = writer.next(Action::Withdraw, note)?;
    let state = writer.next_number();
    let mut ids = ids.to_vec();
    ids.sort_unstable();
    ids.dedup();
    let segments = writer.segments()?;
    for id in ids {
        let place = change.tombstones.binary_search_by_key(&id.0, |tombstone| tombstone.id);
        match place {
            Ok(_) => return refuse(format!("entry {id} is withdrawn already")),
            Err(place) if segments.iter().any(|segment| segment.contains(id)) => {
                let reason = reason.trim().to_owned();
                change.tombstones.insert(place, TombstoneData { id: id.0, manifest: state, reason });
            }
            Err(_) => return refuse(format!("the library has no entry {id}")),
        }
    }
    writer.commit(change)
}
