//! Prepared spectra at unit mass as the flat index takes them.

use super::Measure;
use crate::index::{FlatRow, FlatScore, RatioPair, RowNorms};
use crate::search::prepared::{Compared, NistMass, WeightedScan};
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
            Self::NistIdentity {} => Some(FlatScore::Identity),
            Self::NistSimpleReverse {} => Some(FlatScore::SimpleReverseMatchFactor),
            Self::NistIdentityReverse {} => Some(FlatScore::IdentityReverse),
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
            (
                Self::NistSimple {}
                | Self::NistIdentity {}
                | Self::NistSimpleReverse {}
                | Self::NistIdentityReverse {},
                Compared::Nist(nist),
            ) => {
                let by_mz = matches!(self, Self::NistIdentity {} | Self::NistIdentityReverse {});
                let columns = nist.spectrum.columns();
                let range = CommonRange::from_first_mz(columns, columns);
                let peaks = columns.mz().iter().zip(columns.abundance()).filter(|peak| *peak.1 > 0);
                let weight = |mz: u32, abundance: u16| {
                    (f64::from(abundance) * if by_mz { f64::from(mz) } else { 1.0 }).sqrt()
                };
                let weights = peaks.clone().map(|(&mz, &abundance)| (mz, weight(mz, abundance)));
                // The norms of a pair hold all peaks above a trace, but traces only beside such.
                let above_traces = peaks.filter(|peak| *peak.1 > TRACE);
                let above_traces =
                    above_traces.map(|(&mz, &abundance)| (mz, weight(mz, abundance))).collect();
                Some(FlatRow::of_cosine(weights, RowNorms { range, weights: above_traces }))
            }
            (Self::SpectralEntropy { .. }, Compared::Entropy(spectrum)) => {
                Some(FlatRow { values: entropy_row(spectrum)?, ..FlatRow::default() })
            }
            _ => None,
        }
    }
}

impl Measure {
    /// A prepared query as a row, with the pairs of peaks that a ratio term may count.
    pub(in crate::search) fn flat_query(&self, compared: &Compared) -> Option<FlatRow> {
        let row = self.flat_row(compared)?;
        let (ratio_power, pairs) = match (self, compared) {
            (Self::NistIdentity {} | Self::NistIdentityReverse {}, Compared::Nist(nist)) => {
                (Some(1.0), nist_pairs(nist, &row.values)?)
            }
            // Where the scan's end can cut peaks off the range, the pairs in common cannot be told.
            (Self::SteinScottComposite { intensity_power, .. }, Compared::Weighted(scan))
                if *intensity_power >= SMALLEST_INTENSITY_POWER && scan.scan_range_mz.is_none() =>
            {
                (Some(1.0 / intensity_power), Vec::new())
            }
            _ => (None, Vec::new()),
        };
        let traces = match compared {
            // No more than there are values, of which an index takes 4,096.
            Compared::Nist(nist) => nist.traces().count().try_into().ok()?,
            _ => 0,
        };
        Some(FlatRow { ratio_power, pairs, traces, ..row })
    }
}

/// Abundances up to this are traces to NIST's scores.
const TRACE: u16 = 1;

/// Below this power weights say too little about intensities for their ratios.
const SMALLEST_INTENSITY_POWER: f64 = 0.1;

/// A query with more pairs is searched without the index: it has long rows of traces.
const PAIRS_LIMIT: usize = 4_096;

/// A lone peak of the query ends a neighbourhood, so that only neighbours among its peaks can be neighbours. A trace of
/// it takes part only beside more than a trace: it may stand between neighbours without parting them.
fn nist_pairs(nist: &NistMass, values: &[(u32, f64)]) -> Option<Vec<RatioPair>> {
    let columns = nist.spectrum.columns();
    let is_trace = |mz: u32| {
        let place = columns.mz().binary_search(&mz);
        place.is_ok_and(|place| columns.abundance()[place] <= TRACE)
    };
    let mut pairs = Vec::new();
    for (place, &second) in values.iter().enumerate() {
        for &first in values[..place].iter().rev() {
            let are_traces = [first.0, second.0].map(is_trace);
            pairs.push(RatioPair { first, second, are_traces, weight: f64::from(second.0) });
            if !are_traces[0] {
                break;
            }
        }
        if pairs.len() > PAIRS_LIMIT {
            return None;
        }
    }
    Some(pairs)
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
