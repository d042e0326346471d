//! What the sums of a block's rows stand for, each row with its own factor: all at once, in 32 bits.

use probity_kernels::Work;

use super::{BLOCK_ROWS, MZ_LIMIT};

/// More than rounding to 32 bits can take from a product of four.
const SLACK: f32 = 1.0 + 1.0 / 1_048_576.0;

/// Entries of a table by where a row begins: a power of two above [`MZ_LIMIT`], so that no place has to be checked.
pub(super) const BEGINNINGS: usize = 2 * MZ_LIMIT as usize;

/// By what sums are to be multiplied, for each beginning of a row.
pub(super) type FactorsByBeginning = [f32; BEGINNINGS];

/// By what the sums of a block's rows are to be multiplied, not too low.
#[derive(Debug, Clone, Copy)]
pub(super) struct RowFactors<'a> {
    /// Where each row begins, and the query's part for it; nothing where only the rows' own norms count.
    pub(super) of_query: Option<([u16; BLOCK_ROWS], &'a FactorsByBeginning)>,
    /// The share of each row's norm in the range, and a row's part for each; nothing where all of it is.
    pub(super) of_rows: Option<([u8; BLOCK_ROWS], &'a [f32; 256])>,
}

impl RowFactors<'_> {
    #[inline(always)]
    fn all(&self) -> [f32; BLOCK_ROWS] {
        let mut factors = [1.0; BLOCK_ROWS];
        if let Some((low, of_query)) = &self.of_query {
            let rows = factors.iter_mut().zip(low);
            rows.for_each(|(factor, &low)| *factor = of_query[usize::from(low) % BEGINNINGS]);
        }
        if let Some((shares, of_rows)) = &self.of_rows {
            let rows = factors.iter_mut().zip(shares);
            rows.for_each(|(factor, &share)| *factor *= of_rows[usize::from(share)]);
        }
        factors
    }
}

/// Sums, and what makes cosines of them, or the squares of cosines.
#[derive(Debug)]
pub(super) struct RowValues<'a> {
    pub(super) sums: &'a [u16; BLOCK_ROWS],
    pub(super) factors: RowFactors<'a>,
    /// What a sum of 1 stands for at most.
    pub(super) scale: f64,
    /// Of the squares of cosines, whose factors count twice.
    pub(super) are_squares: bool,
}

impl Work for RowValues<'_> {
    /// Not too low: 0 for a row without any common peak, infinite where nothing is known.
    type Output = [f32; BLOCK_ROWS];

    #[inline(always)]
    fn run(self) -> [f32; BLOCK_ROWS] {
        let scale = self.scale as f32 * SLACK;
        let mut values = self.factors.all();
        for (value, &sum) in values.iter_mut().zip(self.sums) {
            let factor = if self.are_squares { *value * *value } else { *value };
            let product = f32::from(sum) * scale * factor;
            // 65535 stands for anything; 0 times what is infinite would be no number.
            let known = if sum == u16::MAX { f32::INFINITY } else { product };
            *value = if sum == 0 { 0.0 } else { known };
        }
        values
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use probity_kernels::{InstructionSet, run_with};

    use super::*;

    proptest! {
        #[test]
        fn no_value_is_too_low_and_all_processors_agree(
            sums in prop::collection::vec(prop_oneof![any::<u16>(), Just(0), Just(u16::MAX)], BLOCK_ROWS),
            low in prop::collection::vec(0_u16..=MZ_LIMIT as u16, BLOCK_ROWS),
            shares in prop::collection::vec(any::<u8>(), BLOCK_ROWS),
            are_squares in any::<bool>(),
            scale in 1e-6_f64..1.0,
        ) {
            let sums: &[u16; BLOCK_ROWS] = sums.as_slice().try_into().unwrap();
            let low: [u16; BLOCK_ROWS] = low.try_into().unwrap();
            let shares: [u8; BLOCK_ROWS] = shares.try_into().unwrap();
            let of_query: FactorsByBeginning = std::array::from_fn(|low| 1.0 + low as f32 / 3.0);
            let of_rows: [f32; 256] = std::array::from_fn(|share| 255.0 / share as f32);
            let run = |instructions| {
                let factors = RowFactors {
                    of_query: Some((low, &of_query)),
                    of_rows: Some((shares, &of_rows)),
                };
                run_with(instructions, RowValues { sums, factors, scale, are_squares })
            };
            let values = run(InstructionSet::detected());
            prop_assert_eq!(values, run(InstructionSet::Portable));
            for (row, &value) in values.iter().enumerate() {
                let (low, share) = (usize::from(low[row]), usize::from(shares[row]));
                let factor = f64::from(of_query[low]) * f64::from(of_rows[share]);
                let factor = if are_squares { factor * factor } else { factor };
                match sums[row] {
                    0 => prop_assert_eq!(value, 0.0),
                    u16::MAX => prop_assert_eq!(value, f32::INFINITY),
                    sum => {
                        let exact = f64::from(sum) * scale * factor;
                        prop_assert!(f64::from(value) >= exact && f64::from(value) <= exact * (1.0 + 1e-5));
                    }
                }
            }
        }
    }
}
