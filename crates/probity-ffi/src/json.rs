//! Answers that are JSON and nothing else.

use std::ffi::c_char;
use std::ptr;

use serde::Serialize;

use crate::error::{Failure, Result};
use crate::ffi;
use crate::status::PROBITY_ERROR_INTERNAL;
use crate::text::Text;

/// An answer as JSON. It is never changed, threads may share it, and it may outlive all other handles.
#[derive(Debug)]
pub struct probity_json {
    text: Text,
}

impl probity_json {
    pub(crate) fn of(value: &impl Serialize) -> Result<Self> {
        Ok(Self { text: Text::new(json_text(value)?) })
    }
}

/// A value as JSON.
pub(crate) fn json_text(value: &impl Serialize) -> Result<String> {
    serde_json::to_string(value)
        .map_err(|error| Failure::new(PROBITY_ERROR_INTERNAL, format!("no JSON could be made: {error}")))
}

/// Ends an answer. NULL does nothing.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn probity_json_free(json: *mut probity_json) {
    ffi::free!(json);
}

/// The JSON. It lives as long as the answer. NULL for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn probity_json_text(json: *const probity_json) -> *const c_char {
    ffi::get!(json, ptr::null(), |json| json.text.pointer())
}

/// The bytes of the JSON, without the NUL. 0 for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn probity_json_length(json: *const probity_json) -> usize {
    ffi::get!(json, 0, |json| json.text.length())
}
