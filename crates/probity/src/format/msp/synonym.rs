//! Synonyms that are names, and those that carry other fields.

use super::field::Field;

/// What a line `Synon:` holds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Synonym<'a> {
    /// Another name.
    Name(&'a str),
    /// Another field, under its tag.
    Value { tag: &'a str, field: Option<Field>, value: &'a str },
}

/// Sorts a synonym.
///
/// NIST tags values of MS/MS spectra as `$:NN` (the numbers as in the NISTMS.DLL reference of 2013 and,
/// for 10, 11 and 16, as MoNA writes them); Golm writes `METB N: name`, `MST N: name` and many fields
/// of its own with the same prefixes.
pub(super) fn read_synonym(text: &str) -> Synonym<'_> {
    if let Some(tagged) = text.strip_prefix("$:") {
        let digits = tagged.bytes().take(2).take_while(u8::is_ascii_digit).count();
        if digits == 2 {
            let (tag, value) = text.split_at(2 + digits);
            return Synonym::Value { tag, field: tagged_field(&tag[2..]), value: value.trim() };
        }
    }
    if let Some((tag, value)) = text.split_once(": ").or_else(|| text.strip_suffix(':').map(|tag| (tag, "")))
    {
        let is_golm = ["METB", "MST", "GMD", "RI"].iter().any(|prefix| {
            tag.strip_prefix(prefix).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
        });
        if is_golm {
            let value = value.trim();
            return match tag {
                "METB N" | "MST N" => Synonym::Name(value),
                _ => Synonym::Value { tag, field: golm_field(tag), value },
            };
        }
    }
    Synonym::Name(text)
}

fn tagged_field(number: &str) -> Option<Field> {
    Some(match number {
        "03" => Field::PrecursorType,
        "04" => Field::PrecursorMz,
        "05" => Field::CollisionEnergy,
        "06" => Field::InstrumentType,
        "07" => Field::Instrument,
        "08" => Field::FragmentationMode,
        "10" => Field::Ionization,
        "11" => Field::IonMode,
        _ => return None,
    })
}

fn golm_field(tag: &str) -> Option<Field> {
    Some(match tag {
        "METB InChI" => Field::Inchi,
        "METB InChIKey" => Field::InchiKey,
        "METB CAS" => Field::Cas,
        "RI" => Field::RetentionIndex,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_kept_out_of_the_names() {
        assert_eq!(
            read_synonym("$:03[M+H]+"),
            Synonym::Value { tag: "$:03", field: Some(Field::PrecursorType), value: "[M+H]+" }
        );
        assert_eq!(
            read_synonym("$:00in-source"),
            Synonym::Value { tag: "$:00", field: None, value: "in-source" }
        );
        assert_eq!(read_synonym("$:x"), Synonym::Name("$:x"));
        assert_eq!(read_synonym("METB N: Glycine"), Synonym::Name("Glycine"));
        assert_eq!(
            read_synonym("METB CAS: 1118-68-9"),
            Synonym::Value { tag: "METB CAS", field: Some(Field::Cas), value: "1118-68-9" }
        );
        assert_eq!(read_synonym("RIBOSE: pure"), Synonym::Name("RIBOSE: pure"));
        assert_eq!(read_synonym("5: 6"), Synonym::Name("5: 6"));
    }
}
