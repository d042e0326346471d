//! The measures by name.

use serde::{Deserialize, Serialize};

use super::curve_pair::CurvePair;
use super::description::MeasureDescription;
use super::{
    absolute_difference, correlation, cosine, euclidean_distance, first_derivative_absolute_difference,
    first_derivative_correlation, first_derivative_least_squares, least_squares, spectral_angle,
    squared_first_difference_cosine,
};

/// How two curves are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum InfraredMeasure {
    /// [`absolute_difference`](absolute_difference::absolute_difference).
    AbsoluteDifference,
    /// [`correlation`](correlation::correlation).
    Correlation,
    /// [`cosine`](cosine::cosine).
    Cosine,
    /// [`euclidean_distance`](euclidean_distance::euclidean_distance).
    EuclideanDistance,
    /// [`first_derivative_absolute_difference`](first_derivative_absolute_difference::first_derivative_absolute_difference).
    FirstDerivativeAbsoluteDifference,
    /// [`first_derivative_correlation`](first_derivative_correlation::first_derivative_correlation).
    FirstDerivativeCorrelation,
    /// [`first_derivative_least_squares`](first_derivative_least_squares::first_derivative_least_squares).
    FirstDerivativeLeastSquares,
    /// [`least_squares`](least_squares::least_squares).
    LeastSquares,
    /// [`spectral_angle`](spectral_angle::spectral_angle).
    SpectralAngle,
    /// [`squared_first_difference_cosine`](squared_first_difference_cosine::squared_first_difference_cosine).
    SquaredFirstDifferenceCosine,
}

impl InfraredMeasure {
    /// All measures, by name.
    pub const ALL: [Self; 10] = [
        Self::AbsoluteDifference,
        Self::Correlation,
        Self::Cosine,
        Self::EuclideanDistance,
        Self::FirstDerivativeAbsoluteDifference,
        Self::FirstDerivativeCorrelation,
        Self::FirstDerivativeLeastSquares,
        Self::LeastSquares,
        Self::SpectralAngle,
        Self::SquaredFirstDifferenceCosine,
    ];

    /// The measure of a pair; `None` if it is not comparable: a curve shows nothing at the compared points.
    #[must_use]
    pub fn compare(self, pair: &CurvePair) -> Option<f64> {
        match self {
            Self::AbsoluteDifference => absolute_difference::absolute_difference(pair),
            Self::Correlation => correlation::correlation(pair),
            Self::Cosine => cosine::cosine(pair),
            Self::EuclideanDistance => euclidean_distance::euclidean_distance(pair),
            Self::FirstDerivativeAbsoluteDifference => {
                first_derivative_absolute_difference::first_derivative_absolute_difference(pair)
            }
            Self::FirstDerivativeCorrelation => {
                first_derivative_correlation::first_derivative_correlation(pair)
            }
            Self::FirstDerivativeLeastSquares => {
                first_derivative_least_squares::first_derivative_least_squares(pair)
            }
            Self::LeastSquares => least_squares::least_squares(pair),
            Self::SpectralAngle => spectral_angle::spectral_angle(pair),
            Self::SquaredFirstDifferenceCosine => {
                squared_first_difference_cosine::squared_first_difference_cosine(pair)
            }
        }
    }

    /// What the number is.
    #[must_use]
    pub fn description(self) -> &'static MeasureDescription {
        match self {
            Self::AbsoluteDifference => &absolute_difference::DESCRIPTION,
            Self::Correlation => &correlation::DESCRIPTION,
            Self::Cosine => &cosine::DESCRIPTION,
            Self::EuclideanDistance => &euclidean_distance::DESCRIPTION,
            Self::FirstDerivativeAbsoluteDifference => &first_derivative_absolute_difference::DESCRIPTION,
            Self::FirstDerivativeCorrelation => &first_derivative_correlation::DESCRIPTION,
            Self::FirstDerivativeLeastSquares => &first_derivative_least_squares::DESCRIPTION,
            Self::LeastSquares => &least_squares::DESCRIPTION,
            Self::SpectralAngle => &spectral_angle::DESCRIPTION,
            Self::SquaredFirstDifferenceCosine => &squared_first_difference_cosine::DESCRIPTION,
        }
    }
}
