//! Plays sequences of calls through the C ABI: none panics, none touches memory that is not its own.
#![no_main]

#[path = "../../../crates/probity-ffi/tests/exported/c_calls.rs"]
mod c_calls;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    c_calls::play(bytes);
});
