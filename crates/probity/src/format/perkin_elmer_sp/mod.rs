//! PerkinElmer SP: blocks within blocks, each a code of two bytes, a size of four, and its content.
//!
//! A file begins with `PEPE` and a description of 40 bytes. A data set is a block of code 120 that holds members:
//! range, interval and number of points of the axis, labels, names and values. The codes are those of PerkinElmer's
//! own reader for MATLAB (Westlake 2007). No file was at hand to check this reader on.

mod member;

use super::bytes::Bytes;
use super::curve_draft::{CurveDraft, axis_or_skip, check_points, finish, is_percent};
use super::noter::Noter;
use super::unit_label;
use super::{Parsed, ReadOptions, Record};
use crate::error::{Error, Location, Result};
use crate::spectrum::{Axis, AxisUnit, CurveAcquisition, CurveKind, ValueUnit};
use member::DataSet;

/// How every file begins.
const MAGIC: &[u8] = b"PEPE";

/// Reads a PerkinElmer SP file: one record for each data set.
///
/// # Errors
/// `Malformed` with byte and field if the file does not begin as one, ends within a block, or holds no data set that
/// can be read, and where the reader is strict and something has to be repaired or left out; `Unsupported` for a file
/// without data sets of one dimension, such as an image; `LimitReached` beyond a limit of `options`.
pub fn read_perkin_elmer_sp(bytes: &[u8], options: &ReadOptions) -> Result<Parsed> {
    let mut noter = Noter::new(options);
    let bytes = Bytes::try_new(bytes, options)?;
    if !looks_like(bytes.slice(0, MAGIC.len(), "magic")?) {
        return Err(Error::malformed("the file does not begin with PEPE").at(Location::at_offset(0)));
    }
    let description = bytes.text(4, 40, "description")?;
    let sets = member::data_sets(bytes, &mut noter)?;
    if sets.is_empty() {
        let message = format!("the file holds no curve; it says \"{description}\"");
        return Err(Error::unsupported(message));
    }
    let mut records = Vec::new();
    for set in sets {
        noter.record += 1;
        records.extend(read_set(bytes, set, &mut noter)?);
    }
    finish(records, noter)
}

fn read_set(bytes: Bytes<'_>, set: DataSet, noter: &mut Noter) -> Result<Option<Record>> {
    let (Some((first, last)), Some((offset, there))) = (set.range, set.values) else {
        noter.record_skipped_at(set.offset, "", "the data set has no range or no values and was left out")?;
        return Ok(None);
    };
    let announced = set.points.unwrap_or(there);
    if announced != there {
        let message = format!("{announced} values are announced and {there} are there; these were read");
        noter.repaired_at(offset, "values", message)?;
    }
    if there == 0 {
        noter.record_skipped_at(offset, "values", "the data set has no point and was left out")?;
        return Ok(None);
    }
    check_points(there, (offset, "values"), noter)?;
    let (first, last) = direction((first, last), &set, noter)?;
    let axis = Axis::uniform(first, last, there);
    let Some(axis) = axis_or_skip(axis, (set.offset, "range"), noter)? else { return Ok(None) };
    let values = bytes.f64s(offset, there, "values")?;
    let axis_unit = unit_label::axis_unit(&set.x_label);
    let value_unit = in_per_cent(unit_label::value_unit(&set.y_label), &values);
    let kind = match (&axis_unit, &value_unit) {
        (AxisUnit::Other(_), _) => CurveKind::Other,
        (_, ValueUnit::Other(label)) if is_single_beam(label) => CurveKind::SingleBeam,
        _ => CurveKind::Spectrum,
    };
    let draft = CurveDraft {
        name: if set.alias.is_empty() { set.name.clone() } else { set.alias },
        kind,
        axis,
        axis_unit,
        values,
        value_unit,
        acquisition: CurveAcquisition::default(),
        comments: Vec::new(),
        other_fields: vec![("original name".to_owned(), set.name)]
            .into_iter()
            .filter(|(_, value)| !value.is_empty())
            .collect(),
    };
    draft.into_record(set.offset, noter).map(Some)
}

/// The ends of the axis in the order of the values: the interval says whether x rises or falls.
fn direction((first, last): (f64, f64), set: &DataSet, noter: &mut Noter) -> Result<(f64, f64)> {
    match set.interval {
        Some(interval) if interval.is_finite() && interval * (last - first) < 0.0 => {
            let message = format!(
                "the range is from {first} to {last} and the interval {interval}; its sign was followed"
            );
            noter.repaired_at(set.offset, "interval", message)?;
            Ok((last, first))
        }
        _ => Ok((first, last)),
    }
}

/// Whether a label names what a detector sees.
fn is_single_beam(label: &str) -> bool {
    let label = label.to_ascii_lowercase();
    ["single beam", "sb", "egy"].iter().any(|word| label == *word)
}

/// A ratio in per cent where its label does not say so but its values do.
fn in_per_cent(unit: ValueUnit, values: &[f64]) -> ValueUnit {
    match unit {
        ValueUnit::Transmittance if is_percent(values) => ValueUnit::PercentTransmittance,
        ValueUnit::Reflectance if is_percent(values) => ValueUnit::PercentReflectance,
        unit => unit,
    }
}

/// Whether a file begins like one.
pub(crate) fn looks_like(bytes: &[u8]) -> bool {
    bytes.starts_with(MAGIC)
}

#[cfg(test)]
mod tests;
