//! Laws that hold for all measures, and a competitor's default match.

use proptest::prelude::*;

use super::golden::{cases, floats, pair_of};
use super::measure::InfraredMeasure::{
    self, Cosine, EuclideanDistance, FirstDerivativeCorrelation, SpectralAngle,
};
use super::*;

/// Curves with some hills, so that no measure is undefined.
fn any_curves(count: usize) -> impl Strategy<Value = Vec<Vec<f64>>> {
    let curve = |points| proptest::collection::vec(0.0..2.0_f64, points);
    (4_usize..40).prop_flat_map(move |points| proptest::collection::vec(curve(points), count))
}

fn close(a: Option<f64>, b: Option<f64>) -> bool {
    match (a, b) {
        (Some(a), Some(b)) => (a - b).abs() <= 1e-9,
        (a, b) => a == b,
    }
}

fn changed(curve: &[f64], change: impl Fn(usize, f64) -> f64) -> Vec<f64> {
    curve.iter().enumerate().map(|(i, &x)| change(i, x)).collect()
}

proptest! {
    #[test]
    fn measures_are_symmetric_and_in_range(curves in any_curves(2)) {
        for measure in InfraredMeasure::ALL {
            let there = measure.compare(&pair_of(&curves[0], &curves[1]));
            let back = measure.compare(&pair_of(&curves[1], &curves[0]));
            prop_assert_eq!(there.map(f64::to_bits), back.map(f64::to_bits), "{:?}", measure);
            let (about, value) = (measure.description(), there.unwrap());
            prop_assert!((about.lowest..=about.highest).contains(&value), "{:?}: {}", measure, value);
        }
    }

    #[test]
    fn a_curve_compared_with_itself_has_the_best_value(curves in any_curves(2)) {
        for measure in InfraredMeasure::ALL {
            let about = measure.description();
            let own = measure.compare(&pair_of(&curves[0], &curves[0])).unwrap();
            prop_assert!((own - about.best()).abs() < 1e-12, "{:?}: {}", measure, own);
            let other = measure.compare(&pair_of(&curves[0], &curves[1])).unwrap();
            prop_assert!(!about.is_better(other, own) || (other - own).abs() < 1e-12);
        }
    }

    #[test]
    fn scale_never_matters_and_offset_only_where_it_is_said(
        curves in any_curves(2), scale in 1e-3..1e3_f64, offset in -1.0..1.0_f64, slope in -0.1..0.1_f64,
    ) {
        let pair = pair_of(&curves[0], &curves[1]);
        for measure in InfraredMeasure::ALL {
            let scaled = changed(&curves[0], |_, x| scale * x);
            prop_assert!(close(measure.compare(&pair), measure.compare(&pair_of(&scaled, &curves[1]))));
            if ![Cosine, EuclideanDistance, SpectralAngle].contains(&measure) {
                let moved = changed(&curves[0], |_, x| scale * x + offset);
                prop_assert!(close(measure.compare(&pair), measure.compare(&pair_of(&moved, &curves[1]))));
            }
        }
        let tilted = changed(&curves[0], |i, x| x + offset + slope * i as f64);
        let (before, after) = (pair, pair_of(&tilted, &curves[1]));
        prop_assert!(close(FirstDerivativeCorrelation.compare(&before), FirstDerivativeCorrelation.compare(&after)));
    }

    #[test]
    fn points_that_are_left_out_never_matter(
        curves in any_curves(3), left_out in proptest::collection::vec(any::<bool>(), 40),
    ) {
        let mask: Vec<bool> = left_out[..curves[0].len()].iter().map(|out| !out).collect();
        let weights: Vec<f64> = mask.iter().map(|&compared| f64::from(u8::from(compared))).collect();
        let spoiled = |curve: &[f64], other: &[f64]| changed(curve, |i, x| if mask[i] { x } else { 99.0 * other[i] });
        let (first, second) = (spoiled(&curves[0], &curves[2]), spoiled(&curves[1], &curves[2]));
        let masked = ComparedPoints { mask: Some(&mask), weights: None };
        let unweighted = ComparedPoints { mask: None, weights: Some(&weights) };
        for measure in InfraredMeasure::ALL {
            let of = |first, second, points| {
                measure.compare(&CurvePair::try_new(first, second, points).unwrap()).map(f64::to_bits)
            };
            let plain = of(&curves[0], &curves[1], masked);
            prop_assert_eq!(plain, of(&first, &second, masked), "{:?}", measure);
            prop_assert_eq!(plain, of(&curves[0], &curves[1], unweighted), "{:?}", measure);
        }
    }

    #[test]
    fn points_left_out_at_the_ends_are_as_if_they_were_not_there(
        curves in any_curves(2), before in 0_usize..10, behind in 0_usize..10,
    ) {
        let points = curves[0].len();
        let (low, high) = (before.min(points), points.saturating_sub(behind).max(before.min(points)));
        let mask: Vec<bool> = (0..points).map(|i| (low..high).contains(&i)).collect();
        let masked = ComparedPoints { mask: Some(&mask), weights: None };
        for measure in InfraredMeasure::ALL {
            let cut = measure.compare(&pair_of(&curves[0][low..high], &curves[1][low..high]));
            let pair = CurvePair::try_new(&curves[0], &curves[1], masked).unwrap();
            prop_assert_eq!(cut.map(f64::to_bits), measure.compare(&pair).map(f64::to_bits), "{:?}", measure);
        }
    }

    #[test]
    fn only_the_proportions_of_weights_matter(
        curves in any_curves(2), weights in proptest::collection::vec(0.1..9.0_f64, 40), scale in 1e-200..1e200_f64,
    ) {
        let weights = &weights[..curves[0].len()];
        let scaled: Vec<f64> = weights.iter().map(|w| w * scale).collect();
        for measure in InfraredMeasure::ALL {
            let of = |weights| {
                let points = ComparedPoints { mask: None, weights: Some(weights) };
                measure.compare(&CurvePair::try_new(&curves[0], &curves[1], points).unwrap())
            };
            prop_assert!(close(of(weights), of(&scaled)), "{:?}", measure);
        }
    }
}

#[test]
fn a_pair_that_shows_nothing_is_not_comparable() {
    let (hill, flat) = ([0.0, 1.0, 0.0], [0.1; 3]);
    for measure in InfraredMeasure::ALL {
        assert_eq!(measure.compare(&pair_of(&[], &[])), None, "{measure:?}");
        let nowhere = ComparedPoints { mask: Some(&[false; 3]), weights: None };
        assert_eq!(measure.compare(&CurvePair::try_new(&hill, &hill, nowhere).unwrap()), None, "{measure:?}");
        assert_eq!(measure.compare(&pair_of(&hill, &[0.0; 3])), None, "{measure:?}");
        let constant = measure.compare(&pair_of(&hill, &flat));
        assert_eq!(
            constant.is_none(),
            ![Cosine, EuclideanDistance, SpectralAngle].contains(&measure),
            "{measure:?}"
        );
    }
}

#[test]
fn names_and_descriptions_are_distinct() {
    let mut names: Vec<&str> = InfraredMeasure::ALL.iter().map(|m| m.description().name).collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), InfraredMeasure::ALL.len());
}

/// Linear interpolation on an ascending axis.
fn interpolate(x: &[f64], y: &[f64], at: f64) -> f64 {
    let right = x.partition_point(|&x| x < at).clamp(1, x.len() - 1);
    let share = (at - x[right - 1]) / (x[right] - x[right - 1]);
    y[right - 1] + share * (y[right] - y[right - 1])
}

/// The derivative of the cubic that fits 11 points best, at position `t` of −5 to 5, from orthogonal
/// polynomials.
fn cubic_derivative(window: &[f64], t: f64) -> f64 {
    let polynomials: [fn(f64) -> f64; 4] = [|_| 1.0, |t| t, |t| t * t - 10.0, |t| t * t * t - 17.8 * t];
    let slopes = [0.0, 1.0, 2.0 * t, 3.0 * t * t - 17.8];
    let fit = |polynomial: &fn(f64) -> f64| {
        let at = |i: usize| polynomial(i as f64 - 5.0);
        let product: f64 = window.iter().enumerate().map(|(i, y)| y * at(i)).sum();
        product / (0..11).map(|i| at(i) * at(i)).sum::<f64>()
    };
    polynomials.iter().zip(slopes).map(|(polynomial, slope)| fit(polynomial) * slope).sum()
}

/// OpenSpecy's default preparation, restated: a grid of 5 cm⁻¹, the first derivative's size, 0 to 1.
fn openspecy_default(x: &[f64], y: &[f64], grid: &[f64]) -> Vec<f64> {
    let y: Vec<f64> = grid.iter().map(|&at| interpolate(x, y, at)).collect();
    let derivative = |i: usize| {
        let start = i.saturating_sub(5).min(y.len() - 11);
        cubic_derivative(&y[start..start + 11], i as f64 - start as f64 - 5.0).abs()
    };
    let sizes: Vec<f64> = (0..y.len()).map(derivative).collect();
    let low = sizes.iter().copied().fold(f64::INFINITY, f64::min);
    let high = sizes.iter().copied().fold(0.0, f64::max);
    sizes.iter().map(|size| (size - low) / (high - low)).collect()
}

#[test]
fn openspecys_default_match_is_the_correlation_of_sizes_of_derivatives() {
    for case in cases("openspecy_default_match") {
        let (x, grid) = (case.column("x"), floats(&case.expected["grid"]));
        let query = openspecy_default(&x, &case.column("query"), &grid);
        case.assert_column(&query, &case.expected["processed_query"]);
        let library = case.rows("library");
        let correlations: Vec<f64> = library
            .iter()
            .map(|entry| openspecy_default(&x, entry, &grid))
            .map(|entry| correlation::correlation(&pair_of(&query, &entry)).unwrap())
            .collect();
        case.assert_column(&correlations, &case.expected["pearson"]);
    }
}
