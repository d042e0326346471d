//! Chemical elements and their isotopes.

mod table;

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::quoted;
use crate::error::{Error, Result};
use table::ELEMENTS;

/// An element that occurs in nature with a known isotopic composition (hydrogen to bismuth without
/// technetium and promethium, thorium, uranium).
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Element {
    /// Row of the table; rows ascend in atomic number.
    row: u8,
}

/// One isotope of an element.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Isotope {
    /// Number of protons and neutrons.
    pub mass_number: u16,
    /// Mass of the neutral atom in Da.
    pub mass: f64,
    /// Natural abundance from 0 to 1; 0 for isotopes that occur only as labels.
    pub abundance: f64,
}

impl Element {
    /// Hydrogen.
    pub const HYDROGEN: Self = Self { row: 0 };
    /// Carbon.
    pub const CARBON: Self = Self { row: 5 };
    /// Nitrogen.
    pub const NITROGEN: Self = Self { row: 6 };
    /// Oxygen.
    pub const OXYGEN: Self = Self { row: 7 };

    /// The element with the given symbol in its usual spelling, if it is in the table.
    #[must_use]
    pub fn from_symbol(symbol: &str) -> Option<Self> {
        let row = ELEMENTS.iter().position(|row| row.1 == symbol)?;
        Some(Self { row: u8::try_from(row).ok()? })
    }

    /// All elements of the table, by atomic number.
    pub fn all() -> impl Iterator<Item = Self> {
        (0_u8..).zip(ELEMENTS).map(|(row, _)| Self { row })
    }

    fn entry(self) -> &'static table::ElementRow {
        &ELEMENTS[usize::from(self.row)]
    }

    /// The symbol, such as `Cl`.
    #[must_use]
    pub fn symbol(self) -> &'static str {
        self.entry().1
    }

    /// The number of protons.
    #[must_use]
    pub fn atomic_number(self) -> u8 {
        self.entry().0
    }

    /// Every isotope of the table, by mass number; labels of abundance 0 included.
    pub fn isotopes(self) -> impl Iterator<Item = Isotope> + Clone {
        self.entry().2.iter().map(|&(mass_number, mass, abundance)| Isotope { mass_number, mass, abundance })
    }

    /// The isotopes that occur in nature, by mass number.
    pub fn natural_isotopes(self) -> impl Iterator<Item = Isotope> + Clone {
        self.isotopes().filter(|isotope| isotope.abundance > 0.0)
    }

    /// The isotope with the given mass number, if it is in the table.
    #[must_use]
    pub fn isotope(self, mass_number: u16) -> Option<Isotope> {
        self.isotopes().find(|isotope| isotope.mass_number == mass_number)
    }

    /// The most abundant isotope; it makes the monoisotopic mass.
    #[must_use]
    pub fn principal_isotope(self) -> Isotope {
        self.isotopes()
            .reduce(|best, isotope| if isotope.abundance > best.abundance { isotope } else { best })
            .expect("every element of the table has an isotope")
    }

    /// The lightest isotope that occurs in nature.
    #[must_use]
    pub fn lightest_isotope(self) -> Isotope {
        self.natural_isotopes().next().expect("every element of the table has a natural isotope")
    }

    /// The mean mass of the natural mixture in Da.
    #[must_use]
    pub fn average_mass(self) -> f64 {
        self.natural_isotopes().fold(0.0, |sum, isotope| sum + isotope.abundance * isotope.mass)
    }
}

impl fmt::Display for Element {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.symbol())
    }
}

impl fmt::Debug for Element {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.symbol())
    }
}

impl FromStr for Element {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        Self::from_symbol(text.trim())
            .ok_or_else(|| Error::malformed(format!("{} is not the symbol of a known element", quoted(text))))
    }
}

impl TryFrom<String> for Element {
    type Error = Error;

    fn try_from(text: String) -> Result<Self> {
        text.parse()
    }
}

impl From<Element> for String {
    fn from(element: Element) -> Self {
        element.symbol().to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_constants_point_at_their_rows() {
        for (element, symbol, protons) in [
            (Element::HYDROGEN, "H", 1),
            (Element::CARBON, "C", 6),
            (Element::NITROGEN, "N", 7),
            (Element::OXYGEN, "O", 8),
        ] {
            assert_eq!((element.symbol(), element.atomic_number()), (symbol, protons));
        }
        assert_eq!(Element::from_symbol("U").unwrap().atomic_number(), 92);
        assert_eq!(Element::all().count(), 83);
    }

    #[test]
    fn the_table_is_in_order_and_abundances_sum_to_1() {
        let mut last = 0;
        for element in Element::all() {
            assert!(element.atomic_number() > last, "{element}");
            last = element.atomic_number();
            let sum: f64 = element.natural_isotopes().map(|isotope| isotope.abundance).sum();
            assert!((sum - 1.0).abs() < 1e-12, "{element}: {sum}");
            assert!(element.isotopes().map(|isotope| isotope.mass_number).is_sorted_by(|a, b| a < b));
            for isotope in element.isotopes() {
                // The mass defect of a neutral atom is below 0.12 Da from hydrogen to uranium.
                assert!(
                    (isotope.mass - f64::from(isotope.mass_number)).abs() < 0.12,
                    "{element} {isotope:?}"
                );
            }
        }
    }

    /// Abridged standard atomic weights of IUPAC-CIAAW (2021), conventional values where an interval
    /// is given.
    #[test]
    fn average_masses_agree_with_standard_atomic_weights() {
        for (symbol, weight, within) in [
            ("H", 1.008, 1e-3),
            ("Li", 6.94, 1e-2),
            ("B", 10.81, 1e-2),
            ("C", 12.011, 1e-3),
            ("N", 14.007, 1e-3),
            ("O", 15.999, 1e-3),
            ("F", 18.998, 1e-3),
            ("Na", 22.990, 1e-3),
            ("Mg", 24.305, 2e-3),
            ("Si", 28.085, 2e-3),
            ("P", 30.974, 1e-3),
            ("S", 32.06, 1e-2),
            ("Cl", 35.45, 1e-2),
            ("K", 39.098, 1e-3),
            ("Ca", 40.078, 4e-3),
            ("Fe", 55.845, 2e-3),
            ("Cu", 63.546, 3e-3),
            ("Zn", 65.38, 2e-2),
            // IUPAC took the weight of 2013 from another measurement than its composition.
            ("Se", 78.971, 2e-2),
            ("Br", 79.904, 3e-3),
            ("Sn", 118.71, 1e-2),
            ("I", 126.90, 1e-2),
            ("Gd", 157.249, 4e-3),
            ("Pt", 195.08, 2e-2),
            ("Hg", 200.59, 1e-2),
            ("Pb", 207.2, 0.1),
            ("Bi", 208.98, 1e-2),
        ] {
            let average = Element::from_symbol(symbol).unwrap().average_mass();
            assert!((average - weight).abs() <= within, "{symbol}: {average} instead of {weight}");
        }
    }

    #[test]
    fn the_principal_isotope_need_not_be_the_lightest() {
        let numbers = |symbol| {
            let element = Element::from_symbol(symbol).unwrap();
            (element.principal_isotope().mass_number, element.lightest_isotope().mass_number)
        };
        assert_eq!(numbers("C"), (12, 12));
        assert_eq!(numbers("Cl"), (35, 35));
        assert_eq!(numbers("Br"), (79, 79));
        assert_eq!(numbers("B"), (11, 10));
        assert_eq!(numbers("Fe"), (56, 54));
        assert_eq!(numbers("Hg"), (202, 196));
    }
}
