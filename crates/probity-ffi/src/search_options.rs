//! What a search asks for.

use std::ffi::{c_char, c_void};
use std::ptr;

use probity::chem::Element;
use probity::search::{Filter, RetentionWindow, SearchOptions};
use probity::units::MassTolerance;

use crate::callback::{Progress, probity_progress_callback};
use crate::error::{Failure, Result, probity_error};
use crate::ffi;
use crate::status::PROBITY_ERROR_INVALID_OPTION;

/// There is no condition on the precursor beyond the method's own.
pub const PROBITY_TOLERANCE_NONE: i32 = 0;
/// The tolerance is in Da.
pub const PROBITY_TOLERANCE_DA: i32 = 1;
/// The tolerance is in parts per million.
pub const PROBITY_TOLERANCE_PPM: i32 = 2;

/// What a search asks for, and conditions that an entry must meet beyond the method's own. Fill it with
/// probity_search_options_init(), which asks for ten hits and sets no condition. Texts are UTF-8, each with its length
/// in bytes; an empty one is no condition. An entry that does not state what a condition asks for does not meet it,
/// but for the retention index.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct probity_search_options {
    /// sizeof (probity_search_options).
    pub struct_size: u32,
    /// 1 (default): hits of nist-identity carry NIST's relative probability. 0: they do not, and are found sooner.
    pub relative_probability: i32,
    /// The most hits.
    pub hits: usize,
    /// What the first measure of a hit must reach, in its own unit; 0 (default) asks nothing.
    pub minimum: f64,
    /// Lowest monoisotopic mass of the entry's formula (or its stated mass) in Da; 0 for both ends is no condition.
    pub molecular_mass_low_da: f64,
    /// Highest mass in Da.
    pub molecular_mass_high_da: f64,
    /// How far the entry's precursor may lie from the query's, in the unit of `precursor_tolerance_unit`.
    pub precursor_tolerance: f64,
    /// PROBITY_TOLERANCE_NONE (default), PROBITY_TOLERANCE_DA or PROBITY_TOLERANCE_PPM.
    pub precursor_tolerance_unit: i32,
    /// 1: `retention_index_window` holds. 0 (default): no condition.
    pub has_retention_index_window: i32,
    /// How far the entry's retention index may lie from the query's; entries without an index stay.
    pub retention_index_window: f64,
    /// Share of the query's range of wavenumbers that the entry's must cover, 0 to 1; 0 (default) is no condition. It
    /// asks nothing of mass spectra.
    pub minimum_common_range: f64,
    /// Molecular formula of the entry, isotope labels included.
    pub formula: *const c_char,
    /// Bytes of `formula`.
    pub formula_length: usize,
    /// Elements that must occur, separated by commas: "Cl,Br".
    pub required_elements: *const c_char,
    /// Bytes of `required_elements`.
    pub required_elements_length: usize,
    /// Elements beyond which none may occur, separated by commas: "C,H,N,O".
    pub allowed_elements: *const c_char,
    /// Bytes of `allowed_elements`.
    pub allowed_elements_length: usize,
    /// Groups, one of which the entry must state, one a line; case does not matter.
    pub classes: *const c_char,
    /// Bytes of `classes`.
    pub classes_length: usize,
    /// Contributors, one of which the entry must state, one a line; case does not matter.
    pub contributors: *const c_char,
    /// Bytes of `contributors`.
    pub contributors_length: usize,
    /// Told how many of the entries that take part are scored, and asked whether to go on, before the search, after each
    /// thousand entries or so, and at the end; NULL (default) for nobody. A search with an index takes milliseconds and
    /// scores few entries; this is for those that score all. It must be NULL where many queries are asked: then the
    /// batch options have it.
    pub progress: probity_progress_callback,
    /// Handed to `progress`.
    pub progress_user_data: *mut c_void,
}

ffi::versioned!(probity_search_options, {
    let defaults = SearchOptions::default();
    Self {
        struct_size: 0,
        relative_probability: i32::from(defaults.relative_probability),
        hits: defaults.top,
        minimum: 0.0,
        molecular_mass_low_da: 0.0,
        molecular_mass_high_da: 0.0,
        precursor_tolerance: 0.0,
        precursor_tolerance_unit: PROBITY_TOLERANCE_NONE,
        has_retention_index_window: 0,
        retention_index_window: 0.0,
        minimum_common_range: 0.0,
        formula: ptr::null(),
        formula_length: 0,
        required_elements: ptr::null(),
        required_elements_length: 0,
        allowed_elements: ptr::null(),
        allowed_elements_length: 0,
        classes: ptr::null(),
        classes_length: 0,
        contributors: ptr::null(),
        contributors_length: 0,
        progress: None,
        progress_user_data: ptr::null_mut(),
    }
});

impl probity_search_options {
    pub(crate) fn search_options(&self) -> Result<SearchOptions> {
        let options = SearchOptions::default()
            .top(self.hits)
            .relative_probability(self.relative_probability != 0)
            .filter(self.filter()?)?;
        // Only what has anything in common is a hit, so that 0 asks nothing.
        Ok(if self.minimum == 0.0 { options } else { options.minimum(self.minimum)? })
    }

    /// Who watches a single search; `None` for nobody.
    pub(crate) fn progress(&self) -> Option<Progress> {
        self.progress
            .map(|progress| Progress { callback: Some(progress), user_data: self.progress_user_data })
    }

    /// The same where nobody can watch a single search.
    pub(crate) fn unwatched_options(&self) -> Result<SearchOptions> {
        if self.progress.is_some() {
            let message = "progress of probity_search_options is about a single search; here it must be NULL";
            return Err(Failure::new(PROBITY_ERROR_INVALID_OPTION, message));
        }
        self.search_options()
    }

    /// The conditions, where all else must be as by default.
    pub(crate) fn filter_alone(&self) -> Result<Filter> {
        let mut options = self.unwatched_options()?;
        let filter = std::mem::take(&mut options.filter);
        if options != SearchOptions::default() {
            let message =
                "hits, minimum and relative_probability are about searching; here they have no effect";
            return Err(Failure::new(PROBITY_ERROR_INVALID_OPTION, message));
        }
        Ok(filter)
    }

    fn filter(&self) -> Result<Filter> {
        let mut filter = Filter::default();
        let masses = (self.molecular_mass_low_da, self.molecular_mass_high_da);
        filter.molecular_mass_da = (masses != (0.0, 0.0)).then_some(masses);
        filter.precursor_tolerance = match self.precursor_tolerance_unit {
            PROBITY_TOLERANCE_NONE => None,
            PROBITY_TOLERANCE_DA => Some(MassTolerance::Da(self.precursor_tolerance)),
            PROBITY_TOLERANCE_PPM => Some(MassTolerance::Ppm(self.precursor_tolerance)),
            other => {
                let message = format!("there is no unit {other} of a tolerance");
                return Err(Failure::new(PROBITY_ERROR_INVALID_OPTION, message));
            }
        };
        let tolerance = self.retention_index_window;
        filter.retention_index_window =
            (self.has_retention_index_window != 0).then_some(RetentionWindow { tolerance });
        filter.minimum_common_range = (self.minimum_common_range != 0.0).then_some(self.minimum_common_range);
        let formula = ffi::text!(self.formula, self.formula_length, "formula")?;
        filter.formula = (!formula.is_empty()).then(|| formula.parse()).transpose()?;
        filter.required_elements = elements(ffi::text!(
            self.required_elements,
            self.required_elements_length,
            "required_elements"
        )?)?;
        filter.allowed_elements =
            elements(ffi::text!(self.allowed_elements, self.allowed_elements_length, "allowed_elements")?)?;
        filter.classes = lines(ffi::text!(self.classes, self.classes_length, "classes")?);
        filter.contributors = lines(ffi::text!(self.contributors, self.contributors_length, "contributors")?);
        Ok(filter)
    }
}

fn elements(text: &str) -> Result<Vec<Element>> {
    let symbols = text.split(',').map(str::trim).filter(|_| !text.is_empty());
    Ok(symbols.map(str::parse).collect::<probity::Result<_>>()?)
}

fn lines(text: &str) -> Vec<String> {
    text.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect()
}

/// ---- Searching ----
///
/// Fills options for searching with the defaults. `size` is sizeof (probity_search_options).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn probity_search_options_init(
    options: *mut probity_search_options,
    size: usize,
    error: *mut *mut probity_error,
) -> i32 {
    ffi::init!(options, size, error)
}
