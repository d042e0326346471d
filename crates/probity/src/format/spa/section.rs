//! The directory: where the sections of a file stand.

use super::super::bytes::Bytes;
use super::super::disjoint::Disjoint;
use super::super::noter::Noter;
use crate::error::Result;

/// Where the directory stands; the number of its entries stands ten bytes before.
pub(super) const DIRECTORY: usize = 304;
const ENTRIES: usize = 294;

/// A section of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Section {
    pub(super) key: u8,
    pub(super) offset: usize,
    pub(super) size: usize,
}

/// The sections that lie within the file, in the order of the directory. Sections of values that overlap are not
/// possible in a sound file: the later one is left out. Both are reported.
pub(super) fn sections(bytes: Bytes<'_>, noter: &mut Noter) -> Result<Vec<Section>> {
    let count = usize::from(bytes.u16(ENTRIES, "number of sections")?);
    bytes.slice(DIRECTORY, 16 * count, "directory")?;
    let (mut sections, mut taken) = (Vec::with_capacity(count), Disjoint::default());
    for entry in (DIRECTORY..).step_by(16).take(count) {
        let key = bytes.u8(entry, "key")?;
        let (offset, size) = (bytes.size(entry + 2, "offset")?, bytes.size(entry + 6, "size")?);
        let section = Section { key, offset, size };
        let problem = if size == 0 || !is_read(key) {
            // How much is not read of the earlier spectrum that a file may retain is said with the spectrum.
            if key == RETAINED {
                sections.push(section);
            }
            continue;
        } else if !bytes.holds(offset, size) {
            format!("section {key} of {size} bytes does not lie within the file")
        } else if is_copied(key) && !taken.take(offset, size) {
            format!("section {key} overlaps another")
        } else {
            sections.push(section);
            continue;
        };
        noter.ignored_at(entry, "directory", format!("{problem}; it was not read"))?;
    }
    Ok(sections)
}

/// The key of an earlier form of the spectrum.
pub(super) const RETAINED: u8 = 78;

/// Whether a section is read at all.
fn is_read(key: u8) -> bool {
    is_copied(key) || matches!(key, 2 | 100 | 101 | 107)
}

/// Whether a section is read as a whole.
fn is_copied(key: u8) -> bool {
    matches!(key, 3 | 4 | 27 | 102 | 103)
}
