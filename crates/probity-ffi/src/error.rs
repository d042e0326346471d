//! What went wrong, in full.

use std::ffi::c_char;
use std::ptr;

use probity::{Error, Location};

use crate::ffi;
use crate::status::{PROBITY_ERROR_INDEX_OUT_OF_RANGE, status_of};
use crate::text::{self, Text};

/// What went wrong: a status, a sentence for an analyst, and the place. Made by the function that failed, and freed
/// with probity_error_free(). One thread at a time; it may outlive all other handles. Its texts live as long as it.
#[derive(Debug)]
pub struct probity_error {
    status: i32,
    message: Text,
    sentence: Text,
    file: Option<Text>,
    section: Option<Text>,
    field: Option<Text>,
    record: u64,
    line: u64,
    offset: Option<u64>,
}

/// Why a call failed, before C sees it.
#[derive(Debug, Clone)]
pub(crate) struct Failure {
    status: i32,
    message: String,
    sentence: String,
    location: Box<Location>,
}

/// The result of everything that an exported function does.
pub(crate) type Result<T, E = Failure> = std::result::Result<T, E>;

impl Failure {
    pub(crate) fn new(status: i32, message: impl Into<String>) -> Self {
        let message = message.into();
        Self { status, sentence: message.clone(), message, location: Box::default() }
    }

    /// For an element that is not there.
    pub(crate) fn no_element(what: &str, index: usize, count: usize) -> Self {
        let message = format!("there is no {what} {index}: there are {count}, counted from 0");
        Self::new(PROBITY_ERROR_INDEX_OUT_OF_RANGE, message)
    }

    pub(crate) fn status(&self) -> i32 {
        self.status
    }

    pub(crate) fn message(&self) -> &str {
        &self.message
    }

    pub(crate) fn sentence(&self) -> &str {
        &self.sentence
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::from(&error)
    }
}

impl From<&Error> for Failure {
    fn from(error: &Error) -> Self {
        Self {
            status: status_of(error.kind()),
            message: error.message().to_owned(),
            sentence: error.to_string(),
            location: Box::new(error.location().clone()),
        }
    }
}

impl From<Failure> for probity_error {
    fn from(failure: Failure) -> Self {
        let Failure { status, message, sentence, location } = failure;
        let location = *location;
        Self {
            status,
            message: Text::new(message),
            sentence: Text::new(sentence),
            file: location.file.map(|file| Text::new(file.to_string_lossy().into_owned())),
            section: text::optional(location.section),
            field: text::optional(location.field.as_deref()),
            record: location.record.unwrap_or(0),
            line: location.line.unwrap_or(0),
            offset: location.offset,
        }
    }
}

/// ---- Errors ----
///
/// Ends an error. NULL does nothing.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn probity_error_free(error: *mut probity_error) {
    ffi::free!(error);
}

/// The status: the same that the failed function returned. 0 for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn probity_error_status(error: *const probity_error) -> i32 {
    ffi::get!(error, 0, |error| error.status)
}

/// The whole sentence: place and message, ready to be shown. NULL for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn probity_error_text(error: *const probity_error) -> *const c_char {
    ffi::get!(error, ptr::null(), |error| error.sentence.pointer())
}

/// The sentence without the place. NULL for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn probity_error_message(error: *const probity_error) -> *const c_char {
    ffi::get!(error, ptr::null(), |error| error.message.pointer())
}

/// The file, as the caller named it; NULL if it is about no file.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn probity_error_file(error: *const probity_error) -> *const c_char {
    ffi::get!(error, ptr::null(), |error| text::pointer(error.file.as_ref()))
}

/// The section of a library's file; NULL if it is about none.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn probity_error_section(error: *const probity_error) -> *const c_char {
    ffi::get!(error, ptr::null(), |error| text::pointer(error.section.as_ref()))
}

/// The field, as the format spells it; NULL if it is about none.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn probity_error_field(error: *const probity_error) -> *const c_char {
    ffi::get!(error, ptr::null(), |error| text::pointer(error.field.as_ref()))
}

/// The record of a file, from 1; 0 if it is about none.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn probity_error_record(error: *const probity_error) -> u64 {
    ffi::get!(error, 0, |error| error.record)
}

/// The line of the (decompressed) text, from 1; 0 if it is about none.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn probity_error_line(error: *const probity_error) -> u64 {
    ffi::get!(error, 0, |error| error.line)
}

/// The byte of a file that is not text, from 0; -1 if it is about none.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn probity_error_offset(error: *const probity_error) -> i64 {
    let none = -1;
    ffi::get!(error, none, |error| error.offset.and_then(|offset| i64::try_from(offset).ok()).unwrap_or(none))
}
