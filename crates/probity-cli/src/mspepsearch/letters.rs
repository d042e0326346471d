//! The letters of an MSPepSearch command line: which search, how, and what is shown.

use anyhow::bail;
use probity::report::nist_search::SearchKind;

/// What the letters ask for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Letters {
    /// The search; `I` and `Q` differ only in a presearch that is not done here.
    pub(super) search: Option<SearchKind>,
    /// Whether the reverse match factor orders the hits (`r`).
    pub(super) reverse: bool,
    /// Whether the reverse match factor is shown (`v`).
    pub(super) reverse_column: bool,
    /// Whether NIST's relative probability is not shown (`x`).
    pub(super) without_probability: bool,
    /// Whether a presearch is asked for (`d`, `f`), which is not done: every entry is compared.
    pub(super) presearch: bool,
}

impl Letters {
    /// Takes one argument of letters.
    pub(super) fn take(&mut self, letters: &str) -> anyhow::Result<()> {
        for letter in letters.chars() {
            match letter {
                'I' | 'Q' => self.set(SearchKind::Identity)?,
                'S' => self.set(SearchKind::Simple)?,
                'L' => self.set(SearchKind::NeutralLoss)?,
                'H' => self.set(SearchKind::Hybrid)?,
                'r' => self.reverse = true,
                'v' => self.reverse_column = true,
                'x' => self.without_probability = true,
                'd' | 'f' => self.presearch = true,
                's' => {}
                _ => bail!("{}", refused(letter, letters)),
            }
        }
        Ok(())
    }

    fn set(&mut self, search: SearchKind) -> anyhow::Result<()> {
        if self.search.is_some_and(|other| other != search) {
            bail!("more than one search is asked for; the searches are I, Q, S, L and H");
        }
        self.search = Some(search);
        Ok(())
    }
}

/// Why a letter is refused.
fn refused(letter: char, letters: &str) -> String {
    let why = match letter {
        'P' | 'G' | 'D' => {
            "the searches of product ion spectra are not offered here: `probity identify --method msms-cosine`"
        }
        'M' => "the search for MS/MS spectra in a library of electron ionization is not offered",
        'u' | 'z' | 'y' | 'a' | 'i' | 'l' | 'e' | 'h' => {
            "it belongs to the searches of product ion spectra, which are not offered here"
        }
        'm' | 'k' => {
            "it is a presearch that leaves entries out, which is not offered; s compares every entry"
        }
        'p' => "the penalty for rare compounds is not offered",
        '2' | '1' | '3' => "letters with a number are not offered",
        _ => "it is not known",
    };
    format!("the letter {letter} in {letters} is refused: {why}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn letters(arguments: &[&str]) -> anyhow::Result<Letters> {
        let mut letters = Letters::default();
        arguments.iter().try_for_each(|argument| letters.take(argument))?;
        Ok(letters)
    }

    #[test]
    fn letters_stand_together_or_apart_in_any_order() {
        for arguments in [&["Isv"][..], &["vsI"], &["s", "I", "v"], &["sv", "Q"]] {
            let letters = letters(arguments).unwrap();
            assert_eq!(letters.search, Some(SearchKind::Identity));
            assert!(letters.reverse_column && !letters.reverse && !letters.presearch, "{arguments:?}");
        }
        let letters = letters(&["dxrS"]).unwrap();
        assert_eq!(letters.search, Some(SearchKind::Simple));
        assert!(letters.reverse && letters.presearch && letters.without_probability);
    }

    #[test]
    fn what_is_not_offered_is_refused_by_its_letter() {
        for (argument, word) in [
            ("Gu", "letter G"),
            ("Dz", "letter D"),
            ("IuS", "letter u"),
            ("Ik2", "letter k"),
            ("r2S", "letter 2"),
            ("Im", "letter m"),
            ("Ib", "letter b"),
            ("MI", "letter M"),
            ("IpS", "letter p"),
            ("IS", "more than one"),
        ] {
            let error = letters(&[argument]).unwrap_err().to_string();
            assert!(error.contains(word), "{argument}: {error}");
        }
    }
}
