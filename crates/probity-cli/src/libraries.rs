//! Opening what is searched: the embedded starter library, or files and folders.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Context as _;
use probity::Error;
use probity::chem::Element;
use probity::format::{ReadOptions, Strictness};
use probity::library::storage::Access;
use probity::library::{Library, LibraryFolder, OpenOptions, open_library, starter};
use probity::search::{Executor, Filter, Method};
use probity::units::MassTolerance;

use crate::arguments::{FilterArguments, ReadingArguments, SearchingArguments};
use crate::progress;

/// What stands for the library that comes with Probity where a library is asked for.
pub(crate) const STARTER: &str = "starter";

pub(crate) fn read_options(arguments: &ReadingArguments) -> ReadOptions {
    let strictness = if arguments.strict { Strictness::Strict } else { Strictness::Tolerant };
    ReadOptions::default().strictness(strictness)
}

/// Opens the library that the arguments name; several paths become one library, in their order.
pub(crate) fn open(arguments: &SearchingArguments, options: &ReadOptions) -> anyhow::Result<Arc<Library>> {
    if arguments.library.iter().any(|path| path.as_os_str() == STARTER) {
        if arguments.library.len() > 1 {
            return Err(Error::invalid_option("the starter library cannot be joined with another").into());
        }
        let state = arguments.state.clone().unwrap_or_default();
        return Ok(Arc::new(starter().open(&state, Access::Owned)?));
    }
    let spinner = progress::spinner(format!("reading {}", names(&arguments.library)));
    let access = if arguments.mapped { Access::Mapped } else { Access::Owned };
    let mut options = OpenOptions::default().read(options.clone()).access(access);
    if let Some(state) = &arguments.state {
        options = options.state(state.clone());
    }
    let opened = open_library(&arguments.library, &options)
        .with_context(|| format!("cannot open the library {}", names(&arguments.library)));
    spinner.finish_and_clear();
    let opened = opened?;
    for skipped in &opened.skipped {
        progress::tell(&format!("{}: passed over: {}", skipped.name, skipped.reason));
    }
    progress::tell_notices(opened.library.name(), &opened.report);
    Ok(Arc::new(opened.library))
}

/// The library in a folder, or the embedded one.
pub(crate) fn folder(path: &Path) -> LibraryFolder {
    if path.as_os_str() == STARTER { starter() } else { LibraryFolder::at(path) }
}

/// Threads as the arguments ask.
pub(crate) fn executor(arguments: &SearchingArguments) -> anyhow::Result<Arc<Executor>> {
    Ok(Arc::new(Executor::new(arguments.threads)?))
}

/// The shipped method of this name, or the one that a file holds.
pub(crate) fn method(name: &str) -> anyhow::Result<Method> {
    if !Path::new(name).extension().is_some_and(|extension| extension.eq_ignore_ascii_case("toml")) {
        return Ok(Method::named(name)?);
    }
    let text = std::fs::read_to_string(name).with_context(|| format!("cannot read the method {name}"))?;
    Ok(Method::from_toml(&text).map_err(|error| error.in_file(Path::new(name)))?)
}

/// The conditions that the arguments name.
pub(crate) fn filter(arguments: &FilterArguments) -> anyhow::Result<Filter> {
    let mut filter = Filter::default();
    filter.molecular_mass_da = arguments.mass;
    filter.precursor_tolerance = arguments.precursor_tolerance.map(MassTolerance::Da);
    filter.formula = arguments.formula.as_deref().map(str::parse).transpose().context("--formula")?;
    filter.required_elements = elements(&arguments.with_elements).context("--with-elements")?;
    filter.allowed_elements = elements(&arguments.only_elements).context("--only-elements")?;
    filter.classes.clone_from(&arguments.class);
    filter.contributors.clone_from(&arguments.contributor);
    filter.retention_index_window =
        arguments.retention_index_window.map(|tolerance| probity::search::RetentionWindow { tolerance });
    Ok(filter.checked()?)
}

fn elements(symbols: &[String]) -> probity::Result<Vec<Element>> {
    symbols.iter().map(|symbol| symbol.parse()).collect()
}

fn names(paths: &[PathBuf]) -> String {
    paths.iter().map(|path| path.display().to_string()).collect::<Vec<_>>().join(", ")
}
