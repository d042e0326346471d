//! What the international lists say of a substance.

use std::ffi::c_char;
use std::ptr;

use probity::substance::registry::Registry;

use crate::error::{Failure, probity_error};
use crate::ffi;
use crate::status::PROBITY_ERROR_INTERNAL;
use crate::text::Text;

/// What the international lists say of a substance: of what was asked for, never of a sample, and never that something
/// is not controlled. It is never changed, threads may share it, and it may outlive all other handles.
#[derive(Debug)]
pub struct probity_substance_answer {
    matches: usize,
    sentences: Vec<Text>,
    json: Text,
}

/// ---- What the international lists say ----
///
/// Looks a substance up by InChIKey, CAS number, name, substance key or molecular formula, whichever `text` is. That
/// nothing is found is an answer too. Ended by probity_substance_answer_free().
#[unsafe(no_mangle)]
pub unsafe extern "C" fn probity_substance_lookup(
    text: *const c_char,
    text_length: usize,
    answer: *mut *mut probity_substance_answer,
    error: *mut *mut probity_error,
) -> i32 {
    ffi::guard!(error, || {
        let (out, text) = (ffi::out!(answer)?, ffi::text!(text, text_length, "text")?);
        let found = Registry::embedded()?.lookup(text);
        let json = serde_json::to_string(&found).map_err(|error| {
            Failure::new(PROBITY_ERROR_INTERNAL, format!("no JSON could be made: {error}"))
        })?;
        out.write_handle(probity_substance_answer {
            matches: found.matches.len(),
            sentences: found.sentences().into_iter().map(Text::new).collect(),
            json: Text::new(json),
        });
        Ok(())
    })
}

/// Ends an answer. NULL does nothing.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn probity_substance_answer_free(answer: *mut probity_substance_answer) {
    ffi::free!(answer);
}

/// The number of rows of the lists that fit, the closest first. 0 for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn probity_substance_answer_match_count(
    answer: *const probity_substance_answer,
) -> usize {
    ffi::get!(answer, 0, |answer| answer.matches)
}

/// The number of sentences: one a row, then what to keep in mind, such as the state of the lists. 0 for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn probity_substance_answer_sentence_count(
    answer: *const probity_substance_answer,
) -> usize {
    ffi::get!(answer, 0, |answer| answer.sentences.len())
}

/// A sentence of the answer, from 0. It lives as long as the answer. NULL if there is none.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn probity_substance_answer_sentence(
    answer: *const probity_substance_answer,
    index: usize,
) -> *const c_char {
    ffi::get!(answer, ptr::null(), |answer| answer.sentences.get(index).map_or(ptr::null(), Text::pointer))
}

/// The answer as JSON with all that the lists hold of each row. It lives as long as the answer. NULL for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn probity_substance_answer_json(
    answer: *const probity_substance_answer,
) -> *const c_char {
    ffi::get!(answer, ptr::null(), |answer| answer.json.pointer())
}
