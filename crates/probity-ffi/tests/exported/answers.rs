//! One hit explained, many findings at once, mixtures, and what of an instrument file is a query.

use std::ptr;
use std::sync::Arc;

use probity::finding::MixtureFinding;
use probity::library::{Library, LibraryScope};
use probity::search::{Executor, Filter, Method, Searcher};
use probity_ffi::*;
use serde_json::{Value, json};

use crate::support::{
    INTENSITY, MZ, Owned, call, chars, file, fixture, identify, make, method, open, peaks, searcher, sized,
    starter, string,
};
use crate::upkeep::value;

#[test]
fn a_hit_is_explained() {
    let searcher = searcher(&starter(), "ei-default", 1);
    let query = peaks(&MZ, &INTENSITY);
    let finding = identify(&searcher, query.0, ptr::null());
    let mut hit = sized!(probity_hit);
    call!(probity_hit_list_hit(unsafe { probity_finding_hits(finding.0) }, 0, &mut hit)).ok();
    let explained = make!(probity_searcher_explain(searcher.0, query.0, hit.entry_id), probity_json_free);
    let explained = value(&explained);
    assert_eq!(explained["value"], hit.first_measure, "the root is the score itself");
    assert!(explained["children"].as_array().is_some_and(|children| !children.is_empty()));
    let none = &mut ptr::null_mut();
    call!(probity_searcher_explain(searcher.0, query.0, 100, none))
        .failed(PROBITY_ERROR_NOT_FOUND, "no entry 100");
    let empty = peaks(&[], &[]);
    call!(probity_searcher_explain(searcher.0, empty.0, 17, none))
        .failed(PROBITY_ERROR_UNSUPPORTED, "ei-default cannot compare the query with entry 17");
}

/// The findings of a batch, in order: JSON, or the status of the failure.
fn findings(batch: &Owned<probity_finding_batch>) -> Vec<Result<String, i32>> {
    let count = unsafe { probity_finding_batch_count(batch.0) };
    (0..count)
        .map(|index| {
            let (mut finding, mut error) = (ptr::null(), ptr::null_mut());
            let status = unsafe { probity_finding_batch_finding(batch.0, index, &mut finding, &mut error) };
            unsafe { probity_error_free(error) };
            if status != PROBITY_OK {
                return Err(status);
            }
            let mut text = ptr::null();
            call!(probity_finding_json(finding, &mut text, ptr::null_mut())).ok();
            Ok(string(text).unwrap())
        })
        .collect()
}

#[test]
fn many_findings_are_those_of_one_after_the_other() {
    let list = file(&fixture("queries/flubromazepam_prison_paper.msp"));
    let (cocaine, nothing) = (peaks(&MZ, &INTENSITY), peaks(&[], &[]));
    let curve = {
        let (axis, values) = ([400.0, 402.0, 404.0], [0.1, 0.2, 0.1]);
        let units = (PROBITY_AXIS_WAVENUMBER, PROBITY_VALUE_ABSORBANCE);
        make!(
            probity_query_from_curve(axis.as_ptr(), units.0, values.as_ptr(), units.1, 3, ptr::null()),
            probity_query_free
        )
    };
    let first = unsafe { probity_query_list_query(list.0, 0) };
    let queries = [cocaine.0.cast_const(), curve.0, first, nothing.0, cocaine.0];
    for (name, threads) in [("ei-default", 1), ("nist-identity", 2), ("msms-entropy-open", 1)] {
        let searcher = searcher(&starter(), name, 1);
        let mut options = sized!(probity_batch_options);
        options.threads = threads;
        let batch = make!(
            probity_searcher_identify_many(searcher.0, queries.as_ptr(), 5, ptr::null(), &options),
            probity_finding_batch_free
        );
        let found = findings(&batch);
        assert_eq!(found[1], Err(PROBITY_ERROR_UNSUPPORTED), "a curve among mass spectra");
        for (found, query) in found.iter().zip(queries) {
            if let Ok(found) = found {
                assert_eq!(*found, crate::support::json(&identify(&searcher, query, ptr::null())), "{name}");
            }
        }
        assert_eq!(found.iter().filter(|found| found.is_ok()).count(), 4);
        let (mut text, mut length) = (ptr::null(), 0);
        call!(probity_finding_batch_json(batch.0, &mut text, &mut length)).ok();
        let text = string(text).unwrap();
        assert_eq!(text.len(), length);
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines.len(), 5);
        for (line, found) in lines.iter().zip(&found) {
            match found {
                Ok(found) => assert_eq!(line, found),
                Err(status) => {
                    let line: Value = serde_json::from_str(line).unwrap();
                    assert_eq!(line["error"]["status"], *status);
                    assert!(line["error"]["message"].as_str().unwrap().contains("a curve"));
                }
            }
        }
        call!(probity_finding_batch_finding(batch.0, 5, &mut ptr::null()))
            .failed(PROBITY_ERROR_INDEX_OUT_OF_RANGE, "counted from 0");
    }
}

/// Curves of three substances whose bands are triangles, and the sum of the first two.
fn curves() -> Value {
    let axis: Vec<f64> = (0..1_801).map(|point| 400.0 + 2.0 * f64::from(point)).collect();
    let band = |x: f64, centre: f64| (1.0 - (x - centre).abs() / 40.0).max(0.0);
    let values = |centres: &[f64], share: f64| -> Vec<f64> {
        axis.iter().map(|&x| share * centres.iter().map(|&centre| band(x, centre)).sum::<f64>()).collect()
    };
    let (one, other, third) =
        ([800.0, 1_200.0, 1_700.0], [950.0, 1_450.0, 2_900.0], [700.0, 1_050.0, 3_300.0]);
    let mut sum = values(&one, 0.6);
    sum.iter_mut().zip(values(&other, 0.4)).for_each(|(sum, more)| *sum += more);
    // Noise that is the same in every run: a mixture is judged against it.
    sum.iter_mut().enumerate().for_each(|(point, sum)| *sum += 1e-4 * ((point * 7_919 % 13) as f64 - 6.0));
    let record = |name: &str, values: Vec<f64>| {
        json!({
            "kind": "curve",
            "name": name,
            "curve": {
                "shows": "spectrum", "axis_unit": "wavenumber", "axis": axis, "value_unit": "absorbance",
                "values": values,
            },
        })
    };
    json!([
        record("one", values(&one, 1.0)),
        record("other", values(&other, 1.0)),
        record("third", values(&third, 1.0)),
        record("both", sum)
    ])
}

#[test]
fn a_mixture_is_taken_apart_as_by_the_rust_library() {
    let folder = tempfile::tempdir().unwrap();
    let (path, all) = (folder.path().join("ftir.json"), curves());
    let pure: Vec<&Value> = all.as_array().unwrap()[..3].iter().collect();
    std::fs::write(&path, serde_json::to_vec(&pure).unwrap()).unwrap();
    let sample = serde_json::to_vec(&[&all[3]]).unwrap();
    let list = make!(
        probity_query_list_from_bytes(sample.as_ptr(), sample.len(), chars("sample.json"), 11, ptr::null()),
        probity_query_list_free
    );
    let library = open(&path, ptr::null());
    let searcher = searcher(&library, "ir-default", 1);
    let query = unsafe { probity_query_list_query(list.0, 0) };
    let targets = [3_u64];
    let mut options = sized!(probity_mixture_options);
    call!(probity_mixture_options_init(&mut options, size_of_val(&options))).ok();
    (options.targets, options.target_count) = (targets.as_ptr(), 1);
    let found =
        make!(probity_searcher_find_mixture(searcher.0, query, ptr::null(), &options), probity_json_free);
    let found = value(&found);
    let names: Vec<&str> = found["components"]
        .as_array()
        .unwrap()
        .iter()
        .map(|component| component["name"].as_str().unwrap())
        .collect();
    assert_eq!(names, ["one", "other"], "the larger share first");
    assert_eq!(found["targets"][0]["name"], "third");
    // The same by the Rust library.
    let options_of_reading = probity::format::ReadOptions::default();
    let read = |bytes: &[u8], name| probity::format::read_bytes(bytes, name, &options_of_reading).unwrap();
    let records = probity::format::read_file(&path, &options_of_reading).unwrap().records;
    let rust = Library::from_records("ftir", LibraryScope::Spectra, records).unwrap();
    let executor = Arc::new(Executor::new(1).unwrap());
    let rust = Searcher::new(Arc::new(rust), Method::named("ir-default").unwrap(), executor).unwrap();
    let query_of_rust = probity::search::Query::from_input(read(&sample, "sample.json")).remove(0);
    let expected = MixtureFinding::of(
        &rust,
        &query_of_rust,
        &[probity::library::EntryId(3)],
        &Filter::default(),
        &MixtureFinding::default_options(),
    )
    .unwrap();
    assert_eq!(found, serde_json::from_str::<Value>(&serde_json::to_string(&expected).unwrap()).unwrap());
    refuse_mixtures(&searcher, query, options);
}

fn refuse_mixtures(
    searcher: &Owned<probity_searcher>,
    query: *const probity_query,
    options: probity_mixture_options,
) {
    const OPTION: i32 = PROBITY_ERROR_INVALID_OPTION;
    let refused = |change: &dyn Fn(&mut probity_mixture_options), words: &str| {
        let mut options = options;
        change(&mut options);
        call!(probity_searcher_find_mixture(searcher.0, query, ptr::null(), &options, &mut ptr::null_mut()))
            .failed(OPTION, words);
    };
    let targets = [9_u64];
    refused(&|options| options.maximum_components = 0, "maximum_components");
    refused(&|options| options.points_per_independent_point = f64::NAN, "points_per_independent_point");
    refused(&|options| options.reserved = 1, "reserved");
    refused(&|options| options.targets = targets.as_ptr(), "entry 9");
    let mut conditions = sized!(probity_search_options);
    call!(probity_search_options_init(&mut conditions, size_of_val(&conditions))).ok();
    conditions.hits = 11;
    call!(probity_searcher_find_mixture(searcher.0, query, &conditions, &options, &mut ptr::null_mut()))
        .failed(OPTION, "hits, minimum and relative_probability");
    let mass = peaks(&MZ, &INTENSITY);
    let none = ptr::null();
    call!(probity_searcher_find_mixture(searcher.0, mass.0, none, ptr::null(), &mut ptr::null_mut()))
        .failed(PROBITY_ERROR_UNSUPPORTED, "no infrared spectrum");
    let of_masses =
        make!(probity_searcher_new(starter().0, method("ei-default").0, ptr::null()), probity_searcher_free);
    call!(probity_searcher_find_mixture(of_masses.0, query, none, ptr::null(), &mut ptr::null_mut()))
        .failed(OPTION, "");
}

/// Curves that show these, as our JSON.
fn shown(shows: &[&str]) -> Owned<probity_query_list> {
    let record = |(number, shows): (usize, &&str)| {
        json!({
            "kind": "curve",
            "name": format!("curve {number}"),
            "curve": {
                "shows": shows, "axis_unit": "wavenumber", "axis": [400.0, 401.0, 402.0],
                "value_unit": "absorbance", "values": [0.1, 0.2, 0.1],
            },
        })
    };
    let records: Vec<Value> = shows.iter().enumerate().map(record).collect();
    let text = serde_json::to_vec(&records).unwrap();
    make!(
        probity_query_list_from_bytes(text.as_ptr(), text.len(), chars("m.json"), 6, ptr::null()),
        probity_query_list_free
    )
}

#[test]
fn what_a_spectrum_was_computed_from_is_no_query() {
    let list = shown(&["interferogram", "spectrum", "single_beam"]);
    unsafe {
        assert_eq!(probity_query_list_count(list.0), 1);
        assert_eq!(string(probity_query_name(probity_query_list_query(list.0, 0))).unwrap(), "curve 1");
        assert_eq!(probity_query_list_records_passed_over(list.0), 2);
        assert_eq!(probity_query_list_records_skipped(list.0), 0);
        let count = probity_query_list_notice_count(list.0);
        let notices: Vec<String> =
            (0..count).map(|index| string(probity_query_list_notice(list.0, index)).unwrap()).collect();
        for words in
            ["m.json: record 1 (curve 0) is passed over: it is an interferogram", "record 3 (curve 2)"]
        {
            assert!(notices.iter().any(|notice| notice.contains(words)), "{notices:?}");
        }
    }
    // Where there is nothing else, searching says what is wrong with them.
    let list = shown(&["single_beam"]);
    let query = unsafe { probity_query_list_query(list.0, 0) };
    assert_eq!(unsafe { probity_query_list_records_passed_over(list.0) }, 0);
    assert_eq!(unsafe { probity_query_kind(query) }, PROBITY_KIND_SINGLE_BEAM);
}
