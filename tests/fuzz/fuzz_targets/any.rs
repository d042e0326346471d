//! Detects the format of arbitrary bytes, gzip included, and reads them.
#![no_main]

use libfuzzer_sys::fuzz_target;
use probity::format::{Limits, ReadOptions, read_bytes};

fuzz_target!(|bytes: &[u8]| {
    let mut limits = Limits::default();
    limits.input_bytes = 1 << 20;
    let _ = read_bytes(bytes, "fuzz", &ReadOptions::default().limits(limits));
});
