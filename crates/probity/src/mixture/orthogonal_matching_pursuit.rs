//! A second opinion on sets: orthogonal matching pursuit, forward selection without exchanges and with either
//! sign.
//!
//! The component whose cosine with what is left is the largest in size enters, all inside are fitted anew by
//! least squares, and so on (Y. C. Pati, R. Rezaiifar and P. S. Krishnaprasad, Asilomar Conf. 1993, 40). An
//! offset is fitted beside them. A negative coefficient says that the set is wrong.

use serde::{Deserialize, Serialize};

use super::basis::Basis;
use super::lasso::offset;
use super::projection::Projection;
use super::vector::dot;
use crate::error::{Error, Result};

/// The components in the order in which they entered.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MatchingPursuit {
    /// Positions in the library, in the order of entry; fewer than asked for if nothing is left to explain.
    pub components: Vec<usize>,
    /// How many times each is in the sample, of either sign, in the same order.
    pub coefficients: Vec<f64>,
    /// The offset, in the sample's unit.
    pub offset: f64,
}

/// A number of components by orthogonal matching pursuit. Of equal cosines the first in the library counts.
///
/// # Errors
/// `InvalidOption` if more components are asked for than the library has, for a sample without points, columns
/// of different lengths, or numbers that are not finite or above 10¹⁰⁰ in size.
pub fn orthogonal_matching_pursuit(
    components: &[&[f64]],
    values: &[f64],
    number_of_components: usize,
) -> Result<MatchingPursuit> {
    if number_of_components > components.len() || values.is_empty() {
        let message =
            format!("{number_of_components} components cannot be found in a library of {}", components.len());
        return Err(Error::invalid_option(message));
    }
    let constant = vec![1.0; values.len()];
    let projection = Projection::try_new(components, &[&constant], values)?;
    let (mut inside, mut basis) = (Vec::new(), Basis::default());
    let mut residual = projection.values.clone();
    while inside.len() < number_of_components {
        let mut best: Option<(usize, f64)> = None;
        for (j, column) in projection.components.iter().enumerate() {
            if projection.norms[j] > 0.0 && !inside.contains(&j) {
                let cosine = (dot(column, &residual) / projection.norms[j]).abs();
                if cosine > best.map_or(1e-12 * projection.values_norm, |(_, largest)| largest) {
                    best = Some((j, cosine));
                }
            }
        }
        let Some((entering, _)) = best else { break };
        if !basis.push(&projection.components[entering]) {
            break;
        }
        inside.push(entering);
        residual = basis.reject(&projection.values);
    }
    let coefficients = basis.coefficients(&projection.values);
    let columns: Vec<&[f64]> = inside.iter().map(|&component| components[component]).collect();
    let offset = offset(&columns, values, &coefficients);
    Ok(MatchingPursuit { components: inside, coefficients, offset })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mixture::test_support::views;
    use crate::similarity::infrared::golden::{cases, floats};

    #[test]
    fn golden_sets_and_coefficients_are_met() {
        let mut met = 0;
        for case in cases("mixture_lasso_omp").iter().filter(|case| case.id.starts_with("omp")) {
            let (library, values) = (case.rows("library"), case.column("y"));
            let number = usize::try_from(case.params["n_nonzero"].as_u64().unwrap()).unwrap();
            let found = orthogonal_matching_pursuit(&views(&library), &values, number).unwrap();
            let mut support = found.components.clone();
            support.sort_unstable();
            assert_eq!(serde_json::json!(support), case.expected["support"]);
            let expected = floats(&case.expected["coef"]);
            for (&component, &coefficient) in found.components.iter().zip(&found.coefficients) {
                case.assert_close(coefficient, expected[component]);
            }
            case.assert_expected(found.offset, "intercept");
            met += 1;
        }
        assert_eq!(met, 4);
    }

    #[test]
    fn it_stops_when_nothing_is_left_and_refuses_what_makes_no_sense() {
        let (a, b) = ([0.0, 1.0, 2.0, 0.0], [1.0, 0.0, 0.0, 2.0]);
        let found = orthogonal_matching_pursuit(&[&a, &b], &a.map(|x| 0.4 - 2.0 * x), 2).unwrap();
        assert_eq!(found.components, [0]);
        assert!((found.coefficients[0] + 2.0).abs() < 1e-12 && (found.offset - 0.4).abs() < 1e-12);
        assert!(orthogonal_matching_pursuit(&[&a], &a, 2).is_err());
        assert!(orthogonal_matching_pursuit(&[], &[], 0).is_err());
    }
}
