//! The whole audit, on a small library and on real ones.

use std::time::Instant;

use super::test_support::{library, record};
use super::*;
use crate::format::ReadOptions;
use crate::library::{Library, open_library};

const COCAINE: &str = "ZPUCINDJVBIVPJ-LJISPDSOSA-N";

fn run(library: &Library, threads: usize) -> AuditReport {
    let entries: Vec<&Entry> = library.entries().iter().collect();
    audit(&entries, &AuditOptions::default(), &Executor::new(threads).unwrap()).unwrap()
}

#[test]
fn the_report_does_not_depend_on_order_or_threads() {
    let peaks = [(42.0, 50.0), (82.0, 999.0), (96.0, 300.0), (182.0, 800.0), (303.0, 200.0), (320.0, 40.0)];
    let library = library(vec![
        record("Cocaine", COCAINE, "C17H21NO4", &peaks),
        record("Cocaine-d3", COCAINE, "C17H21NO4", &peaks),
        record("Cocaine", "ZPUCINDJVBIVPJ", "C17Zz", &peaks[..2]),
        record("no more than a name", "", "", &[]),
    ]);
    let report = run(&library, 1);
    assert_eq!(report, run(&library, 3));
    let reversed: Vec<&Entry> = library.entries().iter().rev().collect();
    assert_eq!(report, audit(&reversed, &AuditOptions::default(), &Executor::new(2).unwrap()).unwrap());
    for (code, expected) in [
        (AuditCode::SameSpectrumSameKey, 1),
        (AuditCode::IonsAboveMolecularMass, 2),
        (AuditCode::LabelledUnderParentsKey, 1),
        (AuditCode::ImpossibleInchikey, 1),
        (AuditCode::UnreadableFormula, 1),
        (AuditCode::ReplicatesDisagree, 0),
    ] {
        assert_eq!(report.counts[&code], expected, "{code}");
    }
    let expected = [
        (NotChecked::NoPeaks, 1),
        (NotChecked::FewPeaks, 1),
        (NotChecked::NoKey, 2),
        (NotChecked::NoFormula, 2),
        (NotChecked::NoStatedMass, 2),
    ];
    assert_eq!(report.not_checked, BTreeMap::from(expected));
    let json = serde_json::to_value(&report).unwrap();
    assert_eq!(json["counts"]["ions_above_molecular_mass"], 2);
    assert_eq!(json["not_checked"]["few_peaks"], 1);
    assert_eq!(json["findings"][0]["code"], "same_spectrum_same_key");
}

fn real(name: &str) -> Library {
    let folder = std::env::var_os("PROBITY_DATA").expect("set PROBITY_DATA to the folder with the test data");
    let path = std::path::Path::new(&folder).join("ms").join(name);
    open_library(&[path], &ReadOptions::default()).unwrap().library
}

/// Ids by the accession numbers that a finding is about.
fn accessions(library: &Library, finding: &AuditFinding) -> Vec<String> {
    let accession = |id: &crate::library::EntryId| library.entry(*id)?.record().provenance.accession.clone();
    finding.entries.iter().filter_map(accession).collect()
}

#[test]
#[ignore = "needs PROBITY_DATA"]
fn swgdrug_has_the_known_cases() {
    let library = real("ei_reference_swgdrug.msp.gz");
    let start = Instant::now();
    let report = run(&library, 1);
    eprintln!("SWGDRUG in {:?}\n{:#?}\n{:#?}", start.elapsed(), report.counts, report.not_checked);
    if std::env::var_os("PROBITY_AUDIT_PRINT").is_some() {
        report.findings.iter().for_each(|finding| eprintln!("{finding}"));
    }
    assert_eq!(report, run(&library, 2));
}

#[test]
#[ignore = "needs PROBITY_DATA"]
fn massbank_ei() {
    let library = real("ei_reference_massbank.msp.gz");
    let start = Instant::now();
    let report = run(&library, 1);
    eprintln!("MassBank in {:?}\n{:#?}\n{:#?}", start.elapsed(), report.counts, report.not_checked);
    if std::env::var_os("PROBITY_AUDIT_PRINT").is_some() {
        report.findings.iter().for_each(|finding| eprintln!("{finding}"));
    }
}
