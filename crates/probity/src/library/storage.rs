//! The file operations that a library needs, behind one trait, so that tests can record them, replay
//! them in part and make them fail.

mod embedded;
mod folder;

pub use embedded::EmbeddedStorage;
pub use folder::FolderStorage;

use std::fmt::Debug;
use std::io;
use std::ops::Deref;
use std::path::Path;

use probity_kernels::MappedFile;

/// How the files of a library are brought into memory.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Access {
    /// Read whole and checked against all sums at once.
    #[default]
    Owned,
    /// Mapped: open in milliseconds, each chunk checked when it is first read. Another process that
    /// truncates a file meanwhile kills this one.
    Mapped,
}

/// The bytes of a stored file.
#[derive(Debug)]
#[non_exhaustive]
pub enum StoredBytes {
    /// In memory.
    Owned(Vec<u8>),
    /// Part of the program.
    Static(&'static [u8]),
    /// Mapped from the file.
    Mapped(MappedFile),
}

impl Deref for StoredBytes {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        match self {
            Self::Owned(bytes) => bytes,
            Self::Static(bytes) => bytes,
            Self::Mapped(map) => map,
        }
    }
}

/// A folder of files that are written once. File names are plain names without a path.
pub trait Storage: Debug + Send + Sync {
    /// The folder, for messages.
    fn folder(&self) -> &Path;

    /// Makes the folder, and its name in its parent durable, unless it is there.
    ///
    /// # Errors
    /// Whatever the operating system answers.
    fn create_folder(&self) -> io::Result<()>;

    /// The names of all files, in no certain order.
    ///
    /// # Errors
    /// Whatever the operating system answers.
    fn file_names(&self) -> io::Result<Vec<String>>;

    /// A file's bytes.
    ///
    /// # Errors
    /// Whatever the operating system answers.
    fn read(&self, name: &str, access: Access) -> io::Result<StoredBytes>;

    /// Begins an empty file. One that is there under this name is removed, never emptied: it may be
    /// another name of a file that counts.
    ///
    /// # Errors
    /// Whatever the operating system answers.
    fn create(&self, name: &str) -> io::Result<Box<dyn StorageFile>>;

    /// Gives a file another name; a file that has that name is replaced.
    ///
    /// # Errors
    /// Whatever the operating system answers.
    fn rename(&self, from: &str, to: &str) -> io::Result<()>;

    /// Gives a file another name that no file has.
    ///
    /// # Errors
    /// `AlreadyExists` if a file has that name; else whatever the operating system answers.
    fn rename_to_new(&self, from: &str, to: &str) -> io::Result<()>;

    /// Removes a file.
    ///
    /// # Errors
    /// Whatever the operating system answers.
    fn remove(&self, name: &str) -> io::Result<()>;

    /// Makes the names in the folder durable.
    ///
    /// # Errors
    /// Whatever the operating system answers.
    fn sync_folder(&self) -> io::Result<()>;

    /// Takes the right to write, which ends when the returned guard is dropped or the process ends.
    ///
    /// # Errors
    /// `WouldBlock` if another writer has it; else whatever the operating system answers.
    fn lock(&self) -> io::Result<Box<dyn WriteLock>>;
}

/// A file that is being written.
pub trait StorageFile {
    /// Appends all bytes.
    ///
    /// # Errors
    /// Whatever the operating system answers.
    fn write_all(&mut self, bytes: &[u8]) -> io::Result<()>;

    /// Makes what was written durable.
    ///
    /// # Errors
    /// Whatever the operating system answers. After an error nothing is known of what is on disk: the
    /// file must be given up, not synced again.
    fn sync(&mut self) -> io::Result<()>;
}

/// The right to write, held until it is dropped.
pub trait WriteLock: Debug + Send {}

/// Puts a whole file under a name, and takes the place of one that has it. The bytes get a name of their own first and
/// are made durable: whatever cuts this off, the name stands for what it stood for before or for all of the bytes.
/// After a failure the unfinished file is removed, if it can be.
///
/// # Errors
/// Whatever the operating system answers.
pub fn publish(storage: &dyn Storage, unfinished: &str, name: &str, bytes: &[u8]) -> io::Result<()> {
    let write = || -> io::Result<()> {
        let mut file = storage.create(unfinished)?;
        file.write_all(bytes)?;
        file.sync()?;
        drop(file);
        storage.rename(unfinished, name)
    };
    write().inspect_err(|_| {
        // What it failed of is what is told.
        let _ = storage.remove(unfinished);
    })?;
    storage.sync_folder()
}
