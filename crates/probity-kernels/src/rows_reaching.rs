//! Which of many sums reach a least sum: the outer loop after postings were added up.

use crate::InstructionSet;

/// Sums that are looked at together, because few reach.
const GROUP: usize = 128;

/// Appends to `rows`, ascending, the place of each sum that is not below `least`.
pub fn rows_reaching(instructions: InstructionSet, sums: &[u8], least: u8, rows: &mut Vec<u32>) {
    #[cfg(target_arch = "x86_64")]
    if instructions.has_avx2() {
        // SAFETY: the processor has AVX2.
        return unsafe { reaching_with_avx2(sums, least, rows) };
    }
    let _ = instructions;
    reaching_portably(sums, 0, least, rows);
}

/// The same, of sums from the place `first` on.
fn reaching_portably(sums: &[u8], first: u32, least: u8, rows: &mut Vec<u32>) {
    for (group, first) in sums.chunks(GROUP).zip((first..).step_by(GROUP)) {
        if group.iter().fold(0, |most: u8, &sum| most.max(sum)) >= least {
            let reach = group.iter().zip(first..).filter(|(sum, _)| **sum >= least);
            rows.extend(reach.map(|(_, row)| row));
        }
    }
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
fn reaching_with_avx2(sums: &[u8], least: u8, rows: &mut Vec<u32>) {
    use std::arch::x86_64::{
        __m256i, _mm256_cmpeq_epi8, _mm256_loadu_si256, _mm256_max_epu8, _mm256_movemask_epi8,
        _mm256_set1_epi8,
    };
    // The bits, whatever their sign.
    let least_of_all = _mm256_set1_epi8(least.cast_signed());
    let (groups, rest) = sums.as_chunks::<GROUP>();
    // A bit for each of 32 sums that reach.
    let reaching = |sums: __m256i| {
        _mm256_movemask_epi8(_mm256_cmpeq_epi8(_mm256_max_epu8(sums, least_of_all), sums)).cast_unsigned()
    };
    for (group, first) in groups.iter().zip((0_u32..).step_by(GROUP)) {
        let quarters = group.as_chunks::<32>().0;
        // SAFETY: each of the four is 32 bytes long, and the load asks for no alignment.
        let load = |number: usize| unsafe { _mm256_loadu_si256(quarters[number].as_ptr().cast()) };
        let loaded = [load(0), load(1), load(2), load(3)];
        let most =
            _mm256_max_epu8(_mm256_max_epu8(loaded[0], loaded[1]), _mm256_max_epu8(loaded[2], loaded[3]));
        if reaching(most) == 0 {
            continue;
        }
        for (sums, first) in loaded.into_iter().zip((first..).step_by(32)) {
            let mut bits = reaching(sums);
            while bits != 0 {
                rows.push(first + bits.trailing_zeros());
                bits &= bits - 1;
            }
        }
    }
    // Fewer sums than 32 bits number.
    reaching_portably(rest, (sums.len() - rest.len()) as u32, least, rows);
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_kernel_finds_what_its_twin_finds(
            sums in prop::collection::vec(prop_oneof![4 => 0_u8..4, 1 => any::<u8>()], 0..400),
            least in prop_oneof![0_u8..5, any::<u8>()],
        ) {
            let expected: Vec<u32> = (0..).zip(&sums).filter(|(_, sum)| **sum >= least).map(|(row, _)| row).collect();
            for instructions in [InstructionSet::Portable, InstructionSet::detected()] {
                let mut rows = Vec::new();
                rows_reaching(instructions, &sums, least, &mut rows);
                prop_assert_eq!(&rows, &expected);
            }
        }
    }
}
