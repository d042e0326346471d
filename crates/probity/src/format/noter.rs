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

    /// The place of a byte in the current record.
    pub(crate) fn at_offset(&self, offset: usize) -> Location {
        Location { offset: Some(offset as u64), ..self.at(0) }
    }

    fn note(&mut self, kind: NoticeKind, line: u64, field: &str, message: impl Into<String>) -> Result<()> {
        self.note_in(self.at(line), kind, field, message)
    }

    fn note_in(
        &mut self,
        mut place: Location,
        kind: NoticeKind,
        field: &str,
        message: impl Into<String>,
    ) -> Result<()> {
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

    /// As [`Self::repaired`], at a byte of a format that is not text.
    pub(crate) fn repaired_at(
        &mut self,
        offset: usize,
        field: &str,
        message: impl Into<String>,
    ) -> Result<()> {
        self.note_in(self.at_offset(offset), NoticeKind::Repaired, field, message)
    }

    /// As [`Self::ignored`], at a byte of a format that is not text.
    pub(crate) fn ignored_at(
        &mut self,
        offset: usize,
        field: &str,
        message: impl Into<String>,
    ) -> Result<()> {
        self.note_in(self.at_offset(offset), NoticeKind::Ignored, field, message)
    }

    /// As [`Self::skipped`], at a byte of a format that is not text.
    pub(crate) fn skipped_at(
        &mut self,
        offset: usize,
        field: &str,
        message: impl Into<String>,
    ) -> Result<()> {
        self.note_in(self.at_offset(offset), NoticeKind::Skipped, field, message)
    }

    /// As [`Self::record_skipped`], at a byte of a format that is not text.
    pub(crate) fn record_skipped_at(
        &mut self,
        offset: usize,
        field: &str,
        message: impl Into<String>,
    ) -> Result<()> {
        self.skipped_at(offset, field, message)?;
        self.report.records_skipped += 1;
        Ok(())
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
