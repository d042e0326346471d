//! Every version of the format that we claim to open has a golden library, which opens with exactly the
//! entries that went into it, and is written byte for byte as its golden library: mass spectra in version 1, curves in
//! version 2.
#![allow(clippy::unwrap_used, reason = "a failed step fails the test")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use probity::curate::{Addition, NewLibrary, add, build, compact, withdraw};
use probity::format::{Input, ReadOptions, Record, read_bytes};
use probity::library::storage::Access;
use probity::library::{
    Action, ChangeNote, EntryId, FORMAT_VERSION, LibraryFolder, OLDEST_FORMAT_VERSION, StateSelector,
};
use probity::preprocess::Recipe;
use probity::search::Executor;
use probity_tests::disk_image::Image;
use probity_tests::fixtures;
use probity_tests::raw_container::{RawContainer, places};
use probity_tests::recorded_storage::RecordedStorage;

/// 2026-01-01 00:00:00 UTC; each change is a second later.
const TIME: i64 = 1_767_225_600;

fn golden(version: u16) -> PathBuf {
    fixtures().join(format!("container/v{version}"))
}

/// The files that a golden library was made of.
fn inputs(folder: &Path) -> [Input; 2] {
    ["built.json", "added.json"].map(|name| {
        let bytes = fs::read(folder.join(name)).unwrap();
        read_bytes(&bytes, name, &ReadOptions::default()).unwrap()
    })
}

fn recipe(folder: &Path) -> Recipe {
    serde_json::from_str(fs::read_to_string(folder.join("recipe.json")).unwrap().trim_end()).unwrap()
}

/// The golden library as today's version writes it: built, added to, withdrawn from, compacted.
fn written_today(folder: &Path) -> Image {
    let storage = RecordedStorage::new(Image::default());
    let library = LibraryFolder::with_storage(Arc::new(storage.clone()));
    let executor = Executor::new(1).unwrap();
    let [built, added] = inputs(folder);
    let note = |second: i64, note: Option<&str>| ChangeNote {
        time_unix_s: TIME + second,
        operator: note.map(|_| "jd".to_owned()),
        note: note.map(str::to_owned),
    };
    let new = NewLibrary::named("golden").recipes([recipe(folder)]);
    build(&library, new, Addition::from_inputs(vec![built]), note(0, None), &executor).unwrap();
    add(&library, Addition::from_inputs(vec![added]), note(1, Some("one more")), &executor).unwrap();
    withdraw(&library, &[EntryId(2)], "shown as an example", note(2, None)).unwrap();
    compact(&library, note(3, None), &executor).unwrap();
    storage.image()
}

/// The library that lies in the folder.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::new();
    for entry in fs::read_dir(folder.join("library")).unwrap() {
        let entry = entry.unwrap();
        // Opening never makes one, but a person may.
        if entry.file_name() != "lock" {
            files.insert(entry.file_name().into_string().unwrap(), fs::read(entry.path()).unwrap());
        }
    }
    files
}

fn opens_with_its_entries(folder: &Path) {
    let library = LibraryFolder::at(&folder.join("library"));
    let report = library.verify().unwrap();
    assert!(report.is_clean() && report.left_over.is_empty(), "{report:?}");
    let [built, added] = inputs(folder);
    let all: Vec<Record> = built.records.iter().chain(&added.records).cloned().collect();
    let kept = [1, 3];
    let of_state: [&[u64]; 4] = [&[1, 2], &[1, 2, 3], &kept, &kept];
    let states = library.history().unwrap().states;
    let actions: Vec<Action> = states.iter().map(|state| state.action).collect();
    assert_eq!(actions, [Action::Build, Action::Add, Action::Withdraw, Action::Compact]);
    for (number, ids) in (1..).zip(of_state) {
        for access in [Access::Owned, Access::Mapped] {
            let opened = library.open(&StateSelector::Number(number), access).unwrap();
            let entries: Vec<(u64, &Record)> = opened
                .entries()
                .map(|entry| entry.unwrap())
                .map(|entry| (entry.id().0, entry.record()))
                .collect();
            let expected: Vec<(u64, &Record)> =
                ids.iter().map(|&id| (id, &all[usize::try_from(id).unwrap() - 1])).collect();
            assert_eq!(entries, expected, "state {number}");
            assert_eq!(opened.state().unwrap().time_unix_s, TIME + i64::try_from(number).unwrap() - 1);
        }
    }
    let [_, second, third, _] = &states[..] else { panic!("{} states", states.len()) };
    assert_eq!((second.operator.as_deref(), second.note.as_deref()), (Some("jd"), Some("one more")));
    assert_eq!(third.withdrawn.len(), 1);
    assert_eq!((third.withdrawn[0].entry_id, third.withdrawn[0].state), (EntryId(2), 3));
    assert_eq!(third.withdrawn[0].reason, "shown as an example");
}

#[test]
fn every_version_that_we_claim_to_open_opens() {
    for version in OLDEST_FORMAT_VERSION..=FORMAT_VERSION {
        let folder = golden(version);
        assert!(folder.join("library").is_dir(), "version {version} has no golden library");
        opens_with_its_entries(&folder);
        // What an older version can hold is written in that.
        let newest = files(&folder).values().map(|bytes| RawContainer::of(bytes).version).max();
        assert_eq!(newest, Some(version));
    }
    let folders = fs::read_dir(fixtures().join("container")).unwrap().count();
    assert_eq!(folders, usize::from(FORMAT_VERSION - OLDEST_FORMAT_VERSION) + 1);
}

/// A manifest with another version of Probity as its writer, and another manifest before it.
fn rewritten(manifest: &[u8], written_by: [&str; 2], parent: Option<[u8; 32]>) -> (Vec<u8>, [u8; 32]) {
    let mut manifest = RawContainer::of(manifest);
    let bytes = &mut manifest.sections[0].bytes;
    // As the codec writes text: its length in a byte, then it.
    let [from, to] =
        written_by.map(|version| [&[u8::try_from(version.len()).unwrap()], version.as_bytes()].concat());
    let at = bytes.windows(from.len()).position(|window| window == from).unwrap();
    bytes.splice(at..at + from.len(), to);
    // Behind the state's number, a byte up to 250.
    bytes[1..33].copy_from_slice(&parent.unwrap_or_default());
    manifest.to_bytes()
}

#[test]
fn every_version_is_written_byte_for_byte() {
    for version in OLDEST_FORMAT_VERSION..=FORMAT_VERSION {
        is_written_byte_for_byte(&golden(version));
    }
}

fn is_written_byte_for_byte(folder: &Path) {
    let image = written_today(folder);
    // What is golden stays: only what is not there yet is written.
    if std::env::var_os("PROBITY_WRITE_GOLDEN").is_some() && !folder.join("library").is_dir() {
        for name in image.names() {
            let file = folder.join("library").join(name);
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::File::create_new(file)
                .and_then(|mut golden| std::io::Write::write_all(&mut golden, image.file(name).unwrap()))
                .unwrap();
        }
    }
    let golden = files(folder);
    assert_eq!(image.names().collect::<Vec<_>>(), golden.keys().map(String::as_str).collect::<Vec<_>>());
    let library = LibraryFolder::at(&folder.join("library"));
    let golden_writer = library.state(&StateSelector::Latest).unwrap().written_by;
    let writer = LibraryFolder::with_storage(Arc::new(RecordedStorage::new(image.clone())))
        .state(&StateSelector::Latest)
        .unwrap()
        .written_by;
    let mut parent = None;
    for (name, golden) in &golden {
        let mut today = image.file(name).unwrap().to_vec();
        if name.starts_with("manifest-") {
            // Which release wrote it stands in it; all else is the format's.
            let (file, sum) = rewritten(&today, [&writer, &golden_writer], parent);
            if writer == golden_writer {
                assert!(file == today, "{name}");
            }
            (today, parent) = (file, Some(sum));
        }
        assert!(&today == golden, "{name} is not what this version writes");
    }
}

fn number(bytes: &[u8]) -> u64 {
    bytes.iter().rev().fold(0, |number, byte| number << 8 | u64::from(*byte))
}

/// The table in `container.rs`, offset by offset.
#[test]
fn headers_are_as_the_table_says() {
    for (name, file) in files(&golden(1)) {
        assert_eq!(file[..8], [0x89, 0x50, 0x52, 0x42, 0x0d, 0x0a, 0x1a, 0x0a], "{name}");
        let is_manifest = name.starts_with("manifest-");
        assert_eq!(&file[8..12], if is_manifest { b"MNFT" } else { b"SEGM" });
        assert_eq!((number(&file[12..14]), number(&file[14..16])), (1, 1));
        let names: &[&str] = if is_manifest {
            &["manifest"]
        } else {
            &[
                "segment",
                "entry_ids",
                "content_digests",
                "record_offsets",
                "records",
                "peak_offsets",
                "peaks",
                "prepared_offsets",
                "prepared",
            ]
        };
        assert_eq!(number(&file[16..20]), names.len() as u64);
        // No section has more than one chunk: a sum each, and one for the header.
        let header = 32 + names.len() * (88 + 32) + 32;
        assert_eq!(number(&file[20..24]), header as u64);
        assert_eq!(number(&file[24..32]), file.len() as u64);
        let mut start = header;
        for (section, index) in names.iter().zip(0..) {
            let row = &file[32 + 88 * index..32 + 88 * (index + 1)];
            let mut tag = section.as_bytes().to_vec();
            tag.resize(16, 0);
            assert_eq!(row[..16], tag, "{name}");
            assert_eq!(row[16..48] == [0; 32], !section.starts_with("prepared"), "{name}, {section}");
            let end = start + usize::try_from(number(&row[48..56])).unwrap();
            let at = 32 + 88 * names.len() + 32 * index;
            let chunk = blake3::hash(&file[start..end]);
            assert_eq!(file[at..at + 32], *chunk.as_bytes(), "{name}, {section}");
            assert_eq!(row[56..], *blake3::hash(chunk.as_bytes()).as_bytes(), "{name}, {section}");
            start = end;
        }
        assert_eq!(start, file.len(), "{name}");
        let sum = blake3::hash(&file[..header - 32]);
        assert_eq!(file[header - 32..header], *sum.as_bytes(), "{name}");
        if !is_manifest {
            assert_eq!(name, format!("segment-{}.probity", sum.to_hex()));
        }
    }
}

/// The columns of the first segment, by hand: ids, where the peaks of each entry stand, and the first
/// number of each.
#[test]
fn columns_are_little_endian_numbers() {
    let folder = golden(1);
    let library = LibraryFolder::at(&folder.join("library"));
    let state = library.state(&StateSelector::Number(1)).unwrap();
    let file = &files(&folder)[&state.segments[0].file];
    let column = |wanted: &str| {
        let (_, place) = places(file).into_iter().find(|(name, _)| name == wanted).unwrap();
        &file[place]
    };
    assert_eq!(column("entry_ids"), [1, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0]);
    assert_eq!(column("content_digests").len(), 2 * 32);
    let [built, _] = inputs(&folder);
    for (peaks, offsets) in [("peaks", "peak_offsets"), ("records", "record_offsets")] {
        let offsets: Vec<u64> = column(offsets).chunks(8).map(number).collect();
        assert_eq!((offsets.len(), offsets[0], offsets[2]), (3, 0, column(peaks).len() as u64));
        for (record, offset) in built.records.iter().zip(&offsets) {
            let item = &column(peaks)[usize::try_from(*offset).unwrap()..];
            if peaks == "peaks" {
                let count = record.spectrum.as_mass().unwrap().peaks.len();
                assert!((1..128).contains(&count));
                assert_eq!(usize::from(item[0]), count);
            }
        }
    }
}
