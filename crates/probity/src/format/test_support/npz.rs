//! Reads NumPy's `.npz` as far as the expected arrays need it: a ZIP archive (PKWARE APPNOTE 4.3) of
//! `.npy` files (NumPy Enhancement Proposal 1) with one column of little-endian numbers each.

use std::collections::BTreeMap;
use std::io::Read;

fn number(bytes: &[u8], at: usize, width: usize) -> usize {
    bytes[at..at + width].iter().rev().fold(0, |number, &byte| number << 8 | usize::from(byte))
}

/// All columns by name.
pub(crate) fn unpack(bytes: &[u8]) -> BTreeMap<String, Vec<f64>> {
    let end = (0..bytes.len() - 3).rev().find(|&at| bytes[at..].starts_with(b"PK\x05\x06")).unwrap();
    let mut entry = number(bytes, end + 16, 4);
    let mut columns = BTreeMap::new();
    for _ in 0..number(bytes, end + 10, 2) {
        assert!(bytes[entry..].starts_with(b"PK\x01\x02"));
        let method = number(bytes, entry + 10, 2);
        let size = number(bytes, entry + 20, 4);
        let name_length = number(bytes, entry + 28, 2);
        let name = std::str::from_utf8(&bytes[entry + 46..entry + 46 + name_length]).unwrap();
        let local = number(bytes, entry + 42, 4);
        let data = local + 30 + number(bytes, local + 26, 2) + number(bytes, local + 28, 2);
        let packed = &bytes[data..data + size];
        let mut array = Vec::new();
        if method == 8 {
            flate2::read::DeflateDecoder::new(packed).read_to_end(&mut array).unwrap();
        } else {
            array.extend_from_slice(packed);
        }
        columns.insert(name.trim_end_matches(".npy").to_owned(), column(&array));
        entry += 46 + name_length + number(bytes, entry + 30, 2) + number(bytes, entry + 32, 2);
    }
    columns
}

fn column(npy: &[u8]) -> Vec<f64> {
    assert!(npy.starts_with(b"\x93NUMPY\x01"));
    let header_length = number(npy, 8, 2);
    let header = std::str::from_utf8(&npy[10..10 + header_length]).unwrap();
    let values = npy[10 + header_length..].chunks_exact(8).map(|chunk| <[u8; 8]>::try_from(chunk).unwrap());
    if header.contains("'<f8'") {
        values.map(f64::from_le_bytes).collect()
    } else {
        assert!(header.contains("'<i8'"), "{header}");
        values.map(|bytes| i64::from_le_bytes(bytes) as f64).collect()
    }
}
