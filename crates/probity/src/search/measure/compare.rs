//! Two prepared spectra under the reference scorers.

use std::borrow::Cow;

use probity_kernels::InstructionSet;

use super::{Assignment, Measure, shown_beside};
use crate::error::{Error, Result};
use crate::search::alignment::Alignment;
use crate::search::curve_points::CurvePoints;
use crate::search::measure_value::{
    COSINE, MATCH_FACTOR, MATCHED_PEAKS, MODIFIED_COSINE, MeasureValue, NEUTRAL_LOSS_COSINE,
    NIST_DOT_PRODUCT, NIST_REVERSE_DOT_PRODUCT, REVERSE_MATCH_FACTOR, SPECTRAL_ENTROPY,
    SPECTRAL_ENTROPY_HYBRID, SPECTRAL_ENTROPY_NEUTRAL_LOSS, infrared_name,
};
use crate::search::prepared::{Compared, NistMass, Prepared, WeightedScan};
use crate::search::top::RankKey;
use crate::similarity::common_range::CommonRange;
use crate::similarity::cosine::{CosineOptions, CosineScore, cosine_greedy, cosine_optimal};
use crate::similarity::infrared::InfraredMeasure;
use crate::similarity::modified_cosine::{modified_cosine_greedy, modified_cosine_optimal};
use crate::similarity::neutral_loss_cosine::neutral_loss_cosine;
use crate::similarity::nist_dot_product::{NistDotProduct, nist_dot_product};
use crate::similarity::nist_hybrid::{NistHybridScratch, nist_hybrid};
use crate::similarity::nist_match_factor::{NistScore, nist_identity, nist_simple};
use crate::similarity::nist_neutral_loss::nist_neutral_loss;
use crate::similarity::spectral_entropy::EntropyScore;
use crate::similarity::stein_scott_composite::stein_scott_composite;
use crate::similarity::unit_mass::NistSpectrum;
use crate::similarity::weighted_dot_product::weighted_dot_product;
use crate::spectrum::PeakList;
use crate::units::MatchFactor;

/// A comparison of peaks within a tolerance: the measure, its value, and the pairs behind it.
struct Paired {
    name: &'static str,
    value: f64,
    pairs: Vec<(usize, usize)>,
}

impl Paired {
    fn of_entropy(name: &'static str, score: &EntropyScore) -> Self {
        let pairs = score.pairs.iter().map(|pair| (pair.first, pair.second)).collect();
        Self { name, value: score.similarity, pairs }
    }
}

impl Measure {
    /// What a hit list is ordered by; `None` if the spectra have nothing in common. NIST's programs also
    /// list spectra with common peaks whose match factor is 0 among those that share the probability.
    pub(in crate::search) fn rank_key(
        &self,
        query: &Compared,
        library: &Compared,
    ) -> Result<Option<RankKey>> {
        if let (Compared::Nist(query), Compared::Nist(library)) = (query, library) {
            let score = self.nist_score(query, library)?;
            let [first, second] = self.in_order(&score).map(|factor| f64::from(factor.value()));
            return Ok((score.common_peaks > 0).then_some(RankKey { first, second }));
        }
        if let (Self::NistDotProduct { tolerance }, Compared::Peaks(query), Compared::Peaks(library)) =
            (self, query, library)
        {
            let score = nist_dot_product(&query.peaks, &library.peaks, *tolerance)?;
            let [first, second] = in_order_of_dot_product(&score);
            return Ok((!score.pairs.is_empty()).then_some(RankKey { first, second }));
        }
        if let (Self::Infrared { similarity, regions }, Compared::Curve(query), Compared::Curve(library)) =
            (self, query, library)
        {
            let first = query.compare(library, &[*similarity], regions)?.pop().flatten();
            return Ok(first.filter(|&first| first > 0.0).map(|first| RankKey { first, second: 0.0 }));
        }
        let first = self.first_value(query, library)?;
        Ok((first > 0.0).then_some(RankKey { first, second: 0.0 }))
    }

    /// As [`Measure::rank_key`] for each of several entries, with the same bits; correlations of curves side by side.
    pub(in crate::search) fn rank_keys(
        &self,
        query: &Compared,
        library: &[Cow<'_, Compared>],
        instructions: InstructionSet,
    ) -> Result<Vec<Option<RankKey>>> {
        if let (Self::Infrared { similarity, regions }, Compared::Curve(query)) = (self, query)
            && regions.is_empty()
        {
            let curves: Option<Vec<&CurvePoints>> = library.iter().map(|entry| entry.curve()).collect();
            let correlations =
                curves.and_then(|curves| query.correlations(&curves, *similarity, instructions));
            if let Some(correlations) = correlations {
                let key =
                    |first: Option<f64>| Some(RankKey { first: first.filter(|&x| x > 0.0)?, second: 0.0 });
                return Ok(correlations.into_iter().map(key).collect());
            }
        }
        library.iter().map(|entry| self.rank_key(query, entry)).collect()
    }

    /// All measures of a hit but NIST's relative probability, which depends on the other hits.
    /// `library_nist` is what [`Measure::nist_shown`] makes of the library's record.
    pub(in crate::search) fn values(
        &self,
        query: &Prepared,
        library: &Compared,
        library_nist: Option<&NistSpectrum>,
    ) -> Result<Vec<MeasureValue>> {
        let mut values = Vec::new();
        if let (Self::Infrared { similarity, regions }, Compared::Curve(query), Compared::Curve(library)) =
            (self, &query.compared, library)
        {
            let measures = shown_beside(*similarity);
            let compared = query.compare(library, &measures, regions)?;
            let value = |(value, &measure): (Option<f64>, &InfraredMeasure)| {
                Some(MeasureValue { name: infrared_name(measure), value: value? })
            };
            return Ok(compared.into_iter().zip(&measures).filter_map(value).collect());
        }
        if let (Self::NistDotProduct { tolerance }, Compared::Peaks(query), Compared::Peaks(library)) =
            (self, &query.compared, library)
        {
            let score = nist_dot_product(&query.peaks, &library.peaks, *tolerance)?;
            let [first, second] = in_order_of_dot_product(&score);
            return Ok(vec![
                MeasureValue { name: NIST_DOT_PRODUCT, value: first },
                MeasureValue { name: NIST_REVERSE_DOT_PRODUCT, value: second },
                MeasureValue { name: MATCHED_PEAKS, value: score.pairs.len() as f64 },
            ]);
        }
        let score = match (&query.compared, library) {
            (Compared::Nist(query), Compared::Nist(library)) => self.nist_score(query, library)?,
            (Compared::Weighted(_), Compared::Weighted(_)) => {
                let value = self.first_value(&query.compared, library)?;
                values.push(MeasureValue { name: self.first_name(), value });
                let shown = query.nist.as_ref().zip(library_nist).ok_or_else(prepared_for_another)?;
                nist_identity(shown.0.columns(), shown.1.columns())
            }
            (query, library) => {
                let paired = self.paired(query, library)?;
                return Ok(vec![
                    MeasureValue { name: paired.name, value: paired.value },
                    MeasureValue { name: MATCHED_PEAKS, value: paired.pairs.len() as f64 },
                ]);
            }
        };
        let [first, second] = self.in_order(&score).map(|factor| f64::from(factor.value()));
        let names = if self.is_reverse() {
            [REVERSE_MATCH_FACTOR, MATCH_FACTOR]
        } else {
            [MATCH_FACTOR, REVERSE_MATCH_FACTOR]
        };
        values
            .extend(names.into_iter().zip([first, second]).map(|(name, value)| MeasureValue { name, value }));
        Ok(values)
    }

    /// The query and a library entry side by side. NIST's loss and hybrid searches compare shifted
    /// peaks; what is laid side by side there are the peaks at their own places.
    pub(in crate::search) fn align<'a>(
        &self,
        query: &'a Prepared,
        library: &'a Prepared,
    ) -> Result<Alignment<'a>> {
        let (pairs, range) = match (&query.compared, &library.compared) {
            (Compared::Weighted(q), Compared::Weighted(l)) => {
                let range = self.scan_range(q, l);
                (equal_masses(&query.peaks, &library.peaks, range), range)
            }
            (Compared::Nist(q), Compared::Nist(l)) => {
                let range = self.nist_range(q, l);
                (equal_masses(&query.peaks, &library.peaks, range), range)
            }
            (q, l) => (self.paired(q, l)?.pairs, CommonRange::EVERYTHING),
        };
        Ok(Alignment { query: &query.peaks, library: &library.peaks, pairs, range })
    }

    /// The range that counts in a comparison of weighted peaks.
    pub(super) fn scan_range(&self, query: &WeightedScan, library: &WeightedScan) -> CommonRange {
        match self {
            Self::WeightedCosine { common_range: true, .. }
            | Self::SteinScottComposite { common_range: true, .. } => CommonRange::from_scans(
                query.columns(),
                query.scan_range_mz,
                library.columns(),
                library.scan_range_mz,
            ),
            _ => CommonRange::EVERYTHING,
        }
    }

    /// The range that counts in one of NIST's comparisons.
    fn nist_range(&self, query: &NistMass, library: &NistMass) -> CommonRange {
        match self {
            Self::NistIdentity {}
            | Self::NistSimple {}
            | Self::NistIdentityReverse {}
            | Self::NistSimpleReverse {} => {
                CommonRange::from_first_mz(query.spectrum.columns(), library.spectrum.columns())
            }
            _ => CommonRange::EVERYTHING,
        }
    }

    /// The match factors in the order in which hits are ordered by them.
    fn in_order(&self, score: &NistScore) -> [MatchFactor; 2] {
        if self.is_reverse() {
            [score.reverse_match_factor, score.match_factor]
        } else {
            [score.match_factor, score.reverse_match_factor]
        }
    }

    fn nist_score(&self, query: &NistMass, library: &NistMass) -> Result<NistScore> {
        let (q, l) = (query.spectrum.columns(), library.spectrum.columns());
        Ok(match self {
            Self::NistIdentity {} | Self::NistIdentityReverse {} => nist_identity(q, l),
            Self::NistSimple {} | Self::NistSimpleReverse {} => nist_simple(q, l),
            Self::NistNeutralLoss {} => nist_neutral_loss(query.molecule(), library.molecule()),
            Self::NistHybrid {} => {
                nist_hybrid(query.molecule(), library.molecule(), &mut NistHybridScratch::default())
            }
            _ => return Err(prepared_for_another()),
        })
    }

    fn first_value(&self, query: &Compared, library: &Compared) -> Result<f64> {
        match (self, query, library) {
            (Self::SpectralEntropy { tolerance, .. }, Compared::Entropy(q), Compared::Entropy(l)) => {
                Ok(q.similarity(l, *tolerance, |_| {}))
            }
            (Self::SteinScottComposite { .. }, Compared::Weighted(q), Compared::Weighted(l)) => {
                Ok(stein_scott_composite(&q.spectrum, &l.spectrum, self.scan_range(q, l)).composite)
            }
            (Self::WeightedCosine { .. }, Compared::Weighted(q), Compared::Weighted(l)) => {
                Ok(weighted_dot_product(&q.spectrum, &l.spectrum, self.scan_range(q, l)).cosine)
            }
            _ => Ok(self.paired(query, library)?.value),
        }
    }

    fn paired(&self, query: &Compared, library: &Compared) -> Result<Paired> {
        let (q, l, query_mz, library_mz) = match (self, query, library) {
            (Self::SpectralEntropy { tolerance, .. }, Compared::Entropy(q), Compared::Entropy(l)) => {
                let mut pairs = Vec::new();
                let value = q.similarity(l, *tolerance, |pair| pairs.push((pair.first, pair.second)));
                return Ok(Paired { name: SPECTRAL_ENTROPY, value, pairs });
            }
            (
                Self::SpectralEntropyNeutralLoss { tolerance, .. },
                Compared::EntropyPrecursor(q),
                Compared::EntropyPrecursor(l),
            ) => {
                let score = q.neutral_loss_similarity(l, *tolerance)?;
                return Ok(Paired::of_entropy(SPECTRAL_ENTROPY_NEUTRAL_LOSS, &score));
            }
            (
                Self::SpectralEntropyHybrid { tolerance, .. },
                Compared::EntropyPrecursor(q),
                Compared::EntropyPrecursor(l),
            ) => {
                let score = q.hybrid_similarity(l, *tolerance)?;
                return Ok(Paired::of_entropy(SPECTRAL_ENTROPY_HYBRID, &score));
            }
            (_, Compared::Peaks(q), Compared::Peaks(l)) => {
                (&q.peaks, &l.peaks, &q.precursor_mz, &l.precursor_mz)
            }
            _ => return Err(prepared_for_another()),
        };
        let of_cosine = |name, score: CosineScore| Paired {
            name,
            value: score.cosine,
            pairs: score.pairs.iter().map(|pair| (pair.first, pair.second)).collect(),
        };
        Ok(match *self {
            Self::NistDotProduct { tolerance } => {
                let score = nist_dot_product(q, l, tolerance)?;
                let pairs = score.pairs.iter().map(|pair| (pair.first, pair.second)).collect();
                Paired { name: NIST_DOT_PRODUCT, value: f64::from(score.dot_product.value()), pairs }
            }
            Self::Cosine { tolerance, mz_power, intensity_power, assignment } => {
                let options = CosineOptions { tolerance, mz_power, intensity_power };
                of_cosine(
                    COSINE,
                    match assignment {
                        Assignment::Greedy => cosine_greedy(q, l, &options)?,
                        Assignment::Optimal => cosine_optimal(q, l, &options)?,
                    },
                )
            }
            Self::ModifiedCosine { tolerance, mz_power, intensity_power, assignment } => {
                let options = CosineOptions { tolerance, mz_power, intensity_power };
                of_cosine(
                    MODIFIED_COSINE,
                    match assignment {
                        Assignment::Greedy => modified_cosine_greedy(q, *query_mz, l, *library_mz, &options)?,
                        Assignment::Optimal => {
                            modified_cosine_optimal(q, *query_mz, l, *library_mz, &options)?
                        }
                    },
                )
            }
            Self::NeutralLossCosine { tolerance, mz_power, intensity_power } => {
                let options = CosineOptions { tolerance, mz_power, intensity_power };
                of_cosine(NEUTRAL_LOSS_COSINE, neutral_loss_cosine(q, *query_mz, l, *library_mz, &options)?)
            }
            _ => return Err(prepared_for_another()),
        })
    }
}

/// The dot products in the order in which hits are ordered by them.
fn in_order_of_dot_product(score: &NistDotProduct) -> [f64; 2] {
    [score.dot_product, score.reverse_dot_product].map(|factor| f64::from(factor.value()))
}

pub(super) fn prepared_for_another() -> Error {
    Error::invalid_option("the two spectra were prepared for another measure")
}

/// Positions of equal m/z within the range, both sides with an intensity above 0.
fn equal_masses(query: &PeakList, library: &PeakList, range: CommonRange) -> Vec<(usize, usize)> {
    let mut pairs = Vec::new();
    let mut position = 0;
    for (index, peak) in query.iter().enumerate() {
        while library.mz().get(position).is_some_and(|&mz| mz < peak.mz) {
            position += 1;
        }
        // Whole, so the cast is exact below u32::MAX, and saturates above.
        let in_range = range.contains(peak.mz as u32);
        if in_range
            && library.mz().get(position) == Some(&peak.mz)
            && peak.intensity > 0.0
            && library.intensity()[position] > 0.0
        {
            pairs.push((index, position));
        }
    }
    pairs
}
