//! `probity convert`: read any known format, write another.

use std::io::{BufWriter, Write as _};

use anyhow::Context as _;
use probity::format::{ReadReport, write_json, write_massbank, write_msp};

use crate::arguments::{ConvertArguments, TargetFormat};
use crate::identify::read_inputs;
use crate::{Ending, libraries, progress};

pub(crate) fn run(arguments: &ConvertArguments) -> anyhow::Result<Ending> {
    let options = libraries::read_options(&arguments.reading);
    let mut records = Vec::new();
    let mut report = ReadReport::default();
    let mut ending = Ending::Complete;
    for path in &arguments.inputs {
        match read_inputs(path, &options) {
            Ok(inputs) => {
                for input in inputs {
                    progress::tell_notices(&input.name, &input.report);
                    if input.report.records_skipped > 0 {
                        ending = Ending::SomeInputsFailed;
                    }
                    report.absorb(input.report);
                    records.extend(input.records);
                }
            }
            Err(error) => {
                progress::complain(&error);
                ending = Ending::SomeInputsFailed;
            }
        }
    }
    let mut sink = BufWriter::new(std::io::stdout().lock());
    match arguments.to {
        TargetFormat::Json => write_json(&records, &mut sink)?,
        TargetFormat::Msp => write_msp(&records, &mut sink)?,
        TargetFormat::Massbank => write_massbank(&records, &mut sink)?,
    }
    sink.flush()?;
    if let Some(file) = &arguments.report {
        let text = serde_json::to_string_pretty(&report)?;
        std::fs::write(file, text).with_context(|| format!("cannot write the report {}", file.display()))?;
    }
    Ok(ending)
}
