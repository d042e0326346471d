//! Keeping the best k of many.

use std::cmp::Ordering;

/// What a method orders its hits by: greater is better, ties fall to the second number and last to
/// the entry's id, lower first. Neither number may be NaN.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct RankKey {
    pub(crate) first: f64,
    pub(crate) second: f64,
}

/// A candidate: its key and its position among the entries (which ascend by id).
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Ranked {
    pub(crate) key: RankKey,
    pub(crate) position: usize,
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

/// The best `k` of all candidates pushed. The result depends on what was pushed, not on the order.
#[derive(Debug)]
pub(crate) struct Top {
    k: usize,
    kept: Vec<Ranked>,
}

impl Top {
    pub(crate) fn new(k: usize) -> Self {
        Self { k, kept: Vec::new() }
    }

    pub(crate) fn push(&mut self, candidate: Ranked) {
        self.kept.push(candidate);
        // Twice k before cutting makes the cost of selection constant per candidate.
        if self.kept.len() >= self.k.saturating_mul(2).max(64) {
            self.cut();
        }
    }

    pub(crate) fn merge(&mut self, other: Self) {
        for candidate in other.kept {
            self.push(candidate);
        }
    }

    /// The best, in the order of a hit list.
    pub(crate) fn into_sorted(mut self) -> Vec<Ranked> {
        self.kept.sort_unstable_by(Ranked::order);
        self.kept.truncate(self.k);
        self.kept
    }

    fn cut(&mut self) {
        if self.kept.len() > self.k {
            if self.k > 0 {
                self.kept.select_nth_unstable_by(self.k - 1, Ranked::order);
            }
            self.kept.truncate(self.k);
        }
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
                    position,
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
