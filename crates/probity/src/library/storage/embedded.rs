//! A library that is part of the program.

use std::io;
use std::path::Path;

use super::{Access, Storage, StorageFile, StoredBytes, WriteLock};

/// Files that were compiled into the program. They can be read, not written.
#[derive(Debug, Clone, Copy)]
pub struct EmbeddedStorage {
    name: &'static str,
    files: &'static [(&'static str, &'static [u8])],
}

impl EmbeddedStorage {
    /// Files by name, under a name for messages.
    #[must_use]
    pub fn new(name: &'static str, files: &'static [(&'static str, &'static [u8])]) -> Self {
        Self { name, files }
    }
}

fn read_only<T>() -> io::Result<T> {
    Err(io::Error::new(io::ErrorKind::ReadOnlyFilesystem, "this library is part of the program"))
}

impl Storage for EmbeddedStorage {
    fn folder(&self) -> &Path {
        Path::new(self.name)
    }

    fn create_folder(&self) -> io::Result<()> {
        read_only()
    }

    fn file_names(&self) -> io::Result<Vec<String>> {
        Ok(self.files.iter().map(|(name, _)| (*name).to_owned()).collect())
    }

    fn read(&self, name: &str, _access: Access) -> io::Result<StoredBytes> {
        let file = self.files.iter().find(|(known, _)| *known == name);
        file.map(|(_, bytes)| StoredBytes::Static(bytes)).ok_or_else(|| io::ErrorKind::NotFound.into())
    }

    fn create(&self, _name: &str) -> io::Result<Box<dyn StorageFile>> {
        read_only()
    }

    fn rename(&self, _from: &str, _to: &str) -> io::Result<()> {
        read_only()
    }

    fn rename_to_new(&self, _from: &str, _to: &str) -> io::Result<()> {
        read_only()
    }

    fn remove(&self, _name: &str) -> io::Result<()> {
        read_only()
    }

    fn sync_folder(&self) -> io::Result<()> {
        read_only()
    }

    fn lock(&self) -> io::Result<Box<dyn WriteLock>> {
        read_only()
    }
}
