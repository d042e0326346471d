//! An infrared spectrum on its way through a recipe.

use crate::error::{Error, Result};
use crate::spectrum::{AxisUnit, Curve, CurveKind, ValueUnit};

/// An infrared spectrum over ascending wavenumbers, and what the steps did to it.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct PreparedCurve {
    /// Where the points lie, in cm⁻¹, ascending.
    pub wavenumber_cm1: Vec<f64>,
    /// The values; 0 at points that were not measured or are left out.
    pub values: Vec<f64>,
    /// The unit of the values.
    pub value_unit: ValueUnit,
    /// Which points were measured and are not left out.
    pub measured: Vec<bool>,
    /// How many points lay below the lowest transmittance that is told from 0: saturated bands.
    pub clamped_points: usize,
    /// How many measured points a step replaced by a line; they still count as measured.
    pub bridged_points: usize,
    /// How many measured points a step should have replaced by a line, but left as they were for want of measured points
    /// beside them.
    pub unbridged_points: usize,
}

impl PreparedCurve {
    /// An infrared spectrum as published, in the order of ascending wavenumbers; wavelengths in µm or nm are converted
    /// (ν = 10⁴ / λ, 10⁷ / λ).
    ///
    /// # Errors
    /// `Unsupported` for a curve that is no infrared spectrum: a single beam, an interferogram, a Raman spectrum, an axis in
    /// another unit; `Malformed` for wavelengths that are not above 0 and for two points at one wavenumber.
    pub fn of(curve: &Curve) -> Result<Self> {
        if curve.kind() != CurveKind::Spectrum {
            let message = format!("it is {}, not a spectrum", curve.kind().description());
            return Err(Error::unsupported(message));
        }
        let wavenumber = |of_one: f64| -> Result<Vec<f64>> {
            let points = curve.axis().points();
            match points.iter().find(|&&point| point <= 0.0) {
                Some(point) => Err(Error::malformed(format!("a wavelength of {point} is not above 0"))),
                None => Ok(points.into_iter().map(|point| of_one / point).collect()),
            }
        };
        let mut axis = match curve.axis_unit() {
            AxisUnit::Wavenumber => curve.axis().points(),
            AxisUnit::Micrometre => wavenumber(1e4)?,
            AxisUnit::Nanometre => wavenumber(1e7)?,
            AxisUnit::RamanShift => {
                return Err(Error::unsupported("it is a Raman spectrum, not an infrared one"));
            }
            _ => return Err(Error::unsupported("its axis counts neither wavenumbers nor wavelengths")),
        };
        let mut values = curve.values().to_vec();
        let mut measured = vec![true; values.len()];
        curve.missing_points().iter().for_each(|&point| measured[point] = false);
        if axis.is_sorted_by(|a, b| a > b) {
            axis.reverse();
            values.reverse();
            measured.reverse();
        } else if !axis.is_sorted() {
            let mut order: Vec<usize> = (0..axis.len()).collect();
            order.sort_by(|&a, &b| axis[a].total_cmp(&axis[b]));
            axis = order.iter().map(|&point| axis[point]).collect();
            values = order.iter().map(|&point| values[point]).collect();
            measured = order.iter().map(|&point| measured[point]).collect();
        }
        if let Some(pair) = axis.windows(2).find(|pair| pair[0] >= pair[1]) {
            return Err(Error::malformed(format!("two points lie at {} cm⁻¹", pair[0])));
        }
        Ok(Self {
            wavenumber_cm1: axis,
            values,
            value_unit: curve.value_unit().clone(),
            measured,
            clamped_points: 0,
            bridged_points: 0,
            unbridged_points: 0,
        })
    }

    /// Runs of neighbouring measured points.
    #[must_use]
    pub fn runs(&self) -> Vec<std::ops::Range<usize>> {
        let mut runs: Vec<std::ops::Range<usize>> = Vec::new();
        for point in (0..self.measured.len()).filter(|&point| self.measured[point]) {
            match runs.last_mut() {
                Some(run) if run.end == point => run.end += 1,
                _ => runs.push(point..point + 1),
            }
        }
        runs
    }

    /// Leaves points out.
    pub(super) fn leave_out(&mut self, which: impl Fn(f64) -> bool) {
        for point in 0..self.measured.len() {
            if which(self.wavenumber_cm1[point]) {
                self.measured[point] = false;
                self.values[point] = 0.0;
            }
        }
    }

    /// Replaces the values of each run by what `of` makes of its wavenumbers and values. Runs of fewer points than
    /// `fewest` are left out.
    pub(super) fn map_runs(
        &mut self,
        fewest: usize,
        of: impl Fn(&[f64], &[f64]) -> Result<Vec<f64>>,
    ) -> Result<()> {
        for run in self.runs() {
            if run.len() < fewest {
                self.measured[run.clone()].fill(false);
                self.values[run].fill(0.0);
            } else {
                let made = of(&self.wavenumber_cm1[run.clone()], &self.values[run.clone()])?;
                self.values[run].copy_from_slice(&made);
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spectrum::Axis;

    fn curve(points: Vec<f64>, unit: AxisUnit) -> Curve {
        let values = (1..).map(f64::from).take(points.len()).collect();
        let axis = (Axis::listed(points).unwrap(), unit);
        Curve::try_new(CurveKind::Spectrum, axis, (values, ValueUnit::Absorbance)).unwrap()
    }

    #[test]
    fn points_ascend_whatever_the_order_and_unit() {
        let from = |points, unit| PreparedCurve::of(&curve(points, unit)).unwrap();
        let descending = from(vec![2_000.0, 1_000.0, 500.0], AxisUnit::Wavenumber);
        assert_eq!(descending.wavenumber_cm1, [500.0, 1_000.0, 2_000.0]);
        assert_eq!(descending.values, [3.0, 2.0, 1.0]);
        let wavelengths = from(vec![5.0, 10.0, 20.0], AxisUnit::Micrometre);
        assert_eq!(
            (&wavelengths.wavenumber_cm1, &wavelengths.values),
            (&descending.wavenumber_cm1, &descending.values)
        );
        assert_eq!(from(vec![5e3, 1e4, 2e4], AxisUnit::Nanometre), wavelengths);
        let mixed = from(vec![1_000.0, 500.0, 2_000.0], AxisUnit::Wavenumber);
        assert_eq!(mixed.values, [2.0, 1.0, 3.0]);
    }

    #[test]
    fn what_is_no_infrared_spectrum_is_refused_by_name() {
        let message = |curve: &Curve| PreparedCurve::of(curve).unwrap_err().to_string();
        assert!(message(&curve(vec![1.0, 1.0], AxisUnit::Wavenumber)).contains("two points lie at 1 cm⁻¹"));
        assert!(message(&curve(vec![1.0, 0.0], AxisUnit::Micrometre)).contains("a wavelength of 0"));
        assert!(message(&curve(vec![1.0], AxisUnit::RamanShift)).contains("Raman"));
        assert!(message(&curve(vec![1.0], AxisUnit::Point)).contains("neither wavenumbers nor wavelengths"));
        let beam = Curve::try_new(
            CurveKind::SingleBeam,
            (Axis::listed(vec![1.0]).unwrap(), AxisUnit::Wavenumber),
            (vec![1.0], ValueUnit::Arbitrary),
        );
        assert!(message(&beam.unwrap()).contains("it is a single beam"));
    }

    #[test]
    fn runs_are_mapped_one_by_one_and_short_ones_left_out() {
        let points = (1..=7).map(f64::from).collect();
        let missing = curve(points, AxisUnit::Wavenumber).missing(vec![1, 5]).unwrap();
        let mut prepared = PreparedCurve::of(&missing).unwrap();
        assert_eq!(prepared.runs(), [0..1, 2..5, 6..7]);
        prepared.map_runs(2, |_, values| Ok(values.iter().map(|value| 10.0 * value).collect())).unwrap();
        assert_eq!(prepared.values, [0.0, 0.0, 30.0, 40.0, 50.0, 0.0, 0.0]);
        assert_eq!(prepared.runs().as_slice(), std::slice::from_ref(&(2..5)));
        prepared.leave_out(|wavenumber| wavenumber == 4.0);
        assert_eq!(prepared.runs(), [2..3, 4..5]);
    }
}
