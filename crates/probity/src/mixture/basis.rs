//! Least squares by an orthonormal basis (QR by Gram and Schmidt, each column orthogonalised twice).
//!
//! Twice is enough: L. Giraud, J. Langou and M. Rozložník, Computers & Mathematics with Applications 2005, 50,
//! 1069. The basis is then orthonormal to rounding, and columns can be added one at a time, which is what a
//! search for sets needs.

use super::vector::{dot, norm, subtract};

/// A column of which less than this share is left is a combination of those before.
const DEPENDENT: f64 = 1e-10;

/// Columns as combinations of orthonormal vectors.
#[derive(Debug, Clone, Default)]
pub(super) struct Basis {
    vectors: Vec<Vec<f64>>,
    /// Column `j` holds the parts of the `j`-th column along vectors 0 to `j`.
    triangle: Vec<Vec<f64>>,
}

impl Basis {
    /// A basis of columns, with the positions of those that were added: not those that depend on others before.
    pub(super) fn of(columns: &[&[f64]]) -> (Self, Vec<usize>) {
        let mut basis = Self::default();
        let added = (0..columns.len()).filter(|&position| basis.push(columns[position])).collect();
        (basis, added)
    }

    /// How many columns it has.
    pub(super) fn len(&self) -> usize {
        self.vectors.len()
    }

    /// Adds a column; `false`, and nothing is added, if it is 0 or depends on those that are there.
    pub(super) fn push(&mut self, column: &[f64]) -> bool {
        let (mut rest, mut parts) = (column.to_vec(), vec![0.0; self.vectors.len()]);
        self.remove(&mut rest, &mut parts);
        let left = norm(&rest);
        if left <= DEPENDENT * norm(column) {
            return false;
        }
        rest.iter_mut().for_each(|x| *x /= left);
        parts.push(left);
        self.vectors.push(rest);
        self.triangle.push(parts);
        true
    }

    /// Takes away the column that was added last.
    pub(super) fn pop(&mut self) {
        self.vectors.pop();
        self.triangle.pop();
    }

    /// What of a column no combination explains: the residual of its least-squares fit.
    pub(super) fn reject(&self, column: &[f64]) -> Vec<f64> {
        let mut rest = column.to_vec();
        self.remove(&mut rest, &mut vec![0.0; self.vectors.len()]);
        rest
    }

    /// As [`reject`](Self::reject); exactly 0 where only rounding is left.
    pub(super) fn reject_or_zero(&self, column: &[f64]) -> Vec<f64> {
        let rest = self.reject(column);
        if norm(&rest) > DEPENDENT * norm(column) { rest } else { vec![0.0; column.len()] }
    }

    /// The coefficients of the columns in the least-squares fit of values.
    pub(super) fn coefficients(&self, values: &[f64]) -> Vec<f64> {
        let (mut rest, mut parts) = (values.to_vec(), vec![0.0; self.vectors.len()]);
        self.remove(&mut rest, &mut parts);
        for j in (0..parts.len()).rev() {
            parts[j] /= self.triangle[j][j];
            for i in 0..j {
                parts[i] -= parts[j] * self.triangle[j][i];
            }
        }
        parts
    }

    /// (AᵀA)⁻¹ of the columns: times the variance of a point, the covariance of the coefficients.
    pub(super) fn inverse_gram(&self) -> Vec<Vec<f64>> {
        let count = self.len();
        // The inverse of the triangle, column by column.
        let mut inverse = vec![vec![0.0; count]; count];
        for (j, column) in inverse.iter_mut().enumerate() {
            column[j] = 1.0 / self.triangle[j][j];
            for i in (0..j).rev() {
                let sum: f64 = (i + 1..=j).map(|l| self.triangle[l][i] * column[l]).sum();
                column[i] = -sum / self.triangle[i][i];
            }
        }
        let element = |a: usize, b: usize| (a.max(b)..count).map(|l| inverse[l][a] * inverse[l][b]).sum();
        (0..count).map(|a| (0..count).map(|b| element(a, b)).collect()).collect()
    }

    /// Removes what lies along the vectors and adds it to `parts`, twice.
    fn remove(&self, rest: &mut [f64], parts: &mut [f64]) {
        for _ in 0..2 {
            for (vector, part) in self.vectors.iter().zip(&mut *parts) {
                let along = dot(vector, rest);
                subtract(rest, along, vector);
                *part += along;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_fit_by_hand() {
        // y = 1 + 2 x at x = 0, 1, 2, plus (1, −2, 1), which is orthogonal to both columns.
        let (basis, added) = Basis::of(&[&[1.0; 3], &[0.0, 1.0, 2.0], &[2.0, 3.0, 4.0], &[0.0; 3]]);
        assert_eq!((basis.len(), added), (2, vec![0, 1]));
        let values = [2.0, 1.0, 6.0];
        for (got, expected) in basis.coefficients(&values).iter().zip([1.0, 2.0]) {
            assert!((got - expected).abs() < 1e-14);
        }
        for (got, expected) in basis.reject(&values).iter().zip([1.0, -2.0, 1.0]) {
            assert!((got - expected).abs() < 1e-14);
        }
        // AᵀA = [[3, 3], [3, 5]], of determinant 6.
        let expected = [[5.0 / 6.0, -0.5], [-0.5, 0.5]];
        for (got, expected) in basis.inverse_gram().iter().flatten().zip(expected.as_flattened()) {
            assert!((got - expected).abs() < 1e-14);
        }
    }

    #[test]
    fn nearly_parallel_columns_are_fitted_to_their_last_digits() {
        let first: Vec<f64> = (0..40).map(|i| 1.0 + f64::from(i % 7)).collect();
        let second: Vec<f64> = first.iter().enumerate().map(|(i, x)| x + 1e-6 * (i % 3) as f64).collect();
        let values: Vec<f64> = first.iter().zip(&second).map(|(a, b)| 3.0 * a - 2.0 * b).collect();
        let (basis, _) = Basis::of(&[&first, &second]);
        for (got, expected) in basis.coefficients(&values).iter().zip([3.0, -2.0]) {
            assert!((got - expected).abs() < 1e-8, "{got}");
        }
    }

    proptest! {
        #[test]
        fn what_is_left_is_orthogonal_to_every_column(
            cells in proptest::collection::vec(-1.0..1.0_f64, 50), values in proptest::collection::vec(-1.0..1.0_f64, 10),
        ) {
            let columns: Vec<&[f64]> = cells.chunks(10).collect();
            let (basis, _) = Basis::of(&columns);
            let rest = basis.reject(&values);
            for column in &columns {
                prop_assert!(dot(column, &rest).abs() < 1e-13);
            }
        }
    }
}
