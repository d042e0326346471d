//! The folder of a library: its states, and opening one of them.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use serde::Serialize;

use super::codec::SegmentEntryCount;
use super::container::Digest;
use super::index_file::{IndexFile, index_file, segment_of_index_file};
use super::manifest::{
    LibraryState, Manifest, StateSelector, is_segment_file, manifest_file, manifest_number, segment_file,
};
use super::segment::Segment;
use super::storage::{Access, FolderStorage, Storage};
use super::writer::INCOMING;
use super::{EntryId, Library};
use crate::canonical::hex;
use crate::error::{Error, ErrorKind, Result};
use crate::progress::{Watch, Watched};

/// A library's folder. Nothing in it changes in place: each change adds files, so that every earlier
/// state can still be opened, and readers are never in a writer's way.
#[derive(Debug, Clone)]
pub struct LibraryFolder {
    storage: Arc<dyn Storage>,
}

/// The states of a library.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct History {
    /// The states that can be read, oldest first.
    pub states: Vec<LibraryState>,
    /// What is wrong with the others, or with the way from one to the next, in sentences.
    pub problems: Vec<String>,
}

impl LibraryFolder {
    /// The library in a folder of the file system, whether it is there or not.
    #[must_use]
    pub fn at(folder: &Path) -> Self {
        Self::with_storage(Arc::new(FolderStorage::new(folder)))
    }

    /// The library in any storage.
    #[must_use]
    pub fn with_storage(storage: Arc<dyn Storage>) -> Self {
        Self { storage }
    }

    /// Whether a path is a folder with the manifest of a library in it.
    #[must_use]
    pub fn is_library(path: &Path) -> bool {
        let names = FolderStorage::new(path).file_names();
        names.is_ok_and(|names| names.iter().any(|name| manifest_number(name).is_some()))
    }

    pub(super) fn storage(&self) -> &Arc<dyn Storage> {
        &self.storage
    }

    /// The folder, for messages.
    #[must_use]
    pub fn path(&self) -> &Path {
        self.storage.folder()
    }

    /// Opens a state. With [`Access::Owned`] everything is checked; with [`Access::Mapped`] headers,
    /// tables and ids, and each chunk of the rest when it is first read.
    ///
    /// # Errors
    /// `Io`; `Malformed` if there is no library; `InvalidOption` if it has no such state; `Damaged` or
    /// `IncompatibleVersion`, with file and section, and with the last state that can be opened. The
    /// newest state is never passed over in silence.
    pub fn open(&self, select: &StateSelector, access: Access) -> Result<Library> {
        self.open_told(select, access, &mut Watched::by_nobody())
    }

    /// As [`LibraryFolder::open`], and tells `watch` how many bytes of its files are read and checked. It can stop before
    /// each file and, with [`Access::Owned`], while a file is checked.
    ///
    /// # Errors
    /// As [`LibraryFolder::open`]; `Cancelled` if `watch` breaks off.
    pub fn open_watched(
        &self,
        select: &StateSelector,
        access: Access,
        watch: &mut Watch<'_>,
    ) -> Result<Library> {
        self.open_told(select, access, &mut Watched::by(watch))
    }

    fn open_told(
        &self,
        select: &StateSelector,
        access: Access,
        watched: &mut Watched<'_>,
    ) -> Result<Library> {
        let manifest = self.select(select)?;
        watched.expect(manifest.data.segments.iter().map(|segment| segment.file_bytes).sum())?;
        let mut open = |manifest: Manifest| {
            let segments = self.segments(&manifest, access, watched)?;
            Library::from_segments(&manifest, segments, self, access)
        };
        let number = manifest.data.number;
        open(manifest).map_err(|error| match select {
            StateSelector::Latest if error.kind() != ErrorKind::Cancelled => {
                self.with_last_good(error, number)
            }
            _ => error,
        })
    }

    /// All states, oldest first, with what is wrong among them.
    ///
    /// # Errors
    /// `Io` if the folder cannot be listed; `Malformed` if there is no library in it.
    pub fn history(&self) -> Result<History> {
        let mut history = History { states: Vec::new(), problems: Vec::new() };
        let mut before: Option<Manifest> = None;
        for number in self.numbers()? {
            match self.manifest(number) {
                Ok(manifest) => {
                    if let Some(problem) = gap(before.as_ref(), &manifest) {
                        history.problems.push(problem);
                    }
                    history.states.push(manifest.state());
                    before = Some(manifest);
                }
                Err(error) => history.problems.push(error.to_string()),
            }
        }
        Ok(history)
    }

    /// A state as its manifest describes it.
    ///
    /// # Errors
    /// As [`LibraryFolder::open`].
    pub fn state(&self, select: &StateSelector) -> Result<LibraryState> {
        Ok(self.select(select)?.state())
    }

    /// Files of ours that no state names, by name; none if a manifest cannot be read, which may name
    /// them.
    pub(super) fn left_over(&self) -> Result<Vec<String>> {
        let manifests = self.numbers()?.into_iter().map(|number| self.manifest(number));
        let Ok(manifests) = manifests.collect::<Result<Vec<Manifest>>>() else { return Ok(Vec::new()) };
        let named: BTreeSet<String> = manifests
            .iter()
            .flat_map(|manifest| &manifest.data.segments)
            .map(|segment| segment_file(&segment.sum))
            .collect();
        let mut names = self.storage.file_names().map_err(|error| self.cannot_list(error))?;
        let is_of_named = |digits: &str| {
            named.iter().any(|name| name.strip_prefix("segment-").is_some_and(|sum| sum.starts_with(digits)))
        };
        names.retain(|name| {
            name == INCOMING
                || is_segment_file(name) && !named.contains(name)
                || segment_of_index_file(name).is_some_and(|digits| !is_of_named(digits))
        });
        names.sort();
        Ok(names)
    }

    /// The numbers of all manifests, ascending.
    ///
    /// # Errors
    /// `Io`; `Malformed` if there is none.
    pub(super) fn numbers(&self) -> Result<Vec<u64>> {
        let numbers = self.numbers_or_none()?;
        if numbers.is_empty() {
            let message =
                "it is no library: there is no manifest in it (building one may have been interrupted)";
            return Err(Error::malformed(message).in_file(self.path()));
        }
        Ok(numbers)
    }

    fn numbers_or_none(&self) -> Result<Vec<u64>> {
        let names = self.storage.file_names().map_err(|error| self.cannot_list(error))?;
        let mut numbers: Vec<u64> = names.iter().filter_map(|name| manifest_number(name)).collect();
        numbers.sort_unstable();
        Ok(numbers)
    }

    /// The newest manifest; `None` if no state was ever acknowledged.
    pub(super) fn latest_or_none(&self) -> Result<Option<Manifest>> {
        let latest = self.numbers_or_none()?.pop();
        latest
            .map(|number| self.manifest(number).map_err(|error| self.with_last_good(error, number)))
            .transpose()
    }

    fn select(&self, select: &StateSelector) -> Result<Manifest> {
        let numbers = self.numbers()?;
        match select {
            StateSelector::Latest => self.latest_or_none()?.ok_or_else(|| self.no_state("a newest state")),
            StateSelector::Number(number) if numbers.contains(number) => self.manifest(*number),
            StateSelector::Number(number) => Err(self.no_state(&format!("state {number}"))),
            StateSelector::Digest(prefix) => self.select_by_digest(&numbers, prefix),
        }
    }

    fn select_by_digest(&self, numbers: &[u64], prefix: &str) -> Result<Manifest> {
        let (mut found, mut unreadable): (Option<Manifest>, _) = (None, None);
        for &number in numbers.iter().rev() {
            match self.manifest(number) {
                Ok(manifest) if hex(&manifest.data.content_digest).starts_with(prefix) => match &found {
                    None => found = Some(manifest),
                    Some(newer) if newer.data.content_digest == manifest.data.content_digest => {}
                    Some(_) => {
                        let message = format!("states of different digests begin with {prefix}");
                        return Err(Error::invalid_option(message).in_file(self.path()));
                    }
                },
                Ok(_) => {}
                Err(error) => unreadable = Some(error),
            }
        }
        match (found, unreadable) {
            (Some(manifest), _) => Ok(manifest),
            (None, Some(error)) => Err(error),
            (None, None) => Err(self.no_state(&format!("state with digest {prefix}"))),
        }
    }

    pub(super) fn manifest(&self, number: u64) -> Result<Manifest> {
        let file = manifest_file(number);
        let path = self.path().join(&file);
        let bytes = self
            .storage
            .read(&file, Access::Owned)
            .map_err(|error| Error::io(&path, "read the manifest", error))?;
        Manifest::read(&path, bytes, number)
    }

    /// The segments of a state, in its order.
    pub(super) fn segments(
        &self,
        manifest: &Manifest,
        access: Access,
        watched: &mut Watched<'_>,
    ) -> Result<Vec<Segment>> {
        let mut end = watched.done();
        let mut open = |stated: &SegmentEntryCount| {
            let segment = self.segment(manifest, stated, access, watched)?;
            end += stated.file_bytes;
            watched.reach(end)?;
            Ok(segment)
        };
        manifest.data.segments.iter().map(&mut open).collect()
    }

    pub(super) fn segment(
        &self,
        manifest: &Manifest,
        stated: &SegmentEntryCount,
        access: Access,
        watched: &mut Watched<'_>,
    ) -> Result<Segment> {
        let segment = self.read_segment(&stated.sum, access, watched)?;
        if stated.entries != segment.ids().len() as u64 || stated.peaks != segment.peaks() {
            let number = manifest.data.number;
            let message = format!("it does not hold what the manifest of state {number} says");
            return Err(Error::damaged(message).in_file(segment.container().path()));
        }
        Ok(segment)
    }

    /// A segment by its header sum.
    pub(super) fn read_segment(
        &self,
        sum: &Digest,
        access: Access,
        watched: &mut Watched<'_>,
    ) -> Result<Segment> {
        let file = segment_file(sum);
        let path = self.path().join(&file);
        let bytes =
            self.storage.read(&file, access).map_err(|error| Error::io(&path, "read the segment", error))?;
        let segment = Segment::open(&path, bytes, access, watched)?;
        if segment.container().sum() != *sum {
            let message = "its content is that of another segment: its name is not its checksum";
            return Err(Error::damaged(message).in_section("header").in_file(&path));
        }
        Ok(segment)
    }

    /// The index file of a segment for a way of comparing; `None` if there is none. `tell` is given its bytes as they are
    /// checked, and an error of it ends the check.
    pub(super) fn index_file(
        &self,
        segment: &Digest,
        comparison: &Digest,
        access: Access,
        tell: &mut dyn FnMut(u64) -> Result<()>,
    ) -> Result<Option<IndexFile>> {
        let index = self.read_index(&index_file(segment, comparison), access, tell)?;
        match index {
            Some(index) if index.segment() != segment || index.comparison() != comparison => {
                Err(index.misplaced())
            }
            index => Ok(index),
        }
    }

    /// All index files of a segment, by name.
    pub(super) fn index_files(&self, segment: &Digest) -> Result<Vec<IndexFile>> {
        let mut names = self.index_names(segment)?;
        names.sort();
        let read = |name: &String| self.read_index(name, Access::Mapped, &mut |_| Ok(())).transpose();
        names.iter().filter_map(read).collect()
    }

    /// The names of all index files of a segment.
    pub(super) fn index_names(&self, segment: &Digest) -> Result<Vec<String>> {
        let mut names = self.storage.file_names().map_err(|error| self.cannot_list(error))?;
        let digits = hex(segment);
        names.retain(|name| segment_of_index_file(name).is_some_and(|of| digits.starts_with(of)));
        Ok(names)
    }

    fn read_index(
        &self,
        name: &str,
        access: Access,
        tell: &mut dyn FnMut(u64) -> Result<()>,
    ) -> Result<Option<IndexFile>> {
        let path = self.path().join(name);
        match self.storage.read(name, access) {
            Ok(bytes) => {
                let index = IndexFile::open(&path, bytes, access, tell)?;
                if index_file(index.segment(), index.comparison()) != name {
                    return Err(index.misplaced());
                }
                Ok(Some(index))
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(Error::io(&path, "read the index", error)),
        }
    }

    /// The error with which the newest state was refused, naming the last one that can be opened.
    fn with_last_good(&self, error: Error, refused: u64) -> Error {
        let numbers = self.numbers_or_none().unwrap_or_default();
        let opens = |number: u64| self.open(&StateSelector::Number(number), Access::Owned).is_ok();
        let last_good =
            numbers.into_iter().rev().filter(|&number| number < refused).find(|&number| opens(number));
        let advice = match last_good {
            Some(number) => {
                format!("the last state that can be opened is {number}; ask for it by its number")
            }
            None => "no earlier state can be opened".to_owned(),
        };
        let message = format!("{}; state {refused} is not opened: {advice}", error.message());
        Error::new(error.kind(), message).at(error.location().clone()).caused_by(error)
    }

    fn no_state(&self, which: &str) -> Error {
        Error::invalid_option(format!("the library has no {which}")).in_file(self.path())
    }

    fn cannot_list(&self, error: std::io::Error) -> Error {
        Error::io(self.path(), "list the library's files", error)
    }
}

/// What is wrong between two manifests that follow each other.
pub(super) fn gap(before: Option<&Manifest>, manifest: &Manifest) -> Option<String> {
    let number = manifest.data.number;
    match before {
        Some(before) if before.data.number + 1 == number => (before.sum != manifest.data.parent).then(|| {
            format!("the manifest of state {number} does not follow that of state {}", before.data.number)
        }),
        Some(before) => Some(format!("there are no states between {} and {number}", before.data.number)),
        None => (number != 1).then(|| format!("there are no states before {number}")),
    }
}

/// The rows of all segments that are not withdrawn: segment, row and id, ascending by id.
pub(super) fn live_rows<'a>(
    manifest: &'a Manifest,
    segments: &'a [Segment],
) -> impl Iterator<Item = (usize, usize, EntryId)> + 'a {
    let tombstones = &manifest.data.tombstones;
    segments.iter().enumerate().flat_map(move |(segment, opened)| {
        opened.ids().iter().enumerate().filter_map(move |(row, &id)| {
            let withdrawn = tombstones.binary_search_by_key(&id.0, |tombstone| tombstone.id).is_ok();
            (!withdrawn).then_some((segment, row, id))
        })
    })
}
