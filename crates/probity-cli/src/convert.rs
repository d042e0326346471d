//! `probity convert`: read any known format, write another.

use std::io::{BufWriter, Write as _};

use anyhow::Context as _;
use probity::format::{
    JcampDxForm, MassBankWriteOptions, ReadReport, Record, WriteReport, write_curve_csv, write_jcamp_dx,
    write_json, write_massbank, write_msp,
};

use crate::arguments::{ConvertArguments, TargetFormat};
use crate::inputs::for_each_input;
use crate::{Ending, libraries, progress};

pub(crate) fn run(arguments: &ConvertArguments) -> anyhow::Result<Ending> {
    let options = libraries::read_options(&arguments.reading);
    let mut records = Vec::new();
    let mut report = ReadReport::default();
    let ending = for_each_input(&arguments.inputs, &options, |input| {
        report.absorb(input.report);
        records.extend(input.records);
        Ok(Ending::Complete)
    })?;
    let written = write_records(&records, arguments.to, arguments.accession_prefix.as_deref())?;
    if let Some(file) = &arguments.report {
        let text = serde_json::to_string_pretty(&serde_json::json!({ "read": report, "written": written }))?;
        std::fs::write(file, text).with_context(|| format!("cannot write the report {}", file.display()))?;
    }
    Ok(ending)
}

/// Writes records to standard output; tells if something could not be written as it is.
pub(crate) fn write_records(
    records: &[Record],
    to: TargetFormat,
    accession_prefix: Option<&str>,
) -> anyhow::Result<WriteReport> {
    let mut sink = BufWriter::new(std::io::stdout().lock());
    let written = match to {
        TargetFormat::Json => write_json(records, &mut sink)?,
        TargetFormat::Msp => write_msp(records, &mut sink)?,
        TargetFormat::JcampDx => write_jcamp_dx(records, &mut sink, JcampDxForm::Plain)?,
        TargetFormat::JcampDxCompressed => write_jcamp_dx(records, &mut sink, JcampDxForm::Compressed)?,
        TargetFormat::Csv => write_curve_csv(records, &mut sink)?,
        TargetFormat::Massbank => {
            let mut options = MassBankWriteOptions::default();
            options.accession_prefix = accession_prefix.map(str::to_owned);
            write_massbank(records, &mut sink, &options)?
        }
    };
    sink.flush()?;
    if !written.is_clean() {
        progress::tell(&format!(
            "writing altered {} values and left out {}, and {} whole records",
            written.values_altered, written.values_omitted, written.records_omitted
        ));
    }
    Ok(written)
}
