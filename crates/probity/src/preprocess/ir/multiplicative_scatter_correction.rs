//! Removes offset and scale of a curve against a reference.

use serde::{Deserialize, Serialize};

use super::columns::{check_column, map_measured, measured_values};
use super::least_squares::least_squares;
use crate::error::{Error, Result};

/// A curve brought to the offset and scale of its reference.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ScatterCorrected {
    /// (value − offset) / slope.
    pub values: Vec<f64>,
    /// What was taken off, in units of the values.
    pub offset: f64,
    /// What was divided by: how many times the reference the curve holds; never 0. Below 0 the curve is the
    /// reference's mirror image, which is no sound result.
    pub slope: f64,
}

/// Multiplicative scatter correction: fits value = offset + slope · reference by least squares over the measured points
/// and inverts it (Geladi, MacDougall & Martens, Appl. Spectrosc. 1985, 39, 491). For a library search the reference
/// is the candidate, not the mean of a data set.
///
/// # Errors
/// `Malformed` for columns of different lengths, values that are not finite, fewer than 2 points, a constant reference,
/// and a slope of 0.
pub fn multiplicative_scatter_correction(
    values: &[f64],
    reference: &[f64],
    measured: Option<&[bool]>,
) -> Result<ScatterCorrected> {
    check_column("the values", values, values.len(), measured)?;
    check_column("the reference", reference, values.len(), measured)?;
    let x = measured_values(reference, measured);
    let ones = vec![1.0; x.len()];
    let coefficients = least_squares(vec![ones, x], measured_values(values, measured))?;
    let (offset, slope) = (coefficients[0], coefficients[1]);
    check_slope(slope)?;
    let values = map_measured(values, measured, "the correction", |_, value| (value - offset) / slope)?;
    Ok(ScatterCorrected { values, offset, slope })
}

/// # Errors
/// `Malformed` for a slope of 0.
pub(super) fn check_slope(slope: f64) -> Result<()> {
    if slope == 0.0 {
        return Err(Error::malformed("the curve holds nothing of the reference, so its scale is unknown"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::columns::median;
    use super::super::golden::{Case, cases};
    use super::*;

    #[test]
    fn golden_corrections() {
        let mut compared = 0;
        for case in cases("msc") {
            let rows = Case::rows(&case.input["X"]);
            let column = |point: usize| rows.iter().map(|row| row[point]).collect::<Vec<f64>>();
            let points = 0..rows[0].len();
            let reference: Vec<f64> = match case.word("reference") {
                "mean" => points.map(|i| column(i).iter().sum::<f64>() / rows.len() as f64).collect(),
                "median" => points.map(|i| median(column(i)).unwrap()).collect(),
                _ => case.column("reference"),
            };
            for (row, expected) in rows.iter().zip(Case::rows(&case.expected["X"])) {
                let got = multiplicative_scatter_correction(row, &reference, None).unwrap();
                case.assert_close(&got.values, &expected);
                compared += 1;
            }
        }
        assert_eq!(compared, 18);
    }

    #[test]
    fn what_has_no_scale_is_an_error() {
        let ramp = [0.0, 1.0, 2.0];
        for (values, reference) in
            [(&ramp[..], &[1.0, 1.0, 1.0][..]), (&[0.0; 3], &ramp), (&[], &[]), (&[1.0], &[1.0])]
        {
            assert!(multiplicative_scatter_correction(values, reference, None).is_err(), "{values:?}");
        }
        assert!(multiplicative_scatter_correction(&ramp, &ramp[..2], None).is_err());
        assert!(multiplicative_scatter_correction(&[1.0, f64::NAN, 2.0], &ramp, None).is_err());
        let masked =
            multiplicative_scatter_correction(&[1.0, f64::NAN, 5.0], &ramp, Some(&[true, false, true]));
        let masked = masked.unwrap();
        assert!((masked.slope - 2.0).abs() < 1e-15 && (masked.offset - 1.0).abs() < 1e-15);
        assert_eq!(masked.values[1], 0.0);
    }

    proptest! {
        #[test]
        fn the_reference_returns_from_any_offset_and_scale(
            reference in prop::collection::vec(-1.0..1.0_f64, 4..60),
            offset in -2.0..2.0_f64,
            slope in 0.1..9.0_f64,
        ) {
            let spread = reference.iter().fold(0.0_f64, |most, value| most.max((value - reference[0]).abs()));
            prop_assume!(spread > 0.01);
            let values: Vec<f64> = reference.iter().map(|value| offset + slope * value).collect();
            let got = multiplicative_scatter_correction(&values, &reference, None).unwrap();
            for (got, expected) in got.values.iter().zip(&reference) {
                prop_assert!((got - expected).abs() < 1e-10);
            }
        }
    }
}
