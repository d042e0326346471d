//! Which library this is.

use std::ffi::c_char;

use probity::library::{FORMAT_VERSION, OLDEST_FORMAT_VERSION};

use crate::abi::PROBITY_ABI_VERSION;

/// First number of the version of this header.
pub const PROBITY_VERSION_MAJOR: i32 = 0;
/// Second number of the version of this header.
pub const PROBITY_VERSION_MINOR: i32 = 1;
/// Third number of the version of this header.
pub const PROBITY_VERSION_PATCH: i32 = 0;
/// The version of this header as one number: 1000000 times the first, 1000 times the second, and the third.
pub const PROBITY_VERSION_NUMBER: i32 = 1000;

const VERSION: &str = concat!(env!("CARGO_PKG_VERSION"), "\0");

/// What was built, for whom and how, in one line.
const BUILD: &str = concat!(
    "probity ",
    env!("CARGO_PKG_VERSION"),
    " for ",
    env!("PROBITY_TARGET"),
    ", ",
    env!("PROBITY_PROFILE"),
    " build\0"
);

/// ---- Which library this is ----
///
/// The version of the library that runs, as text: "0.1.0". It lives as long as the program.
#[unsafe(no_mangle)]
pub extern "C" fn probity_version_text() -> *const c_char {
    VERSION.as_ptr().cast()
}

/// The version of the library that runs, as PROBITY_VERSION_NUMBER has it.
#[unsafe(no_mangle)]
pub extern "C" fn probity_version_number() -> i32 {
    PROBITY_VERSION_NUMBER
}

/// What was built, for which system and how, in one line. It lives as long as the program.
#[unsafe(no_mangle)]
pub extern "C" fn probity_build_text() -> *const c_char {
    BUILD.as_ptr().cast()
}

/// Number of the binary interface of the library that runs. A program whose header has another PROBITY_ABI_VERSION
/// must not use it.
#[unsafe(no_mangle)]
pub extern "C" fn probity_abi_version() -> i32 {
    PROBITY_ABI_VERSION
}

/// Version of the library files that are written, which is the newest that can be read.
#[unsafe(no_mangle)]
pub extern "C" fn probity_library_format_newest() -> u32 {
    FORMAT_VERSION.into()
}

/// Version of the oldest library files that can be read.
#[unsafe(no_mangle)]
pub extern "C" fn probity_library_format_oldest() -> u32 {
    OLDEST_FORMAT_VERSION.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_number_is_that_of_the_package() {
        let header = include_str!("../include/probity.h");
        let text = concat!("#define PROBITY_VERSION_TEXT \"", env!("CARGO_PKG_VERSION"), "\"\n");
        assert!(header.contains(text), "cbindgen.toml states another version");
        let numbers: Vec<i32> =
            env!("CARGO_PKG_VERSION").split('.').map(|number| number.parse().unwrap()).collect();
        assert_eq!([PROBITY_VERSION_MAJOR, PROBITY_VERSION_MINOR, PROBITY_VERSION_PATCH], *numbers);
        assert_eq!(PROBITY_VERSION_NUMBER, 1_000_000 * numbers[0] + 1_000 * numbers[1] + numbers[2]);
        for text in [VERSION, BUILD] {
            assert_eq!(text.find('\0'), Some(text.len() - 1));
        }
    }
}
