//! Reading everything of a library and comparing it with its sums.

use std::ffi::c_char;
use std::path::Path;
use std::ptr;

use probity::library::LibraryFolder;

use crate::error::{Failure, probity_error};
use crate::ffi;
use crate::status::PROBITY_ERROR_INTERNAL;
use crate::text::Text;

/// What reading a whole library found. It is never changed, threads may share it, and it may outlive all other handles.
#[derive(Debug)]
pub struct probity_verification {
    problems: Vec<Text>,
    json: Text,
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
        let report = LibraryFolder::at(Path::new(path)).verify()?;
        let json = serde_json::to_string(&report).map_err(|error| {
            Failure::new(PROBITY_ERROR_INTERNAL, format!("no JSON could be made: {error}"))
        })?;
        let problems = report.problems.into_iter().map(Text::new).collect();
        out.write_handle(probity_verification { problems, json: Text::new(json) });
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
