//! Looking after libraries: their index, their history, what is doubtful in them.

use std::ffi::c_char;
use std::path::Path;

use probity::curate::audit::{AuditOptions, audit_watched};
use probity::curate::{self, Indexed};
use probity::library::storage::Access;
use probity::library::{Entry, LibraryFolder, StateSelector};
use probity::search::Method;

use crate::error::{Result, probity_error};
use crate::ffi;
use crate::json::probity_json;
use crate::library::probity_library;
use crate::method::probity_method;
use crate::work_options::probity_work_options;

/// What making an index led to. An output: set struct_size, the call fills the rest.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct probity_indexed {
    /// sizeof (probity_indexed).
    pub struct_size: u32,
    /// 0.
    pub reserved: i32,
    /// Index files written.
    pub files_written: u64,
    /// Their bytes.
    pub bytes_written: u64,
    /// Index files that were there already.
    pub files_kept: u64,
    /// Of those written, how many took the place of one that could not be read.
    pub files_replaced: u64,
}

ffi::versioned!(
    probity_indexed,
    Self {
        struct_size: 0,
        reserved: 0,
        files_written: 0,
        bytes_written: 0,
        files_kept: 0,
        files_replaced: 0
    }
);

impl From<Indexed> for probity_indexed {
    fn from(indexed: Indexed) -> Self {
        Self {
            struct_size: 0,
            reserved: 0,
            files_written: indexed.written,
            bytes_written: indexed.bytes,
            files_kept: indexed.kept,
            files_replaced: indexed.replaced,
        }
    }
}

/// The methods that an index is made for.
fn methods(folder: &LibraryFolder, asked: Option<&probity_method>) -> Result<Vec<Method>> {
    match asked {
        Some(method) => Ok(vec![method.method.clone()]),
        None => {
            let counts = folder.open(&StateSelector::Latest, Access::Mapped)?.spectrum_counts()?;
            Ok(Method::first_choices(counts)?)
        }
    }
}

/// ---- Looking after libraries ----
///
/// Stores in the library in the folder `path` what searching by a method needs, so that searchers are made in
/// milliseconds. No answer and no state changes, and later additions get an index too. `method` NULL stands for the
/// first choices of what the library holds: "ei-default" for mass spectra, "ir-default" for curves. PROBITY_ERROR_BUSY
/// while another program changes the library. `progress` counts entries, each twice: prepared, and in the index; after
/// PROBITY_ERROR_CANCELLED index files that were finished stay. `options` and `indexed` may be NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn probity_library_index(
    path: *const c_char,
    path_length: usize,
    method: *const probity_method,
    options: *const probity_work_options,
    indexed: *mut probity_indexed,
    error: *mut *mut probity_error,
) -> i32 {
    ffi::guard!(error, || {
        let options = ffi::options!(options)?;
        let folder = LibraryFolder::at(Path::new(ffi::text!(path, path_length, "path")?));
        ffi::check_size!(indexed)?;
        let asked = if method.is_null() { None } else { Some(ffi::borrow!(method)?) };
        let (methods, executor) = (methods(&folder, asked)?, options.executor()?);
        let progress = options.progress();
        let made = curate::index_watched(&folder, &methods, &executor, &mut |done| progress.tell(done))?;
        ffi::fill_if!(indexed, probity_indexed::from(made))
    })
}

/// The states of the library in the folder `path` as JSON: of each its number, when, by whom and why it was made, its
/// entries and digest, what is withdrawn and why; and what is wrong among them. Ended by probity_json_free().
#[unsafe(no_mangle)]
pub unsafe extern "C" fn probity_library_history(
    path: *const c_char,
    path_length: usize,
    history: *mut *mut probity_json,
    error: *mut *mut probity_error,
) -> i32 {
    ffi::guard!(error, || {
        let (out, path) = (ffi::out!(history)?, ffi::text!(path, path_length, "path")?);
        out.write_handle(probity_json::of(&LibraryFolder::at(Path::new(path)).history()?)?);
        Ok(())
    })
}

/// Points out doubtful entries of a library, as JSON: how many findings there are of each kind, each finding with its
/// severity, entries and a sentence, and what could not be checked. It changes nothing. `progress` counts entries, each
/// twice: on its own, and among the others. `options` may be NULL. Ended by probity_json_free().
#[unsafe(no_mangle)]
pub unsafe extern "C" fn probity_library_audit(
    library: *const probity_library,
    options: *const probity_work_options,
    report: *mut *mut probity_json,
    error: *mut *mut probity_error,
) -> i32 {
    ffi::guard!(error, || {
        let (out, options) = (ffi::out!(report)?, ffi::options!(options)?);
        let library = &ffi::borrow!(library)?.library;
        let (executor, progress) = (options.executor()?, options.progress());
        let entries = library.entries().collect::<probity::Result<Vec<&Entry>>>()?;
        let watch = &mut |done| progress.tell(done);
        let found = audit_watched(&entries, &AuditOptions::default(), &executor, watch)?;
        out.write_handle(probity_json::of(&found)?);
        Ok(())
    })
}
