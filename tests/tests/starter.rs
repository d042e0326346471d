//! The starter library is what its text says.
#![allow(clippy::unwrap_used, reason = "a failed step fails the test")]

use probity::library::storage::Access;
use probity::library::{Library, LibraryFolder, LibraryScope, StateSelector};
use probity_tests::{fixtures, read_fixture};

#[test]
fn the_starter_library_is_what_its_text_says() {
    let folder = LibraryFolder::at(&fixtures().join("starter/library"));
    let library = folder.open(&StateSelector::Latest, Access::Owned).unwrap();
    let text =
        Library::from_records("starter", LibraryScope::Starter, read_fixture("starter/starter.msp")).unwrap();
    assert_eq!(library.digest(), text.digest(), "`cargo xtask starter` writes it anew");
    assert_eq!((library.name(), library.scope(), library.len()), ("starter", LibraryScope::Starter, 99));
    assert!(folder.verify().unwrap().is_clean());
}
