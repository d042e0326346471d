//! A reference library: entries with ids that are given once.
//!
//! On disk it is a folder of files that are never changed in place: segments hold entries, a small
//! numbered manifest a change names the segments that count ([`LibraryFolder`]).

mod codec;
mod container;
mod entry;
mod folder;
mod index_file;
mod manifest;
mod open;
mod packed_curve;
mod packed_peaks;
mod segment;
mod starter;
pub mod storage;
mod verify;
mod writer;

pub(crate) use codec::{SourceData, TombstoneData};
pub(crate) use container::Digest;
pub use container::{FORMAT_VERSION, OLDEST_FORMAT_VERSION};
pub use entry::{Entry, EntryId};
pub use folder::{History, LibraryFolder};
pub(crate) use index_file::{IndexContent, IndexFile, Items};
pub use manifest::{Action, ChangeNote, LibraryState, SegmentInfo, StateSelector, StoredRecipe, Tombstone};
pub use open::{OpenOptions, Opened, open_library, open_library_watched};
pub(crate) use segment::{Segment, SegmentBuilder, StoredEntry};
pub use starter::starter;
pub use verify::VerifyReport;
pub(crate) use writer::{Change, Writer};

use std::collections::BTreeMap;
use std::sync::OnceLock;

use sha2::{Digest as _, Sha256};

use self::folder::live_rows;
use self::manifest::Manifest;
use self::storage::Access;
use crate::canonical::hex;
use crate::error::{Error, Result};
use crate::format::Record;
use crate::preprocess::Recipe;
use crate::spectrum::{PeakList, SpectrumCounts};
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

/// Entries that can be searched. Immutable: threads may share it. Entries of a library on disk are
/// read and checked when they are first asked for, and kept.
#[derive(Debug)]
pub struct Library {
    name: String,
    digest: String,
    scope: LibraryScope,
    state: Option<LibraryState>,
    /// Ascending.
    ids: Vec<EntryId>,
    /// One per id.
    entries: Vec<OnceLock<Box<Entry>>>,
    /// Where the entries come from that are not there yet.
    segments: Vec<Segment>,
    /// Segment and row of each entry; none where all entries are there.
    rows: Vec<(u32, u32)>,
    /// Where the segments were opened, and how.
    opened: Option<(LibraryFolder, Access)>,
    by_key: OnceLock<BTreeMap<SubstanceKey, Vec<usize>>>,
}

impl Library {
    /// Makes a library of records, in their order; the first gets id 1.
    ///
    /// # Errors
    /// `InvalidOption` for an empty name, `LimitReached` beyond 2³² − 1 records.
    pub fn from_records(name: &str, scope: LibraryScope, records: Vec<Record>) -> Result<Self> {
        check_name(name)?;
        if u32::try_from(records.len()).is_err() {
            return Err(Error::limit("a library holds at most 4,294,967,295 entries"));
        }
        let mut digest = Sha256::new();
        let mut entries = Vec::with_capacity(records.len());
        for (record, id) in records.into_iter().zip(1..) {
            add_to_digest(&mut digest, EntryId(id), &entry::content_digest(&record)?);
            entries.push(OnceLock::from(Box::new(Entry::new(EntryId(id), record))));
        }
        Ok(Self {
            name: name.to_owned(),
            digest: hex(&digest.finalize()),
            scope,
            state: None,
            ids: (1..).map(EntryId).take(entries.len()).collect(),
            entries,
            segments: Vec::new(),
            rows: Vec::new(),
            opened: None,
            by_key: OnceLock::new(),
        })
    }

    /// The entries of a state that are not withdrawn.
    fn from_segments(
        manifest: &Manifest,
        segments: Vec<Segment>,
        folder: &LibraryFolder,
        access: Access,
    ) -> Result<Self> {
        let (mut ids, mut rows) = (Vec::new(), Vec::new());
        for (segment, row, id) in live_rows(manifest, &segments) {
            ids.push(id);
            let place = u32::try_from(segment).ok().zip(u32::try_from(row).ok());
            rows.push(place.ok_or_else(|| Error::limit("a library holds at most 4,294,967,295 entries"))?);
        }
        let state = manifest.state();
        if ids.len() as u64 != state.entries
            || !ids.is_sorted_by(|one, next| one < next)
            || ids.last().is_some_and(|last| *last >= state.next_id)
        {
            let message = format!("the segments do not hold the entries that state {} names", state.number);
            return Err(Error::damaged(message).in_file(folder.path()));
        }
        Ok(Self {
            name: state.name.clone(),
            digest: state.digest.clone(),
            scope: state.scope,
            entries: ids.iter().map(|_| OnceLock::new()).collect(),
            state: Some(state),
            ids,
            segments,
            rows,
            opened: Some((folder.clone(), access)),
            by_key: OnceLock::new(),
        })
    }

    /// The name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// SHA-256 over the entries' ids and all that they state, as 64 hexadecimal digits. It does not
    /// depend on the library's name, on compression, on where the records stood in their files, or on
    /// how they are stored.
    #[must_use]
    pub fn digest(&self) -> &str {
        &self.digest
    }

    /// How far its answers reach.
    #[must_use]
    pub fn scope(&self) -> LibraryScope {
        self.scope
    }

    /// The state that was opened; `None` for a library that was read from spectrum files.
    #[must_use]
    pub fn state(&self) -> Option<&LibraryState> {
        self.state.as_ref()
    }

    /// The number of entries.
    #[must_use]
    pub fn len(&self) -> usize {
        self.ids.len()
    }

    /// Whether there is no entry.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }

    /// The ids of all entries, ascending.
    #[must_use]
    pub fn ids(&self) -> &[EntryId] {
        &self.ids
    }

    /// All entries, ascending by id.
    ///
    /// # Errors
    /// Of each: `Damaged`, with file and section.
    pub fn entries(&self) -> impl ExactSizeIterator<Item = Result<&Entry>> + DoubleEndedIterator {
        (0..self.len()).map(|position| self.at(position))
    }

    /// The entry at a position among [`Library::ids`].
    ///
    /// # Errors
    /// `Damaged`, with file and section.
    ///
    /// # Panics
    /// If there is no such position.
    pub fn at(&self, position: usize) -> Result<&Entry> {
        let slot = &self.entries[position];
        if let Some(entry) = slot.get() {
            return Ok(entry);
        }
        let (segment, row) = self.rows[position];
        let record = self.segments[segment as usize].record(row as usize)?;
        // Another thread may have been faster; both read the same.
        Ok(slot.get_or_init(|| Box::new(Entry::new(self.ids[position], record))))
    }

    /// The position of an id among [`Library::ids`].
    #[must_use]
    pub fn position(&self, id: EntryId) -> Option<usize> {
        self.ids.binary_search(&id).ok()
    }

    /// The entry with the given id.
    ///
    /// # Errors
    /// `Damaged`, with file and section.
    pub fn entry(&self, id: EntryId) -> Result<Option<&Entry>> {
        self.position(id).map(|position| self.at(position)).transpose()
    }

    /// All entries of the substance with the given key, whatever their stereochemistry and form,
    /// ascending by id.
    ///
    /// # Errors
    /// `Damaged`, with file and section.
    pub fn entries_of(&self, key: &SubstanceKey) -> Result<Vec<&Entry>> {
        let by_key = match self.by_key.get() {
            Some(by_key) => by_key,
            None => {
                let mut by_key: BTreeMap<SubstanceKey, Vec<usize>> = BTreeMap::new();
                for (position, entry) in self.entries().enumerate() {
                    if let Some(key) = entry?.key() {
                        by_key.entry(key.clone()).or_default().push(position);
                    }
                }
                self.by_key.get_or_init(|| by_key)
            }
        };
        by_key.get(key).into_iter().flatten().map(|&position| self.at(position)).collect()
    }

    /// How many entries hold spectra of each kind.
    ///
    /// # Errors
    /// `Damaged`, with file and section.
    pub fn spectrum_counts(&self) -> Result<SpectrumCounts> {
        let kind = |position: usize| match self.rows.get(position) {
            Some(&(segment, row)) => self.segments[segment as usize].kind(row as usize),
            None => Ok(self.at(position)?.record().spectrum.kind()),
        };
        (0..self.len()).map(kind).collect()
    }

    /// The parts in which the entries stand, as numbers of rows: one for each segment, withdrawn entries
    /// included, or a single one for a library in memory.
    pub(crate) fn parts(&self) -> Vec<usize> {
        match self.state {
            Some(_) => self.segments.iter().map(|segment| segment.ids().len()).collect(),
            None => vec![self.len()],
        }
    }

    /// Part and row of the entry at a position.
    pub(crate) fn place(&self, position: usize) -> (usize, usize) {
        match self.rows.get(position) {
            Some(&(segment, row)) => (segment as usize, row as usize),
            None => (0, position),
        }
    }

    /// The peaks of a row after the recipe with a digest; inner `None` if the recipe turns the spectrum
    /// away, outer `None` if the library holds nothing for this recipe.
    pub(crate) fn prepared(
        &self,
        part: usize,
        row: usize,
        recipe: &Digest,
    ) -> Result<Option<Option<PeakList>>> {
        match self.segments.get(part) {
            Some(segment) => segment.prepared(row, recipe),
            None => Ok(None),
        }
    }

    /// The index file of a part for a way of comparing; `None` if there is none.
    pub(crate) fn index_file(
        &self,
        part: usize,
        comparison: &Digest,
        tell: &mut dyn FnMut(u64) -> Result<()>,
    ) -> Result<Option<IndexFile>> {
        let Some(((folder, access), segment)) = self.opened.as_ref().zip(self.segments.get(part)) else {
            return Ok(None);
        };
        folder.index_file(&segment.container().sum(), comparison, *access, tell)
    }

    /// The files that the entries were read from, as the segments of this state name them.
    #[must_use]
    pub fn sources(&self) -> Vec<LibrarySource> {
        let sources = self.segments.iter().flat_map(Segment::sources);
        sources.map(LibrarySource::of).collect()
    }
}

/// A file that entries of a library were read from.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
#[non_exhaustive]
pub struct LibrarySource {
    /// The file, as the caller named it.
    pub name: String,
    /// SHA-256 of the file as stored, 64 hexadecimal digits.
    pub sha256: String,
    /// Its format.
    pub format: String,
    /// Entries read from it.
    pub entries: u64,
    /// Records that could not be read.
    pub records_skipped: u64,
    /// Repairs and other things that its reader reported.
    pub notices: u64,
}

impl LibrarySource {
    fn of(source: &SourceData) -> Self {
        Self {
            name: source.name.clone(),
            sha256: source.sha256.clone(),
            format: source.format.clone(),
            entries: source.entries,
            records_skipped: source.records_skipped,
            notices: source.notices,
        }
    }
}

/// The digest of a recipe as sections carry it: SHA-256 of its canonical text.
pub(crate) fn recipe_digest(recipe: &Recipe) -> Digest {
    Sha256::digest(recipe.canonical_text()).into()
}

pub(crate) fn check_name(name: &str) -> Result<()> {
    if name.trim().is_empty() { Err(Error::invalid_option("a library needs a name")) } else { Ok(()) }
}

/// One entry's share in a library's digest, so that entries may be digested apart.
fn add_to_digest(whole: &mut Sha256, id: EntryId, content_digest: &Digest) {
    whole.update(id.0.to_le_bytes());
    whole.update(content_digest);
}

/// The number of entries that are not withdrawn, and the digest over them.
fn digest_of<'a>(
    segments: impl IntoIterator<Item = &'a Segment>,
    tombstones: &[TombstoneData],
) -> Result<(u64, Digest)> {
    let (mut whole, mut entries) = (Sha256::new(), 0);
    for segment in segments {
        for (id, digest) in segment.ids().iter().zip(segment.content_digests()?) {
            if tombstones.binary_search_by_key(&id.0, |tombstone| tombstone.id).is_err() {
                add_to_digest(&mut whole, *id, digest);
                entries += 1;
            }
        }
    }
    Ok((entries, whole.finalize().into()))
}
