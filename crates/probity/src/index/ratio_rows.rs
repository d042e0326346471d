//! Which of a block's rows can still be hits of a score with a ratio term: all at once, in 32 bits, before those that are
//! left get bounds of their own.

use probity_kernels::{PairSums, Work};

use super::BLOCK_ROWS;
use super::chain_plan::ChainPlan;

/// More than rounding to 32 bits can take from a mean: up to 16 operations, each off by a part in 2²⁴.
const SLACK: f32 = 1.0 + 1.0 / 4_096.0;

/// A block's rows.
#[derive(Debug)]
pub(super) struct RatioRows<'a> {
    /// The sums of products, or of squares, and what a sum of 1 stands for at most.
    pub(super) sums: &'a [u16; BLOCK_ROWS],
    pub(super) scale: f64,
    pub(super) are_squares: bool,
    /// The numbers of common peaks, not too low.
    pub(super) common: &'a [u16; BLOCK_ROWS],
    pub(super) pairs: &'a PairSums,
    pub(super) rule: MeanRule,
    /// What the mean has to reach.
    pub(super) threshold: f64,
}

/// How a score weighs its squared cosine against its mean ratio.
#[derive(Debug, Clone, Copy)]
pub(super) enum MeanRule {
    /// NIST's Identity: by the numbers of common peaks, of which so many may be traces on both sides, and of pairs.
    Identity { traces: u16 },
    /// Stein and Scott's composite: by the query's peaks, at least so many, and the common ones.
    Composite { query_peaks: u16 },
}

impl Work for RatioRows<'_> {
    /// A bit for each row that can reach the threshold, the lowest for the first.
    type Output = u64;

    #[inline(always)]
    fn run(self) -> u64 {
        let scale = self.scale as f32 * SLACK;
        let mut means = [0.0; BLOCK_ROWS];
        for (row, mean) in means.iter_mut().enumerate() {
            let sum = self.sums[row];
            // 65535 stands for anything.
            let value = if sum == u16::MAX { 1.0 } else { (f32::from(sum) * scale).min(1.0) };
            let squared = if self.are_squares { value } else { value * value };
            let common = f32::from(self.common[row]);
            let (ratios, weights) = (f32::from(self.pairs.bounds[row]), f32::from(self.pairs.weights[row]));
            let (own, pairs, ratio) = match self.rule {
                MeanRule::Identity { traces } => {
                    let ratio = if weights > 0.0 { ratios / weights } else { 1.0 };
                    let pairs = f32::from(self.pairs.counts[row]).min((common - 1.0).max(0.0));
                    ((common - f32::from(traces)).max(1.0), pairs, ratio)
                }
                MeanRule::Composite { query_peaks } => {
                    let all = (common - 1.0) * f32::from(ChainPlan::PAIR_WEIGHT);
                    let ratio = if all > 0.0 { (ratios + (all - weights)) / all } else { 1.0 };
                    let pairs = if common > 1.0 { common } else { 0.0 };
                    (f32::from(query_peaks).max(common).max(1.0), pairs, ratio)
                }
            };
            let ratio = ratio.min(1.0).max(squared);
            *mean = (own * squared + pairs * ratio) / (own + pairs) * SLACK;
            *mean = if sum > 0 { *mean } else { -1.0 };
        }
        let threshold = self.threshold as f32;
        means.iter().rev().fold(0, |open, &mean| open << 1 | u64::from(mean >= threshold / SLACK))
    }
}
