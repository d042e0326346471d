//! Mascot generic format: blocks from `BEGIN IONS` to `END IONS` with `KEY=VALUE` lines and peaks
//! `m/z intensity [charge]` (Matrix Science, *Mascot data file format*), with the further keys of GNPS,
//! MZmine and MS-DIAL.
//!
//! What is read in a way that the file does not spell out:
//! - of the parameters before the first block `CHARGE`, `IONMODE` and `MSLEVEL` hold for every block
//!   that has none of its own; others concern searches and are reported as ignored;
//! - `PEPMASS=0` means that there is no precursor;
//! - a charge without a sign has the sign of `IONMODE`, and plus where there is none;
//! - of a range of retention times the middle is taken, and the range is kept among the other fields;
//! - a spectrum with a precursor and without `MSLEVEL` is one of product ions;
//! - a third column of a peak is its charge and is kept as the peak's annotation.

mod builder;
mod fields;

use super::noter::Noter;
use super::text::{Line, Lines, decode};
use super::{Parsed, ReadOptions, Record};
use crate::error::{Error, Result};
use builder::Builder;
use fields::Defaults;

/// Reads a Mascot generic file.
///
/// # Errors
/// `Malformed` if there is no `BEGIN IONS`, or where the reader is strict and something is not as it
/// should be; `LimitReached` beyond a limit.
pub fn read_mgf(bytes: &[u8], options: &ReadOptions) -> Result<Parsed> {
    let mut noter = Noter::new(options);
    let text = decode(bytes, options, &mut noter.report)?;
    let mut records = Vec::new();
    let mut defaults = Defaults::default();
    let mut current: Option<Builder> = None;
    for line in Lines::new(&text, options) {
        let Line { number, text } = line?;
        let text = text.trim();
        if text.is_empty() || text.starts_with(['#', ';', '!', '/']) {
            continue;
        }
        if is_mark(text, "BEGIN") {
            if let Some(builder) = current.take() {
                noter.repaired(number, "", "the block before this line has no END IONS")?;
                finish(builder, &defaults, &mut records, &mut noter)?;
            }
            noter.record += 1;
            current = Some(Builder::new(noter.record, number));
        } else if is_mark(text, "END") {
            match current.take() {
                Some(builder) => finish(builder, &defaults, &mut records, &mut noter)?,
                None => noter.ignored(number, "END IONS", "there is no block to end")?,
            }
        } else if let Some(builder) = &mut current {
            builder.line(text, number, &mut noter)?;
        } else if let Some((key, value)) = key_and_value(text).filter(|_| noter.record == 0) {
            if !defaults.take(key, value) {
                noter.ignored(number, key, "the parameter does not describe spectra and was left out")?;
            }
        } else {
            noter.ignored(number, "", "the line stands outside a block and was left out")?;
        }
    }
    if let Some(builder) = current {
        noter.repaired(0, "", "the last block has no END IONS")?;
        finish(builder, &defaults, &mut records, &mut noter)?;
    }
    if noter.record == 0 {
        return Err(Error::malformed("the input holds no BEGIN IONS"));
    }
    Ok(Parsed { records, report: noter.report })
}

fn finish(builder: Builder, defaults: &Defaults, records: &mut Vec<Record>, noter: &mut Noter) -> Result<()> {
    noter.record_read(builder.first_line())?;
    records.push(builder.finish(defaults));
    Ok(())
}

/// Whether a line is `BEGIN IONS` or `END IONS`, in any case and with any blanks.
fn is_mark(text: &str, word: &str) -> bool {
    let mut words = text.split_whitespace();
    words.next().is_some_and(|first| first.eq_ignore_ascii_case(word))
        && words.next().is_some_and(|second| second.eq_ignore_ascii_case("IONS"))
        && words.next().is_none()
}

/// Key and value of a line; a key begins with a letter and holds letters, digits, blanks, `_` and `-`.
fn key_and_value(text: &str) -> Option<(&str, &str)> {
    let (key, value) = text.split_once('=')?;
    let key = key.trim();
    let is_key = key.bytes().next().is_some_and(|byte| byte.is_ascii_alphabetic())
        && key.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b' '));
    is_key.then(|| (key, value.trim()))
}

/// Whether the beginning of a text looks like a Mascot generic file.
pub(crate) fn looks_like(head: &str) -> bool {
    head.split(['\n', '\r']).any(|line| is_mark(line, "BEGIN"))
}

#[cfg(test)]
mod tests;
