//! Hit lists in the forms of NIST's programs, for software that reads those: `SRCRESLT.TXT` of MS Search
//! ([`search_results`], [`search_ready`]) and the table of MSPepSearch ([`HitTable`]).
//!
//! What these forms have a place for and Probity has no number of is written as absent, never filled in:
//! *Compound in Library Factor* (`InLib`) has no public definition.
//!
//! Sources: files that MS Search 2.4 and MSPepSearch 0.9.7.1 wrote, and what reads them (mssearchr, mspepsearchr,
//! MZmine).

mod hit_column;
mod hit_table;
mod nist_hit;
mod results_text;
#[cfg(test)]
mod test_support;

pub use hit_column::HitColumn;
pub use hit_table::{HitTable, SearchKind, TableRow};
pub use nist_hit::{NistHit, SimpleMatch};
pub use results_text::{EncodedText, UnknownHits, search_ready, search_results};

/// A text that may stand in one cell or field: control characters become blanks.
fn one_line(text: &str) -> String {
    text.trim().chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}
