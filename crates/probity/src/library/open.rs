//! Opening a library from what is on disk.

use std::ops::ControlFlow;
use std::path::Path;

use super::folder::LibraryFolder;
use super::manifest::StateSelector;
use super::storage::Access;
use super::{Library, LibraryScope};
use crate::error::{Error, Result};
use crate::format::{ReadOptions, ReadReport, SkippedFile, read_path_watched};
use crate::progress::Watch;

/// How a library is opened.
#[derive(Debug, Clone, Default, PartialEq)]
#[non_exhaustive]
pub struct OpenOptions {
    /// How spectrum files are read.
    pub read: ReadOptions,
    /// How the files of a library folder are brought into memory.
    pub access: Access,
    /// Which state of a library folder is opened.
    pub state: StateSelector,
}

impl OpenOptions {
    /// The same options with the given ones for spectrum files.
    #[must_use]
    pub fn read(mut self, read: ReadOptions) -> Self {
        self.read = read;
        self
    }

    /// The same options with the given access.
    #[must_use]
    pub fn access(mut self, access: Access) -> Self {
        self.access = access;
        self
    }

    /// The same options for the given state.
    #[must_use]
    pub fn state(mut self, state: StateSelector) -> Self {
        self.state = state;
        self
    }
}

/// An opened library and what its readers reported.
#[derive(Debug)]
#[non_exhaustive]
pub struct Opened {
    /// The library.
    pub library: Library,
    /// What was repaired, ignored or skipped while reading it; empty for a library folder, whose
    /// entries were read when it was built.
    pub report: ReadReport,
    /// Files of a folder that were passed over.
    pub skipped: Vec<SkippedFile>,
}

/// Opens a library folder; or spectrum files, and folders of spectrum files, of any format that is
/// read here as one library, in the order of `paths`. The latter takes its name from the last
/// components of the paths, without extensions, joined by `+`.
///
/// # Errors
/// As [`LibraryFolder::open`] and [`read_path`](crate::format::read_path); `Malformed` if no record could be read; `InvalidOption`
/// if a library folder is to be joined with anything else, or a state is asked of spectrum files.
pub fn open_library(paths: &[impl AsRef<Path>], options: &OpenOptions) -> Result<Opened> {
    open_library_watched(paths, options, &mut |_| ControlFlow::Continue(()))
}

/// As [`open_library`], and tells `watch` how far it is: of a library folder as [`LibraryFolder::open_watched`], of
/// spectrum files how many of them are read, of those that were found so far.
///
/// # Errors
/// As [`open_library`]; `Cancelled` if `watch` breaks off.
pub fn open_library_watched(
    paths: &[impl AsRef<Path>],
    options: &OpenOptions,
    watch: &mut Watch<'_>,
) -> Result<Opened> {
    if let Some(folder) = paths.iter().map(AsRef::as_ref).find(|path| LibraryFolder::is_library(path)) {
        if paths.len() > 1 {
            let message = "a library folder cannot be joined with anything else; add the spectra to it";
            return Err(Error::invalid_option(message).in_file(folder));
        }
        let library = LibraryFolder::at(folder).open_watched(&options.state, options.access, watch)?;
        return Ok(Opened { library, report: ReadReport::default(), skipped: Vec::new() });
    }
    if options.state != StateSelector::Latest {
        return Err(Error::invalid_option("only library folders have states; these are spectrum files"));
    }
    let mut report = ReadReport::default();
    let mut records = Vec::new();
    let (mut names, mut skipped) = (Vec::new(), Vec::new());
    for path in paths {
        let path = path.as_ref();
        names.push(name_of(path));
        let inputs = read_path_watched(path, &options.read, watch)?;
        skipped.extend(inputs.skipped);
        for input in inputs.inputs {
            report.absorb(input.report);
            records.extend(input.records);
        }
    }
    let name = names.join("+");
    if records.is_empty() {
        return Err(Error::malformed(format!("there is no spectrum in the library {name}")));
    }
    let library = Library::from_records(&name, LibraryScope::Spectra, records)?;
    Ok(Opened { library, report, skipped })
}

/// `ei/swgdrug.msp.gz` is called `swgdrug`.
fn name_of(path: &Path) -> String {
    let file_name = path.file_name().map_or_else(|| "library".into(), |name| name.to_string_lossy());
    let stem = file_name.split('.').find(|part| !part.is_empty()).unwrap_or("library");
    stem.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_library_is_named_after_its_file() {
        assert_eq!(name_of(Path::new("ei/swgdrug.msp.gz")), "swgdrug");
        assert_eq!(name_of(Path::new("my records")), "my records");
        assert_eq!(name_of(Path::new("/")), "library");
        assert_eq!(name_of(Path::new(".hidden.msp")), "hidden");
    }
}
