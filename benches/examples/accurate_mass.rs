//! Times searches of accurate mass on a model library: `accurate_mass ENTRIES [QUERIES [EXHAUSTIVE]]`.
//!
//! The model: 25 spectra a compound, each a noisy copy of the compound's 5 to 36 ions, of which a fifth is
//! missing; m/z with the mass defect of organic ions; cubed uniform intensities. A known query is one more copy,
//! an unknown one a copy of a compound that is not in the library. One thread. For each measure also the answers
//! of `EXHAUSTIVE` queries are compared with those of the search without an index.
#![allow(clippy::print_stdout, clippy::unwrap_used, reason = "a program that prints what it measured")]

use std::sync::Arc;
use std::time::Instant;

use probity::format::{Provenance, Record, RecordPlace};
use probity::library::{Library, LibraryScope};
use probity::search::{Executor, Method, Query, SearchOptions, Searcher};
use probity::spectrum::{Acquisition, MassSpectrum, PeakList, Spectrum, Technique};
use probity::substance::{Form, Identity};
use probity_tests::Seeded;

struct Compound {
    ions: Vec<(f64, f64)>,
    precursor_mz: f64,
}

fn compound(random: &mut Seeded) -> Compound {
    let precursor_mz = 120.0 + random.below(500_000) as f64 / 1_000.0;
    let ion = |random: &mut Seeded| {
        let nominal = 41 + random.below(precursor_mz as u64 - 40);
        let mz = nominal as f64 * 1.000_5 + random.below(60) as f64 * 0.002;
        let height = (1 + random.below(1_000)) as f64 / 1_000.0;
        (mz, 1_000.0 * height * height * height + 10.0)
    };
    let ions = 5 + random.below(32);
    Compound { ions: (0..ions).map(|_| ion(random)).collect(), precursor_mz }
}

fn copy(compound: &Compound, random: &mut Seeded) -> Record {
    let mut peaks = Vec::new();
    for &(mz, height) in &compound.ions {
        if random.below(5) > 0 || peaks.is_empty() {
            let noise = 0.4 + 1.2 * random.below(1_000) as f64 / 1_000.0;
            peaks.push((mz + (random.below(11) as f64 - 5.0) * 0.000_3, height * noise));
        }
    }
    peaks.sort_by(|a, b| a.0.total_cmp(&b.0));
    let (mz, intensity) = peaks.into_iter().unzip();
    Record {
        name: "model".to_owned(),
        identity: Identity::default(),
        form: Form::default(),
        spectrum: Spectrum::Mass(MassSpectrum {
            peaks: PeakList::try_new(mz, intensity).unwrap(),
            acquisition: Acquisition {
                technique: Some(Technique::TandemMassSpectrometry),
                precursor_mz: Some(compound.precursor_mz),
                ..Acquisition::default()
            },
            ..MassSpectrum::default()
        }),
        provenance: Provenance::default(),
        other_fields: Vec::new(),
        place: RecordPlace::default(),
    }
}

/// A method with the given measure and no condition on the precursor.
fn open(name: &str, measure: &str) -> Method {
    let text = format!(
        "name = \"{name}\"\nversion = 1\ndescription = \"\"\ntechnique = \"tandem_mass_spectrometry\"\n\
         rival_margin = 0.1\n[prepare]\nsteps = [{{ step = \"merge_peaks\", tolerance = {{ da = 0.05 }} }}]\n\
         [measure]\n{measure}\ntolerance = {{ da = 0.02 }}\n[candidates]\n"
    );
    Method::from_toml(&text).unwrap()
}

fn measure(name: &str, searcher: &Searcher, kinds: &[(&str, &[Query])]) {
    for (kind, queries) in kinds {
        let mut times: Vec<f64> = Vec::new();
        for query in *queries {
            let start = Instant::now();
            std::hint::black_box(searcher.search(query, &SearchOptions::default()).unwrap());
            times.push(start.elapsed().as_secs_f64() * 1e3);
        }
        times.sort_by(f64::total_cmp);
        let mean = times.iter().sum::<f64>() / times.len() as f64;
        let (median, last) = (times[times.len() / 2], times[times.len() * 99 / 100]);
        println!("{name}, {kind}: mean {mean:.3}, median {median:.3}, p99 {last:.3} ms");
    }
}

fn main() {
    let mut arguments = std::env::args().skip(1).map(|text| text.parse::<usize>().unwrap());
    let entries = arguments.next().unwrap_or(100_000);
    let queries = arguments.next().unwrap_or(200);
    let exhaustive = arguments.next().unwrap_or(3);
    let mut random = Seeded::new(5);
    let compounds: Vec<Compound> = (0..entries.div_ceil(25)).map(|_| compound(&mut random)).collect();
    let records = (0..entries).map(|entry| copy(&compounds[entry / 25], &mut random)).collect();
    let known: Vec<Query> = (0..queries)
        .map(|query| Query::from_record(copy(&compounds[query * 97 % compounds.len()], &mut random)))
        .collect();
    let unknown: Vec<Query> = (0..queries)
        .map(|_| {
            let absent = compound(&mut random);
            Query::from_record(copy(&absent, &mut random))
        })
        .collect();
    drop(compounds);
    let library = Arc::new(Library::from_records("model", LibraryScope::Spectra, records).unwrap());
    let cosine = |kind: &str, more: &str| {
        open(kind, &format!("kind = \"{kind}\"\nmz_power = 0.0\nintensity_power = 0.5\n{more}"))
    };
    let methods = [
        Method::named("msms-entropy-open").unwrap(),
        cosine("cosine", "assignment = \"greedy\""),
        cosine("modified_cosine", "assignment = \"greedy\""),
        cosine("neutral_loss_cosine", ""),
    ];
    for method in methods {
        let kinds = [("known", &known[..]), ("unknown", &unknown[..])];
        let name = method.measure.first_name();
        let start = Instant::now();
        let searcher =
            Searcher::new(Arc::clone(&library), method, Arc::new(Executor::new(1).unwrap())).unwrap();
        println!("{name}: made in {:.2?}, index: {}", start.elapsed(), searcher.has_index());
        if !searcher.has_index() {
            continue;
        }
        measure(name, &searcher, &kinds);
        let asked = |queries: &[Query]| queries.iter().take(exhaustive).cloned().collect::<Vec<_>>();
        let few = [asked(&known), asked(&unknown)];
        let answers = |searcher: &Searcher| -> Vec<_> {
            let all = few.iter().flatten();
            all.map(|query| searcher.search(query, &SearchOptions::default()).unwrap()).collect()
        };
        let found = answers(&searcher);
        let searcher = searcher.without_index();
        assert!(found == answers(&searcher), "{name}: the index answers otherwise");
        measure(&format!("{name} without index"), &searcher, &[("known", &few[0]), ("unknown", &few[1])]);
    }
}
