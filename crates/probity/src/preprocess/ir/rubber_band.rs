//! A baseline like a rubber band pulled from below: the lower convex hull.

use serde::{Deserialize, Serialize};

use super::columns::{check_column, check_monotonic};
use crate::error::{Error, Result};

/// A baseline and where it touches the curve.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RubberBand {
    /// The baseline, in units of the values.
    pub values: Vec<f64>,
    /// The positions of its vertices, from 0, ascending.
    pub vertices: Vec<usize>,
}

/// The lower convex hull of the points, linear between its vertices (monotone chain: Andrew, Inf. Process. Lett. 1979,
/// 9, 216). The axis may rise or fall. Every point must have been measured.
///
/// # Errors
/// `Malformed` for columns of different lengths, numbers that are not finite, and an axis that turns or stands.
pub fn rubber_band(axis: &[f64], values: &[f64]) -> Result<RubberBand> {
    check_monotonic(axis)?;
    check_column("the values", values, axis.len(), None)?;
    let falls = axis.len() > 1 && axis[0] > axis[1];
    let mut vertices: Vec<usize> = Vec::new();
    for point in 0..axis.len() {
        while let [.., before, last] = vertices[..] {
            let (run, rise) = (axis[last] - axis[before], values[last] - values[before]);
            let turn = run * (values[point] - values[before]) - rise * (axis[point] - axis[before]);
            // Above 0 if it turns to the left, on a rising axis upwards.
            if (turn > 0.0) != falls && turn != 0.0 {
                break;
            }
            vertices.pop();
        }
        vertices.push(point);
    }
    let mut baseline = Vec::with_capacity(axis.len());
    for pair in vertices.windows(2) {
        let (first, last) = (pair[0], pair[1]);
        let slope = (values[last] - values[first]) / (axis[last] - axis[first]);
        baseline.extend((first..last).map(|point| values[first] + slope * (axis[point] - axis[first])));
    }
    baseline.extend(vertices.last().map(|&last| values[last]));
    if baseline.iter().any(|value| !value.is_finite()) {
        return Err(Error::malformed("the rubber band left the range of numbers"));
    }
    Ok(RubberBand { values: baseline, vertices })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::golden::cases;
    use super::*;

    #[test]
    fn golden() {
        let mut seen = 0;
        // Bands over parts of a curve are not offered: where parts meet they make steps.
        for case in cases("baseline_rubberband").iter().filter(|case| case.count("segments") == 1) {
            let band = rubber_band(&case.column("x"), &case.column("y")).unwrap();
            case.assert_expected(&band.values, "baseline");
            let vertices: Vec<f64> = band.vertices.iter().map(|&vertex| vertex as f64).collect();
            case.assert_expected(&vertices, "mask_indices");
            seen += 1;
        }
        assert_eq!(seen, 3);
    }

    proptest! {
        #[test]
        fn the_band_lies_nowhere_above_and_is_convex(values in prop::collection::vec(-1.0_f64..1.0, 0..60)) {
            let axis: Vec<f64> = (0..values.len()).map(|point| 400.0 + 4.0 * point as f64).collect();
            let band = rubber_band(&axis, &values).unwrap();
            prop_assert!(band.values.iter().zip(&values).all(|(band, value)| *band <= value + 1e-12));
            prop_assert!(band.values.windows(3).all(|three| three[0] + three[2] >= 2.0 * three[1] - 1e-12));
            // Read the other way, it is the same.
            let falling: Vec<f64> = axis.iter().rev().copied().collect();
            let turned: Vec<f64> = values.iter().rev().copied().collect();
            let back = rubber_band(&falling, &turned).unwrap();
            let vertices: Vec<usize> = back.vertices.iter().rev().map(|vertex| values.len() - 1 - vertex).collect();
            prop_assert_eq!(vertices, band.vertices);
        }
    }

    #[test]
    fn an_axis_that_stands_is_refused() {
        assert!(rubber_band(&[1.0, 1.0], &[0.0, 0.0]).is_err());
        assert!(rubber_band(&[1.0, 2.0], &[0.0]).is_err());
        assert_eq!(rubber_band(&[5.0], &[0.5]).unwrap().values, [0.5]);
    }
}
