//! A number with its name and range.

use serde::Serialize;

use crate::similarity::infrared::{Better, InfraredMeasure};

/// A measure's value for one pair of spectra.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct MeasureValue {
    /// The measure's name, as in [`MeasureInfo`].
    pub name: &'static str,
    /// The value.
    pub value: f64,
}

impl MeasureValue {
    /// The value as an integer, of a measure that has only whole values.
    #[must_use]
    pub fn whole(&self) -> Option<u32> {
        let whole = self.value.fract() == 0.0 && (0.0..=f64::from(u32::MAX)).contains(&self.value);
        (whole && MeasureInfo::named(self.name).is_some_and(|info| info.whole)).then_some(self.value as u32)
    }
}

impl std::fmt::Display for MeasureValue {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.whole() {
            Some(number) => number.fmt(f),
            None if self.name == NIST_RELATIVE_PROBABILITY => write!(f, "{:.2}", self.value),
            None => write!(f, "{:.4}", self.value),
        }
    }
}

/// What a measure is.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct MeasureInfo {
    /// The name under which values are given.
    pub name: &'static str,
    /// The lowest value.
    pub minimum: f64,
    /// The highest value.
    pub maximum: f64,
    /// Which of two values tells of more likeness.
    pub better: Better,
    /// What it is.
    pub description: &'static str,
    /// Whether it has only whole values.
    #[serde(skip)]
    pub(super) whole: bool,
}

pub(super) const MATCH_FACTOR: &str = "match_factor";
pub(super) const REVERSE_MATCH_FACTOR: &str = "reverse_match_factor";
pub(super) const NIST_RELATIVE_PROBABILITY: &str = "nist_relative_probability";
pub(super) const NIST_DOT_PRODUCT: &str = "nist_dot_product";
pub(super) const NIST_REVERSE_DOT_PRODUCT: &str = "nist_reverse_dot_product";
pub(super) const COMPOSITE: &str = "stein_scott_composite";
pub(super) const WEIGHTED_COSINE: &str = "weighted_cosine";
pub(super) const SPECTRAL_ENTROPY: &str = "entropy_similarity";
pub(super) const SPECTRAL_ENTROPY_NEUTRAL_LOSS: &str = "neutral_loss_entropy_similarity";
pub(super) const SPECTRAL_ENTROPY_HYBRID: &str = "hybrid_entropy_similarity";
pub(super) const COSINE: &str = "cosine";
pub(super) const MODIFIED_COSINE: &str = "modified_cosine";
pub(super) const NEUTRAL_LOSS_COSINE: &str = "neutral_loss_cosine";
pub(super) const MATCHED_PEAKS: &str = "matched_peaks";

const fn fraction(name: &'static str, description: &'static str) -> MeasureInfo {
    MeasureInfo { name, minimum: 0.0, maximum: 1.0, better: Better::Higher, description, whole: false }
}

const fn factor(name: &'static str, description: &'static str) -> MeasureInfo {
    MeasureInfo { name, minimum: 0.0, maximum: 999.0, better: Better::Higher, description, whole: true }
}

/// Every measure there is: one name, one range, one meaning.
const ALL: [MeasureInfo; 14] = [
    factor(
        MATCH_FACTOR,
        "NIST's match factor: of the search that a NIST method is named after, else of Identity",
    ),
    factor(REVERSE_MATCH_FACTOR, "the same without the ions that only the query has"),
    MeasureInfo {
        name: NIST_RELATIVE_PROBABILITY,
        minimum: 0.0,
        maximum: 100.0,
        better: Better::Higher,
        description: "percent, relative to the other hits and assuming that one of them is right; \
                      a lone wrong hit gets nearly 100",
        whole: false,
    },
    factor(NIST_DOT_PRODUCT, "NIST's dot product of product ion spectra"),
    factor(NIST_REVERSE_DOT_PRODUCT, "the same without the ions that only the query has"),
    fraction(
        COMPOSITE,
        "composite of Stein and Scott: squared weighted cosine and ratios of neighbouring ions",
    ),
    fraction(WEIGHTED_COSINE, "cosine of peaks weighted by powers of m/z and intensity"),
    fraction(SPECTRAL_ENTROPY, "spectral entropy similarity of Li et al. 2021"),
    fraction(
        SPECTRAL_ENTROPY_NEUTRAL_LOSS,
        "spectral entropy similarity of losses from the precursor, Li and Fiehn 2023",
    ),
    fraction(
        SPECTRAL_ENTROPY_HYBRID,
        "spectral entropy similarity of peaks and, for those without a partner, of losses from the precursor, Li and Fiehn 2023",
    ),
    fraction(COSINE, "cosine of paired peaks weighted by powers of m/z and intensity"),
    fraction(MODIFIED_COSINE, "cosine in which peaks may shift by the difference of the precursors"),
    fraction(NEUTRAL_LOSS_COSINE, "cosine of losses from the precursor"),
    MeasureInfo {
        name: MATCHED_PEAKS,
        minimum: 0.0,
        maximum: 10_000_000.0,
        better: Better::Higher,
        description: "number of paired peaks",
        whole: true,
    },
];

/// The names under which the measures of infrared spectra are given: other measures are called cosine too.
pub(super) const fn infrared_name(measure: InfraredMeasure) -> &'static str {
    match measure {
        InfraredMeasure::AbsoluteDifference => "infrared_absolute_difference",
        InfraredMeasure::Correlation => "infrared_correlation",
        InfraredMeasure::Cosine => "infrared_cosine",
        InfraredMeasure::EuclideanDistance => "infrared_euclidean_distance",
        InfraredMeasure::FirstDerivativeAbsoluteDifference => "infrared_first_derivative_absolute_difference",
        InfraredMeasure::FirstDerivativeCorrelation => "infrared_first_derivative_correlation",
        InfraredMeasure::FirstDerivativeLeastSquares => "infrared_first_derivative_least_squares",
        InfraredMeasure::LeastSquares => "infrared_least_squares",
        InfraredMeasure::SpectralAngle => "infrared_spectral_angle",
        InfraredMeasure::SquaredFirstDifferenceCosine => "infrared_squared_first_difference_cosine",
    }
}

impl MeasureInfo {
    /// What the measure of this name is.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        let infrared = || InfraredMeasure::ALL.into_iter().map(Self::of_infrared);
        ALL.iter().copied().chain(infrared()).find(|info| info.name == name)
    }

    /// What a measure of infrared spectra is.
    #[must_use]
    pub fn of_infrared(measure: InfraredMeasure) -> Self {
        let description = measure.description();
        Self {
            name: infrared_name(measure),
            minimum: description.lowest,
            maximum: description.highest,
            better: description.better,
            description: description.definition,
            whole: false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique_and_match_factors_are_whole() {
        for (index, info) in ALL.iter().enumerate() {
            assert!(ALL[..index].iter().all(|other| other.name != info.name), "{}", info.name);
        }
        for measure in InfraredMeasure::ALL {
            let info = MeasureInfo::named(infrared_name(measure)).unwrap();
            assert_eq!(info, MeasureInfo::of_infrared(measure));
        }
        assert_eq!(MeasureValue { name: MATCH_FACTOR, value: 912.0 }.to_string(), "912");
        assert_eq!(MeasureValue { name: WEIGHTED_COSINE, value: 1.0 }.to_string(), "1.0000");
    }
}
