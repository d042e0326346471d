//! The cosine of two peak lists under a mass tolerance.

use serde::{Deserialize, Serialize};

use super::peak_matching::{PeakPair, assign_greedily, assign_optimally, candidate_pairs};
use crate::error::{Error, Result};
use crate::math;
use crate::spectrum::PeakList;
use crate::units::MassTolerance;

/// How peaks are matched and weighted: weight = (m/z)^`mz_power` · intensity^`intensity_power`.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CosineOptions {
    /// Peaks this far apart may be the same ion; the default is 0.1 Da, as in matchms.
    pub tolerance: MassTolerance,
    /// Power of the m/z, 0 to 10; the default is 0.
    pub mz_power: f64,
    /// Power of the intensity, 0 to 10; the default is 1.
    pub intensity_power: f64,
}

impl Default for CosineOptions {
    fn default() -> Self {
        Self { tolerance: MassTolerance::Da(0.1), mz_power: 0.0, intensity_power: 1.0 }
    }
}

impl CosineOptions {
    /// Checks the options.
    ///
    /// # Errors
    /// `InvalidOption` for a tolerance that is negative or not finite, or a power outside 0 to 10.
    pub fn checked(self) -> Result<Self> {
        self.tolerance.checked()?;
        for (name, power) in [("mz_power", self.mz_power), ("intensity_power", self.intensity_power)] {
            if !(0.0..=10.0).contains(&power) {
                return Err(Error::invalid_option(format!("{name} must lie from 0 to 10, not at {power}")));
            }
        }
        Ok(self)
    }
}

/// A cosine and the pairs of peaks that it rests on.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct CosineScore {
    /// The cosine, 0 (nothing in common) to 1 (the same up to scale). It is not squared.
    pub cosine: f64,
    /// How many pairs of peaks were matched.
    pub matched_peaks: usize,
    /// The matched pairs, by the positions in the two lists, ordered by the first position.
    pub pairs: Vec<PeakPair>,
}

/// How candidates become an assignment.
#[derive(Debug, Clone, Copy)]
pub(super) enum Assignment {
    Greedy,
    Optimal,
}

/// The cosine with greedy assignment (`CosineGreedy` of matchms 0.33):
/// Σ w₁ w₂ over the assigned pairs, divided by √Σ w₁² · √Σ w₂² over all peaks.
///
/// Sums run in ascending order of the first spectrum's m/z. Peaks of intensity 0 take no part. A spectrum without intensity gives 0. Where equal products compete
/// for a peak, exchanging the spectra may change the result; [`cosine_optimal`] has no such ties.
///
/// # Errors
/// `InvalidOption` as by [`CosineOptions::checked`]; `LimitReached` if too many peaks lie within the tolerance.
pub fn cosine_greedy(first: &PeakList, second: &PeakList, options: &CosineOptions) -> Result<CosineScore> {
    score(first, second, &[0.0], options, Assignment::Greedy)
}

/// The cosine with optimal assignment (`CosineHungarian` of matchms 0.33): as [`cosine_greedy`], but the
/// assignment with the largest sum of products.
///
/// # Errors
/// As [`cosine_greedy`], and `LimitReached` if too many peaks compete for the same partners.
pub fn cosine_optimal(first: &PeakList, second: &PeakList, options: &CosineOptions) -> Result<CosineScore> {
    score(first, second, &[0.0], options, Assignment::Optimal)
}

/// The cosine over the union of the candidates at several mass shifts of the second spectrum.
pub(super) fn score(
    first: &PeakList,
    second: &PeakList,
    shifts: &[f64],
    options: &CosineOptions,
    assignment: Assignment,
) -> Result<CosineScore> {
    let options = options.checked()?;
    let weights = [peak_weights(first, &options), peak_weights(second, &options)];
    let mut candidates = Vec::new();
    for &shift in shifts {
        candidates.extend(candidate_pairs(first.mz(), second.mz(), options.tolerance, shift)?);
    }
    candidates.retain(|pair| weights[0][pair.first] > 0.0 && weights[1][pair.second] > 0.0);
    let mut pairs = match assignment {
        Assignment::Greedy => assign_greedily(&candidates, &weights[0], &weights[1]),
        Assignment::Optimal => assign_optimally(&candidates, &weights[0], &weights[1])?,
    };
    pairs.sort_unstable();
    let product: f64 = pairs.iter().map(|pair| weights[0][pair.first] * weights[1][pair.second]).sum();
    let length = |weights: &[f64]| weights.iter().map(|w| w * w).sum::<f64>().sqrt();
    let lengths = length(&weights[0]) * length(&weights[1]);
    // Rounding can carry the quotient a last digit above 1.
    let cosine = if lengths > 0.0 { (product / lengths).min(1.0) } else { 0.0 };
    Ok(CosineScore { cosine, matched_peaks: pairs.len(), pairs })
}

/// The weights of all peaks as shares of the spectrum's norm.
pub(crate) fn norm_shares(peaks: &PeakList, options: &CosineOptions) -> Vec<f64> {
    let weights = peak_weights(peaks, options);
    let norm = weights.iter().map(|weight| weight * weight).sum::<f64>().sqrt();
    weights.iter().map(|weight| weight / norm).collect()
}

/// The weights of all peaks, 0 for peaks of intensity 0. Intensities and m/z are first multiplied by a
/// power of two so that the largest lies from 1 to 2, and the weights once more. The cosine does not depend
/// on it, equal products stay equal, and no square can overflow or vanish.
fn peak_weights(peaks: &PeakList, options: &CosineOptions) -> Vec<f64> {
    let intensity = scaled_to_one(peaks.intensity());
    let mz = scaled_to_one(peaks.mz());
    let weight = |(&mz, &intensity): (&f64, &f64)| match intensity {
        0.0 => 0.0,
        intensity => math::pow(mz, options.mz_power) * math::pow(intensity, options.intensity_power),
    };
    scaled_to_one(&mz.iter().zip(&intensity).map(weight).collect::<Vec<_>>())
}

/// The values times the power of two that brings the largest to 1 ≤ x < 2.
fn scaled_to_one(values: &[f64]) -> Vec<f64> {
    let maximum = values.iter().copied().fold(0.0, f64::max);
    if maximum <= 0.0 {
        return values.to_vec();
    }
    let exponent = libm::ilogb(maximum);
    values.iter().map(|&x| libm::scalbn(x, -exponent)).collect()
}

#[cfg(test)]
pub(super) mod tests;
