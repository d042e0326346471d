//! `probity identify`: search spectra and explain the candidates.

use std::io::Read as _;
use std::path::Path;
use std::sync::Arc;

use anyhow::Context as _;
use probity::finding::Finding;
use probity::format::{Input, Inputs, ReadOptions, read_bytes, read_path};
use probity::library::Library;
use probity::search::{Executor, InputQueries, Method, Query, SearchOptions, Searcher};

use crate::arguments::IdentifyArguments;
use crate::output::FindingWriter;
use crate::{Ending, libraries, progress};

pub(crate) fn run(arguments: &IdentifyArguments) -> anyhow::Result<Ending> {
    let options = libraries::read_options(&arguments.reading);
    let filter = libraries::filter(&arguments.filter)?;
    let mut search = SearchOptions::default().top(arguments.top).filter(filter)?;
    if let Some(minimum) = arguments.minimum {
        search = search.minimum(minimum)?;
    }
    // A method that is not there is told before a library is read.
    let method = arguments.method.as_deref().map(libraries::method).transpose()?;
    let mut searchers = Searchers {
        library: libraries::open(&arguments.searching, &options)?,
        executor: libraries::executor(&arguments.searching)?,
        method,
        made: Vec::new(),
    };
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
            let queries = searched(input);
            let bar = progress::bar(queries.len(), "searching");
            for query in queries {
                match Finding::of(searchers.of(&query)?, &query, &search) {
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

/// Searchers of one library, made when they are first asked for.
struct Searchers {
    library: Arc<Library>,
    executor: Arc<Executor>,
    /// The method that was asked for, of whatever is searched.
    method: Option<Method>,
    made: Vec<Searcher>,
}

impl Searchers {
    /// The searcher for a query: by the method that was asked for, else by the first choice for its kind.
    fn of(&mut self, query: &Query) -> anyhow::Result<&Searcher> {
        let method = match &self.method {
            Some(method) => method.clone(),
            None => Method::first_choice(query.record.spectrum.kind())?,
        };
        let made = self.made.iter().position(|searcher| searcher.method().name == method.name);
        if let Some(place) = made {
            return Ok(&self.made[place]);
        }
        let searcher = Searcher::new(Arc::clone(&self.library), method, Arc::clone(&self.executor))?;
        let entries = searcher.library().len();
        let just_now = entries - searcher.entries_stored_prepared();
        if searcher.library().state().is_some() && just_now > 0 {
            progress::tell(&format!(
                "{just_now} of {entries} entries were prepared just now for {}: the library stores neither an index \
                 nor prepared peaks for it; `probity library index` makes the index",
                searcher.method().name,
            ));
        }
        self.made.push(searcher);
        Ok(&self.made[self.made.len() - 1])
    }
}

/// The queries of an input; what is passed over is told.
pub(crate) fn searched(input: Input) -> Vec<Query> {
    let InputQueries { searched, passed_over, .. } = InputQueries::of(input);
    passed_over.iter().for_each(|record| progress::tell(&record.to_string()));
    searched
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
