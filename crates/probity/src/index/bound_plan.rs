//! A query's bounds as small whole numbers, in groups that one pass over the columns adds up.

use probity_kernels::LEVEL_COLUMNS_TOGETHER;

/// What a sum of 1 stands for. Scores reach to 1, sums to twice that: what is larger need not be told.
const UNIT: f64 = 1.0 / 32_768.0;

/// The largest entry for a usual level. Four such fit into a byte's sum; rounding up costs a peak less than one part in 32
/// of its largest usual bound.
const LARGEST_ENTRY: f64 = 63.0;

/// The largest sum that a byte tells.
const LARGEST_SUM: u32 = 254;

/// The largest power of two that a table is multiplied by.
const LARGEST_SHIFT: u32 = 8;

/// m/z, and for each level the bound of what a peak adds.
pub(crate) type BoundTerm = (u32, [f64; 16]);

/// What a query adds for each m/z and level, in units of [`BoundPlan::unit`].
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct BoundPlan {
    unit: f64,
    tiers: Vec<Vec<BoundGroup>>,
}

/// Tables whose entries for usual levels add up to at most [`LARGEST_SUM`].
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct BoundGroup {
    /// The power of two that the entries are multiplied by.
    pub(crate) shift: u32,
    /// m/z, and for each level the bound.
    pub(crate) bounds: Vec<(u32, [u8; 16])>,
}

impl BoundPlan {
    /// The plan for tiers of terms: the first is added for all rows, each further one where the others do not rule all
    /// rows out. Bounds are finite, not negative, and do not fall with the level; that of level 0 counts as 0. Never rounds
    /// down; every level above 0 adds something.
    ///
    /// Up to the usual level peaks are told. Larger ones are rare: a row that has them at the query's own may have a sum
    /// of 65535, which stands for anything. Units that left room for the largest of all peaks would be coarser.
    pub(crate) fn of<'a>(tiers: impl IntoIterator<Item = &'a [BoundTerm]>, usual_level: usize) -> Self {
        Self { unit: UNIT, tiers: tiers.into_iter().map(|terms| groups(terms, usual_level)).collect() }
    }

    /// The plan that counts the peaks in common: each level above 0 adds 1. Up to 65,535 terms.
    pub(crate) fn of_counts(mz: impl Iterator<Item = u32>) -> Self {
        let mut once = [1; 16];
        once[0] = 0;
        let bounds: Vec<(u32, [u8; 16])> = mz.map(|mz| (mz, once)).collect();
        let groups = bounds
            .chunks(LEVEL_COLUMNS_TOGETHER)
            .map(|bounds| BoundGroup { shift: 0, bounds: bounds.to_vec() });
        Self { unit: 1.0, tiers: vec![groups.collect()] }
    }

    /// What a sum of 1 stands for, a power of two.
    pub(crate) fn unit(&self) -> f64 {
        self.unit
    }

    /// The groups of each tier; the sums do not depend on the order within one.
    pub(crate) fn tiers(&self) -> &[Vec<BoundGroup>] {
        &self.tiers
    }
}

/// A bound as an entry: rounded up, from 1 to 255.
fn entry(bound: f64) -> u8 {
    // The casts cut, and of what is too large make the largest number.
    let cut = bound as u8;
    cut.saturating_add(u8::from(f64::from(cut) < bound)).max(1)
}

/// The groups of some terms.
fn groups(terms: &[BoundTerm], usual_level: usize) -> Vec<BoundGroup> {
    let mut tables = Vec::with_capacity(terms.len());
    for &(mz, bounds) in terms {
        let (mut shift, mut scale) = (0, UNIT);
        while bounds[usual_level] / scale > LARGEST_ENTRY && shift < LARGEST_SHIFT {
            (shift, scale) = (shift + 1, scale * 2.0);
        }
        let mut entries = bounds.map(|bound| entry(bound / scale));
        entries[0] = 0;
        tables.push((shift, mz, entries));
    }
    tables.sort_unstable_by_key(|&(shift, mz, _)| (shift, mz));
    let mut groups: Vec<BoundGroup> = Vec::new();
    let mut room = 0;
    for (shift, mz, entries) in tables {
        let largest = u32::from(entries[usual_level]);
        match groups.last_mut() {
            Some(group)
                if group.shift == shift && largest <= room && group.bounds.len() < LEVEL_COLUMNS_TOGETHER =>
            {
                room -= largest;
                group.bounds.push((mz, entries));
            }
            _ => {
                room = LARGEST_SUM.saturating_sub(largest);
                groups.push(BoundGroup { shift, bounds: vec![(mz, entries)] });
            }
        }
    }
    groups
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn usual_levels_are_told_finely() {
        // In units of 2⁻¹⁵ times 2⁸ a bound of 1/2 is 64 and one of 1/4 is 32; above the usual levels both are four times
        // as large, and 256 is more than a byte tells.
        let term = |value: f64| {
            std::array::from_fn(|level| match level {
                0 => 0.0,
                1..=12 => value,
                _ => 4.0 * value,
            })
        };
        let tiers = [[(43, term(0.5))], [(41, term(0.25))]];
        let plan = BoundPlan::of(tiers.iter().map(|terms| &terms[..]), 12);
        assert_eq!(plan.unit(), 1.0 / 32_768.0);
        let table =
            |groups: &[BoundGroup]| (groups[0].shift, groups[0].bounds[0].1[12], groups[0].bounds[0].1[15]);
        assert_eq!(table(&plan.tiers()[0]), (8, 64, 255));
        assert_eq!(table(&plan.tiers()[1]), (8, 32, 128));
    }

    proptest! {
        #[test]
        fn entries_never_lie_below_the_bounds(
            values in prop::collection::vec((0.0_f64..1.0, 0_i32..60), 0..300),
            heavy in 0_usize..300,
            usual_level in 1_usize..=15,
        ) {
            let terms: Vec<(u32, [f64; 16])> = values
                .iter()
                .zip(30..)
                .map(|(&(value, power), mz)| {
                    (mz, std::array::from_fn(|level| libm::scalbn(value, -power) * level as f64 / 15.0))
                })
                .collect();
            let heavy = heavy.min(terms.len());
            let plan = BoundPlan::of([&terms[..heavy], &terms[heavy..]], usual_level);
            let mut seen = 0;
            for group in plan.tiers().iter().flatten() {
                let usual = group.bounds.iter().map(|(_, entries)| u32::from(entries[usual_level]));
                let is_alone = group.bounds.len() == 1;
                prop_assert!(is_alone || usual.sum::<u32>() <= LARGEST_SUM);
                prop_assert!(group.shift <= LARGEST_SHIFT);
                for (mz, entries) in &group.bounds {
                    seen += 1;
                    let (_, bounds) = terms.iter().find(|(other, _)| other == mz).unwrap();
                    prop_assert!(entries.is_sorted() && entries[0] == 0 && entries[1] > 0);
                    for (entry, bound) in entries.iter().zip(bounds) {
                        // 255 is told as anything.
                        let told = f64::from(u32::from(*entry) << group.shift) * plan.unit();
                        prop_assert!(*entry == u8::MAX || told >= *bound);
                    }
                }
            }
            prop_assert_eq!(seen, terms.len());
        }
    }
}
