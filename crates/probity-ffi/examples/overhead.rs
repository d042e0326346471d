//! What the C ABI costs over the Rust library: `overhead [ENTRIES [QUERIES]]`.
//!
//! Corpus: the seeded model of electron ionization libraries, 14 spectra a compound, `ei-default` with a stored index;
//! queries that are in the library as another replicate. The exported functions are called as C calls them. Three numbers:
//!
//! * one search with its first hit read, C against Rust in turn after one that warms the caches: the median of the
//!   differences of pairs, on a library of 14 entries, where a search takes next to nothing, and on one of 3,000;
//! * a batch, C (with a progress callback) against Rust, in turn, the best of five each, on one and two threads;
//! * opening a mapped library of `ENTRIES` entries, and making a searcher from its index: the median of eleven.
#![allow(unsafe_code, reason = "it stands where C stands")]
#![allow(clippy::undocumented_unsafe_blocks, reason = "all handles are live and all outputs are locals")]
#![allow(clippy::print_stdout, clippy::unwrap_used, reason = "a program that prints what it measured")]

use std::ffi::{CStr, c_void};
use std::hint::black_box;
use std::path::Path;
use std::ptr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use probity::curate::{Addition, NewLibrary, build, index};
use probity::library::{ChangeNote, LibraryFolder};
use probity::search::{Executor, Method, Query, SearchOptions, Searcher};
use probity_benches::model::{ElectronIonization, Model as _};
use probity_ffi::*;

const MODEL: ElectronIonization = ElectronIonization { seed: 1, classes: 400 };
const REPLICATES: usize = 14;
const METHOD: &str = "ei-default";
const TINY: usize = 14;
const SMALL: usize = 3_000;
const PAIRS: usize = 20_000;

fn main() {
    let mut numbers = std::env::args().skip(1).map(|number| number.parse().unwrap());
    let (entries, queries) = (numbers.next().unwrap_or(350_000), numbers.next().unwrap_or(10_000));
    let home = tempfile::tempdir().unwrap();
    let small = made(&home.path().join("small"), SMALL);
    single(&made(&home.path().join("tiny"), TINY), TINY);
    single(&small, SMALL);
    batch(&small, SMALL, queries);
    opening(&made(&home.path().join("large"), entries), entries);
}

/// A library with an index; its path.
fn made(path: &Path, entries: usize) -> String {
    let (folder, executor) = (LibraryFolder::at(path), Executor::new(0).unwrap());
    let content = Addition::from_records(MODEL.library(entries, REPLICATES));
    build(&folder, NewLibrary::named("model"), content, ChangeNote::default(), &executor).unwrap();
    index(&folder, &[Method::named(METHOD).unwrap()], &executor, &mut |_| ()).unwrap();
    path.to_str().unwrap().to_owned()
}

fn opened(path: &str) -> *mut probity_library {
    let (mut options, mut library) = (unsafe { std::mem::zeroed::<probity_open_options>() }, ptr::null_mut());
    unsafe {
        probity_open_options_init(&mut options, size_of_val(&options), ptr::null_mut());
        options.access = PROBITY_ACCESS_MAPPED;
        let status =
            probity_library_open(path.as_ptr().cast(), path.len(), &options, &mut library, ptr::null_mut());
        assert_eq!(status, PROBITY_OK);
    }
    library
}

fn prepared(library: *mut probity_library, threads: u32) -> *mut probity_searcher {
    let (mut method, mut searcher) = (ptr::null_mut(), ptr::null_mut());
    unsafe {
        let mut options = std::mem::zeroed::<probity_searcher_options>();
        (options.struct_size, options.threads) = (size_of_val(&options) as u32, threads);
        probity_method_named(METHOD.as_ptr().cast(), METHOD.len(), &mut method, ptr::null_mut());
        let status = probity_searcher_new(library, method, &options, &mut searcher, ptr::null_mut());
        assert_eq!(status, PROBITY_OK);
        probity_method_free(method);
    }
    searcher
}

fn rust_searcher(path: &str, threads: usize) -> Searcher {
    let folder = LibraryFolder::at(Path::new(path));
    let library = folder.open(&Default::default(), probity::library::storage::Access::Mapped).unwrap();
    let executor = Arc::new(Executor::new(threads).unwrap());
    Searcher::new(Arc::new(library), Method::named(METHOD).unwrap(), executor).unwrap()
}

/// The same queries for both.
fn queries(entries: usize, count: usize) -> (Vec<Query>, Vec<*const probity_query>) {
    let rust: Vec<Query> =
        MODEL.known(entries, REPLICATES, count).into_iter().map(Query::from_record).collect();
    let c = rust.iter().map(|query| {
        let (peaks, mut made) = (&query.record.spectrum.as_mass().unwrap().peaks, ptr::null_mut());
        let (mz, intensity) = (peaks.mz().as_ptr(), peaks.intensity().as_ptr());
        let status = unsafe {
            probity_query_from_peaks(mz, intensity, peaks.len(), ptr::null(), &mut made, ptr::null_mut())
        };
        assert_eq!(status, PROBITY_OK);
        made.cast_const()
    });
    let c = c.collect();
    (rust, c)
}

fn median(times: &mut [f64]) -> f64 {
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}

fn micros(time: Duration) -> f64 {
    1e6 * time.as_secs_f64()
}

/// One search as C makes it: options, search, first hit, end.
fn c_search(searcher: *const probity_searcher, query: *const probity_query) -> u64 {
    unsafe {
        let mut options = std::mem::zeroed::<probity_search_options>();
        probity_search_options_init(&mut options, size_of_val(&options), ptr::null_mut());
        let mut hits = ptr::null_mut();
        let status = probity_searcher_search(searcher, query, &options, &mut hits, ptr::null_mut());
        assert_eq!(status, PROBITY_OK);
        let mut hit = std::mem::zeroed::<probity_hit>();
        hit.struct_size = size_of_val(&hit) as u32;
        assert_eq!(probity_hit_list_hit(hits, 0, &mut hit, ptr::null_mut()), PROBITY_OK);
        black_box(CStr::from_ptr(hit.name).count_bytes());
        probity_hit_list_free(hits);
        hit.entry_id
    }
}

fn rust_search(searcher: &Searcher, query: &Query) -> u64 {
    let list = searcher.search(query, &SearchOptions::default()).unwrap();
    let id = list.hits[0].entry_id;
    black_box(searcher.library().entry(id).unwrap().unwrap().record().name.len());
    id.0
}

fn single(path: &str, entries: usize) {
    let library = opened(path);
    let (c_searcher, searcher) = (prepared(library, 1), rust_searcher(path, 1));
    let (rust, c) = queries(entries, 500);
    for (query, c) in rust.iter().zip(&c) {
        assert_eq!(rust_search(&searcher, query), c_search(c_searcher, *c));
    }
    let (mut differences, mut of_rust) = (Vec::new(), Vec::new());
    for number in 0..PAIRS {
        let (query, c) = (&rust[number % rust.len()], c[number % c.len()]);
        let time = |work: &dyn Fn() -> u64| {
            let start = Instant::now();
            black_box(work());
            micros(start.elapsed())
        };
        black_box((rust_search(&searcher, query), c_search(c_searcher, c)));
        // Each query is searched first by the one and first by the other.
        let (by_c, by_rust) = if (number + number / rust.len()).is_multiple_of(2) {
            let by_c = time(&|| c_search(c_searcher, c));
            (by_c, time(&|| rust_search(&searcher, query)))
        } else {
            let by_rust = time(&|| rust_search(&searcher, query));
            (time(&|| c_search(c_searcher, c)), by_rust)
        };
        differences.push(by_c - by_rust);
        of_rust.push(by_rust);
    }
    println!(
        "one search of {entries} entries: Rust {:.1} µs, C {:+.2} µs more (medians of {PAIRS} pairs)",
        median(&mut of_rust),
        median(&mut differences)
    );
    unsafe {
        probity_searcher_free(c_searcher);
        probity_library_free(library);
    }
}

unsafe extern "C" fn go_on(_: *mut c_void, done: u64, _: u64) -> i32 {
    black_box(done);
    0
}

fn batch(path: &str, entries: usize, count: usize) {
    let (rust, c) = queries(entries, count);
    let library = opened(path);
    for threads in [1, 2] {
        let (c_searcher, searcher) = (prepared(library, threads), rust_searcher(path, threads as usize));
        let mut best = [f64::INFINITY; 2];
        for _ in 0..5 {
            let start = Instant::now();
            black_box(searcher.search_many(&rust, &SearchOptions::default()));
            best[0] = best[0].min(micros(start.elapsed()));
            let start = Instant::now();
            unsafe {
                let mut options = std::mem::zeroed::<probity_batch_options>();
                options.struct_size = size_of_val(&options) as u32;
                options.progress = Some(go_on);
                let (pointers, none, mut batch) = (c.as_ptr(), ptr::null(), ptr::null_mut());
                let error = ptr::null_mut();
                let status = probity_searcher_search_many(
                    c_searcher,
                    pointers,
                    c.len(),
                    none,
                    &options,
                    &mut batch,
                    error,
                );
                assert_eq!(status, PROBITY_OK);
                probity_batch_free(batch);
            }
            best[1] = best[1].min(micros(start.elapsed()));
        }
        println!(
            "batch of {count}, {threads} thread(s): Rust {:.1} ms, C {:.1} ms: {:.1} % of the throughput",
            best[0] / 1e3,
            best[1] / 1e3,
            100.0 * best[0] / best[1]
        );
        unsafe { probity_searcher_free(c_searcher) };
    }
    unsafe { probity_library_free(library) };
    c.into_iter().for_each(|query| unsafe { probity_query_free(query.cast_mut()) });
}

fn opening(path: &str, entries: usize) {
    let (mut open, mut prepare) = (Vec::new(), Vec::new());
    for _ in 0..11 {
        let start = Instant::now();
        let library = opened(path);
        open.push(micros(start.elapsed()) / 1e3);
        let start = Instant::now();
        let searcher = prepared(library, 1);
        prepare.push(micros(start.elapsed()) / 1e3);
        unsafe {
            probity_searcher_free(searcher);
            probity_library_free(library);
        }
    }
    println!(
        "{entries} entries, mapped: open {:.1} ms, searcher from the index {:.1} ms (medians of 11)",
        median(&mut open),
        median(&mut prepare)
    );
}
