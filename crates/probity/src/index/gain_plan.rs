//! What common peaks add to Stein and Scott's composite beyond a threshold.
//!
//! The composite is S = (N_U F_D + N_C F_R) / (N_U + N_C), where F_R is the mean over the N_C − 1 pairs of neighbours among the
//! common peaks of min(r, 1/r), r = ((q₂/q₁) / (l₂/l₁))ᵖ with the values q of the query and l of the library's spectrum. With R the
//! sum of these, N_C F_R ≤ R + 1: the first common peak counts as a ratio of 1. So S ≥ t for a threshold t means
//!
//! N_U S ≤ N_U F_D + G, where G = Σ (ratio − t) over the common peaks,
//!
//! since N_U S = N_U F_D + N_C F_R − N_C S: a sum over columns like that of a cosine, in which each common peak adds its ratio to
//! the peak before, and any other of the query's peaks adds t. (A pair without neighbours has S = F_D, and G ≥ 0.)
//!
//! A row's levels say between which edges ln (l₂/l₁) lies, for a peak before at the m/z before and at the second before; where
//! ln (q₂/q₁) is farther than d from all between them, the ratio is at most exp (−p d). The latter two are neighbours unless both
//! spectra have a peak between them. Of pairs whose m/z are farther apart the ratio is 1.

use super::bound_plan::BoundGroup;
use super::level_chunk::{LevelChunk, TierColumns};
use super::ratio_levels::{Before, RatioLevels, SecondBefore};
use crate::math;

/// More than rounding can take from a difference of logarithms, of which none is above 1,500.
const LOGARITHM_SLACK: f64 = 1e-6;

/// What a ratio of 1 is in whole numbers.
pub(super) const WHOLE: u8 = 63;

/// As many ratios as fit into a byte's sum, which is told up to 254.
const COLUMNS_OF_GROUP: usize = 4;

const _: () = assert!(COLUMNS_OF_GROUP * WHOLE as usize <= 254);

/// For each of the query's peaks what its ratio to the peak before is at most, by the row's levels.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct GainPlan {
    /// By the levels for the m/z before.
    before: Vec<(u32, [u8; 16])>,
    /// By those for the second m/z before, of the peaks for which they say anything.
    second_before: Vec<BoundGroup>,
}

impl GainPlan {
    /// The plan for ascending m/z and values above 0; `power` is p.
    pub(super) fn of(values: impl Iterator<Item = (u32, f64)>, power: f64) -> Self {
        let (mut all, mut some) = (Vec::new(), Vec::new());
        let mut last = [None::<(u32, f64)>; 2];
        for (mz, value) in values {
            let own = |steps: u32| {
                let before = last.iter().flatten().find(|(before, _)| before + steps == mz);
                before.map(|(_, before)| math::ln(value / before))
            };
            let (before, second_before) = (own(1), own(2));
            all.push((
                mz,
                std::array::from_fn(|level| match (Before::of(level), before) {
                    (Before::Between(below, above), Some(own)) => ratio(own, below, above, power),
                    _ => WHOLE,
                }),
            ));
            if let Some(own) = second_before {
                let ratio_of = |level| match SecondBefore::of(level) {
                    SecondBefore::Between { below, above, is_peak_between }
                        if !(is_peak_between && before.is_some()) =>
                    {
                        ratio(own, below, above, power)
                    }
                    _ => WHOLE,
                };
                some.push((mz, std::array::from_fn(ratio_of)));
            }
            last = [Some((mz, value)), last[0]];
        }
        Self { before: all, second_before: groups(&some) }
    }

    /// The columns whose entries add up to the ratios to the m/z before, and to the threshold where a row has no peak.
    pub(super) fn before<'a>(
        &self,
        threshold: f64,
        ratios: RatioLevels<'a>,
        levels: &LevelChunk,
    ) -> GainColumns<'a> {
        // From 0 to 63: the cast cuts, to a lower threshold.
        let of_none = (threshold.clamp(0.0, 1.0) * f64::from(WHOLE)) as u8;
        let bounds = |&(mz, mut bounds): &(u32, [u8; 16])| {
            bounds[0] = of_none;
            (mz, bounds)
        };
        let bounds: Vec<(u32, [u8; 16])> = self.before.iter().map(bounds).collect();
        GainColumns { columns: ratios.before(&groups(&bounds), levels), of_none }
    }

    /// The columns whose entries add up to the ratios to the second m/z before, and to 1 for each where nothing is told.
    pub(super) fn second_before<'a>(&self, ratios: RatioLevels<'a>, levels: &LevelChunk) -> GainColumns<'a> {
        GainColumns { columns: ratios.second_before(&self.second_before, levels), of_none: WHOLE }
    }
}

/// Columns of a chunk, and what each adds for a row without a peak.
#[derive(Debug)]
pub(super) struct GainColumns<'a> {
    pub(super) columns: TierColumns<'a>,
    pub(super) of_none: u8,
}

fn groups(bounds: &[(u32, [u8; 16])]) -> Vec<BoundGroup> {
    let groups = bounds.chunks(COLUMNS_OF_GROUP);
    groups.map(|bounds| BoundGroup { shift: 0, bounds: bounds.to_vec() }).collect()
}

/// What a ratio is at most, where the query's has this logarithm and the row's lies between two.
fn ratio(own: f64, below: f64, above: f64, power: f64) -> u8 {
    let apart = (below - own).max(own - above) - LOGARITHM_SLACK;
    let ratio = math::exp(-power * apart.max(0.0)) * (1.0 + LOGARITHM_SLACK);
    // From 0 to 64: the cast is exact.
    WHOLE.min((ratio * f64::from(WHOLE)).ceil() as u8)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use probity_kernels::{InstructionSet, run_with};

    use super::super::BLOCK_ROWS;
    use super::super::flat_index::{FlatRow, histogram};
    use super::super::gains::Gains;
    use super::super::level_edges::LevelEdges;
    use super::super::peak_counts::PeakCounts;
    use super::super::ratio_levels::ratio_levels;
    use super::*;

    type Peaks = Vec<(u32, f64)>;

    fn any_peaks() -> impl Strategy<Value = Peaks> {
        let value = prop_oneof![1e-3_f64..1.0, 1e-12_f64..1e-3, Just(1.0), Just(0.25)];
        prop::collection::btree_map(40_u32..60, value, 0..16).prop_map(|peaks| peaks.into_iter().collect())
    }

    /// The sum of min(r, 1/r) over neighbours among the common peaks, and the number of these.
    fn ratios(query: &Peaks, row: &Peaks, power: f64) -> (f64, usize) {
        let common: Vec<(f64, f64)> = query
            .iter()
            .filter_map(|&(mz, own)| Some((own, row.iter().find(|peak| peak.0 == mz)?.1)))
            .collect();
        let ratio = |pair: &[(f64, f64)]| {
            let logarithm = math::ln(pair[1].0 / pair[0].0) - math::ln(pair[1].1 / pair[0].1);
            math::exp(-power * logarithm.abs())
        };
        (common.windows(2).map(ratio).sum(), common.len())
    }

    /// A library's bytes, which are not those of other levels.
    fn stored(library: &[Peaks]) -> (LevelChunk, Vec<u8>) {
        let row = |peaks: &Peaks| Some(FlatRow { values: peaks.clone(), ..FlatRow::default() });
        let rows: Vec<Option<FlatRow>> = library.iter().map(row).collect();
        let levels = LevelChunk::of(library, &LevelEdges::of(&histogram(&rows), true));
        let bytes = ratio_levels(&rows, &levels);
        assert!(bytes.is_empty() || RatioLevels::of(&bytes[32..], &levels).is_none());
        (levels, bytes)
    }

    proptest! {
        #[test]
        fn no_composite_that_reaches_the_threshold_is_larger(
            library in prop::collection::vec(any_peaks(), 1..140),
            query in any_peaks(),
            power in 0.5_f64..4.0,
            squared in 0.0_f64..=1.0,
            threshold in prop_oneof![0.0_f64..1.0, Just(f64::NEG_INFINITY)],
            // A row whose composite is the threshold.
            just in any::<prop::sample::Index>(),
            is_just in any::<bool>(),
        ) {
            // As the definition has it, with the same squared cosine for all rows.
            let composite = |(sum, common): (f64, usize)| {
                let (own, common) = (query.len() as f64, common as f64);
                let ratio = sum / (common - 1.0);
                if common > 1.0 { (own * squared + common * ratio) / (own + common) } else { squared }
            };
            let of_row = |peaks: &Peaks| ratios(&query, peaks, power);
            let threshold = if is_just { composite(of_row(just.get(&library))) } else { threshold };
            let (levels, bytes) = stored(&library);
            let stored = RatioLevels::of(&bytes, &levels).unwrap();
            let plan = GainPlan::of(query.iter().copied(), power);
            let counts = PeakCounts::of(query.iter().map(|(mz, _)| *mz));
            for instructions in [InstructionSet::Portable, InstructionSet::detected()] {
                let mut gains = Gains::of(&plan.before(threshold, stored, &levels), levels.blocks(), instructions);
                for is_closer in [false, true] {
                    if is_closer {
                        gains.add(&plan.second_before(stored, &levels), instructions);
                    }
                    for (row, peaks) in library.iter().enumerate() {
                        let (sum, common) = of_row(peaks);
                        let expected = composite((sum, common));
                        if common == 0 || expected < threshold {
                            continue;
                        }
                        let bound = squared + gains.gain(row) / query.len() as f64;
                        prop_assert!(bound >= expected - 1e-12, "{bound} below {expected}");
                        // Not below the root, as a cosine's bound.
                        let values = [(squared.sqrt() as f32).next_up(); BLOCK_ROWS];
                        let (block, place) = (row / BLOCK_ROWS, row % BLOCK_ROWS);
                        let rows =
                            gains.rows(block, &values, [0; BLOCK_ROWS], counts.by_beginning(), threshold);
                        prop_assert!(run_with(instructions, rows) >> place & 1 == 1, "row {row} is given up");
                        if common > 1 {
                            // No more than 16: the cast is exact.
                            let bound = gains.mean_ratio(row, common as u16);
                            let mean = sum / (common as f64 - 1.0);
                            prop_assert!(bound >= mean.min(1.0) - 1e-12, "{bound} below {mean}");
                        }
                    }
                }
            }
        }
    }

    #[test]
    fn a_copy_is_told_closely() {
        let peaks: Peaks = (40..56).map(|mz| (mz, f64::from(mz % 5 + 1) / 8.0)).collect();
        let scaled: Peaks = peaks.iter().map(|&(mz, value)| (mz, value / 3.0)).collect();
        let other: Peaks =
            peaks.iter().map(|&(mz, value)| (mz, if mz % 2 == 0 { value } else { 8.0 * value })).collect();
        // Every second peak: neighbours of the scaled ones two m/z apart.
        let sparse: Peaks = other.iter().copied().step_by(2).collect();
        let (levels, bytes) = stored(&[scaled]);
        let stored = RatioLevels::of(&bytes, &levels).unwrap();
        let mean = |query: &Peaks, is_closer: bool| {
            let plan = GainPlan::of(query.iter().copied(), 2.0);
            let mut gains =
                Gains::of(&plan.before(0.5, stored, &levels), levels.blocks(), InstructionSet::detected());
            if is_closer {
                gains.add(&plan.second_before(stored, &levels), InstructionSet::detected());
            }
            gains.mean_ratio(0, query.len() as u16)
        };
        assert_eq!(mean(&peaks, true), 1.0);
        // Ratios of 1/64, or what the outermost levels let them be.
        assert!(mean(&other, false) < 0.2, "{}", mean(&other, false));
        let steep: Peaks =
            sparse.iter().map(|&(mz, value)| (mz, if mz % 4 == 0 { value } else { 8.0 * value })).collect();
        assert_eq!(mean(&steep, false), 1.0);
        assert!(mean(&steep, true) < 0.2, "{}", mean(&steep, true));
    }
}
