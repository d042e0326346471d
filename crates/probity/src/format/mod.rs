//! Reading what laboratories have, and writing what they exchange.
//!
//! Every reader takes bytes and returns the records together with a report of all that it
//! repaired, ignored or skipped; under [`Strictness::Strict`] the first of these is an error instead.
//! No reader panics, and none takes memory that the input does not account for.

mod derivative;
mod detect;
mod folder;
mod gzip;
mod input;
mod limits;
mod msl;
mod msp;
mod number;
mod peak_collector;
mod read_report;
mod record;
#[cfg(test)]
mod robustness;
mod technique;
mod text;
mod two_column;
mod values;

pub use detect::{Format, detect};
pub use input::{Input, Inputs, SkippedFile, read_bytes, read_file, read_path};
pub use limits::{Limits, ReadOptions, Strictness};
pub use msl::read_msl;
pub use msp::read_msp;
pub use read_report::{Notice, NoticeKind, ReadReport};
pub use record::{Provenance, Record, RecordPlace};
pub use two_column::read_two_column;

/// What a reader made of one input.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Parsed {
    /// The records, in the order of the input.
    pub records: Vec<Record>,
    /// What was repaired, ignored or skipped on the way.
    pub report: ReadReport,
}
