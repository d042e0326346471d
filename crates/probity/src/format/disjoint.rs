//! Ranges of a file that are each read once. Overlapping ranges let a small file ask for much memory, and do not
//! occur in sound ones.

use std::collections::BTreeMap;

/// The ranges taken so far, by their first byte, with the byte behind them.
#[derive(Debug, Default)]
pub(crate) struct Disjoint(BTreeMap<usize, usize>);

impl Disjoint {
    /// Takes a range; `false` if it overlaps one that was taken.
    pub(crate) fn take(&mut self, offset: usize, size: usize) -> bool {
        let end = offset.saturating_add(size);
        let before = self.0.range(..end).next_back();
        if before.is_some_and(|(_, &taken_end)| taken_end > offset) {
            return false;
        }
        self.0.insert(offset, end);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_ranges_that_touch_at_most_are_taken() {
        let mut ranges = Disjoint::default();
        for (offset, size, taken) in [
            (10, 10, true),
            (20, 5, true),
            (0, 10, true),
            (19, 1, false),
            (5, 100, false),
            (24, 2, false),
            (25, usize::MAX, true),
            (30, 1, false),
        ] {
            assert_eq!(ranges.take(offset, size), taken, "{offset} {size}");
        }
    }
}
