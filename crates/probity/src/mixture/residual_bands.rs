//! Where the fit is wrong: bands of the sample that no component explains, and bands of a component that the
//! sample lacks.
//!
//! A dip of the residual, deeper than noise, is evidence *against* the component that expects a band there.

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};

/// Median absolute deviation times this is the standard deviation, for normal noise.
const MAD_TO_STANDARD_DEVIATION: f64 = 1.482_602_218_505_602;

/// Which stretches of a residual are named.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct ResidualBandOptions {
    /// Each point of a stretch is this many times the noise away from 0, above 0; the default is 4.
    pub threshold_in_noise: f64,
    /// The least number of neighbouring points, from 1; the default is 3.
    pub minimum_points: usize,
}

impl Default for ResidualBandOptions {
    fn default() -> Self {
        Self { threshold_in_noise: 4.0, minimum_points: 3 }
    }
}

impl ResidualBandOptions {
    /// Checks the options.
    ///
    /// # Errors
    /// `InvalidOption` for a number outside its range.
    pub fn checked(self) -> Result<Self> {
        if self.threshold_in_noise.is_finite() && self.threshold_in_noise > 0.0 && self.minimum_points > 0 {
            return Ok(self);
        }
        Err(Error::invalid_option("threshold_in_noise and minimum_points must be above 0 and finite"))
    }
}

/// What a stretch of a residual tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ResidualSide {
    /// The sample has more than the fit: present but unexplained.
    Unexplained,
    /// The fit has more than the sample: expected but missing.
    Missing,
}

/// A stretch of a residual beyond noise.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct ResidualBand {
    /// What it tells.
    pub side: ResidualSide,
    /// The lower end, in cm⁻¹.
    pub low_cm1: f64,
    /// The upper end, in cm⁻¹.
    pub high_cm1: f64,
    /// Where the residual is farthest from 0, in cm⁻¹.
    pub extreme_cm1: f64,
    /// The residual there, sample less fit, in the sample's unit.
    pub extreme: f64,
    /// Its size in multiples of the noise.
    pub extreme_over_noise: f64,
    /// The component that adds most there, as its position in the library; `None` if none adds anything.
    pub strongest_component: Option<usize>,
}

/// A residual, where its points lie, and what each component adds to the fit.
pub(super) struct Residual<'a> {
    pub(super) wavenumber_cm1: &'a [f64],
    /// Positions on the sample's axis: neighbours are those that differ by 1.
    pub(super) positions: &'a [usize],
    pub(super) residual: &'a [f64],
    /// Position in the library, coefficient and column of each component.
    pub(super) components: &'a [(usize, f64, &'a [f64])],
}

/// The stretches in the order of the axis.
pub(super) fn residual_bands(
    residual: &Residual<'_>,
    noise: f64,
    options: &ResidualBandOptions,
) -> Result<Vec<ResidualBand>> {
    let options = options.checked()?;
    let side = |point: usize| match residual.residual[point] {
        value if value > options.threshold_in_noise * noise => Some(ResidualSide::Unexplained),
        value if value < -options.threshold_in_noise * noise => Some(ResidualSide::Missing),
        _ => None,
    };
    let (mut bands, mut start) = (Vec::new(), 0);
    for end in 1..=residual.residual.len() {
        let goes_on = end < residual.residual.len()
            && side(end) == side(start)
            && residual.positions[end] == residual.positions[end - 1] + 1;
        if goes_on {
            continue;
        }
        if let Some(side) = side(start).filter(|_| end - start >= options.minimum_points) {
            bands.push(residual.band(side, start, end, noise));
        }
        start = end;
    }
    Ok(bands)
}

impl Residual<'_> {
    /// The stretch from one point to before another.
    fn band(&self, side: ResidualSide, start: usize, end: usize, noise: f64) -> ResidualBand {
        let size = |&point: &usize| self.residual[point].abs();
        // Of equal points the first counts.
        let extreme = (start..end).rev().max_by(|a, b| size(a).total_cmp(&size(b))).unwrap_or(start);
        let ends = [self.wavenumber_cm1[start], self.wavenumber_cm1[end - 1]];
        let adds = |&(_, coefficient, column): &(usize, f64, &[f64])| coefficient * column[extreme];
        let strongest = self.components.iter().max_by(|a, b| adds(a).total_cmp(&adds(b)));
        ResidualBand {
            side,
            low_cm1: f64::min(ends[0], ends[1]),
            high_cm1: f64::max(ends[0], ends[1]),
            extreme_cm1: self.wavenumber_cm1[extreme],
            extreme: self.residual[extreme],
            extreme_over_noise: self.residual[extreme].abs() / noise,
            strongest_component: strongest
                .filter(|component| adds(component) > 0.0)
                .map(|component| component.0),
        }
    }
}

/// The standard deviation of a residual's noise from the median of its sizes, which bands do not move; 0 for
/// none.
pub(super) fn robust_standard_deviation(residual: &[f64]) -> f64 {
    let mut sizes: Vec<f64> = residual.iter().map(|value| value.abs()).collect();
    sizes.sort_unstable_by(f64::total_cmp);
    match sizes.len() {
        0 => 0.0,
        even if even % 2 == 0 => MAD_TO_STANDARD_DEVIATION * (sizes[even / 2 - 1] + sizes[even / 2]) / 2.0,
        odd => MAD_TO_STANDARD_DEVIATION * sizes[odd / 2],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bands(residual: &[f64], positions: &[usize], minimum_points: usize) -> Vec<ResidualBand> {
        let wavenumber_cm1: Vec<f64> = positions.iter().map(|&p| 1_000.0 - 4.0 * p as f64).collect();
        let (hill, slope) =
            (vec![1.0; residual.len()], (0..residual.len()).map(|i| i as f64).collect::<Vec<_>>());
        let components: [(usize, f64, &[f64]); 2] = [(7, 1.0, &hill), (9, 0.5, &slope)];
        let residual =
            Residual { wavenumber_cm1: &wavenumber_cm1, positions, residual, components: &components };
        let options = ResidualBandOptions { minimum_points, ..ResidualBandOptions::default() };
        residual_bands(&residual, 0.1, &options).unwrap()
    }

    #[test]
    fn both_sides_with_extreme_and_component() {
        let residual = [0.0, 0.5, 0.9, -0.5, -0.8, -0.8, 0.1, 0.5];
        let bands = bands(&residual, &[0, 1, 2, 3, 4, 5, 6, 7], 2);
        assert_eq!(bands.len(), 2);
        assert_eq!(
            (bands[0].side, bands[0].extreme_cm1, bands[0].extreme),
            (ResidualSide::Unexplained, 992.0, 0.9)
        );
        assert_eq!(
            (bands[1].side, bands[1].low_cm1, bands[1].high_cm1),
            (ResidualSide::Missing, 980.0, 988.0)
        );
        assert_eq!(bands[1].extreme_cm1, 984.0);
        assert!((bands[1].extreme_over_noise - 8.0).abs() < 1e-12);
        // The slope adds 2 at position 4; at position 2 both add 1, and the later one counts.
        assert_eq!(bands[1].strongest_component, Some(9));
    }

    #[test]
    fn gaps_and_few_points_end_a_stretch() {
        let residual = [0.5; 4];
        assert_eq!(bands(&residual, &[0, 1, 2, 3], 3).len(), 1);
        assert!(bands(&residual, &[0, 1, 3, 4], 3).is_empty());
        assert_eq!(bands(&residual, &[0, 1, 3, 4], 2).len(), 2);
        assert!(bands(&[], &[], 1).is_empty());
        assert!(bands(&[0.4], &[0], 1).is_empty(), "at the threshold is not beyond it");
    }

    #[test]
    fn noise_is_not_moved_by_a_band() {
        assert_eq!(robust_standard_deviation(&[]), 0.0);
        assert_eq!(robust_standard_deviation(&[-1.0, 0.5, 100.0]), MAD_TO_STANDARD_DEVIATION);
        assert_eq!(robust_standard_deviation(&[-1.0, 3.0]), 2.0 * MAD_TO_STANDARD_DEVIATION);
    }
}
