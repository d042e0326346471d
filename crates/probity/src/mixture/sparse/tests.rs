use proptest::prelude::*;

use super::*;
use crate::mixture::background::polynomial_background;
use crate::mixture::nnls::non_negative_least_squares;
use crate::mixture::test_support::views;
use crate::similarity::infrared::golden::cases;

#[test]
fn golden_optima_of_all_sets_are_found() {
    for case in cases("mixture_exhaustive") {
        let (library, values) = (case.rows("library"), case.column("y"));
        let background = polynomial_background(&case.column("x"), 1).unwrap();
        let options =
            SparseOptions { maximum_components: 3, library_size_penalty: 0.0, ..SparseOptions::default() };
        let fit = fit_few_components(&views(&library), &views(&background), &values, &options).unwrap();
        let expected = case.expected["best_by_size"].as_array().unwrap();
        assert_eq!(fit.by_number_of_components.len(), expected.len() + 1);
        for (set, expected) in fit.by_number_of_components[1..].iter().zip(expected) {
            let subset: Vec<usize> = serde_json::from_value(expected["subset"].clone()).unwrap();
            assert_eq!(set.components, subset);
            case.assert_column(&set.coefficients, &expected["coef"]);
            case.assert_close(set.residual_sum_of_squares, expected["rss"].as_f64().unwrap());
            case.assert_close(set.information_criterion, expected["bic"].as_f64().unwrap());
        }
        assert_eq!(fit.chosen as u64, case.expected["bic_choice"].as_u64().unwrap());
        let truth: Vec<usize> = serde_json::from_value(case.input["true_components"].clone()).unwrap();
        assert_eq!(fit.best().components, truth);
        let by_default = SparseOptions::default();
        let fit = fit_few_components(&views(&library), &views(&background), &values, &by_default).unwrap();
        assert_eq!(fit.best().components, truth);
    }
}

#[test]
fn a_sample_of_background_alone_has_no_component() {
    let line: Vec<f64> = (0..20).map(|i| 0.3 + 0.01 * f64::from(i)).collect();
    let hill: Vec<f64> = (0..20).map(|i| f64::from(i * (19 - i))).collect();
    let (constant, slope) = (vec![1.0; 20], (0..20).map(f64::from).collect::<Vec<_>>());
    let options = SparseOptions::default();
    let fit = fit_few_components(&[&hill], &[&constant, &slope], &line, &options).unwrap();
    assert_eq!((fit.chosen, fit.by_number_of_components.len()), (0, 1));
    // Less than nothing of a component is nothing.
    let pit: Vec<f64> = hill.iter().map(|x| -x).collect();
    let fit = fit_few_components(&[&hill], &[&constant], &pit, &options).unwrap();
    assert_eq!(fit.best().components, Vec::<usize>::new());
    assert!(fit_few_components(&[], &[], &pit, &options).unwrap().best().components.is_empty());
}

#[test]
fn the_criterion_by_hand() {
    // One of three components explains all but (1, −1, 1, −1, …)/10 of 16 points: 16 ln(0.16/16) + ln 16 + 2 ln 3.
    let noise: Vec<f64> = (0..16).map(|i| if i % 2 == 0 { 0.1 } else { -0.1 }).collect();
    let step: Vec<f64> = (0..16).map(|i| f64::from(u8::from(i < 8))).collect();
    let (late, middle) = (step.iter().map(|x| 1.0 - x).collect::<Vec<_>>(), vec![0.0; 16]);
    let quarter: Vec<f64> = (0..16).map(|i| f64::from(u8::from(i < 4))).collect();
    let values: Vec<f64> = step.iter().zip(&noise).map(|(a, b)| a + b).collect();
    let library: [&[f64]; 4] = [&step, &late, &quarter, &middle];
    let fit = fit_few_components(&library, &[], &values, &SparseOptions::default()).unwrap();
    assert_eq!(fit.best().components, [0]);
    let expected = 16.0 * math::ln(0.01) + math::ln(16.0) + 2.0 * math::ln(3.0);
    assert!((fit.best().information_criterion - expected).abs() < 1e-9);
}

#[test]
fn a_component_given_twice_is_chosen_once() {
    let a: Vec<f64> = (0..30).map(|i| f64::from(i % 5)).collect();
    let b: Vec<f64> = (0..30).map(|i| f64::from(i % 7)).collect();
    let values: Vec<f64> = a.iter().zip(&b).map(|(a, b)| 0.7 * a + 0.3 * b).collect();
    let fit = fit_few_components(&[&a, &a, &b, &b], &[], &values, &SparseOptions::default()).unwrap();
    assert_eq!(fit.best().components, [0, 2]);
    assert_eq!(fit.by_number_of_components.len(), 3);
}

#[test]
fn options_that_make_no_sense_are_refused() {
    let with = |maximum_components, points_per_independent_point| {
        SparseOptions { maximum_components, points_per_independent_point, ..SparseOptions::default() }
            .checked()
    };
    assert!(with(10, 1.0).is_ok());
    assert!(
        with(0, 1.0).is_err()
            && with(11, 1.0).is_err()
            && with(1, 0.5).is_err()
            && with(1, f64::NAN).is_err()
    );
    for library_size_penalty in [-0.1, 1.1, f64::NAN] {
        assert!(SparseOptions { library_size_penalty, ..SparseOptions::default() }.checked().is_err());
    }
    let shared = SparseOptions { points_per_independent_point: 100.0, ..SparseOptions::default() };
    assert!(fit_few_components(&[], &[], &[1.0; 300], &shared).is_err(), "three independent points");
    assert!(fit_few_components(&[], &[], &[1.0; 4], &SparseOptions::default()).is_err());
}

/// The lowest sum of squares of any set of some number of components: all are tried.
fn exhaustive(components: &[Vec<f64>], values: &[f64], number: usize) -> f64 {
    let mut lowest = f64::INFINITY;
    for mask in 0_u32..1 << components.len() {
        if mask.count_ones() as usize == number {
            let set: Vec<&[f64]> = (0..components.len())
                .filter(|&i| mask >> i & 1 == 1)
                .map(|i| components[i].as_slice())
                .collect();
            let fit = non_negative_least_squares(&set, &[], values, &NnlsOptions::default()).unwrap();
            lowest = lowest.min(fit.residual_norm * fit.residual_norm);
        }
    }
    lowest
}

fn any_problem() -> impl Strategy<Value = (Vec<Vec<f64>>, Vec<f64>)> {
    let column = || proptest::collection::vec(0.0..1.0_f64, 12);
    (proptest::collection::vec(column(), 1..8), column())
}

proptest! {
    #[test]
    fn the_first_component_is_the_best_and_no_set_beats_trying_all((components, values) in any_problem()) {
        let fit = fit_few_components(&views(&components), &[], &values, &SparseOptions::default()).unwrap();
        for (number, set) in fit.by_number_of_components.iter().enumerate() {
            let lowest = exhaustive(&components, &values, number);
            prop_assert!(set.residual_sum_of_squares >= lowest - 1e-9);
            prop_assert!(number > 1 || set.residual_sum_of_squares <= lowest + 1e-9);
        }
    }

    #[test]
    fn no_single_exchange_improves_a_set((components, values) in any_problem()) {
        let fit = fit_few_components(&views(&components), &[], &values, &SparseOptions::default()).unwrap();
        for set in &fit.by_number_of_components {
            for out in 0..set.components.len() {
                for (candidate, column) in components.iter().enumerate() {
                    let mut columns: Vec<&[f64]> = set.components.iter().map(|&i| components[i].as_slice()).collect();
                    if !set.components.contains(&candidate) {
                        columns[out] = column;
                    }
                    let other = non_negative_least_squares(&columns, &[], &values, &NnlsOptions::default()).unwrap();
                    let sum = other.residual_norm * other.residual_norm;
                    // A set that needs fewer components than its number does not count as one of that number.
                    prop_assert!(other.coefficients.contains(&0.0) || sum >= set.residual_sum_of_squares - 1e-9);
                }
            }
        }
    }
}
