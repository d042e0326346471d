//! What is searched for.

use serde::{Deserialize, Serialize};

use crate::format::{Format, Input, Notice, Record};

/// Where a query was read from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuerySource {
    /// The file as the caller named it.
    pub file: String,
    /// SHA-256 of the file's bytes as stored, as 64 hexadecimal digits.
    pub sha256: String,
    /// The file's format.
    pub format: Format,
    /// Records of the file that could not be read.
    #[serde(skip)]
    pub records_skipped: u64,
    /// What the reader noticed in the whole file.
    #[serde(skip)]
    pub notices: u64,
}

/// A spectrum of something unknown, as read, with the place it was read from.
#[derive(Debug, Clone, PartialEq)]
pub struct Query {
    /// The record as read.
    pub record: Record,
    /// The file, if it came from one.
    pub source: Option<QuerySource>,
    /// What the reader repaired, ignored or skipped in this record or in the file as a whole.
    pub notices: Vec<Notice>,
}

impl Query {
    /// A query that came from no file.
    #[must_use]
    pub fn from_record(record: Record) -> Self {
        Self { record, source: None, notices: Vec::new() }
    }

    /// The queries of an input, in its order.
    #[must_use]
    pub fn from_input(input: Input) -> Vec<Self> {
        let source = QuerySource {
            file: input.name,
            sha256: input.sha256,
            format: input.format,
            records_skipped: input.report.records_skipped,
            notices: input.report.notices.len() as u64,
        };
        let notices = input.report.notices;
        let of_record = |number: u64| {
            notices
                .iter()
                .filter(|notice| notice.record.is_none_or(|record| record == number))
                .cloned()
                .collect()
        };
        input
            .records
            .into_iter()
            .map(|record| Self {
                notices: of_record(record.place.record),
                record,
                source: Some(source.clone()),
            })
            .collect()
    }
}
