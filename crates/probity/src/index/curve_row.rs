//! A curve as the index takes it.

/// The most values that a mean may be larger than the length of what varies about it: beyond, rounding in the reference
/// scorer may decide, and nothing is concluded.
pub(super) const LARGEST_OFFSET: f64 = 1e3;

/// Values at the points of a grid, or differences of neighbours, and where they were measured.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct CurveRow {
    /// One for each point; what stands at points that were not measured does not count.
    pub(crate) values: Vec<f64>,
    /// First point and the one behind the last of each run of measured points, ascending.
    pub(crate) runs: Vec<u32>,
}

/// What of a curve a score compares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct CurveScore {
    /// Whether means are taken off over the points that both have: a correlation, else a cosine.
    pub(crate) is_centred: bool,
    /// Whether the square counts, of either sign.
    pub(crate) is_squared: bool,
}

/// The sums of a curve over some points.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct CurveSums {
    /// Σ w.
    pub(super) weight: f64,
    /// Σ w x.
    pub(super) first: f64,
    /// Σ w x².
    pub(super) second: f64,
}

impl CurveSums {
    pub(super) fn add(&mut self, weight: f64, value: f64) {
        self.weight += weight;
        self.first += weight * value;
        self.second += weight * value * value;
    }

    /// The mean; 0 without weight.
    pub(super) fn mean(&self) -> f64 {
        if self.weight > 0.0 { self.first / self.weight } else { 0.0 }
    }
}

/// The points of runs.
pub(super) fn points_of(runs: &[u32]) -> impl Iterator<Item = usize> + '_ {
    runs.as_chunks::<2>().0.iter().flat_map(|run| run[0] as usize..run[1] as usize)
}

/// The runs that two lists have in common.
pub(crate) fn common_runs(first: &[u32], second: &[u32]) -> Vec<u32> {
    let (first, second) = (first.as_chunks::<2>().0, second.as_chunks::<2>().0);
    let (mut i, mut j, mut common) = (0, 0, Vec::new());
    while i < first.len() && j < second.len() {
        let (start, end) = (first[i][0].max(second[j][0]), first[i][1].min(second[j][1]));
        if start < end {
            common.extend([start, end]);
        }
        if first[i][1] < second[j][1] { i += 1 } else { j += 1 }
    }
    common
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn runs_of(points: &[bool]) -> Vec<u32> {
        let mut runs: Vec<u32> = Vec::new();
        for (point, &measured) in (0..).zip(points) {
            match runs.last_mut() {
                Some(end) if measured && *end == point => *end += 1,
                _ if measured => runs.extend([point, point + 1]),
                _ => {}
            }
        }
        runs
    }

    proptest! {
        #[test]
        fn common_runs_hold_the_points_of_both(points in prop::collection::vec(any::<(bool, bool)>(), 0..60)) {
            let (first, second): (Vec<bool>, Vec<bool>) = points.iter().copied().unzip();
            let both: Vec<bool> = points.iter().map(|(a, b)| *a && *b).collect();
            let common = common_runs(&runs_of(&first), &runs_of(&second));
            let listed: Vec<usize> = points_of(&common).collect();
            prop_assert_eq!(listed, (0..both.len()).filter(|&point| both[point]).collect::<Vec<_>>());
        }
    }
}
