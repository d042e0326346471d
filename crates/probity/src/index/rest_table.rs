//! What the peaks of a query that were not read yet can add to a sum over those that were.
//!
//! A row whose read peaks have the total L adds no more over them than the read peaks of the query, all of them in one,
//! would add with L; and over the others no more than those in one would add with what is left of the row's total
//! ([`PairScore::rest`]). A large sum needs a large L, which leaves little for the rest. The sum and the most that the rest can
//! add to it are told for 64 totals L.

use super::BOUND_SLACK;
use super::pair_score::PairScore;

/// Into how many parts a row's total is cut.
const TOTALS: usize = 64;

/// Sums that share an entry.
const SUMS_OF_ENTRY: usize = 256;

/// Entries for all sums of 16 bits.
const ENTRIES: usize = (u16::MAX as usize + 1) / SUMS_OF_ENTRY;

/// Some of a query's peaks: what they add to the total that [`PairScore::rest`] asks for, and their number.
pub(super) type SomePeaks = (f64, usize);

/// The most that the rest adds to any sum of 16 bits, in the units of the sums.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct RestTable([f64; ENTRIES]);

impl RestTable {
    /// The table for rows whose totals are not above `row_total`; a sum of 1 stands for `unit`.
    pub(super) fn of(
        score: PairScore,
        read: SomePeaks,
        behind: SomePeaks,
        row_total: f64,
        unit: f64,
    ) -> Self {
        if behind.1 == 0 {
            return Self([0.0; ENTRIES]);
        }
        let total = |part: usize| row_total * part as f64 / TOTALS as f64;
        // A sum above the first needs a total above that of the part, which leaves the second for the rest.
        let parts: [(f64, f64); TOTALS] = std::array::from_fn(|part| {
            let least = if part == 0 { 0.0 } else { score.rest(read.0, read.1, total(part)) };
            (least, score.rest(behind.0, behind.1, row_total - total(part)))
        });
        let (mut part, mut most_below) = (0, 0.0);
        Self(std::array::from_fn(|entry| {
            let sum = (entry * SUMS_OF_ENTRY) as f64 * unit;
            while let Some((next, _)) = parts.get(part + 1).filter(|(next, _)| *next < sum) {
                most_below = f64::max(most_below, next + parts[part].1);
                part += 1;
            }
            // What sum and rest can reach rises with the sum, but not as fast: the entry's first sum leaves the most.
            (f64::max(most_below, sum + parts[part].1) - sum) * BOUND_SLACK / unit
        }))
    }

    /// The most that the rest adds to a sum.
    pub(super) fn rest(&self, sum: u16) -> f64 {
        self.0[usize::from(sum) / SUMS_OF_ENTRY]
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const UNIT: f64 = 1.0 / 32_768.0;

    fn total(score: PairScore, values: impl Iterator<Item = f64>) -> f64 {
        values.map(|value| score.total(value)).sum()
    }

    /// What some pairs of a query's and a row's values add.
    fn added(score: PairScore, pairs: &[(f64, f64)]) -> f64 {
        pairs.iter().map(|&(query, row)| score.bound(score.weighed(query), score.weighed(row))).sum()
    }

    #[test]
    fn a_large_sum_leaves_little() {
        // The query's squares are 0.64 and 0.36. A cosine of 0.8 over the first asks for all of the row's square.
        let table = RestTable::of(PairScore::Cosine, (0.64, 1), (0.36, 1), 1.0, UNIT);
        let rest = |sum: f64| table.rest((sum / UNIT) as u16) * UNIT;
        assert!((rest(0.0) - 0.6).abs() < 1e-6);
        // √(0.36 (1 − 0.4² / 0.64)), to a part in 64 of the total and an entry's width.
        assert!((rest(0.4) - 0.5196).abs() < 0.01);
        // Sum and rest reach 1, no more.
        assert!((0.36..0.38).contains(&rest(0.64)) && (0.2..0.22).contains(&rest(0.8)));
        let nothing_behind = RestTable::of(PairScore::Cosine, (1.0, 2), (0.0, 0), 1.0, UNIT);
        assert_eq!(nothing_behind.rest(7), 0.0);
    }

    proptest! {
        #[test]
        fn no_row_adds_more(
            pairs in prop::collection::vec((0.0_f64..1.0, prop_oneof![0.0_f64..1.0, Just(0.0)]), 1..20),
            read in 0_usize..20,
            is_alike in any::<bool>(),
            above in 0_u16..300,
        ) {
            for score in [PairScore::Cosine, PairScore::Entropy] {
                // The rest is largest where both are alike.
                let alike = |(query, row)| (query, if is_alike { query } else { row });
                let pairs: Vec<(f64, f64)> = pairs.iter().copied().map(alike).collect();
                let (read, behind) = pairs.split_at(read.min(pairs.len()));
                let row_total = total(score, pairs.iter().map(|pair| pair.1));
                let some = |pairs: &[(f64, f64)]| (total(score, pairs.iter().map(|pair| pair.0)), pairs.len());
                // So that all sums fit.
                let unit = added(score, &pairs).max(1e-9) / 30_000.0;
                let table = RestTable::of(score, some(read), some(behind), row_total, unit);
                let sum = (added(score, read) / unit).ceil() as u16;
                // A sum that is rounded up more may be told less of the rest, but not less of both.
                for sum in [sum, sum + above] {
                    let bound = (f64::from(sum) + table.rest(sum)) * unit;
                    prop_assert!(bound * (1.0 + 1e-9) >= added(score, &pairs), "{score:?}: {bound}");
                }
            }
        }
    }
}
