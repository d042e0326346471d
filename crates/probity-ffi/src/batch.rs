//! Many queries in one call.

use std::borrow::Borrow;
use std::ffi::c_void;
use std::ptr;
use std::sync::Arc;

use probity::search::{Executor, Query};

use crate::callback::{Progress, probity_progress_callback};
use crate::error::{Failure, Result, probity_error};
use crate::ffi;
use crate::hit_list::probity_hit_list;
use crate::query::probity_query;
use crate::search_options::probity_search_options;
use crate::searcher::probity_searcher;
use crate::status::PROBITY_ERROR_NULL_POINTER;

/// How many queries are searched. Fill it with probity_batch_options_init().
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct probity_batch_options {
    /// sizeof (probity_batch_options).
    pub struct_size: u32,
    /// Threads that share the queries: 0 (default) for those of the searcher, else as many as said, for this call.
    /// Answers do not depend on it.
    pub threads: u32,
    /// Told how many queries are answered, and asked whether to go on; NULL (default) for nobody.
    pub progress: probity_progress_callback,
    /// Handed to `progress`.
    pub progress_user_data: *mut c_void,
}

ffi::versioned!(
    probity_batch_options,
    Self { struct_size: 0, threads: 0, progress: None, progress_user_data: ptr::null_mut() }
);

impl probity_batch_options {
    /// Threads for this call alone; `None` for those of the searcher.
    pub(crate) fn executor(&self) -> Result<Option<Executor>> {
        match self.threads {
            0 => Ok(None),
            threads => Ok(Some(Executor::new(threads as usize)?)),
        }
    }

    pub(crate) fn progress(&self) -> Progress {
        Progress { callback: self.progress, user_data: self.progress_user_data }
    }
}

/// The answers to many queries, in their order. It is never changed, threads may share it, and it may outlive all other
/// handles.
#[derive(Debug)]
pub struct probity_batch {
    answers: Vec<Result<probity_hit_list>>,
}

/// A query among many.
#[derive(Clone, Copy)]
pub(crate) struct Asked<'a>(pub(crate) &'a probity_query);

impl Borrow<Query> for Asked<'_> {
    fn borrow(&self) -> &Query {
        &self.0.query
    }
}

/// The queries of a caller's array of pointers.
pub(crate) fn all<'a>(queries: &[Option<&'a probity_query>]) -> Result<Vec<&'a probity_query>> {
    let asked = queries.iter().enumerate().map(|(index, query)| {
        query.ok_or_else(|| {
            Failure::new(PROBITY_ERROR_NULL_POINTER, format!("queries[{index}] must not be NULL"))
        })
    });
    asked.collect()
}

/// ---- Many queries at once ----
///
/// Fills options for a batch with the defaults. `size` is sizeof (probity_batch_options).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn probity_batch_options_init(
    options: *mut probity_batch_options,
    size: usize,
    error: *mut *mut probity_error,
) -> i32 {
    ffi::init!(options, size, error)
}

/// Searches `count` queries: the same answers as one after the other, sooner. Queries that fail do not stop the others:
/// their errors are in the batch. `options` and `batch_options` may be NULL; `progress` of `options` must be NULL. Ended
/// by probity_batch_free().
#[unsafe(no_mangle)]
pub unsafe extern "C" fn probity_searcher_search_many(
    searcher: *const probity_searcher,
    queries: *const *const probity_query,
    count: usize,
    options: *const probity_search_options,
    batch_options: *const probity_batch_options,
    batch: *mut *mut probity_batch,
    error: *mut *mut probity_error,
) -> i32 {
    ffi::guard!(error, || {
        let (out, searcher) = (ffi::out!(batch)?, ffi::borrow!(searcher)?);
        let options = ffi::options!(options)?.unwatched_options()?;
        let batch_options = ffi::options!(batch_options)?;
        let asked = ffi::array!(queries.cast::<Option<&probity_query>>(), count, "queries")?;
        let asked: Vec<Asked<'_>> = all(asked)?.into_iter().map(Asked).collect();
        let own_threads = batch_options.executor()?;
        let executor = own_threads.as_ref().unwrap_or(searcher.shared.searcher.executor());
        let progress = batch_options.progress();
        let mut watch = |done| progress.tell(done);
        let lists = searcher.shared.searcher.search_many_watched(&asked, &options, executor, &mut watch)?;
        let answer = |list: probity::Result<_>| {
            let list = list.map_err(Failure::from)?;
            Ok(probity_hit_list::new(Arc::clone(&searcher.shared), list))
        };
        out.write_handle(probity_batch { answers: lists.into_iter().map(answer).collect() });
        Ok(())
    })
}

/// The answer to a query, or the error that it ended with.
pub(crate) fn answer_at<T>(answers: &[Result<T>], index: usize) -> Result<&T> {
    let answer = answers.get(index).ok_or_else(|| Failure::no_element("query", index, answers.len()))?;
    answer.as_ref().map_err(Clone::clone)
}

/// Ends a batch and its hit lists. NULL does nothing.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn probity_batch_free(batch: *mut probity_batch) {
    ffi::free!(batch);
}

/// The number of answers: that of the queries. 0 for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn probity_batch_count(batch: *const probity_batch) -> usize {
    ffi::get!(batch, 0, |batch| batch.answers.len())
}

/// The hits of a query, from 0, which live as long as the batch; or the status and error that the search of this query
/// ended with.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn probity_batch_hits(
    batch: *const probity_batch,
    index: usize,
    hits: *mut *const probity_hit_list,
    error: *mut *mut probity_error,
) -> i32 {
    ffi::guard!(error, || {
        let (batch, out) = (ffi::borrow!(batch)?, ffi::out!(hits)?);
        out.write(answer_at(&batch.answers, index)?);
        Ok(())
    })
}
