//! How noisy a spectrum is.

use serde::{Deserialize, Serialize};

use super::columns::{check_column, check_monotonic, is_measured, median, out_of_range};
use super::least_squares::{least_squares, scaled_powers};
use crate::error::{Error, Result};

/// The standard deviation of a normal distribution over its median absolute deviation, 1 / Φ⁻¹(3/4).
const DEVIATION_OF_MEDIAN: f64 = 1.482_602_218_505_601_8;

/// The highest order of the polynomial.
const MAXIMUM_ORDER: usize = 10;

/// Where to look.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct NoiseOptions {
    /// A closed range without bands, in cm⁻¹, lower end first; the default is 2000 to 2200. A diamond absorbs from 1900
    /// to 2300: there 2500 to 2650 serves.
    pub window_cm1: (f64, f64),
    /// The order of the polynomial that is taken off within the window, at most 10; the default is 2.
    pub polynomial_order: usize,
}

impl Default for NoiseOptions {
    fn default() -> Self {
        Self { window_cm1: (2_000.0, 2_200.0), polynomial_order: 2 }
    }
}

impl NoiseOptions {
    /// # Errors
    /// `InvalidOption` for a window without extent or an order above 10.
    fn check(&self) -> Result<()> {
        let (low, high) = self.window_cm1;
        if low.partial_cmp(&high) != Some(std::cmp::Ordering::Less) {
            return Err(Error::invalid_option(format!("a window from {low} to {high} cm⁻¹ has no extent")));
        }
        if self.polynomial_order > MAXIMUM_ORDER {
            let message = format!("a polynomial of order {} exceeds {MAXIMUM_ORDER}", self.polynomial_order);
            return Err(Error::invalid_option(message));
        }
        Ok(())
    }
}

/// Estimates of the noise, in units of the values.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Noise {
    /// The standard deviation of the residual of the polynomial within the window, the coefficients' degrees of freedom
    /// taken off (in the way of ASTM E1421). `None` if the window holds too few measured points.
    pub root_mean_square: Option<f64>,
    /// The largest less the least residual. `None` as above.
    pub peak_to_peak: Option<f64>,
    /// The number of measured points within the window.
    pub window_points: usize,
    /// From the whole spectrum: the median absolute deviation of first differences, as a standard deviation, over √2.
    /// `None` without two neighbours.
    pub of_first_differences: Option<f64>,
    /// From the whole spectrum: DER_SNR, 1.482602 / √6 times the median of |2 yᵢ − yᵢ₋₂ − yᵢ₊₂| (Stoehr et al., ADASS
    /// XVII, ASP Conf. Ser. 2008, 394, 505). `None` without five points in a row.
    pub of_second_differences: Option<f64>,
}

/// Estimates the noise of a spectrum. Estimates from the whole take bands for smooth over a few points. Differences
/// across points that were not measured do not count.
///
/// # Errors
/// `InvalidOption` for a window without extent or an order above 10; `Malformed` for columns of different lengths, an
/// axis without one direction, or values that are not finite.
pub fn noise(
    wavenumber: &[f64],
    values: &[f64],
    measured: Option<&[bool]>,
    options: &NoiseOptions,
) -> Result<Noise> {
    options.check()?;
    check_monotonic(wavenumber)?;
    check_column("the values", values, wavenumber.len(), measured)?;
    let (low, high) = options.window_cm1;
    let within = |&point: &usize| {
        is_measured(measured, point) && low <= wavenumber[point] && wavenumber[point] <= high
    };
    let (x, y): (Vec<f64>, Vec<f64>) =
        (0..values.len()).filter(within).map(|point| (wavenumber[point], values[point])).unzip();
    let residual = residual(&x, &y, options.polynomial_order)?;
    let freedom = y.len() as f64 - options.polynomial_order as f64 - 1.0;
    let estimates = Noise {
        root_mean_square: residual.as_ref().map(|residual| {
            let mean = residual.iter().sum::<f64>() / residual.len() as f64;
            (residual.iter().map(|value| (value - mean) * (value - mean)).sum::<f64>() / freedom).sqrt()
        }),
        peak_to_peak: residual.as_ref().map(|residual| {
            let most = residual.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            most - residual.iter().copied().fold(f64::INFINITY, f64::min)
        }),
        window_points: y.len(),
        of_first_differences: of_first_differences(values, measured),
        of_second_differences: of_second_differences(values, measured),
    };
    let Noise { root_mean_square, peak_to_peak, of_first_differences, of_second_differences, .. } = estimates;
    let all = [root_mean_square, peak_to_peak, of_first_differences, of_second_differences];
    if all.into_iter().flatten().all(f64::is_finite) { Ok(estimates) } else { Err(out_of_range("the noise")) }
}

/// What the polynomial leaves; `None` for too few points to leave anything.
fn residual(x: &[f64], y: &[f64], order: usize) -> Result<Option<Vec<f64>>> {
    if y.len() < order + 2 {
        return Ok(None);
    }
    let powers = scaled_powers(x, order);
    let coefficients = least_squares(powers.clone(), y.to_vec())?;
    let fit = |point: usize| -> f64 { coefficients.iter().zip(&powers).map(|(c, x)| c * x[point]).sum() };
    Ok(Some((0..y.len()).map(|point| y[point] - fit(point)).collect()))
}

fn of_first_differences(values: &[f64], measured: Option<&[bool]>) -> Option<f64> {
    let known = |&point: &usize| is_measured(measured, point - 1) && is_measured(measured, point);
    let differences: Vec<f64> =
        (1..values.len()).filter(known).map(|point| values[point] - values[point - 1]).collect();
    let middle = median(differences.clone())?;
    let deviation = median(differences.iter().map(|difference| (difference - middle).abs()).collect())?;
    Some(DEVIATION_OF_MEDIAN * deviation / 2.0_f64.sqrt())
}

fn of_second_differences(values: &[f64], measured: Option<&[bool]>) -> Option<f64> {
    let known = |&point: &usize| [point - 2, point, point + 2].iter().all(|&at| is_measured(measured, at));
    let differences = (2..values.len().saturating_sub(2))
        .filter(known)
        .map(|point| (2.0 * values[point] - values[point - 2] - values[point + 2]).abs());
    Some(1.482_602 / 6.0_f64.sqrt() * median(differences.collect())?)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::golden::cases;
    use super::*;
    use crate::preprocess::ms::tests::floats;

    #[test]
    fn golden_estimates() {
        let all = cases("noise");
        for case in &all {
            let window = floats(&case.params["window_exclusive"]);
            let (x, y) = (case.column("x"), case.column("y"));
            for order in [1, 2] {
                let options = NoiseOptions { window_cm1: (window[0], window[1]), polynomial_order: order };
                let got = noise(&x, &y, None, &options).unwrap();
                case.assert_expected(&[got.root_mean_square.unwrap()], &format!("rms_poly{order}"));
                case.assert_expected(&[got.peak_to_peak.unwrap()], &format!("p2p_poly{order}"));
                case.assert_expected(&[got.of_first_differences.unwrap()], "mad_diff_full");
                case.assert_expected(&[got.of_second_differences.unwrap()], "der_snr_full");
            }
        }
        assert_eq!(all.len(), 3);
    }

    #[test]
    fn what_is_not_there_is_none() {
        let got = noise(&[900.0, 904.0], &[0.1, 0.2], None, &NoiseOptions::default()).unwrap();
        assert_eq!((got.root_mean_square, got.peak_to_peak, got.window_points), (None, None, 0));
        assert_eq!((got.of_first_differences, got.of_second_differences), (Some(0.0), None));
        let empty = noise(&[], &[], None, &NoiseOptions::default()).unwrap();
        assert_eq!((empty.of_first_differences, empty.of_second_differences), (None, None));
        let (x, y) = ([1.0, 2.0, 3.0, 4.0, 5.0], [0.0, 1.0, f64::NAN, 1.0, 0.0]);
        let mask = [true, true, false, true, true];
        let gap = noise(&x, &y, Some(&mask), &NoiseOptions::default()).unwrap();
        assert_eq!(gap.of_second_differences, None);
        assert!(gap.of_first_differences.is_some());
    }

    #[test]
    fn wrong_options_and_columns_are_errors() {
        let (x, y) = ([1.0, 2.0, 3.0], [0.0, 1.0, 0.0]);
        let right = NoiseOptions::default();
        assert!(noise(&x, &[1e308, -1e308, 1e308], None, &right).is_err());
        assert!(noise(&x, &y[..2], None, &right).is_err());
        assert!(noise(&[1.0, 3.0, 2.0], &y, None, &right).is_err());
        assert!(noise(&x, &[0.0, f64::INFINITY, 0.0], None, &right).is_err());
        for window_cm1 in [(2.0, 2.0), (f64::NAN, 2.0)] {
            assert!(noise(&x, &y, None, &NoiseOptions { window_cm1, ..right }).is_err());
        }
        assert!(noise(&x, &y, None, &NoiseOptions { polynomial_order: 11, ..right }).is_err());
    }

    proptest! {
        #[test]
        fn a_parabola_is_no_noise_and_noise_scales(
            values in prop::collection::vec(-1.0..1.0_f64, 12..60),
            bend in -3.0..3.0_f64,
            scale in 0.5..4.0_f64,
        ) {
            let x: Vec<f64> = (0..values.len()).map(|i| 2_000.0 + i as f64).collect();
            let scaled: Vec<f64> =
                values.iter().zip(&x).map(|(y, x)| scale * y + bend * (x - 2_010.0) * (x - 2_010.0)).collect();
            let options = NoiseOptions::default();
            let (a, b) = (noise(&x, &values, None, &options).unwrap(), noise(&x, &scaled, None, &options).unwrap());
            let (a, b) = (a.root_mean_square.unwrap(), b.root_mean_square.unwrap());
            prop_assert!((scale * a - b).abs() < 1e-9 * (1.0 + b));
        }
    }
}
