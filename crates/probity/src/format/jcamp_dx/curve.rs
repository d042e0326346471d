//! Curves: infrared spectra, interferograms, and whatever else JCAMP-DX files hold over an axis.

use super::asdf::{is_ordinates, ordinate_symbol, read_ordinates};
use super::block::Block;
use super::curve_units::{axis_unit, curve_kind, technique, value_unit};
use super::fields::Heading;
use super::ldr::Ldr;
use super::ntuples::{Page, Variables};
use super::peak_table::{Factors, is_pair_list, read_pairs};
use crate::error::Result;
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
        matches!(ldr.label.as_str(), "XYDATA" | "XYPOINTS" | "PEAKTABLE" | "DATATABLE")
            && (is_ordinates(ldr.first) || is_pair_list(ldr.first))
    })
}

/// How the numbers of a table become a curve.
struct Scale<'a> {
    factors: Factors,
    /// The ends of the axis, as far as they are stated, in its unit.
    first_x: Option<f64>,
    last_x: Option<f64>,
    delta_x: Option<f64>,
    points: Option<f64>,
    x_unit: &'a str,
    y_unit: &'a str,
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
        first_x: number("FIRSTX"),
        last_x: number("LASTX"),
        delta_x: number("DELTAX"),
        points: number("NPOINTS"),
        x_unit: block.first_of("XUNITS"),
        y_unit: block.first_of("YUNITS"),
    };
    let kind = curve_kind(block.first_of("DATATYPE"));
    let Some(curve) = read_table(table, &scale, kind, noter)? else { return Ok(()) };
    check_first_y(block, &curve, noter)?;
    let others = block.ldrs.iter().filter(|ldr| !USED_UP.contains(&ldr.label.as_str()));
    let heading = Heading::read(block, others, noter)?;
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
        first_x: variables.first("X").and_then(parse_number),
        last_x: variables.last("X").and_then(parse_number),
        delta_x: None,
        points: variables.dimension(&symbol).and_then(parse_number),
        x_unit: variables.unit("X").unwrap_or_default(),
        y_unit: variables.unit(&symbol).unwrap_or_default(),
    };
    let kind = curve_kind(block.first_of("DATATYPE"));
    let Some(curve) = read_table(table, &scale, kind, noter)? else { return Ok(None) };
    let mut acquisition = acquisition(block);
    acquisition.block = stated(page.variable).map(str::to_owned);
    Ok(Some(record(heading, curve, acquisition, (noter.record, page.line))))
}

fn record(heading: Heading, curve: Curve, acquisition: CurveAcquisition, place: (u64, u64)) -> Record {
    let acquisition = CurveAcquisition { instrument: heading.instrument().map(str::to_owned), ..acquisition };
    let spectrum = Spectrum::Curve(curve.acquisition(acquisition));
    heading.into_record_of(spectrum, RecordPlace { record: place.0, line: place.1 })
}

/// The curve of a table; `None` if it was left out, with a notice.
fn read_table(
    table: &Ldr<'_>,
    scale: &Scale<'_>,
    kind: CurveKind,
    noter: &mut Noter,
) -> Result<Option<Curve>> {
    let (axis, values, missing) = if is_ordinates(table.first) {
        let ordinates = read_ordinates(table, noter)?;
        let count = ordinates.values.len();
        let first_x = scale.first_x.or(ordinates.first_x.map(|x| x * scale.factors.x));
        let last_x = match (scale.last_x, first_x, scale.delta_x) {
            (Some(last_x), ..) => Some(last_x),
            (None, Some(first_x), Some(delta_x)) if count > 0 => {
                noter.repaired(table.line, "LASTX", "it is missing; the axis follows from DELTAX")?;
                Some(first_x + delta_x * (count as f64 - 1.0))
            }
            _ => None,
        };
        let axis =
            first_x.zip(last_x).and_then(|(first_x, last_x)| Axis::uniform(first_x, last_x, count).ok());
        (axis, ordinates.values, ordinates.missing)
    } else {
        let (mut points, mut values) = (Vec::new(), Vec::new());
        // The factor of the ordinates is applied below, to all forms alike.
        let factors = Factors { y: 1.0, ..scale.factors };
        read_pairs(table, factors, noter, &mut |x, y, _, _| {
            points.push(x);
            values.push(y);
            Ok(())
        })?;
        (Axis::listed(points).ok(), values, Vec::new())
    };
    let Some(axis) = axis else {
        noter
            .record_skipped(table.line, "where the axis begins and ends is not stated, or not two places")?;
        return Ok(None);
    };
    if let Some(points) = scale.points.filter(|&points| points != values.len() as f64) {
        let message = format!("{points} points are announced and {} there; all were read", values.len());
        noter.repaired(table.line, "NPOINTS", message)?;
    }
    let values: Vec<f64> = values.into_iter().map(|value| value * scale.factors.y).collect();
    let (value_unit, decided) = value_unit(scale.y_unit, &values);
    if let Some(decided) = decided {
        noter.repaired(table.line, "YUNITS", decided)?;
    }
    let axis_unit = axis_unit(scale.x_unit);
    match Curve::try_new(kind, (axis, axis_unit), (values, value_unit))
        .and_then(|curve| curve.missing(missing))
    {
        Ok(curve) => Ok(Some(curve)),
        Err(error) => {
            noter.record_skipped(table.line, format!("{error}; the curve was left out"))?;
            Ok(None)
        }
    }
}

/// Compares the first value with `FIRSTY`, which files round, or state without the factor.
fn check_first_y(block: &Block<'_>, curve: &Curve, noter: &mut Noter) -> Result<()> {
    let Some(ldr) = block.find("FIRSTY") else { return Ok(()) };
    let (Some(stated), Some(&found)) = (parse_number(ldr.first), curve.values().first()) else {
        return Ok(());
    };
    if (stated - found).abs() > 0.01 * stated.abs().max(found.abs()) {
        let message =
            format!("\"{}\" is stated and {found} is the first value; the data were taken", ldr.first);
        return noter.repaired(ldr.line, ldr.spelled, message);
    }
    Ok(())
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
