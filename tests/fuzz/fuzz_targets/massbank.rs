//! Reads arbitrary bytes as MassBank records, forgiving and strict: no panic, no runaway memory.
#![no_main]

use libfuzzer_sys::fuzz_target;
use probity::format::{ReadOptions, Strictness, read_massbank};

fuzz_target!(|bytes: &[u8]| {
    for strictness in [Strictness::Tolerant, Strictness::Strict] {
        let _ = read_massbank(bytes, &ReadOptions::default().strictness(strictness));
    }
});
