//! The files of a library byte by byte, by the table in `container.rs`: written a second time here, so
//! that reader and writer are not their own witnesses.

use std::ops::Range;

const CHUNK: usize = 64 * 1024;

/// A section as it stands in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RawSection {
    /// Up to 16 bytes of ASCII.
    pub name: String,
    /// Zeros for what was published.
    pub recipe: [u8; 32],
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// A file of a library.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RawContainer {
    /// `SEGM` or `MNFT`.
    pub kind: [u8; 4],
    /// The version of the format.
    pub version: u16,
    /// The oldest version of a reader that may open it.
    pub oldest_reader: u16,
    /// In the order of the table.
    pub sections: Vec<RawSection>,
}

impl RawContainer {
    /// The file, with right lengths and sums, and its header sum.
    ///
    /// # Panics
    /// If a section's name has more than 16 bytes or the header more than 4 GiB.
    #[must_use]
    pub fn to_bytes(&self) -> (Vec<u8>, [u8; 32]) {
        let (mut rows, mut sums, mut content): (Vec<u8>, Vec<u8>, Vec<u8>) = Default::default();
        for section in &self.sections {
            let mut chunk_sums = Vec::new();
            for chunk in section.bytes.chunks(CHUNK) {
                chunk_sums.extend(blake3::hash(chunk).as_bytes());
            }
            let mut name = [0; 16];
            name[..section.name.len()].copy_from_slice(section.name.as_bytes());
            rows.extend(name);
            rows.extend(section.recipe);
            rows.extend((section.bytes.len() as u64).to_le_bytes());
            rows.extend(blake3::hash(&chunk_sums).as_bytes());
            sums.extend(chunk_sums);
            content.extend(&section.bytes);
        }
        let header = 32 + rows.len() + sums.len() + 32;
        let mut file = b"\x89PRB\r\n\x1a\n".to_vec();
        file.extend(self.kind);
        file.extend(self.version.to_le_bytes());
        file.extend(self.oldest_reader.to_le_bytes());
        file.extend(u32::try_from(self.sections.len()).unwrap_or(u32::MAX).to_le_bytes());
        file.extend(u32::try_from(header).unwrap_or(u32::MAX).to_le_bytes());
        file.extend(((header + content.len()) as u64).to_le_bytes());
        file.extend(rows);
        file.extend(sums);
        let sum = *blake3::hash(&file).as_bytes();
        file.extend(sum);
        file.extend(content);
        (file, sum)
    }

    /// Takes a file apart.
    ///
    /// # Panics
    /// If any length or sum is not as the table in `container.rs` says.
    #[must_use]
    pub fn of(file: &[u8]) -> Self {
        let sections = places(file).into_iter().skip(1).zip(file[32..].chunks(88));
        let container = Self {
            kind: array(&file[8..12]),
            version: u16::from_le_bytes(array(&file[12..14])),
            oldest_reader: u16::from_le_bytes(array(&file[14..16])),
            sections: sections
                .map(|((name, place), row)| RawSection {
                    name,
                    recipe: array(&row[16..48]),
                    bytes: file[place].to_vec(),
                })
                .collect(),
        };
        // Every other byte follows from these.
        assert!(container.to_bytes().0 == file, "the file is not laid out as the table says");
        container
    }

    /// The bytes of the section with a name and a recipe digest.
    #[must_use]
    pub fn section(&self, name: &str, recipe: &[u8; 32]) -> Option<&[u8]> {
        let section = self.sections.iter().find(|section| section.name == name && section.recipe == *recipe);
        section.map(|section| section.bytes.as_slice())
    }
}

/// Where the header and each section stand in a sound file.
///
/// # Panics
/// If the file is too short.
#[must_use]
pub fn places(file: &[u8]) -> Vec<(String, Range<usize>)> {
    let sections = u32::from_le_bytes(array(&file[16..20])) as usize;
    let header = u32::from_le_bytes(array(&file[20..24])) as usize;
    let mut places = vec![("header".to_owned(), 0..header)];
    let mut start = header;
    for row in file[32..32 + 88 * sections].chunks(88) {
        let name: String =
            row[..16].iter().take_while(|byte| **byte != 0).map(|byte| char::from(*byte)).collect();
        let length = u64::from_le_bytes(array(&row[48..56]));
        let end = start + usize::try_from(length).unwrap_or(usize::MAX - start);
        places.push((name, start..end));
        start = end;
    }
    places
}

fn array<const N: usize>(bytes: &[u8]) -> [u8; N] {
    let mut array = [0; N];
    array.copy_from_slice(bytes);
    array
}
