//! The whole way in one call, for hosts that have neither structs nor callbacks.

use std::ffi::c_char;

use probity::finding::Finding;
use probity::search::{Query, SearchOptions};
use serde_json::json;

use crate::error::{Failure, Result};
use crate::ffi::{self, Versioned as _};
use crate::json::json_text;
use crate::query::{curve_query, mass_query};
use crate::searcher::probity_searcher;
use crate::spectrum_description::probity_spectrum_description;
use crate::status::{PROBITY_ERROR_BUFFER_TOO_SMALL, PROBITY_OK};
use crate::unit::PROBITY_AXIS_WAVENUMBER;

/// ---- One call for hosts without structs and callbacks ----
///
/// Searches a mass spectrum of `count` peaks and writes the whole answer as JSON, for hosts that have neither structs nor
/// callbacks (LabVIEW, Visual Basic): plain arrays and numbers only, the searcher as a number of pointer size.
///
/// `needed` gets the bytes of the JSON with its NUL. If `capacity` is less, nothing is written to `buffer` and the
/// status is PROBITY_ERROR_BUFFER_TOO_SMALL; `buffer` NULL with `capacity` 0 only asks for `needed`, and is
/// PROBITY_OK. The same query has the same JSON, so that a second call with a buffer of that size succeeds. A first
/// buffer of one megabyte saves most hosts the second search.
///
/// This is the one call whose outputs are written on failure too, since it hands out no error: `buffer` then gets
/// {"error":{"status":..., "message":...}}, if it fits, and `needed` the bytes of that.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn probity_identify_json(
    searcher: *const probity_searcher,
    mz: *const f64,
    intensity: *const f64,
    count: usize,
    buffer: *mut c_char,
    capacity: usize,
    needed: *mut usize,
) -> i32 {
    let answer = ffi::outcome(|| {
        let (mz, intensity) = (ffi::array!(mz, count, "mz")?, ffi::array!(intensity, count, "intensity")?);
        found(ffi::borrow!(searcher)?, &mass_query(mz, intensity, &probity_spectrum_description::defaults())?)
    });
    // SAFETY: rule O, as the two calls below state it.
    unsafe { hand_out(answer, buffer, capacity, needed) }
}

/// As probity_identify_json(), of an infrared spectrum of `count` points: wavenumbers in cm⁻¹, and values in the unit of
/// a PROBITY_VALUE number.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn probity_identify_curve_json(
    searcher: *const probity_searcher,
    wavenumber_cm1: *const f64,
    values: *const f64,
    count: usize,
    value_unit: i32,
    buffer: *mut c_char,
    capacity: usize,
    needed: *mut usize,
) -> i32 {
    let answer = ffi::outcome(|| {
        let axis = (ffi::array!(wavenumber_cm1, count, "wavenumber_cm1")?, PROBITY_AXIS_WAVENUMBER);
        let values = (ffi::array!(values, count, "values")?, value_unit);
        let query = curve_query(axis, values, &probity_spectrum_description::defaults())?;
        found(ffi::borrow!(searcher)?, &query)
    });
    // SAFETY: rule O, as the two calls below state it.
    unsafe { hand_out(answer, buffer, capacity, needed) }
}

fn found(searcher: &probity_searcher, query: &Query) -> Result<String> {
    json_text(&Finding::of(&searcher.shared.searcher, query, &SearchOptions::default())?)
}

unsafe fn hand_out(answer: Result<String>, buffer: *mut c_char, capacity: usize, needed: *mut usize) -> i32 {
    let needed = match ffi::optional!(needed) {
        Ok(needed) => needed,
        Err(failure) => return failure.status(),
    };
    let (status, text) = match answer {
        Ok(text) => (PROBITY_OK, text),
        Err(failure) => (failure.status(), error_json(&failure)),
    };
    ffi::write_if(needed, text.len() + 1);
    // SAFETY: rule O.
    let fits = unsafe { ffi::copied(&text, buffer, capacity) };
    match status {
        PROBITY_OK if !fits && capacity > 0 => PROBITY_ERROR_BUFFER_TOO_SMALL,
        status => status,
    }
}

/// A failure where an answer was asked for as JSON.
pub(crate) fn error_json(failure: &Failure) -> String {
    json!({ "error": { "status": failure.status(), "message": failure.sentence() } }).to_string()
}
