//! The table of one run, with the lines that MSPepSearch writes above it.

use std::ffi::OsString;
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::Path;
use std::time::{Instant, SystemTime};

use anyhow::Context as _;
use probity::format::Record;
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
            Some(path) => std::fs::write(path, text)
                .with_context(|| format!("{}: cannot write the table", path.display())),
            None => Ok(std::io::stdout().lock().write_all(text.as_bytes())?),
        }
    }
}

/// A command line may hold line ends, which would end the line above the table.
fn in_one_line(argument: &str) -> String {
    argument.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}
