//! One fixture for each quirk; all spectra are invented.

use proptest::prelude::*;

use super::*;
use crate::format::test_support::{
    hostile_bytes, keeps_limits, mass, never_panics, notices, peaks, refuses_what_it_would_repair, strict,
    survives_damage, tolerant,
};
use crate::spectrum::{Polarity, Technique};

macro_rules! fixture {
    ($name:literal) => {
        include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../fixtures/formats/mgf/", $name))
    };
}

fn strictly_only(text: &str) -> Record {
    let mut parsed = read_mgf(text.as_bytes(), &strict()).unwrap();
    assert_eq!(parsed.records.len(), 1);
    parsed.records.remove(0)
}

fn other(record: &Record) -> Vec<(&str, &str)> {
    record.other_fields.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect()
}

#[test]
fn a_plain_block_is_read_field_by_field() {
    let record = strictly_only(fixture!("plain.mgf"));
    assert_eq!(record.name, "scan 17 of run 3");
    let acquisition = &mass(&record).acquisition;
    assert_eq!(acquisition.precursor_mz, Some(150.1277));
    assert_eq!((acquisition.charge, acquisition.polarity), (Some(1), Some(Polarity::Positive)));
    assert_eq!(acquisition.retention_time_s, Some(378.25));
    assert_eq!(acquisition.technique, Some(Technique::TandemMassSpectrometry));
    assert_eq!(acquisition.ms_level, None);
    assert_eq!(other(&record), [("PEPMASS", "150.1277 12345.6"), ("SCANS", "17")]);
    assert_eq!(peaks(&record), [(91.0543, 999.0), (119.0855, 12.5)]);
    assert_eq!(mass(&record).annotations, [(1, "1+".to_owned())].into());
    assert_eq!((record.place.record, record.place.line), (1, 1));
}

#[test]
fn the_keys_of_gnps_find_their_places() {
    let record = strictly_only(fixture!("gnps.mgf"));
    assert_eq!(record.name, "Inventamine M-H");
    let acquisition = &mass(&record).acquisition;
    // The charge has no sign of its own; the ions are negative.
    assert_eq!((acquisition.charge, acquisition.polarity), (Some(-1), Some(Polarity::Negative)));
    assert_eq!(acquisition.ms_level, Some(2));
    assert_eq!(acquisition.instrument_type.as_deref(), Some("LC-ESI-qTof"));
    assert_eq!(record.identity.smiles.as_deref(), Some("CC(Cc1ccccc1)NC"));
    assert_eq!(record.identity.inchi, None);
    assert_eq!(record.identity.inchikey.as_deref(), Some("AAAAAAAAAAAAAA-BBBBBBBBBB-N"));
    assert_eq!(record.provenance.accession.as_deref(), Some("CCMSLIB00000000000"));
    assert_eq!(record.provenance.source.as_deref(), Some("GNPS-LIBRARY"));
    assert_eq!(record.provenance.contributor.as_deref(), Some("Niemand"));
    assert_eq!(
        other(&record),
        [
            ("FILENAME", "run.mzXML"),
            ("SEQ", "*..*"),
            ("PI", "Nobody"),
            ("LIBRARYQUALITY", "3"),
            ("SCANS", "1")
        ]
    );
    assert_eq!(peaks(&record), [(91.0543, 999.0)]);
}

#[test]
fn further_keys_find_their_places() {
    let parsed = tolerant(read_mgf, fixture!("keys.mgf"));
    let record = &parsed.records[0];
    let (identity, acquisition) = (&record.identity, &mass(record).acquisition);
    assert_eq!(record.name, "Inventamine");
    assert_eq!(acquisition.precursor_mz, Some(150.0));
    assert_eq!(acquisition.precursor_type.as_deref(), Some("[M+H]+"));
    assert_eq!(acquisition.collision_energy.as_deref(), Some("35 % (nominal)"));
    assert_eq!(acquisition.fragmentation_mode.as_deref(), Some("HCD"));
    assert_eq!(acquisition.ionization.as_deref(), Some("ESI"));
    assert_eq!(acquisition.instrument.as_deref(), Some("Imaginary 9000"));
    assert_eq!(acquisition.instrument_type.as_deref(), Some("QTOF"));
    assert_eq!((acquisition.ms_level, acquisition.retention_index), (Some(2), Some(1174.0)));
    assert_eq!(identity.formula.as_deref(), Some("C10H15N"));
    assert_eq!(identity.inchikey.as_deref(), Some("AAAAAAAAAAAAAA-BBBBBBBBBB-N"));
    assert_eq!((identity.exact_mass, identity.molecular_mass), (Some(149.12045), None));
    assert_eq!(
        (&identity.cas_numbers[..], &identity.synonyms[..]),
        (&["00-00-0".to_owned()][..], &["other".to_owned()][..])
    );
    assert_eq!(record.provenance.licence.as_deref(), Some("CC0"));
    assert_eq!(record.provenance.splash.as_deref(), Some("splash10-x"));
    assert_eq!(record.provenance.comments, ["a comment"]);
    assert_eq!(other(record), [("TITLE", "t"), ("MW", "heavy")]);
    assert_eq!(notices(&parsed), [(Some(1), Some(15), "\"heavy\" is not a number and is kept as text")]);
}

#[test]
fn parameters_before_the_first_block_hold_for_all() {
    let parsed = tolerant(read_mgf, fixture!("globals.mgf"));
    let seen: Vec<_> = parsed
        .records
        .iter()
        .map(|record| &mass(record).acquisition)
        .map(|acquisition| (acquisition.charge, acquisition.polarity, acquisition.ms_level))
        .collect();
    assert_eq!(
        seen,
        [(Some(-2), Some(Polarity::Negative), Some(2)), (Some(1), Some(Polarity::Positive), Some(2))]
    );
    assert_eq!(
        notices(&parsed),
        [(None, Some(2), "the parameter does not describe spectra and was left out")]
    );
}

#[test]
fn ranges_several_charges_and_no_precursor() {
    let record = strictly_only(fixture!("range.mgf"));
    let acquisition = &mass(&record).acquisition;
    // (100 + 120.5) / 2
    assert_eq!((acquisition.retention_time_s, acquisition.charge), (Some(110.25), None));
    assert_eq!(other(&record), [("CHARGE", "2+ and 3+"), ("RTINSECONDS", "100-120.5")]);

    let record = strictly_only(fixture!("electron_ionization.mgf"));
    let acquisition = &mass(&record).acquisition;
    assert_eq!((acquisition.precursor_mz, acquisition.charge), (None, None));
    assert_eq!(acquisition.technique, Some(Technique::ElectronIonization));
    assert_eq!(other(&record), []);
}

#[test]
fn missing_ends_are_repaired_and_empty_lists_kept() {
    let parsed = tolerant(read_mgf, fixture!("no_end.mgf"));
    let names: Vec<&str> = parsed.records.iter().map(|record| record.name.as_str()).collect();
    assert_eq!(names, ["a", "b"]);
    assert_eq!(parsed.report.repaired, 2);
    refuses_what_it_would_repair(read_mgf, fixture!("no_end.mgf"));
    let record = strictly_only(fixture!("empty.mgf"));
    assert!(mass(&record).peaks.is_empty());
}

#[test]
fn what_is_no_field_and_no_peak_is_reported_line_by_line() {
    let parsed = tolerant(read_mgf, fixture!("bad_lines.mgf"));
    assert_eq!(peaks(&parsed.records[0]), [(50.0, 1.0), (60.0, 1.0)]);
    assert_eq!(other(&parsed.records[0]), [("PEPMASS", "heavy"), ("RTINSECONDS", "late")]);
    let lines: Vec<Option<u64>> = notices(&parsed).iter().map(|(_, line, _)| *line).collect();
    assert_eq!(lines, [1, 3, 4, 6, 7, 8, 9, 11, 12].map(Some));
    let report = &parsed.report;
    assert_eq!((report.repaired, report.ignored, report.skipped), (1, 5, 3));
}

#[test]
fn what_is_no_mgf_is_an_error() {
    for text in ["", "CHARGE=1+\n", "Name: x\nNum Peaks: 1\n50 1\n"] {
        let parsed = read_mgf(text.as_bytes(), &ReadOptions::default());
        assert!(parsed.is_err_and(|error| error.kind() == crate::ErrorKind::Malformed), "{text}");
    }
    assert!(looks_like(fixture!("globals.mgf")) && looks_like(fixture!("empty.mgf")));
    assert!(!looks_like("Name: BEGIN IONS"));
}

#[test]
fn damaged_files_and_limits() {
    for text in [fixture!("plain.mgf"), fixture!("gnps.mgf"), fixture!("globals.mgf")] {
        survives_damage(read_mgf, text.as_bytes());
    }
    keeps_limits(read_mgf, &fixture!("plain.mgf").repeat(2));
}

const PIECES: &[&str] = &[
    "BEGIN IONS\n",
    "END IONS\n",
    "PEPMASS=1e308 1\n",
    "CHARGE=9999-\n",
    "CHARGE=-\n",
    "RTINSECONDS=-1e308-1e308\n",
    "RTINMINUTES=1e308\n",
    "MSLEVEL=256\n",
    "IONMODE=p\n",
    "INCHIAUX=é-é-é\n",
    "TITLE=\r",
    "50 1e308 2+\n",
    "# x\n",
    "=\n",
];

proptest! {
    #[test]
    fn no_bytes_make_it_panic(bytes in hostile_bytes(PIECES)) {
        never_panics(read_mgf, &bytes);
    }
}
