//! The library that comes with Probity: principal ions restated from public entries, see `fixtures/starter`.

use std::sync::Arc;

use super::LibraryFolder;
use super::storage::EmbeddedStorage;

macro_rules! file {
    ($name:literal) => {
        ($name, include_bytes!(concat!("../../../../fixtures/starter/library/", $name)))
    };
}

/// Written by `cargo xtask starter`; a segment's name is made of its content.
const FILES: &[(&str, &[u8])] = &[
    file!("manifest-0000000001.probity"),
    file!("segment-9a2ed0e5047a9a4798255adec4baaaa88dc98a69126804ec184037563c4e5d9a.probity"),
];

/// The starter library, which is part of the program and cannot be changed. A program that does not ask for it does
/// not carry it.
#[must_use]
pub fn starter() -> LibraryFolder {
    LibraryFolder::with_storage(Arc::new(EmbeddedStorage::new("starter", FILES)))
}
