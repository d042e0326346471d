//! What counts as doubtful.

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::similarity::weighted_dot_product::WeightedDotProductOptions;

/// The thresholds of an audit. Shares are of the base peak or of another ion, from 0 to 1; cosines are
/// of peaks weighted by m/z and intensity at unit mass, from 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct AuditOptions {
    /// The weights of peaks when spectra are compared; the default is that of the method `ei-default`.
    pub weights: WeightedDotProductOptions,
    /// Spectra of one substance and form whose cosine on the common m/z range is lower than this
    /// disagree. In the real libraries 40 of 40 drugs measured again by another laboratory reach 0.83
    /// and 29 of 31 by the same one 0.75; of 111 pairs of underivatised entries of one contributor and
    /// key none lies between 0.68 and 0.82.
    pub replicate_cosine: f64,
    /// Spectra whose cosine over all m/z is at least this are copies of each other. Of the replicates
    /// measured by the same laboratory again, the best tenth reaches 0.997.
    pub copy_cosine: f64,
    /// Spectra with fewer peaks are not compared with others: one or two peaks agree by chance.
    pub fewest_peaks: usize,
    /// Substances with more entries of one form are not compared among themselves, since the work grows
    /// with the square.
    pub largest_replicate_group: usize,
    /// How far a stated molecular mass may lie from the nominal or the average mass of the formula, in
    /// Da: stated masses are whole numbers, rounded from one or the other.
    pub molecular_mass_tolerance_da: f64,
    /// How far a stated exact mass may lie from that of the formula, in Da: tables round to two or
    /// three decimals at worst, and some subtract the electron (0.0005).
    pub exact_mass_tolerance_da: f64,
    /// Ions above the isotope pattern of the molecular ion count from this share of the base peak on;
    /// below it is where noise and background are.
    pub foreign_ion_share: f64,
    /// The molecular ion is clear from this share of the base peak on, so that losses can be counted
    /// from it.
    pub clear_molecular_ion_share: f64,
    /// Ions at an implausible loss count from this share of the base peak on, after subtraction of the
    /// isotopes of lighter ions.
    pub implausible_loss_share: f64,
    /// The molecular ion is strong from this share of the base peak on: its isotopes are then measured
    /// well enough to be compared with the formula.
    pub strong_molecular_ion_share: f64,
    /// How far M + 2 may deviate from what the formula gives, relative to it: the window of Regulation
    /// (EU) 2021/808 for ion ratios.
    pub isotope_relative_tolerance: f64,
    /// Deviations of M + 2 count from this share of M on. Carbon and oxygen alone give a drug less, one
    /// chlorine 0.32, one bromine 0.97 (IUPAC abundances).
    pub isotope_share: f64,
    /// A scan that starts at this m/z or above misses ions that other spectra show, such as the 44 and
    /// 58 of amphetamines; 1,359 of 13,342 entries of MassBank do so.
    pub late_scan_start_mz: f64,
}

impl Default for AuditOptions {
    fn default() -> Self {
        Self {
            weights: WeightedDotProductOptions::default(),
            replicate_cosine: 0.75,
            copy_cosine: 0.9995,
            fewest_peaks: 5,
            largest_replicate_group: 500,
            molecular_mass_tolerance_da: 0.5,
            exact_mass_tolerance_da: 0.01,
            foreign_ion_share: 0.01,
            clear_molecular_ion_share: 0.05,
            implausible_loss_share: 0.05,
            strong_molecular_ion_share: 0.2,
            isotope_relative_tolerance: 0.4,
            isotope_share: 0.1,
            late_scan_start_mz: 70.0,
        }
    }
}

impl AuditOptions {
    /// Checks that every number makes sense.
    ///
    /// # Errors
    /// `InvalidOption` for a share or cosine outside 0 to 1, and for a tolerance, power or m/z that is
    /// negative or not finite. The cosine of copies must be above 0.9.
    pub fn checked(self) -> Result<Self> {
        self.weights.checked()?;
        let shares = [
            ("replicate_cosine", self.replicate_cosine),
            ("foreign_ion_share", self.foreign_ion_share),
            ("clear_molecular_ion_share", self.clear_molecular_ion_share),
            ("implausible_loss_share", self.implausible_loss_share),
            ("strong_molecular_ion_share", self.strong_molecular_ion_share),
            ("isotope_share", self.isotope_share),
        ];
        if let Some((name, value)) = shares.into_iter().find(|(_, value)| !(0.0..=1.0).contains(value)) {
            return Err(Error::invalid_option(format!("{name} must lie from 0 to 1, not at {value}")));
        }
        let sizes = [
            ("molecular_mass_tolerance_da", self.molecular_mass_tolerance_da),
            ("exact_mass_tolerance_da", self.exact_mass_tolerance_da),
            ("isotope_relative_tolerance", self.isotope_relative_tolerance),
            ("late_scan_start_mz", self.late_scan_start_mz),
        ];
        if let Some((name, value)) =
            sizes.into_iter().find(|(_, value)| !(value.is_finite() && *value >= 0.0))
        {
            return Err(Error::invalid_option(format!(
                "{name} must be finite and not negative, not {value}"
            )));
        }
        // Far below, every spectrum would have to be compared with nearly every other.
        if !(self.copy_cosine > 0.9 && self.copy_cosine <= 1.0) {
            return Err(Error::invalid_option(format!(
                "copy_cosine must lie above 0.9 and not above 1, not at {}",
                self.copy_cosine
            )));
        }
        Ok(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::search::{Measure, Method};

    #[test]
    fn the_weights_are_those_of_the_default_method() {
        let options = AuditOptions::default().checked().unwrap();
        let Measure::WeightedCosine { mz_power, intensity_power, common_range } =
            Method::named("ei-default").unwrap().measure
        else {
            panic!("ei-default has another measure");
        };
        assert!(common_range);
        assert_eq!(options.weights, WeightedDotProductOptions { mz_power, intensity_power });
    }

    #[test]
    fn numbers_that_make_no_sense_are_named() {
        let wrong = [
            (AuditOptions { replicate_cosine: 1.5, ..AuditOptions::default() }, "replicate_cosine"),
            (AuditOptions { foreign_ion_share: f64::NAN, ..AuditOptions::default() }, "foreign_ion_share"),
            (AuditOptions { late_scan_start_mz: -1.0, ..AuditOptions::default() }, "late_scan_start_mz"),
            (AuditOptions { copy_cosine: 0.5, ..AuditOptions::default() }, "copy_cosine"),
            (
                AuditOptions {
                    weights: WeightedDotProductOptions { mz_power: f64::NAN, intensity_power: 0.5 },
                    ..AuditOptions::default()
                },
                "power",
            ),
        ];
        for (options, name) in wrong {
            let error = options.checked().unwrap_err().to_string();
            assert!(error.contains(name), "{error}");
        }
    }
}
