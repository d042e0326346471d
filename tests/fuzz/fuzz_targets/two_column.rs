//! Reads arbitrary bytes as two-column text, forgiving and strict: no panic, no runaway memory; what is written of them reads back.
#![no_main]

use libfuzzer_sys::fuzz_target;
use probity::format::{ReadOptions, Strictness, read_two_column, write_curve_csv};

fuzz_target!(|bytes: &[u8]| {
    for strictness in [Strictness::Tolerant, Strictness::Strict] {
        if let Ok(parsed) = read_two_column(bytes, &ReadOptions::default().strictness(strictness)) {
            let mut written = Vec::new();
            let report = write_curve_csv(&parsed.records, &mut written).unwrap();
            let records =
                read_two_column(&written, &ReadOptions::default()).map_or(0, |back| back.records.len());
            assert!(records as u64 == report.records_written);
        }
    }
});
