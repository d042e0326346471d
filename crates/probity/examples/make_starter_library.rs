//! Makes the folder of the starter library from its text: `make_starter_library FILE FOLDER`.
//!
//! `cargo xtask starter` runs it. The time is left at zero, so that the same text gives the same bytes.

use std::path::Path;

use probity::curate::{Addition, NewLibrary, build};
use probity::format::{ReadOptions, Strictness, read_bytes};
use probity::library::{ChangeNote, LibraryFolder, LibraryScope};
use probity::search::{Executor, Method};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [file, folder] = &arguments[..] else {
        return Err("usage: make_starter_library FILE FOLDER".into());
    };
    let source = Path::new(file).file_name().unwrap_or_default().to_string_lossy();
    let options = ReadOptions::default().strictness(Strictness::Strict);
    let input = read_bytes(&std::fs::read(file)?, &source, &options)?;
    let recipes = Method::shipped()?.into_iter().map(|method| method.prepare);
    let library = NewLibrary::named("starter").scope(LibraryScope::Starter).recipes(recipes);
    let content = Addition::from_inputs(vec![input]);
    let state = build(
        &LibraryFolder::at(Path::new(folder)),
        library,
        content,
        ChangeNote::default(),
        &Executor::new(1)?,
    )?;
    assert_eq!(state.number, 1, "the folder was empty");
    Ok(())
}
