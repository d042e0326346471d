//! What every reader must survive: input that is cut or damaged anywhere.

use super::{Parsed, ReadOptions, Strictness};
use crate::error::Result;

/// Reads a fixture cut after each byte, and with each byte set to each of a few values, under both
/// strictnesses. The reader must return; what it returns must hold together.
pub(crate) fn assert_survives(bytes: &[u8], read: fn(&[u8], &ReadOptions) -> Result<Parsed>) {
    assert!(bytes.len() <= 16 << 10, "a fixture of this size takes too long");
    let tolerant = ReadOptions::default();
    let strict = ReadOptions::default().strictness(Strictness::Strict);
    let check = |bytes: &[u8]| {
        for options in [&tolerant, &strict] {
            if let Ok(parsed) = read(bytes, options) {
                assert_consistent(&parsed);
                assert!(options.strictness == Strictness::Tolerant || parsed.report.is_clean());
            }
        }
    };
    for end in 0..=bytes.len() {
        check(&bytes[..end]);
    }
    let mut damaged = bytes.to_vec();
    for position in 0..bytes.len() {
        for value in [0x00, 0xff, b'\n', b':', b',', b'"', b'9', b'-'] {
            damaged[position] = value;
            check(&damaged);
        }
        damaged[position] = bytes[position];
    }
}

/// Asserts what holds of every result of a reader.
pub(crate) fn assert_consistent(parsed: &Parsed) {
    assert_eq!(parsed.report.records_read, parsed.records.len() as u64);
    assert!(!parsed.records.is_empty(), "a reader without a record must say so");
    let places: Vec<_> =
        parsed.records.iter().map(|record| (record.place.record, record.place.line)).collect();
    assert!(places.is_sorted(), "{places:?}");
    for record in &parsed.records {
        let Some(mass) = record.spectrum.as_mass() else { continue };
        assert!(mass.peaks.mz().is_sorted());
        assert!(mass.peaks.iter().all(|peak| crate::spectrum::check_peak(peak).is_ok()));
        assert!(mass.annotations.keys().all(|&index| index < mass.peaks.len()));
    }
}
