//! Sums over pairs of columns of 4-bit levels of what the difference of two levels stands for.

use crate::InstructionSet;
use crate::level_bounds::{LEVEL_BLOCK_ROWS, LevelBlock};

/// Two columns, and what a row adds that has a level above 0 in both.
#[derive(Debug, Clone, Copy)]
pub struct LevelPair<'a> {
    /// The levels of all rows in the first column.
    pub first: &'a [LevelBlock],
    /// The same in the second.
    pub second: &'a [LevelBlock],
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
        // Anybody can name AVX2, so that the processor is asked too; the answer is cached.
        if instructions == InstructionSet::Avx2 && InstructionSet::detected() == InstructionSet::Avx2 {
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
        for row in 0..LEVEL_BLOCK_ROWS {
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

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
fn add_with_avx2(pairs: &[LevelPair<'_>], block: usize, sums: &mut PairSums) {
    use std::arch::x86_64::{
        __m256i, _mm_loadu_si128, _mm256_add_epi16, _mm256_and_si256, _mm256_andnot_si256,
        _mm256_blendv_epi8, _mm256_broadcastsi128_si256, _mm256_castsi256_si128, _mm256_cmpeq_epi8,
        _mm256_cvtepu8_epi16, _mm256_extracti128_si256, _mm256_loadu_si256, _mm256_min_epu8,
        _mm256_set1_epi8, _mm256_setzero_si256, _mm256_shuffle_epi8, _mm256_srli_epi16, _mm256_storeu_si256,
        _mm256_sub_epi8,
    };
    let (zero, one, low_half) = (_mm256_setzero_si256(), _mm256_set1_epi8(1), _mm256_set1_epi8(15));
    let mut added = [zero; 12];
    // The first four are the bounds of 16 rows each, the next the weights, then the counts.
    let mut add = |place: usize, bytes: __m256i| {
        let halves = [_mm256_castsi256_si128(bytes), _mm256_extracti128_si256::<1>(bytes)];
        for (place, half) in (place..).zip(halves) {
            added[place] = _mm256_add_epi16(added[place], _mm256_cvtepu8_epi16(half));
        }
    };
    for pair in pairs {
        let (Some(first), Some(second)) = (pair.first.get(block), pair.second.get(block)) else { continue };
        // SAFETY: all four are as long as what is read from them; no alignment is asked.
        let (first, second, below, above) = unsafe {
            (
                _mm256_loadu_si256(first.as_ptr().cast()),
                _mm256_loadu_si256(second.as_ptr().cast()),
                _mm256_broadcastsi128_si256(_mm_loadu_si128(pair.bounds.as_ptr().cast())),
                _mm256_broadcastsi128_si256(_mm_loadu_si128(pair.bounds.as_ptr().add(16).cast())),
            )
        };
        let weight = _mm256_set1_epi8(pair.weight.cast_signed());
        let unknown = _mm256_set1_epi8(pair.unknown.cast_signed());
        for half in 0..2 {
            let levels = |packed: __m256i| match half {
                0 => _mm256_and_si256(packed, low_half),
                _ => _mm256_and_si256(_mm256_srli_epi16::<4>(packed), low_half),
            };
            let (first, second) = (levels(first), levels(second));
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
            let missing = _mm256_cmpeq_epi8(lower, zero);
            add(2 * half, _mm256_andnot_si256(missing, value));
            add(4 + 2 * half, _mm256_andnot_si256(missing, weight));
            add(8 + 2 * half, _mm256_andnot_si256(missing, one));
        }
    }
    let PairSums { bounds, weights, counts } = sums;
    let places = [bounds, weights, counts].into_iter().flat_map(|sums| sums.as_chunks_mut::<16>().0);
    for (place, added) in places.zip(added) {
        let place = place.as_mut_ptr().cast();
        // SAFETY: each is 16 numbers of 16 bits, 256 bits in all; no alignment is asked.
        unsafe { _mm256_storeu_si256(place, _mm256_add_epi16(_mm256_loadu_si256(place), added)) };
    }
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
        let pair = LevelPair { first: &first, second: &second, bounds, unknown: 200, weight: 150 };
        for instructions in [InstructionSet::Portable, InstructionSet::detected()] {
            let mut sums = [PairSums { bounds: [1; 64], weights: [2; 64], counts: [3; 64] }];
            add_pair_bounds(instructions, &[pair, pair], &mut sums);
            let [PairSums { bounds, weights, counts }] = sums;
            // 1 + 2 · (100 + 16 ± 2), 1 + 2 · 200, nothing, and 1 + 2 · (100 + 16 − 13).
            let expected = [(0, 237), (33, 229), (1, 401), (2, 1), (40, 207)];
            assert!(expected.iter().all(|&(row, sum)| bounds[row] == sum), "{sums:?}");
            assert_eq!((weights[0], weights[1], weights[2]), (302, 302, 2));
            assert_eq!((counts[0], counts[1], counts[2]), (5, 5, 3));
        }
    }

    proptest! {
        #[test]
        fn avx2_gives_the_bits_of_the_plain_twin(
            pairs in prop::collection::vec(
                (
                    prop::collection::vec(any::<[u8; 32]>(), 0..4),
                    prop::collection::vec(any::<[u8; 32]>(), 0..4),
                    any::<[u8; 32]>(),
                    any::<(u8, u8)>(),
                ),
                0..6,
            ),
            start: u16,
        ) {
            let pairs: Vec<LevelPair<'_>> = pairs
                .iter()
                .map(|(first, second, bounds, (unknown, weight))| {
                    LevelPair { first, second, bounds: *bounds, unknown: *unknown, weight: *weight }
                })
                .collect();
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
