//! An infrared spectrum as it is compared: on the recipe's grid.

use std::array;
use std::ops::Range;

use probity_kernels::InstructionSet;

use crate::error::Result;
use crate::index::common_runs;
use crate::preprocess::PreparedCurve;
use crate::similarity::infrared::region::{WeightedRegion, region_weights};
use crate::similarity::infrared::{CurvePair, InfraredMeasure, side_by_side};
use crate::spectrum::Axis;
use crate::stored::{Columns, Stored, put_f64s, put_items, put_u32s};

/// Fewer curves than this are compared one after the other.
const FEWEST_SIDE_BY_SIDE: usize = 2;

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

    /// The correlations with several curves on the same grid, without weights, with the bits of [`CurvePoints::compare`];
    /// `None` for measures and curves that cannot be compared side by side.
    pub(super) fn correlations(
        &self,
        others: &[&Self],
        measure: InfraredMeasure,
        instructions: InstructionSet,
    ) -> Option<Vec<Option<f64>>> {
        let compared = match measure {
            InfraredMeasure::Correlation => side_by_side::Compared::Values,
            InfraredMeasure::FirstDerivativeCorrelation => side_by_side::Compared::Differences,
            _ => return None,
        };
        let (first, _) = others.split_first()?;
        let are_alike = |other: &&Self| other.runs == first.runs && other.len() == self.len();
        if others.len() < FEWEST_SIDE_BY_SIDE || !others.iter().all(are_alike) {
            return None;
        }
        let runs = self.common(first);
        let of_some = |some: &[&Self]| {
            // What is missing to a full number is compared for nothing.
            let lanes = array::from_fn(|lane| &some.get(lane).unwrap_or(first).values[..]);
            let correlations = side_by_side::correlations(instructions, &self.values, lanes, &runs, compared);
            correlations.into_iter().take(some.len())
        };
        Some(others.chunks(side_by_side::LANES).flat_map(of_some).collect())
    }

    /// The runs of points that both have.
    fn common(&self, other: &Self) -> Vec<Range<usize>> {
        let common = common_runs(&self.runs, &other.runs);
        common.as_chunks::<2>().0.iter().map(|run| run[0] as usize..run[1] as usize).collect()
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
        let weights = self.weights(regions)?;
        let curves = [&self.values[..], &other.values];
        let pair = CurvePair::of_runs(curves, weights.as_deref(), &self.common(other))?;
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
        // Without an early end, so that many are looked at together.
        let finite = values.iter().fold(true, |finite, value| finite & value.is_finite())
            && first.is_finite()
            && last.is_finite();
        (ascend && within && finite).then_some(Self { ends_cm1: (first, last), values, runs })
    }
}
