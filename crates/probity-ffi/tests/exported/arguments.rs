//! Mistakes in arguments: a status and a sentence, and nothing is written.

use std::ptr;

use probity_ffi::*;

use crate::support::{INTENSITY, MZ, call, chars, method, peaks, searcher, sized, starter};

/// An entry's id.
static ONE: u64 = 1;

/// A pointer that no function may follow, and that must still be there after a failure.
fn untouched<T>() -> *mut T {
    ptr::without_provenance_mut(0x10)
}

#[test]
fn null_is_an_answer_or_an_error_everywhere() {
    unsafe {
        probity_error_free(ptr::null_mut());
        probity_library_free(ptr::null_mut());
        probity_method_free(ptr::null_mut());
        probity_searcher_free(ptr::null_mut());
        probity_query_free(ptr::null_mut());
        probity_query_list_free(ptr::null_mut());
        probity_hit_list_free(ptr::null_mut());
        probity_batch_free(ptr::null_mut());
        probity_finding_free(ptr::null_mut());
        probity_substance_answer_free(ptr::null_mut());
        probity_verification_free(ptr::null_mut());
        probity_finding_batch_free(ptr::null_mut());
        probity_json_free(ptr::null_mut());

        let error = ptr::null();
        assert_eq!(probity_error_status(error), 0);
        for text in [
            probity_error_text(error),
            probity_error_message(error),
            probity_error_file(error),
            probity_error_section(error),
            probity_error_field(error),
            probity_query_name(ptr::null()),
            probity_query_list_format(ptr::null()),
            probity_query_list_sha256(ptr::null()),
            probity_query_list_notice(ptr::null(), 0),
            probity_library_name(ptr::null()),
            probity_library_digest(ptr::null()),
            probity_library_notice(ptr::null(), 0),
            probity_method_name(ptr::null()),
            probity_method_description(ptr::null()),
            probity_method_digest(ptr::null()),
            probity_method_json(ptr::null()),
            probity_finding_digest(ptr::null()),
            probity_finding_statement(ptr::null()),
            probity_finding_outcome_name(ptr::null()),
            probity_substance_answer_sentence(ptr::null(), 0),
            probity_substance_answer_json(ptr::null()),
            probity_verification_problem(ptr::null(), 0),
            probity_verification_json(ptr::null()),
            probity_json_text(ptr::null()),
        ] {
            assert!(text.is_null());
        }
        for count in [
            probity_query_list_count(ptr::null()),
            probity_query_list_notice_count(ptr::null()),
            probity_library_notice_count(ptr::null()),
            probity_method_measure_count(ptr::null()),
            probity_hit_list_count(ptr::null()),
            probity_batch_count(ptr::null()),
            probity_finding_batch_count(ptr::null()),
            probity_json_length(ptr::null()),
            probity_finding_group_count(ptr::null()),
            probity_finding_reason_count(ptr::null()),
            probity_finding_warning_count(ptr::null()),
            probity_substance_answer_match_count(ptr::null()),
            probity_substance_answer_sentence_count(ptr::null()),
            probity_verification_problem_count(ptr::null()),
        ] {
            assert_eq!(count, 0);
        }
        for number in [
            probity_error_record(error),
            probity_error_line(error),
            probity_query_record(ptr::null()),
            probity_query_list_records_skipped(ptr::null()),
            probity_query_list_records_passed_over(ptr::null()),
            probity_library_entry_count(ptr::null()),
            probity_library_state(ptr::null()),
            probity_library_records_skipped(ptr::null()),
            probity_searcher_entries_not_comparable(ptr::null()),
        ] {
            assert_eq!(number, 0);
        }
        for number in [
            probity_query_kind(ptr::null()),
            probity_library_scope(ptr::null()),
            probity_method_technique(ptr::null()),
            probity_finding_outcome(ptr::null()),
        ] {
            assert_eq!(number, 0);
        }
        assert_eq!(probity_error_offset(error), -1);
        assert_eq!(probity_method_version(ptr::null()), 0);
        assert_eq!(probity_searcher_threads(ptr::null()), 0);
        assert!(probity_finding_hits(ptr::null()).is_null());
        assert!(probity_query_list_query(ptr::null(), 0).is_null());
    }
}

#[test]
fn a_missing_handle_or_output_is_named() {
    const NULL: i32 = PROBITY_ERROR_NULL_POINTER;
    let (library, method, query) = (starter(), method("ei-default"), peaks(&MZ, &INTENSITY));
    let searcher = searcher(&library, "ei-default", 1);
    let (none, out) = (ptr::null_mut(), &mut ptr::null_mut());
    call!(probity_library_open_starter(none)).failed(NULL, "library must not be NULL");
    call!(probity_library_open(chars("x"), 1, ptr::null(), ptr::null_mut())).failed(NULL, "library");
    call!(probity_library_open(ptr::null(), 1, ptr::null(), out)).failed(NULL, "path must not be NULL");
    call!(probity_library_json(ptr::null(), &mut ptr::null(), ptr::null_mut())).failed(NULL, "library");
    call!(probity_library_json(library.0, ptr::null_mut(), ptr::null_mut())).failed(NULL, "json");
    call!(probity_library_verify(ptr::null(), 1, &mut ptr::null_mut())).failed(NULL, "path");
    call!(probity_library_verify(chars("x"), 1, ptr::null_mut())).failed(NULL, "verification");
    call!(probity_library_verify_watched(ptr::null(), 1, ptr::null(), &mut ptr::null_mut()))
        .failed(NULL, "path");
    call!(probity_library_history(ptr::null(), 1, &mut ptr::null_mut())).failed(NULL, "path");
    call!(probity_library_history(chars("x"), 1, ptr::null_mut())).failed(NULL, "history");
    call!(probity_library_audit(ptr::null(), ptr::null(), &mut ptr::null_mut())).failed(NULL, "library");
    call!(probity_library_audit(library.0, ptr::null(), ptr::null_mut())).failed(NULL, "report");
    call!(probity_library_index(ptr::null(), 1, ptr::null(), ptr::null(), ptr::null_mut()))
        .failed(NULL, "path");
    call!(probity_library_compact(ptr::null(), 1, ptr::null(), ptr::null_mut())).failed(NULL, "path");
    for (ids, reason, name) in
        [(ptr::null(), chars("x"), "entry_ids"), (&raw const ONE, ptr::null(), "reason")]
    {
        let (path, none, nothing) = (chars("x"), ptr::null(), ptr::null_mut());
        call!(probity_library_withdraw(path, 1, ids, 1, reason, 1, none, nothing)).failed(NULL, name);
    }
    call!(probity_method_named(chars("x"), 1, ptr::null_mut())).failed(NULL, "method");
    call!(probity_method_named(ptr::null(), 1, &mut ptr::null_mut())).failed(NULL, "name");
    call!(probity_method_from_toml(ptr::null(), 1, &mut ptr::null_mut())).failed(NULL, "toml");
    call!(probity_method_measure(ptr::null(), 0, &mut sized!(probity_measure))).failed(NULL, "method");
    call!(probity_method_measure(method.0, 0, ptr::null_mut())).failed(NULL, "measure");
    call!(probity_query_from_peaks(ptr::null(), INTENSITY.as_ptr(), 6, ptr::null(), &mut ptr::null_mut()))
        .failed(NULL, "mz must not");
    call!(probity_query_from_peaks(MZ.as_ptr(), ptr::null(), 6, ptr::null(), &mut ptr::null_mut()))
        .failed(NULL, "intensity must not");
    call!(probity_query_from_peaks(MZ.as_ptr(), INTENSITY.as_ptr(), 6, ptr::null(), ptr::null_mut()))
        .failed(NULL, "query must not");
    call!(probity_query_from_entry(ptr::null(), 1, &mut ptr::null_mut())).failed(NULL, "library");
    call!(probity_query_list_from_bytes(ptr::null(), 5, chars("x"), 1, ptr::null(), &mut ptr::null_mut()))
        .failed(NULL, "bytes");
    let searcher_out = &mut ptr::null_mut();
    call!(probity_searcher_new(ptr::null(), method.0, ptr::null(), searcher_out)).failed(NULL, "library");
    call!(probity_searcher_new(library.0, ptr::null(), ptr::null(), searcher_out)).failed(NULL, "method");
    call!(probity_searcher_new(library.0, method.0, ptr::null(), ptr::null_mut())).failed(NULL, "searcher");
    let hits = &mut untouched();
    call!(probity_searcher_search(ptr::null(), query.0, ptr::null(), hits)).failed(NULL, "searcher");
    call!(probity_searcher_search(searcher.0, ptr::null(), ptr::null(), hits)).failed(NULL, "query");
    call!(probity_searcher_search(searcher.0, query.0, ptr::null(), ptr::null_mut())).failed(NULL, "hits");
    assert_eq!(*hits, untouched(), "an output is written on success only");
    let finding = &mut untouched();
    call!(probity_searcher_identify(searcher.0, ptr::null(), ptr::null(), finding)).failed(NULL, "query");
    assert_eq!(*finding, untouched());
    let (queries, batch) = ([query.0.cast_const(), ptr::null()], &mut untouched());
    call!(probity_searcher_search_many(searcher.0, queries.as_ptr(), 2, ptr::null(), ptr::null(), batch))
        .failed(NULL, "queries[1] must not be NULL");
    call!(probity_searcher_search_many(searcher.0, ptr::null(), 2, ptr::null(), ptr::null(), batch))
        .failed(NULL, "queries must not be NULL");
    assert_eq!(*batch, untouched());
    call!(probity_batch_hits(ptr::null(), 0, &mut ptr::null())).failed(NULL, "batch");
    let many = &mut untouched();
    call!(probity_searcher_identify_many(searcher.0, queries.as_ptr(), 2, ptr::null(), ptr::null(), many))
        .failed(NULL, "queries[1] must not be NULL");
    call!(probity_searcher_identify_many(ptr::null(), queries.as_ptr(), 1, ptr::null(), ptr::null(), many))
        .failed(NULL, "searcher");
    assert_eq!(*many, untouched());
    call!(probity_finding_batch_finding(ptr::null(), 0, &mut ptr::null())).failed(NULL, "batch");
    call!(probity_finding_batch_json(ptr::null(), &mut ptr::null(), ptr::null_mut())).failed(NULL, "batch");
    let answer = &mut untouched();
    call!(probity_searcher_explain(ptr::null(), query.0, 1, answer)).failed(NULL, "searcher");
    call!(probity_searcher_explain(searcher.0, ptr::null(), 1, answer)).failed(NULL, "query");
    call!(probity_searcher_find_mixture(searcher.0, ptr::null(), ptr::null(), ptr::null(), answer))
        .failed(NULL, "query");
    let mut mixture = sized!(probity_mixture_options);
    mixture.target_count = 1;
    call!(probity_searcher_find_mixture(searcher.0, query.0, ptr::null(), &mixture, answer))
        .failed(NULL, "targets");
    assert_eq!(*answer, untouched());
    call!(probity_hit_list_hit(ptr::null(), 0, &mut sized!(probity_hit))).failed(NULL, "hits");
    call!(probity_hit_list_counts(ptr::null(), &mut sized!(probity_search_counts))).failed(NULL, "hits");
    call!(probity_finding_json(ptr::null(), &mut ptr::null(), ptr::null_mut())).failed(NULL, "finding");
    call!(probity_substance_lookup(ptr::null(), 1, &mut ptr::null_mut())).failed(NULL, "text");
    call!(probity_open_options_init(ptr::null_mut(), 64)).failed(NULL, "options");
    // Nobody has to want the error.
    let status = unsafe { probity_library_open_starter(ptr::null_mut(), ptr::null_mut()) };
    assert_eq!(status, NULL);
}

#[test]
fn texts_must_be_utf8() {
    let latin = b"caf\xe9";
    let (bytes, length) = (latin.as_ptr().cast(), latin.len());
    const UTF8: i32 = PROBITY_ERROR_INVALID_UTF8;
    call!(probity_library_open(bytes, length, ptr::null(), &mut ptr::null_mut()))
        .failed(UTF8, "path is not UTF-8: byte 3");
    call!(probity_method_named(bytes, length, &mut ptr::null_mut())).failed(UTF8, "name");
    call!(probity_library_history(bytes, length, &mut ptr::null_mut())).failed(UTF8, "path");
    let (ids, none, nothing) = (&raw const ONE, ptr::null(), ptr::null_mut());
    call!(probity_library_withdraw(chars("x"), 1, ids, 1, bytes, length, none, nothing))
        .failed(UTF8, "reason");
    call!(probity_library_withdraw(bytes, length, ids, 1, chars("x"), 1, none, nothing)).failed(UTF8, "path");
    call!(probity_library_compact(bytes, length, none, nothing)).failed(UTF8, "path");
    call!(probity_library_index(bytes, length, ptr::null(), ptr::null(), ptr::null_mut()))
        .failed(UTF8, "path");
    call!(probity_library_verify_watched(bytes, length, ptr::null(), &mut ptr::null_mut()))
        .failed(UTF8, "path");
    call!(probity_substance_lookup(bytes, length, &mut ptr::null_mut())).failed(UTF8, "text");
    let mut description = sized!(probity_spectrum_description);
    (description.inchikey, description.inchikey_length) = (bytes, length);
    call!(probity_query_from_peaks(MZ.as_ptr(), INTENSITY.as_ptr(), 6, &description, &mut ptr::null_mut()))
        .failed(UTF8, "inchikey is not UTF-8");
}

#[test]
fn lengths_that_no_memory_holds_are_refused() {
    const OVERFLOW: i32 = PROBITY_ERROR_LENGTH_OVERFLOW;
    let some: *const f64 = MZ.as_ptr();
    for count in [usize::MAX, usize::MAX / 8 + 1, isize::MAX as usize / 8 + 1] {
        call!(probity_query_from_peaks(some, some, count, ptr::null(), &mut ptr::null_mut()))
            .failed(OVERFLOW, "mz: ");
    }
    call!(probity_method_named(chars("x"), usize::MAX, &mut ptr::null_mut())).failed(OVERFLOW, "name");
    let searcher = searcher(&starter(), "ei-default", 1);
    let many = [ptr::null(); 1];
    let mut batch = ptr::null_mut();
    call!(probity_searcher_search_many(
        searcher.0,
        many.as_ptr(),
        usize::MAX,
        ptr::null(),
        ptr::null(),
        &mut batch
    ))
    .failed(OVERFLOW, "queries");
}

#[test]
fn numbers_that_are_none_are_named_from_0() {
    const NOT_FINITE: i32 = PROBITY_ERROR_NOT_FINITE;
    let query = &mut ptr::null_mut();
    let (mut mz, mut intensity) = (MZ, INTENSITY);
    mz[2] = f64::NAN;
    call!(probity_query_from_peaks(mz.as_ptr(), INTENSITY.as_ptr(), 6, ptr::null(), query))
        .failed(NOT_FINITE, "mz[2] is NaN");
    intensity[5] = f64::NEG_INFINITY;
    call!(probity_query_from_peaks(MZ.as_ptr(), intensity.as_ptr(), 6, ptr::null(), query))
        .failed(NOT_FINITE, "intensity[5] is -inf");
    intensity[5] = -1.0;
    call!(probity_query_from_peaks(MZ.as_ptr(), intensity.as_ptr(), 6, ptr::null(), query))
        .failed(PROBITY_ERROR_MALFORMED, "peak 6");
    let (axis, value) = (PROBITY_AXIS_WAVENUMBER, PROBITY_VALUE_ABSORBANCE);
    call!(probity_query_from_curve(MZ.as_ptr(), axis, mz.as_ptr(), value, 6, ptr::null(), query))
        .failed(NOT_FINITE, "values[2] is NaN");
    call!(probity_query_from_curve(mz.as_ptr(), axis, MZ.as_ptr(), value, 6, ptr::null(), query))
        .failed(NOT_FINITE, "axis[2] is NaN");
    for unit in [0, -1, PROBITY_AXIS_OTHER, i32::MAX] {
        call!(probity_query_from_curve(MZ.as_ptr(), unit, MZ.as_ptr(), value, 6, ptr::null(), query))
            .failed(PROBITY_ERROR_INVALID_OPTION, "axis unit");
        call!(probity_query_from_curve(MZ.as_ptr(), axis, MZ.as_ptr(), unit, 6, ptr::null(), query))
            .failed(PROBITY_ERROR_INVALID_OPTION, "value unit");
    }
    let mut description = sized!(probity_spectrum_description);
    description.precursor_mz = f64::NAN;
    call!(probity_query_from_peaks(MZ.as_ptr(), MZ.as_ptr(), 6, &description, query))
        .failed(NOT_FINITE, "precursor_mz is NaN");
    description.precursor_mz = 0.0;
    (description.scan_low_mz, description.scan_high_mz) = (300.0, 40.0);
    call!(probity_query_from_peaks(MZ.as_ptr(), MZ.as_ptr(), 6, &description, query))
        .failed(PROBITY_ERROR_INVALID_OPTION, "300 to 40");
    assert!(query.is_null());
}

#[test]
fn an_empty_array_is_an_array() {
    let query = peaks(&[], &[]);
    let searcher = searcher(&starter(), "ei-default", 1);
    let mut hits = ptr::null_mut();
    call!(probity_searcher_search(searcher.0, query.0, ptr::null(), &mut hits)).ok();
    assert_eq!(unsafe { probity_hit_list_count(hits) }, 0);
    unsafe { probity_hit_list_free(hits) };
    let mut batch = ptr::null_mut();
    call!(probity_searcher_search_many(searcher.0, ptr::null(), 0, ptr::null(), ptr::null(), &mut batch))
        .ok();
    assert_eq!(unsafe { probity_batch_count(batch) }, 0);
    unsafe { probity_batch_free(batch) };
}

#[test]
fn pointers_between_two_places_are_refused() {
    const MISALIGNED: i32 = PROBITY_ERROR_MISALIGNED;
    let odd: *const f64 = MZ.as_ptr().wrapping_byte_add(1);
    call!(probity_query_from_peaks(odd, INTENSITY.as_ptr(), 5, ptr::null(), &mut ptr::null_mut()))
        .failed(MISALIGNED, "mz is not aligned to 8 bytes");
    let (query, method) = (peaks(&MZ, &INTENSITY), method("ei-default"));
    let mut room = [0_u64; 64];
    let struct_at = room.as_mut_ptr().wrapping_byte_add(4);
    call!(probity_method_measure(method.0, 0, struct_at.cast())).failed(MISALIGNED, "measure");
    call!(probity_search_options_init(struct_at.cast(), 64)).failed(MISALIGNED, "options");
    let searcher = searcher(&starter(), "ei-default", 1);
    call!(probity_searcher_search(searcher.0, query.0, struct_at.cast(), &mut ptr::null_mut()))
        .failed(MISALIGNED, "probity_search_options");
    let mut json = ptr::null();
    let library = starter();
    call!(probity_library_json(library.0, &mut json, struct_at.wrapping_byte_add(1).cast()))
        .failed(MISALIGNED, "length");
    assert!(json.is_null() && room.iter().all(|&word| word == 0), "nothing was written");
}

#[test]
fn a_number_of_threads_that_is_a_mistake_is_refused() {
    const OPTION: i32 = PROBITY_ERROR_INVALID_OPTION;
    let (library, method) = (starter(), method("ei-default"));
    let mut options = crate::support::searcher_options();
    // As if -1 had been handed in.
    options.threads = u32::MAX;
    call!(probity_searcher_new(library.0, method.0, &options, &mut ptr::null_mut()))
        .failed(OPTION, "threads");
    let mut options = sized!(probity_batch_options);
    options.threads = 1_025;
    let searcher = searcher(&library, "ei-default", 1);
    call!(probity_searcher_search_many(
        searcher.0,
        ptr::null(),
        0,
        ptr::null(),
        &options,
        &mut ptr::null_mut()
    ))
    .failed(OPTION, "threads");
}

#[test]
fn what_is_not_there_is_told() {
    const RANGE: i32 = PROBITY_ERROR_INDEX_OUT_OF_RANGE;
    let (library, method) = (starter(), method("ei-default"));
    let searcher = searcher(&library, "ei-default", 1);
    call!(probity_method_named(chars("best"), 4, &mut ptr::null_mut()))
        .failed(PROBITY_ERROR_NOT_FOUND, "nist-identity");
    let count = probity_method_shipped_count();
    call!(probity_method_shipped(count, &mut ptr::null_mut())).failed(RANGE, "counted from 0");
    call!(probity_method_measure(method.0, 99, &mut sized!(probity_measure))).failed(RANGE, "measure 99");
    call!(probity_query_from_entry(library.0, 100_000, &mut ptr::null_mut()))
        .failed(PROBITY_ERROR_NOT_FOUND, "no entry 100000");
    let query = peaks(&MZ, &INTENSITY);
    let mut finding = ptr::null_mut();
    call!(probity_searcher_identify(searcher.0, query.0, ptr::null(), &mut finding)).ok();
    let hits = unsafe { probity_finding_hits(finding) };
    let count = unsafe { probity_hit_list_count(hits) };
    call!(probity_hit_list_hit(hits, count, &mut sized!(probity_hit))).failed(RANGE, "there is no hit");
    call!(probity_hit_list_measure(hits, 0, 9, &mut sized!(probity_measure))).failed(RANGE, "measure 9");
    call!(probity_hit_list_value(hits, 0, chars("magic"), 5, &mut 0.0))
        .failed(PROBITY_ERROR_NOT_FOUND, "no measure magic");
    call!(probity_finding_evidence(finding, count, 1, &mut sized!(probity_evidence))).failed(RANGE, "hit");
    for which in [0, 6, -1, i32::MIN] {
        call!(probity_finding_evidence(finding, 0, which, &mut sized!(probity_evidence)))
            .failed(PROBITY_ERROR_INVALID_OPTION, "kind");
    }
    call!(probity_finding_group(finding, 999, &mut sized!(probity_group))).failed(RANGE, "group 999");
    call!(probity_finding_reason(finding, 999, ptr::null_mut(), ptr::null_mut())).failed(RANGE, "reason");
    call!(probity_finding_warning(finding, 999, ptr::null_mut(), ptr::null_mut())).failed(RANGE, "warning");
    unsafe { probity_finding_free(finding) };
    call!(probity_query_curve(query.0, &mut ptr::null(), &mut 0, &mut ptr::null(), &mut 0, &mut 0))
        .failed(PROBITY_ERROR_UNSUPPORTED, "no curve");
}

#[test]
fn a_panic_becomes_a_status_on_any_thread_and_the_host_lives_on() {
    for threads in [1, 2] {
        let mut error = ptr::null_mut();
        let status = unsafe { probity_test_panic(threads, &mut error) };
        assert_eq!(status, PROBITY_ERROR_PANIC);
        let text = crate::support::string(unsafe { probity_error_text(error) }).unwrap();
        assert!(text.contains("asked for by a test") && text.contains("a defect of the library"), "{text}");
        unsafe { probity_error_free(error) };
        assert_eq!(unsafe { probity_test_panic(threads, ptr::null_mut()) }, PROBITY_ERROR_PANIC);
    }
    let searcher = searcher(&starter(), "ei-default", 2);
    let (query, mut hits) = (peaks(&MZ, &INTENSITY), ptr::null_mut());
    call!(probity_searcher_search(searcher.0, query.0, ptr::null(), &mut hits)).ok();
    assert!(unsafe { probity_hit_list_count(hits) } > 0);
    unsafe { probity_hit_list_free(hits) };
}
