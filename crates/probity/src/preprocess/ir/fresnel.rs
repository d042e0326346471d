//! What a crystal in contact with an absorbing sample reflects.

use serde::{Deserialize, Serialize};

use rustfft::num_complex::Complex;

use crate::error::{Error, Result};
use crate::math::{cos, log10, sin};

/// How the light swings against the plane of incidence.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Polarization {
    /// Both in equal parts: the mean of the two reflectances.
    #[default]
    Unpolarized,
    /// Perpendicular to the plane.
    S,
    /// In the plane.
    P,
}

/// The crystal of an accessory for attenuated total reflection, and the light in it.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct ReflectionGeometry {
    /// The crystal's refractive index; the default is diamond's 2.40 (ZnSe 2.43, germanium 4.01).
    pub crystal_index: f64,
    /// The angle of incidence in degrees, above 0 and below 90; the default is 45.
    pub angle_degrees: f64,
    /// How often the light meets the sample, from 1; the default is 1.
    pub reflections: u32,
    /// The default is unpolarized light.
    pub polarization: Polarization,
}

impl Default for ReflectionGeometry {
    fn default() -> Self {
        Self {
            crystal_index: 2.40,
            angle_degrees: 45.0,
            reflections: 1,
            polarization: Polarization::default(),
        }
    }
}

impl ReflectionGeometry {
    /// # Errors
    /// `InvalidOption` for an index that is not above 1, an angle outside 0 to 90 degrees, or no reflection.
    pub(super) fn checked(self) -> Result<Self> {
        check_crystal(self.crystal_index, self.angle_degrees)?;
        if self.reflections == 0 {
            return Err(Error::invalid_option("light that is never reflected has no absorbance"));
        }
        Ok(self)
    }

    /// The measured absorbance, −reflections · log₁₀ R, of a sample with the complex index n + ik.
    pub(super) fn absorbance(&self, n: f64, k: f64) -> f64 {
        let (s, p) = self.reflectances(n, k);
        let reflectance = match self.polarization {
            Polarization::Unpolarized => (s + p) / 2.0,
            Polarization::S => s,
            Polarization::P => p,
        };
        -f64::from(self.reflections) * log10(reflectance)
    }

    /// Rs and Rp of Fresnel's equations (Born & Wolf, *Principles of Optics*, 1.5.2 and 14.2) for light from the
    /// crystal.
    pub(super) fn reflectances(&self, n: f64, k: f64) -> (f64, f64) {
        let radians = self.angle_degrees.to_radians();
        let sine = self.crystal_index * sin(radians);
        let incident = Complex::new(self.crystal_index * cos(radians), 0.0);
        let square = Complex::new(n * n - k * k, 2.0 * n * k);
        // n₂ cos θ₂, on the branch that decays into the sample.
        let refracted = square_root(square - sine * sine);
        let s = (incident - refracted) / (incident + refracted);
        let (a, b) = (square * cos(radians), refracted * self.crystal_index);
        let p = (a - b) / (a + b);
        (s.norm_sqr(), p.norm_sqr())
    }
}

/// # Errors
/// `InvalidOption` for an index that is not above 1, or an angle outside 0 to 90 degrees.
pub(super) fn check_crystal(crystal_index: f64, angle_degrees: f64) -> Result<()> {
    if !(crystal_index > 1.0 && crystal_index.is_finite()) {
        return Err(Error::invalid_option(format!("{crystal_index} is no refractive index of a crystal")));
    }
    if !(angle_degrees > 0.0 && angle_degrees < 90.0) {
        let message = format!("an angle of incidence lies between 0 and 90 degrees, not at {angle_degrees}");
        return Err(Error::invalid_option(message));
    }
    Ok(())
}

/// The root with a real part that is not negative and, for an imaginary part that is not negative, an imaginary part
/// that is not; by square roots only, as the library's goes through an angle.
fn square_root(z: Complex<f64>) -> Complex<f64> {
    let length = z.norm_sqr().sqrt();
    // Without cancellation: the larger part first, the other from the product.
    if z.re >= 0.0 {
        let re = ((length + z.re) / 2.0).sqrt();
        Complex::new(re, if re > 0.0 { z.im / (2.0 * re) } else { 0.0 })
    } else {
        let im = ((length - z.re) / 2.0).sqrt();
        Complex::new(z.im.abs() / (2.0 * im), if z.im < 0.0 { -im } else { im })
    }
}

#[cfg(test)]
mod tests {
    use super::super::golden::cases;
    use super::*;
    use crate::preprocess::ms::tests::floats;

    #[test]
    fn golden_reflectances_and_absorbances() {
        let all = cases("atr_fresnel_forward");
        for case in &all {
            let geometry = ReflectionGeometry {
                crystal_index: case.number("n1"),
                angle_degrees: case.number("theta_deg"),
                reflections: u32::try_from(case.count("bounces")).unwrap(),
                polarization: Polarization::Unpolarized,
            };
            let (n, k) = (floats(&case.expected["n"]), floats(&case.expected["k"]));
            let each = |of: &dyn Fn(f64, f64) -> f64| -> Vec<f64> {
                n.iter().zip(&k).map(|(&n, &k)| of(n, k)).collect()
            };
            case.assert_expected(&each(&|n, k| geometry.reflectances(n, k).0), "Rs");
            case.assert_expected(&each(&|n, k| geometry.reflectances(n, k).1), "Rp");
            for (polarization, name) in [
                (Polarization::Unpolarized, "A_atr_unpolarised"),
                (Polarization::S, "A_atr_s"),
                (Polarization::P, "A_atr_p"),
            ] {
                let polarized = ReflectionGeometry { polarization, ..geometry };
                case.assert_expected(&each(&|n, k| polarized.absorbance(n, k)), name);
            }
        }
        assert_eq!(all.len(), 3);
    }

    #[test]
    fn roots_square_back_and_total_reflection_loses_nothing() {
        for z in [(3.0, 4.0), (-3.0, 4.0), (-3.0, -4.0), (0.0, 0.0), (-2.0, 0.0), (0.0, 2.0)] {
            let z = Complex::new(z.0, z.1);
            assert!((square_root(z) * square_root(z) - z).norm_sqr() < 1e-28, "{z}");
        }
        let geometry = ReflectionGeometry::default();
        assert!(geometry.absorbance(1.5, 0.0).abs() < 1e-15);
        // Beyond the critical angle light leaves the crystal.
        assert!(geometry.absorbance(1.8, 0.0) > 0.1);
    }
}
