//! The parts that formulas are read from: numbers, symbols and brackets.

use std::collections::BTreeMap;

use super::MAX_ATOMS_PER_ELEMENT;
use crate::chem::atom::Atom;
use crate::chem::element::Element;
use crate::chem::quoted;
use crate::error::{Error, Result};

/// How deep parentheses and brackets may be nested.
const MAX_NESTING: usize = 16;

/// What a pair of brackets was found to be.
pub(super) struct Group {
    pub(super) atoms: BTreeMap<Atom, u32>,
    /// Only an isotope and its count, such as `[13C]` or `[13C6]`.
    pub(super) is_isotope: bool,
}

pub(super) struct Reader<'text> {
    pub(super) characters: &'text [char],
    pub(super) position: usize,
}

impl<'text> Reader<'text> {
    pub(super) fn new(characters: &'text [char]) -> Self {
        Self { characters, position: 0 }
    }

    pub(super) fn peek(&self) -> Option<char> {
        self.characters.get(self.position).copied()
    }

    pub(super) fn skip_blanks(&mut self) {
        while self.peek().is_some_and(char::is_whitespace) {
            self.position += 1;
        }
    }

    /// Digits at the position as a number of at least 1; `None` if there are none.
    pub(super) fn number(&mut self) -> Result<Option<u32>> {
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

    /// An atom or a group, with its count.
    pub(super) fn unit(&mut self, atoms: &mut BTreeMap<Atom, u32>, depth: usize) -> Result<()> {
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
    pub(super) fn symbol(&mut self) -> Result<Option<Atom>> {
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
    pub(super) fn bracketed(&mut self, depth: usize) -> Result<Group> {
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
    pub(super) fn add_group(
        &mut self,
        atoms: &mut BTreeMap<Atom, u32>,
        group: &BTreeMap<Atom, u32>,
    ) -> Result<()> {
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
