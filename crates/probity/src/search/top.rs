//! Keeping the best k of many.

use std::cmp::Ordering;
use std::collections::BinaryHeap;

/// What a method orders its hits by: greater is better, ties fall to the second number and last to
/// the entry's id, lower first. Neither number may be NaN.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct RankKey {
    pub(crate) first: f64,
    pub(crate) second: f64,
}

/// A candidate: its key, its first measure (before any penalty, which the key is after), its position among the entries
/// (which ascend by id), and the row that it was compared as.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Ranked {
    pub(crate) key: RankKey,
    pub(crate) first_measure: f64,
    pub(crate) position: usize,
    pub(crate) row: usize,
}

impl Ranked {
    /// `Less` if `self` stands before `other` in a hit list.
    pub(crate) fn order(&self, other: &Self) -> Ordering {
        other
            .key
            .first
            .total_cmp(&self.key.first)
            .then_with(|| other.key.second.total_cmp(&self.key.second))
            .then_with(|| self.position.cmp(&other.position))
    }
}

/// Orders candidates as a hit list does, for the heap: the greatest is the last of the list.
#[derive(Debug, Clone, Copy)]
struct Placed(Ranked);

impl Ord for Placed {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.order(&other.0)
    }
}

impl PartialOrd for Placed {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Placed {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Placed {}

/// The best `k` of all candidates pushed. The result depends on what was pushed, not on the order.
#[derive(Debug)]
pub(crate) struct Top {
    k: usize,
    kept: BinaryHeap<Placed>,
}

impl Top {
    pub(crate) fn new(k: usize) -> Self {
        Self { k, kept: BinaryHeap::new() }
    }

    pub(crate) fn push(&mut self, candidate: Ranked) {
        if self.kept.len() < self.k {
            self.kept.push(Placed(candidate));
        } else if let Some(mut last) = self.kept.peek_mut()
            && candidate.order(&last.0) == Ordering::Less
        {
            *last = Placed(candidate);
        }
    }

    pub(crate) fn merge(&mut self, other: Self) {
        other.kept.into_iter().for_each(|candidate| self.push(candidate.0));
    }

    /// What the first number of a candidate must reach to be kept: −∞ while there is room.
    pub(crate) fn threshold(&self) -> f64 {
        match self.kept.peek() {
            Some(last) if self.kept.len() == self.k => last.0.key.first,
            None if self.k == 0 => f64::INFINITY,
            _ => f64::NEG_INFINITY,
        }
    }

    /// The best, in the order of a hit list.
    pub(crate) fn into_sorted(self) -> Vec<Ranked> {
        self.kept.into_sorted_vec().into_iter().map(|candidate| candidate.0).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn the_best_k_are_those_of_a_full_sort(
            scores in prop::collection::vec((0u8..5, 0u8..3), 0..300),
            k in 0usize..40,
            split in 0usize..300,
        ) {
            let all: Vec<Ranked> = scores
                .iter()
                .enumerate()
                .map(|(position, &(first, second))| Ranked {
                    key: RankKey { first: f64::from(first), second: f64::from(second) },
                    first_measure: f64::from(first),
                    position,
                    row: 0,
                })
                .collect();
            let mut expected = all.clone();
            expected.sort_by(Ranked::order);
            expected.truncate(k);
            let (left, right) = all.split_at(split.min(all.len()));
            let mut first = Top::new(k);
            right.iter().for_each(|&candidate| first.push(candidate));
            let mut second = Top::new(k);
            left.iter().for_each(|&candidate| second.push(candidate));
            first.merge(second);
            prop_assert_eq!(first.into_sorted(), expected);
        }
    }
}
