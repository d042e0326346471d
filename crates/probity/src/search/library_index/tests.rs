//! The bounds of unit mass against the reference scorers.

use super::test_support::{Prepared, next};
use super::*;
use crate::format::{Provenance, Record, RecordPlace};
use crate::search::Method;
use crate::spectrum::{Acquisition, MassSpectrum, PeakList, Spectrum};
use crate::substance::{Form, Identity};

/// Spectra of a few neighbouring m/z with traces and gaps, some nearly alike, some with a stated scan.
fn records(count: usize, state: &mut u64) -> Vec<Record> {
    let mut records: Vec<Record> = Vec::new();
    for number in 0..count {
        let mut mass = match number % 3 {
            0 => MassSpectrum::default(),
            _ => records[number - 1].spectrum.as_mass().cloned().unwrap_or_default(),
        };
        let (mut mz, mut intensity) = (Vec::new(), Vec::new());
        for place in 40..75 {
            let known = mass.peaks.iter().find(|peak| peak.mz == f64::from(place));
            let height = match (known, next(state) % 8) {
                (Some(peak), 0..=5) => (peak.intensity * (0.8 + (next(state) % 5) as f64 / 10.0)).max(1.0),
                (None, 0..=4) if number % 3 == 0 => {
                    [1.0, 1.0, 2.0, 30.0, 500.0, 999.0][next(state) as usize % 6]
                }
                (None, 0) => 1.0,
                _ => continue,
            };
            mz.push(f64::from(place));
            intensity.push(height);
        }
        mass.peaks = PeakList::try_new(mz, intensity).unwrap();
        let scan_range_mz = [None, None, Some((45.0, 70.0)), Some((35.0, 400.0))][next(state) as usize % 4];
        mass.acquisition = Acquisition { scan_range_mz, ..Acquisition::default() };
        records.push(Record {
            name: format!("{number}"),
            identity: Identity::default(),
            form: Form::default(),
            spectrum: Spectrum::Mass(mass),
            provenance: Provenance::default(),
            other_fields: Vec::new(),
            place: RecordPlace::default(),
        });
    }
    records
}

/// How many of the bounds and of the closer bounds, multiplied by a factor, are below what the reference scorer says.
fn too_low(method: &Method, factors: (f64, f64)) -> (usize, usize) {
    let mut state = 5;
    let executor = Executor::new(1).unwrap();
    let (mut low, mut compared) = (0, 0);
    for _ in 0..20 {
        let records = records(150, &mut state);
        let rows = Prepared::of(method, &records);
        let index = LibraryIndex::build(&method.measure, &rows, &executor, &mut Watched::by_nobody())
            .unwrap()
            .unwrap();
        for query in rows.0.iter().flatten().take(40) {
            let Some(asked) = index.row_query(&method.measure, query, &executor) else { continue };
            let mut bounds = index.bounds(&[&asked], &executor).unwrap().remove(0);
            // As they are at first, and refined.
            for _ in 0..2 {
                let mut first = 0;
                for part in &bounds {
                    for (block, &of_block) in part.blocks().iter().enumerate() {
                        part.for_each_row(block, f64::NEG_INFINITY, &mut |row, bound| {
                            let Some(library) = &rows.0[first + row] else { return };
                            let key = method.measure.rank_key(query, library).unwrap();
                            let value = key.map_or(0.0, |key| key.first);
                            compared += usize::from(value > 0.0);
                            let closer = part.closer(row, bound, 0.0).unwrap();
                            let is_low = |bound: f32| f64::from(bound) * factors.0 < value;
                            low += usize::from(is_low(bound) || is_low(of_block));
                            low += usize::from(f64::from(closer) * factors.1 < value);
                            assert!(closer <= bound, "{closer} {bound}");
                        });
                    }
                    first += part.rows();
                }
                for part in &mut bounds {
                    part.refine(f64::NEG_INFINITY);
                }
            }
        }
    }
    (low, compared)
}

/// The mutation test of the bounds of all unit-mass scores: lowered by a tenth, or the closer ones by a
/// hundredth, some are too low.
#[test]
fn bounds_are_never_below_the_reference_scorer() {
    for name in [
        "ei-default",
        "ei-composite",
        "ei-entropy",
        "nist-simple",
        "nist-identity",
        "nist-simple-reverse",
        "nist-identity-reverse",
    ] {
        let method = Method::named(name).unwrap();
        let (low, compared) = too_low(&method, (1.0, 1.0));
        assert_eq!(low, 0, "{name}");
        assert!(compared > 10_000, "{name}: {compared}");
        assert!(too_low(&method, (0.9, 1.0)).0 > 0, "{name}");
        assert!(too_low(&method, (1.0, 0.99)).0 > 100, "{name}");
    }
}
