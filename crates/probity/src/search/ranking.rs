//! From a row to a candidate, by the reference scorer, and from a candidate to a hit.

use super::executor::Executor;
use super::hit::Hit;
use super::measure_value::MeasureValue;
use super::searcher::{Scoring, Searcher};
use super::top::{RankKey, Ranked, Top};
use crate::error::Result;
use crate::progress::Watched;

/// Entries scored in one go by one thread. The hits do not depend on it.
const CHUNK: usize = 1_024;

impl Searcher {
    /// Scores rows one after the other.
    pub(super) fn scan(
        &self,
        rows: &[usize],
        wanted: usize,
        scoring: &Scoring,
        executor: &Executor,
        watched: &mut Watched<'_>,
    ) -> Result<Top> {
        let work = |_, rows: &[usize]| -> Result<Top> {
            let mut top = Top::new(wanted);
            for &row in rows {
                if let Some(ranked) = self.ranked(row, scoring)? {
                    top.push(ranked);
                }
            }
            Ok(top)
        };
        let mut top = Top::new(wanted);
        for part in executor.map_chunks_told(rows, CHUNK, work, watched)? {
            top.merge(part?);
        }
        Ok(top)
    }

    /// A row as a candidate; `None` if it has nothing in common with the query, or is withdrawn.
    pub(super) fn ranked(&self, row: usize, scoring: &Scoring) -> Result<Option<Ranked>> {
        let Some(reference) = self.parts.compared(row)? else { return Ok(None) };
        let key = self.method().measure.rank_key(&scoring.query.compared, &reference)?;
        self.candidate(row, key, scoring)
    }

    /// The same of several rows, which some measures compare side by side.
    pub(super) fn all_ranked(&self, rows: &[usize], scoring: &Scoring) -> Result<Vec<Ranked>> {
        let (mut places, mut references) = (Vec::with_capacity(rows.len()), Vec::with_capacity(rows.len()));
        for &row in rows {
            if let Some(reference) = self.parts.compared(row)? {
                places.push(row);
                references.push(reference);
            }
        }
        let instructions = self.executor().instructions();
        let keys = self.method().measure.rank_keys(&scoring.query.compared, &references, instructions)?;
        let candidates = places.into_iter().zip(keys);
        let candidates = candidates.map(|(row, key)| self.candidate(row, key, scoring));
        candidates.filter_map(Result::transpose).collect()
    }

    /// A row of a key.
    fn candidate(&self, row: usize, key: Option<RankKey>, scoring: &Scoring) -> Result<Option<Ranked>> {
        let Some(key) = key.filter(|key| key.first >= scoring.minimum) else { return Ok(None) };
        let Some(position) = self.parts.position(row)? else { return Ok(None) };
        let first_measure = key.first;
        let penalty = self.penalty(row, scoring)?.unwrap_or(0.0);
        // What only shares the probability stands behind all hits, whatever a penalty takes from them: it
        // must neither push one out nor leave a gap among the ranks.
        let first = if first_measure > 0.0 { first_measure - penalty } else { f64::NEG_INFINITY };
        Ok(Some(Ranked { key: RankKey { first, ..key }, first_measure, position, row }))
    }

    pub(super) fn hit(
        &self,
        ranked: Ranked,
        rank: usize,
        scoring: &Scoring,
        all_measures: bool,
    ) -> Result<Hit> {
        let measure = &self.method().measure;
        let nist = match measure.shows_nist() && all_measures {
            true => measure.nist_shown(self.library().at(ranked.position)?.record())?,
            false => None,
        };
        let reference = if all_measures { self.parts.compared(ranked.row)? } else { None };
        let measures = match reference {
            Some(reference) => measure.values(&scoring.query, &reference, nist.as_ref())?,
            None => vec![MeasureValue { name: measure.first_name(), value: ranked.first_measure }],
        };
        let difference = match scoring.retention_index {
            Some(query_index) => {
                self.retention_index(ranked.row)?.map(|entry_index| query_index - entry_index)
            }
            None => None,
        };
        Ok(Hit {
            rank,
            entry_id: self.library().ids()[ranked.position],
            measures,
            retention_index_penalty: self.penalty(ranked.row, scoring)?,
            retention_index_difference: difference,
        })
    }

    fn retention_index(&self, row: usize) -> Result<Option<f64>> {
        Ok(self.parts.facts(row)?.and_then(|facts| facts.retention_index))
    }

    /// What the method takes for the retention index; `None` without a rule or without both indices.
    fn penalty(&self, row: usize, scoring: &Scoring) -> Result<Option<f64>> {
        let Some((rule, query_index)) = self.method().retention_index_penalty.zip(scoring.retention_index)
        else {
            return Ok(None);
        };
        let entry_index = self.retention_index(row)?;
        Ok(entry_index.map(|entry_index| rule.penalty(Some(query_index), Some(entry_index))))
    }
}
