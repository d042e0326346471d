//! Where the value of a field goes.

use super::Dialect;
use super::field::Field;
use super::record_builder::RecordBuilder;
use crate::format::derivative::is_no_derivative;
use crate::format::field_value::{
    parse_charge, parse_ms_level, parse_mz_range, parse_polarity, parse_time_s, stated,
};
use crate::format::number::{parse_number, parse_number_or_decimal_comma};
use crate::format::retention_index::{RetentionIndex, parse_retention_index};
use crate::spectrum::Acquisition;

/// How the type of an in-source CID spectrum is written, by us too.
const IN_SOURCE: &str = "MS1 in-source CID";

/// What became of the value of one field.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Outcome {
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

impl RecordBuilder {
    /// Puts a value where it belongs, if that place is free.
    pub(super) fn set(&mut self, field: Field, value: &str, dialect: Dialect) -> Outcome {
        // A lone minus is a polarity, and a name or comment may be any text.
        if stated(value).is_none() && !matches!(field, Field::Name | Field::Comment | Field::IonMode) {
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
            Field::Derivative if is_no_derivative(value) => Outcome::NoPlace,
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
                None if stated(value).is_none() => Outcome::Done,
                None => Outcome::Unusable("is not an ion mode"),
            },
            Field::Charge => match parse_charge(value) {
                Some((charge, _)) => put(&mut acquisition.charge, charge),
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
            Field::RetentionTimeMinutes => time(acquisition, value, Some(60.0)),
            Field::RetentionTimeSeconds => time(acquisition, value, Some(1.0)),
            Field::RetentionTimeUnstated => time(acquisition, value, dialect.seconds_per_rt()),
            Field::ScanRange => match parse_mz_range(value) {
                Some(range) => put(&mut acquisition.scan_range_mz, range),
                None => Outcome::NoPlace,
            },
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
        for token in value.split([' ', ',', ';', '\t']).filter(|token| stated(token).is_some()) {
            let number = token.split('(').next().unwrap_or_default();
            if !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-') {
                let is_zero = number.bytes().all(|byte| matches!(byte, b'0' | b'-'));
                if !is_zero {
                    self.identity.cas_numbers.push(token.to_owned());
                }
            } else {
                rest.push(token);
            }
        }
        if rest.is_empty() { Outcome::Done } else { Outcome::NoPlace }
    }

    fn set_spectrum_type(&mut self, value: &str) -> Outcome {
        // "MS1 in-source CID" is of level 1.
        let level = value.split_whitespace().next().and_then(|word| match word {
            "MS/MS" | "ms/ms" | "MSMS" => Some(2),
            word => parse_ms_level(word),
        });
        if let Some(level) = level {
            self.acquisition.ms_level.get_or_insert(level);
        }
        let outcome = text(&mut self.spectrum_type, value);
        let is_ei = value.eq_ignore_ascii_case("EI");
        // EI becomes the technique. What neither the level nor the technique says is kept as text.
        let said = is_ei || value == IN_SOURCE || level.is_some() && !value.contains(' ');
        if outcome == Outcome::Done && !said { Outcome::NoPlace } else { outcome }
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

/// A retention time; `seconds_per_unit` is of a time that is written without its unit. Writers put -1
/// where there is none.
fn time(acquisition: &mut Acquisition, value: &str, seconds_per_unit: Option<f64>) -> Outcome {
    let bare = parse_number_or_decimal_comma(value);
    let seconds = match (bare, seconds_per_unit) {
        (Some(-1.0), _) => return Outcome::Done,
        (Some(number), Some(seconds_per_unit)) => Some(number * seconds_per_unit),
        (Some(_), None) => return Outcome::Unusable("is a time whose unit is not stated"),
        (None, _) => parse_time_s(value),
    };
    match seconds.filter(|&seconds| seconds >= 0.0 && seconds.is_finite()) {
        Some(seconds) => put(&mut acquisition.retention_time_s, seconds),
        None => Outcome::Unusable("is not a time"),
    }
}
