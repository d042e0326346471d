//! Numbers and texts at places of a binary file, each checked against the bytes that are there.

use super::ReadOptions;
use crate::error::{Error, Location, Result};

/// A binary file, little-endian unless said otherwise.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Bytes<'a> {
    all: &'a [u8],
    big_endian: bool,
}

macro_rules! number {
    ($($name:ident),*) => {
        $(
            /// The number at `offset`, which is called `field` there.
            pub(crate) fn $name(self, offset: usize, field: &str) -> Result<$name> {
                let bytes = self.array(offset, field)?;
                Ok(if self.big_endian { $name::from_be_bytes(bytes) } else { $name::from_le_bytes(bytes) })
            }
        )*
    };
}

impl<'a> Bytes<'a> {
    /// A file within the limits.
    ///
    /// # Errors
    /// `LimitReached` for more bytes than the limits allow.
    pub(crate) fn try_new(all: &'a [u8], options: &ReadOptions) -> Result<Self> {
        if all.len() as u64 > options.limits.input_bytes {
            let message = format!("the input is longer than {} bytes", options.limits.input_bytes);
            return Err(Error::limit(message));
        }
        Ok(Self { all, big_endian: false })
    }

    /// The same file with its numbers in the other order of bytes.
    pub(crate) fn big_endian(self) -> Self {
        Self { big_endian: true, ..self }
    }

    pub(crate) fn len(self) -> usize {
        self.all.len()
    }

    /// Whether so many bytes are there.
    pub(crate) fn holds(self, offset: usize, length: usize) -> bool {
        offset.checked_add(length).is_some_and(|end| end <= self.all.len())
    }

    /// A range of bytes.
    ///
    /// # Errors
    /// `Malformed` with the offset and the field if the file ends before.
    pub(crate) fn slice(self, offset: usize, length: usize, field: &str) -> Result<&'a [u8]> {
        let range = offset.checked_add(length).and_then(|end| self.all.get(offset..end));
        range.ok_or_else(|| {
            let message = format!("{length} bytes belong here, and the file has {} bytes", self.all.len());
            Error::malformed(message).at(Location::at_offset(offset as u64).at_field(field))
        })
    }

    fn array<const N: usize>(self, offset: usize, field: &str) -> Result<[u8; N]> {
        let mut array = [0; N];
        array.copy_from_slice(self.slice(offset, N, field)?);
        Ok(array)
    }

    number!(u8, i8, u16, i16, u32, i32, f32, f64);

    /// A size or offset that is stored in 32 bits.
    pub(crate) fn size(self, offset: usize, field: &str) -> Result<usize> {
        Ok(self.u32(offset, field)? as usize)
    }

    /// Numbers of 32 bits in a row.
    pub(crate) fn f32s(self, offset: usize, count: usize, field: &str) -> Result<Vec<f64>> {
        let convert = if self.big_endian { f32::from_be_bytes } else { f32::from_le_bytes };
        Ok(self.rows(offset, count, field)?.map(|chunk| f64::from(convert(chunk))).collect())
    }

    /// Numbers of 64 bits in a row.
    pub(crate) fn f64s(self, offset: usize, count: usize, field: &str) -> Result<Vec<f64>> {
        let convert = if self.big_endian { f64::from_be_bytes } else { f64::from_le_bytes };
        Ok(self.rows(offset, count, field)?.map(convert).collect())
    }

    /// Whole numbers of 32 bits in a row.
    pub(crate) fn i32s(self, offset: usize, count: usize, field: &str) -> Result<Vec<i32>> {
        let convert = if self.big_endian { i32::from_be_bytes } else { i32::from_le_bytes };
        Ok(self.rows(offset, count, field)?.map(convert).collect())
    }

    /// Whole numbers of 16 bits in a row.
    pub(crate) fn i16s(self, offset: usize, count: usize, field: &str) -> Result<Vec<i16>> {
        let convert = if self.big_endian { i16::from_be_bytes } else { i16::from_le_bytes };
        Ok(self.rows(offset, count, field)?.map(convert).collect())
    }

    /// Pieces of equal size in a row.
    fn rows<const N: usize>(
        self,
        offset: usize,
        count: usize,
        field: &str,
    ) -> Result<impl Iterator<Item = [u8; N]> + use<'a, N>> {
        let bytes = self.slice(offset, count.saturating_mul(N), field)?;
        let (pieces, _) = bytes.as_chunks::<N>();
        Ok(pieces.iter().copied())
    }

    /// A text of at most `length` bytes that ends at the first NUL, without blanks around it.
    pub(crate) fn text(self, offset: usize, length: usize, field: &str) -> Result<String> {
        Ok(text_of(self.slice(offset, length, field)?))
    }
}

/// The text up to the first NUL, without blanks around it: UTF-8 if it is that, else Windows code page 1252,
/// in which every byte has a meaning.
pub(crate) fn text_of(bytes: &[u8]) -> String {
    let end = bytes.iter().position(|&byte| byte == 0).unwrap_or(bytes.len());
    let text = match std::str::from_utf8(&bytes[..end]) {
        Ok(text) => text.into(),
        Err(_) => encoding_rs::WINDOWS_1252.decode_without_bom_handling(&bytes[..end]).0,
    };
    text.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::ErrorKind;
    use crate::format::Limits;

    fn bytes(all: &[u8]) -> Bytes<'_> {
        Bytes::try_new(all, &ReadOptions::default()).unwrap()
    }

    #[test]
    fn numbers_are_read_in_both_orders() {
        let all = bytes(&[0x01, 0x02, 0x03, 0x04, 0, 0, 0x80, 0x3f]);
        assert_eq!(all.u16(0, "a").unwrap(), 0x0201);
        assert_eq!(all.big_endian().u32(0, "a").unwrap(), 0x0102_0304);
        assert_eq!(all.f32s(4, 1, "a").unwrap(), [1.0]);
        assert_eq!(all.i16s(0, 2, "a").unwrap(), [0x0201, 0x0403]);
        assert_eq!(all.big_endian().i32s(0, 1, "a").unwrap(), [0x0102_0304]);
        assert_eq!(bytes(&1.5_f64.to_le_bytes()).f64s(0, 1, "a").unwrap(), [1.5]);
    }

    #[test]
    fn what_is_not_there_is_an_error_with_its_place() {
        let error = bytes(&[0; 6]).u32(4, "fnpts").unwrap_err();
        assert_eq!(error.to_string(), "byte 4, field fnpts: 4 bytes belong here, and the file has 6 bytes");
        assert_eq!(error.location().offset, Some(4));
        for (offset, count) in [(usize::MAX, 1), (0, usize::MAX), (7, 0), (3, 1)] {
            assert_eq!(bytes(&[0; 6]).f32s(offset, count, "a").unwrap_err().kind(), ErrorKind::Malformed);
        }
        assert!(bytes(&[0; 6]).holds(4, 2) && !bytes(&[0; 6]).holds(4, 3));
        assert!(!bytes(&[0; 6]).holds(usize::MAX, 3));
        let limits = Limits { input_bytes: 5, ..Limits::default() };
        let error = Bytes::try_new(&[0; 6], &ReadOptions::default().limits(limits)).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::LimitReached);
    }

    #[test]
    fn a_text_ends_at_its_nul() {
        assert_eq!(bytes(b" caf\xe9 \0rest").text(0, 11, "a").unwrap(), "caf\u{e9}");
        assert_eq!(text_of("cm\u{207b}\u{b9}".as_bytes()), "cm\u{207b}\u{b9}");
        assert_eq!(text_of(b""), "");
    }
}
