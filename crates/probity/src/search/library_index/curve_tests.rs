//! The index of infrared spectra against the reference scorer.

use std::sync::Arc;

use super::test_support::{Prepared, fraction};
use super::*;
use crate::format::{Provenance, Record, RecordPlace};
use crate::library::{Library, LibraryScope};
use crate::search::{Method, Query, SearchOptions, Searcher};
use crate::spectrum::{Axis, AxisUnit, Curve, CurveKind, Spectrum, ValueUnit};
use crate::substance::{Form, Identity};

fn record(number: usize, (low, high): (f64, f64), values: Vec<f64>, missing: Vec<usize>) -> Record {
    let axis = Axis::uniform(low, high, values.len()).unwrap();
    let units = (AxisUnit::Wavenumber, ValueUnit::Absorbance);
    let curve = Curve::try_new(CurveKind::Spectrum, (axis, units.0), (values, units.1)).unwrap();
    Record {
        name: format!("curve {number}"),
        identity: Identity::default(),
        form: Form::default(),
        spectrum: Spectrum::Curve(curve.missing(missing).unwrap()),
        provenance: Provenance::default(),
        other_fields: Vec::new(),
        place: RecordPlace::default(),
    }
}

/// Spectra in families, on several ranges, some with gaps; among them copies, lines, zeros, a mere offset, and large
/// offsets.
fn records(count: usize, state: &mut u64) -> Vec<Record> {
    let ranges = [(400.0, 4_000.0), (650.0, 4_000.0), (550.0, 3_846.0), (4_000.0, 400.0), (1_000.0, 1_700.0)];
    let mut bands: Vec<(f64, f64, f64)> = Vec::new();
    let mut records = Vec::new();
    for number in 0..count {
        if number % 4 == 0 {
            let some = 1 + (fraction(state) * 12.0) as usize;
            bands = (0..some)
                .map(|_| (400.0 + 3_600.0 * fraction(state), 4.0 + 60.0 * fraction(state), fraction(state)))
                .collect();
        }
        let range = ranges[(fraction(state) * ranges.len() as f64) as usize];
        let points = [301, 451, 901][(fraction(state) * 3.0) as usize];
        let noise = [0.0, 1e-4, 0.02][(fraction(state) * 3.0) as usize];
        let (offset, slope) = match number % 23 {
            3 => (2e4, 0.0),
            5 => (0.0, 1.0),
            _ => (fraction(state), 0.2 * fraction(state)),
        };
        let value = |point: usize, state: &mut u64| {
            let x = range.0 + (range.1 - range.0) * point as f64 / (points as f64 - 1.0);
            let band = |&(centre, width, height): &(f64, f64, f64)| {
                let distance = (x - centre) / width;
                height / (1.0 + distance * distance)
            };
            let shown: f64 = bands.iter().map(band).sum();
            offset + slope * x / 4_000.0 + shown + noise * (fraction(state) - 0.5)
        };
        let mut values: Vec<f64> = (0..points).map(|point| value(point, state)).collect();
        match number % 19 {
            7 => values.fill(0.0),
            11 => values.fill(0.3),
            _ => {}
        }
        let missing = if fraction(state) < 0.2 {
            (100..100 + (fraction(state) * 90.0) as usize).collect()
        } else {
            vec![]
        };
        records.push(record(number, range, values, missing));
        if number % 13 == 0 {
            let copy = records[number / 2].clone();
            records.push(copy);
        }
    }
    records
}

/// The shipped methods and others with each measure that has an index, with regions and without.
fn methods() -> Vec<Method> {
    let derivative = include_str!("../../../methods/ir-default.toml");
    let mut methods = Vec::new();
    for (number, similarity) in
        ["first_derivative_correlation", "correlation", "cosine", "squared_first_difference_cosine"]
            .iter()
            .enumerate()
    {
        for regions in [
            "",
            "regions = [{ low_cm1 = 700.0, high_cm1 = 1800.0, weight = 3.0 }, { low_cm1 = 2700.0, high_cm1 = 3200.0, weight = 0.5 }, { low_cm1 = 1000.0, high_cm1 = 1010.0, weight = 0.0 }]",
        ] {
            let text = derivative
                .replace(
                    "similarity = \"first_derivative_correlation\"",
                    &format!("similarity = \"{similarity}\"\n{regions}"),
                )
                .replace("ir-default", &format!("ir-{number}-{}", regions.len()))
                // Few points in common are where bounds are hard.
                .replace("minimum_common_range = 0.5", "minimum_common_range = 0.0");
            methods.push(Method::from_toml(&text).unwrap());
        }
    }
    methods
}

/// How many of the bounds, multiplied by a factor, are below what the reference scorer says, of how many.
fn too_low(method: &Method, factor: f64) -> (usize, usize) {
    let (mut state, executor) = (7, Executor::new(1).unwrap());
    let records = records(240, &mut state);
    let rows = Prepared::of(method, &records);
    let index =
        LibraryIndex::build(&method.measure, &rows, &executor, &mut Watched::by_nobody()).unwrap().unwrap();
    let (mut low, mut compared) = (0, 0);
    for query in rows.0.iter().flatten().step_by(5) {
        let asked = index.row_query(&method.measure, query, &executor).unwrap();
        let bounds = index.bounds(&[&asked], &executor).unwrap().remove(0);
        for part in &bounds {
            for (block, &of_block) in part.blocks().iter().enumerate() {
                part.for_each_row(block, f64::NEG_INFINITY, &mut |row, bound| {
                    let Some(library) = &rows.0[row] else { return };
                    let key = method.measure.rank_key(query, library).unwrap();
                    let value = key.map_or(0.0, |key| key.first);
                    compared += usize::from(value > 0.0 && bound.is_finite());
                    let closer = part.closer(row, bound, 0.0).unwrap();
                    low +=
                        usize::from(f64::from(closer) * factor < value || of_block < bound || bound < closer);
                });
            }
        }
    }
    (low, compared)
}

/// The mutation test of the bounds: lowered by a thousandth, some are too low.
#[test]
fn bounds_are_never_below_the_reference_scorer() {
    for method in methods() {
        let (low, compared) = too_low(&method, 1.0);
        assert_eq!(low, 0, "{}", method.name);
        assert!(compared > 2_000, "{}: {compared}", method.name);
        assert!(too_low(&method, 0.999).0 > 0, "{}", method.name);
    }
}

#[test]
fn hits_are_those_without_the_index_for_any_number_of_threads() {
    let mut state = 21;
    let records = records(200, &mut state);
    let queries: Vec<Query> = records.iter().step_by(17).cloned().map(Query::from_record).collect();
    let library = Arc::new(Library::from_records("curves", LibraryScope::Spectra, records).unwrap());
    for method in methods() {
        let searcher = |executor: Executor| {
            Searcher::new(Arc::clone(&library), method.clone(), Arc::new(executor)).unwrap()
        };
        let reference = searcher(Executor::new(1).unwrap()).without_index();
        let indexed = [
            searcher(Executor::new(1).unwrap()),
            searcher(Executor::new(2).unwrap()),
            searcher(Executor::new(8).unwrap().portable()),
        ];
        for top in [5, 1_000] {
            let options = SearchOptions::default().top(top);
            for query in &queries {
                let expected = reference.search(query, &options).unwrap();
                for searcher in &indexed {
                    assert!(searcher.has_index());
                    assert_eq!(searcher.search(query, &options).unwrap(), expected, "{}", method.name);
                }
            }
            let many: Vec<_> =
                indexed[1].search_many(&queries, &options).into_iter().map(Result::unwrap).collect();
            let alone: Vec<_> =
                queries.iter().map(|query| reference.search(query, &options).unwrap()).collect();
            assert_eq!(many, alone, "{}", method.name);
        }
    }
}
