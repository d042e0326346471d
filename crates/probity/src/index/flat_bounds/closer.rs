//! Closer bounds of a chunk's rows, of their peaks in a few bytes each.

use probity_kernels::run_with;

use super::super::BOUND_SLACK;
use super::super::best_first::rounded_up;
use super::super::close_row::{CloseRatio, peaks_within};
use super::super::flat_index::FlatScore;
use super::{ChunkBounds, match_factor};

impl ChunkBounds<'_> {
    /// A closer bound from the row's values, or one below the threshold; `bound` where they say nothing more.
    pub(crate) fn closer(&self, row: usize, values: &[u8], bound: f32, threshold: f64) -> f32 {
        if values.is_empty() || self.chunk.unknown.binary_search(&row).is_ok() {
            return bound;
        }
        let close = &self.query.close;
        let (Some(norms), Some(query)) = (&self.chunk.norms, &self.query.norms) else {
            let Some(close) = &self.query.close_entropy else { return bound };
            let similarity = run_with(self.query.instructions, close.with(values));
            return rounded_up(similarity * BOUND_SLACK);
        };
        let Some((low, high)) = norms.range(row, query) else { return bound };
        let peaks = peaks_within(values, low, high);
        let sums = close.products(peaks, self.query.instructions);
        let share_of_query = if self.chunk.score.is_reverse() {
            close.common_square(peaks)
        } else {
            query.share_within(low, high)
        };
        let Some(cosine) = sums.cosine(share_of_query) else { return bound };
        let cosine = cosine * BOUND_SLACK;
        let Some(rule) = close.rule() else {
            return rounded_up(match self.chunk.score {
                FlatScore::SimpleMatchFactor | FlatScore::SimpleReverseMatchFactor => {
                    match_factor(cosine * cosine)
                }
                _ => cosine,
            });
        };
        // First with what the levels say of the ratios.
        let common = u16::try_from(sums.common).unwrap_or(u16::MAX);
        let bound = self.with_ratio(cosine * cosine * BOUND_SLACK, row, Some(common));
        if f64::from(bound) < threshold {
            return bound;
        }
        self.finished_closely(cosine * cosine, close.ratio(rule, peaks), close.peaks_within(low, high))
    }

    /// The bound that follows from a squared cosine, the ratio term and the number of the query's peaks.
    fn finished_closely(&self, squared: f64, term: CloseRatio, query_peaks: u16) -> f32 {
        let squared = (squared * BOUND_SLACK).min(1.0);
        let (common, pairs) = (f64::from(term.common), f64::from(term.pairs));
        let mean = |own: f64, pairs: f64| (own * squared + pairs * term.ratio) / (own + pairs) * BOUND_SLACK;
        rounded_up(match self.chunk.score {
            FlatScore::Identity | FlatScore::IdentityReverse if term.common > 0 => {
                match_factor(mean(common, pairs))
            }
            FlatScore::Identity | FlatScore::IdentityReverse => match_factor(squared),
            _ if term.common > 1 => mean(f64::from(query_peaks), common),
            _ => squared,
        })
    }
}
