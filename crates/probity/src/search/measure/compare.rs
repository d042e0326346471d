//! Two prepared spectra under the reference scorers.

use super::{Assignment, Measure};
use crate::error::{Error, Result};
use crate::search::alignment::Alignment;
use crate::search::measure_value::{
    COSINE, MATCH_FACTOR, MATCHED_PEAKS, MODIFIED_COSINE, MeasureValue, NEUTRAL_LOSS_COSINE,
    REVERSE_MATCH_FACTOR, SPECTRAL_ENTROPY,
};
use crate::search::prepared::{PeaksWithPrecursor, Prepared, UnitMass};
use crate::search::top::RankKey;
use crate::similarity::common_range::CommonRange;
use crate::similarity::cosine::{CosineOptions, CosineScore, cosine_greedy, cosine_optimal};
use crate::similarity::modified_cosine::{modified_cosine_greedy, modified_cosine_optimal};
use crate::similarity::neutral_loss_cosine::neutral_loss_cosine;
use crate::similarity::nist_hybrid::{NistHybridScratch, nist_hybrid};
use crate::similarity::nist_match_factor::{NistScore, nist_simple};
use crate::similarity::nist_neutral_loss::nist_neutral_loss;
use crate::similarity::spectral_entropy::EntropySpectrum;
use crate::similarity::stein_scott_composite::stein_scott_composite;
use crate::similarity::weighted_dot_product::{WeightedSpectrum, weighted_dot_product};
use crate::spectrum::PeakList;

/// A comparison of peaks within a tolerance: the measure, its value, and the pairs behind it.
struct Paired {
    name: &'static str,
    value: f64,
    pairs: Vec<(usize, usize)>,
}

impl Measure {
    /// What a hit list is ordered by; `None` if the spectra have nothing in common. NIST's programs also
    /// list spectra with common peaks whose match factor is 0 among those that share the probability.
    pub(in crate::search) fn rank_key(
        &self,
        query: &Prepared,
        library: &Prepared,
    ) -> Result<Option<RankKey>> {
        if let (Prepared::UnitMass(query), Prepared::UnitMass(library)) = (query, library)
            && let Some(score) = self.nist_score(query, library)
        {
            return Ok((score.common_peaks > 0).then(|| RankKey {
                first: f64::from(score.match_factor.value()),
                second: f64::from(score.reverse_match_factor.value()),
            }));
        }
        let first = self.first_value(query, library)?;
        Ok((first > 0.0).then_some(RankKey { first, second: 0.0 }))
    }

    /// All measures of a hit but NIST's relative probability, which depends on the other hits.
    pub(in crate::search) fn values(
        &self,
        query: &Prepared,
        library: &Prepared,
    ) -> Result<Vec<MeasureValue>> {
        let (Prepared::UnitMass(q), Prepared::UnitMass(l)) = (query, library) else {
            let paired = self.paired(query, library)?;
            return Ok(vec![
                MeasureValue { name: paired.name, value: paired.value },
                MeasureValue { name: MATCHED_PEAKS, value: paired.pairs.len() as f64 },
            ]);
        };
        let mut values = Vec::new();
        let score = match self.nist_score(q, l) {
            Some(score) => score,
            None => {
                values
                    .push(MeasureValue { name: self.first_name(), value: self.first_value(query, library)? });
                q.nist_identity(l)
            }
        };
        let factors = [score.match_factor, score.reverse_match_factor];
        values.extend(
            [MATCH_FACTOR, REVERSE_MATCH_FACTOR]
                .into_iter()
                .zip(factors)
                .map(|(name, factor)| MeasureValue { name, value: f64::from(factor.value()) }),
        );
        Ok(values)
    }

    /// The query and a library entry side by side. NIST's loss and hybrid searches compare shifted
    /// peaks; what is laid side by side there are the peaks at their own places.
    pub(in crate::search) fn align<'a>(
        &self,
        query: &'a Prepared,
        library: &'a Prepared,
    ) -> Result<Alignment<'a>> {
        let (pairs, range) = match (query, library) {
            (Prepared::UnitMass(q), Prepared::UnitMass(l)) => {
                let range = self.range(q, l);
                (equal_masses(&q.peaks, &l.peaks, range), range)
            }
            _ => (self.paired(query, library)?.pairs, CommonRange::EVERYTHING),
        };
        Ok(Alignment { query: query.peaks(), library: library.peaks(), pairs, range })
    }

    /// The range that counts in a comparison at unit mass.
    pub(super) fn range(&self, query: &UnitMass, library: &UnitMass) -> CommonRange {
        match self {
            Self::WeightedCosine { common_range: true, .. }
            | Self::SteinScottComposite { common_range: true, .. } => CommonRange::from_scans(
                query.columns.columns(),
                query.scan_range_mz,
                library.columns.columns(),
                library.scan_range_mz,
            ),
            Self::NistIdentity {} | Self::NistSimple {} => {
                CommonRange::from_first_mz(query.nist.columns(), library.nist.columns())
            }
            _ => CommonRange::EVERYTHING,
        }
    }

    /// NIST's score, for the measures that are NIST's.
    fn nist_score(&self, query: &UnitMass, library: &UnitMass) -> Option<NistScore> {
        match self {
            Self::NistIdentity {} => Some(query.nist_identity(library)),
            Self::NistSimple {} => Some(nist_simple(query.nist.columns(), library.nist.columns())),
            Self::NistNeutralLoss {} => Some(nist_neutral_loss(query.molecule(), library.molecule())),
            Self::NistHybrid {} => {
                Some(nist_hybrid(query.molecule(), library.molecule(), &mut NistHybridScratch::default()))
            }
            _ => None,
        }
    }

    fn first_value(&self, query: &Prepared, library: &Prepared) -> Result<f64> {
        if let (Self::SpectralEntropy { tolerance, .. }, Prepared::Peaks(q), Prepared::Peaks(l)) =
            (self, query, library)
        {
            let (first, second) = entropy(q, l)?;
            return Ok(first.similarity(second, *tolerance, |_| {}));
        }
        let (Prepared::UnitMass(q), Prepared::UnitMass(l)) = (query, library) else {
            return Ok(self.paired(query, library)?.value);
        };
        let (query_weighted, library_weighted) = weighted(q, l)?;
        let range = self.range(q, l);
        Ok(match self {
            Self::SteinScottComposite { .. } => {
                stein_scott_composite(query_weighted, library_weighted, range).composite
            }
            _ => weighted_dot_product(query_weighted, library_weighted, range).cosine,
        })
    }

    fn paired(&self, query: &Prepared, library: &Prepared) -> Result<Paired> {
        let (Prepared::Peaks(query), Prepared::Peaks(library)) = (query, library) else {
            return Err(prepared_for_another());
        };
        let PeaksWithPrecursor { peaks: q, precursor_mz: query_mz, .. } = query;
        let PeaksWithPrecursor { peaks: l, precursor_mz: library_mz, .. } = library;
        let of_cosine = |name, score: CosineScore| Paired {
            name,
            value: score.cosine,
            pairs: score.pairs.iter().map(|pair| (pair.first, pair.second)).collect(),
        };
        Ok(match *self {
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
            Self::SpectralEntropy { tolerance, .. } => {
                let (first, second) = entropy(query, library)?;
                let mut pairs = Vec::new();
                let value = first.similarity(second, tolerance, |pair| pairs.push((pair.first, pair.second)));
                Paired { name: SPECTRAL_ENTROPY, value, pairs }
            }
            _ => return Err(prepared_for_another()),
        })
    }
}

/// The weighted spectra of a measure that weighs peaks.
pub(super) fn weighted<'a>(
    query: &'a UnitMass,
    library: &'a UnitMass,
) -> Result<(&'a WeightedSpectrum, &'a WeightedSpectrum)> {
    query.weighted.as_ref().zip(library.weighted.as_ref()).ok_or_else(prepared_for_another)
}

/// The weighted spectra of the entropy similarity.
fn entropy<'a>(
    query: &'a PeaksWithPrecursor,
    library: &'a PeaksWithPrecursor,
) -> Result<(&'a EntropySpectrum, &'a EntropySpectrum)> {
    query.entropy.as_ref().zip(library.entropy.as_ref()).ok_or_else(prepared_for_another)
}

fn prepared_for_another() -> Error {
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
