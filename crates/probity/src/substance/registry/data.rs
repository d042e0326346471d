//! The embedded tables and their indexes.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use serde::Serialize;

use super::name::normalised;
use super::row::{Convention, Listing, RegistryRow, Verification};
use super::table::{read_editions, read_hs_codes, read_rows};
use crate::chem::CasNumber;
use crate::error::{Error, Result};

const SUBSTANCES: &str = include_str!("../../../registry/substances.tsv");
const ADDITIONS: &str = include_str!("../../../registry/additions.tsv");
const HS_CODES: &str = include_str!("../../../registry/hs_codes.tsv");
const LISTS: &str = include_str!("../../../registry/lists.tsv");

/// The state of one convention's lists in the registry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ListEdition {
    /// The convention.
    pub convention: Convention,
    /// Year and month up to which decisions are in, such as `2025-03`.
    pub as_of: String,
    /// Where the rows were taken from.
    pub source: String,
    /// Whether they were compared with that source.
    pub verification: Verification,
    /// What the lists cover beyond the substances that they name.
    pub scope: String,
}

/// Substances with what the lists of the United Nations say of them.
#[derive(Debug)]
pub struct Registry {
    pub(super) rows: Vec<RegistryRow>,
    pub(super) editions: Vec<ListEdition>,
    pub(super) as_of: String,
    /// Places of rows by the first block of the InChIKey.
    pub(super) by_skeleton: BTreeMap<String, Vec<usize>>,
    pub(super) by_cas: BTreeMap<CasNumber, Vec<usize>>,
    /// Places of rows by normalised name.
    pub(super) by_name: BTreeMap<String, Vec<usize>>,
}

impl Registry {
    /// The registry that comes with the library; read once.
    ///
    /// # Errors
    /// `Malformed` if the embedded tables cannot be read, which a test rules out.
    pub fn embedded() -> Result<&'static Self> {
        static EMBEDDED: OnceLock<Result<Registry>> = OnceLock::new();
        EMBEDDED
            .get_or_init(|| Registry::from_tables(&[SUBSTANCES, ADDITIONS], HS_CODES, LISTS))
            .as_ref()
            .map_err(|error| Error::new(error.kind(), error.message()).at(error.location().clone()))
    }

    pub(super) fn from_tables(substances: &[&str], hs_codes: &str, lists: &str) -> Result<Self> {
        let mut rows: Vec<RegistryRow> = Vec::new();
        for text in substances {
            rows.extend(read_rows(text)?);
        }
        for (name, code) in read_hs_codes(hs_codes)? {
            let row = rows.iter_mut().find(|row| row.name == name);
            let row =
                row.ok_or_else(|| Error::malformed(format!("there is no row {name} for its tariff code")))?;
            row.hs_code = Some(code);
        }
        let editions = read_editions(lists)?;
        let as_of = as_of(&editions);
        let (mut by_skeleton, mut by_cas, mut by_name) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
        for (place, row) in rows.iter().enumerate() {
            if let Some(key) = &row.inchikey {
                add(&mut by_skeleton, key.skeleton().as_str().to_owned(), place);
            }
            for number in &row.cas_numbers {
                add(&mut by_cas, *number, place);
            }
            for name in std::iter::once(&row.name).chain(&row.synonyms) {
                add(&mut by_name, normalised(name), place);
            }
        }
        let registry = Self { rows, editions, as_of, by_skeleton, by_cas, by_name };
        registry.check_relations()?;
        Ok(registry)
    }

    /// Every salt and ester must lead to a row with a status of its own.
    fn check_relations(&self) -> Result<()> {
        for row in &self.rows {
            let leads = row.relation.as_ref().map(|relation| {
                self.row_named(&relation.of).is_some_and(|parent| parent.listing != Listing::ByRelation)
            });
            let is_right = match row.listing {
                Listing::ByRelation => leads == Some(true),
                _ => leads.is_none(),
            };
            if !is_right {
                return Err(Error::malformed(format!(
                    "the status of {} leads to no row of the registry",
                    row.name
                )));
            }
        }
        Ok(())
    }

    /// The row that goes by this name itself.
    pub(super) fn row_named(&self, name: &str) -> Option<&RegistryRow> {
        let places = self.by_name.get(&normalised(name))?;
        places.iter().map(|place| &self.rows[*place]).find(|row| row.name == name)
    }

    /// All rows, in the order of the tables.
    #[must_use]
    pub fn rows(&self) -> &[RegistryRow] {
        &self.rows
    }

    /// The state of each convention's lists.
    #[must_use]
    pub fn editions(&self) -> &[ListEdition] {
        &self.editions
    }

    /// The state of the lists in words. The conventions differ, so it is more than one date.
    #[must_use]
    pub fn as_of(&self) -> &str {
        &self.as_of
    }
}

fn add<K: Ord>(index: &mut BTreeMap<K, Vec<usize>>, key: K, place: usize) {
    let places: &mut Vec<usize> = index.entry(key).or_default();
    if places.last() != Some(&place) {
        places.push(place);
    }
}

/// `2025-03 (1961, 1971 Conventions) and 2026-10 (1988 Convention)`.
fn as_of(editions: &[ListEdition]) -> String {
    let mut by_date: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for edition in editions {
        by_date.entry(&edition.as_of).or_default().push(edition.convention.year());
    }
    let parts: Vec<String> = by_date
        .iter()
        .map(|(date, years)| {
            let noun = if years.len() == 1 { "Convention" } else { "Conventions" };
            format!("{date} ({} {noun})", years.join(", "))
        })
        .collect();
    parts.join(" and ")
}
