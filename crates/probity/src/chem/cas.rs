//! CAS registry numbers.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::quoted;
use crate::error::{Error, Result};

/// A CAS registry number whose check digit is right: two to seven digits, two digits, check digit.
///
/// Read with or without hyphens (`481-29-8`, `481298`), with blanks around it, with zeros before it.
/// Two numbers in one text are not one number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct CasNumber {
    /// All digits as one number, the check digit last.
    digits: u64,
}

/// The check digit of a number without it: the digits, counted from the right, times their place,
/// summed, modulo 10 (CAS, "Check Digit Verification of CAS Registry Numbers").
fn check_digit(mut digits: u64) -> u64 {
    let mut sum = 0;
    let mut place = 1;
    while digits > 0 {
        sum += place * (digits % 10);
        digits /= 10;
        place += 1;
    }
    sum % 10
}

impl FromStr for CasNumber {
    type Err = Error;

    /// # Errors
    /// `Malformed`, with the reason, for a text of another shape or with a wrong check digit.
    fn from_str(text: &str) -> Result<Self> {
        let refuse = |reason: &str| {
            Error::malformed(format!("{} is not a CAS registry number: {reason}", quoted(text)))
        };
        // Typographic hyphens and dashes come from word processors.
        let plain: String =
            text.trim().chars().map(|c| if matches!(c, '‐' | '‑' | '–' | '−') { '-' } else { c }).collect();
        let blocks: Vec<&str> = plain.splitn(4, '-').collect();
        if !matches!(blocks.len(), 1 | 3)
            || blocks.iter().any(|block| block.is_empty() || !block.bytes().all(|byte| byte.is_ascii_digit()))
        {
            return Err(refuse("it is not three groups of digits joined by hyphens, nor digits alone"));
        }
        if let [_, second, third] = blocks[..]
            && (second.len(), third.len()) != (2, 1)
        {
            return Err(refuse("its groups after the first are not two digits and one digit long"));
        }
        let all = blocks.concat();
        let all = all.trim_start_matches('0');
        if !(5..=10).contains(&all.len()) {
            return Err(refuse("its first group is not two to seven digits long"));
        }
        let digits: u64 = all.parse().map_err(|_| refuse("it is too long"))?;
        let expected = check_digit(digits / 10);
        if digits % 10 != expected {
            return Err(refuse(&format!("its check digit should be {expected}")));
        }
        Ok(Self { digits })
    }
}

impl fmt::Display for CasNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{:02}-{}", self.digits / 1_000, self.digits / 10 % 100, self.digits % 10)
    }
}

impl TryFrom<String> for CasNumber {
    type Error = Error;

    fn try_from(text: String) -> Result<Self> {
        text.parse()
    }
}

impl From<CasNumber> for String {
    fn from(number: CasNumber) -> Self {
        number.to_string()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn every_spelling_becomes_the_same_number() {
        for (text, expected) in [
            ("481-29-8", "481-29-8"),
            ("481298", "481-29-8"),
            (" 000481-29-8 ", "481-29-8"),
            ("0000481298", "481-29-8"),
            ("50-00-0", "50-00-0"),
            ("50000", "50-00-0"),
            ("7732-18-5", "7732-18-5"),
            ("7732–18–5", "7732-18-5"),
            ("3376941", "3376-94-1"),
            ("2306822-12-6", "2306822-12-6"),
        ] {
            assert_eq!(text.parse::<CasNumber>().unwrap().to_string(), expected, "from {text}");
        }
    }

    #[test]
    fn what_is_no_number_is_refused_with_its_reason() {
        for (text, reason) in [
            ("481-29-7", "should be 8"),
            ("481297", "should be 8"),
            ("", "three groups"),
            ("NA", "three groups"),
            ("0", "two to seven"),
            ("01.05.1993", "three groups"),
            ("50-23-7 80562-38-5", "three groups"),
            ("209-217-7", "not two digits"),
            ("481-298", "three groups"),
            ("1-00-1", "two to seven"),
            ("12345678-00-0", "two to seven"),
            ("99999999999999999999999", "two to seven"),
            ("٤٨١-٢٩-٨", "three groups"),
        ] {
            let error = text.parse::<CasNumber>().unwrap_err().to_string();
            assert!(error.contains(reason), "{text}: {error}");
        }
    }

    proptest! {
        #[test]
        fn one_wrong_digit_is_always_noticed(number in 1_000_u64..1_000_000_000, place in 0_u32..10, shift in 1_u64..10) {
            let whole = number * 10 + check_digit(number);
            let read: CasNumber = whole.to_string().parse().unwrap();
            prop_assert_eq!(read.to_string().parse::<CasNumber>().unwrap(), read);
            let unit = 10_u64.pow(place);
            let digit = whole / unit % 10;
            let changed = whole - digit * unit + (digit + shift) % 10 * unit;
            // A change at a place whose weight shares a factor with 10 may keep the sum; at the check
            // digit and at the odd weights other than 5 it cannot.
            if [0, 1, 3, 7, 9].contains(&place) && changed >= 10_000 {
                prop_assert!(changed.to_string().parse::<CasNumber>().is_err(), "{changed}");
            }
        }

        #[test]
        fn no_text_makes_the_reader_panic(text in "\\PC{0,30}", alike in "[0-9-]{0,14}") {
            let _ = (text.parse::<CasNumber>(), alike.parse::<CasNumber>());
        }
    }

    #[test]
    #[ignore = "needs PROBITY_DATA"]
    fn numbers_of_the_substance_table() {
        let rows = crate::chem::data_test::substances();
        let mut count = 0;
        for row in rows.iter().filter(|row| !row["cas"].is_empty()) {
            let number: CasNumber =
                row["cas"].parse().unwrap_or_else(|error| panic!("{}: {error}", row["name"]));
            assert_eq!(number.to_string(), row["cas"]);
            count += 1;
        }
        assert!(count > 900, "only {count} numbers");
    }
}
