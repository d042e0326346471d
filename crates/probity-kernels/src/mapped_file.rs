//! Files mapped into memory.

use std::fs::File;
use std::io;

/// A file's bytes, mapped read-only. Opening costs no more for a large file than for a small one; the
/// system reads a page when it is first looked at.
///
/// If another process truncates the file meanwhile, looking at the missing pages kills this process: map
/// only files that nobody changes in place.
#[derive(Debug)]
pub struct MappedFile(memmap2::Mmap);

impl MappedFile {
    /// Maps the whole file as long as it is now.
    ///
    /// # Errors
    /// Whatever the operating system answers.
    pub fn of(file: &File) -> io::Result<Self> {
        // SAFETY: the bytes must not change while they are borrowed. The files of a library are written
        // once under a temporary name and never changed in place; what happens if somebody else does so
        // is documented at the type, and every chunk is checked against its sum when it is first read.
        let map = unsafe { memmap2::Mmap::map(file) }?;
        Ok(Self(map))
    }
}

impl std::ops::Deref for MappedFile {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;

    #[test]
    fn a_map_shows_the_bytes_of_the_file() {
        let path = std::env::temp_dir().join(format!("probity-map-{}", std::process::id()));
        let mut file = File::create(&path).unwrap();
        file.write_all(b"as stored").unwrap();
        drop(file);
        let map = MappedFile::of(&File::open(&path).unwrap()).unwrap();
        assert_eq!(&*map, std::fs::read(&path).unwrap());
        drop(map);
        std::fs::remove_file(&path).unwrap();
    }
}
