//! Calls in any order.

use std::fs;
use std::path::Path;

use crate::c_calls::{Answers, play};

/// Bytes that look random and are the same in every run (splitmix64).
fn bytes(seed: u64) -> Vec<u8> {
    let mut state = seed;
    let word = || {
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)).to_le_bytes()
    };
    std::iter::repeat_with(word).take(40).flatten().collect()
}

/// That the sequences reach answers, mistakes and findings alike.
#[test]
fn calls_in_any_order_are_answered() {
    let mut all = Answers::default();
    for seed in 0..60 {
        let Answers { answered, refused, findings } = play(&bytes(seed));
        all.answered += answered;
        all.refused += refused;
        all.findings += findings;
    }
    assert!(all.answered > 300 && all.refused > 300 && all.findings > 0, "{all:?}");
}

/// What the fuzz target `c_calls` begins with and has found.
#[test]
fn calls_that_fuzzing_found_are_answered() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fuzz/regressions/c_calls");
    let mut replayed = 0;
    for file in fs::read_dir(folder).unwrap() {
        play(&fs::read(file.unwrap().path()).unwrap());
        replayed += 1;
    }
    assert!(replayed > 0);
}
