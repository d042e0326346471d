//! JCAMP-DX: lists of peaks of mass spectra, and curves of infrared and other spectra, in single blocks, link blocks and
//! series (n-tuples).
//!
//! The format: McDonald and Wilks 1988 (see `ldr`); for mass spectra Lampen et al., *JCAMP-DX for mass
//! spectrometry*, Applied Spectroscopy 48 (1994) 1545–1552. Profile mass spectra and blocks without a table of numbers
//! are not read here: a file that holds nothing else is an error of kind `Unsupported` that
//! names them, beside others they are skipped and reported.
//!
//! A retention time without a unit is kept as text among the other fields.

mod asdf;
mod block;
mod curve;
mod curve_units;
mod fields;
mod header_check;
mod ldr;
mod ntuples;
mod peak_table;
mod table_axis;
mod writer;

use super::noter::Noter;
use super::peak_collector::PeakCollector;
use super::text::decode;
use super::{Parsed, ReadOptions, Record};
use crate::error::{Error, Location, Result};
use block::Block;
use fields::Heading;
use ldr::Ldr;
use ntuples::Variables;
use peak_table::Factors;
pub use writer::{JcampDxForm, write_jcamp_dx};

/// How many bytes of heading may be repeated over the pages of one table, which all carry it.
const REPEATED_HEADING_BYTES: usize = 256 << 20;

/// Reads the mass spectra and curves of a JCAMP-DX file.
///
/// # Errors
/// `Unsupported` if the file holds blocks, but neither a list of peaks of a mass spectrum nor a curve; `Malformed` if it
/// holds no spectrum, or where the reader is strict and something is not as it should be;
/// `LimitReached` beyond a limit.
pub fn read_jcamp_dx(bytes: &[u8], options: &ReadOptions) -> Result<Parsed> {
    let mut noter = Noter::new(options);
    let text = decode(bytes, options, &mut noter.report)?;
    let ldrs = ldr::split(&text, &mut noter)?;
    let mut records = Vec::new();
    // What a block is that cannot be read, with its line, until it is known whether others can.
    let mut unsupported: Vec<(u64, u64, String)> = Vec::new();
    for block in block::blocks(ldrs, &mut noter)? {
        noter.record += 1;
        match unsupported_kind(&block) {
            Some(_) if is_curve(&block) => read_curves(&block, &mut records, &mut noter)?,
            Some(kind) => unsupported.push((noter.record, block.line(), kind)),
            None if block.find("NTUPLES").is_some() => read_series(&block, &mut records, &mut noter)?,
            None => read_single(&block, &mut records, &mut noter)?,
        }
    }
    if let Some((record, line, kind)) =
        unsupported.first().filter(|_| records.is_empty() && noter.report.records_skipped == 0)
    {
        noter.record = *record;
        return Err(Error::unsupported(format!(
            "this is {kind}; only lists of peaks of mass spectra, and curves, are read here"
        ))
        .at(noter.at(*line)));
    }
    if noter.record == 0 {
        return Err(Error::malformed("the input holds no JCAMP-DX block"));
    }
    for (record, line, kind) in unsupported {
        noter.record = record;
        noter.record_skipped(line, format!("the block is {kind} and was left out"))?;
    }
    Ok(Parsed { records, report: noter.report })
}

/// What a block is, if it is not a list of peaks of a mass spectrum.
fn unsupported_kind(block: &Block<'_>) -> Option<String> {
    let data_type = block.first_of("DATATYPE").to_ascii_uppercase();
    let has_pairs = data_of(&block.ldrs).is_some();
    let is_mass = data_type.contains("MASS SPECTRUM") || data_type.contains("MASS SPECTRA");
    let looks_like_mass = block.first_of("XUNITS").to_ascii_uppercase().starts_with("M/Z");
    if is_mass && data_type.contains("CONTINUOUS") {
        Some("a profile (continuous) mass spectrum".to_owned())
    } else if is_mass || data_type.is_empty() && looks_like_mass {
        (!has_pairs).then(|| "a mass spectrum without a list of peaks".to_owned())
    } else if data_type.is_empty() {
        Some("a block that does not state its data type".to_owned())
    } else {
        Some(format!("a block of data type {data_type}"))
    }
}

/// Whether a block that is no mass spectrum holds a curve.
fn is_curve(block: &Block<'_>) -> bool {
    let data_type = block.first_of("DATATYPE").to_ascii_uppercase();
    let looks_like_mass = block.first_of("XUNITS").to_ascii_uppercase().starts_with("M/Z");
    let is_mass = data_type.contains("MASS SPECTR") || data_type.is_empty() && looks_like_mass;
    !is_mass && curve::table_of(&block.ldrs).is_some()
}

fn read_curves(block: &Block<'_>, records: &mut Vec<Record>, noter: &mut Noter) -> Result<()> {
    // Some series lack the label that announces them, and a table may stand outside of any page.
    if block.find("PAGE").is_none() {
        return curve::read_block(block, records, noter);
    }
    let variables = Variables::of(block);
    let (pages, outside) = ntuples::pages(block, &variables);
    let heading = Heading::read(block, outside.iter().copied(), noter)?;
    check_repeated(&heading, pages.len(), noter.at(block.line()))?;
    for (index, page) in pages.iter().enumerate() {
        if index > 0 {
            noter.record += 1;
        }
        if let Some(record) = curve::read_page(block, page, &variables, heading.clone(), noter)? {
            noter.record_read(page.line)?;
            records.push(record);
        }
    }
    Ok(())
}

/// # Errors
/// `LimitReached` if a heading is too long to be repeated over so many pages.
fn check_repeated(heading: &Heading, pages: usize, place: Location) -> Result<()> {
    if heading.bytes().saturating_mul(pages) > REPEATED_HEADING_BYTES {
        let message = format!(
            "the heading would be repeated over {pages} pages to more than {REPEATED_HEADING_BYTES} bytes"
        );
        return Err(Error::limit(message).at(place));
    }
    Ok(())
}

/// The first list of pairs among data records.
fn data_of<'b, 'a>(ldrs: impl IntoIterator<Item = &'b Ldr<'a>>) -> Option<&'b Ldr<'a>>
where
    'a: 'b,
{
    ldrs.into_iter().find(|ldr| {
        matches!(ldr.label.as_str(), "PEAKTABLE" | "XYPOINTS" | "XYDATA" | "DATATABLE")
            && peak_table::is_pair_list(ldr.first)
    })
}

fn read_single(block: &Block<'_>, records: &mut Vec<Record>, noter: &mut Noter) -> Result<()> {
    let Some(data) = data_of(&block.ldrs) else { return Ok(()) };
    if block.find("DATATYPE").is_none() {
        noter.repaired(block.line(), "DATA TYPE", "it is missing; the unit m/z says a mass spectrum")?;
    }
    let factor = |label: &str| match block.first_of(label) {
        "" => Some(1.0),
        text => super::number::parse_number(text).filter(|&factor| factor != 0.0),
    };
    let Some(factors) = factor("XFACTOR").zip(factor("YFACTOR")).map(|(x, y)| Factors { x, y }) else {
        return noter.record_skipped(block.line(), "a factor is not a number, so the peaks have no scale");
    };
    let heading = Heading::read(block, block.ldrs.iter(), noter)?;
    let mut peaks = PeakCollector::default();
    let listed = peak_table::read_peaks(data, factors, &mut peaks, noter)?;
    check_count(&block.ldrs, listed, noter)?;
    noter.record_read(block.line())?;
    records.push(heading.into_record(peaks, noter.record, block.line()));
    Ok(())
}

fn read_series(block: &Block<'_>, records: &mut Vec<Record>, noter: &mut Noter) -> Result<()> {
    let variables = Variables::of(block);
    let Some(factors) = variables.factors("Y") else {
        return noter.record_skipped(block.line(), "a factor is not a number, so the peaks have no scale");
    };
    let (pages, outside) = ntuples::pages(block, &variables);
    let heading = Heading::read(block, outside.iter().copied(), noter)?;
    check_repeated(&heading, pages.len(), noter.at(block.line()))?;
    for (index, page) in pages.iter().enumerate() {
        if index > 0 {
            noter.record += 1;
        }
        let Some(data) = data_of(page.ldrs.iter().copied()) else {
            noter.record_skipped(page.line, "the page has no list of peaks and was left out")?;
            continue;
        };
        let mut peaks = PeakCollector::default();
        let listed = peak_table::read_peaks(data, factors, &mut peaks, noter)?;
        check_count(page.ldrs.iter().copied(), listed, noter)?;
        noter.record_read(page.line)?;
        records.push(heading.clone().of_page(page).into_record(peaks, noter.record, page.line));
    }
    Ok(())
}

/// Compares the pairs listed with `NPOINTS`.
fn check_count<'b, 'a: 'b>(
    ldrs: impl IntoIterator<Item = &'b Ldr<'a>>,
    listed: u64,
    noter: &mut Noter,
) -> Result<()> {
    match ldrs.into_iter().find(|ldr| ldr.label == "NPOINTS") {
        Some(ldr) if super::number::parse_number(ldr.first) != Some(listed as f64) => noter.repaired(
            ldr.line,
            ldr.spelled,
            format!("\"{}\" peaks are announced and {listed} listed; all listed were read", ldr.first),
        ),
        _ => Ok(()),
    }
}

/// Whether the beginning of a text looks like JCAMP-DX of any kind.
pub(crate) fn looks_like(head: &str) -> bool {
    let mut lines = head.split(['\n', '\r']).map(str::trim);
    let first = lines.find(|line| !line.is_empty() && !line.starts_with("$$")).unwrap_or_default();
    let label = first.strip_prefix("##").and_then(|line| line.split_once('='));
    label.is_some_and(|(label, _)| {
        let label = label.trim().to_ascii_uppercase();
        label == "TITLE" || label.starts_with("JCAMP")
    })
}

#[cfg(test)]
mod tests;
