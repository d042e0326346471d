//! A query's part in the bounds of spectra of accurate mass.

use super::BOUND_SLACK;
use super::best_first::rounded_up;
use super::fragment_row::{FragmentRow, Window};
use super::pair_score::PairScore;
use super::value_edges::ValueEdges;
use crate::units::MassTolerance;

/// A query's lightest peaks that add at most this to any score, which reaches to 1, are read only where the others do not
/// rule a row out.
const LIGHT: f64 = 0.3;

/// What a sum of 1 stands for.
pub(super) const UNIT: f64 = 1.0 / 16_384.0;

/// Binary digits of [`UNIT`]s that are left out of sums of 8 bits, so that 1 has room in them.
pub(super) const COARSEST: u32 = 6;

/// 2⁵².
const SHIFT: f64 = (1_u64 << 52) as f64;

/// What a partner adds by its level, in whole units, rounded up.
type Added = [u16; 256];

/// What the postings of all blocks have in common.
#[derive(Debug)]
pub(crate) struct FragmentIndex {
    score: PairScore,
    edges: ValueEdges,
}

/// Places, first and last, at which a partner adds what a table says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct AddedWindow {
    pub(super) low: u32,
    pub(super) high: u32,
    table: usize,
}

/// A query's part in the bounds.
#[derive(Debug)]
pub(crate) struct FragmentQuery {
    /// Around each peak, those of the largest value first. Windows of a peak that may be paired by m/z or by loss stand side
    /// by side.
    pub(super) windows: Vec<AddedWindow>,
    /// What the peaks of the windows from each on add to a sum at most; 0 after the last.
    rest: Vec<u16>,
    /// The same windows, ascending, cut so that none overlaps another.
    pub(super) apart: Vec<AddedWindow>,
    tables: Vec<Added>,
    /// How many windows a peak has.
    pub(super) windows_of_peak: usize,
}

impl FragmentIndex {
    /// The index of a score.
    pub(crate) fn of(score: PairScore) -> Self {
        Self { score, edges: ValueEdges::new() }
    }

    pub(super) fn score(&self) -> PairScore {
        self.score
    }

    pub(super) fn edges(&self) -> &ValueEdges {
        &self.edges
    }

    /// A query's part in the bounds; `None` if every row must be scored. The tolerance belongs to the
    /// query's m/z.
    pub(crate) fn query(&self, row: &FragmentRow, tolerance: MassTolerance) -> Option<FragmentQuery> {
        if !row.can_be_indexed() {
            return None;
        }
        let mut windows: Vec<Window> = row.windows(tolerance).collect();
        // Stable, so that the windows of a peak stay side by side.
        windows.sort_by(|a, b| b.2.total_cmp(&a.2));
        let mut rest = vec![0; windows.len() + 1];
        let (mut total, mut peaks) = (0.0, 0);
        for number in (0..windows.len()).rev() {
            // Each peak has one partner at most, and counts until all its windows are added.
            if number % row.kinds().len() + 1 == row.kinds().len() {
                total += self.score.total(windows[number].2);
                peaks += 1;
            }
            rest[number] = units(self.score.rest(total, peaks, BOUND_SLACK) * BOUND_SLACK);
        }
        let mut tables: Vec<Added> = Vec::with_capacity(windows.len());
        let mut before = None;
        let windows: Vec<AddedWindow> = windows
            .into_iter()
            .map(|(low, high, value)| {
                if before != Some(value) {
                    // At least 1, so that whoever has a partner has a bound above 0.
                    tables.push(self.edges.bounds(self.score, value).map(|bound| quick_units(bound).max(1)));
                    before = Some(value);
                }
                AddedWindow { low, high, table: tables.len() - 1 }
            })
            .collect();
        let apart = apart(&windows, &mut tables);
        Some(FragmentQuery { windows, rest, apart, tables, windows_of_peak: row.kinds().len() })
    }
}

impl FragmentQuery {
    /// What a partner in a window adds.
    pub(super) fn added(&self, window: &AddedWindow) -> &Added {
        &self.tables[window.table]
    }

    /// The same without the last `digits`, rounded up, of which 255 stands for itself and all above.
    pub(super) fn coarsely_added(&self, window: &AddedWindow, digits: u32) -> [u8; 256] {
        let last = (1_u32 << digits) - 1;
        // The cast is exact.
        self.tables[window.table].map(|added| ((u32::from(added) + last) >> digits).min(255) as u8)
    }

    /// What the peaks of the windows from this one on add to a sum at most.
    pub(super) fn rest(&self, windows: usize) -> u16 {
        self.rest[windows]
    }

    /// How many windows are to be added so that the others add no more than this share of 1.
    pub(super) fn windows_of(&self, light: f64) -> usize {
        let light = light / UNIT;
        self.rest.iter().position(|&rest| f64::from(rest) <= light).unwrap_or(self.windows.len())
    }

    /// How many windows are to be added where nothing is known of what has to be reached.
    pub(super) fn heavy_windows(&self) -> usize {
        self.windows_of(LIGHT)
    }
}

/// The windows ascending, cut where they overlap; what overlaps adds up in a table of its own.
fn apart(windows: &[AddedWindow], tables: &mut Vec<Added>) -> Vec<AddedWindow> {
    let mut ascending = windows.to_vec();
    ascending.sort_by_key(|window| window.low);
    if ascending.is_sorted_by(|one, next| one.high < next.low) {
        return ascending;
    }
    // Where a window begins and, behind its end, where it ends.
    let mut ends: Vec<(u32, bool, usize)> = ascending
        .iter()
        .filter(|window| window.low <= window.high)
        .flat_map(|window| [(window.low, true, window.table), (window.high + 1, false, window.table)])
        .collect();
    ends.sort_unstable();
    let (mut sums, mut open, mut from, mut cut) = ([0_u32; 256], 0_usize, 0, Vec::new());
    for (place, begins, table) in ends {
        if open > 0 && from < place {
            cut.push(AddedWindow { low: from, high: place - 1, table: tables.len() });
            // The cast is exact.
            tables.push(sums.map(|sum| sum.min(u32::from(u16::MAX)) as u16));
        }
        for (sum, &added) in sums.iter_mut().zip(&tables[table]) {
            let added = u32::from(added);
            *sum = if begins { *sum + added } else { *sum - added };
        }
        open = if begins { open + 1 } else { open - 1 };
        from = place;
    }
    cut
}

/// A part of a score in whole units, rounded up.
fn units(score: f64) -> u16 {
    // The cast saturates.
    (score / UNIT).ceil() as u16
}

/// [`units`] of what is below 65,535 units, for many at once: without a call for each.
fn quick_units(score: f64) -> u16 {
    let units = (score / UNIT).min(65_535.0);
    // Added to 2⁵², the nearest whole number stands in the last bits.
    let shifted = units + SHIFT;
    // The cast keeps these.
    shifted.to_bits() as u16 + u16::from(shifted - SHIFT < units)
}

/// The bound that a sum of whole units stands for.
pub(super) fn finished(sum: u32) -> f32 {
    rounded_up(f64::from(sum) * (UNIT * BOUND_SLACK))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn quick_units_are_units(score in prop_oneof![0.0_f64..1.5, Just(1.0), Just(0.0), Just(3.5 * UNIT)]) {
            prop_assert_eq!(quick_units(score), units(score));
            let whole = (score / UNIT).floor() * UNIT;
            prop_assert_eq!(quick_units(whole), units(whole));
        }

        #[test]
        fn windows_apart_add_what_the_windows_add(
            places in prop::collection::vec((0_u32..60, 0_u32..20), 0..12),
        ) {
            let mut tables: Vec<Added> = (0..places.len()).map(|number| [1 << number; 256]).collect();
            let windows: Vec<AddedWindow> = places
                .iter()
                .enumerate()
                .map(|(table, &(low, length))| AddedWindow { low, high: low + length, table })
                .collect();
            let apart = apart(&windows, &mut tables);
            prop_assert!(apart.is_sorted_by(|one, next| one.high < next.low));
            for place in 0..90 {
                let added = |windows: &[AddedWindow]| {
                    let at = windows.iter().filter(|window| (window.low..=window.high).contains(&place));
                    at.map(|window| tables[window.table][7]).sum::<u16>()
                };
                prop_assert_eq!(added(&windows), added(&apart));
            }
        }
    }
}
