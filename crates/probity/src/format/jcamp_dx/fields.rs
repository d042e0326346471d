//! What the labels of a mass spectrum mean.

use super::block::Block;
use super::ldr::Ldr;
use super::ntuples::{DESCRIPTION, Page};
use crate::error::Result;
use crate::format::field_value::{self as value, stated};
use crate::format::noter::Noter;
use crate::format::number::parse_number;
use crate::format::peak_collector::PeakCollector;
use crate::format::{Provenance, Record, RecordPlace};
use crate::spectrum::{Acquisition, MassSpectrum, Polarity, Spectrum};
use crate::substance::{Form, Identity};

/// Labels that say how the table is written, which reading has used up.
const USED_UP: [&str; 13] = [
    "TITLE",
    "JCAMPDX",
    "DATATYPE",
    "DATACLASS",
    "NPOINTS",
    "XFACTOR",
    "YFACTOR",
    "PEAKTABLE",
    "PEAKASSIGNMENTS",
    "XYPOINTS",
    "XYDATA",
    "DATATABLE",
    "BLOCKID",
];

/// What a piece of text takes besides its bytes: its three words, and the allocator's least block.
const BYTES_PER_TEXT: usize = size_of::<String>() + 32;

/// Everything that a block says beside its peaks.
#[derive(Debug, Clone, Default)]
pub(super) struct Heading {
    name: String,
    identity: Identity,
    acquisition: Acquisition,
    provenance: Provenance,
    other_fields: Vec<(String, String)>,
}

impl Heading {
    /// Reads the labels of a block, or of a series those outside its pages.
    pub(super) fn read<'b, 'a: 'b>(
        block: &Block<'a>,
        ldrs: impl Iterator<Item = &'b Ldr<'a>>,
        noter: &mut Noter,
    ) -> Result<Self> {
        let mut heading = Self { name: block.first_of("TITLE").to_owned(), ..Self::default() };
        if let Some(title) = block.link_title {
            heading.other_fields.push(("LINK TITLE".to_owned(), title.to_owned()));
        }
        let is_series = block.find("NTUPLES").is_some();
        for ldr in ldrs {
            let used_up = USED_UP.contains(&ldr.label.as_str());
            if used_up || is_series && DESCRIPTION.contains(&ldr.label.as_str()) {
                continue;
            }
            heading.field(ldr, noter)?;
        }
        if heading.name.is_empty() && !heading.identity.synonyms.is_empty() {
            heading.name = heading.identity.synonyms.remove(0);
        }
        let Acquisition { ionization, instrument_type, .. } = &heading.acquisition;
        heading.acquisition.technique =
            value::technique(None, instrument_type.as_deref(), ionization.as_deref());
        Ok(heading)
    }

    fn field(&mut self, ldr: &Ldr<'_>, noter: &mut Noter) -> Result<()> {
        let text = ldr.value();
        let Some(text) = stated(&text) else { return Ok(()) };
        let (identity, acquisition) = (&mut self.identity, &mut self.acquisition);
        match ldr.label.as_str() {
            "" => self.provenance.comments.push(text.to_owned()),
            "NAMES" | "CASNAME" => {
                // The first line is a name of the substance, and so is each that follows.
                identity.synonyms.extend(text.lines().filter_map(stated).map(str::to_owned));
            }
            "$INCHIKEY" if identity.inchikey.is_none() => identity.inchikey = Some(text.to_owned()),
            "$INCHI" if identity.inchi.is_none() => identity.inchi = Some(text.to_owned()),
            "$SMILES" if identity.smiles.is_none() => identity.smiles = Some(text.to_owned()),
            "CASREGISTRYNO" => identity.cas_numbers.push(text.to_owned()),
            "MOLFORM" if identity.formula.is_none() => {
                // `C17 H21 N O4`: the blanks are the format's, not the formula's.
                identity.formula = Some(text.split_whitespace().collect());
            }
            "MW" => return self.number(parse_number(text), |h| &mut h.identity.molecular_mass, ldr, noter),
            "RI" | "RETENTIONINDEX" => {
                return self.number(parse_number(text), |h| &mut h.acquisition.retention_index, ldr, noter);
            }
            ".RETENTIONTIME"
                if acquisition.retention_time_s.is_none() && value::parse_time_s(text).is_some() =>
            {
                acquisition.retention_time_s = value::parse_time_s(text);
            }
            ".ACQUISITIONRANGE" if value::parse_mz_range(text).is_some() => {
                acquisition.scan_range_mz = value::parse_mz_range(text);
            }
            ".IONIZATIONMODE" if acquisition.ionization.is_none() => {
                let (mode, polarity) = match (text.strip_suffix('+'), text.strip_suffix('-')) {
                    (Some(mode), _) => (mode, Some(Polarity::Positive)),
                    (None, Some(mode)) => (mode, Some(Polarity::Negative)),
                    (None, None) => (text, None),
                };
                acquisition.ionization = stated(mode).map(str::to_owned);
                acquisition.polarity = polarity;
            }
            ".SPECTROMETERTYPE" if acquisition.instrument_type.is_none() => {
                acquisition.instrument_type = Some(text.to_owned());
            }
            "SPECTROMETERDATASYSTEM" if acquisition.instrument.is_none() => {
                acquisition.instrument = Some(text.to_owned());
            }
            "ORIGIN" if self.provenance.contributor.is_none() => {
                self.provenance.contributor = Some(text.to_owned());
            }
            _ => self.other_fields.push((ldr.spelled.to_owned(), text.to_owned())),
        }
        Ok(())
    }

    fn number(
        &mut self,
        number: Option<f64>,
        place: fn(&mut Self) -> &mut Option<f64>,
        ldr: &Ldr<'_>,
        noter: &mut Noter,
    ) -> Result<()> {
        match (number, place(self)) {
            (Some(number), empty @ None) => *empty = Some(number),
            (number, _) => {
                let text = ldr.value().into_owned();
                if number.is_none() {
                    let message = format!("\"{text}\" is not a number and is kept as text");
                    noter.ignored(ldr.line, ldr.spelled, message)?;
                }
                self.other_fields.push((ldr.spelled.to_owned(), text));
            }
        }
        Ok(())
    }

    /// The heading of one page of a series: its time, its variable, and its own labels.
    pub(super) fn of_page(mut self, page: &Page<'_, '_>) -> Self {
        self.acquisition.retention_time_s = page.retention_time_s.or(self.acquisition.retention_time_s);
        self.other_fields.push(("PAGE".to_owned(), page.variable.to_owned()));
        for ldr in page.ldrs.iter().filter(|ldr| !USED_UP.contains(&ldr.label.as_str())) {
            self.other_fields.push((ldr.spelled.to_owned(), ldr.value().into_owned()));
        }
        self
    }

    /// The heading with further fields.
    pub(super) fn with_fields(mut self, fields: Vec<(String, String)>) -> Self {
        self.other_fields.extend(fields);
        self
    }

    /// About how many bytes of memory the heading holds: its text, and what each piece of text takes
    /// besides, which for short ones is more.
    pub(super) fn bytes(&self) -> usize {
        let other: usize =
            self.other_fields.iter().map(|(key, text)| key.len() + text.len() + 2 * BYTES_PER_TEXT).sum();
        let lists = [&self.identity.synonyms, &self.identity.cas_numbers, &self.provenance.comments];
        let listed: usize = lists.into_iter().flatten().map(|text| text.len() + BYTES_PER_TEXT).sum();
        let texts = [
            &self.identity.formula,
            &self.acquisition.ionization,
            &self.acquisition.instrument,
            &self.acquisition.instrument_type,
            &self.provenance.contributor,
        ];
        let single: usize = texts.into_iter().flatten().map(String::len).sum();
        self.name.len() + other + listed + single
    }

    /// The instrument.
    pub(super) fn instrument(&self) -> Option<&str> {
        self.acquisition.instrument.as_deref()
    }

    pub(super) fn into_record(self, peaks: PeakCollector, record: u64, line: u64) -> Record {
        let (peaks, annotations) = peaks.finish();
        let acquisition = self.acquisition.clone();
        let spectrum = Spectrum::Mass(MassSpectrum { peaks, annotations, acquisition });
        self.into_record_of(spectrum, RecordPlace { record, line })
    }

    /// The record of a spectrum of any kind.
    pub(super) fn into_record_of(self, spectrum: Spectrum, place: RecordPlace) -> Record {
        Record {
            name: self.name,
            identity: self.identity,
            form: Form::default(),
            spectrum,
            provenance: self.provenance,
            other_fields: self.other_fields,
            place,
        }
    }
}
