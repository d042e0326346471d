//! Labelled data records, the lines that every JCAMP-DX file consists of.
//!
//! McDonald and Wilks, *JCAMP-DX: A standard form for exchange of infrared spectra in computer
//! readable form*, Applied Spectroscopy 42 (1988) 151–162: a record is `##LABEL=` with its value, which
//! may go on over further lines; `$$` begins a comment; in labels case, blanks, `-`, `/` and `_` do not
//! count.

use std::borrow::Cow;

use crate::error::Result;
use crate::format::noter::Noter;
use crate::format::text::{Line, Lines};

/// One labelled data record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Ldr<'a> {
    /// The label in capitals, without what does not count: `DATATYPE`, `.IONIZATIONMODE`, `$NISTNO`.
    pub(crate) label: String,
    /// The label as the file spells it.
    pub(crate) spelled: &'a str,
    /// What stands behind the `=`, without comments and outer blanks.
    pub(crate) first: &'a str,
    /// The lines after the first that are not empty, without comments and trailing blanks.
    pub(crate) rest: Vec<Line<'a>>,
    /// The line of the label.
    pub(crate) line: u64,
    /// Whether the text ends within the last line of this record, which may therefore be cut short.
    pub(crate) is_cut: bool,
}

/// How much of a label is repeated in each place that names it.
const NAMED_LABEL_BYTES: usize = 64;

impl<'a> Ldr<'a> {
    /// The label as it is named in places: its beginning, since every peak of a table has a place and
    /// blanks or signs that do not count may make a label as long as a line.
    pub(crate) fn name_in_places(&self) -> &'a str {
        let mut end = self.spelled.len().min(NAMED_LABEL_BYTES);
        while !self.spelled.is_char_boundary(end) {
            end -= 1;
        }
        &self.spelled[..end]
    }

    /// All lines of the value, joined by line ends.
    pub(crate) fn value(&self) -> Cow<'_, str> {
        if self.rest.is_empty() {
            return Cow::Borrowed(self.first);
        }
        let mut lines: Vec<&str> = Vec::with_capacity(self.rest.len() + 1);
        lines.extend((!self.first.is_empty()).then_some(self.first));
        lines.extend(self.rest.iter().map(|line| line.text.trim_start()));
        Cow::Owned(lines.join("\n"))
    }
}

/// Splits a text into labelled data records. Lines before the first are reported.
///
/// # Errors
/// `LimitReached` for a line beyond the limit; `Malformed` where the reader is strict.
pub(crate) fn split<'a>(text: &'a str, noter: &mut Noter) -> Result<Vec<Ldr<'a>>> {
    let mut ldrs: Vec<Ldr<'a>> = Vec::new();
    for line in Lines::new(text, noter.options) {
        let line = line?;
        let content = without_comment(line.text).trim_end();
        if let Some(labelled) = content.trim_start().strip_prefix("##") {
            let (spelled, first) = match labelled.split_once('=') {
                Some((spelled, first)) => (spelled.trim(), first.trim()),
                None => {
                    noter.repaired(line.number, labelled.trim(), "the label has no = behind it")?;
                    (labelled.trim(), "")
                }
            };
            ldrs.push(Ldr {
                label: normalized(spelled),
                spelled,
                first,
                rest: Vec::new(),
                line: line.number,
                is_cut: false,
            });
        } else if content.trim().is_empty() {
        } else if let Some(ldr) = ldrs.last_mut() {
            ldr.rest.push(Line { number: line.number, text: content });
        } else {
            noter.ignored(line.number, "", "the line stands before the first label and was left out")?;
        }
    }
    if let Some(last) = ldrs.last_mut() {
        last.is_cut = !text.ends_with(['\n', '\r']);
    }
    Ok(ldrs)
}

/// A label in capitals without blanks, `-`, `/` and `_`.
pub(super) fn normalized(label: &str) -> String {
    label
        .chars()
        .filter(|c| !c.is_whitespace() && !matches!(c, '-' | '/' | '_'))
        .map(|c| c.to_ascii_uppercase())
        .collect()
}

/// The part of a line before `$$`.
fn without_comment(line: &str) -> &str {
    line.split_once("$$").map_or(line, |(before, _)| before)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::ReadOptions;

    #[test]
    fn labels_are_normalized_comments_cut_and_lines_continued() {
        let options = ReadOptions::default();
        let mut noter = Noter::new(&options);
        let text = "$$ header\r##Title=  a name $$ why\r##data_type = MASS-SPECTRUM\r\
                    ##NAMES=one\r  two $$ really\r\r##$Own/Label=x\r##=a comment\r##END";
        let ldrs = split(text, &mut noter).unwrap();
        let seen: Vec<(&str, String, u64)> =
            ldrs.iter().map(|ldr| (ldr.label.as_str(), ldr.value().into_owned(), ldr.line)).collect();
        assert_eq!(
            seen,
            [
                ("TITLE", "a name".to_owned(), 2),
                ("DATATYPE", "MASS-SPECTRUM".to_owned(), 3),
                ("NAMES", "one\ntwo".to_owned(), 4),
                ("$OWNLABEL", "x".to_owned(), 7),
                ("", "a comment".to_owned(), 8),
                ("END", String::new(), 9),
            ]
        );
        assert_eq!(ldrs[1].spelled, "data_type");
        assert!(ldrs[5].is_cut && !ldrs[4].is_cut);
        assert_eq!(noter.report.repaired, 1);
    }
}
