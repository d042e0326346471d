//! Molecular formulas.

mod mass;
mod parse;
mod reader;
mod text;

use std::collections::BTreeMap;

pub(super) use text::hill_text;

use serde::{Deserialize, Serialize};

use super::atom::Atom;
use super::element::Element;
use crate::error::{Error, Result};

/// The largest number of atoms of one element in a formula.
const MAX_ATOMS_PER_ELEMENT: u32 = 10_000;
/// The largest charge of one component, of either sign.
const MAX_CHARGE: i32 = 100;

/// A molecular formula: one or more components (a salt has several), each with its charge.
///
/// Read from text with `parse`, as files have it: `C17H21NO4`, in any order of the elements;
/// parentheses with a multiplicity; isotopes as `D`, `T`, `[13C]6`, `[13C6]` or `[2H]3`; salts and
/// solvates joined by `.`, `·` or `•` with whole multiplicities (`(C17H19NO3)2.H2SO4`, `C10H15N·2HCl`);
/// blanks at the ends and between the parts, and subscript digits, are accepted.
///
/// Charges stand at the end of a component: `C19H42N+`, `[C9H16ClN4]+`, `[C30H60N3O3]3+`, `O4S-2`,
/// `O4S 2-`. Digits right after an atom are its count, so `C2H2+` is C2H2 with one charge: a charge
/// above 1 stands after the sign, after a blank, or after brackets around the whole component.
///
/// Fractional multiplicities (`·0.5H2SO4`, `.1/2H2O`) are refused: they describe a solid, not a
/// molecule. A lone number after the point is whole: `.5H2O` are five waters.
/// Formulas are equal if their components are, whatever the order or spelling. The text form
/// (`Display`, serde) has components in order of carbon and mass, elements in Hill order, isotopes
/// as `D`, `T` and `[13C]`; reading it gives the same formula.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Formula {
    /// Never empty; sorted, no two alike in atoms and charge.
    components: Vec<Component>,
}

/// One kind of molecule or ion in a formula.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
struct Component {
    /// Never empty, no count is 0.
    atoms: BTreeMap<Atom, u32>,
    charge: i32,
    /// How many of it, at least 1.
    multiplicity: u32,
}

impl Component {
    fn count(&self, element: Element) -> u32 {
        self.atoms.iter().filter(|(atom, _)| atom.element() == element).map(|(_, count)| count).sum()
    }

    fn nominal_mass(&self) -> u32 {
        self.atoms.iter().map(|(atom, count)| u32::from(atom.principal_isotope().mass_number) * count).sum()
    }
}

impl Formula {
    /// Merges and sorts components and checks the limits.
    fn from_components(components: Vec<Component>) -> Result<Self> {
        let mut merged: Vec<Component> = Vec::new();
        for component in components {
            let known = merged
                .iter_mut()
                .find(|known| known.atoms == component.atoms && known.charge == component.charge);
            match known {
                Some(known) => known.multiplicity = known.multiplicity.saturating_add(component.multiplicity),
                None => merged.push(component),
            }
        }
        let mut totals: BTreeMap<Element, u64> = BTreeMap::new();
        for component in &merged {
            for (atom, &count) in &component.atoms {
                *totals.entry(atom.element()).or_default() +=
                    u64::from(count) * u64::from(component.multiplicity);
            }
        }
        if let Some((element, total)) =
            totals.into_iter().find(|&(_, total)| total > u64::from(MAX_ATOMS_PER_ELEMENT))
        {
            return Err(Error::limit(format!(
                "{total} atoms of {element} are more than the {MAX_ATOMS_PER_ELEMENT} that a formula may have"
            )));
        }
        // Only now, with every count in its limit, do masses fit their type.
        merged.sort_by_cached_key(|component| {
            let carbon = component.count(Element::CARBON);
            let size = std::cmp::Reverse((carbon, component.nominal_mass()));
            (size, component.atoms.clone(), component.charge)
        });
        Ok(Self { components: merged })
    }

    /// All atoms of all components with their numbers, ascending in atomic number.
    #[must_use]
    pub fn atoms(&self) -> BTreeMap<Atom, u32> {
        let mut atoms = BTreeMap::new();
        for component in &self.components {
            for (&atom, &count) in &component.atoms {
                *atoms.entry(atom).or_insert(0) += count * component.multiplicity;
            }
        }
        atoms
    }

    /// The number of atoms of an element, labelled ones included.
    #[must_use]
    pub fn count(&self, element: Element) -> u32 {
        self.components.iter().map(|component| component.count(element) * component.multiplicity).sum()
    }

    /// The number of deuterium atoms.
    #[must_use]
    pub fn deuterium_count(&self) -> u32 {
        self.atoms().get(&Atom::DEUTERIUM).copied().unwrap_or(0)
    }

    /// The number of atoms labelled with another isotope than the most abundant one, deuterium apart
    /// (13C, 15N, 18O, tritium ...).
    #[must_use]
    pub fn other_label_count(&self) -> u32 {
        let atoms = self.atoms();
        let labels = atoms.iter().filter(|(atom, _)| atom.is_heavy_label() && **atom != Atom::DEUTERIUM);
        labels.map(|(_, count)| count).sum()
    }

    /// Whether the formula states the isotope of any atom.
    #[must_use]
    pub fn is_isotopically_labelled(&self) -> bool {
        self.components.iter().any(|component| component.atoms.keys().any(|atom| atom.label().is_some()))
    }

    /// The same formula with every atom of natural isotopic composition.
    #[must_use]
    pub fn without_isotope_labels(&self) -> Self {
        let components = self.components.iter().map(|component| {
            let mut atoms = BTreeMap::new();
            for (atom, count) in &component.atoms {
                *atoms.entry(Atom::natural(atom.element())).or_insert(0) += count;
            }
            Component { atoms, ..component.clone() }
        });
        Self::from_components(components.collect()).expect("dropping labels changes no number of atoms")
    }

    /// Whether the formula has at least one atom of each of the elements.
    #[must_use]
    pub fn contains_all_elements(&self, elements: &[Element]) -> bool {
        elements.iter().all(|&element| self.count(element) > 0)
    }

    /// The charge of the whole formula, in elementary charges with its sign.
    #[must_use]
    pub fn charge(&self) -> i32 {
        self.components
            .iter()
            .map(|component| component.charge * i32::try_from(component.multiplicity).unwrap_or(i32::MAX))
            .sum()
    }

    /// The components with their multiplicity, those with most carbon first, then the heaviest.
    pub fn components(&self) -> impl Iterator<Item = (Self, u32)> + '_ {
        self.components.iter().map(|component| {
            let single = Component { multiplicity: 1, ..component.clone() };
            (Self { components: vec![single] }, component.multiplicity)
        })
    }

    /// The component with most carbon atoms (the heaviest of several), once: of a salt the organic
    /// part. It is a rule of thumb: where the counter-ion has more carbon (a pamoate), it is the
    /// counter-ion. `None` if no component contains carbon.
    #[must_use]
    pub fn largest_organic_component(&self) -> Option<Self> {
        let (first, _) = self.components().next()?;
        (first.count(Element::CARBON) > 0).then_some(first)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn formula(text: &str) -> Formula {
        text.parse().unwrap()
    }

    #[test]
    fn counts_include_labels_and_multiplicities() {
        let labelled = formula("C17H18D3NO4.2HCl");
        assert_eq!(labelled.count(Element::HYDROGEN), 23);
        assert_eq!(labelled.deuterium_count(), 3);
        assert_eq!(labelled.other_label_count(), 0);
        assert_eq!(labelled.count(Element::from_symbol("Cl").unwrap()), 2);
        assert!(labelled.is_isotopically_labelled());
        assert_eq!(labelled.without_isotope_labels(), formula("C17H21NO4.2HCl"));
        assert_eq!(formula("[13C]6C11H18D3[15N]O4").other_label_count(), 7);
        assert!(!formula("C17H21NO4").is_isotopically_labelled());
    }

    #[test]
    fn the_organic_component_of_a_salt_is_the_one_with_most_carbon() {
        // Amphetamine (135 Da) is lighter than tartaric acid (150 Da).
        let tartrate = formula("C4H6O6.2C9H13N");
        assert_eq!(tartrate.largest_organic_component(), Some(formula("C9H13N")));
        let parts: Vec<_> = tartrate.components().collect();
        assert_eq!(parts, [(formula("C9H13N"), 2), (formula("C4H6O6"), 1)]);
        assert_eq!(formula("NaCl.H2O").largest_organic_component(), None);
    }

    #[test]
    fn a_salt_written_as_ions_is_neutral() {
        let salt = formula("[C17H20NO3]+.Cl-");
        assert_eq!(salt.charge(), 0);
        assert_eq!(salt.largest_organic_component().unwrap().charge(), 1);
        assert_eq!(formula("C12H14N2+2.2Cl-").charge(), 0);
    }

    #[test]
    fn elements_are_looked_for_in_every_component() {
        let [n, s, cl] = ["N", "S", "Cl"].map(|symbol| Element::from_symbol(symbol).unwrap());
        assert!(formula("C10H15N.HCl").contains_all_elements(&[n, cl]));
        assert!(!formula("C10H15N.HCl").contains_all_elements(&[n, s]));
        assert!(formula("H2O").contains_all_elements(&[]));
    }
}
