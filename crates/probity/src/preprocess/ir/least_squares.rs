//! Linear least squares by Householder reflections.

use crate::error::{Error, Result};

/// A diagonal element of R below this share of its column's length means that the column is a combination of those
/// before it.
const RANK_TOLERANCE: f64 = 1e-12;

/// The coefficients c that make Σ (y − Σ cₖ columnₖ)² least. Householder QR of the columns, which does not square
/// the condition number as normal equations do (Golub & Van Loan, *Matrix Computations*, 5.3.2).
///
/// # Errors
/// `Malformed` for fewer points than columns, a column that is a combination of the others, or numbers too large.
/// All columns must have the length of `y`.
pub(super) fn least_squares(mut columns: Vec<Vec<f64>>, mut y: Vec<f64>) -> Result<Vec<f64>> {
    let count = columns.len();
    if y.len() < count {
        return Err(Error::malformed(format!("{} points do not determine {count} coefficients", y.len())));
    }
    let mut diagonal = Vec::with_capacity(count);
    for k in 0..count {
        let whole = length(&columns[k]);
        let (done, rest) = columns.split_at_mut(k + 1);
        let reflector = &mut done[k];
        let below = length(&reflector[k..]);
        if below.partial_cmp(&(RANK_TOLERANCE * whole)) != Some(std::cmp::Ordering::Greater) {
            return Err(Error::malformed(format!("column {} of the fit depends on the others", k + 1)));
        }
        let alpha = if reflector[k] > 0.0 { -below } else { below };
        reflector[k] -= alpha;
        diagonal.push(alpha);
        let v = &reflector[k..];
        rest.iter_mut().for_each(|column| reflect(v, &mut column[k..]));
        reflect(v, &mut y[k..]);
    }
    for k in (0..count).rev() {
        let known: f64 = (k + 1..count).map(|j| columns[j][k] * y[j]).sum();
        y[k] = (y[k] - known) / diagonal[k];
    }
    y.truncate(count);
    if y.iter().all(|coefficient| coefficient.is_finite()) {
        Ok(y)
    } else {
        Err(super::columns::out_of_range("the fit"))
    }
}

/// The powers 0 to `order` of the axis scaled to −1 … 1 between its first and its last point.
pub(super) fn scaled_powers(axis: &[f64], order: usize) -> Vec<Vec<f64>> {
    let (first, last) = (axis.first().copied().unwrap_or(0.0), axis.last().copied().unwrap_or(0.0));
    let scaled: Vec<f64> = axis.iter().map(|x| 2.0 * (x - first) / (last - first) - 1.0).collect();
    let mut powers = vec![vec![1.0; axis.len()]];
    for power in 0..order {
        powers.push(powers[power].iter().zip(&scaled).map(|(value, x)| value * x).collect());
    }
    powers
}

fn length(column: &[f64]) -> f64 {
    column.iter().map(|x| x * x).sum::<f64>().sqrt()
}

/// Takes off twice the projection on `v`.
fn reflect(v: &[f64], column: &mut [f64]) {
    let square: f64 = v.iter().map(|x| x * x).sum();
    let product: f64 = v.iter().zip(&*column).map(|(a, b)| a * b).sum();
    let factor = 2.0 * product / square;
    column.iter_mut().zip(v).for_each(|(value, x)| *value -= factor * x);
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_parabola_is_found_and_dependent_columns_are_refused() {
        let axis: Vec<f64> = (0..9).map(|i| 4_000.0 - 10.0 * f64::from(i)).collect();
        let powers = scaled_powers(&axis, 2);
        assert_eq!((powers[1][0], powers[1][4], powers[1][8]), (-1.0, 0.0, 1.0));
        let y = (0..9).map(|i| 1.0 + 2.0 * powers[1][i] - 3.0 * powers[2][i]).collect();
        let found = least_squares(powers.clone(), y).unwrap();
        assert!(found.iter().zip([1.0, 2.0, -3.0]).all(|(a, b)| (a - b).abs() < 1e-13));
        let twice = vec![powers[1].clone(), powers[1].iter().map(|x| 2.0 * x).collect()];
        assert!(least_squares(twice, vec![0.0; 9]).is_err());
        assert!(least_squares(vec![vec![0.0; 9]], vec![1.0; 9]).is_err());
        assert!(least_squares(powers, vec![1.0; 2]).is_err());
        assert!(least_squares(vec![vec![f64::NAN; 3]], vec![1.0; 3]).is_err());
        assert_eq!(least_squares(Vec::new(), vec![1.0]).unwrap(), Vec::<f64>::new());
    }

    proptest! {
        #[test]
        fn the_residual_is_orthogonal_to_every_column(
            rows in prop::collection::vec((-1.0..1.0_f64, -1.0..1.0_f64, -1.0..1.0_f64), 6..40),
        ) {
            let columns: Vec<Vec<f64>> = vec![
                rows.iter().map(|row| row.0).collect(),
                rows.iter().map(|row| row.1).collect(),
                vec![1.0; rows.len()],
            ];
            let y: Vec<f64> = rows.iter().map(|row| row.2).collect();
            if let Ok(c) = least_squares(columns.clone(), y.clone()) {
                let residual: Vec<f64> =
                    (0..y.len()).map(|i| y[i] - (0..3).map(|k| c[k] * columns[k][i]).sum::<f64>()).collect();
                let scale = 1.0 + c.iter().map(|x| x.abs()).sum::<f64>();
                for column in &columns {
                    let product: f64 = column.iter().zip(&residual).map(|(a, b)| a * b).sum();
                    prop_assert!(product.abs() < 1e-11 * scale, "{product}");
                }
            }
        }
    }
}
