//! Writes curves in two columns, divided by commas.

use std::io::Write;

use super::line::Pair;
use crate::error::Result;
use crate::format::unit_label::{axis_label, axis_unit, value_label, value_unit};
use crate::format::write_report::cannot_write;
use crate::format::{Record, WriteReport};
use crate::spectrum::{AxisUnit, Curve, CurveAcquisition, CurveKind};
use crate::substance::{Form, Identity};

/// Writes curves as text of two columns: for each a line `# curve: NAME`, a header that names axis and values with their
/// units, one point a line in the order of the curve, and an empty line. Numbers stand in the shortest form that reads
/// back as the same number, missing values as `NaN`.
///
/// Mass spectra and curves without points are left out and counted, and so is what the table has no place for.
///
/// # Errors
/// `Io` if the sink fails.
pub fn write_curve_csv(records: &[Record], sink: &mut impl Write) -> Result<WriteReport> {
    let mut report = WriteReport::default();
    for record in records {
        let Some(curve) = record.spectrum.as_curve() else {
            report.record_omitted("a table of curves has no place for a mass spectrum; it was left out");
            continue;
        };
        if curve.values().is_empty() {
            report.record_omitted("the curve has no points and was left out");
            continue;
        }
        note_omitted(record, curve, &mut report);
        let name = if record.name.is_empty() { None } else { report.one_line("name", &record.name) };
        let mut text = format!("# curve: {}\n{}\n", name.unwrap_or_default(), header(curve, &mut report));
        let mut missing = curve.missing_points().iter().peekable();
        for (point, (x, y)) in curve.axis().points().into_iter().zip(curve.values()).enumerate() {
            if missing.next_if_eq(&&point).is_some() {
                text.push_str(&format!("{x},NaN\n"));
            } else {
                text.push_str(&format!("{x},{y}\n"));
            }
        }
        text.push('\n');
        sink.write_all(text.as_bytes()).map_err(cannot_write)?;
        report.records_written += 1;
    }
    Ok(report)
}

/// The line that names the columns, in quotes where a label needs them.
fn header(curve: &Curve, report: &mut WriteReport) -> String {
    let (x, y) = (axis_label(curve.axis_unit()), value_label(curve.value_unit()));
    let (x_line, y_line) =
        (report.one_line("x", x).unwrap_or_default(), report.one_line("y", y).unwrap_or_default());
    if axis_unit(&x_line) != *curve.axis_unit() {
        report.altered("x", format!("the unit \"{x}\" reads back as another one"));
    }
    if value_unit(&y_line) != *curve.value_unit() {
        report.altered("y", format!("the unit \"{y}\" reads back as another one"));
    }
    let line = format!("{},{}", quoted(&x_line), quoted(&y_line));
    if Pair::of(&line).is_none() {
        return line;
    }
    // Two units that read as numbers, such as NaN, would be a point, in quotes too.
    report.altered("x", format!("the unit \"{x}\" reads as a number and was written as \"unit {x}\""));
    format!("{},{}", quoted(&format!("unit {x_line}")), quoted(&y_line))
}

fn quoted(label: &str) -> String {
    if label.contains([',', ';', '"', '#']) {
        format!("\"{}\"", label.replace('"', "\"\""))
    } else {
        label.to_owned()
    }
}

/// Counts what a record states beside its name and the curve.
fn note_omitted(record: &Record, curve: &Curve, report: &mut WriteReport) {
    let kind = match curve.axis_unit() {
        AxisUnit::RetardationCm => CurveKind::Interferogram,
        _ => CurveKind::Spectrum,
    };
    let provenance = &record.provenance;
    let stated = [
        ("identity", record.identity != Identity::default()),
        ("form", record.form != Form::default()),
        ("acquisition", *curve.acquired() != CurveAcquisition::default()),
        ("shows", curve.kind() != kind),
        ("provenance", *provenance != Default::default()),
        ("other_fields", !record.other_fields.is_empty()),
    ];
    for (field, _) in stated.into_iter().filter(|(_, is_stated)| *is_stated) {
        report.omitted(field, "the table has no place for it");
    }
}
