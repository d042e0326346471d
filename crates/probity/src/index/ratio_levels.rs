//! Two 4-bit levels for how large each peak of a row is beside that at the m/z before, and beside that two before, for ratio terms:
//! such peaks can be neighbours among the common ones. Levels are read where they are stored.

use std::sync::LazyLock;

use probity_kernels::{LevelBlock, set_level};

use super::bound_plan::BoundGroup;
use super::flat_index::FlatRow;
use super::level_chunk::{LevelChunk, TierColumns};
use super::mz_columns::MzColumns;
use crate::math;

/// How far the outermost edges lie on a scale of which half the hyperbolic sine is an edge: at a factor of 3.3 between values, and of 11
/// between intensities, whose square roots values usually are.
const OUTERMOST: f64 = 1.6;

/// Ratios between which levels change, ascending, and their natural logarithms: as far from 0 on either side, and the closer the
/// nearer to it, as ratios are.
struct Edges<const COUNT: usize> {
    ratios: [f64; COUNT],
    logarithms: [f64; COUNT],
}

impl<const COUNT: usize> Edges<COUNT> {
    fn new() -> Self {
        let logarithms = std::array::from_fn(|edge| {
            let place = OUTERMOST * (2.0 * edge as f64 / (COUNT - 1) as f64 - 1.0);
            // Half the hyperbolic sine.
            (math::exp(place) - math::exp(-place)) / 4.0
        });
        Self { ratios: logarithms.map(math::exp), logarithms }
    }

    /// How many of the edges a ratio lies above: at most 13.
    fn place(&self, before: f64, value: f64) -> u8 {
        let ratio = value / before;
        self.ratios.iter().map(|&edge| u8::from(ratio > edge)).sum()
    }

    /// What the logarithms of the ratios above so many edges are above, and not above, but for rounding.
    fn between(&self, place: usize) -> (f64, f64) {
        let below = place.checked_sub(1).map_or(f64::NEG_INFINITY, |edge| self.logarithms[edge]);
        (below, self.logarithms.get(place).copied().unwrap_or(f64::INFINITY))
    }
}

/// Between levels 2 to 15 of the ratios to the m/z before.
static BEFORE: LazyLock<Edges<13>> = LazyLock::new(Edges::new);
/// Of those to the second m/z before, between levels 1 to 7, and 8 to 15.
static SECOND_BEFORE: LazyLock<(Edges<6>, Edges<7>)> = LazyLock::new(|| (Edges::new(), Edges::new()));

/// What a level of a peak's ratio to that at the m/z before says.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Before {
    /// There is no peak at the m/z: level 0.
    Nothing,
    /// There is one, and none before: level 1.
    Alone,
    /// The logarithm of the ratio lies above the first, and not above the second, but for rounding.
    Between(f64, f64),
}

/// What a level of a peak's ratio to that at the second m/z before says.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum SecondBefore {
    /// There is no peak at either m/z: level 0.
    Nothing,
    /// The logarithm of the ratio lies above `below`, and not above `above`, but for rounding. There is a peak between both in levels 1
    /// to 7, and none in levels 8 to 15.
    Between { below: f64, above: f64, is_peak_between: bool },
}

impl Before {
    pub(super) fn of(level: usize) -> Self {
        match level {
            0 => Self::Nothing,
            1 => Self::Alone,
            _ => {
                let (below, above) = BEFORE.between(level - 2);
                Self::Between(below, above)
            }
        }
    }
}

impl SecondBefore {
    pub(super) fn of(level: usize) -> Self {
        let ((below, above), is_peak_between) = match level {
            0 => return Self::Nothing,
            1..8 => (SECOND_BEFORE.0.between(level - 1), true),
            _ => (SECOND_BEFORE.1.between(level - 8), false),
        };
        Self::Between { below, above, is_peak_between }
    }
}

/// Both levels of a value above 0, with those at the m/z before and the second before, where there are such.
fn levels_of(value: f64, before: Option<f64>, second_before: Option<f64>) -> [u8; 2] {
    let first = before.map_or(1, |before| 2 + BEFORE.place(before, value));
    let second = second_before.map_or(0, |second_before| match before {
        Some(_) => 1 + SECOND_BEFORE.0.place(second_before, value),
        None => 8 + SECOND_BEFORE.1.place(second_before, value),
    });
    [first, second]
}

/// The ratio levels of a chunk's rows, those of the m/z before and then those of the second before: for each column of its levels as
/// many blocks, and where they are even in number some more.
pub(crate) fn ratio_levels(rows: &[Option<FlatRow>], levels: &LevelChunk) -> Vec<u8> {
    let length = levels.column_count() * stride(levels);
    let mut ratios: Vec<LevelBlock> = vec![LevelBlock::default(); 2 * length];
    let (first, second) = ratios.split_at_mut(length);
    for (row, peaks) in rows.iter().enumerate() {
        let Some(peaks) = peaks.as_ref().filter(|peaks| peaks.can_be_indexed()) else { continue };
        let mut last = [None::<(u32, f64)>; 2];
        for &(mz, value) in peaks.values.iter().filter(|(_, value)| *value > 0.0) {
            let at =
                |wanted: u32| last.iter().flatten().find(|(mz, _)| wanted == *mz).map(|(_, value)| *value);
            let [before, second_before] = [1, 2].map(|steps: u32| mz.checked_sub(steps).and_then(at));
            if let Some(column) = levels.column_number(mz) {
                let of_row = levels_of(value, before, second_before);
                for (ratios, level) in [&mut *first, &mut *second].into_iter().zip(of_row) {
                    if level > 0 {
                        set_level(&mut ratios[column * stride(levels)..], row, level);
                    }
                }
            }
            last = [Some((mz, value)), last[0]];
        }
    }
    ratios.into_flattened()
}

/// After how many blocks the next column begins.
fn stride(levels: &LevelChunk) -> usize {
    MzColumns::<{ size_of::<LevelBlock>() }>::stride(levels.blocks())
}

/// The stored ratio levels of a chunk.
#[derive(Debug, Clone, Copy)]
pub(crate) struct RatioLevels<'a> {
    before: &'a [LevelBlock],
    second_before: &'a [LevelBlock],
}

impl<'a> RatioLevels<'a> {
    /// `None` if they are not those of the levels.
    pub(crate) fn of(bytes: &'a [u8], levels: &LevelChunk) -> Option<Self> {
        let (blocks, rest) = bytes.as_chunks();
        let length = levels.column_count() * stride(levels);
        let (before, second_before) = blocks.split_at_checked(length)?;
        (rest.is_empty() && second_before.len() == length).then_some(Self { before, second_before })
    }

    /// The columns of some groups, of the ratios to the m/z before.
    pub(super) fn before(&self, groups: &[BoundGroup], levels: &LevelChunk) -> TierColumns<'a> {
        columns(self.before, groups, levels)
    }

    /// The same of those to the second m/z before.
    pub(super) fn second_before(&self, groups: &[BoundGroup], levels: &LevelChunk) -> TierColumns<'a> {
        columns(self.second_before, groups, levels)
    }
}

fn columns<'a>(blocks: &'a [LevelBlock], groups: &[BoundGroup], levels: &LevelChunk) -> TierColumns<'a> {
    TierColumns::of(groups, |mz| {
        blocks.get(levels.column_number(mz)? * stride(levels)..)?.get(..levels.blocks())
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn levels_rise_with_the_ratio() {
        let levels =
            [1e-300, 0.3, 0.9, 1.0, 1.1, 3.3, 1e300].map(|ratio| levels_of(ratio, Some(1.0), None)[0]);
        assert_eq!(levels, [2, 2, 8, 8, 9, 15, 15]);
        let levels = [1e-300, 0.3, 0.9, 1.1, 3.3].map(|ratio| levels_of(ratio, Some(0.5), Some(1.0))[1]);
        assert_eq!(levels, [1, 1, 4, 4, 7]);
        let levels = [1e-300, 0.3, 0.9, 1.1, 3.3].map(|ratio| levels_of(ratio, None, Some(1.0)));
        assert_eq!(levels, [[1, 8], [1, 8], [1, 11], [1, 12], [1, 15]]);
        assert_eq!(levels_of(1e200, Some(1e-200), Some(1e-200)), [15, 7]);
        assert_eq!(levels_of(1e-200, Some(1e200), Some(1e200)), [2, 1]);
        assert_eq!(levels_of(0.5, None, None), [1, 0]);
        // ½ sinh 1.6 = 1.1878.
        let edges = BEFORE.logarithms;
        assert!((edges[12] - 1.187_783_976_6).abs() < 1e-9 && edges.is_sorted());
        assert!((0..13).all(|edge| (edges[edge] + edges[12 - edge]).abs() < 1e-15));
    }

    proptest! {
        #[test]
        fn a_ratio_lies_within_its_levels(first in 1e-12_f64..=1.0, second in 1e-12_f64..=1.0, is_peak_between: bool) {
            let logarithm = math::ln(second / first);
            let is_within = |below: f64, above: f64| below - 1e-9 < logarithm && logarithm <= above + 1e-9;
            let [level, _] = levels_of(second, Some(first), None);
            let of_before = Before::of(usize::from(level));
            prop_assert!(matches!(of_before, Before::Between(below, above) if is_within(below, above)));
            let [_, level] = levels_of(second, is_peak_between.then_some(0.1), Some(first));
            let SecondBefore::Between { below, above, is_peak_between: is_told } = SecondBefore::of(usize::from(level))
            else {
                return Err(TestCaseError::fail("nothing is told"));
            };
            prop_assert!(is_within(below, above) && is_told == is_peak_between);
        }
    }
}
