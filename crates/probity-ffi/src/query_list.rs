//! The records of an input.

use std::ffi::c_char;
use std::path::Path;
use std::ptr;

use probity::format::{Input, read_bytes, read_file};
use probity::search::InputQueries;

use crate::callback::{Log, PROBITY_LOG_NOTICE};
use crate::error::probity_error;
use crate::ffi;
use crate::notices::Notices;
use crate::query::probity_query;
use crate::read_options::probity_read_options;
use crate::text::Text;

/// What is searched for of one file or buffer, in its order, and what its reader did besides reading. It is never changed,
/// threads may share it, and it may outlive all other handles; its queries live as long as it.
#[derive(Debug)]
pub struct probity_query_list {
    queries: Vec<probity_query>,
    records_passed_over: u64,
    format: Text,
    sha256: Text,
    notices: Notices,
}

impl probity_query_list {
    fn new(input: Input, log: Log) -> Self {
        let format = Text::new(input.format.to_string());
        let sha256 = Text::new(input.sha256.as_str());
        let mut notices = Notices::told(&input.report, &[], &input.name, log);
        let name = input.name.clone();
        let InputQueries { searched, passed_over, .. } = InputQueries::of(input);
        for record in &passed_over {
            notices.tell(PROBITY_LOG_NOTICE, format!("{name}: {record}"), log);
        }
        Self {
            queries: searched.into_iter().map(probity_query::from).collect(),
            records_passed_over: passed_over.len() as u64,
            format,
            sha256,
            notices,
        }
    }
}

/// Reads a file of any format that the library reads, told by its content; also compressed with gzip. `path` is
/// UTF-8. `options` may be NULL. Ended by probity_query_list_free().
#[unsafe(no_mangle)]
pub unsafe extern "C" fn probity_query_list_from_file(
    path: *const c_char,
    path_length: usize,
    options: *const probity_read_options,
    list: *mut *mut probity_query_list,
    error: *mut *mut probity_error,
) -> i32 {
    ffi::guard!(error, || {
        let (out, options) = (ffi::out!(list)?, ffi::options!(options)?);
        let path = ffi::text!(path, path_length, "path")?;
        let input = read_file(Path::new(path), &options.read_options())?;
        out.write_handle(probity_query_list::new(input, options.log()));
        Ok(())
    })
}

/// Reads `length` bytes of any format that the library reads, as if they were a file called `name`, which stands in
/// errors and names records that have no name of their own. The bytes are copied. `options` may be NULL. Ended by
/// probity_query_list_free().
#[unsafe(no_mangle)]
pub unsafe extern "C" fn probity_query_list_from_bytes(
    bytes: *const u8,
    length: usize,
    name: *const c_char,
    name_length: usize,
    options: *const probity_read_options,
    list: *mut *mut probity_query_list,
    error: *mut *mut probity_error,
) -> i32 {
    ffi::guard!(error, || {
        let (out, options) = (ffi::out!(list)?, ffi::options!(options)?);
        let name = ffi::text!(name, name_length, "name")?;
        let input = read_bytes(ffi::array!(bytes, length, "bytes")?, name, &options.read_options())?;
        out.write_handle(probity_query_list::new(input, options.log()));
        Ok(())
    })
}

/// Ends a list and its queries. NULL does nothing.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn probity_query_list_free(list: *mut probity_query_list) {
    ffi::free!(list);
}

/// The number of queries. 0 for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn probity_query_list_count(list: *const probity_query_list) -> usize {
    ffi::get!(list, 0, |list| list.queries.len())
}

/// A query of the list, from 0, which lives as long as the list. NULL if there is none.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn probity_query_list_query(
    list: *const probity_query_list,
    index: usize,
) -> *const probity_query {
    ffi::get!(list, ptr::null(), |list| list.queries.get(index).map_or(ptr::null(), ptr::from_ref))
}

/// The name of the format. It lives as long as the list. NULL for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn probity_query_list_format(list: *const probity_query_list) -> *const c_char {
    ffi::get!(list, ptr::null(), |list| list.format.pointer())
}

/// SHA-256 of the input as stored, 64 hexadecimal digits. It lives as long as the list. NULL for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn probity_query_list_sha256(list: *const probity_query_list) -> *const c_char {
    ffi::get!(list, ptr::null(), |list| list.sha256.pointer())
}

/// The number of records that could not be read and are not in the list. 0 for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn probity_query_list_records_skipped(list: *const probity_query_list) -> u64 {
    ffi::get!(list, 0, |list| list.notices.records_skipped)
}

/// The number of records that were read and are not in the list because a spectrum in it was computed from them: single
/// beams, interferograms and the like of instrument files. Each is a sentence among the notices. Where the input holds
/// nothing else they are queries, and searching says what is wrong with them. 0 for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn probity_query_list_records_passed_over(list: *const probity_query_list) -> u64 {
    ffi::get!(list, 0, |list| list.records_passed_over)
}

/// How often the reader repaired, ignored or skipped something; 0 for what was read as it stands. Any output may be
/// NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn probity_query_list_report(
    list: *const probity_query_list,
    repaired: *mut u64,
    ignored: *mut u64,
    skipped: *mut u64,
    error: *mut *mut probity_error,
) -> i32 {
    ffi::guard!(error, || {
        let notices = &ffi::borrow!(list)?.notices;
        let (repaired, ignored) = (ffi::optional!(repaired)?, ffi::optional!(ignored)?);
        let skipped = ffi::optional!(skipped)?;
        ffi::write_if(repaired, notices.repaired);
        ffi::write_if(ignored, notices.ignored);
        ffi::write_if(skipped, notices.skipped);
        Ok(())
    })
}

/// The number of sentences about what the reader did, of which at most 1,000 are kept, and about each record that was
/// passed over.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn probity_query_list_notice_count(list: *const probity_query_list) -> usize {
    ffi::get!(list, 0, |list| list.notices.sentences.len())
}

/// A sentence about what the reader did, from 0. It lives as long as the list. NULL if there is none.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn probity_query_list_notice(
    list: *const probity_query_list,
    index: usize,
) -> *const c_char {
    ffi::get!(list, ptr::null(), |list| list.notices.sentences.get(index).map_or(ptr::null(), Text::pointer))
}
