//! One record of a file: a spectrum and what is said of it.

use serde::{Deserialize, Serialize};

use crate::spectrum::Spectrum;
use crate::substance::{Form, Identity, SubstanceKey};

/// A spectrum with everything that its record states.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Record {
    /// The record's name; of a reference, the substance's; of a query, the laboratory's own.
    pub name: String,
    /// What the record says of the substance.
    pub identity: Identity,
    /// The form in which the substance was measured.
    pub form: Form,
    /// The spectrum as published.
    #[serde(flatten)]
    pub spectrum: Spectrum,
    /// Where the record comes from.
    pub provenance: Provenance,
    /// Fields that have no place of their own, in the order of the record.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub other_fields: Vec<(String, String)>,
    /// Where the record stands in its file.
    pub place: RecordPlace,
}

impl Record {
    /// The substance's key, if the record states a well-formed InChIKey.
    #[must_use]
    pub fn substance_key(&self) -> Option<SubstanceKey> {
        SubstanceKey::from_identity(&self.identity)
    }
}

/// Where a record comes from, as published.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Provenance {
    /// The record's number or accession in its source.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub accession: Option<String>,
    /// NIST's number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nist_number: Option<String>,
    /// The collection it was published in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// Who measured it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub contributor: Option<String>,
    /// The licence it was published under.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub licence: Option<String>,
    /// SPLASH of the peaks, as published.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub splash: Option<String>,
    /// Comments.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub comments: Vec<String>,
}

/// Where a record stands in its file.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct RecordPlace {
    /// The record's number, from 1.
    pub record: u64,
    /// The line where it begins, from 1; 0 in a format that is not text.
    pub line: u64,
}
