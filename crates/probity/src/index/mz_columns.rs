//! Columns by m/z, of blocks of 64 rows each.

use probity_kernels::LargeMemory;

use super::{BLOCK_ROWS, CHUNK_ROWS, MZ_LIMIT};
use crate::stored::{Columns, Stored, put_number, put_u16s};

/// Bytes that come from the memory together.
const LINE: usize = 64;

/// A column for each m/z that occurs, of as many blocks, which take so many bytes each.
#[derive(Debug, Clone, Default)]
pub(super) struct MzColumns<const BYTES: usize> {
    blocks: usize,
    /// For each m/z the number of its column, from 1; 0 for none.
    column_of_mz: Vec<u16>,
    /// The columns one after the other, each beginning after so many blocks: some are left empty.
    items: LargeMemory,
    stride: usize,
}

impl<const BYTES: usize> MzColumns<BYTES> {
    /// Columns of zeros for each m/z below [`MZ_LIMIT`].
    pub(super) fn of(mz: impl Iterator<Item = u32>, blocks: usize) -> Self {
        let mut column_of_mz = vec![0; MZ_LIMIT as usize];
        mz.for_each(|mz| column_of_mz[mz as usize] = 1);
        let mut columns = 0;
        for number in column_of_mz.iter_mut().filter(|number| **number > 0) {
            columns += 1;
            *number = columns;
        }
        let stride = Self::stride(blocks);
        Self { blocks, column_of_mz, items: LargeMemory::of(usize::from(columns) * stride * BYTES), stride }
    }

    /// An odd number of lines. Were it a power of two, one block of many columns would not fit into a processor's first
    /// cache, where such addresses share few places.
    pub(super) fn stride(blocks: usize) -> usize {
        let of_line = LINE / BYTES;
        (blocks.div_ceil(of_line) | 1) * of_line
    }

    /// The column of an m/z; `None` if no row has a peak there.
    pub(super) fn at(&self, mz: u32) -> Option<&[[u8; BYTES]]> {
        let first = self.first_of(mz)?;
        Some(&self.items.as_chunks().0[first..][..self.blocks])
    }

    /// The same, to be filled.
    pub(super) fn at_mut(&mut self, mz: u32) -> Option<&mut [[u8; BYTES]]> {
        let first = self.first_of(mz)?;
        Some(&mut self.items.as_chunks_mut().0[first..][..self.blocks])
    }

    fn first_of(&self, mz: u32) -> Option<usize> {
        Some(self.number(mz)? * self.stride)
    }

    /// Which of the columns that of an m/z is.
    pub(super) fn number(&self, mz: u32) -> Option<usize> {
        self.column_of_mz.get(mz as usize)?.checked_sub(1).map(usize::from)
    }

    /// The number of columns.
    pub(super) fn count(&self) -> usize {
        self.column_of_mz.iter().copied().max().map_or(0, usize::from)
    }

    /// The number of blocks.
    pub(super) fn blocks(&self) -> usize {
        self.blocks
    }
}

impl<const BYTES: usize> Stored for MzColumns<BYTES> {
    fn write(&self, bytes: &mut Vec<u8>) {
        put_number(bytes, self.blocks);
        put_u16s(bytes, &self.column_of_mz);
        let columns =
            self.items.chunks(self.stride.max(1) * BYTES).map(|column| &column[..self.blocks * BYTES]);
        put_number(bytes, columns.len() * self.blocks);
        columns.for_each(|column| bytes.extend(column));
    }

    fn read(columns: &mut Columns<'_>) -> Option<Self> {
        let blocks = columns.number().filter(|&blocks| blocks <= CHUNK_ROWS / BLOCK_ROWS)?;
        let column_of_mz = columns.u16s()?;
        let stored: &[[u8; BYTES]] = columns.items()?;
        let last = usize::from(column_of_mz.iter().copied().max()?);
        if last.checked_mul(blocks) != Some(stored.len()) {
            return None;
        }
        let stride = Self::stride(blocks);
        let mut items = LargeMemory::of(last * stride * BYTES);
        if blocks > 0 {
            let columns = items.as_chunks_mut().0.chunks_mut(stride).zip(stored.chunks(blocks));
            columns.for_each(|(column, stored)| column[..blocks].copy_from_slice(stored));
        }
        Some(Self { blocks, column_of_mz, items, stride })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    type Wide = MzColumns<32>;

    proptest! {
        #[test]
        fn columns_are_read_as_they_were_written(
            mz in prop::collection::btree_set(0..MZ_LIMIT, 0..20),
            blocks in 0_usize..=CHUNK_ROWS / BLOCK_ROWS,
        ) {
            let mut columns = Wide::of(mz.iter().copied(), blocks);
            for &mz in &mz {
                let column = columns.at_mut(mz).unwrap();
                column.iter_mut().zip(0_usize..).for_each(|(block, place)| block.fill((mz as usize + place) as u8));
            }
            let mut bytes = Vec::new();
            columns.write(&mut bytes);
            let read = Wide::read_whole(&bytes).unwrap();
            prop_assert_eq!(read.blocks(), blocks);
            prop_assert!((0..MZ_LIMIT).all(|mz| read.at(mz) == columns.at(mz)));
            prop_assert!(mz.iter().all(|&mz| read.at(mz).unwrap().len() == blocks));
            // A block less, and one more than a part has.
            prop_assert!(bytes.len() < 40 || Wide::read_whole(&bytes[..bytes.len() - 32]).is_none());
        }
    }

    #[test]
    fn no_part_has_that_many_blocks() {
        for blocks in [CHUNK_ROWS / BLOCK_ROWS + 1, usize::MAX] {
            let mut bytes = Vec::new();
            put_number(&mut bytes, blocks);
            put_u16s(&mut bytes, &[0; MZ_LIMIT as usize]);
            put_number(&mut bytes, 0);
            assert!(Wide::read_whole(&bytes).is_none());
        }
    }
}
