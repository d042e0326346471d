//! Finds bands by height, prominence and width.

use serde::{Deserialize, Serialize};

use super::columns::{check_column, check_monotonic, is_measured, out_of_range};
use crate::error::{Error, Result};

/// Which maxima count.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct PeakOptions {
    /// The least height, in units of the values; the default is none.
    pub minimum_height: Option<f64>,
    /// The least distance in points between neighbours, from 1 (the default); of two that are closer the lower one
    /// goes, of equal ones that before.
    pub minimum_distance_points: usize,
    /// The least prominence, in units of the values, not negative; the default is 0.
    pub minimum_prominence: f64,
    /// The least width in points, not negative; the default is 0.
    pub minimum_width_points: f64,
    /// Where the width is taken, as a share of the prominence down from the top, 0 to 1; the default is 0.5.
    pub relative_height: f64,
}

impl Default for PeakOptions {
    fn default() -> Self {
        Self {
            minimum_height: None,
            minimum_distance_points: 1,
            minimum_prominence: 0.0,
            minimum_width_points: 0.0,
            relative_height: 0.5,
        }
    }
}

impl PeakOptions {
    /// # Errors
    /// `InvalidOption` for a number outside its range.
    fn check(&self) -> Result<()> {
        let height = self.minimum_height.is_none_or(f64::is_finite);
        let least = [self.minimum_prominence, self.minimum_width_points];
        let least = least.iter().all(|value| *value >= 0.0 && value.is_finite());
        if height && least && self.minimum_distance_points > 0 && (0.0..=1.0).contains(&self.relative_height)
        {
            return Ok(());
        }
        Err(Error::invalid_option(
            "a least height must be a number, prominence and width not negative, the distance at least 1 point, and \
             the relative height from 0 to 1",
        ))
    }
}

/// A band.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct CurvePeak {
    /// Its highest point; of a plateau the one in the middle, rounded down.
    pub point: usize,
    /// The wavenumber of that point, in cm⁻¹.
    pub wavenumber: f64,
    /// The value there.
    pub height: f64,
    /// How far one must descend from the top before one can climb higher.
    pub prominence: f64,
    /// The lowest points between the peak and higher ground (or the end), before and behind.
    pub bases: (usize, usize),
    /// Where the sides cross the height at which the width is taken, in points.
    pub crossings: (f64, f64),
    /// The distance of the crossings in points.
    pub width_points: f64,
    /// Their distance on the axis, in cm⁻¹, above 0 or 0.
    pub width_cm1: f64,
}

/// All local maxima that pass, in order of the points. Plateaus count, the ends do not. Height, distance,
/// prominence and width are asked for in this order and defined as in scipy's `find_peaks` and `peak_widths`. A gap of
/// points that were not measured is an end.
///
/// # Errors
/// `InvalidOption` for options outside their range; `Malformed` for columns of different lengths, an axis without one
/// direction, or values that are not finite.
pub fn pick_peaks(
    wavenumber: &[f64],
    values: &[f64],
    measured: Option<&[bool]>,
    options: &PeakOptions,
) -> Result<Vec<CurvePeak>> {
    options.check()?;
    check_monotonic(wavenumber)?;
    check_column("the values", values, wavenumber.len(), measured)?;
    let mut peaks = Vec::new();
    let mut start = 0;
    while start < values.len() {
        if !is_measured(measured, start) {
            start += 1;
            continue;
        }
        let end = (start..values.len()).find(|&point| !is_measured(measured, point));
        let end = end.unwrap_or(values.len());
        let run = (&wavenumber[start..end], &values[start..end]);
        peaks.extend(peaks_of_run(run.0, run.1, options).map(|peak| moved(peak, start)));
        start = end;
    }
    if peaks.iter().any(|peak| !(peak.prominence.is_finite() && peak.width_points.is_finite())) {
        return Err(out_of_range("the prominence"));
    }
    Ok(peaks)
}

fn peaks_of_run<'a>(
    wavenumber: &'a [f64],
    values: &'a [f64],
    options: &'a PeakOptions,
) -> impl Iterator<Item = CurvePeak> + 'a {
    let mut maxima = local_maxima(values);
    maxima.retain(|&peak| options.minimum_height.is_none_or(|least| values[peak] >= least));
    let maxima = select_by_distance(maxima, values, options.minimum_distance_points);
    let before = bases(values, 0..values.len());
    let behind = bases(values, (0..values.len()).rev());
    maxima.into_iter().filter_map(move |point| {
        let bases = (before[point], behind[point]);
        let prominence = values[point] - f64::max(values[bases.0], values[bases.1]);
        if prominence < options.minimum_prominence {
            return None;
        }
        let crossings = crossings(values, point, bases, values[point] - prominence * options.relative_height);
        let width_points = crossings.1 - crossings.0;
        let width_cm1 = (at(wavenumber, crossings.1) - at(wavenumber, crossings.0)).abs();
        let (wavenumber, height) = (wavenumber[point], values[point]);
        (width_points >= options.minimum_width_points).then_some(CurvePeak {
            point,
            wavenumber,
            height,
            prominence,
            bases,
            crossings,
            width_points,
            width_cm1,
        })
    })
}

fn moved(mut peak: CurvePeak, start: usize) -> CurvePeak {
    peak.point += start;
    peak.bases = (peak.bases.0 + start, peak.bases.1 + start);
    peak.crossings = (peak.crossings.0 + start as f64, peak.crossings.1 + start as f64);
    peak
}

fn local_maxima(values: &[f64]) -> Vec<usize> {
    let mut maxima = Vec::new();
    let mut point = 1;
    while point + 1 < values.len() {
        let mut last = point;
        if values[point - 1] < values[point] {
            while last + 1 < values.len() && values[last + 1] == values[point] {
                last += 1;
            }
            if last + 1 < values.len() && values[last + 1] < values[point] {
                maxima.push(point + (last - point) / 2);
            }
        }
        point = last + 1;
    }
    maxima
}

/// From the highest down, each peak removes those closer than `distance`.
fn select_by_distance(peaks: Vec<usize>, values: &[f64], distance: usize) -> Vec<usize> {
    // No two are closer than one point.
    if distance <= 1 {
        return peaks;
    }
    let mut keep = vec![true; peaks.len()];
    let mut order: Vec<usize> = (0..peaks.len()).collect();
    order.sort_by(|&a, &b| values[peaks[a]].total_cmp(&values[peaks[b]]));
    for &number in order.iter().rev() {
        if keep[number] {
            let near = |&other: &usize| peaks[number].abs_diff(peaks[other]) < distance;
            (0..number).rev().take_while(near).for_each(|other| keep[other] = false);
            (number + 1..peaks.len()).take_while(near).for_each(|other| keep[other] = false);
        }
    }
    peaks.into_iter().zip(keep).filter_map(|(peak, keep)| keep.then_some(peak)).collect()
}

/// Of each point the nearest lowest one among those before it, in the order in which they are given, that come after any
/// higher one; itself if none is lower.
fn bases(values: &[f64], points: impl Iterator<Item = usize>) -> Vec<usize> {
    let mut bases = vec![0; values.len()];
    // Those that are not hidden behind a higher or equal one, so that their values fall. What lies between two of them has
    // its lowest point in the base of the later.
    let mut in_sight: Vec<InSight> = Vec::new();
    for point in points {
        let value = values[point];
        let (mut base, mut lowest) = (point, value);
        while let Some(hidden) = in_sight.pop_if(|before| before.value <= value) {
            if hidden.lowest < lowest {
                (base, lowest) = (hidden.base, hidden.lowest);
            }
        }
        bases[point] = base;
        in_sight.push(InSight { value, base, lowest });
    }
    bases
}

/// A point that is higher than all behind it.
struct InSight {
    value: f64,
    base: usize,
    /// The value of the base.
    lowest: f64,
}

/// Where the curve, by straight lines, first falls to `height` on both sides, within the bases.
fn crossings(values: &[f64], peak: usize, bases: (usize, usize), height: f64) -> (f64, f64) {
    let left = (bases.0 + 1..=peak).rev().find(|&point| values[point] <= height).unwrap_or(bases.0);
    let right = (peak..bases.1).find(|&point| values[point] <= height).unwrap_or(bases.1);
    let part = |point: usize, inner: usize| {
        if values[point] < height { (height - values[point]) / (values[inner] - values[point]) } else { 0.0 }
    };
    // Both are the peak itself at most, which is not below the height.
    (left as f64 + part(left, left + 1), right as f64 - part(right, right.saturating_sub(1)))
}

/// The axis at a fractional point within it.
fn at(axis: &[f64], point: f64) -> f64 {
    let whole = point.floor() as usize;
    match axis.get(whole + 1) {
        Some(next) => axis[whole] + (point - whole as f64) * (next - axis[whole]),
        None => axis[whole],
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::golden::cases;
    use super::*;

    fn points(count: usize) -> Vec<f64> {
        (0..count).map(|i| 4_000.0 - 2.0 * i as f64).collect()
    }

    /// The nearest lowest point of a walk from a point, which ends before higher ground.
    fn base_of_walk(values: &[f64], point: usize, walk: impl Iterator<Item = usize>) -> usize {
        let reachable = walk.take_while(|&other| values[other] <= values[point]);
        reachable.fold(point, |lowest, other| if values[other] < values[lowest] { other } else { lowest })
    }

    proptest! {
        #[test]
        fn bases_are_the_lowest_points_of_walks_to_both_sides(levels in proptest::collection::vec(0_u8..9, 0..60)) {
            // Few levels, so that many points are equally high.
            let values: Vec<f64> = levels.iter().map(|&level| f64::from(level)).collect();
            let (before, behind) = (bases(&values, 0..values.len()), bases(&values, (0..values.len()).rev()));
            for point in 0..values.len() {
                prop_assert_eq!(before[point], base_of_walk(&values, point, (0..point).rev()));
                prop_assert_eq!(behind[point], base_of_walk(&values, point, point + 1..values.len()));
            }
        }
    }

    #[test]
    fn golden_peaks() {
        let all = cases("peak_pick");
        for case in &all {
            let y = case.column("y");
            let options = PeakOptions {
                minimum_height: Some(case.number("height")),
                minimum_distance_points: case.count("distance"),
                minimum_prominence: case.number("prominence"),
                ..Default::default()
            };
            let got = pick_peaks(&points(y.len()), &y, None, &options).unwrap();
            let integers = |name: &str| -> Vec<u64> {
                case.expected[name].as_array().unwrap().iter().map(|x| x.as_u64().unwrap()).collect()
            };
            let counts =
                |of: fn(&CurvePeak) -> usize| got.iter().map(|peak| of(peak) as u64).collect::<Vec<_>>();
            assert_eq!(counts(|peak| peak.point), integers("index"));
            assert_eq!(counts(|peak| peak.bases.0), integers("left_base"));
            assert_eq!(counts(|peak| peak.bases.1), integers("right_base"));
            let numbers = |of: fn(&CurvePeak) -> f64| got.iter().map(of).collect::<Vec<_>>();
            case.assert_expected(&numbers(|peak| peak.prominence), "prominence");
            case.assert_expected(&numbers(|peak| peak.width_points), "width_points");
            case.assert_expected(&numbers(|peak| peak.crossings.0), "left_ip");
            case.assert_expected(&numbers(|peak| peak.crossings.1), "right_ip");
            for peak in &got {
                assert!((peak.width_cm1 - 2.0 * peak.width_points).abs() < 1e-9);
                assert_eq!(
                    (peak.wavenumber, peak.height),
                    (4_000.0 - 2.0 * peak.point as f64, y[peak.point])
                );
            }
        }
        assert_eq!(all.len(), 3);
    }

    #[test]
    fn plateaus_count_and_ends_do_not() {
        let y = [5.0, 1.0, 3.0, 3.0, 3.0, 3.0, 2.0, 4.0];
        let got = pick_peaks(&points(8), &y, None, &PeakOptions::default()).unwrap();
        assert_eq!(got.iter().map(|peak| peak.point).collect::<Vec<_>>(), [3]);
        assert_eq!((got[0].prominence, got[0].bases), (1.0, (1, 6)));
        for y in [&[][..], &[1.0], &[1.0, 2.0], &[1.0, 2.0, 2.0], &[1.0; 5]] {
            assert!(pick_peaks(&points(y.len()), y, None, &PeakOptions::default()).unwrap().is_empty());
        }
    }

    #[test]
    fn a_gap_is_an_end_and_a_narrow_peak_may_be_asked_away() {
        let y = [0.0, 2.0, 0.0, f64::NAN, 9.0, 1.0, 3.0, 4.0, 3.0, 1.0];
        let measured: Vec<bool> = y.iter().map(|value| value.is_finite()).collect();
        let all = pick_peaks(&points(10), &y, Some(&measured), &PeakOptions::default()).unwrap();
        assert_eq!(
            all.iter().map(|peak| (peak.point, peak.prominence)).collect::<Vec<_>>(),
            [(1, 2.0), (7, 3.0)]
        );
        assert_eq!((all[1].bases, all[1].crossings), ((5, 9), (5.75, 8.25)));
        let wide = PeakOptions { minimum_width_points: 2.0, ..Default::default() };
        assert_eq!(pick_peaks(&points(10), &y, Some(&measured), &wide).unwrap(), all[1..]);
    }

    #[test]
    fn wrong_options_and_columns_are_errors() {
        let right = PeakOptions::default();
        let y = [0.0, 1.0, 0.0];
        for options in [
            PeakOptions { minimum_height: Some(f64::NAN), ..right },
            PeakOptions { minimum_distance_points: 0, ..right },
            PeakOptions { minimum_prominence: -1.0, ..right },
            PeakOptions { minimum_width_points: f64::NAN, ..right },
            PeakOptions { relative_height: 1.5, ..right },
        ] {
            assert!(pick_peaks(&points(3), &y, None, &options).is_err(), "{options:?}");
        }
        assert!(pick_peaks(&points(2), &y, None, &right).is_err());
        assert!(pick_peaks(&[1.0, 1.0, 2.0], &y, None, &right).is_err());
        assert!(pick_peaks(&points(3), &[0.0, f64::INFINITY, 0.0], None, &right).is_err());
        assert!(pick_peaks(&points(3), &[-1e308, 1e308, -1e308], None, &right).is_err());
    }

    proptest! {
        #[test]
        fn a_mirrored_curve_has_mirrored_peaks_and_more_demands_never_give_more(
            steps in prop::collection::vec(-1.0..1.0_f64, 3..80),
            prominence in 0.0..1.0_f64,
        ) {
            let last = steps.len() - 1;
            let mirrored: Vec<f64> = steps.iter().rev().copied().collect();
            let options = PeakOptions::default();
            let there = pick_peaks(&points(steps.len()), &steps, None, &options).unwrap();
            let back = pick_peaks(&points(steps.len()), &mirrored, None, &options).unwrap();
            prop_assert_eq!(there.len(), back.len());
            for (a, b) in there.iter().zip(back.iter().rev()) {
                prop_assert_eq!((a.point, a.prominence), (last - b.point, b.prominence));
                prop_assert!((a.width_points - b.width_points).abs() < 1e-9);
            }
            let fewer = PeakOptions { minimum_prominence: prominence, ..options };
            let fewer = pick_peaks(&points(steps.len()), &steps, None, &fewer).unwrap();
            prop_assert!(fewer.iter().all(|peak| peak.prominence >= prominence && there.contains(peak)));
        }
    }
}
