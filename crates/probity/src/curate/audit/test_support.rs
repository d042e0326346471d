//! Small libraries for the tests of the checks.

use super::report::{AuditCode, AuditFinding};
use super::subject::{MolecularIon, UnitMass};
use crate::format::{Provenance, Record, RecordPlace};
use crate::library::{Entry, Library, LibraryScope};
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

/// A record of an infrared spectrum without bands.
pub(super) fn curve(name: &str, inchikey: &str, formula: &str) -> Record {
    let axis = (Axis::uniform(400.0, 4_000.0, 3).unwrap(), AxisUnit::Wavenumber);
    let values = (vec![0.1, 0.2, 0.1], ValueUnit::Absorbance);
    let curve = Curve::try_new(CurveKind::Spectrum, axis, values).unwrap();
    Record { spectrum: Spectrum::Curve(curve), ..record(name, inchikey, formula, &[]) }
}

pub(super) fn library(records: Vec<Record>) -> Library {
    Library::from_records("test", LibraryScope::Spectra, records).unwrap()
}

/// The codes that a check of single entries finds in a record.
pub(super) fn codes(check: fn(&Entry, &mut Vec<AuditFinding>), record: Record) -> Vec<AuditCode> {
    let library = library(vec![record]);
    let mut findings = Vec::new();
    check(library.at(0).unwrap(), &mut findings);
    findings.iter().map(|finding| finding.code).collect()
}

/// What a check of the molecular ion finds in a record that has a spectrum and a formula.
pub(super) fn of_ion(
    record: Record,
    check: impl Fn(&Entry, &UnitMass, &MolecularIon) -> Option<AuditFinding>,
) -> Option<AuditFinding> {
    let library = library(vec![record]);
    let entry = library.at(0).unwrap();
    let (Ok(spectrum), Ok(ion)) = (UnitMass::of(entry), MolecularIon::of(entry)) else {
        panic!("the record has no spectrum or no formula");
    };
    check(entry, &spectrum, &ion)
}
