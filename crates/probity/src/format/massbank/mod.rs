//! MassBank records, format 2.6 and older (MassBank consortium, *MassBank Record Format*): lines of
//! `TAG: value` or `TAG: SUBTAG value`, blocks of indented lines for annotations and peaks, `//` at
//! the end of a record; several records may follow one another.
//!
//! What is read in a way that the record does not spell out:
//! - the peaks' intensity is the column `int.`; `rel.int.` is checked to be nothing else and left out;
//! - of a chain of precursors (`764.52/690.15`) the last is the precursor of this spectrum, and the
//!   chain is kept among the other fields;
//! - a retention time without a unit is kept as text among the other fields;
//! - `RETENTION_INDEX` and `KOVATS_…` are retention indices, other scales (`LEE_RTI`, `NAPS_RTI`,
//!   `UOA_RTI`) are kept as text;
//! - the derivative is `DERIVATIVE_TYPE`, else `DERIVATIVE_FORM`, else what the title counts (`n TMS`).
//!   `0 TMS` is no derivative;
//! - an annotation goes to its peak where exactly one peak and one annotation have the same m/z;
//!   others are kept as text;
//! - deprecated records are skipped and reported.

mod annotation;
mod builder;
mod derivative;
mod fields;
mod page;
mod title;
mod writer;

pub use writer::{MassBankWriteOptions, write_massbank};

use super::noter::Noter;
use super::text::{Line, Lines, decode};
use super::{Parsed, ReadOptions, Record};
use crate::error::{Error, Result};
use builder::Builder;

/// Key of an annotation that fits no single peak, among the other fields.
const UNMATCHED_ANNOTATION: &str = "PK$ANNOTATION: m/z";
/// Columns of annotations where the record has none of its own.
const ANNOTATION_COLUMNS: &str = "m/z annotation";

/// Reads MassBank records.
///
/// # Errors
/// `Malformed` if there is no record, or where the reader is strict and something is not as it should
/// be; `LimitReached` beyond a limit.
pub fn read_massbank(bytes: &[u8], options: &ReadOptions) -> Result<Parsed> {
    let mut noter = Noter::new(options);
    let text = decode(bytes, options, &mut noter.report)?;
    let mut records = Vec::new();
    let mut current: Option<Builder> = None;
    for line in Lines::new(&text, options) {
        let line = line?;
        if line.text.trim_end() == "//" {
            if let Some(builder) = current.take() {
                finish(builder, &mut records, &mut noter)?;
            }
            continue;
        }
        if line.text.starts_with("ACCESSION:")
            && let Some(builder) = current.take_if(|builder| builder.has_accession())
        {
            noter.repaired(line.number, "", "the record before this line has no // at its end")?;
            finish(builder, &mut records, &mut noter)?;
        }
        match (&mut current, tag(line)) {
            (Some(builder), _) => builder.line(line, &mut noter)?,
            (None, Some(_)) => {
                noter.record += 1;
                let mut builder = Builder::new(noter.record, line.number);
                builder.line(line, &mut noter)?;
                current = Some(builder);
            }
            (None, None) if line.text.trim().is_empty() => {}
            (None, None) => noter.ignored(line.number, "", "the line stands outside a record")?,
        }
    }
    if let Some(builder) = current {
        noter.repaired(0, "", "the last record has no // at its end")?;
        finish(builder, &mut records, &mut noter)?;
    }
    if noter.record == 0 {
        return Err(Error::malformed("the input holds no MassBank record"));
    }
    Ok(Parsed { records, report: noter.report })
}

fn finish(builder: Builder, records: &mut Vec<Record>, noter: &mut Noter) -> Result<()> {
    let line = builder.first_line();
    if let Some(record) = builder.finish(noter)? {
        noter.record_read(line)?;
        records.push(record);
    }
    Ok(())
}

/// Tag and value of a line, if it begins with a tag: capitals, digits, `$` and `_` up to a colon.
fn tag(line: Line<'_>) -> Option<(&str, &str)> {
    let (tag, value) = line.text.split_once(':')?;
    let mut letters = tag.bytes();
    let is_tag = letters.next().is_some_and(|byte| byte.is_ascii_uppercase())
        && letters
            .all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || matches!(byte, b'$' | b'_'));
    is_tag.then(|| (tag, value.trim()))
}

/// Whether the beginning of a text looks like a MassBank record.
pub(crate) fn looks_like(head: &str) -> bool {
    let begins = |tag: &str| head.split(['\n', '\r']).any(|line| line.starts_with(tag));
    begins("ACCESSION:") && (begins("RECORD_TITLE:") || begins("CH$") || begins("DEPRECATED:"))
}

#[cfg(test)]
mod tests;
