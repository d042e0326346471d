use proptest::prelude::*;

use super::*;
use crate::error::ErrorKind;
use crate::mixture::test_support::{transposed, views};
use crate::similarity::infrared::golden::cases;

fn fit(components: &[Vec<f64>], background: &[Vec<f64>], values: &[f64]) -> NonNegativeFit {
    let options = NnlsOptions::default();
    non_negative_least_squares(&views(components), &views(background), values, &options).unwrap()
}

#[test]
fn golden_fits_are_met() {
    for case in cases("nnls") {
        let (components, values) = (transposed(&case.rows("A")), case.column("b"));
        let fit = fit(&components, &[], &values);
        case.assert_column(&fit.coefficients, &case.expected["x"]);
        case.assert_expected(fit.residual_norm, "rnorm");
    }
}

#[test]
fn by_hand_with_a_background_of_either_sign() {
    // y = 2 a − 3: a alone cannot fit it, with a sign-free constant it is exact.
    let (a, constant) = (vec![0.0, 1.0, 4.0, 1.0], vec![1.0; 4]);
    let values: Vec<f64> = a.iter().map(|a| 2.0 * a - 3.0).collect();
    let fit = fit(&[a], &[constant], &values);
    assert!(
        (fit.coefficients[0] - 2.0).abs() < 1e-14 && (fit.background_coefficients[0] + 3.0).abs() < 1e-14
    );
    assert!(fit.residual_norm < 1e-14);
    assert_eq!(fit.entries, 1);
}

#[test]
fn what_cannot_help_gets_nothing() {
    let (hill, constant) = (vec![0.0, 1.0, 0.0], vec![2.0; 3]);
    let twice = fit(&[hill.clone(), hill.clone(), constant.clone(), vec![0.0; 3]], &[constant], &hill);
    assert_eq!(twice.coefficients[1..], [0.0; 3]);
    assert!((twice.coefficients[0] - 1.0).abs() < 1e-14);
    let nothing = fit(&[], &[], &hill);
    assert_eq!((nothing.coefficients.len(), nothing.residual_norm), (0, 1.0));
    let empty = fit(&[vec![]], &[], &[]);
    assert_eq!((empty.coefficients[0], empty.residual_norm), (0.0, 0.0));
}

#[test]
fn options_and_limits() {
    let wrong = NnlsOptions { tolerance: f64::NAN, ..NnlsOptions::default() };
    let error = non_negative_least_squares(&[], &[], &[1.0], &wrong).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidOption);
    let none = NnlsOptions { maximum_entries_per_component: 0, ..NnlsOptions::default() };
    assert!(none.checked().is_err());
}

fn any_problem(columns: usize) -> impl Strategy<Value = (Vec<Vec<f64>>, Vec<f64>)> {
    let column = || proptest::collection::vec(-1.0..1.0_f64, 12);
    (proptest::collection::vec(column(), 0..columns), column())
}

proptest! {
    #[test]
    fn the_conditions_of_the_optimum_hold((components, values) in any_problem(20)) {
        // Karush, Kuhn and Tucker: nothing negative, no component could still help, those inside are exhausted.
        let fit = fit(&components, &[], &values);
        for (component, &coefficient) in components.iter().zip(&fit.coefficients) {
            let gradient = dot(component, &fit.residual);
            prop_assert!(coefficient >= 0.0 && gradient < 1e-9);
            prop_assert!(coefficient == 0.0 || gradient.abs() < 1e-9);
        }
    }

    #[test]
    fn a_sign_free_column_is_a_column_and_its_negative((components, values) in any_problem(9)) {
        let (background, library) = components.split_at(components.len().min(2));
        let free = fit(library, background, &values);
        let mut signed = library.to_vec();
        for column in background {
            signed.push(column.clone());
            signed.push(column.iter().map(|x| -x).collect());
        }
        let signed = fit(&signed, &[], &values);
        prop_assert!((free.residual_norm - signed.residual_norm).abs() < 1e-9);
        for (a, b) in free.coefficients.iter().zip(&signed.coefficients) {
            prop_assert!((a - b).abs() < 1e-6, "{} {}", a, b);
        }
    }

    #[test]
    fn a_mixture_without_noise_is_taken_apart(
        (components, _) in any_problem(8), amounts in proptest::collection::vec(0.0..2.0_f64, 8),
    ) {
        let mut values = vec![0.0; 12];
        for (component, amount) in components.iter().zip(&amounts) {
            subtract(&mut values, -amount, component);
        }
        let fit = fit(&components, &[], &values);
        prop_assert!(fit.residual_norm < 1e-9);
    }
}
