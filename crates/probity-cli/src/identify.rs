//! `probity identify`: search spectra and explain the candidates.

use std::sync::Arc;

use probity::finding::Finding;
use probity::library::Library;
use probity::search::{Executor, Method, Query, SearchOptions, Searcher};

use crate::arguments::IdentifyArguments;
use crate::inputs::for_each_query;
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
    let ending = for_each_query(&arguments.inputs, &options, "searching", |query| {
        match Finding::of(searchers.of(query)?, query, &search) {
            Ok(finding) => writer.write(&finding).map(Ok),
            Err(error) => Ok(Err(error)),
        }
    })?;
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
