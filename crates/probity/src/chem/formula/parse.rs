//! Reading formulas.

use std::collections::BTreeMap;
use std::str::FromStr;

use super::{Component, Formula, MAX_ATOMS_PER_ELEMENT, MAX_CHARGE};
use crate::chem::atom::Atom;
use crate::chem::element::Element;
use crate::chem::quoted;
use crate::error::{Error, Result};

/// The longest text that is read as a formula, in characters.
const MAX_CHARACTERS: usize = 1_000;
/// How deep parentheses and brackets may be nested.
const MAX_NESTING: usize = 16;

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
        let mut reader = Reader { characters: part, position: 0 };
        reader.component()
    });
    Formula::from_components(components.collect::<Result<_>>()?)
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

/// What a pair of brackets was found to be.
struct Group {
    atoms: BTreeMap<Atom, u32>,
    /// Only an isotope and its count, such as `[13C]` or `[13C6]`.
    is_isotope: bool,
}

struct Reader<'text> {
    characters: &'text [char],
    position: usize,
}

impl Reader<'_> {
    fn peek(&self) -> Option<char> {
        self.characters.get(self.position).copied()
    }

    fn skip_blanks(&mut self) {
        while self.peek().is_some_and(char::is_whitespace) {
            self.position += 1;
        }
    }

    /// Digits at the position as a number of at least 1; `None` if there are none.
    fn number(&mut self) -> Result<Option<u32>> {
        let start = self.position;
        let mut value = 0_u32;
        while let Some(digit) = self.peek().and_then(|character| character.to_digit(10)) {
            value = value * 10 + digit;
            if value > MAX_ATOMS_PER_ELEMENT {
                return Err(Error::limit(format!("a number is above {MAX_ATOMS_PER_ELEMENT}")));
            }
            self.position += 1;
        }
        if self.position == start {
            return Ok(None);
        }
        if value == 0 {
            return Err(Error::malformed("a number is 0"));
        }
        Ok(Some(value))
    }

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

    /// An atom or a group, with its count.
    fn unit(&mut self, atoms: &mut BTreeMap<Atom, u32>, depth: usize) -> Result<()> {
        match self.peek() {
            Some('(') => {
                self.position += 1;
                let group = self.until(')', depth)?;
                self.add_group(atoms, &group)
            }
            Some('[') => {
                let group = self.bracketed(depth)?;
                self.add_group(atoms, &group.atoms)
            }
            _ => {
                let Some(atom) = self.symbol()? else {
                    return Err(self.unexpected());
                };
                let count = self.number()?.unwrap_or(1);
                add(atoms, atom, count)
            }
        }
    }

    fn unexpected(&self) -> Error {
        match self.peek() {
            Some(character) => {
                Error::malformed(format!("{} is out of place", quoted(&character.to_string())))
            }
            None => Error::malformed("it ends too early"),
        }
    }

    /// The symbol at the position; `None` if no letter A to Z stands there.
    fn symbol(&mut self) -> Result<Option<Atom>> {
        let Some(first) = self.peek().filter(char::is_ascii_uppercase) else { return Ok(None) };
        self.position += 1;
        let mut symbol = String::from(first);
        if let Some(second) = self.peek().filter(char::is_ascii_lowercase) {
            self.position += 1;
            symbol.push(second);
        }
        match symbol.as_str() {
            "D" => Ok(Some(Atom::DEUTERIUM)),
            "T" => Ok(Some(Atom::TRITIUM)),
            _ => match Element::from_symbol(&symbol) {
                Some(element) => Ok(Some(Atom::natural(element))),
                None => Err(Error::malformed(format!("{symbol} is not the symbol of a known element"))),
            },
        }
    }

    /// Brackets: `[13C]`, `[13C6]`, `[13C6H12O6]` (an isotope at the start only) or any group.
    fn bracketed(&mut self, depth: usize) -> Result<Group> {
        self.position += 1;
        let Some(mass_number) = self.number()? else {
            return Ok(Group { atoms: self.until(']', depth)?, is_isotope: false });
        };
        let element = match self.symbol()? {
            Some(atom) if atom.label().is_none() => atom.element(),
            _ => return Err(Error::malformed("a mass number in brackets has no element after it")),
        };
        let mass_number = u16::try_from(mass_number).unwrap_or(u16::MAX);
        let mut atoms = BTreeMap::new();
        let atom = Atom::labelled(element, mass_number)?;
        let count = self.number()?.unwrap_or(1);
        add(&mut atoms, atom, count)?;
        if self.peek() == Some(']') {
            self.position += 1;
            return Ok(Group { atoms, is_isotope: true });
        }
        for (atom, count) in self.until(']', depth)? {
            add(&mut atoms, atom, count)?;
        }
        Ok(Group { atoms, is_isotope: false })
    }

    /// The atoms up to the closing character, which is consumed.
    fn until(&mut self, close: char, depth: usize) -> Result<BTreeMap<Atom, u32>> {
        if depth > MAX_NESTING {
            return Err(Error::limit(format!("parentheses are nested deeper than {MAX_NESTING}")));
        }
        let mut atoms = BTreeMap::new();
        loop {
            self.skip_blanks();
            match self.peek() {
                Some(character) if character == close => {
                    self.position += 1;
                    break;
                }
                Some(_) => self.unit(&mut atoms, depth + 1)?,
                None => return Err(Error::malformed(format!("a closing {close} is missing"))),
            }
        }
        if atoms.is_empty() {
            return Err(Error::malformed("parentheses are empty"));
        }
        Ok(atoms)
    }

    /// Adds a group as often as the number after it says.
    fn add_group(&mut self, atoms: &mut BTreeMap<Atom, u32>, group: &BTreeMap<Atom, u32>) -> Result<()> {
        let times = self.number()?.unwrap_or(1);
        for (&atom, &count) in group {
            // Both factors are at most 10,000, so the product fits.
            add(atoms, atom, count * times)?;
        }
        Ok(())
    }
}

fn add(atoms: &mut BTreeMap<Atom, u32>, atom: Atom, count: u32) -> Result<()> {
    let total = atoms.entry(atom).or_insert(0);
    // Both terms are at most 10^8.
    *total += count;
    if *total > MAX_ATOMS_PER_ELEMENT {
        return Err(Error::limit(format!("{atom} occurs more than {MAX_ATOMS_PER_ELEMENT} times")));
    }
    Ok(())
}
