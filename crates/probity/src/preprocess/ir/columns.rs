//! What every verb asks of its columns before it computes.

use crate::error::{Error, Result};

/// Whether the point was measured.
pub(super) fn is_measured(measured: Option<&[bool]>, point: usize) -> bool {
    measured.is_none_or(|measured| measured[point])
}

/// Whether all numbers are finite, without stopping at the first that is not: so the compiler takes many at a time.
pub(super) fn are_finite(column: &[f64]) -> bool {
    column.iter().fold(true, |finite, number| finite & number.is_finite())
}

/// Checks a column: as many points as `points` (and as the mask), and finite numbers where measured.
///
/// # Errors
/// `Malformed`, naming the column and the point, from 1.
pub(super) fn check_column(
    name: &str,
    column: &[f64],
    points: usize,
    measured: Option<&[bool]>,
) -> Result<()> {
    if column.len() != points {
        return Err(Error::malformed(format!("{} points of {name}, not {points}", column.len())));
    }
    if let Some(measured) = measured.filter(|measured| measured.len() != points) {
        return Err(Error::malformed(format!("a mask of {} points, not {points}", measured.len())));
    }
    // Nearly all columns are finite throughout, which is told faster than where one is not.
    if are_finite(column) {
        return Ok(());
    }
    match (0..points).find(|&point| is_measured(measured, point) && !column[point].is_finite()) {
        Some(point) => {
            let value = column[point];
            Err(Error::malformed(format!("{name} at point {}: {value} is not a finite number", point + 1)))
        }
        None => Ok(()),
    }
}

/// The direction and mean step of an axis at equal distances, in its unit; negative where it falls.
///
/// # Errors
/// `Malformed` for fewer than 2 points, one that is not finite, or a step that differs from the mean step by more
/// than 1 % (files round their wavenumbers).
pub(super) fn uniform_step(axis: &[f64]) -> Result<f64> {
    check_column("the axis", axis, axis.len(), None)?;
    let [first, .., last] = axis else {
        return Err(Error::malformed(format!("{} points have no step", axis.len())));
    };
    let step = (last - first) / (axis.len() as f64 - 1.0);
    let uneven = axis.windows(2).any(|pair| (pair[1] - pair[0] - step).abs() > 0.01 * step.abs());
    if uneven || step == 0.0 || !step.is_finite() {
        return Err(Error::malformed("the points of the axis do not lie at equal distances"));
    }
    Ok(step)
}

/// Checks that an axis ascends or descends strictly.
///
/// # Errors
/// `Malformed` if it turns, stands, or is not finite.
pub(super) fn check_monotonic(axis: &[f64]) -> Result<()> {
    check_column("the axis", axis, axis.len(), None)?;
    let rises = axis.windows(2).all(|pair| pair[0] < pair[1]);
    if rises || axis.windows(2).all(|pair| pair[0] > pair[1]) {
        return Ok(());
    }
    Err(Error::malformed("the axis neither ascends nor descends throughout"))
}

/// The values of the measured points, in order.
pub(super) fn measured_values(column: &[f64], measured: Option<&[bool]>) -> Vec<f64> {
    (0..column.len()).filter(|&point| is_measured(measured, point)).map(|point| column[point]).collect()
}

/// `of` each measured value, and 0 elsewhere.
///
/// # Errors
/// `Malformed` if a result exceeds the range of numbers; `what` names the step.
pub(super) fn map_measured(
    column: &[f64],
    measured: Option<&[bool]>,
    what: &str,
    mut of: impl FnMut(usize, f64) -> f64,
) -> Result<Vec<f64>> {
    let value = |(point, &value): (usize, &f64)| {
        let value = if is_measured(measured, point) { of(point, value) } else { 0.0 };
        if value.is_finite() { Ok(value) } else { Err(out_of_range(what)) }
    };
    column.iter().enumerate().map(value).collect()
}

/// The error of a step whose result is no number.
pub(super) fn out_of_range(what: &str) -> Error {
    Error::malformed(format!("{what} left the range of numbers"))
}

/// The middle value; of an even number the mean of the two in the middle. `None` of nothing.
pub(super) fn median(mut values: Vec<f64>) -> Option<f64> {
    values.sort_by(f64::total_cmp);
    let middle = values.len() / 2;
    let upper = *values.get(middle)?;
    Some(if values.len() % 2 == 1 { upper } else { (values[middle - 1] + upper) / 2.0 })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_column_is_checked_where_it_was_measured() {
        let values = [1.0, f64::NAN, 3.0];
        let error = check_column("the absorbance", &values, 3, None).unwrap_err();
        assert_eq!(error.to_string(), "the absorbance at point 2: NaN is not a finite number");
        assert!(check_column("x", &values, 3, Some(&[true, false, true])).is_ok());
        assert!(check_column("x", &values, 3, Some(&[true, false])).is_err());
        assert!(check_column("x", &values, 4, None).is_err());
        assert_eq!(measured_values(&values, Some(&[true, false, true])), [1.0, 3.0]);
    }

    #[test]
    fn an_axis_has_one_direction_and_one_step() {
        assert_eq!(uniform_step(&[4.0, 3.0, 2.0]).unwrap(), -1.0);
        for wrong in [&[1.0][..], &[], &[1.0, 1.0], &[1.0, 2.0, 4.0], &[1.0, f64::NAN]] {
            assert!(uniform_step(wrong).is_err());
        }
        assert!(check_monotonic(&[4.0, 3.0, 1.0]).is_ok() && check_monotonic(&[]).is_ok());
        for wrong in [&[1.0, 1.0][..], &[1.0, 2.0, 1.5], &[1.0, f64::INFINITY]] {
            assert!(check_monotonic(wrong).is_err());
        }
    }

    #[test]
    fn the_median_of_an_even_number_lies_between() {
        assert_eq!(median(vec![3.0, 1.0, 2.0]), Some(2.0));
        assert_eq!(median(vec![4.0, 1.0]), Some(2.5));
        assert_eq!(median(Vec::new()), None);
    }
}
