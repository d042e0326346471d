//! Samples of more than one substance.

use std::ptr;

use probity::finding::MixtureFinding;
use probity::library::EntryId;
use probity::mixture::MixtureOptions;

use crate::error::{Failure, Result, probity_error};
use crate::ffi;
use crate::json::probity_json;
use crate::query::probity_query;
use crate::search_options::probity_search_options;
use crate::searcher::probity_searcher;
use crate::status::PROBITY_ERROR_INVALID_OPTION;

/// How a mixture is taken apart. Fill it with probity_mixture_options_init().
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct probity_mixture_options {
    /// sizeof (probity_mixture_options).
    pub struct_size: u32,
    /// The most components, 1 to 10.
    pub maximum_components: u32,
    /// How many neighbouring points share one independent piece of noise, from 1: the more, the fewer components.
    pub points_per_independent_point: f64,
    /// The order of the polynomial that stands for the baseline, 0 to 6.
    pub background_order: u32,
    /// 0.
    pub reserved: i32,
    /// Ids of entries of which the finding says what would have been seen; may be NULL.
    pub targets: *const u64,
    /// The number of `targets`.
    pub target_count: usize,
}

ffi::versioned!(probity_mixture_options, {
    let defaults = MixtureFinding::default_options();
    Self {
        struct_size: 0,
        maximum_components: defaults.selection.maximum_components as u32,
        points_per_independent_point: defaults.selection.points_per_independent_point,
        background_order: defaults.background_order as u32,
        reserved: 0,
        targets: ptr::null(),
        target_count: 0,
    }
});

impl probity_mixture_options {
    fn mixture_options(&self) -> Result<MixtureOptions> {
        if self.reserved != 0 {
            return Err(Failure::new(PROBITY_ERROR_INVALID_OPTION, "reserved must be 0"));
        }
        let mut options = MixtureFinding::default_options();
        options.selection.maximum_components = self.maximum_components as usize;
        options.selection.points_per_independent_point = self.points_per_independent_point;
        options.selection.checked()?;
        options.background_order = self.background_order as usize;
        Ok(options)
    }

    fn targets(&self) -> Result<Vec<EntryId>> {
        Ok(ffi::array!(self.targets, self.target_count, "targets")?.iter().copied().map(EntryId).collect())
    }
}

/// Fills options for mixtures with the defaults. `size` is sizeof (probity_mixture_options).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn probity_mixture_options_init(
    options: *mut probity_mixture_options,
    size: usize,
    error: *mut *mut probity_error,
) -> i32 {
    ffi::init!(options, size, error)
}

/// Takes an infrared spectrum apart: which few entries add up to it, with shares of the signal, what speaks against
/// each, and what would have been seen of the targets; as JSON, as crates/probity/schema/mixture_finding.schema.json
/// describes it. Of the searcher's method the recipe is used, and no more. `conditions` say which entries may be
/// components; its `hits`, `minimum`, `relative_probability` and `progress`, which are about searching, must be as
/// probity_search_options_init() sets them. `conditions` and `options` may be NULL. It cannot be stopped. Ended by
/// probity_json_free().
#[unsafe(no_mangle)]
pub unsafe extern "C" fn probity_searcher_find_mixture(
    searcher: *const probity_searcher,
    query: *const probity_query,
    conditions: *const probity_search_options,
    options: *const probity_mixture_options,
    finding: *mut *mut probity_json,
    error: *mut *mut probity_error,
) -> i32 {
    ffi::guard!(error, || {
        let out = ffi::out!(finding)?;
        let (conditions, options) = (ffi::options!(conditions)?.filter_alone()?, ffi::options!(options)?);
        let (searcher, query) = (ffi::borrow!(searcher)?, ffi::borrow!(query)?);
        let (targets, options) = (options.targets()?, options.mixture_options()?);
        let searcher = &searcher.shared.searcher;
        let found = MixtureFinding::of(searcher, &query.query, &targets, &conditions, &options)?;
        out.write_handle(probity_json::of(&found)?);
        Ok(())
    })
}
