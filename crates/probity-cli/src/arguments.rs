//! What the command understands.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use probity::finding::MixtureFinding;
use probity::library::StateSelector;
use probity::mixture::MixtureOptions;
use probity::search::{Method, SearchOptions};
use probity::spectrum::SpectrumKind;

use crate::library::LibraryArguments;
use crate::mspepsearch::MspepsearchArguments;
use crate::nistms::NistmsArguments;

/// Which substance of a reference library a spectrum fits, what speaks for and against it, and what
/// the library cannot tell apart. Library comparison only: identification is the analyst's.
#[derive(Debug, Parser)]
#[command(
    version,
    propagate_version = true,
    after_help = "Exit codes:\n  0  every input was processed\n  1  some inputs could not be processed; each is \
                  named on standard error\n  2  the command line is wrong\n  3  nothing could be done, for \
                  instance because the library cannot be opened"
)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Search spectra against a library and explain the candidates.
    Identify(IdentifyArguments),
    /// Read spectra of any known format and write them in another.
    Convert(ConvertArguments),
    /// List the search methods, or print one.
    Methods(MethodsArguments),
    /// Compare two spectra by every measure.
    Compare(CompareArguments),
    /// Take infrared spectra of mixtures apart: which entries of a library add up to them.
    Mixture(MixtureArguments),
    /// Measure how often methods are right on labelled spectra.
    Validate(ValidateArguments),
    /// Make libraries, keep them, and look after them.
    Library(LibraryArguments),
    /// Say which international lists name a substance.
    Substance(SubstanceArguments),
    /// Serve NIST MS Search's instrument protocol: software that hands its spectra to that program can hand them to this.
    Nistms(NistmsArguments),
    /// Search by the command line of NIST's MSPepSearch and print its table.
    Mspepsearch(MspepsearchArguments),
}

/// How inputs are read.
#[derive(Debug, Args)]
pub(crate) struct ReadingArguments {
    /// Refuse input that breaks the rules of its format instead of repairing it.
    #[arg(long)]
    pub(crate) strict: bool,
}

/// What is searched, and how.
#[derive(Debug, Args)]
pub(crate) struct SearchingArguments {
    /// A library folder, or a spectrum file or a folder of them; the latter may be given several times.
    /// `starter` is the library that comes with the command: the principal ions of a few substances.
    #[arg(long, value_name = "FILE or DIR", default_value = "starter")]
    pub(crate) library: Vec<PathBuf>,
    /// The state of a library folder, by its number or the first digits of its digest; without it, the
    /// newest.
    #[arg(long, value_name = "STATE")]
    pub(crate) state: Option<StateSelector>,
    /// Map the files of a library folder instead of reading them: opens at once, and each part is checked
    /// when it is first read. The files must not be changed meanwhile.
    #[arg(long)]
    pub(crate) mapped: bool,
    /// Threads that search; 0 takes as many as there are processors.
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub(crate) threads: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum OutputForm {
    /// Tables for people.
    Table,
    /// One JSON array of findings.
    Json,
    /// One JSON object a query and line.
    Jsonl,
    /// One line a candidate, without the evidence.
    Csv,
}

#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  \
    probity identify case.msp\n  \
    probity identify case.msp --library swgdrug.msp.gz --method nist-identity\n  \
    probity identify sample.spc --library ftir\n  \
    probity identify cases/ --library swgdrug.msp.gz --top 20 --output jsonl > findings.jsonl\n  \
    cat case.msp | probity identify - --formula C17H21NO4")]
pub(crate) struct IdentifyArguments {
    /// Files or folders of spectra; `-` reads standard input.
    #[arg(required = true, value_name = "FILE")]
    pub(crate) inputs: Vec<PathBuf>,
    #[arg(long, value_name = "NAME", help = format!(
        "The search method; `probity methods` lists them. A path to a TOML file is read as a method. {}",
        first_choices("searched")
    ))]
    pub(crate) method: Option<String>,
    /// The most candidates for each query.
    #[arg(long, value_name = "N", default_value_t = SearchOptions::default().top)]
    pub(crate) top: usize,
    /// What the first measure of a hit must reach, in its own unit: 0 to 1, of NIST's methods 0 to 999.
    #[arg(long, value_name = "NUMBER")]
    pub(crate) minimum: Option<f64>,
    /// How the findings are written.
    #[arg(long, value_name = "FORM", value_enum, default_value_t = OutputForm::Table)]
    pub(crate) output: OutputForm,
    #[command(flatten)]
    pub(crate) searching: SearchingArguments,
    #[command(flatten)]
    pub(crate) reading: ReadingArguments,
    #[command(flatten)]
    pub(crate) filter: FilterArguments,
}

#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  \
    probity mixture sample.spc --library ftir\n  \
    probity mixture sample.spc --library ftir --target 12 --target 57 --json")]
pub(crate) struct MixtureArguments {
    /// Files or folders of spectra; `-` reads standard input.
    #[arg(required = true, value_name = "FILE")]
    pub(crate) inputs: Vec<PathBuf>,
    /// An entry of the library, by its number, of which the answer must say what would have been seen; may be given several
    /// times.
    #[arg(long, value_name = "ENTRY")]
    pub(crate) target: Vec<u64>,
    /// The most components, 1 to 10.
    #[arg(long, value_name = "N", default_value_t = defaults().selection.maximum_components)]
    pub(crate) most: usize,
    /// How many neighbouring points share one independent piece of noise, from 1: the more, the fewer components. The default
    /// suits the steps of 2 cm⁻¹ and the smoothing of the default method.
    #[arg(long, value_name = "POINTS", default_value_t = defaults().selection.points_per_independent_point)]
    pub(crate) points_per_independent_point: f64,
    /// The order of the polynomial that stands for the baseline, 0 to 6.
    #[arg(long, value_name = "N", default_value_t = defaults().background_order)]
    pub(crate) background_order: usize,
    /// The method whose recipe prepares sample and entries.
    #[arg(long, value_name = "NAME", default_value = Method::first_choice_name(SpectrumKind::Curve))]
    pub(crate) method: String,
    /// Print JSON, one object a sample and line.
    #[arg(long)]
    pub(crate) json: bool,
    #[command(flatten)]
    pub(crate) searching: SearchingArguments,
    #[command(flatten)]
    pub(crate) reading: ReadingArguments,
    #[command(flatten)]
    pub(crate) filter: FilterArguments,
}

/// Conditions that a library entry must meet.
#[derive(Debug, Args)]
#[command(next_help_heading = "Conditions on library entries")]
pub(crate) struct FilterArguments {
    /// Lowest and highest molecular mass in Da, such as 300:310.
    #[arg(long, value_name = "LOW:HIGH", value_parser = parse_range)]
    pub(crate) mass: Option<(f64, f64)>,
    /// Largest difference of the precursor m/z, in Da.
    #[arg(long, value_name = "DA")]
    pub(crate) precursor_tolerance: Option<f64>,
    /// The molecular formula.
    #[arg(long, value_name = "FORMULA")]
    pub(crate) formula: Option<String>,
    /// Elements that must occur, separated by commas.
    #[arg(long, value_name = "ELEMENTS", value_delimiter = ',')]
    pub(crate) with_elements: Vec<String>,
    /// Elements beyond which none may occur, separated by commas.
    #[arg(long, value_name = "ELEMENTS", value_delimiter = ',')]
    pub(crate) only_elements: Vec<String>,
    /// The group of the substance; may be given several times.
    #[arg(long, value_name = "NAME")]
    pub(crate) class: Vec<String>,
    /// Who measured the entry; may be given several times.
    #[arg(long, value_name = "NAME")]
    pub(crate) contributor: Vec<String>,
    /// Largest difference of the retention index; entries without an index stay.
    #[arg(long, value_name = "UNITS")]
    pub(crate) retention_index_window: Option<f64>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum TargetFormat {
    /// A list of spectra with all metadata.
    Json,
    /// NIST's text format.
    Msp,
    /// MassBank records, one after the other.
    Massbank,
    /// JCAMP-DX 5.01 in plain numbers: curves and mass spectra, several in one link block.
    JcampDx,
    /// JCAMP-DX 5.01 with evenly spaced curves as differences and repetitions, and a check in each line.
    JcampDxCompressed,
    /// Curves in two columns with their units; mass spectra are left out and counted.
    Csv,
}

#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  \
    probity convert case.jdx --to msp > case.msp\n  \
    probity convert sample.0 --to jcamp-dx-compressed > sample.jdx\n  \
    probity convert film.spc --to csv > film.csv\n  \
    probity convert records/ --to json --strict")]
pub(crate) struct ConvertArguments {
    /// Files or folders of spectra; `-` reads standard input.
    #[arg(required = true, value_name = "FILE")]
    pub(crate) inputs: Vec<PathBuf>,
    /// The format to write, on standard output.
    #[arg(long, value_name = "FORMAT", value_enum)]
    pub(crate) to: TargetFormat,
    /// For MassBank records: gives records without an accession one with this prefix and their number.
    #[arg(long, value_name = "PREFIX")]
    pub(crate) accession_prefix: Option<String>,
    /// Write what the readers repaired, ignored and skipped to this file, as JSON.
    #[arg(long, value_name = "FILE")]
    pub(crate) report: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) reading: ReadingArguments,
}

#[derive(Debug, Args)]
pub(crate) struct MethodsArguments {
    /// The method to print in full, as canonical JSON with its digest.
    pub(crate) name: Option<String>,
}

#[derive(Debug, Args)]
#[command(after_help = "Example:\n  probity compare case.msp reference.msp")]
pub(crate) struct CompareArguments {
    /// The file of the first spectrum, or of both.
    pub(crate) query: PathBuf,
    /// The file of the second spectrum; without it, the second record of the first file.
    pub(crate) reference: Option<PathBuf>,
    /// Only this method.
    #[arg(long, value_name = "NAME")]
    pub(crate) method: Option<String>,
    /// Print JSON instead of trees.
    #[arg(long)]
    pub(crate) json: bool,
    #[command(flatten)]
    pub(crate) reading: ReadingArguments,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum StudyForm {
    /// A Markdown table.
    Markdown,
    /// JSON.
    Json,
}

#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  \
    probity validate --library swgdrug.msp.gz --queries q.msp --truth q.tsv\n  \
    probity validate --library swgdrug.msp.gz --leave-contributors-out")]
pub(crate) struct ValidateArguments {
    /// Labelled queries.
    #[arg(long, value_name = "FILE", requires = "truth")]
    pub(crate) queries: Option<PathBuf>,
    /// What they are: a tab-separated table with the columns query_id, compound_key and type.
    #[arg(long, value_name = "FILE", requires = "queries")]
    pub(crate) truth: Option<PathBuf>,
    /// Search each entry whose substance has spectra by other contributors, without its own
    /// contributor's spectra of it.
    #[arg(long)]
    pub(crate) leave_contributors_out: bool,
    /// The methods to measure; without it, all that compare electron ionization spectra and need no
    /// molecular mass.
    #[arg(long, value_name = "NAME")]
    pub(crate) method: Vec<String>,
    /// How the study is written.
    #[arg(long, value_name = "FORM", value_enum, default_value_t = StudyForm::Markdown)]
    pub(crate) output: StudyForm,
    #[command(flatten)]
    pub(crate) searching: SearchingArguments,
    #[command(flatten)]
    pub(crate) reading: ReadingArguments,
}

#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  \
        probity substance cocaine 53-21-4\n  \
        probity substance MKXZASYAUGDDCJ-UHFFFAOYSA-N\n  \
        probity substance \"acetic anhydride\" --json\n\n\
        A key without stereochemistry may be that of a listed and of an unlisted stereoform. Rows marked \
        unverified were restated from memory: look them up before relying on them. A substance that is \
        not found may still be controlled by national law.")]
pub(crate) struct SubstanceArguments {
    /// InChIKeys, CAS numbers, names or molecular formulas.
    #[arg(required = true, value_name = "KEY, CAS or NAME")]
    pub(crate) substances: Vec<String>,
    /// Print JSON with all that the registry holds of each row.
    #[arg(long)]
    pub(crate) json: bool,
}

/// How mixtures are taken apart where nothing else is asked for.
fn defaults() -> MixtureOptions {
    MixtureFinding::default_options()
}

/// What happens to spectra without a method.
pub(crate) fn first_choices(done: &str) -> String {
    let of =
        |kind: SpectrumKind| format!("{} are {done} by {}", kind.plural(), Method::first_choice_name(kind));
    format!("Without it, {} and {}", of(SpectrumKind::Mass), of(SpectrumKind::Curve))
}

fn parse_range(text: &str) -> Result<(f64, f64), String> {
    let (low, high) = text.split_once(':').ok_or("a range is written LOW:HIGH")?;
    let number = |text: &str| text.trim().parse::<f64>().map_err(|_| format!("{text} is not a number"));
    Ok((number(low)?, number(high)?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory as _;

    #[test]
    fn the_command_line_is_consistent() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn a_range_has_two_numbers() {
        assert_eq!(parse_range("300:310.5").unwrap(), (300.0, 310.5));
        assert!(parse_range("300").is_err());
        assert!(parse_range("300:x").is_err());
    }
}
