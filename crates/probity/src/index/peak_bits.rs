//! Which rows have more than a trace at each m/z: a bit for each. Such a peak parts the neighbours on both sides of it
//! where the other spectrum has none.

use std::ops::Range;

use super::mz_columns::MzColumns;
use super::ratio_plan::PlannedPair;
use super::{BLOCK_ROWS, MZ_LIMIT};
use crate::stored::{Columns, Stored};

/// Bytes of a block.
const BYTES: usize = BLOCK_ROWS / 8;

/// The bits of up to [`CHUNK_ROWS`](super::CHUNK_ROWS) rows.
#[derive(Debug, Clone)]
pub(super) struct PeakBits(MzColumns<BYTES>);

impl PeakBits {
    /// The bits of so many rows, of which `peaks` tells the m/z; those from [`MZ_LIMIT`] on are left out.
    pub(super) fn of<I: Iterator<Item = u32>>(rows: usize, peaks: impl Fn(usize) -> I) -> Self {
        let peaks = |row: usize| peaks(row).filter(|&mz| mz < MZ_LIMIT);
        let mut columns = MzColumns::of((0..rows).flat_map(peaks), rows.div_ceil(BLOCK_ROWS));
        for row in 0..rows {
            for mz in peaks(row) {
                if let Some(column) = columns.at_mut(mz) {
                    column[row / BLOCK_ROWS][row % BLOCK_ROWS / 8] |= 1 << (row % 8);
                }
            }
        }
        Self(columns)
    }

    /// The number of blocks.
    pub(super) fn blocks(&self) -> usize {
        self.0.blocks()
    }

    /// In some blocks the rows, a bit for each, in which both peaks of a pair are no neighbours even if they are common:
    /// a peak of the row alone stands between them, or one of them is a trace in both spectra.
    pub(super) fn parted(&self, pair: &PlannedPair, blocks: Range<usize>) -> Vec<u64> {
        let mut parted = vec![0; blocks.len()];
        let column = |mz: u32| self.0.at(mz).map(|column| column[blocks.clone()].iter());
        for between in (pair.first + 1..pair.second).filter_map(column) {
            parted.iter_mut().zip(between).for_each(|(parted, bits)| *parted |= u64::from_le_bytes(*bits));
        }
        for (mz, is_trace) in [pair.first, pair.second].into_iter().zip(pair.are_traces) {
            match column(mz) {
                _ if !is_trace => {}
                Some(own) => {
                    parted
                        .iter_mut()
                        .zip(own)
                        .for_each(|(parted, bits)| *parted |= !u64::from_le_bytes(*bits));
                }
                None => parted.fill(u64::MAX),
            }
        }
        parted
    }
}

impl Stored for PeakBits {
    fn write(&self, bytes: &mut Vec<u8>) {
        self.0.write(bytes);
    }

    fn read(columns: &mut Columns<'_>) -> Option<Self> {
        MzColumns::read(columns).map(Self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lone_peak_parts_and_a_trace_does_not() {
        // What is more than a trace in each row: 50 and 52; 50, 51 and 52; nothing.
        let rows = [&[50, 52][..], &[50, 51, 52], &[]];
        let bits = PeakBits::of(rows.len(), |row| rows[row].iter().copied());
        let parted = |first, second, are_traces| {
            let pair = PlannedPair { first, second, are_traces, bounds: [0; 32], unknown: 0, weight: 0 };
            bits.parted(&pair, 0..1)[0] & 0b111
        };
        assert_eq!(parted(50, 52, [false, false]), 0b010);
        assert_eq!(parted(50, 51, [false, false]), 0);
        // Where the query has a trace the row has to have more.
        assert_eq!(parted(50, 51, [false, true]), 0b101);
        assert_eq!(parted(51, 52, [true, false]), 0b101);
        assert_eq!(parted(52, 60, [true, true]), 0b111);
    }
}
