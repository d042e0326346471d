//! The steps of a recipe that are about infrared spectra: verbs of [`ir`] with their options.

use super::ir;
use super::prepared_curve::PreparedCurve;
use super::step::Step;
use crate::error::{Error, Result};
use crate::format::value_label;
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
                | Self::SubtractPolynomialBaseline(_)
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
            unbridged_points: 0,
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
                    let count = match bridged.bridged {
                        true => &mut curve.bridged_points,
                        false => &mut curve.unbridged_points,
                    };
                    *count += bridged.points;
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
                let wrong = ranges_cm1.iter().find(|(low, high)| low > high || low.is_nan() || high.is_nan());
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
            Self::SubtractPolynomialBaseline(options) => {
                let (x, y, measured) = (&curve.wavenumber_cm1, &curve.values, &curve.measured);
                let baseline = ir::polynomial_baseline(x, y, Some(measured), options)?.values;
                for point in (0..measured.len()).filter(|&point| measured[point]) {
                    curve.values[point] -= baseline[point];
                }
                Ok(())
            }
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
            let message = format!("its values ({}) have no absorbance", value_label(other));
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::preprocess::Recipe;
    use crate::spectrum::{Axis, AxisUnit, Curve, CurveKind};

    const ALL: &str = r#"
        steps = [
            { step = "convert_to_absorbance", transmittance_floor = 1e-6 },
            { step = "correct_atr", crystal_index = 2.4, sample_index = 1.5, angle_degrees = 45.0, scale = { wavenumber = { reference_cm1 = 1000.0 } } },
            { step = "resample", grid = { first_cm1 = 500.0, last_cm1 = 3900.0, step_cm1 = 4.0 }, options = { method = "cubic", low_pass = true } },
            { step = "bridge_ranges", ranges_cm1 = [[2280.0, 2400.0]], edge_points = 3 },
            { step = "savitzky_golay", window = 9, order = 2, derivative = 0, ends = "polynomial" },
            { step = "whittaker", lambda = 10.0, difference_order = 2 },
            { step = "subtract_baseline", lambda = 1e5, difference_order = 2, weights = { weights = "asymmetric", asymmetry = 0.01 }, tolerance = 1e-3, maximum_passes = 50 },
            { step = "subtract_rubber_band" },
            { step = "standard_normal_variate", degrees_of_freedom_lost = 0 },
            { step = "leave_out", ranges_cm1 = [[2280.0, 2400.0], [3500.0, 3900.0]] },
        ]
    "#;

    fn spectrum() -> Curve {
        let axis = Axis::uniform(4_000.0, 400.0, 3_601).unwrap();
        let value = |x: f64| {
            let distance = (x - 1_700.0) / 12.0;
            95.0 - 60.0 / (1.0 + distance * distance) - 0.001 * x
        };
        let values = axis.points().into_iter().map(value).collect();
        let axis = (axis, AxisUnit::Wavenumber);
        Curve::try_new(CurveKind::Spectrum, axis, (values, ValueUnit::PercentTransmittance)).unwrap()
    }

    #[test]
    fn steps_are_applied_in_order_and_the_mask_travels() {
        let recipe: Recipe = toml::from_str(ALL).unwrap();
        assert!(recipe.steps().iter().all(Step::is_for_curves));
        let grid = recipe.grid_cm1().unwrap();
        assert_eq!((grid[0], grid[grid.len() - 1], grid.len()), (500.0, 3_900.0, 851));
        let prepared = recipe.apply_to_curve(&spectrum()).unwrap();
        assert_eq!((prepared.wavenumber_cm1.len(), &prepared.value_unit), (851, &ValueUnit::Absorbance));
        assert_eq!((prepared.bridged_points, prepared.unbridged_points), (31, 0));
        // 2280 lies 445 steps above 500, 2400 475, 3500 750.
        assert_eq!(prepared.runs(), [0..445, 476..750]);
        let highest = (0..851).max_by(|&a, &b| prepared.values[a].total_cmp(&prepared.values[b])).unwrap();
        assert_eq!(grid[highest], 1_700.0);
        let again: Recipe = serde_json::from_str(&recipe.canonical_text()).unwrap();
        assert_eq!(again.digest(), recipe.digest());
    }

    #[test]
    fn impossible_options_and_mixed_recipes_are_refused() {
        for (wrong, expected) in [
            (r#"{ step = "convert_to_absorbance", transmittance_floor = 0.0 }"#, "floor"),
            (
                r#"{ step = "savitzky_golay", window = 8, order = 2, derivative = 0, ends = "polynomial" }"#,
                "window",
            ),
            (r#"{ step = "leave_out", ranges_cm1 = [[2.0, 1.0]] }"#, "no range"),
            (r#"{ step = "subtract_rubber_band", strength = 2 }"#, "strength"),
            (
                r#"{ step = "subtract_rubber_band" }, { step = "bin_to_unit_mass", boundary = 0.7 }"#,
                "not both",
            ),
        ] {
            let error = toml::from_str::<Recipe>(&format!("steps = [{wrong}]")).unwrap_err().to_string();
            assert!(error.contains(expected), "{wrong}: {error}");
        }
    }

    #[test]
    fn peaks_and_curves_are_told_apart_and_odd_values_named() {
        let for_peaks = Recipe::try_new(vec![Step::RemoveZeroIntensities {}]).unwrap();
        assert!(for_peaks.apply_to_curve(&spectrum()).unwrap_err().to_string().contains("about peaks"));
        let for_curves = Recipe::try_new(vec![Step::SubtractRubberBand {}]).unwrap();
        let error = for_curves.apply(&crate::spectrum::PeakList::default(), None).unwrap_err().to_string();
        assert!(
            error.contains("step 1 (subtract_rubber_band): the step is about infrared spectra"),
            "{error}"
        );
        let axis = (Axis::uniform(400.0, 500.0, 3).unwrap(), AxisUnit::Wavenumber);
        let volts = Curve::try_new(CurveKind::Spectrum, axis, (vec![1.0; 3], ValueUnit::Volt)).unwrap();
        let to_absorbance = Recipe::try_new(vec![Step::ConvertToAbsorbance { transmittance_floor: 1e-6 }]);
        let error = to_absorbance.unwrap().apply_to_curve(&volts).unwrap_err();
        assert_eq!(error.kind(), crate::ErrorKind::Unsupported);
        assert!(error.to_string().contains("its values (volt) have no absorbance"), "{error}");
    }

    #[test]
    fn what_cannot_be_bridged_is_counted() {
        let axis = (Axis::uniform(2_290.0, 2_400.0, 12).unwrap(), AxisUnit::Wavenumber);
        let curve =
            Curve::try_new(CurveKind::Spectrum, axis, (vec![0.1; 12], ValueUnit::Absorbance)).unwrap();
        // No point lies below the range.
        let recipe = Recipe::try_new(vec![Step::BridgeRanges {
            ranges_cm1: vec![(2_280.0, 2_380.0)],
            edge_points: 1,
        }]);
        let prepared = recipe.unwrap().apply_to_curve(&curve).unwrap();
        assert_eq!((prepared.bridged_points, prepared.unbridged_points), (0, 10));
        assert_eq!(prepared.values, [0.1; 12]);
    }

    #[test]
    fn saturated_points_are_counted() {
        let axis = (Axis::uniform(400.0, 402.0, 3).unwrap(), AxisUnit::Wavenumber);
        let dark = (vec![0.5, 0.0, -0.1], ValueUnit::Transmittance);
        let curve = Curve::try_new(CurveKind::Spectrum, axis, dark).unwrap();
        let recipe = Recipe::try_new(vec![Step::ConvertToAbsorbance { transmittance_floor: 1e-6 }]).unwrap();
        let prepared = recipe.apply_to_curve(&curve).unwrap();
        assert_eq!((prepared.clamped_points, prepared.values[1]), (2, 6.0));
    }
}
