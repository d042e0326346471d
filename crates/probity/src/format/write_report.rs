//! What a writer did besides writing.

use serde::{Deserialize, Serialize};

use crate::error::{Error, ErrorKind};

/// A failed write to the sink.
pub(crate) fn cannot_write(source: std::io::Error) -> Error {
    Error::new(ErrorKind::Io, format!("cannot write: {source}")).caused_by(source)
}

/// One value that was not written as it stands in the record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WriteNotice {
    /// The record, from 1.
    pub record: u64,
    /// The field, as the written format spells it.
    pub field: String,
    /// What was done, in a sentence.
    pub message: String,
}

/// All that a writer did besides writing. Every case is counted; the first
/// [`WriteReport::KEPT_NOTICES`] are kept in full.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct WriteReport {
    /// Records written.
    pub records_written: u64,
    /// Values that were changed to fit the format, such as line ends replaced by blanks.
    pub values_altered: u64,
    /// Values that the format has no place for and that were left out.
    pub values_omitted: u64,
    /// Records that the format has no place for and that were left out.
    #[serde(default)]
    pub records_omitted: u64,
    /// The first cases in full.
    pub notices: Vec<WriteNotice>,
}

impl WriteReport {
    /// How many notices are kept in full.
    pub const KEPT_NOTICES: usize = 1_000;

    /// Whether every record and value was written as it stands.
    #[must_use]
    pub fn is_clean(&self) -> bool {
        self.values_altered == 0 && self.values_omitted == 0 && self.records_omitted == 0
    }

    /// Counts the current record as left out.
    pub(crate) fn record_omitted(&mut self, message: impl Into<String>) {
        self.keep("", message.into());
        self.records_omitted += 1;
    }

    pub(crate) fn altered(&mut self, field: &str, message: impl Into<String>) {
        self.values_altered += 1;
        self.keep(field, message.into());
    }

    pub(crate) fn omitted(&mut self, field: &str, message: impl Into<String>) {
        self.values_omitted += 1;
        self.keep(field, message.into());
    }

    /// Records are counted when they are finished or left out, so the current one is the next.
    fn keep(&mut self, field: &str, message: String) {
        if self.notices.len() < Self::KEPT_NOTICES {
            let record = self.records_written + self.records_omitted + 1;
            self.notices.push(WriteNotice { record, field: field.to_owned(), message });
        }
    }

    /// The text on one line: line ends and other control characters become blanks, and blanks at both
    /// ends go. `None`, counted, where nothing is left.
    pub(crate) fn one_line(&mut self, field: &str, text: &str) -> Option<String> {
        let line: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        let line = line.trim();
        if line.is_empty() {
            self.omitted(field, "the value is empty and was left out");
            return None;
        }
        if line != text {
            self.altered(field, "line ends and outer blanks cannot be written and were replaced or cut");
        }
        Some(line.to_owned())
    }

    /// The shortest decimal that reads back as the same number. `None`, counted, for NaN and infinity.
    pub(crate) fn number(&mut self, field: &str, value: f64) -> Option<String> {
        if value.is_finite() {
            return Some(value.to_string());
        }
        self.omitted(field, format!("{value} is not a finite number and was left out"));
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_alteration_is_counted_with_its_record() {
        let mut report = WriteReport { records_written: 2, ..WriteReport::default() };
        assert_eq!(report.one_line("Name", "a\r\nb").as_deref(), Some("a  b"));
        assert_eq!(report.one_line("Name", "ab").as_deref(), Some("ab"));
        assert_eq!(report.one_line("Name", "\n"), None);
        assert_eq!(report.number("MW", 0.1).as_deref(), Some("0.1"));
        assert_eq!(report.number("MW", f64::NAN), None);
        assert_eq!((report.values_altered, report.values_omitted), (1, 2));
        assert_eq!(report.notices[0].record, 3);
        report.record_omitted("no place for it");
        report.omitted("MW", "left out");
        assert_eq!((report.notices[4].record, report.notices[3].record), (4, 3));
        assert!(!report.is_clean());
    }
}
