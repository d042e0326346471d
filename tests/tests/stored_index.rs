//! Index files change no answer, whatever happens to them: a library with them says what the same library
//! without says, or names the file that is damaged.
#![allow(clippy::unwrap_used, reason = "a failed step fails the test")]

use std::sync::Arc;

use probity::curate::{Addition, NewLibrary, add, build, compact, index, withdraw};
use probity::error::{ErrorKind, Result};
use probity::format::Record;
use probity::library::storage::Access;
use probity::library::{ChangeNote, EntryId, LibraryFolder, StateSelector};
use probity::search::{Executor, HitList, Method, Query, SearchOptions, Searcher};
use probity_tests::disk_image::Image;
use probity_tests::raw_container::places;
use probity_tests::recorded_storage::RecordedStorage;
use probity_tests::{Seeded, shipped_methods, synthetic_curves, synthetic_records};

fn executor(threads: usize) -> Arc<Executor> {
    Arc::new(Executor::new(threads).unwrap())
}

fn folder(image: Image) -> (LibraryFolder, Arc<RecordedStorage>) {
    let storage = Arc::new(RecordedStorage::new(image));
    (LibraryFolder::with_storage(Arc::<RecordedStorage>::clone(&storage)), storage)
}

fn addition(records: &[Record]) -> Addition {
    Addition::from_records(records.to_vec())
}

fn make_index(folder: &LibraryFolder, methods: &[Method], threads: usize) -> probity::curate::Indexed {
    index(folder, methods, &executor(threads), &mut |_| ()).unwrap()
}

/// Enough for an index beside small parts without.
fn records() -> Vec<Record> {
    synthetic_records(601, 7)
}

/// The library of all records without an index: three segments, one of them small, and entries withdrawn in
/// the first and the second.
fn three_segments(records: &[Record]) -> Image {
    let (folder, storage) = folder(Image::default());
    let note = ChangeNote::default;
    build(&folder, NewLibrary::named("three"), addition(&records[..300]), note(), &executor(1)).unwrap();
    add(&folder, addition(&records[300..records.len() - 1]), note(), &executor(1)).unwrap();
    add(&folder, addition(&records[records.len() - 1..]), note(), &executor(1)).unwrap();
    withdraw(&folder, &[EntryId(1), EntryId(17), EntryId(303)], "a test", note()).unwrap();
    storage.image()
}

fn open(folder: &LibraryFolder, method: &Method, access: Access, threads: usize) -> Result<Searcher> {
    let library = folder.open(&StateSelector::Latest, access)?;
    Searcher::new(Arc::new(library), method.clone(), executor(threads))
}

fn answers(searcher: &Searcher, queries: &[Record]) -> Vec<Result<HitList>> {
    let queries: Vec<Query> = queries.iter().cloned().map(Query::from_record).collect();
    searcher.search_many(&queries, &SearchOptions::default().top(20))
}

fn sound(answers: Vec<Result<HitList>>) -> Vec<HitList> {
    answers.into_iter().map(Result::unwrap).collect()
}

fn index_names(image: &Image) -> Vec<String> {
    image.names().filter(|name| name.starts_with("index-")).map(str::to_owned).collect()
}

#[test]
fn a_library_with_index_files_answers_as_without_them() {
    answers_as_without_index_files(&records(), &shipped_methods(false));
    answers_as_without_index_files(&synthetic_curves(601, 7), &shipped_methods(true));
}

fn answers_as_without_index_files(records: &[Record], methods: &[Method]) {
    let image = three_segments(records);
    let queries = &records[290..320];
    let (plain, _) = folder(image.clone());
    let (indexed, storage) = folder(image);
    let made = make_index(&indexed, methods, 2);
    assert!(made.written >= 3 && made.kept == 0 && made.replaced == 0, "{made:?}");
    assert_eq!(index_names(&storage.image()).len() as u64, made.written);
    let again = make_index(&indexed, methods, 2);
    assert_eq!((again.written, again.kept), (0, made.written));
    for method in methods {
        let expected = open(&plain, method, Access::Mapped, 1).unwrap();
        assert_eq!(expected.entries_stored_indexed(), 0);
        let lists = sound(answers(&expected, queries));
        assert!(lists.iter().any(|list| !list.hits.is_empty()), "{}", method.name);
        for access in [Access::Owned, Access::Mapped] {
            for threads in [1, 2] {
                let searcher = open(&indexed, method, access, threads).unwrap();
                assert_eq!(searcher.entries_stored_indexed(), searcher.library().len());
                assert_eq!(searcher.has_index(), expected.has_index(), "{}", method.name);
                assert_eq!(sound(answers(&searcher, queries)), lists, "{}, {access:?}", method.name);
                let alone = searcher
                    .search(&Query::from_record(queries[0].clone()), &SearchOptions::default().top(20));
                assert_eq!(alone.unwrap(), lists[0], "{}", method.name);
                assert_eq!(sound(answers(&searcher.without_index(), queries)), lists, "{}", method.name);
            }
        }
    }
    assert!(indexed.verify().unwrap().is_clean());
    assert_eq!(indexed.verify().unwrap().index_files, made.written);
}

#[test]
fn the_same_segment_gives_the_same_bytes() {
    the_same_bytes(&records(), &shipped_methods(false));
    the_same_bytes(&synthetic_curves(601, 7), &shipped_methods(true));
}

fn the_same_bytes(records: &[Record], methods: &[Method]) {
    let image = three_segments(records);
    let images = [1, 2, 8].map(|threads| {
        let (folder, storage) = folder(image.clone());
        make_index(&folder, methods, threads);
        storage.image()
    });
    let names = index_names(&images[0]);
    assert!(!names.is_empty());
    for image in &images[1..] {
        assert_eq!(index_names(image), names);
        assert!(names.iter().all(|name| image.file(name) == images[0].file(name)));
    }
}

#[test]
fn additions_and_compacting_are_indexed_like_the_rest() {
    let records = records();
    let (folder, storage) = folder(three_segments(&records));
    let methods = [Method::named("ei-default").unwrap(), Method::named("msms-entropy-open").unwrap()];
    make_index(&folder, &methods, 1);
    assert_eq!(index_names(&storage.image()).len(), 6);
    add(&folder, addition(&records[..5]), ChangeNote::default(), &executor(1)).unwrap();
    assert_eq!(index_names(&storage.image()).len(), 8);
    compact(&folder, ChangeNote::default(), &executor(1)).unwrap();
    assert_eq!(index_names(&storage.image()).len(), 10);
    for method in &methods {
        let searcher = open(&folder, method, Access::Mapped, 1).unwrap();
        assert_eq!(searcher.entries_stored_indexed(), searcher.library().len());
    }
    let other = open(&folder, &Method::named("nist-identity").unwrap(), Access::Mapped, 1).unwrap();
    assert_eq!(other.entries_stored_indexed(), 0);
}

#[test]
fn damage_is_named_or_changes_nothing_and_is_mended_by_indexing_again() {
    let records = records();
    let image = three_segments(&records);
    let mut random = Seeded::new(11);
    for name in
        ["ei-default", "ei-composite", "ei-entropy", "nist-identity", "msms-entropy-hybrid", "msms-cosine"]
    {
        let method = Method::named(name).unwrap();
        let (sound_folder, storage) = folder(image.clone());
        make_index(&sound_folder, std::slice::from_ref(&method), 1);
        let expected =
            sound(answers(&open(&sound_folder, &method, Access::Mapped, 1).unwrap(), &records[..3]));
        let image = storage.image();
        let file = index_names(&image).remove(0);
        let bytes = image.file(&file).unwrap();
        let mut damages: Vec<usize> = vec![0, 9, 15, 20, bytes.len() - 1];
        // Some in every section.
        for (_, place) in places(bytes) {
            damages.extend(
                (0..4)
                    .filter(|_| !place.is_empty())
                    .map(|_| place.start + random.below(place.len() as u64) as usize),
            );
        }
        for at in damages {
            let mut damaged = bytes.to_vec();
            damaged[at] ^= 1 << random.below(8);
            let mut image = image.clone();
            image.set(&file, damaged);
            let (folder, _) = folder(image);
            assert!(!folder.verify().unwrap().is_clean(), "{name}, byte {at}");
            for access in [Access::Owned, Access::Mapped] {
                let errors: Vec<_> = match open(&folder, &method, access, 1) {
                    Ok(searcher) => {
                        let found = answers(&searcher, &records[..3]).into_iter().zip(&expected);
                        found
                            .filter_map(|(found, list)| match found {
                                Ok(found) => {
                                    assert_eq!(&found, list, "{name}, byte {at}");
                                    None
                                }
                                Err(error) => Some(error),
                            })
                            .collect()
                    }
                    Err(error) => vec![error],
                };
                for error in &errors {
                    let kinds = [ErrorKind::Damaged, ErrorKind::Malformed, ErrorKind::IncompatibleVersion];
                    assert!(kinds.contains(&error.kind()), "{name}, byte {at}: {error}");
                    assert!(error.to_string().contains(&file), "{error}");
                }
                assert!(access == Access::Mapped || !errors.is_empty(), "{name}, byte {at} is not covered");
            }
            let mended = make_index(&folder, std::slice::from_ref(&method), 1);
            assert_eq!((mended.written, mended.replaced), (1, 1), "{name}, byte {at}");
            let searcher = open(&folder, &method, Access::Mapped, 1).unwrap();
            assert_eq!(sound(answers(&searcher, &records[..3])), expected);
        }
    }
}

#[test]
fn an_index_of_another_segment_or_method_is_refused() {
    let (folder_of_both, storage) = folder(three_segments(&records()));
    let methods = [Method::named("ei-default").unwrap(), Method::named("ei-entropy").unwrap()];
    make_index(&folder_of_both, &methods, 1);
    let image = storage.image();
    let names = index_names(&image);
    for (one, other) in [(&names[0], &names[1]), (&names[0], &names[2])] {
        let mut image = image.clone();
        let bytes = image.file(other).unwrap().to_vec();
        image.set(one, bytes);
        let (folder, _) = folder(image);
        let errors = methods.iter().filter_map(|method| open(&folder, method, Access::Mapped, 1).err());
        let errors: Vec<String> = errors.map(|error| error.to_string()).collect();
        assert_eq!(errors.len(), 1, "{errors:?}");
        assert!(errors[0].contains("another segment") && errors[0].contains(one), "{errors:?}");
        assert!(!folder.verify().unwrap().is_clean());
    }
}
