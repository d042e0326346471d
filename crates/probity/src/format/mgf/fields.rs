//! What the keys of a block mean.

use std::collections::BTreeMap;

use crate::error::Result;
use crate::format::field_value::{self as value, stated};
use crate::format::noter::Noter;
use crate::format::number::parse_number;
use crate::format::{Provenance, Record, RecordPlace};
use crate::spectrum::{Acquisition, MassSpectrum, PeakList, Polarity, Spectrum, Technique};
use crate::substance::{Form, Identity};

/// Parameters before the first block that hold for blocks without their own.
#[derive(Debug, Default)]
pub(super) struct Defaults {
    charge: Option<(i32, Option<Polarity>)>,
    polarity: Option<Polarity>,
    ms_level: Option<u8>,
}

impl Defaults {
    /// Takes a parameter; false if it is not one of those or its value is not understood.
    pub(super) fn take(&mut self, key: &str, text: &str) -> bool {
        match normalized(key).as_str() {
            "CHARGE" => self.charge = value::parse_charge(text),
            "IONMODE" => self.polarity = value::parse_polarity(text),
            "MSLEVEL" => self.ms_level = value::parse_ms_level(text),
            _ => return false,
        }
        match normalized(key).as_str() {
            "CHARGE" => self.charge.is_some(),
            "IONMODE" => self.polarity.is_some(),
            _ => self.ms_level.is_some(),
        }
    }
}

/// A key in capitals without blanks, `_` and `-`.
fn normalized(key: &str) -> String {
    let kept = key.chars().filter(|c| !matches!(c, ' ' | '_' | '-'));
    kept.map(|c| c.to_ascii_uppercase()).collect()
}

/// What the keys of one block have said so far.
#[derive(Debug, Default)]
pub(super) struct Fields {
    name: Option<String>,
    title: Option<String>,
    charge: Option<(i32, Option<Polarity>)>,
    identity: Identity,
    acquisition: Acquisition,
    provenance: Provenance,
    other_fields: Vec<(String, String)>,
}

impl Fields {
    /// Takes one field. Values that say nothing, such as `N/A`, count as absent.
    pub(super) fn take(&mut self, key: &str, text: &str, line: u64, noter: &mut Noter) -> Result<()> {
        let Some(text) = stated(text) else { return Ok(()) };
        let label = normalized(key);
        if let Some(place) = self.text_place(&label)
            && place.is_none()
        {
            *place = Some(text.to_owned());
            return Ok(());
        }
        let acquisition = &mut self.acquisition;
        match label.as_str() {
            "PEPMASS" | "PRECURSORMZ" if acquisition.precursor_mz.is_none() => {
                return self.precursor(key, text, line, noter);
            }
            "CHARGE" if self.charge.is_none() => {
                self.charge = value::parse_charge(text);
                self.keep_if(self.charge.is_none() && text != "0", key, text);
            }
            "IONMODE" | "POLARITY" if acquisition.polarity.is_none() => {
                acquisition.polarity = value::parse_polarity(text);
                self.keep_if(self.acquisition.polarity.is_none(), key, text);
            }
            "MSLEVEL" if acquisition.ms_level.is_none() => {
                acquisition.ms_level = value::parse_ms_level(text);
                self.keep_if(self.acquisition.ms_level.is_none(), key, text);
            }
            "RTINSECONDS" | "RTINMINUTES" if acquisition.retention_time_s.is_none() => {
                let unit = if label == "RTINMINUTES" { 60.0 } else { 1.0 };
                return self.retention_time(key, text, unit, line, noter);
            }
            "INCHIAUX" if self.identity.inchikey.is_none() && looks_like_inchikey(text) => {
                self.identity.inchikey = Some(text.to_owned());
            }
            "CAS" | "CASNUMBER" | "CASNO" => self.identity.cas_numbers.push(text.to_owned()),
            "SYNON" | "SYNONYM" => self.identity.synonyms.push(text.to_owned()),
            "COMMENT" | "COMMENTS" | "NOTES" => self.provenance.comments.push(text.to_owned()),
            "EXACTMASS" | "RETENTIONINDEX" | "MW" => {
                let place = match label.as_str() {
                    "EXACTMASS" => &mut self.identity.exact_mass,
                    "MW" => &mut self.identity.molecular_mass,
                    _ => &mut acquisition.retention_index,
                };
                let number = parse_number(text);
                let taken = place.is_none() && number.is_some();
                if taken {
                    *place = number;
                } else if number.is_none() {
                    noter.ignored(line, key, format!("\"{text}\" is not a number and is kept as text"))?;
                }
                self.keep_if(!taken, key, text);
            }
            _ => self.keep_if(true, key, text),
        }
        Ok(())
    }

    /// Where the text of a key goes, if it is a text.
    fn text_place(&mut self, label: &str) -> Option<&mut Option<String>> {
        let (identity, acquisition, provenance) =
            (&mut self.identity, &mut self.acquisition, &mut self.provenance);
        Some(match label {
            "NAME" | "COMPOUNDNAME" => &mut self.name,
            "TITLE" => &mut self.title,
            "SMILES" => &mut identity.smiles,
            "INCHI" => &mut identity.inchi,
            "INCHIKEY" => &mut identity.inchikey,
            "FORMULA" | "MOLECULARFORMULA" => &mut identity.formula,
            "CLASS" | "COMPOUNDCLASS" => &mut identity.class,
            "ADDUCT" | "PRECURSORTYPE" | "IONTYPE" => &mut acquisition.precursor_type,
            "COLLISIONENERGY" => &mut acquisition.collision_energy,
            "FRAGMENTATIONMODE" | "FRAGMENTATIONMETHOD" => &mut acquisition.fragmentation_mode,
            "IONIZATION" | "IONSOURCE" => &mut acquisition.ionization,
            "INSTRUMENT" => &mut acquisition.instrument,
            "INSTRUMENTTYPE" | "SOURCEINSTRUMENT" => &mut acquisition.instrument_type,
            "SPECTRUMID" | "ACCESSION" => &mut provenance.accession,
            "ORGANISM" | "LIBRARY" => &mut provenance.source,
            "DATACOLLECTOR" => &mut provenance.contributor,
            "LICENSE" | "LICENCE" => &mut provenance.licence,
            "SPLASH" => &mut provenance.splash,
            _ => return None,
        })
    }

    fn keep_if(&mut self, keep: bool, key: &str, text: &str) {
        if keep {
            self.other_fields.push((key.to_owned(), text.to_owned()));
        }
    }

    /// `m/z [intensity [charge]]`; what stands behind the m/z is kept.
    fn precursor(&mut self, key: &str, text: &str, line: u64, noter: &mut Noter) -> Result<()> {
        let mut columns = text.split_whitespace();
        let mz = columns.next().and_then(parse_number).filter(|&mz| mz >= 0.0);
        self.acquisition.precursor_mz = mz.filter(|&mz| mz > 0.0);
        if mz.is_none() {
            noter.ignored(line, key, format!("\"{text}\" is not an m/z and is kept as text"))?;
        }
        self.keep_if(mz.is_none() || columns.next().is_some(), key, text);
        Ok(())
    }

    fn retention_time(
        &mut self,
        key: &str,
        text: &str,
        unit: f64,
        line: u64,
        noter: &mut Noter,
    ) -> Result<()> {
        let range =
            text.split_once('-').and_then(|(first, last)| parse_number(first).zip(parse_number(last)));
        let middle = range.map(|(first, last)| first + (last - first) / 2.0);
        let seconds = parse_number(text).or(middle).map(|time| time * unit).filter(|time| time.is_finite());
        self.acquisition.retention_time_s = seconds;
        if seconds.is_none() {
            noter.ignored(line, key, format!("\"{text}\" is not a time and is kept as text"))?;
        }
        self.keep_if(seconds.is_none() || middle.is_some(), key, text);
        Ok(())
    }

    pub(super) fn into_record(
        mut self,
        defaults: &Defaults,
        peaks: PeakList,
        annotations: BTreeMap<usize, String>,
        place: RecordPlace,
    ) -> Record {
        let acquisition = &mut self.acquisition;
        acquisition.ms_level = acquisition.ms_level.or(defaults.ms_level);
        let charge = self.charge.or(defaults.charge);
        let sign = charge.and_then(|(_, sign)| sign);
        acquisition.polarity = acquisition.polarity.or(sign).or(defaults.polarity);
        acquisition.charge = charge.map(|(charge, sign)| {
            let flips = sign.is_none() && acquisition.polarity == Some(Polarity::Negative);
            if flips { -charge } else { charge }
        });
        acquisition.technique = value::technique(
            acquisition.ms_level,
            acquisition.instrument_type.as_deref(),
            acquisition.ionization.as_deref(),
        );
        let is_survey = acquisition.ms_level == Some(1);
        if acquisition.precursor_mz.is_some()
            && !is_survey
            && acquisition.technique != Some(Technique::ElectronIonization)
        {
            acquisition.technique = Some(Technique::TandemMassSpectrometry);
        }
        let name = match (self.name, self.title) {
            (Some(name), Some(title)) => {
                self.other_fields.insert(0, ("TITLE".to_owned(), title));
                name
            }
            (name, title) => name.or(title).unwrap_or_default(),
        };
        Record {
            name,
            identity: self.identity,
            form: Form::default(),
            spectrum: Spectrum::Mass(MassSpectrum { peaks, annotations, acquisition: self.acquisition }),
            provenance: self.provenance,
            other_fields: self.other_fields,
            place,
        }
    }
}

/// Three blocks of 14, 10 and 1 capitals, joined by hyphens.
fn looks_like_inchikey(text: &str) -> bool {
    let blocks: Vec<&str> = text.split('-').collect();
    let lengths = [14, 10, 1];
    blocks.len() == 3
        && blocks.iter().zip(lengths).all(|(block, length)| {
            block.len() == length && block.bytes().all(|byte| byte.is_ascii_uppercase())
        })
}
