//! Reading everything of a library and comparing it with its sums.

use std::ffi::c_char;
use std::path::Path;
use std::ptr;

use probity::library::{LibraryFolder, VerifyReport};

use crate::error::{Failure, Result, probity_error};
use crate::ffi;
use crate::json::json_text;
use crate::status::PROBITY_ERROR_INVALID_OPTION;
use crate::text::Text;
use crate::work_options::probity_work_options;

/// What reading a whole library found. It is never changed, threads may share it, and it may outlive all other handles.
#[derive(Debug)]
pub struct probity_verification {
    problems: Vec<Text>,
    json: Text,
}

impl probity_verification {
    fn of(report: VerifyReport) -> Result<Self> {
        let json = Text::new(json_text(&report)?);
        Ok(Self { problems: report.problems.into_iter().map(Text::new).collect(), json })
    }
}

/// ---- Verifying libraries ----
///
/// Reads all files of all states of a library folder: every checksum, every entry against its digest, every state
/// against its own. What does not agree is no error of the call, but stands in the result. Ended by
/// probity_verification_free().
#[unsafe(no_mangle)]
pub unsafe extern "C" fn probity_library_verify(
    path: *const c_char,
    path_length: usize,
    verification: *mut *mut probity_verification,
    error: *mut *mut probity_error,
) -> i32 {
    ffi::guard!(error, || {
        let (out, path) = (ffi::out!(verification)?, ffi::text!(path, path_length, "path")?);
        out.write_handle(probity_verification::of(LibraryFolder::at(Path::new(path)).verify()?)?);
        Ok(())
    })
}

/// As probity_library_verify(), watched: `progress` counts entries that are read and compared. It runs on the calling
/// thread: `threads` must be 0 or 1. `options` may be NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn probity_library_verify_watched(
    path: *const c_char,
    path_length: usize,
    options: *const probity_work_options,
    verification: *mut *mut probity_verification,
    error: *mut *mut probity_error,
) -> i32 {
    ffi::guard!(error, || {
        let (out, options) = (ffi::out!(verification)?, ffi::options!(options)?);
        let path = ffi::text!(path, path_length, "path")?;
        if options.threads > 1 {
            let message = "a library is verified on one thread; threads must be 0 or 1";
            return Err(Failure::new(PROBITY_ERROR_INVALID_OPTION, message));
        }
        let progress = options.progress();
        let watch = &mut |done| progress.tell(done);
        let report = LibraryFolder::at(Path::new(path)).verify_watched(watch)?;
        out.write_handle(probity_verification::of(report)?);
        Ok(())
    })
}

/// Ends a verification. NULL does nothing.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn probity_verification_free(verification: *mut probity_verification) {
    ffi::free!(verification);
}

/// The number of things that do not agree: 0 for a sound library, and for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn probity_verification_problem_count(
    verification: *const probity_verification,
) -> usize {
    ffi::get!(verification, 0, |verification| verification.problems.len())
}

/// A sentence about what does not agree, from 0, which names file and section. It lives as long as the verification.
/// NULL if there is none.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn probity_verification_problem(
    verification: *const probity_verification,
    index: usize,
) -> *const c_char {
    ffi::get!(verification, ptr::null(), |verification| {
        verification.problems.get(index).map_or(ptr::null(), Text::pointer)
    })
}

/// What was read and found, as JSON: sound states, segments, bytes, entries, index files, problems, files that no state
/// names. It lives as long as the verification. NULL for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn probity_verification_json(
    verification: *const probity_verification,
) -> *const c_char {
    ffi::get!(verification, ptr::null(), |verification| verification.json.pointer())
}
