//! Prepared spectra of accurate mass as the fragment index takes them.

use super::Measure;
use crate::index::{FragmentRow, PairScore};
use crate::search::prepared::Prepared;
use crate::similarity::cosine::{CosineOptions, norm_shares};
use crate::units::MassTolerance;

impl Measure {
    /// The score that the fragment index bounds, and how far paired peaks may lie apart; `None` if there is
    /// no such index for the measure.
    pub(in crate::search) fn fragment_score(&self) -> Option<(PairScore, MassTolerance)> {
        match *self {
            Self::SpectralEntropy { tolerance, .. } => Some((PairScore::Entropy, tolerance)),
            Self::Cosine { tolerance, .. } => Some((PairScore::Cosine, tolerance)),
            _ => None,
        }
    }

    /// A prepared spectrum as a row; `None` if it has no form that the index can take.
    pub(in crate::search) fn fragment_row(&self, prepared: &Prepared) -> Option<FragmentRow> {
        let Prepared::Peaks(spectrum) = prepared else { return None };
        match *self {
            Self::SpectralEntropy { .. } => Some(FragmentRow(spectrum.entropy.as_ref()?.weights().collect())),
            Self::Cosine { tolerance, mz_power, intensity_power, .. } => {
                let shares =
                    norm_shares(&spectrum.peaks, &CosineOptions { tolerance, mz_power, intensity_power });
                Some(FragmentRow(spectrum.peaks.mz().iter().copied().zip(shares).collect()))
            }
            _ => None,
        }
    }
}
