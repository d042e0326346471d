//! Which entries of a library one search compares.

use std::borrow::Cow;
use std::ops::Range;

use super::entry_facts::{EntryFacts, NOT_COMPARABLE};
use super::executor::Executor;
use super::filter::Filter;
use super::hit::SearchCounts;
use super::parts::Parts;
use crate::error::Result;
use crate::library::{Entry, Library};
use crate::units::MassTolerance;

/// Rows looked at in one go by one thread.
const CHUNK: usize = 8_192;

/// Conditions that a caller adds.
pub(super) type Admit<'a> = &'a (dyn Fn(&Entry) -> bool + Sync);

/// The entries that one search compares, and how many take no part.
#[derive(Debug, Clone)]
pub(super) struct Admission<'a> {
    pub(super) admitted: Admitted<'a>,
    pub(super) counts: SearchCounts,
}

/// Entries by the numbers of their rows.
#[derive(Debug, Clone)]
pub(super) enum Admitted<'a> {
    /// One flag for each row.
    Flags(Cow<'a, [bool]>),
    /// The rows, ascending.
    Rows(Vec<usize>),
}

/// What is needed to admit entries without decoding them.
#[derive(Debug)]
pub(super) struct AdmissionColumns {
    entries: usize,
    comparable: usize,
    /// What the method's own conditions admit, where they do not ask for the query.
    by_method: Option<(Vec<bool>, SearchCounts)>,
}

/// The rows of a library, which conditions ask.
#[derive(Debug, Clone, Copy)]
pub(super) struct AskedRows<'a> {
    pub(super) parts: &'a Parts,
    pub(super) library: &'a Library,
}

impl AdmissionColumns {
    /// The columns of the entries of a library.
    ///
    /// # Errors
    /// `Damaged` if an entry cannot be decoded.
    pub(super) fn of(rows: AskedRows<'_>, own: &Filter, executor: &Executor) -> Result<Self> {
        let everything = Filter::default();
        let search =
            |own| Conditions { query: EntryFacts::default(), filters: [own, &everything], admit: None };
        let comparable = rows.flags(&search(&everything), executor)?;
        let comparable = comparable.into_iter().filter(|&admitted| admitted).count();
        let mut columns = Self { entries: rows.library.len(), comparable, by_method: None };
        if !own.asks_for_the_query() {
            let flags = rows.flags(&search(own), executor)?;
            let compared = flags.iter().filter(|&&admitted| admitted).count();
            columns.by_method = Some((flags, columns.counts(compared)));
        }
        Ok(columns)
    }

    /// How many entries the method cannot compare.
    pub(super) fn not_comparable(&self) -> usize {
        self.entries - self.comparable
    }

    /// The entries that meet all conditions.
    ///
    /// # Errors
    /// `Damaged` if a condition asks for an entry that cannot be decoded.
    pub(super) fn admission(
        &self,
        search: &Conditions<'_>,
        rows: AskedRows<'_>,
        executor: &Executor,
    ) -> Result<Admission<'_>> {
        if let Some((flags, counts)) = &self.by_method
            && search.admit.is_none()
            && *search.filters[1] == Filter::default()
        {
            return Ok(Admission { admitted: Admitted::Flags(Cow::Borrowed(flags)), counts: *counts });
        }
        if let Some(near) = rows.near_precursor(search)? {
            let mut admitted = Vec::with_capacity(near.iter().map(ExactSizeIterator::len).sum());
            for row in near.into_iter().flatten() {
                if rows.admits(row, search)? {
                    admitted.push(row);
                }
            }
            let counts = self.counts(admitted.len());
            return Ok(Admission { admitted: Admitted::Rows(admitted), counts });
        }
        let flags = rows.flags(search, executor)?;
        let counts = self.counts(flags.iter().filter(|&&admitted| admitted).count());
        Ok(Admission { admitted: Admitted::Flags(Cow::Owned(flags)), counts })
    }

    fn counts(&self, compared: usize) -> SearchCounts {
        SearchCounts {
            entries: self.entries,
            compared,
            filtered_out: self.comparable - compared,
            not_comparable: self.not_comparable(),
        }
    }
}

impl AskedRows<'_> {
    /// In each part the rows among which all lie whose precursors are near enough; `None` if no condition asks for it.
    fn near_precursor(self, search: &Conditions<'_>) -> Result<Option<Vec<Range<usize>>>> {
        let asked = search.filters.iter().find_map(|filter| filter.precursor_tolerance);
        let Some(tolerance) = asked else { return Ok(None) };
        let Some(query_mz) = search.query.precursor_mz else { return Ok(Some(Vec::new())) };
        // Beyond that the ends of the windows of ascending m/z do not ascend any more.
        if matches!(tolerance, MassTolerance::Ppm(ppm) if ppm > 1e5) {
            return Ok(None);
        }
        // A little wider than the window, so that rounding hides nothing; the condition itself decides.
        let wide = |mz: f64| tolerance.half_width(mz) + 1e-9 * (1.0 + mz.abs());
        let rows = self.parts.rows_between(|mz| mz + wide(mz) < query_mz, |mz| mz - wide(mz) > query_mz);
        rows.map(Some)
    }

    /// For each row whether it meets the conditions.
    fn flags(self, search: &Conditions<'_>, executor: &Executor) -> Result<Vec<bool>> {
        let rows = self.parts.rows();
        if search.ask_for_the_technique_only() {
            return self.flags_by_kind(search);
        }
        let starts: Vec<usize> = (0..rows).step_by(CHUNK).collect();
        let chunks = executor.map(&starts, |&start| {
            let rows = start..rows.min(start + CHUNK);
            if search.ask_for_the_record() {
                return rows.map(|row| self.admits(row, search)).collect::<Result<Vec<bool>>>();
            }
            self.parts.map_facts(rows, |facts| facts.is_some_and(|facts| search.admit_facts(facts)))
        });
        let mut flags = Vec::with_capacity(rows);
        for chunk in chunks {
            flags.extend(chunk?);
        }
        self.parts.withdrawn().iter().for_each(|&row| flags[row] = false);
        Ok(flags)
    }

    /// The same where one byte of each row tells.
    fn flags_by_kind(self, search: &Conditions<'_>) -> Result<Vec<bool>> {
        let admits = |kind: u8| EntryFacts::of_kind(kind).is_some_and(|facts| search.admit_facts(&facts));
        let admits: Vec<bool> = (0..=u8::MAX).map(admits).collect();
        let is_kind = |kind: u8| kind == NOT_COMPARABLE || EntryFacts::of_kind(kind).is_some();
        let is_kind: Vec<bool> = (0..=u8::MAX).map(is_kind).collect();
        let mut flags = Vec::with_capacity(self.parts.rows());
        for (first, part) in self.parts.iter() {
            let kinds = part.rows.kinds()?;
            if let Some(row) = kinds.iter().position(|&kind| !is_kind[usize::from(kind)]) {
                self.parts.facts(first + row)?;
            }
            flags.extend(kinds.iter().map(|&kind| admits[usize::from(kind)]));
        }
        self.parts.withdrawn().iter().for_each(|&row| flags[row] = false);
        Ok(flags)
    }

    /// Whether a row can be compared and meets the conditions.
    fn admits(self, row: usize, search: &Conditions<'_>) -> Result<bool> {
        let Some(facts) = self.parts.facts(row)? else { return Ok(false) };
        let asks_for_the_record = search.ask_for_the_record();
        if !search.admit_facts(&facts) {
            return Ok(false);
        }
        if !asks_for_the_record && self.parts.withdrawn().is_empty() {
            return Ok(true);
        }
        let Some(position) = self.parts.position(row)? else { return Ok(false) };
        if !asks_for_the_record {
            return Ok(true);
        }
        let entry = self.library.at(position)?;
        Ok(search.filters.iter().all(|filter| filter.admits_record(entry))
            && search.admit.is_none_or(|admit| admit(entry)))
    }
}

/// All conditions of one search.
pub(super) struct Conditions<'a> {
    pub(super) query: EntryFacts,
    /// The method's and the caller's.
    pub(super) filters: [&'a Filter; 2],
    pub(super) admit: Option<Admit<'a>>,
}

impl Conditions<'_> {
    /// Whether an entry must be decoded for its record to be asked.
    fn ask_for_the_record(&self) -> bool {
        self.admit.is_some() || self.filters.iter().any(|filter| filter.asks_for_the_record())
    }

    /// Whether the conditions hold that need a few facts of the entry only.
    fn admit_facts(&self, facts: &EntryFacts) -> bool {
        self.filters.iter().all(|filter| filter.admits_facts(&self.query, facts))
    }

    /// Whether all that is asked of an entry is which technique it states.
    fn ask_for_the_technique_only(&self) -> bool {
        self.admit.is_none()
            && self.filters.iter().all(|filter| !filter.asks_for_the_record() && !filter.asks_for_the_query())
    }
}

impl Admission<'_> {
    /// Whether a row is compared.
    pub(super) fn contains(&self, row: usize) -> bool {
        match &self.admitted {
            Admitted::Flags(flags) => flags[row],
            Admitted::Rows(rows) => rows.binary_search(&row).is_ok(),
        }
    }
}
