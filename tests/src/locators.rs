//! What fuzzing asks of the locators of NIST MS Search's instrument protocol.

use std::path::Path;

use probity::format::nist_instrument::{
    LOCATOR_BYTES, Locator, LocatorPath, read_first_locator, read_second_locator,
};

/// Reads bytes as both locators and looks where their paths lead. How many of the two were whole.
///
/// # Panics
/// If a path is empty, stands nowhere, or comes from more bytes than a locator may have.
pub fn read_locators(bytes: &[u8]) -> usize {
    let mut whole = 0;
    if let Ok(Locator::Whole(path)) = read_first_locator(bytes) {
        check(&path, bytes);
        whole += 1;
    }
    if let Ok(Locator::Whole(locator)) = read_second_locator(bytes) {
        check(&locator.spectra, bytes);
        assert!(locator.further_lines.iter().all(|line| !line.trim().is_empty()), "a blank line is kept");
        whole += 1;
    }
    whole
}

fn check(path: &LocatorPath, bytes: &[u8]) {
    assert!(bytes.len() <= LOCATOR_BYTES, "a locator of {} bytes is read", bytes.len());
    assert!(!path.as_str().trim().is_empty(), "a path is empty");
    if let Ok(places) = path.places(&[Path::new("one"), Path::new("two")]) {
        assert!(matches!(places.len(), 1 | 2), "{path} may be in {} places", places.len());
    }
}
