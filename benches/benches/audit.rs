//! What is measured: the whole audit of a library in memory, one thread. Corpus: the model of electron ionization libraries (see
//! `src/model`), 14 spectra of each compound under a key of its own; how near spectra must be to count as copies decides how many
//! can be left out unseen.

use std::hint::black_box;

use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use probity::curate::audit::{AuditOptions, audit};
use probity::format::Record;
use probity::library::{Entry, Library, LibraryScope};
use probity::search::Executor;
use probity_benches::model::{ElectronIonization, Model as _};

/// Entries, and the cosine from which on two are copies.
const CASES: [(usize, f64); 3] = [(10_000, 0.9995), (10_000, 0.95), (100_000, 0.9995)];
const MODEL: ElectronIonization = ElectronIonization { seed: 1, classes: 60 };
const REPLICATES: usize = 14;

fn audits(criterion: &mut Criterion) {
    let executor = Executor::new(1).expect("one thread");
    let mut group = criterion.benchmark_group("audit");
    group.sample_size(10);
    for (size, copy_cosine) in CASES {
        let library =
            Library::from_records("model", LibraryScope::Spectra, keyed(size)).expect("they are few");
        let entries: Vec<&Entry> = library.entries().map(|entry| entry.expect("it is in memory")).collect();
        let mut options = AuditOptions::default();
        options.copy_cosine = copy_cosine;
        group.bench_function(BenchmarkId::new(format!("{copy_cosine}"), size), |bencher| {
            bencher.iter(|| black_box(audit(&entries, &options, &executor).expect("the options are sound")));
        });
    }
    group.finish();
}

/// The records of a library, each compound with a key.
fn keyed(size: usize) -> Vec<Record> {
    let mut records = MODEL.library(size, REPLICATES);
    for (compound, records) in records.chunks_mut(REPLICATES).enumerate() {
        for record in records {
            record.identity.inchikey = Some(key(compound));
        }
    }
    records
}

/// A number as the first block of a key, in base 26.
fn key(mut number: usize) -> String {
    let mut block = String::new();
    for _ in 0..14 {
        // Below 26: the cast is exact.
        block.push(char::from(b'A' + (number % 26) as u8));
        number /= 26;
    }
    format!("{block}-UHFFFAOYSA-N")
}

criterion_group!(benches, audits);
criterion_main!(benches);
