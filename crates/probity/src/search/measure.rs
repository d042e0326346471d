//! How a method compares two prepared spectra: which reference scorer, with which options.

mod compare;
mod curves;
mod explain;
mod flat;
mod fragments;
mod prepare;

use serde::{Deserialize, Serialize};

use super::measure_value::{
    COMPOSITE, COSINE, MATCH_FACTOR, MATCHED_PEAKS, MODIFIED_COSINE, MeasureInfo, NEUTRAL_LOSS_COSINE,
    NIST_DOT_PRODUCT, NIST_RELATIVE_PROBABILITY, NIST_REVERSE_DOT_PRODUCT, REVERSE_MATCH_FACTOR,
    SPECTRAL_ENTROPY, SPECTRAL_ENTROPY_HYBRID, SPECTRAL_ENTROPY_NEUTRAL_LOSS, WEIGHTED_COSINE, infrared_name,
};
use crate::error::{Error, Result};
use crate::similarity::cosine::CosineOptions;
use crate::similarity::infrared::region::{WeightedRegion, region_weights};
use crate::similarity::infrared::{Better, InfraredMeasure};
use crate::similarity::weighted_dot_product::WeightedDotProductOptions;
use crate::units::MassTolerance;

/// The measure that orders the hits, with its options. The names are those of the reference scorers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
#[non_exhaustive]
pub enum Measure {
    /// NIST's Identity match factor.
    NistIdentity {},
    /// NIST's Simple match factor.
    NistSimple {},
    /// NIST's Identity reverse match factor: the peaks that only the query has do not count.
    NistIdentityReverse {},
    /// NIST's Simple reverse match factor: the peaks that only the query has do not count.
    NistSimpleReverse {},
    /// The match factor of NIST's neutral loss search. Both records must state a molecular mass.
    NistNeutralLoss {},
    /// The match factor of NIST's hybrid search. Both records must state a molecular mass.
    NistHybrid {},
    /// NIST's dot product of product ion spectra.
    NistDotProduct {
        /// How far paired peaks may lie apart.
        tolerance: MassTolerance,
    },
    /// Cosine of weighted peaks at unit mass.
    WeightedCosine {
        /// Power of m/z.
        mz_power: f64,
        /// Power of intensity.
        intensity_power: f64,
        /// Whether only the m/z range counts that both spectra were measured in.
        common_range: bool,
    },
    /// Composite of Stein and Scott at unit mass.
    SteinScottComposite {
        /// Power of m/z.
        mz_power: f64,
        /// Power of intensity.
        intensity_power: f64,
        /// Whether only the m/z range counts that both spectra were measured in.
        common_range: bool,
    },
    /// Spectral entropy similarity.
    SpectralEntropy {
        /// How far paired peaks may lie apart.
        tolerance: MassTolerance,
        /// Whether intensities are weighted by the spectrum's entropy first.
        weighted: bool,
    },
    /// Spectral entropy similarity of losses from the precursor. Both records must state a precursor.
    SpectralEntropyNeutralLoss {
        /// How far paired losses may lie apart.
        tolerance: MassTolerance,
        /// Whether intensities are weighted by the spectrum's entropy first.
        weighted: bool,
    },
    /// Spectral entropy similarity of peaks and, for those without a partner, of losses from the precursor.
    /// Both records must state a precursor.
    SpectralEntropyHybrid {
        /// How far paired peaks or losses may lie apart.
        tolerance: MassTolerance,
        /// Whether intensities are weighted by the spectrum's entropy first.
        weighted: bool,
    },
    /// Cosine of paired peaks.
    Cosine {
        /// How far paired peaks may lie apart.
        tolerance: MassTolerance,
        /// Power of m/z.
        mz_power: f64,
        /// Power of intensity.
        intensity_power: f64,
        /// How peaks with several partners are paired.
        assignment: Assignment,
    },
    /// Cosine in which peaks may also shift by the difference of the precursors.
    ModifiedCosine {
        /// How far paired peaks may lie apart.
        tolerance: MassTolerance,
        /// Power of m/z.
        mz_power: f64,
        /// Power of intensity.
        intensity_power: f64,
        /// How peaks with several partners are paired.
        assignment: Assignment,
    },
    /// Cosine of losses from the precursor.
    NeutralLossCosine {
        /// How far paired losses may lie apart.
        tolerance: MassTolerance,
        /// Power of m/z.
        mz_power: f64,
        /// Power of intensity.
        intensity_power: f64,
    },
    /// A measure of infrared spectra, of which more is more alike.
    Infrared {
        /// The measure.
        similarity: InfraredMeasure,
        /// Regions of the axis and how much their points count, the last that holds a point; none: all points count the
        /// same.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        regions: Vec<WeightedRegion>,
    },
}

/// How peaks with several partners are paired.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Assignment {
    /// The largest product first.
    Greedy,
    /// The largest sum of products.
    Optimal,
}

/// The measures of infrared spectra that stand beside the one that orders the hits.
const INFRARED_SHOWN: [InfraredMeasure; 6] = [
    InfraredMeasure::Correlation,
    InfraredMeasure::FirstDerivativeCorrelation,
    InfraredMeasure::Cosine,
    InfraredMeasure::SquaredFirstDifferenceCosine,
    InfraredMeasure::EuclideanDistance,
    InfraredMeasure::AbsoluteDifference,
];

/// The measures of a hit, the one that orders first.
fn shown_beside(first: InfraredMeasure) -> Vec<InfraredMeasure> {
    let others = INFRARED_SHOWN.into_iter().filter(|&measure| measure != first);
    std::iter::once(first).chain(others).collect()
}

impl Measure {
    /// The name of the measure that orders the hits.
    #[must_use]
    pub fn first_name(&self) -> &'static str {
        match self {
            Self::Infrared { similarity, .. } => infrared_name(*similarity),
            _ => self.names()[0],
        }
    }

    /// The measures that a hit may have, the one that orders first.
    #[must_use]
    pub fn info(&self) -> Vec<MeasureInfo> {
        match self {
            Self::Infrared { similarity, .. } => {
                shown_beside(*similarity).iter().map(|&measure| MeasureInfo::of_infrared(measure)).collect()
            }
            _ => self.names().iter().filter_map(|name| MeasureInfo::named(name)).collect(),
        }
    }

    fn names(&self) -> &'static [&'static str] {
        match self {
            Self::Infrared { .. } => &[],
            Self::NistIdentity {} => &[MATCH_FACTOR, REVERSE_MATCH_FACTOR, NIST_RELATIVE_PROBABILITY],
            Self::NistSimple {} | Self::NistNeutralLoss {} | Self::NistHybrid {} => {
                &[MATCH_FACTOR, REVERSE_MATCH_FACTOR]
            }
            Self::NistIdentityReverse {} | Self::NistSimpleReverse {} => {
                &[REVERSE_MATCH_FACTOR, MATCH_FACTOR]
            }
            Self::NistDotProduct { .. } => &[NIST_DOT_PRODUCT, NIST_REVERSE_DOT_PRODUCT, MATCHED_PEAKS],
            Self::WeightedCosine { .. } => &[WEIGHTED_COSINE, MATCH_FACTOR, REVERSE_MATCH_FACTOR],
            Self::SteinScottComposite { .. } => &[COMPOSITE, MATCH_FACTOR, REVERSE_MATCH_FACTOR],
            Self::SpectralEntropy { .. } => &[SPECTRAL_ENTROPY, MATCHED_PEAKS],
            Self::SpectralEntropyNeutralLoss { .. } => &[SPECTRAL_ENTROPY_NEUTRAL_LOSS, MATCHED_PEAKS],
            Self::SpectralEntropyHybrid { .. } => &[SPECTRAL_ENTROPY_HYBRID, MATCHED_PEAKS],
            Self::Cosine { .. } => &[COSINE, MATCHED_PEAKS],
            Self::ModifiedCosine { .. } => &[MODIFIED_COSINE, MATCHED_PEAKS],
            Self::NeutralLossCosine { .. } => &[NEUTRAL_LOSS_COSINE, MATCHED_PEAKS],
        }
    }

    /// Whether NIST's relative probability is among the measures.
    pub(super) fn has_relative_probability(&self) -> bool {
        self.names().contains(&NIST_RELATIVE_PROBABILITY)
    }

    /// Whether NIST's reverse match factor orders the hits.
    fn is_reverse(&self) -> bool {
        matches!(self, Self::NistIdentityReverse {} | Self::NistSimpleReverse {})
    }

    /// Whether only records that state a molecular mass can be compared.
    #[must_use]
    pub fn needs_molecular_mass(&self) -> bool {
        matches!(self, Self::NistNeutralLoss {} | Self::NistHybrid {})
    }

    /// Whether the measure's index bounds all rows, so that queries can share what is read of it.
    pub(super) fn bounds_all_rows(&self) -> bool {
        self.flat_score().is_some() || self.curve_score().is_some()
    }

    /// Whether infrared spectra are compared, not peaks.
    #[must_use]
    pub fn is_infrared(&self) -> bool {
        matches!(self, Self::Infrared { .. })
    }

    pub(super) fn check(&self) -> Result<()> {
        match *self {
            Self::NistIdentity {}
            | Self::NistSimple {}
            | Self::NistIdentityReverse {}
            | Self::NistSimpleReverse {}
            | Self::NistNeutralLoss {}
            | Self::NistHybrid {} => Ok(()),
            Self::Infrared { similarity, ref regions } => {
                if similarity.description().better != Better::Higher {
                    let message = format!(
                        "{} falls where spectra are more alike; it can be shown beside another measure, but not order hits",
                        similarity.description().name
                    );
                    return Err(Error::invalid_option(message));
                }
                region_weights(&[], regions).map(|_| ())
            }
            Self::WeightedCosine { mz_power, intensity_power, .. }
            | Self::SteinScottComposite { mz_power, intensity_power, .. } => {
                WeightedDotProductOptions { mz_power, intensity_power }.checked().map(|_| ())
            }
            Self::NistDotProduct { tolerance }
            | Self::SpectralEntropy { tolerance, .. }
            | Self::SpectralEntropyNeutralLoss { tolerance, .. }
            | Self::SpectralEntropyHybrid { tolerance, .. } => tolerance.checked().map(|_| ()),
            Self::Cosine { tolerance, mz_power, intensity_power, .. }
            | Self::ModifiedCosine { tolerance, mz_power, intensity_power, .. }
            | Self::NeutralLossCosine { tolerance, mz_power, intensity_power } => {
                CosineOptions { tolerance, mz_power, intensity_power }.checked().map(|_| ())
            }
        }
    }
}
