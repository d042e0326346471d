//! Sums of what the ratios of neighbouring common peaks can be, over columns of levels with their sixteenths: the inner loop
//! of a ratio term.

use crate::InstructionSet;
use crate::level_bounds::{LEVEL_BLOCK_ROWS, LevelBlock};

/// Columns that are read side by side, each of levels and of parts.
const COLUMNS_TOGETHER: usize = 12;

/// So many values of a [`RatioTable`] fit into a byte.
const VALUES_OF_BYTE: usize = 4;

/// The largest value of a [`RatioTable`].
pub const LARGEST_RATIO: u8 = 63;

/// How many blocks ahead a column is asked for.
const AHEAD: usize = 8;

/// One column of levels, and where in its level each value lies.
#[derive(Debug, Clone, Copy)]
pub struct FineColumn<'a> {
    /// The levels of all rows, 0 to 15.
    pub levels: &'a [LevelBlock],
    /// In which sixteenth of its level each row's value lies, 0 to 15, packed as levels are.
    pub parts: &'a [LevelBlock],
    /// Where the query's value lies: 16 times level plus part, modulo 256.
    pub own: u8,
}

/// What a ratio can be at most, in units of 1 / [`LARGEST_RATIO`], by how far apart two neighbours lie from the query's, in
/// sixteenths of a level.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RatioTable {
    /// Of those that are less than 16 apart.
    near: [u8; 16],
    /// Of the others, in steps of 4; the last also of all that are farther apart.
    far: [u8; 16],
}

impl RatioTable {
    /// The table of bounds, at most [`LARGEST_RATIO`], that do not rise with how far apart two values are.
    #[must_use]
    pub fn of(bound: impl Fn(u8) -> u8) -> Self {
        let bound = |apart: usize| bound(apart as u8).min(LARGEST_RATIO);
        Self {
            near: std::array::from_fn(bound),
            far: std::array::from_fn(|step| if step < 4 { 0 } else { bound(4 * step) }),
        }
    }

    /// The bound of values that are so far apart.
    #[must_use]
    pub fn bound(&self, apart: u8) -> u8 {
        let apart = usize::from(apart);
        if apart < 16 { self.near[apart] } else { self.far[(apart / 4).min(15)] }
    }
}

/// What some columns add for 64 rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RatioChains {
    /// The sum of bounds of each row over the columns where its level is above 1, each with the one before; for the first of
    /// a row with a place of 0. It stays at 65535.
    pub ratios: [u16; LEVEL_BLOCK_ROWS],
    /// In how many columns the level of each row is above 0.
    pub common: [u16; LEVEL_BLOCK_ROWS],
    /// In how many it is above 1.
    pub told: [u16; LEVEL_BLOCK_ROWS],
    /// The place of each row's last value, relative to the query's.
    last: [u8; LEVEL_BLOCK_ROWS],
}

impl Default for RatioChains {
    fn default() -> Self {
        let nothing = [0; LEVEL_BLOCK_ROWS];
        Self { ratios: nothing, common: nothing, told: nothing, last: [0; LEVEL_BLOCK_ROWS] }
    }
}

/// Adds to the rows of some blocks, from the first on, what their values in the columns, in this order, stand for. Where a
/// column ends before the blocks do, it has level 0. No more than 65,535 columns may be added.
pub fn add_ratio_chains(
    instructions: InstructionSet,
    columns: &[FineColumn<'_>],
    table: &RatioTable,
    first_block: usize,
    sums: &mut [RatioChains],
) {
    for columns in columns.chunks(COLUMNS_TOGETHER) {
        for (block, sums) in (first_block..).zip(&mut *sums) {
            #[cfg(target_arch = "x86_64")]
            // Anybody can name AVX2, so that the processor is asked too; the answer is cached.
            if instructions == InstructionSet::Avx2 && InstructionSet::detected() == InstructionSet::Avx2 {
                // SAFETY: the processor has AVX2.
                unsafe { add_with_avx2(columns, table, block, sums) };
                continue;
            }
            let _ = instructions;
            add_portably(columns, table, block, sums);
        }
    }
}

fn add_portably(columns: &[FineColumn<'_>], table: &RatioTable, block: usize, sums: &mut RatioChains) {
    let half = LEVEL_BLOCK_ROWS / 2;
    for column in columns {
        let (Some(levels), Some(parts)) = (column.levels.get(block), column.parts.get(block)) else {
            continue;
        };
        for row in 0..LEVEL_BLOCK_ROWS {
            let of_row = |packed: &LevelBlock| packed[row % half] >> (4 * (row / half)) & 15;
            let (level, part) = (of_row(levels), of_row(parts));
            sums.common[row] = sums.common[row].wrapping_add(u16::from(level > 0));
            if level > 1 {
                let place = (16 * level + part).wrapping_sub(column.own);
                let apart = place.wrapping_sub(sums.last[row]).cast_signed().unsigned_abs();
                sums.ratios[row] = sums.ratios[row].saturating_add(u16::from(table.bound(apart)));
                sums.told[row] = sums.told[row].wrapping_add(1);
                sums.last[row] = place;
            }
        }
    }
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
fn add_with_avx2(columns: &[FineColumn<'_>], table: &RatioTable, block: usize, sums: &mut RatioChains) {
    add_half_with_avx2::<0>(columns, table, block, sums);
    add_half_with_avx2::<1>(columns, table, block, sums);
}

/// The first or the second 32 rows of a block.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
#[inline]
fn add_half_with_avx2<const HALF: usize>(
    columns: &[FineColumn<'_>],
    table: &RatioTable,
    block: usize,
    sums: &mut RatioChains,
) {
    use std::arch::x86_64::{
        __m256i, _MM_HINT_T0, _mm_loadu_si128, _mm_prefetch, _mm256_abs_epi8, _mm256_add_epi8,
        _mm256_add_epi16, _mm256_adds_epu8, _mm256_adds_epu16, _mm256_and_si256, _mm256_blendv_epi8,
        _mm256_broadcastsi128_si256, _mm256_castsi256_si128, _mm256_cmpeq_epi8, _mm256_cvtepu8_epi16,
        _mm256_extracti128_si256, _mm256_loadu_si256, _mm256_min_epu8, _mm256_or_si256, _mm256_set1_epi8,
        _mm256_setzero_si256, _mm256_shuffle_epi8, _mm256_slli_epi16, _mm256_srli_epi16, _mm256_storeu_si256,
        _mm256_sub_epi8,
    };
    let rows = LEVEL_BLOCK_ROWS / 2;
    let byte = |value: u8| _mm256_set1_epi8(value.cast_signed());
    let (zero, low_half, high_half) = (_mm256_setzero_si256(), byte(0x0F), byte(0xF0));
    // SAFETY: both arrays are as long as what is read from them; no alignment is asked.
    let (near, far) = unsafe {
        (
            _mm256_broadcastsi128_si256(_mm_loadu_si128(table.near.as_ptr().cast())),
            _mm256_broadcastsi128_si256(_mm_loadu_si128(table.far.as_ptr().cast())),
        )
    };
    let last_place = sums.last[HALF * rows..].as_mut_ptr().cast::<__m256i>();
    // SAFETY: 32 bytes from the first or the second half of 64 on; no alignment is asked.
    let mut last = unsafe { _mm256_loadu_si256(last_place) };
    let (mut ratios, mut common, mut told) = ([zero; 2], zero, zero);
    let widened = |bytes: __m256i| {
        let parts = [_mm256_castsi256_si128(bytes), _mm256_extracti128_si256::<1>(bytes)];
        parts.map(|part| _mm256_cvtepu8_epi16(part))
    };
    for columns in columns.chunks(VALUES_OF_BYTE) {
        let mut few = zero;
        for column in columns {
            let (Some(levels), Some(parts)) = (column.levels.get(block), column.parts.get(block)) else {
                continue;
            };
            if HALF == 0 {
                // A prefetch reads nothing: any address will do.
                _mm_prefetch::<_MM_HINT_T0>(column.levels.as_ptr().wrapping_add(block + AHEAD).cast());
                _mm_prefetch::<_MM_HINT_T0>(column.parts.as_ptr().wrapping_add(block + AHEAD).cast());
            }
            // SAFETY: both are as long as what is read from them; no alignment is asked.
            let (levels, parts) = unsafe {
                (_mm256_loadu_si256(levels.as_ptr().cast()), _mm256_loadu_si256(parts.as_ptr().cast()))
            };
            // 16 times the level, and the part.
            let (level, part) = if HALF == 0 {
                let level = _mm256_and_si256(_mm256_slli_epi16::<4>(levels), high_half);
                (level, _mm256_and_si256(parts, low_half))
            } else {
                let part = _mm256_and_si256(_mm256_srli_epi16::<4>(parts), low_half);
                (_mm256_and_si256(levels, high_half), part)
            };
            let place = _mm256_sub_epi8(_mm256_or_si256(level, part), byte(column.own));
            let is_told = _mm256_cmpeq_epi8(_mm256_min_epu8(level, byte(0x20)), byte(0x20));
            // From 0 to 128.
            let apart = _mm256_abs_epi8(_mm256_sub_epi8(place, last));
            // A shuffle gives 0 where the top bit of its index is set, which it is from 16 on, and takes the low four
            // bits elsewhere. Below 16 the other table holds 0.
            let bound_near = _mm256_shuffle_epi8(near, _mm256_adds_epu8(apart, byte(0x70)));
            let step = _mm256_and_si256(_mm256_srli_epi16::<2>(apart), byte(0x3F));
            let bound_far = _mm256_shuffle_epi8(far, _mm256_min_epu8(step, low_half));
            let bound = _mm256_and_si256(_mm256_or_si256(bound_near, bound_far), is_told);
            few = _mm256_add_epi8(few, bound);
            last = _mm256_blendv_epi8(last, place, is_told);
            // What counts is −1.
            told = _mm256_sub_epi8(told, is_told);
            common =
                _mm256_sub_epi8(common, _mm256_cmpeq_epi8(_mm256_min_epu8(level, byte(0x10)), byte(0x10)));
        }
        for (sum, few) in ratios.iter_mut().zip(widened(few)) {
            // Three such sums of a byte.
            *sum = _mm256_add_epi16(*sum, few);
        }
    }
    // SAFETY: as above.
    unsafe { _mm256_storeu_si256(last_place, last) };
    for (place, (added, is_ratio)) in [
        (&mut sums.ratios, (ratios, true)),
        (&mut sums.common, (widened(common), false)),
        (&mut sums.told, (widened(told), false)),
    ] {
        let places = place[HALF * rows..][..rows].as_chunks_mut::<16>().0;
        for (place, added) in places.iter_mut().zip(added) {
            let place = place.as_mut_ptr().cast();
            // SAFETY: 16 numbers of 16 bits, 256 bits in all; no alignment is asked.
            unsafe {
                let before = _mm256_loadu_si256(place);
                let sum =
                    if is_ratio { _mm256_adds_epu16(before, added) } else { _mm256_add_epi16(before, added) };
                _mm256_storeu_si256(place, sum);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::set_level;

    #[test]
    fn by_hand() {
        // The bound falls by 1 for each step.
        let table = RatioTable::of(|apart| 63_u8.saturating_sub(apart));
        assert_eq!(
            [0, 15, 16, 19, 20, 60, 61, 128].map(|apart| table.bound(apart)),
            [63, 48, 47, 47, 43, 3, 3, 3]
        );
        // Row 0: level 3 part 2, level 1, level 2 part 15. Row 40: level 0, level 15 part 0, level 2 part 1.
        let blocks =
            [[(0, 3, 2), (40, 0, 0)], [(0, 1, 0), (40, 15, 0)], [(0, 2, 15), (40, 2, 1)]].map(|rows| {
                let (mut levels, mut parts) = ([[0; 32]], [[0; 32]]);
                for (row, level, part) in rows {
                    set_level(&mut levels, row, level);
                    set_level(&mut parts, row, part);
                }
                (levels, parts)
            });
        let columns: Vec<FineColumn<'_>> = blocks
            .iter()
            .zip([40, 0, 250])
            .map(|((levels, parts), own)| FineColumn { levels, parts, own })
            .collect();
        for instructions in [InstructionSet::Portable, InstructionSet::detected()] {
            let mut sums = [RatioChains::default()];
            add_ratio_chains(instructions, &columns, &table, 0, &mut sums);
            let [RatioChains { ratios, common, told, .. }] = sums;
            // 50 − 40 = 10 and, modulo 256, 47 − 250 = 53: 10 apart from 0 and 43 apart.
            assert_eq!((ratios[0], common[0], told[0]), (53 + 23, 3, 2));
            // 240 is 16 apart from 0, and 33 − 250 = 39 is 55 apart from that.
            assert_eq!((ratios[40], common[40], told[40]), (47 + 11, 2, 2));
            assert_eq!((ratios[1], common[1], told[1]), (0, 0, 0));
        }
    }

    proptest! {
        #[test]
        fn avx2_gives_the_bits_of_the_plain_twin(
            columns in prop::collection::vec(
                (
                    prop::collection::vec(any::<[u8; 32]>(), 0..5),
                    prop::collection::vec(any::<[u8; 32]>(), 0..5),
                    any::<u8>(),
                ),
                0..40,
            ),
            falls_by in 0_u8..4,
            start in prop_oneof![Just(0_u16), Just(65_000)],
            first in 0_usize..3,
        ) {
            let columns: Vec<FineColumn<'_>> =
                columns.iter().map(|(levels, parts, own)| FineColumn { levels, parts, own: *own }).collect();
            let table = RatioTable::of(|apart| 63_u8.saturating_sub(apart.saturating_mul(falls_by)));
            let run = |instructions| {
                let start = RatioChains { ratios: [start; 64], ..RatioChains::default() };
                let mut sums = [start; 4];
                add_ratio_chains(instructions, &columns, &table, first, &mut sums);
                sums
            };
            prop_assert_eq!(run(InstructionSet::Portable), run(InstructionSet::detected()));
        }

        #[test]
        fn no_table_lies_below_its_bounds(bounds in prop::collection::vec(0_u8..=63, 129)) {
            let mut falling = bounds;
            falling.sort_unstable_by(|a, b| b.cmp(a));
            let table = RatioTable::of(|apart| falling[usize::from(apart)]);
            prop_assert!((0..=128).all(|apart| table.bound(apart) >= falling[usize::from(apart)]));
        }
    }
}
