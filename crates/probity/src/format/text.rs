//! Lines of text from bytes of unknown code page and line ends.

use std::borrow::Cow;

use super::{NoticeKind, ReadOptions, ReadReport};
use crate::error::{Error, Location, Result};

/// Decodes a whole input: UTF-8 with or without a byte order mark, UTF-16 with one, and otherwise
/// Windows code page 1252, in which every byte has a meaning. The last is reported as a repair.
///
/// # Errors
/// `LimitReached` for more bytes than the limits allow; `Malformed` where the reader is strict and the
/// text is in code page 1252.
pub(crate) fn decode<'a>(
    bytes: &'a [u8],
    options: &ReadOptions,
    report: &mut ReadReport,
) -> Result<Cow<'a, str>> {
    if bytes.len() as u64 > options.limits.input_bytes {
        return Err(Error::limit(format!("the input is longer than {} bytes", options.limits.input_bytes)));
    }
    if let Some((encoding, mark)) = encoding_rs::Encoding::for_bom(bytes) {
        let (text, replaced) = encoding.decode_without_bom_handling(&bytes[mark..]);
        if replaced {
            report.note(
                options,
                NoticeKind::Repaired,
                Location::default(),
                format!("some bytes are not {} text and were replaced", encoding.name()),
            )?;
        }
        return Ok(text);
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => Ok(Cow::Borrowed(text)),
        Err(error) => {
            let before = &bytes[..error.valid_up_to()];
            let line = 1 + before.iter().filter(|&&byte| byte == b'\n').count() as u64;
            report.note(
                options,
                NoticeKind::Repaired,
                Location::at_line(line),
                "the text is not UTF-8 and was read as Windows code page 1252",
            )?;
            Ok(encoding_rs::WINDOWS_1252.decode_without_bom_handling(bytes).0)
        }
    }
}

/// A text in Windows code page 1252, and how many of its characters that has no place for: each is written as `?`.
pub(crate) fn encode_windows_1252(text: &str) -> (Vec<u8>, u64) {
    let (mut bytes, mut replaced) = (Vec::with_capacity(text.len()), 0);
    let mut buffer = [0; 4];
    for character in text.chars() {
        let (encoded, _, unmappable) = encoding_rs::WINDOWS_1252.encode(character.encode_utf8(&mut buffer));
        if unmappable {
            bytes.push(b'?');
            replaced += 1;
        } else {
            bytes.extend_from_slice(&encoded);
        }
    }
    (bytes, replaced)
}

/// A line and its number, from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Line<'a> {
    pub(crate) number: u64,
    pub(crate) text: &'a str,
}

/// The lines of a text, ended by LF, CR LF or a lone CR; without their ends.
#[derive(Debug, Clone)]
pub(crate) struct Lines<'a> {
    rest: &'a str,
    number: u64,
    limit: usize,
}

impl<'a> Lines<'a> {
    pub(crate) fn new(text: &'a str, options: &ReadOptions) -> Self {
        Self { rest: text, number: 0, limit: options.limits.line_bytes }
    }
}

impl<'a> Iterator for Lines<'a> {
    type Item = Result<Line<'a>>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.rest.is_empty() {
            return None;
        }
        self.number += 1;
        let end = self.rest.find(['\n', '\r']).unwrap_or(self.rest.len());
        let text = &self.rest[..end];
        let after = &self.rest[end..];
        self.rest = after.strip_prefix("\r\n").or_else(|| after.get(1..)).unwrap_or("");
        if text.len() > self.limit {
            self.rest = "";
            return Some(Err(Error::limit(format!("the line is longer than {} bytes", self.limit))
                .at(Location::at_line(self.number))));
        }
        Some(Ok(Line { number: self.number, text }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str) -> Vec<(u64, &str)> {
        Lines::new(text, &ReadOptions::default())
            .map(|line| line.map(|line| (line.number, line.text)).unwrap())
            .collect()
    }

    #[test]
    fn all_line_ends_count_once() {
        assert_eq!(lines("a\nb\r\nc\rd\n\ne"), [(1, "a"), (2, "b"), (3, "c"), (4, "d"), (5, ""), (6, "e")]);
        assert_eq!(lines(""), []);
    }

    #[test]
    fn a_line_beyond_the_limit_ends_the_reading() {
        let mut options = ReadOptions::default();
        options.limits.line_bytes = 3;
        let mut lines = Lines::new("abc\nabcd\nabc", &options);
        assert!(lines.next().unwrap().is_ok());
        assert_eq!(lines.next().unwrap().unwrap_err().location().line, Some(2));
        assert!(lines.next().is_none());
    }

    #[test]
    fn what_the_code_page_lacks_is_counted() {
        assert_eq!(encode_windows_1252("caf\u{e9} \u{20ac}"), (b"caf\xE9 \x80".to_vec(), 0));
        assert_eq!(encode_windows_1252("\u{3b2}-a \u{2192}"), (b"?-a ?".to_vec(), 2));
    }

    #[test]
    fn code_pages_are_told_apart() {
        let mut report = ReadReport::default();
        let options = ReadOptions::default();
        assert_eq!(decode(b"\xEF\xBB\xBFName", &options, &mut report).unwrap(), "Name");
        assert_eq!(decode(b"\xFF\xFEN\0a\0", &options, &mut report).unwrap(), "Na");
        assert!(report.is_clean());
        assert_eq!(decode(b"caf\xE9\n\x80", &options, &mut report).unwrap(), "caf\u{e9}\n\u{20ac}");
        assert_eq!(report.repaired, 1);
    }
}
