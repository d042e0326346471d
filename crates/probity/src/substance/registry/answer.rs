//! What the registry answers.

use serde::Serialize;

use super::data::ListEdition;
use super::level::{MatchLevel, RegistryMatch};
use super::row::{Kind, Listing};
use crate::chem::InChIKey;

/// As what a text was looked up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ReadAs {
    /// A whole InChIKey.
    InchiKey,
    /// A substance key, the first block of an InChIKey with labels.
    SubstanceKey,
    /// A CAS number.
    CasNumber,
    /// A name.
    Name,
    /// A molecular formula.
    Formula,
    /// What a record states of its substance.
    Identity,
}

/// The rows that fit, the closest first; of equally close ones those first that stand first.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Answer<'r> {
    /// As what the question was read.
    pub read_as: ReadAs,
    /// The rows; none is an answer, too.
    pub matches: Vec<RegistryMatch<'r>>,
    /// Whether the rows differ in status, and what was asked for does not choose among stereoforms.
    pub depends_on_stereochemistry: bool,
    /// State of the lists, such as `2025-03 (1961, 1971 Conventions)`.
    pub as_of: &'r str,
    #[serde(skip)]
    pub(super) editions: &'r [ListEdition],
}

impl Answer<'_> {
    /// Whether any row fits.
    #[must_use]
    pub fn is_found(&self) -> bool {
        !self.matches.is_empty()
    }

    /// The answer without the rows' details, to be kept.
    #[must_use]
    pub fn status(&self) -> ControlStatus {
        ControlStatus {
            matches: self.matches.iter().map(|found| StatusMatch::new(found, self.editions)).collect(),
            depends_on_stereochemistry: self.depends_on_stereochemistry,
            as_of: self.as_of.to_owned(),
        }
    }

    /// The answer in sentences: one a row, then what to keep in mind.
    #[must_use]
    pub fn sentences(&self) -> Vec<String> {
        self.status().sentences()
    }
}

/// What the lists say of one row, and how closely it fits.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct StatusMatch {
    /// How closely it fits.
    pub level: MatchLevel,
    /// The row's name.
    pub name: String,
    /// The row's InChIKey.
    pub inchikey: Option<InChIKey>,
    /// What the substance is.
    pub kind: Kind,
    /// The stereoform that the row is of.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stereo: Option<String>,
    /// What the lists say.
    pub listing: Listing,
    /// For a salt, ester or ether: what the convention covers beyond the substances that it names.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scope: Option<String>,
}

impl StatusMatch {
    fn new(found: &RegistryMatch<'_>, editions: &[ListEdition]) -> Self {
        let derives = matches!(
            found.level,
            MatchLevel::SaltOf | MatchLevel::EsterOrEtherOf | MatchLevel::SaltOrEsterOf
        );
        let scope = match &found.row.listing {
            Listing::Listed(entry) | Listing::Excluded(entry) if derives => {
                let edition = editions.iter().find(|edition| edition.convention == entry.convention);
                edition.map(|edition| edition.scope.clone())
            }
            _ => None,
        };
        Self {
            level: found.level,
            name: found.row.name.clone(),
            inchikey: found.row.inchikey.clone(),
            kind: found.row.kind,
            stereo: found.row.stereo.clone(),
            listing: found.row.listing.clone(),
            scope,
        }
    }

    fn sentence(&self) -> String {
        let listing = match &self.listing {
            Listing::Listed(entry) => entry.to_string(),
            Listing::Excluded(entry) => format!("excluded by name from {entry}"),
            Listing::NotFound | Listing::ByRelation => "known, not found in the lists".to_owned(),
        };
        let scope = self.scope.as_ref().map(|scope| format!(" {scope}")).unwrap_or_default();
        format!("{}: {listing}; {}.{scope}", self.name, self.level.phrase())
    }
}

/// What the international lists say of a substance as it is written down somewhere: a statement about
/// that entry, never about a sample.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ControlStatus {
    /// The rows that fit, the closest first.
    pub matches: Vec<StatusMatch>,
    /// Whether the rows differ in status, and the entry does not choose among stereoforms.
    pub depends_on_stereochemistry: bool,
    /// State of the lists.
    pub as_of: String,
}

impl ControlStatus {
    /// The status in sentences, with the state of the lists.
    #[must_use]
    pub fn sentences(&self) -> Vec<String> {
        if self.matches.is_empty() {
            return vec![format!("Not found in the lists as of {}; national law may differ.", self.as_of)];
        }
        let mut sentences = self.statements();
        sentences.push(format!("Lists as of {}; national law may differ.", self.as_of));
        sentences
    }

    /// The status in sentences without the state of the lists: one a row, then what to keep in mind.
    #[must_use]
    pub fn statements(&self) -> Vec<String> {
        let mut statements: Vec<String> = self.matches.iter().map(StatusMatch::sentence).collect();
        if statements.is_empty() {
            statements.push("Not found in the lists.".to_owned());
        }
        if self.depends_on_stereochemistry {
            statements.push("The status depends on stereochemistry, which is not stated.".to_owned());
        }
        if self.matches.iter().any(|found| found.level == MatchLevel::IsotopologueOf) {
            statements.push("Whether a list covers isotopologues is for national law to say.".to_owned());
        }
        statements
    }
}
