//! What a run says of itself, in the folder and on standard error.

use std::fmt::Write as _;
use std::path::Path;

use probity::format::{NoticeKind, ReadReport, Record};
use probity::search::Searcher;

use super::folder::LOG_BEGINS;
use crate::progress;

/// The text of `NISTLOG.TXT`.
pub(super) struct RunLog {
    text: String,
    records_skipped: u64,
    not_searched: usize,
}

impl RunLog {
    /// The log of a run that searches `spectra`.
    pub(super) fn of(searcher: &Searcher, spectra: &Path) -> Self {
        let (library, method) = (searcher.library(), searcher.method());
        let text = format!(
            "{LOG_BEGINS} {}\r\nspectra: {}\r\nlibrary: {}, {} entries, digest {}\r\nmethod: {} version {}\r\n",
            env!("CARGO_PKG_VERSION"),
            spectra.display(),
            library.name(),
            library.len(),
            library.digest(),
            method.name,
            method.version,
        );
        Self { text, records_skipped: 0, not_searched: 0 }
    }

    /// Takes down what the reader left out; standard error has it already.
    pub(super) fn read(&mut self, report: &ReadReport) {
        self.records_skipped += report.records_skipped;
        for notice in report.notices.iter().filter(|notice| notice.kind == NoticeKind::Skipped) {
            self.line(&notice.to_string());
        }
    }

    /// Tells and takes down that a spectrum could not be searched.
    pub(super) fn not_searched(&mut self, record: &Record, why: &str) {
        self.not_searched += 1;
        let (place, name) = (record.place, &record.name);
        let sentence =
            format!("record {}, line {} ({name}) was not searched: {why}", place.record, place.line);
        progress::tell(&sentence);
        self.line(&sentence);
    }

    /// Ends the log.
    pub(super) fn finish(&mut self, spectra: usize, replaced_characters: u64) {
        let (skipped, not_searched) = (self.records_skipped, self.not_searched);
        self.line(&format!(
            "{spectra} spectra in SRCRESLT.TXT, {not_searched} of them not searched; {skipped} records left out"
        ));
        if replaced_characters > 0 {
            let sentence =
                format!("{replaced_characters} characters that code page 1252 lacks were written as ?");
            progress::tell(&sentence);
            self.line(&sentence);
        }
    }

    /// The text.
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    fn line(&mut self, line: &str) {
        // Writing to a string cannot fail.
        let _ = write!(self.text, "{line}\r\n");
    }
}
