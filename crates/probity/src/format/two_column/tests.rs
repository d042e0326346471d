//! Lists of peaks and curves in two columns.

mod curves;

use proptest::prelude::*;

use super::*;
use crate::error::ErrorKind;
use crate::format::Strictness;
use crate::format::test_support::{hostile_bytes, never_panics, survives_damage};

const DART: &[u8] = include_bytes!("../../../../../fixtures/formats/two_column/+30 V/L0331.txt");
const DECIMAL_COMMA: &[u8] = include_bytes!("../../../../../fixtures/formats/two_column/decimal_comma.csv");

fn read(text: &str) -> Result<Parsed> {
    read_two_column(text.as_bytes(), &ReadOptions::default())
}

#[test]
fn columns_are_divided_in_many_ways() {
    for text in [
        "41.5\t29\n43\t100\n",
        "41.5 29\r43 100",
        "41.5,29\n43,100\n",
        "41.5, 29\n43, 100\n",
        "41.5;29\n43;100\n",
        "  41.5   29 \n\n 43 1e2",
        "\"m/z\",\"intensity\"\n41.5,29\n43,100\n",
        "m/z intensity\n41.5 29\n43 100\n",
    ] {
        assert!(looks_like(text), "{text}");
        let parsed = read(text).unwrap();
        let peaks = &parsed.records[0].spectrum.as_mass().unwrap().peaks;
        assert_eq!(peaks.mz(), [41.5, 43.0], "{text}");
        assert_eq!(peaks.intensity(), [29.0, 100.0], "{text}");
        assert!(parsed.report.is_clean(), "{text}");
    }
}

#[test]
fn comments_and_the_header_are_kept() {
    let parsed = read("# sample 7\nmass\tcounts\n41\t29\n").unwrap();
    assert_eq!(parsed.records[0].provenance.comments, ["sample 7"]);
    assert_eq!(parsed.records[0].other_fields, [("header".to_owned(), "mass\tcounts".to_owned())]);
    assert_eq!(parsed.records[0].place, RecordPlace { record: 1, line: 1 });
    assert_eq!(parsed.report.records_read, 1);
}

#[test]
fn decimal_commas_are_reported_once() {
    let parsed = read("41,5;29,5\n43,5;100,2\n").unwrap();
    let peaks = &parsed.records[0].spectrum.as_mass().unwrap().peaks;
    assert_eq!(peaks.mz(), [41.5, 43.5]);
    assert_eq!(parsed.report.repaired, 1);
    let strict = ReadOptions::default().strictness(Strictness::Strict);
    assert!(read_two_column(b"41,5;29,5\n", &strict).is_err());
}

#[test]
fn impossible_peaks_are_left_out_and_counted() {
    let parsed = read("41 -5\n42 NaN\n43 7\n").unwrap();
    assert_eq!(parsed.records[0].spectrum.as_mass().unwrap().peaks.mz(), [43.0]);
    assert_eq!(parsed.report.skipped, 2);
}

#[test]
fn lines_that_are_no_pairs_are_an_error_with_their_place() {
    for (text, line) in [("41 29\nx y\n", 2), ("a b\nc d\n41 29\n", 2), ("41 29 7\n43 2 1\n", 2)] {
        let error = read(text).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Malformed);
        assert_eq!(error.location().line, Some(line), "{text}");
    }
    assert!(read("").is_err() && read("# nothing\n").is_err());
}

#[test]
fn fixtures() {
    let read = |bytes| read_two_column(bytes, &ReadOptions::default()).unwrap();
    let parsed = read(DART);
    assert_eq!(parsed.records[0].spectrum.as_mass().unwrap().peaks.mz(), [91.056, 150.130_6]);
    assert!(parsed.report.is_clean());
    let parsed = read(DECIMAL_COMMA);
    assert_eq!(parsed.records[0].spectrum.as_mass().unwrap().peaks.mz(), [41.5, 43.0]);
    assert_eq!(parsed.records[0].provenance.comments, ["invented sample"]);
    survives_damage(read_two_column, DART);
    survives_damage(read_two_column, DECIMAL_COMMA);
}

proptest! {
    #[test]
    fn hostile_bytes_do_not_panic(
        bytes in hostile_bytes(&["41 29\n", "41,5;2\n", "#", "m/z,i\n", "\"41\",", ",", ";", "\n", "NaN 1\r"])
    ) {
        never_panics(read_two_column, &bytes);
    }
}
