//! Where on a logarithmic scale each value lies: a byte beside the 4 bits of its level, for ratio terms. They are read where
//! they are stored, and only for the blocks that the levels leave open.

use std::sync::LazyLock;

use probity_kernels::PlaceBlock;

use super::BLOCK_ROWS;
use super::flat_index::FlatRow;
use super::level_chunk::LevelChunk;
use crate::math;

/// Places of a factor of e. 254 of them reach from 1 down to 0.0018, below which few values of spectra lie.
pub(super) const PLACES_PER_E: f64 = 40.0;

/// The place of values that are too small to be told.
const UNTOLD: u8 = 1;

/// The lower edge of each place from the third on: the values of a place are above it, and not above the next.
static EDGES: LazyLock<[f64; 254]> =
    LazyLock::new(|| std::array::from_fn(|place| math::exp((place as f64 - 254.0) / PLACES_PER_E)));

/// The place of a value from 0 to 1: 0 for none. Above 1, where only rounding leads, it is the last.
fn place(value: f64) -> u8 {
    match value > 0.0 {
        // At most 254: the cast is exact.
        true => UNTOLD + EDGES.partition_point(|&edge| edge < value) as u8,
        false => 0,
    }
}

/// The places of a chunk's rows: for each column of its levels as many blocks.
pub(crate) fn value_places(rows: &[Option<FlatRow>], levels: &LevelChunk) -> Vec<u8> {
    let mut places = vec![0; levels.column_count() * levels.blocks() * BLOCK_ROWS];
    for (row, peaks) in rows.iter().enumerate() {
        let known = peaks.as_ref().filter(|peaks| peaks.can_be_indexed());
        for &(mz, value) in known.iter().flat_map(|peaks| &peaks.values) {
            if let Some(column) = levels.column_number(mz) {
                places[column * levels.blocks() * BLOCK_ROWS + row] = place(value);
            }
        }
    }
    places
}

/// The stored places of a chunk.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ValuePlaces<'a>(&'a [PlaceBlock]);

impl<'a> ValuePlaces<'a> {
    /// `None` if they are not those of the levels.
    pub(crate) fn of(bytes: &'a [u8], levels: &LevelChunk) -> Option<Self> {
        let (blocks, rest) = bytes.as_chunks();
        (rest.is_empty() && blocks.len() == levels.column_count() * levels.blocks()).then_some(Self(blocks))
    }

    /// The places at an m/z.
    pub(super) fn at(&self, mz: u32, levels: &LevelChunk) -> Option<&'a [PlaceBlock]> {
        self.0.get(levels.column_number(mz)? * levels.blocks()..)?.get(..levels.blocks())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_last_place_reaches_to_1() {
        assert_eq!([0.0, 1e-300, 0.001, 1.0, 1.0 + 1e-9].map(place), [0, 1, 1, 255, 255]);
        // A factor of e is 40 places.
        assert_eq!(place(0.99 * math::exp(-1.0)), place(0.99) - 40);
    }

    proptest! {
        #[test]
        fn a_value_lies_within_its_place(value in 0.0018_f64..1.0) {
            let top = (f64::from(place(value)) - 255.0) / PLACES_PER_E;
            let logarithm = math::ln(value);
            prop_assert!(logarithm <= top + 1e-12 && logarithm > top - 1.0 / PLACES_PER_E - 1e-12);
        }
    }
}
