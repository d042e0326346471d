//! Every finding keeps to the published schema.
#![allow(clippy::unwrap_used, reason = "a failed step fails the test")]

use std::sync::Arc;

use probity::finding::Finding;
use probity::format::Record;
use probity::library::{Library, LibraryScope};
use probity::report::FINDING_SCHEMA;
use probity::search::{Executor, Method, Query, SearchOptions, Searcher};
use probity::spectrum::{Spectrum, Technique};
use probity_tests::{read_fixture, synthetic_curves, synthetic_records};

fn findings(queries: &[Record]) -> Vec<serde_json::Value> {
    let executor = Arc::new(Executor::new(1).unwrap());
    let mut records = read_fixture("starter/starter.msp");
    records.extend(synthetic_curves(30, 3));
    let library = Arc::new(Library::from_records("starter", LibraryScope::Starter, records).unwrap());
    let mut findings = Vec::new();
    for method in Method::shipped().unwrap() {
        let searcher = Searcher::new(Arc::clone(&library), method, Arc::clone(&executor)).unwrap();
        let is_infrared = searcher.method().technique == Technique::Infrared;
        for query in queries.iter().filter(|query| query.spectrum.as_curve().is_some() == is_infrared) {
            let mut query = query.clone();
            if let Spectrum::Mass(mass) = &mut query.spectrum {
                // Without one the methods that look at losses refuse the query.
                mass.acquisition.precursor_mz.get_or_insert(333.0);
            }
            let query = Query::from_record(query);
            let finding = Finding::of(&searcher, &query, &SearchOptions::default()).unwrap();
            findings.push(serde_json::to_value(&finding).unwrap());
        }
    }
    findings
}

#[test]
fn findings_of_every_method_are_valid() {
    let schema: serde_json::Value = serde_json::from_str(FINDING_SCHEMA).unwrap();
    let validator = jsonschema::draft202012::new(&schema).unwrap();
    let mut queries = read_fixture("queries/flubromazepam_prison_paper.msp");
    queries.extend(synthetic_records(3, 5));
    let mut empty = queries[0].clone();
    empty.spectrum = Spectrum::Mass(probity::spectrum::MassSpectrum::default());
    queries.push(empty);
    queries.extend(synthetic_curves(4, 5));
    let findings = findings(&queries);
    assert!(findings.iter().any(|finding| !finding["hits"].as_array().unwrap().is_empty()));
    assert!(findings.iter().any(|finding| finding["hits"][0]["bands"].is_object()));
    for finding in findings {
        let errors: Vec<String> = validator
            .iter_errors(&finding)
            .map(|error| format!("{}: {error}", error.instance_path()))
            .collect();
        assert!(errors.is_empty(), "{} {errors:#?}", finding["method"]["name"]);
    }
}

#[test]
fn the_schema_refuses_a_finding_without_its_digest() {
    let schema: serde_json::Value = serde_json::from_str(FINDING_SCHEMA).unwrap();
    let validator = jsonschema::draft202012::new(&schema).unwrap();
    let mut finding = findings(&read_fixture("queries/flubromazepam_prison_paper.msp")).remove(0);
    assert!(validator.is_valid(&finding));
    finding.as_object_mut().unwrap().remove("digest");
    assert!(!validator.is_valid(&finding));
}
