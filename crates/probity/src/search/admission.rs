//! Which entries of a library one search compares.

use std::borrow::Cow;

use super::entry_facts::EntryFacts;
use super::executor::Executor;
use super::filter::Filter;
use super::hit::SearchCounts;
use crate::error::Result;
use crate::library::{Entry, Library};
use crate::units::MassTolerance;

/// Entries looked at in one go by one thread.
const CHUNK: usize = 8_192;

/// Conditions that a caller adds.
pub(super) type Admit<'a> = &'a (dyn Fn(&Entry) -> bool + Sync);

/// The entries that one search compares, and how many take no part.
#[derive(Debug, Clone)]
pub(super) struct Admission<'a> {
    pub(super) admitted: Admitted<'a>,
    pub(super) counts: SearchCounts,
}

/// Entries by position.
#[derive(Debug, Clone)]
pub(super) enum Admitted<'a> {
    /// One flag for each entry.
    Flags(Cow<'a, [bool]>),
    /// Their positions, ascending.
    Positions(Vec<usize>),
}

/// What is needed to admit entries without decoding them.
#[derive(Debug)]
pub(super) struct AdmissionColumns {
    /// `None` for entries that the method cannot compare.
    facts: Vec<Option<EntryFacts>>,
    comparable: usize,
    /// The comparable entries that state a precursor: its m/z and their position, ascending.
    by_precursor: Vec<(f64, usize)>,
    /// What the method's own conditions admit, where they do not ask for the query.
    by_method: Option<(Vec<bool>, SearchCounts)>,
}

impl AdmissionColumns {
    /// The columns of the entries of a library. `by_precursor` are the comparable entries that state a
    /// precursor, with its m/z.
    ///
    /// # Errors
    /// `Damaged` if an entry cannot be decoded.
    pub(super) fn of(
        facts: Vec<Option<EntryFacts>>,
        mut by_precursor: Vec<(f64, usize)>,
        library: &Library,
        own: &Filter,
        executor: &Executor,
    ) -> Result<Self> {
        let comparable = facts.iter().flatten().count();
        // Stable, because it is quick where the order is nearly right.
        by_precursor.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        let mut columns = Self { facts, comparable, by_precursor, by_method: None };
        if !own.asks_for_the_query() {
            let query = EntryFacts::default();
            let search = Conditions { query, filters: [own, &Filter::default()], admit: None };
            columns.by_method = Some(columns.flags(&search, library, executor)?);
        }
        Ok(columns)
    }

    /// How many entries the method cannot compare.
    pub(super) fn not_comparable(&self) -> usize {
        self.facts.len() - self.comparable
    }

    /// The retention index that an entry states.
    pub(super) fn retention_index(&self, position: usize) -> Option<f64> {
        self.facts[position].as_ref()?.retention_index
    }

    /// The entries that meet all conditions.
    ///
    /// # Errors
    /// `Damaged` if a condition asks for an entry that cannot be decoded.
    pub(super) fn admission(
        &self,
        search: &Conditions<'_>,
        library: &Library,
        executor: &Executor,
    ) -> Result<Admission<'_>> {
        if let Some((flags, counts)) = &self.by_method
            && search.admit.is_none()
            && *search.filters[1] == Filter::default()
        {
            return Ok(Admission { admitted: Admitted::Flags(Cow::Borrowed(flags)), counts: *counts });
        }
        if let Some(near) = self.near_precursor(search) {
            let mut positions = Vec::with_capacity(near.len());
            for &(_, position) in near {
                if self.admits(position, search, library)? == Some(true) {
                    positions.push(position);
                }
            }
            positions.sort_unstable();
            let counts = self.counts(positions.len());
            return Ok(Admission { admitted: Admitted::Positions(positions), counts });
        }
        let (flags, counts) = self.flags(search, library, executor)?;
        Ok(Admission { admitted: Admitted::Flags(Cow::Owned(flags)), counts })
    }

    /// The entries among which all lie whose precursors are near enough; `None` if no condition asks for it.
    fn near_precursor(&self, search: &Conditions<'_>) -> Option<&[(f64, usize)]> {
        let tolerance = search.filters.iter().find_map(|filter| filter.precursor_tolerance)?;
        let Some(query_mz) = search.query.precursor_mz else { return Some(&[]) };
        // Beyond that the ends of the windows of ascending m/z do not ascend any more.
        if matches!(tolerance, MassTolerance::Ppm(ppm) if ppm > 1e5) {
            return None;
        }
        // A little wider than the window, so that rounding hides nothing; the condition itself decides.
        let wide = |mz: f64| tolerance.half_width(mz) + 1e-9 * (1.0 + mz.abs());
        let start = self.by_precursor.partition_point(|&(mz, _)| mz + wide(mz) < query_mz);
        let end = self.by_precursor.partition_point(|&(mz, _)| mz - wide(mz) <= query_mz);
        Some(&self.by_precursor[start..end.max(start)])
    }

    fn flags(
        &self,
        search: &Conditions<'_>,
        library: &Library,
        executor: &Executor,
    ) -> Result<(Vec<bool>, SearchCounts)> {
        let parts = executor.map_chunks(&self.facts, CHUNK, |first, facts| {
            let positions = first..first + facts.len();
            positions
                .map(|position| Ok(self.admits(position, search, library)?.unwrap_or(false)))
                .collect::<Result<Vec<bool>>>()
        });
        let mut flags = Vec::with_capacity(self.facts.len());
        for part in parts {
            flags.extend(part?);
        }
        let compared = flags.iter().filter(|&&admitted| admitted).count();
        Ok((flags, self.counts(compared)))
    }

    /// Whether an entry meets the conditions; `None` if it cannot be compared.
    fn admits(&self, position: usize, search: &Conditions<'_>, library: &Library) -> Result<Option<bool>> {
        let Some(facts) = &self.facts[position] else { return Ok(None) };
        if !search.filters.iter().all(|filter| filter.admits_facts(&search.query, facts)) {
            return Ok(Some(false));
        }
        if search.admit.is_none() && !search.filters.iter().any(|filter| filter.asks_for_the_record()) {
            return Ok(Some(true));
        }
        let entry = library.at(position)?;
        Ok(Some(
            search.filters.iter().all(|filter| filter.admits_record(entry))
                && search.admit.is_none_or(|admit| admit(entry)),
        ))
    }

    fn counts(&self, compared: usize) -> SearchCounts {
        SearchCounts {
            entries: self.facts.len(),
            compared,
            filtered_out: self.comparable - compared,
            not_comparable: self.not_comparable(),
        }
    }
}

/// All conditions of one search.
pub(super) struct Conditions<'a> {
    pub(super) query: EntryFacts,
    /// The method's and the caller's.
    pub(super) filters: [&'a Filter; 2],
    pub(super) admit: Option<Admit<'a>>,
}

impl Admission<'_> {
    /// Whether an entry is compared.
    pub(super) fn contains(&self, position: usize) -> bool {
        match &self.admitted {
            Admitted::Flags(flags) => flags[position],
            Admitted::Positions(positions) => positions.binary_search(&position).is_ok(),
        }
    }
}
