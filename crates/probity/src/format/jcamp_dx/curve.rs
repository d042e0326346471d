//! Curves: infrared spectra, interferograms, and whatever else JCAMP-DX files hold over an axis.

use super::asdf::{is_ordinates, ordinate_symbol, read_ordinates};
use super::block::Block;
use super::curve_units::{axis_unit, curve_kind, technique, value_unit};
use super::fields::Heading;
use super::header_check;
use super::ldr::Ldr;
use super::ntuples::{Page, Variables};
use super::peak_table::{Factors, PeakForm, read_columns};
use super::table_axis::{StatedAxis, Table};
use crate::error::{Error, Result};
use crate::format::field_value::stated;
use crate::format::noter::Noter;
use crate::format::number::parse_number;
use crate::format::{Record, RecordPlace};
use crate::spectrum::{Axis, Curve, CurveAcquisition, CurveKind, Spectrum};

/// Labels that say how the data are written or measured, which reading has used up.
const USED_UP: [&str; 21] = [
    "XUNITS",
    "YUNITS",
    "FIRSTX",
    "LASTX",
    "FIRSTY",
    "DELTAX",
    "MAXX",
    "MINX",
    "MAXY",
    "MINY",
    "RESOLUTION",
    "STATE",
    "SAMPLINGPROCEDURE",
    "DATE",
    "LONGDATE",
    "TIME",
    "NPOINTS",
    "XFACTOR",
    "YFACTOR",
    "XYDATA",
    "BLOCKS",
];

/// The first table of a curve among data records.
pub(super) fn table_of<'b, 'a>(ldrs: impl IntoIterator<Item = &'b Ldr<'a>>) -> Option<&'b Ldr<'a>>
where
    'a: 'b,
{
    ldrs.into_iter().find(|ldr| {
        matches!(ldr.label.as_str(), "XYDATA" | "XYPOINTS" | "PEAKTABLE" | "PEAKASSIGNMENTS" | "DATATABLE")
            && (is_ordinates(ldr.first) || PeakForm::of(ldr.first).is_some())
    })
}

/// What a table shows: a list of peaks or assignments is no spectrum, whatever the data type says.
fn shows(table: &Ldr<'_>, data_type: &str) -> CurveKind {
    if table.label.starts_with("PEAK") { CurveKind::Other } else { curve_kind(data_type) }
}

/// How the numbers of a table become a curve.
struct Scale<'a> {
    factors: Factors,
    /// What is stated of the axis, in its unit.
    axis: StatedAxis,
    /// Where the number of points is stated, and as what.
    points_field: (u64, &'a str),
    x_unit: &'a str,
    y_unit: &'a str,
    data_type: &'a str,
}

/// Reads the curve of a block.
pub(super) fn read_block(block: &Block<'_>, records: &mut Vec<Record>, noter: &mut Noter) -> Result<()> {
    let Some(table) = table_of(&block.ldrs) else { return Ok(()) };
    let number = |label: &str| parse_number(block.first_of(label));
    let factor = |label: &str| match block.first_of(label) {
        "" => Some(1.0),
        text => parse_number(text).filter(|&factor| factor != 0.0),
    };
    let Some(factors) = factor("XFACTOR").zip(factor("YFACTOR")).map(|(x, y)| Factors { x, y }) else {
        return noter.record_skipped(block.line(), "a factor is not a number, so the curve has no scale");
    };
    let scale = Scale {
        factors,
        axis: StatedAxis {
            first: number("FIRSTX"),
            last: number("LASTX"),
            delta: number("DELTAX"),
            points: number("NPOINTS"),
        },
        points_field: block.find("NPOINTS").map_or((0, ""), |ldr| (ldr.line, ldr.name_in_places())),
        x_unit: block.first_of("XUNITS"),
        y_unit: block.first_of("YUNITS"),
        data_type: block.first_of("DATATYPE"),
    };
    let Some((curve, decided)) = read_table(table, &scale, noter)? else { return Ok(()) };
    header_check::compare(block, &curve, noter)?;
    let others = block.ldrs.iter().filter(|ldr| !USED_UP.contains(&ldr.label.as_str()));
    let heading = Heading::read(block, others, noter)?.with_fields(stated_texts(&scale, decided));
    noter.record_read(block.line())?;
    records.push(record(heading, curve, acquisition(block), (noter.record, block.line())));
    Ok(())
}

/// Reads one page of a series; `None` if it was left out, with a notice.
pub(super) fn read_page(
    block: &Block<'_>,
    page: &Page<'_, '_>,
    variables: &Variables<'_>,
    heading: Heading,
    noter: &mut Noter,
) -> Result<Option<Record>> {
    let Some(table) = table_of(page.ldrs.iter().copied()) else {
        noter.record_skipped(page.line, "the page has no curve and was left out")?;
        return Ok(None);
    };
    let symbol = ordinate_symbol(table.first).unwrap_or('Y').to_string();
    let Some(factors) = variables.factors(&symbol) else {
        noter.record_skipped(page.line, "a factor is not a number, so the curve has no scale")?;
        return Ok(None);
    };
    let scale = Scale {
        factors,
        axis: StatedAxis {
            first: variables.first("X").and_then(parse_number),
            last: variables.last("X").and_then(parse_number),
            delta: None,
            points: variables.dimension(&symbol).and_then(parse_number),
        },
        points_field: (page.line, "VAR_DIM"),
        x_unit: variables.unit("X").unwrap_or_default(),
        y_unit: variables.unit(&symbol).unwrap_or_default(),
        data_type: block.first_of("DATATYPE"),
    };
    let Some((curve, decided)) = read_table(table, &scale, noter)? else { return Ok(None) };
    let heading = heading.with_fields(stated_texts(&scale, decided));
    let mut acquisition = acquisition(block);
    acquisition.block = stated(page.variable).map(str::to_owned);
    Ok(Some(record(heading, curve, acquisition, (noter.record, page.line))))
}

/// What is stated of a curve and said by its kind and units less exactly: the data type, and the unit of values that
/// was decided by the values.
fn stated_texts(scale: &Scale<'_>, decided: Option<String>) -> Vec<(String, String)> {
    let data_type = stated(scale.data_type).map(|text| ("DATA TYPE".to_owned(), text.to_owned()));
    data_type.into_iter().chain(decided.map(|text| ("YUNITS".to_owned(), text))).collect()
}

fn record(heading: Heading, curve: Curve, acquisition: CurveAcquisition, place: (u64, u64)) -> Record {
    let acquisition = CurveAcquisition { instrument: heading.instrument().map(str::to_owned), ..acquisition };
    let spectrum = Spectrum::Curve(curve.acquisition(acquisition));
    heading.into_record_of(spectrum, RecordPlace { record: place.0, line: place.1 })
}

/// The curve of a table, and how the unit of its values was decided if the file does not say it as it is; `None` if the
/// curve was left out, with a notice.
fn read_table(
    table: &Ldr<'_>,
    scale: &Scale<'_>,
    noter: &mut Noter,
) -> Result<Option<(Curve, Option<String>)>> {
    let is_short = |values: usize| scale.axis.points.is_none_or(|points| (values as f64) < points);
    let (axis, values, missing) = if is_ordinates(table.first) {
        let mut ordinates = read_ordinates(table, noter)?;
        if table.is_cut && is_short(ordinates.values.len()) {
            note_cut(table, noter)?;
            ordinates.drop_last_token();
        }
        let lines = Table {
            starts: &ordinates.starts,
            values: ordinates.values.len(),
            x_factor: scale.factors.x,
            line: table.line,
            label: table.name_in_places(),
        };
        (scale.axis.axis_of(lines, noter)?, ordinates.values, ordinates.missing)
    } else {
        let (mut points, mut values, mut missing) = read_points(table, scale, noter)?;
        if table.is_cut && is_short(values.len()) {
            note_cut(table, noter)?;
            points.pop();
            values.pop();
            missing.retain(|&position| position < values.len());
        }
        (Axis::listed(points).ok(), values, missing)
    };
    if values.is_empty() {
        noter.record_skipped(table.line, "the table holds no number, so there is no curve")?;
        return Ok(None);
    }
    let Some(axis) = axis else {
        noter
            .record_skipped(table.line, "where the axis begins and ends is not stated, or not two places")?;
        return Ok(None);
    };
    if let Some(points) = scale.axis.points.filter(|&points| points != values.len() as f64) {
        let message = format!("{points} points are announced and {} there; all were read", values.len());
        noter.repaired(scale.points_field.0, scale.points_field.1, message)?;
    }
    let values: Vec<f64> = values.into_iter().map(|value| value * scale.factors.y).collect();
    let (value_unit, decided) = value_unit(scale.y_unit, &values);
    if let Some(decided) = &decided {
        noter.repaired(table.line, "YUNITS", decided)?;
    }
    let axis_unit = axis_unit(scale.x_unit, scale.data_type);
    match Curve::try_new(shows(table, scale.data_type), (axis, axis_unit), (values, value_unit))
        .and_then(|curve| curve.missing(missing))
    {
        Ok(curve) => Ok(Some((curve, decided))),
        Err(error) => {
            noter.record_skipped(table.line, format!("{error}; the curve was left out"))?;
            Ok(None)
        }
    }
}

fn note_cut(table: &Ldr<'_>, noter: &mut Noter) -> Result<()> {
    let line = table.rest.last().map_or(table.line, |line| line.number);
    let message = "the text ends within the table; its last number may be cut short and was left out";
    noter.skipped(line, table.name_in_places(), message)
}

/// The points and values of a list of pairs, the latter without their factor, and which are missing.
fn read_points(
    table: &Ldr<'_>,
    scale: &Scale<'_>,
    noter: &mut Noter,
) -> Result<(Vec<f64>, Vec<f64>, Vec<usize>)> {
    let (mut points, mut values, mut missing) = (Vec::new(), Vec::new(), Vec::new());
    // The factor of the ordinates is applied later, to all forms alike.
    let factors = Factors { y: 1.0, ..scale.factors };
    read_columns(table, factors, noter, &mut |x, y, line, noter| {
        let field = table.name_in_places();
        if !x.is_finite() {
            return noter.skipped(line, field, "the point has no place and was left out");
        }
        let limit = noter.options.limits.peaks;
        if points.len() >= limit {
            let message = format!("the curve has more than {limit} points");
            return Err(Error::limit(message).at(noter.at(line).at_field(field)));
        }
        if !y.is_finite() {
            missing.push(points.len());
        }
        points.push(x);
        values.push(if y.is_finite() { y } else { 0.0 });
        Ok(())
    })?;
    Ok((points, values, missing))
}

fn acquisition(block: &Block<'_>) -> CurveAcquisition {
    let text = |label: &str| stated(block.first_of(label)).map(str::to_owned);
    let (state, sampling) = (text("STATE"), text("SAMPLINGPROCEDURE"));
    let measured = match (text("LONGDATE").or_else(|| text("DATE")), text("TIME")) {
        (Some(date), Some(time)) => Some(format!("{date} {time}")),
        (date, time) => date.or(time),
    };
    CurveAcquisition {
        technique: technique(state.as_deref().unwrap_or_default(), sampling.as_deref().unwrap_or_default()),
        resolution_cm1: parse_number(block.first_of("RESOLUTION")).filter(|&resolution| resolution > 0.0),
        state,
        sampling,
        measured,
        ..CurveAcquisition::default()
    }
}
