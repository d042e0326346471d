//! Removes offset, scale, a smooth baseline and known interferents of a curve against a reference.

use serde::{Deserialize, Serialize};

use super::columns::{check_column, check_monotonic, map_measured, measured_values};
use super::least_squares::{least_squares, scaled_powers};
use super::multiplicative_scatter_correction::check_slope;
use crate::error::{Error, Result};

/// The highest power that the baseline may have; above it the powers of −1 … 1 become too alike.
const MAXIMUM_ORDER: usize = 10;

/// How smooth the baseline is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct ExtendedMscOptions {
    /// The highest power of the wavenumber in the baseline, at most 10; the default is 2.
    pub order: usize,
}

impl Default for ExtendedMscOptions {
    fn default() -> Self {
        Self { order: 2 }
    }
}

/// What a curve is thought to be made of: columns over one axis.
#[derive(Debug, Clone, Copy)]
pub struct ScatterModel<'a> {
    /// The axis in cm⁻¹, ascending or descending.
    pub wavenumber: &'a [f64],
    /// What is wanted; for a library search the candidate, not the mean of a data set.
    pub reference: &'a [f64],
    /// What is not wanted, such as carbon dioxide and water vapour.
    pub interferents: &'a [&'a [f64]],
}

/// A curve brought to its reference, and what was taken off.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ExtendedMsc {
    /// (value − baseline − interferents) / slope.
    pub values: Vec<f64>,
    /// How many times the reference the curve holds; never 0. Below 0 it is no sound result.
    pub slope: f64,
    /// The coefficients of the powers 0 to `order` of the axis scaled to −1 … 1 from its first to its last point.
    pub baseline: Vec<f64>,
    /// How many times each interferent the curve holds.
    pub interferents: Vec<f64>,
}

/// Extended multiplicative scatter correction: fits value = slope · reference + Σ bₖ xᵏ + Σ cⱼ interferentⱼ, x the axis
/// scaled to −1 … 1, by least squares over the measured points; one linear solution, no iteration (Martens & Stark,
/// J. Pharm. Biomed. Anal. 1991, 9, 625).
///
/// # Errors
/// `InvalidOption` for an order above 10; `Malformed` for columns of different lengths, an axis without one direction,
/// values that are not finite, fewer points than columns, columns that depend on each other, and a slope of 0.
pub fn extended_msc(
    values: &[f64],
    measured: Option<&[bool]>,
    model: &ScatterModel<'_>,
    options: &ExtendedMscOptions,
) -> Result<ExtendedMsc> {
    let order = options.order;
    if order > MAXIMUM_ORDER {
        return Err(Error::invalid_option(format!("a baseline of order {order} exceeds {MAXIMUM_ORDER}")));
    }
    let points = model.wavenumber.len();
    check_monotonic(model.wavenumber)?;
    check_column("the values", values, points, measured)?;
    check_column("the reference", model.reference, points, measured)?;
    for interferent in model.interferents {
        check_column("an interferent", interferent, points, measured)?;
    }
    let powers = scaled_powers(model.wavenumber, order);
    let unwanted: Vec<&[f64]> =
        powers.iter().map(Vec::as_slice).chain(model.interferents.iter().copied()).collect();
    let columns = std::iter::once(model.reference).chain(unwanted.iter().copied());
    let columns = columns.map(|column| measured_values(column, measured)).collect();
    let mut coefficients = least_squares(columns, measured_values(values, measured))?;
    let slope = coefficients.remove(0);
    check_slope(slope)?;
    let values = map_measured(values, measured, "the correction", |point, value| {
        let off: f64 = coefficients.iter().zip(&unwanted).map(|(c, column)| c * column[point]).sum();
        (value - off) / slope
    })?;
    let interferents = coefficients.split_off(order + 1);
    Ok(ExtendedMsc { values, slope, baseline: coefficients, interferents })
}

#[cfg(test)]
mod tests {
    use super::super::golden::{Case, cases};
    use super::*;

    /// Those of chemotools come without an axis: any uniform one spans the same baselines.
    #[test]
    fn golden_corrections() {
        let mut compared = 0;
        for case in cases("emsc") {
            let rows = Case::rows(&case.input["X"]);
            let reference = case.column("reference");
            let wavenumber = match case.input["x"].is_null() {
                true => (0..reference.len()).map(|i| i as f64).collect(),
                false => case.column("x"),
            };
            let interferent =
                if case.input["interferent"].is_null() { vec![] } else { case.column("interferent") };
            let interferents = if interferent.is_empty() { vec![] } else { vec![interferent.as_slice()] };
            let model =
                ScatterModel { wavenumber: &wavenumber, reference: &reference, interferents: &interferents };
            let options = ExtendedMscOptions { order: case.count("order") };
            for (number, row) in rows.iter().enumerate() {
                let got = extended_msc(row, None, &model, &options).unwrap();
                case.assert_close(&got.values, &Case::rows(&case.expected["X"])[number]);
                if !case.expected["coef"].is_null() {
                    let coefficients = [vec![got.slope], got.baseline, got.interferents].concat();
                    case.assert_close(&coefficients, &Case::rows(&case.expected["coef"])[number]);
                }
                compared += 1;
            }
        }
        assert_eq!(compared, 30);
    }

    #[test]
    fn a_known_mixture_is_taken_apart_and_gaps_are_bridged() {
        let wavenumber: Vec<f64> = (0..40).map(|i| 4_000.0 - 20.0 * f64::from(i)).collect();
        let bump = |centre: f64| -> Vec<f64> {
            wavenumber.iter().map(|x| 1.0 / (1.0 + (x - centre) * (x - centre) / 900.0)).collect()
        };
        let (reference, gas) = (bump(3_700.0), bump(3_400.0));
        let mut values: Vec<f64> =
            (0..40).map(|i| 0.1 + 2.0 * reference[i] - 0.5 * gas[i] + 0.01 * i as f64).collect();
        values[20] = f64::NAN;
        let measured: Vec<bool> = (0..40).map(|i| i != 20).collect();
        let gases = [gas.as_slice()];
        let model = ScatterModel { wavenumber: &wavenumber, reference: &reference, interferents: &gases };
        let got = extended_msc(&values, Some(&measured), &model, &ExtendedMscOptions::default()).unwrap();
        assert!((got.slope - 2.0).abs() < 1e-12 && (got.interferents[0] + 0.5).abs() < 1e-12);
        assert!((got.values[5] - reference[5]).abs() < 1e-12);
        assert_eq!((got.values[20], got.baseline.len()), (0.0, 3));
    }

    #[test]
    fn what_cannot_be_solved_is_an_error() {
        let (wavenumber, ramp) = ([1.0, 2.0, 3.0, 4.0], [0.0, 1.0, 2.0, 3.0]);
        let model = ScatterModel { wavenumber: &wavenumber, reference: &ramp, interferents: &[] };
        // A straight reference is itself a baseline.
        assert!(extended_msc(&ramp, None, &model, &ExtendedMscOptions::default()).is_err());
        assert!(extended_msc(&ramp, None, &model, &ExtendedMscOptions { order: 11 }).is_err());
        let bent = ScatterModel { reference: &[0.0, 5.0, 1.0, 3.0], ..model };
        assert!(extended_msc(&ramp, None, &bent, &ExtendedMscOptions { order: 3 }).is_err());
        assert!(extended_msc(&ramp[..3], None, &bent, &ExtendedMscOptions { order: 0 }).is_err());
        let turned = ScatterModel { wavenumber: &[1.0, 3.0, 2.0, 4.0], ..bent };
        assert!(extended_msc(&ramp, None, &turned, &ExtendedMscOptions { order: 0 }).is_err());
        let empty = ScatterModel { wavenumber: &[], reference: &[], interferents: &[] };
        assert!(extended_msc(&[], None, &empty, &ExtendedMscOptions::default()).is_err());
    }
}
