//! The fields of MSP and MSL, and the many spellings of their names.

/// What a field is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Field {
    Accession,
    Cas,
    Charge,
    Class,
    CollisionEnergy,
    Comment,
    Contributor,
    Derivative,
    ExactMass,
    Formula,
    FragmentationMode,
    InSourceVoltage,
    Inchi,
    InchiKey,
    Instrument,
    InstrumentType,
    Ionization,
    IonMode,
    Licence,
    MolecularMass,
    Name,
    NistNumber,
    NumPeaks,
    PrecursorMz,
    PrecursorType,
    RetentionIndex,
    RetentionTimeMinutes,
    RetentionTimeSeconds,
    RetentionTimeUnstated,
    Smiles,
    Source,
    SpectrumType,
    Splash,
    Synonym,
}

/// A field's name without what varies between writers: letters and digits only, in lower case.
pub(super) fn normalized(key: &str) -> String {
    key.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

impl Field {
    /// The field of a [`normalized`] name, if it is known.
    pub(super) fn of(normalized: &str) -> Option<Self> {
        Some(match normalized {
            "name" | "compoundname" => Self::Name,
            "synon" | "synonym" | "synonyms" => Self::Synonym,
            "comment" | "comments" => Self::Comment,
            "numpeaks" | "numpeak" | "numberofpeaks" => Self::NumPeaks,
            "formula" | "form" | "molecularformula" => Self::Formula,
            "inchikey" => Self::InchiKey,
            "inchi" => Self::Inchi,
            "smiles" => Self::Smiles,
            "cas" | "casno" | "casnumber" | "casrn" | "casregistryno" => Self::Cas,
            "mw" | "molecularweight" | "molecularmass" => Self::MolecularMass,
            "exactmass" | "monoisotopicmass" => Self::ExactMass,
            "class" | "ontology" | "compoundclass" => Self::Class,
            "derivative" | "derivatization" | "derivativetype" => Self::Derivative,
            "precursormz" | "precursormass" | "pepmass" => Self::PrecursorMz,
            "precursortype" | "adduct" => Self::PrecursorType,
            "charge" => Self::Charge,
            "ionmode" | "polarity" => Self::IonMode,
            "spectrumtype" | "mstype" | "mslevel" => Self::SpectrumType,
            "collisionenergy" | "ce" => Self::CollisionEnergy,
            "fragmentationmode" | "fragmentationmethod" | "specialfragmentation" => Self::FragmentationMode,
            "ionization" | "ionisation" | "ionsource" | "ionizationmethod" | "ionizationmode" => {
                Self::Ionization
            }
            "insourcevoltage" => Self::InSourceVoltage,
            "instrument" | "instrumentname" => Self::Instrument,
            "instrumenttype" => Self::InstrumentType,
            "retentionindex" | "ri" => Self::RetentionIndex,
            // MS-DIAL writes RETENTIONTIME in minutes; programs that follow it do the same.
            "retentiontime" | "retentiontimemins" | "retentiontimeinminutes" | "rtinminutes" => {
                Self::RetentionTimeMinutes
            }
            "rtinseconds" | "retentiontimesecs" | "retentiontimeinseconds" => Self::RetentionTimeSeconds,
            "rt" => Self::RetentionTimeUnstated,
            "db" | "id" | "accession" | "spectrumid" => Self::Accession,
            "nist" | "nistno" => Self::NistNumber,
            "source" | "library" => Self::Source,
            "contributor" | "submitter" => Self::Contributor,
            "licence" | "license" => Self::Licence,
            "splash" => Self::Splash,
            _ => return None,
        })
    }

    /// Whether further fields may follow on the same line behind a semicolon (`CAS#: x;  NIST#: y`).
    pub(super) fn shares_its_line(self) -> bool {
        matches!(
            self,
            Self::Accession
                | Self::Cas
                | Self::ExactMass
                | Self::Formula
                | Self::MolecularMass
                | Self::NistNumber
                | Self::RetentionIndex
        )
    }
}

/// The name and the value of a line `name: value`, if it has that form: a name begins with a letter and
/// has at most 64 bytes of letters, digits and a few signs.
pub(super) fn split_field(line: &str) -> Option<(&str, &str)> {
    let (key, value) = line.split_once(':')?;
    let key = key.trim();
    let is_name = key.len() <= 64
        && key.starts_with(|c: char| c.is_alphabetic())
        && key.chars().all(|c| c.is_alphanumeric() || " _-#./$%()'".contains(c));
    is_name.then(|| (key, value.trim()))
}

/// Splits a value from the fields that share its line: the value, and the rest behind the semicolon.
pub(super) fn split_shared(field: Field, value: &str) -> (&str, Option<&str>) {
    if field.shares_its_line() {
        for (position, _) in value.match_indices(';') {
            let rest = value[position + 1..].trim_start();
            if split_field(rest).is_some_and(|(key, _)| Field::of(&normalized(key)).is_some()) {
                return (value[..position].trim_end(), Some(rest));
            }
        }
    }
    (value, None)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_name_are_one_field() {
        for key in ["Num Peaks", "num peaks", "NUM PEAKS", "Num_Peaks", "NumPeaks"] {
            assert_eq!(Field::of(&normalized(key)), Some(Field::NumPeaks), "{key}");
        }
        for key in ["PrecursorMZ", "PRECURSORMZ", "Precursor_mz", "precursor m/z"] {
            assert_eq!(Field::of(&normalized(key)), Some(Field::PrecursorMz), "{key}");
        }
        assert_eq!(Field::of(&normalized("CAS#")), Some(Field::Cas));
        assert_eq!(Field::of(&normalized("Related_CAS#")), None);
    }

    #[test]
    fn a_field_begins_with_a_name() {
        assert_eq!(split_field("Comment: http://a.b/c"), Some(("Comment", "http://a.b/c")));
        assert_eq!(split_field("CAS# :  "), Some(("CAS#", "")));
        for line in ["70:10 76:35", "no colon", ": x", "\"a\": 1", "{a: 1}"] {
            assert_eq!(split_field(line), None, "{line}");
        }
    }

    #[test]
    fn known_fields_may_share_a_line() {
        assert_eq!(split_shared(Field::Cas, "50-36-2;  NIST#: 7"), ("50-36-2", Some("NIST#: 7")));
        assert_eq!(split_shared(Field::Cas, "50-36-2; 53-21-4"), ("50-36-2; 53-21-4", None));
        assert_eq!(split_shared(Field::Name, "a; MW: 7"), ("a; MW: 7", None));
    }
}
