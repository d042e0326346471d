//! Rows by what their scores can reach.

use super::judge::Judge;
use crate::error::Result;

/// Rows that share the largest of their bounds, for a first look.
const BLOCK: usize = 64;

/// Rows are proposed in this many classes of bounds, best first; within one they stand in their own order,
/// which is the order of the memory behind them.
const CLASSES: usize = 64;

/// An upper bound for the score of each of consecutive rows. Stored as f32, rounded up.
#[derive(Debug, Clone, Default)]
pub(crate) struct RowBounds {
    bounds: Vec<f32>,
}

impl RowBounds {
    /// No rows, with room for some.
    pub(crate) fn with_capacity(rows: usize) -> Self {
        Self { bounds: Vec::with_capacity(rows) }
    }

    /// Adds a row. A bound of 0 says that the row can be no hit.
    pub(crate) fn push(&mut self, bound: f64) {
        self.bounds.push(rounded_up(bound));
    }

    /// Takes back what is known of a row.
    pub(crate) fn open(&mut self, row: usize) {
        self.bounds[row] = f32::INFINITY;
    }
}

/// Not below the value: the next f32 above the nearest one; 0 and infinity stay.
fn rounded_up(bound: f64) -> f32 {
    if bound > 0.0 { (bound as f32).next_up() } else { 0.0 }
}

/// Proposes rows until none is left whose bound reaches the judge's threshold. `parts` are the bounds of
/// consecutive rows, `wanted` the number of hits that the judge keeps.
///
/// # Errors
/// As the judge.
pub(crate) fn propose_best_first(
    parts: &mut [RowBounds],
    wanted: usize,
    judge: &mut dyn Judge,
) -> Result<()> {
    propose_first_look(parts, wanted, judge)?;
    // A row is open if its bound is above 0 and not strictly below the threshold.
    let open = |bound: f32, judge: &dyn Judge| bound > 0.0 && f64::from(bound) >= judge.threshold();
    let (mut rows, mut first) = (Vec::new(), 0);
    for part in &*parts {
        for (block, bounds) in part.bounds.chunks(BLOCK).enumerate() {
            if open(largest(bounds), judge) {
                let start = first + block * BLOCK;
                let numbered = bounds.iter().zip(start..).filter(|(bound, _)| open(**bound, judge));
                rows.extend(numbered.map(|(&bound, row)| (bound, row)));
            }
        }
        first += part.bounds.len();
    }
    for class in classes(rows) {
        for (bound, row) in class {
            if open(bound, judge) {
                judge.judge(row)?;
            }
        }
    }
    Ok(())
}

/// Proposes the best rows of the best blocks, as many as hits are wanted, so that the threshold rises
/// early; they are struck out.
fn propose_first_look(parts: &mut [RowBounds], wanted: usize, judge: &mut dyn Judge) -> Result<()> {
    let mut blocks = Vec::new();
    let mut first = 0;
    for (number, part) in parts.iter().enumerate() {
        for (block, bounds) in part.bounds.chunks(BLOCK).enumerate() {
            blocks.push((largest(bounds), number, block * BLOCK, first));
        }
        first += part.bounds.len();
    }
    let looked_at = wanted.min(blocks.len());
    if (1..blocks.len()).contains(&looked_at) {
        blocks.select_nth_unstable_by(looked_at - 1, |a, b| b.0.total_cmp(&a.0));
    }
    for &(bound, number, start, first) in &blocks[..looked_at] {
        let bounds = &mut parts[number].bounds[start..];
        let Some(row) = bounds.iter().take(BLOCK).position(|&other| other == bound) else { continue };
        if bound > 0.0 {
            bounds[row] = 0.0;
            judge.judge(first + start + row)?;
        }
    }
    Ok(())
}

fn largest(bounds: &[f32]) -> f32 {
    bounds.iter().copied().fold(0.0, f32::max)
}

/// The rows in classes of falling bounds.
fn classes(rows: Vec<(f32, usize)>) -> Vec<Vec<(f32, usize)>> {
    let finite = || rows.iter().map(|(bound, _)| *bound).filter(|bound| bound.is_finite());
    let (low, high) = (finite().fold(f32::INFINITY, f32::min), finite().fold(0.0, f32::max));
    let mut classes = vec![Vec::new(); CLASSES + 1];
    for (bound, row) in rows {
        // Infinite bounds come first. The cast cuts to a whole number; which class a row falls into
        // decides when it is looked at, not whether.
        let class = if bound.is_finite() && high > low {
            (1.0 + (high - bound) / (high - low) * (CLASSES - 1) as f32) as usize
        } else {
            usize::from(bound.is_finite())
        };
        classes[class.min(CLASSES)].push((bound, row));
    }
    classes
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Keeps the best scores of what is proposed.
    struct TestJudge {
        scores: Vec<f64>,
        wanted: usize,
        proposed: Vec<usize>,
    }

    impl TestJudge {
        fn best(&self, rows: impl Iterator<Item = usize>) -> Vec<(f64, usize)> {
            let mut best: Vec<(f64, usize)> = rows.map(|row| (self.scores[row], row)).collect();
            best.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
            best.retain(|(score, _)| *score > 0.0);
            best.truncate(self.wanted);
            best
        }
    }

    impl Judge for TestJudge {
        fn judge(&mut self, row: usize) -> Result<()> {
            assert!(!self.proposed.contains(&row), "row {row} is proposed twice");
            self.proposed.push(row);
            Ok(())
        }

        fn threshold(&self) -> f64 {
            let best = self.best(self.proposed.iter().copied());
            best.get(self.wanted.wrapping_sub(1)).map_or(f64::NEG_INFINITY, |last| last.0)
        }
    }

    proptest! {
        #[test]
        fn the_best_are_among_the_proposed(
            rows in prop::collection::vec((0_u8..12, 0_u8..4), 0..400),
            split in 0_usize..400,
            wanted in 1_usize..20,
            loose in 0.0_f64..2.0,
        ) {
            // Bounds may equal the score, so that any rounding down would be seen.
            let scores: Vec<f64> = rows.iter().map(|(score, _)| f64::from(*score) / 7.0).collect();
            let mut all = RowBounds::default();
            for (&score, (_, kind)) in scores.iter().zip(&rows) {
                all.push(match kind {
                    0 | 1 => score,
                    2 => score * (1.0 + loose),
                    _ => f64::INFINITY,
                });
            }
            let rest = all.bounds.split_off(split.min(all.bounds.len()));
            let mut judge = TestJudge { scores, wanted, proposed: Vec::new() };
            propose_best_first(&mut [all, RowBounds { bounds: rest }], wanted, &mut judge).unwrap();
            let best = judge.best(judge.proposed.iter().copied());
            prop_assert_eq!(best, judge.best(0..rows.len()));
        }

        #[test]
        fn bounds_are_never_rounded_down(bound in 0.0_f64..1e30) {
            prop_assert!(f64::from(rounded_up(bound)) >= bound);
            prop_assert!(f64::from(rounded_up(f64::MAX)) >= f64::MAX);
        }
    }
}
