//! Small files made byte by byte, one for each layout and quirk.

use proptest::prelude::*;

use super::*;
use crate::error::ErrorKind;
use crate::format::Limits;
use crate::format::test_support::{never_panics, notices, strict, survives_damage};
use crate::spectrum::Curve;

/// The header of a spectrum: points, units of x and y, first and last x.
fn header(points: u32, (x, y): (u32, u32), (first, last): (f32, f32)) -> Vec<u8> {
    let mut header = vec![0; 100];
    let mut set = |offset: usize, bytes: [u8; 4]| header[offset..offset + 4].copy_from_slice(&bytes);
    set(0, 3_u32.to_le_bytes());
    set(4, points.to_le_bytes());
    set(8, x.to_le_bytes());
    set(12, y.to_le_bytes());
    set(16, first.to_le_bytes());
    set(20, last.to_le_bytes());
    set(32, 1_u32.to_le_bytes());
    set(36, 32_u32.to_le_bytes());
    set(80, 10_000_f32.to_le_bytes());
    set(84, 2_f32.to_le_bytes());
    header
}

fn floats(values: &[f32]) -> Vec<u8> {
    values.iter().flat_map(|value| value.to_le_bytes()).collect()
}

/// A file of sections by key, in the order of the directory.
fn file(sections: &[(u8, Vec<u8>)]) -> Vec<u8> {
    let mut bytes = vec![0; 304 + 16 * sections.len()];
    bytes[..20].copy_from_slice(b"Spectral Data File\r\n");
    bytes[30..37].copy_from_slice(b"A title");
    bytes[294..296].copy_from_slice(&(sections.len() as u16).to_le_bytes());
    // 2020-11-12 09:26:02.
    bytes[296..300].copy_from_slice(&3_814_248_362_u32.to_le_bytes());
    for (number, (key, content)) in sections.iter().enumerate() {
        let (entry, offset) = (304 + 16 * number, bytes.len() as u32);
        bytes[entry] = *key;
        bytes[entry + 2..entry + 6].copy_from_slice(&offset.to_le_bytes());
        bytes[entry + 6..entry + 10].copy_from_slice(&(content.len() as u32).to_le_bytes());
        bytes.extend_from_slice(content);
    }
    bytes
}

fn spectrum_sections() -> Vec<(u8, Vec<u8>)> {
    let history =
        b"Collect Sample\r\n\t Resolution:\t 4.000 from 400 to 4000\r\n\t Bench Serial Number:AB12;\r\n\0";
    vec![
        (2, header(3, (1, 17), (4_000.0, 400.0))),
        (4, b"\0a comment\0more\0".to_vec()),
        (27, history.to_vec()),
        (3, floats(&[0.25, 0.5, -0.125])),
    ]
}

fn read(bytes: &[u8]) -> Parsed {
    read_spa(bytes, &ReadOptions::default()).unwrap()
}

fn curve(record: &Record) -> &Curve {
    record.spectrum.as_curve().unwrap()
}

#[test]
fn a_spectrum_with_its_texts() {
    let parsed = read_spa(&file(&spectrum_sections()), &strict()).unwrap();
    let [record] = parsed.records.as_slice() else { panic!("not one record") };
    assert_eq!(
        (record.name.as_str(), record.provenance.comments.as_slice()),
        ("A title", &["a comment".to_owned(), "more".to_owned()][..])
    );
    let read = curve(record);
    assert_eq!(read.axis().points(), [4_000.0, 2_200.0, 400.0]);
    assert_eq!(read.values(), [0.25, 0.5, -0.125]);
    assert_eq!((read.kind(), read.axis_unit()), (CurveKind::Spectrum, &AxisUnit::Wavenumber));
    assert_eq!(read.value_unit(), &ValueUnit::Absorbance);
    let acquired = read.acquired();
    assert_eq!((acquired.resolution_cm1, acquired.scans), (Some(4.0), Some(32)));
    assert_eq!(acquired.instrument.as_deref(), Some("bench AB12"));
    assert_eq!(acquired.measured.as_deref(), Some("2020-11-12 09:26:02 UTC"));
    assert_eq!(record.other_fields[0].0, "history");
}

#[test]
fn spectra_single_beams_and_interferograms_are_told_apart() {
    for (units, kind, value_unit) in [
        ((1, 16), CurveKind::Spectrum, ValueUnit::PercentTransmittance),
        ((1, 11), CurveKind::Spectrum, ValueUnit::PercentReflectance),
        ((1, 12), CurveKind::Spectrum, ValueUnit::LogInverseReflectance),
        ((32, 31), CurveKind::Spectrum, ValueUnit::RamanIntensity),
        ((1, 15), CurveKind::SingleBeam, ValueUnit::Other("single beam".to_owned())),
        ((1, 22), CurveKind::SingleBeam, ValueUnit::Volt),
        ((2, 22), CurveKind::Interferogram, ValueUnit::Volt),
        ((77, 88), CurveKind::Other, ValueUnit::Other("code 88".to_owned())),
    ] {
        let parsed = read(&file(&[(2, header(2, units, (0.0, 1.0))), (3, floats(&[1.0, 2.0]))]));
        let read = curve(&parsed.records[0]);
        assert_eq!((read.kind(), read.value_unit()), (kind, &value_unit), "{units:?}");
    }
}

#[test]
fn an_interferogram_lies_over_retardation_from_its_peak() {
    let sections = [(2, header(4, (2, 22), (0.0, 3.0))), (3, floats(&[0.5, 3.0, -1.0, 0.25]))];
    let parsed = read(&file(&sections));
    let read = curve(&parsed.records[0]);
    // The peak is point 1, and points lie one wavelength of 1 um apart.
    let expected = [-1e-4, 0.0, 1e-4, 2e-4];
    assert!(read.axis().points().iter().zip(expected).all(|(got, expected)| (got - expected).abs() < 1e-12));
    assert_eq!(
        (read.axis_unit(), read.acquired().laser_wavenumber_cm1),
        (&AxisUnit::RetardationCm, Some(10_000.0))
    );
    // Without the laser only points can be counted.
    let mut unknown = sections.clone();
    unknown[0].1[80..84].fill(0);
    let parsed = self::read(&file(&unknown));
    assert_eq!(curve(&parsed.records[0]).axis().points(), [0.0, 1.0, 2.0, 3.0]);
    assert_eq!(curve(&parsed.records[0]).axis_unit(), &AxisUnit::Point);
}

#[test]
fn interferograms_stand_in_the_order_of_the_file() {
    let mut sections = spectrum_sections();
    let info = [2_u32.to_le_bytes(), 16_u32.to_le_bytes(), [0; 4], 1_f32.to_le_bytes()].concat();
    sections.extend([
        (103, floats(&[7.0, 8.0])),
        (101, info.clone()),
        (102, floats(&[5.0, 6.0])),
        (100, info),
    ]);
    let parsed = read_spa(&file(&sections), &strict()).unwrap();
    let found: Vec<(Option<&str>, &[f64], Option<u32>)> = parsed.records[1..]
        .iter()
        .map(|record| {
            (
                curve(record).acquired().block.as_deref(),
                curve(record).values(),
                curve(record).acquired().scans,
            )
        })
        .collect();
    assert_eq!(
        found,
        [
            (Some("background interferogram"), &[7.0, 8.0][..], Some(16)),
            (Some("sample interferogram"), &[5.0, 6.0], Some(16)),
        ]
    );
    assert_eq!(curve(&parsed.records[1]).kind(), CurveKind::Interferogram);
}

#[test]
fn a_group_has_a_title_for_each_spectrum() {
    let title = |text: &[u8]| {
        let mut title = vec![0; 260];
        title[..text.len()].copy_from_slice(text);
        title
    };
    let sections = [
        (107, title(b"first")),
        (2, header(2, (1, 17), (2.0, 1.0))),
        (3, floats(&[1.0, 2.0])),
        (107, title(b"second")),
        (2, header(2, (1, 17), (2.0, 1.0))),
        (3, floats(&[3.0, 4.0])),
    ];
    let parsed = read(&file(&sections));
    let names: Vec<&str> = parsed.records.iter().map(|record| record.name.as_str()).collect();
    assert_eq!(names, ["first", "second"]);
    assert_eq!(curve(&parsed.records[1]).values(), [3.0, 4.0]);
}

#[test]
fn wrong_counts_and_sections_are_reported() {
    let mut sections = spectrum_sections();
    sections[0].1 = header(5, (1, 17), (4_000.0, 400.0));
    let parsed = read(&file(&sections));
    assert_eq!((curve(&parsed.records[0]).values().len(), parsed.report.repaired), (3, 1));
    assert!(read_spa(&file(&sections), &strict()).is_err());

    // The history is said to lie beyond the end.
    let mut bytes = file(&spectrum_sections());
    bytes[304 + 32 + 2..304 + 32 + 6].copy_from_slice(&1_000_000_u32.to_le_bytes());
    let parsed = read(&bytes);
    assert!(notices(&parsed)[0].2.ends_with("bytes does not lie within the file; it was not read"));
    assert!(parsed.records[0].other_fields.is_empty());
    assert_eq!(parsed.report.notices[0].offset, Some(336));

    // Two sections of values at the same place are one.
    let mut sections = spectrum_sections();
    sections.push((3, floats(&[9.0])));
    let mut bytes = file(&sections);
    let (third, fifth) = (304 + 48, 304 + 64);
    bytes.copy_within(third + 2..third + 10, fifth + 2);
    let parsed = read(&bytes);
    assert_eq!((parsed.records.len(), parsed.report.ignored), (1, 1));

    // What is retained of an earlier form is said, wherever it ends.
    let mut sections = spectrum_sections();
    sections.push((78, vec![1; 10]));
    let bytes = file(&sections);
    let parsed = read_spa(&bytes[..bytes.len() - 1], &strict()).unwrap();
    assert_eq!(parsed.records[0].other_fields[1].0, "retained original");
}

#[test]
fn without_a_spectrum_there_is_an_error() {
    let error = read_spa(&file(&[(27, b"history".to_vec())]), &ReadOptions::default()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Malformed);
    let error = read_spa(b"Spectral Data Fine", &ReadOptions::default()).unwrap_err();
    assert!(error.message().contains("does not begin"), "{error}");
    let error = read_spa(b"Spectral Data File", &ReadOptions::default()).unwrap_err();
    assert_eq!(error.location().field.as_deref(), Some("number of sections"));
    // The same x at both ends of several points.
    let sections = [(2, header(2, (1, 17), (1.0, 1.0))), (3, floats(&[1.0, 2.0]))];
    assert!(read_spa(&file(&sections), &ReadOptions::default()).is_err());
}

#[test]
fn limits_and_damage() {
    let mut sections = spectrum_sections();
    let info = [2_u32.to_le_bytes(), 16_u32.to_le_bytes(), [0; 4], 1_f32.to_le_bytes()].concat();
    sections.extend([(102, floats(&[5.0, 6.0])), (100, info), (107, vec![b'a'; 260])]);
    let bytes = file(&sections);
    for limits in [
        Limits { records: 1, ..Limits::default() },
        Limits { peaks: 2, ..Limits::default() },
        Limits { input_bytes: 300, ..Limits::default() },
    ] {
        let error = read_spa(&bytes, &ReadOptions::default().limits(limits)).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::LimitReached);
    }
    survives_damage(read_spa, &bytes);
}

proptest! {
    #[test]
    fn no_bytes_make_it_panic(
        keys in proptest::collection::vec(
            (proptest::sample::select(vec![2_u8, 3, 4, 27, 78, 100, 101, 102, 103, 107]), 0_u32..900, 0_u32..400),
            0..20,
        ),
        rest in proptest::collection::vec(any::<u8>(), 0..600),
    ) {
        let sections: Vec<(u8, Vec<u8>)> = keys.iter().map(|(key, ..)| (*key, Vec::new())).collect();
        let mut bytes = file(&sections);
        for (number, (_, offset, size)) in keys.iter().enumerate() {
            let entry = 304 + 16 * number;
            bytes[entry + 2..entry + 6].copy_from_slice(&offset.to_le_bytes());
            bytes[entry + 6..entry + 10].copy_from_slice(&size.to_le_bytes());
        }
        bytes.extend(rest);
        never_panics(read_spa, &bytes);
    }
}
