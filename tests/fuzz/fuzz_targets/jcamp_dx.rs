//! Reads arbitrary bytes as JCAMP-DX, forgiving and strict: no panic, no runaway memory; what is written of them reads back.
#![no_main]

use libfuzzer_sys::fuzz_target;
use probity::format::{JcampDxForm, ReadOptions, Strictness, read_jcamp_dx, write_jcamp_dx};

fuzz_target!(|bytes: &[u8]| {
    for strictness in [Strictness::Tolerant, Strictness::Strict] {
        if let Ok(parsed) = read_jcamp_dx(bytes, &ReadOptions::default().strictness(strictness)) {
            for form in [JcampDxForm::Plain, JcampDxForm::Compressed] {
                let mut written = Vec::new();
                let report = write_jcamp_dx(&parsed.records, &mut written, form).unwrap();
                let records =
                    read_jcamp_dx(&written, &ReadOptions::default()).map_or(0, |back| back.records.len());
                assert!(records as u64 == report.records_written);
            }
        }
    }
});
