//! Proposing rows whose closer bounds lie near their scores, in the order of these.

use super::best_first::{AHEAD, BlockBounds, Candidate, first_rows, is_open, keep_best};
use super::judge::Judge;
use crate::error::Result;

/// What is looked at first, so that the threshold rises early: the best rows of the best blocks.
#[derive(Debug, Clone, Copy)]
struct FirstLook {
    blocks: usize,
    rows: usize,
}

impl FirstLook {
    /// For so many hits. For few of them it reaches further than they ask for: each row that the first bounds then rule out
    /// need not be bounded again.
    fn of(wanted: usize) -> Self {
        Self { blocks: wanted.max(64), rows: wanted.saturating_mul(4).max(512) }
    }
}

/// How many rows are judged together: as many curves as are compared side by side.
const TOGETHER: usize = 8;

/// Proposes rows until none is left whose closer bound reaches the judge's threshold: few more than there are whose bounds
/// reach the last hit's score. `parts` bound consecutive rows; `wanted` is the number of hits that the judge keeps.
///
/// # Errors
/// As the judge.
pub(crate) fn propose_closest_first(
    parts: &[impl BlockBounds],
    wanted: usize,
    judge: &mut dyn Judge,
) -> Result<()> {
    propose_after(FirstLook::of(wanted), parts, judge)
}

fn propose_after(look: FirstLook, parts: &[impl BlockBounds], judge: &mut dyn Judge) -> Result<()> {
    let firsts = first_rows(parts);
    let mut blocks = Vec::new();
    for (number, part) in parts.iter().enumerate() {
        blocks.extend(part.blocks().iter().enumerate().map(|(block, &bound)| (bound, number, block)));
    }
    keep_best(&mut blocks, look.blocks, |block| block.0);
    let (mut first_look, threshold) = (Vec::new(), judge.threshold());
    for (_, part, block) in blocks {
        open_rows(parts, part, block, threshold, &mut first_look);
    }
    keep_best(&mut first_look, look.rows, |candidate| candidate.bound);
    let mut looked_at: Vec<usize> =
        first_look.iter().map(|candidate| firsts[candidate.part] + candidate.row).collect();
    looked_at.sort_unstable();
    propose_closest(parts, &firsts, first_look, judge)?;

    let (mut rest, threshold) = (Vec::new(), judge.threshold());
    for (number, part) in parts.iter().enumerate() {
        for block in 0..part.blocks().len() {
            open_rows(parts, number, block, threshold, &mut rest);
        }
    }
    // Both ascend.
    let mut looked_at = looked_at.into_iter().peekable();
    rest.retain(|candidate| {
        let row = firsts[candidate.part] + candidate.row;
        while looked_at.next_if(|&looked_at| looked_at < row).is_some() {}
        looked_at.peek() != Some(&row)
    });
    propose_closest(parts, &firsts, rest, judge)
}

/// The rows of a block whose bounds reach a threshold.
fn open_rows(
    parts: &[impl BlockBounds],
    part: usize,
    block: usize,
    threshold: f64,
    rows: &mut Vec<Candidate>,
) {
    if is_open(parts[part].blocks()[block], threshold) {
        parts[part].for_each_row(block, threshold, &mut |row, bound| {
            if is_open(bound, threshold) {
                rows.push(Candidate { bound, part, row });
            }
        });
    }
}

/// Proposes rows in the order of their closer bounds, while these reach the threshold.
fn propose_closest(
    parts: &[impl BlockBounds],
    firsts: &[usize],
    mut rows: Vec<Candidate>,
    judge: &mut dyn Judge,
) -> Result<()> {
    let threshold = judge.threshold();
    for place in 0..rows.len() {
        if let Some(next) = rows.get(place + AHEAD) {
            parts[next.part].prefetch(next.row);
        }
        let candidate = &mut rows[place];
        candidate.bound = parts[candidate.part].closer(candidate.row, candidate.bound, threshold)?;
    }
    rows.retain(|candidate| is_open(candidate.bound, threshold));
    rows.sort_unstable_by(|a, b| b.bound.total_cmp(&a.bound));
    for together in rows.chunks(TOGETHER) {
        let threshold = judge.threshold();
        let open = together.iter().take_while(|candidate| is_open(candidate.bound, threshold));
        let open: Vec<usize> = open.map(|candidate| firsts[candidate.part] + candidate.row).collect();
        if open.is_empty() {
            break;
        }
        judge.judge_all(&open)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::BLOCK_ROWS;
    use super::super::best_first::rounded_up;
    use super::super::test_judge::TestJudge;
    use super::*;

    /// Bounds of rows, first and closer ones.
    struct Known {
        rows: Vec<(f32, f32)>,
        blocks: Vec<f32>,
    }

    impl Known {
        fn of(rows: &[(f32, f32)]) -> Self {
            let largest = |rows: &[(f32, f32)]| rows.iter().map(|row| row.0).fold(0.0, f32::max);
            Self { rows: rows.to_vec(), blocks: rows.chunks(BLOCK_ROWS).map(largest).collect() }
        }
    }

    impl BlockBounds for Known {
        fn rows(&self) -> usize {
            self.rows.len()
        }

        fn blocks(&self) -> &[f32] {
            &self.blocks
        }

        fn for_each_row(&self, block: usize, _threshold: f64, visit: &mut dyn FnMut(usize, f32)) {
            let rows = self.rows.iter().enumerate().skip(block * BLOCK_ROWS).take(BLOCK_ROWS);
            rows.for_each(|(row, bounds)| visit(row, bounds.0));
        }

        fn closer(&self, row: usize, _bound: f32, _threshold: f64) -> Result<f32> {
            Ok(self.rows[row].1)
        }
    }

    proptest! {
        #[test]
        fn the_best_are_among_the_proposed_and_few_others(
            rows in prop::collection::vec((0_u8..12, 0_u8..4, 0_u8..4), 0..400),
            split in 0_usize..400,
            wanted in 0_usize..20,
            blocks in 0_usize..8,
            looked_at in 0_usize..300,
        ) {
            // Bounds may equal the score, so that any rounding down would be seen.
            let scores: Vec<f64> = rows.iter().map(|row| f64::from(row.0) / 7.0).collect();
            let loose = |score: f64, looseness: u8| match looseness {
                3 => f32::INFINITY,
                times => rounded_up(score * (1.0 + 0.3 * f64::from(times))),
            };
            let bounds: Vec<(f32, f32)> = rows
                .iter()
                .zip(&scores)
                .map(|(row, &score)| (loose(score, row.1.max(row.2)), loose(score, row.1.min(row.2))))
                .collect();
            let (first, second) = bounds.split_at(split.min(bounds.len()));
            let mut judge = TestJudge { scores, wanted, proposed: Vec::new() };
            let look = FirstLook { blocks, rows: looked_at };
            propose_after(look, &[Known::of(first), Known::of(second)], &mut judge).unwrap();
            let best = judge.best(judge.proposed.iter().copied());
            prop_assert_eq!(&best, &judge.best(0..rows.len()));
        }
    }

    #[test]
    fn where_the_closer_bounds_are_the_scores_hardly_more_is_judged_than_wanted() {
        let scores: Vec<f64> = (0..5_000).map(|row| f64::from(row * 37 % 4_999) / 5_000.0).collect();
        // The first bounds say nothing of the order.
        let bounds: Vec<(f32, f32)> = scores.iter().map(|&score| (1.0, rounded_up(score))).collect();
        let mut judge = TestJudge { scores, wanted: 10, proposed: Vec::new() };
        propose_closest_first(&[Known::of(&bounds)], 10, &mut judge).unwrap();
        // Two looks, each until ten are at least as good.
        assert!(judge.proposed.len() <= 2 * 2 * TOGETHER, "{}", judge.proposed.len());
    }
}
