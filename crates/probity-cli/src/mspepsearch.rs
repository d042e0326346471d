//! `probity mspepsearch`: takes the command line of NIST's MSPepSearch and prints its table.

mod columns;
mod letters;
mod options;
mod table;

use std::ffi::OsString;

use clap::{Args, CommandFactory as _};
use probity::format::Record;
use probity::report::nist_search::{HitColumn, NistHit, SearchKind, TableRow};
use probity::search::{Measure, Method, Query, SearchOptions, Searcher};

use self::letters::Precursor;
use self::options::Options;
use self::table::Table;
use crate::arguments::{Arguments, ReadingArguments, SearchingArguments};
use crate::inputs::{left_something_out, read_inputs};
use crate::{Ending, libraries, progress};

/// Queries that are searched in one go.
const BATCH: usize = 1_000;

#[derive(Debug, Args)]
#[command(
    disable_help_flag = true,
    override_usage = "probity mspepsearch LETTERS /LIB LIBRARY /INP SPECTRA [OPTIONS]",
    after_help = "\
Letters, together or apart:
  I or Q  Identity; Q differs only in a presearch, and none is done here
  S       Simple similarity
  D       dot product of product ion spectra, with u (any precursor) or z (precursor within /Z)
  L, H    neutral loss and hybrid; queries that state no molecular mass need /MwForLoss
  r       order by the reverse match factor (with I, Q, S)
  v       show the reverse match factor
  x       show no probabilities
  s       without presearch; d and f ask for one: every entry is compared all the same
Options, in any case:
  /LIB, /MAIN, /REPL PATH  one library: a library folder, a file of spectra, or a folder of them
  /INP PATH                the spectra that are searched, in any format that is read
  /OUTTAB PATH             where the table is put once it is whole; without it, standard output
  /HITS N                  the most hits of each query, 1 to 400 [default: 3]
  /MinMF N                 what the match factor that orders the hits must reach, 0 to 999
  /Z N, /ZPPM N            with z: how far precursors may lie apart [default: 1.6 Da]
  /M N, /MPPM N            with D: how far paired peaks may lie apart [default: 0.6 Da]
  /MwForLoss N             the nominal mass of every query in Da
  /All, /OnlyFound         queries without hits have a row, or none [default]
  /COL CODES               further columns, separated by commas: dw, dz, ik, nm, np, qp
  /OutSpecNum [N], /OutRevMF, /OutMW, /OutCAS, /OutCASrn, /OutChemForm, /OutIK, /OutNISTrn,
  /OutNumMP, /OutNumPk, /OutSrchNumPk    further columns by name
  /MzLimits -1 -1, /LibInMem, /HiPri, /PROGRESS, /PROGRESSNS, /WRK PATH    taken, without effect

All else is refused by name. What has no public definition stays empty: InLib, NumMP in searches of \
unit mass, Prob(%) of D. Against MSPepSearch 0.9.7.1 without presearch the rows of I, S, L and H of 600 queries and 105 rows \
of D were compared: match factors to the integer, order included.

Example:
  probity mspepsearch Isv /LIB swgdrug.msp /INP q.msp /HITS 10 /MinMF 1 /All /OUTTAB hits.tsv"
)]
pub(crate) struct MspepsearchArguments {
    /// Letters and options as MSPepSearch takes them.
    #[arg(value_name = "ARGUMENT", trailing_var_arg = true, allow_hyphen_values = true)]
    arguments: Vec<OsString>,
}

pub(crate) fn run(arguments: &MspepsearchArguments) -> anyhow::Result<Ending> {
    if arguments.arguments.iter().any(|argument| argument == "--help" || argument == "-h") {
        Arguments::command()
            .find_subcommand_mut("mspepsearch")
            .map(clap::Command::print_long_help)
            .transpose()?;
        return Ok(Ending::Complete);
    }
    let options = Options::parse(&arguments.arguments).unwrap_or_else(|error| {
        let kind = clap::error::ErrorKind::InvalidValue;
        Arguments::command().bin_name("probity").error(kind, format!("{error:#}")).exit()
    });
    tell_what_is_different(&options);
    let searching =
        SearchingArguments { library: vec![options.library.clone()], state: None, mapped: false, threads: 0 };
    let reading = libraries::read_options(&ReadingArguments { strict: false });
    let library = libraries::open(&searching, &reading)?;
    let searcher = Searcher::new(library, method(&options)?, libraries::executor(&searching)?)?;
    let mut search = SearchOptions::default().top(options.hits);
    search = search.relative_probability(!options.letters.without_probability);
    if let Some(minimum) = options.minimum {
        search = search.minimum(f64::from(minimum))?;
    }
    let inputs = read_inputs(&options.input, &reading)?;
    let mut is_complete = !left_something_out(&inputs);
    let mut queries: Vec<Query> = inputs.inputs.into_iter().flat_map(Query::from_input).collect();
    if let Some(mass) = options.mass {
        for query in &mut queries {
            query.record.identity.molecular_mass = Some(f64::from(mass));
        }
    }
    let mut table = Table::of(&options, &arguments.arguments);
    let bar = progress::bar(queries.len(), "searching");
    for batch in queries.chunks(BATCH) {
        for (query, list) in batch.iter().zip(searcher.search_many(batch, &search)) {
            let hits = list.map_err(anyhow::Error::from).and_then(|list| {
                can_be_searched(&options, &query.record)?;
                table.count(list.counts.compared);
                Ok(NistHit::of_list(&searcher, &query.record, &list)?)
            });
            if let Err(error) = &hits {
                progress::complain(&anyhow::anyhow!("{}: {error:#}", query.record.name));
                is_complete = false;
            }
            table.add(&query.record, hits.ok().as_deref());
        }
        bar.inc(batch.len() as u64);
    }
    bar.finish_and_clear();
    table.write(options.table.as_deref())?;
    Ok(if is_complete { Ending::Complete } else { Ending::SomeInputsFailed })
}

/// The method of a search.
fn method(options: &Options) -> anyhow::Result<Method> {
    let name = match (options.search, options.letters.reverse) {
        (SearchKind::Identity, false) => "nist-identity",
        (SearchKind::Identity, true) => "nist-identity-reverse",
        (SearchKind::Simple, false) => "nist-simple",
        (SearchKind::Simple, true) => "nist-simple-reverse",
        (SearchKind::NeutralLoss, _) => "nist-neutral-loss",
        (SearchKind::Hybrid, _) => "nist-hybrid",
        (SearchKind::DotProduct, _) => "nist-dot-product",
    };
    let mut method = Method::named(name)?;
    if options.search == SearchKind::DotProduct {
        method.measure = Measure::NistDotProduct { tolerance: options.peak_tolerance };
        let is_near = options.letters.precursor == Some(Precursor::Near);
        method.candidates.precursor_tolerance = is_near.then_some(options.precursor_tolerance);
    }
    Ok(method)
}

/// Refuses a query that lacks what its search compares.
fn can_be_searched(options: &Options, query: &Record) -> anyhow::Result<()> {
    let is_by_mass = matches!(options.search, SearchKind::NeutralLoss | SearchKind::Hybrid);
    if is_by_mass && query.identity.nominal_mass().is_none() {
        anyhow::bail!("it states no molecular mass; /MwForLoss gives one to every query");
    }
    let states_precursor =
        query.spectrum.as_mass().is_some_and(|mass| mass.acquisition.precursor_mz.is_some());
    if options.letters.precursor == Some(Precursor::Near) && !states_precursor {
        anyhow::bail!("it states no precursor, which the letter z asks for");
    }
    if query.spectrum.as_mass().is_none_or(|mass| mass.peaks.is_empty()) {
        anyhow::bail!("it has no peaks");
    }
    Ok(())
}

/// What a caller may expect otherwise.
fn tell_what_is_different(options: &Options) {
    if options.letters.presearch {
        progress::tell("no presearch is done: every entry is compared");
    }
    if !options.without_effect.is_empty() {
        progress::tell(&format!("without effect here: {}", options.without_effect.join(", ")));
    }
    if options.search != SearchKind::DotProduct && options.columns.contains(&HitColumn::MatchedPeaks) {
        progress::tell("the column NumMP stays empty: in searches of unit mass it has no public definition");
    }
}

/// A row's part that tells of the query.
fn row_of<'a>(query: &'a Record, number: usize) -> TableRow<'a> {
    TableRow {
        number,
        unknown: &query.name,
        inchikey: query.identity.inchikey.as_deref(),
        peaks: query.spectrum.as_mass().map_or(0, |mass| mass.peaks.len()),
        hit: None,
    }
}

/// The columns that the letters add and take away.
fn layout(options: &Options) -> (Vec<HitColumn>, Vec<HitColumn>) {
    let mut further = options.columns.clone();
    let mut without = Vec::new();
    if options.letters.reverse_column {
        let is_of_product_ions = options.search == SearchKind::DotProduct;
        further.push(if is_of_product_ions { HitColumn::ReverseDot } else { HitColumn::ReverseMatch });
    }
    if options.letters.without_probability {
        without.extend([HitColumn::Probability, HitColumn::UnknownProbability]);
    }
    (further, without)
}
