//! The angle between two curves taken as vectors (Kruse et al., Remote Sens. Environ. 1993, 44, 145: the *spectral angle
//! mapper*). It ranks as the cosine does.
//!
//! Computed as 2 atan2(‖x/‖x‖ − y/‖y‖‖, ‖x/‖x‖ + y/‖y‖‖) (Kahan, *How futile are mindless assessments of roundoff*, 2006,
//! §12), which keeps its digits where curves are nearly the same; the arc cosine loses half of them there.

use super::curve_pair::CurvePair;
use super::description::{Better, MeasureDescription};
use crate::math::atan2;

/// What the number is.
pub const DESCRIPTION: MeasureDescription = MeasureDescription {
    name: "spectral angle",
    lowest: 0.0,
    highest: std::f64::consts::PI,
    better: Better::Lower,
    definition: "Angle in radians between the two curves taken as vectors: 0 for curves that differ by scale only, \
                 1.571 for curves without anything in common, more only where values are negative",
};

/// The angle in radians, 0 to π; `None` if a curve is 0 at all compared points.
#[must_use]
pub fn spectral_angle(pair: &CurvePair) -> Option<f64> {
    let (mut first, mut second) = (0.0, 0.0);
    for point in pair.pairs() {
        first += point.weight * point.first * point.first;
        second += point.weight * point.second * point.second;
    }
    if !(first > 0.0 && second > 0.0) {
        return None;
    }
    let (first, second, mut apart, mut together) = (first.sqrt(), second.sqrt(), 0.0, 0.0);
    for point in pair.pairs() {
        let (x, y) = (point.first / first, point.second / second);
        apart += point.weight * (x - y) * (x - y);
        together += point.weight * (x + y) * (x + y);
    }
    Some(2.0 * atan2(apart.sqrt(), together.sqrt()))
}

#[cfg(test)]
mod tests {
    use std::f64::consts::{FRAC_PI_2, FRAC_PI_4, PI};

    use super::super::golden::{cases, pair_of};
    use super::*;

    #[test]
    fn golden_angles_are_met() {
        for case in cases("ir_similarity") {
            let (a, b) = (case.column("a"), case.column("b"));
            case.assert_expected(spectral_angle(&pair_of(&a, &b)).unwrap(), "sam_angle");
        }
    }

    #[test]
    fn known_angles() {
        let angle = |a: &[f64], b: &[f64]| spectral_angle(&pair_of(a, b)).unwrap();
        assert!((angle(&[1.0, 0.0], &[3.0, 3.0]) - FRAC_PI_4).abs() < 1e-15);
        assert!((angle(&[1.0, 0.0], &[0.0, 2.0]) - FRAC_PI_2).abs() < 1e-15);
        assert!((angle(&[1.0, 2.0], &[-1.0, -2.0]) - PI).abs() < 1e-15);
        // The arc cosine of 1 − 5 · 10⁻¹⁹ would be 0.
        assert!((angle(&[1.0, 0.0], &[1.0, 1e-9]) - 1e-9).abs() < 1e-16);
        assert_eq!(spectral_angle(&pair_of(&[0.0, 0.0], &[1.0, 1.0])), None);
    }
}
