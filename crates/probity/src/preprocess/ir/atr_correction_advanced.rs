//! Makes a spectrum of attenuated total reflection look like one in transmission: by Fresnel and Kramers-Kronig.

use std::f64::consts::{LN_10, PI};

use serde::{Deserialize, Serialize};

use super::columns::check_column;
use super::fresnel::ReflectionGeometry;
use super::kramers_kronig;
use crate::error::{Error, Result};

/// No organic band in the mid infrared comes near it.
const LARGEST_K: f64 = 20.0;

/// Below it absorbance is nearly proportional to k, so the search begins here.
const SMALL_K: f64 = 1e-3;

/// Steps of the search for one k; the false position halves its bracket at worst every second step.
const ROOT_STEPS: usize = 200;

/// The optics, and when the iteration ends.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct AdvancedAtrOptions {
    /// The crystal and the light in it.
    pub geometry: ReflectionGeometry,
    /// The sample's refractive index far above its bands; the default of 1.5 suits organic matter.
    pub infinite_index: f64,
    /// The thickness of the sample whose absorbance in transmission is returned, in µm; the default is 1.
    pub path_um: f64,
    /// The iteration ends when no k changes by more; the default is 1e-7.
    pub tolerance: f64,
    /// The most iterations, from 1; the default is 100.
    pub maximum_iterations: usize,
}

impl Default for AdvancedAtrOptions {
    fn default() -> Self {
        Self {
            geometry: ReflectionGeometry::default(),
            infinite_index: 1.5,
            path_um: 1.0,
            tolerance: 1e-7,
            maximum_iterations: 100,
        }
    }
}

impl AdvancedAtrOptions {
    /// # Errors
    /// `InvalidOption` for optics, a thickness, tolerance or number of iterations that make no sense.
    fn check(&self) -> Result<()> {
        self.geometry.checked()?;
        for (name, value) in [("thickness", self.path_um), ("tolerance", self.tolerance)] {
            if !(value > 0.0 && value.is_finite()) {
                return Err(Error::invalid_option(format!("a {name} of {value} makes no sense")));
            }
        }
        if self.infinite_index <= 0.0 || self.maximum_iterations == 0 {
            return Err(Error::invalid_option("an index must be above 0, and one iteration is the least"));
        }
        Ok(())
    }
}

/// A corrected spectrum with the optical constants behind it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AtrCorrected {
    /// The absorbance in transmission without reflection losses, 4π k ν d / ln 10.
    pub absorbance: Vec<f64>,
    /// The refractive index n.
    pub refractive_index: Vec<f64>,
    /// The absorption index k; negative where the measured absorbance was.
    pub absorption_index: Vec<f64>,
    /// How often k was computed.
    pub iterations: usize,
    /// Whether the last change of k lay within the tolerance. If not, the result is no correction.
    pub converged: bool,
    /// The largest change of k in the last iteration.
    pub last_change: f64,
    /// The number of points whose absorbance no k explains at the index found: less than light that leaves the
    /// crystal takes, or more than the sample can. They stand at the nearest k.
    pub unreachable_points: usize,
    /// The number of points with negative absorbance. Their k is that of the absolute value, negative: noise about
    /// zero stays noise about zero.
    pub negative_points: usize,
}

/// Finds k(ν) such that Fresnel's reflectance of n(ν) + ik(ν) gives the measured absorbance, with n(ν) from k(ν) by
/// [Kramers and Kronig](super::kramers_kronig()), in turn, n by half steps, until k stands (after Bertie & Eysel,
/// Appl. Spectrosc. 1985, 39, 392, and Bertie & Lan, Appl. Spectrosc. 1996, 50, 1047). Every point must be measured,
/// as n depends on all.
///
/// What it cannot know are bands outside the axis, an offset of the baseline, and contact of less than the whole
/// sample. Maclaurin's rule limits n where bands have few points. Against exact spectra of four Lorentzian bands on a
/// 5.9 cm⁻¹ grid the error is at most 0.1 % of the strongest band (full widths of 26 to 29 cm⁻¹, diamond), 0.5 % (11
/// to 22, ZnSe) and 0.7 % (8 to 24, germanium, 3 reflections).
///
/// `wavenumber` in cm⁻¹, above 0, at equal distances in either direction.
///
/// # Errors
/// `InvalidOption` for options that make no sense; `Malformed` for an axis that is not uniform or not above 0,
/// columns of different lengths, or values that are not finite.
pub fn atr_correction_advanced(
    wavenumber: &[f64],
    absorbance: &[f64],
    options: &AdvancedAtrOptions,
) -> Result<AtrCorrected> {
    options.check()?;
    let step = kramers_kronig::check(wavenumber, options.infinite_index)?;
    check_column("the absorbance", absorbance, wavenumber.len(), None)?;
    let mut n = vec![options.infinite_index; wavenumber.len()];
    let mut k = vec![0.0; wavenumber.len()];
    let (mut iterations, mut last_change, mut unreachable_points) = (0, f64::INFINITY, 0);
    while iterations < options.maximum_iterations && last_change > options.tolerance {
        if iterations > 0 {
            let changes = kramers_kronig::maclaurin(wavenumber, &k, step);
            // Half the way only: where strong bands come near total reflection's end, whole steps swing to and fro.
            n.iter_mut()
                .zip(changes)
                .for_each(|(n, change)| *n = 0.5 * (*n + options.infinite_index + change));
        }
        (last_change, unreachable_points) = (0.0, 0);
        for (point, k) in k.iter_mut().enumerate() {
            let size = absorbance[point].abs();
            let (found, reached) = absorption_index(&options.geometry, n[point], size);
            let signed = if absorbance[point] < 0.0 { -found } else { found };
            last_change = f64::max(last_change, (signed - *k).abs());
            unreachable_points += usize::from(!reached);
            *k = signed;
        }
        iterations += 1;
    }
    let path_cm = options.path_um * 1e-4;
    let in_transmission = wavenumber.iter().zip(&k).map(|(nu, k)| 4.0 * PI * k * nu * path_cm / LN_10);
    Ok(AtrCorrected {
        absorbance: in_transmission.collect(),
        refractive_index: n,
        absorption_index: k,
        iterations,
        converged: last_change <= options.tolerance,
        last_change,
        unreachable_points,
        negative_points: absorbance.iter().filter(|&&absorbance| absorbance < 0.0).count(),
    })
}

/// The least k at which a sample of index `n` gives the absorbance, and whether there is one; else the nearest.
fn absorption_index(geometry: &ReflectionGeometry, n: f64, absorbance: f64) -> (f64, bool) {
    let error = |k: f64| geometry.absorbance(n, k) - absorbance;
    let (mut low, mut below) = (0.0, error(0.0));
    if below >= 0.0 {
        // Rounding of a reflectance of 1 gives about 1e-16.
        return (0.0, below <= 1e-14);
    }
    // Absorbance grows with k up to a maximum, then the sample mirrors like a metal.
    let (mut high, mut above) = (SMALL_K, 0.0);
    while high <= LARGEST_K {
        above = error(high);
        if above >= 0.0 {
            break;
        }
        if above < below {
            return (low, false);
        }
        (low, below) = (high, above);
        high *= 1.2;
    }
    if high > LARGEST_K {
        return (low, false);
    }
    // Illinois: false position that halves the weight of an end that stays.
    let mut stayed = 0;
    for _ in 0..ROOT_STEPS {
        if above == 0.0 || high - low <= 1e-15 * high {
            break;
        }
        let middle = (low * above - high * below) / (above - below);
        let middle = if middle > low && middle < high { middle } else { 0.5 * (low + high) };
        let value = error(middle);
        if value >= 0.0 {
            (high, above) = (middle, value);
            below *= if stayed == 1 { 0.5 } else { 1.0 };
            stayed = 1;
        } else {
            (low, below) = (middle, value);
            above *= if stayed == -1 { 0.5 } else { 1.0 };
            stayed = -1;
        }
    }
    (high, true)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::golden::{Case, cases};
    use super::super::{AtrOptions, atr_correction};
    use super::*;
    use crate::preprocess::ms::tests::floats;

    fn options_of(case: &Case) -> AdvancedAtrOptions {
        let geometry = ReflectionGeometry {
            crystal_index: case.number("n1"),
            angle_degrees: case.number("theta_deg"),
            reflections: u32::try_from(case.count("bounces")).unwrap(),
            ..Default::default()
        };
        let (infinite_index, path_um) = (case.number("n_inf"), case.number("d_um"));
        AdvancedAtrOptions { geometry, infinite_index, path_um, ..Default::default() }
    }

    fn largest_difference(a: &[f64], b: &[f64]) -> f64 {
        a.iter().zip(b).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max)
    }

    fn largest(values: &[f64]) -> (usize, f64) {
        let better =
            |best: (usize, f64), (i, &value): (usize, &f64)| if value > best.1 { (i, value) } else { best };
        values.iter().enumerate().fold((0, f64::NEG_INFINITY), better)
    }

    /// With the true n the absorption index returns exactly; n from k by Maclaurin's rule on the file's 5.9 cm⁻¹ grid
    /// is the limit. Errors are shares of the largest true absorbance.
    #[test]
    fn golden_truth_returns() {
        let all = cases("atr_fresnel_forward");
        let limits = [(0.000_9, 0.001), (0.004_8, 0.008), (0.007, 0.024)];
        for (case, (worst, worst_n)) in all.iter().zip(limits) {
            let options = options_of(case);
            let expected = |name: &str| floats(&case.expected[name]);
            let (x, measured) = (case.column("x"), expected("A_atr_unpolarised"));
            for ((&n, &k), &a) in expected("n").iter().zip(&expected("k")).zip(&measured) {
                let (found, reached) = absorption_index(&options.geometry, n, a);
                assert!(reached && (found - k).abs() <= 1e-12 + 1e-10 * k, "{found} against {k}");
            }
            let got = atr_correction_advanced(&x, &measured, &options).unwrap();
            assert!(got.converged && got.unreachable_points == 0 && got.negative_points == 0);
            let truth = expected("A_trans_1um");
            let error = largest_difference(&got.absorbance, &truth) / largest(&truth).1;
            let error_n = largest_difference(&got.refractive_index, &expected("n"));
            assert!(error <= worst && error_n <= worst_n, "{error} {error_n}");
            assert_eq!(largest(&got.absorbance).0, largest(&truth).0);
            // The simple correction, scaled to the strongest band, is at least ten times as far off.
            let simple = atr_correction(&x, &measured, None, &AtrOptions::default()).unwrap();
            let scale = largest(&truth).1 / largest(&simple).1;
            let scaled: Vec<f64> = simple.iter().map(|value| value * scale).collect();
            let simple_error = largest_difference(&scaled, &truth) / largest(&truth).1;
            assert!(simple_error > 10.0 * error, "{simple_error} against {error}");
        }
        assert_eq!(all.len(), 3);
    }

    fn axis() -> Vec<f64> {
        (0..120).map(|i| 1_800.0 - 4.0 * f64::from(i)).collect()
    }

    #[test]
    fn negative_and_impossible_absorbance_is_counted() {
        let x = axis();
        let mut y = vec![0.0; 120];
        (y[30], y[60], y[61]) = (0.02, -0.02, 40.0);
        let options = AdvancedAtrOptions::default();
        let got = atr_correction_advanced(&x, &y, &options).unwrap();
        // What the impossible point does to n reaches its neighbours.
        assert!(got.negative_points == 1 && got.unreachable_points > 0);
        assert!(got.absorption_index[61] < 5.0, "{}", got.absorption_index[61]);
        assert!(got.absorbance.iter().all(|value| value.is_finite()));
        y[61] = 0.0;
        let got = atr_correction_advanced(&x, &y, &options).unwrap();
        assert!(got.converged && got.absorption_index[60] < 0.0 && got.absorption_index[30] > 0.0);
        let once = AdvancedAtrOptions { maximum_iterations: 1, ..options };
        let got = atr_correction_advanced(&x, &y, &once).unwrap();
        assert_eq!((got.iterations, got.converged), (1, false));
        let none = atr_correction_advanced(&x, &[0.0; 120], &options).unwrap();
        assert_eq!((none.iterations, none.converged, largest(&none.absorbance).1), (1, true, 0.0));
    }

    #[test]
    fn wrong_options_and_columns_are_errors() {
        let (x, y) = ([900.0, 904.0, 908.0], [0.0, 0.1, 0.0]);
        let right = AdvancedAtrOptions::default();
        assert!(atr_correction_advanced(&x, &y, &right).is_ok());
        for geometry in [
            ReflectionGeometry { crystal_index: 0.9, ..right.geometry },
            ReflectionGeometry { angle_degrees: f64::NAN, ..right.geometry },
            ReflectionGeometry { reflections: 0, ..right.geometry },
        ] {
            assert!(atr_correction_advanced(&x, &y, &AdvancedAtrOptions { geometry, ..right }).is_err());
        }
        for options in [
            AdvancedAtrOptions { infinite_index: f64::NAN, ..right },
            AdvancedAtrOptions { infinite_index: -1.0, ..right },
            AdvancedAtrOptions { path_um: 0.0, ..right },
            AdvancedAtrOptions { tolerance: f64::NAN, ..right },
            AdvancedAtrOptions { maximum_iterations: 0, ..right },
        ] {
            assert!(atr_correction_advanced(&x, &y, &options).is_err(), "{options:?}");
        }
        assert!(atr_correction_advanced(&x, &y[..2], &right).is_err());
        assert!(atr_correction_advanced(&[900.0, 904.0, 918.0], &y, &right).is_err());
        assert!(atr_correction_advanced(&x, &[0.0, f64::NAN, 0.0], &right).is_err());
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]

        /// On the same grid the rule's error cancels.
        #[test]
        fn what_the_model_makes_the_correction_undoes(
            bands in prop::collection::vec((1_400.0..1_750.0_f64, 0.01..0.12_f64, 6.0..20.0_f64), 1..4),
        ) {
            let x = axis();
            let band = |x: f64| bands.iter().map(|&(at, height, half)| {
                let u = (x - at) / half;
                height / (1.0 + u * u)
            }).sum::<f64>();
            let k: Vec<f64> = x.iter().map(|&x| band(x)).collect();
            let n = kramers_kronig(&x, &k, 1.5).unwrap();
            let options = AdvancedAtrOptions { tolerance: 1e-10, ..Default::default() };
            let y: Vec<f64> = n.iter().zip(&k).map(|(&n, &k)| options.geometry.absorbance(n, k)).collect();
            let got = atr_correction_advanced(&x, &y, &options).unwrap();
            prop_assert!(got.converged);
            prop_assert!(largest_difference(&got.absorption_index, &k) < 1e-8);
        }
    }
}
