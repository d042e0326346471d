//! Searching one library with one method.

use std::borrow::Borrow;
use std::ops::ControlFlow;
use std::sync::Arc;

use super::admission::{Admission, AdmissionColumns, Admit, Admitted, AskedRows, Conditions};
use super::alignment::Alignment;
use super::entry_facts::EntryFacts;
use super::executor::Executor;
use super::hit::{HitList, NearPair, SearchCounts, SearchProgress};
use super::library_index::{RowBounds, RowQuery};
use super::method::Method;
use super::parts::{PartQuery, Parts};
use super::prepared::Prepared;
use super::query::Query;
use super::relative_probability::add_relative_probability;
use super::search_options::SearchOptions;
use super::top::Top;
use super::top_judge::{Reached, TopJudge};
use crate::error::{Error, ErrorKind, Result};
use crate::index::{propose_best_first, propose_closest_first};
use crate::library::{Entry, EntryId, Library};
use crate::similarity::explanation::Explanation;
use crate::spectrum::Spectrum;

/// The most queries for which one thread reads the index once.
const BATCH: usize = 16;

/// Where fewer than one entry in this many is admitted, they are scored without the index.
const FEW: usize = 50;

/// How many hits NIST's relative probability is normalized over: the length of its hit list.
const PROBABILITY_HITS: usize = 100;

/// A library prepared for one method. Immutable: any number of threads may search it at once.
#[derive(Debug)]
pub struct Searcher {
    library: Arc<Library>,
    method: Method,
    pub(super) parts: Parts,
    entries_stored_prepared: usize,
    entries_stored_indexed: usize,
    admission: AdmissionColumns,
    executor: Arc<Executor>,
}

/// What the score of an entry depends on beside the entry.
#[derive(Debug)]
pub(super) struct Scoring {
    pub(super) query: Prepared,
    pub(super) precursor_mz: Option<f64>,
    pub(super) retention_index: Option<f64>,
    /// What the first measure must reach to be looked at.
    pub(super) minimum: f64,
}

/// One search, ready to run.
#[derive(Debug)]
struct Search<'a> {
    /// `None` if the method cannot compare the query.
    scoring: Option<Scoring>,
    admission: Admission<'a>,
    /// `None` if every admitted entry must be scored.
    indexed: Option<PartQuery>,
}

impl Search<'_> {
    /// The query's part in the bounds of indexes that bound all rows.
    fn of_rows(&self) -> Option<&[Option<RowQuery>]> {
        match &self.indexed {
            Some(PartQuery::Rows(queries)) => Some(queries),
            _ => None,
        }
    }
}

impl Searcher {
    /// Prepares every entry of the library by the method's recipe. An entry that cannot be prepared (its
    /// intensities add up to more than a number holds, or a step needs a precursor that it does not
    /// state) does not make the library unusable: it is counted as not comparable in every answer.
    ///
    /// Where the library stores an index for the method's recipe and measure, or peaks that were prepared by the
    /// same recipe, these are taken; the numbers are the same.
    ///
    /// # Errors
    /// `Damaged`, with file and section, if an entry of a library on disk is not what was stored.
    pub fn new(library: Arc<Library>, method: Method, executor: Arc<Executor>) -> Result<Self> {
        let (parts, found) = Parts::of(&library, &method, &executor)?;
        let rows = AskedRows { parts: &parts, library: &library };
        let admission = AdmissionColumns::of(rows, &method.candidates, &executor)?;
        Ok(Self {
            library,
            method,
            parts,
            entries_stored_prepared: found.stored_prepared,
            entries_stored_indexed: found.stored_indexed,
            admission,
            executor,
        })
    }

    /// The same searcher without its index: every admitted entry is scored, one after the other. The
    /// answers are the same; this is what an index is checked against and timed against.
    #[must_use]
    pub fn without_index(mut self) -> Self {
        self.parts.drop_indexes();
        self
    }

    /// Whether the searcher has an index, or scores every admitted entry.
    #[must_use]
    pub fn has_index(&self) -> bool {
        self.parts.has_index()
    }

    /// For how many entries the library stored peaks prepared by this method's recipe; the others were
    /// prepared when the searcher was made.
    #[must_use]
    pub fn entries_stored_prepared(&self) -> usize {
        self.entries_stored_prepared
    }

    /// For how many entries the library stored an index for this method's recipe and measure; the others were
    /// indexed when the searcher was made, if the measure has an index.
    #[must_use]
    pub fn entries_stored_indexed(&self) -> usize {
        self.entries_stored_indexed
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
        self.admission.not_comparable()
    }

    /// The threads that search.
    #[must_use]
    pub fn executor(&self) -> &Executor {
        &self.executor
    }

    /// The best entries for a query, by the reference scorer, in the method's own order, ties by entry id.
    /// Entries that have nothing in common with the query (first measure 0) are no hits. Where the searcher
    /// has an index, it spares the entries that cannot be among the hits; they count as compared.
    ///
    /// # Errors
    /// As the steps of the method's recipe and the limits of its measure; `Unsupported` for a query of another technique than
    /// the method's: a curve for mass spectra, or the reverse.
    pub fn search(&self, query: &Query, options: &SearchOptions) -> Result<HitList> {
        self.search_if(query, options, None, &self.executor)
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
        self.search_if(query, options, Some(admit), &self.executor)
    }

    /// As [`Searcher::search`] for each query, in their order, and faster than one after the other: the
    /// threads share the queries, and the queries of one thread what it reads of the index.
    pub fn search_many(&self, queries: &[Query], options: &SearchOptions) -> Vec<Result<HitList>> {
        let alone = self.executor.alone();
        let work = |_, queries: &[Query]| self.answer_together(queries, options, &alone);
        let size = self.queries_together(queries.len(), &self.executor);
        self.executor.map_chunks(queries, size, work).into_iter().flatten().collect()
    }

    /// As [`Searcher::search_many`] on the threads of any executor, and tells `watch` on the calling thread how far it
    /// is, so that it can stop the search.
    ///
    /// # Errors
    /// `Cancelled` if `watch` breaks off.
    pub fn search_many_watched<Q: Borrow<Query> + Sync>(
        &self,
        queries: &[Q],
        options: &SearchOptions,
        executor: &Executor,
        watch: &mut dyn FnMut(SearchProgress) -> ControlFlow<()>,
    ) -> Result<Vec<Result<HitList>>> {
        let alone = executor.alone();
        let work = |_, queries: &[Q]| self.answer_together(queries, options, &alone);
        let size = self.queries_together(queries.len(), executor);
        let total = queries.len();
        let mut watch = |done| watch(SearchProgress { done, total });
        match executor.map_chunks_watched(queries, size, work, &mut watch) {
            Some(parts) => Ok(parts.into_iter().flatten().collect()),
            None => Err(Error::new(ErrorKind::Cancelled, "the search was stopped by who had asked for it")),
        }
    }

    /// For how many queries one thread reads the index once.
    fn queries_together(&self, queries: usize, executor: &Executor) -> usize {
        // Of postings no two queries read the same.
        let most = if self.method.measure.bounds_all_rows() { BATCH } else { 1 };
        queries.div_ceil(executor.threads()).clamp(1, most)
    }

    /// Searches queries on the calling thread, which reads the index once for all of them.
    fn answer_together<Q: Borrow<Query>>(
        &self,
        queries: &[Q],
        options: &SearchOptions,
        alone: &Executor,
    ) -> Vec<Result<HitList>> {
        let searches: Vec<_> =
            queries.iter().map(|query| self.prepare(query.borrow(), options, None, alone)).collect();
        let flat: Vec<_> = searches.iter().flatten().filter_map(Search::of_rows).collect();
        let mut bounds = match self.parts.bounds(&flat, alone) {
            Ok(bounds) => bounds.into_iter().map(Some).collect(),
            // Each query shall say what is wrong.
            Err(_) => flat.iter().map(|_| None).collect::<Vec<_>>(),
        }
        .into_iter();
        let mut answer = |search: Search<'_>| match search.of_rows() {
            Some(_) => match bounds.next().flatten() {
                Some(bounds) => self.answer(&search, Some(bounds), options, alone),
                None => self.answer_alone(&search, options, alone),
            },
            None => self.answer(&search, None, options, alone),
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

    fn search_if(
        &self,
        query: &Query,
        options: &SearchOptions,
        admit: Option<Admit<'_>>,
        executor: &Executor,
    ) -> Result<HitList> {
        let search = self.prepare(query, options, admit, executor)?;
        self.answer_alone(&search, options, executor)
    }

    fn prepare<'a>(
        &'a self,
        query: &Query,
        options: &SearchOptions,
        admit: Option<Admit<'_>>,
        executor: &Executor,
    ) -> Result<Search<'a>> {
        if query.record.spectrum.as_curve().is_some() != self.method.measure.is_infrared() {
            let (is, compares) = match query.record.spectrum {
                Spectrum::Mass(_) => ("a mass spectrum", "infrared"),
                Spectrum::Curve(_) => ("a curve", "mass"),
            };
            let message = format!("the query is {is}; {} compares {compares} spectra", self.method.name);
            return Err(Error::unsupported(message));
        }
        let facts = EntryFacts::of(&query.record);
        let Some(prepared) = self.method.prepare_record(&query.record)? else {
            let entries = self.library.len();
            let counts = SearchCounts { entries, not_comparable: entries, ..SearchCounts::default() };
            let admission = Admission { admitted: Admitted::Rows(Vec::new()), counts };
            return Ok(Search { scoring: None, admission, indexed: None });
        };
        let conditions =
            Conditions { query: facts, filters: [&self.method.candidates, &options.filter], admit };
        let rows = AskedRows { parts: &self.parts, library: &self.library };
        let mut admission = self.admission.admission(&conditions, rows, executor)?;
        let few = admission.counts.compared.saturating_mul(FEW) < admission.counts.entries;
        if let Admitted::Flags(flags) = &admission.admitted
            && few
        {
            let admitted = flags.iter().zip(0..).filter_map(|(&admitted, row)| admitted.then_some(row));
            admission.admitted = Admitted::Rows(admitted.collect());
        }
        // The bounds of unit mass are those of all rows.
        let indexed = match &admission.admitted {
            Admitted::Rows(_) if self.method.measure.bounds_all_rows() => None,
            _ => self.parts.query(&self.method.measure, &prepared.compared, executor),
        };
        // The hits below it share the relative probability.
        let minimum = options.minimum.filter(|_| !self.has_relative_probability(options));
        let minimum = minimum.unwrap_or(f64::NEG_INFINITY);
        let (precursor_mz, retention_index) = (facts.precursor_mz, facts.retention_index);
        let scoring = Scoring { query: prepared, precursor_mz, retention_index, minimum };
        Ok(Search { scoring: Some(scoring), admission, indexed })
    }

    fn answer_alone(
        &self,
        search: &Search<'_>,
        options: &SearchOptions,
        executor: &Executor,
    ) -> Result<HitList> {
        let bounds = self.parts.bounds(search.of_rows().as_slice(), executor)?.pop();
        self.answer(search, bounds, options, executor)
    }

    fn answer(
        &self,
        search: &Search<'_>,
        bounds: Option<Vec<RowBounds<'_>>>,
        options: &SearchOptions,
        executor: &Executor,
    ) -> Result<HitList> {
        let mut hits = Vec::new();
        if let Some(scoring) = &search.scoring {
            let reached = Reached::new(scoring.minimum);
            let top = self.best(scoring, search, bounds, self.wanted(options), &reached, executor)?;
            for (ranked, rank) in top.into_sorted().into_iter().zip(1..) {
                hits.push(self.hit(ranked, rank, scoring, rank <= options.with_all_measures)?);
            }
        }
        if self.has_relative_probability(options) {
            add_relative_probability(&self.library, &mut hits)?;
        }
        // Hits of match factor 0 only share the probability.
        let reaches = |value: f64| value > 0.0 && options.minimum.is_none_or(|minimum| value >= minimum);
        hits.retain(|hit| reaches(hit.first_measure()));
        hits.truncate(options.top);
        Ok(HitList { hits, counts: search.admission.counts })
    }

    fn has_relative_probability(&self, options: &SearchOptions) -> bool {
        options.relative_probability && self.method.measure.has_relative_probability()
    }

    /// How many hits are looked for.
    fn wanted(&self, options: &SearchOptions) -> usize {
        if self.has_relative_probability(options) { options.top.max(PROBABILITY_HITS) } else { options.top }
    }

    fn best(
        &self,
        scoring: &Scoring,
        search: &Search<'_>,
        bounds: Option<Vec<RowBounds<'_>>>,
        wanted: usize,
        reached: &Reached,
        executor: &Executor,
    ) -> Result<Top> {
        let admission = &search.admission;
        if let Some(mut bounds) = bounds {
            let mut judge = self.judge(scoring, admission, reached, wanted);
            // The bounds of curves lie nearer to the scores, which cost more.
            match self.method.measure.curve_score() {
                Some(_) => propose_closest_first(&bounds, wanted, &mut judge)?,
                None => propose_best_first(&mut bounds, wanted, &mut judge)?,
            }
            return Ok(judge.top);
        }
        if let Some(PartQuery::Fragments(query)) = &search.indexed {
            return self.best_of_fragments(query, scoring, admission, (wanted, reached), executor);
        }
        match &admission.admitted {
            Admitted::Rows(rows) => self.scan(rows, wanted, scoring, executor),
            Admitted::Flags(flags) => {
                let admitted = flags.iter().zip(0..).filter_map(|(&admitted, row)| admitted.then_some(row));
                self.scan(&admitted.collect::<Vec<usize>>(), wanted, scoring, executor)
            }
        }
    }

    /// A judge of rows from the first on.
    pub(super) fn judge<'a>(
        &'a self,
        scoring: &'a Scoring,
        admission: &'a Admission<'a>,
        reached: &'a Reached,
        wanted: usize,
    ) -> TopJudge<'a> {
        TopJudge { searcher: self, scoring, admission, first_row: 0, reached, top: Top::new(wanted) }
    }

    /// How many entries the reference scorer has to look at for a query; the others the index rules out. It says what
    /// a search costs, nothing of its answer, and may differ from one time to another where several threads search.
    ///
    /// # Errors
    /// As [`Searcher::search`].
    pub fn entries_scored(&self, query: &Query, options: &SearchOptions) -> Result<usize> {
        let search = self.prepare(query, options, None, &self.executor)?;
        let (Some(scoring), Some(_)) = (&search.scoring, &search.indexed) else {
            return Ok(search.admission.counts.compared);
        };
        let bounds = self.parts.bounds(search.of_rows().as_slice(), &self.executor)?.pop();
        let reached = Reached::new(scoring.minimum);
        self.best(scoring, &search, bounds, self.wanted(options), &reached, &self.executor)?;
        Ok(reached.judged())
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
        match self.prepared_entry(entry)? {
            Some(reference) => Ok(Some(look(&self.method.measure.align(&prepared, &reference)?))),
            None => Ok(None),
        }
    }

    /// How the first measure of an entry comes about; `None` as for [`Searcher::with_alignment`].
    ///
    /// # Errors
    /// As [`Searcher::search`].
    pub fn explain(&self, query: &Query, entry: EntryId) -> Result<Option<Explanation>> {
        let Some(prepared) = self.method.prepare_record(&query.record)? else { return Ok(None) };
        match self.prepared_entry(entry)? {
            Some(reference) => self.method.measure.explain(&prepared, &reference).map(Some),
            None => Ok(None),
        }
    }

    fn prepared_entry(&self, entry: EntryId) -> Result<Option<Prepared>> {
        match self.library.entry(entry)? {
            // One that cannot be prepared is not comparable.
            Some(entry) => Ok(self.method.prepare_record(entry.record()).unwrap_or_default()),
            None => Ok(None),
        }
    }
}
