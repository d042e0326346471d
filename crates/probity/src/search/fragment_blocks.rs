//! The blocks of an index of accurate mass: built in memory, or read where they are stored.

use std::ops::Range;
use std::sync::{Arc, OnceLock};

use super::chunks::CloseRows;
use crate::error::{Error, Result};
use crate::index::{FRAGMENT_BLOCK_ROWS, FragmentBlock, FragmentColumns};
use crate::library::{IndexFile, Items};

/// Blocks of consecutive rows, and the compact peaks of all.
#[derive(Debug)]
pub(super) struct FragmentBlocks {
    blocks: Blocks,
    peaks: CloseRows,
}

#[derive(Debug)]
enum Blocks {
    Built(Vec<(OnceLock<FragmentBlock>, Vec<u8>)>),
    /// What a block's header says, and where its bytes stand among the bounds.
    Stored(Arc<IndexFile>, Vec<OnceLock<(FragmentBlock, Range<usize>)>>),
}

/// What is stored of the rows of a block.
#[derive(Debug, Clone)]
pub(super) struct BlockColumns<'a> {
    bytes: BlockBytes<'a>,
    peaks: &'a CloseRows,
    number: usize,
}

#[derive(Debug, Clone)]
enum BlockBytes<'a> {
    Built(&'a [u8]),
    Stored(&'a IndexFile, Range<usize>),
}

impl FragmentBlocks {
    /// The bytes of blocks that were built, with what was made of the peaks of their rows.
    pub(super) fn built(blocks: Vec<(Vec<u8>, Items)>) -> Self {
        let (mut bytes, mut peaks) = (Vec::with_capacity(blocks.len()), Items::default());
        for (block, of_block) in blocks {
            bytes.push((OnceLock::new(), block));
            peaks.append(&of_block);
        }
        Self { blocks: Blocks::Built(bytes), peaks: CloseRows::Built(peaks) }
    }

    /// The stored blocks of a file.
    ///
    /// # Errors
    /// `Damaged`.
    pub(super) fn stored(file: &Arc<IndexFile>) -> Result<Self> {
        let blocks = (0..file.bound_parts()?).map(|_| OnceLock::new()).collect();
        Ok(Self {
            blocks: Blocks::Stored(Arc::clone(file), blocks),
            peaks: CloseRows::Stored(Arc::clone(file)),
        })
    }

    /// The number of blocks.
    pub(super) fn len(&self) -> usize {
        match &self.blocks {
            Blocks::Built(blocks) => blocks.len(),
            Blocks::Stored(_, blocks) => blocks.len(),
        }
    }

    /// One of the blocks.
    ///
    /// # Errors
    /// `Damaged`.
    ///
    /// # Panics
    /// If there is no such block.
    pub(super) fn at(&self, number: usize) -> Result<(&FragmentBlock, BlockColumns<'_>)> {
        let columns = |bytes| BlockColumns { bytes, peaks: &self.peaks, number };
        match &self.blocks {
            Blocks::Built(blocks) => {
                let (block, bytes) = &blocks[number];
                let columns = columns(BlockBytes::Built(bytes));
                if let Some(block) = block.get() {
                    return Ok((block, columns));
                }
                let opened = FragmentBlock::open(&columns, bytes.len())?;
                Ok((block.get_or_init(|| opened), columns))
            }
            Blocks::Stored(file, blocks) => {
                if let Some((block, place)) = blocks[number].get() {
                    return Ok((block, columns(BlockBytes::Stored(file, place.clone()))));
                }
                let place = file.place_of_bounds(number)?;
                let columns = columns(BlockBytes::Stored(file, place.clone()));
                let opened = (FragmentBlock::open(&columns, place.len())?, place);
                // Another thread may have been faster; both read the same.
                Ok((&blocks[number].get_or_init(|| opened).0, columns))
            }
        }
    }

    /// What was made of the peaks of a row.
    ///
    /// # Errors
    /// `Damaged`.
    pub(super) fn peaks(&self, row: usize) -> Result<&[u8]> {
        self.peaks.at(row)
    }

    /// The bytes of all blocks, and what was made of the peaks of all rows.
    ///
    /// # Errors
    /// `Damaged`.
    pub(super) fn into_items(self) -> Result<(Items, Items)> {
        let mut items = Items::default();
        match self.blocks {
            Blocks::Built(blocks) => blocks.iter().for_each(|(_, bytes)| items.push(bytes)),
            Blocks::Stored(file, blocks) => {
                for number in 0..blocks.len() {
                    items.push(file.bytes_of_bounds(file.place_of_bounds(number)?)?);
                }
            }
        }
        Ok((items, self.peaks.into_items()?))
    }
}

impl FragmentColumns for BlockColumns<'_> {
    fn block(&self, range: Range<usize>) -> Result<&[u8]> {
        match &self.bytes {
            BlockBytes::Built(bytes) => bytes.get(range).ok_or_else(|| self.contradiction()),
            BlockBytes::Stored(file, place) => {
                file.bytes_of_bounds(place.start + range.start..place.start + range.end)
            }
        }
    }

    fn peaks(&self, row: usize) -> Result<&[u8]> {
        self.peaks.at(self.number * FRAGMENT_BLOCK_ROWS + row)
    }

    fn contradiction(&self) -> Error {
        let message = "the bounds contradict each other";
        match &self.bytes {
            BlockBytes::Built(_) => Error::damaged(message),
            BlockBytes::Stored(file, _) => file.damaged_bounds(self.number, message),
        }
    }
}
