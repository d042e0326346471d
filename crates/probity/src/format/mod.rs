//! Reading what laboratories have, and writing what they exchange.
//!
//! Every reader takes bytes and returns the records together with a report of all that it
//! repaired, ignored or skipped; under [`Strictness::Strict`] the first of these is an error instead.
//! No reader panics, and none takes memory that the input does not account for.

mod agilent_asp;
mod bytes;
mod civil_date;
mod curve_draft;
mod derivative;
mod detect;
mod disjoint;
mod field_value;
mod folder;
mod gzip;
mod input;
#[cfg(test)]
mod instrument_files_test;
mod jcamp_dx;
mod json;
mod limits;
mod massbank;
mod mgf;
mod msl;
mod msp;
mod msp_writer;
pub mod nist_instrument;
mod noter;
mod number;
mod opus;
mod peak_collector;
mod perkin_elmer_sp;
mod read_report;
mod record;
mod retention_index;
mod spa;
mod spc;
mod splash;
mod technique;
#[cfg(test)]
mod test_support;
mod text;
mod two_column;
mod unit_label;
mod write_report;

pub use agilent_asp::read_agilent_asp;
pub use detect::{Format, detect};
pub use input::{Input, Inputs, SkippedFile, read_bytes, read_file, read_path, read_path_watched};
pub use jcamp_dx::{JcampDxForm, read_jcamp_dx, write_jcamp_dx};
pub use json::{read_json, write_json};
pub use limits::{Limits, ReadOptions, Strictness};
pub use massbank::{MassBankWriteOptions, read_massbank, write_massbank};
pub use mgf::read_mgf;
pub use msl::read_msl;
pub use msp::read_msp;
pub use msp_writer::write_msp;
pub use opus::read_opus;
pub use perkin_elmer_sp::read_perkin_elmer_sp;
pub use read_report::{Notice, NoticeKind, ReadReport};
pub use record::{Provenance, Record, RecordPlace};
pub use spa::read_spa;
pub use spc::read_spc;
pub use splash::splash;
pub(crate) use text::encode_windows_1252;
pub use two_column::{read_two_column, write_curve_csv};
pub(crate) use unit_label::{axis_label, value_label};
pub use write_report::{WriteNotice, WriteReport};

/// What a reader made of one input.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Parsed {
    /// The records, in the order of the input.
    pub records: Vec<Record>,
    /// What was repaired, ignored or skipped on the way.
    pub report: ReadReport,
}
