//! Probity's side of the infrared run in `benches/peers`: writes the seeded curves for the other programs, does the same work
//! on them, and writes what it found. Prints one JSON object a line.
//!
//! ```text
//! infrared curves CURVES FOLDER          `curves.f64`, and what the verbs make of them: `asls.f64`, `arpls.f64`, `savgol.f64`
//! infrared library CURVES FOLDER         `library.f32`, and as queries `known.f32` and `unknown.f32`: centred, of length 1
//! ```
//!
//! Files are little-endian numbers without a header, 1,800 for each curve.
#![allow(clippy::print_stdout, reason = "its output is what it is for")]

use std::error::Error;
use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::Path;

use probity::preprocess::ir::{
    Baseline, BaselineOptions, BaselineWeights, SavitzkyGolayOptions, baselines, savitzky_golay_of_many,
};
use probity_benches::model::Infrared;
use probity_benches::model::infrared::POINTS;
use rustix::time::{ClockId, clock_gettime};
use serde_json::json;

type Outcome<T> = Result<T, Box<dyn Error>>;

const MODEL: Infrared = Infrared { seed: 1 };
/// Queries of each set: further replicates of compounds of the library, and compounds that it lacks.
const QUERIES: u64 = 200;
/// Each work is timed so often; the least counts, as for the other programs.
const TIMES: usize = 3;
/// Replicates that no library has have numbers from here on.
const QUERY_REPLICATE: u64 = 1 << 32;

fn main() -> Outcome<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [command, count, folder] = &arguments[..] else {
        return Err("infrared curves|library CURVES FOLDER".into());
    };
    let (count, folder) = (count.parse()?, Path::new(folder));
    fs::create_dir_all(folder)?;
    match command.as_str() {
        "curves" => verbs(count, folder),
        "library" => library(count, folder),
        _ => Err(format!("{command} is neither curves nor library").into()),
    }
}

/// Times the verbs on curves of as many compounds.
fn verbs(count: u64, folder: &Path) -> Outcome<()> {
    let curves: Vec<Vec<f64>> = (0..count).map(|compound| MODEL.curve(compound, 0, POINTS)).collect();
    write(&folder.join("curves.f64"), &curves)?;
    let columns: Vec<&[f64]> = curves.iter().map(Vec::as_slice).collect();
    let asls =
        BaselineOptions::default().weights(BaselineWeights::Asymmetric { asymmetry: 0.01 }).lambda(1e6);
    let arpls = BaselineOptions::default().weights(BaselineWeights::AsymmetricallyReweighted).lambda(1e5);
    for (work, options) in [("asls", asls), ("arpls", arpls)] {
        let (found, cpu_ms) = timed(|| baselines(&columns, &options))?;
        let found: Vec<Baseline> = found.into_iter().collect::<Result<_, _>>()?;
        let passes: Vec<usize> = found.iter().map(|baseline| baseline.passes).collect();
        let values: Vec<Vec<f64>> = found.into_iter().map(|baseline| baseline.values).collect();
        write(&folder.join(format!("{work}.f64")), &values)?;
        println!("{}", json!({"work": work, "cpu_us": cpu_ms * 1e3 / count as f64, "passes": passes}));
    }
    let mut derivative = SavitzkyGolayOptions::default();
    (derivative.window, derivative.order, derivative.derivative) = (11, 3, 1);
    let (found, cpu_ms) = timed(|| savitzky_golay_of_many(&columns, &derivative))?;
    let found: Vec<Vec<f64>> = found.into_iter().collect::<Result<_, _>>()?;
    write(&folder.join("savgol.f64"), &found)?;
    println!("{}", json!({"work": "savgol", "cpu_us": cpu_ms * 1e3 / count as f64}));
    Ok(())
}

/// Writes a library of one replicate of each compound, and queries, as the correlation takes them.
fn library(count: u64, folder: &Path) -> Outcome<()> {
    let compared = |compound: u64, replicate: u64| {
        let curve = MODEL.curve(compound, replicate, POINTS);
        let mean = curve.iter().sum::<f64>() / POINTS as f64;
        let length = curve.iter().map(|value| (value - mean) * (value - mean)).sum::<f64>().sqrt();
        // Single precision is what the other program computes with.
        curve.iter().map(move |value| ((value - mean) / length) as f32).collect::<Vec<f32>>()
    };
    let mut file = BufWriter::new(File::create(folder.join("library.f32"))?);
    for compound in 0..count {
        for value in compared(compound, 0) {
            file.write_all(&value.to_le_bytes())?;
        }
    }
    file.flush()?;
    // Known compounds are taken from all over the library.
    let known = (0..QUERIES).map(|query| query * 7_919 % count.max(1)).collect::<Vec<_>>();
    let unknown = (0..QUERIES).map(|query| count + query).collect::<Vec<_>>();
    for (set, compounds) in [("known", known), ("unknown", unknown)] {
        let mut file = BufWriter::new(File::create(folder.join(format!("{set}.f32")))?);
        for (query, compound) in (0..).zip(compounds) {
            for value in compared(compound, QUERY_REPLICATE + query) {
                file.write_all(&value.to_le_bytes())?;
            }
        }
        file.flush()?;
    }
    println!("{}", json!({"work": "write library", "curves": count, "points": POINTS, "queries": QUERIES}));
    Ok(())
}

/// The least CPU time in ms of some times, after one for warming up.
fn timed<T, E>(mut work: impl FnMut() -> Result<T, E>) -> Result<(T, f64), E> {
    let mut result = work()?;
    let mut least = f64::INFINITY;
    for _ in 0..TIMES {
        let start = cpu_ms();
        result = work()?;
        least = least.min(cpu_ms() - start);
    }
    Ok((result, least))
}

/// CPU time of this thread so far, in ms.
fn cpu_ms() -> f64 {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    time.tv_sec as f64 * 1e3 + time.tv_nsec as f64 / 1e6
}

fn write(path: &Path, curves: &[Vec<f64>]) -> Outcome<()> {
    let mut file = BufWriter::new(File::create(path)?);
    for value in curves.iter().flatten() {
        file.write_all(&value.to_le_bytes())?;
    }
    Ok(file.flush()?)
}
