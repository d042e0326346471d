//! Searching for many queries in one go.

use std::borrow::Borrow;

use super::executor::Executor;
use super::hit::{HitList, NearPair};
use super::query::Query;
use super::search_options::SearchOptions;
use super::searcher::{Bounded, Search, Searcher};
use crate::error::Result;
use crate::library::EntryId;
use crate::progress::{Watch, Watched};

/// The most queries for which one thread reads the index once.
const BATCH: usize = 16;

/// The same at unit mass: of more the sums do not stay in a processor's second cache, which costs more than columns that are
/// read again.
const UNIT_MASS_BATCH: usize = 2;

impl Searcher {
    /// As [`Searcher::search`] for each query, in their order, and faster than one after the other: the
    /// threads share the queries, and the queries of one thread what it reads of the index.
    pub fn search_many(&self, queries: &[Query], options: &SearchOptions) -> Vec<Result<HitList>> {
        let alone = self.executor.alone();
        let work = |_, queries: &[Query]| self.answer_together(queries, options, &alone);
        let size = self.queries_together(queries.len(), &self.executor);
        self.executor.map_chunks(queries, size, work).into_iter().flatten().collect()
    }

    /// As [`Searcher::search_many`] on the threads of any executor, and tells `watch` on the calling thread how many queries
    /// are answered, so that it can stop the search.
    ///
    /// # Errors
    /// `Cancelled` if `watch` breaks off.
    pub fn search_many_watched<Q: Borrow<Query> + Sync>(
        &self,
        queries: &[Q],
        options: &SearchOptions,
        executor: &Executor,
        watch: &mut Watch<'_>,
    ) -> Result<Vec<Result<HitList>>> {
        let alone = executor.alone();
        let work = |_, queries: &[Q]| self.answer_together(queries, options, &alone);
        let size = self.queries_together(queries.len(), executor);
        let mut watched = Watched::by(watch);
        watched.expect(queries.len() as u64)?;
        Ok(executor.map_chunks_told(queries, size, work, &mut watched)?.into_iter().flatten().collect())
    }

    /// For how many queries one thread reads the index once.
    pub(crate) fn queries_together(&self, queries: usize, executor: &Executor) -> usize {
        let most = match &self.method.measure {
            measure if measure.flat_score().is_some() => UNIT_MASS_BATCH,
            measure if measure.curve_score().is_some() => BATCH,
            // Of postings no two queries read the same.
            _ => 1,
        };
        queries.div_ceil(executor.threads()).clamp(1, most)
    }

    /// Searches queries on the calling thread, which reads the index once for all of them.
    pub(crate) fn answer_together<Q: Borrow<Query>>(
        &self,
        queries: &[Q],
        options: &SearchOptions,
        alone: &Executor,
    ) -> Vec<Result<HitList>> {
        let searches: Vec<_> =
            queries.iter().map(|query| self.prepare(query.borrow(), options, None, alone)).collect();
        let flat: Vec<_> = searches.iter().flatten().filter_map(Search::of_rows).collect();
        let mut bounds = match self.parts.bounds(&flat, alone) {
            Ok(bounds) => bounds.into_iter().map(|bounds| Some(Bounded::new(bounds))).collect(),
            // Each query shall say what is wrong.
            Err(_) => flat.iter().map(|_| None).collect::<Vec<_>>(),
        };
        if self.method.measure.flat_score().is_some() {
            let of_rows = searches.iter().flatten().filter(|search| search.of_rows().is_some());
            self.look_together(&of_rows.collect::<Vec<_>>(), &mut bounds, options);
        }
        let mut bounds = bounds.into_iter();
        let mut answer = |search: Search<'_>| match search.of_rows() {
            Some(_) => match bounds.next().flatten() {
                Some(bounds) => self.answer(&search, Some(bounds), options, alone, &mut Watched::by_nobody()),
                None => self.answer_alone(&search, options, alone, &mut Watched::by_nobody()),
            },
            None => self.answer(&search, None, options, alone, &mut Watched::by_nobody()),
        };
        searches.into_iter().map(|search| search.and_then(&mut answer)).collect()
    }

    /// Each pair of entries whose first measure reaches a minimum, with the entry of the lower id as the query: in
    /// ascending order of that entry, then as in its hit list. An entry that cannot be compared, or cannot be a query, has no
    /// pair. The method's own conditions hold for every pair. NIST's relative probability, which speaks of a whole hit
    /// list, is not among the measures.
    ///
    /// # Errors
    /// `InvalidOption` if the minimum is not a number; `Damaged`, with file and section.
    pub fn near_pairs(&self, minimum: f64, visit: &mut dyn FnMut(NearPair)) -> Result<()> {
        let options =
            SearchOptions::default().top(self.library.len()).relative_probability(false).minimum(minimum)?;
        let ids = self.library.ids();
        for batch in ids.chunks(BATCH * self.executor.threads()) {
            let mut queries = Vec::with_capacity(batch.len());
            for id in batch {
                if let Some(entry) = self.library.entry(*id)? {
                    // One that cannot be prepared, or is of another technique, is not comparable.
                    if let Ok(Some(_)) = self.method.prepare_record(entry.record()) {
                        queries.push((*id, Query::from_record(entry.record().clone())));
                    }
                }
            }
            let (ids, queries): (Vec<EntryId>, Vec<Query>) = queries.into_iter().unzip();
            for (id, list) in ids.into_iter().zip(self.search_many(&queries, &options)) {
                for hit in list?.hits.into_iter().filter(|hit| hit.entry_id > id) {
                    visit(NearPair { query: id, hit });
                }
            }
        }
        Ok(())
    }
}
