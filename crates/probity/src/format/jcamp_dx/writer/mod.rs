//! Writes JCAMP-DX 5.01: a block for each record, and a link block around several.

mod curve;
mod heading;
mod mass;
mod ordinates;
mod page;
mod scale;

use std::io::Write;

use crate::error::Result;
use crate::format::write_report::cannot_write;
use crate::format::{Record, WriteReport};
use crate::spectrum::Spectrum;
use page::Page;

/// How the ordinates of an even axis are written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum JcampDxForm {
    /// Plain numbers (AFFN), which people can read.
    #[default]
    Plain,
    /// Differences with repetitions and a check in each line (DIF, DUP): a third of the length.
    Compressed,
}

/// Writes records as JCAMP-DX 5.01.
///
/// Curves at equal distances stand as `XYDATA`, in whole numbers times `YFACTOR`. Values that are whole numbers of at
/// most 31 bits times a power of ten, a power of two or another decimal number read back to the last bit; others change
/// by at most half of `YFACTOR`, which is then at most 2·10⁻⁹ of the largest value, and are counted as altered. Curves
/// at other distances stand as `XYPOINTS` and mass spectra as `PEAK TABLE`, in numbers that read back as they are.
/// Missing values are `?`. Several records stand in one link block.
///
/// Curves without points are left out and counted, and so is what the format has no place for. Fields of other formats
/// are written under labels of one's own, with `$` before their names.
///
/// # Errors
/// `Io` if the sink fails.
pub fn write_jcamp_dx(records: &[Record], sink: &mut impl Write, form: JcampDxForm) -> Result<WriteReport> {
    let mut report = WriteReport::default();
    let is_linked = records.len() > 1;
    if is_linked {
        let mut text = format!("##TITLE={}\n##JCAMP-DX=5.01\n##DATA TYPE=LINK\n", link_title(records));
        let blocks = records.iter().filter(|record| !is_empty(record)).count() + 1;
        text.push_str(&format!("##BLOCKS={blocks}\n##ORIGIN=\n##OWNER=\n"));
        sink.write_all(text.as_bytes()).map_err(cannot_write)?;
    }
    for record in records {
        if is_empty(record) {
            report.record_omitted("the curve has no points and was left out");
            continue;
        }
        let text = block(record, form, &mut report);
        sink.write_all(text.as_bytes()).map_err(cannot_write)?;
        report.records_written += 1;
    }
    if is_linked {
        sink.write_all(b"##END=\n").map_err(cannot_write)?;
    }
    Ok(report)
}

fn is_empty(record: &Record) -> bool {
    record.spectrum.as_curve().is_some_and(|curve| curve.values().is_empty())
}

/// The title of the link block that all records were read from, if there is one.
fn link_title(records: &[Record]) -> &str {
    let titles = || {
        records.iter().map(|record| {
            let field = record.other_fields.iter().find(|(key, _)| key == "LINK TITLE");
            field.map(|(_, title)| title.as_str())
        })
    };
    match titles().next().flatten() {
        Some(first) if titles().all(|title| title == Some(first)) && !first.contains(char::is_control) => {
            first
        }
        _ => "",
    }
}

fn block(record: &Record, form: JcampDxForm, report: &mut WriteReport) -> String {
    let mut page = Page { text: String::new(), report };
    let title = if record.name.is_empty() { None } else { page.report.one_line("TITLE", &record.name) };
    let title = title.unwrap_or_default().replace("$$", "$ $");
    if record.name.contains("$$") {
        page.report.altered("TITLE", "\"$$\" would begin a comment and was divided");
    }
    page.raw("TITLE", &title);
    page.raw("JCAMP-DX", "5.01");
    match &record.spectrum {
        Spectrum::Mass(spectrum) => {
            page.raw("DATA TYPE", "MASS SPECTRUM");
            page.raw("DATA CLASS", "PEAK TABLE");
            heading::write(record, &mut page);
            mass::write(record, spectrum, &mut page);
        }
        Spectrum::Curve(spectrum) => {
            page.raw("DATA TYPE", curve::data_type(record, spectrum));
            page.raw("DATA CLASS", curve::data_class(record, spectrum));
            heading::write(record, &mut page);
            curve::write(record, spectrum, form, &mut page);
        }
    }
    page.raw("END", "");
    page.text
}

#[cfg(test)]
mod tests;
