//! After a crash at any instant, with unsynced writes and names lost in any combination, a library opens
//! at a state that was acknowledged or at the one that was being made, whole (design law 3).
#![allow(clippy::unwrap_used, reason = "a failed step fails the test")]

use std::collections::BTreeSet;
use std::sync::Arc;

use probity::curate::{Addition, NewLibrary, add, build, compact, withdraw};
use probity::error::ErrorKind;
use probity::format::Record;
use probity::library::storage::{Access, Storage as _};
use probity::library::{ChangeNote, EntryId, LibraryFolder, LibraryState, StateSelector};
use probity::search::{Executor, Method};
use probity_tests::crash::{Operation, crash_images};
use probity_tests::disk_image::Image;
use probity_tests::recorded_storage::{Flaw, RecordedStorage};
use probity_tests::synthetic_records;

/// Ids and names, ascending.
type Content = Vec<(u64, String)>;

/// A change that was acknowledged.
struct Step {
    /// Operations of the journal when it was.
    journal: usize,
    digest: String,
    content: Content,
}

struct Recorded {
    journal: Vec<Operation>,
    steps: Vec<Step>,
}

fn new_library() -> NewLibrary {
    NewLibrary::named("case").recipes([Method::named("ei-default").unwrap().prepare])
}

fn content_of(first: u64, records: &[Record]) -> Content {
    (first..).zip(records.iter().map(|record| record.name.clone())).collect()
}

fn records(numbers: std::ops::Range<usize>) -> Vec<Record> {
    synthetic_records(10, 3).drain(numbers).collect()
}

/// Every kind of change, on a storage that may have a flaw.
fn record(flaw: Option<Flaw>) -> Recorded {
    let storage = RecordedStorage::new(Image::default());
    let storage = flaw.map_or(storage.clone(), |flaw| storage.with_flaw(flaw));
    let folder = LibraryFolder::with_storage(Arc::new(storage.clone()));
    let executor = Executor::new(1).unwrap();
    let addition = |numbers| Addition::from_records(records(numbers));
    let note = ChangeNote::default;
    let mut steps = Vec::new();
    let mut content = content_of(1, &records(0..5));
    let mut acknowledge = |state: &LibraryState, content: &[(u64, String)]| {
        steps.push(Step {
            journal: storage.journal().len(),
            digest: state.digest.clone(),
            content: content.to_vec(),
        });
    };
    acknowledge(&build(&folder, new_library(), addition(0..3), note(), &executor).unwrap(), &content[..3]);
    acknowledge(&add(&folder, addition(3..5), note(), &executor).unwrap().state, &content);
    content.remove(1);
    acknowledge(&withdraw(&folder, &[EntryId(2)], "another isomer", note()).unwrap(), &content);
    acknowledge(&compact(&folder, note(), &executor).unwrap(), &content);
    // Its segment is that of the state before, byte for byte.
    acknowledge(&compact(&folder, note(), &executor).unwrap(), &content);
    content.extend(content_of(6, &records(5..6)));
    acknowledge(&add(&folder, addition(5..6), note(), &executor).unwrap().state, &content);
    Recorded { journal: storage.journal(), steps }
}

fn folder_of(image: &Image, flaw: Option<Flaw>) -> (RecordedStorage, LibraryFolder) {
    let storage = RecordedStorage::new(image.clone());
    let storage = flaw.map_or(storage.clone(), |flaw| storage.with_flaw(flaw));
    (storage.clone(), LibraryFolder::with_storage(Arc::new(storage)))
}

/// Digest and content of a state, all entries read.
fn read(folder: &LibraryFolder, select: &StateSelector) -> probity::Result<(u64, String, Content)> {
    let library = folder.open(select, Access::Owned)?;
    let mut content = Content::new();
    for entry in library.entries() {
        let entry = entry?;
        content.push((entry.id().0, entry.record().name.clone()));
    }
    let number = library.state().map_or(0, |state| state.number);
    Ok((number, library.digest().to_owned(), content))
}

/// The number of the newest state, which must be the last that was acknowledged or the next; every
/// acknowledged one must be there, and nothing damaged. 0 if there is none and none was acknowledged.
fn check(folder: &LibraryFolder, acknowledged: &[Step], coming: Option<&Step>) -> Result<u64, String> {
    for (step, number) in acknowledged.iter().zip(1..) {
        let found = read(folder, &StateSelector::Number(number)).map_err(|error| error.to_string())?;
        if found != (number, step.digest.clone(), step.content.clone()) {
            return Err(format!("state {number} is {found:?}"));
        }
    }
    let last = acknowledged.len() as u64;
    let number = match read(folder, &StateSelector::Latest) {
        Ok((number, ..)) if number == last => last,
        Ok((number, digest, content)) => match coming {
            Some(step) if number == last + 1 && (&step.digest, &step.content) == (&digest, &content) => {
                number
            }
            _ => return Err(format!("after state {last} there is {number}: {digest} {content:?}")),
        },
        Err(error)
            if acknowledged.is_empty() && matches!(error.kind(), ErrorKind::Malformed | ErrorKind::Io) =>
        {
            return Ok(0);
        }
        Err(error) => return Err(format!("the newest state is refused: {error}")),
    };
    let report = folder.verify().map_err(|error| error.to_string())?;
    if report.is_clean() { Ok(number) } else { Err(report.problems.join("; ")) }
}

/// Changes the library that a crash left; returns what was then recorded.
fn change_again(
    image: &Image,
    known: &[Step],
    compacts: bool,
    flaw: Option<Flaw>,
) -> Result<Recorded, String> {
    let (storage, folder) = folder_of(image, flaw);
    let executor = Executor::new(1).unwrap();
    let more = records(8..9);
    let added = Addition::from_records(more.clone());
    let mut content = known.last().map_or(Content::new(), |step| step.content.clone());
    let next_id = folder.state(&StateSelector::Latest).map_or(1, |state| state.next_id.0);
    let state = match known.len() {
        0 => build(&folder, new_library(), added, ChangeNote::default(), &executor),
        _ if compacts => compact(&folder, ChangeNote::default(), &executor),
        _ => add(&folder, added, ChangeNote::default(), &executor).map(|added| added.state),
    };
    let state = state.map_err(|error| format!("a further change fails: {error}"))?;
    if known.is_empty() || !compacts {
        content.extend(content_of(next_id, &more));
    }
    if compacts
        && !known.is_empty()
        && !folder.verify().map_err(|error| error.to_string())?.left_over.is_empty()
    {
        return Err("compacting leaves what the crash left".to_owned());
    }
    let journal = storage.journal();
    let step = Step { journal: journal.len(), digest: state.digest, content };
    Ok(Recorded { journal, steps: vec![step] })
}

#[derive(Debug, Default)]
struct Outcome {
    /// Images at which the newest state was the last acknowledged, or there was none yet.
    before: usize,
    /// Images at which the coming state was there already.
    after: usize,
    /// Images of a crash during the change that followed a crash.
    second_crash: usize,
    violations: Vec<String>,
}

/// Tries every prefix of the journal and every image that a crash may leave of it.
fn crash_everywhere(recorded: &Recorded, flaw: Option<Flaw>) -> Outcome {
    let mut outcome = Outcome::default();
    let mut seen = BTreeSet::new();
    let mut shapes = BTreeSet::new();
    for end in 0..=recorded.journal.len() {
        let known = recorded.steps.iter().filter(|step| step.journal <= end).count();
        let (acknowledged, coming) = (&recorded.steps[..known], recorded.steps.get(known));
        for image in crash_images(&Image::default(), &recorded.journal[..end]) {
            if !seen.insert((known, image.clone())) {
                continue;
            }
            let (_, folder) = folder_of(&image, flaw);
            match check(&folder, acknowledged, coming) {
                Ok(number) => {
                    let is_new = number as usize > known;
                    if is_new {
                        outcome.after += 1;
                    } else {
                        outcome.before += 1;
                    }
                    let known = &recorded.steps[..number as usize];
                    let new_shape = shapes.insert((number, image.shape()));
                    for compacts in [false, true] {
                        let result = change_and_crash(&image, known, compacts, new_shape, flaw);
                        match result {
                            Ok(images) => outcome.second_crash += images,
                            Err(violation) => outcome.violations.push(violation),
                        }
                    }
                }
                Err(violation) => outcome.violations.push(format!("operation {end}: {violation}")),
            }
        }
    }
    outcome
}

/// Changes the library that a crash left, and crashes again at every instant of that.
fn change_and_crash(
    image: &Image,
    known: &[Step],
    compacts: bool,
    crash_again: bool,
    flaw: Option<Flaw>,
) -> Result<usize, String> {
    let second = change_again(image, known, compacts, flaw)?;
    // Whether or not it crashes again.
    let mut ends: Vec<usize> = if crash_again { (0..second.journal.len()).collect() } else { Vec::new() };
    ends.push(second.journal.len());
    let mut seen = BTreeSet::new();
    for end in ends {
        let returned = end == second.journal.len();
        for image in crash_images(image, &second.journal[..end]) {
            if !seen.insert((returned, image.clone())) {
                continue;
            }
            let (_, folder) = folder_of(&image, flaw);
            let number = check(&folder, known, second.steps.first())?;
            if returned && number != known.len() as u64 + 1 {
                return Err(format!("state {} was acknowledged, {number} is there", known.len() + 1));
            }
        }
    }
    Ok(if crash_again { seen.len() } else { 0 })
}

#[test]
fn a_crash_at_any_instant_leaves_a_committed_state() {
    let outcome = crash_everywhere(&record(None), None);
    assert!(outcome.violations.is_empty(), "{:#?}", &outcome.violations[..outcome.violations.len().min(20)]);
    // The images are many and of both kinds, so that the test does not pass for lack of them.
    assert!(outcome.before > 200 && outcome.after > 6 && outcome.second_crash > 3_000, "{outcome:?}");
}

/// The test would notice what it is there to notice.
#[test]
fn a_storage_that_breaks_its_promises_is_caught() {
    for flaw in [Flaw::FileSyncIgnored, Flaw::FolderSyncIgnored, Flaw::CreateEmpties] {
        let outcome = crash_everywhere(&record(Some(flaw)), Some(flaw));
        assert!(!outcome.violations.is_empty(), "{flaw:?} is not noticed");
    }
}

#[test]
fn the_journal_is_that_of_the_law() {
    let recorded = record(None);
    let mut files = BTreeSet::new();
    let mut synced = BTreeSet::new();
    let mut names_are_durable = true;
    for (operation, end) in recorded.journal.iter().zip(1..) {
        match operation {
            Operation::Write { file, .. } => {
                assert!(!synced.contains(file), "a synced file is written again");
                files.insert(*file);
            }
            Operation::SyncFile { file } => {
                synced.insert(*file);
            }
            Operation::Name { name, file } => {
                assert!(
                    name == "incoming.tmp" || synced.contains(file),
                    "{name} is named before it is synced"
                );
                if name.starts_with("manifest-") {
                    assert!(names_are_durable, "{name} is named before its segments' names are durable");
                }
                names_are_durable &= name == "incoming.tmp";
            }
            Operation::SyncFolder => names_are_durable = true,
            _ => {}
        }
        if recorded.steps.iter().any(|step| step.journal == end) {
            assert!(names_are_durable, "operation {end} is acknowledged before its names are durable");
        }
    }
    assert_eq!(files, synced);
}

#[test]
fn the_storage_of_these_tests_knows_one_writer() {
    let storage = RecordedStorage::new(Image::of([]));
    let lock = storage.lock().unwrap();
    assert_eq!(storage.lock().unwrap_err().kind(), std::io::ErrorKind::WouldBlock);
    drop(lock);
    assert!(storage.lock().is_ok());
}
