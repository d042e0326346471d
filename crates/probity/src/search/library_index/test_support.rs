//! Rows in memory and seeded numbers for the tests of indexes.

use std::borrow::Cow;

use super::{Compared, ComparedRows};
use crate::error::Result;
use crate::format::Record;
use crate::search::Method;

/// Rows in memory.
pub(super) struct Prepared(pub(super) Vec<Option<Compared>>);

impl Prepared {
    /// Records as a method compares them.
    pub(super) fn of(method: &Method, records: &[Record]) -> Self {
        let compared = |record| method.prepare_record(record).unwrap().map(|prepared| prepared.compared);
        Self(records.iter().map(compared).collect())
    }
}

impl ComparedRows for Prepared {
    fn len(&self) -> usize {
        self.0.len()
    }

    fn compared(&self, row: usize) -> Result<Option<Cow<'_, Compared>>> {
        Ok(self.0[row].as_ref().map(Cow::Borrowed))
    }
}

/// splitmix64 (Steele, Lea and Flood, OOPSLA 2014).
pub(super) fn next(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let z = (*state ^ (*state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// The next number as one from 0 to below 1.
pub(super) fn fraction(state: &mut u64) -> f64 {
    (next(state) >> 11) as f64 / (1_u64 << 53) as f64
}
