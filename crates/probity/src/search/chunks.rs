//! The parts of an index: built in memory, or stored and read when they are first asked for.

use std::sync::{Arc, OnceLock};

use crate::error::Result;
use crate::index::{FlatChunk, RatioLevels};
use crate::library::{IndexFile, Items};

/// Parts of an index, each of consecutive rows.
#[derive(Debug)]
pub(super) enum Chunks<T> {
    Built(Vec<T>),
    Stored(Arc<IndexFile>, Vec<OnceLock<T>>),
}

impl<T> Chunks<T> {
    /// The stored parts of a file.
    ///
    /// # Errors
    /// `Damaged`.
    pub(super) fn stored(file: &Arc<IndexFile>) -> Result<Self> {
        let chunks = (0..file.bound_parts()?).map(|_| OnceLock::new()).collect();
        Ok(Self::Stored(Arc::clone(file), chunks))
    }

    /// The number of parts.
    pub(super) fn len(&self) -> usize {
        match self {
            Self::Built(chunks) => chunks.len(),
            Self::Stored(_, chunks) => chunks.len(),
        }
    }

    /// One of the parts; `read` makes it of its bytes.
    ///
    /// # Errors
    /// `Damaged`.
    ///
    /// # Panics
    /// If there is no such part.
    pub(super) fn at(&self, number: usize, read: impl FnOnce(&[u8]) -> Option<T>) -> Result<&T> {
        match self {
            Self::Built(chunks) => Ok(&chunks[number]),
            Self::Stored(file, chunks) => {
                if let Some(chunk) = chunks[number].get() {
                    return Ok(chunk);
                }
                let chunk = read(file.bounds(number)?)
                    .ok_or_else(|| file.damaged_bounds(number, "the bounds contradict each other"))?;
                // Another thread may have been faster; both read the same.
                Ok(chunks[number].get_or_init(|| chunk))
            }
        }
    }
}

/// Each row's values for closer bounds.
#[derive(Debug)]
pub(super) enum CloseRows {
    Built(Items),
    Stored(Arc<IndexFile>),
}

impl CloseRows {
    /// A row's values.
    ///
    /// # Errors
    /// `Damaged`.
    pub(super) fn at(&self, row: usize) -> Result<&[u8]> {
        match self {
            Self::Built(items) => Ok(items.at(row).unwrap_or_default()),
            Self::Stored(file) => file.close(row),
        }
    }

    /// The values of all rows.
    ///
    /// # Errors
    /// `Damaged`.
    pub(super) fn into_items(self) -> Result<Items> {
        match self {
            Self::Built(items) => Ok(items),
            Self::Stored(file) => {
                let mut items = Items::default();
                for row in 0..file.rows() {
                    // No file in memory has more rows than it has bytes.
                    items.push(file.close(row as usize)?);
                }
                Ok(items)
            }
        }
    }
}

/// What belongs to each part of an index of unit mass and is read in place.
#[derive(Debug)]
pub(super) enum RatioParts {
    Built(Items),
    Stored(Arc<IndexFile>),
}

impl RatioParts {
    /// What belongs to a part; `None` where its bounds have no such.
    ///
    /// # Errors
    /// `Damaged`.
    pub(super) fn at<'a>(&'a self, number: usize, chunk: &FlatChunk) -> Result<Option<RatioLevels<'a>>> {
        match self {
            Self::Built(items) => {
                Ok(chunk.stored_ratio_levels(items.at(number).unwrap_or_default()).flatten())
            }
            Self::Stored(file) => chunk
                .stored_ratio_levels(file.ratio_levels(number)?)
                .ok_or_else(|| file.damaged_ratio_levels(number, "it is not as long as the bounds")),
        }
    }

    /// What belongs to all of so many parts.
    ///
    /// # Errors
    /// `Damaged`.
    pub(super) fn into_items(self, parts: usize) -> Result<Items> {
        match self {
            Self::Built(items) => Ok(items),
            Self::Stored(file) => {
                let mut items = Items::default();
                (0..parts).try_for_each(|part| file.ratio_levels(part).map(|bytes| items.push(bytes)))?;
                Ok(items)
            }
        }
    }
}
