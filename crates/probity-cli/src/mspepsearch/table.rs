//! The table of one run, with the lines that MSPepSearch writes above it.

use std::ffi::{OsStr, OsString};
use std::fmt::Write as _;
use std::io::{self, Write as _};
use std::path::Path;
use std::time::{Instant, SystemTime};

use anyhow::Context as _;
use probity::format::Record;
use probity::library::storage::{FolderStorage, Storage, publish};
use probity::report::nist_search::{HitTable, NistHit, TableRow};

use super::options::Options;
use super::{layout, row_of};

/// A table that grows query by query.
pub(super) struct Table {
    layout: HitTable,
    /// Whether queries without hits have a row.
    all: bool,
    first_number: usize,
    /// What the first two lines say.
    started: String,
    clock: Instant,
    rows: String,
    spectra: usize,
    compared: usize,
    without_hits: usize,
    not_searched: usize,
}

impl Table {
    /// The empty table of a run.
    pub(super) fn of(options: &Options, arguments: &[OsString]) -> Self {
        let (further, without) = layout(options);
        let command: Vec<_> =
            arguments.iter().map(|argument| in_one_line(&argument.to_string_lossy())).collect();
        let now = humantime::format_rfc3339_seconds(SystemTime::now());
        Self {
            layout: HitTable::new(options.search, &further, &without),
            all: options.all,
            first_number: options.first_number,
            started: format!(
                "> Probity {} mspepsearch. Started {now}. Command line:\n> probity mspepsearch {}\n",
                env!("CARGO_PKG_VERSION"),
                command.join(" ")
            ),
            clock: Instant::now(),
            rows: String::new(),
            spectra: 0,
            compared: 0,
            without_hits: 0,
            not_searched: 0,
        }
    }

    /// Counts entries that were compared.
    pub(super) fn count(&mut self, compared: usize) {
        self.compared += compared;
    }

    /// Adds a query with its hits; `None` for one that could not be searched.
    pub(super) fn add(&mut self, query: &Record, hits: Option<&[NistHit]>) {
        let row = row_of(query, self.first_number + self.spectra);
        self.spectra += 1;
        match hits {
            None => self.not_searched += 1,
            Some([]) => self.without_hits += 1,
            Some(_) => {}
        }
        match hits {
            Some(hits @ [_, ..]) => {
                for hit in hits {
                    self.push(&TableRow { hit: Some(hit), ..row });
                }
            }
            _ if self.all => self.push(&row),
            _ => {}
        }
    }

    fn push(&mut self, row: &TableRow<'_>) {
        self.rows.push_str(&self.layout.row(row));
        self.rows.push('\n');
    }

    /// Writes the table. Five lines stand above it, as callers count on.
    pub(super) fn write(&self, path: Option<&Path>) -> anyhow::Result<()> {
        let mut text = format!("{}>\n>\n", self.started);
        // Writing to a string cannot fail.
        let _ = writeln!(
            text,
            "> Completed. {} spectra in {:.3} sec. Compared {} spec, No hits {}, Not searched {}",
            self.spectra,
            self.clock.elapsed().as_secs_f64(),
            self.compared,
            self.without_hits,
            self.not_searched
        );
        text.push_str(&self.layout.header());
        text.push('\n');
        text.push_str(&self.rows);
        match path {
            Some(path) => put_whole(path, text.as_bytes())
                .with_context(|| format!("{}: cannot write the table", path.display())),
            None => Ok(io::stdout().lock().write_all(text.as_bytes())?),
        }
    }
}

/// Makes a file of these bytes, so that a run that is cut off leaves the table of the run before.
fn put_whole(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let path = match std::fs::metadata(path) {
        // A pipe or a device: nothing stands there that could be kept.
        Ok(metadata) if !metadata.is_file() => return std::fs::write(path, bytes),
        // A link stays one.
        Ok(_) => path.canonicalize()?,
        Err(_) => path.to_owned(),
    };
    let name = path.file_name().and_then(OsStr::to_str);
    let name = name.ok_or_else(|| io::Error::new(io::ErrorKind::InvalidInput, "it is no name of a file"))?;
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    put_in_folder(&FolderStorage::new(folder.unwrap_or(Path::new("."))), name, bytes)
}

/// Another run may write the same table now: what is not finished carries the number of its process.
fn put_in_folder(storage: &dyn Storage, name: &str, bytes: &[u8]) -> io::Result<()> {
    publish(storage, &format!("{name}.{}.unfinished", std::process::id()), name, bytes)
}

/// A command line may hold line ends, which would end the line above the table.
fn in_one_line(argument: &str) -> String {
    argument.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    use probity_tests::crash::crash_images;
    use probity_tests::disk_image::Image;
    use probity_tests::recorded_storage::{Flaw, RecordedStorage};

    /// What a crash at any instant may leave of the table, with unsynced writes and names lost.
    fn after_crashes(flaw: Option<Flaw>) -> Vec<Option<Vec<u8>>> {
        let before = Image::of([("hits.tsv".to_owned(), b"old".to_vec())]);
        let storage = RecordedStorage::new(before.clone());
        let storage = flaw.map_or(storage.clone(), |flaw| storage.with_flaw(flaw));
        put_in_folder(&storage, "hits.tsv", b"a new table").unwrap();
        let journal = storage.journal();
        let images = (0..=journal.len()).flat_map(|end| crash_images(&before, &journal[..end]));
        images.map(|image| image.file("hits.tsv").map(<[u8]>::to_vec)).collect()
    }

    fn is_whole(table: &Option<Vec<u8>>) -> bool {
        matches!(table.as_deref(), Some(b"old" | b"a new table"))
    }

    #[test]
    fn after_a_crash_at_any_instant_there_is_the_old_table_or_the_new_one() {
        let tables = after_crashes(None);
        assert!(tables.iter().all(is_whole), "{tables:?}");
        assert_eq!(tables.last().unwrap().as_deref(), Some(b"a new table".as_slice()));
        assert!(!after_crashes(Some(Flaw::FileSyncIgnored)).iter().all(is_whole));
    }
}
