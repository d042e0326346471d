//! A spectrum of something unknown, or one that is to become an entry of a library.

use std::ffi::c_char;
use std::sync::OnceLock;

use probity::search::Query;
use probity::spectrum::{Axis, Curve, CurveKind, MassSpectrum, PeakList, Spectrum};

use crate::error::{Failure, Result, probity_error};
use crate::ffi;
use crate::library::probity_library;
use crate::spectrum_description::probity_spectrum_description;
use crate::status::{PROBITY_ERROR_NOT_FINITE, PROBITY_ERROR_NOT_FOUND, PROBITY_ERROR_UNSUPPORTED};
use crate::text::Text;
use crate::unit;

/// One spectrum with what is said of it: a query, or what is to be added to a library. It is never changed, threads
/// may share it, and it may outlive all other handles. One that belongs to a query list is freed with that list.
#[derive(Debug)]
pub struct probity_query {
    pub(crate) query: Query,
    name: Text,
    /// Of a curve.
    axis: OnceLock<Vec<f64>>,
}

impl From<Query> for probity_query {
    fn from(query: Query) -> Self {
        Self { name: Text::new(query.record.name.as_str()), query, axis: OnceLock::new() }
    }
}

/// Every number must be one.
fn finite(values: &[f64], name: &str) -> Result<Vec<f64>> {
    match values.iter().position(|value| !value.is_finite()) {
        Some(index) => {
            let message = format!("{name}[{index}] is {}, which is not a finite number", values[index]);
            Err(Failure::new(PROBITY_ERROR_NOT_FINITE, message))
        }
        None => Ok(values.to_vec()),
    }
}

/// A mass spectrum from arrays.
pub(crate) fn mass_query(
    mz: &[f64],
    intensity: &[f64],
    description: &probity_spectrum_description,
) -> Result<Query> {
    let peaks = PeakList::try_new(finite(mz, "mz")?, finite(intensity, "intensity")?)?;
    let acquisition = description.acquisition()?;
    let spectrum = Spectrum::Mass(MassSpectrum { peaks, acquisition, ..MassSpectrum::default() });
    Ok(Query::from_record(description.record(spectrum)?))
}

/// A curve from arrays.
pub(crate) fn curve_query(
    (axis, axis_unit): (&[f64], i32),
    (values, value_unit): (&[f64], i32),
    description: &probity_spectrum_description,
) -> Result<Query> {
    let axis = Axis::of_points(finite(axis, "axis")?)?;
    let values = (finite(values, "values")?, unit::value_unit(value_unit)?);
    let curve = Curve::try_new(CurveKind::Spectrum, (axis, unit::axis_unit(axis_unit)?), values)?;
    let spectrum = Spectrum::Curve(curve.acquisition(description.curve_acquisition()?));
    Ok(Query::from_record(description.record(spectrum)?))
}

/// Makes a mass spectrum from `count` peaks: `mz` (finite, greater than 0, in any order) and `intensity` (finite, not
/// negative, in any unit). Both are copied. `description` may be NULL. Ended by probity_query_free().
#[unsafe(no_mangle)]
pub unsafe extern "C" fn probity_query_from_peaks(
    mz: *const f64,
    intensity: *const f64,
    count: usize,
    description: *const probity_spectrum_description,
    query: *mut *mut probity_query,
    error: *mut *mut probity_error,
) -> i32 {
    ffi::guard!(error, || {
        let out = ffi::out!(query)?;
        let (mz, intensity) = (ffi::array!(mz, count, "mz")?, ffi::array!(intensity, count, "intensity")?);
        out.write_handle(probity_query::from(mass_query(mz, intensity, &ffi::options!(description)?)?));
        Ok(())
    })
}

/// Makes an infrared spectrum from `count` points: `axis` (finite, ascending or descending, in the unit of a
/// PROBITY_AXIS number) and `values` (finite, in the unit of a PROBITY_VALUE number). Both are copied. `description`
/// may be NULL. Ended by probity_query_free().
#[unsafe(no_mangle)]
pub unsafe extern "C" fn probity_query_from_curve(
    axis: *const f64,
    axis_unit: i32,
    values: *const f64,
    value_unit: i32,
    count: usize,
    description: *const probity_spectrum_description,
    query: *mut *mut probity_query,
    error: *mut *mut probity_error,
) -> i32 {
    ffi::guard!(error, || {
        let out = ffi::out!(query)?;
        let (axis, values) = (ffi::array!(axis, count, "axis")?, ffi::array!(values, count, "values")?);
        let description = ffi::options!(description)?;
        out.write_handle(curve_query((axis, axis_unit), (values, value_unit), &description)?.into());
        Ok(())
    })
}

/// Makes a query of an entry of a library: to draw it beside a query, or to search for what is like it. Ended by
/// probity_query_free(). PROBITY_ERROR_NOT_FOUND if the opened state has no such entry.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn probity_query_from_entry(
    library: *const probity_library,
    entry_id: u64,
    query: *mut *mut probity_query,
    error: *mut *mut probity_error,
) -> i32 {
    ffi::guard!(error, || {
        let (out, library) = (ffi::out!(query)?, ffi::borrow!(library)?);
        let entry = library.library.entry(probity::library::EntryId(entry_id))?.ok_or_else(|| {
            Failure::new(PROBITY_ERROR_NOT_FOUND, format!("the library has no entry {entry_id}"))
        })?;
        out.write_handle(Query::from_record(entry.record().clone()).into());
        Ok(())
    })
}

/// Ends a query. NULL does nothing. A query that belongs to a list must not be freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn probity_query_free(query: *mut probity_query) {
    ffi::free!(query);
}

/// The name of the record, "" if it has none. It lives as long as the query. NULL for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn probity_query_name(query: *const probity_query) -> *const c_char {
    ffi::get!(query, std::ptr::null(), |query| query.name.pointer())
}

/// What the query is: a PROBITY_KIND number. 0 for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn probity_query_kind(query: *const probity_query) -> i32 {
    ffi::get!(query, 0, |query| unit::kind(&query.query.record.spectrum))
}

/// The place of the record in its file, from 1; 0 if it was read from none.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn probity_query_record(query: *const probity_query) -> u64 {
    ffi::get!(query, 0, |query| query.query.record.place.record)
}

/// The peaks of a mass spectrum, ascending in m/z, which live as long as the query. PROBITY_ERROR_UNSUPPORTED if it is
/// a curve.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn probity_query_peaks(
    query: *const probity_query,
    mz: *mut *const f64,
    intensity: *mut *const f64,
    count: *mut usize,
    error: *mut *mut probity_error,
) -> i32 {
    ffi::guard!(error, || {
        let query = ffi::borrow!(query)?;
        let (mz, intensity, count) = (ffi::out!(mz)?, ffi::out!(intensity)?, ffi::out!(count)?);
        let mass = query.query.record.spectrum.as_mass();
        let peaks = &mass.ok_or_else(|| unsupported("the query is a curve and has no peaks"))?.peaks;
        mz.write(peaks.mz().as_ptr());
        intensity.write(peaks.intensity().as_ptr());
        count.write(peaks.len());
        Ok(())
    })
}

/// The points of a curve as published, which live as long as the query, with the PROBITY_AXIS and PROBITY_VALUE
/// numbers of their units. PROBITY_ERROR_UNSUPPORTED if it is a mass spectrum.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn probity_query_curve(
    query: *const probity_query,
    axis: *mut *const f64,
    axis_unit: *mut i32,
    values: *mut *const f64,
    value_unit: *mut i32,
    count: *mut usize,
    error: *mut *mut probity_error,
) -> i32 {
    ffi::guard!(error, || {
        let query = ffi::borrow!(query)?;
        let (axis, axis_unit) = (ffi::out!(axis)?, ffi::out!(axis_unit)?);
        let (values, value_unit, count) = (ffi::out!(values)?, ffi::out!(value_unit)?, ffi::out!(count)?);
        let curve = query.query.record.spectrum.as_curve();
        let curve = curve.ok_or_else(|| unsupported("the query is a mass spectrum and no curve"))?;
        axis.write(query.axis.get_or_init(|| curve.axis().points()).as_ptr());
        axis_unit.write(unit::axis_number(curve.axis_unit()));
        values.write(curve.values().as_ptr());
        value_unit.write(unit::value_number(curve.value_unit()));
        count.write(curve.values().len());
        Ok(())
    })
}

fn unsupported(message: &str) -> Failure {
    Failure::new(PROBITY_ERROR_UNSUPPORTED, message)
}
