//! Files, folders and standard input, as the commands take them.

use std::io::Read as _;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use probity::format::{Input, Inputs, ReadOptions, read_bytes, read_path};
use probity::search::{InputQueries, Query};

use crate::{Ending, progress};

/// Hands on the inputs of all paths, one after the other. A path that cannot be read is named, and the run goes on.
pub(crate) fn for_each_input(
    paths: &[PathBuf],
    options: &ReadOptions,
    mut take: impl FnMut(Input) -> anyhow::Result<Ending>,
) -> anyhow::Result<Ending> {
    let mut ending = Ending::Complete;
    for path in paths {
        match read_inputs(path, options) {
            Ok(inputs) => {
                if left_something_out(&inputs) {
                    ending = Ending::SomeInputsFailed;
                }
                for input in inputs {
                    if take(input)? == Ending::SomeInputsFailed {
                        ending = Ending::SomeInputsFailed;
                    }
                }
            }
            Err(error) => {
                progress::complain(&error);
                ending = Ending::SomeInputsFailed;
            }
        }
    }
    Ok(ending)
}

/// Hands on what is searched for in all paths, behind a bar. What is passed over and what has no answer is named, and the run
/// goes on; it ends where `answer` itself fails.
pub(crate) fn for_each_query(
    paths: &[PathBuf],
    options: &ReadOptions,
    doing: &'static str,
    mut answer: impl FnMut(&Query) -> anyhow::Result<probity::Result<()>>,
) -> anyhow::Result<Ending> {
    for_each_input(paths, options, |input| {
        let InputQueries { searched, passed_over, .. } = InputQueries::of(input);
        passed_over.iter().for_each(|record| progress::tell(&record.to_string()));
        let bar = progress::bar(searched.len(), doing);
        let mut ending = Ending::Complete;
        for query in &searched {
            if let Err(error) = answer(query)? {
                progress::complain(&anyhow::Error::from(error).context(query.record.name.clone()));
                ending = Ending::SomeInputsFailed;
            }
            bar.inc(1);
        }
        bar.finish_and_clear();
        Ok(ending)
    })
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
