//! Segments: entries as columns, in a file that is written once.

use std::path::Path;

use super::EntryId;
use super::codec::{
    SegmentData, SegmentEntryCount, SourceData, StoredSpectrum, decode, encode, read_record, write_record,
};
use super::container::{
    BuiltContainer, Container, ContainerBuilder, Digest, FORMAT_VERSION, Kind, OLDEST_FORMAT_VERSION,
    PUBLISHED, SectionName,
};
use super::entry::content_digest;
use super::packed_curve::{is_curve, pack_curve, unpack_curve};
use super::packed_peaks::{pack, unpack};
use super::storage::{Access, StoredBytes};
use crate::error::{Error, Result};
use crate::format::Record;
use crate::preprocess::Recipe;
use crate::progress::Watched;
use crate::spectrum::{PeakList, Spectrum, SpectrumKind};

/// Entries that are read and compared before it is told.
const ENTRIES_TOLD: usize = 512;

/// A record as a segment stores it, without an id yet.
#[derive(Debug, Clone)]
pub(crate) struct StoredEntry {
    content_digest: Digest,
    record: Vec<u8>,
    peak_count: u64,
    peaks: Vec<u8>,
    /// One per recipe.
    prepared: Vec<Vec<u8>>,
}

impl StoredEntry {
    /// # Errors
    /// `LimitReached` for more than 16 MiB of metadata.
    pub(crate) fn of(record: &Record, recipes: &[Recipe]) -> Result<Self> {
        let mut peaks = Vec::new();
        let peak_count = match &record.spectrum {
            Spectrum::Mass(mass) => {
                pack(&mass.peaks, &mut peaks);
                mass.peaks.len()
            }
            Spectrum::Curve(curve) => {
                pack_curve(curve, &mut peaks)?;
                0
            }
        };
        let prepared = recipes.iter().map(|recipe| prepare(recipe, record)).collect();
        Ok(Self {
            content_digest: content_digest(record)?,
            record: write_record(record)?,
            peak_count: peak_count as u64,
            peaks,
            prepared,
        })
    }
}

/// The peaks after the recipe; nothing for a spectrum that the recipe turns away or cannot prepare.
fn prepare(recipe: &Recipe, record: &Record) -> Vec<u8> {
    let mut bytes = Vec::new();
    if let Some(mass) = record.spectrum.as_mass()
        && let Ok(prepared) = recipe.apply(&mass.peaks, mass.acquisition.precursor_mz)
        && let Some(peaks) = prepared.accepted()
    {
        pack(&peaks, &mut bytes);
    }
    bytes
}

/// Items of different length, one after the other, and where each begins.
#[derive(Debug)]
struct Column {
    offsets: Vec<u8>,
    bytes: Vec<u8>,
}

impl Column {
    fn new() -> Self {
        Self { offsets: 0u64.to_le_bytes().to_vec(), bytes: Vec::new() }
    }

    fn push(&mut self, item: &[u8]) {
        self.bytes.extend(item);
        self.offsets.extend((self.bytes.len() as u64).to_le_bytes());
    }
}

/// Entries on their way into a segment.
#[derive(Debug)]
pub(crate) struct SegmentBuilder {
    ids: Vec<u8>,
    content_digests: Vec<u8>,
    records: Column,
    peaks: Column,
    has_curves: bool,
    prepared: Vec<(Digest, Column)>,
    entries: u64,
    peak_count: u64,
    sources: Vec<SourceData>,
}

impl SegmentBuilder {
    /// A segment that holds prepared peaks of the recipes with these digests, in this order.
    pub(crate) fn new(recipes: impl IntoIterator<Item = Digest>) -> Self {
        Self {
            ids: Vec::new(),
            content_digests: Vec::new(),
            records: Column::new(),
            peaks: Column::new(),
            has_curves: false,
            prepared: recipes.into_iter().map(|recipe| (recipe, Column::new())).collect(),
            entries: 0,
            peak_count: 0,
            sources: Vec::new(),
        }
    }

    /// Appends an entry; ids ascend.
    pub(crate) fn push(&mut self, id: EntryId, entry: &StoredEntry) {
        self.ids.extend(id.0.to_le_bytes());
        self.content_digests.extend(entry.content_digest);
        self.records.push(&entry.record);
        self.peaks.push(&entry.peaks);
        self.has_curves |= is_curve(&entry.peaks);
        for ((_, column), prepared) in self.prepared.iter_mut().zip(&entry.prepared) {
            column.push(prepared);
        }
        self.entries += 1;
        self.peak_count += entry.peak_count;
    }

    pub(crate) fn sources(&mut self, sources: impl IntoIterator<Item = SourceData>) {
        self.sources.extend(sources);
    }

    /// The file, and what a manifest says of it.
    pub(super) fn build(self) -> Result<(BuiltContainer, SegmentEntryCount)> {
        let (entries, peaks) = (self.entries, self.peak_count);
        let data = encode(&SegmentData { entries, peaks, sources: self.sources })?;
        let version = if self.has_curves { FORMAT_VERSION } else { OLDEST_FORMAT_VERSION };
        let mut file = ContainerBuilder::new(Kind::Segment)
            .version(version)
            .section(SectionName::Segment, PUBLISHED, data)
            .section(SectionName::EntryIds, PUBLISHED, self.ids)
            .section(SectionName::ContentDigests, PUBLISHED, self.content_digests)
            .section(SectionName::RecordOffsets, PUBLISHED, self.records.offsets)
            .section(SectionName::Records, PUBLISHED, self.records.bytes)
            .section(SectionName::PeakOffsets, PUBLISHED, self.peaks.offsets)
            .section(SectionName::Peaks, PUBLISHED, self.peaks.bytes);
        for (recipe, column) in self.prepared {
            file = file.section(SectionName::PreparedOffsets, recipe, column.offsets).section(
                SectionName::Prepared,
                recipe,
                column.bytes,
            );
        }
        let file = file.build()?;
        let count = SegmentEntryCount { sum: file.sum(), file_bytes: file.file_bytes(), entries, peaks };
        Ok((file, count))
    }
}

/// An opened segment.
#[derive(Debug)]
pub(crate) struct Segment {
    container: Container,
    data: SegmentData,
    ids: Vec<EntryId>,
}

impl Segment {
    /// # Errors
    /// As for every container; `Damaged` where columns contradict each other; `Cancelled`.
    pub(super) fn open(
        path: &Path,
        bytes: StoredBytes,
        access: Access,
        watched: &mut Watched<'_>,
    ) -> Result<Self> {
        let mut tell = |bytes| watched.advance(bytes);
        let container = Container::open_told(path, bytes, Kind::Segment, access, &mut tell)?;
        let data: SegmentData = decode(container.whole(SectionName::Segment, &PUBLISHED)?)
            .map_err(|error| error.in_section(SectionName::Segment.text()).in_file(path))?;
        let ids = container.whole(SectionName::EntryIds, &PUBLISHED)?;
        let ids: Vec<EntryId> =
            ids.as_chunks::<8>().0.iter().map(|bytes| EntryId(u64::from_le_bytes(*bytes))).collect();
        let segment = Self { container, data, ids };
        segment.check_lengths()?;
        Ok(segment)
    }

    fn check_lengths(&self) -> Result<()> {
        let container = &self.container;
        let entries = self.ids.len();
        let mut columns = vec![
            (SectionName::EntryIds, PUBLISHED, 8 * entries),
            (SectionName::ContentDigests, PUBLISHED, size_of::<Digest>() * entries),
            (SectionName::RecordOffsets, PUBLISHED, 8 * (entries + 1)),
            (SectionName::PeakOffsets, PUBLISHED, 8 * (entries + 1)),
        ];
        columns
            .extend(self.recipes().map(|recipe| (SectionName::PreparedOffsets, recipe, 8 * (entries + 1))));
        for (name, recipe, length) in columns {
            let stored = container.len(name, &recipe)?;
            if stored != length {
                let message = format!("it has {stored} bytes; {entries} entries take {length}");
                return Err(container.damaged(name, message));
            }
        }
        if self.data.entries != entries as u64 {
            let message = format!("{} entries are announced, {entries} are there", self.data.entries);
            return Err(container.damaged(SectionName::Segment, message));
        }
        if !self.ids.is_sorted_by(|one, next| one < next) {
            return Err(container.damaged(SectionName::EntryIds, "the ids do not ascend"));
        }
        Ok(())
    }

    pub(super) fn container(&self) -> &Container {
        &self.container
    }

    /// The ids of its entries, ascending.
    pub(crate) fn ids(&self) -> &[EntryId] {
        &self.ids
    }

    /// Whether it holds the entry, withdrawn or not.
    pub(crate) fn contains(&self, id: EntryId) -> bool {
        self.ids.binary_search(&id).is_ok()
    }

    pub(crate) fn sources(&self) -> &[SourceData] {
        &self.data.sources
    }

    pub(super) fn peaks(&self) -> u64 {
        self.data.peaks
    }

    /// Digests of the recipes whose prepared peaks it holds.
    pub(super) fn recipes(&self) -> impl Iterator<Item = Digest> + '_ {
        self.container.recipes(SectionName::PreparedOffsets)
    }

    /// SHA-256 over what each entry states, in the order of the ids.
    pub(super) fn content_digests(&self) -> Result<&[Digest]> {
        Ok(self.container.whole(SectionName::ContentDigests, &PUBLISHED)?.as_chunks().0)
    }

    /// Whether the given row holds a curve or peaks, told without decoding it.
    ///
    /// # Errors
    /// `Damaged`, with file and section.
    pub(super) fn kind(&self, row: usize) -> Result<SpectrumKind> {
        let peaks = self.container.item(SectionName::PeakOffsets, SectionName::Peaks, &PUBLISHED, row)?;
        Ok(if is_curve(peaks) { SpectrumKind::Curve } else { SpectrumKind::Mass })
    }

    /// The record of the given row.
    ///
    /// # Errors
    /// `Damaged`, with file and section.
    pub(crate) fn record(&self, row: usize) -> Result<Record> {
        let peaks = self.container.item(SectionName::PeakOffsets, SectionName::Peaks, &PUBLISHED, row)?;
        let spectrum = if is_curve(peaks) {
            unpack_curve(peaks).map(|curve| StoredSpectrum::Curve(Box::new(curve)))
        } else {
            unpack(peaks).map(StoredSpectrum::Peaks)
        };
        let spectrum = spectrum.map_err(|error| self.in_row(error, SectionName::Peaks, row))?;
        let metadata =
            self.container.item(SectionName::RecordOffsets, SectionName::Records, &PUBLISHED, row)?;
        read_record(metadata, spectrum).map_err(|error| self.in_row(error, SectionName::Records, row))
    }

    /// The peaks of the given row after a recipe; inner `None` if the recipe turns the spectrum away,
    /// outer `None` if the segment holds nothing for this recipe.
    ///
    /// # Errors
    /// As [`Segment::record`].
    pub(crate) fn prepared(&self, row: usize, recipe: &Digest) -> Result<Option<Option<PeakList>>> {
        if !self.recipes().any(|stored| stored == *recipe) {
            return Ok(None);
        }
        let peaks = self.container.item(SectionName::PreparedOffsets, SectionName::Prepared, recipe, row)?;
        if peaks.is_empty() {
            return Ok(Some(None));
        }
        let peaks = unpack(peaks).map_err(|error| self.in_row(error, SectionName::Prepared, row))?;
        Ok(Some(Some(peaks)))
    }

    /// A row as it is stored, for another segment with the same recipes.
    pub(crate) fn stored(&self, row: usize, recipes: &[Digest]) -> Result<StoredEntry> {
        let peaks = self.container.item(SectionName::PeakOffsets, SectionName::Peaks, &PUBLISHED, row)?;
        let peak_count = if is_curve(peaks) { Ok(0) } else { unpack(peaks).map(|peaks| peaks.len()) };
        let peak_count = peak_count.map_err(|error| self.in_row(error, SectionName::Peaks, row))?;
        let record =
            self.container.item(SectionName::RecordOffsets, SectionName::Records, &PUBLISHED, row)?;
        let prepared = recipes.iter().map(|recipe| {
            let item = self.container.item(SectionName::PreparedOffsets, SectionName::Prepared, recipe, row);
            item.map(<[u8]>::to_vec)
        });
        Ok(StoredEntry {
            content_digest: self.content_digests()?[row],
            record: record.to_vec(),
            peak_count: peak_count as u64,
            peaks: peaks.to_vec(),
            prepared: prepared.collect::<Result<_>>()?,
        })
    }

    /// Reads everything: all sums, each record against its digest.
    ///
    /// # Errors
    /// `Damaged`, for the first thing that does not agree; `Cancelled`.
    pub(super) fn verify(&self, watched: &mut Watched<'_>) -> Result<()> {
        self.container.check_all(&mut |_| watched.ask())?;
        let recipes: Vec<Digest> = self.recipes().collect();
        let mut peaks = 0;
        for (row, digest) in self.content_digests()?.iter().enumerate() {
            let record = self.record(row)?;
            if content_digest(&record)? != *digest {
                let error = Error::damaged("the entry is not what its digest says");
                return Err(self.in_row(error, SectionName::ContentDigests, row));
            }
            peaks += record.spectrum.as_mass().map_or(0, |mass| mass.peaks.len() as u64);
            for recipe in &recipes {
                self.prepared(row, recipe)?;
            }
            if (row + 1).is_multiple_of(ENTRIES_TOLD) {
                watched.advance(ENTRIES_TOLD as u64)?;
            }
        }
        watched.advance((self.ids.len() % ENTRIES_TOLD) as u64)?;
        if peaks != self.data.peaks {
            let message = format!("{} peaks are announced, {peaks} are there", self.data.peaks);
            return Err(self.container.damaged(SectionName::Segment, message));
        }
        Ok(())
    }

    fn in_row(&self, error: Error, section: SectionName, row: usize) -> Error {
        let at = crate::Location::default().in_record(row as u64 + 1);
        error.at(at).in_section(section.text()).in_file(self.container.path())
    }
}
