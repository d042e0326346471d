//! `probity validate`: how often methods are right on labelled spectra.

use std::io::Write as _;
use std::sync::Arc;

use anyhow::bail;
use probity::search::{Method, Query, Searcher};
use probity::spectrum::Technique;
use probity::validate::{
    RankStudy, leave_contributors_out, markdown_table, read_truth, study_labelled_queries,
};

use crate::arguments::{StudyForm, ValidateArguments};
use crate::inputs::read_inputs;
use crate::{Ending, libraries, progress};

pub(crate) fn run(arguments: &ValidateArguments) -> anyhow::Result<Ending> {
    if arguments.queries.is_none() && !arguments.leave_contributors_out {
        bail!("give --queries with --truth, or --leave-contributors-out");
    }
    let options = libraries::read_options(&arguments.reading);
    let library = libraries::open(&arguments.searching, &options)?;
    let executor = libraries::executor(&arguments.searching)?;
    let methods = if arguments.method.is_empty() {
        let mut methods = Method::shipped()?;
        // Queries of unknown substances state no molecular mass.
        methods.retain(|method| {
            method.technique == Technique::ElectronIonization && !method.measure.needs_molecular_mass()
        });
        methods
    } else {
        arguments.method.iter().map(|name| libraries::method(name)).collect::<anyhow::Result<_>>()?
    };
    let labelled = match (&arguments.queries, &arguments.truth) {
        (Some(queries), Some(truth)) => {
            let mut records = Vec::new();
            for input in read_inputs(queries, &options)?.inputs {
                records.extend(Query::from_input(input));
            }
            Some((records, read_truth(truth)?))
        }
        _ => None,
    };
    let bar = progress::bar(methods.len(), "measuring");
    let mut studies: Vec<RankStudy> = Vec::new();
    for method in methods {
        let searcher = Searcher::new(Arc::clone(&library), method, Arc::clone(&executor))?;
        let mut study: Option<RankStudy> = None;
        if let Some((queries, truths)) = &labelled {
            study = Some(study_labelled_queries(&searcher, queries, truths)?);
        }
        if arguments.leave_contributors_out {
            let left_out = leave_contributors_out(&searcher)?;
            match &mut study {
                Some(study) => study.rows.extend(left_out.rows),
                None => study = Some(left_out),
            }
        }
        studies.extend(study);
        bar.inc(1);
    }
    bar.finish_and_clear();
    let mut sink = std::io::stdout().lock();
    match arguments.output {
        StudyForm::Json => writeln!(sink, "{}", serde_json::to_string_pretty(&studies)?)?,
        StudyForm::Markdown => {
            writeln!(
                sink,
                "Library {} ({} entries), SHA-256 {}\n",
                library.name(),
                library.len(),
                library.digest()
            )?;
            write!(sink, "{}", markdown_table(&studies))?;
        }
    }
    Ok(Ending::Complete)
}
