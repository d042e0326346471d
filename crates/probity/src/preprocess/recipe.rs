//! Preprocessing as data: an ordered, serializable, hashable list of steps.

use serde::{Deserialize, Serialize};

use super::{PreparedCurve, Step, ms};
use crate::canonical::{canonical_json, sha256_hex};
use crate::error::{Error, Result};
use crate::spectrum::{Curve, PeakList};

/// An ordered list of checked steps. An empty recipe leaves a spectrum as it was published.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "RawRecipe")]
pub struct Recipe {
    steps: Vec<Step>,
}

/// What is deserialized, before it is checked.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawRecipe {
    #[serde(default)]
    steps: Vec<Step>,
}

impl TryFrom<RawRecipe> for Recipe {
    type Error = Error;

    fn try_from(raw: RawRecipe) -> Result<Self> {
        Self::try_new(raw.steps)
    }
}

/// What a recipe made of a spectrum.
#[derive(Debug, Clone, PartialEq)]
pub enum Preprocessed {
    /// The peaks after the last step.
    Accepted(PeakList),
    /// A step that requires something turned the spectrum away.
    Rejected {
        /// The step, counted from 1.
        step: usize,
        /// The verdict.
        rejection: ms::Rejection,
    },
}

impl Preprocessed {
    /// The peaks, unless the spectrum was rejected.
    #[must_use]
    pub fn accepted(self) -> Option<PeakList> {
        match self {
            Self::Accepted(peaks) => Some(peaks),
            Self::Rejected { .. } => None,
        }
    }
}

impl Recipe {
    /// A recipe of steps with sensible options.
    ///
    /// # Errors
    /// `InvalidOption` for an option that makes no sense, and for steps about peaks beside steps about infrared spectra; the
    /// sentence names the step and the option.
    pub fn try_new(steps: Vec<Step>) -> Result<Self> {
        for (index, step) in steps.iter().enumerate() {
            step.check().map_err(|error| at_step(index, step, &error))?;
            if step.is_for_curves() != steps[0].is_for_curves() {
                let error =
                    Error::invalid_option("a recipe is about peaks or about infrared spectra, not both");
                return Err(at_step(index, step, &error));
            }
        }
        Ok(Self { steps })
    }

    /// The steps, in the order in which they are applied.
    #[must_use]
    pub fn steps(&self) -> &[Step] {
        &self.steps
    }

    /// Applies all steps in order. `precursor_mz` is needed only by steps about the precursor.
    ///
    /// # Errors
    /// `InvalidOption` if a step needs the precursor's m/z and it is not stated; `Malformed` if a
    /// computed intensity exceeds the largest number. The sentence names the step. A spectrum that is not
    /// good enough is no error but [`Preprocessed::Rejected`].
    pub fn apply(&self, peaks: &PeakList, precursor_mz: Option<f64>) -> Result<Preprocessed> {
        let mut current = peaks.clone();
        for (index, step) in self.steps.iter().enumerate() {
            match step.apply(&current, precursor_mz).map_err(|error| at_step(index, step, &error))? {
                Ok(next) => current = next,
                Err(rejection) => return Ok(Preprocessed::Rejected { step: index + 1, rejection }),
            }
        }
        Ok(Preprocessed::Accepted(current))
    }

    /// Applies all steps in order to an infrared spectrum.
    ///
    /// # Errors
    /// As [`PreparedCurve::of`] and the steps; the sentence names the step.
    pub fn apply_to_curve(&self, curve: &Curve) -> Result<PreparedCurve> {
        let mut current = PreparedCurve::of(curve)?;
        for (index, step) in self.steps.iter().enumerate() {
            current = step.apply_to_curve(current).map_err(|error| at_step(index, step, &error))?;
        }
        Ok(current)
    }

    /// The points to which the last step that resamples brings every infrared spectrum, in cm⁻¹; `None` without such a
    /// step.
    #[must_use]
    pub fn grid_cm1(&self) -> Option<Vec<f64>> {
        let resample = self.steps.iter().rev().find_map(|step| match step {
            Step::Resample(resample) => Some(resample),
            _ => None,
        });
        // A checked step has an axis.
        resample.and_then(|resample| resample.grid.axis().ok()).map(|axis| axis.points())
    }

    /// The recipe as JSON without blanks, keys in alphabetical order, numbers in their shortest form:
    /// the same text for the same steps, however the recipe was written down.
    #[must_use]
    pub fn canonical_text(&self) -> String {
        canonical_json(self).expect("steps are plain data with text keys and finite numbers")
    }

    /// SHA-256 of the canonical text, as 64 hexadecimal digits.
    #[must_use]
    pub fn digest(&self) -> String {
        sha256_hex(self.canonical_text().as_bytes())
    }
}

fn at_step(index: usize, step: &Step, error: &Error) -> Error {
    Error::new(error.kind(), format!("step {} ({}): {}", index + 1, step.name(), error.message()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::ErrorKind;
    use crate::preprocess::ms::{Norm, Rejection};
    use crate::units::MassTolerance;

    const TOML: &str = r#"
        [[steps]]
        step = "merge_peaks"
        tolerance = { da = 0.05 }
        [[steps]]
        boundary = 1
        step = "bin_to_unit_mass"
        [[steps]]
        step = "remove_zero_intensities"
        [[steps]]
        step = "normalize"
        norm = "base_peak"
        value = 999
    "#;

    fn steps() -> Vec<Step> {
        vec![
            Step::MergePeaks { tolerance: MassTolerance::Da(0.05) },
            Step::BinToUnitMass { boundary: 1.0 },
            Step::RemoveZeroIntensities {},
            Step::Normalize { norm: Norm::BasePeak, value: 999.0 },
        ]
    }

    #[test]
    fn toml_and_json_give_the_same_recipe_and_digest() {
        let from_toml: Recipe = toml::from_str(TOML).unwrap();
        assert_eq!(from_toml.steps(), steps());
        let text = from_toml.canonical_text();
        assert_eq!(
            text,
            concat!(
                r#"{"steps":[{"step":"merge_peaks","tolerance":{"da":0.05}},"#,
                r#"{"boundary":1.0,"step":"bin_to_unit_mass"},{"step":"remove_zero_intensities"},"#,
                r#"{"norm":"base_peak","step":"normalize","value":999.0}]}"#
            )
        );
        let from_json: Recipe = serde_json::from_str(&text).unwrap();
        assert_eq!(from_json, from_toml);
        assert_eq!(from_json.digest(), from_toml.digest());
        let again: Recipe = toml::from_str(&toml::to_string(&from_toml).unwrap()).unwrap();
        assert_eq!(again, from_toml);
    }

    /// The digest of `{"steps":[]}` by coreutils' sha256sum.
    #[test]
    fn the_digest_is_sha_256_of_the_canonical_text() {
        let recipe = Recipe::default();
        assert_eq!(recipe.canonical_text(), r#"{"steps":[]}"#);
        assert_eq!(recipe.digest(), EMPTY_DIGEST);
        assert_ne!(Recipe::try_new(steps()).unwrap().digest(), EMPTY_DIGEST);
    }

    const EMPTY_DIGEST: &str = "4430e7786edc0f8419f02e909c15422ebf572287a58132d8f6f33250ce053121";

    #[test]
    fn unknown_steps_fields_and_impossible_options_are_refused() {
        for text in [
            r#"{"steps":[{"step":"sharpen"}]}"#,
            r#"{"steps":[{"step":"keep_most_intense","count":5,"colour":1}]}"#,
            r#"{"steps":[{"step":"remove_zero_intensities","count":5}]}"#,
            r#"{"steps":[{"step":"keep_most_intense"}]}"#,
            r#"{"steps":[],"order":1}"#,
            r#"{"steps":[{"step":"bin_to_unit_mass","boundary":7}]}"#,
        ] {
            assert!(serde_json::from_str::<Recipe>(text).is_err(), "{text}");
        }
        for step in [
            Step::BinToUnitMass { boundary: f64::NAN },
            Step::KeepMostIntense { count: 0 },
            Step::MergePeaks { tolerance: MassTolerance::Ppm(-1.0) },
            Step::Normalize { norm: Norm::Sum, value: 0.0 },
            Step::RemovePeaksAbovePrecursor { offset: f64::INFINITY },
            Step::SelectRelativeIntensity { fraction: 1.5 },
            Step::SelectMzRange { first_mz: 60.0, last_mz: 40.0 },
            Step::SelectAbsoluteIntensity { minimum: 2.0, maximum: Some(1.0) },
            Step::Weight { mz_power: f64::NAN, intensity_power: 1.0 },
        ] {
            let error = Recipe::try_new(vec![Step::RemoveZeroIntensities {}, step]).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::InvalidOption);
            assert!(error.to_string().starts_with("step 2 ("), "{error}");
        }
    }

    #[test]
    fn steps_are_applied_in_order_and_a_rejection_is_an_outcome() {
        let peaks = PeakList::try_new(vec![43.0, 58.0, 91.0], vec![1.0, 0.0, 3.0]).unwrap();
        let recipe = Recipe::try_new(vec![
            Step::RequireMinimumNumberOfPeaks { required: 3 },
            Step::RemoveZeroIntensities {},
            Step::RequireMinimumNumberOfPeaks { required: 3 },
        ]);
        assert_eq!(
            recipe.unwrap().apply(&peaks, None).unwrap(),
            Preprocessed::Rejected { step: 3, rejection: Rejection::TooFewPeaks { found: 2, required: 3 } }
        );
        let unchanged = Recipe::default().apply(&peaks, None).unwrap();
        assert_eq!(unchanged.accepted().unwrap(), peaks);
    }

    #[test]
    fn a_missing_precursor_is_an_error_that_names_the_step() {
        let recipe = Recipe::try_new(vec![Step::RemovePeaksAbovePrecursor { offset: -1.6 }]).unwrap();
        let peaks = PeakList::default();
        let error = recipe.apply(&peaks, None).unwrap_err();
        assert_eq!(
            error.to_string(),
            "step 1 (remove_peaks_above_precursor): \
             the precursor m/z is needed, but the spectrum does not state it"
        );
        assert!(recipe.apply(&peaks, Some(f64::NAN)).is_err());
        assert!(recipe.apply(&peaks, Some(304.0)).is_ok());
    }
}
