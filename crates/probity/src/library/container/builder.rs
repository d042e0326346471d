//! Putting a container together.

use std::io;

use super::{CHUNK, Digest, Kind, MAGIC, OLDEST_FORMAT_VERSION, PREAMBLE, ROW, SUM, SectionName};
use crate::error::{Error, Result};
use crate::library::storage::StorageFile;

/// Sections on their way into a file.
#[derive(Debug)]
pub(in crate::library) struct ContainerBuilder {
    kind: Kind,
    version: u16,
    sections: Vec<(SectionName, Digest, Vec<u8>)>,
}

/// A finished header, and the sections that follow it.
#[derive(Debug)]
pub(in crate::library) struct BuiltContainer {
    header: Vec<u8>,
    sections: Vec<Vec<u8>>,
}

impl ContainerBuilder {
    pub(in crate::library) fn new(kind: Kind) -> Self {
        Self { kind, version: OLDEST_FORMAT_VERSION, sections: Vec::new() }
    }

    /// The version of the format that the sections need; without it, the oldest. Readers of older ones refuse the file.
    pub(in crate::library) fn version(mut self, version: u16) -> Self {
        self.version = version;
        self
    }

    /// Appends a section; each name occurs once per recipe.
    pub(in crate::library) fn section(mut self, name: SectionName, recipe: Digest, bytes: Vec<u8>) -> Self {
        self.sections.push((name, recipe, bytes));
        self
    }

    /// Sums everything up.
    ///
    /// # Errors
    /// `LimitReached` for more than about 250 TiB.
    pub(in crate::library) fn build(self) -> Result<BuiltContainer> {
        let (mut rows, mut sums) = (Vec::new(), Vec::new());
        let mut length = 0;
        for (name, recipe, bytes) in &self.sections {
            let chunk_sums: Vec<Digest> =
                bytes.chunks(CHUNK).map(|chunk| *blake3::hash(chunk).as_bytes()).collect();
            rows.extend(name.tag());
            rows.extend(recipe);
            rows.extend((bytes.len() as u64).to_le_bytes());
            rows.extend(blake3::hash(chunk_sums.as_flattened()).as_bytes());
            sums.extend(chunk_sums);
            length += bytes.len() as u64;
        }
        let header_length = PREAMBLE + self.sections.len() * ROW + (sums.len() + 1) * SUM;
        let too_large = |_| Error::limit("a file of a library cannot be this large");
        let mut header = Vec::with_capacity(header_length);
        header.extend(MAGIC);
        header.extend(self.kind.tag());
        header.extend(self.version.to_le_bytes());
        header.extend(self.version.to_le_bytes());
        header.extend(u32::try_from(self.sections.len()).map_err(too_large)?.to_le_bytes());
        header.extend(u32::try_from(header_length).map_err(too_large)?.to_le_bytes());
        header.extend((header_length as u64 + length).to_le_bytes());
        header.extend(rows);
        header.extend(sums.as_flattened());
        header.extend(blake3::hash(&header).as_bytes());
        Ok(BuiltContainer {
            header,
            sections: self.sections.into_iter().map(|(_, _, bytes)| bytes).collect(),
        })
    }
}

impl BuiltContainer {
    /// The header sum, which names the whole content.
    pub(in crate::library) fn sum(&self) -> Digest {
        let mut sum = [0; SUM];
        sum.copy_from_slice(&self.header[self.header.len() - SUM..]);
        sum
    }

    /// Bytes of the file.
    pub(in crate::library) fn file_bytes(&self) -> u64 {
        (self.header.len() + self.sections.iter().map(Vec::len).sum::<usize>()) as u64
    }

    /// Writes header and sections.
    pub(in crate::library) fn write(&self, file: &mut dyn StorageFile) -> io::Result<()> {
        file.write_all(&self.header)?;
        self.sections.iter().try_for_each(|section| file.write_all(section))
    }
}
