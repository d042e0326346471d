//! Long calls that are watched and stopped.

use std::ffi::c_void;
use std::fmt::Write as _;
use std::path::Path;
use std::ptr;
use std::thread::ThreadId;

use probity_ffi::*;

use crate::support::{
    INTENSITY, MZ, Owned, call, chars, file, make, method, open, peaks, searcher, searcher_options, sized,
    string,
};

/// What a watch was told, and when it stops.
struct Watch {
    told: Vec<(u64, u64)>,
    threads: Vec<ThreadId>,
    stops_at: u64,
}

impl Watch {
    fn stopping_at(stops_at: u64) -> Self {
        Self { told: Vec::new(), threads: Vec::new(), stops_at }
    }

    /// That it heard of a whole piece of work, on this thread.
    fn heard_all_of(&self, total: u64) {
        assert_eq!(self.told.last(), Some(&(total, total)), "{:?}", self.told);
        assert!(self.told.is_sorted_by(|one, next| one.0 <= next.0), "{:?}", self.told);
        assert!(self.threads.iter().all(|thread| *thread == std::thread::current().id()));
    }
}

unsafe extern "C" fn watch(user_data: *mut c_void, done: u64, total: u64) -> i32 {
    let watch = unsafe { &mut *user_data.cast::<Watch>() };
    watch.told.push((done, total));
    watch.threads.push(std::thread::current().id());
    i32::from(done >= watch.stops_at)
}

/// Stops when it is asked for the second time, however far the work is.
unsafe extern "C" fn stop_when_asked_again(user_data: *mut c_void, done: u64, total: u64) -> i32 {
    let watch = unsafe { &mut *user_data.cast::<Watch>() };
    watch.told.push((done, total));
    i32::from(watch.told.len() == 2)
}

/// Sets a watch in options that have the two fields for it.
macro_rules! watched {
    ($options:ident, $watch:ident) => {
        $options.progress = Some(watch);
        $options.progress_user_data = (&raw mut $watch).cast();
    };
}

/// So many spectra that are all different, of unit mass.
fn spectra(count: usize) -> String {
    let mut text = String::new();
    for number in 0..count {
        writeln!(text, "Name: {number}\nNum Peaks: 4").unwrap();
        let (mz, intensity) = (30 + number % 200, 1 + number % 500);
        writeln!(text, "{mz} {intensity}\n{} 999\n{} 40\n350 7\n", mz + 61, mz + 90).unwrap();
    }
    text
}

/// A library folder of so many spectra.
fn library_folder(path: &Path, count: usize) {
    let text = path.with_extension("msp");
    std::fs::write(&text, spectra(count)).unwrap();
    let list = file(&text);
    let queries: Vec<_> = (0..count).map(|row| unsafe { probity_query_list_query(list.0, row) }).collect();
    let (place, name) = (path.to_str().unwrap(), "many");
    call!(probity_library_build(
        chars(place),
        place.len(),
        chars(name),
        name.len(),
        queries.as_ptr(),
        queries.len(),
        ptr::null(),
        ptr::null_mut()
    ))
    .ok();
}

const CANCELLED: i32 = PROBITY_ERROR_CANCELLED;
const COUNT: usize = 6_000;

#[test]
fn preparing_a_library_is_watched_and_stopped() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("many");
    library_folder(&path, COUNT);
    let (library, method) = (open(&path, ptr::null()), method("ei-default"));
    let query = peaks(&MZ, &INTENSITY);
    for threads in [1, 2] {
        let mut heard = Watch::stopping_at(u64::MAX);
        let mut options = searcher_options();
        options.threads = threads;
        watched!(options, heard);
        let made = make!(probity_searcher_new(library.0, method.0, &options), probity_searcher_free);
        heard.heard_all_of(2 * COUNT as u64);
        assert!(heard.told.len() > 4, "{:?}", heard.told);
        let hits = |searcher: &Owned<probity_searcher>| {
            let hits =
                make!(probity_searcher_search(searcher.0, query.0, ptr::null()), probity_hit_list_free);
            let mut json = ptr::null();
            call!(probity_hit_list_json(hits.0, &mut json, ptr::null_mut())).ok();
            string(json)
        };
        assert_eq!(hits(&made), hits(&searcher(&library, "ei-default", threads)), "watching changes nothing");
        // Before anything, while entries are prepared, and while they are indexed.
        for stops_at in [0, 1, COUNT as u64 + 1] {
            let mut stops = Watch::stopping_at(stops_at);
            watched!(options, stops);
            call!(probity_searcher_new(library.0, method.0, &options, &mut ptr::null_mut()))
                .failed(CANCELLED, "stopped by whoever asked for it");
            let last = stops.told.last().unwrap().0;
            assert!(stops_at > COUNT as u64 || last <= COUNT as u64, "{:?}", stops.told);
        }
    }
}

#[test]
fn opening_a_library_is_watched_and_stopped() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("many");
    library_folder(&path, COUNT);
    let segments: u64 = std::fs::read_dir(&path)
        .unwrap()
        .map(|entry| entry.unwrap())
        .filter(|entry| entry.file_name().to_str().unwrap().starts_with("segment-"))
        .map(|entry| entry.metadata().unwrap().len())
        .sum();
    let spectra = folder.path().join("many.msp");
    let whole_folder = folder.path().join("spectra");
    std::fs::create_dir(&whole_folder).unwrap();
    for name in ["a.msp", "b.msp", "c.msp"] {
        std::fs::write(whole_folder.join(name), "Name: a\nNum Peaks: 1\n41 29\n").unwrap();
    }
    for (place, total) in [(&path, segments), (&spectra, 1), (&whole_folder, 4)] {
        let place = place.to_str().unwrap();
        for access in [PROBITY_ACCESS_OWNED, PROBITY_ACCESS_MAPPED] {
            let mut options = sized!(probity_open_options);
            call!(probity_open_options_init(&mut options, size_of_val(&options))).ok();
            options.access = access;
            let mut heard = Watch::stopping_at(u64::MAX);
            watched!(options, heard);
            make!(probity_library_open(chars(place), place.len(), &options), probity_library_free);
            assert!(heard.told.last().unwrap().0 > 0 && heard.told.last().unwrap().1 <= total);
            assert!(heard.threads.iter().all(|thread| *thread == std::thread::current().id()));
            for stops_at in [0, 1] {
                let mut stops = Watch::stopping_at(stops_at);
                watched!(options, stops);
                call!(probity_library_open(chars(place), place.len(), &options, &mut ptr::null_mut()))
                    .failed(CANCELLED, "stopped");
            }
        }
    }
}

#[test]
fn verifying_is_watched_and_stopped() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("many");
    library_folder(&path, COUNT);
    let place = path.to_str().unwrap();
    let mut options = sized!(probity_work_options);
    call!(probity_work_options_init(&mut options, size_of_val(&options))).ok();
    let mut heard = Watch::stopping_at(u64::MAX);
    watched!(options, heard);
    let verified =
        make!(probity_library_verify_watched(chars(place), place.len(), &options), probity_verification_free);
    assert_eq!(unsafe { probity_verification_problem_count(verified.0) }, 0);
    let plain = make!(probity_library_verify(chars(place), place.len()), probity_verification_free);
    assert_eq!(unsafe { string(probity_verification_json(verified.0)) }, unsafe {
        string(probity_verification_json(plain.0))
    });
    heard.heard_all_of(COUNT as u64);
    for stops_at in [0, 1, COUNT as u64 / 2] {
        let mut stops = Watch::stopping_at(stops_at);
        watched!(options, stops);
        call!(probity_library_verify_watched(chars(place), place.len(), &options, &mut ptr::null_mut()))
            .failed(CANCELLED, "stopped");
        assert!(stops.told.last().unwrap().0 < COUNT as u64);
    }
    options.threads = 2;
    call!(probity_library_verify_watched(chars(place), place.len(), &options, &mut ptr::null_mut()))
        .failed(PROBITY_ERROR_INVALID_OPTION, "threads must be 0 or 1");
}

#[test]
fn a_search_that_scores_every_entry_is_watched_and_stopped() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("many");
    library_folder(&path, COUNT);
    let (library, query) = (open(&path, ptr::null()), peaks(&[91.0, 152.0, 181.0], &[20.0, 999.0, 40.0]));
    // NIST's dot product of product ion spectra has no index.
    for (name, threads) in [("nist-dot-product", 1), ("nist-dot-product", 2), ("ei-default", 1)] {
        let searcher = searcher(&library, name, threads);
        let mut options = sized!(probity_search_options);
        call!(probity_search_options_init(&mut options, size_of_val(&options))).ok();
        let plain = make!(probity_searcher_identify(searcher.0, query.0, &options), probity_finding_free);
        let mut heard = Watch::stopping_at(u64::MAX);
        watched!(options, heard);
        let hits = make!(probity_searcher_search(searcher.0, query.0, &options), probity_hit_list_free);
        let mut counts = sized!(probity_search_counts);
        call!(probity_hit_list_counts(hits.0, &mut counts)).ok();
        heard.heard_all_of(counts.compared);
        // Of several threads it may be told at once what all of them have done.
        let scores_all_alone = name == "nist-dot-product" && threads == 1;
        assert!(!scores_all_alone || heard.told.len() > 3, "{:?}", heard.told);
        let mut heard = Watch::stopping_at(u64::MAX);
        watched!(options, heard);
        let finding = make!(probity_searcher_identify(searcher.0, query.0, &options), probity_finding_free);
        assert_eq!(crate::support::json(&finding), crate::support::json(&plain), "watching changes nothing");
        for stops_at in [0, 1] {
            let mut stops = Watch::stopping_at(stops_at);
            watched!(options, stops);
            call!(probity_searcher_search(searcher.0, query.0, &options, &mut ptr::null_mut()))
                .failed(CANCELLED, "stopped");
            call!(probity_searcher_identify(searcher.0, query.0, &options, &mut ptr::null_mut()))
                .failed(CANCELLED, "stopped");
        }
        let queries = [query.0.cast_const()];
        call!(probity_searcher_search_many(
            searcher.0,
            queries.as_ptr(),
            1,
            &options,
            ptr::null(),
            &mut ptr::null_mut()
        ))
        .failed(PROBITY_ERROR_INVALID_OPTION, "about a single search");
    }
}

#[test]
fn making_an_index_is_watched_and_stopped() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("many");
    library_folder(&path, COUNT);
    let (place, method) = (path.to_str().unwrap(), method("ei-default"));
    let files = || std::fs::read_dir(&path).unwrap().count();
    let before = files();
    let mut options = sized!(probity_work_options);
    for stops_at in [0, 1, COUNT as u64 + 1] {
        let mut stops = Watch::stopping_at(stops_at);
        watched!(options, stops);
        call!(probity_library_index(chars(place), place.len(), method.0, &options, ptr::null_mut()))
            .failed(CANCELLED, "stopped");
        assert_eq!(files(), before, "an index that is not finished is not there");
    }
    let mut heard = Watch::stopping_at(u64::MAX);
    watched!(options, heard);
    let mut indexed = sized!(probity_indexed);
    call!(probity_library_index(chars(place), place.len(), method.0, &options, &mut indexed)).ok();
    heard.heard_all_of(2 * COUNT as u64);
    assert_eq!((indexed.files_written, indexed.files_kept, indexed.files_replaced), (1, 0, 0));
    assert!(indexed.bytes_written > 0 && files() == before + 1);
    // Without a method, for what the library holds: that one is there already.
    call!(probity_library_index(chars(place), place.len(), ptr::null(), ptr::null(), &mut indexed)).ok();
    assert_eq!((indexed.files_written, indexed.files_kept), (0, 1));
    // A stored index is checked when a searcher is made of a library that is opened owned: that can be stopped too.
    let library = open(&path, ptr::null());
    let mut searcher = searcher_options();
    let mut stops = Watch::stopping_at(0);
    searcher.progress = Some(stop_when_asked_again);
    searcher.progress_user_data = (&raw mut stops).cast();
    call!(probity_searcher_new(library.0, method.0, &searcher, &mut ptr::null_mut()))
        .failed(CANCELLED, "stopped");
    assert_eq!(stops.told, [(0, 2 * COUNT as u64); 2], "before any entry was done");
}

#[test]
fn an_audit_is_watched_and_stopped() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("many");
    library_folder(&path, 600);
    let library = open(&path, ptr::null());
    let mut options = sized!(probity_work_options);
    let mut heard = Watch::stopping_at(u64::MAX);
    watched!(options, heard);
    make!(probity_library_audit(library.0, &options), probity_json_free);
    heard.heard_all_of(1_200);
    for stops_at in [0, 1, 600] {
        let mut stops = Watch::stopping_at(stops_at);
        watched!(options, stops);
        call!(probity_library_audit(library.0, &options, &mut ptr::null_mut())).failed(CANCELLED, "stopped");
    }
}
