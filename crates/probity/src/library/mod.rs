//! A reference library: entries with ids that are given once.

mod entry;
mod open;

pub use entry::{Entry, EntryId};
pub use open::{Opened, open_library};

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

use crate::canonical::hex;
use crate::error::{Error, Result};
use crate::format::Record;
use crate::substance::SubstanceKey;

/// How far the answers of a library reach.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LibraryScope {
    /// Whole spectra, as published.
    Spectra,
    /// Principal ions of a few substances only: good for candidates, never for more.
    Starter,
}

/// Entries that can be searched. Immutable; an entry's id is its place in the source, from 1.
#[derive(Debug, Clone)]
pub struct Library {
    name: String,
    digest: String,
    scope: LibraryScope,
    entries: Vec<Entry>,
    by_key: BTreeMap<SubstanceKey, Vec<usize>>,
}

impl Library {
    /// Makes a library of records, in their order; the first gets id 1.
    ///
    /// # Errors
    /// `InvalidOption` for an empty name, `LimitReached` beyond 2³² − 1 records.
    pub fn from_records(name: &str, scope: LibraryScope, records: Vec<Record>) -> Result<Self> {
        if name.trim().is_empty() {
            return Err(Error::invalid_option("a library needs a name"));
        }
        if u32::try_from(records.len()).is_err() {
            return Err(Error::limit("a library holds at most 4,294,967,295 entries"));
        }
        let entries: Vec<Entry> =
            records.into_iter().zip(1..).map(|(record, id)| Entry::new(EntryId(id), record)).collect();
        let mut by_key: BTreeMap<SubstanceKey, Vec<usize>> = BTreeMap::new();
        for (position, entry) in entries.iter().enumerate() {
            if let Some(key) = entry.key() {
                by_key.entry(key.clone()).or_default().push(position);
            }
        }
        Ok(Self { name: name.to_owned(), digest: digest_of(&entries)?, scope, entries, by_key })
    }

    /// The name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// SHA-256 over the entries' ids and all that they state, as 64 hexadecimal digits. It does not
    /// depend on the library's name, on compression or on where the records stood in their files.
    #[must_use]
    pub fn digest(&self) -> &str {
        &self.digest
    }

    /// How far its answers reach.
    #[must_use]
    pub fn scope(&self) -> LibraryScope {
        self.scope
    }

    /// All entries, ascending by id.
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// All entries of the substance with the given key, whatever their stereochemistry and form,
    /// ascending by id.
    pub fn entries_of(&self, key: &SubstanceKey) -> impl Iterator<Item = &Entry> {
        self.by_key.get(key).into_iter().flatten().map(|&position| &self.entries[position])
    }

    /// The entry with the given id.
    #[must_use]
    pub fn entry(&self, id: EntryId) -> Option<&Entry> {
        self.entries.get(usize::try_from(id.0).ok()?.checked_sub(1)?)
    }
}

/// A digest over one digest per entry, so that entries may be digested apart.
fn digest_of(entries: &[Entry]) -> Result<String> {
    let mut whole = Sha256::new();
    for entry in entries {
        whole.update(entry.id().0.to_le_bytes());
        whole.update(entry.content_digest()?);
    }
    Ok(hex(&whole.finalize()))
}
