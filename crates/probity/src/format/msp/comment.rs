//! Values that programs hide in comments.

use super::field::{Field, normalized};

/// The known values in a comment: `"key=value"` in double quotes as MoNA writes them, and `Parent=m/z`
/// between blanks as NIST does. Values that are marked as computed come last, so that stated ones win;
/// of the computed ones only the structure counts.
pub(super) fn key_values(comment: &str) -> Vec<(Field, &str)> {
    let (mut stated, mut computed) = (Vec::new(), Vec::new());
    // Every second piece between double quotes is inside of a pair of them.
    for quoted in comment.split('"').skip(1).step_by(2) {
        let Some((key, value)) = quoted.split_once('=') else { continue };
        let (key, value) = (key.trim(), value.trim());
        match key.strip_prefix("computed ") {
            Some(key) => match structure_field(key) {
                Some(field) => computed.push((field, value)),
                None => continue,
            },
            None => match known_field(key) {
                Some(field) => stated.push((field, value)),
                None => continue,
            },
        }
    }
    let bare = comment.split('"').step_by(2).flat_map(str::split_whitespace);
    stated.extend(bare.filter_map(|word| {
        let (key, value) = word.split_once('=')?;
        key.eq_ignore_ascii_case("Parent").then_some((Field::PrecursorMz, value))
    }));
    stated.append(&mut computed);
    stated
}

fn structure_field(key: &str) -> Option<Field> {
    match normalized(key).as_str() {
        "smiles" => Some(Field::Smiles),
        "inchi" => Some(Field::Inchi),
        "inchikey" => Some(Field::InchiKey),
        _ => None,
    }
}

fn known_field(key: &str) -> Option<Field> {
    match normalized(key).as_str() {
        // A bare number here may be seconds or minutes: only a stated unit is believed.
        "retentiontime" => Some(Field::RetentionTimeUnstated),
        "author" => Some(Field::Contributor),
        "totalexactmass" => Some(Field::ExactMass),
        "id" | "db" | "source" | "library" | "name" | "synonym" | "comment" | "numpeaks" => None,
        other => Field::of(other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stated_values_come_before_computed_ones() {
        let comment =
            r#""computed SMILES=CCO" "SMILES=OCC" "InChI=InChI=1S/C2H6O" "computed mass error=5" "x""#;
        assert_eq!(
            key_values(comment),
            [(Field::Smiles, "OCC"), (Field::Inchi, "InChI=1S/C2H6O"), (Field::Smiles, "CCO")]
        );
    }

    #[test]
    fn a_parent_ion_stands_between_blanks() {
        assert_eq!(key_values("Spec=Consensus Parent=289.2162 Mods=0"), [(Field::PrecursorMz, "289.2162")]);
        assert_eq!(key_values("see https://example.org/?id=7"), []);
        assert_eq!(key_values("\"not closed=1"), []);
    }
}
