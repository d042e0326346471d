//! A row with each of its values to 11 binary digits, and how the score of a pair follows from it: a bound that lies
//! about a thousandth above the score, for rows that the levels do not rule out.
//!
//! A peak takes 4 bytes: its m/z in 15 bits, a bit for a trace, and 16 bits of value, rounded up. Nothing is looked
//! for: a query's values stand in a table by m/z.

use probity_kernels::{InstructionSet, Work, run_with};

use super::flat_index::FlatRow;
use super::{MZ_LIMIT, SMALLEST_SQUARE};

/// Bits of a 32-bit number that are cut off its fraction, so that 11 stay.
const CUT_BITS: u32 = 12;

/// The smallest value that is told from 0: 2⁻³¹.
const SMALLEST: f32 = f32::from_bits(SMALLEST_BITS);
const SMALLEST_BITS: u32 = (127 - 31) << 23;

/// A stored value is at most a value divided by this.
const KEPT: f64 = 1.0 - 1.0 / 2_048.0;

/// What the products of values below [`SMALLEST`] can add to a sum of squares of up to 4,096.
const SMALLEST_SQUARES: f64 = 1.0 / (1_u64 << 50) as f64;

/// Bytes of a peak.
pub(super) const PEAK_BYTES: usize = 4;

/// Places of a query's tables: a power of two above [`MZ_LIMIT`].
pub(super) const PLACES: usize = 2 * MZ_LIMIT as usize;

/// The bit of a trace beside the m/z.
const TRACE: u16 = 1 << 15;

/// A value in 16 bits, not below it.
fn shortened(value: f64) -> u16 {
    // To the nearest number of 32 bits, which may lie below.
    let mut near = value as f32;
    if f64::from(near) < value {
        near = near.next_up();
    }
    if near > SMALLEST { rounded_up(near).min(u32::from(u16::MAX)) as u16 } else { 0 }
}

/// A number of 32 bits that is not below [`SMALLEST`], counted in steps of its 11 digits from there, rounded up.
#[inline]
fn rounded_up(value: f32) -> u32 {
    (value.to_bits() - SMALLEST_BITS + ((1 << CUT_BITS) - 1)) >> CUT_BITS
}

/// Appends a row's bytes. A row of which nothing can be said has none.
pub(crate) fn put_close_row(row: &FlatRow, bytes: &mut Vec<u8>) {
    if !row.can_be_indexed() {
        return;
    }
    // Both ascend.
    let mut above_traces = row.norms.as_ref().map(|norms| norms.weights.iter().map(|(mz, _)| *mz).peekable());
    let mut is_trace = |mz: u32| match &mut above_traces {
        Some(above_traces) => {
            while above_traces.next_if(|&other| other < mz).is_some() {}
            above_traces.peek() != Some(&mz)
        }
        None => false,
    };
    for &(mz, value) in row.values.iter().filter(|(_, value)| *value > 0.0) {
        // From the limit on no query has a peak: which m/z it is does not matter.
        let place = mz.min(MZ_LIMIT) as u16;
        bytes.extend((if is_trace(mz) { place | TRACE } else { place }).to_le_bytes());
        bytes.extend(shortened(value).to_le_bytes());
    }
}

/// One stored peak.
#[derive(Debug, Clone, Copy)]
pub(super) struct ClosePeak(u32);

impl ClosePeak {
    #[inline]
    pub(super) fn of(bytes: [u8; PEAK_BYTES]) -> Self {
        Self(u32::from_le_bytes(bytes))
    }

    /// The m/z; other bytes than those written cannot lead out of a query's tables.
    #[inline]
    pub(super) fn mz(self) -> usize {
        self.0 as usize % PLACES
    }

    #[inline]
    fn is_trace(self) -> bool {
        self.0 & u32::from(TRACE) != 0
    }

    #[inline]
    fn short(self) -> u32 {
        self.0 >> 16
    }

    #[inline]
    pub(super) fn value(self) -> f32 {
        f32::from_bits(SMALLEST_BITS + (self.short() << CUT_BITS))
    }
}

/// The peaks of a row from one m/z to another, both in it.
pub(super) fn peaks_within(row: &[u8], low: usize, high: usize) -> &[[u8; PEAK_BYTES]] {
    let peaks = row.as_chunks().0;
    let is_outside = |peak: &&[u8; PEAK_BYTES]| !(low..=high).contains(&ClosePeak::of(**peak).mz());
    // A range rarely cuts off more than the first few peaks.
    let below = peaks.iter().take_while(is_outside).count();
    let above = peaks[below..].iter().rev().take_while(is_outside).count();
    &peaks[below..peaks.len() - above]
}

/// Peaks that are taken side by side.
const LANES: usize = 8;

/// The smallest value of a query that is told: such leave no product of 32 bits without digits.
const SMALLEST_OWN: f32 = 1.0 / (1_u64 << 60) as f32;

/// What rounding to 32 bits takes from one operation, relatively.
const ROUNDING: f64 = 1.0 / (1 << 23) as f64;

/// The peaks of a row, and the values of a query.
struct Products<'a> {
    near: &'a [f32; PLACES],
    peaks: &'a [[u8; PEAK_BYTES]],
}

impl Products<'_> {
    #[inline(always)]
    fn add(&self, peaks: [[u8; PEAK_BYTES]; LANES], sums: &mut [[f32; LANES]; 2], common: &mut [u32; LANES]) {
        let peaks = peaks.map(ClosePeak::of);
        let own = peaks.map(|peak| self.near[peak.mz()]);
        let other = peaks.map(ClosePeak::value);
        for lane in 0..LANES {
            sums[0][lane] += own[lane] * other[lane];
            let counted = if peaks[lane].is_trace() { 0.0 } else { other[lane] };
            sums[1][lane] += counted * counted;
            common[lane] += u32::from(own[lane] > 0.0);
        }
    }
}

impl Work for Products<'_> {
    type Output = CloseSums;

    #[inline(always)]
    fn run(self) -> CloseSums {
        let (mut sums, mut common) = ([[0.0; LANES]; 2], [0; LANES]);
        let (groups, rest) = self.peaks.as_chunks::<LANES>();
        for group in groups {
            self.add(*group, &mut sums, &mut common);
        }
        if !rest.is_empty() {
            // A trace that no query has adds nothing.
            let nothing = u32::from(TRACE) | MZ_LIMIT;
            let mut group = [nothing.to_le_bytes(); LANES];
            group[..rest.len()].copy_from_slice(rest);
            self.add(group, &mut sums, &mut common);
        }
        // A product and an addition for each peak of a lane.
        let slack = (self.peaks.len() / LANES + 3) as f64 * ROUNDING;
        let [product, square] = sums.map(|lanes| lanes.into_iter().map(f64::from).sum::<f64>());
        CloseSums {
            product: product * (1.0 + slack),
            square: square * (1.0 - slack) * (KEPT * KEPT) - SMALLEST_SQUARES,
            common: common.into_iter().sum(),
        }
    }
}

/// A query's values by m/z.
#[derive(Debug)]
pub(super) struct CloseQuery {
    /// The value at each m/z, 0 where there is no peak.
    values: Box<[f64; PLACES]>,
    /// The same in 32 bits, not too low.
    near: Box<[f32; PLACES]>,
    /// For scores with a ratio term.
    ratios: Option<RatioRule>,
    /// The query's peaks above a trace below each m/z, for scores with a ratio term.
    counted: Vec<u16>,
    /// Which of its peaks are traces.
    is_trace: Box<[bool; PLACES]>,
}

/// How neighbouring common peaks make a ratio term.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct RatioRule {
    /// The power of the ratios of values, 1 or 2: no more than it is, since what is at most 1 does not fall by that.
    /// `None` if nothing is known of the ratios.
    pub(super) power: Option<u8>,
    /// Whether a lone peak of either spectrum above a trace parts its neighbours.
    pub(super) lone_peaks_part: bool,
    /// Whether a ratio weighs as much as the m/z of its second peak.
    pub(super) weighs_by_mz: bool,
}

/// Sums over the common peaks of a query and a row in their range.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct CloseSums {
    /// Of the products of the values, not too low.
    product: f64,
    /// Of the squares of the row's values, not too high.
    square: f64,
    /// The number of common peaks, not too low.
    pub(super) common: u32,
}

/// The ratio term of a query and a row.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct CloseRatio {
    /// The number of common peaks.
    pub(super) common: u32,
    /// The mean ratio of neighbours, not too low, and how many pairs there are.
    pub(super) ratio: f64,
    pub(super) pairs: u32,
}

impl CloseQuery {
    /// A query whose m/z are below the limit.
    pub(super) fn of(row: &FlatRow, ratios: Option<RatioRule>) -> Self {
        let mut query = Self {
            values: Box::new([0.0; PLACES]),
            near: Box::new([0.0; PLACES]),
            ratios,
            counted: Vec::new(),
            is_trace: Box::new([false; PLACES]),
        };
        for &(mz, value) in row.values.iter().filter(|(_, value)| *value > 0.0) {
            let mz = mz as usize;
            query.values[mz] = value;
            query.near[mz] = (value as f32).next_up().max(SMALLEST_OWN);
            query.is_trace[mz] = true;
        }
        let above_traces = row.norms.as_ref().map_or(&row.values, |norms| &norms.weights);
        for &(mz, _) in above_traces {
            query.is_trace[mz as usize] = false;
        }
        if ratios.is_some() {
            query.counted = vec![0; PLACES + 1];
            for &(mz, _) in above_traces {
                query.counted[mz as usize + 1] = 1;
            }
            for place in 1..=PLACES {
                query.counted[place] += query.counted[place - 1];
            }
        }
        query
    }

    /// How many of the query's peaks above a trace lie in a range.
    pub(super) fn peaks_within(&self, low: usize, high: usize) -> u16 {
        self.counted[high.saturating_add(1).min(PLACES)].saturating_sub(self.counted[low.min(PLACES)])
    }

    /// The sums that a cosine needs.
    pub(super) fn products(&self, peaks: &[[u8; PEAK_BYTES]], instructions: InstructionSet) -> CloseSums {
        run_with(instructions, Products { near: &self.near, peaks })
    }

    /// The query's share of its squared norm in the common peaks, not too high.
    pub(super) fn common_square(&self, peaks: &[[u8; PEAK_BYTES]]) -> f64 {
        let square = |peak: ClosePeak| {
            let counts = !(peak.is_trace() && self.is_trace[peak.mz()]);
            if counts { self.values[peak.mz()] * self.values[peak.mz()] } else { 0.0 }
        };
        peaks.iter().map(|bytes| square(ClosePeak::of(*bytes))).sum()
    }

    /// The ratio term.
    pub(super) fn ratio(&self, rule: RatioRule, peaks: &[[u8; PEAK_BYTES]]) -> CloseRatio {
        let mut result = CloseRatio::default();
        let (mut ratios, mut weights) = (0.0, 0.0);
        let mut before: Option<(usize, f64, f64)> = None;
        for peak in peaks.iter().map(|bytes| ClosePeak::of(*bytes)) {
            let (mz, own) = (peak.mz(), self.values[peak.mz()]);
            if own <= 0.0 {
                if rule.lone_peaks_part && !peak.is_trace() {
                    before = None;
                }
                continue;
            }
            if peak.is_trace() && self.is_trace[mz] {
                continue;
            }
            result.common += 1;
            // A value of 0 stands for any below the smallest.
            let other = if peak.short() == 0 { 0.0 } else { f64::from(peak.value()) };
            if let Some((mz_before, own_before, other_before)) = before
                && !(rule.lone_peaks_part && self.counted[mz] > self.counted[mz_before + 1])
            {
                let (a, b) = (own * other_before, own_before * other);
                let smaller = f64::min(a, b);
                // What an underflow or a value below the smallest makes 0 says nothing.
                let ratio = if smaller > 0.0 { smaller / f64::max(a, b) } else { 1.0 };
                let weight = if rule.weighs_by_mz { mz as f64 } else { 1.0 };
                ratios += weight * if rule.power == Some(2) { ratio * ratio } else { ratio };
                weights += weight;
                result.pairs += 1;
            }
            before = Some((mz, own, other));
        }
        let mean = if rule.power.is_some() { ratios / weights / (KEPT * KEPT) } else { 1.0 };
        result.ratio = if weights > 0.0 { mean.min(1.0) } else { 0.0 };
        result
    }

    /// The rule of the ratio term.
    pub(super) fn rule(&self) -> Option<RatioRule> {
        self.ratios
    }
}

impl CloseSums {
    /// The cosine with a query of which this share of the squared norm is in the range; `None` if nothing can be
    /// concluded.
    pub(super) fn cosine(&self, share_of_query: f64) -> Option<f64> {
        let squares = share_of_query * self.square;
        (self.product > 0.0 && squares > SMALLEST_SQUARE).then(|| self.product / squares.sqrt())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn value_of(short: u16) -> f64 {
        f64::from(ClosePeak(u32::from(short) << 16).value())
    }

    proptest! {
        #[test]
        fn values_are_rounded_up_by_less_than_a_part_in_2048(value in 1e-12_f64..=1.0, tiny in 0.0_f64..1e-9) {
            let stored = value_of(shortened(value));
            prop_assert!(stored >= value);
            prop_assert!(stored * KEPT <= value || shortened(value) == 0);
            prop_assert!(value_of(shortened(tiny)) >= tiny);
        }
    }

    #[test]
    fn one_is_kept() {
        assert_eq!(value_of(shortened(1.0)), 1.0);
        assert_eq!(shortened(1.0), 31 << 11);
    }
}
