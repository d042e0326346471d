//! `probity nistms`: serves NIST MS Search's instrument protocol, for software that hands its spectra to that program.

mod folder;
mod named;
mod request;
mod run_log;
mod switches;

use std::path::PathBuf;
use std::time::Duration;

use anyhow::Context as _;
use clap::{Args, CommandFactory as _};
use probity::library::StateSelector;
use probity::library::storage::{FolderStorage, Storage as _};
use probity::report::nist_search::{NistHit, UnknownHits, search_ready, search_results};
use probity::search::{Query, SearchOptions, Searcher};
use probity::spectrum::Technique;

use self::folder::{InstrumentFolder, Outcome};
pub(crate) use self::named::arguments_of_nistms;
use self::request::Request;
use self::run_log::RunLog;
use crate::arguments::{Arguments, ReadingArguments, SearchingArguments};
use crate::inputs::{left_something_out, read_inputs};
use crate::{Ending, libraries, progress};

#[derive(Debug, Args)]
#[command(
    after_help = "The folder holds AUTOIMP.MSD, which names the second locator, which names the spectra (MSP or \
    AMDIS MSL) and says OVERWRITE or APPEND; both mean the same here, since no list of spectra is kept. Stale \
    SRCRESLT.TXT and SRCREADY.TXT are removed first. SRCRESLT.TXT gets the hits of every spectrum; then the second \
    locator is removed; SRCREADY.TXT, last, says how many spectra there are. AUTOIMP.MSD, the spectra and other \
    programs' files stay. NISTLOG.TXT says what was searched and what was not, unless another program's log stands \
    there.\n\n\
    One call at a time: a second one waits 2 seconds for the first to end and is refused then. The empty file `lock` \
    stays in the folder.\n\n\
    A spectrum that cannot be searched has its line without hits. A record that cannot be read at all has none. Both \
    are named on standard error and in the log. If nothing could be done there is no SRCREADY.TXT, and the caller waits \
    in vain. The Compound in Library Factor has no public definition and is written N/A.\n\n\
    The same program under the name nistms$ (nistms$.exe) serves the folder that it lies in, with the arguments that \
    stand in the file nistms$.arguments beside it, one a line.\n\n\
    Example:\n  \
    probity nistms --folder C:\\NIST\\MSSEARCH --library swgdrug /INSTRUMENT /PAR=2"
)]
pub(crate) struct NistmsArguments {
    /// The folder in which callers leave AUTOIMP.MSD and look for results.
    #[arg(long, value_name = "DIR")]
    folder: PathBuf,
    /// One of the methods nist-identity, nist-simple, nist-identity-reverse, nist-simple-reverse, nist-neutral-loss and
    /// nist-hybrid.
    #[arg(long, value_name = "NAME", default_value = "nist-identity")]
    method: String,
    /// The most hits for each spectrum.
    #[arg(long, value_name = "N", default_value_t = SearchOptions::default().top)]
    hits: usize,
    /// Seconds to wait for locators and spectra that are not there or not whole yet.
    #[arg(long, value_name = "SECONDS", default_value_t = 10)]
    wait: u64,
    /// A library folder, or a spectrum file or a folder of them; the latter may be given several times. `starter` is the
    /// library that comes with the command.
    #[arg(long, value_name = "FILE or DIR", required = true)]
    library: Vec<PathBuf>,
    /// The state of a library folder, by its number or the first digits of its digest; without it, the newest.
    #[arg(long, value_name = "STATE")]
    state: Option<StateSelector>,
    /// Map the files of a library folder instead of reading them: opens at once. They must not be changed meanwhile.
    #[arg(long)]
    mapped: bool,
    /// Threads that search; 0 takes as many as there are processors.
    #[arg(long, value_name = "N", default_value_t = 0)]
    threads: usize,
    #[command(flatten)]
    reading: ReadingArguments,
    /// The switches of NIST MS Search: /INSTRUMENT, /PAR=2, in any case and order.
    #[arg(value_name = "SWITCH")]
    switches: Vec<String>,
}

pub(crate) fn run(arguments: &NistmsArguments) -> anyhow::Result<Ending> {
    if let Err(error) = switches::check(&arguments.switches) {
        Arguments::command()
            .bin_name("probity")
            .error(clap::error::ErrorKind::InvalidValue, error.to_string())
            .exit();
    }
    let method = libraries::method(&arguments.method)?;
    if !method.name.starts_with("nist-") || method.technique != Technique::ElectronIonization {
        let name = method.name;
        anyhow::bail!("{name} is none of NIST's searches of unit mass, whose numbers the results must hold");
    }
    let storage = FolderStorage::new(&arguments.folder);
    if !storage.folder().is_dir() {
        anyhow::bail!("{}: there is no such folder", arguments.folder.display());
    }
    let folder = InstrumentFolder::enter(&storage)?;
    // Before anything can fail: a caller must not take old results for those of its own spectra. Only where another call
    // has just ended may its caller not have read them yet.
    if !folder.waited {
        folder.remove_stale()?;
    }
    let reading = libraries::read_options(&arguments.reading);
    let searching = SearchingArguments {
        library: arguments.library.clone(),
        state: arguments.state.clone(),
        mapped: arguments.mapped,
        threads: arguments.threads,
    };
    let library = libraries::open(&searching, &reading)?;
    let searcher = Searcher::new(library, method, libraries::executor(&searching)?)?;
    let request = Request::await_in(&folder, Duration::from_secs(arguments.wait))?;
    if folder.waited {
        folder.remove_stale()?;
    }
    let inputs = read_inputs(&request.spectra, &reading)?;
    let mut log = RunLog::of(&searcher, &request.spectra);
    let mut is_complete = !left_something_out(&inputs);
    for input in &inputs.inputs {
        log.read(&input.report);
    }
    let queries: Vec<Query> = inputs.inputs.into_iter().flat_map(Query::from_input).collect();
    let options = SearchOptions::default().top(arguments.hits);
    let mut unknowns = Vec::with_capacity(queries.len());
    for (query, list) in queries.iter().zip(searcher.search_many(&queries, &options)) {
        let record = &query.record;
        let hits = list.and_then(|list| {
            let hits = NistHit::of_list(&searcher, record, &list)?;
            Ok((hits, list.counts))
        });
        let hits = match hits {
            Ok((hits, counts)) if counts.compared > 0 => hits,
            Ok((_, counts)) => {
                is_complete = false;
                let why = if counts.not_comparable == counts.entries {
                    "it lacks what this search compares, such as peaks"
                } else {
                    "the library has no entry that this search compares"
                };
                log.not_searched(record, why);
                Vec::new()
            }
            Err(error) => {
                is_complete = false;
                log.not_searched(record, &error.to_string());
                Vec::new()
            }
        };
        unknowns.push(UnknownHits { name: record.name.clone(), hits });
    }
    let results = search_results(&unknowns);
    log.finish(unknowns.len(), results.replaced);
    let outcome = Outcome { results: &results.bytes, ready: &search_ready(unknowns.len()), log: log.text() };
    folder.publish(&outcome, || request.end()).context("the results are not all in place")?;
    progress::tell(&format!("{} spectra searched for {}", unknowns.len(), request.spectra.display()));
    Ok(if is_complete { Ending::Complete } else { Ending::SomeInputsFailed })
}
