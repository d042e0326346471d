//! A library that is open.

use std::ffi::c_char;
use std::path::Path;
use std::ptr;
use std::sync::{Arc, OnceLock};

use probity::format::ReadReport;
use probity::library::{Library, LibraryScope, Opened, open_library_watched, starter};
use serde_json::json;

use crate::callback::Log;
use crate::error::{Result, probity_error};
use crate::ffi;
use crate::json::json_text;
use crate::notices::Notices;
use crate::open_options::probity_open_options;
use crate::text::Text;

/// Whole spectra, as published.
pub const PROBITY_SCOPE_SPECTRA: i32 = 1;
/// Principal ions of a few substances only: good for candidates, never for more.
pub const PROBITY_SCOPE_STARTER: i32 = 2;

/// One state of a library, open for searching. It is never changed, any number of threads may share it, and it may be
/// freed while searchers of it remain.
#[derive(Debug)]
pub struct probity_library {
    pub(crate) library: Arc<Library>,
    name: Text,
    digest: Text,
    notices: Notices,
    json: OnceLock<Text>,
}

impl probity_library {
    fn new(opened: Opened, log: Log) -> Self {
        let notices = Notices::told(&opened.report, &opened.skipped, opened.library.name(), log);
        Self::of(opened.library, notices)
    }

    fn of(library: Library, notices: Notices) -> Self {
        Self {
            name: Text::new(library.name()),
            digest: Text::new(library.digest()),
            library: Arc::new(library),
            notices,
            json: OnceLock::new(),
        }
    }

    /// What the library is, with its state and the files it was made of.
    fn json(&self) -> Result<&Text> {
        if let Some(text) = self.json.get() {
            return Ok(text);
        }
        let library = &self.library;
        let description = json!({
            "name": library.name(),
            "digest": library.digest(),
            "scope": library.scope(),
            "entries": library.len(),
            "state": library.state(),
            "sources": library.sources(),
        });
        let text = json_text(&description)?;
        Ok(self.json.get_or_init(|| Text::new(text)))
    }
}

/// Opens a library: the folder of one, or a spectrum file or folder of them that is read as one. `path` is UTF-8.
/// `options` may be NULL. Ended by probity_library_free().
#[unsafe(no_mangle)]
pub unsafe extern "C" fn probity_library_open(
    path: *const c_char,
    path_length: usize,
    options: *const probity_open_options,
    library: *mut *mut probity_library,
    error: *mut *mut probity_error,
) -> i32 {
    ffi::guard!(error, || {
        let (out, options) = (ffi::out!(library)?, ffi::options!(options)?);
        let path = ffi::text!(path, path_length, "path")?;
        let (opening, progress) = (options.open_options()?, options.progress());
        let opened = open_library_watched(&[Path::new(path)], &opening, &mut |done| progress.tell(done))?;
        out.write_handle(probity_library::new(opened, options.log()));
        Ok(())
    })
}

/// Opens the starter library, which is part of this library: the principal ions of a few substances, for trying out.
/// Ended by probity_library_free().
#[unsafe(no_mangle)]
pub unsafe extern "C" fn probity_library_open_starter(
    library: *mut *mut probity_library,
    error: *mut *mut probity_error,
) -> i32 {
    ffi::guard!(error, || {
        let out = ffi::out!(library)?;
        let opened = starter().open(&Default::default(), Default::default())?;
        let nothing = Log { callback: None, user_data: ptr::null_mut() };
        out.write_handle(probity_library::of(
            opened,
            Notices::told(&ReadReport::default(), &[], "", nothing),
        ));
        Ok(())
    })
}

/// Ends a library; searchers of it remain. NULL does nothing.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn probity_library_free(library: *mut probity_library) {
    ffi::free!(library);
}

/// The name. It lives as long as the library. NULL for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn probity_library_name(library: *const probity_library) -> *const c_char {
    ffi::get!(library, ptr::null(), |library| library.name.pointer())
}

/// SHA-256 over the ids of the entries and all that they state, 64 hexadecimal digits. It lives as long as the
/// library. NULL for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn probity_library_digest(library: *const probity_library) -> *const c_char {
    ffi::get!(library, ptr::null(), |library| library.digest.pointer())
}

/// The number of entries. 0 for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn probity_library_entry_count(library: *const probity_library) -> u64 {
    ffi::get!(library, 0, |library| library.library.len() as u64)
}

/// The number of the state that is open, from 1; 0 of spectrum files, which have no states.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn probity_library_state(library: *const probity_library) -> u64 {
    ffi::get!(library, 0, |library| library.library.state().map_or(0, |state| state.number))
}

/// How far its answers reach: a PROBITY_SCOPE number. 0 for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn probity_library_scope(library: *const probity_library) -> i32 {
    ffi::get!(library, 0, |library| match library.library.scope() {
        LibraryScope::Spectra => PROBITY_SCOPE_SPECTRA,
        LibraryScope::Starter => PROBITY_SCOPE_STARTER,
    })
}

/// The library as JSON: name, digest, scope, entries, state (when, by whom and why it was made) and the files that the
/// entries were read from. It lives as long as the library. `length` may be NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn probity_library_json(
    library: *const probity_library,
    json: *mut *const c_char,
    length: *mut usize,
    error: *mut *mut probity_error,
) -> i32 {
    ffi::guard!(error, || {
        let (library, json) = (ffi::borrow!(library)?, ffi::out!(json)?);
        let length = ffi::optional!(length)?;
        let text = library.json()?;
        json.write(text.pointer());
        ffi::write_if(length, text.length());
        Ok(())
    })
}

/// The number of records that could not be read when spectrum files were opened; they are no entries. 0 for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn probity_library_records_skipped(library: *const probity_library) -> u64 {
    ffi::get!(library, 0, |library| library.notices.records_skipped)
}

/// How often something was repaired, ignored or skipped when spectrum files were opened, and how many files of a folder
/// were passed over; all 0 of a library folder. Any output may be NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn probity_library_report(
    library: *const probity_library,
    repaired: *mut u64,
    ignored: *mut u64,
    skipped: *mut u64,
    files_passed_over: *mut u64,
    error: *mut *mut probity_error,
) -> i32 {
    ffi::guard!(error, || {
        let notices = &ffi::borrow!(library)?.notices;
        let (repaired, ignored) = (ffi::optional!(repaired)?, ffi::optional!(ignored)?);
        let (skipped, files_passed_over) = (ffi::optional!(skipped)?, ffi::optional!(files_passed_over)?);
        ffi::write_if(repaired, notices.repaired);
        ffi::write_if(ignored, notices.ignored);
        ffi::write_if(skipped, notices.skipped);
        ffi::write_if(files_passed_over, notices.files_passed_over);
        Ok(())
    })
}

/// The number of sentences about what was repaired, ignored, skipped or passed over when spectrum files were opened;
/// at most 1,000 of files are kept.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn probity_library_notice_count(library: *const probity_library) -> usize {
    ffi::get!(library, 0, |library| library.notices.sentences.len())
}

/// A sentence about what happened on opening, from 0. It lives as long as the library. NULL if there is none.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn probity_library_notice(
    library: *const probity_library,
    index: usize,
) -> *const c_char {
    ffi::get!(library, ptr::null(), |library| {
        library.notices.sentences.get(index).map_or(ptr::null(), Text::pointer)
    })
}
