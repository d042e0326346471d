//! The directory: which blocks a file has.

use super::super::bytes::Bytes;
use super::super::disjoint::Disjoint;
use super::super::noter::Noter;
use super::kind::Kind;
use crate::error::{Error, Location, Result};

/// Where the header says where the directory stands, and how many blocks it lists.
const DIRECTORY: usize = 12;
const BLOCKS: usize = 20;
/// Bytes of an entry.
const ENTRY: usize = 12;
/// More blocks than any file has; OPUS itself makes room for 40.
const MOST_BLOCKS: usize = 4_096;

/// A block of a file.
#[derive(Debug, Clone, Copy)]
pub(super) struct Block {
    pub(super) kind: Kind,
    pub(super) offset: usize,
    /// In bytes.
    pub(super) size: usize,
    /// Where its entry stands in the directory.
    pub(super) entry: usize,
}

/// The blocks that lie within the file and do not overlap, in the order of the directory.
pub(super) fn blocks(bytes: Bytes<'_>, noter: &mut Noter) -> Result<Vec<Block>> {
    let start = bytes.size(DIRECTORY, "directory")?;
    let count = bytes.size(BLOCKS, "number of blocks")?;
    if count > MOST_BLOCKS {
        let message =
            format!("the file is said to have {count} blocks, and at most {MOST_BLOCKS} are allowed");
        return Err(Error::limit(message).at(Location::at_offset(BLOCKS as u64).at_field("number of blocks")));
    }
    bytes.slice(start, ENTRY * count, "directory")?;
    let (mut blocks, mut taken) = (Vec::with_capacity(count), Disjoint::default());
    for entry in (start..).step_by(ENTRY).take(count) {
        let kind = Kind(bytes.u32(entry, "type")?);
        let size = bytes.size(entry + 4, "size")?.saturating_mul(4);
        let offset = bytes.size(entry + 8, "offset")?;
        if !(kind.is_values() || kind.is_parameters()) || size == 0 {
            continue;
        }
        if !bytes.holds(offset, size) {
            let message =
                format!("the block of type {:#010x} does not lie within the file; it was not read", kind.0);
            noter.skipped_at(entry, "directory", message)?;
        } else if !taken.take(offset, size) {
            let message = format!("the block of type {:#010x} overlaps another; it was not read", kind.0);
            noter.skipped_at(entry, "directory", message)?;
        } else {
            blocks.push(Block { kind, offset, size, entry });
        }
    }
    Ok(blocks)
}
