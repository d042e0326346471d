//! What a formula counts: an element of natural composition, or one of its isotopes.

use std::fmt;

use super::element::{Element, Isotope};
use crate::error::{Error, Result};

/// An atom of natural isotopic composition, or of one stated isotope (a label).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Atom {
    element: Element,
    /// Always in the element's table.
    mass_number: Option<u16>,
}

impl Atom {
    /// Deuterium, 2H.
    pub const DEUTERIUM: Self = Self { element: Element::HYDROGEN, mass_number: Some(2) };
    /// Tritium, 3H.
    pub const TRITIUM: Self = Self { element: Element::HYDROGEN, mass_number: Some(3) };

    /// An atom of natural isotopic composition.
    #[must_use]
    pub fn natural(element: Element) -> Self {
        Self { element, mass_number: None }
    }

    /// An atom of one isotope.
    ///
    /// # Errors
    /// `Unsupported` if the table has no such isotope.
    pub fn labelled(element: Element, mass_number: u16) -> Result<Self> {
        if element.isotope(mass_number).is_none() {
            return Err(Error::unsupported(format!("[{mass_number}{element}] is not a known isotope")));
        }
        Ok(Self { element, mass_number: Some(mass_number) })
    }

    /// The element.
    #[must_use]
    pub fn element(self) -> Element {
        self.element
    }

    /// The mass number of the stated isotope; `None` for natural composition.
    #[must_use]
    pub fn label(self) -> Option<u16> {
        self.mass_number
    }

    /// The isotope that counts for the monoisotopic mass: the stated one, else the most abundant.
    #[must_use]
    pub fn principal_isotope(self) -> Isotope {
        self.mass_number
            .and_then(|mass_number| self.element.isotope(mass_number))
            .unwrap_or_else(|| self.element.principal_isotope())
    }

    /// The lightest isotope that the atom can be: the stated one, else the lightest natural one.
    #[must_use]
    pub fn lightest_isotope(self) -> Isotope {
        match self.mass_number {
            Some(_) => self.principal_isotope(),
            None => self.element.lightest_isotope(),
        }
    }

    /// The mean mass in Da; that of the isotope if one is stated.
    #[must_use]
    pub fn average_mass(self) -> f64 {
        match self.mass_number {
            Some(_) => self.principal_isotope().mass,
            None => self.element.average_mass(),
        }
    }

    /// Whether the atom is labelled with another isotope than the most abundant one.
    #[must_use]
    pub fn is_heavy_label(self) -> bool {
        self.mass_number.is_some_and(|number| number != self.element.principal_isotope().mass_number)
    }
}

/// `C`, `D`, `T`, `[13C]`.
impl fmt::Display for Atom {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.mass_number {
            None => self.element.fmt(f),
            Some(2) if *self == Self::DEUTERIUM => f.write_str("D"),
            Some(3) if *self == Self::TRITIUM => f.write_str("T"),
            Some(mass_number) => write!(f, "[{mass_number}{}]", self.element),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_has_the_mass_of_its_isotope_alone() {
        // AME2012: 2H 2.014 101 778 12, 13C 13.003 354 835 07.
        assert_eq!(Atom::DEUTERIUM.principal_isotope().mass, 2.014_101_778_12);
        let carbon_13 = Atom::labelled(Element::CARBON, 13).unwrap();
        assert_eq!(carbon_13.average_mass(), 13.003_354_835_07);
        assert!(carbon_13.is_heavy_label());
        assert!(!Atom::labelled(Element::CARBON, 12).unwrap().is_heavy_label());
        assert!(Atom::labelled(Element::CARBON, 99).is_err());
    }

    #[test]
    fn the_three_spellings() {
        assert_eq!(Atom::natural(Element::CARBON).to_string(), "C");
        assert_eq!(Atom::DEUTERIUM.to_string(), "D");
        assert_eq!(Atom::TRITIUM.to_string(), "T");
        assert_eq!(Atom::labelled(Element::NITROGEN, 15).unwrap().to_string(), "[15N]");
        assert_eq!(Atom::labelled(Element::HYDROGEN, 1).unwrap().to_string(), "[1H]");
    }
}
