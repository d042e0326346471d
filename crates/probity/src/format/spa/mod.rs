//! Thermo (Nicolet) OMNIC SPA, and SPG with several spectra.
//!
//! A file begins with `Spectral Data File`, has a title at byte 30, a time at 296 and from 304 on a directory of
//! sections of 16 bytes each: a key, and offset and size. Key 2 is the header of a spectrum and key 3 its values,
//! in pairs; 100 to 103 are the interferograms of sample and background that it was computed from; 4, 27 and 107
//! are texts. No description has been published: the layout was found from the bytes of public files, the codes of
//! units from what OMNIC shows for them, and the spacing of interferograms from the resolution that the files state.

mod header;
mod section;
mod text;

use super::bytes::Bytes;
use super::curve_draft::{CurveDraft, axis_or_skip, check_points, finish};
use super::noter::Noter;
use super::{Parsed, ReadOptions, Record};
use crate::error::{Error, Location, Result};
use crate::spectrum::{Axis, AxisUnit, CurveAcquisition, CurveKind, ValueUnit};
use header::Header;
use section::{Section, sections};
use text::Texts;

/// How every file begins.
const MAGIC: &[u8] = b"Spectral Data File";

/// Reads an OMNIC SPA or SPG file: its spectra, and the interferograms that the file keeps of sample and background, in
/// the order in which their values stand in the file.
///
/// The name is the title. The history and what is not read of the file stand among the other fields.
///
/// # Errors
/// `Malformed` with byte and field if the file does not begin as one, ends within its directory, or holds no
/// spectrum, and where the reader is strict and something has to be repaired or left out; `LimitReached` beyond a
/// limit of `options`.
pub fn read_spa(bytes: &[u8], options: &ReadOptions) -> Result<Parsed> {
    let mut noter = Noter::new(options);
    let bytes = Bytes::try_new(bytes, options)?;
    if !looks_like(bytes.slice(0, MAGIC.len(), "magic")?) {
        let message = "the file does not begin with \"Spectral Data File\"";
        return Err(Error::malformed(message).at(Location::at_offset(0)));
    }
    let sections = sections(bytes, &mut noter)?;
    let texts = Texts::read(bytes, &sections, &mut noter)?;
    let of_key = |key: u8| sections.iter().copied().filter(move |section| section.key == key);
    let mut curves = Vec::new();
    for (number, (header, values)) in of_key(2).zip(of_key(3)).enumerate() {
        curves.push((values, Stored::Spectrum(number, Header::read(bytes, header)?)));
    }
    let first_header = curves.iter().find_map(|(_, stored)| match stored {
        Stored::Spectrum(_, header) => Some(header.clone()),
        Stored::Interferogram(..) => None,
    });
    if first_header.is_some() {
        for (info, values, name) in
            [(100, 102, "sample interferogram"), (101, 103, "background interferogram")]
        {
            let pairs = of_key(info).zip(of_key(values));
            curves.extend(pairs.map(|(info, values)| (values, Stored::Interferogram(info, name))));
        }
    }
    let (headers, values) = (of_key(2).count(), of_key(3).count());
    if headers != values {
        let message =
            format!("{headers} headers stand beside {values} lists of values; as many as pair up were read");
        noter.repaired_at(section::DIRECTORY, "directory", message)?;
    }
    curves.sort_by_key(|(values, _)| values.offset);
    let mut records = Vec::new();
    for (values, stored) in curves {
        noter.record += 1;
        let record = match (stored, &first_header) {
            (Stored::Spectrum(number, header), _) => {
                read_spectrum(bytes, &header, values, (&texts, number), &mut noter)?
            }
            (Stored::Interferogram(info, name), Some(header)) => {
                read_interferogram(bytes, header, (info, values), (&texts, name), &mut noter)?
            }
            (Stored::Interferogram(..), None) => None,
        };
        records.extend(record);
    }
    finish(records, noter)
}

/// What a section of values holds.
enum Stored {
    /// A spectrum: its number in the file, and its header.
    Spectrum(usize, Header),
    /// An interferogram: the section that describes it, and which it is.
    Interferogram(Section, &'static str),
}

/// The values of a section: as many as announced, or as many as there are.
fn values_of(bytes: Bytes<'_>, values: Section, announced: usize, noter: &mut Noter) -> Result<Vec<f64>> {
    let there = values.size / 4;
    if announced > there {
        let message = format!("{announced} values are announced and {there} are there; these were read");
        noter.repaired_at(values.offset, "values", message)?;
    }
    let points = announced.min(there);
    check_points(points, (values.offset, "values"), noter)?;
    bytes.f32s(values.offset, points, "values")
}

fn read_spectrum(
    bytes: Bytes<'_>,
    header: &Header,
    section: Section,
    (texts, number): (&Texts, usize),
    noter: &mut Noter,
) -> Result<Option<Record>> {
    let values = values_of(bytes, section, header.points, noter)?;
    if values.is_empty() {
        noter.record_skipped_at(section.offset, "values", "the spectrum has no point and was left out")?;
        return Ok(None);
    }
    let kind = header.kind();
    let retardation =
        (kind == CurveKind::Interferogram).then(|| header.retardation(header.peak, values.len()));
    let (axis, axis_unit) = match retardation.flatten() {
        Some(axis) => (axis, AxisUnit::RetardationCm),
        None => (header.axis(values.len()), header.axis_unit()),
    };
    let Some(axis) = axis_or_skip(axis, (header.offset + 16, "first x"), noter)? else { return Ok(None) };
    let draft = CurveDraft {
        name: texts.title_of(number),
        kind,
        axis,
        axis_unit,
        values,
        value_unit: header.value_unit(),
        acquisition: CurveAcquisition {
            resolution_cm1: texts.resolution_cm1(),
            scans: header.scans(),
            measured: texts.measured_of(number),
            instrument: texts.instrument(),
            laser_wavenumber_cm1: header.laser(),
            ..CurveAcquisition::default()
        },
        comments: if number == 0 { texts.comments.clone() } else { Vec::new() },
        other_fields: if number == 0 { texts.other_fields() } else { Vec::new() },
    };
    draft.into_record(section.offset, noter).map(Some)
}

/// An interferogram that a spectrum was computed from. `info` states number of points, scans and the position of the
/// central peak.
fn read_interferogram(
    bytes: Bytes<'_>,
    header: &Header,
    (info, section): (Section, Section),
    (texts, name): (&Texts, &str),
    noter: &mut Noter,
) -> Result<Option<Record>> {
    let announced = bytes.size(info.offset, "points")?;
    let scans = bytes.u32(info.offset + 4, "scans")?;
    let peak = f64::from(bytes.f32(info.offset + 12, "central peak")?);
    let values = values_of(bytes, section, announced, noter)?;
    if values.is_empty() {
        noter.record_skipped_at(
            section.offset,
            "values",
            "the interferogram has no point and was left out",
        )?;
        return Ok(None);
    }
    let (axis, axis_unit) = match header.retardation(peak, values.len()) {
        Some(axis) => (axis, AxisUnit::RetardationCm),
        None => (Axis::uniform(0.0, values.len() as f64 - 1.0, values.len()), AxisUnit::Point),
    };
    let Some(axis) = axis_or_skip(axis, (info.offset, "central peak"), noter)? else { return Ok(None) };
    let draft = CurveDraft {
        name: texts.title_of(0),
        kind: CurveKind::Interferogram,
        axis,
        axis_unit,
        values,
        value_unit: ValueUnit::Arbitrary,
        acquisition: CurveAcquisition {
            scans: (scans > 0).then_some(scans),
            laser_wavenumber_cm1: header.laser(),
            block: Some(name.to_owned()),
            ..CurveAcquisition::default()
        },
        comments: Vec::new(),
        other_fields: Vec::new(),
    };
    draft.into_record(section.offset, noter).map(Some)
}

/// Whether a file begins like one.
pub(crate) fn looks_like(bytes: &[u8]) -> bool {
    bytes.starts_with(MAGIC)
}

#[cfg(test)]
mod tests;
