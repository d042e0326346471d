//! What of a method decides how two spectra are compared.

use serde::{Deserialize, Serialize};
use sha2::Digest as _;

use super::curve_points::CurvePoints;
use super::entry_facts::EntryFacts;
use super::measure::Measure;
use super::method::{Method, has_intensity, prepared_peaks};
use super::prepared::Compared;
use crate::canonical::canonical_json;
use crate::error::Result;
use crate::format::Record;
use crate::library::Digest;
use crate::preprocess::Recipe;
use crate::spectrum::PeakList;

/// Raised whenever an index file of the same recipe and measure may have other bytes.
const LAYOUT: u32 = 11;

/// Recipe and measure. Methods that agree in both share their index files.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Comparison {
    layout: u32,
    pub(crate) prepare: Recipe,
    pub(crate) measure: Measure,
}

impl Comparison {
    /// What a method compares.
    pub(crate) fn of(method: &Method) -> Self {
        Self { layout: LAYOUT, prepare: method.prepare.clone(), measure: method.measure.clone() }
    }

    /// The comparison of an index file; `None` if this version makes its files otherwise.
    pub(crate) fn from_text(text: &str) -> Option<Self> {
        serde_json::from_str(text).ok().filter(|comparison: &Self| comparison.layout == LAYOUT)
    }

    /// The canonical text.
    ///
    /// # Errors
    /// `InvalidOption` if a number is not finite.
    pub(crate) fn text(&self) -> Result<String> {
        canonical_json(self)
    }

    /// SHA-256 of the canonical text.
    ///
    /// # Errors
    /// As [`Comparison::text`].
    pub(crate) fn digest(&self) -> Result<Digest> {
        Ok(sha2::Sha256::digest(self.text()?).into())
    }

    /// A record as it is compared; `None` if it cannot be. `stored` are its peaks after the recipe, where
    /// they are known.
    ///
    /// A record that cannot be prepared (its intensities add up to more than a number holds, or a step needs a
    /// precursor that it does not state) does not make a library unusable: it is not comparable.
    pub(super) fn compared(
        &self,
        record: &Record,
        stored: Option<Option<PeakList>>,
    ) -> Option<(Compared, EntryFacts)> {
        if self.measure.is_infrared() {
            let prepared = self.prepare.apply_to_curve(record.spectrum.as_curve()?).ok()?;
            let points = CurvePoints::of(&prepared)?;
            return Some((Compared::Curve(points), EntryFacts::of(record)));
        }
        let peaks = match stored {
            Some(peaks) => peaks.filter(has_intensity)?,
            None => prepared_peaks(&self.prepare, record).ok()??,
        };
        let prepared = self.measure.prepare(peaks, record).ok()??;
        Some((prepared.compared, EntryFacts::of(record)))
    }
}
