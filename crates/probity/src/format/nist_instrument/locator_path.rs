//! A path in a locator, as another program wrote it.

use std::fmt;
use std::path::{Path, PathBuf};

use crate::error::{Error, Result};

/// A path as a locator states it, with the separators of the system that it was written on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LocatorPath(String);

impl LocatorPath {
    /// The path in a text: without blanks around it, and without quotes around it. `None` if nothing is left.
    pub(super) fn of(text: &str) -> Option<Self> {
        let text = text.trim();
        let unquoted = text.strip_prefix('"').and_then(|text| text.strip_suffix('"')).unwrap_or(text).trim();
        (!unquoted.is_empty()).then(|| Self(unquoted.to_owned()))
    }

    /// The path as it is written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Where the file may be on this system: an absolute path at itself, a relative one in each of `folders`, in their
    /// order. Either separator will do.
    ///
    /// # Errors
    /// `Unsupported` for a path with a drive or a share where the system knows neither.
    pub fn places(&self, folders: &[&Path]) -> Result<Vec<PathBuf>> {
        let path = if cfg!(windows) { PathBuf::from(&self.0) } else { self.with_slashes()? };
        if path.is_absolute() {
            return Ok(vec![path]);
        }
        Ok(folders.iter().map(|folder| folder.join(&path)).collect())
    }

    /// The path for a system whose only separator is `/`.
    fn with_slashes(&self) -> Result<PathBuf> {
        let bytes = self.0.as_bytes();
        let has_drive = bytes.len() >= 2 && bytes[0].is_ascii_alphabetic() && bytes[1] == b':';
        if has_drive || self.0.starts_with(r"\\") {
            let message = format!("{} is a path of Windows, which this system cannot follow", self.0);
            return Err(Error::unsupported(message));
        }
        Ok(PathBuf::from(self.0.replace('\\', "/")))
    }
}

impl fmt::Display for LocatorPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::ErrorKind;

    fn path(text: &str) -> LocatorPath {
        LocatorPath::of(text).unwrap()
    }

    #[test]
    fn blanks_and_quotes_around_a_path_are_not_part_of_it() {
        assert_eq!(path("  my files\\a b.msp\t").as_str(), "my files\\a b.msp");
        assert_eq!(path("\"my files\\a b.msp\"").as_str(), "my files\\a b.msp");
        assert_eq!(path("\"").as_str(), "\"");
        for nothing in ["", "  ", "\"\"", "\" \""] {
            assert_eq!(LocatorPath::of(nothing), None, "{nothing}");
        }
    }

    #[test]
    fn a_relative_path_is_looked_for_in_each_folder() {
        let folders = [Path::new("search"), Path::new("data")];
        for text in ["in/a b.msp", "in\\a b.msp"] {
            let expected = [Path::new("search/in/a b.msp"), Path::new("data/in/a b.msp")];
            assert_eq!(path(text).places(&folders).unwrap(), expected, "{text}");
        }
    }

    #[test]
    #[cfg(not(windows))]
    fn an_absolute_path_stands_for_itself_and_a_drive_is_refused() {
        let folders = [Path::new("search")];
        assert_eq!(path("/data/a.msp").places(&folders).unwrap(), [Path::new("/data/a.msp")]);
        assert_eq!(path("\\data\\a.msp").places(&folders).unwrap(), [Path::new("/data/a.msp")]);
        for text in ["C:\\data\\a.msp", "c:a.msp", "d:/a.msp", "\\\\server\\share\\a.msp"] {
            let error = path(text).places(&folders).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Unsupported, "{text}");
            assert!(error.to_string().contains(text), "{error}");
        }
    }
}
