//! Where one record ends and the next begins.

use super::field::{Field, normalized, split_field, split_shared};
use super::peak_line::{Comma, count_pairs, starts_with_number, starts_with_pair};
use crate::error::{Error, Location, Result};
use crate::format::text::{Line, Lines};
use crate::format::{NoticeKind, ReadOptions, ReadReport};

/// One field of a record as it stands.
#[derive(Debug, Clone)]
pub(super) struct RawField<'a> {
    pub(super) line: u64,
    pub(super) key: &'a str,
    /// [`normalized`] `key`.
    pub(super) normalized: String,
    pub(super) value: &'a str,
}

/// The lines of one record, sorted into fields and peaks.
#[derive(Debug, Clone, Default)]
pub(super) struct RawRecord<'a> {
    /// The line where it begins.
    pub(super) line: u64,
    pub(super) fields: Vec<RawField<'a>>,
    /// Whether there is a field `Num Peaks`, whatever it says.
    pub(super) has_num_peaks: bool,
    /// The number of peaks that it states.
    pub(super) stated_peaks: Option<u64>,
    pub(super) peak_lines: Vec<Line<'a>>,
    /// Whether the input ends with it.
    pub(super) is_last: bool,
    has_name: bool,
    /// Whether a blank line was the last thing seen.
    blank: bool,
    /// Whether peaks behind its end were met.
    stray: bool,
    /// How many of the lines of peaks were counted, and the pairs on them.
    counted: (usize, u64),
}

impl RawRecord<'_> {
    fn is_empty(&self) -> bool {
        self.fields.is_empty() && !self.has_num_peaks && self.peak_lines.is_empty()
    }

    /// Whether its peaks have begun or were announced.
    fn in_peaks(&self) -> bool {
        self.has_num_peaks || !self.peak_lines.is_empty()
    }

    /// Whether it has fewer peaks than it states. Counts on from the last time it was asked.
    fn wants_peaks(&mut self) -> bool {
        let Some(stated) = self.stated_peaks else { return false };
        let (lines, pairs) = self.counted;
        let new = count_pairs(self.peak_lines.get(lines..).unwrap_or_default(), Comma::Separator).0;
        self.counted = (self.peak_lines.len(), pairs + new);
        self.counted.1 < stated
    }
}

/// Cuts a text into records.
///
/// A record begins with its name. It also begins with any other field behind a blank line, once the
/// record before it has its peaks.
pub(super) struct RawRecords<'a> {
    lines: Lines<'a>,
    /// A line that was read and belongs to the next record.
    pushed_back: Option<Line<'a>>,
    current: RawRecord<'a>,
    /// The number of the current record, from 1.
    number: u64,
}

impl<'a> RawRecords<'a> {
    pub(super) fn new(text: &'a str, options: &ReadOptions) -> Self {
        Self { lines: Lines::new(text, options), pushed_back: None, current: RawRecord::default(), number: 1 }
    }

    /// The next record, and its number from 1.
    ///
    /// # Errors
    /// `LimitReached` for a line that is too long; `Malformed` where the reader is strict.
    pub(super) fn next(
        &mut self,
        options: &ReadOptions,
        report: &mut ReadReport,
    ) -> Result<Option<(u64, RawRecord<'a>)>> {
        loop {
            let line = match self.pushed_back.take() {
                Some(line) => line,
                None => match self.lines.next() {
                    Some(line) => line.map_err(|error| error.at(self.at(None)))?,
                    None => break,
                },
            };
            // A byte order mark may stand before any file that was appended; DOS ends text with ^Z.
            let text = line
                .text
                .trim_matches(|c: char| c.is_whitespace() || matches!(c, '\u{feff}' | '\u{1a}' | '\0'));
            let line = Line { number: line.number, text };
            if text.is_empty() {
                self.current.blank = true;
                continue;
            }
            if let Some((key, _)) = split_field(text) {
                let normalized = normalized(key);
                if self.begins_record(&normalized) {
                    self.pushed_back = Some(line);
                    return Ok(Some(self.finish(false)));
                }
                self.take_fields(line, options, report)?;
            } else if starts_with_number(text) {
                self.take_peaks(line, options, report)?;
            } else {
                let (kind, message) = if self.current.in_peaks() {
                    (NoticeKind::Skipped, "the line is neither a peak nor a field and was left out")
                } else {
                    (NoticeKind::Ignored, "the line is neither a field nor a peak and was left out")
                };
                report.note(options, kind, self.at(Some(line)), message)?;
            }
            self.current.blank = false;
        }
        if self.current.is_empty() { Ok(None) } else { Ok(Some(self.finish(true))) }
    }

    fn begins_record(&self, normalized: &str) -> bool {
        let current = &self.current;
        match normalized {
            "name" => current.has_name || current.in_peaks(),
            "compoundname" => current.in_peaks(),
            _ => current.blank && current.in_peaks(),
        }
    }

    fn finish(&mut self, is_last: bool) -> (u64, RawRecord<'a>) {
        let record = RawRecord { is_last, ..std::mem::take(&mut self.current) };
        self.number += 1;
        (self.number - 1, record)
    }

    /// Takes the fields of one line.
    fn take_fields(&mut self, line: Line<'a>, options: &ReadOptions, report: &mut ReadReport) -> Result<()> {
        if self.current.is_empty() {
            self.current.line = line.number;
        } else if self.current.blank && !self.current.in_peaks() {
            report.note(
                options,
                NoticeKind::Repaired,
                self.at(Some(line)),
                "a blank line within the header of the record was passed over",
            )?;
        }
        let mut rest = Some(line.text);
        while let Some((key, value)) = rest.and_then(split_field) {
            let normalized = normalized(key);
            let field = Field::of(&normalized);
            let value = match field {
                Some(field) => {
                    let (value, shared) = split_shared(field, value);
                    rest = shared;
                    value
                }
                None => {
                    rest = None;
                    value
                }
            };
            if field == Some(Field::NumPeaks) {
                self.take_num_peaks(key, value, line, options, report)?;
                continue;
            }
            if self.current.in_peaks() {
                report.note(
                    options,
                    NoticeKind::Repaired,
                    self.at(Some(line)).at_field(key),
                    "the field stands behind the peaks and was read as one of the same record",
                )?;
            }
            self.current.has_name |= field == Some(Field::Name);
            self.current.fields.push(RawField { line: line.number, key, normalized, value });
        }
        Ok(())
    }

    fn take_num_peaks(
        &mut self,
        key: &'a str,
        value: &'a str,
        line: Line<'a>,
        options: &ReadOptions,
        report: &mut ReadReport,
    ) -> Result<()> {
        let place = self.at(Some(line)).at_field(key);
        if self.current.in_peaks() {
            return report.note(
                options,
                NoticeKind::Ignored,
                place,
                "a second number of peaks in the record was passed over",
            );
        }
        self.current.has_num_peaks = true;
        let end = value.find(|c: char| !c.is_ascii_digit()).unwrap_or(value.len());
        let (digits, rest) = value.split_at(end);
        self.current.stated_peaks = digits.parse().ok();
        if self.current.stated_peaks.is_none() && !value.is_empty() {
            return report.note(
                options,
                NoticeKind::Repaired,
                place,
                format!("\"{value}\" is not a number of peaks; the peaks were counted instead"),
            );
        }
        if starts_with_number(rest) {
            self.current.peak_lines.push(Line { number: line.number, text: rest });
        }
        Ok(())
    }

    /// Takes a line that begins with a number.
    fn take_peaks(&mut self, line: Line<'a>, options: &ReadOptions, report: &mut ReadReport) -> Result<()> {
        let place = self.at(Some(line));
        let current = &mut self.current;
        if current.is_empty()
            || current.stray
            || (current.blank && current.in_peaks() && !current.wants_peaks())
        {
            if !current.stray {
                report.note(
                    options,
                    NoticeKind::Skipped,
                    place,
                    "peaks that belong to no record begin here and were left out",
                )?;
            }
            // Before the first record there is nothing to be stray from: each line counts.
            current.stray = !current.is_empty();
            return Ok(());
        }
        if !current.in_peaks() {
            if !starts_with_pair(line.text) {
                return report.note(
                    options,
                    NoticeKind::Ignored,
                    place,
                    "the line is neither a field nor a peak and was left out",
                );
            }
            report.note(
                options,
                NoticeKind::Repaired,
                place,
                "the record does not state its number of peaks; they were counted",
            )?;
        } else if current.blank {
            report.note(
                options,
                NoticeKind::Repaired,
                place,
                "a blank line before or within the peaks was passed over",
            )?;
        }
        current.peak_lines.push(line);
        Ok(())
    }

    fn at(&self, line: Option<Line<'_>>) -> Location {
        Location { record: Some(self.number), line: line.map(|line| line.number), ..Location::default() }
    }
}

/// The error for a record beyond the limit.
pub(super) fn too_many_records(limit: usize) -> Error {
    Error::limit(format!("the input has more than {limit} records"))
}
