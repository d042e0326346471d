//! Reads arbitrary bytes as Thermo SPA, forgiving and strict: no panic, no runaway memory.
#![no_main]

use libfuzzer_sys::fuzz_target;
use probity::format::{ReadOptions, Strictness, read_spa};

fuzz_target!(|bytes: &[u8]| {
    for strictness in [Strictness::Tolerant, Strictness::Strict] {
        let _ = read_spa(bytes, &ReadOptions::default().strictness(strictness));
    }
});
