//! The refractive index that belongs to an absorption index.

use std::f64::consts::PI;

use super::columns::{check_column, uniform_step};
use crate::error::{Error, Result};

/// n(ν) = n∞ + (2/π) P∫ ν′ k(ν′) / (ν′² − ν²) dν′ by Maclaurin's rule: the sum over every second point, beginning
/// beside ν, with twice the step, which steps over the pole (Ohta & Ishida, Appl. Spectrosc. 1988, 42, 952). k is
/// taken for 0 outside the axis; bands there belong into `infinite_index`. The effort grows with the square of the
/// points.
///
/// `wavenumber` in cm⁻¹, above 0, at equal distances in either direction; `k` without unit.
///
/// # Errors
/// `Malformed` for an axis that is not uniform or not above 0, columns of different lengths, or values that are not
/// finite; `InvalidOption` for an index that is not finite.
pub fn kramers_kronig(wavenumber: &[f64], k: &[f64], infinite_index: f64) -> Result<Vec<f64>> {
    let step = check(wavenumber, infinite_index)?;
    check_column("the absorption index", k, wavenumber.len(), None)?;
    let n: Vec<f64> = maclaurin(wavenumber, k, step).iter().map(|change| infinite_index + change).collect();
    check_column("the refractive index", &n, n.len(), None)?;
    Ok(n)
}

/// The step of an axis that the transform can use, in cm⁻¹, above 0.
///
/// # Errors
/// As [`kramers_kronig`], without those about k.
pub(super) fn check(wavenumber: &[f64], infinite_index: f64) -> Result<f64> {
    let step = uniform_step(wavenumber)?.abs();
    if wavenumber.iter().any(|&wavenumber| wavenumber <= 0.0) {
        return Err(Error::malformed("a wavenumber is not above 0"));
    }
    if !infinite_index.is_finite() {
        return Err(Error::invalid_option(format!("{infinite_index} is no refractive index")));
    }
    Ok(step)
}

/// n − n∞ over a checked axis.
pub(super) fn maclaurin(wavenumber: &[f64], k: &[f64], step: f64) -> Vec<f64> {
    let squares: Vec<f64> = wavenumber.iter().map(|x| x * x).collect();
    let products: Vec<f64> = wavenumber.iter().zip(k).map(|(x, k)| x * k).collect();
    let at = |i: usize| -> f64 {
        let others = ((i + 1) % 2..squares.len()).step_by(2);
        let sum: f64 = others.map(|j| products[j] / (squares[j] - squares[i])).sum();
        2.0 / PI * 2.0 * step * sum
    };
    (0..squares.len()).map(at).collect()
}

#[cfg(test)]
mod tests {
    use super::super::golden::cases;
    use super::*;

    #[test]
    fn golden_indices() {
        let all = cases("kramers_kronig_maclaurin");
        for case in &all {
            let (mut wavenumber, mut k) = (case.column("x"), case.column("k"));
            let mut got = kramers_kronig(&wavenumber, &k, case.number("n_inf")).unwrap();
            case.assert_expected(&got, "n");
            // A falling axis gives the same.
            wavenumber.reverse();
            k.reverse();
            got = kramers_kronig(&wavenumber, &k, case.number("n_inf")).unwrap();
            got.reverse();
            case.assert_expected(&got, "n");
        }
        assert_eq!(all.len(), 2);
    }

    #[test]
    fn nothing_absorbed_leaves_the_index_and_a_wrong_axis_is_an_error() {
        assert_eq!(kramers_kronig(&[900.0, 902.0, 904.0], &[0.0; 3], 1.5).unwrap(), [1.5; 3]);
        for axis in [&[][..], &[900.0], &[900.0, 902.0, 910.0], &[-2.0, 0.0, 2.0], &[2.0, f64::NAN, 6.0]] {
            assert!(kramers_kronig(axis, &vec![0.0; axis.len()], 1.5).is_err(), "{axis:?}");
        }
        assert!(kramers_kronig(&[900.0, 902.0], &[0.1, f64::NAN], 1.5).is_err());
        assert!(kramers_kronig(&[900.0, 902.0], &[0.1, 0.1], f64::NAN).is_err());
        assert!(kramers_kronig(&[900.0, 902.0], &[1e308, 1e308], 1.5).is_err());
    }
}
