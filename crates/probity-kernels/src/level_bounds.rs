//! Sums of looked-up bounds over columns of 4-bit levels: the inner loop of a flat scan.
//!
//! The idea of looking up 16 values at once by byte shuffle is that of FastScan (André, Kermarrec and Le
//! Scouarnec, PVLDB 2015, 9, 288).

use crate::InstructionSet;

/// Rows that one [`LevelBlock`] holds.
pub const LEVEL_BLOCK_ROWS: usize = 64;

/// Blocks that are added up side by side: two cache lines of a column.
const BLOCKS_OF_STEP: usize = 4;

/// Columns that are read side by side: of fewer the memory has less to do than it could, and of many more each comes later.
pub const LEVEL_COLUMNS_TOGETHER: usize = 12;

/// How many steps ahead a column is asked for: each ends after a few pages, where the processor stops guessing.
const AHEAD: usize = 2;

/// The levels (0 to 15) of 64 rows: byte `i` holds row `i` in its low half and row `32 + i` in its high.
pub type LevelBlock = [u8; LEVEL_BLOCK_ROWS / 2];

/// One column of levels with what each level stands for.
#[derive(Debug, Clone, Copy)]
pub struct LevelColumn<'a> {
    /// The levels of all rows.
    pub levels: &'a [LevelBlock],
    /// What each level adds to a row's sum.
    pub bounds: [u8; 16],
}

/// Columns whose bounds are added up in bytes before they are multiplied.
#[derive(Debug, Clone)]
pub struct LevelGroup<'a> {
    /// The columns.
    pub columns: Vec<LevelColumn<'a>>,
    /// The power of 2 that their sums are multiplied by, at most 8.
    pub shift: u32,
}

/// Sets the level (0 to 15) of a row that had level 0.
pub fn set_level(levels: &mut [LevelBlock], row: usize, level: u8) {
    let (block, row) = (row / LEVEL_BLOCK_ROWS, row % LEVEL_BLOCK_ROWS);
    let half = LEVEL_BLOCK_ROWS / 2;
    levels[block][row % half] |= (level & 15) << (4 * (row / half));
}

/// Adds to the sums of the rows of some blocks, from the first on, what their levels in all columns stand for.
///
/// What a row's bounds over the columns of a group add up to is told up to 254, and its sum up to 65534: beyond either the
/// sum is 65535, and stays so. A column that ends before the sums do adds nothing to the rest.
pub fn add_level_bounds(
    instructions: InstructionSet,
    groups: &[LevelGroup<'_>],
    first_block: usize,
    sums: &mut [[u16; LEVEL_BLOCK_ROWS]],
) {
    #[cfg(target_arch = "x86_64")]
    if instructions == InstructionSet::Avx512 && instructions.is_there() {
        // SAFETY: the processor has the three parts of AVX-512, and AVX2.
        return unsafe { add_with_avx512(groups, first_block, sums) };
    }
    #[cfg(target_arch = "x86_64")]
    if instructions.has_avx2() {
        // SAFETY: the processor has AVX2.
        return unsafe { add_with_avx2(groups, first_block, sums) };
    }
    let _ = instructions;
    groups.iter().for_each(|group| add_portably(group, first_block, sums));
}

fn add_portably(group: &LevelGroup<'_>, first_block: usize, sums: &mut [[u16; LEVEL_BLOCK_ROWS]]) {
    for (block, sums) in (first_block..).zip(sums) {
        let mut bytes = [0_u8; LEVEL_BLOCK_ROWS];
        let (first, second) = bytes.split_at_mut(LEVEL_BLOCK_ROWS / 2);
        for column in &group.columns {
            let Some(levels) = column.levels.get(block) else { continue };
            for ((first, second), packed) in first.iter_mut().zip(second.iter_mut()).zip(levels) {
                *first = first.saturating_add(column.bounds[usize::from(packed & 15)]);
                *second = second.saturating_add(column.bounds[usize::from(packed >> 4)]);
            }
        }
        for (sum, byte) in sums.iter_mut().zip(bytes) {
            let added = if byte == u8::MAX { u16::MAX } else { u16::from(byte).unbounded_shl(group.shift) };
            *sum = sum.saturating_add(added);
        }
    }
}

/// How many of some groups, at least one, have no more columns than are read side by side.
#[cfg(target_arch = "x86_64")]
fn groups_together(groups: &[LevelGroup<'_>]) -> usize {
    let mut columns = 0;
    let fits = |group: &&LevelGroup<'_>| {
        columns += group.columns.len();
        columns <= LEVEL_COLUMNS_TOGETHER
    };
    groups.iter().take_while(fits).count().max(1)
}

/// Adds up blocks step by step where all columns reach to the end, by `add_step`, and one by one elsewhere, by `add_block`.
#[cfg(target_arch = "x86_64")]
#[inline(always)]
fn add_in_steps(
    groups: &[LevelGroup<'_>],
    first_block: usize,
    sums: &mut [[u16; LEVEL_BLOCK_ROWS]],
    add_step: impl Fn(&LevelGroup<'_>, usize, bool, &mut [[u16; LEVEL_BLOCK_ROWS]; BLOCKS_OF_STEP]),
    add_block: impl Fn(&LevelGroup<'_>, usize, &mut [u16; LEVEL_BLOCK_ROWS]),
) {
    let (steps, rest) = sums.as_chunks_mut::<BLOCKS_OF_STEP>();
    let first_of_rest = first_block + steps.len() * BLOCKS_OF_STEP;
    let reaches = |column: &LevelColumn<'_>| column.levels.len() >= first_of_rest;
    if groups.iter().all(|group| group.columns.iter().all(reaches)) {
        let mut left = groups;
        while !left.is_empty() {
            let together;
            (together, left) = left.split_at(groups_together(left));
            for (step, sums) in (first_block..).step_by(BLOCKS_OF_STEP).zip(&mut *steps) {
                let is_more_asked = step + AHEAD * BLOCKS_OF_STEP < first_of_rest;
                together.iter().for_each(|group| add_step(group, step, is_more_asked, sums));
            }
        }
    } else {
        for (block, sums) in (first_block..).zip(steps.as_flattened_mut()) {
            groups.iter().for_each(|group| add_block(group, block, sums));
        }
    }
    for (block, sums) in (first_of_rest..).zip(rest) {
        groups.iter().for_each(|group| add_block(group, block, sums));
    }
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
fn add_with_avx2(groups: &[LevelGroup<'_>], first_block: usize, sums: &mut [[u16; LEVEL_BLOCK_ROWS]]) {
    add_in_steps(
        groups,
        first_block,
        sums,
        |group, step, is_more_asked, sums| add_step_with_avx2(group, step, is_more_asked, sums),
        |group, block, sums| add_step_with_avx2(group, block, false, std::array::from_mut(sums)),
    );
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,avx512f,avx512bw,avx512vbmi")]
fn add_with_avx512(groups: &[LevelGroup<'_>], first_block: usize, sums: &mut [[u16; LEVEL_BLOCK_ROWS]]) {
    add_in_steps(
        groups,
        first_block,
        sums,
        |group, step, is_more_asked, sums| add_step_with_avx512(group, step, is_more_asked, sums),
        |group, block, sums| add_step_with_avx2(group, block, false, std::array::from_mut(sums)),
    );
}

/// A step of blocks, two at a time.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f,avx512bw,avx512vbmi")]
#[inline]
fn add_step_with_avx512(
    group: &LevelGroup<'_>,
    first_block: usize,
    is_more_asked: bool,
    sums: &mut [[u16; LEVEL_BLOCK_ROWS]; BLOCKS_OF_STEP],
) {
    use std::arch::x86_64::{
        _MM_HINT_T0, _mm_loadu_si128, _mm_prefetch, _mm_set_epi64x, _mm512_adds_epu8, _mm512_adds_epu16,
        _mm512_broadcast_i32x4, _mm512_castsi512_si256, _mm512_cmpeq_epu16_mask, _mm512_cvtepu8_epi16,
        _mm512_extracti64x4_epi64, _mm512_loadu_si512, _mm512_mask_blend_epi16, _mm512_permutexvar_epi8,
        _mm512_set1_epi16, _mm512_setzero_si512, _mm512_sll_epi16, _mm512_srli_epi16, _mm512_storeu_si512,
    };
    let (most, anything) = (_mm512_set1_epi16(255), _mm512_set1_epi16(-1));
    let shift = _mm_set_epi64x(0, i64::from(group.shift));
    // Of two blocks the rows in the low halves of their bytes, and those in the high ones.
    let mut added = [[_mm512_setzero_si512(); 2]; BLOCKS_OF_STEP / 2];
    for column in &group.columns {
        let Some(levels) = column.levels.get(first_block..first_block + BLOCKS_OF_STEP) else { continue };
        // SAFETY: the array is as long as what is read from it; no alignment is asked.
        let bounds = unsafe { _mm512_broadcast_i32x4(_mm_loadu_si128(column.bounds.as_ptr().cast())) };
        if is_more_asked {
            let ahead = levels.as_ptr().wrapping_add(AHEAD * BLOCKS_OF_STEP);
            // A prefetch reads nothing: any address will do.
            _mm_prefetch::<_MM_HINT_T0>(ahead.cast());
            _mm_prefetch::<_MM_HINT_T0>(ahead.wrapping_add(2).cast());
        }
        for (levels, [first, second]) in levels.as_chunks::<2>().0.iter().zip(&mut added) {
            // SAFETY: two blocks are as long as what is read from them; no alignment is asked.
            let packed = unsafe { _mm512_loadu_si512(levels.as_ptr().cast()) };
            // The table of 16 stands there four times: a place goes by its lowest four bits, whatever the two above are.
            *first = _mm512_adds_epu8(*first, _mm512_permutexvar_epi8(packed, bounds));
            let high = _mm512_srli_epi16::<4>(packed);
            *second = _mm512_adds_epu8(*second, _mm512_permutexvar_epi8(high, bounds));
        }
    }
    for ([first, second], sums) in added.into_iter().zip(sums.as_chunks_mut::<2>().0) {
        for (half, bytes) in [first, second].into_iter().enumerate() {
            let blocks = [_mm512_castsi512_si256(bytes), _mm512_extracti64x4_epi64::<1>(bytes)];
            for (bytes, sums) in blocks.into_iter().zip(&mut *sums) {
                let bytes = _mm512_cvtepu8_epi16(bytes);
                let told = _mm512_sll_epi16(bytes, shift);
                let added = _mm512_mask_blend_epi16(_mm512_cmpeq_epu16_mask(bytes, most), told, anything);
                let place = sums[half * LEVEL_BLOCK_ROWS / 2..][..LEVEL_BLOCK_ROWS / 2].as_mut_ptr().cast();
                // SAFETY: `place` are 32 numbers of 16 bits, 512 bits in all; no alignment is asked.
                unsafe { _mm512_storeu_si512(place, _mm512_adds_epu16(_mm512_loadu_si512(place), added)) };
            }
        }
    }
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
#[inline]
fn add_step_with_avx2<const BLOCKS: usize>(
    group: &LevelGroup<'_>,
    first_block: usize,
    is_more_asked: bool,
    sums: &mut [[u16; LEVEL_BLOCK_ROWS]; BLOCKS],
) {
    use std::arch::x86_64::{
        _MM_HINT_T0, _mm_loadu_si128, _mm_prefetch, _mm_set_epi64x, _mm256_adds_epu8, _mm256_adds_epu16,
        _mm256_and_si256, _mm256_broadcastsi128_si256, _mm256_castsi256_si128, _mm256_cmpeq_epi16,
        _mm256_cvtepu8_epi16, _mm256_extracti128_si256, _mm256_loadu_si256, _mm256_or_si256,
        _mm256_set1_epi8, _mm256_set1_epi16, _mm256_setzero_si256, _mm256_shuffle_epi8, _mm256_sll_epi16,
        _mm256_srli_epi16, _mm256_storeu_si256,
    };
    let (low_half, most) = (_mm256_set1_epi8(15), _mm256_set1_epi16(255));
    let shift = _mm_set_epi64x(0, i64::from(group.shift));
    let mut added = [[_mm256_setzero_si256(); 2]; BLOCKS];
    for column in &group.columns {
        let Some(levels) = column.levels.get(first_block..first_block + BLOCKS) else { continue };
        // SAFETY: the array is as long as what is read from it; no alignment is asked.
        let bounds = unsafe { _mm256_broadcastsi128_si256(_mm_loadu_si128(column.bounds.as_ptr().cast())) };
        if is_more_asked {
            let ahead = levels.as_ptr().wrapping_add(AHEAD * BLOCKS);
            // A prefetch reads nothing: any address will do.
            _mm_prefetch::<_MM_HINT_T0>(ahead.cast());
            _mm_prefetch::<_MM_HINT_T0>(ahead.wrapping_add(2).cast());
        }
        for (levels, [first, second]) in levels.iter().zip(&mut added) {
            // SAFETY: the array is as long as what is read from it; no alignment is asked.
            let packed = unsafe { _mm256_loadu_si256(levels.as_ptr().cast()) };
            let high = _mm256_and_si256(_mm256_srli_epi16::<4>(packed), low_half);
            *first =
                _mm256_adds_epu8(*first, _mm256_shuffle_epi8(bounds, _mm256_and_si256(packed, low_half)));
            *second = _mm256_adds_epu8(*second, _mm256_shuffle_epi8(bounds, high));
        }
    }
    for ([first, second], sums) in added.into_iter().zip(sums) {
        let quarters = [
            _mm256_castsi256_si128(first),
            _mm256_extracti128_si256::<1>(first),
            _mm256_castsi256_si128(second),
            _mm256_extracti128_si256::<1>(second),
        ];
        for (quarter, sums) in quarters.into_iter().zip(sums.as_chunks_mut::<16>().0) {
            let bytes = _mm256_cvtepu8_epi16(quarter);
            let added = _mm256_or_si256(_mm256_sll_epi16(bytes, shift), _mm256_cmpeq_epi16(bytes, most));
            let place = sums.as_mut_ptr().cast();
            // SAFETY: `sums` are 16 numbers of 16 bits, 256 bits in all; no alignment is asked.
            unsafe { _mm256_storeu_si256(place, _mm256_adds_epu16(_mm256_loadu_si256(place), added)) };
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn by_hand() {
        // Row 0 has level 2 in the first column and 1 in the second, row 33 has level 15 in the first.
        let (mut one, mut two) = (vec![[0; 32]; 1], vec![[0; 32]; 1]);
        set_level(&mut one, 0, 2);
        set_level(&mut one, 33, 15);
        set_level(&mut two, 0, 1);
        let mut bounds = [0; 16];
        (bounds[1], bounds[2], bounds[15]) = (3, 5, 200);
        let columns = vec![LevelColumn { levels: &one, bounds }, LevelColumn { levels: &two, bounds }];
        let groups = [LevelGroup { columns, shift: 2 }];
        for instructions in InstructionSet::all_detected() {
            let mut sums = [[1; 64]];
            add_level_bounds(instructions, &groups, 0, &mut sums);
            // 1 + (5 + 3) · 4 and 1 + 200 · 4.
            assert_eq!((sums[0][0], sums[0][33], sums[0][1]), (33, 801, 1));
            // 200 + 55 are more than a byte tells; 65525 + 8 · 4 are more than a sum tells.
            bounds[15] = 255;
            let columns = vec![LevelColumn { levels: &one, bounds }, LevelColumn { levels: &two, bounds }];
            let groups = [LevelGroup { columns, shift: 2 }];
            let mut sums = [[65_525; 64]];
            add_level_bounds(instructions, &groups, 0, &mut sums);
            assert_eq!((sums[0][0], sums[0][33], sums[0][1]), (65_535, 65_535, 65_525));
            add_level_bounds(instructions, &groups, 0, &mut sums);
            assert_eq!((sums[0][0], sums[0][33], sums[0][1]), (65_535, 65_535, 65_525));
        }
    }

    proptest! {
        #[test]
        fn every_instruction_set_gives_the_bits_of_the_plain_twin(
            groups in prop::collection::vec(
                (
                    prop::collection::vec(
                        (prop::collection::vec(any::<[u8; 32]>(), 0..14), any::<[u8; 16]>()), 0..6),
                    0_u32..=8,
                ),
                0..4,
            ),
            start: u16,
            (first, blocks) in (0_usize..4, 0_usize..12),
        ) {
            let column = |(levels, bounds)| LevelColumn { levels, bounds };
            let groups: Vec<LevelGroup<'_>> = groups
                .iter()
                .map(|(columns, shift)| LevelGroup {
                    columns: columns.iter().map(|(levels, bounds)| column((levels, *bounds))).collect(),
                    shift: *shift,
                })
                .collect();
            let mut plain = vec![[start; 64]; blocks];
            add_level_bounds(InstructionSet::Portable, &groups, first, &mut plain);
            for instructions in InstructionSet::all_detected() {
                let mut fast = vec![[start; 64]; blocks];
                add_level_bounds(instructions, &groups, first, &mut fast);
                prop_assert_eq!(&plain, &fast, "{}", instructions);
            }
        }

        #[test]
        fn the_plain_twin_gives_the_sums_of_the_levels(levels in prop::collection::vec(0_u8..16, 128)) {
            let mut column = vec![[0; 32]; 2];
            levels.iter().enumerate().for_each(|(row, &level)| set_level(&mut column, row, level));
            let bounds = std::array::from_fn(|level| 2 * level as u8);
            let columns = vec![LevelColumn { levels: &column, bounds }; 2];
            let groups = [LevelGroup { columns, shift: 1 }];
            let expected: Vec<u16> = levels.iter().map(|&level| 8 * u16::from(level)).collect();
            for first in [0, 1] {
                let mut sums = vec![[0; 64]; 2 - first];
                add_level_bounds(InstructionSet::Portable, &groups, first, &mut sums);
                prop_assert_eq!(sums.as_flattened(), &expected[64 * first..]);
            }
        }
    }
}
