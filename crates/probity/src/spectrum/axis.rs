//! The axis of a curve, in the order in which its values stand.

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};

/// Where the points of a curve lie.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "RawAxis", into = "RawAxis")]
pub struct Axis(Points);

#[derive(Debug, Clone, PartialEq)]
enum Points {
    Uniform { first: f64, last: f64, count: usize },
    Listed(Vec<f64>),
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum RawAxis {
    Uniform { first: f64, last: f64, points: usize },
    Listed(Vec<f64>),
}

impl TryFrom<RawAxis> for Axis {
    type Error = Error;

    fn try_from(raw: RawAxis) -> Result<Self> {
        match raw {
            RawAxis::Uniform { first, last, points } => Self::uniform(first, last, points),
            RawAxis::Listed(points) => Self::listed(points),
        }
    }
}

impl From<Axis> for RawAxis {
    fn from(axis: Axis) -> Self {
        match axis.0 {
            Points::Uniform { first, last, count } => Self::Uniform { first, last, points: count },
            Points::Listed(points) => Self::Listed(points),
        }
    }
}

impl Axis {
    /// Points at equal distances from the first to the last, which may be the lower one.
    ///
    /// # Errors
    /// `Malformed` if an end is not a finite number, or both are the same though there are several points.
    pub fn uniform(first: f64, last: f64, count: usize) -> Result<Self> {
        if !(first.is_finite() && last.is_finite() && (last - first).is_finite()) {
            return Err(Error::malformed(format!("an axis from {first} to {last} is not finite")));
        }
        if count > 1 && first == last {
            return Err(Error::malformed(format!("{count} points lie at {first} alone")));
        }
        Ok(Self(Points::Uniform { first, last, count }))
    }

    /// Points where they are listed, in any order.
    ///
    /// # Errors
    /// `Malformed` if one is not a finite number; the message names it, from 1.
    pub fn listed(points: Vec<f64>) -> Result<Self> {
        if let Some(point) = points.iter().position(|point| !point.is_finite()) {
            let message =
                format!("point {} lies at {}, which is not a finite number", point + 1, points[point]);
            return Err(Error::malformed(message));
        }
        Ok(Self(Points::Listed(points)))
    }

    /// Points where they are listed; uniform if equal distances from the first to the last give the same numbers.
    ///
    /// # Errors
    /// As [`Self::listed`].
    pub fn of_points(points: Vec<f64>) -> Result<Self> {
        let uniform = match points.as_slice() {
            [first, .., last] => Self::uniform(*first, *last, points.len()).ok(),
            _ => None,
        };
        match uniform.filter(|uniform| uniform.points() == points) {
            Some(uniform) => Ok(uniform),
            None => Self::listed(points),
        }
    }

    /// The number of points.
    #[must_use]
    pub fn len(&self) -> usize {
        match &self.0 {
            Points::Uniform { count, .. } => *count,
            Points::Listed(points) => points.len(),
        }
    }

    /// Whether there is no point.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Whether the points are known to lie at equal distances.
    #[must_use]
    pub fn is_uniform(&self) -> bool {
        matches!(self.0, Points::Uniform { .. })
    }

    /// The first and the last point of an axis that is known to be uniform.
    #[must_use]
    pub fn uniform_ends(&self) -> Option<(f64, f64)> {
        match &self.0 {
            Points::Uniform { first, last, .. } => Some((*first, *last)),
            Points::Listed(_) => None,
        }
    }

    /// All points: of a uniform axis first + i (last − first) / (count − 1), computed in that order.
    #[must_use]
    pub fn points(&self) -> Vec<f64> {
        match &self.0 {
            Points::Uniform { first, last, count } => {
                let step = if *count > 1 { (last - first) / (*count as f64 - 1.0) } else { 0.0 };
                (0..*count).map(|number| first + number as f64 * step).collect()
            }
            Points::Listed(points) => points.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_uniform_axis_may_fall() {
        let axis = Axis::uniform(4_000.0, 400.0, 4).unwrap();
        assert_eq!(axis.points(), [4_000.0, 2_800.0, 1_600.0, 400.0]);
        assert_eq!(axis.uniform_ends(), Some((4_000.0, 400.0)));
        assert_eq!(Axis::listed(axis.points()).unwrap().uniform_ends(), None);
        assert_eq!(Axis::of_points(axis.points()).unwrap(), axis);
        for uneven in [vec![1.0, 2.0, 4.0], vec![1.0], vec![1.0, 1.0], vec![]] {
            assert!(!Axis::of_points(uneven).unwrap().is_uniform());
        }
        assert_eq!(Axis::uniform(1.0, 1.0, 1).unwrap().points(), [1.0]);
        assert_eq!(Axis::uniform(0.0, 0.0, 0).unwrap().points(), Vec::<f64>::new());
    }

    #[test]
    fn an_axis_is_finite_and_has_an_extent() {
        for (first, last, count) in [(f64::NAN, 1.0, 2), (0.0, f64::INFINITY, 2), (1.0, 1.0, 2)] {
            assert!(Axis::uniform(first, last, count).is_err());
        }
        let error = Axis::listed(vec![1.0, f64::INFINITY]).unwrap_err();
        assert_eq!(error.to_string(), "point 2 lies at inf, which is not a finite number");
    }

    #[test]
    fn json_is_checked_too() {
        for axis in [Axis::uniform(4_000.0, 400.0, 4).unwrap(), Axis::listed(vec![3.0, 1.5]).unwrap()] {
            let text = serde_json::to_string(&axis).unwrap();
            assert_eq!(serde_json::from_str::<Axis>(&text).unwrap(), axis);
        }
        assert!(serde_json::from_str::<Axis>(r#"{"uniform":{"first":1.0,"last":1.0,"points":2}}"#).is_err());
    }
}
