//! `probity identify`: search spectra and explain the candidates.

use std::io::Read as _;
use std::path::Path;

use anyhow::Context as _;
use probity::finding::Finding;
use probity::format::{Inputs, ReadOptions, read_bytes, read_path};
use probity::search::{Query, SearchOptions, Searcher};

use crate::arguments::IdentifyArguments;
use crate::output::FindingWriter;
use crate::{Ending, libraries, progress};

pub(crate) fn run(arguments: &IdentifyArguments) -> anyhow::Result<Ending> {
    let options = libraries::read_options(&arguments.reading);
    let method = libraries::method(&arguments.method)?;
    let filter = libraries::filter(&arguments.filter)?;
    let mut search = SearchOptions::default().top(arguments.top).filter(filter)?;
    if let Some(minimum) = arguments.minimum {
        search = search.minimum(minimum)?;
    }
    let library = libraries::open(&arguments.searching, &options)?;
    let searcher = Searcher::new(library, method, libraries::executor(&arguments.searching)?)?;
    let entries = searcher.library().len();
    if searcher.library().state().is_some() && searcher.entries_stored_prepared() < entries {
        progress::tell(&format!(
            "{} of {entries} entries were prepared just now: the library stores neither an index nor peaks for \
             this method; `probity library index` makes the index",
            entries - searcher.entries_stored_prepared(),
        ));
    }
    let mut writer = FindingWriter::new(arguments.output);
    let mut ending = Ending::Complete;
    for path in &arguments.inputs {
        let inputs = match read_inputs(path, &options) {
            Ok(inputs) => inputs,
            Err(error) => {
                progress::complain(&error);
                ending = Ending::SomeInputsFailed;
                continue;
            }
        };
        if left_something_out(&inputs) {
            ending = Ending::SomeInputsFailed;
        }
        for input in inputs.inputs {
            let queries = Query::from_input(input);
            let bar = progress::bar(queries.len(), "searching");
            for query in queries {
                match Finding::of(&searcher, &query, &search) {
                    Ok(finding) => writer.write(&finding)?,
                    Err(error) => {
                        let named = anyhow::Error::from(error).context(query.record.name.clone());
                        progress::complain(&named);
                        ending = Ending::SomeInputsFailed;
                    }
                }
                bar.inc(1);
            }
            bar.finish_and_clear();
        }
    }
    writer.finish()?;
    Ok(ending)
}

/// Reads a file, all files of a folder, or standard input; tells what was repaired, ignored or skipped.
pub(crate) fn read_inputs(path: &Path, options: &ReadOptions) -> anyhow::Result<Inputs> {
    let inputs =
        if path.as_os_str() == "-" { read_standard_input(options)? } else { read_path(path, options)? };
    for skipped in &inputs.skipped {
        progress::tell(&format!("{}: passed over: {}", skipped.name, skipped.reason));
    }
    for input in &inputs.inputs {
        progress::tell_notices(&input.name, &input.report);
    }
    Ok(inputs)
}

/// Whether something of these inputs could not be processed.
pub(crate) fn left_something_out(inputs: &Inputs) -> bool {
    !inputs.skipped.is_empty() || inputs.inputs.iter().any(|input| input.report.records_skipped > 0)
}

fn read_standard_input(options: &ReadOptions) -> anyhow::Result<Inputs> {
    let mut bytes = Vec::new();
    // One byte beyond the limit, so that the reader itself says that it was reached.
    std::io::stdin()
        .lock()
        .take(options.limits.input_bytes.saturating_add(1))
        .read_to_end(&mut bytes)
        .context("cannot read standard input")?;
    let mut inputs = Inputs::default();
    inputs.inputs.push(read_bytes(&bytes, "standard input", options)?);
    Ok(inputs)
}
