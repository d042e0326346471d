//! One fixture for each quirk; all records are invented.

use proptest::prelude::*;

use super::*;
use crate::format::test_support::{
    hostile_bytes, keeps_limits, mass, never_panics, notices, peaks, refuses_what_it_would_repair, strict,
    survives_damage, tolerant,
};
use crate::spectrum::{Polarity, Technique};

macro_rules! fixture {
    ($name:literal) => {
        include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../fixtures/formats/massbank/", $name))
    };
}

fn only(text: &str) -> Record {
    let mut parsed = tolerant(read_massbank, text);
    assert_eq!(parsed.records.len(), 1);
    parsed.records.remove(0)
}

fn other<'a>(record: &'a Record, key: &str) -> Vec<&'a str> {
    record.other_fields.iter().filter(|(name, _)| name == key).map(|(_, value)| value.as_str()).collect()
}

#[test]
fn a_whole_record_is_read_field_by_field() {
    let parsed = read_massbank(fixture!("product_ions.txt").as_bytes(), &strict()).unwrap();
    let [record] = parsed.records.as_slice() else { panic!("not one record") };
    assert_eq!(record.name, "Inventamine");
    let identity = &record.identity;
    assert_eq!(identity.synonyms, ["N-Inventyl: amine"]);
    assert_eq!(identity.class.as_deref(), Some("Non-Natural Product; Invention"));
    assert_eq!(identity.formula.as_deref(), Some("C10H15N"));
    assert_eq!(identity.exact_mass, Some(149.12045));
    assert_eq!(identity.smiles.as_deref(), Some("CC(Cc1ccccc1)NC"));
    assert_eq!(identity.inchi.as_deref(), Some("InChI=1S/invented"));
    assert_eq!(identity.inchikey.as_deref(), Some("AAAAAAAAAAAAAA-BBBBBBBBBB-N"));
    assert_eq!(identity.cas_numbers, ["00-00-0", "000-00-1"]);
    let acquisition = &mass(record).acquisition;
    assert_eq!(acquisition.technique, Some(Technique::TandemMassSpectrometry));
    assert_eq!((acquisition.ms_level, acquisition.polarity), (Some(2), Some(Polarity::Positive)));
    assert_eq!(acquisition.precursor_mz, Some(150.1277));
    assert_eq!(acquisition.precursor_type.as_deref(), Some("[M+H]+"));
    assert_eq!(acquisition.collision_energy.as_deref(), Some("35 % (nominal)"));
    assert_eq!(acquisition.fragmentation_mode.as_deref(), Some("HCD"));
    assert_eq!(acquisition.ionization.as_deref(), Some("ESI"));
    assert_eq!(acquisition.instrument.as_deref(), Some("Imaginary 9000, Nowhere"));
    assert_eq!(acquisition.instrument_type.as_deref(), Some("LC-ESI-QTOF"));
    assert_eq!(acquisition.retention_time_s, Some(378.0));
    assert_eq!(acquisition.retention_index, Some(1174.5));
    assert_eq!(acquisition.scan_range_mz, Some((50.0, 500.0)));
    let provenance = &record.provenance;
    assert_eq!(provenance.accession.as_deref(), Some("MSBNK-Nowhere-IN000001"));
    assert_eq!(provenance.source.as_deref(), Some("MassBank"));
    assert_eq!(provenance.contributor.as_deref(), Some("Jörg Niemand, Nowhere Institute"));
    assert_eq!(provenance.licence.as_deref(), Some("CC BY"));
    assert_eq!(provenance.splash.as_deref(), Some("splash10-0000-0000000000-00000000000000000000"));
    assert_eq!(provenance.comments, ["CONFIDENCE invented", "INTERNAL_ID 7"]);
    assert_eq!(peaks(record), [(65.0386, 0.0), (91.0543, 96508.4375), (119.0855, 1.5), (119.0858, 2000.0)]);
    let annotations: Vec<(usize, &str)> =
        mass(record).annotations.iter().map(|(index, text)| (*index, text.as_str())).collect();
    assert_eq!(annotations, [(1, "C7H7+ 1.2"), (2, "C9H11+ -0.5")]);
    let keys: Vec<&str> = record.other_fields.iter().map(|(key, _)| key.as_str()).collect();
    assert_eq!(
        keys,
        [
            "RECORD_TITLE",
            "DATE",
            "COPYRIGHT",
            "PUBLICATION",
            "PROJECT",
            "CH$LINK: PUBCHEM",
            "SP$SAMPLE",
            "AC$MASS_SPECTROMETRY: RESOLUTION",
            "AC$CHROMATOGRAPHY: COLUMN_NAME",
            "AC$CHROMATOGRAPHY: LEE_RTI",
            "MS$FOCUSED_ION: BASE_PEAK",
            "MS$DATA_PROCESSING: WHOLE",
            "PK$ANNOTATION",
            "PK$ANNOTATION: m/z",
        ]
    );
    assert_eq!(other(record, "PK$ANNOTATION: m/z"), ["120.0 no_such_peak 0"]);
    assert_eq!((record.place.record, record.place.line), (1, 1));
}

#[test]
fn of_a_chain_of_precursors_the_last_counts_and_na_is_absent() {
    let record = only(fixture!("precursor_chain.txt"));
    let acquisition = &mass(&record).acquisition;
    assert_eq!((acquisition.ms_level, acquisition.precursor_mz), (Some(3), Some(690.15)));
    assert_eq!(acquisition.precursor_type.as_deref(), Some("[M-H]-/[M-H-74]-"));
    assert_eq!(other(&record, "MS$FOCUSED_ION: PRECURSOR_M/Z"), ["764.52/690.15"]);

    let record = only(fixture!("precursor_absent.txt"));
    let acquisition = &mass(&record).acquisition;
    assert_eq!((acquisition.precursor_mz, &acquisition.precursor_type), (None, &None));
    assert_eq!(acquisition.polarity, Some(Polarity::Negative));
    assert!(tolerant(read_massbank, fixture!("precursor_absent.txt")).report.is_clean());

    let record = only(fixture!("ion_type.txt"));
    assert_eq!(mass(&record).acquisition.precursor_type.as_deref(), Some("[M+2H]++"));
    assert_eq!(mass(&record).acquisition.precursor_mz, Some(300.0));
}

#[test]
fn derivatives_are_told_from_their_parents() {
    let record = only(fixture!("derivative_in_title.txt"));
    assert_eq!(record.form.derivative.as_deref(), Some("n TMS"));
    let acquisition = &mass(&record).acquisition;
    assert_eq!(acquisition.technique, Some(Technique::ElectronIonization));
    assert_eq!(acquisition.retention_time_s, Some(407.982));
    assert_eq!(acquisition.retention_index, Some(1238.251));
    assert_eq!(acquisition.scan_range_mz, Some((85.0, 500.0)));

    let parsed = tolerant(read_massbank, fixture!("derivative_fields.txt"));
    let derivatives: Vec<Option<&str>> =
        parsed.records.iter().map(|record| record.form.derivative.as_deref()).collect();
    assert_eq!(derivatives, [Some("4 TMS"), Some("C19H42O5Si4"), None]);
    assert_eq!(other(&parsed.records[2], "MS$FOCUSED_ION: DERIVATIVE_TYPE"), ["0 TMS"]);
}

#[test]
fn what_is_not_available_is_absent_and_a_charged_formula_is_kept() {
    let parsed = read_massbank(fixture!("absent_identity.txt").as_bytes(), &strict()).unwrap();
    let identity = &parsed.records[0].identity;
    assert_eq!(identity.formula.as_deref(), Some("[C9H16ClN4]+"));
    assert_eq!(
        (&identity.smiles, &identity.inchi, &identity.inchikey, &identity.class),
        (&None, &None, &None, &None)
    );
    assert_eq!(parsed.records[0].provenance.splash, None);
    assert_eq!(parsed.records[0].substance_key(), None);
}

#[test]
fn peaks_are_sorted_repeats_and_zeros_kept_and_counts_compared() {
    let parsed = tolerant(read_massbank, fixture!("unsorted.txt"));
    assert_eq!(peaks(&parsed.records[0]), [(4.0, 1.0), (51.0, 0.0), (51.0, 999.0), (77.0, 5.0)]);
    assert_eq!(parsed.report.repaired, 1);
    refuses_what_it_would_repair(read_massbank, fixture!("unsorted.txt"));

    let parsed = tolerant(read_massbank, fixture!("wrong_count.txt"));
    assert_eq!(
        notices(&parsed),
        [(Some(1), Some(5), "3 peaks are announced and 2 lines listed; all listed were read")]
    );

    let parsed = tolerant(read_massbank, fixture!("bad_peaks.txt"));
    assert_eq!(peaks(&parsed.records[0]), [(50.0, 1.0)]);
    let lines: Vec<Option<u64>> = notices(&parsed).iter().map(|(_, line, _)| *line).collect();
    assert_eq!(lines, [Some(8), Some(9), Some(10), Some(11)]);
    assert_eq!((parsed.report.skipped, parsed.report.repaired), (4, 0));
}

#[test]
fn deprecated_and_empty_records_are_skipped_and_counted() {
    let parsed = tolerant(read_massbank, fixture!("deprecated.txt"));
    assert_eq!(parsed.records[0].name, "Rightol");
    assert_eq!((parsed.records[0].place.record, parsed.records[0].place.line), (2, 9));
    assert_eq!((parsed.report.records_read, parsed.report.records_skipped), (1, 1));
    assert_eq!(
        notices(&parsed),
        [(Some(1), Some(2), "the record is deprecated by its publisher and was left out")]
    );
    let parsed = tolerant(read_massbank, fixture!("no_peaks.txt"));
    assert_eq!((parsed.records.len(), parsed.report.records_skipped), (0, 1));
}

#[test]
fn missing_ends_names_and_numbers_are_repaired() {
    let parsed = tolerant(read_massbank, fixture!("no_end.txt"));
    let names: Vec<&str> = parsed.records.iter().map(|record| record.name.as_str()).collect();
    assert_eq!(names, ["Firstol", "Lastol"]);
    assert_eq!(parsed.report.repaired, 2);

    let record = only(fixture!("unnamed.txt"));
    assert_eq!(record.name, "Titleol");
    assert_eq!(other(&record, "RECORD_TITLE"), ["Titleol; EI-B; MS and more"]);
    assert_eq!(record.provenance.accession, None);

    let parsed = tolerant(read_massbank, fixture!("odd_numbers.txt"));
    let record = &parsed.records[0];
    assert_eq!(record.identity.exact_mass, None);
    assert_eq!(other(record, "CH$EXACT_MASS"), ["about 200"]);
    let acquisition = &mass(record).acquisition;
    assert_eq!((acquisition.ms_level, acquisition.retention_time_s), (None, None));
    assert_eq!(other(record, "AC$MASS_SPECTROMETRY: MS_TYPE"), ["MS2+"]);
    assert_eq!(other(record, "AC$CHROMATOGRAPHY: RETENTION_TIME"), ["3.44"]);
    assert_eq!(acquisition.retention_index, Some(1851.4));
    assert_eq!(other(record, "AC$CHROMATOGRAPHY: RETENTION_INDEX"), ["1851.4 (DB-5)"]);
    assert_eq!(parsed.report.ignored, 1);
}

#[test]
fn published_energies_and_adducts_stay_as_they_are() {
    for energy in ["35", "10(NCE)", "Ramp 20-35 V", "10/20", "15, 30, 45, 60, 75 or 90 (nominal)", "20 ev"] {
        let text = fixture!("product_ions.txt").replace("35 % (nominal)", energy);
        assert_eq!(mass(&only(&text)).acquisition.collision_energy.as_deref(), Some(energy));
    }
    for adduct in ["[M+HCOO]-", "[M+HCOOH-H]-", "[M+2H]++", "[M-2H]2-"] {
        let text = fixture!("product_ions.txt").replace("[M+H]+", adduct);
        assert_eq!(mass(&only(&text)).acquisition.precursor_type.as_deref(), Some(adduct));
    }
}

#[test]
fn what_is_no_massbank_text_is_an_error() {
    for text in ["", "\n\n//\n", "Name: x\nNum Peaks: 1\n50 1\n"] {
        let parsed = read_massbank(text.as_bytes(), &ReadOptions::default());
        assert!(parsed.is_err_and(|error| error.kind() == crate::ErrorKind::Malformed), "{text}");
    }
    assert!(looks_like(fixture!("deprecated.txt")) && looks_like(fixture!("product_ions.txt")));
    assert!(!looks_like("Name: x\nACCESSION: 1\nNum Peaks: 1"));
}

#[test]
fn damaged_files_and_limits() {
    survives_damage(read_massbank, fixture!("product_ions.txt").as_bytes());
    survives_damage(read_massbank, fixture!("deprecated.txt").as_bytes());
    keeps_limits(read_massbank, &fixture!("wrong_count.txt").repeat(2));
}

const PIECES: &[&str] = &[
    "ACCESSION: A\n",
    "RECORD_TITLE: a; 1 TMS\n",
    "CH$NAME: b\n",
    "CH$LINK: \n",
    "AC$CHROMATOGRAPHY: RETENTION_TIME 1e308 h\n",
    "MS$FOCUSED_ION: PRECURSOR_M/Z 1//\n",
    "PK$ANNOTATION:\n",
    "PK$NUM_PEAK: 18446744073709551616\n",
    "PK$PEAK: m/z int. rel.int.\n",
    "  50 1 1\n",
    "    51 1e308 é\n",
    "//\n",
    "DEPRECATED:\r",
];

proptest! {
    #[test]
    fn no_bytes_make_it_panic(bytes in hostile_bytes(PIECES)) {
        never_panics(read_massbank, &bytes);
    }
}

mod round_trip;
