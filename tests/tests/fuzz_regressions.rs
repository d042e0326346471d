//! Replays what fuzzing found, hostile inputs made by hand, and every fixture through every reader.
//!
//! Nothing is asserted of what they return, only that they do: a panic, an endless loop or an
//! exhausted memory fails the test. Files in `tests/fuzz/regressions/formula` are read as formulas too,
//! those in `tests/fuzz/regressions/library` as libraries.
#![allow(clippy::unwrap_used, reason = "a failed step fails the test")]

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

use probity::chem::Formula;
use probity::format::{
    Limits, Parsed, ReadOptions, Strictness, detect, read_agilent_asp, read_bytes, read_jcamp_dx, read_json,
    read_massbank, read_mgf, read_msl, read_msp, read_opus, read_perkin_elmer_sp, read_spa, read_spc,
    read_two_column,
};
use probity_tests::fixtures;
use probity_tests::forged_index::search_forged;
use probity_tests::forged_library::{read_forged, seeds};
use probity_tests::locators::read_locators;

type Reader = fn(&[u8], &ReadOptions) -> probity::Result<Parsed>;

const READERS: [Reader; 12] = [
    read_msp,
    read_msl,
    read_massbank,
    read_jcamp_dx,
    read_mgf,
    read_two_column,
    read_json,
    read_spc,
    read_spa,
    read_opus,
    read_perkin_elmer_sp,
    read_agilent_asp,
];

/// The fuzz targets, each of which has a folder of regressions.
const TARGETS: [&str; 16] = [
    "any",
    "c_calls",
    "formula",
    "index",
    "jcamp_dx",
    "json",
    "library",
    "massbank",
    "mgf",
    "msl",
    "msp",
    "nist_locator",
    "opus",
    "spa",
    "spc",
    "two_column",
];

/// What a small gzip file may unpack to here: enough for each of the files that are meant to be large.
const UNPACKED_BYTES: u64 = 8 << 20;

fn regressions() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/regressions")
}

/// All files of a folder and its subfolders, in the order of their paths.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display())) {
        let path = entry.unwrap().path();
        if path.is_dir() { files.extend(self::files(&path)) } else { files.push(path) }
    }
    files.sort();
    files
}

/// Reads the bytes in every way, and what they unpack to if they are gzip.
fn replay(bytes: &[u8]) {
    let limits = || {
        let mut limits = Limits::default();
        limits.input_bytes = UNPACKED_BYTES;
        limits
    };
    let mut unpacked = Vec::new();
    // What could be unpacked before an error counts.
    let _ = flate2::read::MultiGzDecoder::new(bytes).take(UNPACKED_BYTES).read_to_end(&mut unpacked);
    for strictness in [Strictness::Tolerant, Strictness::Strict] {
        let options = ReadOptions::default().limits(limits()).strictness(strictness);
        let _ = read_bytes(bytes, "replayed", &options);
        for bytes in [bytes, &unpacked] {
            let _ = detect(bytes);
            for read in READERS {
                let _ = read(bytes, &options);
            }
        }
    }
    if let Ok(text) = std::str::from_utf8(bytes)
        && let Ok(formula) = text.parse::<Formula>()
    {
        assert_eq!(formula.to_string().parse::<Formula>().unwrap(), formula, "{text}");
    }
}

fn replay_file(path: &Path) {
    let bytes = fs::read(path).unwrap();
    assert!(std::panic::catch_unwind(|| replay(&bytes)).is_ok(), "{} makes a reader panic", path.display());
}

#[test]
fn every_target_has_regressions() {
    for target in TARGETS {
        assert!(!files(&regressions().join(target)).is_empty(), "{target} has no regressions");
    }
}

#[test]
fn every_regression_is_read_to_its_end() {
    let files = files(&regressions());
    assert!(files.len() >= TARGETS.len());
    for path in files {
        replay_file(&path);
    }
}

#[test]
fn every_locator_is_read_to_its_end() {
    let made_by_callers = files(&fixtures().join("nist_door"));
    assert!(made_by_callers.len() > 12);
    for path in files(&regressions().join("nist_locator")).into_iter().chain(made_by_callers) {
        let bytes = fs::read(&path).unwrap();
        let read = std::panic::catch_unwind(|| read_locators(&bytes));
        assert!(read.is_ok(), "{} makes a locator panic", path.display());
    }
}

#[test]
fn every_forged_library_is_read_to_its_end() {
    for path in files(&regressions().join("library")) {
        let bytes = fs::read(&path).unwrap();
        let read = std::panic::catch_unwind(|| read_forged(&bytes));
        assert!(read.is_ok(), "{} makes a library panic", path.display());
    }
}

#[test]
fn every_forged_index_is_searched_to_its_end() {
    let files = files(&regressions().join("index"));
    assert!(files.len() >= 3);
    for path in files {
        let bytes = fs::read(&path).unwrap();
        let searched = std::panic::catch_unwind(|| search_forged(&bytes).is_ok());
        assert!(searched.is_ok(), "{} makes a search panic", path.display());
    }
}

/// From these the fuzzing of libraries starts. They follow the version that writes them: where this
/// fails, write them anew with `PROBITY_WRITE_SEEDS=1`.
#[test]
fn the_seeds_of_libraries_are_those_of_this_version() {
    for (name, seed) in seeds() {
        let path = regressions().join("library").join(name);
        if std::env::var_os("PROBITY_WRITE_SEEDS").is_some() {
            fs::write(&path, &seed).unwrap();
        }
        assert!(fs::read(&path).unwrap() == seed, "{} is not what this version writes", path.display());
        assert_eq!(read_forged(&seed), 3, "{name}");
    }
}

#[test]
fn every_fixture_is_read_to_its_end_by_every_reader() {
    let files = files(&fixtures().join("formats"));
    assert!(!files.is_empty());
    for path in files {
        replay_file(&path);
    }
}
