//! A library and a sample without what the background columns explain.

use super::basis::Basis;
use super::vector::norm;
use crate::error::{Error, Result};

/// Squares of sizes beyond this could leave the range of numbers.
const LARGEST: f64 = 1e100;

/// Everything less its projection on the background: fitting the rest without background is the same as fitting
/// with it (Frisch, Waugh and Lovell), so sign-free background columns need no part in a search for
/// non-negative coefficients.
#[derive(Debug)]
pub(super) struct Projection {
    pub(super) components: Vec<Vec<f64>>,
    /// The length of each component; 0 where the background explains all of it.
    pub(super) norms: Vec<f64>,
    pub(super) values: Vec<f64>,
    pub(super) values_norm: f64,
    /// How many of the background columns are independent.
    pub(super) background_rank: usize,
}

impl Projection {
    /// # Errors
    /// `InvalidOption` if the columns have different numbers of points, or a number is not finite or above
    /// 10¹⁰⁰ in size.
    pub(super) fn try_new(components: &[&[f64]], background: &[&[f64]], values: &[f64]) -> Result<Self> {
        check(components, background, values)?;
        let (basis, _) = Basis::of(background);
        let components: Vec<Vec<f64>> =
            components.iter().map(|component| basis.reject_or_zero(component)).collect();
        let values = basis.reject_or_zero(values);
        Ok(Self {
            norms: components.iter().map(|component| norm(component)).collect(),
            components,
            values_norm: norm(&values),
            values,
            background_rank: basis.len(),
        })
    }

    /// The projected columns at some positions.
    pub(super) fn columns(&self, positions: &[usize]) -> Vec<&[f64]> {
        positions.iter().map(|&position| self.components[position].as_slice()).collect()
    }
}

fn check(components: &[&[f64]], background: &[&[f64]], values: &[f64]) -> Result<()> {
    for (what, columns) in [("component", components), ("background column", background)] {
        for (position, column) in columns.iter().enumerate() {
            if column.len() != values.len() {
                let (number, points) = (position + 1, column.len());
                let message = format!("{what} {number} has {points} points, the sample {}", values.len());
                return Err(Error::invalid_option(message));
            }
            check_column(column, &format!("{what} {}", position + 1))?;
        }
    }
    check_column(values, "the sample")
}

fn check_column(column: &[f64], what: &str) -> Result<()> {
    match column.iter().position(|value| !value.is_finite() || value.abs() > LARGEST) {
        None => Ok(()),
        Some(point) => {
            let message = format!("{what}, point {}: {} cannot be fitted", point + 1, column[point]);
            Err(Error::invalid_option(message))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_background_explains_becomes_zero() {
        let line: Vec<f64> = (0..9).map(f64::from).collect();
        let hill: Vec<f64> = line.iter().map(|x| x * (8.0 - x)).collect();
        let tilted: Vec<f64> = line.iter().map(|x| 3.0 + 0.1 * x).collect();
        let projection = Projection::try_new(&[&hill, &tilted], &[&[1.0; 9], &line], &tilted).unwrap();
        assert!(projection.norms[0] > 1.0);
        assert_eq!((projection.norms[1], projection.values_norm, projection.background_rank), (0.0, 0.0, 2));
    }

    #[test]
    fn columns_are_checked() {
        let message = |components: &[&[f64]], background: &[&[f64]], values: &[f64]| {
            Projection::try_new(components, background, values).unwrap_err().to_string()
        };
        assert_eq!(message(&[&[1.0], &[]], &[], &[1.0]), "component 2 has 0 points, the sample 1");
        assert_eq!(message(&[], &[&[1.0, 2.0]], &[1.0]), "background column 1 has 2 points, the sample 1");
        assert_eq!(message(&[&[f64::NAN]], &[], &[1.0]), "component 1, point 1: NaN cannot be fitted");
        assert!(message(&[], &[], &[1e200]).starts_with("the sample, point 1"));
    }
}
