//! Takes the air in the light's path out of a spectrum, and says where it could not.

use serde::{Deserialize, Serialize};

use super::columns::{check_column, check_monotonic, is_measured, map_measured};
use crate::error::{Error, Result};

/// Where air absorbs. Ranges are closed, in cm⁻¹, lower end first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct AtmosphereOptions {
    /// The ranges of carbon dioxide, which are bridged; the default is 2280 to 2400.
    pub carbon_dioxide_cm1: Vec<(f64, f64)>,
    /// The number of points beside a range whose mean an end of the bridge is, from 1; the default is 3.
    pub edge_points: usize,
    /// The ranges of water vapour, which is subtracted or left out; the default is 1300 to 1950 and 3500 to 3950.
    pub water_vapour_cm1: Vec<(f64, f64)>,
}

impl Default for AtmosphereOptions {
    fn default() -> Self {
        Self {
            carbon_dioxide_cm1: vec![(2_280.0, 2_400.0)],
            edge_points: 3,
            water_vapour_cm1: vec![(1_300.0, 1_950.0), (3_500.0, 3_950.0)],
        }
    }
}

/// A range of a curve replaced by a line.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Bridged {
    /// The curve with the line.
    pub values: Vec<f64>,
    /// The number of measured points in the range.
    pub points: usize,
    /// Whether they were replaced: there are enough measured points on both sides. If not, they stand as they were.
    pub bridged: bool,
}

/// What became of water vapour.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum WaterVapour {
    /// The reference times this factor was taken off all points; negative if the background held more vapour.
    Subtracted {
        /// How many times the reference the curve held.
        factor: f64,
    },
    /// There was no reference (or it says nothing there): these points should have no weight in a score.
    LeftOut {
        /// The number of measured points in the ranges.
        points: usize,
    },
}

/// A spectrum without air.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AtmosphereCorrected {
    /// The corrected values.
    pub values: Vec<f64>,
    /// Which points a score may use: those measured, without those in a carbon dioxide range (a line stands there, or
    /// the gas itself) and those where water vapour was left out.
    pub comparable: Vec<bool>,
    /// The number of points replaced by a line.
    pub bridged_points: usize,
    /// The number of points in carbon dioxide ranges without points beside them, which stand as measured.
    pub unbridged_points: usize,
    /// What became of water vapour.
    pub water_vapour: WaterVapour,
}

/// Bridges carbon dioxide, and subtracts water vapour if its spectrum over the same axis is given.
///
/// # Errors
/// `InvalidOption` for a range without extent or no edge points; `Malformed` for columns of different lengths, an axis
/// without one direction, or values that are not finite.
pub fn correct_atmosphere(
    wavenumber: &[f64],
    absorbance: &[f64],
    measured: Option<&[bool]>,
    water_reference: Option<&[f64]>,
    options: &AtmosphereOptions,
) -> Result<AtmosphereCorrected> {
    let ranges = &options.water_vapour_cm1;
    check_ranges(ranges)?;
    check_monotonic(wavenumber)?;
    check_column("the absorbance", absorbance, wavenumber.len(), measured)?;
    let within = |ranges: &[(f64, f64)], point: usize| {
        ranges.iter().any(|&(low, high)| low <= wavenumber[point] && wavenumber[point] <= high)
    };
    let mut comparable: Vec<bool> = (0..wavenumber.len())
        .map(|point| is_measured(measured, point) && !within(&options.carbon_dioxide_cm1, point))
        .collect();
    let factor = match water_reference {
        Some(reference) => {
            check_column("the water vapour", reference, wavenumber.len(), measured)?;
            fit_on_first_differences(wavenumber, absorbance, measured, reference, ranges)
        }
        None => None,
    };
    let (mut values, water_vapour) = match (factor, water_reference) {
        (Some(factor), Some(reference)) => {
            (subtract(absorbance, measured, reference, factor)?, WaterVapour::Subtracted { factor })
        }
        _ => {
            let left_out = (0..wavenumber.len()).filter(|&point| within(ranges, point));
            let points = left_out.filter(|&point| std::mem::take(&mut comparable[point])).count();
            let values = map_measured(absorbance, measured, "the correction", |_, value| value)?;
            (values, WaterVapour::LeftOut { points })
        }
    };
    let (mut bridged_points, mut unbridged_points) = (0, 0);
    for &range in &options.carbon_dioxide_cm1 {
        let result = bridge_range(wavenumber, &values, measured, range, options.edge_points)?;
        values = result.values;
        *(if result.bridged { &mut bridged_points } else { &mut unbridged_points }) += result.points;
    }
    Ok(AtmosphereCorrected { values, comparable, bridged_points, unbridged_points, water_vapour })
}

/// Replaces the measured points of a closed range, in cm⁻¹, by the line between the mean of the `edge_points` nearest
/// measured points on each side, in wavenumber and in value: no step that a derivative would turn into a band.
///
/// # Errors
/// As [`correct_atmosphere`].
pub fn bridge_range(
    wavenumber: &[f64],
    values: &[f64],
    measured: Option<&[bool]>,
    range_cm1: (f64, f64),
    edge_points: usize,
) -> Result<Bridged> {
    check_ranges(&[range_cm1])?;
    if edge_points == 0 {
        return Err(Error::invalid_option("a bridge needs at least 1 point on each side"));
    }
    check_monotonic(wavenumber)?;
    check_column("the values", values, wavenumber.len(), measured)?;
    let (low, high) = range_cm1;
    let known = || (0..values.len()).filter(|&point| is_measured(measured, point));
    let inside = |&point: &usize| low <= wavenumber[point] && wavenumber[point] <= high;
    let points = known().filter(inside).count();
    let below = known().filter(|&point| wavenumber[point] < low).collect();
    let above = known().filter(|&point| wavenumber[point] > high).collect();
    let below = edge(wavenumber, values, below, low, edge_points);
    let above = edge(wavenumber, values, above, high, edge_points);
    let line = below.zip(above).filter(|_| points > 0);
    let values = map_measured(values, measured, "the bridge", |point, value| match line {
        Some(((x0, y0), (x1, y1))) if inside(&point) => y0 + (y1 - y0) * (wavenumber[point] - x0) / (x1 - x0),
        _ => value,
    })?;
    Ok(Bridged { values, points, bridged: line.is_some() })
}

/// The mean wavenumber and value of the `count` points that lie nearest to `end`; `None` if there are fewer.
fn edge(
    wavenumber: &[f64],
    values: &[f64],
    mut side: Vec<usize>,
    end: f64,
    count: usize,
) -> Option<(f64, f64)> {
    let distance = |point: usize| (wavenumber[point] - end).abs();
    side.sort_by(|&a, &b| distance(a).total_cmp(&distance(b)));
    let nearest = side.get(..count)?;
    let mean = |column: &[f64]| nearest.iter().map(|&point| column[point]).sum::<f64>() / count as f64;
    Some((mean(wavenumber), mean(values)))
}

/// Takes the reference off, times the factor that makes the squares of the first differences least over the given
/// closed ranges, in cm⁻¹; differences see the narrow lines of the gas, not the broad bands of the sample. Returns the
/// curve and the factor.
///
/// # Errors
/// As [`correct_atmosphere`], and `Malformed` if the reference is constant over the ranges.
pub fn subtract_on_first_differences(
    wavenumber: &[f64],
    values: &[f64],
    measured: Option<&[bool]>,
    reference: &[f64],
    ranges_cm1: &[(f64, f64)],
) -> Result<(Vec<f64>, f64)> {
    check_ranges(ranges_cm1)?;
    check_monotonic(wavenumber)?;
    check_column("the values", values, wavenumber.len(), measured)?;
    check_column("the reference", reference, wavenumber.len(), measured)?;
    let factor = fit_on_first_differences(wavenumber, values, measured, reference, ranges_cm1)
        .ok_or_else(|| Error::malformed("the reference does not change over the ranges"))?;
    Ok((subtract(values, measured, reference, factor)?, factor))
}

/// Σ Δy Δr / Σ Δr² over neighbours that were both measured and lie in the same range.
fn fit_on_first_differences(
    wavenumber: &[f64],
    values: &[f64],
    measured: Option<&[bool]>,
    reference: &[f64],
    ranges: &[(f64, f64)],
) -> Option<f64> {
    let (mut product, mut square) = (0.0, 0.0);
    for point in 1..values.len() {
        let (a, b) = (wavenumber[point - 1], wavenumber[point]);
        let within = |&(low, high): &(f64, f64)| low <= f64::min(a, b) && f64::max(a, b) <= high;
        let known = is_measured(measured, point - 1) && is_measured(measured, point);
        if known && ranges.iter().any(within) {
            let change = reference[point] - reference[point - 1];
            product += (values[point] - values[point - 1]) * change;
            square += change * change;
        }
    }
    Some(product / square).filter(|factor| factor.is_finite())
}

fn subtract(values: &[f64], measured: Option<&[bool]>, reference: &[f64], factor: f64) -> Result<Vec<f64>> {
    map_measured(values, measured, "the subtraction", |point, value| value - factor * reference[point])
}

fn check_ranges(ranges: &[(f64, f64)]) -> Result<()> {
    match ranges.iter().find(|(low, high)| low.partial_cmp(high) != Some(std::cmp::Ordering::Less)) {
        Some((low, high)) => {
            Err(Error::invalid_option(format!("a range from {low} to {high} cm⁻¹ has no extent")))
        }
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::super::golden::cases;
    use super::*;

    #[test]
    fn golden_bridges_and_subtractions() {
        let all = cases("atmosphere");
        for case in &all {
            let (mut x, mut y) = (case.column("x"), case.column("y"));
            if case.word("method") == "bridge" {
                let range = (case.number("lo"), case.number("hi"));
                let mut got = bridge_range(&x, &y, None, range, case.count("edge")).unwrap();
                case.assert_expected(&got.values, "y");
                x.reverse();
                y.reverse();
                got = bridge_range(&x, &y, None, range, case.count("edge")).unwrap();
                got.values.reverse();
                case.assert_expected(&got.values, "y");
                assert_eq!((got.points, got.bridged), (31, true));
            } else {
                let reference = case.column("reference");
                let ranges = [(0.0, 5_000.0)];
                let (values, factor) =
                    subtract_on_first_differences(&x, &y, None, &reference, &ranges).unwrap();
                case.assert_expected(&values, "y");
                case.assert_expected(&[factor], "factor");
            }
        }
        assert_eq!(all.len(), 4);
    }

    fn axis() -> Vec<f64> {
        (0..901).map(|i| 4_000.0 - 4.0 * f64::from(i)).collect()
    }

    #[test]
    fn a_spectrum_loses_gas_and_vapour_or_the_points_where_they_are() {
        let x = axis();
        let wet = |x: f64| (1_300.0..=1_950.0).contains(&x) || (3_500.0..=3_950.0).contains(&x);
        let water: Vec<f64> =
            x.iter().map(|&x| if wet(x) { f64::from((x as u32 / 4) % 3) } else { 0.0 }).collect();
        let y: Vec<f64> = x.iter().zip(&water).map(|(x, water)| 1e-4 * x + 0.02 * water).collect();
        let options = AtmosphereOptions::default();
        let got = correct_atmosphere(&x, &y, None, Some(&water), &options).unwrap();
        let WaterVapour::Subtracted { factor } = got.water_vapour else { panic!("{:?}", got.water_vapour) };
        assert!((factor - 0.02).abs() < 1e-5);
        assert_eq!((got.bridged_points, got.unbridged_points), (31, 0));
        assert!(x.iter().zip(&got.values).all(|(x, value)| (value - 1e-4 * x).abs() < 2e-5));
        assert_eq!(got.comparable.iter().filter(|&&yes| !yes).count(), 31);

        let without = correct_atmosphere(&x, &y, None, None, &options).unwrap();
        let wet_points = x.iter().filter(|&&x| wet(x)).count();
        assert_eq!(without.water_vapour, WaterVapour::LeftOut { points: wet_points });
        assert_eq!(without.comparable.iter().filter(|&&yes| !yes).count(), 31 + wet_points);
        let dry = vec![0.0; x.len()];
        assert_eq!(correct_atmosphere(&x, &y, None, Some(&dry), &options).unwrap(), without);
    }

    #[test]
    fn a_range_at_the_end_is_not_bridged_but_counted() {
        let x = [2_300.0, 2_350.0, 2_410.0, 2_420.0];
        let y = [1.0, 2.0, 3.0, 4.0];
        let got = correct_atmosphere(&x, &y, None, None, &AtmosphereOptions::default()).unwrap();
        assert_eq!((got.values.as_slice(), got.bridged_points, got.unbridged_points), (&y[..], 0, 2));
        assert_eq!(got.comparable, [false, false, true, true]);
        let elsewhere = bridge_range(&x, &y, None, (100.0, 200.0), 1).unwrap();
        assert_eq!((elsewhere.values.as_slice(), elsewhere.points, elsewhere.bridged), (&y[..], 0, false));
    }

    #[test]
    fn edges_step_over_missing_points() {
        let x = [2_200.0, 2_270.0, 2_300.0, 2_350.0, 2_410.0, 2_500.0];
        let y = [1.0, f64::NAN, 9.0, f64::NAN, 9.0, 4.0];
        let measured = [true, false, true, false, false, true];
        let got = bridge_range(&x, &y, Some(&measured), (2_280.0, 2_400.0), 1).unwrap();
        assert_eq!(got.values, [1.0, 0.0, 2.0, 0.0, 0.0, 4.0]);
    }

    #[test]
    fn wrong_ranges_and_columns_are_errors() {
        let (x, y) = ([1.0, 2.0, 3.0], [0.0, 1.0, 0.0]);
        for range in [(2.0, 2.0), (3.0, 1.0), (f64::NAN, 2.0)] {
            assert!(bridge_range(&x, &y, None, range, 1).is_err());
            assert!(subtract_on_first_differences(&x, &y, None, &y, &[range]).is_err());
        }
        assert!(bridge_range(&x, &y, None, (1.5, 2.5), 0).is_err());
        assert!(bridge_range(&x, &y[..2], None, (1.5, 2.5), 1).is_err());
        assert!(subtract_on_first_differences(&x, &y, None, &[1.0; 3], &[(0.0, 9.0)]).is_err());
        assert!(subtract_on_first_differences(&x, &y, None, &[1.0; 2], &[(0.0, 9.0)]).is_err());
        assert!(correct_atmosphere(&[], &[], None, None, &AtmosphereOptions::default()).is_ok());
    }
}
