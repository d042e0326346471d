//! Plain text of two columns: lists of peaks, m/z and intensity, as instruments and spreadsheets export them and DART-MS
//! spectra are often kept, and curves, x and y, such as infrared spectra.
//!
//! A file is one record, which the caller names after the file, unless lines `# curve: NAME` begin several curves.
//! Lines that begin with `#` are comments. The columns are divided by tabs, semicolons, blanks
//! or a single comma. Where something else divides them, a comma is a decimal sign, which is reported.
//!
//! **Peaks or curve?** The first rule that fits decides:
//! 1. The line `# curve` says a curve.
//! 2. The line before the first pair names the columns: a unit of wavenumbers or wavelengths, or one of absorbance,
//!    transmittance and the like, says a curve, and may have up to nine lines of title before it; `m/z` or `mass` says
//!    peaks.
//! 3. At least 100 points that lie evenly (to 3 % of a step), rising or falling, between 10 and 15,000 and reaching
//!    2,600 are a curve over wavenumbers in cm⁻¹. This, and the unit of the values if it is not stated, is an assumption,
//!    and reported as one.
//! 4. Other points that lie evenly, but for steps of 1, are a curve of unknown units, and not read: a header must say
//!    what they are.
//! 5. Everything else is a list of peaks.

mod curve;
mod line;
mod writer;

use super::noter::Noter;
use super::peak_collector::PeakCollector;
use super::text::{Line, Lines, decode};
use super::{Parsed, Provenance, ReadOptions, Record, RecordPlace};
use crate::error::{Error, Result};
use crate::spectrum::{Acquisition, MassSpectrum, Peak, Spectrum};
use crate::substance::{Form, Identity};
use curve::{Named, Spacing, named, spacing};
use line::{Pair, trim};
pub use writer::write_curve_csv;

/// Lines before the first pair that may be a title and a header.
const MOST_PREAMBLE: usize = 10;

/// The lines of one record.
#[derive(Debug, Default)]
struct Section<'a> {
    first_line: u64,
    /// Whether a line `# curve` says that it is one.
    is_marked: bool,
    name: String,
    comments: Vec<String>,
    /// Lines before the first pair.
    preamble: Vec<Line<'a>>,
    pairs: Vec<(u64, Pair)>,
}

impl Section<'_> {
    fn named(&self) -> Named {
        self.preamble.last().map_or(Named::Nothing, |header| named(header.text))
    }
}

/// Reads a text of two columns: one record without a name, or several curves with theirs.
///
/// # Errors
/// `Malformed` for a line that is not a pair of numbers, beyond the header, and where there is no
/// pair at all; `Unsupported` where the first column is evenly spaced like a curve, and nothing says in which unit;
/// `LimitReached` beyond a limit of `options`.
pub fn read_two_column(bytes: &[u8], options: &ReadOptions) -> Result<Parsed> {
    let mut noter = Noter::new(options);
    let text = decode(bytes, options, &mut noter.report)?;
    noter.record = 1;
    let (mut section, mut records) = (Section::default(), Vec::new());
    let mut decimal_comma = false;
    for line in Lines::new(&text, options) {
        let line = line?;
        let line = Line { text: trim(line.text), ..line };
        if line.text.is_empty() {
            continue;
        }
        if let Some(comment) = line.text.strip_prefix('#').map(str::trim) {
            let mark = comment.strip_prefix("curve").map(str::trim_start);
            let name = mark.and_then(|rest| if rest.is_empty() { Some("") } else { rest.strip_prefix(':') });
            if let Some(name) = name {
                let next = Section { is_marked: true, name: name.trim().to_owned(), ..Section::default() };
                let done = std::mem::replace(&mut section, next);
                if done.is_marked || !done.pairs.is_empty() || !done.preamble.is_empty() {
                    records.push(record_of(done, &mut noter)?);
                    noter.record += 1;
                } else {
                    section.comments = done.comments;
                }
            } else {
                section.comments.push(comment.to_owned());
            }
        } else if let Some(pair) = Pair::of(line.text) {
            if pair.decimal_comma && !decimal_comma {
                decimal_comma = true;
                noter.repaired(line.number, "", "the commas were read as decimal signs")?;
            }
            let limit = options.limits.peaks;
            if section.pairs.len() >= limit {
                let message = format!("the spectrum has more than {limit} points");
                return Err(Error::limit(message).at(noter.at(line.number)));
            }
            section.pairs.push((line.number, pair));
        } else if section.pairs.is_empty() && section.preamble.len() < MOST_PREAMBLE {
            section.preamble.push(line);
        } else {
            return Err(not_a_pair(line, &noter));
        }
        if section.first_line == 0 {
            section.first_line = line.number;
        }
    }
    records.push(record_of(section, &mut noter)?);
    Ok(Parsed { records, report: noter.report })
}

fn not_a_pair(line: Line<'_>, noter: &Noter) -> Error {
    Error::malformed(
        "the line is not a pair of m/z and intensity, or x and y, as every line after the header must be",
    )
    .at(noter.at(line.number))
}

/// The record of some lines.
fn record_of(section: Section<'_>, noter: &mut Noter) -> Result<Record> {
    let is_curve = section.is_marked || section.named() == Named::Curve;
    if !is_curve && section.preamble.len() > 1 {
        return Err(not_a_pair(section.preamble[1], noter));
    }
    if section.pairs.is_empty() {
        return Err(Error::malformed("the text holds no pair of m/z and intensity, or x and y"));
    }
    if is_curve {
        return curve::read(section, noter);
    }
    let column: Vec<f64> = section.pairs.iter().map(|(_, pair)| pair.x).collect();
    match (spacing(&column), section.named()) {
        (Spacing::Wavenumbers, Named::Nothing) if section.preamble.is_empty() => curve::read(section, noter),
        (Spacing::Other, _) => mass_record(section, noter),
        _ => Err(Error::unsupported(
            "the first column is evenly spaced: this is a curve, such as an infrared spectrum or a profile, whose \
             units are not stated; a line such as \"cm-1,absorbance\" before the first pair would say them",
        )
        .at(noter.at(section.first_line))),
    }
}

fn mass_record(section: Section<'_>, noter: &mut Noter) -> Result<Record> {
    let mut collector = PeakCollector::default();
    for (line, pair) in section.pairs {
        let (peak, place) = (Peak { mz: pair.x, intensity: pair.y }, noter.at(line));
        collector.push(peak, None, place, noter.options, &mut noter.report)?;
    }
    noter.record_read(section.first_line)?;
    let (peaks, annotations) = collector.finish();
    let header = section.preamble.first();
    Ok(Record {
        name: section.name,
        identity: Identity::default(),
        form: Form::default(),
        spectrum: Spectrum::Mass(MassSpectrum { peaks, annotations, acquisition: Acquisition::default() }),
        provenance: Provenance { comments: section.comments, ..Provenance::default() },
        other_fields: header
            .map(|header| ("header".to_owned(), header.text.to_owned()))
            .into_iter()
            .collect(),
        place: RecordPlace { record: noter.record, line: section.first_line },
    })
}

/// Whether the text's first lines are pairs of numbers, behind comments and a header.
pub(crate) fn looks_like(head: &str) -> bool {
    let options = ReadOptions::default();
    let mut lines = Lines::new(head, &options)
        .map_while(Result::ok)
        .map(|line| trim(line.text))
        .filter(|text| !text.is_empty() && !text.starts_with('#'));
    let mut preamble: Vec<&str> = Vec::new();
    let has_pair = lines.any(|line| {
        let is_pair = Pair::of(line).is_some();
        if !is_pair && preamble.len() <= MOST_PREAMBLE {
            preamble.push(line);
        }
        is_pair
    });
    has_pair
        && match preamble.as_slice() {
            [] => true,
            // A header names two columns; behind prose a pair of numbers is chance.
            [header] => header.len() <= 200,
            [.., header] => preamble.len() <= MOST_PREAMBLE && named(header) == Named::Curve,
        }
}

#[cfg(test)]
mod tests;
