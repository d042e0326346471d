//! Searching one library with one method.

use std::sync::Arc;

use super::admission::{Admission, AdmissionColumns, Admit, Admitted, AskedRows, Conditions};
use super::entry_facts::EntryFacts;
use super::executor::Executor;
use super::hit::{HitList, SearchCounts};
use super::library_index::{RowBounds, RowQuery};
use super::method::Method;
use super::parts::{PartQuery, Parts};
use super::prepared::Prepared;
use super::query::Query;
use super::relative_probability::add_relative_probability;
use super::search_options::SearchOptions;
use super::top::Top;
use super::top_judge::{Reached, TopJudge};
use crate::error::{Error, Result};
use crate::index::{BlockBounds as _, Judge as _, Proposal, propose_best_first, propose_closest_first};
use crate::library::{Entry, Library};
use crate::progress::{Watch, Watched};
use crate::spectrum::Spectrum;

/// Where fewer than one entry in this many is admitted, they are scored without the index.
const FEW: usize = 50;

/// How many hits NIST's relative probability is normalized over: the length of its hit list.
const PROBABILITY_HITS: usize = 100;

/// A library prepared for one method. Immutable: any number of threads may search it at once.
#[derive(Debug)]
pub struct Searcher {
    pub(super) library: Arc<Library>,
    pub(super) method: Method,
    pub(super) parts: Parts,
    entries_stored_prepared: usize,
    entries_stored_indexed: usize,
    admission: AdmissionColumns,
    pub(super) executor: Arc<Executor>,
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
pub(super) struct Search<'a> {
    /// `None` if the method cannot compare the query.
    scoring: Option<Scoring>,
    admission: Admission<'a>,
    /// `None` if every admitted entry must be scored.
    indexed: Option<PartQuery>,
}

impl Search<'_> {
    /// The query's part in the bounds of indexes that bound all rows.
    pub(super) fn of_rows(&self) -> Option<&[Option<RowQuery>]> {
        match &self.indexed {
            Some(PartQuery::Rows(queries)) => Some(queries),
            _ => None,
        }
    }
}

/// The bounds of all rows for a query.
#[derive(Debug)]
pub(super) struct Bounded<'a> {
    bounds: Vec<RowBounds<'a>>,
    /// What a first look has led to, after which the bounds were refined.
    looked: Option<(Proposal, Top)>,
}

impl<'a> Bounded<'a> {
    pub(super) fn new(bounds: Vec<RowBounds<'a>>) -> Self {
        Self { bounds, looked: None }
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
        Self::new_told(library, method, executor, &mut Watched::by_nobody())
    }

    /// As [`Searcher::new`], and tells `watch` how far it is. Each entry counts twice: once it is prepared, and once it is in
    /// the index.
    ///
    /// # Errors
    /// As [`Searcher::new`]; `Cancelled` if `watch` breaks off.
    pub fn new_watched(
        library: Arc<Library>,
        method: Method,
        executor: Arc<Executor>,
        watch: &mut Watch<'_>,
    ) -> Result<Self> {
        Self::new_told(library, method, executor, &mut Watched::by(watch))
    }

    fn new_told(
        library: Arc<Library>,
        method: Method,
        executor: Arc<Executor>,
        watched: &mut Watched<'_>,
    ) -> Result<Self> {
        let (parts, found) = Parts::of(&library, &method, &executor, watched)?;
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
        self.search_if(query, options, None, &mut Watched::by_nobody())
    }

    /// As [`Searcher::search`], and tells `watch` how many of the entries that take part are scored. It is asked before the
    /// search, after each thousand entries or so, and at the end; where the searcher has an index, few entries are scored and
    /// a search takes milliseconds.
    ///
    /// # Errors
    /// As [`Searcher::search`]; `Cancelled` if `watch` breaks off.
    pub fn search_watched(
        &self,
        query: &Query,
        options: &SearchOptions,
        watch: &mut Watch<'_>,
    ) -> Result<HitList> {
        self.search_if(query, options, None, &mut Watched::by(watch))
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
        self.search_if(query, options, Some(admit), &mut Watched::by_nobody())
    }

    fn search_if(
        &self,
        query: &Query,
        options: &SearchOptions,
        admit: Option<Admit<'_>>,
        watched: &mut Watched<'_>,
    ) -> Result<HitList> {
        let search = self.prepare(query, options, admit, &self.executor)?;
        self.answer_alone(&search, options, &self.executor, watched)
    }

    pub(super) fn prepare<'a>(
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

    pub(super) fn answer_alone(
        &self,
        search: &Search<'_>,
        options: &SearchOptions,
        executor: &Executor,
        watched: &mut Watched<'_>,
    ) -> Result<HitList> {
        watched.expect(search.admission.counts.compared as u64)?;
        let bounds = self.parts.bounds(search.of_rows().as_slice(), executor)?.pop();
        self.answer(search, bounds.map(Bounded::new), options, executor, watched)
    }

    pub(super) fn answer(
        &self,
        search: &Search<'_>,
        bounds: Option<Bounded<'_>>,
        options: &SearchOptions,
        executor: &Executor,
        watched: &mut Watched<'_>,
    ) -> Result<HitList> {
        let mut hits = Vec::new();
        if let Some(scoring) = &search.scoring {
            let reached = Reached::new(scoring.minimum);
            let wanted = (self.wanted(options), &reached);
            let top = self.best(scoring, search, bounds, wanted, executor, watched)?;
            for (ranked, rank) in top.into_sorted().into_iter().zip(1..) {
                hits.push(self.hit(ranked, rank, scoring, rank <= options.with_all_measures)?);
            }
        }
        if self.has_relative_probability(options) {
            add_relative_probability(&self.library, &mut hits)?;
        }
        // Hits of match factor 0 only share the probability.
        let reaches = |value: f64| value > 0.0 && options.minimum.is_none_or(|minimum| value >= minimum);
        watched.reach(search.admission.counts.compared as u64)?;
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

    /// Takes the first look for each query, then refines one part of the index for all of them before the next, so that
    /// what is read of it comes from the cache for all but one.
    pub(super) fn look_together(
        &self,
        searches: &[&Search<'_>],
        bounded: &mut [Option<Bounded<'_>>],
        options: &SearchOptions,
    ) {
        let mut thresholds = Vec::with_capacity(bounded.len());
        for (search, bounded) in searches.iter().zip(&mut *bounded) {
            let mut threshold = f64::NEG_INFINITY;
            if let (Some(scoring), Some(bounded)) = (&search.scoring, bounded) {
                let (reached, wanted) = (Reached::new(scoring.minimum), self.wanted(options));
                let mut judge = self.judge(scoring, &search.admission, &reached, wanted);
                // What is wrong is told by the search itself, which then begins anew.
                if let Ok(proposal) = Proposal::first(&bounded.bounds, wanted, &mut judge) {
                    threshold = judge.threshold();
                    bounded.looked = Some((proposal, judge.top));
                }
            }
            thresholds.push(threshold);
        }
        let parts = bounded.iter().flatten().map(|bounded| bounded.bounds.len()).max().unwrap_or(0);
        for part in 0..parts {
            for (bounded, &threshold) in bounded.iter_mut().zip(&thresholds) {
                if let Some(Bounded { bounds, looked: Some(_) }) = bounded
                    && let Some(part) = bounds.get_mut(part)
                {
                    part.refine(threshold);
                }
            }
        }
    }

    fn best(
        &self,
        scoring: &Scoring,
        search: &Search<'_>,
        bounds: Option<Bounded<'_>>,
        (wanted, reached): (usize, &Reached),
        executor: &Executor,
        watched: &mut Watched<'_>,
    ) -> Result<Top> {
        let admission = &search.admission;
        if let Some(Bounded { mut bounds, looked }) = bounds {
            let mut tell = |judged: usize| watched.reach(judged as u64);
            let mut judge = self.judge(scoring, admission, reached, wanted);
            judge.tell = Some(&mut tell);
            // The bounds of curves lie nearer to the scores, which cost more.
            match (self.method.measure.curve_score(), looked) {
                (Some(_), _) => propose_closest_first(&bounds, wanted, &mut judge)?,
                (None, None) => propose_best_first(&mut bounds, wanted, &mut judge)?,
                (None, Some((proposal, top))) => {
                    judge.top = top;
                    proposal.propose_rest(&mut bounds, wanted, &mut judge)?;
                }
            }
            return Ok(judge.top);
        }
        if let Some(PartQuery::Fragments(query)) = &search.indexed {
            return self.best_of_fragments(query, scoring, admission, (wanted, reached), executor);
        }
        match &admission.admitted {
            Admitted::Rows(rows) => self.scan(rows, wanted, scoring, executor, watched),
            Admitted::Flags(flags) => {
                let admitted = flags.iter().zip(0..).filter_map(|(&admitted, row)| admitted.then_some(row));
                self.scan(&admitted.collect::<Vec<usize>>(), wanted, scoring, executor, watched)
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
        TopJudge {
            searcher: self,
            scoring,
            admission,
            first_row: 0,
            reached,
            top: Top::new(wanted),
            tell: None,
        }
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
        let (wanted, nobody) = ((self.wanted(options), &reached), &mut Watched::by_nobody());
        self.best(scoring, &search, bounds.map(Bounded::new), wanted, &self.executor, nobody)?;
        Ok(reached.judged())
    }
}
