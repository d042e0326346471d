//! Which of a block's rows can still be hits of NIST's Identity: all at once, in 32 bits, before those that are left get bounds of
//! their own.

use probity_kernels::{PairSums, Work};

use super::{BLOCK_ROWS, bits_of};

/// More than rounding to 32 bits can take from a mean: up to 16 operations, each off by a part in 2²⁴.
const SLACK: f32 = 1.0 + 1.0 / 4_096.0;

/// A block's rows.
#[derive(Debug)]
pub(super) struct RatioRows<'a> {
    /// The cosines, not too low, or their squares; 0 for a row without any common peak.
    pub(super) values: &'a [f32; BLOCK_ROWS],
    pub(super) are_squares: bool,
    /// The numbers of common peaks, not too low, of which so many may be traces on both sides.
    pub(super) common: &'a [u16; BLOCK_ROWS],
    pub(super) traces: u16,
    pub(super) pairs: &'a PairSums,
    /// What the mean of the squared cosine and the ratio term has to reach.
    pub(super) threshold: f64,
}

impl RatioRows<'_> {
    /// The means, not too low; −1 for a row without any common peak.
    #[inline(always)]
    fn means(&self) -> [f32; BLOCK_ROWS] {
        let mut means = [0.0; BLOCK_ROWS];
        for (row, mean) in means.iter_mut().enumerate() {
            let value = (self.values[row] * SLACK).min(1.0);
            let squared = if self.are_squares { value } else { value * value };
            let common = f32::from(self.common[row]);
            let (ratios, weights) = (f32::from(self.pairs.bounds[row]), f32::from(self.pairs.weights[row]));
            let ratio = if weights > 0.0 { ratios / weights } else { 1.0 };
            let ratio = ratio.min(1.0).max(squared);
            let pairs = f32::from(self.pairs.counts[row]).min((common - 1.0).max(0.0));
            let own = (common - f32::from(self.traces)).max(1.0);
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
        bits_of(&self.means().map(|mean| u8::from(mean >= threshold)))
    }
}
