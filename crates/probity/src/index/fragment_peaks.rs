//! The peaks of one spectrum of accurate mass, in four bytes each, for a bound of its score without reading the spectrum.
//!
//! From the top of a little-endian u32: 24 bits of place, 8 of level, ascending. A spectrum of which nothing can be said
//! is a single byte.

use super::fragment_block::is_unknown;
use super::fragment_query::{FragmentIndex, FragmentQuery, finished};
use super::fragment_row::FragmentRow;

/// Appends what [`FragmentQuery::bound`] reads of a row.
pub(crate) fn put_fragment_peaks(index: &FragmentIndex, row: &FragmentRow, bytes: &mut Vec<u8>) {
    if is_unknown(index.score(), row) {
        bytes.push(0);
        return;
    }
    let mut peaks: Vec<u32> =
        row.places().map(|(place, value)| place << 8 | u32::from(index.edges().level(value))).collect();
    peaks.sort_unstable();
    peaks.iter().for_each(|peak| bytes.extend(peak.to_le_bytes()));
}

impl FragmentQuery {
    /// A bound of a row's score that no rounding makes too low; infinite if nothing is known of the row.
    pub(crate) fn bound(&self, peaks: &[u8]) -> f32 {
        let (peaks, rest) = peaks.as_chunks();
        if !rest.is_empty() {
            return f32::INFINITY;
        }
        let (mut sum, mut windows) = (0_u32, self.apart.as_slice());
        for peak in peaks {
            let peak = u32::from_le_bytes(*peak);
            let place = peak >> 8;
            while let Some((window, after)) = windows.split_first()
                && window.high < place
            {
                windows = after;
            }
            let Some(window) = windows.first() else { break };
            if window.low <= place {
                // A row that was prepared has a thousand peaks at most, and two places for each; one of a forged file may
                // have so many that the sum would overflow.
                sum = sum.saturating_add(u32::from(self.added(window)[(peak & 255) as usize]));
            }
        }
        finished(sum)
    }
}
