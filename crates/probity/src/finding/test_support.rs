//! Small libraries for the tests of findings.

use std::sync::Arc;

use crate::finding::Finding;
use crate::format::{Provenance, Record, RecordPlace};
use crate::library::{Library, LibraryScope};
use crate::search::{Executor, Method, Query, SearchOptions, Searcher};
use crate::spectrum::{
    Acquisition, Axis, AxisUnit, Curve, CurveKind, MassSpectrum, PeakList, Spectrum, Technique, ValueUnit,
};
use crate::substance::{Form, Identity};

/// A record of electron ionization; empty texts stand for what is not stated.
pub(super) fn record(name: &str, inchikey: &str, formula: &str, peaks: &[(f64, f64)]) -> Record {
    let stated = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    let (mz, intensity) = peaks.iter().copied().unzip();
    Record {
        name: name.to_owned(),
        identity: Identity { inchikey: stated(inchikey), formula: stated(formula), ..Identity::default() },
        form: Form::default(),
        spectrum: Spectrum::Mass(MassSpectrum {
            peaks: PeakList::try_new(mz, intensity).unwrap(),
            acquisition: Acquisition {
                technique: Some(Technique::ElectronIonization),
                ..Acquisition::default()
            },
            ..MassSpectrum::default()
        }),
        provenance: Provenance::default(),
        other_fields: Vec::new(),
        place: RecordPlace::default(),
    }
}

/// A record of an infrared spectrum from 400 to 4,000 cm⁻¹ in steps of 2.
pub(super) fn infrared(name: &str, value: impl Fn(f64) -> f64) -> Record {
    let axis = Axis::uniform(400.0, 4_000.0, 1_801).unwrap();
    let values = axis.points().into_iter().map(value).collect();
    let axis = (axis, AxisUnit::Wavenumber);
    let curve = Curve::try_new(CurveKind::Spectrum, axis, (values, ValueUnit::Absorbance)).unwrap();
    Record { spectrum: Spectrum::Curve(curve), ..record(name, "", "", &[]) }
}

pub(super) fn derivative(mut record: Record, derivative: &str) -> Record {
    record.form.derivative = Some(derivative.to_owned());
    record
}

pub(super) fn library(records: Vec<Record>) -> Library {
    Library::from_records("test", LibraryScope::Spectra, records).unwrap()
}

pub(super) fn finding(method: &str, records: Vec<Record>, query: Record, top: usize) -> Finding {
    finding_by(Method::named(method).unwrap(), records, query, top)
}

pub(super) fn finding_by(method: Method, records: Vec<Record>, query: Record, top: usize) -> Finding {
    let executor = Arc::new(Executor::new(1).unwrap());
    let searcher = Searcher::new(Arc::new(library(records)), method, executor).unwrap();
    Finding::of(&searcher, &Query::from_record(query), &SearchOptions::default().top(top)).unwrap()
}
