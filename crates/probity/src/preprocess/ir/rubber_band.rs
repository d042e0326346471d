//! A baseline like a rubber band pulled from below: the lower convex hull.

use std::ops::Range;

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
    rubber_band_in_segments(axis, values, 1)
}

/// A rubber band fixed to the curve at both ends of each of so many segments of about equal numbers of points: segment i
/// begins at point ⌊i n / segments⌋. It follows a baseline that bends downwards, and what it is fixed to may be a band. The
/// ends of neighbouring segments are joined by a line.
///
/// # Errors
/// As [`rubber_band`], and `InvalidOption` for no segments, or for more than one with fewer than 3 points each.
pub fn rubber_band_in_segments(axis: &[f64], values: &[f64], segments: usize) -> Result<RubberBand> {
    check_monotonic(axis)?;
    check_column("the values", values, axis.len(), None)?;
    if segments == 0 || (segments > 1 && axis.len() / 3 < segments) {
        let message = format!("{} points have no {segments} segments of 3 points and more", axis.len());
        return Err(Error::invalid_option(message));
    }
    // Below the square of the points: `u128` holds it.
    let start = |segment: usize| (segment as u128 * axis.len() as u128 / segments as u128) as usize;
    let vertices: Vec<usize> = (0..segments)
        .flat_map(|segment| lower_hull(axis, values, start(segment)..start(segment + 1)))
        .collect();
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

/// The vertices of the lower convex hull of some points, by the monotone chain.
fn lower_hull(axis: &[f64], values: &[f64], points: Range<usize>) -> Vec<usize> {
    let falls = axis.len() > 1 && axis[0] > axis[1];
    let mut vertices: Vec<usize> = Vec::new();
    for point in points {
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
    vertices
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::golden::cases;
    use super::*;

    #[test]
    fn golden() {
        let mut seen = 0;
        for case in cases("baseline_rubberband") {
            let segments = case.count("segments");
            let band = rubber_band_in_segments(&case.column("x"), &case.column("y"), segments).unwrap();
            case.assert_expected(&band.values, "baseline");
            let vertices: Vec<f64> = band.vertices.iter().map(|&vertex| vertex as f64).collect();
            case.assert_expected(&vertices, "mask_indices");
            seen += 1;
        }
        assert_eq!(seen, 6);
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
        for wrong in [0, 2, usize::MAX] {
            assert!(rubber_band_in_segments(&[1.0, 2.0, 3.0, 4.0, 5.0], &[0.0; 5], wrong).is_err());
        }
        assert_eq!(rubber_band(&[5.0], &[0.5]).unwrap().values, [0.5]);
    }
}
