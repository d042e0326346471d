//! The same version, query, library and method give the same finding, bit for bit: for any number of
//! threads, and on processors without fused multiply-add and AVX2 (design law 2).
#![allow(clippy::unwrap_used, reason = "a failed step fails the test")]

use std::sync::Arc;

use probity::finding::Finding;
use probity::library::{Library, LibraryScope};
use probity::search::{Executor, Method, Query, QuerySource, SearchOptions, Searcher};
use probity::spectrum::{Spectrum, Technique};
use probity_tests::{lines_of_masked_process, read_fixture, synthetic_curves, synthetic_records};

/// The digests of all findings of all methods for real and synthetic queries.
fn digests(threads: usize) -> Vec<String> {
    let executor = Arc::new(Executor::new(threads).unwrap());
    let mut records = read_fixture("starter/starter.msp");
    records.extend(synthetic_records(200, 7));
    records.extend(synthetic_curves(300, 7));
    let mut queries = read_fixture("queries/flubromazepam_prison_paper.msp");
    queries.extend(synthetic_records(3, 11));
    let library = Arc::new(Library::from_records("mixed", LibraryScope::Spectra, records).unwrap());
    let mut digests = Vec::new();
    let curves = synthetic_curves(3, 11);
    for method in Method::shipped().unwrap() {
        let queries = if method.technique == Technique::Infrared { &curves } else { &queries };
        let searcher = Searcher::new(Arc::clone(&library), method, Arc::clone(&executor)).unwrap();
        for query in queries {
            let mut query = query.clone();
            if let Spectrum::Mass(mass) = &mut query.spectrum {
                // Without one the methods that look at losses refuse the query.
                mass.acquisition.precursor_mz.get_or_insert(333.0);
            }
            let query = Query::from_record(query);
            let finding = Finding::of(&searcher, &query, &SearchOptions::default().top(50)).unwrap();
            digests.push(format!("{} {}", finding.heading.method.name, finding.digest));
        }
    }
    digests
}

#[test]
fn threads_do_not_change_a_bit() {
    let one = digests(1);
    assert!(one.len() >= 9 * 4);
    assert_eq!(one, digests(2));
    assert_eq!(one, digests(8));
}

#[test]
fn processors_without_fma_and_avx2_do_not_change_a_bit() {
    let here = digests(2);
    if let Some(there) = lines_of_masked_process("processors_without_fma_and_avx2_do_not_change_a_bit", &here)
    {
        assert_eq!(here, there);
    }
}

#[test]
fn the_digest_does_not_depend_on_where_the_file_lay() {
    let executor = Arc::new(Executor::new(1).unwrap());
    let library =
        Library::from_records("starter", LibraryScope::Starter, read_fixture("starter/starter.msp"));
    let method = Method::named("ei-default").unwrap();
    let searcher = Searcher::new(Arc::new(library.unwrap()), method, executor).unwrap();
    let digest = |file: &str, sha256: &str| {
        let mut query = Query::from_record(read_fixture("queries/flubromazepam_prison_paper.msp").remove(0));
        let format = probity::format::Format::Msp;
        query.source = Some(QuerySource {
            file: file.to_owned(),
            sha256: sha256.to_owned(),
            format,
            records_skipped: 0,
            notices: 0,
        });
        Finding::of(&searcher, &query, &SearchOptions::default()).unwrap().digest
    };
    assert_eq!(digest("here/case.msp", "00"), digest("there/case.msp", "00"));
    assert_ne!(digest("here/case.msp", "00"), digest("here/case.msp", "01"));
}
