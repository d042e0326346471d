//! What would have been seen: the smallest share of a target that this sample could not hide.
//!
//! A target that was not chosen is never *absent*; it was *not detected above* a share. Let a be the target
//! less what the background and the components found explain of it, r the residual, ρ = a·r/‖a‖. Adding c times
//! the target to the sample changes the best fit without the target to RSS₁ + (c‖a‖ + ρ)², while the fit with
//! it stays at RSS₁ = ‖r‖² − ρ². The criterion asks for it when n ln of their quotient exceeds the price p of
//! one component more, that is from c‖a‖ + ρ = t = √(RSS₁ (e^(p/n) − 1)) on. Two amounts follow:
//!
//! * (t − ρ)/‖a‖: added to *this* sample it would have been chosen;
//! * (t + 1.645 σ)/‖a‖: with other noise of the same size it would be chosen 95 times of 100 (L. A. Currie,
//!   Anal. Chem. 1968, 40, 586: a detection limit lies above the decision limit).
//!
//! The larger one is the answer. It takes the target's reference for what is in the sample, and look-alikes of
//! the target in the library may be chosen in its place; measured spectra will show it to be optimistic.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::basis::Basis;
use super::projection::Projection;
use super::shares::total_length;
use super::sparse::{ComponentSet, SparseOptions, price_of_one_more};
use super::vector::{dot, norm};
use crate::math;

/// The quantile of the normal distribution for 95 % on one side.
const ONE_SIDED_95: f64 = 1.644_853_626_951_472_2;

/// What can be said of a target.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "verdict")]
pub enum TargetVerdict {
    /// It is among the components found.
    Detected,
    /// It was not found; had there been more than this, it would have been.
    NotDetectedAbove {
        /// The amount, as a multiple of the reference.
        coefficient: f64,
        /// The same as share of the signal of the components found and the target together, 0 to 1; `None` if
        /// no component was found.
        share_of_signal: Option<f64>,
    },
    /// It was not found, but cannot be excluded at any share: the components found and the background explain
    /// it too.
    ExplainedByOthers,
    /// It was not found, but the fit would be better with it: as many components as are allowed were found
    /// without it.
    NotExcluded,
}

/// A sentence for an analyst, without the target's name. Shares are rounded up.
impl fmt::Display for TargetVerdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Detected => write!(f, "detected"),
            Self::NotDetectedAbove { share_of_signal: Some(share), .. } => {
                let digits = if *share < 0.1 { 1 } else { 0 };
                let scale = if digits == 1 { 10.0 } else { 1.0 };
                let percent = (100.0 * share * scale).ceil() / scale;
                write!(f, "not detected above {percent:.digits$} % of the signal")
            }
            Self::NotDetectedAbove { coefficient, share_of_signal: None } => {
                write!(f, "not detected above {coefficient:.2e} times the reference")
            }
            Self::ExplainedByOthers => {
                write!(f, "not decidable: the components found and the background explain it too")
            }
            Self::NotExcluded => write!(f, "not excluded: the fit would be better with one component more"),
        }
    }
}

/// What can be said of a target beside a set; `standard_deviation` is that of one independent point.
pub(super) fn verdict(
    projection: &Projection,
    set: &ComponentSet,
    target: usize,
    standard_deviation: f64,
    options: &SparseOptions,
) -> TargetVerdict {
    if set.components.contains(&target) {
        return TargetVerdict::Detected;
    }
    let (basis, _) = Basis::of(&projection.columns(&set.components));
    let own = basis.reject_or_zero(&projection.components[target]);
    let length = norm(&own);
    if length == 0.0 {
        return TargetVerdict::ExplainedByOthers;
    }
    let along = dot(&own, &basis.reject(&projection.values)) / length;
    let with_target = (set.residual_sum_of_squares - along * along).max(0.0);
    let points = projection.values.len() as f64;
    let independent = points / options.points_per_independent_point;
    // Noise that was measured counts also where the fit happens to be closer than it.
    let per_point = standard_deviation * standard_deviation / options.points_per_independent_point;
    let noise = with_target.max(per_point * points);
    let price = price_of_one_more(projection, set.components.len(), options);
    let decision = (noise * (math::exp(price / independent) - 1.0)).sqrt();
    if along >= decision {
        return TargetVerdict::NotExcluded;
    }
    let here = (decision - along) / length;
    let repeated = (decision + ONE_SIDED_95 * standard_deviation) / length;
    let coefficient = here.max(repeated);
    let (total, added) = (total_length(projection, set), coefficient * projection.norms[target]);
    let share_of_signal = (total > 0.0).then(|| added / (total + added));
    TargetVerdict::NotDetectedAbove { coefficient, share_of_signal }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mixture::background::polynomial_background;
    use crate::mixture::sparse::search;
    use crate::mixture::test_support::views;
    use crate::mixture::vector::subtract;
    use crate::similarity::infrared::golden::cases;

    #[test]
    fn what_is_added_above_the_limit_is_chosen_and_well_below_it_is_not() {
        let options = SparseOptions::default();
        let mut limits = 0;
        for case in cases("mixture_exhaustive") {
            let (library, values) = (case.rows("library"), case.column("y"));
            let background = polynomial_background(&case.column("x"), 1).unwrap();
            let chosen = |values: &[f64]| {
                let projection = Projection::try_new(&views(&library), &views(&background), values).unwrap();
                let fit = search(&projection, &vec![true; library.len()], &options).unwrap();
                (projection, fit)
            };
            let (projection, fit) = chosen(&values);
            let best = fit.best();
            let variance = best.residual_sum_of_squares / (values.len() - 2 - best.components.len()) as f64;
            for (target, column) in library.iter().enumerate() {
                let verdict = verdict(&projection, best, target, variance.sqrt(), &options);
                if best.components.contains(&target) {
                    assert_eq!(verdict, TargetVerdict::Detected);
                    continue;
                }
                let TargetVerdict::NotDetectedAbove { coefficient, share_of_signal } = verdict else {
                    panic!("{}, target {target}: {verdict:?}", case.id);
                };
                assert!((0.0..0.05).contains(&share_of_signal.unwrap()));
                let with = |factor: f64| {
                    let mut sample = values.clone();
                    subtract(&mut sample, -factor * coefficient, column);
                    chosen(&sample).1.best().components.contains(&target)
                };
                assert!(with(1.001), "{}, target {target} is overlooked at {coefficient}", case.id);
                assert!(!with(0.1), "{}, target {target} is seen far below {coefficient}", case.id);
                limits += 1;
            }
        }
        assert!(limits > 40);
    }

    #[test]
    fn verdicts_that_no_share_can_express() {
        let (a, b, twice_a) = ([1.0, 0.0, 0.0, 0.0], [0.0, 1.0, 0.0, 0.0], [2.0, 0.0, 0.0, 0.0]);
        let values = [1.0, 0.5, 0.1, -0.1];
        let projection = Projection::try_new(&[&a, &b, &twice_a], &[], &values).unwrap();
        let set = |components: Vec<usize>, coefficients, residual_sum_of_squares| ComponentSet {
            components,
            coefficients,
            residual_sum_of_squares,
            information_criterion: 0.0,
        };
        let options = SparseOptions::default();
        let only_a = set(vec![0], vec![1.0], 0.27);
        assert_eq!(verdict(&projection, &only_a, 2, 0.1, &options), TargetVerdict::ExplainedByOthers);
        assert_eq!(verdict(&projection, &only_a, 1, 0.1, &options), TargetVerdict::NotExcluded);
        let none = set(vec![], vec![], 1.27);
        let verdict = verdict(&projection, &none, 1, 2.0, &options);
        assert!(matches!(verdict, TargetVerdict::NotDetectedAbove { share_of_signal: None, .. }));
    }

    #[test]
    fn sentences_never_say_absent_and_round_up() {
        let above = |share| TargetVerdict::NotDetectedAbove { coefficient: 0.0123, share_of_signal: share };
        assert_eq!(above(Some(0.0312)).to_string(), "not detected above 3.2 % of the signal");
        assert_eq!(above(Some(0.3001)).to_string(), "not detected above 31 % of the signal");
        assert_eq!(above(Some(1e-9)).to_string(), "not detected above 0.1 % of the signal");
        assert_eq!(above(None).to_string(), "not detected above 1.23e-2 times the reference");
    }
}
