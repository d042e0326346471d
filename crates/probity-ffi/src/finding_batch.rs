//! Whole answers to many queries.

use std::ffi::c_char;
use std::sync::{Arc, OnceLock};

use probity::finding::Finding;

use crate::batch::{Asked, all, answer_at, probity_batch_options};
use crate::error::{Failure, Result, probity_error};
use crate::ffi;
use crate::finding::probity_finding;
use crate::flat::error_json;
use crate::query::probity_query;
use crate::search_options::probity_search_options;
use crate::searcher::probity_searcher;
use crate::text::Text;

/// The findings of many queries, in their order. It is never changed, threads may share it, and it may outlive all other
/// handles.
#[derive(Debug)]
pub struct probity_finding_batch {
    findings: Vec<Result<probity_finding>>,
    json: OnceLock<Text>,
}

impl probity_finding_batch {
    fn json(&self) -> Result<&Text> {
        if let Some(text) = self.json.get() {
            return Ok(text);
        }
        let mut lines = Vec::new();
        for finding in &self.findings {
            match finding {
                Ok(finding) => finding.write_json(&mut lines)?,
                Err(failure) => lines.extend(error_json(failure).into_bytes()),
            }
            lines.push(b'\n');
        }
        Ok(self.json.get_or_init(|| Text::new(lines)))
    }
}

/// Searches and explains `count` queries: the same findings as one after the other, sooner. Queries that fail do not stop
/// the others: their errors are in the batch. `options` and `batch_options` may be NULL; `progress` of `options` must be
/// NULL. Ended by probity_finding_batch_free().
#[unsafe(no_mangle)]
pub unsafe extern "C" fn probity_searcher_identify_many(
    searcher: *const probity_searcher,
    queries: *const *const probity_query,
    count: usize,
    options: *const probity_search_options,
    batch_options: *const probity_batch_options,
    batch: *mut *mut probity_finding_batch,
    error: *mut *mut probity_error,
) -> i32 {
    ffi::guard!(error, || {
        let (out, searcher) = (ffi::out!(batch)?, ffi::borrow!(searcher)?);
        let options = ffi::options!(options)?.unwatched_options()?;
        let batch_options = ffi::options!(batch_options)?;
        let asked = ffi::array!(queries.cast::<Option<&probity_query>>(), count, "queries")?;
        let asked: Vec<Asked<'_>> = all(asked)?.into_iter().map(Asked).collect();
        let own_threads = batch_options.executor()?;
        let searching = &searcher.shared.searcher;
        let executor = own_threads.as_ref().unwrap_or(searching.executor());
        let progress = batch_options.progress();
        let watch = &mut |done| progress.tell(done);
        let found = Finding::of_many_watched(searching, &asked, &options, executor, watch)?;
        let answer = |finding: probity::Result<Finding>| {
            finding
                .map(|finding| probity_finding::new(Arc::clone(&searcher.shared), finding))
                .map_err(Failure::from)
        };
        let findings = found.into_iter().map(answer).collect();
        out.write_handle(probity_finding_batch { findings, json: OnceLock::new() });
        Ok(())
    })
}

/// Ends a batch and its findings. NULL does nothing.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn probity_finding_batch_free(batch: *mut probity_finding_batch) {
    ffi::free!(batch);
}

/// The number of findings: that of the queries. 0 for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn probity_finding_batch_count(batch: *const probity_finding_batch) -> usize {
    ffi::get!(batch, 0, |batch| batch.findings.len())
}

/// The finding of a query, from 0, which lives as long as the batch and must not be freed; or the status and error that
/// this query ended with.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn probity_finding_batch_finding(
    batch: *const probity_finding_batch,
    index: usize,
    finding: *mut *const probity_finding,
    error: *mut *mut probity_error,
) -> i32 {
    ffi::guard!(error, || {
        let (batch, out) = (ffi::borrow!(batch)?, ffi::out!(finding)?);
        out.write(answer_at(&batch.findings, index)?);
        Ok(())
    })
}

/// All findings as JSON, one line for each query, as probity_finding_json() has them; a query that failed has
/// {"error":{"status":..., "message":...}} in its line. It lives as long as the batch. `length` may be NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn probity_finding_batch_json(
    batch: *const probity_finding_batch,
    json: *mut *const c_char,
    length: *mut usize,
    error: *mut *mut probity_error,
) -> i32 {
    ffi::guard!(error, || {
        let (batch, json) = (ffi::borrow!(batch)?, ffi::out!(json)?);
        let length = ffi::optional!(length)?;
        let text = batch.json()?;
        json.write(text.pointer());
        ffi::write_if(length, text.length());
        Ok(())
    })
}
