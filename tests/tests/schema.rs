//! Every finding keeps to the published schema.
#![allow(clippy::unwrap_used, reason = "a failed step fails the test")]

use std::sync::Arc;

use probity::finding::{Finding, MixtureFinding};
use probity::format::Record;
use probity::library::{EntryId, Library, LibraryScope};
use probity::report::{FINDING_SCHEMA, MIXTURE_FINDING_SCHEMA};
use probity::search::{Executor, Filter, Method, Query, SearchOptions, Searcher};
use probity::spectrum::{Spectrum, SpectrumKind, Technique};
use probity_tests::{read_fixture, synthetic_curves, synthetic_records};
use serde_json::Value;

fn findings(queries: &[Record]) -> Vec<Value> {
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

/// What each finding has that the schema does not allow.
fn assert_valid(schema: &str, findings: &[Value]) {
    let validator = jsonschema::draft202012::new(&parsed(schema)).unwrap();
    for finding in findings {
        let errors: Vec<String> = validator
            .iter_errors(finding)
            .map(|error| format!("{}: {error}", error.instance_path()))
            .collect();
        assert!(errors.is_empty(), "{} {errors:#?}", finding["method"]["name"]);
    }
}

fn parsed(schema: &str) -> Value {
    serde_json::from_str(schema).unwrap()
}

#[test]
fn findings_of_every_method_are_valid() {
    let mut queries = read_fixture("queries/flubromazepam_prison_paper.msp");
    queries.extend(synthetic_records(3, 5));
    let mut empty = queries[0].clone();
    empty.spectrum = Spectrum::Mass(probity::spectrum::MassSpectrum::default());
    queries.push(empty);
    queries.extend(synthetic_curves(4, 5));
    let findings = findings(&queries);
    assert!(findings.iter().any(|finding| !finding["hits"].as_array().unwrap().is_empty()));
    assert!(findings.iter().any(|finding| finding["hits"][0]["bands"].is_object()));
    assert_valid(FINDING_SCHEMA, &findings);
}

#[test]
fn the_schema_refuses_a_finding_without_its_digest() {
    let validator = jsonschema::draft202012::new(&parsed(FINDING_SCHEMA)).unwrap();
    let mut finding = findings(&read_fixture("queries/flubromazepam_prison_paper.msp")).remove(0);
    assert!(validator.is_valid(&finding));
    finding.as_object_mut().unwrap().remove("digest");
    assert!(!validator.is_valid(&finding));
}

/// Entries of a library, and curves that are not in it, each with all entries as targets that can be components.
fn mixtures() -> Vec<Value> {
    let records = synthetic_curves(24, 3);
    let queries: Vec<Query> =
        records.iter().take(4).cloned().chain(synthetic_curves(4, 5)).map(Query::from_record).collect();
    let library = Arc::new(Library::from_records("curves", LibraryScope::Spectra, records).unwrap());
    let method = Method::first_choice(SpectrumKind::Curve).unwrap();
    let searcher = Searcher::new(library, method, Arc::new(Executor::new(1).unwrap())).unwrap();
    let of = |query: &Query, targets: &[EntryId]| {
        let options = MixtureFinding::default_options();
        MixtureFinding::of(&searcher, query, targets, &Filter::default(), &options)
    };
    let whole = |query: &Query| {
        let can_be: Vec<EntryId> =
            searcher.library().ids().iter().copied().filter(|&id| of(query, &[id]).is_ok()).collect();
        serde_json::to_value(of(query, &can_be).unwrap()).unwrap()
    };
    queries.iter().map(whole).collect()
}

#[test]
fn findings_of_mixtures_are_valid() {
    let findings = mixtures();
    let any = |of: &dyn Fn(&Value) -> bool| findings.iter().any(of);
    let array = |finding: &Value, name: &str| finding[name].as_array().unwrap().clone();
    // All that the schema describes occurs.
    assert!(any(&|finding| array(finding, "components").len() > 1));
    assert!(any(&|finding| array(finding, "components")
        .iter()
        .any(|one| one["best_set_without"][0].is_object())));
    assert!(any(&|finding| array(finding, "residual_bands")
        .iter()
        .any(|band| band["component"].is_object())));
    for verdict in ["detected", "not_detected_above"] {
        assert!(any(&|finding| array(finding, "targets").iter().any(|target| target["verdict"] == verdict)));
    }
    assert_valid(MIXTURE_FINDING_SCHEMA, &findings);
}

#[test]
fn the_schema_of_mixtures_refuses_what_is_no_finding() {
    let validator = jsonschema::draft202012::new(&parsed(MIXTURE_FINDING_SCHEMA)).unwrap();
    let findings = mixtures();
    let good = findings.iter().find(|finding| finding["components"][0].is_object()).unwrap();
    assert!(validator.is_valid(good));
    let mut without_digest = good.clone();
    without_digest.as_object_mut().unwrap().remove("digest");
    let mut pair = good.clone();
    pair["components"][0]["coefficient"] = serde_json::json!([0.5, 0.01]);
    let mut beyond = good.clone();
    beyond["components"][0]["share_of_signal"] = 1.5.into();
    let mut absent = good.clone();
    absent["targets"][0]["verdict"] = "absent".into();
    for wrong in [without_digest, pair, beyond, absent] {
        assert!(!validator.is_valid(&wrong));
    }
}

/// What all findings begin with is described the same in both schemas.
#[test]
fn both_schemas_describe_one_heading() {
    let [finding, mixture] =
        [FINDING_SCHEMA, MIXTURE_FINDING_SCHEMA].map(|text| parsed(text)["properties"].clone());
    for name in ["schema_version", "probity_version", "statement", "query", "library", "method", "filter"] {
        assert!(finding[name].is_object());
        assert_eq!(finding[name], mixture[name], "{name}");
    }
}
