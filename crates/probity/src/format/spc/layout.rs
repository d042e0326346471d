//! Where the pages of a file stand.

use super::super::disjoint::Disjoint;
use super::super::noter::Noter;
use super::header::Header;
use crate::error::Result;

/// Bytes of a page's own header.
pub(super) const SUBHEADER: usize = 32;
/// Bytes of an entry of the directory: offset and size of a page, and its z value.
const ENTRY: usize = 12;

/// Where a page begins and what it holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) offset: usize,
    pub(super) points: usize,
    /// The first byte behind it.
    pub(super) end: usize,
}

impl Header<'_> {
    /// Where the x values stand that all pages share.
    pub(super) fn shared_x(&self) -> Option<usize> {
        (self.listed_x && !self.own_x).then_some(512)
    }

    /// Where the first page stands: in an old file its header is the end of the main one.
    pub(super) fn first_page(&self) -> usize {
        match (self.old, self.shared_x()) {
            (true, _) => 224,
            (false, None) => 512,
            (false, Some(offset)) => offset + self.points.saturating_mul(4),
        }
    }

    /// The page that begins at an offset.
    ///
    /// # Errors
    /// `Malformed` if the file ends before it does.
    pub(super) fn whole_page(&self, offset: usize) -> Result<Place> {
        self.bytes.slice(offset, SUBHEADER, "SUBHDR")?;
        let own_points = match self.own_x {
            true => self.bytes.size(offset.saturating_add(16), "subnpts")?,
            false => 0,
        };
        // A lone page may leave its number to the main header.
        let points = if own_points == 0 && !(self.own_x && self.multiple) { self.points } else { own_points };
        // Floating-point numbers have 32 bits whatever the flag says.
        let narrow = self.sixteen_bits && self.exponent_at(offset)? != super::page::FLOAT;
        let width = if narrow { 2 } else { 4 } + if self.own_x { 4 } else { 0 };
        let end = offset.saturating_add(SUBHEADER).saturating_add(points.saturating_mul(width));
        self.bytes.slice(offset, end - offset, "page")?;
        Ok(Place { offset, points, end })
    }

    /// The offsets that the directory of a file lists whose pages have their own x values; `None` where there is no
    /// directory, or where it does not fit the file, which is reported.
    pub(super) fn directory(&self, noter: &mut Noter) -> Result<Option<Vec<usize>>> {
        let (true, true, Some(pages)) = (self.own_x, self.multiple, self.pages) else { return Ok(None) };
        let start = self.points;
        if start == 0 {
            return Ok(None);
        }
        if !self.bytes.holds(start, pages.saturating_mul(ENTRY)) {
            let message =
                format!("the directory of {pages} pages is not in the file; they were read in a row");
            noter.repaired_at(4, "fnpts", message)?;
            return Ok(None);
        }
        let mut entries = Vec::with_capacity(pages);
        for entry in (start..).step_by(ENTRY).take(pages) {
            entries.push((self.bytes.size(entry, "ssfposn")?, self.bytes.size(entry + 4, "ssfsize")?));
        }
        let offsets = entries.iter().map(|&(offset, _)| offset).collect();
        let mut taken = Disjoint::default();
        let overlap = entries.iter().any(|&(offset, size)| !taken.take(offset, size));
        let outside = entries.iter().any(|&(offset, size)| {
            let fits = |place: Place| place.end - offset <= size;
            offset < 512 || !self.bytes.holds(offset, size) || !self.whole_page(offset).is_ok_and(fits)
        });
        if overlap || outside {
            let message =
                "the directory lists pages that overlap or lie outside the file; they were read in a row";
            noter.repaired_at(start, "ssfposn", message)?;
            return Ok(None);
        }
        Ok(Some(offsets))
    }
}
