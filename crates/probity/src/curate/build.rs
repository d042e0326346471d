//! Making a library.

use super::Addition;
use crate::error::{Error, Result};
use crate::library::{
    Action, Change, ChangeNote, EntryId, LibraryFolder, LibraryScope, LibraryState, SegmentBuilder, Writer,
    check_name, recipe_digest,
};
use crate::preprocess::{Recipe, Step};
use crate::search::Executor;

/// What a new library is.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct NewLibrary {
    /// Its name.
    pub name: String,
    /// How far its answers will reach.
    pub scope: LibraryScope,
    /// Recipes whose prepared peaks are stored beside the published ones, here and with each addition.
    pub recipes: Vec<Recipe>,
}

impl NewLibrary {
    /// A library of whole spectra without prepared peaks.
    #[must_use]
    pub fn named(name: &str) -> Self {
        Self { name: name.to_owned(), scope: LibraryScope::Spectra, recipes: Vec::new() }
    }

    /// The same of the given scope.
    #[must_use]
    pub fn scope(mut self, scope: LibraryScope) -> Self {
        self.scope = scope;
        self
    }

    /// The same with prepared peaks of the given recipes; a recipe that occurs twice is stored once. What a recipe makes of
    /// infrared spectra is stored by [`index`](super::index()), not here: such recipes are left out.
    #[must_use]
    pub fn recipes(mut self, recipes: impl IntoIterator<Item = Recipe>) -> Self {
        for recipe in recipes {
            let is_for_curves = recipe.steps().iter().any(Step::is_for_curves);
            if !is_for_curves && !self.recipes.contains(&recipe) {
                self.recipes.push(recipe);
            }
        }
        self
    }
}

/// Makes a library in a folder that is empty or not there; the first record gets id 1.
///
/// # Errors
/// `InvalidOption` for an empty name, no record, or a folder that is in use; `LimitReached` for a record
/// of more than 16 MiB of metadata; `Busy`; `Io`, after which there is no library.
pub fn build(
    folder: &LibraryFolder,
    library: NewLibrary,
    content: Addition,
    note: ChangeNote,
    executor: &Executor,
) -> Result<LibraryState> {
    check_name(&library.name)?;
    if content.records().is_empty() {
        return Err(Error::invalid_option("there is no spectrum to make a library of").in_file(folder.path()));
    }
    let mut writer = Writer::new_library(folder)?;
    let recipes: Vec<_> =
        library.recipes.iter().map(|recipe| (recipe_digest(recipe), recipe.canonical_text())).collect();
    let mut segment = SegmentBuilder::new(recipes.iter().map(|(digest, _)| *digest));
    let next_id = content.records().len() as u64 + 1;
    content.fill(&mut segment, EntryId(1), &library.recipes, executor)?;
    writer.commit(Change {
        name: library.name,
        scope: library.scope,
        action: Action::Build,
        note,
        recipes,
        added: Some(segment),
        keeps_segments: false,
        tombstones: Vec::new(),
        next_id,
    })
}
