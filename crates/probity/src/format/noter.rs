//! Reports what a reader does to one record.

use super::{NoticeKind, ReadOptions, ReadReport};
use crate::error::{Error, Location, Result};

/// The report of an input, with the record that is being read.
pub(crate) struct Noter<'a> {
    pub(crate) options: &'a ReadOptions,
    pub(crate) report: ReadReport,
    /// The record being read, from 1; 0 before the first.
    pub(crate) record: u64,
}

impl<'a> Noter<'a> {
    pub(crate) fn new(options: &'a ReadOptions) -> Self {
        Self { options, report: ReadReport::default(), record: 0 }
    }

    /// The place of a line in the current record.
    pub(crate) fn at(&self, line: u64) -> Location {
        let place = Location { line: (line > 0).then_some(line), ..Location::default() };
        if self.record > 0 { place.in_record(self.record) } else { place }
    }

    fn note(&mut self, kind: NoticeKind, line: u64, field: &str, message: impl Into<String>) -> Result<()> {
        let mut place = self.at(line);
        if !field.is_empty() {
            place = place.at_field(field);
        }
        self.report.note(self.options, kind, place, message)
    }

    /// Something was understood differently from what it says.
    pub(crate) fn repaired(&mut self, line: u64, field: &str, message: impl Into<String>) -> Result<()> {
        self.note(NoticeKind::Repaired, line, field, message)
    }

    /// A piece of metadata could not be used.
    pub(crate) fn ignored(&mut self, line: u64, field: &str, message: impl Into<String>) -> Result<()> {
        self.note(NoticeKind::Ignored, line, field, message)
    }

    /// A peak was left out.
    pub(crate) fn skipped(&mut self, line: u64, field: &str, message: impl Into<String>) -> Result<()> {
        self.note(NoticeKind::Skipped, line, field, message)
    }

    /// A whole record was left out.
    pub(crate) fn record_skipped(&mut self, line: u64, message: impl Into<String>) -> Result<()> {
        self.note(NoticeKind::Skipped, line, "", message)?;
        self.report.records_skipped += 1;
        Ok(())
    }

    /// Counts a record that was read.
    ///
    /// # Errors
    /// `LimitReached` if it is one more than the limits allow.
    pub(crate) fn record_read(&mut self, line: u64) -> Result<()> {
        let limit = self.options.limits.records;
        if self.report.records_read >= limit as u64 {
            return Err(Error::limit(format!("the input has more than {limit} records")).at(self.at(line)));
        }
        self.report.records_read += 1;
        Ok(())
    }
}
