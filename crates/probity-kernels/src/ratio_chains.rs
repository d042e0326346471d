//! Sums of what the ratios of neighbouring common peaks lose against 1, over columns of places on a logarithmic scale: the
//! inner loop of a ratio term. It ends where rows have lost more than they may.

use crate::InstructionSet;
use crate::level_bounds::LEVEL_BLOCK_ROWS;

/// Columns that are read side by side.
const COLUMNS_TOGETHER: usize = 12;

/// So many values of a [`LossTable`] fit into a byte.
const VALUES_OF_BYTE: usize = 4;

/// Rows that are added up together.
const HALF_ROWS: usize = LEVEL_BLOCK_ROWS / 2;

/// What a ratio of 1 is in a [`LossTable`].
pub const WHOLE_RATIO: u8 = 63;

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

/// What a ratio loses against 1 at least, in units of 1 / [`WHOLE_RATIO`], by how many places two neighbours are farther apart,
/// or less far, than the query's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LossTable {
    /// Of those that are less than 16 apart.
    near: [u8; 16],
    /// Of the others, in steps of 4; the last also of all that are farther apart.
    far: [u8; 16],
}

impl LossTable {
    /// The table of losses, at most [`WHOLE_RATIO`], that do not fall with how far apart two values are.
    #[must_use]
    pub fn of(loss: impl Fn(u8) -> u8) -> Self {
        let loss = |apart: usize| loss(apart as u8).min(WHOLE_RATIO);
        Self {
            near: std::array::from_fn(loss),
            far: std::array::from_fn(|step| if step < 4 { 0 } else { loss(4 * step) }),
        }
    }

    /// The loss of values that are so far apart.
    #[must_use]
    pub fn loss(&self, apart: u8) -> u8 {
        let apart = usize::from(apart);
        if apart < 16 { self.near[apart] } else { self.far[(apart / 4).min(15)] }
    }
}

/// What some columns add for 64 rows. A row is given up where it lost more than it may; of rows that were given up the
/// numbers are those of some of the columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RatioChains {
    /// The sum of losses of each row over the columns where its value is told, each with the one before; for the first of
    /// a row with a place of 0. It stays at 65535.
    pub lost: [u16; LEVEL_BLOCK_ROWS],
    /// In how many columns each row has a value.
    pub common: [u16; LEVEL_BLOCK_ROWS],
    /// In how many it is told.
    pub told: [u16; LEVEL_BLOCK_ROWS],
    /// What each row may lose, beside a whole ratio for each value that is not told: 65535 for anything, which it stays at.
    pub may_lose: [u16; LEVEL_BLOCK_ROWS],
    /// The rows that were not given up, a bit for each, the lowest for the first.
    pub open: u64,
    /// The place of each row's last value, relative to the query's.
    last: [u8; LEVEL_BLOCK_ROWS],
}

impl RatioChains {
    /// Nothing was added yet for these rows, of which each may lose so much; the others are given up.
    #[must_use]
    pub fn of_rows(open: u64, may_lose: [u16; LEVEL_BLOCK_ROWS]) -> Self {
        let nothing = [0; LEVEL_BLOCK_ROWS];
        let last = [0; LEVEL_BLOCK_ROWS];
        Self { lost: nothing, common: nothing, told: nothing, may_lose, open, last }
    }

    /// Whether all of the first or the second 32 rows are given up, of which nothing more is asked then.
    fn is_given_up(&self, half: usize) -> bool {
        self.open & u64::from(u32::MAX) << (half * HALF_ROWS) == 0
    }
}

impl Default for RatioChains {
    fn default() -> Self {
        Self::of_rows(u64::MAX, [u16::MAX; LEVEL_BLOCK_ROWS])
    }
}

/// Adds to the rows of some blocks what their values in the columns, in this order, stand for. Where a column ends before
/// a block, there is no value. No more than 65,535 columns may be added.
pub fn add_ratio_chains(
    instructions: InstructionSet,
    columns: &[PlaceColumn<'_>],
    table: &LossTable,
    blocks: &[usize],
    sums: &mut [RatioChains],
) {
    let mut left: Vec<(usize, &mut RatioChains)> = blocks.iter().copied().zip(sums).collect();
    for columns in columns.chunks(COLUMNS_TOGETHER) {
        left.retain(|(_, sums)| sums.open != 0);
        for place in 0..left.len() {
            let ahead = left.get(place + AHEAD).map(|(block, _)| *block);
            let (block, sums) = &mut left[place];
            for half in [0, 1] {
                if sums.is_given_up(half) {
                    continue;
                }
                #[cfg(target_arch = "x86_64")]
                // Anybody can name AVX2, so that the processor is asked too; the answer is cached.
                if instructions == InstructionSet::Avx2 && InstructionSet::detected() == InstructionSet::Avx2
                {
                    // SAFETY: the processor has AVX2.
                    unsafe { add_half_with_avx2(columns, table, (*block, ahead), half, sums) };
                    continue;
                }
                let _ = (instructions, ahead);
                add_half_portably(columns, table, *block, half, sums);
            }
        }
    }
}

fn add_half_portably(
    columns: &[PlaceColumn<'_>],
    table: &LossTable,
    block: usize,
    half: usize,
    sums: &mut RatioChains,
) {
    let rows = half * HALF_ROWS..(half + 1) * HALF_ROWS;
    for column in columns {
        let Some(places) = column.places.get(block) else { continue };
        for row in rows.clone() {
            let place = places[row];
            if place > 0 {
                sums.common[row] = sums.common[row].wrapping_add(1);
            }
            if place == 1 {
                sums.may_lose[row] = sums.may_lose[row].saturating_add(u16::from(WHOLE_RATIO));
            }
            if place > 1 {
                let place = place.wrapping_sub(column.own);
                let apart = place.wrapping_sub(sums.last[row]).cast_signed().unsigned_abs();
                sums.lost[row] = sums.lost[row].saturating_add(u16::from(table.loss(apart)));
                sums.told[row] = sums.told[row].wrapping_add(1);
                sums.last[row] = place;
            }
        }
    }
    for row in rows {
        if sums.lost[row] > sums.may_lose[row] {
            sums.open &= !(1 << row);
        }
    }
}

/// The first or the second 32 rows of a block; another one is asked for.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
fn add_half_with_avx2(
    columns: &[PlaceColumn<'_>],
    table: &LossTable,
    (block, ahead): (usize, Option<usize>),
    half: usize,
    sums: &mut RatioChains,
) {
    use std::arch::x86_64::{
        __m256i, _MM_HINT_T0, _mm_loadu_si128, _mm_prefetch, _mm256_abs_epi8, _mm256_add_epi8,
        _mm256_add_epi16, _mm256_adds_epu8, _mm256_adds_epu16, _mm256_and_si256, _mm256_blendv_epi8,
        _mm256_broadcastsi128_si256, _mm256_castsi256_si128, _mm256_cmpeq_epi8, _mm256_cmpeq_epi16,
        _mm256_cvtepu8_epi16, _mm256_extracti128_si256, _mm256_loadu_si256, _mm256_max_epu8, _mm256_min_epu8,
        _mm256_movemask_epi8, _mm256_mullo_epi16, _mm256_or_si256, _mm256_packs_epi16,
        _mm256_permute4x64_epi64, _mm256_set1_epi8, _mm256_set1_epi16, _mm256_setzero_si256,
        _mm256_shuffle_epi8, _mm256_srli_epi16, _mm256_storeu_si256, _mm256_sub_epi8, _mm256_subs_epu16,
    };
    if let Some(ahead) = ahead {
        for column in columns {
            // A prefetch reads nothing: any address will do.
            _mm_prefetch::<_MM_HINT_T0>(column.places.as_ptr().wrapping_add(ahead).cast());
        }
    }
    let byte = |value: u8| _mm256_set1_epi8(value.cast_signed());
    let (zero, low_half) = (_mm256_setzero_si256(), byte(0x0F));
    // SAFETY: both arrays are as long as what is read from them; no alignment is asked.
    let (near, far) = unsafe {
        (
            _mm256_broadcastsi128_si256(_mm_loadu_si128(table.near.as_ptr().cast())),
            _mm256_broadcastsi128_si256(_mm_loadu_si128(table.far.as_ptr().cast())),
        )
    };
    let rows = half * HALF_ROWS..(half + 1) * HALF_ROWS;
    let last_place = sums.last[rows.clone()].as_mut_ptr().cast::<__m256i>();
    // SAFETY: 32 bytes from the first or the second half of 64 on; no alignment is asked.
    let mut last = unsafe { _mm256_loadu_si256(last_place) };
    let (mut lost, mut common, mut told) = ([zero; 2], zero, zero);
    let widened = |bytes: __m256i| {
        let parts = [_mm256_castsi256_si128(bytes), _mm256_extracti128_si256::<1>(bytes)];
        parts.map(|part| _mm256_cvtepu8_epi16(part))
    };
    for columns in columns.chunks(VALUES_OF_BYTE) {
        let mut few = zero;
        for column in columns {
            let Some(places) = column.places.get(block) else { continue };
            // SAFETY: 32 bytes from the first or the second half of 64 on; no alignment is asked.
            let places = unsafe { _mm256_loadu_si256(places[rows.clone()].as_ptr().cast()) };
            let place = _mm256_sub_epi8(places, byte(column.own));
            let is_told = _mm256_cmpeq_epi8(_mm256_max_epu8(places, byte(2)), places);
            // From 0 to 128.
            let apart = _mm256_abs_epi8(_mm256_sub_epi8(place, last));
            // A shuffle gives 0 where the top bit of its index is set, which it is from 16 on, and takes the low four
            // bits elsewhere. Below 16 the other table holds 0.
            let loss_near = _mm256_shuffle_epi8(near, _mm256_adds_epu8(apart, byte(0x70)));
            let step = _mm256_and_si256(_mm256_srli_epi16::<2>(apart), byte(0x3F));
            let loss_far = _mm256_shuffle_epi8(far, _mm256_min_epu8(step, low_half));
            let loss = _mm256_and_si256(_mm256_or_si256(loss_near, loss_far), is_told);
            few = _mm256_add_epi8(few, loss);
            last = _mm256_blendv_epi8(last, place, is_told);
            // What counts is −1.
            told = _mm256_sub_epi8(told, is_told);
            common = _mm256_add_epi8(common, _mm256_min_epu8(places, byte(1)));
        }
        for (sum, few) in lost.iter_mut().zip(widened(few)) {
            // Three such sums of a byte.
            *sum = _mm256_add_epi16(*sum, few);
        }
    }
    // SAFETY: as above.
    unsafe { _mm256_storeu_si256(last_place, last) };
    let untold = widened(_mm256_sub_epi8(common, told));
    let may_lose = untold.map(|untold| _mm256_mullo_epi16(untold, _mm256_set1_epi16(i16::from(WHOLE_RATIO))));
    let add = |place: &mut [u16; LEVEL_BLOCK_ROWS], added: [__m256i; 2], saturates: bool| {
        let mut sums = [zero; 2];
        let places = place[rows.clone()].as_chunks_mut::<16>().0;
        for ((place, added), kept) in places.iter_mut().zip(added).zip(&mut sums) {
            let place = place.as_mut_ptr().cast();
            // SAFETY: 16 numbers of 16 bits, 256 bits in all; no alignment is asked.
            unsafe {
                let before = _mm256_loadu_si256(place);
                *kept = if saturates {
                    _mm256_adds_epu16(before, added)
                } else {
                    _mm256_add_epi16(before, added)
                };
                _mm256_storeu_si256(place, *kept);
            }
        }
        sums
    };
    let lost = add(&mut sums.lost, lost, true);
    let may_lose = add(&mut sums.may_lose, may_lose, true);
    add(&mut sums.common, widened(common), false);
    add(&mut sums.told, widened(told), false);
    // All bits where nothing is lost beyond what may be.
    let [first, second] =
        [0, 1].map(|quarter| _mm256_cmpeq_epi16(_mm256_subs_epu16(lost[quarter], may_lose[quarter]), zero));
    let open = _mm256_permute4x64_epi64::<0b11_01_10_00>(_mm256_packs_epi16(first, second));
    let open = _mm256_movemask_epi8(open).cast_unsigned();
    // The rows of the other half stay.
    let other = u64::from(u32::MAX) << ((1 - half) * HALF_ROWS);
    sums.open &= u64::from(open) << (half * HALF_ROWS) | other;
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn by_hand() {
        // The loss rises by 1 for each step.
        let table = LossTable::of(|apart| apart);
        assert_eq!(
            [0, 15, 16, 19, 20, 60, 61, 128].map(|apart| table.loss(apart)),
            [0, 15, 16, 16, 20, 60, 60, 60]
        );
        let blocks = [[(0, 50), (40, 0)], [(0, 1), (40, 240)], [(0, 47), (40, 33)]].map(|rows| {
            let mut places = [[0; 64]];
            rows.into_iter().for_each(|(row, place)| places[0][row] = place);
            places
        });
        let columns: Vec<PlaceColumn<'_>> =
            blocks.iter().zip([40, 0, 250]).map(|(places, own)| PlaceColumn { places, own }).collect();
        for instructions in [InstructionSet::Portable, InstructionSet::detected()] {
            let mut may_lose = [u16::MAX; 64];
            (may_lose[0], may_lose[1], may_lose[40]) = (0, 0, 67);
            let mut sums = [RatioChains::of_rows(u64::MAX, may_lose)];
            add_ratio_chains(instructions, &columns, &table, &[0], &mut sums);
            let [RatioChains { lost, common, told, may_lose, open, .. }] = sums;
            // 50 − 40 = 10 and, modulo 256, 47 − 250 = 53: 10 apart from 0 and 43 apart, told in steps of 4.
            assert_eq!((lost[0], common[0], told[0]), (10 + 40, 3, 2));
            // 240 is 16 apart from 0, and 33 − 250 = 39 is 55 apart from that.
            assert_eq!((lost[40], common[40], told[40]), (16 + 52, 2, 2));
            assert_eq!((lost[1], common[1], told[1]), (0, 0, 0));
            // The value that is not told may lose 63, which is enough for 50, but not for 68 of 67.
            assert_eq!((may_lose[0], may_lose[40], may_lose[2]), (63, 67, u16::MAX));
            assert_eq!(open, !(1 << 40));
        }
    }

    proptest! {
        #[test]
        fn avx2_gives_the_bits_of_the_plain_twin(
            columns in prop::collection::vec(
                (prop::collection::vec(prop::array::uniform32(prop_oneof![any::<u8>(), 0_u8..3]), 0..10), any::<u8>()),
                0..40,
            ),
            rises_by in 0_u8..4,
            start in prop_oneof![Just(0_u16), Just(65_000)],
            may_lose in prop::collection::vec(prop_oneof![0_u16..400, Just(u16::MAX), Just(65_500)], 64),
            blocks in prop::collection::vec(0_usize..7, 4),
        ) {
            let columns: Vec<PlaceColumn<'_>> = columns
                .iter()
                .map(|(places, own)| PlaceColumn { places: places.as_flattened().as_chunks().0, own: *own })
                .collect();
            let table = LossTable::of(|apart| apart.saturating_mul(rises_by));
            let may_lose = may_lose.try_into().unwrap();
            let run = |instructions| {
                let start = RatioChains { lost: [start; 64], ..RatioChains::of_rows(u64::MAX, may_lose) };
                let mut sums = [start; 4];
                add_ratio_chains(instructions, &columns, &table, &blocks, &mut sums);
                sums
            };
            prop_assert_eq!(run(InstructionSet::Portable), run(InstructionSet::detected()));
        }

        #[test]
        fn rows_that_are_not_given_up_have_the_sums_of_all_columns(
            columns in prop::collection::vec(
                (prop::array::uniform32(prop_oneof![any::<u8>(), 0_u8..3]), any::<u8>()), 0..60),
            may_lose in prop::collection::vec(0_u16..2_000, 64),
        ) {
            // Both halves of a block are alike.
            let columns: Vec<([PlaceBlock; 1], u8)> = columns
                .iter()
                .map(|(places, own)| ([std::array::from_fn(|row| places[row % 32])], *own))
                .collect();
            let columns: Vec<PlaceColumn<'_>> =
                columns.iter().map(|(places, own)| PlaceColumn { places, own: *own }).collect();
            let table = LossTable::of(|apart| apart);
            let sums = |start| {
                let mut sums = [start];
                add_ratio_chains(InstructionSet::detected(), &columns, &table, &[0], &mut sums);
                sums[0]
            };
            let all = sums(RatioChains::default());
            let some = sums(RatioChains::of_rows(u64::MAX, may_lose.clone().try_into().unwrap()));
            prop_assert_eq!(all.open, u64::MAX);
            for (row, &may_lose) in may_lose.iter().enumerate() {
                let untold = all.common[row] - all.told[row];
                let is_open = some.open >> row & 1 == 1;
                // What is not lost at the end was not lost before.
                prop_assert!(is_open || all.lost[row] > may_lose);
                if is_open {
                    let numbers = |sums: &RatioChains| (sums.lost[row], sums.common[row], sums.told[row]);
                    prop_assert_eq!(numbers(&all), numbers(&some));
                    prop_assert!(all.lost[row] <= may_lose + untold * u16::from(WHOLE_RATIO));
                }
            }
        }

        #[test]
        fn no_table_lies_above_its_losses(losses in prop::collection::vec(0_u8..=63, 129)) {
            let mut rising = losses;
            rising.sort_unstable();
            let table = LossTable::of(|apart| rising[usize::from(apart)]);
            prop_assert!((0..=128).all(|apart| table.loss(apart) <= rising[usize::from(apart)]));
        }
    }
}
