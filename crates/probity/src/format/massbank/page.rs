//! The text of one MassBank record.

use super::title::{composed, level_text};
use super::{ANNOTATION_COLUMNS, UNMATCHED_ANNOTATION};
use crate::format::field_value::technique;
use crate::format::{Record, WriteReport, splash};
use crate::spectrum::{MassSpectrum, Polarity};

/// Tags without a place of their own that stand before the chemical information.
const RECORD_TAGS: [&str; 3] = ["COPYRIGHT", "PUBLICATION", "PROJECT"];
/// What stands for a required value that the record does not have.
const ABSENT: &str = "N/A";

/// One record being written.
pub(super) struct Page<'a> {
    record: &'a Record,
    spectrum: &'a MassSpectrum,
    text: String,
    report: &'a mut WriteReport,
}

impl<'a> Page<'a> {
    pub(super) fn new(record: &'a Record, spectrum: &'a MassSpectrum, report: &'a mut WriteReport) -> Self {
        Self { record, spectrum, text: String::new(), report }
    }

    /// The record's text in the order of section 2 of the format.
    pub(super) fn write(mut self, accession: &str) -> String {
        self.record_fields(accession);
        self.chemical_fields();
        self.analytical_fields();
        self.ion_fields();
        self.peak_fields();
        self.what_has_no_place();
        self.text
    }

    fn raw(&mut self, key: &str, value: &str) {
        // A subtag is followed by a blank, a tag by a colon.
        let separator = if key.contains(": ") { " " } else { ": " };
        self.text.push_str(key);
        self.text.push_str(separator);
        self.text.push_str(value);
        self.text.push('\n');
    }

    fn optional(&mut self, key: &str, value: Option<&str>) -> bool {
        let line = value.and_then(|value| self.report.one_line(key, value));
        if let Some(line) = &line {
            self.raw(key, line);
        }
        line.is_some()
    }

    fn required(&mut self, key: &str, value: Option<&str>) {
        if !self.optional(key, value) {
            self.raw(key, ABSENT);
        }
    }

    fn number(&mut self, value: Option<f64>, key: &str, unit: &str) -> bool {
        let number = value.and_then(|value| self.report.number(key, value));
        if let Some(number) = &number {
            self.raw(key, &format!("{number}{unit}"));
        }
        number.is_some()
    }

    /// The other fields whose key satisfies the condition.
    fn others(&mut self, belongs: impl Fn(&str) -> bool) {
        let record = self.record;
        for (key, value) in record.other_fields.iter().filter(|(key, _)| belongs(key)) {
            self.optional(key, Some(value));
        }
    }

    fn record_fields(&mut self, accession: &str) {
        let record = self.record;
        let stated = |key: &str| {
            record.other_fields.iter().find(|(name, _)| name == key).map(|(_, value)| value.as_str())
        };
        self.required("ACCESSION", Some(accession));
        self.required("RECORD_TITLE", stated("RECORD_TITLE").or(Some(&composed(record))));
        self.required("DATE", stated("DATE"));
        self.required("AUTHORS", record.provenance.contributor.as_deref());
        self.required("LICENSE", record.provenance.licence.as_deref());
        self.others(|key| RECORD_TAGS.contains(&key));
        for comment in &record.provenance.comments {
            self.optional("COMMENT", Some(comment));
        }
        for (key, value) in record.other_fields.iter().filter(|(key, _)| !is_massbank_key(key)) {
            self.report.altered(key, "the format has no such field; it was written as a comment");
            self.optional("COMMENT", Some(&format!("{key}: {value}")));
        }
    }

    fn chemical_fields(&mut self) {
        let record = self.record;
        let identity = &record.identity;
        self.required("CH$NAME", Some(&record.name));
        for synonym in &identity.synonyms {
            self.optional("CH$NAME", Some(synonym));
        }
        self.required("CH$COMPOUND_CLASS", identity.class.as_deref());
        self.required("CH$FORMULA", identity.formula.as_deref());
        if !self.number(identity.exact_mass, "CH$EXACT_MASS", "") {
            self.raw("CH$EXACT_MASS", ABSENT);
        }
        self.required("CH$SMILES", identity.smiles.as_deref());
        self.required("CH$IUPAC", identity.inchi.as_deref());
        if !identity.cas_numbers.is_empty() {
            self.optional("CH$LINK: CAS", Some(&identity.cas_numbers.join(" ")));
        }
        self.optional("CH$LINK: INCHIKEY", identity.inchikey.as_deref());
        self.others(|key| key.starts_with("CH$"));
        self.others(|key| key.starts_with("SP$"));
    }

    fn analytical_fields(&mut self) {
        let acquisition = &self.spectrum.acquisition;
        self.required("AC$INSTRUMENT", acquisition.instrument.as_deref());
        self.required("AC$INSTRUMENT_TYPE", acquisition.instrument_type.as_deref());
        let level = acquisition.ms_level.map(level_text);
        self.required("AC$MASS_SPECTROMETRY: MS_TYPE", level.as_deref());
        let polarity = acquisition.polarity.map(|polarity| match polarity {
            Polarity::Positive => "POSITIVE",
            Polarity::Negative => "NEGATIVE",
        });
        self.required("AC$MASS_SPECTROMETRY: ION_MODE", polarity);
        self.optional("AC$MASS_SPECTROMETRY: COLLISION_ENERGY", acquisition.collision_energy.as_deref());
        self.optional("AC$MASS_SPECTROMETRY: FRAGMENTATION_MODE", acquisition.fragmentation_mode.as_deref());
        self.optional("AC$MASS_SPECTROMETRY: IONIZATION", acquisition.ionization.as_deref());
        if let Some((first, last)) = acquisition.scan_range_mz {
            let key = "AC$MASS_SPECTROMETRY: MASS_RANGE_M/Z";
            if let (Some(first), Some(last)) = (self.report.number(key, first), self.report.number(key, last))
            {
                self.raw(key, &format!("{first}-{last}"));
            }
        }
        self.others(|key| key.starts_with("AC$MASS_SPECTROMETRY"));
        self.number(acquisition.retention_index, "AC$CHROMATOGRAPHY: RETENTION_INDEX", "");
        self.number(acquisition.retention_time_s, "AC$CHROMATOGRAPHY: RETENTION_TIME", " s");
        self.others(|key| key.starts_with("AC$") && !key.starts_with("AC$MASS_SPECTROMETRY"));
    }

    fn ion_fields(&mut self) {
        let acquisition = &self.spectrum.acquisition;
        self.optional("MS$FOCUSED_ION: DERIVATIVE_TYPE", self.record.form.derivative.as_deref());
        let chain = "MS$FOCUSED_ION: PRECURSOR_M/Z";
        // A chain of precursors, kept as text, already says the last of them.
        let has_chain =
            self.record.other_fields.iter().any(|(key, value)| key == chain && value.contains('/'));
        if !has_chain {
            self.number(acquisition.precursor_mz, chain, "");
        }
        self.optional("MS$FOCUSED_ION: PRECURSOR_TYPE", acquisition.precursor_type.as_deref());
        self.others(|key| key.starts_with("MS$"));
    }

    fn peak_fields(&mut self) {
        let spectrum = self.spectrum;
        let computed = splash(&spectrum.peaks);
        let published = self.record.provenance.splash.as_deref();
        if computed.is_some() && published.is_some() && computed.as_deref() != published {
            self.report
                .altered("PK$SPLASH", "the published SPLASH is not that of these peaks and was replaced");
        }
        self.required("PK$SPLASH", computed.as_deref().or(published));
        self.annotation_block();
        self.raw("PK$NUM_PEAK", &spectrum.peaks.len().to_string());
        self.text.push_str("PK$PEAK: m/z int. rel.int.\n");
        let base = spectrum.peaks.base_peak().map_or(0.0, |peak| peak.intensity);
        for peak in spectrum.peaks.iter() {
            let relative = if base > 0.0 { (999.0 * (peak.intensity / base) + 0.5).floor() } else { 0.0 };
            self.text.push_str(&format!("  {} {} {relative}\n", peak.mz, peak.intensity));
        }
        self.text.push_str("//\n");
    }

    fn annotation_block(&mut self) {
        let record = self.record;
        let kept = |wanted: &'static str| {
            record.other_fields.iter().filter(move |(key, _)| key == wanted).map(|(_, value)| value)
        };
        let columns = kept("PK$ANNOTATION").next();
        if columns.is_none()
            && self.spectrum.annotations.is_empty()
            && kept(UNMATCHED_ANNOTATION).next().is_none()
        {
            return;
        }
        self.required("PK$ANNOTATION", Some(columns.map_or(ANNOTATION_COLUMNS, String::as_str)));
        let mz = self.spectrum.peaks.mz();
        for (&index, text) in &self.spectrum.annotations {
            let Some(&at) = mz.get(index) else {
                self.report.omitted("PK$ANNOTATION", "the annotation is of no peak and was left out");
                continue;
            };
            let neighbours = [index.checked_sub(1), index.checked_add(1)];
            if neighbours.into_iter().flatten().any(|other| mz.get(other) == Some(&at)) {
                self.report.altered("PK$ANNOTATION", "several peaks have the m/z of this annotation");
            }
            if let Some(line) = self.report.one_line("PK$ANNOTATION", text) {
                self.text.push_str(&format!("  {at} {line}\n"));
            }
        }
        for line in kept(UNMATCHED_ANNOTATION) {
            if let Some(line) = self.report.one_line("PK$ANNOTATION", line) {
                self.text.push_str(&format!("  {line}\n"));
            }
        }
    }

    /// Counts what the format cannot say.
    fn what_has_no_place(&mut self) {
        let (record, acquisition) = (self.record, &self.spectrum.acquisition);
        let derived = technique(
            acquisition.ms_level,
            acquisition.instrument_type.as_deref(),
            acquisition.ionization.as_deref(),
        );
        for (field, is_lost) in [
            ("technique", acquisition.technique.is_some() && acquisition.technique != derived),
            ("charge", acquisition.charge.is_some()),
            ("molecular mass", record.identity.molecular_mass.is_some()),
            ("NIST number", record.provenance.nist_number.is_some()),
            ("source", record.provenance.source.as_deref().is_some_and(|source| source != "MassBank")),
        ] {
            if is_lost {
                self.report.omitted(field, "the format has no place for it");
            }
        }
    }
}

/// Whether the key is a tag, or a tag and a subtag, that this writer puts in its place.
fn is_massbank_key(key: &str) -> bool {
    let is_word = |word: &str, extra: &[u8]| {
        !word.is_empty() && word.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || extra.contains(&b))
    };
    if ["RECORD_TITLE", "DATE", "PK$ANNOTATION", UNMATCHED_ANNOTATION].contains(&key)
        || RECORD_TAGS.contains(&key)
    {
        return true;
    }
    let (tag, subtag) = key.split_once(": ").map_or((key, None), |(tag, subtag)| (tag, Some(subtag)));
    let grouped = ["CH$", "SP$", "AC$", "MS$"]
        .iter()
        .find_map(|group| tag.strip_prefix(group))
        .is_some_and(|rest| is_word(rest, b"") && !rest.bytes().any(|b| b.is_ascii_lowercase()));
    grouped && subtag.is_none_or(|subtag| !subtag.is_empty() && !subtag.contains(char::is_whitespace))
}
