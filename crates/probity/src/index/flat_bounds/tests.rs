//! The bounds against scores computed pair by pair.

use proptest::prelude::*;

use probity_kernels::InstructionSet;

use super::super::flat_index::{FlatIndex, FlatRow, edges, histogram};
use super::super::retained_norms::RowNorms;
use super::super::{CHUNK_ROWS, Judge, propose_best_first};
use super::*;
use crate::error::Result;
use crate::similarity::common_range::CommonRange;

type Weights = Vec<(u32, f64)>;

/// A library whose bounds are multiplied by something.
struct Scaled<'a>(ChunkBounds<'a>, f64);

impl BlockBounds for Scaled<'_> {
    fn rows(&self) -> usize {
        self.0.rows()
    }

    fn blocks(&self) -> &[f32] {
        &self.0.blocks
    }

    fn for_each_row(&self, block: usize, threshold: f64, visit: &mut dyn FnMut(usize, f32)) {
        self.0.for_each_row(block, threshold, &mut |row, bound| {
            visit(row, (f64::from(bound) * self.1) as f32);
        });
    }

    fn refine(&mut self, threshold: f64) {
        self.0.refine(threshold);
    }
}

/// Keeps the best, ties by row.
struct TestJudge<'a> {
    scores: &'a [f64],
    wanted: usize,
    best: Vec<(f64, usize)>,
}

impl Judge for TestJudge<'_> {
    fn judge(&mut self, row: usize) -> Result<()> {
        if self.scores[row] > 0.0 {
            self.best.push((self.scores[row], row));
        }
        self.best.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        self.best.truncate(self.wanted);
        Ok(())
    }

    fn threshold(&self) -> f64 {
        match self.best.get(self.wanted - 1) {
            Some(last) => last.0,
            None => f64::NEG_INFINITY,
        }
    }
}

fn row(weights: &Weights) -> FlatRow {
    let norms = RowNorms { range: CommonRange::EVERYTHING, weights: weights.clone() };
    FlatRow::of_cosine(weights.iter().copied(), norms)
}

fn cosine(a: &Weights, b: &Weights) -> f64 {
    let dot = |a: &Weights, b: &Weights| -> f64 {
        let other = |mz: u32| b.iter().find(|peak| peak.0 == mz).map_or(0.0, |peak| peak.1);
        a.iter().map(|&(mz, weight)| weight * other(mz)).sum()
    };
    let norms = dot(a, a).sqrt() * dot(b, b).sqrt();
    if norms > 0.0 { (dot(a, b) / norms).min(1.0) } else { 0.0 }
}

/// The best rows by the index, its bounds multiplied by `factor`, and by looking at all. Of the rows
/// from `unknown` on the index knows nothing.
fn searched(
    library: &[Weights],
    unknown: usize,
    query: &Weights,
    wanted: usize,
    factor: f64,
    instructions: InstructionSet,
) -> [Vec<(f64, usize)>; 2] {
    let flat_row = |(number, weights): (usize, &Weights)| {
        Some(FlatRow { has_other_peaks: number >= unknown, ..row(weights) })
    };
    let rows: Vec<Option<FlatRow>> = library.iter().enumerate().map(flat_row).collect();
    let edges = edges(FlatScore::Cosine, &histogram(&rows));
    // Chunks of any length will do.
    let index = FlatIndex::of(FlatScore::Cosine, edges);
    let chunks: Vec<FlatChunk> = rows.chunks(CHUNK_ROWS.min(100)).map(|rows| index.chunk(rows)).collect();
    let scores: Vec<f64> = library.iter().map(|weights| cosine(query, weights)).collect();
    let mut all = TestJudge { scores: &scores, wanted, best: Vec::new() };
    (0..library.len()).for_each(|row| all.judge(row).unwrap());
    let mut judge = TestJudge { scores: &scores, wanted, best: Vec::new() };
    match index.query(&row(query), instructions) {
        Some(query) => {
            let query = Arc::new(query);
            let mut bounds: Vec<Scaled<'_>> =
                chunks.iter().map(|chunk| Scaled(chunk.bounds(None, Arc::clone(&query)), factor)).collect();
            propose_best_first(&mut bounds, wanted, &mut judge).unwrap();
        }
        None => (0..library.len()).for_each(|row| judge.judge(row).unwrap()),
    }
    [judge.best, all.best]
}

fn any_weights() -> impl Strategy<Value = Weights> {
    let weight = prop_oneof![1.0_f64..1_000.0, Just(1.0), Just(999.0), 1e-6_f64..1e-3];
    prop::collection::btree_map(40_u32..70, weight, 0..12).prop_map(|peaks| peaks.into_iter().collect())
}

proptest! {
    #[test]
    fn the_best_of_the_index_are_the_best_of_all(
        library in prop::collection::vec(any_weights(), 0..250),
        query in any_weights(),
        wanted in 1_usize..20,
        unknown in 0_usize..1_000,
    ) {
        for instructions in [InstructionSet::Portable, InstructionSet::detected()] {
            let [found, expected] = searched(&library, unknown, &query, wanted, 1.0, instructions);
            prop_assert_eq!(found, expected);
        }
    }
}

/// A mutation that must be seen: were a bound only 2⁻²⁰ too low, the first of equal spectra would be lost.
/// Where a spectrum has one peak, its level is exact, so that the bound has nothing to spare. The last
/// row, of which nothing is known, is looked at first.
#[test]
fn a_bound_rounded_down_is_noticed() {
    let library = vec![vec![(58, 7.0)]; 300];
    let query = vec![(58, 3.0)];
    let found = |factor: f64| searched(&library, 299, &query, 1, factor, InstructionSet::detected());
    let [right, expected] = found(1.0);
    assert_eq!((&right, expected[0].1), (&expected, 0));
    for bits in [1, 10, 20] {
        let [wrong, expected] = found(1.0 - 1.0 / f64::from(1_u32 << bits));
        assert_ne!(wrong, expected, "a bound 2^-{bits} below the score went unnoticed");
    }
}
