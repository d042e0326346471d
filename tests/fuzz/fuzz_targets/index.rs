//! Searches libraries with index files whose sums are right and whose content is anything:
//! no panic, no runaway memory.
#![no_main]

use libfuzzer_sys::fuzz_target;
use probity_tests::forged_index::search_forged;

fuzz_target!(|bytes: &[u8]| {
    let _ = search_forged(bytes);
});
