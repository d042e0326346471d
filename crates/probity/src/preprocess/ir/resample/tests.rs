use std::f64::consts::PI;

use proptest::prelude::*;

use super::super::golden::{Case, cases};
use super::*;
use crate::math::{cos, exp, sin};
use crate::spectrum::{CurveKind, ValueUnit};

fn plain(method: ResampleMethod) -> ResampleOptions {
    ResampleOptions { method, low_pass: false }
}

const METHODS: [ResampleMethod; 4] =
    [ResampleMethod::Linear, ResampleMethod::Cubic, ResampleMethod::Pchip, ResampleMethod::Akima];

fn method(case: &Case) -> Option<ResampleMethod> {
    match case.word("method") {
        "linear" => Some(ResampleMethod::Linear),
        "cubic_not_a_knot" => Some(ResampleMethod::Cubic),
        "pchip" => Some(ResampleMethod::Pchip),
        "akima" => Some(ResampleMethod::Akima),
        // Not offered: without curvature at the ends, which bands do not know; and a second Akima.
        "cubic_natural" | "makima" => None,
        // `fourier_resample` has its own test.
        "fft" => None,
        other => panic!("{other}"),
    }
}

#[test]
fn golden_up_and_down() {
    let mut seen = 0;
    for case in cases("resample") {
        let Some(method) = method(&case) else { continue };
        let (x, y, new) = (case.column("x"), case.column("y"), case.column("x_new"));
        let got = resample(&x, &y, None, &new, &plain(method)).unwrap();
        // "NaN" stands where nothing is to be extrapolated.
        let expected = case.expected["y"].as_array().unwrap();
        assert_eq!(got.measured, expected.iter().map(serde_json::Value::is_number).collect::<Vec<_>>());
        let known: Vec<f64> = expected.iter().filter_map(serde_json::Value::as_f64).collect();
        case.assert_close(&measured_only(&got), &known);
        // Falling axes give the same bits.
        let turned = |column: &[f64]| column.iter().rev().copied().collect::<Vec<f64>>();
        for (x, y) in [(x.clone(), y.clone()), (turned(&x), turned(&y))] {
            assert_eq!(resample(&x, &y, None, &new, &plain(method)).unwrap(), got);
            let back = resample(&x, &y, None, &turned(&new), &plain(method)).unwrap();
            assert_eq!(turned(&back.values), got.values);
        }
        seen += 1;
    }
    assert_eq!(seen, 12);
}

fn measured_only(new: &Resampled) -> Vec<f64> {
    let pairs = new.values.iter().zip(&new.measured);
    pairs.filter(|(_, measured)| **measured).map(|(value, _)| *value).collect()
}

#[test]
fn missing_points_stay_missing_and_neither_side_reads_across() {
    let x: Vec<f64> = (0..8).map(|i| f64::from(i) * 2.0).collect();
    let mut y: Vec<f64> = x.iter().map(|x| 3.0 - x).collect();
    y[3] = f64::NAN;
    let measured: Vec<bool> = (0..8).map(|i| i != 3).collect();
    let new: Vec<f64> = (-1..=15).map(f64::from).collect();
    for method in METHODS {
        let got = resample(&x, &y, Some(&measured), &new, &plain(method)).unwrap();
        for (place, (value, known)) in new.iter().zip(got.values.iter().zip(&got.measured)) {
            let inside = (0.0..=4.0).contains(place) || (8.0..=14.0).contains(place);
            assert_eq!(*known, inside, "{place}");
            assert!((value - if inside { 3.0 - place } else { 0.0 }).abs() < 1e-12);
        }
    }
    // A point by itself serves where it lies.
    let alone = resample(
        &x,
        &y,
        Some(&[false, true, false, false, false, false, false, false]),
        &new,
        &plain(ResampleMethod::Cubic),
    )
    .unwrap();
    assert_eq!((measured_only(&alone), alone.measured[3]), (vec![1.0], true));
    let none = resample(&x, &y, Some(&[false; 8]), &new, &ResampleOptions::default()).unwrap();
    assert!(none.measured.iter().all(|measured| !measured));
}

#[test]
fn without_the_filter_a_sharp_wave_comes_back_as_another() {
    // 0.9 of what 1 cm⁻¹ can show, taken every 2 cm⁻¹, looks like 0.2 of what that can show.
    let old: Vec<f64> = (0..=400).map(f64::from).collect();
    let wave: Vec<f64> = old.iter().map(|x| cos(PI * 0.9 * x)).collect();
    let new: Vec<f64> = (20..=180).map(|i| 2.0 * f64::from(i)).collect();
    let highest = |options: &ResampleOptions| {
        let got = resample(&old, &wave, None, &new, options).unwrap();
        got.values.iter().map(|value| value.abs()).fold(0.0, f64::max)
    };
    for method in METHODS {
        assert!(highest(&plain(method)) > 0.99);
        assert!(highest(&ResampleOptions::default().method(method)) < 0.01);
    }
}

#[test]
fn a_band_that_the_new_points_can_show_is_kept() {
    // A Gaussian 12 cm⁻¹ wide at half its height, from 1.3 to 4 cm⁻¹.
    let band = |x: f64| {
        let at = (x - 1_012.0) / 12.0;
        exp(-4.0 * std::f64::consts::LN_2 * at * at)
    };
    let old: Vec<f64> = (0..300).map(|i| 1_200.0 - 1.3 * f64::from(i)).collect();
    let values: Vec<f64> = old.iter().map(|&x| band(x)).collect();
    let axis = ResampleGrid::new(1_100.0, 900.0, 4.0).axis().unwrap().points();
    let got = resample(&old, &values, None, &axis, &ResampleOptions::default()).unwrap();
    assert!(got.values.iter().zip(&axis).all(|(got, &x)| (got - band(x)).abs() < 4e-3));
    assert!(got.measured.iter().all(|measured| *measured));
}

#[test]
fn a_curve_keeps_all_but_its_points() {
    let axis = Axis::uniform(1_000.0, 900.0, 51).unwrap();
    let values: Vec<f64> = axis.points().iter().map(|x| sin(x / 30.0)).collect();
    let curve = |unit: AxisUnit| {
        let values = (values.clone(), ValueUnit::Absorbance);
        Curve::try_new(CurveKind::Spectrum, (axis.clone(), unit), values)
            .unwrap()
            .missing(vec![0, 25])
            .unwrap()
    };
    let grid = ResampleGrid::new(1_004.0, 896.0, 1.0);
    let got = Resample::onto(grid).apply(&curve(AxisUnit::Wavenumber)).unwrap();
    let missing: Vec<usize> = (0..=5).chain(53..=55).chain(105..=108).collect();
    assert_eq!(got.missing_points(), missing);
    assert_eq!((got.axis(), got.value_unit()), (&grid.axis().unwrap(), &ValueUnit::Absorbance));
    assert!((got.values()[20] - sin(984.0 / 30.0)).abs() < 1e-5);
    let error = Resample::onto(grid).apply(&curve(AxisUnit::Micrometre)).unwrap_err();
    assert_eq!(error.to_string(), "the axis of the curve is wavelength (um), not in cm⁻¹");
    // On its own axis nothing changes.
    let own = resample_curve(&curve(AxisUnit::Nanometre), axis.clone(), &ResampleOptions::default()).unwrap();
    assert_eq!(own, curve(AxisUnit::Nanometre));
}

#[test]
fn what_cannot_be_resampled_is_an_error_and_nothing_is_nothing() {
    let default = ResampleOptions::default();
    let (x, y) = ([1.0, 2.0, 4.0], [0.0, 1.0, 0.0]);
    assert!(resample(&x, &y[..2], None, &x, &default).is_err());
    assert!(resample(&x, &[0.0, f64::NAN, 0.0], None, &x, &default).is_err());
    assert!(resample(&x, &y, Some(&[true]), &x, &default).is_err());
    for wrong in [&[1.0, 1.0][..], &[1.0, 3.0, 2.0], &[f64::NAN]] {
        assert!(resample(&x, &y, None, wrong, &default).is_err());
        assert!(resample(wrong, &y[..wrong.len()], None, &x, &default).is_err());
    }
    // Far too wide.
    assert!(resample(&[1.0, 2.0, 3.0], &y, None, &[0.0, 101.0], &default).is_err());
    assert!(resample(&x, &[1e308, -1e308, 1e308], None, &[1.5], &default).is_err());
    assert_eq!(resample(&[], &[], None, &x, &default).unwrap().measured, [false; 3]);
    assert_eq!(resample(&x, &y, None, &[], &default).unwrap().values, Vec::<f64>::new());
    let one = resample(&[2.0], &[5.0], None, &x, &default).unwrap();
    assert_eq!((one.values, one.measured), (vec![0.0, 5.0, 0.0], vec![false, true, false]));
}

/// Points at equal distances in wavelength, and a slow wave over the wavenumbers.
#[test]
fn an_uneven_axis_is_filtered_too() {
    let wave = |x: f64| cos(x / 150.0);
    let axis: Vec<f64> = (0..2_000).map(|point| 1e4 / (2.5 + 0.005 * f64::from(point))).collect();
    let values: Vec<f64> = axis.iter().map(|&x| wave(x)).collect();
    let new_axis: Vec<f64> = (0..300).map(|point| 820.0 + 10.0 * f64::from(point)).collect();
    let new = resample(&axis, &values, None, &new_axis, &ResampleOptions::default()).unwrap();
    for ((x, value), measured) in new_axis.iter().zip(&new.values).zip(&new.measured) {
        assert!(*measured && (value - wave(*x)).abs() < 0.01, "{value} at {x}");
    }
}

proptest! {
    #[test]
    fn the_old_points_keep_their_values(
        widths in prop::collection::vec(0.5..2.0_f64, 1..30),
        seed in prop::collection::vec(-1.0..1.0_f64, 31),
        gap in 0_usize..31,
    ) {
        let mut x = vec![400.0];
        widths.iter().for_each(|width| x.push(x[x.len() - 1] + width));
        let y = &seed[..x.len()];
        let measured: Vec<bool> = (0..x.len()).map(|point| point != gap).collect();
        for method in METHODS {
            let got = resample(&x, y, Some(&measured), &x, &plain(method)).unwrap();
            prop_assert_eq!(&got.measured, &measured);
            for point in (0..x.len()).filter(|&point| measured[point]) {
                prop_assert_eq!(got.values[point], y[point]);
            }
        }
    }
}
