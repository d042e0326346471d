//! Which of a block's rows can still be hits of a score with a ratio term: all at once, in 32 bits, before those that are
//! left get bounds of their own.

use probity_kernels::{PairSums, RatioChains, Work};

use super::BLOCK_ROWS;
use super::chain_plan::{ANYTHING, ChainPlan};
use super::peak_counts::PeaksByBeginning;
use super::row_values::BEGINNINGS;

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
    /// Stein and Scott's composite: by the query's peaks and the common ones.
    Composite { query_peaks: QueryPeaks<'a>, chains: &'a RatioChains },
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
            MeanRule::Composite { query_peaks, chains } => {
                let query_peaks = query_peaks.all();
                self.means_by(|row, common| {
                    let ratio = ChainPlan::mean(chains, row);
                    let pairs = if common > 1.0 { common } else { 0.0 };
                    (f32::from(query_peaks[row]).max(common).max(1.0), pairs, ratio)
                })
            }
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
        bits_of(&self.means().map(|mean| u8::from(mean >= threshold)))
    }
}

/// Rows of a composite of whose ratios nothing is known yet.
#[derive(Debug)]
pub(super) struct ChainRows<'a> {
    /// The cosines, not too low; 0 for a row without any common peak.
    pub(super) values: &'a [f32; BLOCK_ROWS],
    /// The numbers of common peaks, not too low.
    pub(super) common: &'a [u16; BLOCK_ROWS],
    pub(super) query_peaks: QueryPeaks<'a>,
    /// What the composite has to reach.
    pub(super) threshold: f64,
}

impl Work for ChainRows<'_> {
    /// What the chain of each row may lose at most, as [`ChainPlan::may_lose`] tells it, and a bit for each row that can
    /// reach the threshold, the lowest for the first.
    type Output = ([u16; BLOCK_ROWS], u64);

    #[inline(always)]
    fn run(self) -> Self::Output {
        // Lower than that of the mean itself, however either is rounded.
        let threshold = self.threshold as f32 / SLACK / SLACK / SLACK;
        let query_peaks = self.query_peaks.all();
        let (mut may_lose, mut is_open) = ([0.0; BLOCK_ROWS], [0; BLOCK_ROWS]);
        for row in 0..BLOCK_ROWS {
            let value = (self.values[row] * SLACK).min(1.0);
            let (squared, common) = (value * value, f32::from(self.common[row]));
            let own = f32::from(query_peaks[row]).max(common).max(1.0);
            // The mean over all pairs that makes the composite reach it; without any pair none does.
            let mean = (threshold * (own + common) - own * squared) / common.max(1.0);
            let mean = if common > 1.0 { mean } else { 2.0 };
            may_lose[row] = if squared >= threshold { ANYTHING } else { ChainPlan::may_lose(common, mean) };
            is_open[row] = u8::from((value > 0.0) & ((squared >= threshold) | (mean <= 1.0)));
        }
        // From 0 to 65535: the casts cut.
        (may_lose.map(|number| number as i32 as u16), bits_of(&is_open))
    }
}

/// How many peaks the query has from where each row of a block begins, and the numbers for all beginnings; nothing where the
/// range also ends with the row.
#[derive(Debug, Clone, Copy)]
pub(super) struct QueryPeaks<'a>(pub(super) Option<([u16; BLOCK_ROWS], &'a PeaksByBeginning)>);

impl QueryPeaks<'_> {
    #[inline(always)]
    fn all(&self) -> [u16; BLOCK_ROWS] {
        let Some((low, peaks_from)) = self.0 else { return [0; BLOCK_ROWS] };
        low.map(|low| peaks_from[usize::from(low) % BEGINNINGS])
    }
}

/// The lowest bits of a block's bytes, which are 0 or 1.
#[inline(always)]
fn bits_of(bytes: &[u8; BLOCK_ROWS]) -> u64 {
    let mut bits = [0; 8];
    for (bits, bytes) in bits.iter_mut().zip(bytes.as_chunks().0) {
        // The product moves byte i to bit 56 + i; nothing else reaches the highest byte.
        *bits = (u64::from_le_bytes(*bytes).wrapping_mul(0x0102_0408_1020_4080) >> 56) as u8;
    }
    u64::from_le_bytes(bits)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use probity_kernels::{InstructionSet, WHOLE_RATIO, run_with};

    use super::*;

    proptest! {
        /// A row that can reach the threshold with all that it lost was not given up before.
        #[test]
        fn no_row_of_a_composite_is_given_up_that_reaches_it(
            rows in prop::collection::vec(
                (prop_oneof![Just(0.0_f32), 0.0_f32..1.0, Just(1.0), Just(f32::INFINITY)], prop_oneof![0_u16..400, 0_u16..12], 0.0_f64..1.0,
                    0.0_f64..1.0, 0_u16..1_000),
                BLOCK_ROWS,
            ),
            peaks in 0_u16..400,
            are_peaks_known in any::<bool>(),
            threshold in prop_oneof![0.0_f64..1.0, Just(f64::NEG_INFINITY), Just(1.0)],
            // A row that just reaches the threshold.
            just in prop::option::of(0..BLOCK_ROWS),
        ) {
            let values = std::array::from_fn(|row| rows[row].0);
            // A row has a cosine above 0 exactly if it has a common peak.
            let common: [u16; BLOCK_ROWS] = std::array::from_fn(|row| if values[row] > 0.0 { rows[row].1 + 1 } else { 0 });
            let peaks_from: PeaksByBeginning = std::array::from_fn(|low| peaks.saturating_sub(low as u16));
            let low = std::array::from_fn(|row| rows[row].4);
            let query_peaks = QueryPeaks(are_peaks_known.then_some((low, &peaks_from)));
            let mut chains = RatioChains::default();
            for (row, &(.., told, lost, _)) in rows.iter().enumerate() {
                let of_common = |share: f64| (f64::from(common[row]) * share) as u16;
                (chains.common[row], chains.told[row]) = (common[row], of_common(told));
                chains.lost[row] = (f64::from(chains.told[row]) * f64::from(WHOLE_RATIO) * lost) as u16;
            }
            let threshold = just.map_or(threshold, |row| {
                let (squared, common) = (f64::from(values[row].min(1.0)), f64::from(common[row]));
                let squared = squared * squared;
                let peaks = if are_peaks_known { f64::from(peaks_from[usize::from(low[row])]) } else { 0.0 };
                let told = f64::from(chains.told[row]);
                let lost = f64::from(chains.lost[row]) / f64::from(WHOLE_RATIO);
                let ratio = ((told - lost + 2.0 * (common - told)) / (common - 1.0)).min(1.0);
                let own = peaks.max(common);
                if common > 1.0 && ratio > squared { (own * squared + common * ratio) / (own + common) } else { squared }
            });
            for instructions in [InstructionSet::Portable, InstructionSet::detected()] {
                let limits = ChainRows { values: &values, common: &common, query_peaks, threshold };
                let (may_lose, open) = run_with(instructions, limits);
                let rule = MeanRule::Composite { query_peaks, chains: &chains };
                let all = RatioRows { values: &values, are_squares: false, common: &common, rule, threshold };
                let reaching = run_with(instructions, all);
                let is_hit = |row: &usize| values[*row] > 0.0 && reaching >> row & 1 == 1;
                for row in (0..BLOCK_ROWS).filter(is_hit) {
                    prop_assert!(open >> row & 1 == 1, "row {row} is given up at once");
                    let untold = u32::from(WHOLE_RATIO) * u32::from(common[row] - chains.told[row]);
                    let may_lose = u32::from(may_lose[row]).saturating_add(untold);
                    prop_assert!(
                        may_lose >= u32::from(u16::MAX) || u32::from(chains.lost[row]) <= may_lose,
                        "row {row} lost {}, and may lose {may_lose}", chains.lost[row],
                    );
                }
            }
        }
    }
}
