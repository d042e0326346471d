//! The assignment with the largest sum of products, group by group.

use super::{MAXIMUM_COMPETING_PEAKS, PeakPair};
use crate::error::{Error, Result};

pub(super) fn assign(candidates: &[PeakPair], first: &[f64], second: &[f64]) -> Result<Vec<PeakPair>> {
    let product = |pair: &PeakPair| first[pair.first] * second[pair.second];
    let useful: Vec<PeakPair> = candidates.iter().filter(|pair| product(pair) > 0.0).copied().collect();
    let mut assigned = Vec::new();
    for group in groups(&useful, first.len(), second.len()) {
        solve_group(&group, product, &mut assigned)?;
    }
    assigned.sort_unstable();
    Ok(assigned)
}

/// The candidates divided into groups that share no peak.
fn groups(candidates: &[PeakPair], first_count: usize, second_count: usize) -> Vec<Vec<PeakPair>> {
    let mut parent: Vec<usize> = (0..first_count + second_count).collect();
    for pair in candidates {
        let a = root(&mut parent, pair.first);
        let b = root(&mut parent, first_count + pair.second);
        parent[a.max(b)] = a.min(b);
    }
    let mut group_of = vec![None; parent.len()];
    let mut groups: Vec<Vec<PeakPair>> = Vec::new();
    for &pair in candidates {
        let root = root(&mut parent, pair.first);
        let group = *group_of[root].get_or_insert_with(|| {
            groups.push(Vec::new());
            groups.len() - 1
        });
        groups[group].push(pair);
    }
    groups
}

/// The root of a peak's tree, halving the path on the way.
fn root(parent: &mut [usize], mut peak: usize) -> usize {
    while parent[peak] != peak {
        parent[peak] = parent[parent[peak]];
        peak = parent[peak];
    }
    peak
}

/// Solves one group exactly and appends its pairs.
fn solve_group(
    group: &[PeakPair],
    product: impl Fn(&PeakPair) -> f64,
    assigned: &mut Vec<PeakPair>,
) -> Result<()> {
    if let [only] = group {
        assigned.push(*only);
        return Ok(());
    }
    let mut rows: Vec<usize> = group.iter().map(|pair| pair.first).collect();
    let mut columns: Vec<usize> = group.iter().map(|pair| pair.second).collect();
    for peaks in [&mut rows, &mut columns] {
        peaks.sort_unstable();
        peaks.dedup();
    }
    let competing = rows.len().max(columns.len());
    if competing > MAXIMUM_COMPETING_PEAKS {
        return Err(Error::limit(format!(
            "{competing} neighbouring peaks compete for the same partners, at most {MAXIMUM_COMPETING_PEAKS} \
             can be assigned optimally; merge the peaks, narrow the tolerance or assign greedily"
        )));
    }
    // Fewer rows than columns: the shorter side is assigned row by row.
    let turned = rows.len() > columns.len();
    let (short, long) = if turned { (&columns, &rows) } else { (&rows, &columns) };
    let mut weight = vec![0.0_f64; short.len() * long.len()];
    for pair in group {
        let (a, b) = if turned { (pair.second, pair.first) } else { (pair.first, pair.second) };
        if let (Ok(row), Ok(column)) = (short.binary_search(&a), long.binary_search(&b)) {
            weight[row * long.len() + column] = product(pair);
        }
    }
    for (row, column) in maximum_weight_assignment(&weight, short.len(), long.len()) {
        // Weight 0 stands for "not a candidate": such a row stays without a partner.
        if weight[row * long.len() + column] > 0.0 {
            let (a, b) = (short[row], long[column]);
            assigned.push(if turned {
                PeakPair { first: b, second: a }
            } else {
                PeakPair { first: a, second: b }
            });
        }
    }
    Ok(())
}

/// Gives every row its own column so that the sum of weights is largest, for at most as many rows as
/// columns. Rows are added one by one along the cheapest augmenting path; the potentials of rows and
/// columns keep all reduced costs (cost = −weight) at 0 or above, at 0 for assigned pairs.
fn maximum_weight_assignment(weight: &[f64], rows: usize, columns: usize) -> Vec<(usize, usize)> {
    // The last column is the place where the new row starts; it is nobody's partner at the end.
    let start = columns;
    let mut row_of: Vec<Option<usize>> = vec![None; columns + 1];
    let mut row_potential = vec![0.0_f64; rows];
    let mut column_potential = vec![0.0_f64; columns + 1];
    for new_row in 0..rows {
        row_of[start] = Some(new_row);
        let mut distance = vec![f64::INFINITY; columns];
        let mut previous = vec![start; columns];
        let mut visited = vec![false; columns + 1];
        let mut current = start;
        while let Some(row) = row_of[current] {
            visited[current] = true;
            let mut nearest = (f64::INFINITY, start);
            for column in (0..columns).filter(|&column| !visited[column]) {
                let reduced = -weight[row * columns + column] - row_potential[row] - column_potential[column];
                if reduced < distance[column] {
                    distance[column] = reduced;
                    previous[column] = current;
                }
                if distance[column] < nearest.0 {
                    nearest = (distance[column], column);
                }
            }
            let (step, next) = nearest;
            for column in 0..=columns {
                if visited[column] {
                    if let Some(row) = row_of[column] {
                        row_potential[row] += step;
                    }
                    column_potential[column] -= step;
                } else {
                    distance[column] -= step;
                }
            }
            current = next;
        }
        while current != start {
            row_of[current] = row_of[previous[current]];
            current = previous[current];
        }
    }
    (0..columns).filter_map(|column| row_of[column].map(|row| (row, column))).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The best sum of products by trying everything.
    fn exhaustive(candidates: &[PeakPair], first: &[f64], second: &[f64], used: u32, row: usize) -> f64 {
        if row == first.len() {
            return 0.0;
        }
        let mut best = exhaustive(candidates, first, second, used, row + 1);
        for pair in candidates.iter().filter(|pair| pair.first == row && used & (1 << pair.second) == 0) {
            let rest = exhaustive(candidates, first, second, used | (1 << pair.second), row + 1);
            best = best.max(first[row] * second[pair.second] + rest);
        }
        best
    }

    fn total(pairs: &[PeakPair], first: &[f64], second: &[f64]) -> f64 {
        pairs.iter().map(|pair| first[pair.first] * second[pair.second]).sum()
    }

    /// A group at the limit of size is solved; weights i·j on a full square have their largest sum on the
    /// diagonal (rearrangement inequality).
    #[test]
    fn a_large_group_is_solved_exactly() {
        let count = 300;
        let weights: Vec<f64> = (1..=count).map(f64::from).collect();
        let candidates: Vec<PeakPair> = (0..weights.len())
            .flat_map(|first| (0..weights.len()).map(move |second| PeakPair { first, second }))
            .collect();
        let assigned = assign(&candidates, &weights, &weights).unwrap();
        assert_eq!(assigned.len(), weights.len());
        assert!(assigned.iter().all(|pair| pair.first == pair.second));
    }

    #[test]
    fn a_repeated_candidate_counts_once_and_nothing_gives_nothing() {
        let pair = PeakPair { first: 0, second: 0 };
        assert_eq!(assign(&[pair, pair], &[2.0], &[3.0]).unwrap(), [pair]);
        assert_eq!(assign(&[pair], &[0.0], &[3.0]).unwrap(), []);
        assert_eq!(assign(&[], &[], &[]).unwrap(), []);
    }

    proptest! {
        #[test]
        fn no_assignment_is_better(
            first in prop::collection::vec(0.0..10.0_f64, 1..7),
            second in prop::collection::vec(0.0..10.0_f64, 1..7),
            links in prop::collection::vec(any::<bool>(), 49),
            whole in any::<bool>(),
        ) {
            // Whole weights make ties.
            let round = |list: Vec<f64>| -> Vec<f64> {
                list.into_iter().map(|x| if whole { x.floor() } else { x }).collect()
            };
            let (first, second) = (round(first), round(second));
            let mut candidates = Vec::new();
            for i in 0..first.len() {
                for j in (0..second.len()).filter(|j| links[i * 7 + j]) {
                    candidates.push(PeakPair { first: i, second: j });
                }
            }
            let assigned = assign(&candidates, &first, &second).unwrap();
            for (position, a) in assigned.iter().enumerate() {
                prop_assert!(candidates.contains(a));
                for b in &assigned[..position] {
                    prop_assert!(a.first != b.first && a.second != b.second);
                }
            }
            let best = exhaustive(&candidates, &first, &second, 0, 0);
            prop_assert!((total(&assigned, &first, &second) - best).abs() <= 1e-12 * best.max(1.0));
        }
    }
}
