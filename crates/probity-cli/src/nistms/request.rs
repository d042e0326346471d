//! What is asked for: from the first locator to the file of spectra.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};
use probity::format::nist_instrument::{
    Locator, LocatorPath, SecondLocator, read_first_locator, read_second_locator,
};

use super::folder::{FIRST_LOCATOR, InstrumentFolder, LOOK_AGAIN, read_locator};

/// A request that is whole.
#[derive(Debug)]
pub(super) struct Request {
    /// The second locator.
    locator: PathBuf,
    /// Its bytes as they were read.
    locator_bytes: Vec<u8>,
    /// The file of spectra.
    pub(super) spectra: PathBuf,
}

/// What was found so far.
enum Found {
    Request(Request),
    /// What is missing yet, in a sentence.
    Missing(String),
}

impl Request {
    /// Follows the locators; looks again at what is not there or not whole until `wait` is over.
    pub(super) fn await_in(folder: &InstrumentFolder<'_>, wait: Duration) -> anyhow::Result<Self> {
        let since = Instant::now();
        loop {
            let missing = match look(folder)? {
                Found::Request(request) => return Ok(request),
                Found::Missing(missing) => missing,
            };
            if since.elapsed() >= wait {
                bail!("{missing}; it was waited for {} s", wait.as_secs());
            }
            std::thread::sleep(LOOK_AGAIN);
        }
    }

    /// Removes the second locator, which says that a search is going on, unless somebody wrote another one meanwhile.
    pub(super) fn end(&self) -> anyhow::Result<()> {
        let name = self.locator.display();
        let bytes =
            read_locator(&self.locator).with_context(|| format!("{name}: cannot read the locator"))?;
        if bytes.is_some_and(|bytes| bytes == self.locator_bytes) {
            std::fs::remove_file(&self.locator).with_context(|| {
                format!("{name}: cannot remove the locator, so that callers find the search busy")
            })?;
        }
        Ok(())
    }
}

fn look(folder: &InstrumentFolder<'_>) -> anyhow::Result<Found> {
    let Some(name) = folder.find(FIRST_LOCATOR)? else {
        return Ok(Found::Missing(format!(
            "{}: there is no such file",
            folder.path(FIRST_LOCATOR).display()
        )));
    };
    let first = folder.path(&name);
    let root = folder.path("");
    let Some(bytes) = read(&first)? else {
        return Ok(Found::Missing(format!("{}: there is no such file", first.display())));
    };
    let locator = match read_first_locator(&bytes).map_err(|error| error.in_file(&first))? {
        Locator::Whole(path) => path,
        Locator::Unfinished(missing) => return Ok(Found::Missing(format!("{} {missing}", first.display()))),
    };
    // A caller that names it relatively may mean its own folder, which is the one that it started this program in.
    let places = places(&locator, &[&root, Path::new("")], &first)?;
    let Some((second, bytes)) = first_there(&places)? else {
        return Ok(Found::Missing(format!("{}: {locator}, which it names, is not there", first.display())));
    };
    let stated = match read_second_locator(&bytes).map_err(|error| error.in_file(&second))? {
        Locator::Whole(stated) => stated,
        Locator::Unfinished(missing) => return Ok(Found::Missing(format!("{} {missing}", second.display()))),
    };
    match spectra(&stated, &root, &second)? {
        Some(spectra) => Ok(Found::Request(Request { locator: second, locator_bytes: bytes, spectra })),
        None => Ok(Found::Missing(format!(
            "{}: {}, which it names, is not there",
            second.display(),
            stated.spectra
        ))),
    }
}

/// The file of spectra, if it is there: a relative path counts from the folder of the protocol, else from that of the
/// locator.
fn spectra(stated: &SecondLocator, root: &Path, locator: &Path) -> anyhow::Result<Option<PathBuf>> {
    let beside = locator.parent().unwrap_or(root);
    let places = places(&stated.spectra, &[root, beside], locator)?;
    Ok(places.into_iter().find(|place| place.is_file()))
}

fn places(path: &LocatorPath, folders: &[&Path], locator: &Path) -> anyhow::Result<Vec<PathBuf>> {
    Ok(path.places(folders).map_err(|error| error.in_file(locator))?)
}

fn first_there(places: &[PathBuf]) -> anyhow::Result<Option<(PathBuf, Vec<u8>)>> {
    for place in places {
        if let Some(bytes) = read(place)? {
            return Ok(Some((place.clone(), bytes)));
        }
    }
    Ok(None)
}

fn read(path: &Path) -> anyhow::Result<Option<Vec<u8>>> {
    read_locator(path).with_context(|| format!("{}: cannot read the locator", path.display()))
}
