//! Prepared infrared spectra as the index takes them.

use super::Measure;
use crate::index::{CurveRow, CurveScore};
use crate::search::prepared::Compared;
use crate::similarity::infrared::InfraredMeasure;

impl Measure {
    /// The score that an index of this measure bounds; `None` if there is no index for it.
    pub(in crate::search) fn curve_score(&self) -> Option<CurveScore> {
        let Self::Infrared { similarity, .. } = self else { return None };
        let (is_centred, is_squared) = match similarity {
            InfraredMeasure::Correlation | InfraredMeasure::FirstDerivativeCorrelation => (true, false),
            InfraredMeasure::Cosine => (false, false),
            InfraredMeasure::SquaredFirstDifferenceCosine => (false, true),
            _ => return None,
        };
        Some(CurveScore { is_centred, is_squared })
    }

    /// Whether differences of neighbours are compared, not the values themselves.
    fn takes_differences(&self) -> bool {
        matches!(
            self,
            Self::Infrared {
                similarity: InfraredMeasure::FirstDerivativeCorrelation
                    | InfraredMeasure::SquaredFirstDifferenceCosine,
                ..
            }
        )
    }

    /// How much each point of a row counts. A difference belongs to its second point and weighs as much as the lighter of
    /// the two.
    pub(in crate::search) fn curve_weights(&self, compared: &Compared) -> Option<Vec<f64>> {
        let (Self::Infrared { regions, .. }, Compared::Curve(points)) = (self, compared) else { return None };
        let weights = points.weights(regions).ok()?.unwrap_or_else(|| vec![1.0; points.len()]);
        if !self.takes_differences() {
            return Some(weights);
        }
        let lighter = weights.windows(2).map(|pair| f64::min(pair[0], pair[1]));
        Some(std::iter::once(0.0).chain(lighter).collect())
    }

    /// A prepared spectrum as a row; `None` if it has no form that the index can take.
    pub(in crate::search) fn curve_row(&self, compared: &Compared) -> Option<CurveRow> {
        let Compared::Curve(points) = compared else { return None };
        let (values, runs) = (points.values(), points.runs());
        if !self.takes_differences() {
            return Some(CurveRow { values, runs: runs.to_vec() });
        }
        let differences = values.windows(2).map(|pair| pair[1] - pair[0]);
        let values = std::iter::once(0.0).chain(differences).collect();
        // The first point of a run has no difference.
        let runs = runs.as_chunks::<2>().0.iter().filter(|run| run[0] + 1 < run[1]);
        Some(CurveRow { values, runs: runs.flat_map(|run| [run[0] + 1, run[1]]).collect() })
    }
}
