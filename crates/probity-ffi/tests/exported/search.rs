//! The same answers as the Rust library gives.

use std::ffi::c_void;
use std::ptr;
use std::sync::Arc;
use std::thread::ThreadId;

use probity::finding::Finding;
use probity::format::{ReadOptions, read_file};
use probity::library::Library;
use probity::search::{Executor, Method, Query, SearchOptions, Searcher};
use probity_ffi::*;

use crate::support::{
    INTENSITY, MZ, Owned, call, chars, file, fixture, identify, json, make, method, peaks, searcher, sized,
    starter, string,
};

const QUERY: &str = "queries/flubromazepam_prison_paper.msp";

fn rust_starter() -> Arc<Library> {
    Arc::new(probity::library::starter().open(&Default::default(), Default::default()).unwrap())
}

fn rust_searcher(library: Arc<Library>, method: &str) -> Searcher {
    Searcher::new(library, Method::named(method).unwrap(), Arc::new(Executor::new(1).unwrap())).unwrap()
}

fn search_options() -> probity_search_options {
    let mut options = sized!(probity_search_options);
    call!(probity_search_options_init(&mut options, size_of_val(&options))).ok();
    options
}

#[test]
fn a_finding_is_that_of_the_rust_library_to_the_last_byte() {
    let path = fixture(QUERY);
    let input = read_file(&path, &ReadOptions::default()).unwrap();
    let query = Query::from_input(input).remove(0);
    let (list, library) = (file(&path), starter());
    for name in ["ei-default", "nist-identity", "ei-entropy", "nist-hybrid"] {
        let expected = Finding::of(&rust_searcher(rust_starter(), name), &query, &SearchOptions::default());
        let expected = expected.unwrap();
        for threads in [1, 2] {
            let searcher = searcher(&library, name, threads);
            assert_eq!(unsafe { probity_searcher_threads(searcher.0) }, threads);
            let finding = identify(&searcher, unsafe { probity_query_list_query(list.0, 0) }, ptr::null());
            assert_eq!(json(&finding), serde_json::to_string(&expected).unwrap(), "{name}");
            compare(&finding, &expected, &rust_starter());
        }
    }
}

/// Every number and text of a finding as C sees it.
fn compare(finding: &Owned<probity_finding>, expected: &Finding, library: &Library) {
    let hits = unsafe { probity_finding_hits(finding.0) };
    assert_eq!(unsafe { probity_hit_list_count(hits) }, expected.hits.len());
    for (index, candidate) in expected.hits.iter().enumerate() {
        let mut hit = sized!(probity_hit);
        call!(probity_hit_list_hit(hits, index, &mut hit)).ok();
        assert_eq!((hit.rank, hit.entry_id), (candidate.rank as u64, candidate.entry_id.0));
        assert_eq!(hit.first_measure.to_bits(), candidate.first_measure().to_bits());
        assert_eq!(string(hit.name).unwrap(), candidate.name);
        assert_eq!(string(hit.formula), candidate.formula);
        assert_eq!(string(hit.inchikey), candidate.inchikey);
        let key = candidate.substance_key.as_ref().map(|key| key.as_str().to_owned());
        assert_eq!(string(hit.substance_key), key);
        assert_eq!(string(hit.cas_numbers).unwrap_or_default(), candidate.cas_numbers.join(","));
        assert_eq!(string(hit.substance_class), candidate.class);
        assert_eq!(string(hit.contributor), candidate.contributor);
        assert_eq!(hit.measure_count, candidate.measures.len());
        for (place, measure) in candidate.measures.iter().enumerate() {
            let mut shown = sized!(probity_measure);
            call!(probity_hit_list_measure(hits, index, place, &mut shown)).ok();
            assert_eq!(string(shown.name).unwrap(), measure.name);
            assert_eq!(shown.value.to_bits(), measure.value.to_bits());
            assert!((shown.minimum..=shown.maximum).contains(&shown.value));
            let mut value = 0.0;
            call!(probity_hit_list_value(hits, index, chars(measure.name), measure.name.len(), &mut value))
                .ok();
            assert_eq!(value.to_bits(), measure.value.to_bits());
        }
        let evidence = candidate.evidence.as_ref().unwrap();
        let column = |which: i32, query: &[f64], library: &[f64]| {
            let mut shown = sized!(probity_evidence);
            call!(probity_finding_evidence(finding.0, index, which, &mut shown)).ok();
            let slice = |pointer: *const f64| match pointer.is_null() {
                true => &[][..],
                false => unsafe { std::slice::from_raw_parts(pointer, shown.count) },
            };
            assert_eq!(shown.count, query.len().max(library.len()));
            assert_eq!((slice(shown.query_position), slice(shown.library_position)), (query, library));
            assert_eq!(shown.explained_share, evidence.explained_share);
            assert_eq!((shown.is_bands, shown.found_share), (0, evidence.found_share));
        };
        let mz = |ions: &[probity::finding::Ion]| ions.iter().map(|ion| ion.mz).collect::<Vec<_>>();
        let of_query: Vec<f64> = evidence.matched.iter().map(|ion| ion.query_mz).collect();
        let of_library: Vec<f64> = evidence.matched.iter().map(|ion| ion.library_mz).collect();
        column(PROBITY_EVIDENCE_MATCHED, &of_query, &of_library);
        column(PROBITY_EVIDENCE_UNEXPLAINED, &mz(&evidence.unexplained), &[]);
        column(PROBITY_EVIDENCE_MISSING, &[], &mz(&evidence.missing));
        column(PROBITY_EVIDENCE_QUERY_NOT_COMPARED, &mz(&evidence.query_not_compared), &[]);
        column(PROBITY_EVIDENCE_LIBRARY_NOT_COMPARED, &[], &mz(&evidence.library_not_compared));
    }
    let mut counts = sized!(probity_search_counts);
    call!(probity_hit_list_counts(hits, &mut counts)).ok();
    assert_eq!(counts.entries, library.len() as u64);
    assert_eq!(counts.compared, expected.counts.compared as u64);
    assert_eq!(counts.not_comparable, expected.counts.not_comparable as u64);
    assert_eq!(unsafe { probity_finding_outcome(finding.0) }, PROBITY_OUTCOME_INCONCLUSIVE);
    assert_eq!(string(unsafe { probity_finding_outcome_name(finding.0) }).unwrap(), "inconclusive");
    assert_eq!(string(unsafe { probity_finding_digest(finding.0) }).unwrap(), expected.digest);
    assert_eq!(string(unsafe { probity_finding_statement(finding.0) }).unwrap(), expected.heading.statement);
    let reasons = unsafe { probity_finding_reason_count(finding.0) };
    let sentences: Vec<String> = (0..reasons)
        .map(|index| {
            let (mut code, mut sentence) = (ptr::null(), ptr::null());
            call!(probity_finding_reason(finding.0, index, &mut code, &mut sentence)).ok();
            assert!(!string(code).unwrap().is_empty());
            string(sentence).unwrap()
        })
        .collect();
    assert_eq!(sentences, expected.outcome.explanation);
    assert_eq!(unsafe { probity_finding_warning_count(finding.0) }, expected.warnings.len());
    for (index, warning) in expected.warnings.iter().enumerate() {
        let (mut code, mut sentence) = (ptr::null(), ptr::null());
        call!(probity_finding_warning(finding.0, index, &mut code, &mut sentence)).ok();
        assert_eq!(string(sentence).unwrap(), warning.message);
        assert_eq!(serde_json::to_value(warning.code).unwrap(), string(code).unwrap());
    }
    assert_eq!(unsafe { probity_finding_group_count(finding.0) }, expected.groups.len());
    for (index, group) in expected.groups.iter().enumerate() {
        let mut shown = sized!(probity_group);
        call!(probity_finding_group(finding.0, index, &mut shown)).ok();
        assert_eq!(string(shown.name).unwrap(), group.name);
        assert_eq!((shown.place, shown.stereoform_count), (group.place as u64, group.stereoforms.len()));
        let ids = unsafe { std::slice::from_raw_parts(shown.entry_ids, shown.entry_count) };
        assert!(ids.iter().eq(group.entry_ids.iter().map(|id| &id.0)));
    }
}

#[test]
fn conditions_reach_the_search() {
    let (searcher, query) = (searcher(&starter(), "ei-default", 1), peaks(&MZ, &INTENSITY));
    let names = |options: &probity_search_options| -> Vec<String> {
        let hits = make!(probity_searcher_search(searcher.0, query.0, options), probity_hit_list_free);
        let count = unsafe { probity_hit_list_count(hits.0) };
        let mut hit = sized!(probity_hit);
        (0..count)
            .map(|index| {
                call!(probity_hit_list_hit(hits.0, index, &mut hit)).ok();
                string(hit.name).unwrap()
            })
            .collect()
    };
    let mut options = search_options();
    assert_eq!(names(&options)[0], "Cocaine");
    assert_eq!(names(&options).len(), 10);
    options.hits = 3;
    assert_eq!(names(&options).len(), 3);
    options.hits = usize::MAX;
    assert!(names(&options).len() > 10, "no memory is taken for what is not there");
    options.hits = 10;
    let formula = "C17H21NO4";
    (options.formula, options.formula_length) = (chars(formula), formula.len());
    assert_eq!(names(&options), ["Cocaine"]);
    let mut options = search_options();
    options.minimum = 0.999;
    assert!(names(&options).len() < 3);
    let mut options = search_options();
    let elements = "Br, F";
    (options.required_elements, options.required_elements_length) = (chars(elements), elements.len());
    let found = names(&options);
    assert!(found.iter().all(|name| name != "Cocaine"), "{found:?}");
    let mut options = search_options();
    (options.molecular_mass_low_da, options.molecular_mass_high_da) = (303.0, 303.3);
    assert!(names(&options).contains(&"Cocaine".to_owned()));
    for (change, words) in [
        ((|options| options.precursor_tolerance_unit = 7) as fn(&mut probity_search_options), "unit 7"),
        (|options| options.minimum = f64::NAN, "not a number"),
        (|options| options.molecular_mass_high_da = -1.0, "range of masses"),
        (|options| options.minimum_common_range = 2.0, "minimum_common_range"),
        (
            |options| (options.retention_index_window, options.has_retention_index_window) = (-1.0, 1),
            "retention index window",
        ),
    ] {
        let mut options = search_options();
        change(&mut options);
        call!(probity_searcher_search(searcher.0, query.0, &options, &mut ptr::null_mut()))
            .failed(PROBITY_ERROR_INVALID_OPTION, words);
    }
    let mut options = search_options();
    let unknown = "C,Xx";
    (options.allowed_elements, options.allowed_elements_length) = (chars(unknown), unknown.len());
    let outcome = call!(probity_searcher_search(searcher.0, query.0, &options, &mut ptr::null_mut()));
    assert_ne!(outcome.status, PROBITY_OK);
    assert!(outcome.text.unwrap().contains("Xx"));
}

/// A host's state in callbacks.
struct Watch {
    told: Vec<(u64, u64)>,
    threads: Vec<ThreadId>,
    stop_at: u64,
}

unsafe extern "C" fn watch(user_data: *mut c_void, done: u64, total: u64) -> i32 {
    let watch = unsafe { &mut *user_data.cast::<Watch>() };
    watch.told.push((done, total));
    watch.threads.push(std::thread::current().id());
    i32::from(done >= watch.stop_at)
}

#[test]
fn a_batch_gives_the_answers_of_single_searches_and_can_be_watched_and_stopped() {
    let library = starter();
    let list = file(&fixture("starter/starter.msp"));
    let count = unsafe { probity_query_list_count(list.0) };
    let curve = make!(
        probity_query_from_curve(
            MZ.as_ptr(),
            PROBITY_AXIS_WAVENUMBER,
            INTENSITY.as_ptr(),
            PROBITY_VALUE_ABSORBANCE,
            6,
            ptr::null()
        ),
        probity_query_free
    );
    let mut queries: Vec<_> =
        (0..count).map(|index| unsafe { probity_query_list_query(list.0, index) }).collect();
    queries.insert(7, curve.0);
    let text = |hits: *const probity_hit_list| {
        let mut json = ptr::null();
        call!(probity_hit_list_json(hits, &mut json, ptr::null_mut())).ok();
        string(json).unwrap()
    };
    for (own, threads) in [(1, 0), (2, 0), (1, 3)] {
        let searcher = searcher(&library, "ei-default", own);
        let mut seen = Watch { told: Vec::new(), threads: Vec::new(), stop_at: u64::MAX };
        let mut options = sized!(probity_batch_options);
        options.threads = threads;
        options.progress = Some(watch);
        options.progress_user_data = (&raw mut seen).cast();
        let batch = make!(
            probity_searcher_search_many(searcher.0, queries.as_ptr(), queries.len(), ptr::null(), &options),
            probity_batch_free
        );
        assert_eq!(unsafe { probity_batch_count(batch.0) }, queries.len());
        let total = queries.len() as u64;
        assert_eq!(seen.told.last(), Some(&(total, total)));
        assert!(seen.told.is_sorted_by(|one, next| one.0 < next.0));
        let here = std::thread::current().id();
        assert!(seen.threads.iter().all(|&thread| thread == here), "only the calling thread calls back");
        for (index, &query) in queries.iter().enumerate() {
            let mut hits = ptr::null();
            let outcome = call!(probity_batch_hits(batch.0, index, &mut hits));
            if index == 7 {
                outcome.failed(PROBITY_ERROR_UNSUPPORTED, "the query is a curve");
                continue;
            }
            outcome.ok();
            let alone = make!(probity_searcher_search(searcher.0, query, ptr::null()), probity_hit_list_free);
            assert_eq!(text(hits), text(alone.0));
        }
        call!(probity_batch_hits(batch.0, queries.len(), &mut ptr::null()))
            .failed(PROBITY_ERROR_INDEX_OUT_OF_RANGE, "there is no query");
        seen.stop_at = 1;
        call!(probity_searcher_search_many(
            searcher.0,
            queries.as_ptr(),
            queries.len(),
            ptr::null(),
            &options,
            &mut ptr::null_mut()
        ))
        .failed(PROBITY_ERROR_CANCELLED, "stopped");
    }
}

#[test]
fn threads_share_a_searcher_and_what_it_found_outlives_everything() {
    let (finding, expected) = {
        let (library, query) = (starter(), peaks(&MZ, &INTENSITY));
        let searcher = searcher(&library, "nist-identity", 2);
        drop(library);
        let expected = json(&identify(&searcher, query.0, ptr::null()));
        std::thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| {
                    for _ in 0..5 {
                        assert_eq!(json(&identify(&searcher, query.pointer(), ptr::null())), expected);
                    }
                });
            }
        });
        (identify(&searcher, query.0, ptr::null()), expected)
    };
    let hits = unsafe { probity_finding_hits(finding.0) };
    let mut hit = sized!(probity_hit);
    call!(probity_hit_list_hit(hits, 0, &mut hit)).ok();
    assert_eq!(string(hit.name).unwrap(), "Cocaine");
    assert_eq!(json(&finding), expected);
}

#[test]
fn the_flat_call_asks_fills_and_never_cuts() {
    let (library, query) = (starter(), peaks(&MZ, &INTENSITY));
    let searcher = searcher(&library, "ei-default", 1);
    let expected = json(&identify(&searcher, query.0, ptr::null()));
    let flat = |mz: *const f64, count: usize, buffer: &mut [u8]| {
        let (pointer, mut needed) = (buffer.as_mut_ptr(), usize::MAX);
        let pointer = if buffer.is_empty() { ptr::null_mut() } else { pointer.cast() };
        let (intensity, length) = (INTENSITY.as_ptr(), buffer.len());
        let status =
            unsafe { probity_identify_json(searcher.0, mz, intensity, count, pointer, length, &mut needed) };
        (status, needed)
    };
    let whole = expected.len() + 1;
    assert_eq!(flat(MZ.as_ptr(), 6, &mut []), (PROBITY_OK, whole));
    let mut buffer = vec![0xaa; whole];
    assert_eq!(flat(MZ.as_ptr(), 6, &mut buffer[..whole - 1]), (PROBITY_ERROR_BUFFER_TOO_SMALL, whole));
    assert!(buffer.iter().all(|&byte| byte == 0xaa), "nothing is cut");
    assert_eq!(flat(MZ.as_ptr(), 6, &mut buffer), (PROBITY_OK, whole));
    assert_eq!(std::str::from_utf8(&buffer[..whole - 1]).unwrap(), expected);
    assert_eq!(buffer[whole - 1], 0);
    // A mistake is told in the buffer, where there is room for it.
    let mut none = MZ;
    none[4] = f64::NAN;
    let (status, needed) = flat(none.as_ptr(), 6, &mut buffer);
    assert_eq!(status, PROBITY_ERROR_NOT_FINITE);
    let told: serde_json::Value = serde_json::from_slice(&buffer[..needed - 1]).unwrap();
    assert_eq!(told["error"]["status"], PROBITY_ERROR_NOT_FINITE);
    assert!(told["error"]["message"].as_str().unwrap().contains("mz[4]"));
    assert_eq!(flat(none.as_ptr(), 6, &mut [0; 3]).0, PROBITY_ERROR_NOT_FINITE);
    assert_eq!(flat(ptr::null(), 6, &mut []).0, PROBITY_ERROR_NULL_POINTER);
    assert_eq!(flat(MZ.as_ptr(), usize::MAX, &mut []).0, PROBITY_ERROR_LENGTH_OVERFLOW);
    let nobody = unsafe {
        let none = ptr::null_mut();
        probity_identify_json(ptr::null(), MZ.as_ptr(), MZ.as_ptr(), 6, none, 0, ptr::null_mut())
    };
    assert_eq!(nobody, PROBITY_ERROR_NULL_POINTER);
}

#[test]
fn methods_describe_themselves() {
    let shipped = Method::shipped().unwrap();
    assert_eq!(probity_method_shipped_count(), shipped.len());
    for (index, expected) in shipped.iter().enumerate() {
        let method = make!(probity_method_shipped(index), probity_method_free);
        assert_eq!(string(unsafe { probity_method_name(method.0) }).unwrap(), expected.name);
        assert_eq!(unsafe { probity_method_version(method.0) }, expected.version);
        assert_eq!(string(unsafe { probity_method_digest(method.0) }).unwrap(), expected.digest().unwrap());
        let info = expected.measure.info();
        assert_eq!(unsafe { probity_method_measure_count(method.0) }, info.len());
        for (place, expected) in info.iter().enumerate() {
            let mut measure = sized!(probity_measure);
            call!(probity_method_measure(method.0, place, &mut measure)).ok();
            assert_eq!(string(measure.name).unwrap(), expected.name);
            assert_eq!(string(measure.description).unwrap(), expected.description);
            assert_eq!((measure.minimum, measure.maximum), (expected.minimum, expected.maximum));
            assert!(measure.value.is_nan());
        }
    }
    let text = include_str!("../../../probity/methods/ei-default.toml");
    let mine = text.replace("name = \"ei-default\"", "name = \"mine\"");
    let own = make!(probity_method_from_toml(chars(&mine), mine.len()), probity_method_free);
    assert_eq!(string(unsafe { probity_method_name(own.0) }).unwrap(), "mine");
    assert_eq!(unsafe { probity_method_technique(own.0) }, PROBITY_TECHNIQUE_ELECTRON_IONIZATION);
    let known = method("ei-default");
    assert_ne!(unsafe { string(probity_method_digest(own.0)) }, unsafe {
        string(probity_method_digest(known.0))
    });
    let broken = "name = 1";
    call!(probity_method_from_toml(chars(broken), broken.len(), &mut ptr::null_mut()))
        .failed(PROBITY_ERROR_MALFORMED, "not a method");
}

#[test]
fn arrays_are_queries_like_files() {
    let records = "Name: a\nNum Peaks: 6\n82 999; 94 300; 105 250; 122 120; 182 800; 303 200\n";
    let list = make!(
        probity_query_list_from_bytes(records.as_ptr(), records.len(), chars("a.msp"), 5, ptr::null()),
        probity_query_list_free
    );
    assert_eq!(string(unsafe { probity_query_list_format(list.0) }).unwrap(), "MSP");
    let from_text = unsafe { probity_query_list_query(list.0, 0) };
    assert_eq!(string(unsafe { probity_query_name(from_text) }).unwrap(), "a");
    assert_eq!(unsafe { (probity_query_record(from_text), probity_query_kind(from_text)) }, (1, 1));
    let from_arrays = peaks(&MZ, &INTENSITY);
    let columns = |query: *const probity_query| {
        let (mut mz, mut intensity, mut count) = (ptr::null(), ptr::null(), 0);
        call!(probity_query_peaks(query, &mut mz, &mut intensity, &mut count)).ok();
        unsafe { (std::slice::from_raw_parts(mz, count), std::slice::from_raw_parts(intensity, count)) }
    };
    assert_eq!(columns(from_text), columns(from_arrays.0));
    assert_eq!(columns(from_text), (&MZ[..], &INTENSITY[..]));
}
