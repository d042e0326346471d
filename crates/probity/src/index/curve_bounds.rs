//! The bounds of a chunk's infrared spectra for one query.

use std::ops::Range;
use std::sync::Arc;

use probity_kernels::{CURVE_QUERY_LIMIT, CurveProducts, InstructionSet, multiply_curves, prefetch};

use super::BLOCK_ROWS;
use super::best_first::{BlockBounds, rounded_up};
use super::curve_index::{CurveChunk, CurveIndex, LARGEST, NOTHING, STRETCH, TAILS, UNKNOWN, tail_ends};
use super::curve_row::{CurveRow, CurveScore, LARGEST_OFFSET, common_runs, points_of};
use crate::error::Result;

/// What rounding may add to a score, in the reference scorer and here. A value of the reference scorer is off by at most
/// some thousand times 2⁻⁵³ times the largest offset that is allowed, squared lengths from sums in f32 by some 2⁻²⁴ each, and a
/// bound in f32 by 2⁻²⁴.
const SLACK: f64 = 3e-6;

/// How far off a number in f32 is at most, as a share of it: 2⁻²⁴.
const SINGLE: f64 = f32::EPSILON as f64 / 2.0;

/// Squared lengths below this say nothing.
const LEAST_SQUARE: f64 = 1e-4;

/// An infrared spectrum as the index is asked for it.
#[derive(Debug)]
pub(crate) struct CurveQuery {
    row: CurveRow,
    /// The mean over all measured points, where the score is centred.
    mean: f64,
    /// The transform of the values less the mean.
    values: Vec<f64>,
    /// That of 1 at each measured point; empty where the score is not centred.
    ones: Vec<f64>,
    instructions: InstructionSet,
}

/// A query before the rows of one class.
#[derive(Debug)]
enum ClassQuery {
    /// No point in common.
    Nothing,
    /// Nothing can be concluded.
    Unknown,
    Known(KnownClass),
}

#[derive(Debug)]
struct KnownClass {
    /// The query's heads, few and more.
    heads: [QueryHeads; 2],
    /// Whether the query was measured wherever the rows were, so that their length is 1.
    covers: bool,
    /// Stretches of points that query and rows have, by number: first and the one behind the last.
    stretches: Vec<(usize, usize)>,
    /// Σ w over these.
    weight: f64,
    /// What rounding may add to the squared length of a row over these.
    length_slack: f64,
}

/// Heads of a query.
#[derive(Debug)]
struct QueryHeads {
    /// Heads and group lengths in whole numbers.
    numbers: Vec<i16>,
    /// What products of heads are multiplied by, beside the row's scale.
    head_unit: f64,
    /// What products of group lengths are multiplied by.
    tail_unit: f64,
    /// What rounding the query's heads may add.
    error: f64,
    /// How much a row's own error counts.
    row_error: f64,
}

/// Which of the two heads.
const FEW: usize = 0;
const MORE: usize = 1;

/// The bounds of a chunk's rows.
#[derive(Debug)]
pub(crate) struct CurveBounds<'a> {
    chunk: &'a CurveChunk,
    score: CurveScore,
    instructions: InstructionSet,
    /// The query before the rows of each class.
    classes: Vec<ClassQuery>,
    rows: Vec<f32>,
    blocks: Vec<f32>,
}

impl CurveIndex {
    /// A query's part in the bounds; `None` for a curve of another number of points.
    pub(crate) fn query(&self, row: CurveRow, instructions: InstructionSet) -> Option<CurveQuery> {
        if row.values.len() != self.points() {
            return None;
        }
        let total: f64 = points_of(&row.runs).map(|point| self.weights[point]).sum();
        let first: f64 = points_of(&row.runs).map(|point| self.weights[point] * row.values[point]).sum();
        let mean = if self.score.is_centred && total > 0.0 { first / total } else { 0.0 };
        let mut values = vec![0.0; self.points()];
        let mut ones = values.clone();
        for point in points_of(&row.runs) {
            let root = self.weights[point].sqrt();
            values[point] = root * (row.values[point] - mean);
            ones[point] = root;
        }
        let transformed = self.transform.coefficients(&values);
        let ones = if self.score.is_centred { self.transform.coefficients(&ones) } else { Vec::new() };
        transformed.iter().all(|x| x.is_finite()).then_some(CurveQuery {
            row,
            mean,
            values: transformed,
            ones,
            instructions,
        })
    }

    /// The query before rows that were measured at these runs.
    fn class_query(&self, query: &CurveQuery, runs: &[u32]) -> ClassQuery {
        let common = common_runs(&query.row.runs, runs);
        let weight: f64 = points_of(&common).map(|point| self.weights[point]).sum();
        if weight <= 0.0 {
            return ClassQuery::Nothing;
        }
        let value = |point: usize| query.row.values[point] - query.mean;
        let shift = match self.score.is_centred {
            true => points_of(&common).map(|point| self.weights[point] * value(point)).sum::<f64>() / weight,
            false => 0.0,
        };
        let centred = |point: usize| value(point) - shift;
        let square: f64 =
            points_of(&common).map(|point| self.weights[point] * centred(point) * centred(point)).sum();
        let length = square.sqrt();
        let offset = (query.mean + shift).abs() * weight.sqrt();
        if !(square.is_normal() && length.is_finite() && offset <= LARGEST_OFFSET * length) {
            return ClassQuery::Unknown;
        }
        let coefficients: Vec<f64> = match self.score.is_centred {
            true => query.values.iter().zip(&query.ones).map(|(x, one)| (x - shift * one) / length).collect(),
            false => query.values.iter().map(|x| x / length).collect(),
        };
        if coefficients.iter().any(|x| !x.is_finite()) {
            return ClassQuery::Unknown;
        }
        let covers = common == runs;
        let stretches = if covers { Vec::new() } else { whole_stretches(&common) };
        let in_stretches = stretches.iter().flat_map(|&(first, end)| first * STRETCH..end * STRETCH);
        let weight: f64 = in_stretches.map(|point| self.weights[point]).sum();
        // A row has length 1: sums of squares up to any point are at most 1, sums of values at most the root of all weights,
        // and over the stretches at most the root of their weight. Each stretch takes two of either, and is rounded with
        // twice that at most.
        let total: f64 = self.weights.iter().sum();
        let of_first = if weight > 0.0 { 2.0 * (total / weight).sqrt() } else { 0.0 };
        let length_slack = 4.0 * SINGLE * stretches.len() as f64 * (1.0 + of_first);
        let heads = self.heads.map(|heads| QueryHeads::of(heads, &coefficients));
        ClassQuery::Known(KnownClass { heads, covers, stretches, weight, length_slack })
    }
}

impl QueryHeads {
    /// The first coefficients of a query, and what is left.
    fn of(heads: usize, coefficients: &[f64]) -> Self {
        let limit = f64::from(CURVE_QUERY_LIMIT);
        let kept = &coefficients[..heads.min(coefficients.len())];
        let unit = |largest: f64| if largest > 0.0 { largest / limit } else { 1.0 };
        let head_unit = unit(kept.iter().fold(0.0, |largest: f64, x| largest.max(x.abs())));
        let ends = tail_ends(kept.len(), coefficients.len());
        let lengths: Vec<f64> = ends
            .windows(2)
            .map(|ends| coefficients[ends[0]..ends[1]].iter().map(|x| x * x).sum::<f64>().sqrt())
            .collect();
        let tail_unit = unit(lengths.iter().copied().fold(0.0, f64::max));
        let mut numbers = vec![0; heads + TAILS];
        let (mut error, mut square) = (0.0, 0.0);
        for (number, &exact) in numbers.iter_mut().zip(kept) {
            let whole = (exact / head_unit).round().clamp(-limit, limit);
            // Whole and within range.
            *number = whole as i16;
            let off = exact - whole * head_unit;
            error += off * off;
            square += exact * exact;
        }
        for (number, length) in numbers[heads..].iter_mut().zip(&lengths) {
            *number = (length / tail_unit).ceil().min(limit) as i16;
        }
        let error = error.sqrt();
        Self {
            numbers,
            head_unit,
            // The row's lengths are in units of 1 / 127; one that was cut to the limit is at most one unit short.
            tail_unit: tail_unit * (1.0 + 1.0 / limit) / LARGEST,
            error,
            row_error: square.sqrt() + error,
        }
    }
}

/// The stretches that lie within the runs, by number.
fn whole_stretches(runs: &[u32]) -> Vec<(usize, usize)> {
    let within = runs
        .as_chunks::<2>()
        .0
        .iter()
        .map(|run| ((run[0] as usize).div_ceil(STRETCH), run[1] as usize / STRETCH));
    within.filter(|(first, end)| first < end).collect()
}

impl CurveChunk {
    /// Bounds of all rows that no rounding makes too low.
    pub(crate) fn bounds(&self, index: &CurveIndex, query: &Arc<CurveQuery>) -> CurveBounds<'_> {
        let classes: Vec<ClassQuery> =
            self.classes.iter().map(|runs| index.class_query(query, runs)).collect();
        let mut rows = vec![0.0; self.class_of.len()];
        let mut products = Vec::new();
        let mut start = 0;
        for run in self.class_of.chunk_by(|a, b| a == b) {
            let end = start + run.len();
            match run[0] {
                NOTHING => {}
                UNKNOWN => rows[start..end].fill(f32::INFINITY),
                class => match &classes[usize::from(class)] {
                    ClassQuery::Nothing => {}
                    ClassQuery::Unknown => rows[start..end].fill(f32::INFINITY),
                    ClassQuery::Known(known) => {
                        products.clear();
                        products.resize(run.len(), CurveProducts::default());
                        self.multiply(query.instructions, known, FEW, start..end, &mut products);
                        if known.covers && !index.score.is_squared {
                            self.bound_plainly(&known.heads[FEW], start, &products, &mut rows[start..end]);
                        } else {
                            for (row, products) in (start..).zip(&products) {
                                rows[row] = self.bound(index.score, known, FEW, row, *products);
                            }
                        }
                    }
                },
            }
            start = end;
        }
        let blocks = rows.chunks(BLOCK_ROWS).map(|block| block.iter().copied().fold(0.0, f32::max)).collect();
        let (score, instructions) = (index.score, query.instructions);
        CurveBounds { chunk: self, score, instructions, classes, rows, blocks }
    }

    /// The products of a query with consecutive rows.
    fn multiply(
        &self,
        instructions: InstructionSet,
        class: &KnownClass,
        which: usize,
        rows: Range<usize>,
        products: &mut [CurveProducts],
    ) {
        let numbers = &class.heads[which].numbers;
        let places = rows.start * numbers.len()..rows.end * numbers.len();
        multiply_curves(instructions, numbers, &self.kept[which].coefficients[places], products);
    }

    /// As [`Self::bound`] by few heads, of rows whose length is 1, as most are: without branches.
    fn bound_plainly(&self, query: &QueryHeads, first: usize, products: &[CurveProducts], rows: &mut [f32]) {
        let kept = &self.kept[FEW];
        let (scales, errors) = (&kept.scales[first..], &kept.errors[first..]);
        for (((row, products), &scale), &error) in rows.iter_mut().zip(products).zip(scales).zip(errors) {
            let error = f64::from(error);
            let heads = f64::from(products.heads) * query.head_unit * f64::from(scale);
            let rest = f64::from(products.tails) * query.tail_unit
                + query.error * (1.0 + error)
                + query.row_error * error;
            // Of numbers up to 1 the cast takes less than the slack has room for.
            *row = (heads + rest + SLACK).clamp(0.0, 1.0) as f32;
        }
    }

    #[inline]
    fn bound(
        &self,
        score: CurveScore,
        class: &KnownClass,
        which: usize,
        row: usize,
        products: CurveProducts,
    ) -> f32 {
        let (query, kept) = (&class.heads[which], &self.kept[which]);
        let error = f64::from(kept.errors[row]);
        let heads = f64::from(products.heads) * query.head_unit * f64::from(kept.scales[row]);
        let rest = f64::from(products.tails) * query.tail_unit
            + query.error * (1.0 + error)
            + query.row_error * error;
        let product = if score.is_squared { heads.abs() + rest } else { heads + rest };
        let length = if class.covers { 1.0 } else { self.least_length(score, class, row) };
        if length <= 0.0 {
            return f32::INFINITY;
        }
        let bound = (product / length + SLACK).min(1.0);
        match score.is_squared {
            true => rounded_up((bound * bound + SLACK).min(1.0)),
            false => rounded_up(bound),
        }
    }

    /// What the length of a row over the common points is at least; 0 where nothing is known.
    fn least_length(&self, score: CurveScore, class: &KnownClass, row: usize) -> f64 {
        let rows = self.class_of.len();
        let over = |sums: &[f32]| -> f64 {
            let stretch = |&(first, end): &(usize, usize)| {
                f64::from(sums[end * rows + row]) - f64::from(sums[first * rows + row])
            };
            class.stretches.iter().map(stretch).sum()
        };
        let mut square = over(&self.seconds);
        if score.is_centred && class.weight > 0.0 {
            let first = over(&self.firsts);
            square -= first * first / class.weight;
        }
        let square = square - class.length_slack;
        if square >= LEAST_SQUARE { square.sqrt() } else { 0.0 }
    }
}

impl BlockBounds for CurveBounds<'_> {
    fn rows(&self) -> usize {
        self.rows.len()
    }

    fn blocks(&self) -> &[f32] {
        &self.blocks
    }

    fn for_each_row(&self, block: usize, threshold: f64, visit: &mut dyn FnMut(usize, f32)) {
        let first = block * BLOCK_ROWS;
        let rows = &self.rows[first..self.rows.len().min(first + BLOCK_ROWS)];
        for (row, &bound) in (first..).zip(rows) {
            if f64::from(bound) >= threshold {
                visit(row, bound);
            }
        }
    }

    fn prefetch(&self, row: usize) {
        let class = usize::from(self.chunk.class_of[row]);
        if let Some(ClassQuery::Known(known)) = self.classes.get(class) {
            let length = known.heads[MORE].numbers.len();
            prefetch(&self.chunk.kept[MORE].coefficients[row * length..][..length]);
        }
    }

    fn closer(&self, row: usize, bound: f32, _threshold: f64) -> Result<f32> {
        let class = usize::from(self.chunk.class_of[row]);
        let Some(ClassQuery::Known(known)) = self.classes.get(class) else { return Ok(bound) };
        let mut products = [CurveProducts::default()];
        self.chunk.multiply(self.instructions, known, MORE, row..row + 1, &mut products);
        Ok(self.chunk.bound(self.score, known, MORE, row, products[0]).min(bound))
    }
}
