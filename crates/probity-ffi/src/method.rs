//! How spectra are searched.

use std::ffi::c_char;
use std::ptr;
use std::sync::Arc;

use probity::ErrorKind;
use probity::search::Method;

use crate::error::{Failure, Result, probity_error};
use crate::ffi;
use crate::measure::{Measure, probity_measure};
use crate::status::{PROBITY_ERROR_INTERNAL, PROBITY_ERROR_NOT_FOUND};
use crate::text::Text;
use crate::unit;

/// How spectra are prepared, compared and ordered. It is never changed, threads may share it, and it may be freed while
/// searchers by it remain.
#[derive(Debug)]
pub struct probity_method {
    pub(crate) method: Method,
    pub(crate) measures: Arc<[Measure]>,
    name: Text,
    description: Text,
    digest: Text,
    json: Text,
}

impl probity_method {
    fn new(method: Method) -> Result<Self> {
        let json = serde_json::to_string(&method).map_err(|error| {
            Failure::new(PROBITY_ERROR_INTERNAL, format!("no JSON could be made: {error}"))
        })?;
        Ok(Self {
            measures: method.measure.info().into_iter().map(Measure::new).collect(),
            name: Text::new(method.name.as_str()),
            description: Text::new(method.description.as_str()),
            digest: Text::new(method.digest()?),
            json: Text::new(json),
            method,
        })
    }
}

/// ---- Methods ----
///
/// The number of methods that come with the library.
#[unsafe(no_mangle)]
pub extern "C" fn probity_method_shipped_count() -> usize {
    crate::panic::caught(|| Method::shipped().map_or(0, |methods| methods.len())).unwrap_or(0)
}

/// A method that comes with the library, from 0. Ended by probity_method_free().
#[unsafe(no_mangle)]
pub unsafe extern "C" fn probity_method_shipped(
    index: usize,
    method: *mut *mut probity_method,
    error: *mut *mut probity_error,
) -> i32 {
    ffi::guard!(error, || {
        let (out, mut methods) = (ffi::out!(method)?, Method::shipped()?);
        if index >= methods.len() {
            return Err(Failure::no_element("method", index, methods.len()));
        }
        out.write_handle(probity_method::new(methods.swap_remove(index))?);
        Ok(())
    })
}

/// The method of a name that comes with the library, such as "ei-default" or "ir-default". PROBITY_ERROR_NOT_FOUND for
/// an unknown name; the message lists the known ones. Ended by probity_method_free().
#[unsafe(no_mangle)]
pub unsafe extern "C" fn probity_method_named(
    name: *const c_char,
    name_length: usize,
    method: *mut *mut probity_method,
    error: *mut *mut probity_error,
) -> i32 {
    ffi::guard!(error, || {
        let (out, name) = (ffi::out!(method)?, ffi::text!(name, name_length, "name")?);
        let found = Method::named(name).map_err(|error| match error.kind() {
            ErrorKind::InvalidOption => Failure::new(PROBITY_ERROR_NOT_FOUND, error.message()),
            _ => Failure::from(error),
        })?;
        out.write_handle(probity_method::new(found)?);
        Ok(())
    })
}

/// A method of one's own from its text in TOML, as those in crates/probity/methods are written. Ended by
/// probity_method_free().
#[unsafe(no_mangle)]
pub unsafe extern "C" fn probity_method_from_toml(
    toml: *const c_char,
    toml_length: usize,
    method: *mut *mut probity_method,
    error: *mut *mut probity_error,
) -> i32 {
    ffi::guard!(error, || {
        let (out, text) = (ffi::out!(method)?, ffi::text!(toml, toml_length, "toml")?);
        out.write_handle(probity_method::new(Method::from_toml(text)?)?);
        Ok(())
    })
}

/// Ends a method; searchers by it remain. NULL does nothing.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn probity_method_free(method: *mut probity_method) {
    ffi::free!(method);
}

/// The name. It lives as long as the method. NULL for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn probity_method_name(method: *const probity_method) -> *const c_char {
    ffi::get!(method, ptr::null(), |method| method.name.pointer())
}

/// The version, which is raised whenever results may change. 0 for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn probity_method_version(method: *const probity_method) -> u32 {
    ffi::get!(method, 0, |method| method.method.version)
}

/// What it does and what it is good for. It lives as long as the method. NULL for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn probity_method_description(method: *const probity_method) -> *const c_char {
    ffi::get!(method, ptr::null(), |method| method.description.pointer())
}

/// SHA-256 of its canonical text, 64 hexadecimal digits. It lives as long as the method. NULL for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn probity_method_digest(method: *const probity_method) -> *const c_char {
    ffi::get!(method, ptr::null(), |method| method.digest.pointer())
}

/// The whole method as JSON. It lives as long as the method. NULL for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn probity_method_json(method: *const probity_method) -> *const c_char {
    ffi::get!(method, ptr::null(), |method| method.json.pointer())
}

/// The technique whose spectra it compares: a PROBITY_TECHNIQUE number. 0 for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn probity_method_technique(method: *const probity_method) -> i32 {
    ffi::get!(method, 0, |method| unit::technique_number(method.method.technique))
}

/// The number of measures that a hit may have. 0 for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn probity_method_measure_count(method: *const probity_method) -> usize {
    ffi::get!(method, 0, |method| method.measures.len())
}

/// A measure that a hit may have, from 0; the first orders the hits.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn probity_method_measure(
    method: *const probity_method,
    index: usize,
    measure: *mut probity_measure,
    error: *mut *mut probity_error,
) -> i32 {
    ffi::guard!(error, || {
        let measures = &ffi::borrow!(method)?.measures;
        let found =
            measures.get(index).ok_or_else(|| Failure::no_element("measure", index, measures.len()))?;
        ffi::fill!(measure, found.with_value(f64::NAN))
    })
}
