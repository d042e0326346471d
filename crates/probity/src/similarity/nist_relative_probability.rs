//! NIST's probability of a hit: relative to the other hits of the same list.
//!
//! The best hit of each compound counts; its other hits share the value. From one compound to the
//! next of the ranked list the probability falls by a factor g that depends only on the gap between
//! their match factors, and all compounds together get 100 %. It says how far a hit stands before
//! the others *if the compound is in the library*: a lone wrong hit gets 99 %. It is no error rate.
//!
//! g is not published as numbers. The table is a fit of NIST MSPepSearch 0.9.7.1 (which follows MS
//! Search 3.0), Identity search of 600 spectra against ten library spectra of eight compounds: 4,301
//! printed probabilities. The probabilities show straight lines between nodes ten apart, at gaps of
//! 5, 15, ... and a constant from 205 on, measured up to a gap of 938. The values at the nodes are
//! the least-squares solution (Gauss-Newton on the printed percentages), rounded to four digits.
//! Every library spectrum with at least one peak in common with the query is a hit, also one with
//! match factor 0 that no list shows. Largest deviation from the printed value: 0.09 percentage
//! points (they are printed to 0.1), and 0.10 on a half of the lists left out of the fit.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::explanation::Explanation;
use crate::units::MatchFactor;

/// How the probability falls with the gap between neighbouring compounds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct NistProbabilityTable {
    /// The table's name, kept with every result.
    pub name: &'static str,
    /// Gap of the match factors and the factor g there; straight lines between, constant after.
    nodes: &'static [(u16, f64)],
}

impl NistProbabilityTable {
    /// Fitted to a program that follows MS Search 3.0; earlier versions used another table.
    pub const MSSEARCH_3_0_FIT: Self = Self {
        name: "mssearch-3.0-fit",
        nodes: &[
            (0, 1.0),
            (5, 0.8654),
            (15, 0.6305),
            (25, 0.4649),
            (35, 0.3473),
            (45, 0.2626),
            (55, 0.2012),
            (65, 0.1559),
            (75, 0.1224),
            (85, 0.0974),
            (95, 0.0784),
            (105, 0.0637),
            (115, 0.0527),
            (125, 0.0438),
            (135, 0.0372),
            (145, 0.0318),
            (155, 0.0276),
            (165, 0.0241),
            (175, 0.02),
            (185, 0.016),
            (195, 0.014),
            (205, 0.01),
        ],
    };

    /// g at a gap, and whether the gap lies beyond the last node, whose value is then held.
    #[must_use]
    pub fn factor(&self, gap: u16) -> (f64, bool) {
        let above = self.nodes.partition_point(|node| node.0 <= gap);
        match (above.checked_sub(1).map(|below| self.nodes[below]), self.nodes.get(above)) {
            (Some((low, at_low)), Some(&(high, at_high))) => {
                let part = f64::from(gap - low) / f64::from(high - low);
                (at_low + (at_high - at_low) * part, false)
            }
            (Some((last, at_last)), None) => (at_last, gap > last),
            // The first node stands at gap 0, so there is always one at or below.
            (None, _) => (1.0, false),
        }
    }
}

/// A hit's relative probability.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct NistRelativeProbability {
    /// The share of this hit's compound, in per cent.
    pub percent: f64,
    /// Whether a gap between this compound and the best one exceeds the last node of the table.
    pub beyond_table: bool,
}

/// The relative probability of each hit, in the order given.
///
/// Each hit comes with its compound: NIST groups by CAS number; any id that is equal for replicate
/// spectra of one compound will do. Give every library spectrum that has a peak in common with the
/// query (`common_peaks > 0`), not only the hits to be shown: all of them share the 100 %.
#[must_use]
pub fn nist_relative_probabilities<Compound: Ord>(
    hits: &[(MatchFactor, Compound)],
    table: &NistProbabilityTable,
) -> Vec<NistRelativeProbability> {
    let ranking = Ranking::of(hits, table);
    hits.iter().map(|(_, compound)| ranking.probability(ranking.rank_of[compound])).collect()
}

/// Why the hit at `position` gets its relative probability; `None` if there is no such hit.
#[must_use]
pub fn explain_nist_relative_probability<Compound: Ord>(
    hits: &[(MatchFactor, Compound)],
    position: usize,
    table: &NistProbabilityTable,
) -> Option<Explanation> {
    let ranking = Ranking::of(hits, table);
    let rank = ranking.rank_of[&hits.get(position)?.1];
    let steps = ranking.steps[..=rank].iter().enumerate().map(|(rank, step)| {
        let MatchFactors { here, gap } = step.match_factors;
        Explanation::leaf(
            match gap {
                None => format!("compound 1, match factor {here}: weight 1"),
                Some(gap) => {
                    format!("compound {}, match factor {here}, {gap} below the one before", rank + 1)
                }
            },
            step.weight,
        )
    });
    let children = vec![
        Explanation::leaf("weight of this compound; the ranking down to it:", ranking.steps[rank].weight)
            .with(steps.collect()),
        Explanation::leaf(format!("weight of all {} compounds", ranking.steps.len()), ranking.total),
    ];
    Some(
        Explanation::leaf(
            format!(
                "NIST relative probability in % (table {}); assumes that the compound is in the library",
                table.name
            ),
            ranking.probability(rank).percent,
        )
        .with(children),
    )
}

/// A compound's match factor and its distance from the compound ranked before it.
#[derive(Debug, Clone, Copy)]
struct MatchFactors {
    here: MatchFactor,
    gap: Option<u16>,
}

#[derive(Debug, Clone, Copy)]
struct Step {
    match_factors: MatchFactors,
    weight: f64,
    beyond_table: bool,
}

/// The compounds, best first, with weights relative to the best.
struct Ranking<'a, Compound> {
    steps: Vec<Step>,
    total: f64,
    rank_of: BTreeMap<&'a Compound, usize>,
}

impl<'a, Compound: Ord> Ranking<'a, Compound> {
    fn of(hits: &'a [(MatchFactor, Compound)], table: &NistProbabilityTable) -> Self {
        let mut best: BTreeMap<&Compound, MatchFactor> = BTreeMap::new();
        for (match_factor, compound) in hits {
            let entry = best.entry(compound).or_default();
            *entry = (*match_factor).max(*entry);
        }
        let mut ranked: Vec<(&Compound, MatchFactor)> = best.into_iter().collect();
        // Compounds of equal match factor get equal weight, so their order does not matter.
        ranked.sort_by_key(|ranked| std::cmp::Reverse(ranked.1));
        let mut steps: Vec<Step> = Vec::with_capacity(ranked.len());
        for &(_, here) in &ranked {
            steps.push(match steps.last() {
                None => {
                    Step { match_factors: MatchFactors { here, gap: None }, weight: 1.0, beyond_table: false }
                }
                Some(before) => {
                    let gap = before.match_factors.here.value() - here.value();
                    let (factor, beyond) = table.factor(gap);
                    Step {
                        match_factors: MatchFactors { here, gap: Some(gap) },
                        weight: before.weight * factor,
                        beyond_table: before.beyond_table || beyond,
                    }
                }
            });
        }
        Self {
            total: steps.iter().map(|step| step.weight).sum(),
            rank_of: ranked.iter().enumerate().map(|(rank, (compound, _))| (*compound, rank)).collect(),
            steps,
        }
    }

    fn probability(&self, rank: usize) -> NistRelativeProbability {
        let step = self.steps[rank];
        NistRelativeProbability { percent: 100.0 * step.weight / self.total, beyond_table: step.beyond_table }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const TABLE: NistProbabilityTable = NistProbabilityTable::MSSEARCH_3_0_FIT;

    fn hits(list: &[(u16, u32)]) -> Vec<(MatchFactor, u32)> {
        list.iter().map(|&(value, compound)| (match_factor(value), compound)).collect()
    }

    /// Half a unit above, so that cutting gives the value.
    fn match_factor(value: u16) -> MatchFactor {
        MatchFactor::from_similarity((f64::from(value) + 0.5) / 1000.0)
    }

    #[test]
    fn a_printed_list_is_met() {
        // Undecane in NIST's own output: match factors of the first four compounds and their
        // probabilities in %. The compounds after them get less than 0.1 % together.
        let list = hits(&[(951, 1), (906, 2), (892, 3), (850, 4)]);
        for (got, printed) in nist_relative_probabilities(&list, &TABLE).iter().zip([67.4, 17.7, 11.6, 3.3]) {
            assert!((got.percent - printed).abs() < 0.1, "{} is not {printed}", got.percent);
        }
    }

    #[test]
    fn the_table_interpolates_and_holds_its_last_node() {
        assert_eq!(TABLE.factor(0), (1.0, false));
        assert_eq!(TABLE.factor(5), (0.8654, false));
        // Half way between 0.8654 and 0.6305.
        assert!((TABLE.factor(10).0 - 0.74795).abs() < 1e-12);
        assert_eq!(TABLE.factor(205), (0.01, false));
        assert_eq!(TABLE.factor(206), (0.01, true));
        assert_eq!(TABLE.factor(999), (0.01, true));
    }

    #[test]
    fn a_lone_hit_gets_everything_and_gaps_beyond_the_table_are_flagged() {
        assert_eq!(nist_relative_probabilities(&hits(&[(300, 1)]), &TABLE)[0].percent, 100.0);
        assert!(nist_relative_probabilities::<u32>(&[], &TABLE).is_empty());
        let flags: Vec<bool> = nist_relative_probabilities(&hits(&[(900, 1), (500, 2), (490, 3)]), &TABLE)
            .iter()
            .map(|probability| probability.beyond_table)
            .collect();
        assert_eq!(flags, [false, true, true]);
    }

    proptest! {
        #[test]
        fn compounds_share_a_hundred_per_cent_in_the_order_of_their_best_hit(
            list in proptest::collection::vec((0_u16..1000, 0_u32..8), 1..30),
        ) {
            let list = hits(&list);
            let probabilities = nist_relative_probabilities(&list, &TABLE);
            let mut compounds: BTreeMap<u32, (MatchFactor, f64)> = BTreeMap::new();
            for ((match_factor, compound), probability) in list.iter().zip(&probabilities) {
                let entry = compounds.entry(*compound).or_insert((*match_factor, probability.percent));
                prop_assert_eq!(entry.1.to_bits(), probability.percent.to_bits());
                entry.0 = entry.0.max(*match_factor);
            }
            let sum: f64 = compounds.values().map(|compound| compound.1).sum();
            prop_assert!((sum - 100.0).abs() < 1e-9);
            for a in compounds.values() {
                for b in compounds.values() {
                    prop_assert!(a.0 < b.0 || a.1 >= b.1);
                }
            }
            for (position, probability) in probabilities.iter().enumerate() {
                let tree = explain_nist_relative_probability(&list, position, &TABLE).unwrap();
                prop_assert_eq!(tree.value.to_bits(), probability.percent.to_bits());
            }
            prop_assert!(explain_nist_relative_probability(&list, list.len(), &TABLE).is_none());
        }
    }
}
