//! InChIKeys.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::quoted;
use crate::error::{Error, Result};

/// The hash of empty layers, which the second block has if neither stereochemistry nor isotopes are
/// stated (InChI Technical Manual, section on InChIKey: `UHFFFAOY` before flag and version).
const EMPTY_LAYERS: &str = "UHFFFAOY";

/// A whole InChIKey: `AAAAAAAAAAAAAA-BBBBBBBBFV-P` (InChI Trust, InChI Technical Manual, version 1.06).
/// Blanks around it and the prefix `InChIKey=` are left out.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct InChIKey(String);

/// The first block of an InChIKey alone: formula, connections and hydrogens, without
/// stereochemistry, isotopes and protonation.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct InChIKeySkeleton(String);

impl InChIKey {
    /// The 27 characters.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The first block.
    #[must_use]
    pub fn skeleton(&self) -> InChIKeySkeleton {
        InChIKeySkeleton(self.0[..14].to_owned())
    }

    /// Whether the second block differs from that of empty layers: the structure behind the key had
    /// stereochemistry or isotopes stated. The key does not say which of the two.
    #[must_use]
    pub fn states_stereo_or_isotopes(&self) -> bool {
        &self.0[15..23] != EMPTY_LAYERS
    }

    /// Whether the key is of a standard InChI (flag `S`).
    #[must_use]
    pub fn is_standard(&self) -> bool {
        &self.0[23..24] == "S"
    }

    /// The protonation letter: `N` for none, `M` for one proton less, `O` for one more, and so on.
    #[must_use]
    pub fn protonation(&self) -> char {
        // The last byte is an ASCII capital.
        self.0.chars().next_back().unwrap_or('N')
    }
}

impl InChIKeySkeleton {
    /// The 14 letters.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn are_capitals(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_uppercase())
}

impl FromStr for InChIKey {
    type Err = Error;

    /// # Errors
    /// `Malformed`, with the reason, for anything but a whole InChIKey of version 1.
    fn from_str(text: &str) -> Result<Self> {
        let key = text.trim();
        let key = key.strip_prefix("InChIKey=").unwrap_or(key);
        let refuse = |reason| Err(Error::malformed(format!("{} is not an InChIKey: {reason}", quoted(text))));
        let blocks: Vec<&str> = key.splitn(4, '-').collect();
        let [first, second, third] = blocks[..] else {
            return refuse("it has not three blocks joined by hyphens");
        };
        if (first.len(), second.len(), third.len()) != (14, 10, 1) {
            return refuse("its blocks are not 14, 10 and 1 letters long");
        }
        if !are_capitals(first) || !are_capitals(second) || !are_capitals(third) {
            return refuse("it has other characters than the capitals A to Z");
        }
        // All ASCII from here on, so bytes are characters.
        if !matches!(&second[8..9], "S" | "N") {
            return refuse("its flag, the ninth letter of the second block, is neither S nor N");
        }
        if &second[9..] != "A" {
            return refuse("its version, the last letter of the second block, is not A");
        }
        Ok(Self(key.to_owned()))
    }
}

impl FromStr for InChIKeySkeleton {
    type Err = Error;

    /// # Errors
    /// `Malformed` for anything but 14 capitals.
    fn from_str(text: &str) -> Result<Self> {
        let block = text.trim();
        if block.len() == 14 && are_capitals(block) {
            Ok(Self(block.to_owned()))
        } else {
            Err(Error::malformed(format!(
                "{} is not the first block of an InChIKey, 14 capitals",
                quoted(text)
            )))
        }
    }
}

impl fmt::Display for InChIKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for InChIKeySkeleton {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for InChIKey {
    type Error = Error;

    fn try_from(text: String) -> Result<Self> {
        text.parse()
    }
}

impl From<InChIKey> for String {
    fn from(key: InChIKey) -> Self {
        key.0
    }
}

impl TryFrom<String> for InChIKeySkeleton {
    type Error = Error;

    fn try_from(text: String) -> Result<Self> {
        text.parse()
    }
}

impl From<InChIKeySkeleton> for String {
    fn from(skeleton: InChIKeySkeleton) -> Self {
        skeleton.0
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_parts_of_a_key() {
        // Cocaine with its stereochemistry; fentanyl has no stereocentre.
        let cocaine: InChIKey = " InChIKey=ZPUCINDJVBIVPJ-LJISPDSOSA-N\n".parse().unwrap();
        assert_eq!(cocaine.as_str(), "ZPUCINDJVBIVPJ-LJISPDSOSA-N");
        assert_eq!(cocaine.skeleton().as_str(), "ZPUCINDJVBIVPJ");
        assert!(cocaine.states_stereo_or_isotopes() && cocaine.is_standard());
        assert_eq!(cocaine.protonation(), 'N');
        let fentanyl: InChIKey = "PJMPHNIQZUBGLI-UHFFFAOYSA-N".parse().unwrap();
        assert!(!fentanyl.states_stereo_or_isotopes());
        let other: InChIKey = "PJMPHNIQZUBGLI-UHFFFAOYNA-O".parse().unwrap();
        assert!(!other.is_standard() && !other.states_stereo_or_isotopes());
        assert_eq!(other.protonation(), 'O');
    }

    #[test]
    fn what_is_no_key_is_refused_with_its_reason() {
        for (text, reason) in [
            ("", "three blocks"),
            ("PJMPHNIQZUBGLI", "three blocks"),
            ("PJMPHNIQZUBGLI-UHFFFAOYSA-N-N", "three blocks"),
            ("PJMPHNIQZUBGLI-UHFFFAOYSA-", "14, 10 and 1"),
            ("PJMPHNIQZUBGL-UHFFFAOYSAA-N", "14, 10 and 1"),
            ("pjmphniqzubgli-uhfffaoysa-n", "capitals"),
            ("PJMPHNIQZUBGL1-UHFFFAOYSA-N", "capitals"),
            ("PJMPHNIQZUBG\u{e9}-UHFFFAOYSA-N", "capitals"),
            ("PJMPHNIQZUBGLI-UHFFFAOYXA-N", "flag"),
            ("PJMPHNIQZUBGLI-UHFFFAOYSB-N", "version"),
        ] {
            let error = text.parse::<InChIKey>().unwrap_err().to_string();
            assert!(error.contains(reason), "{text}: {error}");
        }
        assert!("PJMPHNIQZUBGLI".parse::<InChIKeySkeleton>().is_ok());
        assert!("PJMPHNIQZUBGLI-UHFFFAOYSA-N".parse::<InChIKeySkeleton>().is_err());
    }

    proptest! {
        #[test]
        fn no_text_makes_the_reader_panic(text in "\\PC{0,40}", alike in "[A-Zé]{12,14}-[A-Zé]{8,10}-[A-Z]") {
            let _ = (text.parse::<InChIKey>(), text.parse::<InChIKeySkeleton>(), alike.parse::<InChIKey>());
        }
    }

    #[test]
    #[ignore = "needs PROBITY_DATA"]
    fn keys_of_the_substance_table() {
        for row in crate::chem::data_test::substances() {
            let key: InChIKey =
                row["inchikey"].parse().unwrap_or_else(|error| panic!("{}: {error}", row["name"]));
            assert!(key.is_standard());
        }
    }
}
