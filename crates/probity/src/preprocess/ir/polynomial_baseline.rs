//! Baselines that are polynomials: fitted to all points, or again and again to a curve whose bands are cut off.

use serde::{Deserialize, Serialize};

use super::baseline::Baseline;
use super::columns::{check_column, check_monotonic, is_measured, out_of_range};
use super::orthogonal_polynomials::orthonormal_polynomials;
use crate::error::{Error, Result};

/// What is cut off before the next fit.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(tag = "clipping", rename_all = "snake_case", deny_unknown_fields)]
#[non_exhaustive]
pub enum PolynomialClipping {
    /// Nothing: one fit to all points.
    None,
    /// ModPoly (Lieber & Mahadevan-Jansen, Appl. Spectrosc. 2003, 57, 1363): what rises above the fit. Stops when the fit
    /// changes by less than the tolerance, relative to its norm.
    AboveFit,
    /// IModPoly (Zhao, Lui, McLean & Zeng, Appl. Spectrosc. 2007, 61, 1225): what rises above the fit by more than
    /// so many standard deviations of the residuals. Stops when the deviation changes by less than the tolerance,
    /// relative to the new one.
    AboveDeviation {
        /// Not negative; 1 in the paper.
        deviations: f64,
    },
}

/// How a polynomial baseline is found.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct PolynomialBaselineOptions {
    /// The order of the polynomial, up to 20; the default is 5.
    pub order: usize,
    /// What is cut off; by default what rises above the fit by more than 1 standard deviation (IModPoly).
    pub clipping: PolynomialClipping,
    /// Whether points that rise above the first fit by more than a standard deviation are left out of all later ones, as in
    /// the paper of IModPoly; by default they are.
    pub leave_out_peaks: bool,
    /// Whether each pass cuts the curve as measured, instead of what the last pass left; by default not.
    pub clip_measured: bool,
    /// At which change the passes end; the default is 1e-3.
    pub tolerance: f64,
    /// At most so many passes; the default is 250.
    pub maximum_passes: usize,
}

impl Default for PolynomialBaselineOptions {
    fn default() -> Self {
        Self {
            order: 5,
            clipping: PolynomialClipping::AboveDeviation { deviations: 1.0 },
            leave_out_peaks: true,
            clip_measured: false,
            tolerance: 1e-3,
            maximum_passes: 250,
        }
    }
}

/// The highest order: beyond it a polynomial follows the bands.
const ORDER_LIMIT: usize = 20;
/// The most passes that may be asked for.
const PASSES_LIMIT: usize = 10_000;

impl PolynomialBaselineOptions {
    /// ModPoly of an order, with no points left out.
    #[must_use]
    pub fn modified(order: usize) -> Self {
        let clipping = PolynomialClipping::AboveFit;
        Self { order, clipping, leave_out_peaks: false, ..Self::default() }
    }

    /// IModPoly of an order.
    #[must_use]
    pub fn improved(order: usize) -> Self {
        Self { order, ..Self::default() }
    }

    /// One fit of an order to all points.
    #[must_use]
    pub fn once(order: usize) -> Self {
        let clipping = PolynomialClipping::None;
        Self { order, clipping, leave_out_peaks: false, ..Self::default() }
    }

    fn check(&self) -> Result<()> {
        if self.order > ORDER_LIMIT {
            let message = format!("an order up to {ORDER_LIMIT}, not {}", self.order);
            return Err(Error::invalid_option(message));
        }
        if let PolynomialClipping::AboveDeviation { deviations } = self.clipping
            && !(deviations >= 0.0 && deviations.is_finite())
        {
            return Err(Error::invalid_option(format!("{deviations} is no number of deviations")));
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

/// The polynomial baseline of a curve, at all points of the axis. `measured` says which points were measured (`None`:
/// all); the others are not read and take no part in the fits. A single fit counts as no pass.
///
/// # Errors
/// `InvalidOption` for options outside their range; `Malformed` for columns of different lengths, numbers that are not
/// finite, an axis that turns or stands, not more measured points (after peaks were left out) than the order, and a
/// baseline that is not finite.
pub fn polynomial_baseline(
    axis: &[f64],
    values: &[f64],
    measured: Option<&[bool]>,
    options: &PolynomialBaselineOptions,
) -> Result<Baseline> {
    options.check()?;
    check_monotonic(axis)?;
    check_column("the values", values, axis.len(), measured)?;
    let mut known: Vec<bool> = (0..axis.len()).map(|point| is_measured(measured, point)).collect();
    let all = known.clone();
    let value = |point: usize| if all[point] { values[point] } else { 0.0 };
    let mut cut: Vec<f64> = (0..axis.len()).map(value).collect();
    let original = cut.clone();
    let mut basis = orthonormal_polynomials(axis, &known, options.order)?;
    let mut fitted = fit(&basis, &cut, &known);
    let mut deviation = standard_deviation(&cut, &fitted, &all);
    if options.leave_out_peaks && options.clipping != PolynomialClipping::None {
        for point in 0..axis.len() {
            known[point] &= fitted[point] + deviation >= cut[point];
        }
        basis = orthonormal_polynomials(axis, &known, options.order)?;
    }
    let mut baseline = Baseline {
        values: Vec::new(),
        passes: 0,
        last_change: 0.0,
        converged: options.clipping == PolynomialClipping::None,
    };
    while !baseline.converged && baseline.passes < options.maximum_passes {
        let above = match options.clipping {
            PolynomialClipping::AboveDeviation { deviations } => deviations * deviation,
            PolynomialClipping::None | PolynomialClipping::AboveFit => 0.0,
        };
        let from = if options.clip_measured { &original } else { &cut };
        cut = from.iter().zip(&fitted).map(|(value, fit)| value.min(fit + above)).collect();
        let before = std::mem::replace(&mut fitted, fit(&basis, &cut, &known));
        baseline.last_change = if matches!(options.clipping, PolynomialClipping::AboveDeviation { .. }) {
            let new = standard_deviation(&cut, &fitted, &all);
            let change = (deviation - new).abs() / new.max(f64::EPSILON);
            deviation = new;
            change
        } else {
            norm(fitted.iter().zip(&before).map(|(new, old)| new - old))
                / norm(before.iter().copied()).max(f64::EPSILON)
        };
        baseline.passes += 1;
        baseline.converged = baseline.last_change < options.tolerance;
    }
    baseline.values = fitted;
    let is_finite = baseline.last_change.is_finite() && baseline.values.iter().all(|value| value.is_finite());
    if is_finite { Ok(baseline) } else { Err(out_of_range("a polynomial baseline")) }
}

/// The polynomial next to the values at the known points, at all points.
fn fit(basis: &[Vec<f64>], values: &[f64], known: &[bool]) -> Vec<f64> {
    let mut fitted = vec![0.0; values.len()];
    for polynomial in basis {
        let products = polynomial.iter().zip(values).zip(known);
        let share: f64 = products.map(|((x, value), known)| if *known { x * value } else { 0.0 }).sum();
        fitted.iter_mut().zip(polynomial).for_each(|(fitted, x)| *fitted += share * x);
    }
    fitted
}

/// The standard deviation of the residuals at the known points, no degree of freedom lost.
fn standard_deviation(values: &[f64], fitted: &[f64], known: &[bool]) -> f64 {
    let residuals: Vec<f64> =
        (0..values.len()).filter(|&point| known[point]).map(|point| values[point] - fitted[point]).collect();
    let count = residuals.len() as f64;
    let mean = residuals.iter().sum::<f64>() / count;
    (residuals.iter().map(|residual| (residual - mean) * (residual - mean)).sum::<f64>() / count).sqrt()
}

fn norm(values: impl Iterator<Item = f64>) -> f64 {
    values.map(|value| value * value).sum::<f64>().sqrt()
}

#[cfg(test)]
mod tests {
    use super::super::golden::{Case, cases};
    use super::*;

    fn check_golden(name: &str, start: impl Fn(usize) -> PolynomialBaselineOptions) -> usize {
        let flag = |case: &Case, name: &str, default: bool| case.params[name].as_bool().unwrap_or(default);
        let number = |case: &Case, name: &str, default: f64| case.params[name].as_f64().unwrap_or(default);
        for case in cases(name) {
            let mut options = start(case.count("poly_order"));
            options.leave_out_peaks = flag(&case, "mask_initial_peaks", options.leave_out_peaks);
            options.clip_measured = flag(&case, "use_original", options.clip_measured);
            options.tolerance = number(&case, "tol", options.tolerance);
            options.maximum_passes = number(&case, "max_iter", options.maximum_passes as f64) as usize;
            if let PolynomialClipping::AboveDeviation { deviations } = &mut options.clipping {
                *deviations = number(&case, "num_std", *deviations);
            }
            let found = polynomial_baseline(&case.column("x"), &case.column("y"), None, &options).unwrap();
            case.assert_expected(&found.values, "baseline");
            let passes = case.expected.get("n_iter").map_or(0, |passes| passes.as_u64().unwrap());
            assert_eq!((found.passes as u64, found.converged), (passes, true), "{name} {:?}", case.params);
        }
        cases(name).len()
    }

    #[test]
    fn golden() {
        assert_eq!(check_golden("baseline_poly", PolynomialBaselineOptions::once), 6);
        assert_eq!(check_golden("baseline_modpoly", PolynomialBaselineOptions::modified), 12);
        assert_eq!(check_golden("baseline_imodpoly", PolynomialBaselineOptions::improved), 9);
    }

    #[test]
    fn points_that_were_not_measured_are_not_read() {
        let axis: Vec<f64> = (0..60).map(|i| 4_000.0 - 10.0 * f64::from(i)).collect();
        let mut values: Vec<f64> = (0..60).map(|i| f64::from((i * i) % 13) / 13.0).collect();
        let measured: Vec<bool> = (0..60).map(|point| point != 7).collect();
        for options in [PolynomialBaselineOptions::modified(2), PolynomialBaselineOptions::improved(3)] {
            let mut of = |value: f64| {
                values[7] = value;
                polynomial_baseline(&axis, &values, Some(&measured), &options)
            };
            assert_eq!(of(f64::NAN).unwrap(), of(99.0).unwrap());
            assert!(polynomial_baseline(&axis, &[f64::NAN; 60], None, &options).is_err());
        }
    }

    #[test]
    fn wrong_options_and_too_few_points_are_errors() {
        let (x, y) = ([1.0, 2.0, 3.0, 4.0], [0.0, 1.0, 0.0, 1.0]);
        let fit = |options| polynomial_baseline(&x, &y, None, &options);
        let default = PolynomialBaselineOptions::once(3);
        assert!(fit(default).unwrap().values.iter().zip(&y).all(|(a, b)| (a - b).abs() < 1e-12));
        let clipping = PolynomialClipping::AboveDeviation { deviations: -1.0 };
        for wrong in [
            PolynomialBaselineOptions::once(4),
            PolynomialBaselineOptions::once(21),
            PolynomialBaselineOptions { tolerance: f64::NAN, ..default },
            PolynomialBaselineOptions { maximum_passes: 10_001, ..default },
            PolynomialBaselineOptions { clipping, ..default },
        ] {
            assert!(fit(wrong).is_err(), "{wrong:?}");
        }
        assert!(polynomial_baseline(&x, &y[..3], None, &default).is_err());
        assert!(polynomial_baseline(&[1.0, 1.0, 2.0, 3.0], &y, None, &default).is_err());
        assert!(polynomial_baseline(&[], &[], None, &default).is_err());
        assert!(polynomial_baseline(&x, &[f64::MAX, -f64::MAX, f64::MAX, 0.0], None, &default).is_err());
    }
}
