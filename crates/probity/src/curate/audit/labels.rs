//! Isotope labels: what the name, the SMILES and the key say of them.

use super::report::{AuditCode, AuditFinding, Severity};
use super::subject::named;
use crate::chem::InChIKey;
use crate::library::Entry;

/// How surely a name says that the substance is labelled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Label {
    No,
    /// Letters that may mean it: `Diazepam D5`, but also `Vitamin D3`.
    Possible,
    /// Letters that mean nothing else: `Cocaine-d3`, `(13C6)`.
    Clear,
}

pub(super) fn check(entry: &Entry, findings: &mut Vec<AuditFinding>) {
    let identity = &entry.record().identity;
    let mut find = |code, severity, reason: String| {
        let message = format!("{}: {reason}", named(entry));
        findings.push(AuditFinding::new(code, severity, vec![entry.id()], message));
    };
    let label = label_of_names(entry);
    let Some(key) = entry.key() else { return };
    match key.isotope_label() {
        None if label == Label::Clear => find(
            AuditCode::LabelledUnderParentsKey,
            Severity::Error,
            format!(
                "the name is that of an isotopically labelled substance, but nothing in its key {key} and formula is labelled"
            ),
        ),
        Some(_) if has_key_of_unlabelled(entry) => find(
            AuditCode::LabelledUnderParentsKey,
            Severity::Error,
            format!(
                "the formula has isotope labels ({key}), but its InChIKey is that of a structure without any"
            ),
        ),
        Some(_) if label == Label::No => find(
            AuditCode::UnlabelledNameUnderLabelledKey,
            Severity::Doubt,
            format!("neither the name nor a synonym states an isotope label, but the key does ({key})"),
        ),
        _ => {}
    }
    if key.isotope_label().is_none()
        && label != Label::Clear
        && identity.smiles.as_deref().is_some_and(is_labelled_smiles)
    {
        find(
            AuditCode::LabelOnlyInSmiles,
            Severity::Doubt,
            format!("the SMILES has isotope labels, but the key {key} has none"),
        );
    }
}

/// Whether the stated InChIKey has the hash of empty layers: no labelled structure can have it.
fn has_key_of_unlabelled(entry: &Entry) -> bool {
    let key = entry.record().identity.inchikey.as_deref().and_then(|text| text.parse::<InChIKey>().ok());
    key.is_some_and(|key| !key.states_stereo_or_isotopes())
}

fn label_of_names(entry: &Entry) -> Label {
    let record = entry.record();
    // A synonym may be another substance's: it can excuse a labelled key, but not accuse another.
    let synonyms = record.identity.synonyms.iter().map(|name| label_of(name).min(Label::Possible));
    synonyms.fold(label_of(&record.name), Label::max)
}

fn label_of(name: &str) -> Label {
    let name = name.to_ascii_lowercase();
    // `(2H)` alone is an indicated hydrogen, as in isoindole-1,3(2H)-dione; a label has a number of atoms.
    let has_counted_label =
        |start: &str| name.split(start).skip(1).any(|after| after.starts_with(|c: char| c.is_ascii_digit()));
    if name.contains("deuter") || name.contains("[2h") || has_counted_label("(2h") {
        return Label::Clear;
    }
    let heavy = ["13c", "15n", "18o", "14c"];
    if heavy.iter().any(|atom| name.contains(&format!("({atom}")) || name.contains(&format!("[{atom}"))) {
        return Label::Clear;
    }
    let mut found = Label::No;
    for (start, word) in words(&name) {
        if heavy.iter().any(|atom| word.starts_with(atom)) {
            found = found.max(Label::Possible);
        }
        let is_label = word.strip_prefix('d').is_some_and(|digits| {
            (1..=2).contains(&digits.len()) && digits.bytes().all(|c| c.is_ascii_digit())
        });
        if !is_label {
            continue;
        }
        let before = name[..start].chars().next_back();
        let joined = matches!(before, Some('-' | '(' | '[' | '_'));
        // `Vitamin-D3` is a name of its own.
        found = found.max(if joined && !name.contains("vitamin") { Label::Clear } else { Label::Possible });
    }
    found
}

/// Runs of ASCII letters and digits, each with the byte where it begins.
fn words(name: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut at = 0;
    name.split(|c: char| !c.is_ascii_alphanumeric()).map(move |word| {
        // The words are parts of `name` in its order, so each is found from where the last one ended.
        let start = at + name[at..].find(word).unwrap_or(0);
        at = start + word.len();
        (start, word)
    })
}

fn is_labelled_smiles(smiles: &str) -> bool {
    let labels = ["[2H", "[3H", "[D]", "[13C", "[13c", "[14C", "[14c", "[15N", "[15n", "[18O"];
    labels.iter().any(|label| smiles.contains(label))
}

#[cfg(test)]
mod tests {
    use super::super::test_support::{codes, record};
    use super::*;
    use crate::format::Record;

    const COCAINE: &str = "ZPUCINDJVBIVPJ-LJISPDSOSA-N";
    const FENTANYL: &str = "PJMPHNIQZUBGLI-UHFFFAOYSA-N";

    fn found(name: &str, key: &str, formula: &str) -> Vec<AuditCode> {
        codes(check, record(name, key, formula, &[(82.0, 1.0)]))
    }

    #[test]
    fn names_with_labels_and_names_that_look_alike() {
        for name in [
            "Cocaine-D3",
            "d-Amphetamine-d11",
            "Caffeine (13C3)",
            "MDMA-(d5)",
            "Deuterated water",
            "(2H3)-Cocaine",
        ] {
            assert_eq!(label_of(name), Label::Clear, "{name}");
        }
        for name in ["Diazepam D5", "Vitamin D3", "vitamin-D2", "D3-Cocaine", "13C-Urea"] {
            assert_eq!(label_of(name), Label::Possible, "{name}");
        }
        for name in [
            "Cocaine",
            "2C-D",
            "D,L-Methadone",
            "CID42",
            "d-Amphetamine",
            "1H-Isoindole-1,3(2H)-dione",
            "µ-d",
        ] {
            assert_eq!(label_of(name), Label::No, "{name}");
        }
    }

    #[test]
    fn a_labelled_name_needs_a_labelled_key() {
        let under_parent = [AuditCode::LabelledUnderParentsKey];
        assert_eq!(found("Cocaine-d3", COCAINE, "C17H21NO4"), under_parent);
        assert!(found("Cocaine-d3", COCAINE, "C17H18D3NO4").is_empty());
        assert!(found("Cocaine", COCAINE, "C17H21NO4").is_empty());
        // The formula is labelled, but fentanyl's own key is not: it states neither stereo nor isotopes.
        assert_eq!(found("Fentanyl-d5", FENTANYL, "C22H23D5N2O"), under_parent);
        assert!(found("Vitamin D3", "QYSXJUFSXHHAJI-YRZJJWOYSA-N", "C27H44O").is_empty());
    }

    #[test]
    fn a_labelled_key_needs_a_labelled_name() {
        let entry = |name: &str, synonym: &str| Record {
            identity: crate::substance::Identity {
                synonyms: vec![synonym.into()],
                ..record("", COCAINE, "C17H18D3NO4", &[]).identity
            },
            ..record(name, "", "", &[(85.0, 1.0)])
        };
        let unlabelled = [AuditCode::UnlabelledNameUnderLabelledKey];
        assert_eq!(codes(check, entry("Cocaine", "Benzoylmethylecgonine")), unlabelled);
        assert!(codes(check, entry("Cocaine", "cocaine-D3")).is_empty());
        assert!(codes(check, entry("Cocaine D3", "")).is_empty());
    }

    #[test]
    fn a_label_that_only_the_smiles_has() {
        let mut entry = record("Fentanyl", FENTANYL, "C22H28N2O", &[(245.0, 1.0)]);
        entry.identity.smiles = Some("[2H]CCC(=O)N(C1CCN(CC1)CCC1=CC=CC=C1)C1=CC=CC=C1".into());
        assert_eq!(codes(check, entry.clone()), [AuditCode::LabelOnlyInSmiles]);
        entry.identity.smiles = Some("CCC(=O)N(C1CCN(CC1)CCC1=CC=CC=C1)C1=CC=CC=C1".into());
        assert!(codes(check, entry).is_empty());
    }
}
