//! Which entries may become candidates at all.

use serde::{Deserialize, Serialize};

use super::entry_facts::EntryFacts;
use super::retention::RetentionWindow;
use crate::chem::{Element, Formula};
use crate::error::{Error, Result};
use crate::format::Record;
use crate::library::Entry;
use crate::spectrum::Technique;
use crate::units::MassTolerance;

/// Conditions that an entry must meet to be compared. A condition that is `None` or empty holds for
/// every entry; an entry that does not state what a condition asks for does not meet it, except the
/// retention index window, which keeps and labels entries without an index.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct Filter {
    /// The technique that the entry states; entries that state none are compared.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub technique: Option<Technique>,
    /// Lowest and highest monoisotopic mass of the entry's formula (or its stated mass), in Da.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub molecular_mass_da: Option<(f64, f64)>,
    /// How far the entry's precursor may lie from the query's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub precursor_tolerance: Option<MassTolerance>,
    /// The entry's formula, isotope labels included.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub formula: Option<Formula>,
    /// Elements that the entry's formula must contain.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub required_elements: Vec<Element>,
    /// Elements beyond which the entry's formula may contain none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub allowed_elements: Vec<Element>,
    /// Groups, one of which the entry must state; case does not matter.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub classes: Vec<String>,
    /// Contributors, one of which the entry must state; case does not matter.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub contributors: Vec<String>,
    /// The share of the query's range of wavenumbers that the entry's must cover, 0 to 1; asks nothing of mass spectra.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub minimum_common_range: Option<f64>,
    /// How far the entry's retention index may lie from the query's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retention_index_window: Option<RetentionWindow>,
}

impl Filter {
    /// Checks that the conditions make sense.
    ///
    /// # Errors
    /// `InvalidOption` for a mass range that is empty or not finite, or an impossible tolerance.
    pub fn checked(self) -> Result<Self> {
        if let Some((low, high)) = self.molecular_mass_da
            && !(low.is_finite() && high.is_finite() && low <= high)
        {
            return Err(Error::invalid_option(format!("{low} to {high} Da is not a range of masses")));
        }
        if let Some(tolerance) = self.precursor_tolerance {
            tolerance.checked()?;
        }
        if let Some(share) = self.minimum_common_range
            && !(0.0..=1.0).contains(&share)
        {
            let message = format!("minimum_common_range must lie from 0 to 1, not at {share}");
            return Err(Error::invalid_option(message));
        }
        if let Some(window) = self.retention_index_window {
            window.checked()?;
        }
        Ok(self)
    }

    /// Whether the entry may be compared with the query.
    #[must_use]
    pub fn admits(&self, query: &Record, entry: &Entry) -> bool {
        self.admits_facts(&EntryFacts::of(query), &EntryFacts::of(entry.record()))
            && self.admits_record(entry)
    }

    /// Whether the conditions hold that need more of the entry.
    pub(super) fn admits_record(&self, entry: &Entry) -> bool {
        self.admits_mass(entry)
            && self.admits_formula(entry)
            && is_one_of(&self.classes, entry.record().identity.class.as_deref())
            && is_one_of(&self.contributors, entry.record().provenance.contributor.as_deref())
    }

    /// Whether the conditions hold that need only a few facts of both records.
    pub(super) fn admits_facts(&self, query: &EntryFacts, entry: &EntryFacts) -> bool {
        self.technique.is_none_or(|asked| entry.technique.is_none_or(|stated| stated == asked))
            && self.precursor_tolerance.is_none_or(|tolerance| {
                let precursors = entry.precursor_mz.zip(query.precursor_mz);
                precursors.is_some_and(|(entry_mz, query_mz)| tolerance.contains(entry_mz, query_mz))
            })
            && self.minimum_common_range.is_none_or(|share| {
                let ranges = query.range_cm1.zip(entry.range_cm1);
                ranges.is_none_or(|(query, entry)| common_range(query, entry) >= share)
            })
            && self
                .retention_index_window
                .is_none_or(|window| window.admits(query.retention_index, entry.retention_index))
    }

    /// Whether there are conditions beyond those of [`Filter::admits_facts`], so that the record is needed.
    pub(super) fn asks_for_the_record(&self) -> bool {
        self.molecular_mass_da.is_some()
            || self.formula.is_some()
            || !self.required_elements.is_empty()
            || !self.allowed_elements.is_empty()
            || !self.classes.is_empty()
            || !self.contributors.is_empty()
    }

    /// Whether there are conditions that compare the entry with the query.
    pub(super) fn asks_for_the_query(&self) -> bool {
        self.precursor_tolerance.is_some()
            || self.minimum_common_range.is_some()
            || self.retention_index_window.is_some()
    }

    fn admits_mass(&self, entry: &Entry) -> bool {
        self.molecular_mass_da.is_none_or(|(low, high)| {
            let identity = &entry.record().identity;
            let mass = entry
                .formula()
                .map(Formula::monoisotopic_mass)
                .or(identity.exact_mass)
                .or(identity.molecular_mass);
            mass.is_some_and(|mass| low <= mass && mass <= high)
        })
    }

    fn admits_formula(&self, entry: &Entry) -> bool {
        if self.formula.is_none() && self.required_elements.is_empty() && self.allowed_elements.is_empty() {
            return true;
        }
        entry.formula().is_some_and(|formula| {
            self.formula.as_ref().is_none_or(|asked| asked == formula)
                && formula.contains_all_elements(&self.required_elements)
                && (self.allowed_elements.is_empty()
                    || formula.atoms().keys().all(|atom| self.allowed_elements.contains(&atom.element())))
        })
    }
}

/// The share of the query's range that the entry's covers.
fn common_range(query: (f64, f64), entry: (f64, f64)) -> f64 {
    let common = f64::min(query.1, entry.1) - f64::max(query.0, entry.0);
    common / (query.1 - query.0)
}

/// Whether `stated` is one of `asked`; an empty list asks nothing.
fn is_one_of(asked: &[String], stated: Option<&str>) -> bool {
    asked.is_empty()
        || stated.is_some_and(|stated| asked.iter().any(|name| name.to_lowercase() == stated.to_lowercase()))
}
