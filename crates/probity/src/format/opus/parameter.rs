//! Blocks of parameters: a name of three letters, a type, a size in units of two bytes, and the value.

use std::collections::BTreeMap;

use super::super::bytes::{Bytes, text_of};
use super::super::noter::Noter;
use super::directory::Block;
use crate::error::Result;

/// The longest text that is kept, in bytes: names stand in every record.
const LONGEST_TEXT: usize = 1_024;

/// The value of a parameter.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Value {
    Whole(i32),
    Number(f64),
    Text(String),
}

impl Value {
    pub(super) fn number(&self) -> Option<f64> {
        match self {
            Self::Whole(number) => Some(f64::from(*number)),
            Self::Number(number) => Some(*number).filter(|number| number.is_finite()),
            Self::Text(_) => None,
        }
    }

    fn text(&self) -> String {
        match self {
            Self::Whole(number) => number.to_string(),
            Self::Number(number) => number.to_string(),
            Self::Text(text) => text.clone(),
        }
    }
}

/// The parameters of one block, by name.
#[derive(Debug, Default)]
pub(super) struct Group(BTreeMap<String, Value>);

impl Group {
    /// Reads a block up to `END`. A parameter that is not whole, or of an unknown type, ends it, which is reported.
    pub(super) fn read(bytes: Bytes<'_>, block: &Block, noter: &mut Noter) -> Result<Self> {
        let (mut group, mut at, end) = (Self::default(), block.offset, block.offset + block.size);
        while at + 8 <= end {
            let name = bytes.slice(at, 3, "name")?;
            if name == b"END" {
                break;
            }
            let (kind, size) = (bytes.u16(at + 4, "type")?, 2 * usize::from(bytes.u16(at + 6, "size")?));
            let name = String::from_utf8_lossy(name).into_owned();
            let is_name = name.bytes().all(|byte| byte.is_ascii_alphanumeric());
            let value = at + 8;
            if !is_name || kind > 4 || size > end - value || size < [4, 8, 0, 0, 0][usize::from(kind)] {
                noter.ignored_at(
                    at,
                    &name,
                    "the parameter is not whole; it and what follows were not read",
                )?;
                break;
            }
            let value = match kind {
                0 => Value::Whole(bytes.i32(value, &name)?),
                1 => Value::Number(bytes.f64(value, &name)?),
                _ => {
                    let text = text_of(bytes.slice(value, size, &name)?);
                    if text.len() > LONGEST_TEXT {
                        noter.ignored_at(
                            at,
                            &name,
                            format!("the text is longer than {LONGEST_TEXT} bytes"),
                        )?;
                        at += 8 + size;
                        continue;
                    }
                    Value::Text(text)
                }
            };
            group.0.insert(name, value);
            at += 8 + size;
        }
        Ok(group)
    }

    pub(super) fn number(&self, name: &str) -> Option<f64> {
        self.0.get(name)?.number()
    }

    /// A text that is not empty.
    pub(super) fn text(&self, name: &str) -> Option<String> {
        self.0.get(name).map(Value::text).filter(|text| !text.is_empty())
    }
}

/// The parameters of instrument, acquisition and sample: those of the sample's measurement, and of the reference's.
#[derive(Debug, Default)]
pub(super) struct Parameters {
    sample: Group,
    reference: Group,
}

impl Parameters {
    pub(super) fn read(bytes: Bytes<'_>, blocks: &[Block], noter: &mut Noter) -> Result<Self> {
        let mut parameters = Self::default();
        let of_file = |block: &&Block| block.kind.is_parameters() && !block.kind.is_status();
        // What was changed later counts.
        let (originals, changed): (Vec<&Block>, Vec<&Block>) =
            blocks.iter().filter(of_file).partition(|block| block.kind.is_original());
        for block in originals.into_iter().chain(changed) {
            let group = Group::read(bytes, block, noter)?;
            let whole =
                if block.kind.is_reference() { &mut parameters.reference } else { &mut parameters.sample };
            whole.0.extend(group.0);
        }
        Ok(parameters)
    }

    /// The groups in which to look for the parameters of a block of values, the closer one first.
    fn groups(&self, block: &Block) -> [&Group; 2] {
        if block.kind.is_reference() {
            [&self.reference, &self.sample]
        } else {
            [&self.sample, &self.reference]
        }
    }

    pub(super) fn number(&self, block: &Block, name: &str) -> Option<f64> {
        self.groups(block).into_iter().find_map(|group| group.number(name))
    }

    pub(super) fn text(&self, block: &Block, name: &str) -> Option<String> {
        self.groups(block).into_iter().find_map(|group| group.text(name))
    }

    /// All parameters with a value, by name.
    pub(super) fn list(&self) -> Vec<(String, String)> {
        let of = |group: &Group, behind: &str| -> Vec<(String, String)> {
            let stated = group.0.iter().map(|(name, value)| (format!("{name}{behind}"), value.text()));
            stated.filter(|(_, value)| !value.is_empty()).collect()
        };
        [of(&self.sample, ""), of(&self.reference, " (reference)")].concat()
    }
}
