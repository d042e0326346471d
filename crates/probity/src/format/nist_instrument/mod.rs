//! The locators of NIST MS Search's instrument protocol: two small text files by which a data system tells a
//! search program where the spectra are.
//!
//! The *first locator* is called `AUTOIMP.MSD`, stands in the folder of the search program, and names the
//! *second locator*. That one names the file of spectra and says whether they replace the list of spectra that the
//! program shows (`OVERWRITE`) or are added to it (`APPEND`). Callers differ: the word stands behind the path or on
//! the next line, a second line may hold two numbers, paths are absolute or relative, with either separator and
//! blanks, in UTF-8 or code page 1252.
//!
//! A locator may be read while its writer is not done. [`Locator::Unfinished`] says so, and what is missing.
//!
//! Sources: the manual of NIST MS Search, and what its callers do (MZmine, mssearchr, MSeasy, ChemClipse).

mod first_locator;
mod locator_path;
mod second_locator;

pub use first_locator::read_first_locator;
pub use locator_path::LocatorPath;
pub use second_locator::{Import, SecondLocator, read_second_locator};

use std::borrow::Cow;

use super::text::decode;
use super::{ReadOptions, ReadReport};
use crate::error::{Error, Result};

/// The most bytes that a locator may have.
pub const LOCATOR_BYTES: usize = 1 << 16;

/// What a locator says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Locator<T> {
    /// All that it must say.
    Whole(T),
    /// Not all yet: its writer may not be done. What is missing, as the end of a sentence that names the file.
    Unfinished(&'static str),
}

/// A locator's text.
fn text_of(bytes: &[u8]) -> Result<Cow<'_, str>> {
    if bytes.len() > LOCATOR_BYTES {
        return Err(Error::limit(format!("a locator holds at most {LOCATOR_BYTES} bytes")));
    }
    // The code page of a path is no irregularity here.
    decode(bytes, &ReadOptions::default(), &mut ReadReport::default())
}
