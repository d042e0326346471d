//! One text for one content, so that digests can be compared.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::ops::Range;

use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::error::{Error, Result};

/// The content as JSON without white space, keys of objects in ascending order of their UTF-8 bytes,
/// numbers as the shortest text that reads back to the same number.
pub(crate) fn canonical_json(content: &impl Serialize) -> Result<String> {
    let text = serde_json::to_string(content)
        .map_err(|error| Error::invalid_option("this cannot be written as JSON").caused_by(error))?;
    let text = text.as_str();
    let mut sorted = Sorted {
        rest: text,
        text: String::with_capacity(text.len()),
        fields: Vec::new(),
        unsorted: String::new(),
    };
    sorted.value();
    Ok(sorted.text)
}

/// SHA-256 as 64 lower-case hexadecimal digits.
pub(crate) fn sha256_hex(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

/// Lower-case hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(2 * bytes.len()), |mut text, byte| {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// JSON as serde_json writes it, without white space, on its way into the order of its keys.
struct Sorted<'a> {
    rest: &'a str,
    text: String,
    /// The fields of the objects that are not whole yet, innermost last.
    fields: Vec<Field<'a>>,
    /// The fields of an object as they were.
    unsorted: String,
}

/// A field, and where in the text it was written.
struct Field<'a> {
    key: Cow<'a, str>,
    place: Range<usize>,
}

impl<'a> Sorted<'a> {
    /// Takes the next value.
    fn value(&mut self) {
        match self.rest.as_bytes().first() {
            Some(b'{') => self.object(),
            Some(b'[') => {
                self.copy(1);
                while !self.rest.starts_with(']') {
                    self.value();
                    if self.rest.starts_with(',') {
                        self.copy(1);
                    }
                }
                self.copy(1);
            }
            Some(b'"') => self.copy(string_end(self.rest)),
            _ => {
                let end = self.rest.bytes().position(|byte| matches!(byte, b',' | b']' | b'}'));
                self.copy(end.unwrap_or(self.rest.len()));
            }
        }
    }

    fn object(&mut self) {
        self.copy(1);
        let (start, first) = (self.text.len(), self.fields.len());
        while !self.rest.starts_with('}') {
            let end = string_end(self.rest);
            let (key, from) = (unescaped(&self.rest[..end]), self.text.len());
            self.copy(end + 1);
            self.value();
            self.fields.push(Field { key, place: from..self.text.len() });
            if self.rest.starts_with(',') {
                self.copy(1);
            }
        }
        let fields = &mut self.fields[first..];
        if !fields.is_sorted_by(|one, next| one.key < next.key) {
            fields.sort_by(|one, another| one.key.cmp(&another.key));
            self.unsorted.clear();
            self.unsorted.push_str(&self.text[start..]);
            self.text.truncate(start);
            // Of fields of one name the last counts, as for whoever reads them.
            for alike in fields.chunk_by(|one, next| one.key == next.key) {
                let Some(Field { place, .. }) = alike.last() else { continue };
                if self.text.len() > start {
                    self.text.push(',');
                }
                self.text.push_str(&self.unsorted[place.start - start..place.end - start]);
            }
        }
        self.fields.truncate(first);
        self.copy(1);
    }

    /// Takes so many bytes as they stand.
    fn copy(&mut self, bytes: usize) {
        let (copied, rest) = self.rest.split_at(bytes);
        self.text.push_str(copied);
        self.rest = rest;
    }
}

/// The bytes of the string with which a text begins, quotation marks included.
fn string_end(text: &str) -> usize {
    let bytes = text.as_bytes();
    let mut place = 1;
    while bytes[place] != b'"' {
        place += if bytes[place] == b'\\' { 2 } else { 1 };
    }
    place + 1
}

/// What a string of JSON says.
fn unescaped(string: &str) -> Cow<'_, str> {
    if string.contains('\\') {
        // It was just written by the same crate.
        serde_json::from_str(string).map(Cow::Owned).unwrap_or_default()
    } else {
        Cow::Borrowed(&string[1..string.len() - 1])
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Map, Value};

    use super::*;

    /// The same by way of a tree whose objects are sorted.
    fn by_a_tree(value: &Value) -> String {
        let joined = |items: Vec<String>| items.join(",");
        match value {
            Value::Array(items) => format!("[{}]", joined(items.iter().map(by_a_tree).collect())),
            Value::Object(fields) => {
                let mut fields: Vec<(&String, &Value)> = fields.iter().collect();
                fields.sort_by(|one, another| one.0.cmp(another.0));
                let field = |(key, value): (&String, &Value)| {
                    format!("{}:{}", Value::from(key.as_str()), by_a_tree(value))
                };
                format!("{{{}}}", joined(fields.into_iter().map(field).collect()))
            }
            scalar => scalar.to_string(),
        }
    }

    /// Values with keys and strings that hold what JSON writes otherwise.
    fn any_value() -> impl Strategy<Value = Value> {
        let text = || {
            prop::collection::vec(
                prop::sample::select(vec!["a", "b", "\"", "\\", "é", "\n", "]", "{", ","]),
                0..4,
            )
        };
        let text = move || text().prop_map(|parts| parts.concat());
        let scalar = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            any::<u64>().prop_map(Value::from),
            any::<f64>().prop_map(Value::from),
            text().prop_map(Value::from),
        ];
        scalar.prop_recursive(5, 60, 6, move |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
                prop::collection::vec((text(), inner), 0..6)
                    .prop_map(|fields| Value::from(Map::from_iter(fields))),
            ]
        })
    }

    proptest! {
        #[test]
        fn the_text_is_that_of_a_sorted_tree(value in any_value()) {
            prop_assert_eq!(canonical_json(&value).unwrap(), by_a_tree(&value));
        }
    }

    #[test]
    fn keys_are_sorted_at_every_depth() {
        let value: Value = serde_json::from_str(r#"{"b":{"y":1.50,"x":"é\n"},"a":[2,null,true]}"#).unwrap();
        assert_eq!(canonical_json(&value).unwrap(), r#"{"a":[2,null,true],"b":{"x":"é\n","y":1.5}}"#);
    }

    #[test]
    fn of_fields_of_one_name_the_last_counts() {
        #[derive(Serialize)]
        struct Twice {
            b: u8,
            #[serde(rename = "b")]
            again: u8,
            a: u8,
        }
        assert_eq!(canonical_json(&Twice { b: 1, again: 2, a: 3 }).unwrap(), r#"{"a":3,"b":2}"#);
    }

    #[test]
    fn the_digest_is_sha_256() {
        // FIPS 180-2, appendix B.1: the message "abc".
        assert_eq!(sha256_hex(b"abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }
}
