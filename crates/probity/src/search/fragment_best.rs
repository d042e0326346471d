//! The best entries by an index of accurate mass.

use super::admission::{Admission, Admitted};
use super::executor::Executor;
use super::library_index::ComparedRows as _;
use super::searcher::{Scoring, Searcher};
use super::top::Top;
use super::top_judge::{Reached, TopJudge};
use crate::error::Result;
use crate::index::{FRAGMENT_BLOCK_ROWS, FragmentQuery, FragmentSearch, Judge as _, propose_rows};

/// Rows bounded in one go by one thread.
const CHUNK: usize = 1_024;

/// What is made of the peaks of a row of which nothing is known.
const UNKNOWN: &[u8] = &[0];

/// Some rows that are searched in one go: a block of a part's index, or a part without one.
#[derive(Debug, Clone, Copy)]
struct Stretch {
    part: usize,
    /// `None` for a part without an index.
    block: Option<usize>,
}

impl Searcher {
    /// The best of the admitted entries.
    ///
    /// # Errors
    /// `Damaged`, and as the reference scorer.
    pub(super) fn best_of_fragments(
        &self,
        query: &FragmentQuery,
        scoring: &Scoring,
        admission: &Admission<'_>,
        (wanted, reached): (usize, &Reached),
        executor: &Executor,
    ) -> Result<Top> {
        let judge = || self.judge(scoring, admission, reached, wanted);
        let (mut top, others) = match &admission.admitted {
            Admitted::Rows(rows) => {
                let tops = executor.map_chunks(rows, CHUNK, |_, rows| -> Result<Top> {
                    let mut judge = judge();
                    let peaks = |row: usize| Ok(self.parts.peaks(row)?.unwrap_or(UNKNOWN));
                    propose_rows(query, rows.iter().copied(), peaks, &mut judge)?;
                    Ok(judge.top)
                });
                (Top::new(wanted), tops)
            }
            Admitted::Flags(_) => {
                let (first, others) = self.stretches(scoring)?;
                let mut search = FragmentSearch::new(query, wanted, executor.instructions());
                let mut of_first = judge();
                for stretch in first {
                    self.propose_stretch(stretch, &mut search, &mut of_first)?;
                }
                let size = others.len().div_ceil(executor.threads());
                let tops = executor.map_chunks(&others, size, |_, stretches| -> Result<Top> {
                    let mut search = FragmentSearch::new(query, wanted, executor.instructions());
                    let mut judge = judge();
                    for &stretch in stretches {
                        self.propose_stretch(stretch, &mut search, &mut judge)?;
                    }
                    Ok(judge.top)
                });
                (of_first.top, tops)
            }
        };
        for other in others {
            top.merge(other?);
        }
        Ok(top)
    }

    /// Those of each part in which the query's precursor stands, so that the others know early what has to be reached; and the
    /// others.
    fn stretches(&self, scoring: &Scoring) -> Result<(Vec<Stretch>, Vec<Stretch>)> {
        let (mut first, mut others) = (Vec::new(), Vec::new());
        for (number, (_, part)) in self.parts.iter().enumerate() {
            let Some(blocks) = part.fragment_blocks() else {
                others.push(Stretch { part: number, block: None });
                continue;
            };
            let row = match scoring.precursor_mz {
                Some(query_mz) => part.rows.first_precursor(|mz| mz < query_mz)?,
                None => 0,
            };
            for block in 0..blocks.len() {
                let is_first = block == row / FRAGMENT_BLOCK_ROWS;
                let stretches = if is_first { &mut first } else { &mut others };
                stretches.push(Stretch { part: number, block: Some(block) });
            }
        }
        Ok((first, others))
    }

    fn propose_stretch(
        &self,
        stretch: Stretch,
        search: &mut FragmentSearch<'_>,
        judge: &mut TopJudge<'_>,
    ) -> Result<()> {
        let Some((first, part)) = self.parts.iter().nth(stretch.part) else { return Ok(()) };
        match part.fragment_blocks().zip(stretch.block) {
            Some((blocks, number)) => {
                judge.first_row = first + number * FRAGMENT_BLOCK_ROWS;
                let (block, columns) = blocks.at(number)?;
                search.propose(block, &columns, judge)
            }
            None => {
                judge.first_row = first;
                (0..part.rows.len()).try_for_each(|row| judge.judge(row))
            }
        }
    }
}
