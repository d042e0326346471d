//! Proposing rows in the order of what their scores can reach.

use super::judge::Judge;
use crate::error::Result;

/// Rows are proposed in this many classes of bounds, best first; within one they stand in their own order,
/// which is the order of the memory behind them.
const CLASSES: usize = 64;

/// From one in this many rows on they are proposed in their own order.
const MANY: usize = 8;

/// Upper bounds for the scores of consecutive rows, and for blocks of [`BLOCK_ROWS`](super::BLOCK_ROWS) of
/// them. Bounds are above 0 where the row can be a hit at all.
pub(crate) trait BlockBounds {
    /// The number of rows.
    fn rows(&self) -> usize;

    /// A bound for all rows of each block.
    fn blocks(&self) -> &[f32];

    /// What each block lets hope for, the more the larger: no bounds. Blocks that promise most are looked at first.
    fn promises(&self) -> &[f32] {
        self.blocks()
    }

    /// Visits the rows of a block, ascending, with the bound of each, which is not above the block's but
    /// for rounding. Rows whose bounds lie below a threshold may be passed over.
    fn for_each_row(&self, block: usize, threshold: f64, visit: &mut dyn FnMut(usize, f32));

    /// Makes the bounds of all blocks closer, if a threshold leaves so many of them that their rows' bounds are made
    /// quicker together than block by block.
    fn refine(&mut self, _threshold: f64) {}

    /// Asks the memory for what [`for_each_row`](Self::for_each_row) will read of a block.
    fn prefetch_block(&self, _block: usize) {}

    /// Asks the memory for what [`closer`](Self::closer) will read of a row.
    fn prefetch(&self, _row: usize) {}

    /// A closer bound of a row than `bound`, for rows that this one does not rule out, or any that is below a
    /// threshold.
    ///
    /// # Errors
    /// `Damaged`.
    fn closer(&self, _row: usize, bound: f32, _threshold: f64) -> Result<f32> {
        Ok(bound)
    }
}

/// Not below the value: the next f32 above the nearest one; 0 and infinity stay.
pub(crate) fn rounded_up(bound: f64) -> f32 {
    if bound > 0.0 { (bound as f32).next_up() } else { 0.0 }
}

/// In how many times as many blocks as hits are wanted rows are looked for that make the threshold rise early.
const FIRST_LOOK: usize = 1;

/// Where more blocks than this times the hits that are wanted are left, it pays to look further.
const MANY_LEFT: usize = 20;

/// In how many times as many blocks as hits are wanted.
const SECOND_LOOK: usize = 8;

/// How many times as many rows as are proposed are looked at more closely.
const ROWS_OF_LOOK: usize = 8;

/// So many rows before it is read a row is asked for: what is read of one takes about as long as the memory does.
pub(super) const AHEAD: usize = 8;

/// A row of a part with its bound.
#[derive(Debug, Clone, Copy)]
pub(super) struct Candidate {
    pub(super) bound: f32,
    pub(super) part: usize,
    pub(super) row: usize,
}

/// Proposes rows until none is left whose bound reaches the judge's threshold. `parts` bound consecutive
/// rows; `wanted` is the number of hits that the judge keeps.
///
/// # Errors
/// As the judge.
pub(crate) fn propose_best_first(
    parts: &mut [impl BlockBounds],
    wanted: usize,
    judge: &mut dyn Judge,
) -> Result<()> {
    let proposal = Proposal::first(parts, wanted, judge)?;
    for part in &mut *parts {
        part.refine(judge.threshold());
    }
    proposal.propose_rest(parts, wanted, judge)
}

/// Proposes the rows of one part whose bounds reach a threshold that the judge has from the start, in their own order.
///
/// # Errors
/// As the judge.
pub(crate) fn propose_reaching(part: &mut impl BlockBounds, judge: &mut dyn Judge) -> Result<()> {
    part.refine(judge.threshold());
    let parts = std::slice::from_ref(part);
    judge_open(parts, &open_rows(parts, judge.threshold()), &[], judge)
}

/// What was proposed of the rows of a query so far: many queries can take a first look, and refine the bounds of one part
/// before the next.
#[derive(Debug)]
pub(crate) struct Proposal {
    /// The rows that were proposed, ascending.
    looked_at: Vec<usize>,
}

impl Proposal {
    /// Proposes rows, so that the threshold rises.
    ///
    /// # Errors
    /// As the judge.
    pub(crate) fn first(parts: &[impl BlockBounds], wanted: usize, judge: &mut dyn Judge) -> Result<Self> {
        let mut looked_at = Vec::new();
        propose_look(parts, FIRST_LOOK, wanted, judge, &mut looked_at)?;
        Ok(Self { looked_at })
    }

    /// Proposes all others.
    ///
    /// # Errors
    /// As the judge.
    pub(crate) fn propose_rest(
        self,
        parts: &mut [impl BlockBounds],
        wanted: usize,
        judge: &mut dyn Judge,
    ) -> Result<()> {
        let mut looked_at = self.looked_at;
        let many = wanted.saturating_mul(MANY_LEFT);
        if open_blocks(parts, judge.threshold()).len() > many {
            propose_look(parts, SECOND_LOOK, wanted, judge, &mut looked_at)?;
        }
        propose_open(parts, &looked_at, judge)
    }
}

/// Proposes what is left open and was not looked at.
fn propose_open(parts: &[impl BlockBounds], looked_at: &[usize], judge: &mut dyn Judge) -> Result<()> {
    let candidates = open_rows(parts, judge.threshold());
    let rows = parts.iter().map(BlockBounds::rows).sum::<usize>();
    // Where many are left, most will be judged: in the order of the memory behind them that takes no longer than judging
    // all.
    let ordered = if candidates.len() > rows / MANY { candidates } else { classes(candidates).concat() };
    judge_open(parts, &ordered, looked_at, judge)
}

/// The rows whose bounds reach a threshold.
fn open_rows(parts: &[impl BlockBounds], threshold: f64) -> Vec<Candidate> {
    let mut candidates = Vec::new();
    for_each_row_of(parts, &open_blocks(parts, threshold), threshold, &mut |candidate| {
        candidates.push(candidate);
    });
    candidates
}

/// Proposes rows in this order, but for those that were looked at and those that a closer bound rules out.
fn judge_open(
    parts: &[impl BlockBounds],
    ordered: &[Candidate],
    looked_at: &[usize],
    judge: &mut dyn Judge,
) -> Result<()> {
    let firsts = first_rows(parts);
    for (place, &candidate) in ordered.iter().enumerate() {
        if let Some(next) = ordered.get(place + AHEAD) {
            parts[next.part].prefetch(next.row);
        }
        let Candidate { bound, part, row } = candidate;
        let number = firsts[part] + row;
        if is_open(bound, judge.threshold())
            && looked_at.binary_search(&number).is_err()
            && is_open(parts[part].closer(row, bound, judge.threshold())?, judge.threshold())
        {
            judge.judge(number)?;
        }
    }
    Ok(())
}

/// A row can still be a hit: its bound is above 0 and not strictly below the threshold.
pub(super) fn is_open(bound: f32, threshold: f64) -> bool {
    bound > 0.0 && f64::from(bound) >= threshold
}

/// Proposes the best rows of the blocks that promise most, of those that were not looked at before half as many again as hits
/// are wanted, so that the threshold rises early. `looked_at` are the rows that were proposed, ascending.
fn propose_look(
    parts: &[impl BlockBounds],
    look: usize,
    wanted: usize,
    judge: &mut dyn Judge,
    looked_at: &mut Vec<usize>,
) -> Result<()> {
    let (firsts, threshold) = (first_rows(parts), judge.threshold());
    let promise = |(part, block): (usize, usize)| (parts[part].promises()[block], (part, block));
    let mut promising: Vec<_> = open_blocks(parts, threshold).into_iter().map(promise).collect();
    keep_best(&mut promising, wanted.saturating_mul(look), |block| block.0);
    let mut blocks: Vec<(usize, usize)> = promising.into_iter().map(|block| block.1).collect();
    blocks.sort_unstable();
    let mut candidates: Vec<Candidate> = Vec::new();
    for_each_row_of(parts, &blocks, threshold, &mut |candidate| {
        if looked_at.binary_search(&(firsts[candidate.part] + candidate.row)).is_err() {
            candidates.push(candidate);
        }
    });
    let proposed = wanted.saturating_add(wanted / 2);
    keep_best(&mut candidates, proposed.saturating_mul(ROWS_OF_LOOK), |candidate| candidate.bound);
    for place in 0..candidates.len() {
        if let Some(next) = candidates.get(place + AHEAD) {
            parts[next.part].prefetch(next.row);
        }
        let candidate = &mut candidates[place];
        let Candidate { bound, part, row } = *candidate;
        candidate.bound = parts[part].closer(row, bound, threshold)?;
    }
    keep_best(&mut candidates, proposed, |candidate| candidate.bound);
    for candidate in candidates {
        let row = firsts[candidate.part] + candidate.row;
        judge.judge(row)?;
        looked_at.push(row);
    }
    looked_at.sort_unstable();
    Ok(())
}

/// The blocks (part, block) whose bounds reach a threshold.
fn open_blocks(parts: &[impl BlockBounds], threshold: f64) -> Vec<(usize, usize)> {
    let mut open = Vec::new();
    for (part, bounds) in parts.iter().enumerate() {
        let blocks = bounds.blocks().iter().enumerate();
        let blocks = blocks.filter(|(_, bound)| is_open(**bound, threshold));
        open.extend(blocks.map(|(block, _)| (part, block)));
    }
    open
}

/// The rows of some blocks (part, block) whose bounds reach a threshold.
fn for_each_row_of(
    parts: &[impl BlockBounds],
    blocks: &[(usize, usize)],
    threshold: f64,
    visit: &mut dyn FnMut(Candidate),
) {
    for (place, &(part, block)) in blocks.iter().enumerate() {
        if let Some(&(part, block)) = blocks.get(place + 1) {
            parts[part].prefetch_block(block);
        }
        parts[part].for_each_row(block, threshold, &mut |row, bound| {
            if is_open(bound, threshold) {
                visit(Candidate { bound, part, row });
            }
        });
    }
}

/// The number of each part's first row over all parts.
pub(super) fn first_rows(parts: &[impl BlockBounds]) -> Vec<usize> {
    let firsts = parts.iter().scan(0, |first, part| {
        let this = *first;
        *first += part.rows();
        Some(this)
    });
    firsts.collect()
}

/// Keeps the items with the largest bounds.
pub(super) fn keep_best<T>(items: &mut Vec<T>, count: usize, bound: impl Fn(&T) -> f32) {
    if (1..items.len()).contains(&count) {
        items.select_nth_unstable_by(count - 1, |a, b| bound(b).total_cmp(&bound(a)));
    }
    items.truncate(count);
}

/// The rows in classes of falling bounds.
fn classes(rows: Vec<Candidate>) -> Vec<Vec<Candidate>> {
    let finite = || rows.iter().map(|row| row.bound).filter(|bound| bound.is_finite());
    let (low, high) = (finite().fold(f32::INFINITY, f32::min), finite().fold(0.0, f32::max));
    let mut classes = vec![Vec::new(); CLASSES + 1];
    for row in rows {
        let bound = row.bound;
        // Infinite bounds come first. The cast cuts to a whole number; which class a row falls into
        // decides when it is looked at, not whether.
        let class = if bound.is_finite() && high > low {
            (1.0 + (high - bound) / (high - low) * (CLASSES - 1) as f32) as usize
        } else {
            usize::from(bound.is_finite())
        };
        classes[class.min(CLASSES)].push(row);
    }
    classes
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::BLOCK_ROWS;
    use super::super::test_judge::TestJudge;
    use super::*;

    /// Bounds that are all known, and promises that may be wrong.
    struct Known(Vec<f32>, Vec<f32>);

    impl Known {
        fn promising(bounds: Vec<f32>, promise: impl Fn(usize) -> f32) -> Self {
            let promises = (0..bounds.len().div_ceil(BLOCK_ROWS)).map(promise).collect();
            Self(bounds, promises)
        }
    }

    impl BlockBounds for Known {
        fn rows(&self) -> usize {
            self.0.len()
        }

        fn blocks(&self) -> &[f32] {
            // Leaked: a test's own bounds are few.
            let largest = |rows: &[f32]| rows.iter().copied().fold(0.0, f32::max);
            Box::leak(self.0.chunks(BLOCK_ROWS).map(largest).collect())
        }

        fn promises(&self) -> &[f32] {
            &self.1
        }

        fn for_each_row(&self, block: usize, _threshold: f64, visit: &mut dyn FnMut(usize, f32)) {
            let rows = self.0.iter().enumerate().skip(block * BLOCK_ROWS).take(BLOCK_ROWS);
            rows.for_each(|(row, &bound)| visit(row, bound));
        }
    }

    #[test]
    fn blocks_that_promise_most_are_looked_at_first() {
        // One row of each block may be anything, so that the blocks' bounds tell nothing.
        let (blocks, wanted) = (300, 8);
        let best = |row: usize| row / BLOCK_ROWS == 217 && row % 4 == 1;
        let score = |row: usize| if best(row) { 0.9 } else { 0.1 };
        let bound = |row: usize| if row.is_multiple_of(BLOCK_ROWS) { 1.0 } else { score(row) as f32 + 0.01 };
        let rows = 0..blocks * BLOCK_ROWS;
        let part =
            Known::promising(rows.clone().map(bound).collect(), |block| f32::from(u8::from(block == 217)));
        let mut judge = TestJudge { scores: rows.map(score).collect(), wanted, proposed: Vec::new() };
        let proposal = Proposal::first(&[part], wanted, &mut judge).unwrap();
        assert_eq!(judge.proposed.len(), wanted + wanted / 2);
        assert!(proposal.looked_at.iter().filter(|&&row| best(row)).count() >= wanted / 2);
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
            let bound = |(&score, &(_, kind)): (&f64, &(u8, u8))| {
                rounded_up(match kind {
                    0 | 1 => score,
                    2 => score * (1.0 + loose),
                    _ => f64::INFINITY,
                })
            };
            let mut all: Vec<f32> = scores.iter().zip(&rows).map(bound).collect();
            let rest = all.split_off(split.min(all.len()));
            let mut judge = TestJudge { scores, wanted, proposed: Vec::new() };
            let promise = |block: usize| (block % 3) as f32;
            let mut parts = [all, rest].map(|bounds| Known::promising(bounds, promise));
            propose_best_first(&mut parts, wanted, &mut judge).unwrap();
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
