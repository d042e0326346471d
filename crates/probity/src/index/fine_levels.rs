//! In which sixteenth of its level each value lies: 4 bits beside the 4 of the level, for ratio terms. They are read where
//! they are stored, and only for the blocks that the levels leave open.

use probity_kernels::{LEVEL_BLOCK_ROWS, LevelBlock, set_level};

use super::flat_index::FlatRow;
use super::level_chunk::LevelChunk;
use super::level_edges::LevelEdges;
use crate::math;

/// Parts of a level.
pub(super) const PARTS: u8 = 16;

/// The lower edges of the parts of all levels above 1, on a logarithmic scale as even as that of the levels.
#[derive(Debug)]
struct PartEdges([[f64; PARTS as usize]; 16]);

impl PartEdges {
    /// `None` if the levels are not evenly spaced.
    fn of(edges: &LevelEdges) -> Option<Self> {
        let step = edges.step()?;
        let values = edges.values();
        Some(Self(std::array::from_fn(|level| {
            let below = values[level.saturating_sub(1)];
            std::array::from_fn(|part| below * math::exp(step * part as f64 / f64::from(PARTS)))
        })))
    }

    /// The part of a value of a level.
    fn part(&self, value: f64, level: u8) -> u8 {
        self.0[usize::from(level)][1..].iter().map(|&edge| u8::from(value > edge)).sum()
    }
}

/// The parts of a chunk's rows: for each column of its levels as many blocks. Nothing if the levels are not evenly spaced.
pub(crate) fn fine_levels(rows: &[Option<FlatRow>], levels: &LevelChunk, edges: &LevelEdges) -> Vec<u8> {
    let Some(part_edges) = PartEdges::of(edges) else { return Vec::new() };
    let mut parts = vec![[0; LEVEL_BLOCK_ROWS / 2]; levels.columns_count() * levels.blocks()];
    for (row, peaks) in rows.iter().enumerate() {
        let known = peaks.as_ref().filter(|peaks| peaks.can_be_indexed());
        for &(mz, value) in known.iter().flat_map(|peaks| &peaks.values) {
            let Some(column) = levels.column_number(mz).filter(|_| value > 0.0) else { continue };
            let level = edges.level(value);
            if level > 1 {
                let column = &mut parts[column * levels.blocks()..][..levels.blocks()];
                set_level(column, row, part_edges.part(value, level));
            }
        }
    }
    parts.into_flattened()
}

/// The stored parts of a chunk.
#[derive(Debug, Clone, Copy)]
pub(crate) struct FineLevels<'a>(&'a [LevelBlock]);

impl<'a> FineLevels<'a> {
    /// `None` if they are not those of the levels.
    pub(crate) fn of(bytes: &'a [u8], levels: &LevelChunk) -> Option<Self> {
        let (blocks, rest) = bytes.as_chunks();
        (rest.is_empty() && blocks.len() == levels.columns_count() * levels.blocks()).then_some(Self(blocks))
    }

    /// The parts at an m/z.
    pub(super) fn at(&self, mz: u32, levels: &LevelChunk) -> Option<&'a [LevelBlock]> {
        self.0.get(levels.column_number(mz)? * levels.blocks()..)?.get(..levels.blocks())
    }
}
