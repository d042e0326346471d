//! Makes a record of the fields and peaks that stand in a file.

use std::collections::BTreeSet;

use super::Dialect;
use super::comment::key_values;
use super::field::{Field, normalized};
use super::field_value::Outcome;
use super::peak_line::{Comma, Item, comma_in, parse_peak_line};
use super::raw_record::{RawField, RawRecord};
use super::synonym::{Synonym, read_synonym};
use crate::error::{Location, Result};
use crate::format::derivative::derivative_in_name;
use crate::format::peak_collector::PeakCollector;
use crate::format::technique::infer_technique;
use crate::format::{NoticeKind, Provenance, ReadOptions, ReadReport, Record, RecordPlace};
use crate::spectrum::{Acquisition, MassSpectrum, Spectrum};
use crate::substance::{Form, Identity};

/// Collects what one record states.
#[derive(Debug, Default)]
pub(super) struct RecordBuilder {
    pub(super) name: String,
    pub(super) identity: Identity,
    pub(super) form: Form,
    pub(super) acquisition: Acquisition,
    pub(super) provenance: Provenance,
    pub(super) spectrum_type: Option<String>,
    other_fields: Vec<(String, String)>,
    /// The known fields so far, by normalized name: never more than there are known names.
    names_seen: Vec<String>,
}

impl RecordBuilder {
    /// Makes a record, or none of a record that has neither peaks nor a number of peaks.
    ///
    /// # Errors
    /// `LimitReached` for too many peaks; `Malformed` where the reader is strict.
    pub(super) fn build(
        raw: &RawRecord<'_>,
        number: u64,
        dialect: Dialect,
        options: &ReadOptions,
        report: &mut ReadReport,
    ) -> Result<Option<Record>> {
        let place = Location::at_line(raw.line).in_record(number);
        if !raw.has_num_peaks && raw.peak_lines.is_empty() {
            let end = if raw.is_last { "; the input seems to be cut off" } else { "" };
            report.note(
                options,
                NoticeKind::Skipped,
                place,
                format!("the record has neither peaks nor a number of peaks and was left out{end}"),
            )?;
            report.records_skipped += 1;
            return Ok(None);
        }
        let mut builder = Self::default();
        for field in &raw.fields {
            builder.take(field, number, dialect, options, report)?;
        }
        if builder.name.is_empty() {
            report.note(
                options,
                NoticeKind::Repaired,
                place,
                "the record has no name and was kept without one",
            )?;
        }
        let spectrum = builder.read_peaks(raw, number, options, report)?;
        Ok(Some(builder.complete(spectrum, RecordPlace { record: number, line: raw.line })))
    }

    /// Takes one field.
    fn take(
        &mut self,
        field: &RawField<'_>,
        number: u64,
        dialect: Dialect,
        options: &ReadOptions,
        report: &mut ReadReport,
    ) -> Result<()> {
        if field.value.is_empty() {
            return Ok(());
        }
        let is_repeated = field.field.is_some() && !self.remember(field.key);
        let place = || Location::at_line(field.line).in_record(number).at_field(field.key);
        let outcome = match field.field {
            Some(Field::Synonym) => {
                self.take_synonym(field, dialect);
                Outcome::Done
            }
            Some(kind) => self.set(kind, field.value, dialect),
            None => Outcome::NoPlace,
        };
        match outcome {
            Outcome::Done => {}
            Outcome::NoPlace => self.keep(field.key, field.value),
            Outcome::DecimalComma => {
                let message = format!("the comma in \"{}\" was read as a decimal sign", field.value);
                report.note(options, NoticeKind::Repaired, place(), message)?;
            }
            Outcome::Taken if is_repeated => {
                let message =
                    format!("the field is there more than once; the first counts, not \"{}\"", field.value);
                report.note(options, NoticeKind::Ignored, place(), message)?;
            }
            // Another spelling of the same field says something else: nothing is lost.
            Outcome::Taken => self.keep(field.key, field.value),
            Outcome::Unusable(reason) => {
                self.keep(field.key, field.value);
                let message =
                    format!("\"{}\" {reason}; it is kept as text among the other fields", field.value);
                report.note(options, NoticeKind::Ignored, place(), message)?;
            }
        }
        Ok(())
    }

    /// Whether a known field's name is new in this record.
    fn remember(&mut self, key: &str) -> bool {
        let normalized = normalized(key);
        let is_new = !self.names_seen.contains(&normalized);
        if is_new {
            self.names_seen.push(normalized);
        }
        is_new
    }

    fn keep(&mut self, key: &str, value: &str) {
        self.other_fields.push((key.to_owned(), value.to_owned()));
    }

    /// Takes a synonym, which may be a tagged value in disguise.
    fn take_synonym(&mut self, field: &RawField<'_>, dialect: Dialect) {
        match read_synonym(field.value) {
            Synonym::Name(name) => self.identity.synonyms.push(name.to_owned()),
            Synonym::Value { tag, field, value } => {
                if value.is_empty() {
                    return;
                }
                let outcome = field.map_or(Outcome::NoPlace, |field| self.set(field, value, dialect));
                if !matches!(outcome, Outcome::Done | Outcome::DecimalComma) {
                    self.keep(tag, value);
                }
            }
        }
    }

    fn read_peaks(
        &self,
        raw: &RawRecord<'_>,
        number: u64,
        options: &ReadOptions,
        report: &mut ReadReport,
    ) -> Result<MassSpectrum> {
        let place = |line| Location::at_line(line).in_record(number);
        let comma = comma_in(&raw.peak_lines, raw.stated_peaks);
        if comma == Comma::Decimal {
            let line = raw.peak_lines.first().map_or(raw.line, |line| line.number);
            report.note(
                options,
                NoticeKind::Repaired,
                place(line),
                "the commas in the peaks were read as decimal signs",
            )?;
        }
        let mut collector = PeakCollector::default();
        let mut pairs = 0_u64;
        for line in &raw.peak_lines {
            let mut result = Ok(());
            parse_peak_line(line.text, comma, |item| {
                if result.is_err() {
                    return;
                }
                result = match item {
                    Item::Peak(peak, annotation) => {
                        pairs += 1;
                        collector.push(peak, annotation, place(line.number), options, report)
                    }
                    Item::Stray(text, reason) => report.note(
                        options,
                        NoticeKind::Skipped,
                        place(line.number),
                        format!("\"{text}\" among the peaks was left out: {reason}"),
                    ),
                };
            });
            result?;
        }
        if let Some(stated) = raw.stated_peaks.filter(|&stated| stated != pairs) {
            let end = if raw.is_last && pairs < stated { "; the input seems to be cut off" } else { "" };
            report.note(
                options,
                NoticeKind::Repaired,
                place(raw.line).at_field("Num Peaks"),
                format!("the record states {stated} peaks but has {pairs}{end}"),
            )?;
        }
        let (peaks, annotations) = collector.finish();
        Ok(MassSpectrum { peaks, annotations, acquisition: Acquisition::default() })
    }

    /// Fills in what only the comments or the name state, and infers the technique.
    fn complete(mut self, mut spectrum: MassSpectrum, place: RecordPlace) -> Record {
        for comment in std::mem::take(&mut self.provenance.comments) {
            for (field, value) in key_values(&comment) {
                // The fields go before the comments, which are kept whole: a value without a place is
                // not lost.
                self.set(field, value, Dialect::Msp);
            }
            self.provenance.comments.push(comment);
        }
        let mut seen = BTreeSet::from([self.name.clone(), String::new()]);
        self.identity.synonyms.retain(|synonym| seen.insert(synonym.clone()));
        let mut seen = BTreeSet::new();
        self.identity.cas_numbers.retain(|number| seen.insert(number.clone()));
        if self.form.derivative.is_none() {
            self.form.derivative = derivative_in_name(&self.name).map(str::to_owned);
        }
        self.acquisition.technique = infer_technique(&self.acquisition, self.spectrum_type.as_deref());
        spectrum.acquisition = self.acquisition;
        Record {
            name: self.name,
            identity: self.identity,
            form: self.form,
            spectrum: Spectrum::Mass(spectrum),
            provenance: self.provenance,
            other_fields: self.other_fields,
            place,
        }
    }
}
