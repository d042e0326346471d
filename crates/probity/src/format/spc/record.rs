//! One record for each page.

use super::super::Record;
use super::super::curve_draft::{CurveDraft, axis_or_skip, check_points, is_percent};
use super::super::noter::Noter;
use super::super::number::parse_number;
use super::header::Header;
use super::layout::{Place, SUBHEADER};
use super::{log, unit};
use crate::error::Result;
use crate::spectrum::{Axis, AxisUnit, CurveAcquisition};

/// Reads all pages that are whole.
pub(super) fn read_pages(header: &Header<'_>, noter: &mut Noter) -> Result<Vec<Record>> {
    if !header.own_x {
        check_points(header.points, (4, "fnpts"), noter)?;
    }
    let shared = match header.shared_x() {
        Some(offset) => Some(header.bytes.f32s(offset, header.points, "x")?),
        None => None,
    };
    let directory = header.directory(noter)?;
    let announced = if header.multiple { header.pages } else { Some(1) };
    let (mut records, mut seen, mut next) = (Vec::new(), 0, header.first_page());
    while announced.is_none_or(|pages| seen < pages) {
        let offset = directory.as_ref().map_or(next, |offsets| offsets[seen]);
        // An old file does not say how many pages it has: it has as many as fit.
        if announced.is_none() && seen > 0 && !header.bytes.holds(offset, SUBHEADER) {
            break;
        }
        let place = match header.whole_page(offset) {
            Ok(place) => place,
            Err(error) if seen == 0 => return Err(error.at(noter.at_offset(offset))),
            Err(error) => {
                let message =
                    format!("the pages from number {} on are not whole: {}", seen + 1, error.message());
                noter.repaired_at(offset, "fnsub", message)?;
                break;
            }
        };
        seen += 1;
        next = place.end;
        noter.record += 1;
        records.extend(read_page(header, place, shared.as_deref(), noter)?);
    }
    if let Some(record) = records.first_mut()
        && let Some(text) = log::read_log(header, noter)?
    {
        record.other_fields.push(("log".to_owned(), text));
    }
    Ok(records)
}

/// The record of a page, unless it has no points or no axis.
fn read_page(
    header: &Header<'_>,
    place: Place,
    shared: Option<&[f64]>,
    noter: &mut Noter,
) -> Result<Option<Record>> {
    if place.points == 0 {
        noter.record_skipped_at(place.offset, "subnpts", "the page has no point and was left out")?;
        return Ok(None);
    }
    check_points(place.points, (place.offset + 16, "subnpts"), noter)?;
    let axis = match shared {
        _ if header.own_x => Axis::listed(header.own_x_values(place)?),
        Some(points) => Axis::listed(points.to_vec()),
        None => Axis::uniform(header.first, header.last, place.points),
    };
    let Some(axis) = axis_or_skip(axis, (place.offset, "x"), noter)? else { return Ok(None) };
    let axis_unit = unit::axis_unit(header.x_type, &header.labels[0]);
    let values = header.y_values(place)?;
    let percent = matches!(header.y_type, 128 | 129) && is_percent(&values);
    let value_unit = unit::value_unit(header.y_type, &header.labels[1], percent);
    let mut other_fields = other_fields(header, &axis_unit);
    if header.multiple {
        other_fields.extend(z_of(header, place)?);
    }
    let draft = CurveDraft {
        name: header.memo.lines().next().unwrap_or_default().trim().to_owned(),
        kind: unit::kind(header.x_type, &axis_unit, header.y_type),
        axis,
        axis_unit,
        values,
        value_unit,
        acquisition: acquisition(header, place, noter)?,
        comments: header.memo.lines().skip(1).map(|line| line.trim().to_owned()).collect(),
        other_fields,
    };
    draft.into_record(place.offset, noter).map(Some)
}

fn acquisition(header: &Header<'_>, place: Place, noter: &Noter) -> Result<CurveAcquisition> {
    let added = header.bytes.u32(place.offset + 20, "subscan")?;
    Ok(CurveAcquisition {
        resolution_cm1: resolution_cm1(&header.resolution),
        scans: header.scans.or((!header.old && added > 0).then_some(added)),
        instrument: Some(header.source.clone()).filter(|source| !source.is_empty()),
        measured: header.measured.clone(),
        block: header.multiple.then(|| format!("page {}", noter.record)),
        ..CurveAcquisition::default()
    })
}

/// The number before `cm-1`, as in `4.0 CM-1`.
fn resolution_cm1(text: &str) -> Option<f64> {
    let lower = text.to_ascii_lowercase();
    parse_number(lower.split_once("cm")?.0).filter(|&resolution| resolution > 0.0)
}

fn other_fields(header: &Header<'_>, axis_unit: &AxisUnit) -> Vec<(String, String)> {
    let stated = if resolution_cm1(&header.resolution).is_some() { "" } else { header.resolution.as_str() };
    // The label of an axis is kept where its unit does not say it.
    let label = |label: &str, says: bool| if says { String::new() } else { label.to_owned() };
    let fields = [
        ("experiment", unit::experiment(header.experiment).to_owned()),
        ("method", header.method.clone()),
        ("resolution", stated.to_owned()),
        ("x label", label(&header.labels[0], matches!(axis_unit, AxisUnit::Other(_)))),
        ("y label", label(&header.labels[1], header.y_type == 0)),
    ];
    let stated = fields.into_iter().filter(|(_, value)| !value.is_empty());
    stated.map(|(name, value)| (name.to_owned(), value)).collect()
}

/// The third coordinate of a page, such as its time, and that of its plane.
fn z_of(header: &Header<'_>, place: Place) -> Result<Vec<(String, String)>> {
    let z = header.bytes.f32(place.offset + 4, "subtime")?;
    let name = unit::z_name(header.z_type, &header.labels[2]);
    let mut fields = vec![("z".to_owned(), format!("{z} {name}").trim_end().to_owned())];
    if header.planes {
        let w = header.bytes.f32(place.offset + 24, "subwlevel")?;
        fields.push(("w".to_owned(), w.to_string()));
    }
    Ok(fields)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_resolution_is_a_number_of_wavenumbers() {
        for (text, number) in [
            ("4.0 CM-1", Some(4.0)),
            ("8. cm-1", Some(8.0)),
            ("4cm-1", Some(4.0)),
            ("1.0 NM", None),
            ("", None),
        ] {
            assert_eq!(resolution_cm1(text), number, "{text}");
        }
    }
}
