//! What the tests of all readers share.

pub(crate) mod npz;

use proptest::prelude::*;
use proptest::strategy::Union;

use super::{Limits, Parsed, ReadOptions, Record, Strictness};
use crate::error::{ErrorKind, Result};
use crate::spectrum::{MassSpectrum, Spectrum};

pub(crate) type Reader = fn(&[u8], &ReadOptions) -> Result<Parsed>;

pub(crate) fn strict() -> ReadOptions {
    ReadOptions::default().strictness(Strictness::Strict)
}

/// The records and report of a text that can be read.
pub(crate) fn tolerant(reader: Reader, text: &str) -> Parsed {
    reader(text.as_bytes(), &ReadOptions::default()).unwrap()
}

/// The sentences of the notices, with their places.
pub(crate) fn notices(parsed: &Parsed) -> Vec<(Option<u64>, Option<u64>, &str)> {
    let notices = parsed.report.notices.iter();
    notices.map(|notice| (notice.record, notice.line, notice.message.as_str())).collect()
}

pub(crate) fn mass(record: &Record) -> &MassSpectrum {
    record.spectrum.as_mass().unwrap()
}

pub(crate) fn peaks(record: &Record) -> Vec<(f64, f64)> {
    mass(record).peaks.iter().map(|peak| (peak.mz, peak.intensity)).collect()
}

/// A strict reader refuses what a tolerant one reports.
pub(crate) fn refuses_what_it_would_repair(reader: Reader, text: &str) {
    assert!(!tolerant(reader, text).report.is_clean());
    assert_eq!(reader(text.as_bytes(), &strict()).unwrap_err().kind(), ErrorKind::Malformed);
}

/// Reads every beginning of a file, and the file with every byte changed in two ways, in both modes:
/// nothing panics, and nothing is read that the file cannot hold.
pub(crate) fn survives_damage(reader: Reader, bytes: &[u8]) {
    let mut damaged = bytes.to_vec();
    for options in [ReadOptions::default(), strict()] {
        for end in 0..=bytes.len() {
            check(reader(&bytes[..end], &options), &bytes[..end]);
        }
        for index in 0..bytes.len() {
            for change in [0x01, 0x80] {
                damaged[index] ^= change;
                check(reader(&damaged, &options), &damaged);
                damaged[index] ^= change;
            }
        }
    }
}

fn check(parsed: Result<Parsed>, bytes: &[u8]) {
    if let Ok(parsed) = parsed {
        // Only a repetition of a compressed JCAMP-DX table stands for more points than it takes bytes, within the bound
        // that its reader states.
        let has_repetitions = bytes.windows(5).any(|window| window == b"(X++(");
        let points = |record: &Record| match &record.spectrum {
            Spectrum::Mass(mass) => mass.peaks.len(),
            Spectrum::Curve(curve) if has_repetitions => curve.values().len().saturating_sub(65_536) / 64,
            Spectrum::Curve(curve) => curve.values().len(),
        };
        let points: usize = parsed.records.iter().map(points).sum();
        assert!(points <= bytes.len() && parsed.report.records_read == parsed.records.len() as u64);
    }
}

/// Bytes of no form, and lines put together from pieces of a format.
pub(crate) fn hostile_bytes(pieces: &'static [&'static str]) -> BoxedStrategy<Vec<u8>> {
    let noise_only = proptest::collection::vec(any::<u8>(), 0..300).boxed();
    let piece = proptest::sample::select(pieces).prop_map(|piece| piece.as_bytes().to_vec());
    let noise = proptest::collection::vec(any::<u8>(), 0..12);
    let lines = proptest::collection::vec(prop_oneof![4 => piece, 1 => noise], 0..40);
    Union::new([noise_only, lines.prop_map(|lines| lines.concat()).boxed()]).boxed()
}

pub(crate) fn never_panics(reader: Reader, bytes: &[u8]) {
    for options in [ReadOptions::default(), strict()] {
        check(reader(bytes, &options), bytes);
    }
}

/// Limits of records and peaks are errors of their kind.
pub(crate) fn keeps_limits(reader: Reader, two_records_of_two_peaks: &str) {
    let bytes = two_records_of_two_peaks.as_bytes();
    let default = Limits::default();
    let small = [
        Limits { records: 1, ..default.clone() },
        Limits { peaks: 1, ..default.clone() },
        Limits { input_bytes: bytes.len() as u64 - 1, ..default.clone() },
        Limits { line_bytes: 3, ..default.clone() },
    ];
    for limits in small {
        let error = reader(bytes, &ReadOptions::default().limits(limits)).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::LimitReached, "{error}");
    }
    let exact = Limits { records: 2, peaks: 2, input_bytes: bytes.len() as u64, ..default };
    assert_eq!(reader(bytes, &ReadOptions::default().limits(exact)).unwrap().records.len(), 2);
}
