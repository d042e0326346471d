//! Reads arbitrary bytes as two-column text, forgiving and strict: no panic, no runaway memory.
#![no_main]

use libfuzzer_sys::fuzz_target;
use probity::format::{ReadOptions, Strictness, read_two_column};

fuzz_target!(|bytes: &[u8]| {
    for strictness in [Strictness::Tolerant, Strictness::Strict] {
        let _ = read_two_column(bytes, &ReadOptions::default().strictness(strictness));
    }
});
