//! Makes a record of the fields and peaks that stand in a file.

use super::Dialect;
use super::comment::key_values;
use super::field::Field;
use super::peak_line::{Comma, Item, comma_in, parse_peak_line};
use super::raw_record::{RawField, RawRecord};
use super::synonym::{Synonym, read_synonym};
use crate::error::{Location, Result};
use crate::format::derivative::derivative_in_name;
use crate::format::number::{parse_number, parse_number_or_decimal_comma};
use crate::format::peak_collector::PeakCollector;
use crate::format::technique::infer_technique;
use crate::format::values::{
    RetentionIndex, TimeUnit, is_placeholder, parse_charge, parse_ms_level, parse_polarity,
    parse_retention_index, parse_retention_time,
};
use crate::format::{NoticeKind, Provenance, ReadOptions, ReadReport, Record, RecordPlace};
use crate::spectrum::{Acquisition, MassSpectrum, Spectrum};
use crate::substance::{Form, Identity};

/// What became of the value of one field.
#[derive(Debug, Clone, PartialEq)]
enum Outcome {
    /// It was taken, says nothing, or repeats what is known.
    Done,
    /// It was taken after its decimal comma was read as a point.
    DecimalComma,
    /// It has no place of its own.
    NoPlace,
    /// Its place is taken by another value.
    Taken,
    /// It cannot be understood: why.
    Unusable(&'static str),
}

/// Collects what one record states.
#[derive(Debug, Default)]
pub(super) struct RecordBuilder {
    name: String,
    identity: Identity,
    form: Form,
    acquisition: Acquisition,
    provenance: Provenance,
    spectrum_type: Option<String>,
    other_fields: Vec<(String, String)>,
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
        for (index, field) in raw.fields.iter().enumerate() {
            let earlier = &raw.fields[..index];
            builder.take(field, earlier, number, dialect, options, report)?;
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

    /// Takes one field, with the fields before it for comparison.
    fn take(
        &mut self,
        field: &RawField<'_>,
        earlier: &[RawField<'_>],
        number: u64,
        dialect: Dialect,
        options: &ReadOptions,
        report: &mut ReadReport,
    ) -> Result<()> {
        if field.value.is_empty() {
            return Ok(());
        }
        let place = || Location::at_line(field.line).in_record(number).at_field(field.key);
        let outcome = match Field::of(&field.normalized) {
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
            Outcome::Taken if earlier.iter().any(|other| other.normalized == field.normalized) => {
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

    fn keep(&mut self, key: &str, value: &str) {
        self.other_fields.push((key.to_owned(), value.to_owned()));
    }

    /// Takes a synonym, which may be a tagged value in disguise.
    fn take_synonym(&mut self, field: &RawField<'_>, dialect: Dialect) {
        match read_synonym(field.value) {
            Synonym::Name(name) => self.add_synonym(name),
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

    fn add_synonym(&mut self, name: &str) {
        if !name.is_empty() && name != self.name && !self.identity.synonyms.iter().any(|known| known == name)
        {
            self.identity.synonyms.push(name.to_owned());
        }
    }

    /// Puts a value where it belongs, if that place is free.
    fn set(&mut self, field: Field, value: &str, dialect: Dialect) -> Outcome {
        if is_placeholder(value) && !matches!(field, Field::Name | Field::Comment | Field::IonMode) {
            return Outcome::Done;
        }
        let (identity, acquisition, provenance) =
            (&mut self.identity, &mut self.acquisition, &mut self.provenance);
        match field {
            Field::Name if self.name.is_empty() => {
                self.name = value.to_owned();
                Outcome::Done
            }
            Field::Name if self.name == value => Outcome::Done,
            Field::Name => Outcome::Taken,
            Field::Comment => {
                provenance.comments.push(value.to_owned());
                Outcome::Done
            }
            Field::Cas => self.set_cas(value),
            Field::Formula => text(&mut identity.formula, value),
            Field::InchiKey => text(&mut identity.inchikey, value.strip_prefix("InChIKey=").unwrap_or(value)),
            Field::Inchi => text(&mut identity.inchi, value),
            Field::Smiles => text(&mut identity.smiles, value),
            Field::Class => text(&mut identity.class, value),
            Field::MolecularMass => mass(&mut identity.molecular_mass, value),
            Field::ExactMass => mass(&mut identity.exact_mass, value),
            Field::Derivative => text(&mut self.form.derivative, value),
            Field::PrecursorMz => mass(&mut acquisition.precursor_mz, value),
            Field::PrecursorType => text(&mut acquisition.precursor_type, value),
            Field::CollisionEnergy => text(&mut acquisition.collision_energy, value),
            Field::FragmentationMode => text(&mut acquisition.fragmentation_mode, value),
            Field::Instrument => text(&mut acquisition.instrument, value),
            Field::InstrumentType => text(&mut acquisition.instrument_type, value),
            Field::Ionization => match parse_polarity(value) {
                Some(polarity) => put(&mut acquisition.polarity, polarity),
                None => text(&mut acquisition.ionization, value),
            },
            Field::IonMode => match parse_polarity(value) {
                Some(polarity) => put(&mut acquisition.polarity, polarity),
                None if is_placeholder(value) => Outcome::Done,
                None => Outcome::Unusable("is not an ion mode"),
            },
            Field::Charge => match parse_charge(value) {
                Some(charge) => put(&mut acquisition.charge, charge),
                None if value.trim_start_matches(['+', '-']).bytes().all(|byte| byte == b'0') => {
                    Outcome::Done
                }
                None => Outcome::Unusable("is not a charge"),
            },
            Field::SpectrumType => self.set_spectrum_type(value),
            Field::RetentionIndex => match parse_retention_index(value) {
                RetentionIndex::Single(index) => put(&mut acquisition.retention_index, index),
                RetentionIndex::SemiStandardNonPolar(index) => {
                    // The other columns' values stay readable in the text.
                    acquisition.retention_index.get_or_insert(index);
                    Outcome::NoPlace
                }
                RetentionIndex::Absent => Outcome::Done,
                RetentionIndex::Unknown => {
                    Outcome::Unusable("is not a retention index on a semi-standard non-polar column")
                }
            },
            Field::RetentionTimeMinutes => time(acquisition, value, TimeUnit::Minutes),
            Field::RetentionTimeSeconds => time(acquisition, value, TimeUnit::Seconds),
            Field::RetentionTimeUnstated => time(acquisition, value, dialect.unit_of_rt()),
            Field::Accession => text(&mut provenance.accession, value),
            Field::NistNumber => text(&mut provenance.nist_number, value),
            Field::Source => text(&mut provenance.source, value),
            Field::Contributor => text(&mut provenance.contributor, value),
            Field::Licence => text(&mut provenance.licence, value),
            Field::Splash => text(&mut provenance.splash, value),
            Field::InSourceVoltage | Field::NumPeaks | Field::Synonym => Outcome::NoPlace,
        }
    }

    /// Takes the CAS numbers out of a list. `0`, `0-00-0` and the like stand for none.
    fn set_cas(&mut self, value: &str) -> Outcome {
        let mut rest = Vec::new();
        for token in value.split([' ', ',', ';', '\t']).filter(|token| !is_placeholder(token)) {
            let number = token.split('(').next().unwrap_or_default();
            if !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-') {
                let is_zero = number.bytes().all(|byte| matches!(byte, b'0' | b'-'));
                if !is_zero && !self.identity.cas_numbers.iter().any(|known| known == token) {
                    self.identity.cas_numbers.push(token.to_owned());
                }
            } else {
                rest.push(token);
            }
        }
        if rest.is_empty() { Outcome::Done } else { Outcome::NoPlace }
    }

    fn set_spectrum_type(&mut self, value: &str) -> Outcome {
        let level = parse_ms_level(value);
        if let Some(level) = level {
            self.acquisition.ms_level.get_or_insert(level);
        }
        let outcome = text(&mut self.spectrum_type, value);
        let is_ei = value.eq_ignore_ascii_case("EI");
        if is_ei {
            self.acquisition.ionization.get_or_insert_with(|| value.to_owned());
        }
        // What the level does not say is kept as text.
        let said = is_ei || level.is_some() && !value.trim().contains(' ');
        if outcome == Outcome::Done && !said { Outcome::NoPlace } else { outcome }
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

/// Puts a value into a free place.
fn put<T: PartialEq>(slot: &mut Option<T>, value: T) -> Outcome {
    match slot {
        Some(known) if *known == value => Outcome::Done,
        Some(_) => Outcome::Taken,
        None => {
            *slot = Some(value);
            Outcome::Done
        }
    }
}

fn text(slot: &mut Option<String>, value: &str) -> Outcome {
    put(slot, value.to_owned())
}

/// A mass or an m/z greater than 0; writers put 0 or -1 where there is none.
fn mass(slot: &mut Option<f64>, value: &str) -> Outcome {
    let (number, outcome) = match parse_number(value) {
        Some(number) => (Some(number), Outcome::Done),
        None => (parse_number_or_decimal_comma(value), Outcome::DecimalComma),
    };
    match number {
        Some(number) if number > 0.0 => match put(slot, number) {
            Outcome::Done => outcome,
            taken => taken,
        },
        Some(number) if number == 0.0 || number == -1.0 => Outcome::Done,
        Some(_) => Outcome::Unusable("is not greater than 0"),
        None => Outcome::Unusable("is not a number"),
    }
}

fn time(acquisition: &mut Acquisition, value: &str, unit: TimeUnit) -> Outcome {
    if let Some(time) = parse_retention_time(value, unit) {
        return put(&mut acquisition.retention_time_s, time);
    }
    if unit == TimeUnit::Unstated && parse_retention_time(value, TimeUnit::Seconds).is_some() {
        return Outcome::Unusable("is a time whose unit is not stated");
    }
    Outcome::Unusable("is not a time")
}
