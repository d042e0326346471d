//! Opening a library from what is on disk.

use std::path::Path;

use super::{Library, LibraryScope};
use crate::error::{Error, Result};
use crate::format::{ReadOptions, ReadReport, read_path};

/// An opened library and what its readers reported.
#[derive(Debug, Clone)]
pub struct Opened {
    /// The library.
    pub library: Library,
    /// What was repaired, ignored or skipped while reading it.
    pub report: ReadReport,
}

/// Opens a spectrum file, or a folder of spectrum files, of any format that is read here. The
/// library takes its name from the last component of the path, without its extensions.
///
/// # Errors
/// As [`read_path`]; `Malformed` if no record could be read.
pub fn open_library(path: &Path, options: &ReadOptions) -> Result<Opened> {
    let mut report = ReadReport::default();
    let mut records = Vec::new();
    for input in read_path(path, options)? {
        report.absorb(input.report);
        records.extend(input.records);
    }
    if records.is_empty() {
        return Err(Error::malformed("there is no spectrum in this library").in_file(path));
    }
    let library = Library::from_records(&name_of(path), LibraryScope::Spectra, records)?;
    Ok(Opened { library, report })
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
