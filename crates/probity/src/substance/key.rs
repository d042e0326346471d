//! The key under which spectra count as the same substance.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::Identity;
use crate::chem::{Element, Formula, InChIKey, InChIKeySkeleton, quoted};
use crate::error::{Error, Result};

/// First block of the InChIKey plus an isotope label: `ZPUCINDJVBIVPJ`, `ZPUCINDJVBIVPJ_D3`,
/// `BJEPYKJPYRNKOW_iso4`. The number after `_D` is that of the deuterium atoms, after `_iso` that of
/// all other atoms labelled with an isotope other than their element's most abundant one. A substance
/// with both has both: `ZPUCINDJVBIVPJ_D3_iso1`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct SubstanceKey(String);

/// Numbers of labelled atoms.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Labels {
    deuterium: u32,
    other: u32,
}

impl Labels {
    fn of_formula(formula: &Formula) -> Self {
        Self { deuterium: formula.deuterium_count(), other: formula.other_label_count() }
    }

    /// Counts the bracket atoms that begin with a mass number: `[2H]`, `[13CH2]`, `[15N@@]`. Hydrogen
    /// is an atom of its own when it is labelled.
    fn of_smiles(smiles: &str) -> Self {
        let mut labels = Self::default();
        for atom in smiles.split('[').skip(1).filter_map(|after| after.split_once(']')).map(|(atom, _)| atom)
        {
            let digits = atom.bytes().take_while(u8::is_ascii_digit).count();
            let (number, rest) = atom.split_at(digits);
            let (Ok(mass_number), Some(element)) = (number.parse::<u16>(), leading_element(rest)) else {
                continue;
            };
            if element == Element::HYDROGEN && mass_number == 2 {
                labels.deuterium += 1;
            } else if mass_number != element.principal_isotope().mass_number {
                labels.other += 1;
            }
        }
        labels
    }
}

/// The element that a SMILES bracket atom begins with after its mass number; aromatic atoms are
/// written in lower case (`[13cH]`, `[15n]`).
fn leading_element(text: &str) -> Option<Element> {
    let mut letters = text.chars();
    let first = letters.next()?;
    let second = letters.next().filter(char::is_ascii_lowercase);
    let symbol = |second: Option<char>| first.to_uppercase().chain(second).collect::<String>();
    second
        .and_then(|second| Element::from_symbol(&symbol(Some(second))))
        .or_else(|| Element::from_symbol(&symbol(None)))
}

impl SubstanceKey {
    /// The key of a published identity; `None` without a well-formed InChIKey.
    ///
    /// The formula says which atoms are labelled. For a kind of label that it does not show (or if
    /// it cannot be read) the SMILES is asked, unless the InChIKey has the hash of empty layers: a
    /// structure with labels cannot have that key, so the SMILES then belongs to another record.
    /// Names are no evidence: a D in a name has many meanings.
    #[must_use]
    pub fn from_identity(identity: &Identity) -> Option<Self> {
        let inchikey: InChIKey = identity.inchikey.as_deref()?.parse().ok()?;
        let formula = identity.formula.as_deref().and_then(|text| text.parse::<Formula>().ok());
        let by_formula = formula.as_ref().map(Labels::of_formula).unwrap_or_default();
        let smiles = identity.smiles.as_deref().filter(|_| inchikey.states_stereo_or_isotopes());
        let by_smiles = smiles.map(Labels::of_smiles).unwrap_or_default();
        let either = |formula, smiles| if formula > 0 { formula } else { smiles };
        Some(Self::from_parts(
            &inchikey.skeleton(),
            Labels {
                deuterium: either(by_formula.deuterium, by_smiles.deuterium),
                other: either(by_formula.other, by_smiles.other),
            },
        ))
    }

    fn from_parts(skeleton: &InChIKeySkeleton, labels: Labels) -> Self {
        let mut key = skeleton.as_str().to_owned();
        if labels.deuterium > 0 {
            key.push_str(&format!("_D{}", labels.deuterium));
        }
        if labels.other > 0 {
            key.push_str(&format!("_iso{}", labels.other));
        }
        Self(key)
    }

    /// The whole key.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The first block of the InChIKey, 14 letters: the same for all labelled forms of a substance.
    #[must_use]
    pub fn skeleton(&self) -> &str {
        &self.0[..14]
    }

    /// The isotope label without its first underscore (`D3`, `iso4`, `D3_iso1`), if there is one.
    #[must_use]
    pub fn isotope_label(&self) -> Option<&str> {
        self.0.get(15..)
    }
}

/// The number behind `prefix` in a label; it is at least 1 and has no zeros before it.
fn label_number(text: &str, prefix: &str) -> Option<u32> {
    let digits = text.strip_prefix(prefix)?;
    let number: u32 = digits.parse().ok()?;
    (number > 0 && number.to_string() == digits).then_some(number)
}

impl FromStr for SubstanceKey {
    type Err = Error;

    /// # Errors
    /// `Malformed` for a text that is not 14 capitals with `_D<n>` and `_iso<n>`, in this order, or
    /// without them.
    fn from_str(text: &str) -> Result<Self> {
        let refuse = || {
            Error::malformed(format!(
                "{} is not a substance key: 14 capitals, then _D or _iso with a number where atoms are labelled",
                quoted(text)
            ))
        };
        let text = text.trim();
        let mut parts = text.split('_');
        let skeleton: InChIKeySkeleton = parts.next().unwrap_or_default().parse().map_err(|_| refuse())?;
        let mut labels = Labels::default();
        for part in parts {
            if let Some(number) = label_number(part, "D") {
                labels.deuterium = number;
            } else if let Some(number) = label_number(part, "iso") {
                labels.other = number;
            } else {
                return Err(refuse());
            }
        }
        let key = Self::from_parts(&skeleton, labels);
        // Repeated labels and labels in another order would not come out the same.
        if key.0 == text { Ok(key) } else { Err(refuse()) }
    }
}

impl fmt::Display for SubstanceKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for SubstanceKey {
    type Error = Error;

    fn try_from(text: String) -> Result<Self> {
        text.parse()
    }
}

impl From<SubstanceKey> for String {
    fn from(key: SubstanceKey) -> Self {
        key.0
    }
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeSet, HashMap};

    use proptest::prelude::*;

    use super::*;
    use crate::chem::data_test;

    fn key(inchikey: &str, formula: &str, smiles: &str) -> Option<SubstanceKey> {
        let stated = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        SubstanceKey::from_identity(&Identity {
            inchikey: stated(inchikey),
            formula: stated(formula),
            smiles: stated(smiles),
            synonyms: vec!["Compound-D9".to_owned()],
            ..Identity::default()
        })
    }

    #[test]
    fn labels_come_from_the_formula_then_from_the_smiles() {
        let cocaine = "ZPUCINDJVBIVPJ-LJISPDSOSA-N";
        for (formula, smiles, expected) in [
            ("C17H21NO4", "", "ZPUCINDJVBIVPJ"),
            ("", "", "ZPUCINDJVBIVPJ"),
            ("C17H18D3NO4", "", "ZPUCINDJVBIVPJ_D3"),
            ("C17H18[2H]3NO4", "", "ZPUCINDJVBIVPJ_D3"),
            ("C17H18D3NO4", "[2H]C([2H])C", "ZPUCINDJVBIVPJ_D3"),
            ("C17H21NO4", "[2H]C([2H])([2H])C", "ZPUCINDJVBIVPJ_D3"),
            ("no formula", "[2H]C([2H])C", "ZPUCINDJVBIVPJ_D2"),
            ("C17H21NO4", "[13CH3]C[13c]1[15nH]c1[18O-]", "ZPUCINDJVBIVPJ_iso4"),
            ("C11[13C]6H21NO4", "", "ZPUCINDJVBIVPJ_iso6"),
            ("C16[13C]H18D3NO4", "", "ZPUCINDJVBIVPJ_D3_iso1"),
            ("C17H18D3NO4", "[13CH3]C", "ZPUCINDJVBIVPJ_D3_iso1"),
            // The most abundant isotope is no label, a charge or hydrogen count no mass number.
            ("C17H21NO4", "[12CH3][35Cl][NH3+][Na+][C@@H]", "ZPUCINDJVBIVPJ"),
            ("C17H21NO4", "[[2H", "ZPUCINDJVBIVPJ"),
        ] {
            assert_eq!(key(cocaine, formula, smiles).unwrap().as_str(), expected, "{formula} {smiles}");
        }
    }

    /// As SWGDRUG 3.9 has it for the entries AH 7921 and AH 7921-d3, whose SMILES is the same.
    #[test]
    fn a_labelled_smiles_is_not_believed_under_a_key_without_labels() {
        let (plain, labelled) = ("JMZROFPPEXCTST-UHFFFAOYSA-N", "JMZROFPPEXCTST-OFTYRWGKSA-N");
        let smiles = "ClC1=C(C(C(=O)NCC2(CCCCC2)N(C)C)=C(C(=C1Cl)[2H])[2H])[2H]";
        assert_eq!(key(plain, "C16H22Cl2N2O", smiles).unwrap().as_str(), "JMZROFPPEXCTST");
        assert_eq!(key(labelled, "C16H22Cl2N2O", smiles).unwrap().as_str(), "JMZROFPPEXCTST_D3");
        // A formula that says D is believed under any key.
        assert_eq!(key(plain, "C16H19D3Cl2N2O", "").unwrap().as_str(), "JMZROFPPEXCTST_D3");
    }

    #[test]
    fn there_is_no_key_without_a_whole_inchikey() {
        for inchikey in ["", "ZPUCINDJVBIVPJ", "N/A", "ZPUCINDJVBIVPJ-LJISPDSOSA"] {
            assert_eq!(key(inchikey, "C17H21NO4", ""), None);
        }
    }

    #[test]
    fn the_parts_of_a_key() {
        let read = |text: &str| text.parse::<SubstanceKey>().unwrap();
        assert_eq!(read("ZPUCINDJVBIVPJ").isotope_label(), None);
        assert_eq!(read("ZPUCINDJVBIVPJ_D3").isotope_label(), Some("D3"));
        assert_eq!(read(" ZPUCINDJVBIVPJ_D3_iso1 ").isotope_label(), Some("D3_iso1"));
        assert_eq!(read("ZPUCINDJVBIVPJ_iso12").skeleton(), "ZPUCINDJVBIVPJ");
    }

    #[test]
    fn what_is_no_key_is_refused_by_parse_and_serde() {
        for text in [
            "",
            "ZPUCINDJVBIVP",
            "zpucindjvbivpj",
            "ZPUCINDJVBIVPJ-LJISPDSOSA-N",
            "ZPUCINDJVBIVPJ_",
            "ZPUCINDJVBIVPJ_D",
            "ZPUCINDJVBIVPJ_D0",
            "ZPUCINDJVBIVPJ_D03",
            "ZPUCINDJVBIVPJ_D+3",
            "ZPUCINDJVBIVPJ_iso1_D3",
            "ZPUCINDJVBIVPJ_D3_D3",
            "ZPUCINDJVBIVPJ_T3",
        ] {
            assert!(text.parse::<SubstanceKey>().is_err(), "{text}");
            assert!(serde_json::from_value::<SubstanceKey>(text.into()).is_err(), "{text}");
        }
        let json = "\"ZPUCINDJVBIVPJ_D3\"";
        let key: SubstanceKey = serde_json::from_str(json).unwrap();
        assert_eq!(serde_json::to_string(&key).unwrap(), json);
    }

    proptest! {
        #[test]
        fn a_key_is_read_back(skeleton in "[A-Z]{14}", deuterium in 0_u32..20, other in 0_u32..20) {
            let key = SubstanceKey::from_parts(&skeleton.parse().unwrap(), Labels { deuterium, other });
            prop_assert_eq!(key.as_str().parse::<SubstanceKey>().unwrap(), key);
        }

        #[test]
        fn no_text_makes_the_reader_panic(text in "\\PC{0,30}", smiles in "[\\[\\]0-9HCcn@é]{0,30}") {
            let _ = (text.parse::<SubstanceKey>(), Labels::of_smiles(&text), Labels::of_smiles(&smiles));
        }
    }

    fn of_record(record: &data_test::Row) -> Option<SubstanceKey> {
        let field = |name| record.get(name).map_or("", String::as_str);
        key(field("InChIKey"), field("Formula"), field("SMILES"))
    }

    /// The data's own description states 817 keys in this library; those of acids labelled with 13C among them.
    #[test]
    #[ignore = "needs PROBITY_DATA"]
    fn the_massbank_library_has_as_many_keys_as_its_description_states() {
        let records = data_test::library("ei_reference_massbank.msp.gz");
        let keys: BTreeSet<SubstanceKey> = records.iter().filter_map(of_record).collect();
        assert_eq!((records.len(), keys.len()), (1_649, 817));
    }

    /// The truth of the queries was keyed by another program from the same sources.
    #[test]
    #[ignore = "needs PROBITY_DATA"]
    fn keys_agree_with_the_truth_of_the_queries() {
        let mut by_skeleton: HashMap<String, BTreeSet<String>> = HashMap::new();
        for library in ["ei_reference_swgdrug.msp.gz", "ei_reference_massbank.msp.gz"] {
            for key in data_test::library(library).iter().filter_map(of_record) {
                by_skeleton.entry(key.skeleton().to_owned()).or_default().insert(key.as_str().to_owned());
            }
        }
        let mut found = 0;
        for row in data_test::tab_separated("ms/queries/ei_truth.tsv") {
            let truth: SubstanceKey = row["compound_key"].parse().unwrap();
            let keys = by_skeleton.get(truth.skeleton());
            let is_known = keys.is_some_and(|keys| keys.contains(truth.as_str()));
            assert_eq!(is_known, row["in_library"] == "yes", "{truth}");
            found += usize::from(is_known);
        }
        assert!(found > 50, "only {found} queries are in the libraries");
    }

    /// Counted in the file with a regular expression: 112 formulas with D, and 5 entries with [2H] in the
    /// SMILES alone, of which 4 have an InChIKey without labels (the fifth, Norhydrocodone, states
    /// stereochemistry, so its key cannot tell).
    #[test]
    #[ignore = "needs PROBITY_DATA"]
    fn deuterated_standards_have_a_key_of_their_own() {
        let records = data_test::library("ei_reference_swgdrug.msp.gz");
        let labelled =
            records.iter().filter_map(of_record).filter(|key| key.isotope_label().is_some()).count();
        assert_eq!(labelled, 112 + 1);
    }
}
