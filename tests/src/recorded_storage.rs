//! A folder in memory that keeps a journal of what was done to it.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use probity::library::storage::{Access, Storage, StorageFile, StoredBytes, WriteLock};

use crate::crash::Operation;
use crate::disk_image::Image;

/// A storage that does not keep its promises, to show that a test notices.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flaw {
    /// Syncing a file does nothing.
    FileSyncIgnored,
    /// Syncing the folder does nothing.
    FolderSyncIgnored,
    /// Beginning a file empties the one of that name in place.
    CreateEmpties,
}

#[derive(Debug, Default)]
struct Disk {
    image: Image,
    journal: Vec<Operation>,
}

/// A folder in memory with a journal.
#[derive(Debug, Clone)]
pub struct RecordedStorage {
    folder: PathBuf,
    disk: Arc<Mutex<Disk>>,
    locked: Arc<AtomicBool>,
    flaw: Option<Flaw>,
}

impl RecordedStorage {
    /// A folder that holds what the image holds, all of it durable.
    #[must_use]
    pub fn new(image: Image) -> Self {
        Self {
            folder: PathBuf::from("in memory"),
            disk: Arc::new(Mutex::new(Disk { image, journal: Vec::new() })),
            locked: Arc::default(),
            flaw: None,
        }
    }

    /// The same with a flaw.
    #[must_use]
    pub fn with_flaw(mut self, flaw: Flaw) -> Self {
        self.flaw = Some(flaw);
        self
    }

    /// What was done so far.
    #[must_use]
    pub fn journal(&self) -> Vec<Operation> {
        self.disk().journal.clone()
    }

    /// What is there now, for those who do not crash.
    #[must_use]
    pub fn image(&self) -> Image {
        self.disk().image.normal()
    }

    fn disk(&self) -> MutexGuard<'_, Disk> {
        self.disk.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Disk {
    fn file(&self, name: &str) -> io::Result<usize> {
        self.image.names.get(name).copied().ok_or_else(|| io::ErrorKind::NotFound.into())
    }

    fn name(&mut self, name: &str, file: usize) {
        self.image.names.insert(name.to_owned(), file);
        self.journal.push(Operation::Name { name: name.to_owned(), file });
    }

    fn unname(&mut self, name: &str) {
        self.image.names.remove(name);
        self.journal.push(Operation::Unname { name: name.to_owned() });
    }
}

impl Storage for RecordedStorage {
    fn folder(&self) -> &Path {
        &self.folder
    }

    fn create_folder(&self) -> io::Result<()> {
        let mut disk = self.disk();
        disk.image.folder_is_there = true;
        disk.journal.push(Operation::MakeFolder);
        Ok(())
    }

    fn file_names(&self) -> io::Result<Vec<String>> {
        let disk = self.disk();
        if !disk.image.folder_is_there {
            return Err(io::ErrorKind::NotFound.into());
        }
        Ok(disk.image.names.keys().cloned().collect())
    }

    fn read(&self, name: &str, _access: Access) -> io::Result<StoredBytes> {
        let disk = self.disk();
        let file = disk.file(name)?;
        Ok(StoredBytes::Owned(disk.image.contents[file].clone()))
    }

    fn create(&self, name: &str) -> io::Result<Box<dyn StorageFile>> {
        let mut disk = self.disk();
        let before = disk.file(name).ok();
        let file = match before {
            Some(file) if self.flaw == Some(Flaw::CreateEmpties) => {
                disk.image.contents[file].clear();
                disk.journal.push(Operation::Empty { file });
                file
            }
            _ => {
                if before.is_some() {
                    disk.unname(name);
                }
                disk.image.contents.push(Vec::new());
                disk.journal.push(Operation::Begin);
                let file = disk.image.contents.len() - 1;
                disk.name(name, file);
                file
            }
        };
        Ok(Box::new(RecordedFile { storage: self.clone(), file }))
    }

    fn rename(&self, from: &str, to: &str) -> io::Result<()> {
        let mut disk = self.disk();
        let file = disk.file(from)?;
        disk.name(to, file);
        disk.unname(from);
        Ok(())
    }

    fn rename_to_new(&self, from: &str, to: &str) -> io::Result<()> {
        if self.disk().file(to).is_ok() {
            return Err(io::ErrorKind::AlreadyExists.into());
        }
        self.rename(from, to)
    }

    fn remove(&self, name: &str) -> io::Result<()> {
        let mut disk = self.disk();
        disk.file(name)?;
        disk.unname(name);
        Ok(())
    }

    fn sync_folder(&self) -> io::Result<()> {
        if self.flaw != Some(Flaw::FolderSyncIgnored) {
            self.disk().journal.push(Operation::SyncFolder);
        }
        Ok(())
    }

    fn lock(&self) -> io::Result<Box<dyn WriteLock>> {
        if self.locked.swap(true, Ordering::AcqRel) {
            return Err(io::ErrorKind::WouldBlock.into());
        }
        Ok(Box::new(Locked(Arc::clone(&self.locked))))
    }
}

#[derive(Debug)]
struct Locked(Arc<AtomicBool>);

impl WriteLock for Locked {}

impl Drop for Locked {
    fn drop(&mut self) {
        self.0.store(false, Ordering::Release);
    }
}

struct RecordedFile {
    storage: RecordedStorage,
    file: usize,
}

impl StorageFile for RecordedFile {
    fn write_all(&mut self, bytes: &[u8]) -> io::Result<()> {
        let mut disk = self.storage.disk();
        disk.image.contents[self.file].extend(bytes);
        disk.journal.push(Operation::Write { file: self.file, bytes: bytes.to_vec() });
        Ok(())
    }

    fn sync(&mut self) -> io::Result<()> {
        if self.storage.flaw != Some(Flaw::FileSyncIgnored) {
            self.storage.disk().journal.push(Operation::SyncFile { file: self.file });
        }
        Ok(())
    }
}
