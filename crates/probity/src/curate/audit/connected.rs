//! Sets of things that are connected, directly or through others.

/// Disjoint sets of the numbers 0 to n − 1; a set is known by its smallest member, so nothing depends
/// on the order in which sets were joined.
#[derive(Debug, Clone)]
pub(super) struct Connected {
    parent: Vec<usize>,
}

impl Connected {
    pub(super) fn new(count: usize) -> Self {
        Self { parent: (0..count).collect() }
    }

    /// The smallest member of the set.
    pub(super) fn first(&self, mut member: usize) -> usize {
        while self.parent[member] != member {
            member = self.parent[member];
        }
        member
    }

    pub(super) fn join(&mut self, a: usize, b: usize) {
        let (a_first, b_first) = (self.first(a), self.first(b));
        let first = a_first.min(b_first);
        self.parent[a_first.max(b_first)] = first;
        // Shortens the ways that were just walked, so that later ones are short.
        for mut member in [a, b] {
            while member != first {
                member = std::mem::replace(&mut self.parent[member], first);
            }
        }
    }

    /// All sets, by their smallest member; members ascending.
    pub(super) fn sets(&self) -> Vec<Vec<usize>> {
        let mut sets: Vec<Vec<usize>> = vec![Vec::new(); self.parent.len()];
        let mut firsts: Vec<usize> = Vec::with_capacity(self.parent.len());
        for (member, &parent) in self.parent.iter().enumerate() {
            // A parent is never larger than its child, so its first member is already known.
            let first = if parent == member { member } else { firsts[parent] };
            firsts.push(first);
            sets[first].push(member);
        }
        sets.retain(|set| !set.is_empty());
        sets
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sets_do_not_depend_on_the_order_of_joining() {
        let pairs = [(4, 2), (5, 4), (0, 3), (2, 5)];
        let sets = |pairs: &[(usize, usize)]| {
            let mut connected = Connected::new(6);
            pairs.iter().for_each(|&(a, b)| connected.join(a, b));
            connected.sets()
        };
        assert_eq!(sets(&pairs), [vec![0, 3], vec![1], vec![2, 4, 5]]);
        let reversed: Vec<_> = pairs.iter().rev().map(|&(a, b)| (b, a)).collect();
        assert_eq!(sets(&reversed), sets(&pairs));
    }
}
