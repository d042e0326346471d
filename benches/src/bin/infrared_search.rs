//! Probity's side of the infrared search in `benches/peers`: makes a library of `library.f32`, and times searches for the
//! curves of `known.f32` and `unknown.f32`, all written by `infrared library`. Prints one JSON object a line. The findings are
//! written to `findings-METHOD-SET.jsonl` in the folder, so that those of two versions can be compared.
//!
//! ```text
//! infrared_search FOLDER              by two methods that the other programs know too
//! infrared_search FOLDER METHOD...    by shipped methods; the library is not made anew if it is there
//! ```
#![allow(clippy::print_stdout, reason = "its output is what it is for")]

use std::error::Error;
use std::fs::File;
use std::io::{BufWriter, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use probity::curate::{Addition, NewLibrary, build, index};
use probity::finding::Finding;
use probity::format::{Provenance, Record, RecordPlace};
use probity::library::storage::Access;
use probity::library::{ChangeNote, LibraryFolder, StateSelector};
use probity::search::{Executor, Method, Query, SearchOptions, Searcher};
use probity::spectrum::{Axis, AxisUnit, Curve, CurveKind, Spectrum, ValueUnit};
use probity::substance::{Form, Identity};
use probity_benches::model::infrared::{FIRST_CM1, POINTS, STEP_CM1};
use rustix::time::{ClockId, clock_gettime};
use serde_json::json;

type Outcome<T> = Result<T, Box<dyn Error>>;

/// Without carbon dioxide left out, so that the other programs, which know no masks, compare the same points.
const CORRELATION: &str = r#"
name = "correlation"
version = 1
description = "The correlation of whole curves."
technique = "infrared"
rival_margin = 0.1
[prepare]
steps = [
    { step = "resample", grid = { first_cm1 = 400.0, last_cm1 = 3998.0, step_cm1 = 2.0 }, options = { method = "linear", low_pass = false } },
]
[measure]
kind = "infrared"
similarity = "correlation"
"#;

/// The same of first differences of smoothed curves.
fn derivative() -> String {
    let smoothing =
        r#"    { step = "savitzky_golay", window = 9, order = 2, derivative = 0, ends = "polynomial" },"#;
    CORRELATION
        .replace("low_pass = false } },", &format!("low_pass = false }} }},\n{smoothing}"))
        .replace("\"correlation\"", "\"first_derivative_correlation\"")
}

fn main() -> Outcome<()> {
    let mut arguments = std::env::args().skip(1);
    let folder = PathBuf::from(arguments.next().ok_or("infrared_search FOLDER [METHOD...]")?);
    let shipped: Vec<String> = arguments.collect();
    let executor = Arc::new(Executor::new(1)?);
    let library = LibraryFolder::at(&folder.join("library"));
    if shipped.is_empty() || !folder.join("library").exists() {
        let records = records(&folder.join("library.f32"))?;
        let cpu = cpu_ms();
        build(
            &library,
            NewLibrary::named("model"),
            Addition::from_records(records),
            ChangeNote::default(),
            &executor,
        )?;
        print("build library", &json!({"cpu_s": (cpu_ms() - cpu) / 1e3}));
    }
    let methods = match &shipped[..] {
        [] => [CORRELATION.to_owned(), derivative()].map(|text| Method::from_toml(&text)).into(),
        names => names.iter().map(|name| Method::named(name)).collect::<Vec<_>>(),
    };
    for method in methods {
        let method = method?;
        let cpu = cpu_ms();
        let indexed = index(&library, std::slice::from_ref(&method), &executor, &mut |_| ())?;
        print(
            "index",
            &json!({"method": method.name, "cpu_s": (cpu_ms() - cpu) / 1e3, "files": indexed.written}),
        );
        let start = Instant::now();
        let opened = Arc::new(library.open(&StateSelector::Latest, Access::Mapped)?);
        let searcher = Searcher::new(opened, method, Arc::clone(&executor))?;
        print("open", &json!({"method": searcher.method().name, "ms": start.elapsed().as_secs_f64() * 1e3}));
        for set in ["known", "unknown"] {
            search(&searcher, set, &records_of_queries(&folder, set)?, &folder)?;
        }
    }
    Ok(())
}

fn search(searcher: &Searcher, set: &str, queries: &[Query], folder: &Path) -> Outcome<()> {
    let options = SearchOptions::default();
    let findings = folder.join(format!("findings-{}-{set}.jsonl", searcher.method().name));
    let mut findings = BufWriter::new(File::create(findings)?);
    // Parts of the index are read when they are first asked for.
    if let Some(query) = queries.first() {
        searcher.search(query, &options)?;
    }
    for (number, query) in queries.iter().enumerate() {
        let cpu = cpu_ms();
        searcher.method().prepared_curve(&query.record)?;
        let prepared = cpu_ms();
        let list = searcher.search(query, &options)?;
        let searched = cpu_ms();
        let finding = Finding::of(searcher, query, &options)?;
        let explained = cpu_ms();
        writeln!(findings, "{}", serde_json::to_string(&finding)?)?;
        let hits: Vec<(u64, f64)> =
            list.hits.iter().map(|hit| (hit.entry_id.0 - 1, hit.first_measure())).collect();
        print(
            "search",
            &json!({
                "method": searcher.method().name, "set": set, "query": number, "cpu_ms": searched - prepared,
                "prepare_ms": prepared - cpu, "finding_ms": explained - searched, "scored": searcher.entries_scored(query, &options)?, "hits": hits,
            }),
        );
    }
    Ok(findings.flush()?)
}

fn records_of_queries(folder: &Path, set: &str) -> Outcome<Vec<Query>> {
    Ok(records(&folder.join(format!("{set}.f32")))?.into_iter().map(Query::from_record).collect())
}

/// The curves of a file.
fn records(path: &Path) -> Outcome<Vec<Record>> {
    let mut bytes = Vec::new();
    File::open(path)?.read_to_end(&mut bytes)?;
    let last = FIRST_CM1 + STEP_CM1 * (POINTS as f64 - 1.0);
    let record = |(number, curve): (usize, &[[u8; 4]])| -> Outcome<Record> {
        let values = curve.iter().map(|bytes| f64::from(f32::from_le_bytes(*bytes))).collect();
        let axis = (Axis::uniform(FIRST_CM1, last, POINTS)?, AxisUnit::Wavenumber);
        let curve = Curve::try_new(CurveKind::Spectrum, axis, (values, ValueUnit::Absorbance))?;
        Ok(Record {
            name: format!("curve {number}"),
            identity: Identity::default(),
            form: Form::default(),
            spectrum: Spectrum::Curve(curve),
            provenance: Provenance::default(),
            other_fields: Vec::new(),
            place: RecordPlace::default(),
        })
    };
    bytes.as_chunks::<4>().0.chunks(POINTS).enumerate().map(record).collect()
}

fn print(work: &str, value: &serde_json::Value) {
    let mut line = json!({"work": work});
    if let (Some(line), Some(value)) = (line.as_object_mut(), value.as_object()) {
        line.extend(value.clone());
    }
    println!("{line}");
}

/// CPU time of this thread so far, in ms.
fn cpu_ms() -> f64 {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    time.tv_sec as f64 * 1e3 + time.tv_nsec as f64 / 1e6
}
