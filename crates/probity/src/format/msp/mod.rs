//! MSP, the text format of NIST MS Search, in the dialects that are in use; and MSL, its relative of
//! AMDIS.
//!
//! A record is a header of lines `name: value`, a line `Num Peaks: n`, and pairs of m/z and intensity.
//! What the dialects do differently, and how it is read here:
//!
//! - *Field names* differ in case, blanks and signs, none of which counts (`PrecursorMZ`,
//!   `PRECURSORMZ`, `precursor_mz`). Unknown fields are kept in order as other fields. An empty value,
//!   or one like `NA`, is an absent field. Of a field that is repeated the first value counts and the
//!   others are reported, but synonyms, comments and CAS numbers are lists.
//! - *Peaks* stand alone or several on a line, between any of blank, tab, `, ; :` and brackets, with
//!   annotations in double quotes or bare. Where the lines only make sense with decimal commas they
//!   are read so, and it is reported. The peaks are those that are there; another stated number is
//!   reported.
//! - *Synonyms* may carry tagged values (`$:03[M+H]+`, `METB CAS: ...`), which are not names.
//! - *Comments* may carry `"key=value"`; what the fields leave open is taken from there.
//! - *Retention time*: `RETENTIONTIME` is in minutes, as MS-DIAL writes it, `RTINSECONDS` in seconds.
//!   `RT` is in minutes in MSL, which defines it so; MSP does not, so there it counts only with a unit
//!   and is else kept as text and reported.
//! - *Retention index*: a number, MassBank's `RETENTION_INDEX n`, or of NIST's list by kind of column
//!   the semi-standard non-polar value. 0 stands for none.
//! - *Derivative*: the field, or else the end of the name where it is clear.
//! - *In-source voltage* has no place of its own and is kept among the other fields.

mod comment;
mod field;
mod peak_line;
mod raw_record;
mod record_builder;
mod synonym;
#[cfg(test)]
mod tests;

use self::field::{Field, normalized, split_field};
use self::peak_line::{starts_with_number, starts_with_pair};
use self::raw_record::{RawRecords, too_many_records};
use self::record_builder::RecordBuilder;
use super::text::{Lines, decode};
use super::values::TimeUnit;
use super::{Parsed, ReadOptions, ReadReport};
use crate::error::{Error, Location, Result};

/// Which of the two relatives a text is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Dialect {
    Msp,
    Msl,
}

impl Dialect {
    fn unit_of_rt(self) -> TimeUnit {
        match self {
            Self::Msp => TimeUnit::Unstated,
            Self::Msl => TimeUnit::Minutes,
        }
    }
}

/// Reads MSP.
///
/// # Errors
/// `LimitReached` beyond a limit of `options`; `Malformed` where there is no record at all, and for
/// the first irregularity where the reader is strict.
pub fn read_msp(bytes: &[u8], options: &ReadOptions) -> Result<Parsed> {
    read_dialect(bytes, Dialect::Msp, options)
}

pub(super) fn read_dialect(bytes: &[u8], dialect: Dialect, options: &ReadOptions) -> Result<Parsed> {
    let mut report = ReadReport::default();
    let text = decode(bytes, options, &mut report)?;
    let mut raw_records = RawRecords::new(&text, options);
    let mut records = Vec::new();
    while let Some((number, raw)) = raw_records.next(options, &mut report)? {
        if records.len() >= options.limits.records {
            let place = Location::at_line(raw.line).in_record(number);
            return Err(too_many_records(options.limits.records).at(place));
        }
        records.extend(RecordBuilder::build(&raw, number, dialect, options, &mut report)?);
    }
    if records.is_empty() {
        return Err(Error::malformed("the input holds no record with peaks"));
    }
    report.records_read = records.len() as u64;
    Ok(Parsed { records, report })
}

/// Whether a text begins like MSP.
pub(crate) fn looks_like(head: &str) -> bool {
    first_peaks(head).is_some_and(|line| !is_msl(line))
}

/// Whether a text begins like MSL: as MSP, but its peaks stand in round brackets.
pub(super) fn looks_like_msl(head: &str) -> bool {
    first_peaks(head).is_some_and(is_msl)
}

fn is_msl(peaks: &str) -> bool {
    peaks.starts_with('(')
}

/// The first line of peaks behind a header of a record; empty where the number of peaks is stated but
/// none follow.
fn first_peaks(head: &str) -> Option<&str> {
    let options = ReadOptions::default();
    let (mut named, mut counted) = (false, false);
    for line in Lines::new(head, &options) {
        let text = line.ok()?.text.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
        if let Some((key, _)) = split_field(text) {
            match Field::of(&normalized(key)) {
                Some(Field::Name) if counted => return Some(""),
                Some(Field::Name) => named = true,
                Some(Field::NumPeaks) => counted = true,
                _ => {}
            }
        } else if counted && starts_with_number(text) || named && starts_with_pair(text) {
            return Some(text);
        } else if !text.is_empty() && !named && !counted && !text.starts_with('#') {
            return None;
        }
    }
    counted.then_some("")
}
