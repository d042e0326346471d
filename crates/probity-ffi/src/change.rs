//! Making libraries and adding to them.

use std::ffi::c_char;
use std::path::Path;
use std::ptr;
use std::time::{SystemTime, UNIX_EPOCH};

use probity::curate::{self, Addition, NewLibrary};
use probity::library::{ChangeNote, EntryId, LibraryFolder, LibraryState};
use probity::search::Executor;

use crate::batch::all;
use crate::error::{Failure, Result, probity_error};
use crate::ffi;
use crate::query::probity_query;
use crate::status::PROBITY_ERROR_INVALID_OPTION;

/// By whom, when and why a library is changed. Fill it with probity_change_options_init(). Texts are UTF-8, each with
/// its length in bytes.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct probity_change_options {
    /// sizeof (probity_change_options).
    pub struct_size: u32,
    /// Threads that prepare entries: 0 (default) for as many as there are processors. The result does not depend on it.
    pub threads: u32,
    /// When, in seconds since 1970-01-01 00:00:00 UTC; 0 (default) for now.
    pub time_unix_s: i64,
    /// Who; may be NULL.
    pub operator_name: *const c_char,
    /// Bytes of `operator_name`.
    pub operator_name_length: usize,
    /// Why; may be NULL.
    pub note: *const c_char,
    /// Bytes of `note`.
    pub note_length: usize,
}

ffi::versioned!(
    probity_change_options,
    Self {
        struct_size: 0,
        threads: 0,
        time_unix_s: 0,
        operator_name: ptr::null(),
        operator_name_length: 0,
        note: ptr::null(),
        note_length: 0,
    }
);

/// What a change led to. An output: set struct_size, the call fills the rest. When the call returns, it is durable.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct probity_change {
    /// sizeof (probity_change).
    pub struct_size: u32,
    /// 0.
    pub reserved: i32,
    /// The number of the new state.
    pub state: u64,
    /// The id of the first new entry; the others follow. 0 if none is new.
    pub first_entry_id: u64,
    /// The number of new entries.
    pub entries_added: u64,
    /// The number of entries in the new state.
    pub entries: u64,
}

ffi::versioned!(
    probity_change,
    Self { struct_size: 0, reserved: 0, state: 0, first_entry_id: 0, entries_added: 0, entries: 0 }
);

impl probity_change_options {
    fn note(&self) -> Result<ChangeNote> {
        let stated = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        let time_unix_s = match self.time_unix_s {
            0 => {
                let now = SystemTime::now().duration_since(UNIX_EPOCH).map_err(|_| {
                    Failure::new(PROBITY_ERROR_INVALID_OPTION, "the clock stands before 1970")
                })?;
                i64::try_from(now.as_secs()).unwrap_or(i64::MAX)
            }
            time => time,
        };
        Ok(ChangeNote {
            time_unix_s,
            operator: stated(ffi::text!(self.operator_name, self.operator_name_length, "operator_name")?),
            note: stated(ffi::text!(self.note, self.note_length, "note")?),
        })
    }
}

/// ---- Changing libraries ----
///
/// Fills options for a change with the defaults. `size` is sizeof (probity_change_options).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn probity_change_options_init(
    options: *mut probity_change_options,
    size: usize,
    error: *mut *mut probity_error,
) -> i32 {
    ffi::init!(options, size, error)
}

fn addition(queries: &[Option<&probity_query>]) -> Result<Addition> {
    Ok(Addition::from_queries(all(queries)?.into_iter().map(|query| query.query.clone())))
}

/// Makes a library called `name` of `count` spectra, in the folder `path`, which must be empty or not there; the first
/// gets id 1. The library keeps the names and the SHA-256 of the files or buffers that the spectra were read from.
/// `options` and `change` may be NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn probity_library_build(
    path: *const c_char,
    path_length: usize,
    name: *const c_char,
    name_length: usize,
    queries: *const *const probity_query,
    count: usize,
    options: *const probity_change_options,
    change: *mut probity_change,
    error: *mut *mut probity_error,
) -> i32 {
    ffi::guard!(error, || {
        let options = ffi::options!(options)?;
        let folder = LibraryFolder::at(Path::new(ffi::text!(path, path_length, "path")?));
        let library = NewLibrary::named(ffi::text!(name, name_length, "name")?);
        let content = addition(ffi::array!(queries.cast::<Option<&probity_query>>(), count, "queries")?)?;
        ffi::check_size!(change)?;
        let executor = Executor::new(options.threads as usize)?;
        let state = curate::build(&folder, library, content, options.note()?, &executor)?;
        ffi::fill_if!(
            change,
            probity_change {
                struct_size: 0,
                reserved: 0,
                state: state.number,
                first_entry_id: 1,
                entries_added: state.entries,
                entries: state.entries,
            }
        )
    })
}

/// Adds `count` spectra to the library in the folder `path`: a new state, which readers of earlier ones do not notice.
/// Entries get an index where the library has one. The library keeps the names and the SHA-256 of the files or buffers
/// that the spectra were read from. PROBITY_ERROR_BUSY while another program changes the library; after any error it is
/// as it was. `options` and `change` may be NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn probity_library_add(
    path: *const c_char,
    path_length: usize,
    queries: *const *const probity_query,
    count: usize,
    options: *const probity_change_options,
    change: *mut probity_change,
    error: *mut *mut probity_error,
) -> i32 {
    ffi::guard!(error, || {
        let options = ffi::options!(options)?;
        let folder = LibraryFolder::at(Path::new(ffi::text!(path, path_length, "path")?));
        let content = addition(ffi::array!(queries.cast::<Option<&probity_query>>(), count, "queries")?)?;
        ffi::check_size!(change)?;
        let executor = Executor::new(options.threads as usize)?;
        let added = curate::add(&folder, content, options.note()?, &executor)?;
        ffi::fill_if!(
            change,
            probity_change {
                struct_size: 0,
                reserved: 0,
                state: added.state.number,
                first_entry_id: added.first_id.0,
                entries_added: added.entries,
                entries: added.state.entries,
            }
        )
    })
}

impl probity_change {
    /// A change that added nothing.
    fn without_entries(state: &LibraryState) -> Self {
        Self {
            struct_size: 0,
            reserved: 0,
            state: state.number,
            first_entry_id: 0,
            entries_added: 0,
            entries: state.entries,
        }
    }
}

/// Withdraws `count` entries from the library in the folder `path`, for a `reason` that the library keeps: a new state
/// without them. They stay in earlier states, and their ids are never given again. PROBITY_ERROR_INVALID_OPTION for an
/// empty reason and for an id that the library has not, or not any more; PROBITY_ERROR_BUSY while another program
/// changes the library. After any error it is as it was. `options` and `change` may be NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn probity_library_withdraw(
    path: *const c_char,
    path_length: usize,
    entry_ids: *const u64,
    count: usize,
    reason: *const c_char,
    reason_length: usize,
    options: *const probity_change_options,
    change: *mut probity_change,
    error: *mut *mut probity_error,
) -> i32 {
    ffi::guard!(error, || {
        let options = ffi::options!(options)?;
        let folder = LibraryFolder::at(Path::new(ffi::text!(path, path_length, "path")?));
        let ids = ffi::array!(entry_ids, count, "entry_ids")?;
        let ids: Vec<EntryId> = ids.iter().copied().map(EntryId).collect();
        let reason = ffi::text!(reason, reason_length, "reason")?;
        ffi::check_size!(change)?;
        let state = curate::withdraw(&folder, &ids, reason, options.note()?)?;
        ffi::fill_if!(change, probity_change::without_entries(&state))
    })
}

/// Writes all entries of the library in the folder `path` that are not withdrawn into one file, under their ids, with an
/// index where the library has one, and removes files that no state names: a new state of the same entries. Earlier
/// states can still be opened. PROBITY_ERROR_BUSY while another program changes the library; after any error it is as
/// it was. `options` and `change` may be NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn probity_library_compact(
    path: *const c_char,
    path_length: usize,
    options: *const probity_change_options,
    change: *mut probity_change,
    error: *mut *mut probity_error,
) -> i32 {
    ffi::guard!(error, || {
        let options = ffi::options!(options)?;
        let folder = LibraryFolder::at(Path::new(ffi::text!(path, path_length, "path")?));
        ffi::check_size!(change)?;
        let executor = Executor::new(options.threads as usize)?;
        let state = curate::compact(&folder, options.note()?, &executor)?;
        ffi::fill_if!(change, probity_change::without_entries(&state))
    })
}
