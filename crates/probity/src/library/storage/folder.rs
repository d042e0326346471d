//! A folder of the file system. All that differs between operating systems (durability, renaming
//! without replacing, locks, maps) stands in this file.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};

use probity_kernels::MappedFile;

use super::{Access, Storage, StorageFile, StoredBytes, WriteLock};

/// The file that writers lock. It stays empty.
const LOCK_FILE: &str = "lock";

/// A folder of the file system.
#[derive(Debug, Clone)]
pub struct FolderStorage {
    folder: PathBuf,
}

impl FolderStorage {
    /// The folder with the given path, whether it is there or not.
    #[must_use]
    pub fn new(folder: &Path) -> Self {
        Self { folder: folder.to_owned() }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }
}

impl Storage for FolderStorage {
    fn folder(&self) -> &Path {
        &self.folder
    }

    fn create_folder(&self) -> io::Result<()> {
        // Each folder on the way that is not there yet, the outermost last; then from there inwards.
        let missing = self.folder.ancestors().take_while(|folder| !is_folder(folder));
        let missing: Vec<&Path> = missing.collect();
        for folder in missing.into_iter().rev() {
            fs::create_dir_all(folder)?;
            sync_parent(folder)?;
        }
        // It may be there since an attempt that was interrupted before its name was durable.
        sync_parent(&self.folder)
    }

    fn file_names(&self) -> io::Result<Vec<String>> {
        let mut names = Vec::new();
        for entry in fs::read_dir(&self.folder)? {
            // A name that is not UTF-8 is none of ours.
            if let Ok(name) = entry?.file_name().into_string() {
                names.push(name);
            }
        }
        Ok(names)
    }

    fn read(&self, name: &str, access: Access) -> io::Result<StoredBytes> {
        let mut file = File::open(self.path(name))?;
        if !file.metadata()?.is_file() {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, "it is not a regular file"));
        }
        match access {
            Access::Owned => {
                let mut bytes = Vec::new();
                file.read_to_end(&mut bytes)?;
                Ok(StoredBytes::Owned(bytes))
            }
            // Systems refuse to map nothing.
            Access::Mapped if file.metadata()?.len() == 0 => Ok(StoredBytes::Owned(Vec::new())),
            Access::Mapped => Ok(StoredBytes::Mapped(MappedFile::of(&file)?)),
        }
    }

    fn create(&self, name: &str) -> io::Result<Box<dyn StorageFile>> {
        let path = self.path(name);
        match fs::remove_file(&path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        Ok(Box::new(FileInFolder(File::create_new(path)?)))
    }

    fn rename(&self, from: &str, to: &str) -> io::Result<()> {
        fs::rename(self.path(from), self.path(to))
    }

    fn rename_to_new(&self, from: &str, to: &str) -> io::Result<()> {
        let (from, to) = (self.path(from), self.path(to));
        match fs::hard_link(&from, &to) {
            // If the old name stays, it does no harm: `create` removes it before anything is written.
            Ok(()) => fs::remove_file(&from).or(Ok(())),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Err(error),
            // Some file systems have no second names (FAT, many network shares). Only the holder of the
            // lock comes here, so nobody else takes the name in between.
            Err(_) if to.try_exists()? => Err(io::ErrorKind::AlreadyExists.into()),
            Err(_) => fs::rename(&from, &to),
        }
    }

    fn remove(&self, name: &str) -> io::Result<()> {
        fs::remove_file(self.path(name))
    }

    fn sync_folder(&self) -> io::Result<()> {
        sync_folder(&self.folder)
    }

    fn lock(&self) -> io::Result<Box<dyn WriteLock>> {
        let file = OpenOptions::new().create(true).truncate(false).write(true).open(self.path(LOCK_FILE))?;
        match file.try_lock() {
            Ok(()) => Ok(Box::new(LockedFile { _file: file })),
            Err(TryLockError::WouldBlock) => Err(io::ErrorKind::WouldBlock.into()),
            Err(TryLockError::Error(error)) => Err(error),
        }
    }
}

/// Whether a path is a folder; the empty path is the current one.
fn is_folder(path: &Path) -> bool {
    path.as_os_str().is_empty() || path.is_dir()
}

/// Makes a folder's own name durable.
fn sync_parent(folder: &Path) -> io::Result<()> {
    match folder.parent() {
        Some(parent) if parent.as_os_str().is_empty() => sync_folder(Path::new(".")),
        Some(parent) => sync_folder(parent),
        None => Ok(()),
    }
}

/// Makes the names in a folder durable.
#[cfg(not(windows))]
fn sync_folder(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

/// Windows has no such call: NTFS keeps names in a journal of its own.
#[cfg(windows)]
fn sync_folder(_folder: &Path) -> io::Result<()> {
    Ok(())
}

struct FileInFolder(File);

impl StorageFile for FileInFolder {
    fn write_all(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.0.write_all(bytes)
    }

    fn sync(&mut self) -> io::Result<()> {
        self.0.sync_all()
    }
}

/// The system gives the lock back when the file is closed, also where the process is killed.
#[derive(Debug)]
struct LockedFile {
    _file: File,
}

impl WriteLock for LockedFile {}
