//! What is measured: the infrared verbs on curves of the model (`src/model/infrared.rs`), 1,800 points from 400 cm⁻¹ in steps
//! of 2 cm⁻¹. Baselines and smoothing: 64 curves in one call. Polynomial baselines, peaks and resampling: one curve, the
//! latter to a finer and to a wider grid. Measures: one pair. One thread.

use std::hint::black_box;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use probity::preprocess::ir::{
    BaselineOptions, BaselineWeights, PeakOptions, PolynomialBaselineOptions, ResampleGrid, ResampleMethod,
    ResampleOptions, SavitzkyGolayOptions, SnipOptions, baselines, fourier_resample, pick_peaks,
    polynomial_baseline, resample, rubber_band, savitzky_golay_of_many, snip,
};
use probity::similarity::infrared::{ComparedPoints, CurvePair, InfraredMeasure};
use probity_benches::model::Infrared;
use probity_benches::model::infrared::{FIRST_CM1, STEP_CM1};

const MODEL: Infrared = Infrared { seed: 1 };
const POINTS: usize = 1_800;
const CURVES: usize = 64;

fn axis() -> Vec<f64> {
    (0..POINTS).map(|point| FIRST_CM1 + STEP_CM1 * point as f64).collect()
}

fn many(criterion: &mut Criterion) {
    let curves: Vec<Vec<f64>> = (0..CURVES as u64).map(|compound| MODEL.curve(compound, 0, POINTS)).collect();
    let columns: Vec<&[f64]> = curves.iter().map(Vec::as_slice).collect();
    let mut group = criterion.benchmark_group("infrared of many");
    group.throughput(Throughput::Elements(CURVES as u64));
    for (name, weights, lambda) in [
        ("AsLS", BaselineWeights::Asymmetric { asymmetry: 0.01 }, 1e6),
        ("arPLS", BaselineWeights::AsymmetricallyReweighted, 1e5),
        ("airPLS", BaselineWeights::AdaptiveIterativelyReweighted, 1e5),
    ] {
        let options = BaselineOptions::default().weights(weights).lambda(lambda);
        group.bench_function(name, |bencher| {
            bencher.iter(|| baselines(black_box(&columns), &options).expect("curves of one length"));
        });
    }
    let mut derivative = SavitzkyGolayOptions::default();
    derivative.derivative = 1;
    group.bench_function("Savitzky-Golay", |bencher| {
        bencher.iter(|| savitzky_golay_of_many(black_box(&columns), &derivative).expect("good options"));
    });
    group.finish();
}

fn one(criterion: &mut Criterion) {
    let (axis, curve) = (axis(), MODEL.curve(0, 0, POINTS));
    let mut group = criterion.benchmark_group("infrared of one");
    for (name, options) in [
        ("ModPoly", PolynomialBaselineOptions::modified(5)),
        ("IModPoly", PolynomialBaselineOptions::improved(5)),
    ] {
        group.bench_function(name, |bencher| {
            bencher.iter(|| {
                polynomial_baseline(&axis, black_box(&curve), None, &options).expect("enough points")
            });
        });
    }
    group.bench_function("rubber band", |bencher| {
        bencher.iter(|| rubber_band(&axis, black_box(&curve)).expect("a rising axis"));
    });
    group.bench_function("SNIP", |bencher| {
        bencher.iter(|| snip(black_box(&curve), &SnipOptions::default()).expect("finite values"));
    });
    group.bench_function("peaks", |bencher| {
        bencher.iter(|| pick_peaks(&axis, black_box(&curve), None, &PeakOptions::default()).expect("finite"));
    });
    for step in [1.928, 4.0] {
        let grid = ResampleGrid::new(3_990.0, 650.0, step).axis().expect("a grid").points();
        for method in
            [ResampleMethod::Linear, ResampleMethod::Cubic, ResampleMethod::Pchip, ResampleMethod::Akima]
        {
            let options = ResampleOptions::default().method(method);
            group.bench_function(BenchmarkId::new(format!("resample {method:?}"), step), |bencher| {
                bencher
                    .iter(|| resample(&axis, black_box(&curve), None, &grid, &options).expect("both rise"));
            });
        }
    }
    group.bench_function("Fourier resample to 3,600", |bencher| {
        bencher.iter(|| fourier_resample(black_box(&curve), 2 * POINTS).expect("finite values"));
    });
    let other = MODEL.curve(1, 0, POINTS);
    let pair = CurvePair::try_new(&curve, &other, ComparedPoints::default()).expect("of one length");
    for measure in InfraredMeasure::ALL {
        group.bench_function(measure.description().name, |bencher| {
            bencher.iter(|| measure.compare(black_box(&pair)));
        });
    }
    group.finish();
}

criterion_group!(benches, many, one);
criterion_main!(benches);
