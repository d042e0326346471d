//! Infrared spectra, as a user keeps, searches and takes them apart.
#![allow(clippy::unwrap_used, reason = "a failed step fails the test")]

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;

fn run(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_probity")).current_dir(folder).args(arguments).output().unwrap()
}

fn succeed(folder: &Path, arguments: &[&str]) -> String {
    let output = run(folder, arguments);
    let error = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(0), "{arguments:?}: {error}");
    String::from_utf8(output.stdout).unwrap()
}

/// Absorbance from 600 to 4,000 cm⁻¹ of bands at these places, the first the highest, on a sloping baseline.
fn curve(bands: &[(f64, f64)]) -> String {
    let mut text = String::from("wavenumber (cm-1),absorbance\n");
    for point in 0..1_701 {
        let x = 600.0 + 2.0 * f64::from(point);
        let band = |&(centre, height): &(f64, f64)| {
            let distance = (x - centre) / 12.0;
            height / (1.0 + distance * distance)
        };
        let noise = if point % 3 == 0 { 2e-4 } else { -1e-4 };
        writeln!(text, "{x},{}", bands.iter().map(band).sum::<f64>() + 1e-5 * x + noise).unwrap();
    }
    text
}

/// A folder with three references and a sample of two of them.
fn laboratory() -> tempfile::TempDir {
    let place = tempfile::tempdir().unwrap();
    let references = place.path().join("references");
    fs::create_dir(&references).unwrap();
    let substances = [
        ("ester", [(1_730.0, 1.0), (1_240.0, 0.8)]),
        ("amide", [(1_650.0, 0.9), (3_300.0, 0.5)]),
        ("ether", [(1_100.0, 1.0), (2_950.0, 0.4)]),
    ];
    for (name, bands) in &substances {
        fs::write(references.join(format!("{name}.csv")), curve(bands)).unwrap();
    }
    let sum: Vec<(f64, f64)> = substances[0]
        .1
        .iter()
        .map(|&(centre, height)| (centre, 0.7 * height))
        .chain(substances[2].1.iter().map(|&(centre, height)| (centre, 0.3 * height)))
        .collect();
    fs::write(place.path().join("sample.csv"), curve(&sum)).unwrap();
    place
}

fn names(values: &Value) -> Vec<&str> {
    values.as_array().unwrap().iter().map(|value| value["name"].as_str().unwrap()).collect()
}

#[test]
fn curves_are_kept_searched_and_explained_band_by_band() {
    let place = laboratory();
    let folder = place.path();
    assert!(succeed(folder, &["library", "build", "ftir", "--from", "references"]).contains("3 entries"));
    let sample = "references/ester.csv";
    let table = succeed(folder, &["identify", sample, "--library", "ftir"]);
    assert!(table.contains("Method   ir-default version 1"), "{table}");
    assert!(table.contains("2 bands of the query, 0 of them not in the reference"), "{table}");
    assert!(table.contains("is screening"), "{table}");
    let before = succeed(folder, &["identify", sample, "--library", "ftir", "--output", "jsonl"]);
    succeed(folder, &["library", "index", "ftir", "--method", "ir-default"]);
    let after = succeed(folder, &["identify", sample, "--library", "ftir", "--mapped", "--output", "jsonl"]);
    assert_eq!(before, after, "an index changes no answer");
    let finding: Value = serde_json::from_str(&before).unwrap();
    let best = &finding["hits"][0];
    assert_eq!(best["name"], "ester");
    assert!(best["measures"]["infrared_first_derivative_correlation"].as_f64().unwrap() > 0.999_999);
    assert_eq!(best["bands"]["query"][0]["counterpart"]["difference_cm1"], 0.0);
    let refused = run(folder, &["identify", sample, "--library", "ftir", "--method", "ei-default"]);
    assert_eq!(refused.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("ei-default compares mass spectra"));
}

#[test]
fn a_library_is_prepared_and_indexed_for_what_it_holds() {
    let place = laboratory();
    let folder = place.path();
    succeed(folder, &["library", "build", "ftir", "--from", "references"]);
    let indexed = succeed(folder, &["library", "index", "ftir"]);
    assert!(indexed.starts_with("1 index files written"), "{indexed}");
    assert!(indexed.contains("ir-default serves 3 of 3 entries, the curves"), "{indexed}");
    assert!(!indexed.contains("ei-default"), "{indexed}");
    let info = succeed(folder, &["library", "info", "ftir", "--json"]);
    let info: Value = serde_json::from_str(&info).unwrap();
    assert_eq!(info["state"]["recipes"].as_array().map(Vec::len), Some(0), "{info}");

    // Two peaks beside the curves: both kinds are served, each by its own method.
    fs::write(folder.join("peaks.msp"), "Name: peaks\nNum Peaks: 2\n50 100\n77 999\n").unwrap();
    let built = run(folder, &["library", "build", "both", "--from", "references", "--from", "peaks.msp"]);
    let told = String::from_utf8_lossy(&built.stderr);
    assert!(told.contains("3 of 4 entries are curves"), "{told}");
    let indexed = succeed(folder, &["library", "index", "both"]);
    assert!(indexed.starts_with("2 index files written"), "{indexed}");
    assert!(indexed.contains("ei-default serves 1 of 4 entries, the mass spectra"), "{indexed}");
    assert!(indexed.contains("ir-default serves 3 of 4 entries, the curves"), "{indexed}");
    for query in ["peaks.msp", "sample.csv"] {
        let searched = run(folder, &["identify", query, "--library", "both"]);
        let told = String::from_utf8_lossy(&searched.stderr);
        assert_eq!(searched.status.code(), Some(0), "{told}");
        assert!(!told.contains("prepared just now"), "{told}");
    }
}

#[test]
fn a_mixture_is_taken_apart_and_a_target_is_never_called_absent() {
    let place = laboratory();
    let folder = place.path();
    succeed(folder, &["library", "build", "ftir", "--from", "references"]);
    // Files of a folder come by name: the amide is entry 1.
    let arguments = ["mixture", "sample.csv", "--library", "ftir", "--target", "1"];
    let finding: Value =
        serde_json::from_str(&succeed(folder, &[&arguments[..], &["--json"]].concat())).unwrap();
    assert_eq!(names(&finding["components"]), ["ester", "ether"]);
    assert_eq!(names(&finding["targets"]), ["amide"]);
    let table = succeed(folder, &arguments);
    assert!(table.contains("Target   amide (1): not detected above"), "{table}");
    let unknown = run(folder, &["mixture", "sample.csv", "--library", "ftir", "--target", "9"]);
    assert_eq!(unknown.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&unknown.stderr).contains("entry 9 is not among"));
}
