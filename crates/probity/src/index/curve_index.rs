//! The index of infrared spectra: the heads of their cosine transforms in 8 bits, and the lengths of what is left.
//!
//! Each row is brought to a mean of 0 (where the score is centred) and a length of 1 over its own measured points, each
//! point times the root of its weight. Of its transform the first coefficients are kept as whole numbers times the row's
//! scale, with the length of the error; the others as lengths of groups of them, rounded up. By Cauchy and Schwarz the
//! product of two rows is at most the product of the heads and that of the groups' lengths, group by group. This is kept
//! twice: with few coefficients for all rows, and with more for those that the few do not rule out.
//!
//! A query that was not measured everywhere where a row was makes the row's length depend on the pair. It is then bounded
//! from below by what lies in whole stretches of points that both have, from sums up to every 32nd point: a sum of squares,
//! about its own mean or not, never falls when points are added.

use probity_kernels::{CURVE_GROUP, CURVE_ROW_LIMIT};

use super::curve_row::{CurveRow, CurveScore, CurveSums, LARGEST_OFFSET, points_of};
use super::curve_transform::CurveTransform;
use crate::stored::{Columns, Stored, put_bytes, put_f64s, put_items, put_number, put_u16s, put_u32s};

/// Rows of a chunk.
pub(crate) const CURVE_CHUNK_ROWS: usize = 32_768;

/// Groups of coefficients of which only the lengths are kept.
pub(super) const TAILS: usize = CURVE_GROUP;

/// Points of a stretch, at whose ends sums are kept.
pub(super) const STRETCH: usize = 32;

/// How many sets of measured points a chunk tells apart; rows of further ones are scored.
const CLASSES: usize = 256;

/// A row of which nothing is known.
pub(super) const UNKNOWN: u16 = u16::MAX;

/// A row that cannot be compared.
pub(super) const NOTHING: u16 = u16::MAX - 1;

/// How many coefficients may be kept; the fewest that leave little of the curves.
const HEADS: [usize; 9] = [64, 96, 128, 192, 256, 384, 512, 768, 1_024];

/// What the few and the more coefficients may leave of curves of length 1 on average, as a square.
const LEFT: [f64; 2] = [0.19, 0.01];

/// The largest number of 8 bits with a sign.
pub(super) const LARGEST: f64 = 127.0;

/// What the rows of an index have in common.
#[derive(Debug)]
pub(crate) struct CurveIndex {
    pub(super) score: CurveScore,
    /// Of each point, not negative.
    pub(super) weights: Vec<f64>,
    /// How many coefficients are kept, few and more, each a whole number of groups.
    pub(super) heads: [usize; 2],
    pub(super) transform: CurveTransform,
}

/// Consecutive rows.
#[derive(Debug)]
pub(crate) struct CurveChunk {
    /// The measured points of each class, as runs.
    pub(super) classes: Vec<Vec<u32>>,
    /// Of each row its class, or that it has none.
    pub(super) class_of: Vec<u16>,
    /// The heads, few and more.
    pub(super) kept: [KeptHeads; 2],
    /// At the end of each stretch, first of all rows, the sums of values up to there.
    pub(super) firsts: Vec<f32>,
    /// The same of the squares.
    pub(super) seconds: Vec<f32>,
}

/// Heads of rows.
#[derive(Debug, Default)]
pub(super) struct KeptHeads {
    /// What the heads are multiplied by.
    pub(super) scales: Vec<f32>,
    /// The length of what this leaves out, rounded up.
    pub(super) errors: Vec<f32>,
    /// Of each row the heads, then the lengths of the groups, in units of 1 / 127, rounded up.
    pub(super) coefficients: Vec<i8>,
}

impl KeptHeads {
    fn of(rows: usize, heads: usize) -> Self {
        Self {
            scales: vec![0.0; rows],
            errors: vec![0.0; rows],
            coefficients: vec![0; rows * (heads + TAILS)],
        }
    }

    /// Whether these are heads of so many rows.
    fn fits(&self, rows: usize, heads: usize) -> bool {
        self.scales.len() == rows
            && self.errors.len() == rows
            && self.coefficients.len() == rows * (heads + TAILS)
    }

    fn put(&mut self, number: usize, heads: usize, transformed: &[f64]) {
        let width = heads + TAILS;
        let kept = &transformed[..heads.min(transformed.len())];
        let largest = kept.iter().fold(0.0, |largest: f64, x| largest.max(x.abs()));
        // The scale as it is read again.
        let scale = (largest / LARGEST) as f32;
        let mut error = 0.0;
        let coefficients = &mut self.coefficients[number * width..(number + 1) * width];
        let (of_heads, of_tails) = coefficients.split_at_mut(heads);
        for (head, &exact) in of_heads.iter_mut().zip(kept) {
            let whole =
                if scale > 0.0 { (exact / f64::from(scale)).round().clamp(-LARGEST, LARGEST) } else { 0.0 };
            // Whole and within range.
            *head = whole as i8;
            let off = exact - whole * f64::from(scale);
            error += off * off;
        }
        let ends = tail_ends(kept.len(), transformed.len());
        for (tail, ends) in of_tails.iter_mut().zip(ends.windows(2)) {
            let square: f64 = transformed[ends[0]..ends[1]].iter().map(|x| x * x).sum();
            // No length exceeds that of the row, 1, but by rounding.
            *tail = (square.sqrt() * LARGEST).ceil().min(LARGEST) as i8;
        }
        self.scales[number] = scale;
        self.errors[number] = (error.sqrt() as f32).next_up();
    }
}

/// The first coefficient of each group of those that are not kept, and the one behind the last.
pub(super) fn tail_ends(heads: usize, length: usize) -> [usize; TAILS + 1] {
    // Equal shares of the coefficients: what is left falls slowly.
    std::array::from_fn(|group| heads + (length - heads) * group / TAILS)
}

/// The number of places where sums are kept.
pub(super) fn stretches(points: usize) -> usize {
    points / STRETCH + 1
}

impl CurveIndex {
    /// An index for rows of which some are given. `weights` are those of all points, in any unit.
    pub(crate) fn of(score: CurveScore, weights: Vec<f64>, some: &[CurveRow]) -> Self {
        let transform = CurveTransform::of(weights.len());
        let mut index = Self { score, weights, heads: [0; 2], transform };
        let of_some: Vec<Vec<f64>> = some.iter().filter_map(|row| Some(index.unit(row)?.1)).collect();
        let leaves = |heads: usize| {
            let tail = |all: &Vec<f64>| all.iter().skip(heads).map(|x| x * x).sum::<f64>();
            of_some.iter().map(tail).sum::<f64>() / of_some.len().max(1) as f64
        };
        let most = index.transform.len().next_multiple_of(CURVE_GROUP).min(CURVE_ROW_LIMIT);
        let fits = HEADS.into_iter().filter(|&heads| heads < most);
        index.heads = LEFT.map(|left| {
            let enough = fits.clone().find(|&heads| leaves(heads) <= left);
            enough.or(fits.clone().next_back()).unwrap_or(most)
        });
        index
    }

    /// The score that is bounded.
    pub(crate) fn score(&self) -> CurveScore {
        self.score
    }

    /// The number of points of a row.
    pub(crate) fn points(&self) -> usize {
        self.weights.len()
    }

    /// The values less their mean, over their length, and the transform of these; `None` where nothing can be concluded.
    fn unit(&self, row: &CurveRow) -> Option<(Vec<f64>, Vec<f64>)> {
        let mut sums = CurveSums::default();
        points_of(&row.runs).for_each(|point| sums.add(self.weights[point], row.values[point]));
        let mean = if self.score.is_centred { sums.mean() } else { 0.0 };
        let square: f64 = points_of(&row.runs)
            .map(|point| self.weights[point] * (row.values[point] - mean) * (row.values[point] - mean))
            .sum();
        let length = square.sqrt();
        let is_plain = length > 0.0
            && length.is_finite()
            && square.is_normal()
            && mean.abs() * sums.weight.sqrt() <= LARGEST_OFFSET * length;
        let mut values = vec![0.0; self.weights.len()];
        let mut weighted = values.clone();
        for point in points_of(&row.runs) {
            values[point] = (row.values[point] - mean) / length;
            weighted[point] = self.weights[point].sqrt() * values[point];
        }
        is_plain.then(|| (values, self.transform.coefficients(&weighted)))
    }

    /// The rows of a chunk; `None` for a row that cannot be compared.
    pub(crate) fn chunk(&self, rows: &[Option<CurveRow>]) -> CurveChunk {
        let places = stretches(self.points());
        let mut chunk = CurveChunk {
            classes: Vec::new(),
            class_of: vec![NOTHING; rows.len()],
            kept: self.heads.map(|heads| KeptHeads::of(rows.len(), heads)),
            firsts: vec![0.0; rows.len() * places],
            seconds: vec![0.0; rows.len() * places],
        };
        for (number, row) in rows.iter().enumerate() {
            let Some(row) = row else { continue };
            chunk.class_of[number] = UNKNOWN;
            let Some((values, transformed)) = self.unit(row) else { continue };
            let known = chunk.classes.iter().position(|runs| *runs == row.runs);
            let class = known.unwrap_or(chunk.classes.len());
            if class == chunk.classes.len() {
                if class == CLASSES {
                    continue;
                }
                chunk.classes.push(row.runs.clone());
            }
            // Below 256.
            chunk.class_of[number] = class as u16;
            for (kept, heads) in chunk.kept.iter_mut().zip(self.heads) {
                kept.put(number, heads, &transformed);
            }
            let mut sums = CurveSums::default();
            for (point, value) in values.iter().enumerate() {
                // Points that were not measured have value 0.
                sums.add(self.weights[point], *value);
                if (point + 1) % STRETCH == 0 {
                    let place = (point + 1) / STRETCH * rows.len() + number;
                    chunk.firsts[place] = sums.first as f32;
                    chunk.seconds[place] = sums.second as f32;
                }
            }
        }
        chunk
    }

    /// A chunk as it was stored; `None` if the bytes contradict each other.
    pub(crate) fn stored_chunk(&self, bytes: &[u8]) -> Option<CurveChunk> {
        let chunk = CurveChunk::read_whole(bytes)?;
        let rows = chunk.class_of.len();
        let classes = chunk.classes.len();
        let fits = rows <= CURVE_CHUNK_ROWS
            && chunk.kept.iter().zip(self.heads).all(|(kept, heads)| kept.fits(rows, heads))
            && chunk.firsts.len() == rows * stretches(self.points())
            && chunk.class_of.iter().all(|&class| class >= NOTHING || usize::from(class) < classes)
            && chunk.classes.iter().flatten().all(|&end| end as usize <= self.points());
        fits.then_some(chunk)
    }
}

impl Stored for CurveIndex {
    fn write(&self, bytes: &mut Vec<u8>) {
        put_number(bytes, usize::from(self.score.is_centred));
        put_number(bytes, usize::from(self.score.is_squared));
        self.heads.iter().for_each(|&heads| put_number(bytes, heads));
        put_f64s(bytes, &self.weights);
    }

    fn read(columns: &mut Columns<'_>) -> Option<Self> {
        let mut flag = || columns.number().filter(|&flag| flag < 2).map(|flag| flag == 1);
        let score = CurveScore { is_centred: flag()?, is_squared: flag()? };
        let heads = [columns.number()?, columns.number()?];
        let weights = columns.f64s()?;
        let transform = CurveTransform::of(weights.len());
        let most = transform.len().next_multiple_of(CURVE_GROUP).min(CURVE_ROW_LIMIT);
        let is_sound =
            |heads: &usize| heads.is_multiple_of(CURVE_GROUP) && (CURVE_GROUP..=most).contains(heads);
        let fits =
            heads.iter().all(is_sound) && weights.iter().all(|weight| *weight >= 0.0 && weight.is_finite());
        fits.then_some(Self { score, weights, heads, transform })
    }
}

impl Stored for CurveChunk {
    fn write(&self, bytes: &mut Vec<u8>) {
        put_number(bytes, self.classes.len());
        self.classes.iter().for_each(|runs| put_u32s(bytes, runs));
        put_u16s(bytes, &self.class_of);
        for kept in &self.kept {
            put_f32s(bytes, &kept.scales);
            put_f32s(bytes, &kept.errors);
            let coefficients: Vec<u8> =
                kept.coefficients.iter().map(|number| number.cast_unsigned()).collect();
            put_bytes(bytes, &coefficients);
        }
        put_f32s(bytes, &self.firsts);
        put_f32s(bytes, &self.seconds);
    }

    fn read(columns: &mut Columns<'_>) -> Option<Self> {
        let count = columns.number().filter(|&count| count <= CLASSES)?;
        let mut classes = Vec::with_capacity(count);
        for _ in 0..count {
            let runs = columns.u32s()?;
            classes.push(runs.is_sorted_by(|a, b| a < b).then_some(runs).filter(|runs| runs.len() % 2 == 0)?);
        }
        let class_of = columns.u16s()?;
        let mut kept = || -> Option<KeptHeads> {
            let (scales, errors) = (read_f32s(columns)?, read_f32s(columns)?);
            let coefficients = columns.bytes()?.into_iter().map(u8::cast_signed).collect();
            Some(KeptHeads { scales, errors, coefficients })
        };
        let kept = [kept()?, kept()?];
        let (firsts, seconds) = (read_f32s(columns)?, read_f32s(columns)?);
        (firsts.len() == seconds.len()).then_some(Self { classes, class_of, kept, firsts, seconds })
    }
}

fn put_f32s(bytes: &mut Vec<u8>, column: &[f32]) {
    put_items(bytes, column.iter().map(|number| number.to_le_bytes()));
}

/// `None` for what is not finite.
fn read_f32s(columns: &mut Columns<'_>) -> Option<Vec<f32>> {
    let column: Vec<f32> = columns.items()?.iter().map(|item| f32::from_le_bytes(*item)).collect();
    column.iter().all(|number| number.is_finite()).then_some(column)
}
