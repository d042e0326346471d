//! A library prepared for one method.

use std::ffi::c_void;
use std::ptr;
use std::sync::Arc;

use probity::finding::Finding;
use probity::search::{Executor, Searcher};

use crate::callback::{Log, PROBITY_LOG_NOTICE, Progress, probity_log_callback, probity_progress_callback};
use crate::error::{Result, probity_error};
use crate::ffi;
use crate::finding::probity_finding;
use crate::hit_list::probity_hit_list;
use crate::library::probity_library;
use crate::measure::Measure;
use crate::method::probity_method;
use crate::query::probity_query;
use crate::search_options::probity_search_options;

/// How a searcher is made. Fill it with probity_searcher_options_init().
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct probity_searcher_options {
    /// sizeof (probity_searcher_options).
    pub struct_size: u32,
    /// Threads that search: 0 (default) for as many as there are processors, 1 to search on the calling thread alone.
    /// Answers do not depend on it.
    pub threads: u32,
    /// Told when entries have to be prepared at once because the library stores no index; NULL (default) for nobody.
    pub log: probity_log_callback,
    /// Handed to `log`.
    pub log_user_data: *mut c_void,
    /// Told how far the preparation is, and asked whether to go on; NULL (default) for nobody. It counts entries, each
    /// twice: prepared, and in the index. While an index that the library stores is checked, it is asked too.
    pub progress: probity_progress_callback,
    /// Handed to `progress`.
    pub progress_user_data: *mut c_void,
}

ffi::versioned!(
    probity_searcher_options,
    Self {
        struct_size: 0,
        threads: 0,
        log: None,
        log_user_data: ptr::null_mut(),
        progress: None,
        progress_user_data: ptr::null_mut(),
    }
);

/// A library prepared for one method. It is never changed, any number of threads may search it at once, and it may
/// outlive the library and the method that it was made of. What it found remains when it is freed.
#[derive(Debug)]
pub struct probity_searcher {
    pub(crate) shared: Arc<Shared>,
}

/// What hits refer to.
#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) searcher: Searcher,
    pub(crate) measures: Arc<[Measure]>,
}

impl probity_searcher {
    fn new(
        library: &probity_library,
        method: &probity_method,
        options: &probity_searcher_options,
    ) -> Result<Self> {
        let executor = Arc::new(Executor::new(options.threads as usize)?);
        let progress = Progress { callback: options.progress, user_data: options.progress_user_data };
        let searcher = Searcher::new_watched(
            Arc::clone(&library.library),
            method.method.clone(),
            executor,
            &mut |done| progress.tell(done),
        )?;
        let entries = library.library.len();
        let just_now = entries - searcher.entries_stored_prepared();
        if library.library.state().is_some() && just_now > 0 {
            let log = Log { callback: options.log, user_data: options.log_user_data };
            let message = format!(
                "{just_now} of {entries} entries were prepared just now for {}: the library stores neither an index nor \
                 prepared peaks for it",
                method.method.name
            );
            log.tell(PROBITY_LOG_NOTICE, &message);
        }
        Ok(Self { shared: Arc::new(Shared { searcher, measures: Arc::clone(&method.measures) }) })
    }
}

/// Fills options for a searcher with the defaults. `size` is sizeof (probity_searcher_options).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn probity_searcher_options_init(
    options: *mut probity_searcher_options,
    size: usize,
    error: *mut *mut probity_error,
) -> i32 {
    ffi::init!(options, size, error)
}

/// Prepares a library for searching by a method. It takes milliseconds where the library stores an index for the
/// method, else each entry is prepared now. `options` may be NULL. Ended by probity_searcher_free().
#[unsafe(no_mangle)]
pub unsafe extern "C" fn probity_searcher_new(
    library: *const probity_library,
    method: *const probity_method,
    options: *const probity_searcher_options,
    searcher: *mut *mut probity_searcher,
    error: *mut *mut probity_error,
) -> i32 {
    ffi::guard!(error, || {
        let (out, options) = (ffi::out!(searcher)?, ffi::options!(options)?);
        out.write_handle(probity_searcher::new(ffi::borrow!(library)?, ffi::borrow!(method)?, &options)?);
        Ok(())
    })
}

/// Ends a searcher. No thread may be searching. NULL does nothing.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn probity_searcher_free(searcher: *mut probity_searcher) {
    ffi::free!(searcher);
}

/// The number of threads that search. 0 for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn probity_searcher_threads(searcher: *const probity_searcher) -> u32 {
    ffi::get!(searcher, 0, |searcher| searcher.shared.searcher.executor().threads() as u32)
}

/// The number of entries that the method cannot compare: without peaks or points, or refused by a step. 0 for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn probity_searcher_entries_not_comparable(searcher: *const probity_searcher) -> u64 {
    ffi::get!(searcher, 0, |searcher| searcher.shared.searcher.entries_not_comparable() as u64)
}

/// Searches: the best entries with their measures, without evidence and warnings. `options` may be NULL. Ended by
/// probity_hit_list_free().
#[unsafe(no_mangle)]
pub unsafe extern "C" fn probity_searcher_search(
    searcher: *const probity_searcher,
    query: *const probity_query,
    options: *const probity_search_options,
    hits: *mut *mut probity_hit_list,
    error: *mut *mut probity_error,
) -> i32 {
    ffi::guard!(error, || {
        let (out, options) = (ffi::out!(hits)?, ffi::options!(options)?);
        let (asked, progress) = (options.search_options()?, options.progress());
        let (searcher, query) = (ffi::borrow!(searcher)?, ffi::borrow!(query)?);
        let list = match progress {
            None => searcher.shared.searcher.search(&query.query, &asked)?,
            Some(progress) => {
                let watch = &mut |done| progress.tell(done);
                searcher.shared.searcher.search_watched(&query.query, &asked, watch)?
            }
        };
        out.write_handle(probity_hit_list::new(Arc::clone(&searcher.shared), list));
        Ok(())
    })
}

/// Searches and explains: hits with the ions or bands for and against them, groups by substance, outcome, warnings,
/// and the whole answer as JSON. `options` may be NULL. Ended by probity_finding_free().
#[unsafe(no_mangle)]
pub unsafe extern "C" fn probity_searcher_identify(
    searcher: *const probity_searcher,
    query: *const probity_query,
    options: *const probity_search_options,
    finding: *mut *mut probity_finding,
    error: *mut *mut probity_error,
) -> i32 {
    ffi::guard!(error, || {
        let (out, options) = (ffi::out!(finding)?, ffi::options!(options)?);
        let (asked, progress) = (options.search_options()?, options.progress());
        let (searcher, query) = (ffi::borrow!(searcher)?, ffi::borrow!(query)?);
        let finding = match progress {
            None => Finding::of(&searcher.shared.searcher, &query.query, &asked)?,
            Some(progress) => {
                let watch = &mut |done| progress.tell(done);
                Finding::of_watched(&searcher.shared.searcher, &query.query, &asked, watch)?
            }
        };
        out.write_handle(probity_finding::new(Arc::clone(&searcher.shared), finding));
        Ok(())
    })
}
