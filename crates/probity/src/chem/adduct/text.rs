//! Writing adducts.

use std::collections::BTreeMap;
use std::fmt;

use super::Adduct;
use crate::chem::atom::Atom;
use crate::chem::element::Element;
use crate::error::{Error, Result};

/// Symbols of the metals that stay on the ion as they are; each is written as a term of its own.
const METALS: [&str; 10] = ["Li", "Na", "K", "Rb", "Cs", "Mg", "Ca", "Fe", "Cu", "Ag"];

/// Groups that have a usual spelling, by their formula in Hill order.
const GROUPS: [(&str, &str); 4] =
    [("H4N", "NH4"), ("CHO2", "HCOO"), ("C2H3O2", "CH3COO"), ("C2F3O2", "CF3COO")];

/// The canonical text has losses first, then what was gained, metals and hydrogen as terms of their
/// own (`[M-H2O+H]+`, `[M-H+2Na]+`). Whether a hydrogen belongs to a loss or to the molecule cannot be
/// told from the sum: a positive ion that lost heteroatoms is written as protonated (`[M-H2O+H]+`,
/// never `[M-OH]+`), and so is one that gained a whole molecule (`[M+C2H3N+H]+`).
impl fmt::Display for Adduct {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let hydrogen = Atom::natural(Element::HYDROGEN);
        let mut lost = BTreeMap::new();
        let mut gained = BTreeMap::new();
        let mut metals = Vec::new();
        for (&atom, &count) in &self.net {
            let size = count.unsigned_abs();
            if count < 0 {
                lost.insert(atom, size);
            } else if METALS.contains(&atom.element().symbol()) {
                metals.push((atom, size));
            } else {
                gained.insert(atom, size);
            }
        }
        let mut protons = 0;
        if self.charge > 0 && metals.is_empty() {
            let charge = self.charge.unsigned_abs();
            let only_heavy_lost =
                lost.keys().any(|&atom| !is_hydrocarbon(atom)) && gained.keys().all(|&atom| atom == hydrogen);
            let held = gained.get(&hydrogen).copied().unwrap_or(0);
            if only_heavy_lost && held <= charge {
                // The protons beyond those in the sum are lost with the neutral molecule.
                gained.remove(&hydrogen);
                let beyond = charge - held;
                if beyond > 0 {
                    *lost.entry(hydrogen).or_insert(0) += beyond;
                }
                protons = charge;
            } else if gained.len() > 1 && held >= charge && group_name(&gained).is_none() {
                protons = charge;
                if held == charge {
                    gained.remove(&hydrogen);
                } else {
                    gained.insert(hydrogen, held - charge);
                }
            }
        }
        if gained.len() == 1
            && let Some(count) = gained.remove(&hydrogen)
        {
            protons += count;
        }

        f.write_str("[")?;
        if self.multiplicity > 1 {
            write!(f, "{}", self.multiplicity)?;
        }
        f.write_str("M")?;
        if lost.len() == 1 && lost.contains_key(&hydrogen) {
            write_counted(f, '-', "H", lost[&hydrogen])?;
        } else {
            write_loss(f, &lost)?;
        }
        if !gained.is_empty() {
            let name = group_name(&gained).map_or_else(|| hill(&gained), str::to_owned);
            write!(f, "+{name}")?;
        }
        write_counted(f, '+', "H", protons)?;
        for (atom, count) in metals {
            write_counted(f, '+', &atom.to_string(), count)?;
        }
        f.write_str("]")?;
        if self.charge.unsigned_abs() > 1 {
            write!(f, "{}", self.charge.unsigned_abs())?;
        }
        f.write_str(if self.charge > 0 { "+" } else { "-" })
    }
}

fn is_hydrocarbon(atom: Atom) -> bool {
    atom.element() == Element::HYDROGEN || atom.element() == Element::CARBON
}

/// Nothing for no atoms; `sign`, the number if above 1, and the symbol.
fn write_counted(f: &mut fmt::Formatter<'_>, sign: char, symbol: &str, count: u32) -> fmt::Result {
    match count {
        0 => Ok(()),
        1 => write!(f, "{sign}{symbol}"),
        _ => write!(f, "{sign}{count}{symbol}"),
    }
}

/// Several molecules of water or ammonia with their number, anything else in Hill order.
fn write_loss(f: &mut fmt::Formatter<'_>, lost: &BTreeMap<Atom, u32>) -> fmt::Result {
    if lost.is_empty() {
        return Ok(());
    }
    let [hydrogen, nitrogen, oxygen] =
        [Element::HYDROGEN, Element::NITROGEN, Element::OXYGEN].map(Atom::natural);
    let count = |atom| lost.get(&atom).copied().unwrap_or(0);
    if lost.len() == 2 && count(oxygen) > 0 && count(hydrogen) == 2 * count(oxygen) {
        return write_counted(f, '-', "H2O", count(oxygen));
    }
    if lost.len() == 2 && count(nitrogen) > 0 && count(hydrogen) == 3 * count(nitrogen) {
        return write_counted(f, '-', "NH3", count(nitrogen));
    }
    write!(f, "-{}", hill(lost))
}

fn group_name(atoms: &BTreeMap<Atom, u32>) -> Option<&'static str> {
    let formula = hill(atoms);
    GROUPS.iter().find(|(hill, _)| *hill == formula).map(|(_, name)| *name)
}

/// The atoms as a formula in Hill order.
fn hill(atoms: &BTreeMap<Atom, u32>) -> String {
    crate::chem::formula::hill_text(atoms)
}

impl TryFrom<String> for Adduct {
    type Error = Error;

    fn try_from(text: String) -> Result<Self> {
        text.parse()
    }
}

impl From<Adduct> for String {
    fn from(adduct: Adduct) -> Self {
        adduct.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_usual_spelling_is_the_canonical_one() {
        for text in [
            "[M+H]+",
            "[M+2H]2+",
            "[M+2H]+",
            "[M+Na]+",
            "[M+K]+",
            "[M+NH4]+",
            "[M+H+Na]2+",
            "[M-H+2Na]+",
            "[2M+H]+",
            "[2M+Na]+",
            "[M]+",
            "[M]-",
            "[M]2+",
            "[M-H]+",
            "[M-H]-",
            "[M-2H]2-",
            "[M+HCOO]-",
            "[M+CH3COO]-",
            "[M+CF3COO]-",
            "[M+Cl]-",
            "[M-H2O+H]+",
            "[M-2H2O+H]+",
            "[M-NH3+H]+",
            "[M-C6H12O6+H]+",
            "[M-H2O+Na]+",
            "[M-H2O+2H]2+",
            "[M+C2H3N+H]+",
            "[M+C2H3N+2H]2+",
            "[M-CH3]+",
            "[M-H2O]-",
            "[M+D]+",
        ] {
            assert_eq!(text.parse::<Adduct>().unwrap().to_string(), text);
        }
    }

    #[test]
    fn other_spellings_are_written_canonically() {
        for (text, canonical) in [
            ("[M+HCOOH-H]-", "[M+HCOO]-"),
            ("[M+2H]++", "[M+2H]2+"),
            ("M+.", "[M]+"),
            ("[M+H-C6H12O6]+", "[M-C6H12O6+H]+"),
            ("[M-OH]+", "[M-H2O+H]+"),
            ("[M+ACN+H]+", "[M+C2H3N+H]+"),
            ("[M-H2O-H]-", "[M-H3O]-"),
        ] {
            assert_eq!(text.parse::<Adduct>().unwrap().to_string(), canonical);
        }
    }

    #[test]
    fn serde_uses_the_text() {
        let adduct: Adduct = serde_json::from_str("\"[M+H-H2O]+\"").unwrap();
        assert_eq!(serde_json::to_string(&adduct).unwrap(), "\"[M-H2O+H]+\"");
        assert!(serde_json::from_str::<Adduct>("\"[M+H]\"").is_err());
    }
}
