//! Which rows have a peak at each m/z: a bit for each. They count the common peaks; and where a trace is none, they tell which
//! peaks part the neighbours on both sides of them because the other spectrum has none there.

use std::ops::Range;

use probity_kernels::{InstructionSet, Work, prefetch, run_with};

use super::mz_columns::MzColumns;
use super::ratio_plan::PlannedPair;
use super::{BLOCK_ROWS, MZ_LIMIT};
use crate::stored::{Columns, Stored};

/// Bytes of a block.
const BYTES: usize = BLOCK_ROWS / 8;

/// The bits of up to [`CHUNK_ROWS`](super::CHUNK_ROWS) rows.
#[derive(Debug, Clone)]
pub(super) struct PeakBits(MzColumns<BYTES>);

/// Blocks whose peaks are counted side by side.
const BLOCKS_TOGETHER: usize = 4;

/// How many blocks ahead a column is asked for: a few lines, of more columns than the processor guesses.
const AHEAD: usize = 16;

/// A bit for each row of some blocks.
type Bits = [u64; BLOCKS_TOGETHER];

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

    /// How many of some m/z, fewer than 65,536, each row has a peak at, in all blocks.
    pub(super) fn counts(
        &self,
        mz: impl Iterator<Item = u32>,
        instructions: InstructionSet,
    ) -> Vec<[u16; BLOCK_ROWS]> {
        let columns = mz.filter_map(|mz| self.0.at(mz)).collect();
        run_with(instructions, Counting { columns, blocks: self.0.blocks() })
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

/// Counts the bits of each row.
struct Counting<'a> {
    columns: Vec<&'a [[u8; BYTES]]>,
    blocks: usize,
}

impl Counting<'_> {
    /// The counts of fewer columns than numbers of so many binary digits.
    #[inline(always)]
    fn counts<const DIGITS: usize>(&self) -> Vec<[u16; BLOCK_ROWS]> {
        let mut counts = vec![[0; BLOCK_ROWS]; self.blocks];
        let (steps, rest) = counts.as_chunks_mut::<BLOCKS_TOGETHER>();
        let first_of_rest = steps.len() * BLOCKS_TOGETHER;
        for (step, counts) in steps.iter_mut().enumerate() {
            let ahead = (step * BLOCKS_TOGETHER + AHEAD).min(self.blocks - 1);
            let bits = |column: &[[u8; BYTES]]| {
                prefetch(&column[ahead]);
                column.as_chunks().0[step]
            };
            self.count::<DIGITS>(bits, counts);
        }
        // Nothing where there is no block.
        let bits = |column: &[[u8; BYTES]]| {
            let rest = &column[first_of_rest..];
            std::array::from_fn(|block| rest.get(block).copied().unwrap_or_default())
        };
        self.count::<DIGITS>(bits, rest);
        counts
    }

    /// The counts of some blocks, of which `bits` tells the bits of a column.
    #[inline(always)]
    fn count<const DIGITS: usize>(
        &self,
        bits: impl Fn(&[[u8; BYTES]]) -> [[u8; BYTES]; BLOCKS_TOGETHER],
        counts: &mut [[u16; BLOCK_ROWS]],
    ) {
        let bits = |column: &&[[u8; BYTES]]| bits(column).map(u64::from_le_bytes);
        // The binary digits of each row's number, the lowest first.
        let mut digits = [Bits::default(); DIGITS];
        let (fours, rest) = self.columns.as_chunks::<4>();
        for [a, b, c, d] in fours {
            add::<DIGITS>(&mut digits, [bits(a), bits(b), bits(c), bits(d)]);
        }
        for column in rest {
            add::<DIGITS>(&mut digits, [bits(column), Bits::default(), Bits::default(), Bits::default()]);
        }
        for (block, counts) in counts.iter_mut().enumerate() {
            for (digits, power) in digits.chunks(8).zip([0, 8]) {
                let digits = digits.iter().map(|digit| digit[block]);
                let low = bytes_of(digits);
                counts.iter_mut().zip(low).for_each(|(count, byte)| *count |= u16::from(byte) << power);
            }
        }
    }
}

/// Adds four bits to numbers of binary digits.
#[inline(always)]
fn add<const DIGITS: usize>(digits: &mut [Bits; DIGITS], [a, b, c, d]: [Bits; 4]) {
    let carried = [add_two(&mut digits[0], a, b), add_two(&mut digits[0], c, d)];
    let mut carried = add_two(&mut digits[1], carried[0], carried[1]);
    for digit in &mut digits[2..] {
        for (digit, carried) in digit.iter_mut().zip(&mut carried) {
            (*digit, *carried) = (*digit ^ *carried, *digit & *carried);
        }
    }
}

/// Adds two bits to a digit, and returns what is carried to the next.
#[inline(always)]
fn add_two(digit: &mut Bits, one: Bits, other: Bits) -> Bits {
    let mut carried = Bits::default();
    for block in 0..BLOCKS_TOGETHER {
        let (a, b, c) = (digit[block], one[block], other[block]);
        digit[block] = a ^ b ^ c;
        carried[block] = a & b | (a ^ b) & c;
    }
    carried
}

/// For each byte its bits as the lowest of eight bytes.
static SPREAD: [u64; 256] = {
    let mut spread = [0; 256];
    let mut place = 0;
    while place < 256 * 8 {
        let (byte, bit) = (place / 8, place % 8);
        spread[byte] |= ((byte >> bit & 1) as u64) << (8 * bit);
        place += 1;
    }
    spread
};

/// A block's numbers of up to eight binary digits, the lowest first.
#[inline(always)]
fn bytes_of(digits: impl Iterator<Item = u64>) -> [u8; BLOCK_ROWS] {
    let mut numbers = [0_u64; BLOCK_ROWS / 8];
    for (power, digit) in digits.enumerate() {
        for (numbers, byte) in numbers.iter_mut().zip(digit.to_le_bytes()) {
            *numbers |= SPREAD[usize::from(byte)] << power;
        }
    }
    let mut bytes = [0; BLOCK_ROWS];
    bytes
        .as_chunks_mut()
        .0
        .iter_mut()
        .zip(numbers)
        .for_each(|(bytes, numbers)| *bytes = numbers.to_le_bytes());
    bytes
}

impl Work for Counting<'_> {
    type Output = Vec<[u16; BLOCK_ROWS]>;

    #[inline(always)]
    fn run(self) -> Self::Output {
        if self.columns.len() < 256 { self.counts::<8>() } else { self.counts::<16>() }
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
    use proptest::prelude::*;

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

    proptest! {
        #[test]
        fn common_peaks_are_counted(
            rows in prop::collection::vec(prop::collection::btree_set(0..MZ_LIMIT + 40, 0..200), 0..400),
            // All the same, so that many are common.
            ends in prop::collection::vec(0..1_000_u32, 0..400),
            query in prop::collection::btree_set(0..MZ_LIMIT, 0..700),
        ) {
            let all = rows.into_iter().map(|row| row.into_iter().collect::<Vec<u32>>());
            let rows: Vec<Vec<u32>> = all.chain(ends.into_iter().map(|end| (0..end).collect())).collect();
            let bits = PeakBits::of(rows.len(), |row| rows[row].iter().copied());
            for instructions in [InstructionSet::Portable, InstructionSet::detected()] {
                let counts = bits.counts(query.iter().copied(), instructions);
                prop_assert_eq!(counts.len(), rows.len().div_ceil(BLOCK_ROWS));
                for (row, peaks) in rows.iter().enumerate() {
                    let common = peaks.iter().filter(|&mz| query.contains(mz)).count();
                    prop_assert_eq!(usize::from(counts[row / BLOCK_ROWS][row % BLOCK_ROWS]), common);
                }
            }
        }
    }
}
