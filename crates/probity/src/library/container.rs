//! The container: the outer form of every file of a library.
//!
//! All numbers are little-endian. Sections follow the header without gaps, in the order of the table,
//! and the last ends with the file, so that every byte is covered by a sum:
//!
//! | at | bytes | what |
//! | --- | --- | --- |
//! | 0 | 8 | magic `89 50 52 42 0D 0A 1A 0A` |
//! | 8 | 4 | kind of file: `SEGM`, `MNFT` or `INDX` |
//! | 12 | 2 | format version |
//! | 14 | 2 | oldest version of the reader that may open it |
//! | 16 | 4 | number of sections, s |
//! | 20 | 4 | length of the header, sums included |
//! | 24 | 8 | length of the file |
//! | 32 | 88 s | section table: name (16 bytes of ASCII, filled with zeros), recipe digest (32; zeros for what was published), length (8), section sum (32) |
//! | | 32 c | BLAKE3 of each 64-KiB chunk of each section, in the order of the table |
//! | | 32 | header sum: BLAKE3 of all the above; it names the whole content |
//!
//! A section sum is the BLAKE3 of the section's chunk sums.

mod builder;
mod header;

pub(super) use builder::{BuiltContainer, ContainerBuilder};

use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use self::header::Header;
use super::storage::{Access, StoredBytes};
use crate::error::{Error, Location, Result};

/// The first bytes of every file: none of them survives a transfer as text unchanged.
const MAGIC: [u8; 8] = [0x89, b'P', b'R', b'B', 0x0d, 0x0a, 0x1a, 0x0a];

/// The newest version that is written, by segments that hold curves. What an older version can hold is written in that,
/// so that older readers open it.
pub const FORMAT_VERSION: u16 = 2;

/// The oldest version that is read.
pub const OLDEST_FORMAT_VERSION: u16 = 1;

/// Bytes under one sum.
const CHUNK: usize = 64 * 1024;

/// Chunks that are checked before it is told: some milliseconds.
const CHUNKS_TOLD: usize = 128;

/// Bytes before the section table.
const PREAMBLE: usize = 32;

/// Bytes of one row of the section table.
const ROW: usize = 88;

const SUM: usize = blake3::OUT_LEN;

/// A digest of 32 bytes.
pub(crate) type Digest = [u8; SUM];

/// The recipe digest of sections that hold what was published.
pub(super) const PUBLISHED: Digest = [0; SUM];

/// What a file holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Segment,
    Manifest,
    Index,
}

impl Kind {
    fn tag(self) -> [u8; 4] {
        match self {
            Self::Segment => *b"SEGM",
            Self::Manifest => *b"MNFT",
            Self::Index => *b"INDX",
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Segment => "segment",
            Self::Manifest => "manifest",
            Self::Index => "index",
        }
    }
}

/// The sections that this version knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum SectionName {
    Manifest,
    Segment,
    EntryIds,
    ContentDigests,
    RecordOffsets,
    Records,
    PeakOffsets,
    Peaks,
    PreparedOffsets,
    Prepared,
    Index,
    Facts,
    PrecursorMz,
    RetentionIndex,
    RangeCm1,
    ByPrecursor,
    ComparedOffsets,
    Compared,
    Edges,
    BoundOffsets,
    Bounds,
    CloseOffsets,
    Close,
    RatioOffsets,
    Ratios,
}

impl SectionName {
    const ALL: [Self; 25] = [
        Self::Manifest,
        Self::Segment,
        Self::EntryIds,
        Self::ContentDigests,
        Self::RecordOffsets,
        Self::Records,
        Self::PeakOffsets,
        Self::Peaks,
        Self::PreparedOffsets,
        Self::Prepared,
        Self::Index,
        Self::Facts,
        Self::PrecursorMz,
        Self::RetentionIndex,
        Self::RangeCm1,
        Self::ByPrecursor,
        Self::ComparedOffsets,
        Self::Compared,
        Self::Edges,
        Self::BoundOffsets,
        Self::Bounds,
        Self::CloseOffsets,
        Self::Close,
        Self::RatioOffsets,
        Self::Ratios,
    ];

    pub(super) fn text(self) -> &'static str {
        match self {
            Self::Manifest => "manifest",
            Self::Segment => "segment",
            Self::EntryIds => "entry_ids",
            Self::ContentDigests => "content_digests",
            Self::RecordOffsets => "record_offsets",
            Self::Records => "records",
            Self::PeakOffsets => "peak_offsets",
            Self::Peaks => "peaks",
            Self::PreparedOffsets => "prepared_offsets",
            Self::Prepared => "prepared",
            Self::Index => "index",
            Self::Facts => "facts",
            Self::PrecursorMz => "precursor_mz",
            Self::RetentionIndex => "retention_index",
            Self::RangeCm1 => "range_cm1",
            Self::ByPrecursor => "by_precursor",
            Self::ComparedOffsets => "compared_offsets",
            Self::Compared => "compared",
            Self::Edges => "edges",
            Self::BoundOffsets => "bound_offsets",
            Self::Bounds => "bounds",
            Self::CloseOffsets => "close_offsets",
            Self::Close => "close",
            Self::RatioOffsets => "ratio_offsets",
            Self::Ratios => "ratios",
        }
    }

    /// As it stands in the table.
    fn tag(self) -> [u8; 16] {
        let mut tag = [0; 16];
        let text = self.text().as_bytes();
        tag[..text.len()].copy_from_slice(text);
        tag
    }

    fn from_tag(tag: &[u8]) -> Option<Self> {
        Self::ALL.into_iter().find(|name| name.tag() == tag)
    }
}

/// A section's place, sums and what was already checked.
#[derive(Debug)]
struct Section {
    /// `None` for a section of a later version, which this one passes over.
    name: Option<SectionName>,
    recipe: Digest,
    place: Range<usize>,
    chunk_sums: Vec<Digest>,
    /// One per chunk: whether it was found to agree with its sum.
    checked: Vec<AtomicBool>,
}

/// An opened file: header and table checked, each chunk of a section when it is first read.
#[derive(Debug)]
pub(super) struct Container {
    path: PathBuf,
    bytes: StoredBytes,
    sum: Digest,
    sections: Vec<Section>,
}

impl Container {
    /// Checks header and table; with [`Access::Owned`] also all sections.
    ///
    /// # Errors
    /// `Malformed` for a file of another kind, `IncompatibleVersion`, `Damaged`.
    pub(super) fn open(path: &Path, bytes: StoredBytes, kind: Kind, access: Access) -> Result<Self> {
        Self::open_told(path, bytes, kind, access, &mut |_| Ok(()))
    }

    /// As [`Container::open`]; `tell` is given the bytes as they are checked, and an error of it ends the check.
    ///
    /// # Errors
    /// As [`Container::open`], and as `tell`.
    pub(super) fn open_told(
        path: &Path,
        bytes: StoredBytes,
        kind: Kind,
        access: Access,
        tell: &mut dyn FnMut(u64) -> Result<()>,
    ) -> Result<Self> {
        let header = Header::read(&bytes, kind).map_err(|error| error.in_section("header").in_file(path))?;
        let opened = Self { path: path.to_owned(), bytes, sum: header.sum, sections: header.sections };
        if access == Access::Owned {
            opened.check_all(tell)?;
        }
        Ok(opened)
    }

    /// The header sum, which names the whole content.
    pub(super) fn sum(&self) -> Digest {
        self.sum
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Bytes of the file.
    pub(super) fn file_bytes(&self) -> u64 {
        self.bytes.len() as u64
    }

    /// The recipe digests for which there is a section of the given name.
    pub(super) fn recipes(&self, name: SectionName) -> impl Iterator<Item = Digest> + '_ {
        self.sections.iter().filter(move |section| section.name == Some(name)).map(|section| section.recipe)
    }

    /// The length of a section in bytes.
    ///
    /// # Errors
    /// `Damaged` if there is none.
    pub(super) fn len(&self, name: SectionName, recipe: &Digest) -> Result<usize> {
        self.section(name, recipe).map(|section| section.place.len())
    }

    /// Whole section.
    pub(super) fn whole(&self, name: SectionName, recipe: &Digest) -> Result<&[u8]> {
        let length = self.len(name, recipe)?;
        self.bytes(name, recipe, 0..length)
    }

    /// Some bytes of a section, after the chunks that they stand in were checked.
    ///
    /// # Errors
    /// `Damaged` if there is no such section, it is shorter, or a chunk does not agree with its sum.
    pub(super) fn bytes(&self, name: SectionName, recipe: &Digest, range: Range<usize>) -> Result<&[u8]> {
        self.bytes_of(self.number(name, recipe)?, range)
    }

    /// As [`Container::bytes`], of the section of a number.
    ///
    /// # Errors
    /// As [`Container::bytes`].
    #[inline]
    pub(super) fn bytes_of(&self, number: usize, range: Range<usize>) -> Result<&[u8]> {
        let section = &self.sections[number];
        let whole = &self.bytes[section.place.clone()];
        let Some(part) = whole.get(range.clone()) else { return Err(self.too_short(section, range)) };
        if !part.is_empty() {
            for chunk in range.start / CHUNK..=(range.end - 1) / CHUNK {
                // A thread that sees the flag reads bytes that never change: no order between them is needed.
                if !section.checked[chunk].load(Ordering::Relaxed) {
                    self.check(section, chunk)?;
                }
            }
        }
        Ok(part)
    }

    #[cold]
    fn too_short(&self, section: &Section, range: Range<usize>) -> Error {
        let (start, end, length) = (range.start, range.end, section.place.len());
        let message = format!("bytes {start} to {end} are asked for, but it has {length}");
        match section.name {
            Some(name) => self.damaged(name, message),
            None => Error::damaged(message).in_file(&self.path),
        }
    }

    /// One of many items of different length, whose places stand in a section of their own.
    ///
    /// # Errors
    /// As [`Container::bytes`].
    pub(super) fn item(
        &self,
        offsets: SectionName,
        items: SectionName,
        recipe: &Digest,
        number: usize,
    ) -> Result<&[u8]> {
        let place = self.place_of((offsets, self.number(offsets, recipe)?), number)?;
        self.bytes(items, recipe, place)
    }

    /// Where an item stands in its section, by the section of a name and number that holds the places.
    ///
    /// # Errors
    /// As [`Container::bytes`].
    #[inline]
    pub(super) fn place_of(&self, offsets: (SectionName, usize), item: usize) -> Result<Range<usize>> {
        let places = self.bytes_of(offsets.1, 8 * item..8 * (item + 2))?;
        let [start, end] = places.as_chunks::<8>().0 else {
            return Err(self.damaged(offsets.0, "it is too short"));
        };
        let place = |bytes: &[u8; 8]| usize::try_from(u64::from_le_bytes(*bytes)).unwrap_or(usize::MAX);
        let (start, end) = (place(start), place(end));
        if start > end {
            return Err(self.damaged_item(offsets.0, item, "an item ends before it begins"));
        }
        Ok(start..end)
    }

    /// An error about one item of a section.
    pub(super) fn damaged_item(&self, name: SectionName, number: usize, message: impl Into<String>) -> Error {
        let at = Location::default().in_record(number as u64 + 1);
        Error::damaged(message).at(at).in_section(name.text()).in_file(&self.path)
    }

    /// Checks every chunk of every section, also of those that this version does not know. `tell` is given the bytes as
    /// they are checked.
    ///
    /// # Errors
    /// `Damaged`, for the first chunk that does not agree with its sum; as `tell`.
    pub(super) fn check_all(&self, tell: &mut dyn FnMut(u64) -> Result<()>) -> Result<()> {
        for section in &self.sections {
            let chunks = section.chunk_sums.len();
            for first in (0..chunks).step_by(CHUNKS_TOLD) {
                let end = chunks.min(first + CHUNKS_TOLD);
                for chunk in first..end {
                    if !section.checked[chunk].load(Ordering::Relaxed) {
                        self.check(section, chunk)?;
                    }
                }
                tell((section.place.len().min(end * CHUNK) - first * CHUNK) as u64)?;
            }
        }
        Ok(())
    }

    fn check(&self, section: &Section, chunk: usize) -> Result<()> {
        let whole = &self.bytes[section.place.clone()];
        let start = chunk * CHUNK;
        let bytes = &whole[start..whole.len().min(start + CHUNK)];
        if *blake3::hash(bytes).as_bytes() != section.chunk_sums[chunk] {
            let end = start + bytes.len();
            let message = format!("bytes {start} to {end} do not agree with their checksum");
            let named = section.name.map_or("of a later version", SectionName::text);
            return Err(Error::damaged(message).in_section(named).in_file(&self.path));
        }
        section.checked[chunk].store(true, Ordering::Relaxed);
        Ok(())
    }

    fn section(&self, name: SectionName, recipe: &Digest) -> Result<&Section> {
        self.number(name, recipe).map(|number| &self.sections[number])
    }

    /// The number of a section, for whoever asks for it often.
    ///
    /// # Errors
    /// `Damaged` if there is none.
    pub(super) fn number(&self, name: SectionName, recipe: &Digest) -> Result<usize> {
        self.sections
            .iter()
            .position(|section| section.name == Some(name) && section.recipe == *recipe)
            .ok_or_else(|| self.damaged(name, "the file has no such section"))
    }

    /// An error about one section of this file.
    pub(super) fn damaged(&self, name: SectionName, message: impl Into<String>) -> Error {
        Error::damaged(message).in_section(name.text()).in_file(&self.path)
    }
}
