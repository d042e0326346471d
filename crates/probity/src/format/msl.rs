//! MSL, the text format of AMDIS libraries: as MSP, with its peaks in round brackets and its retention
//! times (`RT`) in minutes.

use super::msp::{Dialect, looks_like_msl, read_dialect};
use super::{Parsed, ReadOptions};
use crate::error::Result;

/// Reads MSL.
///
/// # Errors
/// `LimitReached` beyond a limit of `options`; `Malformed` where there is no record at all, and for
/// the first irregularity where the reader is strict.
pub fn read_msl(bytes: &[u8], options: &ReadOptions) -> Result<Parsed> {
    read_dialect(bytes, Dialect::Msl, options)
}

/// Whether a text begins like MSL.
pub(crate) fn looks_like(head: &str) -> bool {
    looks_like_msl(head)
}
