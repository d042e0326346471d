//! Sums of what the ratios of neighbouring common peaks can be, over columns of places on a logarithmic scale: the inner
//! loop of a ratio term.

use crate::InstructionSet;
use crate::level_bounds::LEVEL_BLOCK_ROWS;

/// Columns that are read side by side.
const COLUMNS_TOGETHER: usize = 12;

/// So many values of a [`RatioTable`] fit into a byte.
const VALUES_OF_BYTE: usize = 4;

/// The largest value of a [`RatioTable`].
pub const LARGEST_RATIO: u8 = 63;

/// So many blocks before it is read a block is asked for.
const AHEAD: usize = 6;

/// Where the values of 64 rows lie on a logarithmic scale: 0 for no value, 1 for one that is not told, 2 and more for others.
pub type PlaceBlock = [u8; LEVEL_BLOCK_ROWS];

/// One column of places.
#[derive(Debug, Clone, Copy)]
pub struct PlaceColumn<'a> {
    /// The places of all rows.
    pub places: &'a [PlaceBlock],
    /// Where the query's value lies, modulo 256.
    pub own: u8,
}

/// What a ratio can be at most, in units of 1 / [`LARGEST_RATIO`], by how many places two neighbours are farther apart, or less
/// far, than the query's.
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
    /// The sum of bounds of each row over the columns where its value is told, each with the one before; for the first of
    /// a row with a place of 0. It stays at 65535.
    pub ratios: [u16; LEVEL_BLOCK_ROWS],
    /// In how many columns each row has a value.
    pub common: [u16; LEVEL_BLOCK_ROWS],
    /// In how many it is told.
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

/// Adds to the rows of some blocks what their values in the columns, in this order, stand for. Where a column ends before
/// a block, there is no value. No more than 65,535 columns may be added.
pub fn add_ratio_chains(
    instructions: InstructionSet,
    columns: &[PlaceColumn<'_>],
    table: &RatioTable,
    blocks: &[usize],
    sums: &mut [RatioChains],
) {
    for columns in columns.chunks(COLUMNS_TOGETHER) {
        for (number, (&block, sums)) in blocks.iter().zip(&mut *sums).enumerate() {
            #[cfg(target_arch = "x86_64")]
            // Anybody can name AVX2, so that the processor is asked too; the answer is cached.
            if instructions == InstructionSet::Avx2 && InstructionSet::detected() == InstructionSet::Avx2 {
                let ahead = blocks.get(number + AHEAD).copied();
                // SAFETY: the processor has AVX2.
                unsafe { add_with_avx2(columns, table, block, ahead, sums) };
                continue;
            }
            let _ = (instructions, number);
            add_portably(columns, table, block, sums);
        }
    }
}

fn add_portably(columns: &[PlaceColumn<'_>], table: &RatioTable, block: usize, sums: &mut RatioChains) {
    for column in columns {
        let Some(places) = column.places.get(block) else { continue };
        for (row, &place) in places.iter().enumerate() {
            sums.common[row] = sums.common[row].wrapping_add(u16::from(place > 0));
            if place > 1 {
                let place = place.wrapping_sub(column.own);
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
fn add_with_avx2(
    columns: &[PlaceColumn<'_>],
    table: &RatioTable,
    block: usize,
    ahead: Option<usize>,
    sums: &mut RatioChains,
) {
    use std::arch::x86_64::{_MM_HINT_T0, _mm_prefetch};
    if let Some(ahead) = ahead {
        for column in columns {
            // A prefetch reads nothing: any address will do.
            _mm_prefetch::<_MM_HINT_T0>(column.places.as_ptr().wrapping_add(ahead).cast());
        }
    }
    add_half_with_avx2::<0>(columns, table, block, sums);
    add_half_with_avx2::<1>(columns, table, block, sums);
}

/// The first or the second 32 rows of a block.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
#[inline]
fn add_half_with_avx2<const HALF: usize>(
    columns: &[PlaceColumn<'_>],
    table: &RatioTable,
    block: usize,
    sums: &mut RatioChains,
) {
    use std::arch::x86_64::{
        __m256i, _mm_loadu_si128, _mm256_abs_epi8, _mm256_add_epi8, _mm256_add_epi16, _mm256_adds_epu8,
        _mm256_adds_epu16, _mm256_and_si256, _mm256_blendv_epi8, _mm256_broadcastsi128_si256,
        _mm256_castsi256_si128, _mm256_cmpeq_epi8, _mm256_cvtepu8_epi16, _mm256_extracti128_si256,
        _mm256_loadu_si256, _mm256_max_epu8, _mm256_min_epu8, _mm256_or_si256, _mm256_set1_epi8,
        _mm256_setzero_si256, _mm256_shuffle_epi8, _mm256_srli_epi16, _mm256_storeu_si256, _mm256_sub_epi8,
    };
    let rows = LEVEL_BLOCK_ROWS / 2;
    let byte = |value: u8| _mm256_set1_epi8(value.cast_signed());
    let (zero, low_half) = (_mm256_setzero_si256(), byte(0x0F));
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
    let (mut ratios, mut absent, mut told) = ([zero; 2], zero, zero);
    // At most as many as are read side by side.
    let mut read = 0_u8;
    let widened = |bytes: __m256i| {
        let parts = [_mm256_castsi256_si128(bytes), _mm256_extracti128_si256::<1>(bytes)];
        parts.map(|part| _mm256_cvtepu8_epi16(part))
    };
    for columns in columns.chunks(VALUES_OF_BYTE) {
        let mut few = zero;
        for column in columns {
            let Some(places) = column.places.get(block) else { continue };
            // SAFETY: 32 bytes from the first or the second half of 64 on; no alignment is asked.
            let places = unsafe { _mm256_loadu_si256(places[HALF * rows..].as_ptr().cast()) };
            let place = _mm256_sub_epi8(places, byte(column.own));
            let is_told = _mm256_cmpeq_epi8(_mm256_max_epu8(places, byte(2)), places);
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
            absent = _mm256_sub_epi8(absent, _mm256_cmpeq_epi8(places, zero));
            read += 1;
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
        (&mut sums.common, (widened(_mm256_sub_epi8(byte(read), absent)), false)),
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

    #[test]
    fn by_hand() {
        // The bound falls by 1 for each step.
        let table = RatioTable::of(|apart| 63_u8.saturating_sub(apart));
        assert_eq!(
            [0, 15, 16, 19, 20, 60, 61, 128].map(|apart| table.bound(apart)),
            [63, 48, 47, 47, 43, 3, 3, 3]
        );
        let blocks = [[(0, 50), (40, 0)], [(0, 1), (40, 240)], [(0, 47), (40, 33)]].map(|rows| {
            let mut places = [[0; 64]];
            rows.into_iter().for_each(|(row, place)| places[0][row] = place);
            places
        });
        let columns: Vec<PlaceColumn<'_>> =
            blocks.iter().zip([40, 0, 250]).map(|(places, own)| PlaceColumn { places, own }).collect();
        for instructions in [InstructionSet::Portable, InstructionSet::detected()] {
            let mut sums = [RatioChains::default()];
            add_ratio_chains(instructions, &columns, &table, &[0], &mut sums);
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
                (prop::collection::vec(prop::array::uniform32(prop_oneof![any::<u8>(), 0_u8..3]), 0..10), any::<u8>()),
                0..40,
            ),
            falls_by in 0_u8..4,
            start in prop_oneof![Just(0_u16), Just(65_000)],
            blocks in prop::collection::vec(0_usize..7, 4),
        ) {
            let columns: Vec<PlaceColumn<'_>> = columns
                .iter()
                .map(|(places, own)| PlaceColumn { places: places.as_flattened().as_chunks().0, own: *own })
                .collect();
            let table = RatioTable::of(|apart| 63_u8.saturating_sub(apart.saturating_mul(falls_by)));
            let run = |instructions| {
                let start = RatioChains { ratios: [start; 64], ..RatioChains::default() };
                let mut sums = [start; 4];
                add_ratio_chains(instructions, &columns, &table, &blocks, &mut sums);
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
