//! Libraries: opening, changing, verifying, and what happens to their files meanwhile.

use std::ffi::{c_char, c_void};
use std::path::Path;
use std::ptr;

use probity_ffi::*;

use crate::support::{
    INTENSITY, MZ, Owned, call, chars, file, fixture, make, open, peaks, searcher, searcher_options, sized,
    starter, string,
};

/// A copy of the starter library that may be changed.
fn copied(to: &Path) {
    std::fs::create_dir(to).unwrap();
    for entry in std::fs::read_dir(fixture("starter/library")).unwrap() {
        let entry = entry.unwrap();
        std::fs::copy(entry.path(), to.join(entry.file_name())).unwrap();
    }
}

fn open_options() -> probity_open_options {
    let mut options = sized!(probity_open_options);
    call!(probity_open_options_init(&mut options, size_of_val(&options))).ok();
    options
}

fn first_hit(library: &Owned<probity_library>) -> String {
    let (searcher, query) = (searcher(library, "ei-default", 1), peaks(&MZ, &INTENSITY));
    let hits = make!(probity_searcher_search(searcher.0, query.0, ptr::null()), probity_hit_list_free);
    let mut hit = sized!(probity_hit);
    call!(probity_hit_list_hit(hits.0, 0, &mut hit)).ok();
    string(hit.name).unwrap()
}

/// Sentences with their levels.
type Told = Vec<(i32, String)>;

unsafe extern "C" fn log(user_data: *mut c_void, level: i32, message: *const c_char, length: usize) {
    let told = unsafe { &mut *user_data.cast::<Told>() };
    let message = string(message).unwrap();
    assert_eq!(message.len(), length);
    told.push((level, message));
}

#[test]
fn a_library_says_what_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("Bücherei mit Leerzeichen");
    copied(&path);
    for library in [starter(), open(&path, ptr::null())] {
        assert_eq!(string(unsafe { probity_library_name(library.0) }).unwrap(), "starter");
        assert_eq!(unsafe { probity_library_entry_count(library.0) }, 99);
        assert_eq!(unsafe { probity_library_state(library.0) }, 1);
        assert_eq!(unsafe { probity_library_scope(library.0) }, PROBITY_SCOPE_STARTER);
        let (mut json, mut length) = (ptr::null(), 0);
        call!(probity_library_json(library.0, &mut json, &mut length)).ok();
        let json: serde_json::Value = serde_json::from_str(&string(json).unwrap()).unwrap();
        assert_eq!(json["digest"], string(unsafe { probity_library_digest(library.0) }).unwrap());
        assert_eq!(json["state"]["number"], 1);
        let query = make!(probity_query_from_entry(library.0, 17), probity_query_free);
        assert_eq!(string(unsafe { probity_query_name(query.0) }).unwrap(), "Cocaine");
    }
}

#[test]
fn errors_of_files_name_file_record_line_and_field() {
    let text = "Name: a\nNum Peaks: 1\n41 29\n\nName: b\nNum Peaks: x\n41 29\n";
    let mut options = sized!(probity_read_options);
    options.strict = 1;
    let (mut list, mut error) = (ptr::null_mut(), ptr::null_mut());
    let (bytes, length) = (text.as_ptr(), text.len());
    let status = unsafe {
        let name = chars("case 7.msp");
        probity_query_list_from_bytes(bytes, length, name, 10, &options, &mut list, &mut error)
    };
    assert_eq!(status, PROBITY_ERROR_MALFORMED);
    unsafe {
        assert_eq!(string(probity_error_file(error)).unwrap(), "case 7.msp");
        assert_eq!((probity_error_record(error), probity_error_line(error)), (2, 6));
        assert_eq!(string(probity_error_field(error)).unwrap(), "Num Peaks");
        assert_eq!(probity_error_offset(error), -1);
        let (text, message) = (string(probity_error_text(error)), string(probity_error_message(error)));
        assert!(text.unwrap().ends_with(&message.unwrap()));
        probity_error_free(error);
    }
    for path in ["no such file.msp", "no\0such"] {
        let outcome =
            call!(probity_query_list_from_file(chars(path), path.len(), ptr::null(), &mut ptr::null_mut()));
        outcome.failed(PROBITY_ERROR_IO, "cannot open the file");
    }
    call!(probity_library_open(chars("no such"), 7, ptr::null(), &mut ptr::null_mut()))
        .failed(PROBITY_ERROR_IO, "no such");
}

#[test]
fn what_readers_do_is_told_and_returned() {
    let text = "Name: a\nNum Peaks: 2\n50 1\n41 29\n\nName: b\nNum Peaks: 1\nx y\n";
    let mut told: Told = Vec::new();
    let mut options = sized!(probity_read_options);
    options.log = Some(log);
    options.log_user_data = (&raw mut told).cast();
    let (bytes, length) = (text.as_ptr(), text.len());
    let list = make!(
        probity_query_list_from_bytes(bytes, length, chars("x.msp"), 5, &options),
        probity_query_list_free
    );
    let count = unsafe { probity_query_list_notice_count(list.0) };
    let notices: Vec<String> = (0..count)
        .map(|index| string(unsafe { probity_query_list_notice(list.0, index) }).unwrap())
        .collect();
    assert!(unsafe { probity_query_list_notice(list.0, count) }.is_null());
    assert!(!notices.is_empty());
    assert!(notices.iter().eq(told.iter().map(|(_, sentence)| sentence)));
    assert!(told.iter().any(|(level, _)| *level == PROBITY_LOG_NOTICE), "{told:?}");
    assert!(told.iter().any(|(level, text)| *level == PROBITY_LOG_WARNING && text.contains("skipped")));
    let (mut repaired, mut ignored, mut skipped) = (9, 9, 9);
    call!(probity_query_list_report(list.0, &mut repaired, &mut ignored, &mut skipped)).ok();
    assert_eq!((repaired + ignored + skipped) as usize, notices.len());
    assert!(repaired > 0 && skipped > 0);
    // A library of the same text tells the same.
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.msp");
    std::fs::write(&path, text).unwrap();
    told.clear();
    let mut options = open_options();
    options.log = Some(log);
    options.log_user_data = (&raw mut told).cast();
    let library = open(&path, &options);
    assert_eq!(told.len(), notices.len());
    assert_eq!(unsafe { probity_library_notice_count(library.0) }, notices.len());
    assert_eq!(unsafe { probity_library_state(library.0) }, 0);
    assert_eq!(unsafe { probity_library_records_skipped(library.0) }, unsafe {
        probity_query_list_records_skipped(list.0)
    });
    let mut passed_over = 9;
    let none = ptr::null_mut();
    call!(probity_library_report(library.0, &mut repaired, none, none, &mut passed_over)).ok();
    assert!(repaired > 0 && passed_over == 0);
}

#[test]
fn a_searcher_tells_that_entries_are_prepared_at_once() {
    let mut told: Told = Vec::new();
    let mut options = searcher_options();
    options.log = Some(log);
    options.log_user_data = (&raw mut told).cast();
    // The starter library stores what the shipped recipes make of its entries.
    let text =
        include_str!("../../../probity/methods/ei-default.toml").replace("boundary = 0.7", "boundary = 0.6");
    let method = make!(probity_method_from_toml(chars(&text), text.len()), probity_method_free);
    let library = starter();
    let _searcher = make!(probity_searcher_new(library.0, method.0, &options), probity_searcher_free);
    assert_eq!(told.len(), 1);
    assert!(told[0].1.starts_with("99 of 99 entries were prepared just now for ei-default"), "{told:?}");
}

#[test]
fn an_owned_library_lives_on_when_its_files_are_cut_or_gone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("library");
    copied(&path);
    let library = open(&path, ptr::null());
    for entry in std::fs::read_dir(&path).unwrap() {
        std::fs::File::options().write(true).open(entry.unwrap().path()).unwrap().set_len(100).unwrap();
    }
    assert_eq!(first_hit(&library), "Cocaine", "cut short");
    let place = path.to_str().unwrap();
    call!(probity_library_open(chars(place), place.len(), ptr::null(), &mut ptr::null_mut()))
        .failed(PROBITY_ERROR_DAMAGED, "manifest-0000000001.probity");
    std::fs::remove_dir_all(&path).unwrap();
    assert_eq!(first_hit(&library), "Cocaine", "gone");
    let query = make!(probity_query_from_entry(library.0, 99), probity_query_free);
    assert!(!string(unsafe { probity_query_name(query.0) }).unwrap().is_empty());
}

#[test]
fn a_damaged_library_is_told_when_it_is_opened_or_verified() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("library");
    copied(&path);
    let place = path.to_str().unwrap();
    let verify = || make!(probity_library_verify(chars(place), place.len()), probity_verification_free);
    let sound = verify();
    assert_eq!(unsafe { probity_verification_problem_count(sound.0) }, 0);
    let json = string(unsafe { probity_verification_json(sound.0) }).unwrap();
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!((&json["entries"], &json["sound_states"]), (&99.into(), &1.into()));
    let segment = std::fs::read_dir(&path)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .find(|file| file.file_name().unwrap().to_str().unwrap().starts_with("segment-"))
        .unwrap();
    let mut bytes = std::fs::read(&segment).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(&segment, bytes).unwrap();
    let damaged = verify();
    assert!(unsafe { probity_verification_problem_count(damaged.0) } > 0);
    let problem = string(unsafe { probity_verification_problem(damaged.0, 0) }).unwrap();
    assert!(problem.contains("segment-") && problem.contains("section"), "{problem}");
    call!(probity_library_open(chars(place), place.len(), ptr::null(), &mut ptr::null_mut()))
        .failed(PROBITY_ERROR_DAMAGED, "segment-");
    // Mapped, it opens, and the damage is told when the entries are read.
    let mut options = open_options();
    options.access = PROBITY_ACCESS_MAPPED;
    let mapped = open(&path, &options);
    let method = crate::support::method("ei-default");
    call!(probity_searcher_new(mapped.0, method.0, ptr::null(), &mut ptr::null_mut()))
        .failed(PROBITY_ERROR_DAMAGED, "segment-");
}

#[test]
fn open_options_are_checked() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("library");
    copied(&path);
    let place = path.to_str().unwrap();
    let refused = |change: &dyn Fn(&mut probity_open_options), words: &str| {
        let mut options = open_options();
        change(&mut options);
        call!(probity_library_open(chars(place), place.len(), &options, &mut ptr::null_mut()))
            .failed(PROBITY_ERROR_INVALID_OPTION, words);
    };
    refused(&|options| options.access = 2, "access");
    refused(&|options| options.reserved = 1, "reserved");
    refused(&|options| (options.state, options.state_length) = (chars("2"), 1), "state");
    refused(&|options| (options.state, options.state_length) = (chars("first"), 5), "first");
}

#[test]
fn spectra_are_added_and_earlier_states_stay() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("own");
    let (place, name) = (path.to_str().unwrap(), "own");
    let list = file(&fixture("queries/caffeine_published.msp"));
    let first = [unsafe { probity_query_list_query(list.0, 0) }];
    let mut change = sized!(probity_change);
    call!(probity_library_build(
        chars(place),
        place.len(),
        chars(name),
        name.len(),
        first.as_ptr(),
        1,
        ptr::null(),
        &mut change
    ))
    .ok();
    assert_eq!((change.state, change.first_entry_id, change.entries_added, change.entries), (1, 1, 1, 1));
    let mut description = sized!(probity_spectrum_description);
    let (name, key) = ("Cocaine, lot 12", "ZPUCINDJVBIVPJ-LJISPDSOSA-N");
    (description.name, description.name_length) = (chars(name), name.len());
    (description.inchikey, description.inchikey_length) = (chars(key), key.len());
    (description.cas_number, description.cas_number_length) = (chars("50-36-2"), 7);
    description.technique = PROBITY_TECHNIQUE_ELECTRON_IONIZATION;
    let cocaine =
        make!(probity_query_from_peaks(MZ.as_ptr(), INTENSITY.as_ptr(), 6, &description), probity_query_free);
    let mut options = sized!(probity_change_options);
    (options.operator_name, options.operator_name_length) = (chars("jd"), 2);
    (options.note, options.note_length) = (chars("reference material"), 18);
    options.time_unix_s = 1_700_000_000;
    let added = [cocaine.0.cast_const()];
    call!(probity_library_add(chars(place), place.len(), added.as_ptr(), 1, &options, &mut change)).ok();
    assert_eq!((change.state, change.first_entry_id, change.entries_added, change.entries), (2, 2, 1, 2));
    let library = open(&path, ptr::null());
    let mut json = ptr::null();
    call!(probity_library_json(library.0, &mut json, ptr::null_mut())).ok();
    let json: serde_json::Value = serde_json::from_str(&string(json).unwrap()).unwrap();
    assert_eq!(json["state"]["operator"], "jd");
    assert_eq!(json["state"]["note"], "reference material");
    assert_eq!(json["state"]["time_unix_s"], 1_700_000_000);
    let searcher = searcher(&library, "ei-default", 1);
    let hits = make!(probity_searcher_search(searcher.0, cocaine.0, ptr::null()), probity_hit_list_free);
    let mut hit = sized!(probity_hit);
    call!(probity_hit_list_hit(hits.0, 0, &mut hit)).ok();
    assert_eq!((hit.entry_id, string(hit.name).unwrap().as_str()), (2, name));
    assert_eq!(string(hit.substance_key).unwrap(), "ZPUCINDJVBIVPJ");
    assert_eq!(string(hit.cas_numbers).unwrap(), "50-36-2");
    let mut options = open_options();
    (options.state, options.state_length) = (chars("1"), 1);
    assert_eq!(unsafe { probity_library_entry_count(open(&path, &options).0) }, 1);
    refuse_changes(place, &added);
}

fn refuse_changes(place: &str, added: &[*const probity_query]) {
    const OPTION: i32 = PROBITY_ERROR_INVALID_OPTION;
    let (none, no_change) = (ptr::null(), ptr::null_mut());
    call!(probity_library_add(chars(place), place.len(), ptr::null(), 0, none, no_change))
        .failed(OPTION, "no spectrum to add");
    call!(probity_library_build(
        chars(place),
        place.len(),
        chars("x"),
        1,
        added.as_ptr(),
        1,
        ptr::null(),
        ptr::null_mut()
    ))
    .failed(OPTION, "own");
    let mut unsized_change = sized!(probity_change);
    unsized_change.struct_size = 0;
    call!(probity_library_add(chars(place), place.len(), added.as_ptr(), 1, none, &mut unsized_change))
        .failed(PROBITY_ERROR_STRUCT_SIZE, "probity_change");
    let states = probity::library::LibraryFolder::at(Path::new(place)).history().unwrap().states.len();
    assert_eq!(states, 2, "what was refused changed nothing");
    let lock = std::fs::File::open(Path::new(place).join("lock")).unwrap();
    lock.lock().unwrap();
    call!(probity_library_add(chars(place), place.len(), added.as_ptr(), 1, none, no_change))
        .failed(PROBITY_ERROR_BUSY, "");
}

#[test]
fn substances_are_looked_up() {
    let lookup =
        |text: &str| make!(probity_substance_lookup(chars(text), text.len()), probity_substance_answer_free);
    let found = lookup("53-21-4");
    assert!(unsafe { probity_substance_answer_match_count(found.0) } > 0);
    let count = unsafe { probity_substance_answer_sentence_count(found.0) };
    let sentences: Vec<String> = (0..count)
        .map(|index| string(unsafe { probity_substance_answer_sentence(found.0, index) }).unwrap())
        .collect();
    assert!(sentences[0].contains("1961"), "{sentences:?}");
    assert!(sentences.last().unwrap().contains("national law may differ"));
    let json = string(unsafe { probity_substance_answer_json(found.0) }).unwrap();
    assert_eq!(serde_json::from_str::<serde_json::Value>(&json).unwrap()["read_as"], "cas_number");
    let unknown = lookup("sugar of nowhere");
    assert_eq!(unsafe { probity_substance_answer_match_count(unknown.0) }, 0);
    let sentence = string(unsafe { probity_substance_answer_sentence(unknown.0, 0) }).unwrap();
    assert!(sentence.starts_with("Not found in the lists as of"), "{sentence}");
}
