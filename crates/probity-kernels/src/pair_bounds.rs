//! Sums over pairs of columns of 4-bit levels of what the difference of two levels stands for.

use crate::InstructionSet;
use crate::level_bounds::{LEVEL_BLOCK_ROWS, LevelBlock};

/// How many blocks ahead a column is asked for: so many columns are more than the processor follows by itself.
const AHEAD: usize = 16;

/// Two columns, and what a row adds that has a level above 0 in both.
#[derive(Debug, Clone, Copy)]
pub struct LevelPair<'a> {
    /// The levels of all rows in the first column.
    pub first: &'a [LevelBlock],
    /// The same in the second.
    pub second: &'a [LevelBlock],
    /// A bit for each row of each block, the lowest for its first, that adds nothing whatever its levels are; where it
    /// ends, all others count.
    pub parted: &'a [u64],
    /// What it adds to the row's sum if both levels are above 1, at 16 + second level − first level.
    pub bounds: [u8; 32],
    /// What it adds to the row's sum otherwise.
    pub unknown: u8,
    /// What it adds to the row's weight in either case.
    pub weight: u8,
}

/// What some pairs add for 64 rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PairSums {
    /// The sum of bounds of each row.
    pub bounds: [u16; LEVEL_BLOCK_ROWS],
    /// The sum of weights.
    pub weights: [u16; LEVEL_BLOCK_ROWS],
    /// In how many pairs both levels are above 0.
    pub counts: [u16; LEVEL_BLOCK_ROWS],
}

impl Default for PairSums {
    fn default() -> Self {
        let nothing = [0; LEVEL_BLOCK_ROWS];
        Self { bounds: nothing, weights: nothing, counts: nothing }
    }
}

/// Adds to each row's sums what its levels in all pairs stand for. No sum may exceed 65535: beyond
/// that it wraps around. A column that ends before the sums do has level 0 in the rest.
pub fn add_pair_bounds(instructions: InstructionSet, pairs: &[LevelPair<'_>], sums: &mut [PairSums]) {
    for (block, sums) in sums.iter_mut().enumerate() {
        #[cfg(target_arch = "x86_64")]
        if instructions.has_avx2() {
            // SAFETY: the processor has AVX2.
            unsafe { add_with_avx2(pairs, block, sums) };
            continue;
        }
        let _ = instructions;
        add_portably(pairs, block, sums);
    }
}

fn add_portably(pairs: &[LevelPair<'_>], block: usize, sums: &mut PairSums) {
    let half = LEVEL_BLOCK_ROWS / 2;
    for pair in pairs {
        let (Some(first), Some(second)) = (pair.first.get(block), pair.second.get(block)) else { continue };
        let parted = pair.parted.get(block).copied().unwrap_or(0);
        for row in (0..LEVEL_BLOCK_ROWS).filter(|row| parted >> row & 1 == 0) {
            let level = |packed: &LevelBlock| packed[row % half] >> (4 * (row / half)) & 15;
            let (one, two) = (level(first), level(second));
            let added = match one.min(two) {
                0 => continue,
                1 => pair.unknown,
                _ => pair.bounds[usize::from(16 + two - one)],
            };
            for (sum, added) in
                [(&mut sums.bounds, added), (&mut sums.weights, pair.weight), (&mut sums.counts, 1)]
            {
                sum[row] = sum[row].wrapping_add(u16::from(added));
            }
        }
    }
}

/// Pairs whose number a byte tells, an even one.
#[cfg(target_arch = "x86_64")]
const PAIRS_OF_BYTE: usize = 254;

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
fn add_with_avx2(pairs: &[LevelPair<'_>], block: usize, sums: &mut PairSums) {
    use std::arch::x86_64::{
        __m256i, _mm256_add_epi16, _mm256_castsi256_si128, _mm256_cvtepu8_epi16, _mm256_extracti128_si256,
        _mm256_loadu_si256, _mm256_maddubs_epi16, _mm256_permute2x128_si256, _mm256_set1_epi8,
        _mm256_setzero_si256, _mm256_storeu_si256, _mm256_sub_epi8, _mm256_unpackhi_epi8,
        _mm256_unpacklo_epi8,
    };
    let (zero, ones) = (_mm256_setzero_si256(), _mm256_set1_epi8(1));
    // Of 32 rows the sums of the first and third eight, and of the others, for each half of the rows.
    let (mut bounds, mut weights) = ([[zero; 2]; 2], [[zero; 2]; 2]);
    let add = |sums: &mut [__m256i; 2], one: __m256i, two: __m256i| {
        for (sum, both) in
            sums.iter_mut().zip([_mm256_unpacklo_epi8(one, two), _mm256_unpackhi_epi8(one, two)])
        {
            *sum = _mm256_add_epi16(*sum, _mm256_maddubs_epi16(both, ones));
        }
    };
    // Of 32 rows the sums of the first 16 and the others, for each half of the rows.
    let mut counts = [[zero; 2]; 2];
    for pairs in pairs.chunks(PAIRS_OF_BYTE) {
        let mut few = [zero; 2];
        for two in pairs.chunks(2) {
            let one = added_by_pair(&two[0], block);
            let other = match two.get(1) {
                Some(pair) => added_by_pair(pair, block),
                None => [AddedByPair { bounds: zero, weights: zero, count: zero }; 2],
            };
            for (half, (one, other)) in one.into_iter().zip(other).enumerate() {
                add(&mut bounds[half], one.bounds, other.bounds);
                add(&mut weights[half], one.weights, other.weights);
                // What counts is −1.
                few[half] = _mm256_sub_epi8(_mm256_sub_epi8(few[half], one.count), other.count);
            }
        }
        for (counts, few) in counts.iter_mut().zip(few) {
            let parts = [_mm256_castsi256_si128(few), _mm256_extracti128_si256::<1>(few)];
            for (count, part) in counts.iter_mut().zip(parts) {
                *count = _mm256_add_epi16(*count, _mm256_cvtepu8_epi16(part));
            }
        }
    }
    let in_order = |[even, odd]: [__m256i; 2]| {
        [_mm256_permute2x128_si256::<0x20>(even, odd), _mm256_permute2x128_si256::<0x31>(even, odd)]
    };
    let added = [bounds.map(in_order), weights.map(in_order), counts];
    let places = [&mut sums.bounds, &mut sums.weights, &mut sums.counts];
    for (places, added) in places.into_iter().zip(added) {
        for (place, added) in places.as_chunks_mut::<16>().0.iter_mut().zip(added.as_flattened()) {
            let place = place.as_mut_ptr().cast();
            // SAFETY: each is 16 numbers of 16 bits, 256 bits in all; no alignment is asked.
            unsafe { _mm256_storeu_si256(place, _mm256_add_epi16(_mm256_loadu_si256(place), *added)) };
        }
    }
}

/// What a pair adds to 32 rows, a byte each.
#[cfg(target_arch = "x86_64")]
#[derive(Clone, Copy)]
struct AddedByPair {
    bounds: std::arch::x86_64::__m256i,
    weights: std::arch::x86_64::__m256i,
    /// −1 where the pair counts.
    count: std::arch::x86_64::__m256i,
}

/// What a pair adds to both halves of a block.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
#[inline]
fn added_by_pair(pair: &LevelPair<'_>, block: usize) -> [AddedByPair; 2] {
    use std::arch::x86_64::{
        __m256i, _MM_HINT_T0, _mm_loadu_si128, _mm_prefetch, _mm256_and_si256, _mm256_andnot_si256,
        _mm256_blendv_epi8, _mm256_broadcastsi128_si256, _mm256_cmpeq_epi8, _mm256_loadu_si256,
        _mm256_min_epu8, _mm256_or_si256, _mm256_set_epi64x, _mm256_set1_epi8, _mm256_set1_epi32,
        _mm256_set1_epi64x, _mm256_setzero_si256, _mm256_shuffle_epi8, _mm256_srli_epi16, _mm256_sub_epi8,
    };
    let (zero, one, low_half) = (_mm256_setzero_si256(), _mm256_set1_epi8(1), _mm256_set1_epi8(15));
    let nothing = AddedByPair { bounds: zero, weights: zero, count: zero };
    let (Some(first), Some(second)) = (pair.first.get(block), pair.second.get(block)) else {
        return [nothing; 2];
    };
    let parted = pair.parted.get(block).copied().unwrap_or(0);
    if parted == u64::MAX {
        return [nothing; 2];
    }
    // A prefetch reads nothing: any address will do.
    _mm_prefetch::<_MM_HINT_T0>(pair.second.as_ptr().wrapping_add(block + AHEAD).cast());
    // SAFETY: all four are as long as what is read from them; no alignment is asked.
    let (first, second, below, above) = unsafe {
        (
            _mm256_loadu_si256(first.as_ptr().cast()),
            _mm256_loadu_si256(second.as_ptr().cast()),
            _mm256_broadcastsi128_si256(_mm_loadu_si128(pair.bounds.as_ptr().cast())),
            _mm256_broadcastsi128_si256(_mm_loadu_si128(pair.bounds.as_ptr().add(16).cast())),
        )
    };
    // Which of four bytes a bit is in, and which of its bits it is.
    let byte_of_row =
        _mm256_set_epi64x(0x0303_0303_0303_0303, 0x0202_0202_0202_0202, 0x0101_0101_0101_0101, 0);
    let bit_of_row = _mm256_set1_epi64x(0x8040_2010_0804_0201_u64.cast_signed());
    // All bits of a byte for each bit of 32.
    let spread = |bits: u32| {
        let bytes = _mm256_shuffle_epi8(_mm256_set1_epi32(bits.cast_signed()), byte_of_row);
        _mm256_cmpeq_epi8(_mm256_and_si256(bytes, bit_of_row), bit_of_row)
    };
    let weight = _mm256_set1_epi8(pair.weight.cast_signed());
    let unknown = _mm256_set1_epi8(pair.unknown.cast_signed());
    let added = |first: __m256i, second: __m256i, parted: u32| {
        let lower = _mm256_min_epu8(first, second);
        // From −15 to 15. The top bit says which table it is looked up in; a shuffle gives 0 where that
        // of its index is set, and takes the low four bits elsewhere.
        let difference = _mm256_sub_epi8(second, first);
        let looked_up = _mm256_blendv_epi8(
            _mm256_shuffle_epi8(above, difference),
            _mm256_shuffle_epi8(below, _mm256_and_si256(difference, low_half)),
            difference,
        );
        let value = _mm256_blendv_epi8(looked_up, unknown, _mm256_cmpeq_epi8(lower, one));
        let missing = _mm256_or_si256(_mm256_cmpeq_epi8(lower, zero), spread(parted));
        AddedByPair {
            bounds: _mm256_andnot_si256(missing, value),
            weights: _mm256_andnot_si256(missing, weight),
            count: _mm256_cmpeq_epi8(missing, zero),
        }
    };
    let low = |packed: __m256i| _mm256_and_si256(packed, low_half);
    let high = |packed: __m256i| _mm256_and_si256(_mm256_srli_epi16::<4>(packed), low_half);
    // The casts take the half of the bits that is meant.
    [added(low(first), low(second), parted as u32), added(high(first), high(second), (parted >> 32) as u32)]
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::set_level;

    #[test]
    fn by_hand() {
        // Levels (first, second): row 0 (3, 5), row 33 (5, 3), row 1 (1, 9), row 2 (0, 9), row 40 (15, 2).
        let (mut first, mut second) = (vec![[0; 32]; 1], vec![[0; 32]; 1]);
        for (row, one, two) in [(0, 3, 5), (33, 5, 3), (1, 1, 9), (2, 0, 9), (40, 15, 2)] {
            set_level(&mut first, row, one);
            set_level(&mut second, row, two);
        }
        let bounds = std::array::from_fn(|place| 100 + place as u8);
        let pair =
            LevelPair { first: &first, second: &second, parted: &[], bounds, unknown: 200, weight: 150 };
        // Rows 1 and 33 are parted the second time.
        let parted = LevelPair { parted: &[1 << 1 | 1 << 33], ..pair };
        for instructions in [InstructionSet::Portable, InstructionSet::detected()] {
            let mut sums = [PairSums { bounds: [1; 64], weights: [2; 64], counts: [3; 64] }];
            add_pair_bounds(instructions, &[pair, parted], &mut sums);
            let [PairSums { bounds, weights, counts }] = sums;
            // 1 + 2 · (100 + 16 + 2), 1 + 100 + 16 − 2, 1 + 200, nothing, and 1 + 2 · (100 + 16 − 13).
            let expected = [(0, 237), (33, 115), (1, 201), (2, 1), (40, 207)];
            assert!(expected.iter().all(|&(row, sum)| bounds[row] == sum), "{sums:?}");
            assert_eq!((weights[0], weights[1], weights[2]), (302, 152, 2));
            assert_eq!((counts[0], counts[1], counts[2]), (5, 4, 3));
        }
    }

    proptest! {
        #[test]
        fn avx2_gives_the_bits_of_the_plain_twin(
            pairs in prop::collection::vec(
                (
                    prop::collection::vec(any::<[u8; 32]>(), 0..4),
                    prop::collection::vec(any::<[u8; 32]>(), 0..4),
                    prop::collection::vec(prop_oneof![any::<u64>(), Just(u64::MAX)], 0..4),
                    any::<[u8; 32]>(),
                    any::<(u8, u8)>(),
                ),
                0..6,
            ),
            // Often more than a byte counts.
            times in prop_oneof![Just(1_usize), Just(90)],
            start: u16,
        ) {
            let pairs: Vec<LevelPair<'_>> = pairs
                .iter()
                .map(|(first, second, parted, bounds, (unknown, weight))| {
                    LevelPair { first, second, parted, bounds: *bounds, unknown: *unknown, weight: *weight }
                })
                .collect();
            let pairs = pairs.repeat(times);
            let run = |instructions| {
                let start = [start; 64];
                let mut sums = [PairSums { bounds: start, weights: start, counts: start }; 3];
                add_pair_bounds(instructions, &pairs, &mut sums);
                sums
            };
            prop_assert_eq!(run(InstructionSet::Portable), run(InstructionSet::detected()));
        }
    }
}
