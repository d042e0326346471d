//! Searching one library with one method.

use std::sync::Arc;

use super::alignment::Alignment;
use super::executor::Executor;
use super::filter::{Filter, retention_index};
use super::hit::{Hit, HitList, SearchCounts};
use super::method::Method;
use super::prepared::Prepared;
use super::query::Query;
use super::relative_probability::add_relative_probability;
use super::top::{RankKey, Ranked, Top};
use crate::error::Result;
use crate::format::Record;
use crate::library::{Entry, EntryId, Library, recipe_digest};
use crate::similarity::explanation::Explanation;

/// Entries scored in one go by one thread. The hits do not depend on it.
const CHUNK: usize = 1_024;

/// How many hits NIST's relative probability is normalized over: the length of its hit list.
const PROBABILITY_HITS: usize = 100;

/// What one search asks for.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct SearchOptions {
    /// The most hits to return.
    pub top: usize,
    /// Conditions on top of the method's own.
    pub filter: Filter,
}

impl Default for SearchOptions {
    fn default() -> Self {
        Self { top: 10, filter: Filter::default() }
    }
}

impl SearchOptions {
    /// The same options with the given number of hits.
    #[must_use]
    pub fn top(mut self, top: usize) -> Self {
        self.top = top;
        self
    }

    /// The same options with the given conditions.
    ///
    /// # Errors
    /// As [`Filter::checked`].
    pub fn filter(mut self, filter: Filter) -> Result<Self> {
        self.filter = filter.checked()?;
        Ok(self)
    }
}

/// A library prepared for one method. Immutable: any number of threads may search it at once.
#[derive(Debug)]
pub struct Searcher {
    library: Arc<Library>,
    method: Method,
    /// One per entry, in their order; `None` where the method cannot prepare the spectrum.
    prepared: Vec<Option<Prepared>>,
    entries_stored_prepared: usize,
    executor: Arc<Executor>,
}

impl Searcher {
    /// Prepares every entry of the library by the method's recipe. An entry that cannot be prepared (its
    /// intensities add up to more than a number holds, or a step needs a precursor that it does not
    /// state) does not make the library unusable: it is counted as not comparable in every answer.
    ///
    /// Where the library stores peaks that were prepared by the same recipe, these are taken; the numbers
    /// are the same.
    ///
    /// # Errors
    /// `Damaged`, with file and section, if an entry of a library on disk is not what was stored.
    pub fn new(library: Arc<Library>, method: Method, executor: Arc<Executor>) -> Result<Self> {
        let recipe = recipe_digest(&method.prepare);
        let positions: Vec<usize> = (0..library.len()).collect();
        let prepare = |&position: &usize| -> Result<(Option<Prepared>, bool)> {
            let record = library.at(position)?.record();
            let stored = library.prepared(position, &recipe)?;
            let was_stored = stored.is_some();
            let prepared = match stored {
                Some(peaks) => method.prepare_peaks(peaks, record),
                None => method.prepare_record(record),
            };
            Ok((prepared.unwrap_or_default(), was_stored))
        };
        let (mut prepared, mut entries_stored_prepared) = (Vec::with_capacity(library.len()), 0);
        for entry in executor.map(&positions, prepare) {
            let (entry, was_stored) = entry?;
            prepared.push(entry);
            entries_stored_prepared += usize::from(was_stored);
        }
        Ok(Self { library, method, prepared, entries_stored_prepared, executor })
    }

    /// For how many entries the library stored peaks prepared by this method's recipe; the others were
    /// prepared when the searcher was made.
    #[must_use]
    pub fn entries_stored_prepared(&self) -> usize {
        self.entries_stored_prepared
    }

    /// The library.
    #[must_use]
    pub fn library(&self) -> &Library {
        &self.library
    }

    /// The method.
    #[must_use]
    pub fn method(&self) -> &Method {
        &self.method
    }

    /// How many entries the method cannot prepare.
    #[must_use]
    pub fn entries_not_comparable(&self) -> usize {
        self.prepared.iter().filter(|prepared| prepared.is_none()).count()
    }

    /// The threads that search.
    #[must_use]
    pub fn executor(&self) -> &Executor {
        &self.executor
    }

    /// The best entries for a query: every admitted entry is scored by the reference scorer. The order
    /// is the method's own, ties by entry id. Entries that have nothing in common with the query (first
    /// measure 0) are no hits.
    ///
    /// # Errors
    /// As the steps of the method's recipe and the limits of its measure.
    pub fn search(&self, query: &Query, options: &SearchOptions) -> Result<HitList> {
        self.search_where(query, options, &|_| true)
    }

    /// As [`Searcher::search`], among the entries for which `admit` is true.
    ///
    /// # Errors
    /// As [`Searcher::search`].
    pub fn search_where(
        &self,
        query: &Query,
        options: &SearchOptions,
        admit: &(dyn Fn(&Entry) -> bool + Sync),
    ) -> Result<HitList> {
        let mut counts = SearchCounts { entries: self.library.len(), ..SearchCounts::default() };
        let Some(prepared) = self.method.prepare_record(&query.record)? else {
            counts.not_comparable = counts.entries;
            return Ok(HitList { hits: Vec::new(), counts });
        };
        let kept = options.top.max(PROBABILITY_HITS);
        let parts = self.executor.map_chunks(&self.prepared, CHUNK, |first, entries| {
            self.scan(
                first,
                entries,
                kept,
                |entry| {
                    admit(entry)
                        && self.method.candidates.admits(&query.record, entry)
                        && options.filter.admits(&query.record, entry)
                },
                &query.record,
                &prepared,
            )
        });
        let mut top = Top::new(kept);
        for part in parts {
            let (part, part_counts) = part?;
            top.merge(part);
            counts.compared += part_counts.compared;
            counts.filtered_out += part_counts.filtered_out;
            counts.not_comparable += part_counts.not_comparable;
        }
        let mut hits = Vec::new();
        for (ranked, rank) in top.into_sorted().into_iter().zip(1..) {
            hits.push(self.hit(ranked, rank, &query.record, &prepared)?);
        }
        add_relative_probability(&self.method.measure, &self.library, &mut hits)?;
        // Hits of match factor 0 only share the probability.
        hits.retain(|hit| hit.first_measure() > 0.0);
        hits.truncate(options.top);
        Ok(HitList { hits, counts })
    }

    /// The query and an entry side by side, as the method compares them; `None` if either cannot be
    /// prepared or there is no such entry.
    ///
    /// # Errors
    /// As [`Searcher::search`].
    pub fn with_alignment<R>(
        &self,
        query: &Query,
        entry: EntryId,
        look: impl FnOnce(&Alignment<'_>) -> R,
    ) -> Result<Option<R>> {
        let Some(prepared) = self.method.prepare_record(&query.record)? else { return Ok(None) };
        match self.prepared_entry(entry) {
            Some(reference) => Ok(Some(look(&self.method.measure.align(&prepared, reference)?))),
            None => Ok(None),
        }
    }

    /// How the first measure of an entry comes about; `None` as for [`Searcher::with_alignment`].
    ///
    /// # Errors
    /// As [`Searcher::search`].
    pub fn explain(&self, query: &Query, entry: EntryId) -> Result<Option<Explanation>> {
        let Some(prepared) = self.method.prepare_record(&query.record)? else { return Ok(None) };
        match self.prepared_entry(entry) {
            Some(reference) => self.method.measure.explain(&prepared, reference).map(Some),
            None => Ok(None),
        }
    }

    fn prepared_entry(&self, entry: EntryId) -> Option<&Prepared> {
        self.prepared[self.library.position(entry)?].as_ref()
    }

    fn scan(
        &self,
        first: usize,
        entries: &[Option<Prepared>],
        kept: usize,
        admit: impl Fn(&Entry) -> bool,
        query: &Record,
        prepared: &Prepared,
    ) -> Result<(Top, SearchCounts)> {
        let (mut top, mut counts) = (Top::new(kept), SearchCounts::default());
        for (reference, position) in entries.iter().zip(first..) {
            let Some(reference) = reference else {
                counts.not_comparable += 1;
                continue;
            };
            let entry = self.library.at(position)?;
            if !admit(entry) {
                counts.filtered_out += 1;
                continue;
            }
            counts.compared += 1;
            if let Some(key) = self.method.measure.rank_key(prepared, reference)? {
                let penalty = self.penalty(query, entry).unwrap_or(0.0);
                // What only shares the probability stands behind all hits, whatever a penalty takes
                // from them: it must neither push one out nor leave a gap among the ranks.
                let first = if key.first > 0.0 { key.first - penalty } else { f64::NEG_INFINITY };
                top.push(Ranked { key: RankKey { first, ..key }, position });
            }
        }
        Ok((top, counts))
    }

    fn hit(&self, ranked: Ranked, rank: usize, query: &Record, prepared: &Prepared) -> Result<Hit> {
        let entry = self.library.at(ranked.position)?;
        let measures = match &self.prepared[ranked.position] {
            Some(reference) => self.method.measure.values(prepared, reference)?,
            None => Vec::new(),
        };
        let difference = retention_index(query)
            .zip(retention_index(entry.record()))
            .map(|(query_index, entry_index)| query_index - entry_index);
        Ok(Hit {
            rank,
            entry_id: entry.id(),
            measures,
            retention_index_penalty: self.penalty(query, entry),
            retention_index_difference: difference,
        })
    }

    /// What the method takes for the retention index; `None` without a rule or without both indices.
    fn penalty(&self, query: &Record, entry: &Entry) -> Option<f64> {
        let rule = self.method.retention_index_penalty?;
        let (query_index, entry_index) = (retention_index(query)?, retention_index(entry.record())?);
        Some(rule.penalty(Some(query_index), Some(entry_index)))
    }
}
