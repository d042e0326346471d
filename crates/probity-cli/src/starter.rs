//! The library that comes with the command: principal ions restated from public entries, see
//! `fixtures/starter`.

use probity::library::LibraryFolder;
use probity::library::storage::EmbeddedStorage;

/// What stands for it where a library is asked for.
pub(crate) const STARTER: &str = "starter";

macro_rules! file {
    ($name:literal) => {
        ($name, include_bytes!(concat!("../../../fixtures/starter/library/", $name)))
    };
}

/// Written by `cargo xtask starter`; a segment's name is made of its content.
const FILES: &[(&str, &[u8])] = &[
    file!("manifest-0000000001.probity"),
    file!("segment-9a2ed0e5047a9a4798255adec4baaaa88dc98a69126804ec184037563c4e5d9a.probity"),
];

pub(crate) fn folder() -> LibraryFolder {
    LibraryFolder::with_storage(std::sync::Arc::new(EmbeddedStorage::new(STARTER, FILES)))
}
