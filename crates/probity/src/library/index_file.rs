//! What one way of comparing needs of a segment beside its entries, in a file of its own.
//!
//! An index file is derived: it can be made again from its segment at any time, and without it a search
//! gives the same answers, later. So no state names it; its own name says which segment and which way of
//! comparing it belongs to. All numbers in its sections are little-endian.

use std::ops::Range;
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
    /// Which row of the segment each row of the file is, as u32; those that state a precursor come first, in the order of its
    /// m/z.
    pub(crate) by_precursor: Vec<u8>,
    /// What every query asks of all rows, a byte for each.
    pub(crate) facts: Vec<u8>,
    /// m/z of the precursors of the rows that state one, as f64.
    pub(crate) precursor_mz: Vec<u8>,
    /// The retention index of each row, as f64; nothing where no row states one.
    pub(crate) retention_index: Vec<u8>,
    /// Lowest and highest wavenumber of each row, f64, 0 for rows without; empty if no row states them.
    pub(crate) range_cm1: Vec<u8>,
    /// Each row as it is compared; empty for a row that cannot be.
    pub(crate) compared: Items,
    /// What the bounds have in common.
    pub(crate) edges: Vec<u8>,
    /// The bounds, in parts of consecutive rows; empty for a measure without an index.
    pub(crate) bounds: Items,
    /// Each row's values for closer bounds; nothing for a measure without such.
    pub(crate) close: Items,
    /// For each part of the bounds what is read in place; nothing for a measure without such.
    pub(crate) ratio_levels: Items,
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
            .section(SectionName::ByPrecursor, PUBLISHED, self.by_precursor)
            .section(SectionName::Facts, PUBLISHED, self.facts)
            .section(SectionName::PrecursorMz, PUBLISHED, self.precursor_mz)
            .section(SectionName::RetentionIndex, PUBLISHED, self.retention_index)
            .section(SectionName::RangeCm1, PUBLISHED, self.range_cm1)
            .section(SectionName::ComparedOffsets, PUBLISHED, self.compared.offsets)
            .section(SectionName::Compared, PUBLISHED, self.compared.bytes)
            .section(SectionName::Edges, PUBLISHED, self.edges)
            .section(SectionName::BoundOffsets, PUBLISHED, self.bounds.offsets)
            .section(SectionName::Bounds, PUBLISHED, self.bounds.bytes)
            .section(SectionName::CloseOffsets, PUBLISHED, self.close.offsets)
            .section(SectionName::Close, PUBLISHED, self.close.bytes)
            .section(SectionName::RatioOffsets, PUBLISHED, self.ratio_levels.offsets)
            .section(SectionName::Ratios, PUBLISHED, self.ratio_levels.bytes)
            .build()
    }
}

/// An opened index file. Each chunk of it is checked when it is first read.
#[derive(Debug)]
pub(crate) struct IndexFile {
    container: Container,
    data: IndexData,
    sections: Sections,
}

/// The numbers of the sections that are asked for often.
#[derive(Debug)]
struct Sections {
    facts: usize,
    by_precursor: usize,
    precursor_mz: usize,
    retention_index: usize,
    range_cm1: usize,
    compared_offsets: usize,
    compared: usize,
    bounds: usize,
    close_offsets: usize,
    close: usize,
}

impl Sections {
    fn of(container: &Container) -> Result<Self> {
        let number = |name| container.number(name, &PUBLISHED);
        Ok(Self {
            facts: number(SectionName::Facts)?,
            by_precursor: number(SectionName::ByPrecursor)?,
            precursor_mz: number(SectionName::PrecursorMz)?,
            retention_index: number(SectionName::RetentionIndex)?,
            range_cm1: number(SectionName::RangeCm1)?,
            compared_offsets: number(SectionName::ComparedOffsets)?,
            compared: number(SectionName::Compared)?,
            bounds: number(SectionName::Bounds)?,
            close_offsets: number(SectionName::CloseOffsets)?,
            close: number(SectionName::Close)?,
        })
    }
}

impl IndexFile {
    /// # Errors
    /// As for every container; `Damaged` if it belongs to another segment or way of comparing; as `tell`.
    pub(super) fn open(
        path: &Path,
        bytes: StoredBytes,
        access: Access,
        tell: &mut dyn FnMut(u64) -> Result<()>,
    ) -> Result<Self> {
        let container = Container::open_told(path, bytes, Kind::Index, access, tell)?;
        let data = container.whole(SectionName::Index, &PUBLISHED)?;
        let data: IndexData =
            decode(data).map_err(|error| error.in_section(SectionName::Index.text()).in_file(path))?;
        let sections = Sections::of(&container)?;
        Ok(Self { container, data, sections })
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

    /// Which row of the segment a row is.
    pub(crate) fn row_of_segment(&self, row: usize) -> Result<usize> {
        let bytes = self.container.bytes_of(self.sections.by_precursor, 4 * row..4 * (row + 1))?;
        let number = bytes.try_into().map(u32::from_le_bytes).unwrap_or(u32::MAX);
        if u64::from(number) < self.data.rows {
            return Ok(number as usize);
        }
        let message = "it names a row that is not there";
        Err(self.container.damaged_item(SectionName::ByPrecursor, row, message))
    }

    /// A byte for each row.
    pub(crate) fn facts(&self) -> Result<&[u8]> {
        let facts = self.container.whole(SectionName::Facts, &PUBLISHED)?;
        if facts.len() as u64 == self.data.rows {
            return Ok(facts);
        }
        let message = format!("it has {} bytes for {} rows", facts.len(), self.data.rows);
        Err(self.container.damaged(SectionName::Facts, message))
    }

    /// The byte of a row.
    pub(crate) fn facts_of(&self, row: usize) -> Result<u8> {
        self.container.bytes_of(self.sections.facts, row..row + 1).map(|bytes| bytes[0])
    }

    /// How many rows, the first, state a precursor.
    pub(crate) fn precursors(&self) -> Result<usize> {
        let precursors = self.container.len(SectionName::PrecursorMz, &PUBLISHED)? / 8;
        if precursors as u64 <= self.data.rows {
            return Ok(precursors);
        }
        Err(self.container.damaged(SectionName::PrecursorMz, "there are more precursors than rows"))
    }

    /// m/z of the precursor of a row that states one.
    pub(crate) fn precursor_mz(&self, row: usize) -> Result<f64> {
        self.number_at(self.sections.precursor_mz, row)
    }

    /// The retention index of a row that states one.
    pub(crate) fn retention_index(&self, row: usize) -> Result<f64> {
        self.number_at(self.sections.retention_index, row)
    }

    /// Lowest and highest wavenumber of a row that states them, in cm⁻¹.
    pub(crate) fn range_cm1(&self, row: usize) -> Result<(f64, f64)> {
        let section = self.sections.range_cm1;
        Ok((self.number_at(section, 2 * row)?, self.number_at(section, 2 * row + 1)?))
    }

    /// The bytes of all rows' lowest and highest wavenumbers; none if no row states them.
    pub(crate) fn ranges_cm1(&self) -> Result<&[[u8; 16]]> {
        Ok(self.container.whole(SectionName::RangeCm1, &PUBLISHED)?.as_chunks().0)
    }

    fn number_at(&self, section: usize, row: usize) -> Result<f64> {
        let bytes = self.container.bytes_of(section, 8 * row..8 * (row + 1))?;
        // As long as was asked for.
        Ok(bytes.try_into().map(f64::from_le_bytes).unwrap_or(f64::NAN))
    }

    /// A row as it is compared; empty if it cannot be.
    pub(crate) fn compared(&self, row: usize) -> Result<&[u8]> {
        let offsets = (SectionName::ComparedOffsets, self.sections.compared_offsets);
        self.container.bytes_of(self.sections.compared, self.container.place_of(offsets, row)?)
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

    /// Where a part of the bounds stands among all.
    pub(crate) fn place_of_bounds(&self, part: usize) -> Result<Range<usize>> {
        let offsets = self.container.number(SectionName::BoundOffsets, &PUBLISHED)?;
        self.container.place_of((SectionName::BoundOffsets, offsets), part)
    }

    /// Some bytes of the bounds.
    #[inline]
    pub(crate) fn bytes_of_bounds(&self, place: Range<usize>) -> Result<&[u8]> {
        self.container.bytes_of(self.sections.bounds, place)
    }

    /// A row's values for closer bounds.
    #[inline]
    pub(crate) fn close(&self, row: usize) -> Result<&[u8]> {
        let offsets = (SectionName::CloseOffsets, self.sections.close_offsets);
        self.container.bytes_of(self.sections.close, self.container.place_of(offsets, row)?)
    }

    /// What belongs to a part of the bounds and is read in place.
    pub(crate) fn ratio_levels(&self, part: usize) -> Result<&[u8]> {
        self.container.item(SectionName::RatioOffsets, SectionName::Ratios, &PUBLISHED, part)
    }

    /// An error about what a row says.
    pub(crate) fn damaged_row(&self, row: usize, message: impl Into<String>) -> Error {
        self.container.damaged_item(SectionName::Compared, row, message)
    }

    /// An error about what a part of the bounds says.
    pub(crate) fn damaged_bounds(&self, part: usize, message: impl Into<String>) -> Error {
        self.container.damaged_item(SectionName::Bounds, part, message)
    }

    /// An error about what belongs to a part of the bounds.
    pub(crate) fn damaged_ratio_levels(&self, part: usize, message: impl Into<String>) -> Error {
        self.container.damaged_item(SectionName::Ratios, part, message)
    }

    /// An error about what the facts say of a row.
    pub(crate) fn damaged_facts(&self, row: usize, message: impl Into<String>) -> Error {
        self.container.damaged_item(SectionName::Facts, row, message)
    }

    pub(super) fn check_all(&self, tell: &mut dyn FnMut(u64) -> Result<()>) -> Result<()> {
        self.container.check_all(tell)
    }

    /// An error about the file as a whole.
    pub(super) fn misplaced(&self) -> Error {
        let message = "it belongs to another segment or method than its name says; remove the file";
        self.container.damaged(SectionName::Index, message)
    }
}
