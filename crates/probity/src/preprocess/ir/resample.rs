//! Brings a curve to the points of another axis.

use serde::{Deserialize, Serialize};

use super::columns::{check_column, check_monotonic, is_measured, out_of_range, uniform_step};
use super::hermite::{akima_slopes, cubic, pchip_slopes, spline_slopes};
use super::low_pass::low_pass;
use super::resample_grid::ResampleGrid;
use crate::error::{Error, Result};
use crate::format::axis_label;
use crate::spectrum::{Axis, AxisUnit, Curve};

/// How values between two points are found.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ResampleMethod {
    /// On the line between them.
    Linear,
    /// By the cubic spline through all, *not-a-knot* at the ends (de Boor, *A Practical Guide to Splines*, 1978): the
    /// default. It follows a band best; beside a sharp one it overshoots a little.
    #[default]
    Cubic,
    /// By PCHIP (Fritsch & Butland, SIAM J. Sci. Stat. Comput. 1984, 5, 300): nowhere beyond the two values.
    Pchip,
    /// By Akima's method (J. ACM 1970, 17, 589): a step or an outlier moves only its neighbours.
    Akima,
}

/// How a curve is resampled.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct ResampleOptions {
    /// How values between two points are found; the default is the cubic spline.
    pub method: ResampleMethod,
    /// Whether what is too sharp for the new points is taken off first, where they lie further apart than the old
    /// ones by more than 1 % in the mean; by default it is. Without it, noise and bands too narrow for the new points
    /// would come back as others (aliasing).
    pub low_pass: bool,
}

impl Default for ResampleOptions {
    fn default() -> Self {
        Self { method: ResampleMethod::default(), low_pass: true }
    }
}

impl ResampleOptions {
    /// The same options with another method.
    #[must_use]
    pub fn method(mut self, method: ResampleMethod) -> Self {
        self.method = method;
        self
    }

    /// The same options with or without the low-pass filter.
    #[must_use]
    pub fn low_pass(mut self, low_pass: bool) -> Self {
        self.low_pass = low_pass;
        self
    }
}

/// Resampled values.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Resampled {
    /// The values at the new points, in the units of the old; 0 where not measured.
    pub values: Vec<f64>,
    /// Whether a new point lies at a measured point or between two that are neighbours on the old axis.
    pub measured: Vec<bool>,
}

/// Brings infrared curves to one grid.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Resample {
    /// The new points.
    pub grid: ResampleGrid,
    /// How their values are found.
    pub options: ResampleOptions,
}

impl Resample {
    /// Resampling to a grid, with default options.
    #[must_use]
    pub fn onto(grid: ResampleGrid) -> Self {
        Self { grid, ..Self::default() }
    }

    /// The same with other options.
    #[must_use]
    pub fn options(mut self, options: ResampleOptions) -> Self {
        self.options = options;
        self
    }

    /// The curve on the grid. Points outside of its range, and beside points that it lacks, are
    /// [missing](Curve::missing_points). What it shows, its units and its acquisition stay.
    ///
    /// # Errors
    /// `InvalidOption` for a grid without points; `Malformed` for an axis that is not in cm⁻¹, and as [`resample`].
    pub fn apply(&self, curve: &Curve) -> Result<Curve> {
        if !matches!(curve.axis_unit(), AxisUnit::Wavenumber | AxisUnit::RamanShift) {
            let message = format!("the axis of the curve is {}, not in cm⁻¹", axis_label(curve.axis_unit()));
            return Err(Error::malformed(message));
        }
        resample_curve(curve, self.grid.axis()?, &self.options)
    }
}

/// The curve at the points of another axis in the same unit, such as that of another curve. Otherwise as
/// [`Resample::apply`].
///
/// # Errors
/// As [`resample`].
pub fn resample_curve(curve: &Curve, axis: Axis, options: &ResampleOptions) -> Result<Curve> {
    let mut measured = vec![true; curve.values().len()];
    curve.missing_points().iter().for_each(|&point| measured[point] = false);
    let new = resample(&curve.axis().points(), curve.values(), Some(&measured), &axis.points(), options)?;
    let missing = (0..new.measured.len()).filter(|&point| !new.measured[point]).collect();
    let unit = (curve.axis_unit().clone(), curve.value_unit().clone());
    let resampled = Curve::try_new(curve.kind(), (axis, unit.0), (new.values, unit.1))?;
    Ok(resampled.missing(missing)?.acquisition(curve.acquired().clone()))
}

/// A new point beyond the last measured one by up to this share of the old points' distance lies at it: the ends of two
/// axes may differ by rounding.
const ROUNDING: f64 = 1e-6;
/// How much further apart new points lie in the mean before the low-pass filter is needed.
const WIDER: f64 = 1.01;
/// The most points that may become one: the filter's length grows with them.
const RATIO_LIMIT: f64 = 100.0;

/// The values at the points of a new axis in the unit of the old. Both axes may rise or fall, each at equal distances or
/// not. Nothing is extrapolated: new points outside of the measured range, and those between points of which one was
/// not measured, are not measured; each stretch of measured points is interpolated by itself. Where the low-pass filter is
/// needed for points that do not lie at equal distances (within 1 %), as those of an axis in wavelengths, the curve is
/// interpolated at as many equally spaced points first.
///
/// # Errors
/// `Malformed` for an axis that turns or stands, columns of different lengths, values that are not finite, a result
/// that is not, and where the low-pass filter is needed for new points more than 100 times as far apart.
pub fn resample(
    axis: &[f64],
    values: &[f64],
    measured: Option<&[bool]>,
    new_axis: &[f64],
    options: &ResampleOptions,
) -> Result<Resampled> {
    check_monotonic(axis)?;
    check_monotonic(new_axis)?;
    check_column("the values", values, axis.len(), measured)?;
    let ratio = if options.low_pass { low_pass_ratio(axis, new_axis)? } else { None };
    if let (Some(_), [first, .., last], Err(_)) = (ratio, axis, uniform_step(axis)) {
        let even = Axis::uniform(*first, *last, axis.len())?.points();
        let at_even = resample(axis, values, measured, &even, &options.low_pass(false))?;
        return resample(&even, &at_even.values, Some(&at_even.measured), new_axis, options);
    }
    let mut new = Resampled { values: vec![0.0; new_axis.len()], measured: vec![false; new_axis.len()] };
    // Both axes are walked upwards, so that the direction changes no bit.
    let (old, fresh) = (upwards(axis), upwards(new_axis));
    let known: Vec<bool> = old.iter().map(|&point| is_measured(measured, point)).collect();
    let mut next = 0;
    let mut start = 0;
    for stretch in known.chunk_by(|a, b| a == b) {
        let points = &old[start..start + stretch.len()];
        start += stretch.len();
        if !stretch[0] {
            continue;
        }
        let x: Vec<f64> = points.iter().map(|&point| axis[point]).collect();
        let mut y: Vec<f64> = points.iter().map(|&point| values[point]).collect();
        if let Some(ratio) = ratio {
            y = low_pass(&y, ratio);
        }
        let stretch = Stretch::new(x, y, options.method);
        next += fresh[next..].iter().take_while(|&&point| new_axis[point] < stretch.lowest).count();
        let mut interval = 0;
        while let Some(&point) = fresh.get(next).filter(|&&point| new_axis[point] <= stretch.highest) {
            new.values[point] = stretch.at(new_axis[point], &mut interval);
            new.measured[point] = true;
            next += 1;
        }
    }
    if new.values.iter().all(|value| value.is_finite()) { Ok(new) } else { Err(out_of_range("resampling")) }
}

/// How many times further apart new points lie than the old, if the old values must be filtered for that.
fn low_pass_ratio(axis: &[f64], new_axis: &[f64]) -> Result<Option<f64>> {
    let step = |axis: &[f64]| match axis {
        [first, .., last] => (last - first).abs() / (axis.len() as f64 - 1.0),
        _ => 0.0,
    };
    let (old, new) = (step(axis), step(new_axis));
    if old == 0.0 || new <= WIDER * old {
        return Ok(None);
    }
    let ratio = new / old;
    if ratio > RATIO_LIMIT {
        let message =
            format!("the new points lie {ratio:.0} times as far apart, more than {RATIO_LIMIT} times");
        return Err(Error::malformed(message));
    }
    Ok(Some(ratio))
}

/// The positions of an axis by ascending place.
fn upwards(axis: &[f64]) -> Vec<usize> {
    let falls = axis.len() > 1 && axis[0] > axis[1];
    if falls { (0..axis.len()).rev().collect() } else { (0..axis.len()).collect() }
}

/// Measured points next to each other, at least one.
struct Stretch {
    x: Vec<f64>,
    y: Vec<f64>,
    /// The slopes at the points, unless lines join them.
    slopes: Option<Vec<f64>>,
    lowest: f64,
    highest: f64,
}

impl Stretch {
    fn new(x: Vec<f64>, y: Vec<f64>, method: ResampleMethod) -> Self {
        let slopes = match method {
            ResampleMethod::Linear => None,
            ResampleMethod::Cubic => Some(spline_slopes(&x, &y)),
            ResampleMethod::Pchip => Some(pchip_slopes(&x, &y)),
            ResampleMethod::Akima => Some(akima_slopes(&x, &y)),
        };
        let (first, last) = (x[0], x[x.len() - 1]);
        let rounding = ROUNDING * (last - first) / (x.len() as f64 - 1.0).max(1.0);
        Self { x, y, slopes, lowest: first - rounding, highest: last + rounding }
    }

    /// The value at a place from the lowest to the highest; `interval` is the one of a lower place.
    fn at(&self, place: f64, interval: &mut usize) -> f64 {
        let (x, y) = (&self.x, &self.y);
        let last = x.len() - 1;
        if place <= x[0] {
            return y[0];
        }
        if place >= x[last] {
            return y[last];
        }
        while x[*interval + 1] <= place {
            *interval += 1;
        }
        let i = *interval;
        match &self.slopes {
            None => y[i] + (y[i + 1] - y[i]) / (x[i + 1] - x[i]) * (place - x[i]),
            Some(slopes) => cubic(place, [x[i], x[i + 1]], [y[i], y[i + 1]], [slopes[i], slopes[i + 1]]),
        }
    }
}

#[cfg(test)]
mod tests;
