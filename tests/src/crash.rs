//! The folders that a crash may leave.
//!
//! The model is harsher than any file system: a name is made and taken away on its own, also where the
//! system promises a rename in one step; until the folder is synced, any of these operations may be
//! lost while later ones are kept; until a file is synced, what was written to it may be there in part
//! or read as zeros, even where its name is durable.

use std::collections::{BTreeMap, BTreeSet};

use crate::disk_image::Image;

/// Beyond this number of unsynced names not every subset is tried.
const ALL_SUBSETS: usize = 8;

/// One step of what was done to a folder. Files are numbered in the order in which they were begun,
/// behind those that were there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Operation {
    /// The folder was made and is durable.
    MakeFolder,
    /// An empty file was begun, without a name yet.
    Begin,
    /// A file was emptied.
    Empty {
        /// The file.
        file: usize,
    },
    /// Bytes were appended.
    Write {
        /// The file.
        file: usize,
        /// The bytes.
        bytes: Vec<u8>,
    },
    /// All that was written to a file is durable.
    SyncFile {
        /// The file.
        file: usize,
    },
    /// A name leads to a file from now on, whatever it led to before.
    Name {
        /// The name.
        name: String,
        /// The file.
        file: usize,
    },
    /// A name is gone.
    Unname {
        /// The name.
        name: String,
    },
    /// All names are durable.
    SyncFolder,
}

/// What may be there of an unsynced file.
#[derive(Debug, Clone, Copy)]
enum Kept {
    Nothing,
    FirstHalf,
    SecondHalf,
    OnlyTheLength,
    Everything,
}

impl Kept {
    const ALL: [Self; 5] =
        [Self::Nothing, Self::FirstHalf, Self::SecondHalf, Self::OnlyTheLength, Self::Everything];

    fn of(self, durable: &[u8], written: &[u8]) -> Vec<u8> {
        let sure = if written.starts_with(durable) { durable.len() } else { 0 };
        let half = sure + (written.len() - sure) / 2;
        let mut content = written.to_vec();
        match self {
            Self::Nothing => return durable.to_vec(),
            Self::FirstHalf => content.truncate(half),
            Self::SecondHalf => content[sure..half].fill(0),
            Self::OnlyTheLength => content[sure..].fill(0),
            Self::Everything => {}
        }
        content
    }
}

/// All folders that a crash after the last operation of the journal may leave.
///
/// # Panics
/// If the journal names a file that was never begun.
#[must_use]
pub fn crash_images(start: &Image, journal: &[Operation]) -> BTreeSet<Image> {
    let mut durable = start.clone();
    let mut written = start.contents.clone();
    let mut unsynced = Vec::new();
    for operation in journal {
        match operation {
            Operation::MakeFolder => durable.folder_is_there = true,
            Operation::Begin => {
                durable.contents.push(Vec::new());
                written.push(Vec::new());
            }
            Operation::Empty { file } => written[*file].clear(),
            Operation::Write { file, bytes } => written[*file].extend(bytes),
            Operation::SyncFile { file } => durable.contents[*file].clone_from(&written[*file]),
            Operation::Name { .. } | Operation::Unname { .. } => unsynced.push(operation),
            Operation::SyncFolder => {
                unsynced.drain(..).for_each(|operation| apply(operation, &mut durable.names));
            }
        }
    }
    let mut images = BTreeSet::new();
    for kept in subsets(unsynced.len()) {
        let mut image = durable.clone();
        for (operation, _) in unsynced.iter().zip(kept).filter(|(_, kept)| *kept) {
            apply(operation, &mut image.names);
        }
        with_contents(&image, &written, &mut images);
    }
    images
}

fn apply(operation: &Operation, names: &mut BTreeMap<String, usize>) {
    match operation {
        Operation::Name { name, file } => {
            names.insert(name.clone(), *file);
        }
        Operation::Unname { name } => {
            names.remove(name);
        }
        _ => {}
    }
}

/// Which of some operations are kept: every subset of a few; of many none, all, each alone, each left
/// out, and all up to each.
fn subsets(count: usize) -> Vec<Vec<bool>> {
    if count <= ALL_SUBSETS {
        return (0..1usize << count).map(|set| (0..count).map(|bit| set >> bit & 1 == 1).collect()).collect();
    }
    let mut subsets = vec![vec![true; count]];
    for one in 0..count {
        subsets.push((0..count).map(|at| at == one).collect());
        subsets.push((0..count).map(|at| at != one).collect());
        subsets.push((0..count).map(|at| at < one).collect());
    }
    subsets
}

/// Adds the image with everything that may be in its unsynced files: each kind of loss in all of them,
/// and each in one of them while the others are whole.
fn with_contents(image: &Image, written: &[Vec<u8>], images: &mut BTreeSet<Image>) {
    let named: BTreeSet<usize> = image.names.values().copied().collect();
    let unsynced: Vec<usize> =
        named.into_iter().filter(|&file| image.contents[file] != written[file]).collect();
    let mut add = |kept: &dyn Fn(usize) -> Kept| {
        let mut image = image.clone();
        for &file in &unsynced {
            image.contents[file] = kept(file).of(&image.contents[file], &written[file]);
        }
        images.insert(image.normal());
    };
    for kept in Kept::ALL {
        add(&|_| kept);
        for &one in &unsynced {
            add(&|file| if file == one { kept } else { Kept::Everything });
        }
    }
}

#[cfg(test)]
mod tests {
    use probity::library::storage::Storage as _;

    use super::*;
    use crate::recorded_storage::RecordedStorage;

    /// What a crash may leave of `case`, as content or as the lack of it.
    fn left(journal: &[Operation]) -> BTreeSet<Option<Vec<u8>>> {
        let images = crash_images(&Image::of([]), journal);
        images.iter().map(|image| image.file("case").map(<[u8]>::to_vec)).collect()
    }

    #[test]
    fn only_what_was_synced_lasts() {
        let storage = RecordedStorage::new(Image::of([]));
        let mut file = storage.create("new").unwrap();
        file.write_all(b"abcd").unwrap();
        storage.rename("new", "case").unwrap();
        let kept = |text: &str| Some(text.as_bytes().to_vec());
        let whole = kept("abcd");
        let parts = ["", "ab", "\0\0cd", "\0\0\0\0"].map(kept);
        assert_eq!(left(&storage.journal()), parts.into_iter().chain([whole.clone(), None]).collect());
        file.sync().unwrap();
        assert_eq!(left(&storage.journal()), BTreeSet::from([whole.clone(), None]));
        storage.sync_folder().unwrap();
        assert_eq!(left(&storage.journal()), BTreeSet::from([whole]));
    }

    #[test]
    fn both_names_of_a_file_may_be_left_and_lead_to_one_file() {
        let storage = RecordedStorage::new(Image::of([]));
        drop(storage.create("new").unwrap());
        storage.sync_folder().unwrap();
        storage.rename_to_new("new", "case").unwrap();
        let shapes: BTreeSet<_> =
            crash_images(&Image::of([]), &storage.journal()).iter().map(Image::shape).collect();
        let name = |name: &str| (name.to_owned(), 0);
        // Neither step, the first, the second, both.
        let expected = [vec![name("new")], vec![name("case"), name("new")], vec![], vec![name("case")]];
        assert_eq!(shapes, BTreeSet::from(expected));
    }
}
