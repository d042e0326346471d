//! One row of the registry: a substance, and what the lists say of it.

use std::fmt;

use serde::Serialize;

use crate::chem::{CasNumber, Formula, InChIKey};

/// What a substance is to a forensic laboratory.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A narcotic drug or psychotropic substance.
    Drug,
    /// A chemical that drugs are made from or with.
    Precursor,
    /// A chemical that serves to make a precursor.
    PrePrecursor,
    /// A chemical that no list at hand names, used in place of one that is listed.
    Substitute,
    /// A substance that early warning systems have reported.
    NewPsychoactiveSubstance,
    /// A substance that drugs are cut with.
    CuttingAgent,
}

/// A drug control convention of the United Nations.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum Convention {
    /// Single Convention on Narcotic Drugs.
    #[serde(rename = "1961")]
    Narcotics1961,
    /// Convention on Psychotropic Substances.
    #[serde(rename = "1971")]
    Psychotropics1971,
    /// Convention against Illicit Traffic, whose Tables I and II list precursors.
    #[serde(rename = "1988")]
    Precursors1988,
}

impl Convention {
    /// The year that names it.
    #[must_use]
    pub fn year(self) -> &'static str {
        match self {
            Self::Narcotics1961 => "1961",
            Self::Psychotropics1971 => "1971",
            Self::Precursors1988 => "1988",
        }
    }
}

/// Whether a statement about a list was compared with a source.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verification {
    /// It was read in the source that is named.
    Verified,
    /// It was restated from memory: look it up before relying on it.
    Unverified,
}

/// An entry of a convention's schedule or table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ListEntry {
    /// The convention.
    pub convention: Convention,
    /// `I`, `I+IV`, `Table II` ...
    pub schedule: String,
    /// Year of the decision, where it is at hand.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub year: Option<String>,
    /// Where this was taken from.
    pub source: String,
    /// Whether it was compared with that source.
    pub verification: Verification,
}

impl fmt::Display for ListEntry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let convention = self.convention.year();
        match self.schedule.split_once('+') {
            Some((one, other)) => write!(f, "Schedules {one} and {other} of the {convention} Convention")?,
            None if self.schedule.starts_with("Table") => {
                write!(f, "{} of the {convention} Convention", self.schedule)?;
            }
            None => write!(f, "Schedule {} of the {convention} Convention", self.schedule)?,
        }
        match self.verification {
            Verification::Verified => Ok(()),
            Verification::Unverified => write!(f, " (unverified)"),
        }
    }
}

/// What the lists say of a row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "status", rename_all = "snake_case")]
pub enum Listing {
    /// A list names it.
    Listed(ListEntry),
    /// The list names it as excluded.
    Excluded(ListEntry),
    /// The lists at hand do not name it. This is no statement that it is not controlled.
    NotFound,
    /// Its status is that of the substance that it is a salt or ester of.
    ByRelation,
}

/// How one row derives from another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum RelationKind {
    /// A salt of it.
    Salt,
    /// An ester of it.
    Ester,
    /// An ether of it.
    Ether,
}

/// The row that a row derives from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Relation {
    /// How.
    pub kind: RelationKind,
    /// Name of the other row.
    pub of: String,
}

/// A code of the Harmonized System, six digits, which customs declarations bear.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct HsCode {
    /// The code, written `2914.31`.
    pub code: String,
    /// Where it was taken from.
    pub source: String,
}

/// A substance with what is known of it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RegistryRow {
    /// The name, in lists that of the list.
    pub name: String,
    /// Other names.
    pub synonyms: Vec<String>,
    /// The molecular formula.
    pub formula: Formula,
    /// The InChIKey, where it is at hand.
    pub inchikey: Option<InChIKey>,
    /// CAS numbers; where there are several, one may be that of a salt.
    pub cas_numbers: Vec<CasNumber>,
    /// What it is.
    pub kind: Kind,
    /// Code of the Harmonized System of tariffs, where a source is at hand.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hs_code: Option<HsCode>,
    /// Group of UNODC's Early Warning Advisory.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
    /// What the lists say.
    pub listing: Listing,
    /// The stereoform that this row is of, where another one has a row of its own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stereo: Option<String>,
    /// The row that it derives from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub relation: Option<Relation>,
    /// Where name, formula, key and numbers come from, and how they were checked.
    pub identity_source: String,
    /// What else to know.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}
