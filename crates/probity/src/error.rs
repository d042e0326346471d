//! One error type, cut by what the caller can do about it, with the place where it happened.

use std::fmt;
use std::path::{Path, PathBuf};

/// The result of every fallible function of this crate.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What kind of failure it is, so that a caller can decide what to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The operating system refused a file operation; trying again or elsewhere may help.
    Io,
    /// The input breaks the rules of its format; the input must be mended.
    Malformed,
    /// The input is legal but of a kind that this version does not read.
    Unsupported,
    /// A stated limit was reached before the input ended; the limit can be raised.
    LimitReached,
    /// The input was made by another version that this one cannot read.
    IncompatibleVersion,
    /// Stored data are not what was stored; another copy or an earlier state may be sound.
    Damaged,
    /// Another program is writing; trying again later may help.
    Busy,
    /// The caller asked for something that makes no sense.
    InvalidOption,
    /// The caller asked to stop before the end.
    Cancelled,
}

/// Where in the input something was seen. Records and lines count from 1.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Location {
    /// The file, as the caller named it.
    pub file: Option<PathBuf>,
    /// The section of a file of a library.
    pub section: Option<&'static str>,
    /// The record (spectrum) within the file, from 1.
    pub record: Option<u64>,
    /// The line within the decompressed text, from 1.
    pub line: Option<u64>,
    /// The byte within the decompressed file, from 0, of a format that is not text.
    pub offset: Option<u64>,
    /// The field, as the format spells it.
    pub field: Option<String>,
}

impl Location {
    /// A place known only by its line.
    #[must_use]
    pub fn at_line(line: u64) -> Self {
        Self { line: Some(line), ..Self::default() }
    }

    /// A place known only by its byte.
    #[must_use]
    pub fn at_offset(offset: u64) -> Self {
        Self { offset: Some(offset), ..Self::default() }
    }

    /// The same place, in the given record.
    #[must_use]
    pub fn in_record(mut self, record: u64) -> Self {
        self.record = Some(record);
        self
    }

    /// The same place, at the given field.
    #[must_use]
    pub fn at_field(mut self, field: impl Into<String>) -> Self {
        self.field = Some(field.into());
        self
    }
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut separator = "";
        if let Some(file) = &self.file {
            write!(f, "{}", file.display())?;
            separator = ", ";
        }
        if let Some(section) = self.section {
            write!(f, "{separator}section {section}")?;
            separator = ", ";
        }
        if let Some(record) = self.record {
            write!(f, "{separator}record {record}")?;
            separator = ", ";
        }
        if let Some(line) = self.line {
            write!(f, "{separator}line {line}")?;
            separator = ", ";
        }
        if let Some(offset) = self.offset {
            write!(f, "{separator}byte {offset}")?;
            separator = ", ";
        }
        if let Some(field) = &self.field {
            write!(f, "{separator}field {field}")?;
        }
        Ok(())
    }
}

/// What went wrong, in a sentence for an analyst, and where.
#[derive(Debug, thiserror::Error)]
#[error("{}", self.sentence())]
pub struct Error {
    kind: ErrorKind,
    message: String,
    location: Box<Location>,
    source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

impl Error {
    /// An error of the given kind, without a place yet.
    #[must_use]
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into(), location: Box::default(), source: None }
    }

    /// Input that breaks the rules of its format.
    #[must_use]
    pub fn malformed(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Malformed, message)
    }

    /// Input of a kind that this version does not read.
    #[must_use]
    pub fn unsupported(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Unsupported, message)
    }

    /// A limit that was reached.
    #[must_use]
    pub fn limit(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::LimitReached, message)
    }

    /// Stored data that are not what was stored.
    #[must_use]
    pub fn damaged(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Damaged, message)
    }

    /// An option or argument that makes no sense.
    #[must_use]
    pub fn invalid_option(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::InvalidOption, message)
    }

    /// A failed operation of the file system on `file`.
    #[must_use]
    pub fn io(file: &Path, doing: &str, source: std::io::Error) -> Self {
        Self {
            kind: ErrorKind::Io,
            message: format!("cannot {doing}: {source}"),
            location: Box::new(Location { file: Some(file.to_owned()), ..Location::default() }),
            source: Some(Box::new(source)),
        }
    }

    /// The same error with its place; parts of the place that are already known are kept.
    #[must_use]
    pub fn at(mut self, location: Location) -> Self {
        let known = &mut *self.location;
        known.file = known.file.take().or(location.file);
        known.section = known.section.or(location.section);
        known.record = known.record.or(location.record);
        known.line = known.line.or(location.line);
        known.offset = known.offset.or(location.offset);
        known.field = known.field.take().or(location.field);
        self
    }

    /// The same error, in the given file.
    #[must_use]
    pub fn in_file(self, file: &Path) -> Self {
        self.at(Location { file: Some(file.to_owned()), ..Location::default() })
    }

    /// The same error, in the given section of its file.
    #[must_use]
    pub(crate) fn in_section(self, section: &'static str) -> Self {
        self.at(Location { section: Some(section), ..Location::default() })
    }

    /// The same error with the cause that led to it.
    #[must_use]
    pub fn caused_by(mut self, source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        self.source = Some(source.into());
        self
    }

    /// What the caller can do about it.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        self.kind
    }

    /// The sentence without the place.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.message
    }

    /// Where it happened.
    #[must_use]
    pub fn location(&self) -> &Location {
        &self.location
    }

    fn sentence(&self) -> String {
        let place = self.location.to_string();
        if place.is_empty() { self.message.clone() } else { format!("{place}: {}", self.message) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sentence_names_file_record_line_and_field() {
        let error = Error::malformed("the number of peaks is not a number")
            .at(Location::at_line(12).in_record(3).at_field("Num Peaks"))
            .in_file(Path::new("case 7.msp"));
        assert_eq!(
            error.to_string(),
            "case 7.msp, record 3, line 12, field Num Peaks: the number of peaks is not a number"
        );
        assert_eq!(error.kind(), ErrorKind::Malformed);
        let error =
            Error::malformed("the file ends").at(Location::at_offset(544).in_record(1).at_field("fnpts"));
        assert_eq!(error.to_string(), "record 1, byte 544, field fnpts: the file ends");
    }

    #[test]
    fn a_known_place_is_not_overwritten() {
        let error = Error::limit("too long").at(Location::at_line(1)).at(Location::at_line(9).in_record(2));
        assert_eq!(error.location().line, Some(1));
        assert_eq!(error.location().record, Some(2));
    }
}
