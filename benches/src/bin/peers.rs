//! Probity's side of the side-by-side run in `benches/peers`: writes the seeded spectra for the other programs, and
//! times the same searches. Prints one JSON object a line.
//!
//! ```text
//! peers build KIND ENTRIES REPLICATES FOLDER   KIND is ei or msms
//! peers time  KIND ENTRIES REPLICATES FOLDER
//! peers again KIND ENTRIES REPLICATES FOLDER METHOD   one method, each query and a batch, to be timed beside another program
//! ```
//!
//! Spectra are written as `library`, `known` and `unknown` with the ending `.spectra`: little-endian, the number of
//! spectra and of peaks (u64 each), where each spectrum's peaks begin and the last end (u64), the precursors' m/z (f64; 0
//! for none), the m/z and the intensities of all peaks (f64).
#![allow(clippy::print_stdout, reason = "its output is what it is for")]

use std::error::Error;
use std::fs;
use std::io::{BufWriter, Write};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use probity::curate::{Addition, NewLibrary, build, index};
use probity::format::Record;
use probity::library::storage::Access;
use probity::library::{ChangeNote, LibraryFolder, StateSelector};
use probity::search::{Executor, HitList, Method, Query, SearchOptions, Searcher};
use probity_benches::model::{ElectronIonization, Model, ProductIons};
use rustix::time::{ClockId, clock_gettime};
use serde_json::{Value, json};

type Outcome<T> = Result<T, Box<dyn Error>>;

/// Queries of each set.
const QUERIES: usize = 200;

/// Queries of each set with which scoring every entry is timed.
const EXHAUSTIVE_QUERIES: usize = 20;

/// How often one thread and two are timed in turn: the least of each counts, since neighbours of the machine take one of two
/// processors more often than the only one.
const THREAD_ROUNDS: usize = 3;

/// What NIST Identity without NIST's relative probability is called in the figures.
const WITHOUT_PROBABILITY: &str = "nist-identity, no probability";

/// A side-by-side run: which model, how large, where.
struct Run {
    is_ei: bool,
    entries: usize,
    replicates: usize,
    folder: PathBuf,
}

fn main() -> Outcome<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [command, kind, entries, replicates, folder, rest @ ..] = &arguments[..] else {
        return Err("peers build|time|again ei|msms ENTRIES REPLICATES FOLDER [METHOD]".into());
    };
    let run = Run {
        is_ei: match kind.as_str() {
            "ei" => true,
            "msms" => false,
            _ => return Err(format!("{kind} is neither ei nor msms").into()),
        },
        entries: entries.parse()?,
        replicates: replicates.parse()?,
        folder: PathBuf::from(folder),
    };
    match (command.as_str(), rest) {
        ("build", []) => run.build(),
        ("time", []) => run.time(),
        ("again", [method]) => run.again(method),
        _ => Err(format!("{command} is none of build, time, and again with a method").into()),
    }
}

impl Run {
    fn model(&self) -> Box<dyn Model> {
        if self.is_ei {
            Box::new(ElectronIonization::of_compounds(1, self.entries.div_ceil(self.replicates.max(1))))
        } else {
            Box::new(ProductIons { seed: 1 })
        }
    }

    fn library(&self) -> LibraryFolder {
        LibraryFolder::at(&self.folder.join("library"))
    }

    fn queries(&self) -> [(&'static str, Vec<Record>); 2] {
        let model = self.model();
        [("known", model.known(self.entries, self.replicates, QUERIES)), ("unknown", model.unknown(QUERIES))]
    }

    /// The methods that are timed, and whether scoring every entry is timed too.
    fn methods(&self) -> Outcome<Vec<(Method, bool)>> {
        if !self.is_ei {
            let names =
                ["msms-entropy-open", "msms-entropy", "msms-entropy-neutral-loss", "msms-entropy-hybrid"];
            return names.map(|name| Ok((Method::named(name)?, false))).into_iter().collect();
        }
        let named = |name| -> Outcome<(Method, bool)> { Ok((Method::named(name)?, true)) };
        let mut methods = vec![named("ei-entropy")?];
        for name in ["ei-default", "ei-composite"] {
            methods.push((whole_range(name)?, true));
        }
        for name in ["ei-default", "ei-composite", "nist-simple", "nist-identity"] {
            methods.push(named(name)?);
        }
        Ok(methods)
    }

    fn build(&self) -> Outcome<()> {
        fs::create_dir_all(&self.folder)?;
        for (name, records) in self.queries() {
            write_spectra(&self.folder.join(format!("{name}.spectra")), &records)?;
        }
        let records = self.model().library(self.entries, self.replicates);
        write_spectra(&self.folder.join("library.spectra"), &records)?;
        let executor = Executor::new(1)?;
        let cpu = cpu_ms();
        let addition = Addition::from_records(records);
        build(&self.library(), NewLibrary::named("model"), addition, ChangeNote::default(), &executor)?;
        print(&json!({"work": "build library", "cpu_s": (cpu_ms() - cpu) / 1e3}));
        for (method, _) in self.methods()? {
            let cpu = cpu_ms();
            let indexed = index(&self.library(), std::slice::from_ref(&method), &executor, &mut |_| ())?;
            let name = &method.name;
            // Methods of one recipe and measure share a file.
            if indexed.written > 0 {
                let cpu_s = (cpu_ms() - cpu) / 1e3;
                print(&json!({"work": "index", "method": name, "cpu_s": cpu_s, "bytes": indexed.bytes}));
            }
        }
        Ok(())
    }

    fn searcher(&self, method: &Method, access: Access) -> Outcome<Searcher> {
        let library = Arc::new(self.library().open(&StateSelector::Latest, access)?);
        Ok(Searcher::new(library, method.clone(), Arc::new(Executor::new(1)?))?)
    }

    /// In memory and checked before, as the other programs' indexes are, and asked one query.
    fn warm_searcher(&self, method: &Method, queries: &[Record]) -> Outcome<Searcher> {
        let searcher = self.searcher(method, Access::Owned)?;
        search(&searcher, &queries[QUERIES - 1])?;
        Ok(searcher)
    }

    fn again(&self, name: &str) -> Outcome<()> {
        let sets = self.queries();
        let mut methods = self.methods()?.into_iter().map(|(method, _)| method);
        let method = methods.find(|method| method.name == name).ok_or("no such method is timed")?;
        let searcher = self.warm_searcher(&method, &sets[0].1)?;
        sets.iter().try_for_each(|(set, queries)| {
            time_queries(&searcher, name, set, queries)?;
            time_batch(&searcher, name, set, queries).map(|_| ())
        })
    }

    fn time(&self) -> Outcome<()> {
        let sets = self.queries();
        for (method, exhaustive) in self.methods()? {
            let name = method.name.clone();
            let (start, memory) = (Instant::now(), anonymous_mib()?);
            let searcher = self.searcher(&method, Access::Mapped)?;
            let open_ms = start.elapsed().as_secs_f64() * 1e3;
            for query in sets.iter().flat_map(|(_, queries)| queries) {
                search(&searcher, query)?;
            }
            let resident = anonymous_mib()? - memory;
            print(&json!({"work": "open", "method": name, "ms": open_ms, "anonymous_mib": resident}));
            drop(searcher);
            let searcher = self.warm_searcher(&method, &sets[0].1)?;
            for (set, queries) in &sets {
                time_queries(&searcher, &name, set, queries)?;
                if name == "nist-identity" {
                    for (number, query) in queries.iter().enumerate() {
                        let options = SearchOptions::default().relative_probability(false);
                        let (cpu_ms, list) = search_with(&searcher, query, &options)?;
                        print(&json!({
                            "work": "search", "method": WITHOUT_PROBABILITY, "set": set, "query": number, "cpu_ms": cpu_ms,
                            "hits": hits(&list),
                        }));
                    }
                }
                let batch = time_batch(&searcher, &name, set, queries)?;
                let mut least = [f64::INFINITY; 2];
                for _ in 0..THREAD_ROUNDS {
                    for (threads, least) in (1..).zip(&mut least) {
                        *least = least.min(wall_ms_on(&searcher, &batch, threads)? / batch.len() as f64);
                    }
                }
                for (threads, each) in (1..).zip(least) {
                    print(
                        &json!({"work": "threads", "method": name, "set": set, "threads": threads, "wall_ms": each}),
                    );
                }
            }
            if exhaustive {
                let searcher = searcher.without_index();
                for (set, queries) in &sets {
                    for (number, query) in queries.iter().take(EXHAUSTIVE_QUERIES).enumerate() {
                        let (cpu_ms, _) = search(&searcher, query)?;
                        print(&json!({
                            "work": "exhaustive", "method": name, "set": set, "query": number, "cpu_ms": cpu_ms,
                        }));
                    }
                }
            }
        }
        Ok(())
    }
}

/// A method without its common range, which other programs do not know.
fn whole_range(name: &str) -> Outcome<Method> {
    let mut method = serde_json::to_value(Method::named(name)?)?;
    method["measure"]["common_range"] = json!(false);
    method["name"] = json!(format!("{name}-whole-range"));
    Ok(serde_json::from_value(method)?)
}

fn time_queries(searcher: &Searcher, name: &str, set: &str, queries: &[Record]) -> Outcome<()> {
    for (number, query) in queries.iter().enumerate() {
        let (cpu_ms, list) = search(searcher, query)?;
        print(&json!({
            "work": "search", "method": name, "set": set, "query": number, "cpu_ms": cpu_ms, "hits": hits(&list),
        }));
    }
    Ok(())
}

/// Searches all queries in one call, and returns them.
fn time_batch(searcher: &Searcher, name: &str, set: &str, queries: &[Record]) -> Outcome<Vec<Query>> {
    let batch: Vec<Query> = queries.iter().cloned().map(Query::from_record).collect();
    let cpu = cpu_ms();
    let lists = searcher.search_many(&batch, &SearchOptions::default());
    let each = (cpu_ms() - cpu) / batch.len() as f64;
    assert!(lists.iter().all(Result::is_ok), "a query that was searched before");
    print(&json!({"work": "batch", "method": name, "set": set, "cpu_ms": each}));
    Ok(batch)
}

fn search(searcher: &Searcher, query: &Record) -> Outcome<(f64, HitList)> {
    search_with(searcher, query, &SearchOptions::default())
}

fn search_with(searcher: &Searcher, query: &Record, options: &SearchOptions) -> Outcome<(f64, HitList)> {
    let query = Query::from_record(query.clone());
    let cpu = cpu_ms();
    let list = searcher.search(&query, options)?;
    Ok((cpu_ms() - cpu, list))
}

/// How long a batch takes on some threads, in ms.
fn wall_ms_on(searcher: &Searcher, batch: &[Query], threads: usize) -> Outcome<f64> {
    let (executor, options) = (Executor::new(threads)?, SearchOptions::default());
    let start = Instant::now();
    let lists =
        searcher.search_many_watched(batch, &options, &executor, &mut |_| ControlFlow::Continue(()))?;
    let wall_ms = start.elapsed().as_secs_f64() * 1e3;
    assert!(lists.iter().all(Result::is_ok), "a query that was searched before");
    Ok(wall_ms)
}

/// Positions in the library, from 0, and scores.
fn hits(list: &HitList) -> Vec<Value> {
    list.hits.iter().map(|hit| json!([hit.entry_id.0 - 1, hit.first_measure()])).collect()
}

/// CPU time of this thread so far, in ms.
fn cpu_ms() -> f64 {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    time.tv_sec as f64 * 1e3 + time.tv_nsec as f64 / 1e6
}

/// Memory of the process that no file backs.
fn anonymous_mib() -> Outcome<f64> {
    let text = fs::read_to_string("/proc/self/status")?;
    let line = text.lines().find_map(|line| line.strip_prefix("RssAnon:")).ok_or("there is no RssAnon")?;
    let kib: f64 = line.trim().trim_end_matches(" kB").parse()?;
    Ok(kib / 1024.0)
}

fn write_spectra(path: &Path, records: &[Record]) -> Outcome<()> {
    let spectra: Vec<_> = records.iter().filter_map(|record| record.spectrum.as_mass()).collect();
    let mut file = BufWriter::new(fs::File::create(path)?);
    let peaks: usize = spectra.iter().map(|spectrum| spectrum.peaks.len()).sum();
    for number in [spectra.len(), peaks] {
        file.write_all(&(number as u64).to_le_bytes())?;
    }
    let mut end = 0_u64;
    file.write_all(&end.to_le_bytes())?;
    for spectrum in &spectra {
        end += spectrum.peaks.len() as u64;
        file.write_all(&end.to_le_bytes())?;
    }
    for spectrum in &spectra {
        file.write_all(&spectrum.acquisition.precursor_mz.unwrap_or(0.0).to_le_bytes())?;
    }
    for spectrum in &spectra {
        for mz in spectrum.peaks.mz() {
            file.write_all(&mz.to_le_bytes())?;
        }
    }
    for spectrum in &spectra {
        for intensity in spectrum.peaks.intensity() {
            file.write_all(&intensity.to_le_bytes())?;
        }
    }
    Ok(file.flush()?)
}

fn print(line: &Value) {
    println!("{line}");
}
