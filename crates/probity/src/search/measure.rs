//! How a method compares two prepared spectra: which reference scorer, with which options.

use serde::{Deserialize, Serialize};

use super::alignment::Alignment;
use super::measure_value::{
    COMPOSITE, COSINE, MATCH_FACTOR, MATCHED_PEAKS, MODIFIED_COSINE, MeasureInfo, MeasureValue,
    NEUTRAL_LOSS_COSINE, NIST_RELATIVE_PROBABILITY, REVERSE_MATCH_FACTOR, SIMPLE_MATCH_FACTOR,
    SIMPLE_REVERSE_MATCH_FACTOR, SPECTRAL_ENTROPY, WEIGHTED_COSINE,
};
use super::prepared::{PeaksWithPrecursor, Prepared, UnitMass};
use super::top::RankKey;
use crate::error::{Error, Result};
use crate::format::Record;
use crate::preprocess::ms::{NIST_UNIT_MASS_BOUNDARY, bin_to_unit_mass};
use crate::similarity::cosine::{CosineOptions, CosineScore, cosine_greedy, cosine_optimal};
use crate::similarity::modified_cosine::{modified_cosine_greedy, modified_cosine_optimal};
use crate::similarity::neutral_loss_cosine::neutral_loss_cosine;
use crate::similarity::nist_match_factor::{NistScore, NistSearch, NistSpectrum, nist_match_factor};
use crate::similarity::peak_weights::{PeakWeights, WeightedSpectrum};
use crate::similarity::spectral_entropy::{EntropyOptions, entropy_similarity};
use crate::similarity::stein_scott_composite::stein_scott_composite;
use crate::similarity::unit_mass::UnitMassSpectrum;
use crate::similarity::weighted_cosine::weighted_cosine;
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

/// How peaks with several partners are paired.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Assignment {
    /// The largest product first.
    Greedy,
    /// The largest sum of products.
    Optimal,
}

/// What a comparison of two spectra gives: the measures in order, and the pairs behind them.
struct Compared {
    values: Vec<MeasureValue>,
    pairs: Vec<(usize, usize)>,
}

impl Measure {
    /// The name of the measure that orders the hits.
    #[must_use]
    pub fn first_name(&self) -> &'static str {
        self.names()[0]
    }

    /// The measures that a hit may have, the one that orders first.
    #[must_use]
    pub fn info(&self) -> Vec<MeasureInfo> {
        self.names().iter().filter_map(|name| MeasureInfo::named(name)).collect()
    }

    fn names(&self) -> &'static [&'static str] {
        match self {
            Self::NistIdentity {} => &[MATCH_FACTOR, REVERSE_MATCH_FACTOR, NIST_RELATIVE_PROBABILITY],
            Self::NistSimple {} => &[SIMPLE_MATCH_FACTOR, SIMPLE_REVERSE_MATCH_FACTOR],
            Self::WeightedCosine { .. } => &[WEIGHTED_COSINE, MATCH_FACTOR, REVERSE_MATCH_FACTOR],
            Self::SteinScottComposite { .. } => &[COMPOSITE, MATCH_FACTOR, REVERSE_MATCH_FACTOR],
            Self::SpectralEntropy { .. } => &[SPECTRAL_ENTROPY, MATCHED_PEAKS],
            Self::Cosine { .. } => &[COSINE, MATCHED_PEAKS],
            Self::ModifiedCosine { .. } => &[MODIFIED_COSINE, MATCHED_PEAKS],
            Self::NeutralLossCosine { .. } => &[NEUTRAL_LOSS_COSINE, MATCHED_PEAKS],
        }
    }
}

impl Measure {
    pub(super) fn check(&self) -> Result<()> {
        match *self {
            Self::NistIdentity {} | Self::NistSimple {} => Ok(()),
            Self::WeightedCosine { mz_power, intensity_power, .. }
            | Self::SteinScottComposite { mz_power, intensity_power, .. } => {
                PeakWeights { mz_power, intensity_power }.checked().map(|_| ())
            }
            Self::SpectralEntropy { tolerance, .. } => tolerance.checked().map(|_| ()),
            Self::Cosine { tolerance, mz_power, intensity_power, .. }
            | Self::ModifiedCosine { tolerance, mz_power, intensity_power, .. }
            | Self::NeutralLossCosine { tolerance, mz_power, intensity_power } => {
                CosineOptions { tolerance, mz_power, intensity_power }.checked().map(|_| ())
            }
        }
    }

    /// The peaks after the recipe as this measure takes them; `None` if it cannot compare the record.
    pub(super) fn prepare(&self, peaks: PeakList, record: &Record) -> Result<Option<Prepared>> {
        let weighted = |mz_power, intensity_power, unit: &UnitMassSpectrum| {
            PeakWeights { mz_power, intensity_power }.weigh(unit)
        };
        let unit_mass = |peaks: PeakList, weigh: &dyn Fn(&UnitMassSpectrum) -> [WeightedSpectrum; 2]| {
            let unit = UnitMassSpectrum::try_from_peaks(&peaks)?;
            let [weighted, ratio] = weigh(&unit);
            Ok(Prepared::UnitMass(Box::new(UnitMass {
                peaks,
                nist: nist_spectrum(record)?,
                weighted,
                ratio,
            })))
        };
        let precursor_mz = record.spectrum.as_mass().and_then(|mass| mass.acquisition.precursor_mz);
        match *self {
            Self::NistIdentity {} | Self::NistSimple {} => {
                unit_mass(peaks, &|_| [WeightedSpectrum::default(), WeightedSpectrum::default()]).map(Some)
            }
            Self::WeightedCosine { mz_power, intensity_power, .. } => unit_mass(peaks, &|unit| {
                [weighted(mz_power, intensity_power, unit), WeightedSpectrum::default()]
            })
            .map(Some),
            Self::SteinScottComposite { mz_power, intensity_power, .. } => unit_mass(peaks, &|unit| {
                [weighted(mz_power, intensity_power, unit), weighted(0.0, 0.5, unit)]
            })
            .map(Some),
            Self::ModifiedCosine { .. } | Self::NeutralLossCosine { .. } if precursor_mz.is_none() => {
                Ok(None)
            }
            _ => Ok(Some(Prepared::Peaks(PeaksWithPrecursor { peaks, precursor_mz }))),
        }
    }

    /// What a hit list is ordered by.
    pub(super) fn rank_key(&self, query: &Prepared, library: &Prepared) -> Result<RankKey> {
        if let (
            Self::NistIdentity {} | Self::NistSimple {},
            Prepared::UnitMass(query),
            Prepared::UnitMass(library),
        ) = (self, query, library)
        {
            let score = nist_match_factor(&query.nist, &library.nist, self.nist_search());
            return Ok(RankKey {
                first: f64::from(score.match_factor.value()),
                second: f64::from(score.reverse_match_factor.value()),
            });
        }
        let compared = self.compare(query, library)?;
        Ok(RankKey { first: compared.values[0].value, second: 0.0 })
    }

    /// All measures of a hit.
    pub(super) fn values(&self, query: &Prepared, library: &Prepared) -> Result<Vec<MeasureValue>> {
        let mut values = self.compare(query, library)?.values;
        if let (
            Self::WeightedCosine { .. } | Self::SteinScottComposite { .. },
            Prepared::UnitMass(query),
            Prepared::UnitMass(library),
        ) = (self, query, library)
        {
            values.extend(match_factors(
                nist_match_factor(&query.nist, &library.nist, NistSearch::Identity),
                [MATCH_FACTOR, REVERSE_MATCH_FACTOR],
            ));
        }
        Ok(values)
    }

    /// The query and a library entry side by side.
    pub(super) fn align<'a>(&self, query: &'a Prepared, library: &'a Prepared) -> Result<Alignment<'a>> {
        Ok(Alignment {
            query: query.peaks(),
            library: library.peaks(),
            pairs: self.compare(query, library)?.pairs,
            lowest_mz: self.lowest_mz(query, library),
        })
    }

    fn nist_search(&self) -> NistSearch {
        if matches!(self, Self::NistSimple {}) { NistSearch::Simple } else { NistSearch::Identity }
    }

    /// The m/z below which the measure compares nothing.
    pub(super) fn lowest_mz(&self, query: &Prepared, library: &Prepared) -> f64 {
        let restricted = match self {
            Self::NistIdentity {} | Self::NistSimple {} => true,
            Self::WeightedCosine { common_range, .. } | Self::SteinScottComposite { common_range, .. } => {
                *common_range
            }
            _ => false,
        };
        match (restricted, query.peaks().mz().first(), library.peaks().mz().first()) {
            (true, Some(&query_first), Some(&library_first)) => query_first.max(library_first),
            _ => 0.0,
        }
    }

    /// The reference scorer's answer.
    fn compare(&self, query: &Prepared, library: &Prepared) -> Result<Compared> {
        match (query, library) {
            (Prepared::UnitMass(q), Prepared::UnitMass(l)) => {
                let lowest_mz = self.lowest_mz(query, library);
                let values = self.compare_unit_mass(q, l, lowest_mz);
                Ok(Compared { values, pairs: equal_masses(&q.peaks, &l.peaks, lowest_mz) })
            }
            (Prepared::Peaks(q), Prepared::Peaks(l)) => self.compare_peaks(q, l),
            _ => Err(Error::invalid_option("the two spectra were prepared for different measures")),
        }
    }

    fn compare_unit_mass(&self, query: &UnitMass, library: &UnitMass, lowest_mz: f64) -> Vec<MeasureValue> {
        // Whole and at most u32::MAX: the peaks of unit-mass spectra are.
        let lowest_mz = lowest_mz as u32;
        let fraction = |name, value| vec![MeasureValue { name, value }];
        match self {
            Self::WeightedCosine { .. } => {
                fraction(WEIGHTED_COSINE, weighted_cosine(&query.weighted, &library.weighted, lowest_mz))
            }
            Self::SteinScottComposite { .. } => {
                let score = stein_scott_composite(
                    (&query.weighted, &library.weighted),
                    (&query.ratio, &library.ratio),
                    lowest_mz,
                );
                fraction(COMPOSITE, score.composite)
            }
            Self::NistSimple {} => match_factors(
                nist_match_factor(&query.nist, &library.nist, NistSearch::Simple),
                [SIMPLE_MATCH_FACTOR, SIMPLE_REVERSE_MATCH_FACTOR],
            ),
            _ => match_factors(
                nist_match_factor(&query.nist, &library.nist, NistSearch::Identity),
                [MATCH_FACTOR, REVERSE_MATCH_FACTOR],
            ),
        }
    }

    fn compare_peaks(&self, query: &PeaksWithPrecursor, library: &PeaksWithPrecursor) -> Result<Compared> {
        let (q, l) = (&query.peaks, &library.peaks);
        // `prepare` turns away records without a precursor where the measure needs one.
        let precursors = || query.precursor_mz.zip(library.precursor_mz).unwrap_or((0.0, 0.0));
        let of_cosine = |name, score: CosineScore| Compared {
            values: with_peaks(name, score.cosine, score.matched_peaks),
            pairs: score.pairs.iter().map(|pair| (pair.first, pair.second)).collect(),
        };
        Ok(match *self {
            Self::Cosine { tolerance, mz_power, intensity_power, assignment } => {
                let options = CosineOptions { tolerance, mz_power, intensity_power };
                let score = match assignment {
                    Assignment::Greedy => cosine_greedy(q, l, &options)?,
                    Assignment::Optimal => cosine_optimal(q, l, &options)?,
                };
                of_cosine(COSINE, score)
            }
            Self::ModifiedCosine { tolerance, mz_power, intensity_power, assignment } => {
                let options = CosineOptions { tolerance, mz_power, intensity_power };
                let (query_mz, library_mz) = precursors();
                let score = match assignment {
                    Assignment::Greedy => modified_cosine_greedy(q, query_mz, l, library_mz, &options)?,
                    Assignment::Optimal => modified_cosine_optimal(q, query_mz, l, library_mz, &options)?,
                };
                of_cosine(MODIFIED_COSINE, score)
            }
            Self::NeutralLossCosine { tolerance, mz_power, intensity_power } => {
                let options = CosineOptions { tolerance, mz_power, intensity_power };
                let (query_mz, library_mz) = precursors();
                of_cosine(NEUTRAL_LOSS_COSINE, neutral_loss_cosine(q, query_mz, l, library_mz, &options)?)
            }
            Self::SpectralEntropy { tolerance, weighted } => {
                let score = entropy_similarity(q, l, &EntropyOptions { tolerance, weighted })?;
                Compared {
                    values: with_peaks(SPECTRAL_ENTROPY, score.similarity, score.matched_peaks),
                    pairs: score.pairs.iter().map(|pair| (pair.first, pair.second)).collect(),
                }
            }
            _ => return Err(Error::invalid_option("this measure compares unit-mass spectra only")),
        })
    }
}

fn with_peaks(name: &'static str, value: f64, matched_peaks: usize) -> Vec<MeasureValue> {
    vec![MeasureValue { name, value }, MeasureValue { name: MATCHED_PEAKS, value: matched_peaks as f64 }]
}

fn match_factors(score: NistScore, [forward, reverse]: [&'static str; 2]) -> Vec<MeasureValue> {
    vec![
        MeasureValue { name: forward, value: f64::from(score.match_factor.value()) },
        MeasureValue { name: reverse, value: f64::from(score.reverse_match_factor.value()) },
    ]
}

/// A record's spectrum as NIST's programs take it, whatever the method's own recipe is.
fn nist_spectrum(record: &Record) -> Result<NistSpectrum> {
    let Some(mass) = record.spectrum.as_mass() else { return Ok(NistSpectrum::default()) };
    let binned = bin_to_unit_mass(&mass.peaks, NIST_UNIT_MASS_BOUNDARY)?;
    Ok(NistSpectrum::new(&UnitMassSpectrum::try_from_peaks(&binned)?))
}

/// Positions of equal m/z from `lowest_mz` on, both sides with an intensity above 0.
fn equal_masses(query: &PeakList, library: &PeakList, lowest_mz: f64) -> Vec<(usize, usize)> {
    let mut pairs = Vec::new();
    let mut position = 0;
    for (index, peak) in query.iter().enumerate().filter(|(_, peak)| peak.mz >= lowest_mz) {
        while library.mz().get(position).is_some_and(|&mz| mz < peak.mz) {
            position += 1;
        }
        if library.mz().get(position) == Some(&peak.mz)
            && peak.intensity > 0.0
            && library.intensity()[position] > 0.0
        {
            pairs.push((index, position));
        }
    }
    pairs
}
