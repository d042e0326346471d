//! Small files made byte by byte, one for each layout and quirk.

use proptest::prelude::*;

use super::*;
use crate::error::ErrorKind;
use crate::format::test_support::{never_panics, notices, strict, survives_damage};
use crate::format::{Limits, Record};
use crate::spectrum::{AxisUnit, Curve, CurveKind, ValueUnit};

/// A file of which bytes are set at offsets.
struct File(Vec<u8>);

impl File {
    /// A new header: flags, exponent, number of points, first and last x, number of pages.
    fn new(flags: u8, exponent: i8, points: u32, pages: u32) -> Self {
        let mut file = Self(vec![0; 512]);
        file.set(0, &[flags, 0x4b, 4, exponent as u8])
            .set(4, &points.to_le_bytes())
            .set(8, &4_000_f64.to_le_bytes())
            .set(16, &1_000_f64.to_le_bytes())
            .set(24, &pages.to_le_bytes())
            .set(28, &[1, 2, 5])
            // 2024-02-29 23:59.
            .set(32, &(2_024_u32 << 20 | 2 << 16 | 29 << 11 | 23 << 6 | 59).to_le_bytes())
            .set(36, b"4.0 CM-1")
            .set(45, b"SOURCE\0")
            .set(88, b"A memo\r\nand more");
        file
    }

    /// An old header with its first subheader.
    fn old(flags: u8, exponent: i16, points: f32) -> Self {
        let mut file = Self(vec![0; 256]);
        file.set(0, &[flags, 0x4d])
            .set(2, &exponent.to_le_bytes())
            .set(4, &points.to_le_bytes())
            .set(8, &4_000_f32.to_le_bytes())
            .set(12, &1_000_f32.to_le_bytes())
            .set(16, &[1, 128])
            // Minutes of z in the upper bits; 92 is 1992.
            .set(18, &(5_u16 << 12 | 92).to_le_bytes())
            .set(20, &[5, 14, 20, 19])
            .set(24, b"8. cm-1")
            .set(34, &32_u16.to_le_bytes())
            .set(64, b"An old memo");
        file
    }

    fn set(&mut self, offset: usize, bytes: &[u8]) -> &mut Self {
        self.0[offset..offset + bytes.len()].copy_from_slice(bytes);
        self
    }

    fn push(&mut self, bytes: &[u8]) -> &mut Self {
        self.0.extend_from_slice(bytes);
        self
    }

    /// A subheader: exponent, z, number of points, scans.
    fn page(&mut self, exponent: i8, z: f32, points: u32, scans: u32) -> &mut Self {
        let mut header = [0; 32];
        header[1] = exponent as u8;
        header[4..8].copy_from_slice(&z.to_le_bytes());
        header[16..20].copy_from_slice(&points.to_le_bytes());
        header[20..24].copy_from_slice(&scans.to_le_bytes());
        self.push(&header)
    }

    fn i32s(&mut self, values: &[i32]) -> &mut Self {
        values.iter().for_each(|value| self.0.extend(value.to_le_bytes()));
        self
    }

    fn i16s(&mut self, values: &[i16]) -> &mut Self {
        values.iter().for_each(|value| self.0.extend(value.to_le_bytes()));
        self
    }

    fn f32s(&mut self, values: &[f32]) -> &mut Self {
        values.iter().for_each(|value| self.0.extend(value.to_le_bytes()));
        self
    }

    /// A log of its size, where its text begins, and the text.
    fn log(&mut self, size: u32, text_offset: u32, text: &[u8]) -> &mut Self {
        let start = self.0.len() as u32;
        self.set(248, &start.to_le_bytes());
        let header: Vec<u8> =
            [size, 4_096, text_offset].iter().flat_map(|number| number.to_le_bytes()).collect();
        self.push(&header).push(&[0; 52]).push(text)
    }

    fn read(&self) -> Parsed {
        read_spc(&self.0, &ReadOptions::default()).unwrap()
    }

    fn read_strictly(&self) -> Parsed {
        read_spc(&self.0, &strict()).unwrap()
    }

    fn error(&self) -> crate::Error {
        read_spc(&self.0, &ReadOptions::default()).unwrap_err()
    }
}

fn curve(record: &Record) -> &Curve {
    record.spectrum.as_curve().unwrap()
}

fn field<'a>(record: &'a Record, name: &str) -> Option<&'a str> {
    record.other_fields.iter().find(|(field, _)| field == name).map(|(_, value)| value.as_str())
}

/// One page of three whole numbers of 32 bits, with exponent 2.
fn single() -> File {
    let mut file = File::new(0, 2, 3, 1);
    file.page(0, 0.0, 0, 7).i32s(&[1 << 30, -(1 << 29), 1 << 28]);
    file
}

/// Three pages with an exponent each, the last with floating-point numbers.
fn multiple() -> File {
    let mut file = File::new(0x04, 3, 2, 3);
    file.page(1, 0.5, 0, 0).i32s(&[1 << 30, 1 << 29]);
    file.page(4, 1.5, 0, 0).i32s(&[1 << 30, 1 << 29]);
    file.page(-128, 2.5, 0, 0).f32s(&[0.25, -0.5]);
    file
}

/// Two pages with their own x values and whole numbers of 16 bits, and a directory behind them.
fn own_x() -> File {
    let mut file = File::new(0xc5, 16, 0, 2);
    file.page(16, 1.0, 2, 0).f32s(&[41.0, 43.5]).i16s(&[29, 100]);
    let second = file.0.len() as u32;
    file.page(17, 2.0, 3, 0).f32s(&[50.0, 51.0, 52.0]).i16s(&[1, 2, 3]);
    let (end, directory) = (file.0.len() as u32, file.0.len() as u32);
    for (offset, size, z) in [(512_u32, second - 512, 1.0_f32), (second, end - second, 2.0)] {
        file.push(&offset.to_le_bytes()).push(&size.to_le_bytes()).f32s(&[z]);
    }
    file.set(4, &directory.to_le_bytes());
    file
}

#[test]
fn a_page_of_whole_numbers_has_the_main_exponent() {
    let parsed = single().read_strictly();
    let [record] = parsed.records.as_slice() else { panic!("not one record") };
    assert_eq!(
        (record.name.as_str(), record.provenance.comments.as_slice()),
        ("A memo", &["and more".to_owned()][..])
    );
    let read = curve(record);
    assert_eq!(read.axis().points(), [4_000.0, 2_500.0, 1_000.0]);
    assert_eq!(read.values(), [1.0, -0.5, 0.25]);
    assert_eq!((read.kind(), read.axis_unit()), (CurveKind::Spectrum, &AxisUnit::Wavenumber));
    assert_eq!(read.value_unit(), &ValueUnit::Absorbance);
    let acquired = read.acquired();
    assert_eq!((acquired.resolution_cm1, acquired.scans), (Some(4.0), Some(7)));
    assert_eq!(
        (acquired.instrument.as_deref(), acquired.measured.as_deref()),
        (Some("SOURCE"), Some("2024-02-29 23:59"))
    );
    assert_eq!(acquired.block, None);
    assert_eq!(record.place.record, 1);
}

#[test]
fn each_page_has_its_own_exponent() {
    let parsed = multiple().read_strictly();
    let values: Vec<&[f64]> = parsed.records.iter().map(|record| curve(record).values()).collect();
    assert_eq!(values, [&[0.5, 0.25][..], &[4.0, 2.0], &[0.25, -0.5]]);
    assert_eq!(field(&parsed.records[1], "z"), Some("1.5 min"));
    assert_eq!(curve(&parsed.records[2]).acquired().block.as_deref(), Some("page 3"));
    // Pages of floating-point numbers whose own exponent is blank.
    let mut blank = File::new(0x04, -128, 2, 1);
    blank.page(0, 0.0, 0, 0).f32s(&[1.5, 2.5]);
    assert_eq!(curve(&blank.read_strictly().records[0]).values(), [1.5, 2.5]);
}

#[test]
fn the_flag_for_several_pages_may_be_missing() {
    let mut file = multiple();
    file.set(0, &[0]);
    let parsed = file.read();
    assert_eq!((parsed.records.len(), parsed.report.repaired), (3, 1));
    assert!(read_spc(&file.0, &strict()).is_err());
}

#[test]
fn x_values_may_be_listed_once() {
    let mut file = File::new(0x85, 8, 3, 2);
    file.f32s(&[700.5, 500.25, 400.0]);
    file.page(8, 0.0, 0, 0).i16s(&[256, -512, 0]).page(9, 0.0, 0, 0).i16s(&[256, 1, 2]);
    let parsed = file.read_strictly();
    assert_eq!(parsed.records.len(), 2);
    assert_eq!(curve(&parsed.records[1]).axis().points(), [700.5, 500.25, 400.0]);
    assert_eq!(curve(&parsed.records[0]).values(), [1.0, -2.0, 0.0]);
    assert_eq!(curve(&parsed.records[1]).values()[0], 2.0);
}

#[test]
fn x_values_may_be_listed_for_each_page() {
    let parsed = own_x().read_strictly();
    assert_eq!(curve(&parsed.records[0]).axis().points(), [41.0, 43.5]);
    assert_eq!(curve(&parsed.records[0]).values(), [29.0, 100.0]);
    assert_eq!(curve(&parsed.records[1]).axis().points(), [50.0, 51.0, 52.0]);
    assert_eq!(curve(&parsed.records[1]).values(), [2.0, 4.0, 6.0]);
}

#[test]
fn a_lone_page_may_leave_its_number_of_points_to_the_header() {
    let mut file = File::new(0xc0, -128, 2, 1);
    file.page(0, 0.0, 0, 0).f32s(&[41.0, 43.5, 29.0, 100.0]);
    let parsed = file.read_strictly();
    assert_eq!(curve(&parsed.records[0]).axis().points(), [41.0, 43.5]);
    assert_eq!(curve(&parsed.records[0]).values(), [29.0, 100.0]);
}

#[test]
fn a_directory_that_does_not_fit_is_not_followed() {
    let sound = own_x();
    let directory = u32::from_le_bytes(sound.0[4..8].try_into().unwrap()) as usize;
    // Beyond the end; the first page larger than its entry; both entries for the same page; into the header.
    let mut files = [own_x(), own_x(), own_x(), own_x()];
    files[0].set(4, &u32::MAX.to_le_bytes());
    files[1].set(directory + 4, &40_u32.to_le_bytes());
    files[2].set(directory + 12, &512_u32.to_le_bytes());
    files[3].set(directory, &100_u32.to_le_bytes());
    for file in files {
        let parsed = file.read();
        assert_eq!((parsed.records.clone(), parsed.report.repaired), (sound.read().records, 1));
        assert!(notices(&parsed)[0].2.contains("read in a row"));
    }
    // The order of the directory counts.
    let mut swapped = own_x();
    let (first, second) = (sound.0[directory..directory + 12].to_vec(), sound.0[directory + 12..].to_vec());
    swapped.set(directory, &second).set(directory + 12, &first);
    assert_eq!(curve(&swapped.read_strictly().records[0]).values(), [2.0, 4.0, 6.0]);
}

#[test]
fn both_orders_of_bytes_are_read() {
    let mut file = File(vec![0; 512]);
    file.set(0, &[0, 0x4c, 0, 0x80]).set(4, &2_u32.to_be_bytes()).set(8, &1_f64.to_be_bytes());
    file.set(16, &2_f64.to_be_bytes()).set(24, &1_u32.to_be_bytes());
    file.push(&[0; 32]).push(&1.5_f32.to_be_bytes()).push(&(-2.5_f32).to_be_bytes());
    let parsed = file.read_strictly();
    let read = curve(&parsed.records[0]);
    assert_eq!((read.axis().points(), read.values()), (vec![1.0, 2.0], &[1.5, -2.5][..]));
    assert_eq!(read.value_unit(), &ValueUnit::Arbitrary);
}

#[test]
fn old_files_store_the_upper_half_first() {
    let mut file = File::old(0, 2, 2.0);
    // 0x40000001 and -2 with their halves swapped.
    file.push(&[0x00, 0x40, 0x01, 0x00]).push(&[0xff, 0xff, 0xfe, 0xff]);
    let parsed = file.read_strictly();
    let read = curve(&parsed.records[0]);
    let unit = 1.0 / f64::from(1 << 30);
    assert_eq!(read.values(), [1.0 + unit, -2.0 * unit]);
    assert_eq!(read.axis().points(), [4_000.0, 1_000.0]);
    assert_eq!(read.value_unit(), &ValueUnit::Transmittance);
    let acquired = read.acquired();
    assert_eq!((acquired.resolution_cm1, acquired.scans), (Some(8.0), Some(32)));
    assert_eq!(acquired.measured.as_deref(), Some("1992-05-14 20:19"));
    assert_eq!(parsed.records[0].name, "An old memo");
}

#[test]
fn old_files_have_as_many_pages_as_fit() {
    let mut file = File::old(0x05, 4, 2.0);
    file.set(225, &[16]).i16s(&[1, 2]);
    file.page(17, 0.25, 0, 0).i16s(&[1, 2]);
    let parsed = file.read_strictly();
    let values: Vec<&[f64]> = parsed.records.iter().map(|record| curve(record).values()).collect();
    assert_eq!(values, [&[1.0, 2.0][..], &[2.0, 4.0]]);
    assert_eq!(field(&parsed.records[1], "z"), Some("0.25 min"));
    file.page(17, 0.5, 0, 0);
    assert_eq!((file.read().records.len(), file.read().report.repaired), (2, 1));
}

#[test]
fn what_old_files_cannot_be_is_refused() {
    let error = File::old(0x80, 0, 2.0).error();
    assert_eq!(error.kind(), ErrorKind::Unsupported);
    for points in [f32::NAN, -1.0, 2.5, 1e20] {
        let error = File::old(0, 0, points).error();
        assert_eq!((error.kind(), error.location().field.as_deref()), (ErrorKind::Malformed, Some("onpts")));
    }
    let mut file = File::old(0, 2_000, 1.0);
    assert!(file.push(&[0; 4]).error().to_string().contains("field exponent"));
}

#[test]
fn transmittance_above_two_is_in_per_cent() {
    let mut file = File::new(0, -128, 2, 1);
    file.set(29, &[128]).page(0, 0.0, 0, 0).f32s(&[98.5, 0.5]);
    assert_eq!(curve(&file.read().records[0]).value_unit(), &ValueUnit::PercentTransmittance);
}

#[test]
fn a_log_is_kept_and_a_bad_one_reported() {
    let mut file = single();
    file.log(64 + 11, 64, b"A=1\r\n\n\rB=2\0");
    assert_eq!(field(&file.read_strictly().records[0], "log"), Some("A=1\nB=2"));
    let mut longer = single();
    longer.log(1_000, 64, b"A=1");
    assert_eq!(field(&longer.read().records[0], "log"), Some("A=1"));
    assert_eq!(longer.read().report.repaired, 1);
    for (size, text_offset) in [(70, 80), (80, 10), (u32::MAX, 100_000)] {
        let mut file = single();
        let parsed = file.log(size, text_offset, b"A=1").read();
        assert_eq!(
            (field(&parsed.records[0], "log"), parsed.report.ignored),
            (None, 1),
            "{size} {text_offset}"
        );
    }
    let mut file = single();
    file.set(248, &600_000_u32.to_le_bytes());
    assert_eq!(file.read().report.ignored, 1);
    assert!(read_spc(&file.0, &strict()).is_err());
}

#[test]
fn impossible_dates_and_axes_are_reported() {
    let mut file = single();
    file.set(32, &(2_024_u32 << 20 | 13 << 16).to_le_bytes());
    assert_eq!(
        (curve(&file.read().records[0]).acquired().measured.clone(), file.read().report.ignored),
        (None, 1)
    );
    let mut file = single();
    file.set(8, &1_000_f64.to_le_bytes());
    let error = file.error();
    assert!(error.to_string().contains("3 points lie at 1000 alone"), "{error}");
    let mut file = multiple();
    let second = 512 + 32 + 8;
    file.set(0, &[0x44])
        .set(4, &0_u32.to_le_bytes())
        .set(512 + 16, &1_u32.to_le_bytes())
        .set(second + 16, &[0; 4]);
    // The first page now has one point of x and y, the second none.
    let parsed = file.read();
    assert_eq!((parsed.records.len(), parsed.report.records_skipped > 0), (1, true));
}

#[test]
fn values_that_are_no_numbers_are_missing() {
    let mut file = File::new(0, -128, 3, 1);
    file.page(0, 0.0, 0, 0).f32s(&[1.0, f32::NAN, 2.0]);
    let parsed = file.read();
    assert_eq!((curve(&parsed.records[0]).missing_points(), parsed.report.skipped), (&[1][..], 1));
}

#[test]
fn a_cut_file_is_an_error_with_its_place_or_keeps_whole_pages() {
    let file = single();
    let error = read_spc(&file.0[..file.0.len() - 1], &ReadOptions::default()).unwrap_err();
    assert_eq!((error.location().offset, error.kind()), (Some(512), ErrorKind::Malformed));
    let error = read_spc(&file.0[..300], &ReadOptions::default()).unwrap_err();
    assert_eq!(error.to_string(), "byte 0, field SPCHDR: 512 bytes belong here, and the file has 300 bytes");
    let file = multiple();
    let parsed = read_spc(&file.0[..file.0.len() - 1], &ReadOptions::default()).unwrap();
    assert_eq!((parsed.records.len(), parsed.report.repaired), (2, 1));
    let error = read_spc(b"\0\x4e", &ReadOptions::default()).unwrap_err();
    assert_eq!(error.location().field.as_deref(), Some("fversn"));
}

#[test]
fn limits_hold() {
    let file = multiple();
    for limits in [
        Limits { records: 2, ..Limits::default() },
        Limits { peaks: 1, ..Limits::default() },
        Limits { input_bytes: 500, ..Limits::default() },
    ] {
        let error = read_spc(&file.0, &ReadOptions::default().limits(limits)).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::LimitReached);
    }
}

#[test]
fn damaged_files() {
    let mut old = File::old(0x04, 4, 2.0);
    old.i32s(&[1, 2]).page(17, 0.25, 0, 0).i32s(&[1, 2]);
    let mut logged = single();
    logged.log(64 + 3, 64, b"A=1");
    for file in [single(), multiple(), own_x(), old, logged] {
        survives_damage(read_spc, &file.0);
    }
}

proptest! {
    #[test]
    fn no_bytes_make_it_panic(
        header in proptest::collection::vec(any::<u8>(), 512),
        flags in any::<u8>(),
        version in 0x4b_u8..0x4e,
        small in 0_u32..40,
        rest in proptest::collection::vec(any::<u8>(), 0..700),
    ) {
        let mut file = File(header);
        file.set(0, &[flags, version]).push(&rest);
        never_panics(read_spc, &file.0);
        file.set(4, &small.to_le_bytes()).set(24, &small.to_le_bytes());
        never_panics(read_spc, &file.0);
    }
}
