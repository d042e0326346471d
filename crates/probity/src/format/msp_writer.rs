//! Writes NIST-style MSP.
//!
//! The keys are those that NIST's Lib2NIST reads (summary of the NIST MS Search manual: `Name` first and
//! not empty, `Synon` repeated, `CAS#` and `NIST#`, `Num Peaks` last, then the peaks), followed by keys
//! for what NIST has no place for; programs that do not know a key pass over it.

use std::io::Write;

use super::write_report::cannot_write;
use super::{Record, WriteReport};
use crate::error::{Error, Location, Result};
use crate::spectrum::{Acquisition, MassSpectrum, Polarity, Technique};

/// Keys that this writer or a reader gives a meaning, in lower case; another field may not use them.
const OWN_KEYS: [&str; 33] = [
    "name",
    "synon",
    "inchikey",
    "inchi",
    "smiles",
    "formula",
    "mw",
    "exactmass",
    "cas#",
    "casno",
    "nist#",
    "derivative",
    "class",
    "retention_index",
    "retention_time",
    "precursormz",
    "precursor_type",
    "charge",
    "collision_energy",
    "fragmentation_mode",
    "ionization",
    "instrument",
    "instrument_type",
    "ion_mode",
    "spectrum_type",
    "db#",
    "source",
    "contributor",
    "licence",
    "splash",
    "comments",
    "scan_range",
    "num peaks",
];

/// Writes records as MSP: one peak a line, `m/z intensity` and an annotation in double quotes; numbers in
/// the shortest form that reads back as the same number; an empty line after each record. A retention
/// time is written in seconds with its unit. Several comments are joined with `; `.
///
/// # Errors
/// `Unsupported` for a record that is no mass spectrum; `Io` if the sink fails.
pub fn write_msp(records: &[Record], sink: &mut impl Write) -> Result<WriteReport> {
    let mut report = WriteReport::default();
    for record in records {
        let spectrum = record.spectrum.as_mass().ok_or_else(|| {
            Error::unsupported("an MSP record holds a mass spectrum only")
                .at(Location::default().in_record(report.records_written + 1))
        })?;
        let mut page = Page { text: String::new(), report: &mut report };
        page.identity(record);
        page.acquisition(&spectrum.acquisition);
        page.provenance(record);
        page.other_fields(&record.other_fields);
        page.peaks(spectrum);
        sink.write_all(page.text.as_bytes()).map_err(cannot_write)?;
        report.records_written += 1;
    }
    Ok(report)
}

/// One record being written.
struct Page<'a> {
    text: String,
    report: &'a mut WriteReport,
}

impl Page<'_> {
    fn raw(&mut self, key: &str, value: &str) {
        self.text.push_str(&format!("{key}: {value}\n"));
    }

    fn field(&mut self, key: &str, value: Option<&str>) {
        if let Some(line) = value.and_then(|value| self.report.one_line(key, value)) {
            self.raw(key, &line);
        }
    }

    fn number(&mut self, key: &str, value: Option<f64>) {
        if let Some(number) = value.and_then(|value| self.report.number(key, value)) {
            self.raw(key, &number);
        }
    }

    fn identity(&mut self, record: &Record) {
        let name = Some(record.name.trim()).filter(|name| !name.is_empty());
        if name.is_none() {
            self.report
                .altered("Name", "the format wants a name; the accession or \"(no name)\" was written");
        }
        let accession = record.provenance.accession.as_deref().map(str::trim).filter(|text| !text.is_empty());
        self.field("Name", name.map(|_| record.name.as_str()).or(accession).or(Some("(no name)")));
        let identity = &record.identity;
        for synonym in &identity.synonyms {
            self.field("Synon", Some(synonym));
        }
        self.field("InChIKey", identity.inchikey.as_deref());
        self.field("InChI", identity.inchi.as_deref());
        self.field("SMILES", identity.smiles.as_deref());
        self.field("Formula", identity.formula.as_deref());
        self.number("MW", identity.molecular_mass);
        self.number("ExactMass", identity.exact_mass);
        for number in &identity.cas_numbers {
            self.field("CAS#", Some(number));
        }
        self.field("NIST#", record.provenance.nist_number.as_deref());
        self.field("Derivative", record.form.derivative.as_deref());
        self.field("Class", identity.class.as_deref());
    }

    fn acquisition(&mut self, acquisition: &Acquisition) {
        self.number("Retention_index", acquisition.retention_index);
        let time = acquisition.retention_time_s.and_then(|time| self.report.number("Retention_time", time));
        if let Some(time) = time {
            self.raw("Retention_time", &format!("{time} s"));
        }
        self.number("PrecursorMZ", acquisition.precursor_mz);
        self.field("Precursor_type", acquisition.precursor_type.as_deref());
        if let Some(charge) = acquisition.charge {
            self.raw("Charge", &charge.to_string());
        }
        self.field("Collision_energy", acquisition.collision_energy.as_deref());
        self.field("Fragmentation_mode", acquisition.fragmentation_mode.as_deref());
        self.field("Ionization", acquisition.ionization.as_deref());
        self.field("Instrument", acquisition.instrument.as_deref());
        self.field("Instrument_type", acquisition.instrument_type.as_deref());
        let mode = acquisition.polarity.map(|polarity| match polarity {
            Polarity::Positive => "P",
            Polarity::Negative => "N",
        });
        self.field("Ion_mode", mode);
        self.field("Spectrum_type", spectrum_type(acquisition).as_deref());
        if let Some((first, last)) = acquisition.scan_range_mz {
            let key = "Scan_range";
            if let (Some(first), Some(last)) = (self.report.number(key, first), self.report.number(key, last))
            {
                self.raw(key, &format!("{first}-{last}"));
            }
        }
    }

    fn provenance(&mut self, record: &Record) {
        let provenance = &record.provenance;
        self.field("DB#", provenance.accession.as_deref());
        self.field("Source", provenance.source.as_deref());
        self.field("Contributor", provenance.contributor.as_deref());
        self.field("Licence", provenance.licence.as_deref());
        self.field("Splash", provenance.splash.as_deref());
        if provenance.comments.len() > 1 {
            self.report.altered("Comments", "the format has one comment; several were joined with \"; \"");
        }
        if !provenance.comments.is_empty() {
            self.field("Comments", Some(&provenance.comments.join("; ")));
        }
    }

    /// Fields whose key no reader takes for another: no key of its own, no `:` that would end it early.
    fn other_fields(&mut self, fields: &[(String, String)]) {
        for (key, value) in fields {
            let head = key.split(':').next().unwrap_or_default().trim().to_lowercase();
            let begins = key.bytes().next().is_some_and(|byte| byte.is_ascii_alphabetic());
            if !begins || OWN_KEYS.contains(&head.as_str()) || key.chars().any(char::is_control) {
                self.report.omitted(key, "the key cannot be told from one of the format's own");
                continue;
            }
            if key.contains(':') {
                self.report.altered(key, "the key holds a colon; what follows it reads back as value");
            }
            self.field(key, Some(value));
        }
    }

    fn peaks(&mut self, spectrum: &MassSpectrum) {
        self.raw("Num Peaks", &spectrum.peaks.len().to_string());
        for (index, peak) in spectrum.peaks.iter().enumerate() {
            self.text.push_str(&format!("{} {}", peak.mz, peak.intensity));
            let annotation = spectrum.annotations.get(&index);
            if let Some(mut line) = annotation.and_then(|text| self.report.one_line("Num Peaks", text)) {
                if line.contains('"') {
                    self.report.altered("Num Peaks", "a double quote in an annotation became a single one");
                    line = line.replace('"', "'");
                }
                self.text.push_str(&format!(" \"{line}\""));
            }
            self.text.push('\n');
        }
        self.text.push('\n');
    }
}

/// `EI`, `MS2`, `MS1 in-source CID` and the like.
fn spectrum_type(acquisition: &Acquisition) -> Option<String> {
    match (acquisition.technique, acquisition.ms_level) {
        (Some(Technique::ElectronIonization), _) => Some("EI".to_owned()),
        (Some(Technique::InSourceCid), _) => Some("MS1 in-source CID".to_owned()),
        (_, Some(level)) => Some(format!("MS{level}")),
        (Some(Technique::TandemMassSpectrometry), None) => Some("MS2".to_owned()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::{Provenance, RecordPlace};
    use crate::spectrum::{PeakList, Spectrum};
    use crate::substance::{Form, Identity};

    fn record() -> Record {
        Record {
            name: "invented\namine".to_owned(),
            identity: Identity {
                synonyms: vec!["first".to_owned(), "second".to_owned()],
                formula: Some("C10H15N".to_owned()),
                molecular_mass: Some(149.0),
                exact_mass: Some(149.1204),
                cas_numbers: vec!["00-00-0".to_owned()],
                ..Identity::default()
            },
            form: Form { derivative: Some("1 TMS".to_owned()) },
            spectrum: Spectrum::Mass(MassSpectrum {
                peaks: PeakList::try_new(vec![58.0, 91.054_2], vec![1e9, 0.1]).unwrap(),
                annotations: [(1, "C7H7+ \"tropylium\"".to_owned())].into(),
                acquisition: Acquisition {
                    technique: Some(Technique::ElectronIonization),
                    polarity: Some(Polarity::Positive),
                    retention_time_s: Some(378.25),
                    precursor_mz: Some(f64::NAN),
                    charge: Some(-1),
                    ..Acquisition::default()
                },
            }),
            provenance: Provenance {
                accession: Some("X-1".to_owned()),
                comments: vec!["one".to_owned(), "two".to_owned()],
                ..Provenance::default()
            },
            other_fields: vec![
                ("SCANS".to_owned(), "17".to_owned()),
                ("AC$MASS_SPECTROMETRY: RESOLUTION".to_owned(), "17500".to_owned()),
                ("Num Peaks".to_owned(), "3".to_owned()),
            ],
            place: RecordPlace::default(),
        }
    }

    #[test]
    fn a_record_is_written_line_by_line_and_what_changed_is_counted() {
        let mut sink = Vec::new();
        let report = write_msp(&[record(), record()], &mut sink).unwrap();
        let text = String::from_utf8(sink).unwrap();
        let expected = "Name: invented amine\nSynon: first\nSynon: second\nFormula: C10H15N\nMW: 149\n\
            ExactMass: 149.1204\nCAS#: 00-00-0\nDerivative: 1 TMS\nRetention_time: 378.25 s\nCharge: -1\n\
            Ion_mode: P\nSpectrum_type: EI\nDB#: X-1\nComments: one; two\nSCANS: 17\n\
            AC$MASS_SPECTROMETRY: RESOLUTION: 17500\nNum Peaks: 2\n58 1000000000\n\
            91.0542 0.1 \"C7H7+ 'tropylium'\"\n\n";
        assert_eq!(text, format!("{expected}{expected}"));
        assert_eq!(report.records_written, 2);
        // Each: name, two comments, key with a colon, quotes; the precursor and the reserved key.
        assert_eq!((report.values_altered, report.values_omitted), (8, 4));
        assert_eq!(report.notices[0].field, "Name");
        assert_eq!(report.notices.last().unwrap().record, 2);
    }

    #[test]
    fn a_nameless_record_gets_a_name_and_a_full_disk_is_an_error() {
        struct Full;
        impl Write for Full {
            fn write(&mut self, _: &[u8]) -> std::io::Result<usize> {
                Err(std::io::Error::other("no space left"))
            }
            fn flush(&mut self) -> std::io::Result<()> {
                Ok(())
            }
        }
        let mut nameless = record();
        nameless.name = "  ".to_owned();
        let mut sink = Vec::new();
        write_msp(std::slice::from_ref(&nameless), &mut sink).unwrap();
        assert!(sink.starts_with(b"Name: X-1\n"));
        let error = write_msp(&[nameless], &mut Full).unwrap_err();
        assert_eq!(error.kind(), crate::ErrorKind::Io);
    }
}
