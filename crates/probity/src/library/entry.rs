//! One entry of a library.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::chem::Formula;
use crate::error::{Error, Result};
use crate::format::{Provenance, Record, RecordPlace};
use crate::spectrum::Spectrum;
use crate::substance::{Form, Identity, SubstanceKey};

/// An entry's number in its library: given once, from 1, never reused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct EntryId(pub u64);

impl std::fmt::Display for EntryId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

/// A record with its id, and what is derived from the record once.
#[derive(Debug, Clone)]
pub struct Entry {
    id: EntryId,
    record: Record,
    key: Option<SubstanceKey>,
    formula: Option<Formula>,
    keyed_as_parent: bool,
}

impl Entry {
    pub(super) fn new(id: EntryId, record: Record) -> Self {
        let key = record.substance_key();
        let formula = record.identity.formula.as_deref().and_then(|text| text.parse().ok());
        let keyed_as_parent = record.form.is_keyed_as_parent(formula.as_ref());
        Self { id, record, key, formula, keyed_as_parent }
    }

    /// The entry's number.
    #[must_use]
    pub fn id(&self) -> EntryId {
        self.id
    }

    /// The record as published.
    #[must_use]
    pub fn record(&self) -> &Record {
        &self.record
    }

    /// The substance's key, if the record states a well-formed InChIKey.
    #[must_use]
    pub fn key(&self) -> Option<&SubstanceKey> {
        self.key.as_ref()
    }

    /// The formula, if the record states one that can be read.
    #[must_use]
    pub fn formula(&self) -> Option<&Formula> {
        self.formula.as_ref()
    }

    /// Whether the spectrum is a derivative's although key and formula are the parent's.
    #[must_use]
    pub fn keyed_as_parent(&self) -> bool {
        self.keyed_as_parent
    }
}

/// SHA-256 over the record as JSON, without its place in the file.
pub(super) fn content_digest(record: &Record) -> Result<[u8; 32]> {
    let content = Content {
        name: &record.name,
        identity: &record.identity,
        form: &record.form,
        spectrum: &record.spectrum,
        provenance: &record.provenance,
        other_fields: &record.other_fields,
        place: RecordPlace::default(),
    };
    let text = serde_json::to_vec(&content)
        .map_err(|error| Error::malformed("the record cannot be written as JSON").caused_by(error))?;
    Ok(Sha256::digest(&text).into())
}

/// A record as its digest sees it: as [`Record`] is written, the place left out.
#[derive(Serialize)]
struct Content<'a> {
    name: &'a str,
    identity: &'a Identity,
    form: &'a Form,
    #[serde(flatten)]
    spectrum: &'a Spectrum,
    provenance: &'a Provenance,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    other_fields: &'a [(String, String)],
    place: RecordPlace,
}
