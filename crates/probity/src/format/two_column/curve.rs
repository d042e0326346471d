//! Which two columns are a curve, and in which units.

use super::Section;
use super::line::header_columns;
use crate::error::{Error, Result};
use crate::format::curve_draft::is_percent;
use crate::format::noter::Noter;
use crate::format::unit_label;
use crate::format::{Provenance, Record, RecordPlace};
use crate::spectrum::{Axis, AxisUnit, Curve, CurveKind, Spectrum, ValueUnit};
use crate::substance::{Form, Identity};

/// Points below which nothing follows from their spacing.
const FEWEST_POINTS: usize = 100;
/// How much steps may differ from their mean, as part of it: x is rounded in files.
const EVEN: f64 = 0.03;
/// Where infrared spectra lie in cm⁻¹, and what one must reach to be told from masses and nanometres.
const WAVENUMBERS: std::ops::RangeInclusive<f64> = 10.0..=15_000.0;
const REACHES: f64 = 2_600.0;

/// What a header says the columns are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Named {
    Curve,
    Masses,
    /// Neither.
    Nothing,
}

/// What a line before the first pair of numbers names.
pub(super) fn named(header: &str) -> Named {
    let lower = header.to_lowercase();
    let is_mass = |word: &str| ["m/z", "mz", "mass", "masses"].contains(&word);
    let mut words = lower.split(|c: char| !c.is_alphanumeric() && c != '/').filter(|word| !word.is_empty());
    if words.any(is_mass) {
        return Named::Masses;
    }
    let (x, y) = header_columns(header).unwrap_or_else(|| (header.to_owned(), header.to_owned()));
    let is_curve = !matches!(unit_label::axis_unit(&x), AxisUnit::Other(_))
        // A single letter may mean anything beside a column that is not named.
        || y.len() > 2
            && !matches!(unit_label::value_unit(&y), ValueUnit::Other(_) | ValueUnit::Arbitrary);
    if is_curve { Named::Curve } else { Named::Nothing }
}

/// How the points of a column lie.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Spacing {
    /// As those of an infrared spectrum in cm⁻¹: evenly, and further than masses and nanometres go.
    Wavenumbers,
    /// Evenly, as those of any curve.
    Even,
    /// Otherwise.
    Other,
}

/// How the points of a column lie. Steps of 1 are left to spectra at unit mass with every mass listed, which do not
/// reach as far as wavenumbers do.
pub(super) fn spacing(column: &[f64]) -> Spacing {
    let [first, .., last] = column else { return Spacing::Other };
    let step = (last - first) / (column.len() - 1) as f64;
    let is_even = |pair: &[f64]| (pair[1] - pair[0] - step).abs() <= EVEN * step.abs();
    if column.len() < FEWEST_POINTS || step == 0.0 || !column.windows(2).all(is_even) {
        return Spacing::Other;
    }
    let (lowest, highest) = (first.min(*last), first.max(*last));
    if WAVENUMBERS.contains(&lowest) && WAVENUMBERS.contains(&highest) && highest >= REACHES {
        Spacing::Wavenumbers
    } else if (step.abs() - 1.0).abs() <= EVEN {
        Spacing::Other
    } else {
        Spacing::Even
    }
}

/// The unit that values are taken to have where nothing is said of it, and why.
fn assumed_value_unit(values: &[f64]) -> (ValueUnit, &'static str) {
    let mut sorted: Vec<f64> = values.iter().copied().filter(|value| value.is_finite()).collect();
    sorted.sort_by(f64::total_cmp);
    let (Some(&largest), Some(&middle)) = (sorted.last(), sorted.get(sorted.len() / 2)) else {
        return (ValueUnit::Arbitrary, "there are none; they were taken as arbitrary");
    };
    let is_high = middle > 0.5 * largest;
    if is_high && (10.0..=200.0).contains(&largest) {
        (
            ValueUnit::PercentTransmittance,
            "most lie near their largest, of 10 to 200: taken as transmittance in %",
        )
    } else if !is_high && largest <= 10.0 {
        (ValueUnit::Absorbance, "most lie far below their largest, of at most 10: taken as absorbance")
    } else {
        (ValueUnit::Arbitrary, "the values do not tell; they were taken as arbitrary")
    }
}

/// The record of a section that is a curve.
pub(super) fn read(section: Section<'_>, noter: &mut Noter) -> Result<Record> {
    let Section { first_line, name, mut comments, mut preamble, pairs, .. } = section;
    let header = preamble.pop().map(|line| line.text);
    let (x_label, y_label) = header.map_or_else(Default::default, |header| {
        header_columns(header).unwrap_or_else(|| (header.to_owned(), header.to_owned()))
    });
    if let Some((line, _)) = pairs.iter().find(|(_, pair)| !pair.x.is_finite()) {
        return Err(Error::malformed("the point has no place on the axis").at(noter.at(*line)));
    }
    let line = pairs.first().map_or(first_line, |(line, _)| *line);
    let (points, mut values): (Vec<f64>, Vec<f64>) = pairs.iter().map(|(_, pair)| (pair.x, pair.y)).unzip();
    let axis_unit = axis_unit(&x_label, line, noter)?;
    let (value_unit, assumed) = value_unit(&y_label, &values);
    if let Some(assumed) = &assumed {
        noter.repaired(line, "y", assumed)?;
    }
    let missing: Vec<usize> = (0..values.len()).filter(|&point| !values[point].is_finite()).collect();
    if let Some(&first) = missing.first() {
        let message =
            format!("{} values are NaN, the first of them here; they count as missing", missing.len());
        noter.skipped(pairs[first].0, "y", message)?;
        missing.iter().for_each(|&point| values[point] = 0.0);
    }
    let kind =
        if axis_unit == AxisUnit::RetardationCm { CurveKind::Interferogram } else { CurveKind::Spectrum };
    noter.record_read(first_line)?;
    let curve = Curve::try_new(kind, (Axis::of_points(points)?, axis_unit), (values, value_unit))?;
    comments.extend(preamble.iter().map(|line| line.text.to_owned()));
    let header = header.map(|header| ("header".to_owned(), header.to_owned()));
    Ok(Record {
        name,
        identity: Identity::default(),
        form: Form::default(),
        spectrum: Spectrum::Curve(curve.missing(missing)?),
        provenance: Provenance { comments, ..Provenance::default() },
        other_fields: header.into_iter().chain(assumed.map(|text| ("unit of y".to_owned(), text))).collect(),
        place: RecordPlace { record: noter.record, line: first_line },
    })
}

/// The unit of the axis by its label; without one, that of wavenumbers, which the spacing showed, and a notice.
fn axis_unit(label: &str, line: u64, noter: &mut Noter) -> Result<AxisUnit> {
    if !label.is_empty() {
        return Ok(unit_label::axis_unit(label));
    }
    let message = "the unit is not stated; the points lie as wavenumbers in cm-1 do, and were taken for them";
    noter.repaired(line, "x", message)?;
    Ok(AxisUnit::Wavenumber)
}

/// The unit of the values by their label, and what was assumed, if something was.
fn value_unit(label: &str, values: &[f64]) -> (ValueUnit, Option<String>) {
    if label.is_empty() {
        let (unit, why) = assumed_value_unit(values);
        return (unit, Some(format!("the unit is not stated; {why}")));
    }
    let in_per_cent = match unit_label::value_unit(label) {
        ValueUnit::Transmittance if is_percent(values) => ValueUnit::PercentTransmittance,
        ValueUnit::Reflectance if is_percent(values) => ValueUnit::PercentReflectance,
        unit => return (unit, None),
    };
    (in_per_cent, Some(format!("values above 2 count per cent, though \"{label}\" does not say so")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn column(first: f64, step: f64, count: usize) -> Vec<f64> {
        (0..count).map(|index| first + step * index as f64).collect()
    }

    #[test]
    fn spacing_tells_wavenumbers_from_masses() {
        for (column, spacing_of) in [
            (column(399.1926, 0.9643, 3_736), Spacing::Wavenumbers),
            (column(4_000.0, -1.0, 3_601), Spacing::Wavenumbers),
            // Rounded to two digits behind the point.
            (
                column(399.19, 0.9643, 3_736).iter().map(|x| (x * 100.0).round() / 100.0).collect(),
                Spacing::Wavenumbers,
            ),
            (column(40.0, 1.0, 600), Spacing::Other),
            (column(50.0, 0.1, 4_000), Spacing::Even),
            // Nanometres reach to 2,500.
            (column(1_100.0, 2.0, 701), Spacing::Even),
            (column(4_000.0, -2.0, 99), Spacing::Other),
            (column(40.0, 1.5, 200).iter().map(|x| x * x).collect(), Spacing::Other),
            (vec![7.0; 200], Spacing::Other),
        ] {
            assert_eq!(spacing(&column), spacing_of, "from {} to {:?}", column[0], column.last());
        }
    }

    #[test]
    fn units_are_assumed_only_where_the_values_tell() {
        let absorbance: Vec<f64> = (0..100).map(|point| if point % 10 == 0 { 1.2 } else { 0.05 }).collect();
        let transmittance: Vec<f64> =
            (0..100).map(|point| if point % 10 == 0 { 12.0 } else { 98.0 }).collect();
        let fractions: Vec<f64> = transmittance.iter().map(|value| value / 100.0).collect();
        let counts: Vec<f64> = absorbance.iter().map(|value| value * 1e4).collect();
        for (values, unit) in [
            (absorbance, ValueUnit::Absorbance),
            (transmittance, ValueUnit::PercentTransmittance),
            (fractions, ValueUnit::Arbitrary),
            (counts, ValueUnit::Arbitrary),
            (vec![], ValueUnit::Arbitrary),
        ] {
            assert_eq!(assumed_value_unit(&values).0, unit);
        }
    }

    #[test]
    fn headers_name_curves_or_masses() {
        for (header, what) in [
            ("cm-1,A", Named::Curve),
            ("Wavenumber (cm-1),Absorbance", Named::Curve),
            ("wavenumber;%T", Named::Curve),
            ("x\tTransmittance [%]", Named::Curve),
            ("wavelength (nm),counts", Named::Curve),
            ("m/z,intensity", Named::Masses),
            ("mass\tA", Named::Masses),
            ("ion,R", Named::Nothing),
            ("x,y", Named::Nothing),
            ("Created as New Dataset,CYN02065-1, Fe2S2(CO)6", Named::Nothing),
        ] {
            assert_eq!(named(header), what, "{header}");
        }
    }
}
