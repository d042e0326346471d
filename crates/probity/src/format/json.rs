//! Our own JSON: everything that a record holds.
//!
//! A list of spectra. Each states its `kind`, its name, `mz` and `intensity` as arrays of equal length in ascending m/z, their `units`, and
//! whatever else is known; keys stand in a fixed order and numbers in the shortest form that reads back
//! as the same number, so that equal records give equal bytes. A record of kind `curve` states instead its points
//! and values in the order of the file it was read from ([`curve`]).

mod curve;

use std::collections::BTreeMap;
use std::io::Write;

use serde::{Deserialize, Serialize};

use self::curve::JsonCurve;
use super::noter::Noter;
use super::peak_collector::PeakCollector;
use super::write_report::cannot_write;
use super::{Parsed, Provenance, ReadOptions, Record, RecordPlace, WriteReport};
use crate::error::{Error, ErrorKind, Location, Result};
use crate::spectrum::{Acquisition, MassSpectrum, Peak, Spectrum};
use crate::substance::{Form, Identity};

const MASS_SPECTRUM: &str = "mass_spectrum";
const CURVE: &str = "curve";

#[derive(Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct JsonSpectrum {
    kind: String,
    name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    mz: Option<Vec<f64>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    intensity: Option<Vec<f64>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    curve: Option<JsonCurve>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    units: Option<Units>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    annotations: Vec<JsonAnnotation>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    acquisition: Option<Acquisition>,
    #[serde(default)]
    identity: Identity,
    #[serde(default)]
    form: Form,
    #[serde(default)]
    provenance: Provenance,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    other_fields: Vec<(String, String)>,
}

/// The annotation of one peak, by the peak's position from 0.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct JsonAnnotation {
    peak: usize,
    text: String,
}

/// Units by the name of the number.
#[derive(Serialize, Deserialize, PartialEq)]
#[serde(deny_unknown_fields)]
struct Units {
    mz: String,
    intensity: String,
    retention_time_s: String,
    mass: String,
}

impl Default for Units {
    fn default() -> Self {
        Self {
            mz: "m/z".to_owned(),
            intensity: "arbitrary".to_owned(),
            retention_time_s: "s".to_owned(),
            mass: "Da".to_owned(),
        }
    }
}

/// Writes records as JSON. Where a record stood in its file is not written; numbers that are not finite
/// are left out and counted.
///
/// # Errors
/// `Io` if the sink fails.
pub fn write_json(records: &[Record], sink: &mut impl Write) -> Result<WriteReport> {
    let mut report = WriteReport::default();
    sink.write_all(b"[").map_err(cannot_write)?;
    for record in records {
        let written = as_json(record, &mut report);
        let text = serde_json::to_string(&written)
            .map_err(|error| Error::new(ErrorKind::Io, format!("cannot write JSON: {error}")))?;
        let separator = if report.records_written == 0 { "\n" } else { ",\n" };
        sink.write_all(separator.as_bytes()).map_err(cannot_write)?;
        sink.write_all(text.as_bytes()).map_err(cannot_write)?;
        report.records_written += 1;
    }
    sink.write_all(b"\n]\n").map_err(cannot_write)?;
    Ok(report)
}

fn as_json(record: &Record, report: &mut WriteReport) -> JsonSpectrum {
    let mut identity = record.identity.clone();
    for (field, number) in
        [("molecular_mass", &mut identity.molecular_mass), ("exact_mass", &mut identity.exact_mass)]
    {
        *number = number.filter(|&number| report.number(field, number).is_some());
    }
    let json = JsonSpectrum {
        name: record.name.clone(),
        identity,
        form: record.form.clone(),
        provenance: record.provenance.clone(),
        other_fields: record.other_fields.clone(),
        ..JsonSpectrum::default()
    };
    match &record.spectrum {
        Spectrum::Mass(spectrum) => json.with_mass_spectrum(spectrum, report),
        Spectrum::Curve(curve) => {
            JsonSpectrum { kind: CURVE.to_owned(), curve: Some(JsonCurve::of(curve)), ..json }
        }
    }
}

impl JsonSpectrum {
    fn with_mass_spectrum(self, spectrum: &MassSpectrum, report: &mut WriteReport) -> Self {
        let mut acquisition = spectrum.acquisition.clone();
        for (field, number) in [
            ("precursor_mz", &mut acquisition.precursor_mz),
            ("retention_time_s", &mut acquisition.retention_time_s),
            ("retention_index", &mut acquisition.retention_index),
        ] {
            *number = number.filter(|&number| report.number(field, number).is_some());
        }
        acquisition.scan_range_mz = acquisition.scan_range_mz.filter(|&(first, last)| {
            report.number("scan_range_mz", first).is_some() && report.number("scan_range_mz", last).is_some()
        });
        let annotations =
            spectrum.annotations.iter().map(|(&peak, text)| JsonAnnotation { peak, text: text.clone() });
        Self {
            kind: MASS_SPECTRUM.to_owned(),
            mz: Some(spectrum.peaks.mz().to_vec()),
            intensity: Some(spectrum.peaks.intensity().to_vec()),
            units: Some(Units::default()),
            annotations: annotations.collect(),
            acquisition: Some(acquisition),
            ..self
        }
    }
}

/// Reads what [`write_json`] writes. Records count from 1; they have no line of their own.
///
/// # Errors
/// `Malformed` for text that is not of this form, with its line, or a curve whose points are not those of its values; `Unsupported` for spectra of another kind or in other units; `LimitReached` beyond a limit.
/// Where the reader is strict, a peak that cannot be is `Malformed`.
pub fn read_json(bytes: &[u8], options: &ReadOptions) -> Result<Parsed> {
    let mut noter = Noter::new(options);
    let text = super::text::decode(bytes, options, &mut noter.report)?;
    let spectra: Vec<JsonSpectrum> = serde_json::from_str(&text).map_err(|error| malformed(&error))?;
    let mut records = Vec::new();
    for spectrum in spectra {
        noter.record += 1;
        noter.record_read(0)?;
        records.push(from_json(spectrum, &mut noter)?);
    }
    Ok(Parsed { records, report: noter.report })
}

fn malformed(error: &serde_json::Error) -> Error {
    let place = Location::at_line(error.line() as u64);
    Error::malformed(format!("the JSON cannot be read: {error}")).at(place)
}

fn from_json(mut json: JsonSpectrum, noter: &mut Noter) -> Result<Record> {
    let place = noter.at(0);
    let spectrum = match json.kind.as_str() {
        MASS_SPECTRUM => Spectrum::Mass(mass_spectrum(&mut json, noter)?),
        CURVE => {
            let is_of_peaks = json.mz.is_some()
                || json.intensity.is_some()
                || json.units.is_some()
                || json.acquisition.is_some()
                || !json.annotations.is_empty();
            match json.curve {
                Some(curve) if !is_of_peaks => {
                    Spectrum::Curve(curve.into_curve().map_err(|error| error.at(place.at_field("curve")))?)
                }
                _ => {
                    let message = "a record of kind \"curve\" has a curve, and no peaks";
                    return Err(Error::malformed(message).at(place.at_field("curve")));
                }
            }
        }
        kind => {
            let message = format!("a spectrum of kind \"{kind}\" is not read by this version");
            return Err(Error::unsupported(message).at(place.at_field("kind")));
        }
    };
    Ok(Record {
        name: json.name,
        identity: json.identity,
        form: json.form,
        spectrum,
        provenance: json.provenance,
        other_fields: json.other_fields,
        place: RecordPlace { record: noter.record, line: 0 },
    })
}

fn mass_spectrum(json: &mut JsonSpectrum, noter: &mut Noter) -> Result<MassSpectrum> {
    let place = noter.at(0);
    if json.units.take().is_some_and(|units| units != Units::default()) {
        return Err(Error::unsupported("the spectrum is in other units").at(place.at_field("units")));
    }
    let (Some(mz), Some(intensity), None) = (json.mz.take(), json.intensity.take(), &json.curve) else {
        let message = "a mass spectrum has mz and intensity, and no curve";
        return Err(Error::malformed(message).at(place.at_field("mz")));
    };
    if mz.len() != intensity.len() {
        let message = format!("{} m/z values but {} intensities", mz.len(), intensity.len());
        return Err(Error::malformed(message).at(place.at_field("mz")));
    }
    let mut texts: BTreeMap<usize, String> = BTreeMap::new();
    for annotation in std::mem::take(&mut json.annotations) {
        if annotation.peak >= mz.len() {
            noter.ignored(0, "annotations", format!("there is no peak {} to annotate", annotation.peak))?;
        } else if texts.insert(annotation.peak, annotation.text).is_some() {
            noter.ignored(0, "annotations", "a peak has two annotations; the last was kept")?;
        }
    }
    let mut peaks = PeakCollector::default();
    for (index, (mz, intensity)) in mz.into_iter().zip(intensity).enumerate() {
        let place = noter.at(0).at_field("mz");
        let text = texts.remove(&index);
        peaks.push(Peak { mz, intensity }, text, place, noter.options, &mut noter.report)?;
    }
    let (peaks, annotations) = peaks.finish();
    Ok(MassSpectrum { peaks, annotations, acquisition: json.acquisition.take().unwrap_or_default() })
}

/// Whether the beginning of a text looks like our JSON.
pub(crate) fn looks_like(head: &str) -> bool {
    head.trim_start().strip_prefix('[').is_some_and(|list| {
        list.trim_start().starts_with('{')
            && head.contains("\"kind\"")
            && [MASS_SPECTRUM, CURVE].iter().any(|kind| head.contains(kind))
    })
}

#[cfg(test)]
mod tests;
