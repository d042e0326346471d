//! A storage of which one operation fails.

use std::io;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use probity::library::storage::{Access, Storage, StorageFile, StoredBytes, WriteLock};

/// What an operation does to the folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Doing {
    /// Making the folder.
    CreateFolder,
    /// Listing it.
    FileNames,
    /// Reading a file.
    Read,
    /// Beginning a file.
    Create,
    /// Appending to a file.
    Write,
    /// Syncing a file.
    Sync,
    /// Renaming a file, with or without replacing.
    Rename,
    /// Removing a file.
    Remove,
    /// Syncing the folder.
    SyncFolder,
    /// Taking the right to write.
    Lock,
}

impl Doing {
    /// Whether it changes anything on disk, and so fails where nothing can be written.
    #[must_use]
    pub fn changes(self) -> bool {
        !matches!(self, Self::FileNames | Self::Read)
    }
}

/// Passes all operations on to another storage, except those that fail.
#[derive(Debug, Clone)]
pub struct FaultyStorage {
    inner: Arc<dyn Storage>,
    faults: Arc<Faults>,
}

#[derive(Debug)]
struct Faults {
    done: Mutex<Vec<Doing>>,
    /// The number of the first operation that fails, from 0.
    first: usize,
    /// Whether those that change something also fail from then on.
    lasting: bool,
    kind: io::ErrorKind,
    count: AtomicUsize,
}

impl FaultyStorage {
    /// Fails the operation with this number, from 0, with an error of this kind.
    #[must_use]
    pub fn once(inner: Arc<dyn Storage>, number: usize, kind: io::ErrorKind) -> Self {
        Self::with(inner, number, false, kind)
    }

    /// Fails the operation with this number and all after it that change something.
    #[must_use]
    pub fn from(inner: Arc<dyn Storage>, number: usize, kind: io::ErrorKind) -> Self {
        Self::with(inner, number, true, kind)
    }

    fn with(inner: Arc<dyn Storage>, first: usize, lasting: bool, kind: io::ErrorKind) -> Self {
        let faults = Faults { done: Mutex::default(), first, lasting, kind, count: AtomicUsize::new(0) };
        Self { inner, faults: Arc::new(faults) }
    }

    /// What was asked for so far, in order; the last may have failed.
    #[must_use]
    pub fn done(&self) -> Vec<Doing> {
        self.faults.done.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn fails(&self, doing: Doing) -> io::Result<()> {
        self.faults.done.lock().unwrap_or_else(PoisonError::into_inner).push(doing);
        let number = self.faults.count.fetch_add(1, Ordering::AcqRel);
        let later = self.faults.lasting && number > self.faults.first && doing.changes();
        if number == self.faults.first || later { Err(self.faults.kind.into()) } else { Ok(()) }
    }
}

impl Storage for FaultyStorage {
    fn folder(&self) -> &Path {
        self.inner.folder()
    }

    fn create_folder(&self) -> io::Result<()> {
        self.fails(Doing::CreateFolder)?;
        self.inner.create_folder()
    }

    fn file_names(&self) -> io::Result<Vec<String>> {
        self.fails(Doing::FileNames)?;
        self.inner.file_names()
    }

    fn read(&self, name: &str, access: Access) -> io::Result<StoredBytes> {
        self.fails(Doing::Read)?;
        self.inner.read(name, access)
    }

    fn create(&self, name: &str) -> io::Result<Box<dyn StorageFile>> {
        self.fails(Doing::Create)?;
        Ok(Box::new(FaultyFile { storage: self.clone(), file: self.inner.create(name)? }))
    }

    fn rename(&self, from: &str, to: &str) -> io::Result<()> {
        self.fails(Doing::Rename)?;
        self.inner.rename(from, to)
    }

    fn rename_to_new(&self, from: &str, to: &str) -> io::Result<()> {
        self.fails(Doing::Rename)?;
        self.inner.rename_to_new(from, to)
    }

    fn remove(&self, name: &str) -> io::Result<()> {
        self.fails(Doing::Remove)?;
        self.inner.remove(name)
    }

    fn sync_folder(&self) -> io::Result<()> {
        self.fails(Doing::SyncFolder)?;
        self.inner.sync_folder()
    }

    fn lock(&self) -> io::Result<Box<dyn WriteLock>> {
        self.fails(Doing::Lock)?;
        self.inner.lock()
    }
}

struct FaultyFile {
    storage: FaultyStorage,
    file: Box<dyn StorageFile>,
}

impl StorageFile for FaultyFile {
    /// Where it fails, half of the bytes are written, as on a disk that becomes full.
    fn write_all(&mut self, bytes: &[u8]) -> io::Result<()> {
        if let Err(error) = self.storage.fails(Doing::Write) {
            self.file.write_all(&bytes[..bytes.len() / 2])?;
            return Err(error);
        }
        self.file.write_all(bytes)
    }

    fn sync(&mut self) -> io::Result<()> {
        self.storage.fails(Doing::Sync)?;
        self.file.sync()
    }
}
