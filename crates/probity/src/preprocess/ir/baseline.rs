//! Baselines by penalized least squares: AsLS, psalsa, arPLS, improved arPLS and airPLS. Each solves the system of
//! [`whittaker`](super::whittaker()) again and again, with weights that leave out what rises above the last baseline.
//!
//! One name stands for different algorithms elsewhere, so that the options hold all that decides: penalty, stopping
//! rule, its tolerance, how many times at most, and the weights at first, which are 1.

use probity_kernels::{InstructionSet, WIDE_LANES};
use serde::{Deserialize, Serialize};

use super::baseline_passes::Passes;
use super::columns::check_column;
use crate::error::{Error, Result};

/// How the weights follow from the residuals d = y − z, and when to stop.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(tag = "weights", rename_all = "snake_case", deny_unknown_fields)]
#[non_exhaustive]
pub enum BaselineWeights {
    /// AsLS (Eilers & Boelens, Baseline correction with asymmetric least squares smoothing, 2005): `asymmetry` where
    /// d > 0, 1 less that elsewhere. Stops when the weights change by less than the tolerance, relative to their norm.
    Asymmetric {
        /// Above 0 to below 1, usually 0.001 to 0.05.
        asymmetry: f64,
    },
    /// arPLS (Baek, Park, Ahn & Choo, Analyst 2015, 140, 250): 1 / (1 + exp(2 (d − (2 s − m)) / s)), m and s the mean and
    /// standard deviation (one degree of freedom lost) of d < 0. Stops as AsLS.
    AsymmetricallyReweighted,
    /// Improved arPLS (Ye et al., Appl. Opt. 2020, 59, 10933): (1 − x / √(1 + x²)) / 2 with x = eᵗ (d − 2 s) / s, s as for
    /// arPLS and t the number of the pass up to 100, so that the weights become steps. Stops as AsLS.
    ImprovedAsymmetricallyReweighted,
    /// psalsa (Oller-Moreno et al., 11th Int. Multi-Conf. Systems, Signals & Devices 2014): `asymmetry` · exp(−d / scale)
    /// where d > 0, 1 less `asymmetry` elsewhere: high bands count less than low ones. Stops as AsLS.
    PeakedSignal {
        /// Above 0 to below 1, usually 0.5.
        asymmetry: f64,
        /// The height above the baseline, in units of the values and above 0, at which a point counts 1/e of one on it; a tenth
        /// of the values' standard deviation is a start.
        scale: f64,
    },
    /// airPLS (Zhang, Chen & Liang, Analyst 2010, 135, 1138, with the author's correction of equation 9): 0 where d ≥ 0,
    /// exp(t |d| / Σ|d < 0|) elsewhere, t the number of the pass up to 50. Stops when Σ|d < 0| is below the tolerance times
    /// Σ|y|.
    AdaptiveIterativelyReweighted,
}

/// How a baseline is found.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct BaselineOptions {
    /// λ, above 0: 1e5 by default; 1e5 to 1e7 for infrared curves of some thousand points.
    pub lambda: f64,
    /// The order of the differences, 1 to 3; the default is 2.
    pub difference_order: usize,
    /// The weights; by default AsLS with an asymmetry of 0.01.
    pub weights: BaselineWeights,
    /// At which change the passes end; the default is 1e-3.
    pub tolerance: f64,
    /// After the first at most so many passes; the default is 50.
    pub maximum_passes: usize,
}

impl Default for BaselineOptions {
    fn default() -> Self {
        Self {
            lambda: 1e5,
            difference_order: 2,
            weights: BaselineWeights::Asymmetric { asymmetry: 0.01 },
            tolerance: 1e-3,
            maximum_passes: 50,
        }
    }
}

/// Curves side by side where there are no wide registers: what the steps of more have in hand does not fit the narrow ones.
const NARROW_LANES: usize = 4;
/// The most passes that may be asked for.
const PASSES_LIMIT: usize = 10_000;

impl BaselineOptions {
    /// The same options with other weights.
    #[must_use]
    pub fn weights(mut self, weights: BaselineWeights) -> Self {
        self.weights = weights;
        self
    }

    /// The same options with another λ.
    #[must_use]
    pub fn lambda(mut self, lambda: f64) -> Self {
        self.lambda = lambda;
        self
    }

    fn check(&self) -> Result<()> {
        if let BaselineWeights::PeakedSignal { scale, .. } = self.weights
            && !(scale > 0.0 && scale.is_finite())
        {
            return Err(Error::invalid_option(format!("a scale is a finite number above 0, not {scale}")));
        }
        if let BaselineWeights::Asymmetric { asymmetry } | BaselineWeights::PeakedSignal { asymmetry, .. } =
            self.weights
            && !(asymmetry > 0.0 && asymmetry < 1.0)
        {
            return Err(Error::invalid_option(format!(
                "an asymmetry lies between 0 and 1, not at {asymmetry}"
            )));
        }
        if !(self.tolerance >= 0.0 && self.tolerance.is_finite()) {
            return Err(Error::invalid_option(format!("{} is no tolerance", self.tolerance)));
        }
        if self.maximum_passes > PASSES_LIMIT {
            let message = format!("at most {PASSES_LIMIT} passes, not {}", self.maximum_passes);
            return Err(Error::invalid_option(message));
        }
        Ok(())
    }
}

/// A baseline with how it was found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Baseline {
    /// The baseline, in units of the values.
    pub values: Vec<f64>,
    /// How many passes were judged by the stopping rule.
    pub passes: usize,
    /// What the stopping rule compared with the tolerance last.
    pub last_change: f64,
    /// Whether the stopping rule ended the passes: if not, their number did, or hardly a point was left below the
    /// baseline.
    pub converged: bool,
}

/// The baseline of a curve at equal distances. Every point must have been measured.
///
/// # Errors
/// `InvalidOption` for options outside their range; `Malformed` for fewer than 4 points, values that are not finite, and a
/// baseline that is not.
pub fn baseline(values: &[f64], options: &BaselineOptions) -> Result<Baseline> {
    baselines(&[values], options)?.pop().unwrap_or_else(|| Err(Error::malformed("there is no curve")))
}

/// The baselines of many curves of one length, each with the bits that it has alone: some are solved side by side.
///
/// # Errors
/// `InvalidOption` for options outside their range; `Malformed` for curves of different lengths. Each curve has its own
/// result, an error as for [`baseline`].
pub fn baselines(curves: &[&[f64]], options: &BaselineOptions) -> Result<Vec<Result<Baseline>>> {
    options.check()?;
    let points = curves.first().map_or(0, |curve| curve.len());
    if curves.iter().any(|curve| curve.len() != points) {
        return Err(Error::malformed("the curves are of different lengths"));
    }
    let checked: Vec<Result<()>> = curves.iter().map(|curve| check(curve)).collect();
    let good: Vec<&[f64]> =
        curves.iter().zip(&checked).filter(|(_, checked)| checked.is_ok()).map(|(curve, _)| *curve).collect();
    let mut found = match InstructionSet::detected() {
        _ if good.len() == 1 => Passes::<1>::try_new(points, options)?.on_arrays(&good),
        set @ (InstructionSet::Avx2 | InstructionSet::Avx512) => {
            Passes::<WIDE_LANES>::try_new(points, options)?.on_wide_lanes(&good, set)
        }
        _ => Passes::<NARROW_LANES>::try_new(points, options)?.on_arrays(&good),
    }
    .into_iter();
    let result = |checked: Result<()>| {
        checked.and_then(|()| found.next().unwrap_or_else(|| Err(Error::malformed("there is no curve"))))
    };
    Ok(checked.into_iter().map(result).collect())
}

fn check(curve: &[f64]) -> Result<()> {
    check_column("the values", curve, curve.len(), None)?;
    if curve.len() < 4 {
        return Err(Error::malformed(format!("{} points have no baseline", curve.len())));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::golden::{Case, cases};
    use super::*;

    fn options(case: &Case, weights: BaselineWeights) -> BaselineOptions {
        let or = |name: &str, default: f64| case.params[name].as_f64().unwrap_or(default);
        let default = BaselineOptions::default();
        BaselineOptions {
            lambda: case.number("lam"),
            difference_order: or("diff_order", 2.0) as usize,
            weights,
            tolerance: or("tol", default.tolerance),
            maximum_passes: or("max_iter", default.maximum_passes as f64) as usize,
        }
    }

    fn check_golden(name: &str, weights: impl Fn(&Case) -> BaselineWeights) {
        for case in cases(name) {
            let found = baseline(&case.column("y"), &options(&case, weights(&case))).unwrap();
            case.assert_expected(&found.values, "baseline");
            assert_eq!(found.passes as u64, case.expected["n_iter"].as_u64().unwrap(), "{name}");
        }
    }

    #[test]
    fn golden() {
        check_golden("baseline_asls", |case| BaselineWeights::Asymmetric { asymmetry: case.number("p") });
        check_golden("baseline_arpls", |_| BaselineWeights::AsymmetricallyReweighted);
        check_golden("baseline_airpls", |_| BaselineWeights::AdaptiveIterativelyReweighted);
        check_golden("baseline_iarpls", |_| BaselineWeights::ImprovedAsymmetricallyReweighted);
        check_golden("baseline_psalsa", |case| {
            let (asymmetry, scale) = (case.number("p"), case.number("k"));
            BaselineWeights::PeakedSignal { asymmetry, scale }
        });
    }

    fn any_weights() -> impl Strategy<Value = BaselineWeights> {
        prop_oneof![
            Just(BaselineWeights::Asymmetric { asymmetry: 0.02 }),
            Just(BaselineWeights::AsymmetricallyReweighted),
            Just(BaselineWeights::AdaptiveIterativelyReweighted),
            Just(BaselineWeights::ImprovedAsymmetricallyReweighted),
            Just(BaselineWeights::PeakedSignal { asymmetry: 0.5, scale: 0.1 }),
        ]
    }

    proptest! {
        #[test]
        fn many_curves_have_the_bits_of_each_alone(
            curves in prop::collection::vec(prop::collection::vec(0.0_f64..1.0, 24), 0..11),
            weights in any_weights(),
        ) {
            let options = BaselineOptions::default().weights(weights).lambda(50.0);
            let columns: Vec<&[f64]> = curves.iter().map(Vec::as_slice).collect();
            let together = baselines(&columns, &options).unwrap();
            prop_assert_eq!(together.len(), curves.len());
            for (together, curve) in together.into_iter().zip(&curves) {
                prop_assert_eq!(together.unwrap(), baseline(curve, &options).unwrap());
            }
            // Other registers change no bit either.
            let narrow = Passes::<NARROW_LANES>::try_new(24, &options).unwrap().on_arrays(&columns);
            for set in [InstructionSet::Portable, InstructionSet::Avx2] {
                let wide = Passes::<WIDE_LANES>::try_new(24, &options).unwrap().on_wide_lanes(&columns, set);
                prop_assert!(narrow.iter().zip(&wide).all(|(a, b)| a.as_ref().unwrap() == b.as_ref().unwrap()));
            }
        }

        #[test]
        fn what_is_added_to_a_curve_is_added_to_its_baseline(
            curve in prop::collection::vec(0.0_f64..1.0, 30),
            added in 0.0_f64..1.0,
        ) {
            let options = BaselineOptions::default().lambda(1e3);
            let raised: Vec<f64> = curve.iter().map(|value| value + added).collect();
            let (low, high) = (baseline(&curve, &options).unwrap(), baseline(&raised, &options).unwrap());
            prop_assert!(low.values.iter().zip(&high.values).all(|(low, high)| (low + added - high).abs() < 1e-9));
        }
    }

    #[test]
    fn a_bad_curve_spoils_no_other_and_bad_options_are_named() {
        let (good, bad) = ([0.0, 0.1, 0.0, 0.1, 0.0], [0.0, f64::NAN, 0.0, 0.0, 0.0]);
        let found = baselines(&[&good, &bad, &good], &BaselineOptions::default()).unwrap();
        assert!(found[0].is_ok() && found[1].is_err() && found[2].is_ok());
        assert!(baselines(&[&good, &good[1..]], &BaselineOptions::default()).is_err());
        assert!(baseline(&good[..3], &BaselineOptions::default()).is_err());
        assert!(baselines(&[], &BaselineOptions::default()).unwrap().is_empty());
        let none_below = baseline(&[0.0; 9], &BaselineOptions::default()).unwrap();
        assert_eq!(none_below.values, [0.0; 9]);
        let default = BaselineOptions::default();
        for wrong in [
            default.lambda(-1.0),
            default.weights(BaselineWeights::Asymmetric { asymmetry: 1.0 }),
            BaselineOptions { tolerance: f64::NAN, ..default },
            BaselineOptions { maximum_passes: PASSES_LIMIT + 1, ..default },
        ] {
            assert!(baseline(&good, &wrong).is_err(), "{wrong:?}");
        }
    }
}
