//! Disks that are full, read-only or do not sync, and writers that meet: a change fails with a clear
//! error, and the library stays as it was.
#![allow(clippy::unwrap_used, reason = "a failed step fails the test")]

use std::fs;
use std::io;
use std::sync::Arc;

use probity::curate::{Addition, NewLibrary, add, build, compact, withdraw};
use probity::error::{Error, ErrorKind};
use probity::library::storage::{Access, FolderStorage, Storage};
use probity::library::{ChangeNote, EntryId, LibraryFolder, LibraryState, StateSelector};
use probity::search::{Executor, Method};
use probity_tests::disk_image::Image;
use probity_tests::faulty_storage::{Doing, FaultyStorage};
use probity_tests::recorded_storage::RecordedStorage;
use probity_tests::synthetic_records;

type Change = fn(&LibraryFolder) -> probity::Result<LibraryState>;

fn records(numbers: std::ops::Range<usize>) -> Addition {
    Addition::from_records(synthetic_records(8, 5).drain(numbers).collect())
}

fn executor() -> Executor {
    Executor::new(1).unwrap()
}

fn build_three(folder: &LibraryFolder) -> probity::Result<LibraryState> {
    let library = NewLibrary::named("case").recipes([Method::named("ei-default").unwrap().prepare]);
    build(folder, library, records(0..3), ChangeNote::default(), &executor())
}

fn add_two(folder: &LibraryFolder) -> probity::Result<LibraryState> {
    add(folder, records(3..5), ChangeNote::default(), &executor()).map(|added| added.state)
}

fn withdraw_two(folder: &LibraryFolder) -> probity::Result<LibraryState> {
    withdraw(folder, &[EntryId(2)], "another isomer", ChangeNote::default())
}

fn compact_all(folder: &LibraryFolder) -> probity::Result<LibraryState> {
    compact(folder, ChangeNote::default(), &executor())
}

const CHANGES: [(&str, Change); 4] =
    [("build", build_three), ("add", add_two), ("withdraw", withdraw_two), ("compact", compact_all)];

fn at(storage: impl Storage + 'static) -> LibraryFolder {
    LibraryFolder::with_storage(Arc::new(storage))
}

/// What is there before a change: two states, and what an interrupted change left.
fn before(change: &str) -> Image {
    if change == "build" {
        return Image::default();
    }
    let storage = RecordedStorage::new(Image::default());
    build_three(&at(storage.clone())).unwrap();
    add(&at(storage.clone()), records(5..7), ChangeNote::default(), &executor()).unwrap();
    let mut image = storage.image();
    image.set("incoming.tmp", b"half".to_vec());
    image.set(&format!("segment-{}.probity", "0".repeat(64)), b"half".to_vec());
    image
}

/// Number and digest of the newest state, everything read; number 0 without any.
fn newest(folder: &LibraryFolder) -> (u64, String) {
    match folder.open(&StateSelector::Latest, Access::Owned) {
        Ok(library) => {
            assert!(folder.verify().unwrap().is_clean());
            (library.state().unwrap().number, library.digest().to_owned())
        }
        Err(error) => {
            assert!(matches!(error.kind(), ErrorKind::Malformed | ErrorKind::Io), "{error}");
            (0, String::new())
        }
    }
}

fn names_a_file_of(folder: &LibraryFolder, error: &Error) -> bool {
    error.location().file.as_ref().is_some_and(|file| file.starts_with(folder.path()))
}

/// Fails each operation of a change in turn; returns how many there are.
fn fail_each(
    name: &str,
    change: Change,
    fault: impl Fn(Arc<dyn Storage>, usize) -> FaultyStorage,
    hits: impl Fn(Doing) -> bool,
) -> usize {
    let image = before(name);
    let was = newest(&at(RecordedStorage::new(image.clone())));
    let sound =
        FaultyStorage::once(Arc::new(RecordedStorage::new(image.clone())), usize::MAX, io::ErrorKind::Other);
    let will_be = change(&at(sound.clone())).unwrap();
    let will_be = (will_be.number, will_be.digest);
    let operations = sound.done();
    assert_eq!(operations.last(), Some(&Doing::SyncFolder));
    for (number, doing) in operations.iter().enumerate().filter(|(_, doing)| hits(**doing)) {
        let inner = RecordedStorage::new(image.clone());
        let folder = at(fault(Arc::new(inner.clone()), number));
        let result = change(&folder);
        let healthy = at(inner);
        let is = newest(&healthy);
        let place = format!("{name}, operation {number}, {doing:?}");
        match result {
            Err(error) => {
                assert_eq!(error.kind(), ErrorKind::Io, "{place}: {error}");
                assert!(names_a_file_of(&folder, &error), "{place}: {error}");
                let is_last = number + 1 == operations.len();
                let expected = if is_last { &will_be } else { &was };
                assert_eq!(&is, expected, "{place}: {error}");
                assert_eq!(error.message().contains("not acknowledged"), is_last, "{place}: {error}");
            }
            // What is left over is not looked for where a manifest cannot be read; that hinders no
            // change.
            Ok(_) => assert_eq!((is, *doing, name), (will_be.clone(), Doing::Read, "compact"), "{place}"),
        }
        let (number, _) = newest(&healthy);
        let next = if number == 0 { build_three(&healthy) } else { add_two(&healthy) };
        assert_eq!(next.unwrap().number, number + 1, "{place}");
        assert_eq!(newest(&healthy).0, number + 1, "{place}");
    }
    operations.len()
}

#[test]
fn any_operation_may_fail_once() {
    for (name, change) in CHANGES {
        let operations = fail_each(
            name,
            change,
            |inner, number| FaultyStorage::once(inner, number, io::ErrorKind::Other),
            |_| true,
        );
        assert!(operations > 10, "{name} has {operations} operations");
    }
}

#[test]
fn a_disk_may_be_full_from_any_operation_on() {
    for (name, change) in CHANGES {
        fail_each(
            name,
            change,
            |inner, number| FaultyStorage::from(inner, number, io::ErrorKind::StorageFull),
            |doing| matches!(doing, Doing::CreateFolder | Doing::Create | Doing::Write | Doing::Sync),
        );
    }
}

#[test]
fn a_folder_may_become_read_only_at_any_operation() {
    for (name, change) in CHANGES {
        fail_each(
            name,
            change,
            |inner, number| FaultyStorage::from(inner, number, io::ErrorKind::ReadOnlyFilesystem),
            Doing::changes,
        );
    }
}

#[test]
fn a_sync_that_fails_ends_the_change_and_is_not_tried_again() {
    for (name, change) in CHANGES {
        let image = before(name);
        for number in 0.. {
            let inner = RecordedStorage::new(image.clone());
            let storage = FaultyStorage::once(Arc::new(inner), number, io::ErrorKind::Other);
            let result = change(&at(storage.clone()));
            let done = storage.done();
            if done.len() <= number {
                result.unwrap();
                break;
            }
            if matches!(done[number], Doing::Sync | Doing::SyncFolder) {
                assert!(result.is_err(), "{name}, operation {number}");
                let after = &done[number + 1..];
                // The unfinished file is removed; nothing else is done.
                assert!(after.iter().all(|doing| *doing == Doing::Remove), "{name}: {after:?}");
            }
        }
    }
}

#[test]
fn a_second_writer_is_turned_away_and_readers_are_not() {
    let place = tempfile::tempdir().unwrap();
    let path = place.path().join("Fälle 2026").join("case");
    let folder = LibraryFolder::at(&path);
    let built = build_three(&folder).unwrap();
    let first = FolderStorage::new(&path);
    let lock = first.lock().unwrap();
    for change in [build_three, add_two, withdraw_two, compact_all] {
        let error = change(&folder).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Busy, "{error}");
        assert!(names_a_file_of(&folder, &error), "{error}");
    }
    for access in [Access::Owned, Access::Mapped] {
        let library = folder.open(&StateSelector::Latest, access).unwrap();
        assert_eq!(library.entries().map(|entry| entry.unwrap().id().0).collect::<Vec<_>>(), [1, 2, 3]);
        assert_eq!(library.digest(), built.digest);
    }
    assert!(folder.verify().unwrap().is_clean());
    drop(lock);
    assert_eq!(add_two(&folder).unwrap().number, 2);
}

/// A reader that opened a library keeps it, whatever a writer does meanwhile.
#[test]
fn readers_keep_what_they_opened() {
    let place = tempfile::tempdir().unwrap();
    let folder = LibraryFolder::at(&place.path().join("case"));
    let built = build_three(&folder).unwrap();
    let opened = folder.open(&StateSelector::Latest, Access::Mapped).unwrap();
    for change in [add_two, withdraw_two, compact_all, compact_all] {
        change(&folder).unwrap();
    }
    assert_eq!(opened.entries().map(|entry| entry.unwrap().id().0).collect::<Vec<_>>(), [1, 2, 3]);
    assert_eq!(opened.digest(), built.digest);
    let earlier = folder.open(&StateSelector::Number(1), Access::Owned).unwrap();
    assert_eq!(earlier.digest(), built.digest);
    assert_eq!(earlier.len(), 3);
}

#[test]
fn a_read_only_folder_can_be_read_and_says_that_it_cannot_be_changed() {
    let place = tempfile::tempdir().unwrap();
    let path = place.path().join("case");
    let folder = LibraryFolder::at(&path);
    let built = build_three(&folder).unwrap();
    let inner = Arc::new(FolderStorage::new(&path));
    for (_, change) in &CHANGES[1..] {
        // Nothing that changes anything works, from taking the right to write on.
        for number in 0.. {
            let storage = FaultyStorage::from(
                Arc::clone(&inner) as Arc<dyn Storage>,
                number,
                io::ErrorKind::ReadOnlyFilesystem,
            );
            let result = change(&at(storage.clone()));
            if storage.done().get(number) == Some(&Doing::Lock) {
                let error = result.unwrap_err();
                assert_eq!(error.kind(), ErrorKind::Io, "{error}");
                assert!(error.to_string().contains("read-only"), "{error}");
                break;
            }
        }
    }
    assert_eq!(newest(&folder), (1, built.digest.clone()));
    // The system lets its administrator write everywhere.
    let mut permissions = fs::metadata(&path).unwrap().permissions();
    permissions.set_readonly(true);
    fs::set_permissions(&path, permissions).unwrap();
    let writable = fs::write(path.join("probe"), []).is_ok();
    if !writable {
        for (_, change) in &CHANGES[1..] {
            assert_eq!(change(&folder).unwrap_err().kind(), ErrorKind::Io);
        }
        assert_eq!(newest(&folder), (1, built.digest));
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    }
}
