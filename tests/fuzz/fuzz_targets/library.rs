//! Opens libraries whose sums are right and whose content is anything, reads, searches and changes them:
//! no panic, no runaway memory.
#![no_main]

use libfuzzer_sys::fuzz_target;
use probity_tests::forged_library::read_forged;

fuzz_target!(|bytes: &[u8]| {
    read_forged(bytes);
});
