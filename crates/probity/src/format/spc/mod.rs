//! Galactic (Thermo) GRAMS SPC: one header, then one or many pages of values.
//!
//! Read are the versions `0x4B` (1996 on, little-endian), `0x4C` (the same, big-endian) and `0x4D` (LabCalc,
//! before 1996). The x values are evenly spaced, listed once for all pages, or listed for each; the y values are
//! whole numbers of 16 or 32 bits with a power of two, or 32-bit floating-point numbers (exponent −128). Sources:
//! the layout of `SPC.H` as Galactic published it with its *Data File Format* documents of 1986 and 1997, and the
//! bytes of public files.
//!
//! Two rules that readers disagree about, and what decides them:
//! * **Which exponent holds.** In a file of several pages that of each page's own subheader: the exponents differ
//!   from page to page so that all whole numbers stay below a quarter of their range. In a file of one page that
//!   of the main header, since there the subheader's is often left 0.
//! * **The order of x** is that of the file; it falls in many infrared spectra.

mod header;
mod layout;
mod log;
mod page;
mod record;
pub(super) mod unit;

use super::bytes::Bytes;
use super::curve_draft::finish;
use super::noter::Noter;
use super::{Parsed, ReadOptions};
use crate::error::Result;
use header::Header;

/// Reads a Galactic SPC file: one record for each page (subfile), in the order of the file.
///
/// The name is the first line of the memo. A page's z value, the log and what else the header states stand among the
/// other fields; the log only in the first record.
///
/// # Errors
/// `Malformed` with byte and field if the file ends within its header or no page is whole, and where the reader is
/// strict and something has to be repaired or left out; `Unsupported` for an old file with listed x values, of which
/// no description exists; `LimitReached` beyond a limit of `options`.
pub fn read_spc(bytes: &[u8], options: &ReadOptions) -> Result<Parsed> {
    let mut noter = Noter::new(options);
    let header = Header::read(Bytes::try_new(bytes, options)?, &mut noter)?;
    let records = record::read_pages(&header, &mut noter)?;
    finish(records, noter)
}

/// Whether a file begins like one: flags, then a version. Only a header of full size counts, so that no text is
/// taken for one; and in the old version, whose byte is a letter in many files, only with a number of points.
pub(crate) fn looks_like(bytes: &[u8]) -> bool {
    if bytes.len() < 256 || !bytes[..256].contains(&0) {
        return false;
    }
    let old_points = f32::from_le_bytes([bytes[4], bytes[5], bytes[6], bytes[7]]);
    match bytes[1] {
        0x4b | 0x4c => true,
        0x4d => old_points >= 1.0 && old_points.fract() == 0.0,
        _ => false,
    }
}

#[cfg(test)]
mod tests;
