//! What is measured: reading a library as MSP, preparing it for a method with its index, one search with
//! the index where there is one, one exhaustive search beside it in the same run, and a batch of 16
//! queries with the index. Corpus: 3,000 and 50,000 spectra of the model of electron ionization libraries (see
//! `src/model`), 14 of each compound; the queries are of compounds that the library does not hold. One and
//! two threads.

use std::hint::black_box;
use std::sync::Arc;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use probity::format::{ReadOptions, read_msp, write_msp};
use probity::library::{Library, LibraryScope};
use probity::search::{Executor, Method, Query, SearchOptions, Searcher};
use probity_benches::model::{ElectronIonization, Model as _};

const SIZES: [usize; 2] = [3_000, 50_000];
const MODEL: ElectronIonization = ElectronIonization { seed: 1, classes: 60 };
const REPLICATES: usize = 14;

fn read(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("read_msp");
    group.sample_size(10);
    for size in SIZES {
        let mut text = Vec::new();
        write_msp(&MODEL.library(size, REPLICATES), &mut text).expect("memory takes it");
        group.throughput(Throughput::Bytes(text.len() as u64));
        group.bench_with_input(BenchmarkId::from_parameter(size), &text, |bencher, text| {
            bencher
                .iter(|| read_msp(black_box(text), &ReadOptions::default()).expect("it was written by us"));
        });
    }
}

fn prepare_and_search(criterion: &mut Criterion) {
    for size in SIZES {
        let records = MODEL.library(size, REPLICATES);
        let library = Library::from_records("synthetic", LibraryScope::Spectra, records);
        let library = Arc::new(library.expect("the name is not empty"));
        let queries: Vec<Query> = MODEL.unknown(16).into_iter().map(Query::from_record).collect();
        for name in ["nist-identity", "nist-simple", "ei-default", "ei-composite", "ei-entropy"] {
            let method = Method::named(name).expect("it is shipped");
            for threads in [1, 2] {
                let executor = Arc::new(Executor::new(threads).expect("threads"));
                let mut group = criterion.benchmark_group(format!("{name}/{size}"));
                group.sample_size(10);
                group.bench_function(BenchmarkId::new("prepare", threads), |bencher| {
                    bencher.iter(|| {
                        Searcher::new(Arc::clone(&library), method.clone(), Arc::clone(&executor))
                            .expect("it is in memory")
                    });
                });
                let searcher = || {
                    Searcher::new(Arc::clone(&library), method.clone(), Arc::clone(&executor))
                        .expect("it is in memory")
                };
                let (indexed, exhaustive) = (searcher(), searcher().without_index());
                for (what, searcher) in [("search", &indexed), ("search_exhaustive", &exhaustive)] {
                    group.bench_function(BenchmarkId::new(what, threads), |bencher| {
                        bencher.iter(|| {
                            searcher
                                .search(black_box(&queries[0]), &SearchOptions::default())
                                .expect("the query is sound")
                        });
                    });
                }
                if indexed.has_index() {
                    group.throughput(Throughput::Elements(queries.len() as u64));
                    group.bench_function(BenchmarkId::new("batch_of_16", threads), |bencher| {
                        bencher.iter(|| indexed.search_many(black_box(&queries), &SearchOptions::default()));
                    });
                }
                group.finish();
            }
        }
    }
}

criterion_group!(benches, read, prepare_and_search);
criterion_main!(benches);
