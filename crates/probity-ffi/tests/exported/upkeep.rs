//! Looking after a library: what is withdrawn, compacted, told and doubted.

use std::path::Path;
use std::ptr;

use probity::curate::audit::{AuditOptions, audit};
use probity::library::{Entry, LibraryFolder};
use probity::search::Executor;
use probity_ffi::*;
use serde_json::Value;

use crate::support::{Owned, call, chars, file, fixture, make, open, sized, starter, string};

/// An answer as JSON, which says its length.
pub(crate) fn value(json: &Owned<probity_json>) -> Value {
    let text = string(unsafe { probity_json_text(json.0) }).unwrap();
    assert_eq!(unsafe { probity_json_length(json.0) }, text.len());
    serde_json::from_str(&text).unwrap()
}

/// What comes as bytes.
const SENT: &str = "Name: a\nNum Peaks: 1\n41 29\n";

/// A library of the spectra of two files; then one that came as bytes, and one of arrays.
fn two_files(path: &Path) {
    let (place, name) = (path.to_str().unwrap(), "own");
    let lists = ["caffeine_published.msp", "flubromazepam_prison_paper.msp"]
        .map(|name| file(&fixture("queries").join(name)));
    let all: Vec<_> = lists.iter().map(|list| unsafe { probity_query_list_query(list.0, 0) }).collect();
    let from_bytes = make!(
        probity_query_list_from_bytes(SENT.as_ptr(), SENT.len(), chars("sent.msp"), 8, ptr::null()),
        probity_query_list_free
    );
    call!(probity_library_build(
        chars(place),
        place.len(),
        chars(name),
        name.len(),
        all.as_ptr(),
        2,
        ptr::null(),
        ptr::null_mut()
    ))
    .ok();
    let peaks = crate::support::peaks(&[41.0, 43.0], &[1.0, 2.0]);
    let more = [unsafe { probity_query_list_query(from_bytes.0, 0) }, peaks.0.cast_const()];
    call!(probity_library_add(chars(place), place.len(), more.as_ptr(), 2, ptr::null(), ptr::null_mut()))
        .ok();
}

/// SHA-256 of a file, by a program of the system that the project did not write.
fn sha256(path: &Path) -> String {
    let output = std::process::Command::new("sha256sum").arg(path).output().unwrap();
    String::from_utf8(output.stdout).unwrap().split(' ').next().unwrap().to_owned()
}

#[test]
fn a_library_keeps_what_its_spectra_were_read_from() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("own");
    two_files(&path);
    let library = open(&path, ptr::null());
    let mut json = ptr::null();
    call!(probity_library_json(library.0, &mut json, ptr::null_mut())).ok();
    let json: Value = serde_json::from_str(&string(json).unwrap()).unwrap();
    let sources = json["sources"].as_array().unwrap();
    assert_eq!(sources.len(), 3, "what came from arrays has no source");
    let sent = folder.path().join("sent.msp");
    std::fs::write(&sent, SENT).unwrap();
    let files = ["caffeine_published.msp", "flubromazepam_prison_paper.msp"]
        .map(|name| fixture("queries").join(name))
        .into_iter()
        .chain([sent]);
    for (source, file) in sources.iter().zip(files) {
        assert_eq!(source["sha256"], sha256(&file));
        assert_eq!((&source["entries"], &source["format"]), (&1.into(), &"msp".into()));
        let name = file.file_name().unwrap().to_str().unwrap();
        assert!(source["name"].as_str().unwrap().ends_with(name), "{source}");
    }
}

#[test]
fn entries_are_withdrawn_for_a_reason_and_the_library_is_compacted() {
    const OPTION: i32 = PROBITY_ERROR_INVALID_OPTION;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("own");
    two_files(&path);
    let place = path.to_str().unwrap();
    let withdraw = |ids: &[u64], reason: &str, change: *mut probity_change| {
        let mut options = sized!(probity_change_options);
        (options.operator_name, options.operator_name_length) = (chars("jd"), 2);
        call!(probity_library_withdraw(
            chars(place),
            place.len(),
            ids.as_ptr(),
            ids.len(),
            chars(reason),
            reason.len(),
            &options,
            change
        ))
    };
    let nothing = ptr::null_mut();
    withdraw(&[2], " ", nothing).failed(OPTION, "for a reason");
    withdraw(&[], "mislabelled", nothing).failed(OPTION, "no entry is named");
    withdraw(&[9], "mislabelled", nothing).failed(OPTION, "9");
    let mut unsized_change = sized!(probity_change);
    unsized_change.struct_size = 0;
    withdraw(&[2], "mislabelled", &mut unsized_change).failed(PROBITY_ERROR_STRUCT_SIZE, "probity_change");
    let mut change = sized!(probity_change);
    withdraw(&[2, 4], "mislabelled", &mut change).ok();
    assert_eq!((change.state, change.first_entry_id, change.entries_added, change.entries), (3, 0, 0, 2));
    withdraw(&[2], "again", nothing).failed(OPTION, "2");
    call!(probity_library_compact(chars(place), place.len(), ptr::null(), &mut change)).ok();
    assert_eq!((change.state, change.entries_added, change.entries), (4, 0, 2));

    let history = make!(probity_library_history(chars(place), place.len()), probity_json_free);
    let expected = LibraryFolder::at(&path).history().unwrap();
    assert_eq!(value(&history), serde_json::to_value(&expected).unwrap());
    let states = value(&history)["states"].as_array().unwrap().clone();
    assert_eq!(states.len(), 4);
    assert_eq!((&states[2]["action"], &states[2]["operator"]), (&"withdraw".into(), &"jd".into()));
    assert_eq!(states[2]["withdrawn"][0]["reason"], "mislabelled");
    let library = open(&path, ptr::null());
    assert_eq!(unsafe { probity_library_entry_count(library.0) }, 2);
    call!(probity_query_from_entry(library.0, 2, &mut ptr::null_mut())).failed(PROBITY_ERROR_NOT_FOUND, "2");
    let mut earlier = sized!(probity_open_options);
    (earlier.state, earlier.state_length) = (chars("2"), 1);
    assert_eq!(unsafe { probity_library_entry_count(open(&path, &earlier).0) }, 4, "as it was");

    let lock = std::fs::File::open(path.join("lock")).unwrap();
    lock.lock().unwrap();
    withdraw(&[1], "mislabelled", nothing).failed(PROBITY_ERROR_BUSY, "");
    let (none, busy) = (ptr::null(), PROBITY_ERROR_BUSY);
    call!(probity_library_compact(chars(place), place.len(), none, nothing)).failed(busy, "");
    call!(probity_library_index(chars(place), place.len(), ptr::null(), ptr::null(), ptr::null_mut()))
        .failed(PROBITY_ERROR_BUSY, "");
}

#[test]
fn an_audit_is_that_of_the_rust_library() {
    let library = starter();
    let report = make!(probity_library_audit(library.0, ptr::null()), probity_json_free);
    let rust = probity::library::starter().open(&Default::default(), Default::default()).unwrap();
    let entries = rust.entries().collect::<probity::Result<Vec<&Entry>>>().unwrap();
    let expected = audit(&entries, &AuditOptions::default(), &Executor::new(1).unwrap()).unwrap();
    assert_eq!(value(&report), serde_json::to_value(&expected).unwrap());
    assert_eq!(value(&report)["entries_audited"], 99);
}

#[test]
fn folders_that_are_no_library_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path().to_str().unwrap();
    const MALFORMED: i32 = PROBITY_ERROR_MALFORMED;
    let (length, id, nothing) = (place.len(), 1_u64, ptr::null_mut());
    call!(probity_library_history(chars(place), length, &mut ptr::null_mut()))
        .failed(MALFORMED, "no library");
    call!(probity_library_compact(chars(place), length, ptr::null(), nothing))
        .failed(MALFORMED, "no library");
    call!(probity_library_withdraw(chars(place), length, &id, 1, chars("why"), 3, ptr::null(), nothing))
        .failed(MALFORMED, "no library");
    call!(probity_library_index(chars(place), length, ptr::null(), ptr::null(), ptr::null_mut()))
        .failed(MALFORMED, "no library");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "nothing is left behind");
}
