//! The folder of the instrument protocol: whose turn it is, what stands there, and how results come there.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};
use probity::format::nist_instrument::LOCATOR_BYTES;
use probity::library::storage::{Access, Storage, WriteLock, publish};

/// The fixed name of the first locator.
pub(super) const FIRST_LOCATOR: &str = "AUTOIMP.MSD";

/// The hits.
pub(super) const RESULTS: &str = "SRCRESLT.TXT";

/// Says that the results are there.
pub(super) const READY: &str = "SRCREADY.TXT";

/// What was searched, and what was not.
pub(super) const LOG: &str = "NISTLOG.TXT";

/// With this a log of ours begins; another program's is left alone.
pub(super) const LOG_BEGINS: &str = "Probity";

/// Results on their way.
const RESULTS_UNFINISHED: &str = "SRCRESLT.probity";
const READY_UNFINISHED: &str = "SRCREADY.probity";
const LOG_UNFINISHED: &str = "NISTLOG.probity";

/// How long a call waits for the one before it to end. It covers a caller that calls again as soon as it sees results;
/// a search that takes longer is another caller's.
const WAIT_FOR_THE_CALL_BEFORE: Duration = Duration::from_secs(2);

/// How often it is looked again at what is not there yet.
pub(super) const LOOK_AGAIN: Duration = Duration::from_millis(50);

/// The folder while it is this call's turn.
pub(super) struct InstrumentFolder<'a> {
    storage: &'a dyn Storage,
    _turn: Box<dyn WriteLock>,
    /// Whether another call had the turn before, so that results may be there that its caller has not read yet.
    pub(super) waited: bool,
}

/// What a run leaves in the folder.
pub(super) struct Outcome<'a> {
    /// The text of `SRCRESLT.TXT`.
    pub(super) results: &'a [u8],
    /// The text of `SRCREADY.TXT`.
    pub(super) ready: &'a [u8],
    /// The text of `NISTLOG.TXT`.
    pub(super) log: &'a str,
}

impl<'a> InstrumentFolder<'a> {
    /// Takes the turn.
    pub(super) fn enter(storage: &'a dyn Storage) -> anyhow::Result<Self> {
        let since = Instant::now();
        let mut waited = false;
        loop {
            match storage.lock() {
                Ok(turn) => return Ok(Self { storage, _turn: turn, waited }),
                Err(error) if error.kind() != io::ErrorKind::WouldBlock => {
                    return Err(error).with_context(|| at(storage, "the folder cannot be locked"));
                }
                Err(_) if since.elapsed() >= WAIT_FOR_THE_CALL_BEFORE => {
                    bail!(
                        "{}: another call is searching; the protocol serves one at a time",
                        storage.folder().display()
                    );
                }
                Err(_) => {
                    waited = true;
                    std::thread::sleep(LOOK_AGAIN);
                }
            }
        }
    }

    /// Removes results of an earlier call, so that nobody takes them for those of this one: what says that they are
    /// there before the results themselves.
    pub(super) fn remove_stale(&self) -> anyhow::Result<()> {
        for name in [READY, RESULTS, READY_UNFINISHED, RESULTS_UNFINISHED, LOG_UNFINISHED] {
            while let Some(found) = self.find(name)? {
                self.storage.remove(&found).with_context(|| {
                    at(self.storage, &format!("{found}, a stale result, cannot be removed"))
                })?;
            }
        }
        self.storage.sync_folder().with_context(|| at(self.storage, "the folder cannot be synchronized"))
    }

    /// The name of a file as it stands in the folder, where case may not count for who made it.
    pub(super) fn find(&self, name: &str) -> anyhow::Result<Option<String>> {
        let names =
            self.storage.file_names().with_context(|| at(self.storage, "the folder cannot be read"))?;
        let exact = names.iter().position(|found| found == name);
        let place = exact.or_else(|| names.iter().position(|found| found.eq_ignore_ascii_case(name)));
        Ok(place.map(|place| names[place].clone()))
    }

    /// The path of a file of the folder.
    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.storage.folder().join(name)
    }

    /// Makes the results last, then ends the request, and says that they are there last of all.
    ///
    /// A caller may write its next request as soon as it sees that the results are there. So the request is ended
    /// before; if this is cut off in between, the caller waits in vain and asks again.
    pub(super) fn publish(
        &self,
        outcome: &Outcome<'_>,
        end_request: impl FnOnce() -> anyhow::Result<()>,
    ) -> anyhow::Result<()> {
        self.write(RESULTS_UNFINISHED, RESULTS, outcome.results)?;
        if self.may_write_log()? {
            self.write(LOG_UNFINISHED, LOG, outcome.log.as_bytes())?;
        }
        end_request()?;
        self.write(READY_UNFINISHED, READY, outcome.ready)
    }

    /// Whether there is no log, or one of ours.
    fn may_write_log(&self) -> anyhow::Result<bool> {
        let Some(found) = self.find(LOG)? else { return Ok(true) };
        let log = self.storage.read(&found, Access::Owned);
        let log = log.with_context(|| at(self.storage, "the log cannot be read"))?;
        Ok(log.starts_with(LOG_BEGINS.as_bytes()))
    }

    fn write(&self, unfinished: &str, name: &str, bytes: &[u8]) -> anyhow::Result<()> {
        publish(self.storage, unfinished, name, bytes)
            .with_context(|| at(self.storage, &format!("{name} cannot be written")))
    }
}

fn at(storage: &dyn Storage, what: &str) -> String {
    format!("{}: {what}", storage.folder().display())
}

/// The bytes of a locator; `None` where there is no such file. One byte more than a locator may have, so that its
/// reader says so.
pub(super) fn read_locator(path: &Path) -> io::Result<Option<Vec<u8>>> {
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
    };
    if !file.metadata()?.is_file() {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "it is not a regular file"));
    }
    let mut bytes = Vec::new();
    file.take(LOCATOR_BYTES as u64 + 1).read_to_end(&mut bytes)?;
    Ok(Some(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    use std::sync::Arc;

    use probity_tests::crash::crash_images;
    use probity_tests::disk_image::Image;
    use probity_tests::faulty_storage::FaultyStorage;
    use probity_tests::recorded_storage::{Flaw, RecordedStorage};

    const OUTCOME: Outcome<'_> =
        Outcome { results: b"Unknown: new\r\n", ready: b"2\r\n", log: "Probity\r\nnew\r\n" };

    fn before() -> Image {
        let files = [
            (FIRST_LOCATOR, "FILESPEC.FIL\r\n"),
            ("srcready.txt", "1\r\n"),
            (RESULTS, "Unknown: old\r\n"),
            ("OTHER.HLM", "another program's"),
        ];
        Image::of(files.map(|(name, text)| (name.to_owned(), text.as_bytes().to_vec())))
    }

    /// Every folder that a crash at any instant of a run may leave, with unsynced writes and names lost.
    fn after_crashes(flaw: Option<Flaw>) -> Vec<Image> {
        let storage = RecordedStorage::new(before());
        let storage = flaw.map_or(storage.clone(), |flaw| storage.with_flaw(flaw));
        let folder = InstrumentFolder::enter(&storage).unwrap();
        folder.remove_stale().unwrap();
        folder.publish(&OUTCOME, || Ok(())).unwrap();
        let journal = storage.journal();
        (0..=journal.len()).flat_map(|end| crash_images(&before(), &journal[..end])).collect()
    }

    /// Whether a caller that trusts `SRCREADY.TXT` gets what it says, and nothing else was touched.
    fn is_safe(image: &Image) -> bool {
        let ready = image.file(READY).map(|ready| (ready, OUTCOME.results, OUTCOME.ready));
        let stale = image.file("srcready.txt").map(|_| image.file(RESULTS) != Some(OUTCOME.results));
        let new = ready.map(|(ready, results, whole)| ready == whole && image.file(RESULTS) == Some(results));
        let untouched =
            [FIRST_LOCATOR, "OTHER.HLM"].iter().all(|name| image.file(name) == before().file(name));
        stale.unwrap_or(true) && new.unwrap_or(true) && untouched
    }

    #[test]
    fn after_a_crash_at_any_instant_what_is_ready_is_whole() {
        let images = after_crashes(None);
        assert!(images.len() > 50, "{}", images.len());
        assert!(images.iter().all(is_safe));
        let last = images.last().unwrap();
        assert_eq!(last.file(READY), Some(OUTCOME.ready));
        assert_eq!(last.file(LOG), Some(OUTCOME.log.as_bytes()));
    }

    #[test]
    fn a_storage_that_does_not_sync_is_noticed() {
        for flaw in [Flaw::FileSyncIgnored, Flaw::FolderSyncIgnored] {
            assert!(!after_crashes(Some(flaw)).iter().all(is_safe));
        }
    }

    #[test]
    fn a_call_that_waited_for_its_turn_knows_it() {
        let storage = Arc::new(RecordedStorage::new(before()));
        assert!(!InstrumentFolder::enter(&*storage).unwrap().waited);
        let busy_at_first = FaultyStorage::once(storage, 0, io::ErrorKind::WouldBlock);
        assert!(InstrumentFolder::enter(&busy_at_first).unwrap().waited);
    }

    #[test]
    fn a_log_of_another_program_stays() {
        for (log, expected) in [("NIST MS Search", "NIST MS Search"), ("Probity 0\r\n", OUTCOME.log)] {
            let mut image = before();
            image.set(LOG, log.as_bytes().to_vec());
            let storage = RecordedStorage::new(image);
            let folder = InstrumentFolder::enter(&storage).unwrap();
            folder.publish(&OUTCOME, || Ok(())).unwrap();
            assert_eq!(storage.image().file(LOG), Some(expected.as_bytes()));
        }
    }

    #[test]
    fn nothing_is_ready_where_the_request_cannot_be_ended() {
        let storage = RecordedStorage::new(before());
        let folder = InstrumentFolder::enter(&storage).unwrap();
        folder.remove_stale().unwrap();
        assert!(folder.publish(&OUTCOME, || bail!("it is locked")).is_err());
        assert_eq!(storage.image().file(READY), None);
    }
}
