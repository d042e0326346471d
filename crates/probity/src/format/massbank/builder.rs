//! Collects the lines of one MassBank record and makes a record of them.

use super::annotation::Annotations;
use super::{ANNOTATION_COLUMNS, derivative, tag, title};
use crate::error::Result;
use crate::format::field_value as value;
use crate::format::noter::Noter;
use crate::format::number::parse_number;
use crate::format::peak_collector::PeakCollector;
use crate::format::text::Line;
use crate::format::{Provenance, Record, RecordPlace};
use crate::spectrum::{Acquisition, MassSpectrum, Peak, Spectrum};
use crate::substance::{Form, Identity};

/// What the lines after a tag belong to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Block {
    Fields,
    Annotations,
    Peaks,
}

/// A tag with its value, which lines that follow may continue.
pub(super) struct Pending {
    pub(super) tag: String,
    pub(super) value: String,
    pub(super) line: u64,
}

/// One record as far as it has been read.
pub(super) struct Builder {
    pub(super) place: RecordPlace,
    pub(super) block: Block,
    pub(super) pending: Option<Pending>,
    pub(super) names: Vec<String>,
    pub(super) title: Option<String>,
    pub(super) deprecated: Option<u64>,
    pub(super) identity: Identity,
    pub(super) form: Form,
    pub(super) derivative_form: Option<String>,
    pub(super) acquisition: Acquisition,
    pub(super) provenance: Provenance,
    pub(super) other_fields: Vec<(String, String)>,
    pub(super) annotations: Annotations,
    pub(super) stated_peaks: Option<(u64, u64)>,
    pub(super) listed_peaks: u64,
    pub(super) has_peak_block: bool,
    pub(super) peaks: PeakCollector,
}

impl Builder {
    pub(super) fn new(record: u64, line: u64) -> Self {
        Self {
            place: RecordPlace { record, line },
            block: Block::Fields,
            pending: None,
            names: Vec::new(),
            title: None,
            deprecated: None,
            identity: Identity::default(),
            form: Form::default(),
            derivative_form: None,
            acquisition: Acquisition::default(),
            provenance: Provenance::default(),
            other_fields: Vec::new(),
            annotations: Annotations::default(),
            stated_peaks: None,
            listed_peaks: 0,
            has_peak_block: false,
            peaks: PeakCollector::default(),
        }
    }

    pub(super) fn first_line(&self) -> u64 {
        self.place.line
    }

    pub(super) fn has_accession(&self) -> bool {
        self.provenance.accession.is_some()
            || self.pending.as_ref().is_some_and(|pending| pending.tag == "ACCESSION")
    }

    /// Takes a line that is not the end of the record.
    pub(super) fn line(&mut self, line: Line<'_>, noter: &mut Noter) -> Result<()> {
        if let Some((tag, value)) = tag(line) {
            self.settle(noter)?;
            self.block = Block::Fields;
            match tag {
                "PK$ANNOTATION" => {
                    self.block = Block::Annotations;
                    if value::stated(value).is_some_and(|columns| columns != ANNOTATION_COLUMNS) {
                        self.other_fields.push((tag.to_owned(), value.to_owned()));
                    }
                }
                "PK$PEAK" => {
                    self.block = Block::Peaks;
                    self.has_peak_block = true;
                }
                _ => {
                    let (tag, value) = (tag.to_owned(), value.to_owned());
                    self.pending = Some(Pending { tag, value, line: line.number });
                }
            }
            return Ok(());
        }
        let text = line.text.trim();
        if text.is_empty() {
            return Ok(());
        }
        match (self.block, &mut self.pending) {
            (Block::Peaks, _) => self.peak(text, line.number, noter),
            (Block::Annotations, _) => {
                self.annotations.push(line.text);
                Ok(())
            }
            (Block::Fields, Some(pending)) if line.text.starts_with([' ', '\t']) => {
                pending.value.push(' ');
                pending.value.push_str(text);
                Ok(())
            }
            _ => noter.ignored(line.number, "", "the line belongs to no field and was left out"),
        }
    }

    fn peak(&mut self, text: &str, line: u64, noter: &mut Noter) -> Result<()> {
        self.listed_peaks += 1;
        let mut columns = text.split_whitespace();
        let (mz, intensity) = (columns.next(), columns.next());
        let numbers = mz.and_then(parse_number).zip(intensity.and_then(parse_number));
        let relative = columns.next();
        let rest_is_odd =
            columns.next().is_some() || relative.is_some_and(|text| parse_number(text).is_none());
        let Some((mz, intensity)) = numbers.filter(|_| !rest_is_odd) else {
            return noter.skipped(line, "PK$PEAK", "the line is not a peak and was left out");
        };
        let place = noter.at(line).at_field("PK$PEAK");
        self.peaks.push(Peak { mz, intensity }, None, place, noter.options, &mut noter.report)
    }

    /// The record; `None`, reported, for one that is deprecated or has no peaks block.
    pub(super) fn finish(mut self, noter: &mut Noter) -> Result<Option<Record>> {
        self.settle(noter)?;
        let first = self.place.line;
        if let Some(line) = self.deprecated {
            noter.record_skipped(line, "the record is deprecated by its publisher and was left out")?;
            return Ok(None);
        }
        if !self.has_peak_block {
            noter.record_skipped(first, "the record has no PK$PEAK and was left out")?;
            return Ok(None);
        }
        if self.provenance.accession.is_none() {
            noter.ignored(first, "ACCESSION", "the record has no accession")?;
        }
        match self.stated_peaks {
            Some((stated, line)) if stated != self.listed_peaks => {
                let listed = self.listed_peaks;
                noter.repaired(
                    line,
                    "PK$NUM_PEAK",
                    format!("{stated} peaks are announced and {listed} lines listed; all listed were read"),
                )?;
            }
            None => noter.repaired(first, "PK$NUM_PEAK", "the number of peaks is not stated")?,
            Some(_) => {}
        }
        if self.names.is_empty() {
            let name = self.title.as_deref().and_then(|title| title.split(';').next()).map(str::trim);
            self.names.push(name.unwrap_or_default().to_owned());
            noter.repaired(first, "CH$NAME", "the record has no name; the title's beginning was taken")?;
        }
        Ok(Some(self.into_record()))
    }

    fn into_record(mut self) -> Record {
        let title = self.title.take();
        if self.form.derivative.is_none() {
            self.form.derivative =
                self.derivative_form.take().or_else(|| title.as_deref().and_then(derivative::in_title));
        }
        let mut acquisition = self.acquisition;
        acquisition.technique = value::technique(
            acquisition.ms_level,
            acquisition.instrument_type.as_deref(),
            acquisition.ionization.as_deref(),
        );
        if acquisition.ms_level.is_some_and(|level| level >= 2) && acquisition.precursor_type.is_none() {
            // Older product ion records name their precursor's type like that.
            let ion_type = self.other_fields.iter().find(|(key, _)| key == "MS$FOCUSED_ION: ION_TYPE");
            acquisition.precursor_type =
                ion_type.and_then(|(_, text)| value::stated(text)).map(str::to_owned);
        }
        // Only official releases use this prefix (section 2.1.1 of the format).
        if self.provenance.accession.as_deref().is_some_and(|accession| accession.starts_with("MSBNK-")) {
            self.provenance.source = Some("MassBank".to_owned());
        }
        let (peaks, _) = self.peaks.finish();
        let annotations = self.annotations.assign(&peaks, &mut self.other_fields);
        let mut names = self.names.into_iter();
        let name = names.next().unwrap_or_default();
        self.identity.synonyms = names.collect();
        let mut record = Record {
            name,
            identity: self.identity,
            form: self.form,
            spectrum: Spectrum::Mass(MassSpectrum { peaks, annotations, acquisition }),
            provenance: self.provenance,
            other_fields: self.other_fields,
            place: self.place,
        };
        if let Some(title) = title.filter(|title| *title != title::composed(&record)) {
            record.other_fields.insert(0, ("RECORD_TITLE".to_owned(), title));
        }
        record
    }
}
