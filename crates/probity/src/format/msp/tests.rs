//! MSP and MSL by dialect, field by field.

use proptest::prelude::*;

use super::*;
use crate::format::msl::read_msl;
use crate::format::robustness::{assert_consistent, assert_survives};
use crate::format::{NoticeKind, Record, RecordPlace, Strictness};
use crate::spectrum::{MassSpectrum, Polarity, Technique};

macro_rules! fixture {
    ($name:literal) => {
        include_bytes!(concat!("../../../../../fixtures/formats/", $name))
    };
}

const NIST_EI: &[u8] = fixture!("msp/nist_ei.msp");
const NIST_MSMS: &[u8] = fixture!("msp/nist_msms.msp");
const SWGDRUG: &[u8] = fixture!("msp/swgdrug.msp");
const MONA: &[u8] = fixture!("msp/mona.msp");
const MSDIAL: &[u8] = fixture!("msp/msdial.msp");
const GOLM: &[u8] = fixture!("msp/golm.msp");
const MASSBANK: &[u8] = fixture!("msp/massbank_export.msp");
const DART: &[u8] = fixture!("msp/dart.msp");
const RAGGED: &[u8] = fixture!("msp/ragged.msp");
const AMDIS: &[u8] = fixture!("msl/amdis.msl");

fn read(bytes: &[u8]) -> Parsed {
    let parsed = read_msp(bytes, &ReadOptions::default()).unwrap();
    assert_consistent(&parsed);
    parsed
}

fn strict() -> ReadOptions {
    ReadOptions::default().strictness(Strictness::Strict)
}

/// Reads a fixture that has nothing to repair.
fn read_clean(bytes: &[u8]) -> Vec<Record> {
    let parsed = read(bytes);
    assert_eq!(parsed.report.notices, []);
    assert_eq!(read_msp(bytes, &strict()).unwrap(), parsed);
    parsed.records
}

fn mass(record: &Record) -> &MassSpectrum {
    record.spectrum.as_mass().unwrap()
}

fn peaks(record: &Record) -> Vec<(f64, f64)> {
    mass(record).peaks.iter().map(|peak| (peak.mz, peak.intensity)).collect()
}

fn others(record: &Record) -> Vec<(&str, &str)> {
    record.other_fields.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect()
}

fn some(text: &str) -> Option<String> {
    Some(text.to_owned())
}

#[test]
fn nist_ei() {
    let records = read_clean(NIST_EI);
    let [ethanol, methane] = records.as_slice() else { panic!("{} records", records.len()) };
    assert_eq!(ethanol.name, "Ethanol, 2-invented-");
    assert_eq!(ethanol.identity.synonyms, ["Invented alcohol", "IA; the second"]);
    assert_eq!(ethanol.identity.formula, some("C2H6O"));
    assert_eq!(ethanol.identity.molecular_mass, Some(46.0));
    assert_eq!(ethanol.identity.exact_mass, Some(46.041865));
    assert_eq!(ethanol.identity.cas_numbers, ["64-17-5"]);
    assert_eq!(ethanol.provenance.nist_number, some("123456"));
    assert_eq!(ethanol.provenance.accession, some("7"));
    assert_eq!(ethanol.provenance.comments, ["NIST style, see https://example.org/a?b=c;d"]);
    assert_eq!(mass(ethanol).acquisition.retention_index, Some(427.0));
    assert_eq!(
        others(ethanol),
        [
            ("Related_CAS#", "71329-38-9"),
            ("Retention_index", "SemiStdNP=427/7/125 StdNP=421/11/49 StdPolar=932/15/128")
        ]
    );
    assert_eq!(
        peaks(ethanol),
        [
            (27.0, 220.0),
            (29.0, 300.0),
            (30.0, 60.0),
            (31.0, 999.0),
            (40.0, 0.0),
            (45.0, 510.0),
            (46.0, 210.0)
        ]
    );
    assert_eq!(ethanol.place, RecordPlace { record: 1, line: 1 });
    assert_eq!(mass(ethanol).acquisition.technique, None);
    assert_eq!(methane.identity.cas_numbers, [""; 0]);
    assert_eq!(methane.provenance.nist_number, some("61313"));
    assert_eq!(
        peaks(methane),
        [(12.0, 8.0), (13.0, 20.0), (14.0, 80.0), (15.0, 888.0), (16.0, 999.0), (17.0, 11.0)]
    );
    assert_eq!(methane.place, RecordPlace { record: 2, line: 16 });
}

#[test]
fn nist_msms() {
    let records = read_clean(NIST_MSMS);
    let record = &records[0];
    let acquisition = &mass(record).acquisition;
    assert_eq!(record.identity.synonyms, ["Amide No. 1"]);
    assert_eq!(record.identity.inchikey, some("AAAAAAAAAAAAAA-BBBBBBBBSA-N"));
    assert_eq!(acquisition.polarity, Some(Polarity::Positive));
    assert_eq!(acquisition.retention_time_s, Some(90.0));
    assert_eq!(acquisition.precursor_mz, Some(164.0917));
    assert_eq!(acquisition.precursor_type, some("[M+H]+"));
    assert_eq!(acquisition.charge, Some(1));
    assert_eq!(acquisition.collision_energy, some("23V"));
    assert_eq!(acquisition.instrument, some("Invented QTOF 1"));
    assert_eq!(acquisition.instrument_type, some("Q-TOF"));
    assert_eq!(acquisition.ionization, some("ESI"));
    assert_eq!(acquisition.ms_level, Some(2));
    assert_eq!(acquisition.technique, Some(Technique::TandemMassSpectrometry));
    assert_eq!(
        others(record),
        [("$:00", "in-source"), ("$:09", "direct infusion"), ("In-source_voltage", "175V")]
    );
    assert_eq!(peaks(record), [(28.018, 7.79), (45.034, 430.17), (56.05, 999.0), (74.06, 484.91)]);
    let annotations: Vec<(usize, &str)> =
        mass(record).annotations.iter().map(|(&index, text)| (index, text.as_str())).collect();
    assert_eq!(annotations, [(0, "84/86"), (1, "y1/0.01; b 86/86"), (3, "? 12/12 0.0ppm")]);
}

#[test]
fn swgdrug() {
    let records = read_clean(SWGDRUG);
    let [steroid, derivative, bare] = records.as_slice() else { panic!("{} records", records.len()) };
    assert_eq!(steroid.name, "3.beta.-Inventosterone");
    assert_eq!(steroid.identity.cas_numbers, ["481298"]);
    assert_eq!(steroid.provenance.accession, some("314"));
    assert_eq!(steroid.provenance.contributor, some("Invented laboratory"));
    assert_eq!(
        steroid.provenance.comments,
        ["Provided by www.example.org/app/landing%2CForensic.vm: unverified"]
    );
    assert_eq!(steroid.form.derivative, None);
    assert_eq!(derivative.form.derivative, some("HFBA"));
    assert_eq!(derivative.identity.cas_numbers, ["98-84-0", "618-36-0"]);
    assert_eq!((bare.name.as_str(), peaks(bare)), ("Bare", vec![(41.0, 1.0), (42.0, 2.0)]));
    assert_eq!((&bare.identity, others(bare)), (&Default::default(), vec![]));
}

#[test]
fn mona() {
    let records = read_clean(MONA);
    let record = &records[0];
    assert_eq!(record.identity.smiles, some("NC(C)O"));
    assert_eq!(record.identity.inchi, some("InChI=1S/C2H7NO"));
    assert_eq!(record.identity.class, some("amino alcohol"));
    assert_eq!(record.identity.cas_numbers, ["75-39-8"]);
    assert_eq!(record.identity.exact_mass, None);
    assert_eq!(record.provenance.contributor, some("A. N. Author"));
    assert_eq!(record.provenance.licence, some("CC0"));
    assert_eq!(record.provenance.splash, some("splash10-000j-9300000000-1f92b994aa228da7795a"));
    assert_eq!(record.provenance.comments.len(), 1);
    let acquisition = &mass(record).acquisition;
    // 7.66 min · 60 s/min
    assert!((acquisition.retention_time_s.unwrap() - 459.6).abs() < 1e-9);
    assert_eq!(acquisition.fragmentation_mode, some("HCD"));
    assert_eq!(acquisition.collision_energy, some("HCD (NCE 20-30-40%)"));
    assert_eq!(others(record), [("$:00", "in-source")]);
}

#[test]
fn msdial() {
    let parsed = read(MSDIAL);
    let [first, second] = parsed.records.as_slice() else { panic!("{} records", parsed.records.len()) };
    assert_eq!(first.name, "Inventanone; ID-2558");
    assert_eq!(first.identity.class, some("Inventanolides"));
    assert_eq!(first.identity.smiles, None);
    let acquisition = &mass(first).acquisition;
    // 6.82 min · 60 s/min
    assert!((acquisition.retention_time_s.unwrap() - 409.2).abs() < 1e-9);
    assert_eq!(acquisition.precursor_type, some("[M+H]+"));
    assert_eq!(acquisition.collision_energy, None);
    assert_eq!(acquisition.technique, Some(Technique::TandemMassSpectrometry));
    assert_eq!(others(first), [("CCS", "220.97")]);
    assert_eq!(peaks(first), [(68.06053, 24.0), (99.06053, 0.0)]);
    let acquisition = &mass(second).acquisition;
    assert_eq!(acquisition.polarity, Some(Polarity::Negative));
    assert_eq!(acquisition.retention_index, Some(1500.5));
    assert_eq!(acquisition.retention_time_s, Some(361.5));
    assert_eq!(acquisition.technique, Some(Technique::ElectronIonization));
    assert_eq!(others(second), [("RETENTIONTIME", "-1")]);
    // The only thing to report is the retention time of -1.
    let [notice] = parsed.report.notices.as_slice() else { panic!("{:?}", parsed.report) };
    assert_eq!((notice.kind, notice.record, notice.line), (NoticeKind::Ignored, Some(2), Some(19)));
}

#[test]
fn golm() {
    let parsed = read(GOLM);
    let [unknown, glycine] = parsed.records.as_slice() else { panic!("{} records", parsed.records.len()) };
    assert_eq!(unknown.identity.synonyms, ["Unknown#inv-001"]);
    assert_eq!(mass(unknown).acquisition.retention_index, None);
    assert_eq!(
        others(unknown),
        [("RI MDN35 ALK", "FALSE"), ("GMD LINK", "http://example.org/Analytes/1.aspx")]
    );
    assert_eq!(peaks(unknown), [(70.0, 10.0), (76.0, 35.0), (77.0, 1000.0), (78.0, 110.0)]);
    assert_eq!(glycine.identity.synonyms, ["Inventoglycine"]);
    assert_eq!(glycine.identity.cas_numbers, ["1118-68-9"]);
    assert_eq!(glycine.identity.inchi, some("InChI=1S/invented"));
    assert_eq!(glycine.identity.inchikey, some("GGGGGGGGGGGGGG-HHHHHHHHSA-N"));
    assert_eq!(glycine.identity.molecular_mass, Some(175.301));
    assert_eq!(glycine.form.derivative, some("(1MEOX) (2TMS)"));
    assert_eq!(mass(glycine).acquisition.retention_index, Some(1051.5));
    assert_eq!(peaks(glycine), [(70.5, 81.25), (71.0, 109.0), (72.0, 255.0)]);
    // The decimal commas of MW and of the peaks.
    assert_eq!((parsed.report.repaired, parsed.report.ignored, parsed.report.skipped), (2, 0, 0));
}

#[test]
fn massbank_export() {
    let records = read_clean(MASSBANK);
    let record = &records[0];
    assert_eq!(record.name, "INVENTANE");
    assert_eq!(record.form.derivative, some("2 TMS"));
    assert_eq!(record.identity.class, some("alkane"));
    assert_eq!(record.provenance.accession, some("MSBNK-Invented-JP006877"));
    assert_eq!(record.provenance.source, some("Invented 2023.11"));
    assert_eq!(record.provenance.licence, some("CC BY"));
    assert_eq!(record.provenance.splash, some("splash10-052f-9000000000-f805eba4b3f7bc1e0ad7"));
    let acquisition = &mass(record).acquisition;
    assert_eq!(acquisition.technique, Some(Technique::ElectronIonization));
    assert_eq!(acquisition.ms_level, Some(1));
    assert_eq!(acquisition.retention_index, Some(1100.0));
    assert_eq!(acquisition.collision_energy, None);
    assert_eq!(acquisition.precursor_mz, None);
    assert_eq!(acquisition.instrument, some("INVENTED M-80B"));
    assert_eq!(others(record), [("notes", "one")]);
}

#[test]
fn dart() {
    let records = read_clean(DART);
    let acquisition = &mass(&records[0]).acquisition;
    assert_eq!(acquisition.technique, Some(Technique::InSourceCid));
    assert_eq!(acquisition.ms_level, Some(1));
    assert_eq!(others(&records[0]), [("In-source_voltage", "+30 V"), ("Spectrum_type", "MS1 in-source CID")]);
}

#[test]
fn amdis() {
    let parsed = read_msl(AMDIS, &ReadOptions::default()).unwrap();
    assert_eq!(parsed.report.notices, []);
    let [dimer, monomer] = parsed.records.as_slice() else { panic!("{} records", parsed.records.len()) };
    assert_eq!(dimer.name, "Inventone dimer RI=1565.4");
    assert_eq!(dimer.identity.formula, some("C10H16O"));
    assert_eq!(dimer.identity.cas_numbers, [""; 0]);
    assert_eq!(others(dimer), [("CASNO", "1EE852~1-N1018")]);
    assert_eq!(mass(dimer).acquisition.retention_index, Some(1565.4));
    // 14.5 min · 60 s/min
    assert_eq!(mass(dimer).acquisition.retention_time_s, Some(870.0));
    assert_eq!(dimer.provenance.source, some("C:\\GC data\\invented run.msp"));
    assert_eq!(peaks(dimer), [(39.0, 241.0), (41.0, 445.0), (42.0, 50.0), (95.0, 1000.0)]);
    assert_eq!(monomer.identity.cas_numbers, ["78-59-1"]);
    assert_eq!(peaks(monomer), [(82.0, 1000.0)]);
}

#[test]
fn broken_files_are_repaired_and_every_case_is_named() {
    let parsed = read(RAGGED);
    let names: Vec<&str> = parsed.records.iter().map(|record| record.name.as_str()).collect();
    assert_eq!(names, ["Wrong count", "No blank line before", "Empty spectrum", "", "caf\u{e9}", "Cut"]);
    assert_eq!(parsed.report.records_skipped, 1);
    assert_eq!(peaks(&parsed.records[0]), [(41.0, 1.0), (43.0, 2.0)]);
    assert_eq!(parsed.records[1].identity.formula, some("CH4"));
    assert_eq!(peaks(&parsed.records[1]), [(15.0, 888.0), (16.0, 999.0)]);
    assert!(mass(&parsed.records[2]).peaks.is_empty());
    assert_eq!(parsed.records[3].identity.formula, some("C3H8"));
    assert_eq!(peaks(&parsed.records[3]), [(43.0, 0.0), (51.0, 7.0), (52.0, 8.0)]);
    assert_eq!(others(&parsed.records[3]), [("RT", "7.5")]);
    assert_eq!(peaks(&parsed.records[4]), [(41.0, 1.0), (42.0, 2.0)]);
    assert_eq!(
        others(&parsed.records[4]),
        [("PrecursorMZ", "764.52/690.15"), ("Ion_mode", "up"), ("Tail", "kept")]
    );
    assert_eq!(peaks(&parsed.records[5]), [(41.0, 1.0)]);

    use NoticeKind::{Ignored, Repaired, Skipped};
    let cases: Vec<(NoticeKind, u64, &str)> = parsed
        .report
        .notices
        .iter()
        .map(|notice| (notice.kind, notice.line.unwrap(), notice.message.as_str()))
        .collect();
    let expected = [
        (Repaired, 34, "code page 1252"),
        (Ignored, 1, "neither a field nor a peak"),
        (Repaired, 5, "not in ascending order"),
        (Repaired, 2, "states 5 peaks but has 2"),
        (Repaired, 9, "does not state its number of peaks"),
        (Ignored, 8, "more than once"),
        (Repaired, 10, "not in ascending order"),
        (Skipped, 15, "neither peaks nor a number of peaks"),
        (Repaired, 23, "blank line before or within the peaks"),
        (Repaired, 28, "blank line before or within the peaks"),
    ];
    for (case, (kind, line, words)) in cases.iter().zip(expected) {
        assert!(case.0 == kind && case.1 == line && case.2.contains(words), "{case:?}, not {words}");
    }
    for words in [
        "has no name",
        "unit is not stated",
        "states 4 peaks but has 5",
        "peaks that belong to no record",
        "intensity NaN",
        "intensity -1 is negative",
        "\"44\" among the peaks was left out",
        "is not an ion mode",
        "\"764.52/690.15\" is not a number",
        "\"many\" is not a number of peaks",
        "neither a peak nor a field",
        "stands behind the peaks",
        "states 3 peaks but has 1; the input seems to be cut off",
    ] {
        assert_eq!(cases.iter().filter(|case| case.2.contains(words)).count(), 1, "{words}: {cases:#?}");
    }
    let error = read_msp(RAGGED, &strict()).unwrap_err();
    assert_eq!(error.kind(), crate::ErrorKind::Malformed);
}

#[test]
fn line_ends_do_not_matter() {
    let text = std::str::from_utf8(NIST_EI).unwrap();
    for end in ["\r\n", "\r"] {
        assert_eq!(read(text.replace('\n', end).as_bytes()).records, read(NIST_EI).records);
    }
}

#[test]
fn the_limit_of_records_is_an_error_with_its_place() {
    let mut options = ReadOptions::default();
    options.limits.records = 1;
    let error = read_msp(NIST_EI, &options).unwrap_err();
    assert_eq!(error.kind(), crate::ErrorKind::LimitReached);
    assert_eq!((error.location().record, error.location().line), (Some(2), Some(16)));
}

#[test]
fn an_input_without_records_is_an_error() {
    for text in ["", "\n\n", "41 29\n", "Name: cut\nForm", "hello"] {
        assert!(read_msp(text.as_bytes(), &ReadOptions::default()).is_err(), "{text}");
    }
}

#[test]
fn fixtures_cut_and_damaged_anywhere_do_not_panic() {
    for bytes in [NIST_EI, NIST_MSMS, SWGDRUG, MONA, MSDIAL, GOLM, MASSBANK, DART, RAGGED] {
        assert_survives(bytes, read_msp);
    }
    assert_survives(AMDIS, read_msl);
}

proptest! {
    #[test]
    fn arbitrary_bytes_do_not_panic(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let _ = read_msp(&bytes, &ReadOptions::default());
    }

    #[test]
    fn arbitrary_lines_do_not_panic(
        lines in prop::collection::vec("(Name|Num Peaks|Synon|CAS#|RI|x)?[:;, 0-9(\"]{0,8}[ -~]{0,12}", 0..20)
    ) {
        if let Ok(parsed) = read_msp(lines.join("\n").as_bytes(), &ReadOptions::default()) {
            assert_consistent(&parsed);
        }
    }

    /// Whatever the layout, the peaks come back.
    #[test]
    fn peaks_survive_any_layout(
        pairs in prop::collection::btree_map(1_u32..5_000, 0_u32..100_000, 1..40),
        between in prop::sample::select(vec![" ", "\t", ",", ":", "  "]),
        behind in prop::sample::select(vec!["\n", "; ", " ", ";\n"]),
    ) {
        let body: String = pairs.iter().map(|(mz, intensity)| format!("{mz}{between}{intensity}{behind}")).collect();
        let text = format!("Name: a\nNum Peaks: {}\n{body}\n", pairs.len());
        let parsed = read_msp(text.as_bytes(), &strict()).unwrap();
        let expected: Vec<(f64, f64)> =
            pairs.iter().map(|(&mz, &intensity)| (f64::from(mz), f64::from(intensity))).collect();
        prop_assert_eq!(peaks(&parsed.records[0]), expected);
    }
}
