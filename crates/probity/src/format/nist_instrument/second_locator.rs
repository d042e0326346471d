//! The second locator: the file of spectra, and what becomes of those that the program shows already.

use super::{Locator, LocatorPath, text_of};
use crate::chem::quoted;
use crate::error::{Error, Location, Result};
use crate::format::ReadOptions;
use crate::format::text::{Line, Lines};

/// What becomes of the spectra that the search program shows already.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Import {
    /// They are replaced.
    Overwrite,
    /// They stay.
    Append,
}

impl Import {
    fn of(word: &str) -> Option<Self> {
        match word {
            word if word.eq_ignore_ascii_case("overwrite") => Some(Self::Overwrite),
            word if word.eq_ignore_ascii_case("append") => Some(Self::Append),
            _ => None,
        }
    }
}

/// What a second locator says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SecondLocator {
    /// The file of spectra.
    pub spectra: LocatorPath,
    /// What becomes of the spectra that the program shows already.
    pub import: Import,
    /// Lines that are not blank behind these; some callers write two whole numbers, which say nothing of the search.
    pub further_lines: Vec<String>,
}

/// Reads a second locator in both of its forms: path and word on one line, or the word on the next line that is not
/// blank.
///
/// # Errors
/// `LimitReached` beyond [`LOCATOR_BYTES`](super::LOCATOR_BYTES); `Malformed`, with the line, where the word stands
/// without a path, or something else stands in its place.
pub fn read_second_locator(bytes: &[u8]) -> Result<Locator<SecondLocator>> {
    let text = text_of(bytes)?;
    if text.contains('\0') {
        return Ok(Locator::Unfinished("holds bytes that are no text"));
    }
    let is_ended = text.ends_with(['\n', '\r']);
    let mut lines = Vec::new();
    for line in Lines::new(&text, &ReadOptions::default()) {
        let line = line?;
        let text = line.text.trim();
        if !text.is_empty() {
            lines.push(Line { text, ..line });
        }
    }
    let Some(first) = lines.first() else { return Ok(Locator::Unfinished("is empty")) };
    if let Some((path, import)) = split_word(first.text) {
        let spectra = LocatorPath::of(path).ok_or_else(|| no_path(first))?;
        let further_lines = lines[1..].iter().map(|line| line.text.to_owned()).collect();
        return Ok(Locator::Whole(SecondLocator { spectra, import, further_lines }));
    }
    let spectra = LocatorPath::of(first.text).ok_or_else(|| no_path(first))?;
    let Some(second) = lines.get(1) else {
        return Ok(Locator::Unfinished("names a file, but has neither OVERWRITE nor APPEND behind it yet"));
    };
    let (word, rest) = second.text.split_once(char::is_whitespace).unwrap_or((second.text, ""));
    match Import::of(word) {
        Some(import) => {
            let rest = std::iter::once(rest.trim()).filter(|rest| !rest.is_empty());
            let further_lines =
                rest.chain(lines[2..].iter().map(|line| line.text)).map(str::to_owned).collect();
            Ok(Locator::Whole(SecondLocator { spectra, import, further_lines }))
        }
        None if lines.len() == 2 && !is_ended => {
            Ok(Locator::Unfinished("ends within the word OVERWRITE or APPEND"))
        }
        None => {
            let message = format!(
                "OVERWRITE or APPEND is expected behind the path or here, not {}",
                quoted(second.text)
            );
            Err(Error::malformed(message).at(Location::at_line(second.number)))
        }
    }
}

/// A line that ends with the word: what stands before it, and the word.
fn split_word(line: &str) -> Option<(&str, Import)> {
    match line.rsplit_once(char::is_whitespace) {
        Some((path, word)) => Import::of(word).map(|import| (path, import)),
        None => Import::of(line).map(|import| ("", import)),
    }
}

fn no_path(line: &Line<'_>) -> Error {
    Error::malformed("no file of spectra is named").at(Location::at_line(line.number))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::ErrorKind;

    fn whole(bytes: &[u8]) -> (String, Import, Vec<String>) {
        match read_second_locator(bytes).unwrap() {
            Locator::Whole(locator) => {
                (locator.spectra.as_str().to_owned(), locator.import, locator.further_lines)
            }
            Locator::Unfinished(missing) => panic!("unfinished: {missing}"),
        }
    }

    #[test]
    fn both_forms_are_read_in_any_case() {
        for (bytes, path, import) in [
            (b"C:\\a b\\c.msp OVERWRITE\r\n".as_slice(), "C:\\a b\\c.msp", Import::Overwrite),
            (b"C:\\a b\\c.msp Append", "C:\\a b\\c.msp", Import::Append),
            (b"\"C:\\a b\\c.msp\"\toverwrite\n", "C:\\a b\\c.msp", Import::Overwrite),
            (b"/data/run 7.msp\nOVERWRITE\n", "/data/run 7.msp", Import::Overwrite),
            (b"run 7.msl\r\n\r\nappend", "run 7.msl", Import::Append),
            (b"overwrite me.msp APPEND\n", "overwrite me.msp", Import::Append),
            (b"C:\\Pr\xfcfung\\x.msp OVERWRITE\r\n", "C:\\Pr\u{fc}fung\\x.msp", Import::Overwrite),
        ] {
            assert_eq!(whole(bytes), (path.to_owned(), import, Vec::new()));
        }
    }

    #[test]
    fn what_stands_behind_is_kept() {
        assert_eq!(whole(b"a.msp APPEND\n10 724").2, ["10 724"]);
        assert_eq!(whole(b"a.msp\nOVERWRITE\n23 62789\n").2, ["23 62789"]);
        assert_eq!(whole(b"a.msp\nOVERWRITE 23 62789\n").2, ["23 62789"]);
    }

    #[test]
    fn every_beginning_of_a_locator_is_unfinished_or_names_no_other_import() {
        for text in ["data/a b.msp OVERWRITE\r\n23 62789\r\n", "data/a b.msp\r\nAPPEND\r\n"] {
            let (_, import, _) = whole(text.as_bytes());
            for end in 0..text.len() {
                match read_second_locator(&text.as_bytes()[..end]).unwrap() {
                    Locator::Whole(locator) => {
                        assert_eq!(locator.spectra.as_str(), "data/a b.msp");
                        assert_eq!(locator.import, import);
                    }
                    Locator::Unfinished(_) => assert!(end < text.find("\r\n23").unwrap_or(text.len() - 2)),
                }
            }
        }
        assert!(matches!(read_second_locator(b"a.msp\0\0\0").unwrap(), Locator::Unfinished(_)));
    }

    #[test]
    fn what_is_wrong_is_named_with_its_line() {
        for (bytes, line, word) in [
            (b"\nOVERWRITE\n".as_slice(), 2, "no file"),
            (b"a.msp\n23 62789\n", 2, "23 62789"),
            (b"a.msp\nREPLACE\nAPPEND\n", 2, "REPLACE"),
            (b"\"\" APPEND\n", 1, "no file"),
        ] {
            let error = read_second_locator(bytes).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Malformed);
            assert_eq!(error.location().line, Some(line));
            assert!(error.to_string().contains(word), "{error}");
        }
    }
}
