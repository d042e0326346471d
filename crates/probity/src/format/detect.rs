//! Which format an input is in, by its content alone.

use std::borrow::Cow;
use std::fmt;

use serde::{Deserialize, Serialize};

use super::{
    Parsed, ReadOptions, agilent_asp, jcamp_dx, json, massbank, mgf, msl, msp, opus, perkin_elmer_sp, spa,
    spc, two_column,
};
use crate::error::{Error, Result};

/// A format that can be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Format {
    /// MSP, the text format of NIST MS Search.
    Msp,
    /// MSL, the text format of AMDIS libraries.
    Msl,
    /// A MassBank record.
    MassBank,
    /// JCAMP-DX.
    JcampDx,
    /// Mascot generic format.
    Mgf,
    /// Plain text of two columns.
    TwoColumn,
    /// Galactic (Thermo) GRAMS SPC.
    Spc,
    /// Thermo OMNIC SPA.
    Spa,
    /// Bruker OPUS.
    Opus,
    /// PerkinElmer SP.
    PerkinElmerSp,
    /// Agilent ASP.
    AgilentAsp,
    /// JSON as this library writes it.
    Json,
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Msp => "MSP",
            Self::Msl => "MSL",
            Self::MassBank => "MassBank",
            Self::JcampDx => "JCAMP-DX",
            Self::Mgf => "MGF",
            Self::TwoColumn => "two-column text",
            Self::Spc => "Galactic SPC",
            Self::Spa => "Thermo SPA",
            Self::Opus => "Bruker OPUS",
            Self::PerkinElmerSp => "PerkinElmer SP",
            Self::AgilentAsp => "Agilent ASP",
            Self::Json => "JSON",
        })
    }
}

/// How a format is told by its first bytes or text, and read.
struct Reader<Told> {
    format: Format,
    looks_like: Told,
    read: Read,
}

type BinaryReader = Reader<fn(&[u8]) -> bool>;
type TextReader = Reader<fn(&str) -> bool>;

/// The readers of formats that are not text. SPC is told by little, and comes last.
const BINARY_READERS: &[BinaryReader] = &[
    Reader { format: Format::Opus, looks_like: opus::looks_like, read: opus::read_opus },
    Reader { format: Format::Spa, looks_like: spa::looks_like, read: spa::read_spa },
    Reader {
        format: Format::PerkinElmerSp,
        looks_like: perkin_elmer_sp::looks_like,
        read: perkin_elmer_sp::read_perkin_elmer_sp,
    },
    Reader { format: Format::Spc, looks_like: spc::looks_like, read: spc::read_spc },
];

/// The readers of text, the most telling first.
const TEXT_READERS: &[TextReader] = &[
    Reader { format: Format::JcampDx, looks_like: jcamp_dx::looks_like, read: jcamp_dx::read_jcamp_dx },
    Reader { format: Format::MassBank, looks_like: massbank::looks_like, read: massbank::read_massbank },
    Reader { format: Format::Mgf, looks_like: mgf::looks_like, read: mgf::read_mgf },
    Reader { format: Format::Json, looks_like: json::looks_like, read: json::read_json },
    Reader { format: Format::Msl, looks_like: msl::looks_like, read: msl::read_msl },
    Reader { format: Format::Msp, looks_like: msp::looks_like, read: msp::read_msp },
    Reader {
        format: Format::AgilentAsp,
        looks_like: agilent_asp::looks_like,
        read: agilent_asp::read_agilent_asp,
    },
    Reader {
        format: Format::TwoColumn,
        looks_like: two_column::looks_like,
        read: two_column::read_two_column,
    },
];

/// How many bytes are looked at to tell a format.
const HEAD_BYTES: usize = 1 << 16;

/// The format of an input that is not compressed; `None` where it is in no format that can be read.
#[must_use]
pub fn detect(bytes: &[u8]) -> Option<Format> {
    reader_of(bytes).map(|(format, _)| format)
}

/// Reads an input that is not compressed, in whatever format it is.
pub(super) fn read_detected(bytes: &[u8], options: &ReadOptions) -> Result<(Format, Parsed)> {
    match reader_of(bytes) {
        Some((format, read)) => read(bytes, options).map(|parsed| (format, parsed)),
        None => Err(explain_unreadable(bytes)),
    }
}

type Read = fn(&[u8], &ReadOptions) -> Result<Parsed>;

fn reader_of(bytes: &[u8]) -> Option<(Format, Read)> {
    if known_but_unread(bytes).is_some() {
        return None;
    }
    if let Some(reader) = BINARY_READERS.iter().find(|reader| (reader.looks_like)(bytes)) {
        return Some((reader.format, reader.read));
    }
    let head = head_text(bytes)?;
    let reader = TEXT_READERS.iter().find(|reader| (reader.looks_like)(&head))?;
    Some((reader.format, reader.read))
}

/// The first text of an input, without a line that the cut goes through; `None` where it is not text.
fn head_text(bytes: &[u8]) -> Option<Cow<'_, str>> {
    let head = &bytes[..bytes.len().min(HEAD_BYTES)];
    let text = match encoding_rs::Encoding::for_bom(head) {
        Some((encoding, mark)) => encoding.decode_without_bom_handling(&head[mark..]).0,
        None if head.contains(&0) => return None,
        // Only ASCII tells formats apart, so the code page does not matter here.
        None => String::from_utf8_lossy(head),
    };
    if bytes.len() <= HEAD_BYTES {
        return Some(text);
    }
    let end = text.rfind(['\n', '\r']).map_or(text.len(), |end| end + 1);
    Some(match text {
        Cow::Borrowed(text) => Cow::Borrowed(&text[..end]),
        Cow::Owned(mut text) => {
            text.truncate(end);
            Cow::Owned(text)
        }
    })
}

/// Formats that are known by their first bytes but not read, and what an analyst can do.
const UNREAD: &[(&[u8], &str)] = &[
    (b"CDF\x01", "netCDF (ANDI/MS)"),
    (b"CDF\x02", "netCDF (ANDI/MS)"),
    (b"\x89HDF\r\n\x1a\n", "HDF5"),
    (b"\x01\xa1F\0i\0n\0n\0i\0g\0a\0n\0", "Thermo RAW"),
    (b"\x01\x32\0\0", "Agilent ChemStation MS"),
    (b"PK\x03\x04", "a zip archive or an Excel workbook (xlsx)"),
    (b"PK\x05\x06", "an empty zip archive"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Office document (xls, doc)"),
    (b"%PDF", "PDF"),
    (b"\x1f\x8b", "gzip within gzip"),
    (b"BZh", "bzip2"),
    (b"\xfd7zXZ\0", "xz"),
    (b"7z\xbc\xaf\x27\x1c", "7-Zip"),
    (b"\x28\xb5\x2f\xfd", "Zstandard"),
    (b"SQLite format 3\0", "an SQLite database"),
];

/// The same by a word early in the text.
const UNREAD_TEXT: &[(&str, &str)] = &[
    ("<indexedmzML", "mzML"),
    ("<mzML", "mzML"),
    ("<mzXML", "mzXML"),
    ("<mzSpecLib", "mzSpecLib"),
    ("<!DOCTYPE html", "an HTML page"),
    ("<html", "an HTML page"),
];

/// The name of a format that is known but not read.
fn known_but_unread(bytes: &[u8]) -> Option<&'static str> {
    if let Some((_, name)) = UNREAD.iter().find(|(magic, _)| bytes.starts_with(magic)) {
        return Some(name);
    }
    let start = String::from_utf8_lossy(&bytes[..bytes.len().min(2_048)]);
    let is_markup = start.trim_start_matches('\u{feff}').trim_start().starts_with('<');
    UNREAD_TEXT.iter().find(|(word, _)| is_markup && start.contains(word)).map(|(_, name)| *name)
}

/// The error for an input in no format that can be read.
fn explain_unreadable(bytes: &[u8]) -> Error {
    if bytes.is_empty() {
        return Error::malformed("the input is empty");
    }
    if let Some(name) = known_but_unread(bytes) {
        return Error::unsupported(format!("the input is {name}, which this version does not read"));
    }
    match head_text(bytes) {
        Some(text) if text.trim().is_empty() => Error::malformed("the input is blank"),
        Some(_) => Error::unsupported("the input is text in no format that this version knows"),
        None => Error::unsupported("the input is binary data in no format that this version knows"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::ErrorKind;

    #[test]
    fn formats_are_told_by_their_content() {
        for (text, format) in [
            ("Name: a\nNum Peaks: 1\n41 29\n", Some(Format::Msp)),
            ("\u{feff}NAME: a\r\nRI: 7\r\nnum peaks: 1\r\n41\t29\r\n", Some(Format::Msp)),
            ("Num Peaks: 1\n41 29\n", Some(Format::Msp)),
            ("Name: a\nNum Peaks: 0\n", Some(Format::Msp)),
            ("# exported\n\nName: a\n41 29; 43 100\n", Some(Format::Msp)),
            ("NAME: a\nFORM: C2H6\nNUM PEAKS: 1\n( 41 29)\n", Some(Format::Msl)),
            ("ACCESSION: MSBNK-A-1\nRECORD_TITLE: a\nCH$NAME: a\n", Some(Format::MassBank)),
            ("##TITLE=a\n##JCAMP-DX=5.00\n", Some(Format::JcampDx)),
            ("BEGIN IONS\nTITLE=a\n41 29\nEND IONS\n", Some(Format::Mgf)),
            ("[{\"kind\": \"mass_spectrum\"}]", Some(Format::Json)),
            ("41 29\n43 100\n", Some(Format::TwoColumn)),
            ("mass,counts\n41,29\n", Some(Format::TwoColumn)),
            ("cm-1,A\n4000,0.1\n", Some(Format::TwoColumn)),
            ("\u{feff}A title, of two\ncm-1,A\n4000,0.1\n", Some(Format::TwoColumn)),
            ("A title\nand prose\n41,29\n", None),
            ("3\n4000\n400\n1\n2\n4\n0.1\n", Some(Format::AgilentAsp)),
            ("\n\n\u{feff}Name: a\n", None),
            ("Spectral Data File\r\n", Some(Format::Spa)),
            ("PEPE2D", Some(Format::PerkinElmerSp)),
            ("Name: a\nwho am I\n", None),
            ("Dear colleague,\nplease find\n", None),
            ("", None),
        ] {
            assert_eq!(detect(text.as_bytes()), format, "{text}");
        }
        let utf16: Vec<u8> = [0xff, 0xfe]
            .into_iter()
            .chain("Name: a\nNum Peaks: 1\n41 29\n".bytes().flat_map(|byte| [byte, 0]))
            .collect();
        assert_eq!(detect(&utf16), Some(Format::Msp));
        assert_eq!(detect(b"\x0a\x0a\xfe\xfe\0\0"), Some(Format::Opus));
        for version in [0x4b, 0x4c, 0x4d] {
            let mut spc = vec![0_u8; 256];
            spc[1] = version;
            spc[4..8].copy_from_slice(&3_f32.to_le_bytes());
            assert_eq!(detect(&spc), Some(Format::Spc));
            assert_eq!(detect(&spc[..255]), None);
        }
        // A bitmap and a zip archive have the version's byte too.
        assert_eq!(detect(&[&b"BM\x36\x10\x0e\0\0\0"[..], &[0; 300]].concat()), None);
        assert_eq!(detect(&[&b"PK\x03\x04"[..], &[0; 300]].concat()), None);
    }

    #[test]
    fn what_is_known_but_not_read_is_named() {
        for (bytes, word) in [
            (b"CDF\x01\0\0\0\0".as_slice(), "netCDF"),
            (b"<?xml version=\"1.0\"?>\n<indexedmzML xmlns=\"x\">", "mzML"),
            (b"PK\x03\x04....", "xlsx"),
            (b"%PDF-1.7", "PDF"),
            (b"\0\x01\x02", "binary"),
            (b"hello", "text"),
        ] {
            let error = read_detected(bytes, &ReadOptions::default()).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Unsupported, "{word}");
            assert!(error.message().contains(word), "{error}");
        }
        for empty in [b"".as_slice(), b" \r\n\n"] {
            let error = read_detected(empty, &ReadOptions::default()).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Malformed);
        }
    }

    #[test]
    fn the_name_of_a_format_is_the_usual_one() {
        assert_eq!(Format::JcampDx.to_string(), "JCAMP-DX");
        assert_eq!(serde_json::to_string(&Format::TwoColumn).unwrap(), "\"two_column\"");
    }
}
