//! Opening a library from what is on disk.

use std::path::Path;

use super::{Library, LibraryScope};
use crate::error::{Error, Result};
use crate::format::{ReadOptions, ReadReport, SkippedFile, read_path};

/// An opened library and what its readers reported.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Opened {
    /// The library.
    pub library: Library,
    /// What was repaired, ignored or skipped while reading it.
    pub report: ReadReport,
    /// Files of a folder that were passed over.
    pub skipped: Vec<SkippedFile>,
}

/// Opens spectrum files, and folders of spectrum files, of any format that is read here as one
/// library, in the order of `paths`. It takes its name from the last components of the paths, without
/// extensions, joined by `+`.
///
/// # Errors
/// As [`read_path`]; `Malformed` if no record could be read.
pub fn open_library(paths: &[impl AsRef<Path>], options: &ReadOptions) -> Result<Opened> {
    let mut report = ReadReport::default();
    let mut records = Vec::new();
    let (mut names, mut skipped) = (Vec::new(), Vec::new());
    for path in paths {
        let path = path.as_ref();
        names.push(name_of(path));
        let inputs = read_path(path, options)?;
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
