//! How alike two infrared curves on the same axis are: one measure a file, in plain f64.
//!
//! "Hit quality index" is the name that makers give to quite different numbers, so every measure here has a
//! [description](MeasureDescription) that says its range, which end is the good one, and what it is. All
//! compare a [`CurvePair`]: only points that both curves have, weighted by region where asked for. All are
//! undefined (`None`) where a curve shows nothing at the compared points: such a pair is not comparable, which
//! is not the same as unlike.

pub mod absolute_difference;
pub mod bands;
pub mod correlation;
pub mod cosine;
pub mod curve_pair;
pub mod description;
pub mod euclidean_distance;
pub mod first_derivative_absolute_difference;
pub mod first_derivative_correlation;
pub mod first_derivative_least_squares;
pub mod least_squares;
pub mod measure;
pub mod region;
pub(crate) mod side_by_side;
pub mod spectral_angle;
pub mod squared_first_difference_cosine;
mod sums;

pub use curve_pair::{ComparedPoints, CurvePair};
pub use description::{Better, MeasureDescription};
pub use measure::InfraredMeasure;

#[cfg(test)]
pub(crate) mod golden;
#[cfg(test)]
mod tests;
