//! The first locator, `AUTOIMP.MSD`: one line, the path of the second.

use super::{Locator, LocatorPath, text_of};
use crate::error::Result;
use crate::format::ReadOptions;
use crate::format::text::Lines;

/// Reads the first locator: the path of the second stands on its first line that is not blank.
///
/// # Errors
/// `LimitReached` beyond [`LOCATOR_BYTES`](super::LOCATOR_BYTES).
pub fn read_first_locator(bytes: &[u8]) -> Result<Locator<LocatorPath>> {
    let text = text_of(bytes)?;
    if text.contains('\0') {
        return Ok(Locator::Unfinished("holds bytes that are no text"));
    }
    for line in Lines::new(&text, &ReadOptions::default()) {
        if let Some(path) = LocatorPath::of(line?.text) {
            return Ok(Locator::Whole(path));
        }
    }
    Ok(Locator::Unfinished("is empty"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::ErrorKind;
    use crate::format::nist_instrument::LOCATOR_BYTES;

    fn path(bytes: &[u8]) -> String {
        match read_first_locator(bytes).unwrap() {
            Locator::Whole(path) => path.as_str().to_owned(),
            Locator::Unfinished(missing) => panic!("unfinished: {missing}"),
        }
    }

    #[test]
    fn the_path_is_read_with_every_line_end_and_code_page() {
        for bytes in [
            b"C:\\NIST 20\\MSSEARCH\\FILESPEC.FIL".as_slice(),
            b"C:\\NIST 20\\MSSEARCH\\FILESPEC.FIL\r\n",
            b"\xef\xbb\xbfC:\\NIST 20\\MSSEARCH\\FILESPEC.FIL\n",
            b"\n\r\n  C:\\NIST 20\\MSSEARCH\\FILESPEC.FIL  \rmore\n",
        ] {
            assert_eq!(path(bytes), "C:\\NIST 20\\MSSEARCH\\FILESPEC.FIL");
        }
        assert_eq!(path(b"C:\\Pr\xfcfung\\x.fil\r\n"), "C:\\Pr\u{fc}fung\\x.fil");
        assert_eq!(path("C:\\Pr\u{fc}fung\\x.fil\r\n".as_bytes()), "C:\\Pr\u{fc}fung\\x.fil");
    }

    #[test]
    fn what_says_nothing_yet_is_unfinished() {
        for bytes in [b"".as_slice(), b"\r\n", b"  \n\t\n", b"\0\0\0\0"] {
            assert!(matches!(read_first_locator(bytes).unwrap(), Locator::Unfinished(_)));
        }
    }

    #[test]
    fn a_locator_has_a_limit() {
        let error = read_first_locator(&vec![b'a'; LOCATOR_BYTES + 1]).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::LimitReached);
    }
}
