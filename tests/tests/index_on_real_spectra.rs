//! On real libraries and queries, too, the index answers as the search that scores every entry.
#![allow(clippy::unwrap_used, reason = "a failed step fails the test")]

use std::sync::Arc;

use probity::format::Record;
use probity::library::{Library, LibraryScope};
use probity::search::{Executor, HitList, Query, SearchOptions, Searcher};
use probity_tests::{data, read_records, shipped_methods};

/// At unit mass.
const EI: &[&str] = &[
    "ei-default",
    "ei-composite",
    "ei-entropy",
    "nist-simple",
    "nist-identity",
    "nist-simple-reverse",
    "nist-identity-reverse",
];

/// A hit list with the bits of its numbers.
fn bits(list: &HitList) -> Vec<(usize, u64, Vec<u64>)> {
    let of =
        |hit: &probity::search::Hit| hit.measures.iter().map(|measure| measure.value.to_bits()).collect();
    list.hits.iter().map(|hit| (hit.rank, hit.entry_id.0, of(hit))).collect()
}

/// Every method that has an index, on the given references and queries; with AVX2 where the processor has
/// it, and without.
fn check(references: Vec<Record>, queries: &[Query], must_have_an_index: &[&str]) {
    let library = Arc::new(Library::from_records("references", LibraryScope::Spectra, references).unwrap());
    let mut methods_with_an_index = Vec::new();
    for method in shipped_methods(false) {
        let searcher = |executor: Executor| {
            Searcher::new(Arc::clone(&library), method.clone(), Arc::new(executor)).unwrap()
        };
        let with_index = searcher(Executor::new(2).unwrap());
        if !with_index.has_index() {
            continue;
        }
        let portable = searcher(Executor::new(1).unwrap().portable());
        let exhaustive = searcher(Executor::new(2).unwrap()).without_index();
        let options = SearchOptions::default();
        let expected = exhaustive.search_many(queries, &options);
        let found = [with_index.search_many(queries, &options), portable.search_many(queries, &options)];
        let mut hits = 0;
        for (number, expected) in expected.iter().enumerate() {
            for found in &found {
                match (&found[number], expected) {
                    (Ok(found), Ok(expected)) => {
                        assert_eq!(bits(found), bits(expected), "{}, query {number}", method.name);
                        assert_eq!(found.counts, expected.counts, "{}, query {number}", method.name);
                        hits += found.hits.len();
                    }
                    // A query that the method cannot prepare.
                    (Err(found), Err(expected)) => assert_eq!(found.to_string(), expected.to_string()),
                    (found, expected) => panic!("{}, query {number}: {found:?}, {expected:?}", method.name),
                }
            }
        }
        if hits > queries.len() {
            methods_with_an_index.push(method.name.clone());
        }
    }
    for name in must_have_an_index {
        assert!(methods_with_an_index.iter().any(|other| other == name), "{methods_with_an_index:?}");
    }
}

#[test]
#[ignore = "needs PROBITY_DATA"]
fn the_index_answers_as_brute_force_on_the_labelled_queries() {
    let folder = data().join("ms");
    let mut references = read_records(&folder.join("ei_reference_swgdrug.msp.gz"));
    references.extend(read_records(&folder.join("ei_reference_massbank.msp.gz")));
    let queries = read_records(&folder.join("queries/ei_queries.msp"));
    check(references, &queries.into_iter().map(Query::from_record).collect::<Vec<_>>(), EI);
}

#[test]
#[ignore = "needs PROBITY_DATA"]
fn the_index_answers_as_brute_force_on_the_queries_of_nist() {
    let folder = data().join("nist");
    let references = read_records(&folder.join("massbank_subset_ei_lr.msp"));
    let queries = read_records(&folder.join("queries_600.msp"));
    check(references, &queries.into_iter().map(Query::from_record).collect::<Vec<_>>(), EI);
}

/// All against all: each spectrum is found with its neighbours, whatever their precursors.
#[test]
#[ignore = "needs PROBITY_DATA"]
fn the_index_answers_as_brute_force_on_product_ion_spectra() {
    let references = read_records(&data().join("ms/msms_reference.msp.gz"));
    let queries: Vec<Query> =
        references.iter().step_by(references.len().div_ceil(300)).cloned().map(Query::from_record).collect();
    check(references, &queries, &["msms-entropy-open", "msms-entropy-neutral-loss", "msms-entropy-hybrid"]);
}
