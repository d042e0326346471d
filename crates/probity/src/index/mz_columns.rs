//! Columns by m/z, of blocks of 64 rows each.

use super::MZ_LIMIT;
use crate::stored::{Columns, Stored, put_items, put_number, put_u16s};

/// A column for each m/z that occurs, of as many blocks, which take so many bytes each.
#[derive(Debug, Clone, Default)]
pub(super) struct MzColumns<const BYTES: usize> {
    blocks: usize,
    /// For each m/z the number of its column, from 1; 0 for none.
    column_of_mz: Vec<u16>,
    /// The columns one after the other.
    items: Vec<[u8; BYTES]>,
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
        Self { blocks, column_of_mz, items: vec![[0; BYTES]; usize::from(columns) * blocks] }
    }

    /// The column of an m/z; `None` if no row has a peak there.
    pub(super) fn at(&self, mz: u32) -> Option<&[[u8; BYTES]]> {
        let first = self.first_of(mz)?;
        Some(&self.items[first..][..self.blocks])
    }

    /// The same, to be filled.
    pub(super) fn at_mut(&mut self, mz: u32) -> Option<&mut [[u8; BYTES]]> {
        let first = self.first_of(mz)?;
        Some(&mut self.items[first..][..self.blocks])
    }

    fn first_of(&self, mz: u32) -> Option<usize> {
        let number = self.column_of_mz.get(mz as usize)?.checked_sub(1)?;
        Some(usize::from(number) * self.blocks)
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
        put_items(bytes, self.items.iter().copied());
    }

    fn read(columns: &mut Columns<'_>) -> Option<Self> {
        let blocks = columns.number()?;
        let column_of_mz = columns.u16s()?;
        let items: &[[u8; BYTES]] = columns.items()?;
        let last = usize::from(column_of_mz.iter().copied().max()?);
        (last.checked_mul(blocks) == Some(items.len())).then(|| Self {
            blocks,
            column_of_mz,
            items: items.to_vec(),
        })
    }
}
