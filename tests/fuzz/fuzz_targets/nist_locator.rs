//! Reads arbitrary bytes as both locators of NIST MS Search's instrument protocol: no panic, no path without a name.
#![no_main]

use libfuzzer_sys::fuzz_target;
use probity_tests::locators::read_locators;

fuzz_target!(|bytes: &[u8]| {
    read_locators(bytes);
});
