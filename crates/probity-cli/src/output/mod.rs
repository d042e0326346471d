//! Writing findings to standard output.

mod bands;
mod csv;
mod table;

pub(crate) use self::table::{new_table, printable};

use std::io::{self, BufWriter, StdoutLock, Write as _};

use probity::finding::Finding;

use self::csv::CsvRows;
use crate::arguments::OutputForm;

/// Writes findings one by one in the chosen form.
pub(crate) struct FindingWriter {
    form: OutputForm,
    sink: BufWriter<StdoutLock<'static>>,
    rows: CsvRows,
    written: usize,
}

impl FindingWriter {
    pub(crate) fn new(form: OutputForm) -> Self {
        let sink = BufWriter::new(io::stdout().lock());
        Self { form, sink, rows: CsvRows::default(), written: 0 }
    }

    pub(crate) fn write(&mut self, finding: &Finding) -> anyhow::Result<()> {
        match self.form {
            OutputForm::Table => table::write(finding, &mut self.sink)?,
            OutputForm::Jsonl => {
                serde_json::to_writer(&mut self.sink, finding)?;
                writeln!(self.sink)?;
                // A program that reads along sees each finding as soon as it is there.
                self.sink.flush()?;
            }
            OutputForm::Json => {
                self.sink.write_all(if self.written == 0 { b"[\n" } else { b",\n" })?;
                serde_json::to_writer_pretty(&mut self.sink, finding)?;
            }
            OutputForm::Csv => self.rows.write(finding, &mut self.sink)?,
        }
        self.written += 1;
        Ok(())
    }

    pub(crate) fn finish(mut self) -> anyhow::Result<()> {
        if self.form == OutputForm::Json {
            self.sink.write_all(if self.written == 0 { b"[]\n" } else { b"\n]\n" })?;
        }
        self.sink.flush()?;
        Ok(())
    }
}
