//! How a method compares two prepared spectra: which reference scorer, with which options.

use serde::{Deserialize, Serialize};

use super::hit::Hit;
use super::measure_value::{
    COMPOSITE, COSINE, HYBRID_MATCH_FACTOR, HYBRID_REVERSE_MATCH_FACTOR, MATCH_FACTOR, MATCHED_PEAKS,
    MODIFIED_COSINE, MeasureInfo, MeasureValue, NEUTRAL_LOSS_COSINE, NEUTRAL_LOSS_MATCH_FACTOR,
    NEUTRAL_LOSS_REVERSE_MATCH_FACTOR, NIST_RELATIVE_PROBABILITY, REVERSE_MATCH_FACTOR, SIMPLE_MATCH_FACTOR,
    SIMPLE_REVERSE_MATCH_FACTOR, SPECTRAL_ENTROPY, WEIGHTED_COSINE,
};
use super::prepared::Prepared;
use super::top::RankKey;
use crate::error::Result;
use crate::library::Library;
use crate::spectrum::PeakList;
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
    /// Like NIST's neutral loss search.
    NistLikeNeutralLoss {},
    /// Like NIST's hybrid search.
    NistLikeHybrid {},
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
}
