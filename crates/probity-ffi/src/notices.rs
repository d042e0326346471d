//! What readers did besides reading.

use probity::format::{NoticeKind, ReadReport, SkippedFile};

use crate::callback::{Log, PROBITY_LOG_NOTICE, PROBITY_LOG_WARNING};
use crate::text::Text;

/// What was repaired, ignored or skipped: counted, and the first cases as sentences.
#[derive(Debug, Default)]
pub(crate) struct Notices {
    pub(crate) records_skipped: u64,
    pub(crate) repaired: u64,
    pub(crate) ignored: u64,
    pub(crate) skipped: u64,
    pub(crate) files_passed_over: u64,
    pub(crate) sentences: Vec<Text>,
}

impl Notices {
    /// Of a report and files that were passed over; each case is told.
    pub(crate) fn told(report: &ReadReport, passed_over: &[SkippedFile], name: &str, log: Log) -> Self {
        let mut notices = Self {
            records_skipped: report.records_skipped,
            repaired: report.repaired,
            ignored: report.ignored,
            skipped: report.skipped,
            files_passed_over: passed_over.len() as u64,
            sentences: Vec::new(),
        };
        for file in passed_over {
            let sentence = format!("{}: passed over: {}", file.name, file.reason);
            notices.tell(PROBITY_LOG_WARNING, sentence, log);
        }
        for notice in &report.notices {
            let level = match notice.kind {
                NoticeKind::Skipped => PROBITY_LOG_WARNING,
                NoticeKind::Repaired | NoticeKind::Ignored => PROBITY_LOG_NOTICE,
            };
            notices.tell(level, format!("{name}: {notice}"), log);
        }
        notices
    }

    /// Tells and keeps a sentence.
    pub(crate) fn tell(&mut self, level: i32, sentence: String, log: Log) {
        log.tell(level, &sentence);
        self.sentences.push(Text::new(sentence));
    }
}
