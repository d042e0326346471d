//! An infrared spectrum as it is compared: on the recipe's grid.

use crate::error::Result;
use crate::preprocess::PreparedCurve;
use crate::similarity::infrared::region::{WeightedRegion, region_weights};
use crate::similarity::infrared::{ComparedPoints, CurvePair, InfraredMeasure};
use crate::spectrum::Axis;
use crate::stored::{Columns, Stored, put_f64s, put_items, put_u32s};

/// Values at the points of a grid, rounded to the nearest f32: instruments write no more digits, and a library takes half
/// the memory. This rounding is the last step of every recipe for infrared spectra; query and library undergo it alike.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct CurvePoints {
    /// First and last point of the grid, in cm⁻¹.
    ends_cm1: (f64, f64),
    values: Vec<f32>,
    /// Ends of the runs of measured points: first and behind the last, ascending.
    runs: Vec<u32>,
}

impl CurvePoints {
    /// `None` if nothing was measured, or a value is too large for an f32.
    pub(super) fn of(curve: &PreparedCurve) -> Option<Self> {
        // As many as a grid has at most, so that the casts are exact.
        let runs: Vec<u32> =
            curve.runs().into_iter().flat_map(|run| [run.start as u32, run.end as u32]).collect();
        let values: Vec<f32> = curve.values.iter().map(|&value| value as f32).collect();
        let ends_cm1 = (*curve.wavenumber_cm1.first()?, *curve.wavenumber_cm1.last()?);
        let is_finite = values.iter().all(|value| value.is_finite());
        (!runs.is_empty() && is_finite).then_some(Self { ends_cm1, values, runs })
    }

    /// The number of points of the grid.
    pub(super) fn len(&self) -> usize {
        self.values.len()
    }

    /// The values as they are compared.
    pub(super) fn values(&self) -> Vec<f64> {
        self.values.iter().map(|&value| f64::from(value)).collect()
    }

    /// Ends of the runs of measured points: first and behind the last, ascending.
    pub(super) fn runs(&self) -> &[u32] {
        &self.runs
    }

    /// How much each point of the grid counts; `None` if all count the same.
    pub(super) fn weights(&self, regions: &[WeightedRegion]) -> Result<Option<Vec<f64>>> {
        if regions.is_empty() {
            return Ok(None);
        }
        let axis = Axis::uniform(self.ends_cm1.0, self.ends_cm1.1, self.values.len())?;
        region_weights(&axis.points(), regions).map(Some)
    }

    fn measured(&self) -> Vec<bool> {
        let mut measured = vec![false; self.values.len()];
        for run in self.runs.as_chunks::<2>().0 {
            measured[run[0] as usize..run[1] as usize].fill(true);
        }
        measured
    }

    /// The measures of a pair on one grid, in order; each `None` if the pair is not comparable by it.
    ///
    /// # Errors
    /// `InvalidOption` for curves on different grids, or regions that make no sense.
    pub(super) fn compare(
        &self,
        other: &Self,
        measures: &[InfraredMeasure],
        regions: &[WeightedRegion],
    ) -> Result<Vec<Option<f64>>> {
        let mut mask = self.measured();
        mask.iter_mut().zip(other.measured()).for_each(|(mask, measured)| *mask &= measured);
        let weights = self.weights(regions)?;
        let points = ComparedPoints { mask: Some(&mask), weights: weights.as_deref() };
        let (first, second) = (self.values(), other.values());
        let pair = CurvePair::try_new(&first, &second, points)?;
        Ok(measures.iter().map(|measure| measure.compare(&pair)).collect())
    }
}

impl Stored for CurvePoints {
    fn write(&self, bytes: &mut Vec<u8>) {
        put_f64s(bytes, &[self.ends_cm1.0, self.ends_cm1.1]);
        put_u32s(bytes, &self.runs);
        put_items(bytes, self.values.iter().map(|value| value.to_le_bytes()));
    }

    fn read(columns: &mut Columns<'_>) -> Option<Self> {
        let [first, last] = columns.f64s()?[..] else { return None };
        let runs = columns.u32s()?;
        let values: Vec<f32> = columns.items()?.iter().map(|item| f32::from_le_bytes(*item)).collect();
        let ascend = runs.is_sorted_by(|a, b| a < b) && runs.len() % 2 == 0 && !runs.is_empty();
        let within = runs.last().is_some_and(|&end| end as usize <= values.len());
        let finite = values.iter().all(|value| value.is_finite()) && first.is_finite() && last.is_finite();
        (ascend && within && finite).then_some(Self { ends_cm1: (first, last), values, runs })
    }
}
