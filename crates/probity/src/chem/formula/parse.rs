//! Reading formulas.

use std::collections::BTreeMap;
use std::str::FromStr;

use super::reader::Reader;
use super::{Component, Formula, MAX_CHARGE};
use crate::chem::element::Element;
use crate::chem::quoted;
use crate::error::{Error, Result};

/// The longest text that is read as a formula, in characters.
const MAX_CHARACTERS: usize = 1_000;

impl FromStr for Formula {
    type Err = Error;

    /// # Errors
    /// `Malformed` for a text that is no formula, `Unsupported` for a fractional multiplicity or an
    /// isotope that is not in the table, `LimitReached` beyond 1,000 characters, 16 levels of
    /// parentheses, 10,000 atoms of an element or 100 charges of a component.
    fn from_str(text: &str) -> Result<Self> {
        read(text).map_err(|error| {
            Error::new(error.kind(), format!("{} is not a formula: {}", quoted(text), error.message()))
        })
    }
}

fn read(text: &str) -> Result<Formula> {
    let text = text.trim();
    if text.chars().nth(MAX_CHARACTERS).is_some() {
        return Err(Error::limit(format!("it is longer than {MAX_CHARACTERS} characters")));
    }
    let characters: Vec<char> = text.chars().map(plain).collect();
    let components = characters.split(|&character| character == '.').map(|part| {
        let mut reader = Reader::new(part);
        reader.component()
    });
    let formula = Formula::from_components(components.collect::<Result<_>>()?)?;
    // What is read must be written in a form that is read again. A character becomes at most five of the
    // text form (a group of single letters times 1,000 or more), so common formulas need no look at it.
    if characters.len() > MAX_CHARACTERS / 5 && formula.to_string().len() > MAX_CHARACTERS {
        return Err(Error::limit(format!("its text form is longer than {MAX_CHARACTERS} characters")));
    }
    Ok(formula)
}

/// Typographic forms as their plain character.
fn plain(character: char) -> char {
    match character {
        '₀'..='₉' => char::from_digit(u32::from(character) - u32::from('₀'), 10)
            .expect("ten characters for ten digits"),
        '·' | '•' | '⋅' | '∙' => '.',
        '−' => '-',
        _ => character,
    }
}

impl Reader<'_> {
    /// One component from its multiplicity to its charge.
    fn component(&mut self) -> Result<Component> {
        self.skip_blanks();
        let multiplicity = self.multiplicity()?;
        let mut atoms = BTreeMap::new();
        let mut charge = 0;
        let mut is_first = true;
        loop {
            self.skip_blanks();
            let Some(character) = self.peek() else { break };
            if character.is_ascii_digit() || matches!(character, '+' | '-') {
                charge = self.charge()?;
                break;
            }
            if character == '[' {
                let group = self.bracketed(1)?;
                // Digits and a sign that end a component in brackets are its charge.
                if is_first && !group.is_isotope && self.rest_is_charge() {
                    atoms = group.atoms;
                    charge = self.charge()?;
                    break;
                }
                self.add_group(&mut atoms, &group.atoms)?;
            } else {
                self.unit(&mut atoms, 1)?;
            }
            is_first = false;
        }
        if atoms.is_empty() {
            return Err(Error::malformed("a part of it has no atoms"));
        }
        Ok(Component { atoms, charge, multiplicity })
    }

    /// The number before a component, 1 if there is none.
    fn multiplicity(&mut self) -> Result<u32> {
        if self.peek() == Some('0') || self.is_only_digits() {
            return Err(Error::unsupported("fractional multiplicities are not read"));
        }
        let Some(multiplicity) = self.number()? else { return Ok(1) };
        if matches!(self.peek(), Some('/' | ',')) {
            return Err(Error::unsupported("fractional multiplicities are not read"));
        }
        // 13C6H12O6 would otherwise be read as 13 molecules. Water (2H2O) and acids (2HCl) are common,
        // so for hydrogen the number is always a multiplicity.
        let atom = Reader { characters: self.characters, position: self.position }.symbol();
        if let (Ok(Some(atom)), Ok(mass_number)) = (atom, u16::try_from(multiplicity))
            && atom.element() != Element::HYDROGEN
            && atom.element().isotope(mass_number).is_some()
        {
            return Err(Error::malformed(format!(
                "{multiplicity}{atom} may be an isotope or a number of molecules; write [{multiplicity}{atom}] \
                 for the isotope, or the molecule in parentheses"
            )));
        }
        Ok(multiplicity)
    }

    fn is_only_digits(&self) -> bool {
        let rest = self.characters.get(self.position..).unwrap_or_default();
        rest.first().is_some_and(char::is_ascii_digit) && rest.iter().all(char::is_ascii_digit)
    }

    fn rest_is_charge(&self) -> bool {
        let rest = self.characters.get(self.position..).unwrap_or_default();
        rest.iter()
            .find(|character| !character.is_ascii_digit())
            .is_some_and(|sign| matches!(sign, '+' | '-'))
    }

    /// `+`, `--`, `2+` or `-2`, up to the end of the component.
    fn charge(&mut self) -> Result<i32> {
        let before = self.number()?;
        let sign = match self.peek() {
            Some('+') => 1,
            Some('-') => -1,
            _ => return Err(Error::malformed("a number stands apart from its atom")),
        };
        let sign_character = self.peek();
        let mut signs = 0;
        while self.peek() == sign_character {
            self.position += 1;
            signs += 1;
        }
        let after = self.number()?;
        self.skip_blanks();
        if self.peek().is_some() {
            return Err(Error::malformed("a charge is not at the end"));
        }
        let size = match (before, signs, after) {
            (Some(number), 1, None) | (None, 1, Some(number)) => number,
            (None, signs, None) => signs,
            _ => return Err(Error::malformed("a charge is given twice")),
        };
        i32::try_from(size)
            .ok()
            .filter(|&size| size <= MAX_CHARGE)
            .map(|size| sign * size)
            .ok_or_else(|| Error::limit(format!("a charge is above {MAX_CHARGE}")))
    }
}
