//! Prepared spectra of accurate mass as the fragment index takes them.

use super::Measure;
use crate::index::{FragmentRow, PairScore, Pairing};
use crate::search::prepared::Prepared;
use crate::similarity::cosine::{CosineOptions, norm_shares};
use crate::similarity::neutral_loss_cosine::peaks_below;
use crate::spectrum::PeakList;
use crate::units::MassTolerance;

impl Measure {
    /// The score that the fragment index bounds, and how far paired peaks may lie apart; `None` if there is
    /// no such index for the measure.
    pub(in crate::search) fn fragment_score(&self) -> Option<(PairScore, MassTolerance)> {
        match *self {
            Self::SpectralEntropy { tolerance, .. } => Some((PairScore::Entropy, tolerance)),
            Self::Cosine { tolerance, .. }
            | Self::ModifiedCosine { tolerance, .. }
            | Self::NeutralLossCosine { tolerance, .. } => Some((PairScore::Cosine, tolerance)),
            _ => None,
        }
    }

    /// A prepared spectrum as a row; `None` if it has no form that the index can take.
    pub(in crate::search) fn fragment_row(&self, prepared: &Prepared) -> Option<FragmentRow> {
        let Prepared::Peaks(spectrum) = prepared else { return None };
        let precursor_mz = spectrum.precursor_mz;
        match *self {
            Self::SpectralEntropy { .. } => {
                let peaks = spectrum.entropy.as_ref()?.weights().collect();
                Some(FragmentRow { peaks, pairing: Pairing::Mz })
            }
            Self::Cosine { tolerance, mz_power, intensity_power, .. } => {
                let options = CosineOptions { tolerance, mz_power, intensity_power };
                Some(FragmentRow::of_cosine(&spectrum.peaks, &options, Pairing::Mz))
            }
            Self::ModifiedCosine { tolerance, mz_power, intensity_power, .. } => {
                let options = CosineOptions { tolerance, mz_power, intensity_power };
                Some(FragmentRow::of_cosine(&spectrum.peaks, &options, Pairing::MzOrLoss(precursor_mz)))
            }
            Self::NeutralLossCosine { tolerance, mz_power, intensity_power } => {
                let options = CosineOptions { tolerance, mz_power, intensity_power };
                let peaks = peaks_below(&spectrum.peaks, precursor_mz);
                Some(FragmentRow::of_cosine(&peaks, &options, Pairing::Loss(precursor_mz)))
            }
            _ => None,
        }
    }
}

impl FragmentRow {
    fn of_cosine(peaks: &PeakList, options: &CosineOptions, pairing: Pairing) -> Self {
        let shares = norm_shares(peaks, options);
        Self { peaks: peaks.mz().iter().copied().zip(shares).collect(), pairing }
    }
}
