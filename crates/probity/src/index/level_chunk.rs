//! The levels of some rows, a column for each m/z that occurs among them.

use std::ops::Range;

use probity_kernels::{
    InstructionSet, LEVEL_BLOCK_ROWS, LevelBlock, LevelColumn, LevelGroup, LevelPair, PairSums,
    add_level_bounds, add_pair_bounds, prefetch, set_level,
};

use super::bound_plan::BoundGroup;
use super::level_edges::LevelEdges;
use super::mz_columns::MzColumns;
use super::peak_bits::PeakBits;
use super::ratio_plan::{PlannedPair, RatioPlan};
use super::{CHUNK_ROWS, MZ_LIMIT};
use crate::stored::{Columns, Stored, put_number};

/// The levels of up to [`CHUNK_ROWS`] rows.
#[derive(Debug, Clone, Default)]
pub(crate) struct LevelChunk {
    rows: usize,
    levels: MzColumns<{ LEVEL_BLOCK_ROWS / 2 }>,
}

impl LevelChunk {
    /// The chunk of rows of (m/z, value) with values from 0 to 1; peaks from [`MZ_LIMIT`] on are left out.
    pub(crate) fn of<R: AsRef<[(u32, f64)]>>(rows: &[R], edges: &LevelEdges) -> Self {
        debug_assert!(rows.len() <= CHUNK_ROWS);
        let kept = |row: &&(u32, f64)| -> bool { row.0 < MZ_LIMIT && row.1 > 0.0 };
        let occurring = rows.iter().flat_map(|row| row.as_ref().iter().filter(kept).map(|(mz, _)| *mz));
        let mut levels = MzColumns::of(occurring, rows.len().div_ceil(LEVEL_BLOCK_ROWS));
        for (row, peaks) in rows.iter().enumerate() {
            for &(mz, value) in peaks.as_ref().iter().filter(kept) {
                if let Some(column) = levels.at_mut(mz) {
                    set_level(column, row, edges.level(value));
                }
            }
        }
        Self { rows: rows.len(), levels }
    }

    /// The number of rows.
    pub(crate) fn rows(&self) -> usize {
        self.rows
    }

    /// The number of blocks.
    pub(super) fn blocks(&self) -> usize {
        self.levels.blocks()
    }

    /// The number of columns.
    pub(super) fn column_count(&self) -> usize {
        self.levels.count()
    }

    /// Which of the columns that of an m/z is.
    pub(super) fn column_number(&self, mz: u32) -> Option<usize> {
        self.levels.number(mz)
    }

    /// For each row of some blocks the sums of a plan's pairs, as far as no lone peak of the row parts them.
    pub(super) fn ratio_sums(
        &self,
        plan: &RatioPlan,
        lone_peaks: Option<&PeakBits>,
        blocks: Range<usize>,
        instructions: InstructionSet,
    ) -> Vec<PairSums> {
        let column = |mz: u32| self.levels.at(mz).map(|column| &column[blocks.clone()]);
        let parted =
            |pair: &PlannedPair| lone_peaks.map_or_else(Vec::new, |peaks| peaks.parted(pair, blocks.clone()));
        let parted: Vec<Vec<u64>> = plan.pairs.iter().map(parted).collect();
        let pairs = plan.pairs.iter().zip(&parted).filter_map(|(pair, parted)| {
            let (first, second) = (column(pair.first)?, column(pair.second)?);
            let PlannedPair { bounds, unknown, weight, .. } = *pair;
            Some(LevelPair { first, second, parted, bounds, unknown, weight })
        });
        let pairs: Vec<LevelPair<'_>> = pairs.collect();
        let mut sums = vec![PairSums::default(); blocks.len()];
        add_pair_bounds(instructions, &pairs, &mut sums);
        sums
    }

    /// The columns of some groups, to be added up.
    pub(crate) fn columns<'a>(&'a self, groups: &[BoundGroup]) -> TierColumns<'a> {
        TierColumns::of(groups, |mz| self.levels.at(mz))
    }
}

/// Columns that are added up.
#[derive(Debug)]
pub(crate) struct TierColumns<'a>(Vec<LevelGroup<'a>>);

impl<'a> TierColumns<'a> {
    /// The columns of some groups, of which `column` tells that of an m/z.
    pub(super) fn of(groups: &[BoundGroup], column: impl Fn(u32) -> Option<&'a [LevelBlock]>) -> Self {
        let columns = |group: &BoundGroup| LevelGroup {
            columns: group
                .bounds
                .iter()
                .filter_map(|&(mz, bounds)| Some(LevelColumn { levels: column(mz)?, bounds }))
                .collect(),
            shift: group.shift,
        };
        Self(groups.iter().map(columns).collect())
    }

    /// The number of columns.
    pub(super) fn count(&self) -> usize {
        self.0.iter().map(|group| group.columns.len()).sum()
    }

    /// Adds to the sums of the rows of some blocks, from the first on, the bounds of their levels, in the plan's units;
    /// 65535 stands for anything. After all tiers a row has the sum 0 exactly if it has no peak in common with the query.
    pub(crate) fn add_sums(
        &self,
        first_block: usize,
        instructions: InstructionSet,
        sums: &mut [[u16; LEVEL_BLOCK_ROWS]],
    ) {
        add_level_bounds(instructions, &self.0, first_block, sums);
    }

    /// Asks the memory for a block.
    pub(crate) fn prefetch(&self, block: usize) {
        for column in self.0.iter().flat_map(|group| &group.columns) {
            prefetch(&column.levels[block..block + 1]);
        }
    }
}

impl Stored for LevelChunk {
    fn write(&self, bytes: &mut Vec<u8>) {
        put_number(bytes, self.rows);
        self.levels.write(bytes);
    }

    fn read(columns: &mut Columns<'_>) -> Option<Self> {
        let rows = columns.number().filter(|&rows| rows <= CHUNK_ROWS)?;
        let levels = MzColumns::read(columns)?;
        (levels.blocks() == rows.div_ceil(LEVEL_BLOCK_ROWS)).then_some(Self { rows, levels })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::bound_plan::BoundPlan;
    use super::super::level_edges::ValueHistogram;
    use super::*;

    type Peaks = Vec<(u32, f64)>;

    fn any_peaks() -> impl Strategy<Value = Peaks> {
        let mz = prop_oneof![30_u32..60, 2_040_u32..2_060];
        prop::collection::btree_map(mz, 0.0_f64..=1.0, 0..20).prop_map(|peaks| peaks.into_iter().collect())
    }

    proptest! {
        #[test]
        fn sums_bound_the_products_and_are_0_only_without_common_peaks(
            rows in prop::collection::vec(any_peaks(), 0..150),
            query in any_peaks(),
        ) {
            let mut histogram = ValueHistogram::default();
            rows.iter().flatten().for_each(|&(_, value)| histogram.count(value));
            let edges = LevelEdges::of(&histogram, true);
            let chunk = LevelChunk::of(&rows, &edges);
            let terms: Vec<_> = query
                .iter()
                .filter(|&&(mz, value)| value > 0.0 && mz < MZ_LIMIT)
                .map(|&(mz, value)| (mz, edges.values().map(|edge| value * edge)))
                .collect();
            let (heavy, light) = terms.split_at(terms.len() / 2);
            let plan = BoundPlan::of([heavy, light], 12);
            let blocks = rows.len().div_ceil(LEVEL_BLOCK_ROWS);
            let sums = |instructions: InstructionSet| {
                let mut sums = vec![[0; LEVEL_BLOCK_ROWS]; blocks];
                chunk.columns(&plan.tiers()[0]).add_sums(0, instructions, &mut sums);
                let light = chunk.columns(&plan.tiers()[1]);
                for (block, sums) in sums.chunks_mut(1).enumerate() {
                    light.add_sums(block, instructions, sums);
                }
                sums.into_flattened()
            };
            let sums = [InstructionSet::Portable, InstructionSet::detected()].map(sums);
            prop_assert_eq!(&sums[0], &sums[1]);
            let [sums, _] = sums;
            for (row, &sum) in rows.iter().zip(&sums) {
                let common: Vec<f64> = terms
                    .iter()
                    .flat_map(|(mz, _)| {
                        let q = query.iter().find(|(other, _)| other == mz).unwrap().1;
                        row.iter().filter(move |(other, value)| other == mz && *value > 0.0).map(move |l| q * l.1)
                    })
                    .collect();
                prop_assert_eq!(sum == 0, common.is_empty());
                let bound = f64::from(sum) * plan.unit();
                // 20 sums of numbers up to 1 in f64.
                prop_assert!(sum == u16::MAX || bound >= common.iter().sum::<f64>() * (1.0 - 1e-14));
            }
        }
    }
}
