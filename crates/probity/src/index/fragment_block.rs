//! Postings of peaks by accurate m/z, as bytes that are read where they are stored.
//!
//! Each peak of each spectrum of a block is a posting: the spectrum's row, and a level that says which of 255 edges the
//! peak's value does not exceed. Postings stand in buckets of the m/z or of the loss, 512 a unit or fewer, so that there
//! are not many more buckets than postings. After a header stand, little-endian: where the postings of each bucket begin
//! and the last end (u32 each), those of m/z before those of losses; the rows of all postings (u16); their levels (u8).

use std::ops::Range;

use super::BOUND_SLACK;
use super::fragment_query::{AddedWindow, FragmentIndex};
use super::fragment_row::{FragmentRow, MZ_PLACES};
use super::pair_score::PairScore;
use crate::error::{Error, Result};
use crate::stored::{Columns, Stored, put_number, put_rows};

/// Rows of a block: as many as 16 bits number, so that their sums stay in a processor's second cache.
pub(crate) const FRAGMENT_BLOCK_ROWS: usize = 1 << 16;

/// A sum of each of as many rows as a block may have. Sums stop at 255.
pub(super) type Sums = [u8; FRAGMENT_BLOCK_ROWS];

/// Binary digits of a place that say nothing of its bucket, at least: of 1,024 places a unit, 512 buckets.
const LEAST_SHIFT: u32 = 1;

/// Buckets that even few postings may have.
const FEW_BUCKETS: usize = 1_024;

/// What is stored of the rows of a block.
pub(crate) trait FragmentColumns {
    /// Some of the block's bytes.
    ///
    /// # Errors
    /// `Damaged`.
    fn block(&self, range: Range<usize>) -> Result<&[u8]>;

    /// What [`put_fragment_peaks`](super::put_fragment_peaks) made of a row of the block.
    ///
    /// # Errors
    /// `Damaged`.
    fn peaks(&self, row: usize) -> Result<&[u8]>;

    /// The error for bytes of the block that contradict each other.
    fn contradiction(&self) -> Error;
}

/// Buckets that follow each other.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Buckets {
    first: usize,
    count: usize,
}

/// Where the postings of up to [`FRAGMENT_BLOCK_ROWS`] rows stand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct FragmentBlock {
    rows: usize,
    shift: u32,
    /// Of m/z, and of losses.
    buckets: [Buckets; 2],
    postings: usize,
    /// Rows of which the postings say nothing, ascending.
    unknown: Vec<usize>,
    /// Bytes of the header, its own length included.
    header: usize,
}

/// Postings of a window: rows and levels.
#[derive(Debug, Clone, Copy)]
pub(super) struct Postings<'a> {
    rows: &'a [[u8; 2]],
    levels: &'a [u8],
}

impl Buckets {
    fn of(mut places: impl Iterator<Item = u32>, shift: u32) -> Self {
        let Some(first) = places.next() else { return Self::default() };
        let (least, most) =
            places.fold((first, first), |(least, most), place| (least.min(place), most.max(place)));
        let first = (least >> shift) as usize;
        Self { first, count: (most >> shift) as usize - first + 1 }
    }

    /// The buckets of a window, counted from the first.
    fn within(self, window: &AddedWindow, shift: u32) -> Range<usize> {
        let (low, high) = ((window.low >> shift) as usize, (window.high >> shift) as usize);
        let end = (high + 1).saturating_sub(self.first).min(self.count);
        low.saturating_sub(self.first).min(end)..end
    }
}

/// Whether nothing can be said of a row: of its peaks, or because more than rounding carries the values above 1, so that
/// what light peaks add is not known.
pub(super) fn is_unknown(score: PairScore, row: &FragmentRow) -> bool {
    let total: f64 = row.peaks.iter().map(|(_, value)| score.total(*value)).sum();
    !row.can_be_indexed() || total > BOUND_SLACK
}

impl FragmentBlock {
    /// The bytes of a block. A row is `None` where nothing can be compared.
    pub(crate) fn bytes(index: &FragmentIndex, rows: &[Option<FragmentRow>]) -> Vec<u8> {
        debug_assert!(rows.len() <= FRAGMENT_BLOCK_ROWS);
        let edges = index.edges();
        let (mut unknown, mut placed) = (Vec::new(), Vec::new());
        for (number, row) in rows.iter().enumerate() {
            match row {
                Some(row) if is_unknown(index.score(), row) => unknown.push(number),
                Some(row) => {
                    let peaks = row.places().map(|(place, value)| (place, number as u16, edges.level(value)));
                    placed.extend(peaks);
                }
                None => {}
            }
        }
        let places = |losses: bool| {
            placed.iter().map(|&(place, ..)| place).filter(move |&place| (place >= MZ_PLACES) == losses)
        };
        let buckets = |shift: u32| [false, true].map(|losses| Buckets::of(places(losses), shift));
        let most = placed.len().max(FEW_BUCKETS);
        let shift = (LEAST_SHIFT..)
            .find(|&shift| buckets(shift).iter().map(|buckets| buckets.count).sum::<usize>() <= most)
            .unwrap_or(LEAST_SHIFT);
        let block = Self {
            rows: rows.len(),
            shift,
            buckets: buckets(shift),
            postings: placed.len(),
            unknown,
            header: 0,
        };
        let mut bytes = Vec::new();
        block.write(&mut bytes);
        block.put_postings(&placed, &mut bytes);
        bytes
    }

    /// Appends postings, of each bucket in the order of their rows.
    fn put_postings(&self, placed: &[(u32, u16, u8)], bytes: &mut Vec<u8>) {
        let bucket = |place: u32| {
            let [mz, losses] = self.buckets;
            let bucket = (place >> self.shift) as usize;
            if place < MZ_PLACES { bucket - mz.first } else { mz.count + bucket - losses.first }
        };
        let mut next = vec![0_u32; self.all_buckets() + 1];
        placed.iter().for_each(|&(place, ..)| next[bucket(place) + 1] += 1);
        for number in 1..next.len() {
            next[number] += next[number - 1];
        }
        next.iter().for_each(|start| bytes.extend(start.to_le_bytes()));
        let (mut rows, mut levels) = (vec![[0; 2]; placed.len()], vec![0; placed.len()]);
        for &(place, row, level) in placed {
            let next = &mut next[bucket(place)];
            (rows[*next as usize], levels[*next as usize]) = (row.to_le_bytes(), level);
            *next += 1;
        }
        bytes.extend(rows.as_flattened());
        bytes.extend(levels);
    }

    /// The block that stands at the beginning of its bytes.
    ///
    /// # Errors
    /// `Damaged`.
    pub(crate) fn open(columns: &impl FragmentColumns, bytes: usize) -> Result<Self> {
        let length = columns.block(0..8)?.try_into().map(u64::from_le_bytes).unwrap_or(u64::MAX);
        let end = usize::try_from(length)
            .ok()
            .filter(|&end| end <= bytes)
            .ok_or_else(|| columns.contradiction())?;
        let block = Self::read_whole(columns.block(0..end)?).ok_or_else(|| columns.contradiction())?;
        if block.levels_at().checked_add(block.postings) == Some(bytes) {
            return Ok(block);
        }
        Err(columns.contradiction())
    }

    fn all_buckets(&self) -> usize {
        self.buckets.iter().map(|buckets| buckets.count).sum()
    }

    fn rows_at(&self) -> usize {
        self.header + 4 * (self.all_buckets() + 1)
    }

    fn levels_at(&self) -> usize {
        self.rows_at() + 2 * self.postings
    }

    /// The number of rows.
    pub(super) fn rows(&self) -> usize {
        self.rows
    }

    /// Rows of which the postings say nothing, ascending.
    pub(super) fn unknown(&self) -> &[usize] {
        &self.unknown
    }

    /// Which of the postings stand in a window.
    ///
    /// # Errors
    /// `Damaged`.
    pub(super) fn within(
        &self,
        columns: &impl FragmentColumns,
        window: &AddedWindow,
    ) -> Result<Range<usize>> {
        let [mz, losses] = self.buckets;
        let (buckets, first) = if window.low < MZ_PLACES { (mz, 0) } else { (losses, mz.count) };
        let buckets = buckets.within(window, self.shift);
        if buckets.is_empty() {
            return Ok(0..0);
        }
        let at = |bucket: usize| self.header + 4 * (first + bucket);
        let starts = columns.block(at(buckets.start)..at(buckets.end + 1))?.as_chunks().0;
        let place =
            |bytes: Option<&[u8; 4]>| bytes.map_or(usize::MAX, |bytes| u32::from_le_bytes(*bytes) as usize);
        let (start, end) = (place(starts.first()), place(starts.last()));
        if start <= end && end <= self.postings { Ok(start..end) } else { Err(columns.contradiction()) }
    }

    /// Some of the postings.
    ///
    /// # Errors
    /// `Damaged`.
    pub(super) fn postings<'a>(
        &self,
        columns: &'a impl FragmentColumns,
        range: Range<usize>,
    ) -> Result<Postings<'a>> {
        let (rows, levels) = (self.rows_at(), self.levels_at());
        let rows = columns.block(rows + 2 * range.start..rows + 2 * range.end)?.as_chunks().0;
        Ok(Postings { rows, levels: columns.block(levels + range.start..levels + range.end)? })
    }
}

impl Postings<'_> {
    /// Adds to each row's sum what its peaks in a window add, of which these are the postings.
    pub(super) fn add(self, added: &[u8; 256], sums: &mut Sums) {
        for (row, &level) in self.rows.iter().zip(self.levels) {
            let sum = &mut sums[usize::from(u16::from_le_bytes(*row))];
            *sum = sum.saturating_add(added[usize::from(level)]);
        }
    }
}

impl Stored for FragmentBlock {
    fn write(&self, bytes: &mut Vec<u8>) {
        let mut header = Vec::new();
        put_number(&mut header, self.rows);
        put_number(&mut header, self.shift as usize);
        for buckets in self.buckets {
            put_number(&mut header, buckets.first);
            put_number(&mut header, buckets.count);
        }
        put_number(&mut header, self.postings);
        put_rows(&mut header, &self.unknown);
        put_number(bytes, 8 + header.len());
        bytes.extend(header);
    }

    fn read(columns: &mut Columns<'_>) -> Option<Self> {
        let header = columns.number()?;
        let rows = columns.number().filter(|&rows| rows <= FRAGMENT_BLOCK_ROWS)?;
        let shift = columns.number().filter(|&shift| shift < 32)? as u32;
        let mut few = || columns.number().filter(|&number| u32::try_from(number).is_ok());
        let buckets = [Buckets { first: few()?, count: few()? }, Buckets { first: few()?, count: few()? }];
        let postings = few()?;
        Some(Self { rows, shift, buckets, postings, unknown: columns.rows_below(rows)?, header })
    }
}
