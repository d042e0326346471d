//! Code that is compiled once for each instruction set, from one source.

use crate::InstructionSet;

/// Work whose loops are to be compiled for the instructions at hand. `run` and all that it calls in its loops must be
/// `#[inline(always)]`: only what is inlined into the compiled copies is compiled anew.
///
/// Every copy gives the same bits: the compiler neither reorders floating-point operations nor fuses a product with a sum,
/// so that wider registers change only how many lanes go through one instruction.
pub trait Work {
    /// What it returns.
    type Output;

    /// Does it.
    fn run(self) -> Self::Output;
}

/// Does the work with an instruction set.
pub fn run_with<W: Work>(set: InstructionSet, work: W) -> W::Output {
    match set {
        #[cfg(target_arch = "x86_64")]
        set if set.has_avx2() => {
            // SAFETY: the processor has AVX2, as was just found out.
            unsafe { run_with_avx2(work) }
        }
        _ => work.run(),
    }
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
fn run_with_avx2<W: Work>(work: W) -> W::Output {
    work.run()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Sums that a fused multiply-add, or another order, would change.
    struct Products([[f64; 8]; 64]);

    impl Work for Products {
        type Output = [u64; 8];

        #[inline(always)]
        fn run(self) -> [u64; 8] {
            let mut sums = [0.1; 8];
            for row in &self.0 {
                for (sum, x) in sums.iter_mut().zip(row) {
                    *sum = *sum * x + x / 3.0;
                }
            }
            sums.map(f64::to_bits)
        }
    }

    #[test]
    fn every_instruction_set_gives_the_same_bits() {
        let rows = std::array::from_fn(|i| std::array::from_fn(|j| 1.0 / (1.0 + (8 * i + j) as f64) + 0.9));
        let portable = run_with(InstructionSet::Portable, Products(rows));
        assert_eq!(portable, run_with(InstructionSet::Avx2, Products(rows)));
    }
}
