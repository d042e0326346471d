//! What the tags of a MassBank record mean.

use super::builder::{Builder, Pending};
use super::derivative;
use crate::error::Result;
use crate::format::field_value as value;
use crate::format::noter::Noter;
use crate::format::number::parse_number;

const SPECTROMETRY: &str = "AC$MASS_SPECTROMETRY";
const CHROMATOGRAPHY: &str = "AC$CHROMATOGRAPHY";
const FOCUSED_ION: &str = "MS$FOCUSED_ION";

impl Builder {
    /// Reads the tag that is waiting for more lines.
    pub(super) fn settle(&mut self, noter: &mut Noter) -> Result<()> {
        let Some(Pending { tag, value: text, line }) = self.pending.take() else {
            return Ok(());
        };
        let text = text.trim();
        match tag.as_str() {
            "ACCESSION" => self.set(|builder| &mut builder.provenance.accession, &tag, text),
            "RECORD_TITLE" => self.set(|builder| &mut builder.title, &tag, text),
            "DEPRECATED" => self.deprecated = Some(line),
            "AUTHORS" => self.set(|builder| &mut builder.provenance.contributor, &tag, text),
            "LICENSE" => self.set(|builder| &mut builder.provenance.licence, &tag, text),
            "COMMENT" => self.provenance.comments.extend(value::stated(text).map(str::to_owned)),
            "DATE" if value::stated(text).is_none() => {}
            "CH$NAME" => self.names.extend(value::stated(text).map(str::to_owned)),
            "CH$COMPOUND_CLASS" => self.set(|builder| &mut builder.identity.class, &tag, text),
            "CH$FORMULA" => self.set(|builder| &mut builder.identity.formula, &tag, text),
            "CH$EXACT_MASS" => {
                let number = parse_number(text);
                self.set_number(
                    number,
                    |builder| &mut builder.identity.exact_mass,
                    (&tag, text, line),
                    noter,
                )?;
            }
            "CH$SMILES" => self.set(|builder| &mut builder.identity.smiles, &tag, text),
            "CH$IUPAC" => self.set(|builder| &mut builder.identity.inchi, &tag, text),
            "AC$INSTRUMENT" => self.set(|builder| &mut builder.acquisition.instrument, &tag, text),
            "AC$INSTRUMENT_TYPE" => self.set(|builder| &mut builder.acquisition.instrument_type, &tag, text),
            "CH$LINK" | "SP$LINK" | "AC$GENERAL" | "MS$DATA_PROCESSING" | SPECTROMETRY | CHROMATOGRAPHY
            | FOCUSED_ION => {
                self.subtag(&tag, text, line, noter)?;
            }
            "PK$SPLASH" => self.set(|builder| &mut builder.provenance.splash, &tag, text),
            "PK$NUM_PEAK" => match text.parse() {
                Ok(number) => self.stated_peaks = Some((number, line)),
                Err(_) => noter.ignored(line, &tag, format!("\"{text}\" is not a number of peaks"))?,
            },
            _ => self.other_fields.push((tag, text.to_owned())),
        }
        Ok(())
    }

    fn subtag(&mut self, tag: &str, text: &str, line: u64, noter: &mut Noter) -> Result<()> {
        let (subtag, text) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
        let text = text.trim();
        let key = if subtag.is_empty() { tag.to_owned() } else { format!("{tag}: {subtag}") };
        let acquisition = &mut self.acquisition;
        match (tag, subtag) {
            ("CH$LINK", "INCHIKEY") => self.set(|builder| &mut builder.identity.inchikey, &key, text),
            ("CH$LINK", "CAS") => {
                let numbers = text.split([' ', '\t', ',', ';']).filter_map(value::stated);
                self.identity.cas_numbers.extend(numbers.map(str::to_owned));
            }
            (SPECTROMETRY, "MS_TYPE") if acquisition.ms_level.is_none() => {
                acquisition.ms_level = value::parse_ms_level(text);
                self.keep_if(self.acquisition.ms_level.is_none(), key, text);
            }
            (SPECTROMETRY, "ION_MODE") if acquisition.polarity.is_none() => {
                acquisition.polarity = value::parse_polarity(text);
                self.keep_if(self.acquisition.polarity.is_none(), key, text);
            }
            (SPECTROMETRY, "IONIZATION") => {
                self.set(|builder| &mut builder.acquisition.ionization, &key, text);
            }
            (SPECTROMETRY, "COLLISION_ENERGY") => {
                self.set(|builder| &mut builder.acquisition.collision_energy, &key, text);
            }
            (SPECTROMETRY, "FRAGMENTATION_MODE") => {
                self.set(|builder| &mut builder.acquisition.fragmentation_mode, &key, text);
            }
            (SPECTROMETRY, "MASS_RANGE_M/Z" | "MASS_RANGE_MZ" | "SCAN_RANGE_M/Z")
                if acquisition.scan_range_mz.is_none() =>
            {
                acquisition.scan_range_mz = value::parse_mz_range(text);
                self.keep_if(self.acquisition.scan_range_mz.is_none(), key, text);
            }
            (CHROMATOGRAPHY, "RETENTION_TIME") if acquisition.retention_time_s.is_none() => {
                acquisition.retention_time_s = value::parse_time_s(text);
                self.keep_if(self.acquisition.retention_time_s.is_none(), key, text);
            }
            (CHROMATOGRAPHY, index) if index == "RETENTION_INDEX" || index.starts_with("KOVATS") => {
                let number = value::number_and_unit(text).map(|(number, _)| number);
                let whole = parse_number(text).is_some();
                self.set_number(
                    number,
                    |builder| &mut builder.acquisition.retention_index,
                    (&key, text, line),
                    noter,
                )?;
                // What stands behind the number, such as a column, is not lost.
                self.keep_if(number.is_some() && !whole, key, text);
            }
            (FOCUSED_ION, "PRECURSOR_M/Z" | "PRECURSOR_MZ") => {
                let chain: Option<Vec<f64>> = text.split('/').map(parse_number).collect();
                let number = chain.and_then(|chain| chain.last().copied()).filter(|&mz| mz > 0.0);
                self.set_number(
                    number,
                    |builder| &mut builder.acquisition.precursor_mz,
                    (&key, text, line),
                    noter,
                )?;
                self.keep_if(number.is_some() && text.contains('/'), key, text);
            }
            (FOCUSED_ION, "PRECURSOR_TYPE") => {
                self.set(|builder| &mut builder.acquisition.precursor_type, &key, text);
            }
            (FOCUSED_ION, "DERIVATIVE_TYPE") if !derivative::is_none(text) => {
                self.set(|builder| &mut builder.form.derivative, &key, text);
            }
            (FOCUSED_ION, "DERIVATIVE_FORM") => {
                self.derivative_form = value::stated(text).map(str::to_owned);
                self.other_fields.push((key, text.to_owned()));
            }
            _ => self.other_fields.push((key, text.to_owned())),
        }
        Ok(())
    }

    /// Sets a text that is stated and not yet known; a second value is kept among the other fields.
    fn set(&mut self, place: fn(&mut Self) -> &mut Option<String>, key: &str, text: &str) {
        let Some(text) = value::stated(text) else { return };
        match place(self) {
            empty @ None => *empty = Some(text.to_owned()),
            Some(_) => self.other_fields.push((key.to_owned(), text.to_owned())),
        }
    }

    /// Sets a number likewise; a stated text that is no number is reported and kept as text.
    fn set_number(
        &mut self,
        number: Option<f64>,
        place: fn(&mut Self) -> &mut Option<f64>,
        (key, text, line): (&str, &str, u64),
        noter: &mut Noter,
    ) -> Result<()> {
        match (number, place(self)) {
            (Some(number), empty @ None) => *empty = Some(number),
            (None, _) if value::stated(text).is_none() => {}
            (number, _) => {
                if number.is_none() {
                    noter.ignored(line, key, format!("\"{text}\" is not a number and is kept as text"))?;
                }
                self.other_fields.push((key.to_owned(), text.to_owned()));
            }
        }
        Ok(())
    }

    /// Keeps a text that was not understood, or not wholly, among the other fields.
    fn keep_if(&mut self, keep: bool, key: String, text: &str) {
        if keep && value::stated(text).is_some() {
            self.other_fields.push((key, text.to_owned()));
        }
    }
}
