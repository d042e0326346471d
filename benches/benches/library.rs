//! What is measured: making a library folder of parsed records, opening it in both modes, adding one
//! spectrum, verifying and compacting it. Corpus: 3,000, 50,000 and 350,000 spectra of the
//! model of electron ionization libraries (see `src/model`), 14 of each compound, one thread. Every change is durable when it
//! returns, so the disk's fsync is in the times; `fsync` alone is measured beside them: one small file
//! and its folder. The first line for each size says how many bytes a peak takes.
#![allow(clippy::print_stderr, reason = "bytes per peak are a result, and criterion has no place for it")]

use std::hint::black_box;
use std::io::Write as _;
use std::path::Path;

use criterion::{BatchSize, BenchmarkId, Criterion, criterion_group, criterion_main};
use probity::curate::{Addition, NewLibrary, add, build, compact};
use probity::library::storage::Access;
use probity::library::{ChangeNote, LibraryFolder, LibraryState, StateSelector};
use probity::search::{Executor, Method};
use probity_benches::model::{ElectronIonization, Model as _};

const SIZES: [usize; 3] = [3_000, 50_000, 350_000];
const MODEL: ElectronIonization = ElectronIonization { seed: 1, classes: 60 };
const REPLICATES: usize = 14;

fn library(criterion: &mut Criterion) {
    let executor = Executor::new(1).expect("one thread");
    let recipe = Method::named("ei-default").expect("it is shipped").prepare;
    for size in SIZES {
        let records = MODEL.library(size, REPLICATES);
        let peaks: usize =
            records.iter().filter_map(|record| record.spectrum.as_mass()).map(|mass| mass.peaks.len()).sum();
        let home = tempfile::tempdir().expect("a folder for the bench");
        let make = |name: &str, library: NewLibrary| {
            let folder = LibraryFolder::at(&home.path().join(name));
            let content = Addition::from_records(records.clone());
            let state = build(&folder, library, content, ChangeNote::default(), &executor);
            (folder, state.expect("the folder is new"))
        };
        let (folder, state) = make("published", NewLibrary::named("published"));
        let (_, with_prepared) = make("prepared", NewLibrary::named("prepared").recipes([recipe.clone()]));
        eprintln!(
            "{size} entries, {peaks} peaks: {:.2} bytes a peak with all metadata; {:.2} with prepared peaks of ei-default",
            bytes_per_peak(&state, peaks),
            bytes_per_peak(&with_prepared, peaks)
        );
        let mut group = criterion.benchmark_group("library");
        group.sample_size(10);
        group.bench_function(BenchmarkId::new("build", size), |bencher| {
            bencher.iter_batched(
                || (tempfile::tempdir_in(home.path()).expect("a folder"), records.clone()),
                |(place, records)| {
                    let folder = LibraryFolder::at(&place.path().join("built"));
                    let content = Addition::from_records(records);
                    build(&folder, NewLibrary::named("built"), content, ChangeNote::default(), &executor)
                        .expect("the folder is new");
                    place
                },
                BatchSize::PerIteration,
            );
        });
        for (name, access) in [("open_owned", Access::Owned), ("open_mapped", Access::Mapped)] {
            group.bench_function(BenchmarkId::new(name, size), |bencher| {
                bencher.iter(|| {
                    black_box(folder.open(&StateSelector::Latest, access).expect("it was written by us"))
                });
            });
        }
        group.bench_function(BenchmarkId::new("verify", size), |bencher| {
            bencher.iter(|| assert!(folder.verify().expect("it was written by us").is_clean()));
        });
        let one = MODEL.unknown(1);
        group.bench_function(BenchmarkId::new("add_one", size), |bencher| {
            bencher.iter_batched(
                || Addition::from_records(one.clone()),
                |content| add(&folder, content, ChangeNote::default(), &executor).expect("the disk has room"),
                BatchSize::PerIteration,
            );
        });
        group.bench_function(BenchmarkId::new("fsync", size), |bencher| {
            bencher.iter(|| fsync(home.path()));
        });
        group.bench_function(BenchmarkId::new("compact", size), |bencher| {
            bencher.iter(|| compact(&folder, ChangeNote::default(), &executor).expect("the disk has room"));
        });
        group.finish();
    }
}

fn bytes_per_peak(state: &LibraryState, peaks: usize) -> f64 {
    state.segments.iter().map(|segment| segment.file_bytes).sum::<u64>() as f64 / peaks as f64
}

/// What a commit waits for twice: a small file and the names in its folder.
fn fsync(folder: &Path) {
    let mut file = std::fs::File::create(folder.join("small")).expect("the disk has room");
    file.write_all(&[0; 512]).expect("the disk has room");
    file.sync_all().expect("the disk answers");
    std::fs::File::open(folder).and_then(|folder| folder.sync_all()).expect("the disk answers");
}

criterion_group!(benches, library);
criterion_main!(benches);
