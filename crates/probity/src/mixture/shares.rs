//! How much of the signal each component of a set is, with its interval.
//!
//! uⱼ = cⱼ ‖aⱼ‖ is the length of what a component adds to the sample, without what the background explains of
//! it; its share is sⱼ = uⱼ / Σ uᵢ. The covariance of the coefficients is that of linear least squares over the
//! components that are in, σ² (AᵀA)⁻¹; the variance of a share follows by linear propagation, ∂sⱼ/∂uᵢ = (δᵢⱼ −
//! sⱼ)/Σ u (JCGM 100:2008, 5.2.2), and the interval is s ± 1.96 standard errors, cut at 0 and 1. It holds for
//! this set: that the set itself may be wrong, or a reference not like the sample, is not in it.

use super::basis::Basis;
use super::projection::Projection;
use super::sparse::ComponentSet;

/// The quantile of the normal distribution for a two-sided interval of 95 %.
const TWO_SIDED_95: f64 = 1.959_963_984_540_054;

/// What one component adds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Share {
    pub(super) coefficient_standard_error: f64,
    pub(super) share: f64,
    pub(super) low: f64,
    pub(super) high: f64,
}

/// The length of what all components add, in the sample's unit.
pub(super) fn total_length(projection: &Projection, set: &ComponentSet) -> f64 {
    lengths(projection, set).iter().sum()
}

/// The shares in the order of the set; `standard_deviation` is that of one independent point.
pub(super) fn shares(projection: &Projection, set: &ComponentSet, standard_deviation: f64) -> Vec<Share> {
    let (basis, _) = Basis::of(&projection.columns(&set.components));
    let inverse = basis.inverse_gram();
    let lengths = lengths(projection, set);
    let total: f64 = lengths.iter().sum();
    let norm = |position: usize| projection.norms[set.components[position]];
    let variance_of = |j: usize| {
        let share = lengths[j] / total;
        let slope = |i: usize| (f64::from(u8::from(i == j)) - share) / total * norm(i);
        let term = |a: usize, b: usize| slope(a) * slope(b) * inverse[a][b];
        (0..lengths.len()).map(|a| (0..lengths.len()).map(|b| term(a, b)).sum::<f64>()).sum::<f64>()
    };
    (0..lengths.len())
        .map(|j| {
            let share = lengths[j] / total;
            let half = TWO_SIDED_95 * standard_deviation * variance_of(j).max(0.0).sqrt();
            Share {
                coefficient_standard_error: standard_deviation * inverse[j][j].sqrt(),
                share,
                low: (share - half).max(0.0),
                high: (share + half).min(1.0),
            }
        })
        .collect()
}

fn lengths(projection: &Projection, set: &ComponentSet) -> Vec<f64> {
    let both = set.components.iter().zip(&set.coefficients);
    both.map(|(&component, coefficient)| coefficient * projection.norms[component]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(components: Vec<usize>, coefficients: Vec<f64>) -> ComponentSet {
        ComponentSet { components, coefficients, residual_sum_of_squares: 0.0, information_criterion: 0.0 }
    }

    #[test]
    fn orthogonal_components_by_hand() {
        // Lengths 3·1 and 1·2: shares 0.6 and 0.4. (AᵀA)⁻¹ = diag(1, 1/4); in lengths the variances are σ² each.
        // ds = (0.4, −0.6)/5, so the variance of a share is σ² (0.16 + 0.36)/25.
        let columns: [&[f64]; 2] = [&[1.0, 0.0, 0.0], &[0.0, 2.0, 0.0]];
        let projection = Projection::try_new(&columns, &[], &[3.0, 2.0, 0.1]).unwrap();
        let set = set(vec![0, 1], vec![3.0, 1.0]);
        let shares = shares(&projection, &set, 0.1);
        let half = 1.959_963_984_540_054 * 0.1 * (0.52_f64 / 25.0).sqrt();
        for (got, share, error) in [(shares[0], 0.6, 0.1), (shares[1], 0.4, 0.05)] {
            assert!((got.share - share).abs() < 1e-14);
            assert!((got.low - (share - half)).abs() < 1e-14 && (got.high - (share + half)).abs() < 1e-14);
            assert!((got.coefficient_standard_error - error).abs() < 1e-14);
        }
        assert!((total_length(&projection, &set) - 5.0).abs() < 1e-14);
    }

    #[test]
    fn a_single_component_is_all_of_it() {
        let projection = Projection::try_new(&[&[1.0, 2.0]], &[], &[1.0, 2.1]).unwrap();
        let share = shares(&projection, &set(vec![0], vec![1.0]), 0.5)[0];
        assert_eq!((share.share, share.low, share.high), (1.0, 1.0, 1.0));
        assert!(shares(&projection, &set(vec![], vec![]), 0.5).is_empty());
    }
}
