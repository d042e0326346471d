//! Prepared spectra of accurate mass as the fragment index takes them.

use super::Measure;
use crate::index::{FragmentRow, PairScore, Pairing};
use crate::search::prepared::Compared;
use crate::similarity::cosine::{CosineOptions, norm_shares};
use crate::similarity::neutral_loss_cosine::peaks_below;
use crate::spectrum::PeakList;
use crate::units::MassTolerance;

impl Measure {
    /// The score that the fragment index bounds, and how far paired peaks may lie apart; `None` if there is
    /// no such index for the measure.
    pub(in crate::search) fn fragment_score(&self) -> Option<(PairScore, MassTolerance)> {
        match *self {
            Self::SpectralEntropy { tolerance, .. }
            | Self::SpectralEntropyNeutralLoss { tolerance, .. }
            | Self::SpectralEntropyHybrid { tolerance, .. } => Some((PairScore::Entropy, tolerance)),
            Self::Cosine { tolerance, .. }
            | Self::ModifiedCosine { tolerance, .. }
            | Self::NeutralLossCosine { tolerance, .. } => Some((PairScore::Cosine, tolerance)),
            _ => None,
        }
    }

    /// A prepared spectrum as a row; `None` if it has no form that the index can take.
    pub(in crate::search) fn fragment_row(&self, compared: &Compared) -> Option<FragmentRow> {
        let spectrum = match compared {
            Compared::Entropy(spectrum) => {
                return Some(FragmentRow { peaks: spectrum.weights().collect(), pairing: Pairing::Mz });
            }
            Compared::EntropyPrecursor(spectrum) => {
                let peaks = spectrum.spectrum.weights().collect();
                let pairing = match self {
                    Self::SpectralEntropyNeutralLoss { .. } => Pairing::Loss(spectrum.precursor_mz),
                    _ => Pairing::MzOrLoss(spectrum.precursor_mz),
                };
                return Some(FragmentRow { peaks, pairing });
            }
            Compared::Peaks(spectrum) => spectrum,
            Compared::Weighted(_) | Compared::Nist(_) | Compared::Curve(_) => return None,
        };
        let (peaks, precursor_mz) = (&spectrum.peaks, spectrum.precursor_mz);
        match *self {
            Self::Cosine { tolerance, mz_power, intensity_power, .. } => {
                let options = CosineOptions { tolerance, mz_power, intensity_power };
                Some(FragmentRow::of_cosine(peaks, &options, Pairing::Mz))
            }
            Self::ModifiedCosine { tolerance, mz_power, intensity_power, .. } => {
                let options = CosineOptions { tolerance, mz_power, intensity_power };
                Some(FragmentRow::of_cosine(peaks, &options, Pairing::MzOrLoss(precursor_mz)))
            }
            Self::NeutralLossCosine { tolerance, mz_power, intensity_power } => {
                let options = CosineOptions { tolerance, mz_power, intensity_power };
                let peaks = peaks_below(peaks, precursor_mz);
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
