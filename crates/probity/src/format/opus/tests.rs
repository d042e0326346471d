//! Small files made byte by byte, one for each layout and quirk.

use proptest::prelude::*;

use super::*;
use crate::error::ErrorKind;
use crate::format::test_support::{never_panics, notices, strict, survives_damage};
use crate::format::{Limits, Record};
use crate::spectrum::{AxisUnit, Curve, InfraredTechnique, ValueUnit};

fn parameter(name: &str, kind: u16, value: &[u8]) -> Vec<u8> {
    let mut value = value.to_vec();
    value.resize(value.len().next_multiple_of(2), 0);
    let size = (value.len() / 2) as u16;
    [name.as_bytes(), &[0], &kind.to_le_bytes(), &size.to_le_bytes(), &value].concat()
}

fn whole(name: &str, value: i32) -> Vec<u8> {
    parameter(name, 0, &value.to_le_bytes())
}

fn number(name: &str, value: f64) -> Vec<u8> {
    parameter(name, 1, &value.to_le_bytes())
}

fn text(name: &str, value: &str) -> Vec<u8> {
    parameter(name, 2, &[value.as_bytes(), b"\0"].concat())
}

/// A block of parameters up to its end.
fn block(parameters: &[Vec<u8>]) -> Vec<u8> {
    [parameters.concat(), b"END\0\0\0\0\0".to_vec()].concat()
}

fn status(points: i32, (first, last): (f64, f64), factor: f64, unit: &str) -> Vec<u8> {
    block(&[
        whole("DPF", 1),
        whole("NPT", points),
        number("FXV", first),
        number("LXV", last),
        number("CSF", factor),
        text("DXU", unit),
        text("DAT", "12/06/2019"),
        text("TIM", "13:17:16"),
    ])
}

fn floats(values: &[f32]) -> Vec<u8> {
    values.iter().flat_map(|value| value.to_le_bytes()).collect()
}

/// A file of blocks by type, in the order of the directory.
fn file(blocks: &[(u32, Vec<u8>)]) -> Vec<u8> {
    let mut bytes = b"\x0a\x0a\xfe\xfe".to_vec();
    bytes.extend(920_622_f64.to_le_bytes());
    bytes.extend([24_u32, 40, blocks.len() as u32].iter().flat_map(|number| number.to_le_bytes()));
    bytes.resize(24 + 12 * blocks.len(), 0);
    for (entry, (kind, content)) in blocks.iter().enumerate() {
        let (offset, words) = (bytes.len() as u32, content.len().div_ceil(4) as u32);
        for (place, number) in [*kind, words, offset].into_iter().enumerate() {
            let at = 24 + 12 * entry + 4 * place;
            bytes[at..at + 4].copy_from_slice(&number.to_le_bytes());
        }
        bytes.extend_from_slice(content);
        bytes.resize(bytes.len().next_multiple_of(4), 0);
    }
    bytes
}

/// Interferogram, single beam, absorbance and reference, with parameters of all.
fn blocks() -> Vec<(u32, Vec<u8>)> {
    vec![
        (0x20, block(&[text("INS", "VERTEX"), number("LWN", 15_798.0), number("HFL", 15_798.0)])),
        (0x30, block(&[number("RES", 4.0), whole("NSS", 32)])),
        (0x38, block(&[number("RES", 8.0), whole("NSR", 16)])),
        (0x60, block(&[text("ACC", "Platinum ATR"), text("SRC", "")])),
        (0xa0, block(&[text("SNM", "A sample"), text("SFM", "powder")])),
        (0x0807, floats(&[1.0, 2.0, -1.0, 0.0])),
        (0x0407, floats(&[0.5, 0.25])),
        (0x100f, floats(&[0.25, 0.5, 0.75, 0.0])),
        (0x040b, floats(&[4.0, 5.0])),
        (0x0817, status(4, (0.0, 3.0), 0.5, "PNT")),
        (0x0417, status(2, (4_000.0, 400.0), 1.0, "WN")),
        (0x101f, status(3, (4_000.0, 400.0), 2.0, "WN")),
        (0x041b, status(2, (4_000.0, 400.0), 1.0, "WN")),
        (0x0070_100f, vec![1, 2, 3, 4]),
    ]
}

fn read(blocks: &[(u32, Vec<u8>)]) -> Parsed {
    read_opus(&file(blocks), &ReadOptions::default()).unwrap()
}

fn curve(record: &Record) -> &Curve {
    record.spectrum.as_curve().unwrap()
}

fn names(parsed: &Parsed) -> Vec<&str> {
    parsed.records.iter().map(|record| curve(record).acquired().block.as_deref().unwrap()).collect()
}

#[test]
fn blocks_stand_in_the_order_of_the_file_and_the_spectrum_has_all_parameters() {
    let parsed = read_opus(&file(&blocks()), &strict()).unwrap();
    assert_eq!(names(&parsed), ["IgSm", "ScSm", "AB", "ScRf"]);
    let record = &parsed.records[2];
    let read = curve(record);
    // The factor is 2, and the last number only fills the block.
    assert_eq!(read.values(), [0.5, 1.0, 1.5]);
    assert_eq!(read.axis().points(), [4_000.0, 2_200.0, 400.0]);
    assert_eq!((read.kind(), read.axis_unit()), (CurveKind::Spectrum, &AxisUnit::Wavenumber));
    assert_eq!((record.name.as_str(), read.value_unit()), ("A sample", &ValueUnit::Absorbance));
    let acquired = read.acquired();
    assert_eq!((acquired.resolution_cm1, acquired.scans), (Some(4.0), Some(32)));
    assert_eq!(acquired.technique, Some(InfraredTechnique::AttenuatedTotalReflection));
    assert_eq!(acquired.instrument.as_deref(), Some("VERTEX"));
    assert_eq!((acquired.state.as_deref(), acquired.laser_wavenumber_cm1), (Some("powder"), Some(15_798.0)));
    assert_eq!(acquired.measured.as_deref(), Some("12/06/2019 13:17:16"));
    for (name, value) in [("RES", "4"), ("RES (reference)", "8"), ("SNM", "A sample")] {
        assert!(record.other_fields.contains(&(name.to_owned(), value.to_owned())), "{name}");
    }
    assert!(!record.other_fields.iter().any(|(name, _)| name == "SRC"));
}

#[test]
fn other_blocks_have_their_own_parameters() {
    let parsed = read(&blocks());
    let (reference, interferogram) = (curve(&parsed.records[3]), curve(&parsed.records[0]));
    assert_eq!((reference.kind(), reference.values()), (CurveKind::SingleBeam, &[4.0, 5.0][..]));
    assert_eq!((reference.acquired().resolution_cm1, reference.acquired().scans), (Some(8.0), Some(16)));
    assert_eq!(
        (interferogram.kind(), interferogram.axis_unit()),
        (CurveKind::Interferogram, &AxisUnit::Point)
    );
    assert_eq!(interferogram.values(), [0.5, 1.0, -0.5, 0.0]);
    assert_eq!(parsed.records[0].other_fields, [("HFL".to_owned(), "15798".to_owned())]);
}

#[test]
fn an_original_that_was_processed_says_so() {
    let mut blocks = blocks();
    blocks.insert(5, (0x4000_100f, floats(&[0.5, 0.5, 0.5])));
    blocks.push((0x4000_101f, status(3, (4_000.0, 400.0), 1.0, "WN")));
    let parsed = read(&blocks);
    assert_eq!(names(&parsed), ["AB (original)", "IgSm", "ScSm", "AB", "ScRf"]);
    assert_eq!(curve(&parsed.records[0]).values(), [0.5; 3]);
    assert_eq!(curve(&parsed.records[3]).values(), [0.5, 1.0, 1.5]);
    assert!(parsed.records[0].other_fields.is_empty() && !parsed.records[3].other_fields.is_empty());
    // The directory may list them in another order than they stand in.
    let mut swapped = file(&blocks);
    let entries: Vec<u8> = swapped[24..24 + 12 * blocks.len()].chunks(12).rev().flatten().copied().collect();
    swapped[24..24 + 12 * blocks.len()].copy_from_slice(&entries);
    assert_eq!(names(&read_opus(&swapped, &ReadOptions::default()).unwrap()), names(&parsed));
    // An original alone is the spectrum.
    let alone = [(0x4000_100f, floats(&[0.5, 0.5])), (0x4000_101f, status(2, (2.0, 1.0), 1.0, "WN"))];
    assert_eq!(names(&read(&alone)), ["AB"]);
}

#[test]
fn what_was_changed_later_counts() {
    let blocks = [
        (0xa0, block(&[text("SNM", "new")])),
        (0x4000_00a0, block(&[text("SNM", "old"), text("SFM", "film")])),
        (0x100f, floats(&[0.5, 0.5])),
        (0x101f, status(2, (2.0, 1.0), 1.0, "WN")),
    ];
    let parsed = read(&blocks);
    assert_eq!(parsed.records[0].name, "new");
    assert_eq!(curve(&parsed.records[0]).acquired().state.as_deref(), Some("film"));
}

#[test]
fn units_follow_the_kind_of_block() {
    for (kind, unit, values, value_unit, axis_unit) in [
        (0x140f, "WN", [0.5, 1.0], ValueUnit::Transmittance, AxisUnit::Wavenumber),
        (0x140f, "WN", [50.0, 99.0], ValueUnit::PercentTransmittance, AxisUnit::Wavenumber),
        (0x180f, "WN", [0.5, 1.0], ValueUnit::KubelkaMunk, AxisUnit::Wavenumber),
        (0x280f, "WN", [0.5, 1.0], ValueUnit::RamanIntensity, AxisUnit::RamanShift),
        (0x300f, "MI", [0.5, 1.0], ValueUnit::Reflectance, AxisUnit::Micrometre),
        (0x3c0f, "WN", [0.5, 1.0], ValueUnit::LogInverseReflectance, AxisUnit::Wavenumber),
        (0x400f, "LGW", [0.5, 1.0], ValueUnit::Absorbance, AxisUnit::Other("LGW".to_owned())),
    ] {
        let blocks = [(kind, floats(&values)), (kind | 0x10, status(2, (2.0, 1.0), 1.0, unit))];
        let parsed = read(&blocks);
        let read = curve(&parsed.records[0]);
        assert_eq!((read.value_unit(), read.axis_unit()), (&value_unit, &axis_unit), "{kind:x}");
    }
}

#[test]
fn whole_numbers_are_read_too() {
    let whole_status = block(&[
        whole("DPF", 2),
        whole("NPT", 2),
        number("FXV", 2.0),
        number("LXV", 1.0),
        number("CSF", 0.5),
    ]);
    let values: Vec<u8> = [4_i32, -6].iter().flat_map(|value| value.to_le_bytes()).collect();
    let parsed = read(&[(0x100f, values.clone()), (0x101f, whole_status)]);
    assert_eq!(curve(&parsed.records[0]).values(), [2.0, -3.0]);
    let unknown = block(&[whole("DPF", 3), whole("NPT", 2), number("FXV", 2.0), number("LXV", 1.0)]);
    let error =
        read_opus(&file(&[(0x100f, values), (0x101f, unknown)]), &ReadOptions::default()).unwrap_err();
    assert!(error.message().contains("numbers of an unknown form"), "{error}");
}

#[test]
fn blocks_that_cannot_be_read_are_named() {
    let sound = [(0x100f, floats(&[0.5, 0.5])), (0x101f, status(2, (2.0, 1.0), 1.0, "WN"))];
    for (kind, status_block, why) in [
        (0x0407, None, "ScSm has no parameters, so it was left out"),
        (0x0407, Some(block(&[whole("NPT", 2)])), "ScSm does not state NPT, FXV and LXV, so it was left out"),
        (
            0x0407,
            Some(status(0, (2.0, 1.0), 1.0, "WN")),
            "ScSm states no number of points, so it was left out",
        ),
        (0x0407, Some(status(2, (1.0, 1.0), 1.0, "WN")), "2 points lie at 1 alone"),
        (
            0x2407,
            None,
            "seriesSm is a series of curves, which this version does not read, so it was left out",
        ),
    ] {
        let mut blocks = sound.to_vec();
        blocks.push((kind, floats(&[1.0, 2.0])));
        blocks.extend(status_block.map(|content| (kind | 0x10, content)));
        let parsed = read(&blocks);
        assert_eq!((parsed.records.len(), parsed.report.records_skipped), (1, 1));
        assert_eq!(notices(&parsed)[0].2, why);
        assert!(read_opus(&file(&blocks), &strict()).is_err());
    }
}

#[test]
fn wrong_counts_and_factors_are_reported() {
    for (points, factor, values, repaired, skipped) in
        [(4, 1.0, 2, 1, 0), (2, 0.0, 2, 1, 0), (2, 1.0, 40, 0, 1)]
    {
        let blocks =
            [(0x100f, floats(&vec![0.5; values])), (0x101f, status(points, (4.0, 1.0), factor, "WN"))];
        let parsed = read(&blocks);
        let read = curve(&parsed.records[0]);
        assert_eq!(
            (read.values(), parsed.report.repaired, parsed.report.skipped),
            (&[0.5; 2][..], repaired, skipped)
        );
        let last = read.axis().points()[1];
        assert!((last - if points == 4 { 3.0 } else { 1.0 }).abs() < 1e-12);
    }
}

#[test]
fn parameters_that_are_not_whole_end_their_block() {
    let long = text("SNM", &"x".repeat(2_000));
    for (content, name) in [
        (b"SNM\0\x02\0\xff\x7fab".to_vec(), ""),
        ([text("SNM", "kept"), b"RES\0\x09\0\x01\0ab".to_vec()].concat(), "kept"),
        (block(&[long, text("SFM", "film")]), ""),
        (parameter("\u{7f}\u{1}a", 0, &[0; 4]), ""),
    ] {
        let mut blocks = vec![(0x100f, floats(&[0.5, 0.5])), (0x101f, status(2, (2.0, 1.0), 1.0, "WN"))];
        blocks.push((0xa0, content));
        let parsed = read(&blocks);
        assert_eq!((parsed.records[0].name.as_str(), parsed.report.ignored), (name, 1));
    }
}

#[test]
fn blocks_outside_the_file_or_over_others_are_left_out() {
    let blocks = [
        (0x100f, floats(&[0.5, 0.5])),
        (0x101f, status(2, (2.0, 1.0), 1.0, "WN")),
        (0x0407, floats(&[0.5, 0.5])),
    ];
    for offset in [1_000_000_u32, 24 + 36] {
        let mut bytes = file(&blocks);
        bytes[24 + 24 + 8..24 + 36].copy_from_slice(&offset.to_le_bytes());
        let parsed = read_opus(&bytes, &ReadOptions::default()).unwrap();
        assert_eq!((parsed.records.len(), parsed.report.skipped), (1, 1));
        assert_eq!(parsed.report.notices[0].offset, Some(48));
    }
}

#[test]
fn a_file_without_curves_is_an_error() {
    let error = read_opus(&file(&[(0x20, block(&[]))]), &ReadOptions::default()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Malformed);
    let error = read_opus(b"\x0a\x0a\xfe\xff", &ReadOptions::default()).unwrap_err();
    assert!(error.message().contains("does not begin"), "{error}");
    let mut bytes = file(&blocks());
    bytes[20..24].copy_from_slice(&5_000_u32.to_le_bytes());
    assert_eq!(read_opus(&bytes, &ReadOptions::default()).unwrap_err().kind(), ErrorKind::LimitReached);
    bytes[20..24].copy_from_slice(&4_000_u32.to_le_bytes());
    let error = read_opus(&bytes, &ReadOptions::default()).unwrap_err();
    assert_eq!((error.location().offset, error.location().field.as_deref()), (Some(24), Some("directory")));
}

#[test]
fn limits_and_damage() {
    let bytes = file(&blocks());
    for limits in [
        Limits { records: 3, ..Limits::default() },
        Limits { peaks: 2, ..Limits::default() },
        Limits { input_bytes: 100, ..Limits::default() },
    ] {
        let error = read_opus(&bytes, &ReadOptions::default().limits(limits)).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::LimitReached);
    }
    survives_damage(read_opus, &bytes);
}

proptest! {
    #[test]
    fn no_bytes_make_it_panic(
        entries in proptest::collection::vec(
            (proptest::sample::select(vec![0x20_u32, 0x38, 0x807, 0x817, 0x100f, 0x101f, 0x4000_100f, 0xa0]), 0_u32..60, 0_u32..900),
            0..20,
        ),
        pieces in proptest::collection::vec(
            prop_oneof![
                Just(whole("NPT", 3)), Just(number("FXV", 1e308)), Just(number("LXV", -1e308)), Just(number("CSF", f64::NAN)),
                Just(b"END\0\0\0\0\0".to_vec()), proptest::collection::vec(any::<u8>(), 0..30),
            ],
            0..30,
        ),
    ) {
        let mut bytes = file(&entries.iter().map(|(kind, ..)| (*kind, Vec::new())).collect::<Vec<_>>());
        for (number, (_, size, offset)) in entries.iter().enumerate() {
            let at = 24 + 12 * number;
            bytes[at + 4..at + 8].copy_from_slice(&size.to_le_bytes());
            bytes[at + 8..at + 12].copy_from_slice(&offset.to_le_bytes());
        }
        bytes.extend(pieces.concat());
        never_panics(read_opus, &bytes);
    }
}
