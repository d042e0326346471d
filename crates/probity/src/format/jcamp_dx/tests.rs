//! One fixture for each quirk; all spectra are invented.

use proptest::prelude::*;

use super::*;
use crate::ErrorKind;
use crate::format::test_support::{
    hostile_bytes, keeps_limits, mass, never_panics, notices, npz, peaks, refuses_what_it_would_repair,
    strict, survives_damage, tolerant,
};
use crate::spectrum::{AxisUnit, Curve, CurveKind, InfraredTechnique, Polarity, Technique, ValueUnit};

macro_rules! fixture {
    ($name:literal) => {
        include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../fixtures/formats/jcamp_dx/", $name))
    };
}

mod quirks;
mod real_files;

fn names(parsed: &Parsed) -> Vec<&str> {
    parsed.records.iter().map(|record| record.name.as_str()).collect()
}

#[test]
fn a_peak_table_is_read_field_by_field() {
    let parsed = read_jcamp_dx(fixture!("peak_table.jdx").as_bytes(), &strict()).unwrap();
    let [record] = parsed.records.as_slice() else { panic!("not one record") };
    assert_eq!(record.name, "Inventamine (EI)");
    let identity = &record.identity;
    assert_eq!(identity.synonyms, ["benzeneinventamine", "inventamine", "N-inventylamine"]);
    assert_eq!(identity.formula.as_deref(), Some("C10H15N"));
    assert_eq!(
        (identity.molecular_mass, identity.cas_numbers.as_slice()),
        (Some(149.0), ["00-00-0".to_owned()].as_slice())
    );
    let acquisition = &mass(record).acquisition;
    assert_eq!(acquisition.technique, Some(Technique::ElectronIonization));
    assert_eq!(acquisition.ionization.as_deref(), Some("EI"));
    assert_eq!(acquisition.polarity, Some(Polarity::Positive));
    assert_eq!(acquisition.instrument.as_deref(), Some("Imaginary 9000"));
    assert_eq!(acquisition.instrument_type.as_deref(), Some("TRAP"));
    assert_eq!(acquisition.scan_range_mz, Some((122.5, 199.25)));
    assert_eq!((acquisition.retention_time_s, acquisition.retention_index), (Some(312.0), Some(1174.0)));
    assert_eq!(record.provenance.contributor.as_deref(), Some("Nowhere Institute"));
    assert_eq!(record.provenance.comments, ["a free comment"]);
    let other: Vec<(&str, &str)> =
        record.other_fields.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect();
    assert_eq!(
        other,
        [
            ("OWNER", "nobody"),
            ("$OWN NUMBER", "17"),
            (".INLET", "GC"),
            ("XUNITS", "M/Z"),
            ("YUNITS", "RELATIVE ABUNDANCE"),
        ]
    );
    // YFACTOR is 0.5, whatever the comment behind it says.
    assert_eq!(peaks(record), [(51.0, 10.0), (58.0, 1000.0), (77.0, 5.0), (91.0, 20.0)]);
    assert_eq!((record.place.record, record.place.line), (1, 1));
}

#[test]
fn lone_carriage_returns_tabs_and_odd_labels_are_read() {
    let parsed = read_jcamp_dx(fixture!("points_tab_cr.jdx").as_bytes(), &strict()).unwrap();
    assert_eq!(names(&parsed), [""]);
    assert_eq!(peaks(&parsed.records[0]), [(50.5, 100.0), (51.5, 0.0)]);
    let named = fixture!("points_tab_cr.jdx").replace("##XUNITS", "##NAMES=one\r two\r##XUNITS");
    assert_eq!(names(&tolerant(read_jcamp_dx, &named)), ["one"]);
}

#[test]
fn wrong_counts_missing_ends_and_late_labels_are_repaired() {
    let parsed = tolerant(read_jcamp_dx, fixture!("no_end.jdx"));
    assert_eq!(peaks(&parsed.records[0]), [(50.0, 1.0), (51.0, 2.0)]);
    assert_eq!(
        notices(&parsed),
        [
            (None, Some(8), "the text ends without ##END="),
            (Some(1), Some(6), "\"3\" peaks are announced and 2 listed; all listed were read"),
        ]
    );
    refuses_what_it_would_repair(read_jcamp_dx, fixture!("no_end.jdx"));

    let parsed = tolerant(read_jcamp_dx, fixture!("after_data.jdx"));
    assert_eq!(parsed.records[0].identity.formula.as_deref(), Some("C8H8O"));
    assert_eq!(notices(&parsed), [(None, Some(10), "the label has no = behind it")]);

    // m/z 0 is no peak, but it is one of those announced.
    let parsed = tolerant(read_jcamp_dx, fixture!("zero_mz.jdx"));
    assert_eq!(peaks(&parsed.records[0]), [(41.0, 520.0), (43.0, 1000.0)]);
    assert_eq!((parsed.report.skipped, parsed.report.repaired), (1, 0));

    let parsed = tolerant(read_jcamp_dx, fixture!("no_data_type.jdx"));
    assert_eq!((parsed.records.len(), parsed.report.repaired), (1, 1));
}

#[test]
fn without_its_factor_a_table_has_no_scale() {
    let parsed = tolerant(read_jcamp_dx, fixture!("bad_factor.jdx"));
    assert_eq!(names(&parsed), ["good"]);
    assert_eq!((parsed.report.records_read, parsed.report.records_skipped), (1, 1));
    assert_eq!(parsed.records[0].place.record, 2);
}

#[test]
fn link_blocks_give_their_mass_spectra_and_name_the_rest() {
    let parsed = tolerant(read_jcamp_dx, fixture!("link.jdx"));
    assert_eq!(names(&parsed), ["first", "second"]);
    assert_eq!(parsed.records[1].other_fields[0], ("LINK TITLE".to_owned(), "two and a band".to_owned()));
    assert_eq!(parsed.records[1].place.record, 3);
    assert_eq!(
        notices(&parsed),
        [(Some(2), Some(17), "where the axis begins and ends is not stated, or not two places")]
    );
}

#[test]
fn a_series_gives_one_record_a_page() {
    let parsed = tolerant(read_jcamp_dx, fixture!("series.jdx"));
    assert_eq!(names(&parsed), ["a series", "a series"]);
    let times: Vec<Option<f64>> =
        parsed.records.iter().map(|record| mass(record).acquisition.retention_time_s).collect();
    assert_eq!(times, [Some(270.0), Some(300.0)]);
    // FACTOR of the second variable is 2.
    assert_eq!(peaks(&parsed.records[0]), [(50.0, 5.0), (51.0, 18.5)]);
    assert_eq!(peaks(&parsed.records[1]), [(94.0, 200.0)]);
    assert_eq!(mass(&parsed.records[1]).acquisition.technique, Some(Technique::ElectronIonization));
    let other = &parsed.records[1].other_fields;
    assert!(other.contains(&("PAGE".to_owned(), "T= 5".to_owned())));
    assert!(other.contains(&(".TOTAL ION CURRENT".to_owned(), "7".to_owned())));
    assert_eq!(notices(&parsed), [(Some(3), Some(23), "the page has no list of peaks and was left out")]);
}

#[test]
fn other_spectra_are_unsupported_by_name() {
    for (text, name) in [
        (fixture!("profile.jdx"), "profile"),
        ("##TITLE=x\n##DATA TYPE=INFRARED SPECTRUM\n##END=\n", "INFRARED SPECTRUM"),
        ("##TITLE=x\n##END=\n", "does not state its data type"),
        ("##TITLE=x\n##DATA TYPE=MASS SPECTRUM\n##END=\n", "without a list of peaks"),
    ] {
        let error = read_jcamp_dx(text.as_bytes(), &ReadOptions::default()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Unsupported);
        assert!(error.message().contains(name), "{error}");
    }
    let nothing = read_jcamp_dx(b"Name: x", &ReadOptions::default()).unwrap_err();
    assert_eq!(nothing.kind(), ErrorKind::Malformed);
    assert!(looks_like("\n$$ by hand\n## Title = x") && looks_like(fixture!("infrared.jdx")));
    assert!(!looks_like("##CIF") && !looks_like("Name: x\n##TITLE=y"));
}

#[test]
fn a_long_heading_over_many_pages_is_a_limit() {
    let heading =
        format!("##TITLE=x\n##DATA TYPE=MASS SPECTRUM\n##$LONG={}\n##NTUPLES=\n", "x".repeat(1_000_000));
    let page = "##PAGE=T=1\n##DATA TABLE=(XY..XY)\n50,1\n";
    let text = format!("{heading}{}", page.repeat(300));
    let error = read_jcamp_dx(text.as_bytes(), &ReadOptions::default()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::LimitReached);
}

#[test]
fn damaged_files_and_limits() {
    for text in [fixture!("peak_table.jdx"), fixture!("series.jdx"), fixture!("link.jdx")] {
        survives_damage(read_jcamp_dx, text.as_bytes());
    }
    keeps_limits(read_jcamp_dx, &fixture!("no_end.jdx").repeat(2));
}

const PIECES: &[&str] = &[
    "##TITLE=a\n",
    "##DATA TYPE=LINK\n",
    "##DATA TYPE=MASS SPECTRUM\n",
    "##NTUPLES=\n",
    "##SYMBOL=X,Y,T\n",
    "##UNITS=,,min\n##VAR_NAME=,,TIME\n",
    "##FACTOR=1e308,1e308,1e308\n",
    "##XFACTOR=1e300\n",
    "##PAGE=T=1e308\n",
    "##NPOINTS=2\n",
    "##PEAK TABLE=(XY..XY)\n",
    "##DATA TABLE=(XY..XY)\n",
    "1e300,1;2,3,4\n",
    "5,\n",
    "##DATA TYPE=INFRARED SPECTRUM\n##FIRSTX=400\n##LASTX=4000\n",
    "##XYDATA=(X++(Y..Y))\n",
    "##DATA TABLE=(X++(R..R)), XYDATA\n",
    "400AJs%T?\n",
    "401+1-2 ? 3e+300\n",
    "é $$ ,,;\n",
    "##.IONIZATION MODE=-\n",
    "##END NTUPLES=\n",
    "##END=\r",
];

proptest! {
    #[test]
    fn no_bytes_make_it_panic(bytes in hostile_bytes(PIECES)) {
        never_panics(read_jcamp_dx, &bytes);
    }
}
