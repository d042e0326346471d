//! One step of a recipe: a verb of [`ms`] or [`ir`] with its options.

use serde::{Deserialize, Serialize};

use super::{ir, ms};
use crate::error::{Error, Result};
use crate::spectrum::PeakList;
use crate::units::MassTolerance;

/// A step with all its options stated, so that a recipe means the same in every version. In TOML or JSON
/// the field `step` names it: `{ step = "keep_most_intense", count = 100 }`. What each does stands at the
/// function of the same name in [`ms`] or [`ir`]. A recipe is about peaks or about infrared spectra, not both.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "step", rename_all = "snake_case", deny_unknown_fields)]
#[non_exhaustive]
#[allow(missing_docs, reason = "the options are documented where they are used, at the functions")]
pub enum Step {
    /// [`ir::bridge_range`], one range after the other
    BridgeRanges { ranges_cm1: Vec<(f64, f64)>, edge_points: usize },
    /// [`ms::bin_to_unit_mass`]
    BinToUnitMass { boundary: f64 },
    /// [`ir::convert_ordinate`] of transmittance, and of reflectance as if it were transmittance
    ConvertToAbsorbance { transmittance_floor: f64 },
    /// [`ir::atr_correction()`]
    CorrectAtr(ir::AtrOptions),
    /// [`ms::keep_most_intense`]
    KeepMostIntense { count: usize },
    /// [`ms::keep_peaks_near_most_intense`]
    KeepPeaksNearMostIntense { count: usize, mz_window: f64 },
    /// Points within the closed ranges, in cm⁻¹, count as not measured from here on.
    LeaveOut { ranges_cm1: Vec<(f64, f64)> },
    /// [`ms::merge_peaks`]
    MergePeaks { tolerance: MassTolerance },
    /// [`ms::normalize`]
    Normalize { norm: ms::Norm, value: f64 },
    /// [`ms::remove_noise_below_frequent_intensities`]
    RemoveNoiseBelowFrequentIntensities { minimum_count: usize, multiplier: f64 },
    /// [`ms::remove_peaks_above_precursor`]
    RemovePeaksAbovePrecursor { offset: f64 },
    /// [`ms::remove_peaks_around_precursor`]
    RemovePeaksAroundPrecursor { mz_window: f64 },
    /// [`ms::remove_zero_intensities`]
    RemoveZeroIntensities {},
    /// [`ms::require_centroided`]
    RequireCentroided { mz_window: f64 },
    /// [`ms::require_maximum_number_of_peaks`]
    RequireMaximumNumberOfPeaks { allowed: usize },
    /// [`ms::require_minimum_number_of_high_peaks`]
    RequireMinimumNumberOfHighPeaks { required: usize, fraction: f64 },
    /// [`ms::require_minimum_number_of_peaks`]
    RequireMinimumNumberOfPeaks { required: usize },
    /// [`ir::resample()`]
    Resample(ir::Resample),
    /// [`ms::round_to_integer_abundance`]
    RoundToIntegerAbundance { maximum: u16 },
    /// [`ir::savitzky_golay()`] of each run of neighbouring measured points, derivatives per cm⁻¹; runs shorter than the
    /// window are left out
    SavitzkyGolay { window: usize, order: usize, derivative: usize, ends: ir::SavitzkyGolayEnds },
    /// [`ms::select_absolute_intensity`]
    SelectAbsoluteIntensity {
        minimum: f64,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        maximum: Option<f64>,
    },
    /// [`ms::select_mz_range`]
    SelectMzRange { first_mz: f64, last_mz: f64 },
    /// [`ms::select_relative_intensity`]
    SelectRelativeIntensity { fraction: f64 },
    /// Each run of neighbouring measured points less its [`ir::snip()`]
    Snip(ir::SnipOptions),
    /// [`ir::standard_normal_variate()`]
    StandardNormalVariate(ir::SnvOptions),
    /// Each run of neighbouring measured points less its [`ir::baseline()`]
    SubtractBaseline(ir::BaselineOptions),
    /// The measured points less their [`ir::polynomial_baseline()`]: ModPoly, IModPoly and relatives
    SubtractPolynomialBaseline(ir::PolynomialBaselineOptions),
    /// Each run of neighbouring measured points less its [`ir::rubber_band()`]
    SubtractRubberBand {},
    /// [`ms::weight`]
    Weight { mz_power: f64, intensity_power: f64 },
    /// [`ir::whittaker()`] of each run of neighbouring measured points
    Whittaker(ir::WhittakerOptions),
}

/// What a step made of a spectrum.
pub(super) type Outcome = Result<PeakList, ms::Rejection>;

impl Step {
    /// The name by which recipes call the step, such as `bin_to_unit_mass`.
    #[must_use]
    pub fn name(&self) -> String {
        let value = serde_json::to_value(self).unwrap_or_default();
        // A step is written with its name; only an option that is no finite number could be in the way.
        value["step"].as_str().unwrap_or("unnamed").to_owned()
    }

    /// Checks the options.
    ///
    /// # Errors
    /// `InvalidOption`, with a sentence that names the option and what it may be.
    pub fn check(&self) -> Result<()> {
        match *self {
            Self::BinToUnitMass { boundary } => ms::check_boundary(boundary),
            Self::KeepMostIntense { count } => at_least("count", as_number(count), 1.0),
            Self::KeepPeaksNearMostIntense { count, mz_window } => {
                at_least("count", as_number(count), 1.0)?;
                at_least("mz_window", mz_window, 0.0)
            }
            Self::MergePeaks { tolerance } => tolerance.checked().map(|_| ()),
            Self::Normalize { value, .. } => at_least("value", value, f64::MIN_POSITIVE),
            Self::RemoveNoiseBelowFrequentIntensities { minimum_count, multiplier } => {
                at_least("minimum_count", as_number(minimum_count), 1.0)?;
                at_least("multiplier", multiplier, 0.0)
            }
            Self::RemovePeaksAbovePrecursor { offset } => at_least("offset", offset, f64::MIN),
            Self::RemovePeaksAroundPrecursor { mz_window } | Self::RequireCentroided { mz_window } => {
                at_least("mz_window", mz_window, 0.0)
            }
            Self::RequireMinimumNumberOfHighPeaks { fraction, .. }
            | Self::SelectRelativeIntensity { fraction } => within("fraction", fraction, 0.0, 1.0),
            Self::RoundToIntegerAbundance { maximum } => at_least("maximum", f64::from(maximum), 1.0),
            Self::SelectAbsoluteIntensity { minimum, maximum } => {
                at_least("minimum", minimum, 0.0)?;
                maximum.map_or(Ok(()), |maximum| at_least("maximum", maximum, minimum))
            }
            Self::SelectMzRange { first_mz, last_mz } => {
                at_least("first_mz", first_mz, 0.0)?;
                at_least("last_mz", last_mz, first_mz)
            }
            Self::Weight { mz_power, intensity_power } => {
                within("mz_power", mz_power, 0.0, 10.0)?;
                within("intensity_power", intensity_power, 0.0, 10.0)
            }
            Self::RemoveZeroIntensities {}
            | Self::RequireMaximumNumberOfPeaks { .. }
            | Self::RequireMinimumNumberOfPeaks { .. } => Ok(()),
            _ => self.check_for_curves(),
        }
    }

    /// Applies a checked step.
    pub(super) fn apply(&self, peaks: &PeakList, precursor_mz: Option<f64>) -> Result<Outcome> {
        let unchanged = |verdict: Result<(), ms::Rejection>| verdict.map(|()| peaks.clone());
        Ok(match *self {
            Self::BinToUnitMass { boundary } => Ok(ms::bin_to_unit_mass(peaks, boundary)?),
            Self::KeepMostIntense { count } => Ok(ms::keep_most_intense(peaks, count)),
            Self::KeepPeaksNearMostIntense { count, mz_window } => {
                Ok(ms::keep_peaks_near_most_intense(peaks, count, mz_window))
            }
            Self::MergePeaks { tolerance } => Ok(ms::merge_peaks(peaks, tolerance)?),
            Self::Normalize { norm, value } => Ok(ms::normalize(peaks, norm, value)?),
            Self::RemoveNoiseBelowFrequentIntensities { minimum_count, multiplier } => {
                Ok(ms::remove_noise_below_frequent_intensities(peaks, minimum_count, multiplier))
            }
            Self::RemovePeaksAbovePrecursor { offset } => {
                Ok(ms::remove_peaks_above_precursor(peaks, stated(precursor_mz)?, offset))
            }
            Self::RemovePeaksAroundPrecursor { mz_window } => {
                Ok(ms::remove_peaks_around_precursor(peaks, stated(precursor_mz)?, mz_window))
            }
            Self::RemoveZeroIntensities {} => Ok(ms::remove_zero_intensities(peaks)),
            Self::RequireCentroided { mz_window } => unchanged(ms::require_centroided(peaks, mz_window)),
            Self::RequireMaximumNumberOfPeaks { allowed } => {
                unchanged(ms::require_maximum_number_of_peaks(peaks, allowed))
            }
            Self::RequireMinimumNumberOfHighPeaks { required, fraction } => {
                unchanged(ms::require_minimum_number_of_high_peaks(peaks, required, fraction))
            }
            Self::RequireMinimumNumberOfPeaks { required } => {
                unchanged(ms::require_minimum_number_of_peaks(peaks, required))
            }
            Self::RoundToIntegerAbundance { maximum } => Ok(ms::round_to_integer_abundance(peaks, maximum)?),
            Self::SelectAbsoluteIntensity { minimum, maximum } => {
                Ok(ms::select_absolute_intensity(peaks, minimum, maximum))
            }
            Self::SelectMzRange { first_mz, last_mz } => Ok(ms::select_mz_range(peaks, first_mz, last_mz)),
            Self::SelectRelativeIntensity { fraction } => Ok(ms::select_relative_intensity(peaks, fraction)),
            Self::Weight { mz_power, intensity_power } => Ok(ms::weight(peaks, mz_power, intensity_power)?),
            _ => {
                let message = "the step is about infrared spectra, and these are peaks";
                return Err(Error::invalid_option(message));
            }
        })
    }
}

fn stated(precursor_mz: Option<f64>) -> Result<f64> {
    match precursor_mz {
        Some(mz) if mz.is_finite() && mz > 0.0 => Ok(mz),
        Some(mz) => {
            Err(Error::invalid_option(format!("a precursor m/z must be above 0 and finite, not {mz}")))
        }
        None => Err(Error::invalid_option("the precursor m/z is needed, but the spectrum does not state it")),
    }
}

/// A count as a number for the comparison with a small limit; large ones lose digits, which is harmless.
fn as_number(count: usize) -> f64 {
    u32::try_from(count).map_or(f64::from(u32::MAX), f64::from)
}

fn at_least(option: &str, value: f64, minimum: f64) -> Result<()> {
    if value.is_finite() && value >= minimum {
        return Ok(());
    }
    let rule = if minimum == f64::MIN { String::new() } else { format!(" and at least {minimum}") };
    Err(Error::invalid_option(format!("{option} must be finite{rule}, not {value}")))
}

fn within(option: &str, value: f64, minimum: f64, maximum: f64) -> Result<()> {
    if value >= minimum && value <= maximum {
        return Ok(());
    }
    Err(Error::invalid_option(format!("{option} must lie from {minimum} to {maximum}, not at {value}")))
}
