//! Polynomials that are orthonormal over the points of an axis: fits by them need no system of equations.

use crate::error::{Error, Result};

/// A polynomial whose part that is new falls below this share of its length is a combination of those before it.
const RANK_TOLERANCE: f64 = 1e-10;

/// The polynomials of order 0 to `order` at all points of an axis, orthonormal over those that are `known`. Made from x
/// times the one before it by taking off the projections on all before, twice (Forsythe, J. SIAM 1957, 5, 74; the
/// second time takes off what rounding left: Giraud, Langou & Rozložník, Comput. Math. Appl. 2005, 50, 1069).
///
/// # Errors
/// `Malformed` for not more known points than `order`. The axis ascends or descends strictly.
pub(super) fn orthonormal_polynomials(axis: &[f64], known: &[bool], order: usize) -> Result<Vec<Vec<f64>>> {
    let count = known.iter().filter(|known| **known).count();
    let too_few =
        || Error::malformed(format!("{count} points do not determine a polynomial of order {order}"));
    let ([first, ..], [.., last]) = (axis, axis) else {
        return Err(too_few());
    };
    if count <= order {
        return Err(too_few());
    }
    let (middle, half) = ((first + last) / 2.0, ((last - first) / 2.0).abs().max(f64::MIN_POSITIVE));
    let scaled: Vec<f64> = axis.iter().map(|x| (x - middle) / half).collect();
    let product = |a: &[f64], b: &[f64]| -> f64 {
        let products = a.iter().zip(b).zip(known);
        products.map(|((a, b), known)| if *known { a * b } else { 0.0 }).sum()
    };
    let mut basis: Vec<Vec<f64>> = Vec::with_capacity(order + 1);
    for degree in 0..=order {
        let mut next: Vec<f64> = match basis.last() {
            Some(before) => before.iter().zip(&scaled).map(|(value, x)| value * x).collect(),
            None => vec![1.0; axis.len()],
        };
        let whole = product(&next, &next).sqrt();
        for polynomial in basis.iter().chain(&basis) {
            let share = product(&next, polynomial);
            next.iter_mut().zip(polynomial).for_each(|(value, x)| *value -= share * x);
        }
        let length = product(&next, &next).sqrt();
        if length.partial_cmp(&(RANK_TOLERANCE * whole)) != Some(std::cmp::Ordering::Greater) {
            let message = format!("the points do not determine order {degree} of a polynomial");
            return Err(Error::malformed(message));
        }
        next.iter_mut().for_each(|value| *value /= length);
        basis.push(next);
    }
    Ok(basis)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn they_are_orthonormal_over_the_known_points() {
        let axis: Vec<f64> = (0..300).map(|i| 4_000.0 - 11.0 * f64::from(i)).collect();
        let known: Vec<bool> = (0..300).map(|i| i % 7 != 3 && !(40..120).contains(&i)).collect();
        let basis = orthonormal_polynomials(&axis, &known, 20).unwrap();
        for (i, a) in basis.iter().enumerate() {
            for (j, b) in basis.iter().enumerate() {
                let sum: f64 = (0..300).filter(|&k| known[k]).map(|k| a[k] * b[k]).sum();
                assert!((sum - f64::from(u8::from(i == j))).abs() < 1e-13, "{i} {j} {sum}");
            }
        }
        // Of order 1: a line through the axis.
        let slope = (basis[1][1] - basis[1][0]) / (axis[1] - axis[0]);
        assert!((basis[1][299] - basis[1][0] - slope * (axis[299] - axis[0])).abs() < 1e-12);
    }

    #[test]
    fn too_few_points_are_an_error() {
        assert!(orthonormal_polynomials(&[], &[], 0).is_err());
        assert!(orthonormal_polynomials(&[1.0, 2.0], &[true, false], 1).is_err());
        assert!(orthonormal_polynomials(&[1.0, 2.0], &[true, true], 2).is_err());
        assert_eq!(orthonormal_polynomials(&[5.0], &[true], 0).unwrap(), [[1.0]]);
    }
}
