//! What `probity library` understands.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use probity::library::StateSelector;
use probity::search::Method;
use probity::spectrum::SpectrumKind;

use crate::arguments::{ReadingArguments, TargetFormat, first_choices};

#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  \
    probity library build swgdrug --from swgdrug.msp.gz\n  \
    probity library add swgdrug --from case7.msp --note 'reference standard, lot 12' --operator jd\n  \
    probity library withdraw swgdrug 793 794 --reason 'spectrum of another isomer'\n  \
    probity library history swgdrug\n  \
    probity identify case.msp --library swgdrug --state 2")]
pub(crate) struct LibraryArguments {
    #[command(subcommand)]
    pub(crate) command: LibraryCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum LibraryCommand {
    /// Make a library of spectrum files.
    Build(BuildArguments),
    /// Add the spectra of files.
    Add(AddArguments),
    /// Withdraw entries; they stay in earlier states, and their numbers are never given again.
    Withdraw(WithdrawArguments),
    /// Show a state: its entries, sources and files.
    Info(StateArguments),
    /// Show all states: what was changed, when, by whom and why.
    History(FolderArguments),
    /// Read everything and compare it with its checksums and digests.
    Verify(FolderArguments),
    /// Point out doubtful entries. Nothing is changed.
    Audit(AuditArguments),
    /// Write the entries of a state to standard output.
    Export(ExportArguments),
    /// Write all entries into one file; earlier states stay as they are.
    Compact(CompactArguments),
    /// Store what searching with a method needs: opening and searching get quicker, answers stay the same.
    Index(IndexArguments),
}

/// Who changes a library, and why. Both are kept in its history.
#[derive(Debug, Args)]
pub(crate) struct NoteArguments {
    /// Who makes the change.
    #[arg(long, value_name = "NAME")]
    pub(crate) operator: Option<String>,
    /// Why it is made.
    #[arg(long, value_name = "TEXT")]
    pub(crate) note: Option<String>,
}

/// Spectra that go into a library.
#[derive(Debug, Args)]
pub(crate) struct FromArguments {
    /// A spectrum file or a folder of them; may be given several times.
    #[arg(long, required = true, value_name = "FILE or DIR")]
    pub(crate) from: Vec<PathBuf>,
    /// Do not audit the library afterwards.
    #[arg(long)]
    pub(crate) no_audit: bool,
    /// Threads that work; 0 takes as many as there are processors.
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub(crate) threads: usize,
    #[command(flatten)]
    pub(crate) reading: ReadingArguments,
    #[command(flatten)]
    pub(crate) note: NoteArguments,
}

#[derive(Debug, Args)]
pub(crate) struct BuildArguments {
    /// The library's folder: new or empty. Its last part becomes the library's name.
    pub(crate) folder: PathBuf,
    #[arg(long, value_name = "METHOD", help = format!(
        "Store, beside the published spectra, peaks prepared for this method; may be given several times, `none` stores \
         none. Other methods can be used all the same. Without it, mass spectra are prepared for {}, if there are any; \
         what curves need, `probity library index` stores",
        Method::first_choice_name(SpectrumKind::Mass)
    ))]
    pub(crate) prepare: Vec<String>,
    #[command(flatten)]
    pub(crate) content: FromArguments,
}

#[derive(Debug, Args)]
pub(crate) struct AddArguments {
    /// The library's folder.
    pub(crate) folder: PathBuf,
    #[command(flatten)]
    pub(crate) content: FromArguments,
}

#[derive(Debug, Args)]
pub(crate) struct WithdrawArguments {
    /// The library's folder.
    pub(crate) folder: PathBuf,
    /// Numbers of the entries, as hit lists show them.
    #[arg(required = true, value_name = "ENTRY")]
    pub(crate) entries: Vec<u64>,
    /// Why they are withdrawn; it is kept with each of them.
    #[arg(long, value_name = "TEXT")]
    pub(crate) reason: String,
    #[command(flatten)]
    pub(crate) note: NoteArguments,
}

#[derive(Debug, Args)]
pub(crate) struct CompactArguments {
    /// The library's folder.
    pub(crate) folder: PathBuf,
    #[command(flatten)]
    pub(crate) note: NoteArguments,
}

#[derive(Debug, Args)]
pub(crate) struct IndexArguments {
    /// The library's folder.
    pub(crate) folder: PathBuf,
    #[arg(long, value_name = "METHOD", help = format!(
        "The method; may be given several times. Additions to the library are indexed for the same methods. {}",
        first_choices("indexed")
    ))]
    pub(crate) method: Vec<String>,
    /// Threads; 0 takes as many as there are processors.
    #[arg(long, value_name = "NUMBER", default_value_t = 0)]
    pub(crate) threads: usize,
}

#[derive(Debug, Args)]
pub(crate) struct FolderArguments {
    /// The library's folder.
    pub(crate) folder: PathBuf,
    /// Print JSON.
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct StateArguments {
    /// The library's folder; `starter` is the library that comes with the command.
    pub(crate) folder: PathBuf,
    /// The state, by its number or the first digits of its digest; without it, the newest.
    #[arg(long, value_name = "STATE")]
    pub(crate) state: Option<StateSelector>,
    /// Print JSON.
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct AuditArguments {
    /// The library's folder, or spectrum files or folders of them.
    #[arg(required = true, value_name = "LIBRARY")]
    pub(crate) library: Vec<PathBuf>,
    /// The state, by its number or the first digits of its digest; without it, the newest.
    #[arg(long, value_name = "STATE")]
    pub(crate) state: Option<StateSelector>,
    /// Also list notes, such as missing molecular ions; without it, they are only counted.
    #[arg(long)]
    pub(crate) notes: bool,
    /// Threads that work; 0 takes as many as there are processors.
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub(crate) threads: usize,
    /// Print JSON, notes included.
    #[arg(long)]
    pub(crate) json: bool,
    #[command(flatten)]
    pub(crate) reading: ReadingArguments,
}

#[derive(Debug, Args)]
pub(crate) struct ExportArguments {
    /// The library's folder.
    pub(crate) folder: PathBuf,
    /// The state, by its number or the first digits of its digest; without it, the newest.
    #[arg(long, value_name = "STATE")]
    pub(crate) state: Option<StateSelector>,
    /// The format to write.
    #[arg(long, value_name = "FORMAT", value_enum)]
    pub(crate) to: TargetFormat,
    /// For MassBank records: gives records without an accession one with this prefix and their number.
    #[arg(long, value_name = "PREFIX")]
    pub(crate) accession_prefix: Option<String>,
}
