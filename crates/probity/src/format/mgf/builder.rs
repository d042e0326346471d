//! Collects the lines of one block and makes a record of them.

use super::fields::{Defaults, Fields};
use super::key_and_value;
use crate::error::Result;
use crate::format::noter::Noter;
use crate::format::number::parse_number;
use crate::format::peak_collector::PeakCollector;
use crate::format::{Record, RecordPlace};
use crate::spectrum::Peak;

/// One block as far as it has been read.
pub(super) struct Builder {
    place: RecordPlace,
    fields: Fields,
    peaks: PeakCollector,
}

impl Builder {
    pub(super) fn new(record: u64, line: u64) -> Self {
        Self {
            place: RecordPlace { record, line },
            fields: Fields::default(),
            peaks: PeakCollector::default(),
        }
    }

    pub(super) fn first_line(&self) -> u64 {
        self.place.line
    }

    /// Takes a line between the marks.
    pub(super) fn line(&mut self, text: &str, line: u64, noter: &mut Noter) -> Result<()> {
        if let Some((key, value)) = key_and_value(text) {
            return self.fields.take(key, value, line, noter);
        }
        let mut columns = text.split([' ', '\t', ',', ';']).filter(|column| !column.is_empty());
        let numbers = columns.next().and_then(parse_number).zip(columns.next().and_then(parse_number));
        let charge = columns.next();
        let Some((mz, intensity)) = numbers.filter(|_| columns.next().is_none()) else {
            return noter.skipped(line, "", "the line is neither a field nor a peak and was left out");
        };
        let place = noter.at(line);
        let annotation = charge.map(str::to_owned);
        self.peaks.push(Peak { mz, intensity }, annotation, place, noter.options, &mut noter.report)
    }

    pub(super) fn finish(self, defaults: &Defaults) -> Record {
        let (peaks, annotations) = self.peaks.finish();
        self.fields.into_record(defaults, peaks, annotations, self.place)
    }
}
