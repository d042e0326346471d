//! What a reader did besides reading.

use serde::{Deserialize, Serialize};

use super::{ReadOptions, Strictness};
use crate::error::{Error, Location, Result};

/// What was done with a piece of input that is not as it should be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NoticeKind {
    /// It was understood differently from what it says: sorted, recounted, decoded as another code page; or it does not
    /// say, and something was assumed.
    Repaired,
    /// A piece of metadata could not be used and was left out.
    Ignored,
    /// A peak or a whole record was left out.
    Skipped,
}

/// One thing that a reader did besides reading.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    /// What was done.
    pub kind: NoticeKind,
    /// The record, from 1.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub record: Option<u64>,
    /// The line, from 1.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub line: Option<u64>,
    /// The byte, from 0, of a format that is not text.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub offset: Option<u64>,
    /// The field, as the format spells it.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub field: Option<String>,
    /// What was seen and what was done, in a sentence.
    pub message: String,
}

impl std::fmt::Display for Notice {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let kind = match self.kind {
            NoticeKind::Repaired => "repaired",
            NoticeKind::Ignored => "ignored",
            NoticeKind::Skipped => "skipped",
        };
        let place = Location {
            record: self.record,
            line: self.line,
            offset: self.offset,
            field: self.field.clone(),
            ..Location::default()
        }
        .to_string();
        let colon = if place.is_empty() { "" } else { ": " };
        write!(f, "{kind}: {place}{colon}{}", self.message)
    }
}

/// All that a reader did besides reading. Every case is counted; the first
/// [`ReadReport::KEPT_NOTICES`] are kept in full.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReadReport {
    /// Records read.
    pub records_read: u64,
    /// Records left out.
    pub records_skipped: u64,
    /// Number of cases repaired.
    pub repaired: u64,
    /// Number of pieces of metadata ignored.
    pub ignored: u64,
    /// Number of peaks or records skipped.
    pub skipped: u64,
    /// The first cases in full, in the order of the input.
    pub notices: Vec<Notice>,
}

impl ReadReport {
    /// How many notices are kept in full.
    pub const KEPT_NOTICES: usize = 1_000;

    /// Whether nothing was repaired, ignored or skipped.
    #[must_use]
    pub fn is_clean(&self) -> bool {
        self.repaired == 0 && self.ignored == 0 && self.skipped == 0
    }

    /// Counts one case, or turns it into an error where the reader is strict.
    ///
    /// # Errors
    /// `Malformed` with the place, if `options` are strict.
    pub(crate) fn note(
        &mut self,
        options: &ReadOptions,
        kind: NoticeKind,
        location: Location,
        message: impl Into<String>,
    ) -> Result<()> {
        let message = message.into();
        if options.strictness == Strictness::Strict {
            return Err(Error::malformed(message).at(location));
        }
        match kind {
            NoticeKind::Repaired => self.repaired += 1,
            NoticeKind::Ignored => self.ignored += 1,
            NoticeKind::Skipped => self.skipped += 1,
        }
        if self.notices.len() < Self::KEPT_NOTICES {
            let Location { record, line, offset, field, .. } = location;
            self.notices.push(Notice { kind, record, line, offset, field, message });
        }
        Ok(())
    }

    /// Adds the counts and notices of another report, as when a folder is read file by file.
    pub fn absorb(&mut self, other: Self) {
        self.records_read += other.records_read;
        self.records_skipped += other.records_skipped;
        self.repaired += other.repaired;
        self.ignored += other.ignored;
        self.skipped += other.skipped;
        let room = Self::KEPT_NOTICES.saturating_sub(self.notices.len());
        self.notices.extend(other.notices.into_iter().take(room));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_case_is_counted_even_when_it_is_not_kept() {
        let mut report = ReadReport::default();
        for line in 1..=1_500 {
            report
                .note(&ReadOptions::default(), NoticeKind::Skipped, Location::at_line(line), "no number")
                .unwrap();
        }
        assert_eq!(report.skipped, 1_500);
        assert_eq!(report.notices.len(), ReadReport::KEPT_NOTICES);
    }

    #[test]
    fn a_strict_reader_makes_the_first_case_an_error() {
        let mut report = ReadReport::default();
        let strict = ReadOptions::default().strictness(Strictness::Strict);
        let error = report.note(&strict, NoticeKind::Repaired, Location::at_line(3), "unsorted").unwrap_err();
        assert_eq!(error.to_string(), "line 3: unsorted");
    }
}
