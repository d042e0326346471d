//! Reading a container's header.

use std::sync::atomic::AtomicBool;

use super::{
    CHUNK, Digest, FORMAT_VERSION, Kind, MAGIC, OLDEST_FORMAT_VERSION, PREAMBLE, ROW, SUM, Section,
    SectionName,
};
use crate::error::{Error, ErrorKind, Result};

/// What stands before the sections.
pub(super) struct Header {
    pub(super) sum: Digest,
    pub(super) sections: Vec<Section>,
}

impl Header {
    /// Reads and checks the header of a file, whose bytes are all here.
    pub(super) fn read(file: &[u8], kind: Kind) -> Result<Self> {
        let preamble = file.get(..PREAMBLE).ok_or_else(|| too_short(file))?;
        if preamble[..8] != MAGIC {
            return Err(Error::malformed("it does not begin as the files of a library do"));
        }
        check_version(u16_at(preamble, 12), u16_at(preamble, 14))?;
        if preamble[8..12] != kind.tag() {
            return Err(Error::malformed(format!("it is no {} of a library", kind.name())));
        }
        let (sections, length) = (u32_at(preamble, 16) as usize, u32_at(preamble, 20) as usize);
        let stated = u64_at(preamble, 24);
        if stated != file.len() as u64 {
            let message = format!("the file has {} bytes, but {stated} were written", file.len());
            return Err(Error::damaged(message));
        }
        let header = file.get(..length).ok_or_else(|| too_short(file))?;
        let rows_end = sections.checked_mul(ROW).and_then(|rows| rows.checked_add(PREAMBLE));
        let sums_end = length.checked_sub(SUM);
        let (Some(rows_end), Some(sums_end)) = (rows_end, sums_end.filter(|_| length >= PREAMBLE + SUM))
        else {
            return Err(Error::damaged("the stated lengths contradict each other"));
        };
        let (content, sum) = header.split_at(sums_end);
        if *blake3::hash(content).as_bytes() != sum {
            return Err(Error::damaged("it does not agree with its checksum"));
        }
        let contradiction = || Error::damaged("the stated lengths contradict each other");
        let rows = content.get(PREAMBLE..rows_end).ok_or_else(contradiction)?;
        let mut sums = content[rows_end..].chunks_exact(SUM);
        let mut start = length;
        let sections = rows
            .chunks_exact(ROW)
            .map(|row| {
                let length = usize::try_from(u64_at(row, 48)).map_err(|_| contradiction())?;
                let end = start.checked_add(length).filter(|&end| end <= file.len());
                let end = end.ok_or_else(contradiction)?;
                let section = read_row(row, start..end, &mut sums)?;
                start = end;
                Ok(section)
            })
            .collect::<Result<Vec<Section>>>()?;
        if start != file.len() || sums.next().is_some() || !sums.remainder().is_empty() {
            return Err(contradiction());
        }
        Ok(Self { sum: digest(sum), sections })
    }
}

/// One row of the table, with as many of the following sums as its section has chunks.
fn read_row<'a>(
    row: &[u8],
    place: std::ops::Range<usize>,
    sums: &mut impl Iterator<Item = &'a [u8]>,
) -> Result<Section> {
    let chunks = place.len().div_ceil(CHUNK);
    let chunk_sums: Vec<Digest> = sums.take(chunks).map(digest).collect();
    if chunk_sums.len() != chunks {
        return Err(Error::damaged("it has fewer checksums than its sections have chunks"));
    }
    if *blake3::hash(chunk_sums.as_flattened()).as_bytes() != row[56..ROW] {
        return Err(Error::damaged("a section's sum does not agree with those of its chunks"));
    }
    Ok(Section {
        name: SectionName::from_tag(&row[..16]),
        recipe: digest(&row[16..48]),
        place,
        checked: (0..chunks).map(|_| AtomicBool::new(false)).collect(),
        chunk_sums,
    })
}

/// What is newer than this version may still be readable: the file says so itself.
fn check_version(version: u16, oldest_reader: u16) -> Result<()> {
    if version < OLDEST_FORMAT_VERSION || oldest_reader > FORMAT_VERSION {
        return Err(Error::new(
            ErrorKind::IncompatibleVersion,
            format!(
                "it has format version {version}, for readers of {oldest_reader} and later; this version reads {OLDEST_FORMAT_VERSION} to {FORMAT_VERSION}"
            ),
        ));
    }
    Ok(())
}

fn too_short(file: &[u8]) -> Error {
    Error::damaged(format!("the file ends after {} bytes, within the header", file.len()))
}

fn digest(bytes: &[u8]) -> Digest {
    let mut digest = [0; SUM];
    digest.copy_from_slice(bytes);
    digest
}

fn u16_at(bytes: &[u8], at: usize) -> u16 {
    u16::from_le_bytes([bytes[at], bytes[at + 1]])
}

fn u32_at(bytes: &[u8], at: usize) -> u32 {
    u32::from_le_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]])
}

fn u64_at(bytes: &[u8], at: usize) -> u64 {
    u64::from(u32_at(bytes, at)) | u64::from(u32_at(bytes, at + 4)) << 32
}
