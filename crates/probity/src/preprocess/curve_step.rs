//! The steps of a recipe that are about infrared spectra: verbs of [`ir`] with their options.

use super::ir;
use super::prepared_curve::PreparedCurve;
use super::step::Step;
use crate::error::{Error, Result};
use crate::spectrum::ValueUnit;

impl Step {
    /// Whether the step is about infrared spectra, not peaks.
    #[must_use]
    pub fn is_for_curves(&self) -> bool {
        matches!(
            self,
            Self::BridgeRanges { .. }
                | Self::ConvertToAbsorbance { .. }
                | Self::CorrectAtr(_)
                | Self::LeaveOut { .. }
                | Self::Resample(_)
                | Self::SavitzkyGolay { .. }
                | Self::Snip(_)
                | Self::StandardNormalVariate(_)
                | Self::SubtractBaseline(_)
                | Self::SubtractRubberBand {}
                | Self::Whittaker(_)
        )
    }

    /// Checks the options of a step for curves, by what the verb says of them.
    pub(super) fn check_for_curves(&self) -> Result<()> {
        // A curve that every sensible step can take: what an option is refused for is not its values.
        let points = 1_200_u16;
        let mut some = PreparedCurve {
            wavenumber_cm1: (0..points).map(|point| 400.0 + 3.0 * f64::from(point)).collect(),
            values: (0..points).map(|point| 0.1 + f64::from(point % 7) / 100.0).collect(),
            value_unit: ValueUnit::Absorbance,
            measured: vec![true; usize::from(points)],
            clamped_points: 0,
            bridged_points: 0,
        };
        match self.change(&mut some) {
            Err(error) if error.kind() == crate::ErrorKind::InvalidOption => Err(error),
            _ => Ok(()),
        }
    }

    /// Applies a checked step to an infrared spectrum.
    ///
    /// # Errors
    /// `Unsupported` for values of which the step can make nothing; as the verbs.
    pub(super) fn apply_to_curve(&self, mut curve: PreparedCurve) -> Result<PreparedCurve> {
        self.change(&mut curve)?;
        Ok(curve)
    }

    fn change(&self, curve: &mut PreparedCurve) -> Result<()> {
        match self {
            Self::BridgeRanges { ranges_cm1, edge_points } => {
                for &range in ranges_cm1 {
                    let (x, y) = (&curve.wavenumber_cm1, &curve.values);
                    let bridged = ir::bridge_range(x, y, Some(&curve.measured), range, *edge_points)?;
                    curve.values = bridged.values;
                    curve.bridged_points += if bridged.bridged { bridged.points } else { 0 };
                }
                Ok(())
            }
            Self::ConvertToAbsorbance { transmittance_floor } => to_absorbance(curve, *transmittance_floor),
            Self::CorrectAtr(options) => {
                let (x, y) = (&curve.wavenumber_cm1, &curve.values);
                curve.values = ir::atr_correction(x, y, Some(&curve.measured), options)?;
                Ok(())
            }
            Self::LeaveOut { ranges_cm1 } => {
                let wrong = ranges_cm1.iter().find(|(low, high)| !(low <= high));
                if let Some((low, high)) = wrong {
                    let message = format!("{low} to {high} cm⁻¹ is no range");
                    return Err(Error::invalid_option(message));
                }
                curve.leave_out(|wavenumber| {
                    ranges_cm1.iter().any(|&(low, high)| low <= wavenumber && wavenumber <= high)
                });
                Ok(())
            }
            Self::Resample(resample) => {
                let axis = resample.grid.axis()?.points();
                let (x, y) = (&curve.wavenumber_cm1, &curve.values);
                let resampled = ir::resample(x, y, Some(&curve.measured), &axis, &resample.options)?;
                curve.wavenumber_cm1 = axis;
                curve.values = resampled.values;
                curve.measured = resampled.measured;
                Ok(())
            }
            &Self::SavitzkyGolay { window, order, derivative, ends } => {
                curve.map_runs(window.max(FEWEST_FOR_A_SLOPE), |x, values| {
                    let step = (x[x.len() - 1] - x[0]) / (x.len() as f64 - 1.0);
                    let options = ir::SavitzkyGolayOptions { window, order, derivative, step, ends };
                    ir::savitzky_golay(values, &options)
                })
            }
            Self::Snip(options) => {
                curve.map_runs(1, |_, values| Ok(less(values, &ir::snip(values, options)?)))
            }
            Self::StandardNormalVariate(options) => {
                let measured = Some(&curve.measured[..]);
                curve.values = ir::standard_normal_variate(&curve.values, measured, options)?.values;
                Ok(())
            }
            Self::SubtractBaseline(options) => curve.map_runs(FEWEST_FOR_A_BASELINE, |_, values| {
                Ok(less(values, &ir::baseline(values, options)?.values))
            }),
            Self::SubtractRubberBand {} => {
                curve.map_runs(2, |x, values| Ok(less(values, &ir::rubber_band(x, values)?.values)))
            }
            Self::Whittaker(options) => {
                curve.map_runs(FEWEST_FOR_A_BASELINE, |_, values| ir::whittaker(values, None, options))
            }
            _ => Err(Error::invalid_option("the step is about peaks, and this is an infrared spectrum")),
        }
    }
}

/// Runs of fewer points have no baseline or smooth curve of their own.
const FEWEST_FOR_A_BASELINE: usize = 4;

/// Runs of fewer points have no distance of two points.
const FEWEST_FOR_A_SLOPE: usize = 2;

fn less(values: &[f64], baseline: &[f64]) -> Vec<f64> {
    values.iter().zip(baseline).map(|(value, baseline)| value - baseline).collect()
}

/// Reflectance is taken as transmittance is: what comes back from the crystal or the mirror behind the sample has passed
/// it.
fn to_absorbance(curve: &mut PreparedCurve, transmittance_floor: f64) -> Result<()> {
    let from = match &curve.value_unit {
        ValueUnit::Absorbance | ValueUnit::LogInverseReflectance => ir::Ordinate::Absorbance,
        ValueUnit::Transmittance | ValueUnit::Reflectance => ir::Ordinate::Transmittance,
        ValueUnit::PercentTransmittance | ValueUnit::PercentReflectance => ir::Ordinate::PercentTransmittance,
        other => {
            let message = format!("its values ({other:?}) have no absorbance");
            return Err(Error::unsupported(message));
        }
    };
    let options = ir::OrdinateOptions { transmittance_floor };
    let to = ir::Ordinate::Absorbance;
    let converted = ir::convert_ordinate(&curve.values, Some(&curve.measured), (from, to), &options)?;
    curve.values = converted.values;
    curve.clamped_points += converted.clamped;
    curve.value_unit = ValueUnit::Absorbance;
    Ok(())
}
