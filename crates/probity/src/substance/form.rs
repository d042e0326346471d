//! The form in which a substance was measured.

use serde::{Deserialize, Serialize};

use crate::chem::{Element, Formula};

/// What was in the instrument, where it is not simply the substance itself.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(default)]
pub struct Form {
    /// The derivative whose spectrum this is, as published: `2 TMS`, `TFA`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub derivative: Option<String>,
}

/// Atoms that one group of a derivative brings along, by the letters that its name contains: silyl
/// groups bring silicon; trifluoroacetyl (in TPC with prolyl), pentafluoropropionyl and
/// heptafluorobutyryl groups bring 3, 5 and 7 fluorines.
const MARKERS: [(&str, &str, u32); 9] = [
    ("TMS", "Si", 1),
    ("TBDMS", "Si", 1),
    ("SILYL", "Si", 1),
    ("BSA", "Si", 1),
    ("TFA", "F", 3),
    ("TPC", "F", 3),
    ("TRIFLUOR", "F", 3),
    ("PFP", "F", 5),
    ("HFB", "F", 7),
];

impl Form {
    /// Whether a record of this form states the key and formula of the parent although the spectrum is
    /// the derivative's, as public collections often do: the derivative brings atoms that the
    /// formula lacks. A derivative that brings none of its own cannot be told by its formula and counts
    /// as keyed by itself; one without any formula counts as keyed as its parent.
    #[must_use]
    pub fn is_keyed_as_parent(&self, formula: Option<&Formula>) -> bool {
        let Some(derivative) = &self.derivative else { return false };
        let Some(formula) = formula else { return true };
        let derivative = derivative.to_ascii_uppercase();
        MARKERS
            .iter()
            .filter(|(letters, ..)| derivative.contains(letters))
            .filter_map(|(_, symbol, atoms)| Some((Element::from_symbol(symbol)?, *atoms)))
            .any(|(element, atoms)| formula.count(element) < atoms)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_derivative_under_its_parents_formula_lacks_the_element_it_brings() {
        let keyed = |derivative: &str, formula: &str| {
            let form = Form { derivative: Some(derivative.to_owned()) };
            form.is_keyed_as_parent(Some(&formula.parse().unwrap()))
        };
        // Urea and its derivative of two trimethylsilyl groups.
        assert!(keyed("n TMS", "CH4N2O"));
        assert!(!keyed("2 TMS", "C7H20N2OSi2"));
        // l-Methamphetamine with trifluoroacetylprolyl chloride, under its own formula.
        assert!(!keyed("TPC", "C17H21F3N2O2"));
        // A drug with one fluorine under its own formula, whose derivative has four.
        assert!(keyed("TFA", "C11H14FNO"));
        assert!(!keyed("Acetyl", "C10H13NO2"));
        assert!(!Form::default().is_keyed_as_parent(None));
    }
}
