//! Writes MassBank records.

use std::io::Write;

use serde::{Deserialize, Serialize};

use super::page::Page;
use crate::error::{Error, Location, Result};
use crate::format::write_report::cannot_write;
use crate::format::{Record, WriteReport};

/// How to write MassBank records.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct MassBankWriteOptions {
    /// Begins the accession of a record that has none, as in `MSBNK-Our_Lab-Q`; the record's number,
    /// six digits from 000001, ends it. Without a prefix such a record is an error.
    pub accession_prefix: Option<String>,
}

impl MassBankWriteOptions {
    /// The same options with a prefix for records without an accession.
    #[must_use]
    pub fn accession_prefix(mut self, prefix: impl Into<String>) -> Self {
        self.accession_prefix = Some(prefix.into());
        self
    }
}

/// Writes records in format 2.6. The intensity is written as it is, the relative intensity as
/// ⌊999 I / max + ½⌋, and `PK$SPLASH` is computed from the peaks written. Required values that a record
/// lacks are written as `N/A`; fields of other formats become comments.
///
/// # Errors
/// `InvalidOption` for a record without an accession where there is no prefix, or a prefix of other
/// characters than letters, digits, `-` and `_`; `Unsupported` for a record that is no mass spectrum;
/// `Io` if the sink fails.
pub fn write_massbank(
    records: &[Record],
    sink: &mut impl Write,
    options: &MassBankWriteOptions,
) -> Result<WriteReport> {
    if let Some(prefix) = &options.accession_prefix
        && (prefix.is_empty()
            || !prefix.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_')))
    {
        return Err(Error::invalid_option(format!(
            "the accession prefix \"{prefix}\" may hold letters, digits, - and _ only"
        )));
    }
    let mut report = WriteReport::default();
    for record in records {
        let number = report.records_written + 1;
        let spectrum = record.spectrum.as_mass().ok_or_else(|| {
            Error::unsupported("a MassBank record holds a mass spectrum only")
                .at(Location::default().in_record(number))
        })?;
        let accession = match (&record.provenance.accession, &options.accession_prefix) {
            (Some(accession), _) if !accession.trim().is_empty() => accession.clone(),
            (_, Some(prefix)) => format!("{prefix}{number:06}"),
            _ => {
                return Err(Error::invalid_option("the record has no accession, and no prefix is given")
                    .at(Location::default().in_record(number)));
            }
        };
        let text = Page::new(record, spectrum, &mut report).write(&accession);
        sink.write_all(text.as_bytes()).map_err(cannot_write)?;
        report.records_written += 1;
    }
    Ok(report)
}
