//! Which of a block's rows can still be hits of a score with a ratio term: all at once, in 32 bits, before those that are
//! left get bounds of their own.

use probity_kernels::{PairSums, RatioChains, Work};

use super::BLOCK_ROWS;
use super::chain_plan::ChainPlan;

/// More than rounding to 32 bits can take from a mean: up to 16 operations, each off by a part in 2²⁴.
const SLACK: f32 = 1.0 + 1.0 / 4_096.0;

/// A block's rows.
#[derive(Debug)]
pub(super) struct RatioRows<'a> {
    /// The cosines, not too low, or their squares; 0 for a row without any common peak.
    pub(super) values: &'a [f32; BLOCK_ROWS],
    pub(super) are_squares: bool,
    /// The numbers of common peaks, not too low.
    pub(super) common: &'a [u16; BLOCK_ROWS],
    pub(super) rule: MeanRule<'a>,
    /// What the mean has to reach.
    pub(super) threshold: f64,
}

/// How a score weighs its squared cosine against its mean ratio, and what is known of the ratios.
#[derive(Debug, Clone, Copy)]
pub(super) enum MeanRule<'a> {
    /// NIST's Identity: by the numbers of common peaks, of which so many may be traces on both sides, and of pairs.
    Identity { traces: u16, pairs: &'a PairSums },
    /// Stein and Scott's composite: by the query's peaks, at least so many, and the common ones.
    Composite { query_peaks: u16, chains: &'a RatioChains },
}

impl RatioRows<'_> {
    /// The means, not too low; −1 for a row without any common peak.
    #[inline(always)]
    fn means(&self) -> [f32; BLOCK_ROWS] {
        match self.rule {
            MeanRule::Identity { traces, pairs } => self.means_by(|row, common| {
                let (ratios, weights) = (f32::from(pairs.bounds[row]), f32::from(pairs.weights[row]));
                let ratio = if weights > 0.0 { ratios / weights } else { 1.0 };
                let pairs = f32::from(pairs.counts[row]).min((common - 1.0).max(0.0));
                ((common - f32::from(traces)).max(1.0), pairs, ratio)
            }),
            MeanRule::Composite { query_peaks, chains } => self.means_by(|row, common| {
                let ratio = ChainPlan::mean(chains.ratios[row], common, f32::from(chains.told[row]));
                let pairs = if common > 1.0 { common } else { 0.0 };
                (f32::from(query_peaks).max(common).max(1.0), pairs, ratio)
            }),
        }
    }

    /// The means of the squared cosine and a ratio; `terms` tells of a row and its number of common peaks the weights of both
    /// and the ratio.
    #[inline(always)]
    fn means_by(&self, terms: impl Fn(usize, f32) -> (f32, f32, f32)) -> [f32; BLOCK_ROWS] {
        let mut means = [0.0; BLOCK_ROWS];
        for (row, mean) in means.iter_mut().enumerate() {
            let value = (self.values[row] * SLACK).min(1.0);
            let squared = if self.are_squares { value } else { value * value };
            let (own, pairs, ratio) = terms(row, f32::from(self.common[row]));
            let ratio = ratio.min(1.0).max(squared);
            *mean = (own * squared + pairs * ratio) / (own + pairs) * SLACK;
            *mean = if value > 0.0 { *mean } else { -1.0 };
        }
        means
    }
}

impl Work for RatioRows<'_> {
    /// A bit for each row that can reach the threshold, the lowest for the first.
    type Output = u64;

    #[inline(always)]
    fn run(self) -> u64 {
        let threshold = self.threshold as f32 / SLACK;
        self.means().iter().rev().fold(0, |open, &mean| open << 1 | u64::from(mean >= threshold))
    }
}
