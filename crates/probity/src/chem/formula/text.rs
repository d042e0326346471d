//! Writing formulas.

use std::collections::BTreeMap;
use std::fmt;

use super::{Component, Formula};
use crate::chem::atom::Atom;
use crate::chem::element::Element;
use crate::error::{Error, Result};

/// Hill order (Hill 1900): with carbon present C, then H, then the symbols by alphabet; without
/// carbon all symbols by alphabet. Isotopes stand after their element by mass number.
fn hill_rank(atom: Atom, with_carbon: bool) -> (u8, &'static str, Option<u16>) {
    let group = match atom.element() {
        Element::CARBON if with_carbon => 0,
        Element::HYDROGEN if with_carbon => 1,
        _ => 2,
    };
    (group, atom.element().symbol(), atom.label())
}

fn in_hill_order(atoms: &BTreeMap<Atom, u32>) -> Vec<(Atom, u32)> {
    let with_carbon = atoms.keys().any(|atom| atom.element() == Element::CARBON);
    let mut ordered: Vec<(Atom, u32)> = atoms.iter().map(|(&atom, &count)| (atom, count)).collect();
    ordered.sort_by_key(|&(atom, _)| hill_rank(atom, with_carbon));
    ordered
}

/// Atoms and their numbers in Hill order, without charge.
pub(in crate::chem) fn hill_text(atoms: &BTreeMap<Atom, u32>) -> String {
    let mut text = String::new();
    for (atom, count) in in_hill_order(atoms) {
        text.push_str(&atom.to_string());
        if count > 1 {
            text.push_str(&count.to_string());
        }
    }
    text
}

impl fmt::Display for Component {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let atoms = in_hill_order(&self.atoms);
        if self.multiplicity > 1 {
            write!(f, "{}", self.multiplicity)?;
        }
        // 13C6H12O6 as 13 molecules would not be read back: the number may be taken for an isotope.
        let first = atoms.first().map(|&(atom, _)| atom.element());
        let is_ambiguous = self.multiplicity > 1
            && self.charge == 0
            && first.is_some_and(|element| {
                element != Element::HYDROGEN
                    && u16::try_from(self.multiplicity).is_ok_and(|number| element.isotope(number).is_some())
            });
        let (open, close) = match (self.charge, is_ambiguous) {
            (0, false) => ("", ""),
            (0, true) => ("(", ")"),
            _ => ("[", "]"),
        };
        f.write_str(open)?;
        f.write_str(&hill_text(&self.atoms))?;
        f.write_str(close)?;
        if self.charge.unsigned_abs() > 1 {
            write!(f, "{}", self.charge.unsigned_abs())?;
        }
        match self.charge.signum() {
            1 => f.write_str("+"),
            -1 => f.write_str("-"),
            _ => Ok(()),
        }
    }
}

impl fmt::Display for Formula {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, component) in self.components.iter().enumerate() {
            if index > 0 {
                f.write_str(".")?;
            }
            component.fmt(f)?;
        }
        Ok(())
    }
}

impl TryFrom<String> for Formula {
    type Error = Error;

    fn try_from(text: String) -> Result<Self> {
        text.parse()
    }
}

impl From<Formula> for String {
    fn from(formula: Formula) -> Self {
        formula.to_string()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn formula(text: &str) -> Formula {
        text.parse().unwrap_or_else(|error| panic!("{error}"))
    }

    #[test]
    fn every_spelling_becomes_the_same_text() {
        for (text, expected) in [
            ("C17H21NO4", "C17H21NO4"),
            (" NC17 O4H21 ", "C17H21NO4"),
            ("C₁₇H₂₁NO₄", "C17H21NO4"),
            ("CH3(CH2)3OH", "C4H10O"),
            ("((CH3)2CH)2NH", "C6H15N"),
            ("H2O4S", "H2O4S"),
            ("ClH", "ClH"),
            ("HCl", "ClH"),
            ("BrHO", "BrHO"),
            ("C17H18D3NO4", "C17H18D3NO4"),
            ("C17H18[2H]3NO4", "C17H18D3NO4"),
            ("C17H18[2H3]NO4", "C17H18D3NO4"),
            ("C11[13C]6H21NO4", "C11[13C]6H21NO4"),
            ("[13C6H12O6]", "[13C]6H12O6"),
            ("T2O", "T2O"),
            ("Dy2O3", "Dy2O3"),
            ("C17H21NO4.HCl", "C17H21NO4.ClH"),
            ("HCl.C17H21NO4", "C17H21NO4.ClH"),
            ("C10H15N·2HCl", "C10H15N.2ClH"),
            ("(C17H19NO3)2.H2SO4.5H2O", "C34H38N2O6.H2O4S.5H2O"),
            ("2C17H19NO3 • H2SO4", "2C17H19NO3.H2O4S"),
            ("HCl.HCl.C10H15N", "C10H15N.2ClH"),
            ("[C9H16ClN4]+", "[C9H16ClN4]+"),
            ("C9H16ClN4+", "[C9H16ClN4]+"),
            ("[C30H60N3O3]3+", "[C30H60N3O3]3+"),
            ("C30H60N3O3+3", "[C30H60N3O3]3+"),
            ("C30H60N3O3 3+", "[C30H60N3O3]3+"),
            ("C2H2+", "[C2H2]+"),
            ("O4S--", "[O4S]2-"),
            ("O4S−2", "[O4S]2-"),
            ("[13C]2+", "[[13C]2]+"),
            ("[D3]+", "[D3]+"),
            ("C12H14N2+2.Cl-.Cl-", "[C12H14N2]2+.2[Cl]-"),
            ("13(C6H12O6)", "13(C6H12O6)"),
        ] {
            let read = formula(text);
            assert_eq!(read.to_string(), expected, "from {text}");
            assert_eq!(formula(expected), read, "from {expected}");
        }
    }

    #[test]
    fn what_is_no_formula_is_refused_with_its_reason() {
        for (text, reason) in [
            ("", "no atoms"),
            ("C10H15N.", "no atoms"),
            ("C10H15N..HCl", "no atoms"),
            ("C10H15N·0.5H2SO4", "fractional"),
            ("C10H15N.1.5H2O", "fractional"),
            ("C10H15N.1/2H2SO4", "fractional"),
            ("13C6H12O6", "[13C]"),
            ("C10H15Xx", "Xx is not the symbol"),
            ("C10H15L", "L is not the symbol"),
            ("c10h15n", "out of place"),
            ("C10H15N*", "out of place"),
            ("C10(H15N", "closing )"),
            ("C10[H15N", "closing ]"),
            ("C10H15)N", "out of place"),
            ("C10()N", "empty"),
            ("C10H0N", "is 0"),
            ("C10H15N 3", "apart from its atom"),
            ("C10H15N+2+", "not at the end"),
            ("C10+H15", "not at the end"),
            ("[C10H15N]2+3", "twice"),
            ("[99C]", "not a known isotope"),
            ("[13]", "no element"),
            ("+", "no atoms"),
            ("N/A", "out of place"),
        ] {
            let error = text.parse::<Formula>().unwrap_err().to_string();
            assert!(error.contains(reason), "{text}: {error}");
        }
    }

    #[test]
    fn limits_hold_at_their_exact_place() {
        let nested = |depth: usize| format!("{}C{}", "(".repeat(depth), ")".repeat(depth));
        let ions = |count: usize| (1..=count).map(|n| format!("HeC{n}N+")).collect::<Vec<_>>().join(".");
        for (within, beyond) in [
            ("C10000".to_owned(), "C10001".to_owned()),
            ("C9999C".to_owned(), "C9999C2".to_owned()),
            ("C9999[13C]".to_owned(), "C9999[13C]2".to_owned()),
            ("100C100".to_owned(), "100C101".to_owned()),
            ("(C100)100".to_owned(), "(C10000)10000".to_owned()),
            ("CH4.9999CO".to_owned(), "CH4.9999CO.CO".to_owned()),
            (nested(16), nested(17)),
            ("C".repeat(1_000), "C".repeat(1_001)),
            ("[C]100+".to_owned(), "[C]101+".to_owned()),
            // Ions are written in brackets: 881 characters become more than 1,000.
            (ions(50), ions(110)),
        ] {
            assert!(within.parse::<Formula>().is_ok(), "{within}");
            let error = beyond.parse::<Formula>().unwrap_err();
            assert_eq!(error.kind(), crate::ErrorKind::LimitReached, "{error}");
        }
        assert!("C99999999999999999999".parse::<Formula>().is_err());
    }

    #[test]
    fn serde_uses_the_text() {
        let json = serde_json::to_string(&formula("HCl.C10H15N")).unwrap();
        assert_eq!(json, "\"C10H15N.ClH\"");
        assert_eq!(serde_json::from_str::<Formula>(&json).unwrap(), formula("C10H15N.HCl"));
        assert!(serde_json::from_str::<Formula>("\"C10H\u{e9}\"").is_err());
    }

    fn any_formula() -> impl Strategy<Value = String> {
        let symbols =
            ["C", "H", "N", "O", "S", "Cl", "Br", "D", "T", "Dy", "Se", "[13C]", "[15N]", "[18O]", "Hg"];
        let unit = (prop::sample::select(symbols.to_vec()), 1_u32..30)
            .prop_map(|(symbol, count)| format!("{symbol}{count}"));
        let component =
            (1_u32..20, prop::collection::vec(unit, 1..6), -3_i32..4).prop_map(|(times, units, charge)| {
                let sign = if charge > 0 { "+" } else { "-" };
                let body = units.concat();
                match charge.unsigned_abs() {
                    0 => format!("{times}({body})"),
                    size => format!("{times}[({body})]{size}{sign}"),
                }
            });
        prop::collection::vec(component, 1..4).prop_map(|parts| parts.join("."))
    }

    proptest! {
        #[test]
        fn reading_the_text_form_gives_the_same_formula(text in any_formula()) {
            let read = formula(&text);
            prop_assert_eq!(formula(&read.to_string()), read);
        }

        #[test]
        fn no_text_makes_the_reader_panic(text in "\\PC{0,40}", alike in "[CHNODT0-9()\\[\\].+ -]{0,40}") {
            let _ = text.parse::<Formula>();
            if let Ok(read) = alike.parse::<Formula>() {
                prop_assert_eq!(formula(&read.to_string()), read);
            }
        }
    }
}
