//! Reading adducts.

use std::collections::BTreeMap;
use std::str::FromStr;

use super::Adduct;
use crate::chem::atom::Atom;
use crate::chem::formula::Formula;
use crate::chem::quoted;
use crate::error::{Error, Result};

/// The longest text that is read as an adduct, in characters.
const MAX_CHARACTERS: usize = 200;
/// The largest multiplicity of M and the largest charge.
const MAX_NUMBER: u32 = 100;
/// The largest number of atoms of a kind that are gained or lost.
const MAX_ATOMS: i32 = 10_000;

/// Abbreviations that adducts are written with, and what they stand for.
const ABBREVIATIONS: [(&str, &str); 10] = [
    ("ACN", "C2H3N"),
    ("MeOH", "CH4O"),
    ("IsoProp", "C3H8O"),
    ("DMSO", "C2H6OS"),
    ("FA", "CH2O2"),
    ("HAc", "C2H4O2"),
    ("Hac", "C2H4O2"),
    ("HOAc", "C2H4O2"),
    ("OAc", "C2H3O2"),
    ("TFA", "C2HF3O2"),
];

impl FromStr for Adduct {
    type Err = Error;

    /// # Errors
    /// `Malformed` for a text that is no adduct of a stated charge, `LimitReached` beyond 200
    /// characters, 100 molecules, 100 charges or 10,000 atoms of a kind.
    fn from_str(text: &str) -> Result<Self> {
        read(text).map_err(|error| {
            let kind = error.kind();
            Error::new(kind, format!("{} is not a known ion type: {}", quoted(text), error.message()))
        })
    }
}

fn read(text: &str) -> Result<Adduct> {
    if text.trim().chars().nth(MAX_CHARACTERS).is_some() {
        return Err(Error::limit(format!("it is longer than {MAX_CHARACTERS} characters")));
    }
    let text: String = text
        .chars()
        .filter(|character| !character.is_whitespace())
        .map(|character| if character == '−' { '-' } else { character })
        .collect();
    let (body, charge) = match text.strip_prefix('[').map(|inner| inner.rsplit_once(']')) {
        Some(Some(parts)) => parts,
        Some(None) => return Err(Error::malformed("the closing ] is missing")),
        None if text.starts_with('M')
            && !text[1..].contains(|character: char| character.is_alphanumeric()) =>
        {
            text.split_at(1)
        }
        None => return Err(Error::malformed("it is not written in brackets, as [M+H]+ is")),
    };
    let (multiplicity, terms) = molecules(body)?;
    let charge = read_charge(charge)?;
    let mut net = BTreeMap::new();
    for (sign, term) in split_terms(terms)? {
        for (atom, count) in read_term(term)? {
            let total: &mut i32 = net.entry(atom).or_insert(0);
            *total += sign * count;
            if total.abs() > MAX_ATOMS {
                return Err(Error::limit(format!("more than {MAX_ATOMS} atoms of {atom} change")));
            }
        }
    }
    net.retain(|_, count| *count != 0);
    Ok(Adduct { multiplicity, net, charge })
}

/// `M` or `2M`, and what follows it.
fn molecules(body: &str) -> Result<(u32, &str)> {
    let digits = body.find(|character: char| !character.is_ascii_digit()).unwrap_or(body.len());
    let (number, rest) = body.split_at(digits);
    let Some(terms) = rest.strip_prefix('M') else {
        return Err(Error::malformed("it does not begin with M"));
    };
    let multiplicity = if number.is_empty() { 1 } else { limited(number)? };
    Ok((multiplicity, terms))
}

/// A number from 1 to [`MAX_NUMBER`].
fn limited(digits: &str) -> Result<u32> {
    match digits.parse() {
        Ok(0) => Err(Error::malformed("a number is 0")),
        Ok(number) if number <= MAX_NUMBER => Ok(number),
        _ => Err(Error::limit(format!("a number is above {MAX_NUMBER}"))),
    }
}

/// `+`, `--`, `2+`, `+2`, each with or without a radical mark before or after it.
fn read_charge(text: &str) -> Result<i32> {
    let is_mark = |character| matches!(character, '.' | '•' | '·' | '*');
    let text = text.strip_prefix(is_mark).or_else(|| text.strip_suffix(is_mark)).unwrap_or(text);
    let sign = match (text.contains('+'), text.contains('-')) {
        (true, false) => '+',
        (false, true) => '-',
        (false, false) => return Err(Error::malformed("its charge is missing")),
        (true, true) => return Err(Error::malformed("its charge has two signs")),
    };
    let size = if text.chars().all(|character| character == sign) {
        u32::try_from(text.len())
            .ok()
            .filter(|&size| size <= MAX_NUMBER)
            .ok_or_else(|| Error::limit(format!("a number is above {MAX_NUMBER}")))?
    } else {
        let digits = text.strip_prefix(sign).or_else(|| text.strip_suffix(sign)).unwrap_or_default();
        if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(Error::malformed("its charge is not a number with a sign"));
        }
        limited(digits)?
    };
    let size = i32::try_from(size).expect("a charge is at most 100");
    Ok(if sign == '+' { size } else { -size })
}

/// `+H-H2O` as signs and texts without them.
fn split_terms(text: &str) -> Result<Vec<(i32, &str)>> {
    let mut terms = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let sign = match rest.as_bytes().first() {
            Some(b'+') => 1,
            Some(b'-') => -1,
            _ => return Err(Error::malformed("a term has no sign before it")),
        };
        rest = &rest[1..];
        let end = rest.find(['+', '-']).unwrap_or(rest.len());
        let (term, after) = rest.split_at(end);
        if term.is_empty() {
            return Err(Error::malformed("a sign has no formula after it"));
        }
        terms.push((sign, term));
        rest = after;
    }
    Ok(terms)
}

/// `2H`, `H2O`, `2ACN` as atoms.
fn read_term(term: &str) -> Result<Vec<(Atom, i32)>> {
    let digits = term.find(|character: char| !character.is_ascii_digit()).unwrap_or(term.len());
    let (number, name) = term.split_at(digits);
    let meaning = ABBREVIATIONS.iter().find(|(abbreviation, _)| *abbreviation == name);
    let formula: Formula = match meaning {
        Some((_, formula)) => format!("{number}({formula})").parse()?,
        None if term.contains('.') => return Err(Error::malformed("a term holds more than one formula")),
        None => term.parse()?,
    };
    let to_signed =
        |(atom, count)| (atom, i32::try_from(count).expect("a formula has at most 10,000 atoms of a kind"));
    Ok(formula.atoms().into_iter().map(to_signed).collect())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn adduct(text: &str) -> Adduct {
        text.parse().unwrap_or_else(|error| panic!("{error}"))
    }

    #[test]
    fn spellings_of_one_ion_are_equal() {
        for same in [
            &["[M+HCOO]-", "[M+HCO2]-", "[M+HCOOH-H]-", "[M+FA-H]-", "[M+CHO2]-"][..],
            &["[M+CH3COO]-", "[M+OAc]-", "[M+C2H3O2]-", "[M+HAc-H]-", "[M+CH3COOH-H]1-"],
            &["[M+2H]2+", "[M+2H]++", "[M+2H]+2", "[M+H+H]2+", "[M+H2]2+", " [M + 2H]2+ "],
            &["[M-2H]2-", "[M-2H]--", "[M-2H]-2", "[M−2H]2−"],
            &["[M-H2O+H]+", "[M+H-H2O]+", "[M-OH]+"],
            &["[M+H-2H2O]+", "[M-2H2O+H]+", "[M+H-H2O-H2O]+"],
            &["[M+NH4]+", "[M+NH3+H]+", "[M+H4N]+"],
            &["[M]+", "[M]+.", "[M]+•", "[M].+", "[M]+*", "M+", "M+.", "M.+", "M+•"],
            &["[M]-", "[M]-.", "M-"],
            &["[M+H-C6H12O6]+", "[M-C6H11O6]+"],
        ] {
            for text in same {
                assert_eq!(adduct(text), adduct(same[0]), "{text}");
            }
        }
    }

    #[test]
    fn ions_that_differ_are_not_equal() {
        let all = [
            "[M+H]+", "[M+2H]+", "[M+2H]2+", "[2M+H]+", "[M-H]+", "[M-H]-", "[M]+", "[M]-", "[M+D]+", "[M]2+",
        ];
        for (index, a) in all.iter().enumerate() {
            for b in &all[index + 1..] {
                assert_ne!(adduct(a), adduct(b));
            }
        }
        assert_eq!((adduct("[2M-2H]2-").multiplicity(), adduct("[2M-2H]2-").charge()), (2, -2));
    }

    #[test]
    fn what_is_no_ion_type_is_refused_with_its_reason() {
        for (text, reason) in [
            ("", "brackets"),
            ("M+H", "brackets"),
            ("M", "charge is missing"),
            ("[M+H", "closing ]"),
            ("[M+H]", "charge is missing"),
            ("[M+H]+-", "two signs"),
            ("[M+H]x+", "not a number"),
            ("[M+H]0+", "is 0"),
            ("[M+H]+2+", "not a number"),
            ("[H+M]+", "begin with M"),
            ("[0M+H]+", "is 0"),
            ("[M+]+", "no formula after it"),
            ("[M+H+-H]+", "no formula after it"),
            ("[MH]+", "no sign before it"),
            ("[M+Xx]+", "Xx is not the symbol"),
            ("[M+H2O.HCl]+", "more than one formula"),
            ("[Cat]+", "begin with M"),
            ("N/A", "brackets"),
            ("[101M+H]+", "above 100"),
            ("[M+H]101+", "above 100"),
            ("[M+99999H]+", "above 10000"),
        ] {
            let error = text.parse::<Adduct>().unwrap_err().to_string();
            assert!(error.contains(reason), "{text}: {error}");
        }
    }

    proptest! {
        #[test]
        fn no_text_makes_the_reader_panic(text in "\\PC{0,30}", alike in "\\[?[0-3]?M[HNaCO0-9+.-]{0,12}\\]?[0-9+.-]{0,3}") {
            let _ = text.parse::<Adduct>();
            if let Ok(read) = alike.parse::<Adduct>() {
                prop_assert_eq!(read.to_string().parse::<Adduct>().unwrap(), read);
            }
        }
    }
}
