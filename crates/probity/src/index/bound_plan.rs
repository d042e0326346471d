//! A query's bounds as small whole numbers, in groups that one pass over the columns adds up.

/// The largest number in a table. Four such fit into a byte's sum; rounding up costs a peak less than
/// one part in 32 of its largest bound.
const LARGEST_ENTRY: f64 = 63.0;

/// m/z, and for each level the bound of what a peak adds.
pub(crate) type BoundTerm = (u32, [f64; 16]);

/// What a query adds for each m/z and level, in units of [`BoundPlan::unit`].
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct BoundPlan {
    unit: f64,
    groups: Vec<BoundGroup>,
    light_groups: Vec<BoundGroup>,
}

/// Tables whose largest entries add up to at most 255.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct BoundGroup {
    /// The power of two that the entries are multiplied by.
    pub(crate) shift: u32,
    /// m/z, and for each level the bound.
    pub(crate) bounds: Vec<(u32, [u8; 16])>,
}

impl BoundPlan {
    /// The plan for terms that are added for all rows and for those that are added only where it matters. Bounds are
    /// finite, not negative, and do not fall with the level; that of level 0 counts as 0. Never rounds down; every level
    /// above 0 adds something.
    pub(crate) fn of(terms: &[BoundTerm], light: &[BoundTerm]) -> Self {
        let total: f64 = terms.iter().chain(light).map(|(_, bounds)| bounds[15]).sum();
        // The largest power of two not above; quotients by it are exact.
        let mut unit = f64::from_bits((total / f64::from(u16::MAX)).to_bits() & (0x7ff << 52));
        if unit < f64::MIN_POSITIVE {
            unit = f64::MIN_POSITIVE;
        }
        loop {
            let mut room = u64::from(u16::MAX);
            if let (Some(groups), Some(light_groups)) =
                (groups(terms, unit, &mut room), groups(light, unit, &mut room))
            {
                return Self { unit, groups, light_groups };
            }
            unit *= 2.0;
        }
    }

    /// The plan that counts the peaks in common: each level above 0 adds 1. Up to 65,535 terms.
    pub(crate) fn of_counts(mz: impl Iterator<Item = u32>) -> Self {
        let mut once = [1; 16];
        once[0] = 0;
        let bounds: Vec<(u32, [u8; 16])> = mz.map(|mz| (mz, once)).collect();
        let groups = bounds.chunks(255).map(|bounds| BoundGroup { shift: 0, bounds: bounds.to_vec() });
        Self { unit: 1.0, groups: groups.collect(), light_groups: Vec::new() }
    }

    /// What a sum of 1 stands for, a power of two.
    pub(crate) fn unit(&self) -> f64 {
        self.unit
    }

    /// The groups that are added for all rows; the sums do not depend on their order.
    pub(crate) fn groups(&self) -> &[BoundGroup] {
        &self.groups
    }

    /// The groups that are added only where it matters.
    pub(crate) fn light_groups(&self) -> &[BoundGroup] {
        &self.light_groups
    }
}

/// The groups in a unit; `None` if a sum could exceed the room that is left, of which it takes what it needs. With a unit as large as the largest bound
/// every entry is 1, so that one of the first units will do for up to 65,535 terms.
fn groups(terms: &[BoundTerm], unit: f64, room: &mut u64) -> Option<Vec<BoundGroup>> {
    let mut tables = Vec::with_capacity(terms.len());
    for &(mz, bounds) in terms {
        let (mut shift, mut scale) = (0, unit);
        while bounds[15] / scale > LARGEST_ENTRY {
            (shift, scale) = (shift + 1, scale * 2.0);
        }
        let mut entries = bounds.map(|bound| {
            // From 1 to 63 after rounding up: the cast is exact.
            (bound / scale).ceil().clamp(1.0, LARGEST_ENTRY) as u8
        });
        entries[0] = 0;
        *room = room.checked_sub(u64::from(entries[15]) << shift)?;
        tables.push((shift, mz, entries));
    }
    tables.sort_unstable_by_key(|&(shift, mz, _)| (shift, mz));
    let mut groups: Vec<BoundGroup> = Vec::new();
    let mut room = 0;
    for (shift, mz, entries) in tables {
        let largest = u32::from(entries[15]);
        match groups.last_mut() {
            Some(group) if group.shift == shift && largest <= room => {
                room -= largest;
                group.bounds.push((mz, entries));
            }
            _ => {
                room = 255 - largest;
                groups.push(BoundGroup { shift, bounds: vec![(mz, entries)] });
            }
        }
    }
    Some(groups)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn powers_of_two_are_not_rounded() {
        // 1 and 1/2 of a total of 1.5: 1.5/65535 lies between 2⁻¹⁶ and 2⁻¹⁵; 2⁻¹⁶ gives a sum of 98304, so
        // it is 2⁻¹⁵. Entries up to 63: 2¹⁵ is 32 · 2¹⁰.
        let term = |value: f64| std::array::from_fn(|level| if level == 15 { value } else { 0.0 });
        let plan = BoundPlan::of(&[(41, term(1.0))], &[(43, term(0.5))]);
        assert_eq!(plan.unit(), 1.0 / 32_768.0);
        let sums: Vec<f64> = plan
            .light_groups()
            .iter()
            .chain(plan.groups())
            .flat_map(|group| {
                group
                    .bounds
                    .iter()
                    .map(|bounds| f64::from(u32::from(bounds.1[15]) << group.shift) * plan.unit())
            })
            .collect();
        assert_eq!(sums, [0.5, 1.0]);
    }

    proptest! {
        #[test]
        fn entries_never_lie_below_the_bounds(
            values in prop::collection::vec((0.0_f64..1.0, 0_i32..60), 0..300),
            heavy in 0_usize..300,
        ) {
            let terms: Vec<(u32, [f64; 16])> = values
                .iter()
                .zip(30..)
                .map(|(&(value, power), mz)| {
                    (mz, std::array::from_fn(|level| libm::scalbn(value, -power) * level as f64 / 15.0))
                })
                .collect();
            let heavy = heavy.min(terms.len());
            let plan = BoundPlan::of(&terms[..heavy], &terms[heavy..]);
            let mut seen = 0;
            for group in plan.groups().iter().chain(plan.light_groups()) {
                prop_assert!(group.bounds.iter().map(|bounds| u32::from(bounds.1[15])).sum::<u32>() <= 255);
                for (mz, entries) in &group.bounds {
                    seen += 1;
                    let (_, bounds) = terms.iter().find(|(other, _)| other == mz).unwrap();
                    prop_assert!(entries.is_sorted() && entries[0] == 0 && entries[1] > 0);
                    for (entry, bound) in entries.iter().zip(bounds) {
                        prop_assert!(f64::from(u32::from(*entry) << group.shift) * plan.unit() >= *bound);
                    }
                }
            }
            prop_assert_eq!(seen, terms.len());
            let largest: u64 = plan.groups().iter().chain(plan.light_groups()).flat_map(|group| {
                group.bounds.iter().map(|bounds| u64::from(bounds.1[15]) << group.shift)
            }).sum();
            prop_assert!(largest <= 65_535);
        }
    }
}
