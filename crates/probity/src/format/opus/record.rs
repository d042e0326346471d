//! One record for each block of values.

use super::super::Record;
use super::super::bytes::Bytes;
use super::super::curve_draft::{CurveDraft, axis_or_skip, check_points, is_percent};
use super::super::noter::Noter;
use super::directory::Block;
use super::parameter::{Group, Parameters};
use crate::error::Result;
use crate::spectrum::{Axis, CurveAcquisition, CurveKind, InfraredTechnique};

/// Reads a block of values, with the block of its parameters and whether the file has a later form of it.
pub(super) fn read(
    bytes: Bytes<'_>,
    (block, status, superseded): (&Block, Option<&Block>, bool),
    parameters: &Parameters,
    noter: &mut Noter,
) -> Result<Option<Record>> {
    let mut name = block.kind.name();
    if superseded {
        name.push_str(" (original)");
    }
    let skip = |noter: &mut Noter, why: &str| {
        let message = format!("{name} {why}, so it was left out");
        noter.record_skipped_at(block.offset, "", message).map(|()| None)
    };
    if block.kind.is_series() {
        return skip(noter, "is a series of curves, which this version does not read");
    }
    let Some(status_block) = status else { return skip(noter, "has no parameters") };
    let status = Group::read(bytes, status_block, noter)?;
    let (Some(announced), Some(first), Some(last)) =
        (status.number("NPT"), status.number("FXV"), status.number("LXV"))
    else {
        return skip(noter, "does not state NPT, FXV and LXV");
    };
    if !(announced >= 1.0 && announced.fract() == 0.0) {
        return skip(noter, "states no number of points");
    }
    let points = points_of(block, announced, noter)?;
    let Some(values) = values(bytes, (block, &status, points), noter)? else {
        return skip(noter, "holds numbers of an unknown form");
    };
    let whole = Axis::uniform(first, last, announced as usize);
    let axis = whole.and_then(|whole| {
        if points as f64 == announced { Ok(whole) } else { part_of(first, last, (points, announced)) }
    });
    let Some(axis) = axis_or_skip(axis, (status_block.offset, "FXV"), noter)? else { return Ok(None) };
    let percent = block.kind.is_ratio() && is_percent(&values);
    let draft = CurveDraft {
        name: parameters.text(block, "SNM").unwrap_or_default(),
        kind: block.kind.curve_kind(),
        axis,
        axis_unit: block.kind.axis_unit(&status.text("DXU").unwrap_or_default()),
        values,
        value_unit: block.kind.value_unit(percent),
        acquisition: acquisition(block, &status, parameters, name),
        comments: Vec::new(),
        other_fields: transform_fields(block, parameters),
    };
    draft.into_record(block.offset, noter).map(Some)
}

/// The beginning of an axis of which not all points are there.
fn part_of(first: f64, last: f64, (points, announced): (usize, f64)) -> Result<Axis> {
    let step = if announced > 1.0 { (last - first) / (announced - 1.0) } else { 0.0 };
    Axis::uniform(first, first + (points as f64 - 1.0) * step, points)
}

/// The number of points: as announced, or as many as the block has room for. OPUS fills blocks up by a few numbers.
fn points_of(block: &Block, announced: f64, noter: &mut Noter) -> Result<usize> {
    let there = block.size / 4;
    if announced > there as f64 {
        let message = format!("{announced} values are announced and {there} are there; these were read");
        noter.repaired_at(block.offset, "NPT", message)?;
    } else if there as f64 >= 2.0 * announced && there as f64 > announced + 16.0 {
        let message = format!("{there} values are there and {announced} announced; the rest was left out");
        noter.skipped_at(block.offset, "NPT", message)?;
    }
    let points = announced.min(there as f64) as usize;
    check_points(points, (block.offset, "NPT"), noter)?;
    Ok(points)
}

/// The values times their factor; `None` for numbers of an unknown form.
fn values(
    bytes: Bytes<'_>,
    (block, status, points): (&Block, &Group, usize),
    noter: &mut Noter,
) -> Result<Option<Vec<f64>>> {
    let mut values = match status.number("DPF") {
        None | Some(1.0) => bytes.f32s(block.offset, points, "values")?,
        Some(2.0) => bytes.i32s(block.offset, points, "values")?.into_iter().map(f64::from).collect(),
        Some(_) => return Ok(None),
    };
    match status.number("CSF") {
        None | Some(1.0) => {}
        Some(0.0) => {
            noter.repaired_at(block.offset, "CSF", "the factor of the values is 0 and was taken as 1")?;
        }
        Some(factor) => values.iter_mut().for_each(|value| *value *= factor),
    }
    Ok(Some(values))
}

fn acquisition(block: &Block, status: &Group, parameters: &Parameters, name: String) -> CurveAcquisition {
    let scans = if block.kind.is_reference() { ["NSR", "NSS"] } else { ["NSS", "NSR"] };
    let scans = scans.iter().find_map(|name| parameters.number(block, name)).filter(|&scans| scans >= 1.0);
    let measured = [status.text("DAT"), status.text("TIM")];
    let measured: Vec<String> = measured.into_iter().flatten().collect();
    let accessory = parameters.text(block, "ACC");
    let is_atr = block.kind.is_atr() || accessory.as_deref().is_some_and(names_atr);
    CurveAcquisition {
        technique: is_atr.then_some(InfraredTechnique::AttenuatedTotalReflection),
        resolution_cm1: parameters.number(block, "RES").filter(|&resolution| resolution > 0.0),
        scans: scans.map(|scans| scans as u32),
        state: parameters.text(block, "SFM"),
        sampling: accessory,
        instrument: parameters.text(block, "INS"),
        measured: (!measured.is_empty()).then(|| measured.join(" ")),
        laser_wavenumber_cm1: parameters.number(block, "LWN").filter(|&laser| laser > 0.0),
        block: Some(name),
    }
}

/// The parameters by which an interferogram is transformed: mode, folding limit, undersampling, position of the central
/// peak, good points forward and backward, apodization, phase correction and its resolution, zero filling.
const TRANSFORM: [&str; 10] = ["AQM", "HFL", "SSP", "PKL", "GFW", "GBW", "APF", "PHZ", "PHR", "ZFF"];

fn transform_fields(block: &Block, parameters: &Parameters) -> Vec<(String, String)> {
    if block.kind.curve_kind() != CurveKind::Interferogram {
        return Vec::new();
    }
    let stated =
        TRANSFORM.iter().filter_map(|name| Some(((*name).to_owned(), parameters.text(block, name)?)));
    stated.collect()
}

/// Whether the name of an accessory has the word ATR.
fn names_atr(accessory: &str) -> bool {
    accessory.split(|c: char| !c.is_alphanumeric()).any(|word| word.eq_ignore_ascii_case("ATR"))
}
