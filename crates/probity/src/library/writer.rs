//! Changing a library: new files, then a manifest that names them.

use std::collections::BTreeMap;
use std::io;
use std::path::Path;
use std::sync::Arc;

use super::codec::{SegmentEntryCount, TombstoneData};
use super::container::{BuiltContainer, Digest};
use super::folder::LibraryFolder;
use super::index_file::{IndexContent, index_file, segment_of_index_file};
use super::manifest::{Action, ChangeNote, LibraryState, Manifest, NextState, manifest_file, segment_file};
use super::segment::{Segment, SegmentBuilder};
use super::storage::{Access, Storage, WriteLock};
use super::{LibraryScope, digest_of, recipe_digest};
use crate::error::{Error, ErrorKind, Result};
use crate::preprocess::Recipe;
use crate::progress::Watched;

/// The name of a file that is not finished. There is one writer, so one name is enough.
pub(super) const INCOMING: &str = "incoming.tmp";

/// The right to change one library. What it commits is durable when [`Writer::commit`] returns; until
/// then the library is as it was.
#[derive(Debug)]
pub(crate) struct Writer {
    folder: LibraryFolder,
    storage: Arc<dyn Storage>,
    latest: Option<Manifest>,
    _lock: Box<dyn WriteLock>,
}

/// What a commit changes.
#[derive(Debug)]
pub(crate) struct Change {
    pub(crate) name: String,
    pub(crate) scope: LibraryScope,
    pub(crate) action: Action,
    pub(crate) note: ChangeNote,
    pub(crate) recipes: Vec<(Digest, String)>,
    /// New entries, behind those of the segments that stay.
    pub(crate) added: Option<SegmentBuilder>,
    /// Whether the segments of the state before stay.
    pub(crate) keeps_segments: bool,
    pub(crate) tombstones: Vec<TombstoneData>,
    pub(crate) next_id: u64,
}

impl Writer {
    /// Takes the right to write to a library that is there.
    ///
    /// # Errors
    /// `Busy` if another writer has it; `Io`; those of [`LibraryFolder::open`].
    pub(crate) fn existing(folder: &LibraryFolder) -> Result<Self> {
        // Without a library there is nothing to lock, and nothing may be left behind.
        folder.state(&super::StateSelector::Latest)?;
        Self::lock(folder)
    }

    /// Takes the right to write to a library that is to be made; what an interrupted attempt left in
    /// its folder does not matter.
    ///
    /// # Errors
    /// As [`Writer::existing`]; `InvalidOption` if there is a library already, or other files are.
    pub(crate) fn new_library(folder: &LibraryFolder) -> Result<Self> {
        let storage = folder.storage();
        storage
            .create_folder()
            .map_err(|error| Error::io(folder.path(), "make the library's folder", error))?;
        let names = storage
            .file_names()
            .map_err(|error| Error::io(folder.path(), "list the library's files", error))?;
        let is_ours = |name: &String| {
            name == "lock"
                || name == INCOMING
                || super::manifest::is_segment_file(name)
                || segment_of_index_file(name).is_some()
                || super::manifest::manifest_number(name).is_some()
        };
        if let Some(other) = names.iter().find(|name| !is_ours(name)) {
            let message = format!("the folder holds other files, such as {other}; a library needs its own");
            return Err(Error::invalid_option(message).in_file(folder.path()));
        }
        let writer = Self::lock(folder)?;
        if writer.latest.is_some() {
            let message = "there is a library already; add to it, or build under another name";
            return Err(Error::invalid_option(message).in_file(folder.path()));
        }
        Ok(writer)
    }

    fn lock(folder: &LibraryFolder) -> Result<Self> {
        let storage = Arc::clone(folder.storage());
        let lock = storage.lock().map_err(|error| match error.kind() {
            io::ErrorKind::WouldBlock => Error::new(
                ErrorKind::Busy,
                "another program is changing this library; it can be read meanwhile, and changed afterwards",
            )
            .in_file(folder.path()),
            _ => Error::io(folder.path(), "write to the library", error),
        })?;
        let latest = folder.latest_or_none()?;
        Ok(Self { folder: folder.clone(), storage, latest, _lock: lock })
    }

    fn latest(&self) -> Result<&Manifest> {
        self.latest.as_ref().ok_or_else(|| {
            Error::invalid_option("there is no library yet that could be changed").in_file(self.folder.path())
        })
    }

    /// The number of the state that the next commit makes. Beyond the last there is none: the commit is
    /// refused.
    pub(crate) fn next_number(&self) -> u64 {
        self.latest.as_ref().map_or(0, |latest| latest.data.number).saturating_add(1)
    }

    /// A change that leaves everything as it is.
    ///
    /// # Errors
    /// `InvalidOption` if there is no state yet.
    pub(crate) fn next(&self, action: Action, note: ChangeNote) -> Result<Change> {
        let latest = self.latest()?;
        let data = &latest.data;
        Ok(Change {
            name: data.library_name.clone(),
            scope: latest.scope,
            action,
            note,
            recipes: data.recipes.clone(),
            added: None,
            keeps_segments: true,
            tombstones: data.tombstones.clone(),
            next_id: data.next_id,
        })
    }

    /// The recipes whose prepared peaks the newest state stores.
    ///
    /// # Errors
    /// `Damaged` if this version does not understand one as it was written.
    pub(crate) fn recipes(&self) -> Result<Vec<Recipe>> {
        let recipe = |(digest, text): &(Digest, String)| {
            let recipe: Option<Recipe> = serde_json::from_str(text).ok();
            recipe.filter(|recipe| recipe_digest(recipe) == *digest).ok_or_else(|| {
                let message =
                    "this version does not understand a recipe whose prepared peaks the library stores";
                Error::new(ErrorKind::IncompatibleVersion, message).in_file(self.folder.path())
            })
        };
        self.latest()?.data.recipes.iter().map(recipe).collect()
    }

    /// Removes files that no state names.
    ///
    /// # Errors
    /// `Io`.
    pub(crate) fn remove_left_over(&self) -> Result<()> {
        for name in self.folder.left_over()? {
            self.storage.remove(&name).map_err(|error| {
                Error::io(&self.folder.path().join(&name), "remove a file that is left over", error)
            })?;
        }
        Ok(())
    }

    /// The segments of the newest state, mapped.
    pub(crate) fn segments(&self) -> Result<Vec<Segment>> {
        let latest = self.latest.as_ref();
        Ok(latest
            .map(|latest| self.folder.segments(latest, Access::Mapped, &mut Watched::by_nobody()))
            .transpose()?
            .unwrap_or_default())
    }

    /// Writes the new segment, the index files that `index` makes of it, and the manifest that names it.
    ///
    /// # Errors
    /// `Io`, after which the library is as it was; only if the very last step fails, which makes the
    /// manifest's name durable, may the new state be there without having been acknowledged.
    pub(crate) fn commit_indexed(
        &mut self,
        change: Change,
        index: impl FnOnce(&Self, &Segment) -> Result<Vec<IndexContent>>,
    ) -> Result<LibraryState> {
        let mut kept: Vec<SegmentEntryCount> = Vec::new();
        let mut segments = Vec::new();
        if change.keeps_segments
            && let Some(latest) = &self.latest
        {
            kept.clone_from(&latest.data.segments);
            segments = self.folder.segments(latest, Access::Mapped, &mut Watched::by_nobody())?;
        }
        if let Some(added) = change.added {
            let (file, count) = added.build()?;
            self.write_segment(&file, &count.sum)?;
            // Read back before anything depends on it.
            let segment = self.folder.read_segment(&count.sum, Access::Owned, &mut Watched::by_nobody())?;
            for content in index(self, &segment)? {
                self.write_index(&segment, content)?;
            }
            segments.push(segment);
            kept.push(count);
        }
        let (entries, content_digest) = digest_of(&segments, &change.tombstones)?;
        let (manifest, file) = Manifest::next(
            self.latest.as_ref(),
            NextState {
                name: change.name,
                scope: change.scope,
                action: change.action,
                note: change.note,
                next_id: change.next_id,
                entries,
                content_digest,
                recipes: change.recipes,
                segments: kept,
                tombstones: change.tombstones,
            },
        )?;
        self.write_manifest(&file, manifest.data.number)?;
        let state = manifest.state();
        self.latest = Some(manifest);
        Ok(state)
    }

    /// As [`Writer::commit_indexed`], without index files.
    ///
    /// # Errors
    /// As [`Writer::commit_indexed`].
    pub(crate) fn commit(&mut self, change: Change) -> Result<LibraryState> {
        self.commit_indexed(change, |_, _| Ok(Vec::new()))
    }

    /// The ways of comparing for which some segment of the newest state has an index file, each once.
    ///
    /// # Errors
    /// `Io`; `Damaged`.
    pub(crate) fn comparisons(&self) -> Result<BTreeMap<Digest, String>> {
        let mut comparisons = BTreeMap::new();
        for segment in self.latest.iter().flat_map(|latest| &latest.data.segments) {
            for index in self.folder.index_files(&segment.sum)? {
                comparisons.insert(*index.comparison(), index.comparison_text().to_owned());
            }
        }
        Ok(comparisons)
    }

    /// Writes an index file of a segment. No state names it, so this makes no new one.
    ///
    /// # Errors
    /// `Io`, after which the library is as it was.
    pub(crate) fn write_index(&self, segment: &Segment, content: IndexContent) -> Result<u64> {
        let sum = segment.container().sum();
        let name = index_file(&sum, &content.comparison);
        let file = content.build(sum)?;
        self.write_incoming(&file)
            .and_then(|()| self.storage.rename(INCOMING, &name))
            .and_then(|()| self.storage.sync_folder())
            .map_err(|error| self.failed(&name, "index", error))?;
        Ok(file.file_bytes())
    }

    /// Whether a segment has an index file for a way of comparing. It is read whole.
    ///
    /// # Errors
    /// `Io`; `Damaged`.
    pub(crate) fn has_index(&self, segment: &Segment, comparison: &Digest) -> Result<bool> {
        let sum = segment.container().sum();
        let index = self.folder.index_file(&sum, comparison, Access::Mapped, &mut |_| Ok(()))?;
        index.iter().try_for_each(|index| index.check_all(&mut |_| Ok(())))?;
        Ok(index.is_some())
    }

    fn write_segment(&self, file: &BuiltContainer, sum: &Digest) -> Result<()> {
        let name = segment_file(sum);
        self.write_incoming(file)
            .and_then(|()| self.storage.rename(INCOMING, &name))
            .and_then(|()| self.storage.sync_folder())
            .map_err(|error| self.failed(&name, "segment", error))
    }

    fn write_manifest(&self, file: &BuiltContainer, number: u64) -> Result<()> {
        let name = manifest_file(number);
        self.write_incoming(file)
            .and_then(|()| self.storage.rename_to_new(INCOMING, &name))
            .map_err(|error| self.failed(&name, "manifest", error))?;
        self.storage.sync_folder().map_err(|error| {
            let path = self.folder.path().join(&name);
            let message = format!(
                "state {number} is written, but the system does not confirm that it will last ({error}): it is not acknowledged; look after the disk, then verify the library"
            );
            Error::new(ErrorKind::Io, message).in_file(&path).caused_by(error)
        })
    }

    fn write_incoming(&self, file: &BuiltContainer) -> io::Result<()> {
        let mut incoming = self.storage.create(INCOMING)?;
        file.write(incoming.as_mut())?;
        incoming.sync()
    }

    fn failed(&self, name: &str, what: &str, error: io::Error) -> Error {
        // It may not be there, and if it cannot be removed the next change empties it.
        let _ = self.storage.remove(INCOMING);
        let path = self.folder.path().join(name);
        let message = format!("cannot write the {what}: {error}; the library stays as it was");
        Error::new(ErrorKind::Io, message).in_file(Path::new(&path)).caused_by(error)
    }
}
