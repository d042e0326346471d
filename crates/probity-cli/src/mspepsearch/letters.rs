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
    /// Which entries a search of product ion spectra compares (`u`, `z`).
    pub(super) precursor: Option<Precursor>,
    /// Whether a presearch is asked for (`d`, `f`), which is not done: every entry is compared.
    pub(super) presearch: bool,
}

/// Which entries a search of product ion spectra compares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Precursor {
    /// All.
    Any,
    /// Those whose precursor is near that of the query.
    Near,
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
                'D' => self.set(SearchKind::DotProduct)?,
                'u' => self.set_precursor(Precursor::Any)?,
                'z' => self.set_precursor(Precursor::Near)?,
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
            bail!("more than one search is asked for; the searches are I, Q, S, L, H and D");
        }
        self.search = Some(search);
        Ok(())
    }

    fn set_precursor(&mut self, precursor: Precursor) -> anyhow::Result<()> {
        if self.precursor.is_some_and(|other| other != precursor) {
            bail!("u asks for any precursor, z for one near that of the query: only one of them can be done");
        }
        self.precursor = Some(precursor);
        Ok(())
    }
}

/// Why a letter is refused.
fn refused(letter: char, letters: &str) -> String {
    let why = match letter {
        'P' | 'G' => "how NIST's program makes this score is not known; D is its dot product",
        'M' => "the search for product ion spectra in a library of electron ionization is not offered",
        'y' => {
            "the hybrid search of product ion spectra is not offered: `probity identify --method msms-entropy-hybrid`"
        }
        'a' => "the alternative matching of peaks is not known",
        'i' => "peaks around the precursor always count",
        'l' | 'e' | 'h' => "thresholds of the search are not offered; /MinMF sets one",
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
    fn a_search_of_product_ions_says_which_precursors_it_compares() {
        assert_eq!(letters(&["Duv"]).unwrap().precursor, Some(Precursor::Any));
        assert_eq!(letters(&["sz", "D"]).unwrap().precursor, Some(Precursor::Near));
    }

    #[test]
    fn what_is_not_offered_is_refused_by_its_letter() {
        for (argument, word) in [
            ("Gu", "letter G"),
            ("Duz", "only one of them"),
            ("Dy", "letter y"),
            ("Dza", "letter a"),
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
