//! The gains of a chunk's rows, and which of them can still be hits of a composite.

use probity_kernels::{InstructionSet, Work};

use super::gain_plan::{GainColumns, WHOLE};
use super::peak_counts::PeaksByBeginning;
use super::row_values::BEGINNINGS;
use super::{BLOCK_ROWS, bits_of};

/// More than rounding to 32 bits can take from a few operations with numbers up to 1.
const SLACK: f32 = 1.0 / 65_536.0;

/// For each row the sum over the query's peaks of what [`GainPlan`](super::gain_plan::GainPlan) says.
#[derive(Debug)]
pub(super) struct Gains {
    sums: Vec<[u16; BLOCK_ROWS]>,
    /// What the sum of a row without any peak would be.
    of_nothing: f64,
    /// What each of the query's peaks adds to it, the second m/z before left out.
    of_none: f64,
}

impl Gains {
    /// The gains of so many blocks, by the m/z before.
    pub(super) fn of(columns: &GainColumns<'_>, blocks: usize, instructions: InstructionSet) -> Self {
        let sums = vec![[0; BLOCK_ROWS]; blocks];
        let mut gains = Self { sums, of_nothing: 0.0, of_none: f64::from(columns.of_none) };
        gains.add(columns, instructions);
        gains
    }

    /// Takes further columns into account.
    pub(super) fn add(&mut self, columns: &GainColumns<'_>, instructions: InstructionSet) {
        columns.columns.add_sums(0, instructions, &mut self.sums);
        self.of_nothing += columns.columns.count() as f64 * f64::from(columns.of_none);
    }

    fn sum(&self, row: usize) -> f64 {
        let sum = self.sums[row / BLOCK_ROWS][row % BLOCK_ROWS];
        if sum == u16::MAX { f64::INFINITY } else { f64::from(sum) }
    }

    /// The gain of a row, not too low.
    pub(super) fn gain(&self, row: usize) -> f64 {
        (self.sum(row) - self.of_nothing) / f64::from(WHOLE)
    }

    /// The mean ratio of a row with so many peaks in common, at least two: not too low.
    pub(super) fn mean_ratio(&self, row: usize, common: u16) -> f64 {
        let common = f64::from(common);
        let sum = self.sum(row) - self.of_nothing + common * self.of_none;
        ((sum / f64::from(WHOLE) - 1.0) / (common - 1.0)).min(1.0)
    }

    /// The rows of a block with such cosines, of which the query has peaks by their beginnings.
    pub(super) fn rows<'a>(
        &'a self,
        block: usize,
        values: &'a [f32; BLOCK_ROWS],
        beginnings: [u16; BLOCK_ROWS],
        query_peaks: &'a PeaksByBeginning,
        threshold: f64,
    ) -> GainRows<'a> {
        let of_nothing = self.of_nothing as f32;
        GainRows { values, sums: &self.sums[block], of_nothing, beginnings, query_peaks, threshold }
    }
}

/// A block's rows: all at once, in 32 bits, before those that are left get bounds of their own.
#[derive(Debug)]
pub(super) struct GainRows<'a> {
    /// The cosines, not too low; 0 for a row without any common peak.
    values: &'a [f32; BLOCK_ROWS],
    sums: &'a [u16; BLOCK_ROWS],
    /// What a row without any peak in common would have: a whole number that 32 bits hold exactly.
    of_nothing: f32,
    /// Where each row begins, and how many peaks the query has from there on.
    beginnings: [u16; BLOCK_ROWS],
    query_peaks: &'a PeaksByBeginning,
    threshold: f64,
}

impl Work for GainRows<'_> {
    /// A bit for each row that can reach the threshold, the lowest for the first.
    type Output = u64;

    #[inline(always)]
    fn run(self) -> u64 {
        let threshold = self.threshold as f32 - SLACK;
        let query_peaks = self.beginnings.map(|low| self.query_peaks[usize::from(low) % BEGINNINGS]);
        let mut is_open = [0; BLOCK_ROWS];
        for row in 0..BLOCK_ROWS {
            let (value, sum) = (self.values[row].min(1.0), self.sums[row]);
            let gain = (f32::from(sum) - self.of_nothing) / f32::from(WHOLE);
            let composite = value * value + gain / f32::from(query_peaks[row].max(1));
            is_open[row] = u8::from((value > 0.0) & ((composite >= threshold) | (sum == u16::MAX)));
        }
        bits_of(&is_open)
    }
}
