//! What speaks for an infrared candidate and what against it, band by band.

use serde::Serialize;

use crate::error::Result;
use crate::preprocess::PreparedCurve;
use crate::preprocess::ir::{PeakOptions, pick_peaks};
use crate::similarity::infrared::bands::{Band, BandRow, BandTableOptions, band_table};

/// A band is told from noise and baseline by this share of the spectrum's height (highest less lowest measured value) at
/// least.
const LEAST_PROMINENCE: f64 = 0.02;

/// The most bands of one spectrum that are compared, the most prominent.
const MOST_BANDS: usize = 200;

/// The bands for and against a candidate. Bands where one of the two spectra was not measured, or where the method leaves
/// points out, are neither: they are listed as not compared.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct BandEvidence {
    /// The query's bands, each with its counterpart in the library entry: without one, it is present but unexplained.
    pub query: Vec<BandRow>,
    /// The entry's bands, each with its counterpart in the query: without one, it is expected but missing.
    pub library: Vec<BandRow>,
    /// How far counterparts lie apart at most, in cm⁻¹.
    pub tolerance_cm1: f64,
    /// The ranges that were compared, in cm⁻¹, ends included, ascending.
    pub compared_cm1: Vec<(f64, f64)>,
    /// Bands of the query outside these ranges.
    pub query_not_compared: Vec<Band>,
    /// Bands of the library entry outside these ranges.
    pub library_not_compared: Vec<Band>,
    /// Share of the query's band heights that have a counterpart, 0 to 1; 0 without bands.
    pub explained_share: f64,
    /// Share of the entry's band heights that have a counterpart, 0 to 1; 0 without bands.
    pub found_share: f64,
}

/// A spectrum with its bands.
#[derive(Debug)]
pub(super) struct BandedCurve<'a> {
    curve: &'a PreparedCurve,
    bands: Vec<Band>,
}

impl<'a> BandedCurve<'a> {
    /// Picks the bands of a spectrum.
    ///
    /// # Errors
    /// As [`pick_peaks`].
    pub(super) fn of(curve: &'a PreparedCurve) -> Result<Self> {
        Ok(Self { curve, bands: bands(curve)? })
    }
}

impl BandEvidence {
    /// The bands of two spectra on one grid.
    ///
    /// # Errors
    /// As [`pick_peaks`] and [`band_table`].
    pub(super) fn new(query: &BandedCurve<'_>, library: &PreparedCurve) -> Result<Self> {
        let mut common = query.curve.clone();
        common.measured.iter_mut().zip(&library.measured).for_each(|(both, &measured)| *both &= measured);
        let end = |point: usize| common.wavenumber_cm1[point];
        let compared_cm1: Vec<(f64, f64)> =
            common.runs().into_iter().map(|run| (end(run.start), end(run.end - 1))).collect();
        let is_compared = |band: &Band| {
            compared_cm1.iter().any(|&(low, high)| low <= band.wavenumber_cm1 && band.wavenumber_cm1 <= high)
        };
        let (of_query, query_not_compared) = query.bands.iter().copied().partition::<Vec<_>, _>(is_compared);
        let (of_library, library_not_compared) =
            bands(library)?.into_iter().partition::<Vec<_>, _>(is_compared);
        let table = band_table(&of_query, &of_library, &BandTableOptions::default())?;
        Ok(Self {
            explained_share: matched_share(&table.sample),
            found_share: matched_share(&table.reference),
            query: table.sample,
            library: table.reference,
            tolerance_cm1: table.tolerance_cm1,
            compared_cm1,
            query_not_compared,
            library_not_compared,
        })
    }
}

/// The bands of a spectrum, ascending; heights are above its lowest measured value.
fn bands(curve: &PreparedCurve) -> Result<Vec<Band>> {
    let measured = || curve.values.iter().zip(&curve.measured).filter(|(_, measured)| **measured);
    let lowest = measured().map(|(&value, _)| value).fold(f64::INFINITY, f64::min);
    let highest = measured().map(|(&value, _)| value).fold(f64::NEG_INFINITY, f64::max);
    let height = highest - lowest;
    if !(height > 0.0 && height.is_finite()) {
        return Ok(Vec::new());
    }
    let options = PeakOptions { minimum_prominence: LEAST_PROMINENCE * height, ..PeakOptions::default() };
    let mut peaks = pick_peaks(&curve.wavenumber_cm1, &curve.values, Some(&curve.measured), &options)?;
    if peaks.len() > MOST_BANDS {
        peaks.sort_by(|a, b| b.prominence.total_cmp(&a.prominence).then(a.point.cmp(&b.point)));
        peaks.truncate(MOST_BANDS);
        peaks.sort_by_key(|peak| peak.point);
    }
    let band = |peak: &crate::preprocess::ir::CurvePeak| Band {
        wavenumber_cm1: peak.wavenumber,
        height: peak.height - lowest,
        prominence: peak.prominence,
        width_cm1: peak.width_cm1,
    };
    Ok(peaks.iter().map(band).filter(|band| band.height > 0.0).collect())
}

fn matched_share(rows: &[BandRow]) -> f64 {
    // From 0: the sum of nothing is -0.0.
    let sum = |total: f64, row: &BandRow| total + row.relative_intensity;
    let total = rows.iter().fold(0.0, sum);
    let matched = rows.iter().filter(|row| row.counterpart.is_some()).fold(0.0, sum);
    if total > 0.0 { matched / total } else { 0.0 }
}
