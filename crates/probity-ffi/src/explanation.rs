//! How the number of one hit comes about.

use probity::library::EntryId;

use crate::error::{Failure, probity_error};
use crate::ffi;
use crate::json::probity_json;
use crate::query::probity_query;
use crate::searcher::probity_searcher;
use crate::status::{PROBITY_ERROR_NOT_FOUND, PROBITY_ERROR_UNSUPPORTED};

/// ---- One hit, and mixtures ----
///
/// How the first measure of an entry comes about, as JSON: a tree of `value`, `description` and `children`, whose root is
/// the measure itself, whether or not a search finds the entry. PROBITY_ERROR_NOT_FOUND if the library has no such entry,
/// PROBITY_ERROR_UNSUPPORTED if the method cannot compare the two. Ended by probity_json_free().
#[unsafe(no_mangle)]
pub unsafe extern "C" fn probity_searcher_explain(
    searcher: *const probity_searcher,
    query: *const probity_query,
    entry_id: u64,
    explanation: *mut *mut probity_json,
    error: *mut *mut probity_error,
) -> i32 {
    ffi::guard!(error, || {
        let out = ffi::out!(explanation)?;
        let (searcher, query) = (&ffi::borrow!(searcher)?.shared.searcher, ffi::borrow!(query)?);
        let entry = EntryId(entry_id);
        if searcher.library().entry(entry)?.is_none() {
            let message = format!("the library has no entry {entry}");
            return Err(Failure::new(PROBITY_ERROR_NOT_FOUND, message));
        }
        let explained = searcher.explain(&query.query, entry)?.ok_or_else(|| {
            let name = &searcher.method().name;
            let message = format!("{name} cannot compare the query with entry {entry}");
            Failure::new(PROBITY_ERROR_UNSUPPORTED, message)
        })?;
        out.write_handle(probity_json::of(&explained)?);
        Ok(())
    })
}
