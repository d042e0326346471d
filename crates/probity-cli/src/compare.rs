//! `probity compare`: two spectra by every measure, with how each number comes about.

use std::io::Write as _;
use std::sync::Arc;

use anyhow::{Context as _, bail};
use probity::format::Record;
use probity::library::{EntryId, Library, LibraryScope};
use probity::search::{Executor, Method, Query, SearchOptions, Searcher};

use crate::arguments::CompareArguments;
use crate::inputs::read_inputs;
use crate::{Ending, libraries};

pub(crate) fn run(arguments: &CompareArguments) -> anyhow::Result<Ending> {
    let (query, reference) = read_pair(arguments)?;
    let query = Query::from_record(query);
    let reference_name = reference.name.clone();
    let library = Arc::new(Library::from_records("reference", LibraryScope::Spectra, vec![reference])?);
    let executor = Arc::new(Executor::new(1)?);
    let methods = match &arguments.method {
        Some(name) => vec![libraries::method(name)?],
        None => Method::shipped()?,
    };
    let mut sink = std::io::stdout().lock();
    let mut compared = Vec::new();
    for mut method in methods {
        // Two spectra that the user names are compared, whatever a search would leave out.
        method.candidates = probity::search::Filter::default();
        let searcher = Searcher::new(Arc::clone(&library), method, Arc::clone(&executor))?;
        let name = &searcher.method().name;
        let answered = searcher.explain(&query, EntryId(1)).and_then(|explanation| {
            Ok((explanation, searcher.search(&query, &SearchOptions::default().top(1))?))
        });
        let (explanation, hits) = match answered {
            Ok((explanation, list)) => (explanation, list.hits),
            // Among all methods, those that the spectra lack something for are no failure.
            Err(error) if arguments.method.is_none() => {
                if arguments.json {
                    compared.push(serde_json::json!({ "method": name, "refused": error.to_string() }));
                } else {
                    writeln!(sink, "{name}\n{error}\n")?;
                }
                continue;
            }
            Err(error) => return Err(error.into()),
        };
        let measures: serde_json::Map<String, serde_json::Value> = hits
            .iter()
            .flat_map(|hit| &hit.measures)
            // Relative to the other hits, and there are none: it would be 100 for any pair.
            .filter(|measure| measure.name != "nist_relative_probability")
            .map(|measure| (measure.name.to_owned(), measure.value.into()))
            .collect();
        if arguments.json {
            compared.push(serde_json::json!({
                "method": name,
                "measures": measures,
                "explanation": explanation,
            }));
        } else {
            match explanation {
                Some(explanation) => writeln!(sink, "{name}\n{explanation}")?,
                None => writeln!(sink, "{name}\nthe spectra cannot be prepared for this method\n")?,
            }
        }
    }
    if arguments.json {
        let whole = serde_json::json!({
            "query": query.record.name,
            "reference": reference_name,
            "compared": compared,
        });
        writeln!(sink, "{}", serde_json::to_string_pretty(&whole)?)?;
    }
    Ok(Ending::Complete)
}

/// The first records of two files, or the first two of one.
fn read_pair(arguments: &CompareArguments) -> anyhow::Result<(Record, Record)> {
    let options = libraries::read_options(&arguments.reading);
    let records = |path: &std::path::Path| -> anyhow::Result<Vec<Record>> {
        let mut records = Vec::new();
        for input in read_inputs(path, &options)?.inputs {
            records.extend(input.records);
        }
        Ok(records)
    };
    let mut first = records(&arguments.query)?.into_iter();
    let query = first.next().with_context(|| format!("{} holds no spectrum", arguments.query.display()))?;
    let reference = match &arguments.reference {
        Some(path) => records(path)?
            .into_iter()
            .next()
            .with_context(|| format!("{} holds no spectrum", path.display()))?,
        None => match first.next() {
            Some(second) => second,
            None => bail!("{} holds only one spectrum; name a second file", arguments.query.display()),
        },
    };
    Ok((query, reference))
}
