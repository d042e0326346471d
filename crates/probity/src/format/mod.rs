//! Reading what laboratories have, and writing what they exchange.
//!
//! Every reader takes bytes and returns the records together with a report of all that it
//! repaired, ignored or skipped; under [`Strictness::Strict`] the first of these is an error instead.
//! No reader panics, and none takes memory that the input does not account for.

mod derivative;
mod limits;
mod msl;
mod msp;
mod number;
mod peak_collector;
mod read_report;
mod record;
mod technique;
mod text;
mod values;

pub use limits::{Limits, ReadOptions, Strictness};
pub use msl::read_msl;
pub use msp::read_msp;
pub use read_report::{Notice, NoticeKind, ReadReport};
pub use record::{Provenance, Record, RecordPlace};

/// What a reader made of one input.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Parsed {
    /// The records, in the order of the input.
    pub records: Vec<Record>,
    /// What was repaired, ignored or skipped on the way.
    pub report: ReadReport,
}
