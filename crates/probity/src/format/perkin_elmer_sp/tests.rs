//! Small files made byte by byte; no real file was at hand.

use proptest::prelude::*;

use super::*;
use crate::error::ErrorKind;
use crate::format::Limits;
use crate::format::test_support::{never_panics, strict, survives_damage};
use crate::spectrum::Curve;

fn block(code: i16, content: &[u8]) -> Vec<u8> {
    [&code.to_le_bytes()[..], &(content.len() as u32).to_le_bytes(), content].concat()
}

fn range(first: f64, last: f64) -> Vec<u8> {
    block(-29_838, &[&29_981_u16.to_le_bytes()[..], &first.to_le_bytes(), &last.to_le_bytes()].concat())
}

fn interval(interval: f64) -> Vec<u8> {
    block(-29_836, &[&29_979_u16.to_le_bytes()[..], &interval.to_le_bytes()].concat())
}

fn points(points: i32) -> Vec<u8> {
    block(-29_835, &[&29_995_u16.to_le_bytes()[..], &points.to_le_bytes()].concat())
}

fn text(code: i16, text: &str) -> Vec<u8> {
    let length = (text.len() as u16).to_le_bytes();
    block(code, &[&29_987_u16.to_le_bytes()[..], &length, text.as_bytes()].concat())
}

fn values(values: &[f64]) -> Vec<u8> {
    let bytes: Vec<u8> = values.iter().flat_map(|value| value.to_le_bytes()).collect();
    block(-29_828, &[&29_974_u16.to_le_bytes()[..], &(bytes.len() as u32).to_le_bytes(), &bytes].concat())
}

/// A file of one data set.
fn file(members: &[Vec<u8>]) -> Vec<u8> {
    let mut bytes = b"PEPE2D constant interval DataSet file".to_vec();
    bytes.resize(44, 0);
    bytes.extend(block(120, &members.concat()));
    bytes
}

fn members() -> Vec<Vec<u8>> {
    vec![
        range(4_000.0, 400.0),
        interval(-1_800.0),
        points(3),
        text(-29_833, "cm-1"),
        text(-29_832, "%T"),
        text(-29_823, "An alias"),
        text(-29_827, "A name.sp"),
        block(-29_825, &[0; 40]),
        values(&[99.5, 50.0, 0.25]),
    ]
}

fn curve(parsed: &Parsed) -> &Curve {
    parsed.records[0].spectrum.as_curve().unwrap()
}

#[test]
fn a_data_set_is_read_member_by_member() {
    let mut bytes = file(&members());
    bytes.extend(block(121, &[1; 8]));
    let parsed = read_perkin_elmer_sp(&bytes, &strict()).unwrap();
    let [record] = parsed.records.as_slice() else { panic!("not one record") };
    assert_eq!(record.name, "An alias");
    assert_eq!(record.other_fields, [("original name".to_owned(), "A name.sp".to_owned())]);
    let read = curve(&parsed);
    assert_eq!(read.axis().points(), [4_000.0, 2_200.0, 400.0]);
    assert_eq!(read.values(), [99.5, 50.0, 0.25]);
    assert_eq!((read.kind(), read.axis_unit()), (CurveKind::Spectrum, &AxisUnit::Wavenumber));
    assert_eq!(read.value_unit(), &ValueUnit::PercentTransmittance);
}

#[test]
fn several_data_sets_are_several_records() {
    let mut bytes = file(&members());
    bytes.extend(block(120, &[range(1.0, 2.0), values(&[0.5, 0.75])].concat()));
    let parsed = read_perkin_elmer_sp(&bytes, &strict()).unwrap();
    assert_eq!(parsed.records.len(), 2);
    assert_eq!(parsed.records[1].spectrum.as_curve().unwrap().kind(), CurveKind::Other);
}

#[test]
fn the_interval_says_the_direction() {
    let mut members = members();
    members[0] = range(400.0, 4_000.0);
    let parsed = read_perkin_elmer_sp(&file(&members), &ReadOptions::default()).unwrap();
    assert_eq!((curve(&parsed).axis().points()[0], parsed.report.repaired), (4_000.0, 1));
    assert!(read_perkin_elmer_sp(&file(&members), &strict()).is_err());
}

#[test]
fn labels_say_what_is_shown() {
    for (label, data, kind, unit) in [
        ("A", [0.5, 0.5, 0.5], CurveKind::Spectrum, ValueUnit::Absorbance),
        ("T", [0.5, 0.5, 0.5], CurveKind::Spectrum, ValueUnit::Transmittance),
        ("T", [50.0, 0.5, 0.5], CurveKind::Spectrum, ValueUnit::PercentTransmittance),
        ("SB", [50.0, 0.5, 0.5], CurveKind::SingleBeam, ValueUnit::Other("SB".to_owned())),
    ] {
        let mut members = members();
        members[4] = text(-29_832, label);
        members[8] = values(&data);
        let parsed = read_perkin_elmer_sp(&file(&members), &strict()).unwrap();
        assert_eq!((curve(&parsed).kind(), curve(&parsed).value_unit()), (kind, &unit), "{label}");
    }
}

#[test]
fn what_is_wrong_or_missing_is_reported() {
    let mut wrong = members();
    wrong[2] = points(7);
    let parsed = read_perkin_elmer_sp(&file(&wrong), &ReadOptions::default()).unwrap();
    assert_eq!((curve(&parsed).values().len(), parsed.report.repaired), (3, 1));
    for without in [0, 8] {
        let mut members = members();
        members.remove(without);
        let error = read_perkin_elmer_sp(&file(&members), &ReadOptions::default()).unwrap_err();
        assert!(error.message().contains("no range or no values"), "{error}");
    }
    let mut short = members();
    short[0] = block(-29_838, &[0; 10]);
    let error = read_perkin_elmer_sp(&file(&short), &ReadOptions::default()).unwrap_err();
    assert_eq!(
        (error.message(), error.location().offset),
        ("the member -29838 has 10 bytes and needs 18", Some(56))
    );
    let mut behind = file(&members());
    behind.extend([1, 2, 3]);
    assert_eq!(read_perkin_elmer_sp(&behind, &ReadOptions::default()).unwrap().report.ignored, 1);
    let mut image = b"PEPE4D image".to_vec();
    image.resize(44, 0);
    let error = read_perkin_elmer_sp(&image, &ReadOptions::default()).unwrap_err();
    assert_eq!((error.kind(), error.message().contains("4D image")), (ErrorKind::Unsupported, true));
}

#[test]
fn limits_and_damage() {
    let bytes = file(&members());
    for limits in [
        Limits { records: 0, ..Limits::default() },
        Limits { peaks: 2, ..Limits::default() },
        Limits { input_bytes: 100, ..Limits::default() },
    ] {
        let error = read_perkin_elmer_sp(&bytes, &ReadOptions::default().limits(limits)).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::LimitReached);
    }
    survives_damage(read_perkin_elmer_sp, &bytes);
}

proptest! {
    #[test]
    fn no_bytes_make_it_panic(
        pieces in proptest::collection::vec(
            prop_oneof![
                Just(range(1e308, -1e308)), Just(range(1.0, 2.0)), Just(interval(f64::NAN)), Just(points(-1)),
                Just(values(&[1.0, f64::INFINITY])), Just(text(-29_832, "T")), Just(block(120, &[])),
                proptest::collection::vec(any::<u8>(), 0..30),
            ],
            0..20,
        ),
    ) {
        never_panics(read_perkin_elmer_sp, &file(&pieces));
    }
}
