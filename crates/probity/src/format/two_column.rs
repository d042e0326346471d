//! Plain text of two columns, m/z and intensity: what instruments and spreadsheets export, and how
//! DART-MS spectra are often kept.
//!
//! A file is one record, which the caller names after the file. Lines that begin with `#` are comments;
//! one line before the first pair may be a header. The columns are divided by tabs, semicolons, blanks
//! or a single comma. Where something else divides them, a comma is a decimal sign, which is reported.

use super::number::parse_number;
use super::peak_collector::PeakCollector;
use super::text::{Lines, decode};
use super::{NoticeKind, Parsed, Provenance, ReadOptions, ReadReport, Record, RecordPlace};
use crate::error::{Error, Location, Result};
use crate::spectrum::{Acquisition, MassSpectrum, Peak, Spectrum};
use crate::substance::{Form, Identity};

/// Reads a text of two columns as one record without a name.
///
/// # Errors
/// `Malformed` for a line that is not a pair of numbers, beyond one header line, and where there is no
/// pair at all; `Unsupported` where the header speaks of wavenumbers; `LimitReached` beyond a limit of
/// `options`.
pub fn read_two_column(bytes: &[u8], options: &ReadOptions) -> Result<Parsed> {
    let mut report = ReadReport::default();
    let text = decode(bytes, options, &mut report)?;
    let mut collector = PeakCollector::default();
    let (mut comments, mut header, mut decimal_comma) = (Vec::new(), None, false);
    let mut first_line = None;
    let mut pairs = 0_u64;
    for line in Lines::new(&text, options) {
        let line = line?;
        let place = Location::at_line(line.number).in_record(1);
        let line_text = trim(line.text);
        if line_text.is_empty() {
            continue;
        }
        first_line.get_or_insert(line.number);
        if let Some(comment) = line_text.strip_prefix('#') {
            comments.push(comment.trim().to_owned());
            continue;
        }
        match parse_pair(line_text) {
            Some(pair) => {
                if pair.decimal_comma && !decimal_comma {
                    decimal_comma = true;
                    report.note(
                        options,
                        NoticeKind::Repaired,
                        place.clone(),
                        "the commas were read as decimal signs",
                    )?;
                }
                pairs += 1;
                collector.push(pair.peak, None, place, options, &mut report)?;
            }
            None if pairs == 0 && header.is_none() => {
                if is_infrared(line_text) {
                    return Err(Error::unsupported(
                        "the columns are an infrared spectrum, and this reader takes mass spectra",
                    )
                    .at(place));
                }
                header = Some(line_text.to_owned());
            }
            None => {
                return Err(Error::malformed(
                    "the line is not a pair of m/z and intensity, as every line after the first must be",
                )
                .at(place));
            }
        }
    }
    if pairs == 0 {
        return Err(Error::malformed("the text holds no pair of m/z and intensity"));
    }
    let (peaks, annotations) = collector.finish();
    let record = Record {
        name: String::new(),
        identity: Identity::default(),
        form: Form::default(),
        spectrum: Spectrum::Mass(MassSpectrum { peaks, annotations, acquisition: Acquisition::default() }),
        provenance: Provenance { comments, ..Provenance::default() },
        other_fields: header.into_iter().map(|header| ("header".to_owned(), header)).collect(),
        place: RecordPlace { record: 1, line: first_line.unwrap_or(1) },
    };
    report.records_read = 1;
    Ok(Parsed { records: vec![record], report })
}

/// Whether the text's first lines are pairs of numbers, behind comments and one header line.
pub(crate) fn looks_like(head: &str) -> bool {
    let options = ReadOptions::default();
    let mut lines = Lines::new(head, &options)
        .map_while(Result::ok)
        .map(|line| trim(line.text))
        .filter(|text| !text.is_empty() && !text.starts_with('#'));
    match lines.next() {
        Some(first) if parse_pair(first).is_some() => true,
        // A header names two columns; behind prose a pair of numbers is chance.
        Some(first) => {
            first.len() <= 200
                && !is_infrared(first)
                && lines.next().is_some_and(|line| parse_pair(line).is_some())
        }
        None => false,
    }
}

fn trim(line: &str) -> &str {
    line.trim_matches(|c: char| c.is_whitespace() || matches!(c, '\u{feff}' | '\u{1a}'))
}

fn is_infrared(header: &str) -> bool {
    let header = header.to_ascii_lowercase();
    ["cm-1", "1/cm", "wavenumber", "absorbance", "transmittance"].iter().any(|word| header.contains(word))
}

struct Pair {
    peak: Peak,
    decimal_comma: bool,
}

/// The pair of numbers that a line is, if it is one.
fn parse_pair(line: &str) -> Option<Pair> {
    let divides = |c: char| c.is_whitespace() || c == ';';
    let mut columns =
        line.split(divides).map(|column| column.trim_matches('"')).filter(|column| !column.is_empty());
    let (first, second, third) = (columns.next()?, columns.next(), columns.next());
    if third.is_some() {
        return None;
    }
    let Some(second) = second else {
        // Only a comma can divide them.
        let (mz, intensity) = first.split_once(',')?;
        return pair(number(mz)?, number(intensity.strip_suffix(',').unwrap_or(intensity))?, false);
    };
    // In "41, 29" the comma divides.
    let (first, second) =
        (first.strip_suffix(',').unwrap_or(first), second.strip_suffix(',').unwrap_or(second));
    if let (Some(mz), Some(intensity)) = (number(first), number(second)) {
        return pair(mz, intensity, false);
    }
    let decimal = |text: &str| number(&text.replacen(',', ".", 1));
    pair(decimal(first)?, decimal(second)?, true)
}

fn pair(mz: f64, intensity: f64, decimal_comma: bool) -> Option<Pair> {
    Some(Pair { peak: Peak { mz, intensity }, decimal_comma })
}

/// A number, or NaN for `NaN`: the shared rule for peaks then leaves the peak out and says so.
fn number(text: &str) -> Option<f64> {
    parse_number(text).or_else(|| text.eq_ignore_ascii_case("nan").then_some(f64::NAN))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::ErrorKind;
    use crate::format::Strictness;

    fn read(text: &str) -> Result<Parsed> {
        read_two_column(text.as_bytes(), &ReadOptions::default())
    }

    #[test]
    fn columns_are_divided_in_many_ways() {
        for text in [
            "41.5\t29\n43\t100\n",
            "41.5 29\r43 100",
            "41.5,29\n43,100\n",
            "41.5, 29\n43, 100\n",
            "41.5;29\n43;100\n",
            "  41.5   29 \n\n 43 1e2",
            "\"m/z\",\"intensity\"\n41.5,29\n43,100\n",
            "m/z intensity\n41.5 29\n43 100\n",
        ] {
            assert!(looks_like(text), "{text}");
            let parsed = read(text).unwrap();
            let peaks = &parsed.records[0].spectrum.as_mass().unwrap().peaks;
            assert_eq!(peaks.mz(), [41.5, 43.0], "{text}");
            assert_eq!(peaks.intensity(), [29.0, 100.0], "{text}");
            assert!(parsed.report.is_clean(), "{text}");
        }
    }

    #[test]
    fn comments_and_the_header_are_kept() {
        let parsed = read("# sample 7\nmass\tcounts\n41\t29\n").unwrap();
        assert_eq!(parsed.records[0].provenance.comments, ["sample 7"]);
        assert_eq!(parsed.records[0].other_fields, [("header".to_owned(), "mass\tcounts".to_owned())]);
        assert_eq!(parsed.records[0].place, RecordPlace { record: 1, line: 1 });
        assert_eq!(parsed.report.records_read, 1);
    }

    #[test]
    fn decimal_commas_are_reported_once() {
        let parsed = read("41,5;29,5\n43,5;100,2\n").unwrap();
        let peaks = &parsed.records[0].spectrum.as_mass().unwrap().peaks;
        assert_eq!(peaks.mz(), [41.5, 43.5]);
        assert_eq!(parsed.report.repaired, 1);
        let strict = ReadOptions::default().strictness(Strictness::Strict);
        assert!(read_two_column(b"41,5;29,5\n", &strict).is_err());
    }

    #[test]
    fn impossible_peaks_are_left_out_and_counted() {
        let parsed = read("41 -5\n42 NaN\n43 7\n").unwrap();
        assert_eq!(parsed.records[0].spectrum.as_mass().unwrap().peaks.mz(), [43.0]);
        assert_eq!(parsed.report.skipped, 2);
    }

    #[test]
    fn lines_that_are_no_pairs_are_an_error_with_their_place() {
        for (text, line) in [("41 29\nx y\n", 2), ("a b\nc d\n41 29\n", 2), ("41 29 7\n43 2 1\n", 2)] {
            let error = read(text).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Malformed);
            assert_eq!(error.location().line, Some(line), "{text}");
        }
        assert!(read("").is_err() && read("# nothing\n").is_err());
    }

    #[test]
    fn infrared_columns_are_not_taken_for_masses() {
        let text = "Wavenumber (cm-1),Absorbance\n4000,0.01\n3998,0.012\n";
        assert!(!looks_like(text));
        assert_eq!(read(text).unwrap_err().kind(), ErrorKind::Unsupported);
    }
}
