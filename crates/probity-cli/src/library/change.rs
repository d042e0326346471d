//! Changing libraries. What is printed on standard output is durable.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Context as _, bail};
use probity::curate::{self, Addition, NewLibrary};
use probity::library::storage::Access;
use probity::library::{ChangeNote, EntryId, LibraryFolder, LibraryState, StateSelector};
use probity::search::{Executor, Method};
use probity::spectrum::SpectrumKind;

use super::arguments::{
    AddArguments, BuildArguments, CompactArguments, FromArguments, IndexArguments, NoteArguments,
    WithdrawArguments,
};
use super::audit;
use crate::inputs::{left_something_out, read_inputs};
use crate::{Ending, libraries, progress};

/// Says that no peaks are to be prepared.
const NONE: &str = "none";

pub(super) fn build(arguments: &BuildArguments) -> anyhow::Result<Ending> {
    let name = name_of(&arguments.folder)?;
    let methods = arguments.prepare.iter().filter(|name| *name != NONE).map(|name| {
        let method = libraries::method(name)?;
        if method.kind() == SpectrumKind::Curve {
            bail!("{name} prepares infrared spectra, which `probity library index` stores, not --prepare");
        }
        Ok(method)
    });
    let mut methods = methods.collect::<anyhow::Result<Vec<_>>>()?;
    let (content, ending) = content(&arguments.content)?;
    let counts = content.spectrum_counts();
    if arguments.prepare.is_empty() {
        methods = Method::first_choices(counts)?;
    }
    let library = NewLibrary::named(&name).recipes(methods.into_iter().map(|method| method.prepare));
    let executor = Executor::new(arguments.content.threads)?;
    let folder = LibraryFolder::at(&arguments.folder);
    let spinner = progress::spinner(format!("building {name}"));
    let state = curate::build(&folder, library, content, note(&arguments.content.note)?, &executor);
    spinner.finish_and_clear();
    tell(&state?, "built")?;
    if counts.curves > 0 {
        progress::tell(&format!(
            "{} of {} entries are curves, of which nothing is stored prepared; `probity library index` makes their index",
            counts.curves,
            counts.all()
        ));
    }
    if !arguments.content.no_audit {
        audit::after_change(&folder, EntryId(1), &executor)?;
    }
    Ok(ending)
}

pub(super) fn add(arguments: &AddArguments) -> anyhow::Result<Ending> {
    let (content, ending) = content(&arguments.content)?;
    let executor = Executor::new(arguments.content.threads)?;
    let folder = LibraryFolder::at(&arguments.folder);
    let added = curate::add(&folder, content, note(&arguments.content.note)?, &executor)?;
    let what = match added.entries {
        1 => format!("entry {} added", added.first_id),
        entries => format!("entries {} to {} added", added.first_id, added.first_id.0 + entries - 1),
    };
    tell(&added.state, &what)?;
    if !arguments.content.no_audit {
        audit::after_change(&folder, added.first_id, &executor)?;
    }
    Ok(ending)
}

pub(super) fn withdraw(arguments: &WithdrawArguments) -> anyhow::Result<Ending> {
    let ids: Vec<EntryId> = arguments.entries.iter().copied().map(EntryId).collect();
    let folder = LibraryFolder::at(&arguments.folder);
    let state = curate::withdraw(&folder, &ids, &arguments.reason, note(&arguments.note)?)?;
    let listed: Vec<String> = arguments.entries.iter().map(u64::to_string).collect();
    tell(&state, &format!("withdrawn: {}", listed.join(", ")))?;
    Ok(Ending::Complete)
}

pub(super) fn compact(arguments: &CompactArguments) -> anyhow::Result<Ending> {
    let executor = Executor::new(0)?;
    let state = curate::compact(&LibraryFolder::at(&arguments.folder), note(&arguments.note)?, &executor)?;
    tell(&state, "compacted")?;
    Ok(Ending::Complete)
}

pub(super) fn index(arguments: &IndexArguments) -> anyhow::Result<Ending> {
    let methods = arguments.method.iter().map(|name| libraries::method(name));
    let mut methods = methods.collect::<anyhow::Result<Vec<_>>>()?;
    let folder = LibraryFolder::at(&arguments.folder);
    let counts = folder.open(&StateSelector::Latest, Access::Mapped)?.spectrum_counts()?;
    if methods.is_empty() {
        methods = Method::first_choices(counts)?;
    }
    let executor = Executor::new(arguments.threads)?;
    let bar = progress::bar(0, "indexing");
    let indexed = curate::index(&folder, &methods, &executor, &mut |progress| {
        bar.set_length(progress.total);
        bar.set_position(progress.done);
    });
    bar.finish_and_clear();
    let indexed = indexed?;
    let mut sink = std::io::stdout().lock();
    writeln!(
        sink,
        "{} index files written ({} bytes; {} took the place of one that could not be read), {} kept",
        indexed.written, indexed.bytes, indexed.replaced, indexed.kept
    )?;
    for method in &methods {
        let kind = method.kind();
        writeln!(
            sink,
            "{} serves {} of {} entries, the {}",
            method.name,
            counts.of(kind),
            counts.all(),
            kind.plural()
        )?;
    }
    sink.flush()?;
    Ok(Ending::Complete)
}

fn tell(state: &LibraryState, what: &str) -> anyhow::Result<()> {
    let mut sink = std::io::stdout().lock();
    writeln!(
        sink,
        "{} state {}: {what}; {} entries, digest {}",
        state.name, state.number, state.entries, state.digest
    )?;
    Ok(sink.flush()?)
}

/// The records of all inputs; what their readers reported is told.
fn content(arguments: &FromArguments) -> anyhow::Result<(Addition, Ending)> {
    let options = libraries::read_options(&arguments.reading);
    let (mut all, mut ending) = (Vec::new(), Ending::Complete);
    for path in &arguments.from {
        let inputs = read_inputs(path, &options)?;
        if left_something_out(&inputs) {
            ending = Ending::SomeInputsFailed;
        }
        all.extend(inputs.inputs);
    }
    Ok((Addition::from_inputs(all), ending))
}

fn note(arguments: &NoteArguments) -> anyhow::Result<ChangeNote> {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).context("the clock stands before 1970")?;
    Ok(ChangeNote {
        time_unix_s: i64::try_from(now.as_secs())?,
        operator: arguments.operator.clone(),
        note: arguments.note.clone(),
    })
}

fn name_of(folder: &Path) -> anyhow::Result<String> {
    let folder: PathBuf = std::path::absolute(folder)?;
    let name =
        folder.file_name().with_context(|| format!("{} is no name for a library", folder.display()))?;
    Ok(name.to_string_lossy().into_owned())
}
