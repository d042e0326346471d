//! A library on disk answers as the file it was built of, bit for bit, however it was built and opened;
//! and a plain list of entries foretells what any sequence of changes leads to.
#![allow(clippy::unwrap_used, reason = "a failed step fails the test")]

use std::path::Path;
use std::sync::Arc;

use probity::curate::{Addition, NewLibrary, add, build, compact, withdraw};
use probity::error::ErrorKind;
use probity::format::{ReadOptions, Record, WriteReport, read_json, read_msp, write_json, write_msp};
use probity::library::storage::Access;
use probity::library::{
    ChangeNote, EntryId, Library, LibraryFolder, LibraryScope, OpenOptions, StateSelector, open_library,
};
use probity::search::{Executor, HitList, Method, Query, SearchOptions, Searcher};
use probity_tests::disk_image::Image;
use probity_tests::recorded_storage::RecordedStorage;
use probity_tests::{data, fixtures, read_fixture, read_records, shipped_methods, synthetic_records};
use proptest::prelude::*;

fn executor() -> Arc<Executor> {
    Arc::new(Executor::new(2).unwrap())
}

fn in_memory() -> LibraryFolder {
    LibraryFolder::with_storage(Arc::new(RecordedStorage::new(Image::default())))
}

/// A library of all shipped recipes, or of none.
fn new_library(prepares: bool) -> NewLibrary {
    let recipes = shipped_methods(false).into_iter().map(|method| method.prepare);
    NewLibrary::named("built").recipes(recipes.filter(|_| prepares))
}

/// All that a hit list says, every number as its bits.
fn bits(list: &HitList) -> Vec<String> {
    let number = |value: f64| format!("{:016x}", value.to_bits());
    let mut lines = vec![format!("{:?}", list.counts)];
    lines.extend(list.hits.iter().map(|hit| {
        let measures: Vec<String> = hit
            .measures
            .iter()
            .map(|measure| format!("{} {}", measure.name, number(measure.value)))
            .collect();
        format!(
            "{} {} {measures:?} {:?} {:?}",
            hit.rank,
            hit.entry_id,
            hit.retention_index_penalty.map(number),
            hit.retention_index_difference.map(number)
        )
    }));
    lines
}

/// The answers to all queries by one method, and for how many entries prepared peaks were stored.
fn answers(library: &Arc<Library>, method: &Method, queries: &[Record]) -> (Vec<Vec<String>>, usize) {
    let searcher = Searcher::new(Arc::clone(library), method.clone(), executor()).unwrap();
    let options = SearchOptions::default().top(50);
    // A query that states no precursor cannot be searched for losses: the same error everywhere.
    let answer = |query: &Record| match searcher.search(&Query::from_record(query.clone()), &options) {
        Ok(list) => bits(&list),
        Err(error) => vec![error.to_string()],
    };
    (queries.iter().map(answer).collect(), searcher.entries_stored_prepared())
}

/// The library in one go, in two parts, and compacted; each without and with prepared peaks.
fn build_in_all_ways(place: &Path, records: &[Record]) -> Vec<(String, LibraryFolder)> {
    let mut folders = Vec::new();
    let addition = |records: &[Record]| Addition::from_records(records.to_vec());
    let note = ChangeNote::default;
    for prepares in [false, true] {
        let folder = |way: &str| LibraryFolder::at(&place.join(format!("{way} {prepares}")));
        let whole = folder("whole");
        build(&whole, new_library(prepares), addition(records), note(), &executor()).unwrap();
        let (first, second) = records.split_at(records.len() / 3);
        let parts = folder("parts");
        build(&parts, new_library(prepares), addition(first), note(), &executor()).unwrap();
        add(&parts, addition(second), note(), &executor()).unwrap();
        let compacted = folder("compacted");
        build(&compacted, new_library(prepares), addition(first), note(), &executor()).unwrap();
        add(&compacted, addition(second), note(), &executor()).unwrap();
        compact(&compacted, note(), &executor()).unwrap();
        for folder in [whole, parts, compacted] {
            folders.push((folder.path().display().to_string(), folder));
        }
    }
    folders
}

/// Searches all libraries with all shipped methods and compares the answers with those of the records.
fn compare_with_records(place: &Path, records: &[Record], queries: &[Record]) {
    let expected = Library::from_records("file", LibraryScope::Spectra, records.to_vec()).unwrap();
    let expected = Arc::new(expected);
    let methods = shipped_methods(false);
    let of_file: Vec<_> = methods.iter().map(|method| answers(&expected, method, queries)).collect();
    let hits = of_file.iter().flat_map(|(lists, _)| lists).map(|list| list.len() - 1).sum::<usize>();
    assert!(hits > methods.len() * queries.len(), "{hits} hits say little");
    for (name, folder) in build_in_all_ways(place, records) {
        let prepares = !folder.state(&StateSelector::Latest).unwrap().recipes.is_empty();
        for access in [Access::Owned, Access::Mapped] {
            let opened = open_library(&[folder.path()], &OpenOptions::default().access(access)).unwrap();
            let library = Arc::new(opened.library);
            assert_eq!(library.digest(), expected.digest(), "{name}");
            for (method, (lists, _)) in methods.iter().zip(&of_file) {
                let (found, stored) = answers(&library, method, queries);
                assert_eq!(&found, lists, "{name}, {access:?}, {}", method.name);
                assert_eq!(stored, if prepares { records.len() } else { 0 }, "{name}, {}", method.name);
            }
        }
    }
}

#[test]
fn a_library_answers_as_the_file_it_was_built_of() {
    let place = tempfile::tempdir().unwrap();
    let mut records = read_fixture("starter/starter.msp");
    records.extend(synthetic_records(150, 21));
    let mut queries = read_fixture("queries/flubromazepam_prison_paper.msp");
    queries.extend(read_fixture("queries/benzocaine_prison_card.msp"));
    queries.extend(synthetic_records(4, 22));
    compare_with_records(place.path(), &records, &queries);
}

#[test]
#[ignore = "needs PROBITY_DATA"]
fn a_library_of_swgdrug_answers_as_its_file() {
    let place = tempfile::tempdir().unwrap();
    let records = read_records(&data().join("ms/ei_reference_swgdrug.msp.gz"));
    assert!(records.len() > 3_000, "{} records", records.len());
    let queries = read_records(&data().join("ms/queries/ei_queries.msp"));
    assert!(queries.len() >= 50);
    let step = queries.len() / 50;
    let queries: Vec<Record> = queries.into_iter().step_by(step).take(50).collect();
    compare_with_records(place.path(), &records, &queries);
}

/// Builds a library of what was written of another one, and returns its digest.
fn rebuilt(records: &[Record]) -> String {
    let addition = Addition::from_records(records.to_vec());
    build(&in_memory(), new_library(false), addition, ChangeNote::default(), &executor()).unwrap().digest
}

fn written(
    records: &[Record],
    write: impl Fn(&[Record], &mut Vec<u8>) -> probity::Result<WriteReport>,
) -> Vec<u8> {
    let mut text = Vec::new();
    let report = write(records, &mut text).unwrap();
    assert_eq!(report.records_written, records.len() as u64);
    text
}

/// All that a library states survives in our own JSON; MSP keeps the peaks and what decides a search.
#[test]
fn what_is_exported_makes_the_same_library_again() {
    let place = tempfile::tempdir().unwrap();
    let mut records = read_fixture("starter/starter.msp");
    for file in ["nist_ei", "nist_msms", "mona", "swgdrug", "msdial", "golm"] {
        records.extend(read_records(&fixtures().join(format!("formats/msp/{file}.msp"))));
    }
    let folder = LibraryFolder::at(&place.path().join("case"));
    let addition = Addition::from_records(records.clone());
    let state = build(&folder, new_library(true), addition, ChangeNote::default(), &executor()).unwrap();
    let library = folder.open(&StateSelector::Latest, Access::Mapped).unwrap();
    let exported: Vec<Record> = library.entries().map(|entry| entry.unwrap().record().clone()).collect();
    let json = read_json(&written(&exported, write_json), &ReadOptions::default());
    assert_eq!(rebuilt(&json.unwrap().records), state.digest);
    let msp = read_msp(&written(&exported, write_msp), &ReadOptions::default());
    let again = msp.unwrap().records;
    let again = Library::from_records("again", LibraryScope::Spectra, again).unwrap();
    let queries = synthetic_records(2, 5).into_iter().chain(exported.iter().take(6).cloned());
    let queries: Vec<Record> = queries.collect();
    let (library, again) = (Arc::new(library), Arc::new(again));
    for method in shipped_methods(false) {
        assert_eq!(
            answers(&library, &method, &queries).0,
            answers(&again, &method, &queries).0,
            "{}",
            method.name
        );
    }
}

/// A change, as a test draws it: numbers are taken modulo what is there.
#[derive(Debug, Clone)]
enum Change {
    Add(usize),
    Withdraw(Vec<usize>),
    Compact,
}

fn change() -> impl Strategy<Value = Change> {
    prop_oneof![
        3 => (1usize..4).prop_map(Change::Add),
        3 => prop::collection::vec(any::<usize>(), 1..4).prop_map(Change::Withdraw),
        1 => Just(Change::Compact),
    ]
}

/// What a state must hold: entries that are not withdrawn.
type Model = Vec<(EntryId, Record)>;

fn agrees(folder: &LibraryFolder, select: &StateSelector, number: u64, model: &Model) {
    let library = folder.open(select, Access::Owned).unwrap();
    assert_eq!(library.state().unwrap().number, number);
    let entries = library.entries().map(|entry| entry.unwrap());
    let entries: Model = entries.map(|entry| (entry.id(), entry.record().clone())).collect();
    assert_eq!(&entries, model);
    for (id, record) in model {
        assert_eq!(library.entry(*id).unwrap().unwrap().record(), record);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_plain_list_foretells_every_state(first in 1usize..5, changes in prop::collection::vec(change(), 0..9)) {
        let (folder, executor) = (in_memory(), executor());
        let mut records = synthetic_records(40, 17).into_iter();
        let mut next_id = 1;
        let mut take = |count: usize| -> Model {
            let ids = next_id..;
            next_id += count as u64;
            ids.map(EntryId).zip(records.by_ref().take(count)).collect()
        };
        let plain = |model: &Model| Addition::from_records(model.iter().map(|(_, record)| record.clone()).collect());
        let mut model = take(first);
        let mut withdrawn = Vec::new();
        let built = build(&folder, new_library(true), plain(&model), ChangeNote::default(), &executor).unwrap();
        let mut states = vec![(built.digest, model.clone())];
        for change in changes {
            let note = ChangeNote::default();
            let state = match change {
                Change::Add(count) => {
                    let new = take(count);
                    let added = add(&folder, plain(&new), note, &executor).unwrap();
                    prop_assert_eq!((added.first_id, added.entries), (new[0].0, count as u64));
                    model.extend(new);
                    added.state
                }
                Change::Withdraw(_) if model.is_empty() => continue,
                Change::Withdraw(which) => {
                    let mut ids: Vec<EntryId> = which.iter().map(|which| model[which % model.len()].0).collect();
                    let state = withdraw(&folder, &ids, "a reason", note).unwrap();
                    model.retain(|(id, _)| !ids.contains(id));
                    withdrawn.append(&mut ids);
                    state
                }
                Change::Compact if model.is_empty() => {
                    let error = compact(&folder, note, &executor).unwrap_err();
                    prop_assert_eq!(error.kind(), ErrorKind::InvalidOption);
                    continue;
                }
                Change::Compact => compact(&folder, note, &executor).unwrap(),
            };
            states.push((state.digest, model.clone()));
            prop_assert_eq!(state.number, states.len() as u64);
            prop_assert_eq!(state.entries, model.len() as u64);
        }
        if let Some(id) = withdrawn.first() {
            let again = withdraw(&folder, &[*id], "a reason", ChangeNote::default()).unwrap_err();
            prop_assert_eq!(again.kind(), ErrorKind::InvalidOption);
        }
        prop_assert!(folder.verify().unwrap().is_clean());
        prop_assert_eq!(folder.history().unwrap().states.len(), states.len());
        for (number, (digest, model)) in (1..).zip(&states) {
            agrees(&folder, &StateSelector::Number(number), number, model);
            // Of several states of one digest the newest is found; all hold the same.
            let newest = states.iter().rposition(|(other, _)| other == digest).unwrap() as u64 + 1;
            agrees(&folder, &StateSelector::Digest(digest[..16].to_owned()), newest, model);
            for (other, of_other) in &states {
                prop_assert_eq!(digest == other, model == of_other);
            }
        }
        agrees(&folder, &StateSelector::Latest, states.len() as u64, &model);
    }
}
