//! Blocks and the members of a data set. A member's content begins with a code of its type, which its own code
//! implies, and a text or a list with its size.

use super::super::bytes::Bytes;
use super::super::noter::Noter;
use crate::error::{Error, Result};

/// The code of a data set.
const DATA_SET: i16 = 120;
const RANGE: i16 = -29_838;
const INTERVAL: i16 = -29_836;
const POINTS: i16 = -29_835;
const X_LABEL: i16 = -29_833;
const Y_LABEL: i16 = -29_832;
const VALUES: i16 = -29_828;
const NAME: i16 = -29_827;
const ALIAS: i16 = -29_823;

/// Where the first block stands.
const FIRST: usize = 44;
/// Bytes of a block's code and size.
const HEAD: usize = 6;

/// What a data set states.
#[derive(Debug, Default)]
pub(super) struct DataSet {
    pub(super) offset: usize,
    pub(super) range: Option<(f64, f64)>,
    pub(super) interval: Option<f64>,
    pub(super) points: Option<usize>,
    pub(super) x_label: String,
    pub(super) y_label: String,
    pub(super) name: String,
    pub(super) alias: String,
    /// Offset and number of the values.
    pub(super) values: Option<(usize, usize)>,
}

/// The data sets of a file, in its order. Blocks of other codes are instrument settings and history; they are passed
/// over.
pub(super) fn data_sets(bytes: Bytes<'_>, noter: &mut Noter) -> Result<Vec<DataSet>> {
    let (mut sets, mut at): (Vec<DataSet>, usize) = (Vec::new(), FIRST);
    while bytes.holds(at, HEAD) {
        let code = bytes.i16(at, "block")?;
        let size = bytes.size(at + 2, "block size")?;
        let content = at + HEAD;
        if code == DATA_SET {
            // Its members follow as blocks of their own.
            sets.push(DataSet { offset: at, ..DataSet::default() });
            at = content;
            continue;
        }
        bytes.slice(content, size, "block").map_err(|error| error.at(noter.at_offset(at)))?;
        if let Some(set) = sets.last_mut() {
            set.take(bytes, (code, content, size), noter)?;
        }
        at = content + size;
    }
    if at < bytes.len() {
        noter.ignored_at(at, "block", format!("{} bytes behind the last block", bytes.len() - at))?;
    }
    Ok(sets)
}

impl DataSet {
    /// Takes a member, if it is one that is read.
    fn take(
        &mut self,
        bytes: Bytes<'_>,
        (code, content, size): (i16, usize, usize),
        noter: &Noter,
    ) -> Result<()> {
        let needs = |wanted: usize| {
            if size < wanted {
                let message = format!("the member {code} has {size} bytes and needs {wanted}");
                return Err(Error::malformed(message).at(noter.at_offset(content)));
            }
            Ok(content + 2)
        };
        let text = |what: &str| -> Result<String> {
            let start = needs(4)?;
            let length = usize::from(bytes.u16(start, what)?).min(size - 4);
            bytes.text(start + 2, length, what)
        };
        match code {
            RANGE => {
                let start = needs(18)?;
                self.range = Some((bytes.f64(start, "range")?, bytes.f64(start + 8, "range")?));
            }
            INTERVAL => self.interval = Some(bytes.f64(needs(10)?, "interval")?),
            POINTS => self.points = Some(bytes.size(needs(6)?, "points")?),
            X_LABEL => self.x_label = text("x label")?,
            Y_LABEL => self.y_label = text("y label")?,
            NAME => self.name = text("name")?,
            ALIAS => self.alias = text("alias")?,
            VALUES => {
                let start = needs(6)?;
                let stated = bytes.size(start, "size of values")?;
                self.values = Some((start + 4, stated.min(size - 6) / 8));
            }
            _ => {}
        }
        Ok(())
    }
}
