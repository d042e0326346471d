//! A block of a curve.

use super::super::curve_units;
use super::JcampDxForm;
use super::ordinates::Ordinates;
use super::page::{Page, number};
use super::scale::Scaled;
use crate::format::Record;
use crate::spectrum::{Axis, AxisUnit, Curve, CurveKind, ValueUnit};

/// Writes the labels that say how a curve was measured and in which units, and its table.
pub(super) fn write(record: &Record, curve: &Curve, form: JcampDxForm, page: &mut Page<'_>) {
    let acquired = curve.acquired();
    page.optional("SPECTROMETER/DATA SYSTEM", acquired.instrument.as_deref());
    page.number("RESOLUTION", acquired.resolution_cm1);
    page.optional("STATE", acquired.state.as_deref());
    page.optional("SAMPLING PROCEDURE", acquired.sampling.as_deref());
    page.optional("LONG DATE", acquired.measured.as_deref());
    let data_type = data_type(record, curve);
    page.omit(
        "DATA TYPE",
        record.other_fields.iter().any(|(key, text)| key == "DATA TYPE" && text != data_type),
    );
    let [state, sampling] =
        [&acquired.state, &acquired.sampling].map(|text| text.as_deref().unwrap_or_default());
    page.omit("technique", acquired.technique != curve_units::technique(state, sampling));
    page.omit("scans", acquired.scans.is_some());
    page.omit("laser_wavenumber_cm1", acquired.laser_wavenumber_cm1.is_some());
    page.omit("block", acquired.block.is_some());
    units(record, curve, page);
    let points = curve.axis().points();
    extremes("X", &points, page);
    page.raw("NPOINTS", &points.len().to_string());
    match uniform_ends(curve).filter(|_| !is_list(record, curve)) {
        Some(ends) => uniform(curve, ends, form, page),
        None => listed(&points, curve, is_list(record, curve), page),
    }
}

/// Where a curve's axis begins and ends, if its points lie at equal distances to the last bit.
fn uniform_ends(curve: &Curve) -> Option<(f64, f64)> {
    let listed = || Axis::of_points(curve.axis().points()).ok()?.uniform_ends();
    curve.axis().uniform_ends().or_else(listed)
}

/// The data type that the record states, if it says what the curve shows.
fn stated_data_type(record: &Record) -> Option<&str> {
    let field = record.other_fields.iter().find(|(key, _)| key == "DATA TYPE");
    field.map(|(_, text)| text.as_str()).filter(|text| !text.contains(['\n', '\r']) && !text.contains("$$"))
}

/// Whether the curve is a list of peaks, which stands under the data type of a spectrum but is none.
fn is_list(record: &Record, curve: &Curve) -> bool {
    curve.kind() == CurveKind::Other
        && stated_data_type(record).is_some_and(|text| curve_units::curve_kind(text) == CurveKind::Spectrum)
}

/// The data type of a record's block.
pub(super) fn data_type<'a>(record: &'a Record, curve: &Curve) -> &'a str {
    let stated = stated_data_type(record);
    let says_it = |text: &&str| curve_units::curve_kind(text) == curve.kind() || is_list(record, curve);
    if let Some(stated) = stated.filter(says_it) {
        return stated;
    }
    match (curve.kind(), curve.axis_unit()) {
        (CurveKind::Interferogram, _) => "INFRARED INTERFEROGRAM",
        (CurveKind::SingleBeam, _) => "INFRARED SINGLE BEAM",
        (CurveKind::Phase, _) => "INFRARED PHASE",
        (CurveKind::Other, _) => "OTHER CURVE",
        (_, AxisUnit::RamanShift) => "RAMAN SPECTRUM",
        (_, AxisUnit::Other(_)) => "SPECTRUM",
        _ => "INFRARED SPECTRUM",
    }
}

/// The data class of a curve's block.
pub(super) fn data_class(record: &Record, curve: &Curve) -> &'static str {
    match (is_list(record, curve), uniform_ends(curve).is_some()) {
        (true, _) => "PEAK TABLE",
        (false, true) => "XYDATA",
        (false, false) => "XYPOINTS",
    }
}

fn units(record: &Record, curve: &Curve, page: &mut Page<'_>) {
    let x = match curve.axis_unit() {
        AxisUnit::Wavenumber => "1/CM",
        AxisUnit::RamanShift => "RAMAN SHIFT",
        AxisUnit::Micrometre => "MICROMETERS",
        AxisUnit::Nanometre => "NANOMETERS",
        AxisUnit::RetardationCm => "CM",
        AxisUnit::Point => "POINT",
        AxisUnit::Other(unit) => unit,
    };
    let y = match curve.value_unit() {
        ValueUnit::Absorbance => "ABSORBANCE",
        ValueUnit::Transmittance => "TRANSMITTANCE",
        ValueUnit::PercentTransmittance => "%TRANSMITTANCE",
        ValueUnit::Reflectance => "REFLECTANCE",
        ValueUnit::PercentReflectance => "%REFLECTANCE",
        ValueUnit::LogInverseReflectance => "LOG(1/R)",
        ValueUnit::KubelkaMunk => "KUBELKA-MUNK",
        ValueUnit::RamanIntensity => "RAMAN INTENSITY",
        ValueUnit::Volt => "VOLTS",
        ValueUnit::Arbitrary => "ARBITRARY UNITS",
        ValueUnit::Other(unit) => unit,
    };
    if curve_units::axis_unit(x, data_type(record, curve)) != *curve.axis_unit() {
        page.report.altered("XUNITS", format!("the unit \"{x}\" reads back as another one"));
    }
    if curve_units::value_unit(y, curve.values()).0 != *curve.value_unit() {
        page.report.altered("YUNITS", format!("the unit \"{y}\" reads back as another one"));
    }
    page.raw("XUNITS", &fit(x));
    page.raw("YUNITS", &fit(y));
}

/// A unit on one line.
fn fit(unit: &str) -> String {
    unit.replace("$$", "$ $").replace(char::is_control, " ")
}

/// `MAXX` and `MINX`, or those of y.
fn extremes(letter: &str, numbers: &[f64], page: &mut Page<'_>) {
    let most = numbers.iter().copied().reduce(f64::max);
    let least = numbers.iter().copied().reduce(f64::min);
    for (label, value) in [("MAX", most), ("MIN", least)] {
        value.into_iter().for_each(|value| page.raw(&format!("{label}{letter}"), &number(value)));
    }
}

fn uniform(curve: &Curve, (first, last): (f64, f64), form: JcampDxForm, page: &mut Page<'_>) {
    let step = (last - first) / (curve.values().len() as f64 - 1.0).max(1.0);
    let scaled = Scaled::of(curve.values());
    if !scaled.is_exact {
        let message = format!("values were rounded by at most half of {}", number(scaled.factor));
        page.report.altered("YFACTOR", message);
    }
    let mut units: Vec<Option<i64>> = scaled.units.into_iter().map(Some).collect();
    curve.missing_points().iter().for_each(|&point| units[point] = None);
    let written: Vec<f64> = units.iter().flatten().map(|&units| units as f64 * scaled.factor).collect();
    page.raw("FIRSTX", &number(first));
    page.raw("LASTX", &number(last));
    if curve.values().len() > 1 {
        page.raw("DELTAX", &number(step));
    }
    if let (Some(Some(_)), Some(&first_y)) = (units.first(), written.first()) {
        page.raw("FIRSTY", &number(first_y));
    }
    extremes("Y", &written, page);
    page.raw("XFACTOR", "1");
    page.raw("YFACTOR", &number(scaled.factor));
    page.raw("XYDATA", "(X++(Y..Y))");
    let ordinates = Ordinates { units: &units, first_x: first, step };
    page.text.push_str(&match form {
        JcampDxForm::Plain => ordinates.plain(),
        JcampDxForm::Compressed => ordinates.compressed(),
    });
}

fn listed(points: &[f64], curve: &Curve, is_list: bool, page: &mut Page<'_>) {
    let missing = curve.missing_points();
    let values: Vec<Option<f64>> = curve
        .values()
        .iter()
        .enumerate()
        .map(|(point, value)| missing.binary_search(&point).is_err().then_some(*value))
        .collect();
    if let (Some(first), Some(last)) = (points.first(), points.last()) {
        page.raw("FIRSTX", &number(*first));
        page.raw("LASTX", &number(*last));
    }
    if let Some(Some(first_y)) = values.first() {
        page.raw("FIRSTY", &number(*first_y));
    }
    extremes("Y", &values.iter().flatten().copied().collect::<Vec<f64>>(), page);
    page.raw("XFACTOR", "1");
    page.raw("YFACTOR", "1");
    page.raw(if is_list { "PEAK TABLE" } else { "XYPOINTS" }, "(XY..XY)");
    for (x, y) in points.iter().zip(values) {
        let y = y.map_or_else(|| "?".to_owned(), number);
        page.text.push_str(&format!("{},{y}\n", number(*x)));
    }
}
