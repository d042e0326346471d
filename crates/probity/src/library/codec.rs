//! The codec of small metadata: bincode, nowhere else. What is stored are private mirrors of the public
//! types, so that a change of those cannot change the bytes unnoticed.

mod curve;
mod manifest;
mod record;

pub(super) use curve::CurveData;
pub(super) use manifest::{IndexData, ManifestData, SegmentData, SegmentEntryCount};
pub(crate) use manifest::{SourceData, TombstoneData};
pub(super) use record::{StoredSpectrum, read_record, write_record};

use bincode::config::{Configuration, Limit, LittleEndian, Varint};
use bincode::{Decode, Encode};

use crate::error::{Error, Result};

/// The most bytes that one item takes, written or read.
const LIMIT: usize = 16 * 1024 * 1024;

const CONFIGURATION: Configuration<LittleEndian, Varint, Limit<LIMIT>> =
    bincode::config::standard().with_limit::<LIMIT>();

/// The item's bytes.
///
/// # Errors
/// `LimitReached` for an item of more than 16 MiB.
pub(super) fn encode(item: &impl Encode) -> Result<Vec<u8>> {
    let bytes = bincode::encode_to_vec(item, CONFIGURATION)
        .map_err(|error| Error::limit("this cannot be stored").caused_by(error))?;
    // The limit holds only for reading; what could not be read again is not written.
    if bytes.len() > LIMIT {
        return Err(Error::limit(format!("its metadata take {} bytes, more than {LIMIT}", bytes.len())));
    }
    Ok(bytes)
}

/// The item that the bytes hold, all of them used.
///
/// # Errors
/// `Damaged` for bytes that hold no such item.
pub(super) fn decode<T: Decode<()>>(bytes: &[u8]) -> Result<T> {
    let (item, used) = bincode::decode_from_slice(bytes, CONFIGURATION)
        .map_err(|error| Error::damaged("the metadata cannot be read").caused_by(error))?;
    if used != bytes.len() {
        return Err(Error::damaged(format!("{} bytes follow the metadata", bytes.len() - used)));
    }
    Ok(item)
}
