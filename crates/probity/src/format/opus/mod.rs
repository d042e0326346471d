//! Bruker OPUS: a header, a directory of blocks, and blocks of values and of parameters.
//!
//! The header begins with `0A 0A FE FE`, has a version and where the directory stands. An entry of the directory is a
//! type, a size in units of four bytes, and an offset; the bits of the type say what the block holds (`kind`). Values
//! have 32 bits each; a block of parameters of the same type but one bit says how many there are, at which x values,
//! and what they are multiplied with. Bruker has published no description: the layout, the bits and the names of
//! parameters are those that several public readers agree on, checked on the bytes of public files.
//!
//! A block whose type has bit 30 is a measured original that OPUS keeps; where the file also has a block of the same
//! type without that bit, that is the spectrum as last processed.

mod directory;
mod kind;
mod parameter;
mod record;

use super::bytes::Bytes;
use super::curve_draft::finish;
use super::noter::Noter;
use super::{Parsed, ReadOptions, Record};
use crate::error::{Error, Location, Result};
use crate::spectrum::CurveKind;
use directory::Block;
use parameter::Parameters;

/// How every file begins.
const MAGIC: &[u8] = b"\x0a\x0a\xfe\xfe";

/// Reads an OPUS file: one record for each block of values, in the order in which their values stand in the file.
///
/// What a block is, its [block's name](crate::spectrum::CurveAcquisition::block) and the
/// [kind](crate::spectrum::CurveKind) of its curve say. All parameters stand among the other fields of the spectrum as
/// last processed (absorbance and the like), or of the first record where there is none, those of the reference with
/// that word behind their names; those by which an interferogram is transformed stand with it too. Reports and logs
/// that OPUS adds to spectra are not read.
///
/// # Errors
/// `Malformed` with byte and field if the file does not begin as one or ends within its directory, if it holds no
/// block of values that can be read, and where the reader is strict and something has to be repaired or left out;
/// `LimitReached` beyond a limit of `options` or 4,096 blocks.
pub fn read_opus(bytes: &[u8], options: &ReadOptions) -> Result<Parsed> {
    let mut noter = Noter::new(options);
    let bytes = Bytes::try_new(bytes, options)?;
    if !looks_like(bytes.slice(0, MAGIC.len(), "magic")?) {
        let message = "the file does not begin with the bytes 0A 0A FE FE";
        return Err(Error::malformed(message).at(Location::at_offset(0)));
    }
    let blocks = directory::blocks(bytes, &mut noter)?;
    let parameters = Parameters::read(bytes, &blocks, &mut noter)?;
    let mut records: Vec<Record> = Vec::new();
    let mut main = None;
    let mut of_values: Vec<(&Block, bool)> = blocks
        .iter()
        .filter(|block| block.kind.is_values())
        .map(|block| (block, is_superseded(block, &blocks)))
        .collect();
    // The directory need not list them in this order.
    of_values.sort_by_key(|(block, _)| block.offset);
    for (block, superseded) in of_values {
        noter.record += 1;
        let status = status_of(block, &blocks);
        let record = record::read(bytes, (block, status, superseded), &parameters, &mut noter)?;
        if record.is_some() && !superseded && block.kind.curve_kind() == CurveKind::Spectrum {
            main.get_or_insert(records.len());
        }
        records.extend(record);
    }
    if let Some(record) = records.get_mut(main.unwrap_or(0)) {
        record.other_fields.extend(parameters.list());
    }
    finish(records, noter)
}

/// Whether the block is an original of which the file also has a processed form.
fn is_superseded(block: &Block, blocks: &[Block]) -> bool {
    block.kind.is_original() && blocks.iter().any(|other| other.kind == block.kind.processed())
}

/// The parameters that belong to a block of values: of the same type, and of the same number among those.
fn status_of<'b>(block: &Block, blocks: &'b [Block]) -> Option<&'b Block> {
    let earlier = blocks.iter().filter(|other| other.kind == block.kind && other.entry < block.entry).count();
    let of = |kind| blocks.iter().filter(move |other: &&Block| other.kind == kind).nth(earlier);
    let status = block.kind.status();
    of(status).or_else(|| of(status.processed())).or_else(|| of(status.original()))
}

/// Whether a file begins like one.
pub(crate) fn looks_like(bytes: &[u8]) -> bool {
    bytes.starts_with(MAGIC)
}

#[cfg(test)]
mod tests;
