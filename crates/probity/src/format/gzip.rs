//! Unpacking gzip, within the limit.

use std::io::{ErrorKind as IoErrorKind, Read};

use super::Limits;
use crate::error::{Error, Result};

/// Whether the bytes begin like gzip with deflate (RFC 1952, 2.3.1).
pub(crate) fn is_gzip(bytes: &[u8]) -> bool {
    bytes.starts_with(&[0x1f, 0x8b, 0x08])
}

/// Unpacks all members, to at most `limits.input_bytes` bytes.
///
/// # Errors
/// `LimitReached` where there is more, and no more than that is unpacked; `Malformed` where the data are
/// cut off or damaged.
pub(crate) fn unpack_gzip(bytes: &[u8], limits: &Limits) -> Result<Vec<u8>> {
    let mut unpacked = Vec::new();
    let decoder = flate2::bufread::MultiGzDecoder::new(bytes);
    decoder.take(limits.input_bytes.saturating_add(1)).read_to_end(&mut unpacked).map_err(|error| {
        let message = if error.kind() == IoErrorKind::UnexpectedEof {
            "the gzip data are cut off before their end"
        } else {
            "the gzip data are damaged"
        };
        Error::malformed(message).caused_by(error)
    })?;
    if unpacked.len() as u64 > limits.input_bytes {
        return Err(Error::limit(format!("the gzip data unpack to more than {} bytes", limits.input_bytes)));
    }
    Ok(unpacked)
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::Compression;
    use flate2::write::GzEncoder;

    use super::*;
    use crate::error::ErrorKind;

    fn pack(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    #[test]
    fn members_are_joined() {
        let mut packed = pack(b"Name: a\n");
        packed.extend(pack(b"Num Peaks: 0\n"));
        assert!(is_gzip(&packed));
        assert_eq!(unpack_gzip(&packed, &Limits::default()).unwrap(), b"Name: a\nNum Peaks: 0\n");
    }

    #[test]
    fn a_bomb_ends_at_the_limit() {
        let packed = pack(&vec![b' '; 1 << 24]);
        assert!(packed.len() < 1 << 17);
        let limits = Limits { input_bytes: 1 << 16, ..Limits::default() };
        assert_eq!(unpack_gzip(&packed, &limits).unwrap_err().kind(), ErrorKind::LimitReached);
        let exact = Limits { input_bytes: 1 << 24, ..Limits::default() };
        assert_eq!(unpack_gzip(&packed, &exact).unwrap().len(), 1 << 24);
    }

    #[test]
    fn every_cut_is_noticed_and_damage_too() {
        let packed = pack(b"Name: a\nNum Peaks: 1\n41 29\n");
        for end in 3..packed.len() {
            let error = unpack_gzip(&packed[..end], &Limits::default()).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Malformed, "{end}");
            assert!(error.message().contains("gzip"), "{error}");
        }
        let mut damaged = packed.clone();
        let last = damaged.len() - 5;
        damaged[last] ^= 0xff;
        assert_eq!(
            unpack_gzip(&damaged, &Limits::default()).unwrap_err().message(),
            "the gzip data are damaged"
        );
    }
}
