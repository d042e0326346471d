//! The one room for SIMD kernels and memory maps, each with a plain twin that is its oracle.
//!
//! The reference scorers need no kernels: kernels serve the index, memory maps opened libraries. [`Work`] compiles safe code of
//! other crates for wider registers, with the same bits.
#![allow(unsafe_code, reason = "one of the two rooms for it")]

mod curve_products;
mod lanes;
mod large_memory;
mod level_bounds;
mod mapped_file;
mod pair_bounds;
mod prefetch;
mod rows_reaching;
mod work;

pub use curve_products::{CURVE_GROUP, CURVE_QUERY_LIMIT, CURVE_ROW_LIMIT, CurveProducts, multiply_curves};
pub use lanes::{LaneWork, Lanes, Numbers, WIDE_LANES, run_on_arrays, run_on_wide_lanes};
pub use large_memory::LargeMemory;
pub use level_bounds::{
    LEVEL_BLOCK_ROWS, LEVEL_COLUMNS_TOGETHER, LevelBlock, LevelColumn, LevelGroup, add_level_bounds,
    set_level,
};
pub use mapped_file::MappedFile;
pub use pair_bounds::{LevelPair, PairSums, add_pair_bounds};
pub use prefetch::prefetch;
pub use rows_reaching::rows_reaching;
pub use work::{Work, run_with};

/// The instructions that kernels may use. Results never depend on it: a kernel and its plain twin give
/// the same bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
#[non_exhaustive]
pub enum InstructionSet {
    /// What every supported processor has.
    #[default]
    Portable,
    /// AVX2 of x86-64.
    Avx2,
    /// AVX2, and AVX-512 with byte permutations (F, BW and VBMI), which the sums of levels use.
    Avx512,
}

impl InstructionSet {
    /// What this processor has, found out at run time.
    #[must_use]
    pub fn detected() -> Self {
        #[cfg(target_arch = "x86_64")]
        if std::arch::is_x86_feature_detected!("avx2") {
            let has_avx512 = std::arch::is_x86_feature_detected!("avx512f")
                && std::arch::is_x86_feature_detected!("avx512bw")
                && std::arch::is_x86_feature_detected!("avx512vbmi");
            return if has_avx512 { Self::Avx512 } else { Self::Avx2 };
        }
        Self::Portable
    }

    /// All that this processor has, each with those before it.
    #[cfg(test)]
    fn all_detected() -> impl Iterator<Item = Self> {
        [Self::Portable, Self::Avx2, Self::Avx512].into_iter().filter(|set| set.is_there())
    }

    /// Whether this processor has it. Anybody can name an instruction set, so that kernels ask; the answer is cached.
    #[cfg(any(test, target_arch = "x86_64"))]
    fn is_there(self) -> bool {
        self <= Self::detected()
    }

    /// Whether AVX2 is to be used, and there.
    #[cfg(target_arch = "x86_64")]
    fn has_avx2(self) -> bool {
        self >= Self::Avx2 && Self::Avx2.is_there()
    }
}

impl std::fmt::Display for InstructionSet {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Portable => "portable",
            Self::Avx2 => "AVX2",
            Self::Avx512 => "AVX-512",
        })
    }
}
