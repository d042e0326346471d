//! Prepared spectra at unit mass as the flat index takes them.

use super::Measure;
use crate::index::{FlatRow, FlatScore, RowNorms};
use crate::search::prepared::{Compared, WeightedScan};
use crate::similarity::common_range::CommonRange;
use crate::similarity::spectral_entropy::EntropySpectrum;
use crate::units::MassTolerance;

impl Measure {
    /// The score that an index of this measure bounds; `None` if there is no index for it.
    pub(in crate::search) fn flat_score(&self) -> Option<FlatScore> {
        match *self {
            Self::WeightedCosine { .. } => Some(FlatScore::Cosine),
            Self::SteinScottComposite { .. } => Some(FlatScore::Composite),
            Self::NistSimple {} => Some(FlatScore::SimpleMatchFactor),
            Self::SpectralEntropy { tolerance: MassTolerance::Da(0.0), .. } => Some(FlatScore::Entropy),
            _ => None,
        }
    }

    /// A prepared spectrum as a row; `None` if it has no form that the index can take.
    pub(in crate::search) fn flat_row(&self, compared: &Compared) -> Option<FlatRow> {
        match (self, compared) {
            (
                Self::WeightedCosine { common_range, .. } | Self::SteinScottComposite { common_range, .. },
                Compared::Weighted(scan),
            ) => {
                let range = if *common_range { own_range(scan) } else { CommonRange::EVERYTHING };
                let lower = CommonRange { low: range.low, high: None };
                let weighted = &scan.spectrum;
                let weights: Vec<(u32, f64)> = weighted.weights(lower).collect();
                let has_other_peaks = weights.len() < weighted.peaks(lower);
                let row = FlatRow::of_cosine(weights.clone().into_iter(), RowNorms { range, weights });
                Some(FlatRow { has_other_peaks, ..row })
            }
            (Self::NistSimple {}, Compared::Nist(nist)) => {
                let columns = nist.spectrum.columns();
                let range = CommonRange::from_first_mz(columns, columns);
                let peaks = columns.mz().iter().zip(columns.abundance()).filter(|peak| *peak.1 > 0);
                let weights = peaks.clone().map(|(&mz, &abundance)| (mz, f64::from(abundance).sqrt()));
                // The norms of a pair hold all peaks above a trace, but traces only beside such.
                let above_traces = weights.clone().filter(|(_, weight)| *weight > 1.0).collect();
                Some(FlatRow::of_cosine(weights, RowNorms { range, weights: above_traces }))
            }
            (Self::SpectralEntropy { .. }, Compared::Entropy(spectrum)) => {
                Some(FlatRow { values: entropy_row(spectrum)?, ..FlatRow::default() })
            }
            _ => None,
        }
    }
}

/// The range in which the spectrum itself was measured.
fn own_range(scan: &WeightedScan) -> CommonRange {
    let (columns, stated) = (scan.columns(), scan.scan_range_mz);
    CommonRange::from_scans(columns, stated, columns, stated)
}

/// Weights at whole m/z; `None` if there are others, or two at one.
fn entropy_row(spectrum: &EntropySpectrum) -> Option<Vec<(u32, f64)>> {
    // Whole and within range: the cast is exact.
    let whole = |mz: f64| (mz.fract() == 0.0 && mz <= f64::from(u32::MAX)).then_some(mz as u32);
    let weights = spectrum.weights().filter(|(_, weight)| *weight > 0.0);
    let row: Vec<(u32, f64)> =
        weights.map(|(mz, weight)| Some((whole(mz)?, weight))).collect::<Option<_>>()?;
    row.windows(2).all(|pair| pair[0].0 < pair[1].0).then_some(row)
}
