//! The entropy similarity with a row of values to 11 binary digits, not too low: eight peaks at a time, in 32 bits.
//!
//! ½ Σ [f(a + b) − f(a) − f(b)], f(x) = x log₂ x, is ½ Σ [a (log₂ (a + b) − log₂ a) + b (log₂ (a + b) − log₂ b)]. It does
//! not fall when a or b is rounded up, and adds exactly 0 where a is 0.

use probity_kernels::Work;

use super::close_row::{ClosePeak, PEAK_BYTES, PLACES};
use super::{MZ_LIMIT, PEAKS_LIMIT};

/// Peaks that are taken side by side.
const LANES: usize = 8;

/// Coefficients of log₂ (1 + x) for x from 0 to 1, the lowest first, of the polynomial that meets it at the eight Chebyshev
/// points; computed with NumPy's `Chebyshev.interpolate`. It is off by up to 3.7 · 10⁻⁷, in 32 bits by up to 8 · 10⁻⁷.
const LOGARITHM: [f32; 8] = [
    3.685_614e-7,
    1.442_647_5,
    -0.720_316_06,
    0.472_086_9,
    -0.321_960_3,
    0.188_752_74,
    -0.075_651_37,
    0.014_440_352,
];

/// What the terms can lack: both logarithms of each weight are off by less than 2⁻¹⁹, products and differences by less than
/// 2⁻²¹ of the weight, and all weights add up to less than 4.
const TERM_SLACK: f64 = 1.0 / 32_768.0;

/// What the two additions of a peak, to sums of less than 4, can take from its lane.
const SUM_SLACK: f64 = 1.0 / (1 << 22) as f64;

/// log₂ of a number from 2⁻¹²⁶, off by less than 2⁻¹⁹ from 2⁻³¹ to 4.
#[inline(always)]
fn log2(value: f32) -> f32 {
    let bits = value.to_bits();
    let exponent = (bits >> 23).cast_signed() - 127;
    let x = f32::from_bits(bits & 0x007f_ffff | 0x3f80_0000) - 1.0;
    let fraction = LOGARITHM.iter().rev().fold(0.0, |sum, coefficient| sum * x + coefficient);
    exponent as f32 + fraction
}

/// A query's weights by m/z.
#[derive(Debug)]
pub(super) struct CloseEntropy {
    /// The weight, not too low, and its logarithm; 0 and 0 where there is no peak.
    weights: Box<[(f32, f32); PLACES]>,
}

impl CloseEntropy {
    /// The weights of peaks whose m/z are below the limit.
    pub(super) fn of(peaks: &[(u32, f64)]) -> Self {
        let mut weights = Box::new([(0.0, 0.0); PLACES]);
        for &(mz, weight) in peaks.iter().filter(|(_, weight)| *weight > 0.0) {
            // What is too small for a logarithm counts as a little more.
            let weight = (weight as f32).next_up().max(f32::MIN_POSITIVE);
            weights[mz as usize] = (weight, log2(weight));
        }
        Self { weights }
    }

    /// The similarity with a row.
    pub(super) fn with<'a>(&'a self, row: &'a [u8]) -> EntropyOfRow<'a> {
        EntropyOfRow { query: self, row }
    }
}

/// A query and a row.
#[derive(Debug)]
pub(super) struct EntropyOfRow<'a> {
    query: &'a CloseEntropy,
    row: &'a [u8],
}

impl EntropyOfRow<'_> {
    #[inline(always)]
    fn add(&self, peaks: [[u8; PEAK_BYTES]; LANES], sums: &mut [f32; LANES]) {
        let peaks = peaks.map(ClosePeak::of);
        let own = peaks.map(|peak| self.query.weights[peak.mz()]);
        let other = peaks.map(ClosePeak::value);
        for lane in 0..LANES {
            let ((a, log_a), b) = (own[lane], other[lane]);
            let log_both = log2(a + b);
            sums[lane] += a * (log_both - log_a) + b * (log_both - log2(b));
        }
    }
}

impl Work for EntropyOfRow<'_> {
    type Output = f64;

    #[inline(always)]
    fn run(self) -> f64 {
        let mut sums = [0.0; LANES];
        let peaks: &[[u8; PEAK_BYTES]] = self.row.as_chunks().0;
        let (groups, rest) = peaks.as_chunks::<LANES>();
        for group in groups {
            self.add(*group, &mut sums);
        }
        if !rest.is_empty() {
            // No query has a peak from the limit on: such add nothing.
            let mut group = [(MZ_LIMIT).to_le_bytes(); LANES];
            group[..rest.len()].copy_from_slice(rest);
            self.add(group, &mut sums);
        }
        let sum: f64 = sums.into_iter().map(f64::from).sum();
        let additions = peaks.len().min(PEAKS_LIMIT) as f64;
        (sum + TERM_SLACK + additions * SUM_SLACK) / 2.0
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use probity_kernels::{InstructionSet, run_with};

    use super::super::close_row::put_close_row;
    use super::super::flat_index::FlatRow;
    use super::*;
    use crate::math;

    #[test]
    fn logarithms_are_off_by_less_than_stated() {
        for number in 0..1 << 23 {
            let value = f32::from_bits(0x3f80_0000 + number);
            for value in [value * 2.0, value / 1_024.0, value / 2_147_483_648.0] {
                let off = f64::from(log2(value)) - math::log2(f64::from(value));
                assert!(off.abs() < 1.0 / f64::from(1 << 19), "{value}: {off}");
            }
        }
    }

    fn any_peaks() -> impl Strategy<Value = Vec<(u32, f64)>> {
        let weight = prop_oneof![0.0_f64..1.0, 0.0_f64..1e-4, Just(1e-12), Just(1e-45), Just(1.0)];
        prop::collection::btree_map(prop_oneof![30_u32..90, 2_000_u32..2_048], weight, 0..60).prop_map(
            |peaks| {
                let total: f64 = peaks.values().sum::<f64>().max(1e-300);
                peaks.into_iter().map(|(mz, weight)| (mz, weight / total)).collect()
            },
        )
    }

    proptest! {
        #[test]
        fn the_bound_lies_a_little_above_the_similarity(query in any_peaks(), row in any_peaks()) {
            let f = |x: f64| if x > 0.0 { x * math::log2(x) } else { 0.0 };
            let term = |&(mz, a): &(u32, f64)| {
                let b = row.iter().find(|(other, _)| *other == mz).map_or(0.0, |peak| peak.1);
                if a > 0.0 && b > 0.0 { f(a + b) - f(a) - f(b) } else { 0.0 }
            };
            let similarity = query.iter().map(term).sum::<f64>() / 2.0;
            let mut bytes = Vec::new();
            put_close_row(&FlatRow { values: row.clone(), ..FlatRow::default() }, &mut bytes);
            let close = CloseEntropy::of(&query);
            let bounds = [InstructionSet::Portable, InstructionSet::detected()]
                .map(|instructions| run_with(instructions, close.with(&bytes)));
            prop_assert_eq!(bounds[0].to_bits(), bounds[1].to_bits());
            prop_assert!(bounds[0] >= similarity && bounds[0] < similarity + 2e-3, "{} {similarity}", bounds[0]);
        }
    }
}
