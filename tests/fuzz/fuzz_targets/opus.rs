//! Reads arbitrary bytes as Bruker OPUS, forgiving and strict: no panic, no runaway memory.
#![no_main]

use libfuzzer_sys::fuzz_target;
use probity::format::{ReadOptions, Strictness, read_opus};

fuzz_target!(|bytes: &[u8]| {
    for strictness in [Strictness::Tolerant, Strictness::Strict] {
        let _ = read_opus(bytes, &ReadOptions::default().strictness(strictness));
    }
});
