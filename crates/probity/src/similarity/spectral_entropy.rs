//! Spectral entropy and the entropy similarity (Li et al., Nat. Methods 2021, 18, 1524; the searches by
//! neutral loss and hybrid: Li & Fiehn, Nat. Methods 2023, 20, 1475).
//!
//! The similarities are defined on *cleaned* spectra, whose peaks lie more than twice the tolerance apart,
//! so that no peak has two partners: see [`entropy_cleaning`].

use serde::{Deserialize, Serialize};

use super::modified_cosine::precursor_shift;
use super::peak_matching::{PeakPair, candidate_pairs};
use crate::error::Result;
use crate::math;
use crate::preprocess::ms::Norm;
use crate::preprocess::{Recipe, Step};
use crate::spectrum::PeakList;
use crate::stored::{Columns, Stored, put_f64s, put_mz};
use crate::units::MassTolerance;

/// How peaks are matched and weighted.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EntropyOptions {
    /// Peaks this far apart are the same ion; the default is 0.02 Da, as in `ms_entropy`.
    pub tolerance: MassTolerance,
    /// Whether spectra of low entropy are flattened first ([`entropy_weights`]); the default is yes.
    pub weighted: bool,
}

impl Default for EntropyOptions {
    fn default() -> Self {
        Self { tolerance: MassTolerance::Da(0.02), weighted: true }
    }
}

/// An entropy similarity and the pairs of peaks that it rests on.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct EntropyScore {
    /// The similarity, 0 (nothing in common) to 1 (the same up to scale).
    pub similarity: f64,
    /// How many pairs of peaks were matched.
    pub matched_peaks: usize,
    /// The matched pairs, by the positions in the two lists, ordered by the first position.
    pub pairs: Vec<PeakPair>,
}

/// The cleaning that the similarity was published with: no zeros, peaks merged until `merge_within`
/// apart, none below 1 % of the base peak, sum of intensities 1. For the similarity under a tolerance
/// `merge_within` is twice that; `ms_entropy` uses 0.05 Da for libraries.
///
/// # Errors
/// `InvalidOption` for a tolerance that is negative or not finite.
pub fn entropy_cleaning(merge_within: MassTolerance) -> Result<Recipe> {
    Recipe::try_new(vec![
        Step::RemoveZeroIntensities {},
        Step::MergePeaks { tolerance: merge_within },
        Step::SelectRelativeIntensity { fraction: 0.01 },
        Step::Normalize { norm: Norm::Sum, value: 1.0 },
    ])
}

/// The Shannon entropy of the intensities as shares of their sum, S = −Σ p ln p, in nats. Peaks of
/// intensity 0 add nothing; a spectrum without intensity has entropy 0.
#[must_use]
pub fn spectral_entropy(peaks: &PeakList) -> f64 {
    entropy_of(&shares(peaks.intensity()))
}

/// The intensities as shares of their sum, flattened where the entropy S is below 3 nats: p becomes
/// p^(0.25 + 0.25 S) and is brought to the sum of 1 again. One weight a peak, in order; all 0 for a
/// spectrum without intensity.
#[must_use]
pub fn entropy_weights(peaks: &PeakList) -> Vec<f64> {
    let shares = shares(peaks.intensity());
    let entropy = entropy_of(&shares);
    if entropy >= 3.0 {
        return shares;
    }
    let power = 0.25 + 0.25 * entropy;
    // 0 to any power above 0 is 0.
    self::shares(&shares.iter().map(|&p| math::pow(p, power)).collect::<Vec<_>>())
}

/// The entropy similarity of two cleaned spectra: ½ Σ [f(a + b) − f(a) − f(b)] over the matched peaks,
/// f(x) = x log₂ x, with the weights a and b of each spectrum summing to 1.
///
/// Peaks are matched in ascending order of m/z, each once: while both lists last, two peaks within the
/// tolerance (half width at the first spectrum's m/z, closed) are a pair, else the lower is passed over.
/// Peaks of intensity 0 take no part. A spectrum without intensity gives 0. Spectra that were not cleaned
/// give a number too, but one that depends on this order.
///
/// # Errors
/// `InvalidOption` for a tolerance that is negative or not finite.
pub fn entropy_similarity(
    first: &PeakList,
    second: &PeakList,
    options: &EntropyOptions,
) -> Result<EntropyScore> {
    let tolerance = options.tolerance.checked()?;
    let (first, second) = (EntropySpectrum::of(first, options), EntropySpectrum::of(second, options));
    let mut pairs = Vec::new();
    let similarity = first.similarity(&second, tolerance, |pair| pairs.push(pair));
    Ok(EntropyScore { similarity, matched_peaks: pairs.len(), pairs })
}

/// A spectrum with its weights, computed once and compared often.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct EntropySpectrum {
    mz: Vec<f64>,
    weight: Vec<f64>,
    /// f of each weight above 0.
    weighed: Vec<f64>,
}

impl EntropySpectrum {
    /// Weighs a spectrum.
    pub(crate) fn of(peaks: &PeakList, options: &EntropyOptions) -> Self {
        let weight = weights(peaks, options);
        let weighed = weight.iter().map(|&weight| if weight > 0.0 { f(weight) } else { 0.0 }).collect();
        Self { mz: peaks.mz().to_vec(), weight, weighed }
    }

    /// m/z and weights.
    pub(crate) fn weights(&self) -> impl Iterator<Item = (f64, f64)> + '_ {
        self.mz.iter().copied().zip(self.weight.iter().copied())
    }

    /// [`entropy_similarity`] with a tolerance that was checked; `visit` gets the matched pairs.
    pub(crate) fn similarity(
        &self,
        other: &Self,
        tolerance: MassTolerance,
        mut visit: impl FnMut(PeakPair),
    ) -> f64 {
        let mut sum = 0.0;
        let (mut i, mut j) = (0, 0);
        while let (Some(&first), Some(&second)) = (self.mz.get(i), other.mz.get(j)) {
            if self.weight[i] <= 0.0 {
                i += 1;
            } else if other.weight[j] <= 0.0 {
                j += 1;
            } else if tolerance.contains(first, second) {
                sum += self.term(other, i, j);
                visit(PeakPair { first: i, second: j });
                i += 1;
                j += 1;
            } else if first < second {
                i += 1;
            } else {
                j += 1;
            }
        }
        halved(sum)
    }

    /// What two peaks add.
    fn term(&self, other: &Self, i: usize, j: usize) -> f64 {
        f(self.weight[i] + other.weight[j]) - self.weighed[i] - other.weighed[j]
    }
}

impl Stored for EntropySpectrum {
    fn write(&self, bytes: &mut Vec<u8>) {
        put_mz(bytes, &self.mz);
        put_f64s(bytes, &self.weight);
        put_f64s(bytes, &self.weighed);
    }

    fn read(columns: &mut Columns<'_>) -> Option<Self> {
        let (mz, weight, weighed) = (columns.mz()?, columns.f64s()?, columns.f64s()?);
        let fits = weight.len() == mz.len()
            && weighed.len() == mz.len()
            && mz.is_sorted()
            && [&mz, &weight, &weighed].iter().all(|column| column.iter().all(|value| value.is_finite()));
        fits.then_some(Self { mz, weight, weighed })
    }
}

fn f(x: f64) -> f64 {
    x * math::log2(x)
}

/// Terms are differences of nearly equal numbers: rounding can carry the sum past either end.
fn halved(sum: f64) -> f64 {
    (sum / 2.0).clamp(0.0, 1.0)
}

/// The entropy similarity over neutral losses: two peaks match if precursor − m/z agrees within the
/// tolerance. Negative losses count like others; the searches of `ms_entropy` first remove all peaks above
/// precursor − 1.6.
///
/// # Errors
/// `InvalidOption` for a tolerance that is negative or not finite, or a precursor m/z that is not above 0
/// and finite; `LimitReached` if too many peaks lie within the tolerance.
pub fn neutral_loss_entropy_similarity(
    first: &PeakList,
    first_precursor_mz: f64,
    second: &PeakList,
    second_precursor_mz: f64,
    options: &EntropyOptions,
) -> Result<EntropyScore> {
    let first =
        EntropyPrecursor { spectrum: EntropySpectrum::of(first, options), precursor_mz: first_precursor_mz };
    let second = EntropyPrecursor {
        spectrum: EntropySpectrum::of(second, options),
        precursor_mz: second_precursor_mz,
    };
    first.neutral_loss_similarity(&second, options.tolerance)
}

/// The hybrid entropy similarity: peaks match as they are; those of both spectra that then have no
/// partner match by neutral loss. Peaks matched as they are keep their partner.
///
/// # Errors
/// As [`neutral_loss_entropy_similarity`].
pub fn hybrid_entropy_similarity(
    first: &PeakList,
    first_precursor_mz: f64,
    second: &PeakList,
    second_precursor_mz: f64,
    options: &EntropyOptions,
) -> Result<EntropyScore> {
    let first =
        EntropyPrecursor { spectrum: EntropySpectrum::of(first, options), precursor_mz: first_precursor_mz };
    let second = EntropyPrecursor {
        spectrum: EntropySpectrum::of(second, options),
        precursor_mz: second_precursor_mz,
    };
    first.hybrid_similarity(&second, options.tolerance)
}

/// A weighted spectrum with the m/z of its precursor.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct EntropyPrecursor {
    pub(crate) spectrum: EntropySpectrum,
    pub(crate) precursor_mz: f64,
}

impl EntropyPrecursor {
    /// [`neutral_loss_entropy_similarity`].
    pub(crate) fn neutral_loss_similarity(
        &self,
        other: &Self,
        tolerance: MassTolerance,
    ) -> Result<EntropyScore> {
        let losses = self.equal_losses(other, tolerance)?;
        let mut pairs = Matched::new(&self.spectrum, &other.spectrum);
        pairs.add(losses);
        Ok(pairs.summed())
    }

    /// [`hybrid_entropy_similarity`].
    pub(crate) fn hybrid_similarity(&self, other: &Self, tolerance: MassTolerance) -> Result<EntropyScore> {
        let losses = self.equal_losses(other, tolerance)?;
        let mut pairs = Matched::new(&self.spectrum, &other.spectrum);
        self.spectrum.similarity(&other.spectrum, tolerance, |pair| pairs.take(pair));
        pairs.add(losses);
        Ok(pairs.summed())
    }

    fn equal_losses(&self, other: &Self, tolerance: MassTolerance) -> Result<Vec<PeakPair>> {
        let shift = precursor_shift(self.precursor_mz, other.precursor_mz)?;
        candidate_pairs(&self.spectrum.mz, &other.spectrum.mz, tolerance.checked()?, shift)
    }
}

/// Pairs taken in the order in which they come, each peak once.
struct Matched<'a> {
    first: &'a EntropySpectrum,
    second: &'a EntropySpectrum,
    first_taken: Vec<bool>,
    second_taken: Vec<bool>,
    pairs: Vec<PeakPair>,
}

impl<'a> Matched<'a> {
    fn new(first: &'a EntropySpectrum, second: &'a EntropySpectrum) -> Self {
        let taken = |spectrum: &EntropySpectrum| vec![false; spectrum.mz.len()];
        Self { first, second, first_taken: taken(first), second_taken: taken(second), pairs: Vec::new() }
    }

    fn add(&mut self, candidates: Vec<PeakPair>) {
        for pair in candidates {
            let silent = self.first.weight[pair.first] <= 0.0 || self.second.weight[pair.second] <= 0.0;
            if !silent && !self.first_taken[pair.first] && !self.second_taken[pair.second] {
                self.take(pair);
            }
        }
    }

    fn take(&mut self, pair: PeakPair) {
        self.first_taken[pair.first] = true;
        self.second_taken[pair.second] = true;
        self.pairs.push(pair);
    }

    fn summed(mut self) -> EntropyScore {
        self.pairs.sort_unstable();
        let terms = self.pairs.iter().map(|pair| self.first.term(self.second, pair.first, pair.second));
        let similarity = halved(terms.sum());
        EntropyScore { similarity, matched_peaks: self.pairs.len(), pairs: self.pairs }
    }
}

fn weights(peaks: &PeakList, options: &EntropyOptions) -> Vec<f64> {
    if options.weighted { entropy_weights(peaks) } else { shares(peaks.intensity()) }
}

/// The values divided by their sum, added in order; unchanged if the sum is 0. Relative to a power of
/// two near the largest value, so that no sum overflows; the quotients keep their bits.
fn shares(values: &[f64]) -> Vec<f64> {
    let maximum = values.iter().copied().fold(0.0, f64::max);
    if maximum <= 0.0 {
        return values.to_vec();
    }
    let exponent = libm::ilogb(maximum);
    let scaled: Vec<f64> = values.iter().map(|&x| libm::scalbn(x, -exponent)).collect();
    let sum: f64 = scaled.iter().sum();
    scaled.iter().map(|x| x / sum).collect()
}

fn entropy_of(shares: &[f64]) -> f64 {
    let sum: f64 = shares.iter().filter(|&&p| p > 0.0).map(|&p| p * math::ln(p)).sum();
    // A single peak gives −0 without this.
    (-sum).max(0.0)
}

#[cfg(test)]
mod tests;
