//! What one way of comparing needs of a segment beside its entries, in a file of its own.
//!
//! An index file is derived: it can be made again from its segment at any time, and without it a search
//! gives the same answers, later. So no state names it; its own name says which segment and which way of
//! comparing it belongs to. All numbers in its sections are little-endian.

use std::path::Path;

use super::codec::{IndexData, decode, encode};
use super::container::{BuiltContainer, Container, ContainerBuilder, Digest, Kind, PUBLISHED, SectionName};
use super::storage::{Access, StoredBytes};
use crate::canonical::hex;
use crate::error::{Error, Result};

/// The name of the index file of a segment (its header sum) for a way of comparing (its digest).
pub(super) fn index_file(segment: &Digest, comparison: &Digest) -> String {
    format!("index-{}-{}.probity", &hex(segment)[..32], &hex(comparison)[..32])
}

/// The 32 digits of the segment's sum in the name of an index file.
pub(super) fn segment_of_index_file(name: &str) -> Option<&str> {
    let (segment, comparison) = name.strip_prefix("index-")?.strip_suffix(".probity")?.split_once('-')?;
    let is_digits = |text: &str| text.len() == 32 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    (is_digits(segment) && is_digits(comparison)).then_some(segment)
}

/// The sections of an index file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct IndexContent {
    /// The digest of what follows from `comparison_text`.
    pub(crate) comparison: Digest,
    /// The way of comparing, for whoever wants to make the same for another segment.
    pub(crate) comparison_text: String,
    pub(crate) rows: u64,
    /// What every query asks of all rows, a record of fixed length for each.
    pub(crate) facts: Vec<u8>,
    /// The rows that state a precursor, in the order of its m/z, as u32.
    pub(crate) by_precursor: Vec<u8>,
    /// Each row as it is compared; empty for a row that cannot be.
    pub(crate) compared: Items,
    /// What the bounds have in common.
    pub(crate) edges: Vec<u8>,
    /// The bounds, in parts of consecutive rows; empty for a measure without an index.
    pub(crate) bounds: Items,
    /// Each row's values for closer bounds; nothing for a measure without such.
    pub(crate) close: Items,
}

/// Items of different length, one after the other, and where each begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Items {
    offsets: Vec<u8>,
    bytes: Vec<u8>,
}

impl Default for Items {
    fn default() -> Self {
        Self { offsets: 0_u64.to_le_bytes().to_vec(), bytes: Vec::new() }
    }
}

impl Items {
    pub(crate) fn push(&mut self, item: &[u8]) {
        self.bytes.extend(item);
        self.offsets.extend((self.bytes.len() as u64).to_le_bytes());
    }

    /// Appends the items of another.
    pub(crate) fn append(&mut self, other: &Self) {
        let first = self.bytes.len() as u64;
        let ends = other.offsets.as_chunks::<8>().0.iter().skip(1);
        self.offsets.extend(ends.flat_map(|end| (first + u64::from_le_bytes(*end)).to_le_bytes()));
        self.bytes.extend(&other.bytes);
    }

    /// The number of items.
    pub(crate) fn count(&self) -> usize {
        self.offsets.len() / 8 - 1
    }

    /// An item.
    pub(crate) fn at(&self, number: usize) -> Option<&[u8]> {
        let offsets = self.offsets.as_chunks::<8>().0;
        // They are places in `bytes`.
        let place = |number: usize| offsets.get(number).map(|bytes| u64::from_le_bytes(*bytes) as usize);
        self.bytes.get(place(number)?..place(number + 1)?)
    }
}

impl IndexContent {
    pub(super) fn build(self, segment: Digest) -> Result<BuiltContainer> {
        let data = IndexData {
            segment,
            comparison: self.comparison,
            comparison_text: self.comparison_text,
            rows: self.rows,
        };
        ContainerBuilder::new(Kind::Index)
            .section(SectionName::Index, PUBLISHED, encode(&data)?)
            .section(SectionName::Facts, PUBLISHED, self.facts)
            .section(SectionName::ByPrecursor, PUBLISHED, self.by_precursor)
            .section(SectionName::ComparedOffsets, PUBLISHED, self.compared.offsets)
            .section(SectionName::Compared, PUBLISHED, self.compared.bytes)
            .section(SectionName::Edges, PUBLISHED, self.edges)
            .section(SectionName::BoundOffsets, PUBLISHED, self.bounds.offsets)
            .section(SectionName::Bounds, PUBLISHED, self.bounds.bytes)
            .section(SectionName::CloseOffsets, PUBLISHED, self.close.offsets)
            .section(SectionName::Close, PUBLISHED, self.close.bytes)
            .build()
    }
}

/// An opened index file. Each chunk of it is checked when it is first read.
#[derive(Debug)]
pub(crate) struct IndexFile {
    container: Container,
    data: IndexData,
}

impl IndexFile {
    /// # Errors
    /// As for every container; `Damaged` if it belongs to another segment or way of comparing.
    pub(super) fn open(path: &Path, bytes: StoredBytes, access: Access) -> Result<Self> {
        let container = Container::open(path, bytes, Kind::Index, access)?;
        let data = container.whole(SectionName::Index, &PUBLISHED)?;
        let data: IndexData =
            decode(data).map_err(|error| error.in_section(SectionName::Index.text()).in_file(path))?;
        Ok(Self { container, data })
    }

    pub(super) fn segment(&self) -> &Digest {
        &self.data.segment
    }

    pub(crate) fn comparison(&self) -> &Digest {
        &self.data.comparison
    }

    /// The way of comparing, as it was given to [`IndexContent`].
    pub(crate) fn comparison_text(&self) -> &str {
        &self.data.comparison_text
    }

    /// The number of rows.
    pub(crate) fn rows(&self) -> u64 {
        self.data.rows
    }

    pub(super) fn file_bytes(&self) -> u64 {
        self.container.file_bytes()
    }

    /// The records of all rows, of `size` bytes each.
    pub(crate) fn facts(&self, size: usize) -> Result<&[u8]> {
        let facts = self.container.whole(SectionName::Facts, &PUBLISHED)?;
        if Some(facts.len() as u64) == self.data.rows.checked_mul(size as u64) {
            return Ok(facts);
        }
        let message = format!("it has {} bytes; {} rows take {size} each", facts.len(), self.data.rows);
        Err(self.container.damaged(SectionName::Facts, message))
    }

    /// Rows in the order of their precursor's m/z; each is one of the rows.
    pub(crate) fn by_precursor(&self) -> Result<impl ExactSizeIterator<Item = usize> + '_> {
        let rows = self.container.whole(SectionName::ByPrecursor, &PUBLISHED)?.as_chunks::<4>().0;
        let row = |bytes: &[u8; 4]| u32::from_le_bytes(*bytes) as usize;
        if rows.iter().any(|bytes| row(bytes) as u64 >= self.data.rows) {
            return Err(self.container.damaged(SectionName::ByPrecursor, "it names rows that are not there"));
        }
        Ok(rows.iter().map(row))
    }

    /// A row as it is compared; empty if it cannot be.
    pub(crate) fn compared(&self, row: usize) -> Result<&[u8]> {
        self.container.item(SectionName::ComparedOffsets, SectionName::Compared, &PUBLISHED, row)
    }

    /// What the bounds have in common.
    pub(crate) fn edges(&self) -> Result<&[u8]> {
        self.container.whole(SectionName::Edges, &PUBLISHED)
    }

    /// The number of parts of the bounds.
    pub(crate) fn bound_parts(&self) -> Result<usize> {
        Ok((self.container.len(SectionName::BoundOffsets, &PUBLISHED)? / 8).saturating_sub(1))
    }

    /// One part of the bounds.
    pub(crate) fn bounds(&self, part: usize) -> Result<&[u8]> {
        self.container.item(SectionName::BoundOffsets, SectionName::Bounds, &PUBLISHED, part)
    }

    /// A row's values for closer bounds.
    #[inline]
    pub(crate) fn close(&self, row: usize) -> Result<&[u8]> {
        self.container.item(SectionName::CloseOffsets, SectionName::Close, &PUBLISHED, row)
    }

    /// An error about what a row says.
    pub(crate) fn damaged_row(&self, row: usize, message: impl Into<String>) -> Error {
        self.container.damaged_item(SectionName::Compared, row, message)
    }

    /// An error about what a part of the bounds says.
    pub(crate) fn damaged_bounds(&self, part: usize, message: impl Into<String>) -> Error {
        self.container.damaged_item(SectionName::Bounds, part, message)
    }

    /// An error about what the facts say of a row.
    pub(crate) fn damaged_facts(&self, row: usize, message: impl Into<String>) -> Error {
        self.container.damaged_item(SectionName::Facts, row, message)
    }

    pub(super) fn check_all(&self) -> Result<()> {
        self.container.check_all()
    }

    /// An error about the file as a whole.
    pub(super) fn misplaced(&self) -> Error {
        let message = "it belongs to another segment or method than its name says; remove the file";
        self.container.damaged(SectionName::Index, message)
    }
}
