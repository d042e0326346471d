//! All-against-all: which of many weighted spectra at unit mass can be nearly equal.
//!
//! Of two vectors of length 1 whose product is at least t, the difference has the squared length
//! |a − b|² = 2 − 2 a·b ≤ 2 − 2t, so no coordinate differs by more than δ = √(2 − 2t). Where b's largest coordinate is, a's
//! lies within δ of it. It also lies within 2δ of a's own largest: b's largest is at least what b has where a's largest is,
//! and that lies within δ of this. So the rows stand in the order of where their largest coordinates are and how large these
//! are, and for a row only those parts of the index are read in which rows that can be near it stand: mostly those that the row
//! before it read. In them the index proposes as in any search.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;

use super::executor::Executor;
use super::library_index::{ComparedRows, FlatParts, RowBounds, flat_parts};
use super::measure::Measure;
use super::prepared::{Compared, WeightedScan};
use crate::error::Result;
use crate::index::{BOUND_SLACK, FlatScore, Judge, propose_reaching};
use crate::progress::Watched;
use crate::similarity::common_range::CommonRange;
use crate::similarity::weighted_dot_product::{WeightedDotProductOptions, WeightedSpectrum};

/// Rows of a part: few, so that little is read of what cannot be near.
const PART_ROWS: usize = 2_048;

/// Room for the rounding of coordinates, many orders above it.
const SLACK: f64 = 1e-9;

/// Spectra in the order of their largest coordinates, and their index.
#[derive(Debug)]
pub(crate) struct RowPairs {
    measure: Measure,
    /// The cosine that makes a pair.
    cosine: f64,
    /// How far a coordinate of one of a pair can be from that of the other.
    delta: f64,
    rows: Vec<Row>,
    /// Rows of a part of the index.
    part_rows: usize,
    index: Option<FlatParts>,
}

#[derive(Debug)]
struct Row {
    /// Its number to whoever gave it.
    number: usize,
    compared: Compared,
    largest: Largest,
}

/// The largest coordinate of a spectrum scaled to length 1.
#[derive(Debug, Clone, Copy)]
struct Largest {
    mz: u32,
    value: f64,
}

struct Rows<'a>(&'a [Row]);

impl ComparedRows for Rows<'_> {
    fn len(&self) -> usize {
        self.0.len()
    }

    fn compared(&self, row: usize) -> Result<Option<Cow<'_, Compared>>> {
        Ok(Some(Cow::Borrowed(&self.0[row].compared)))
    }
}

impl Row {
    fn of(number: usize, spectrum: WeightedSpectrum) -> Self {
        let mut largest = Largest { mz: 0, value: 0.0 };
        for (mz, value) in coordinates(&spectrum) {
            if value > largest.value {
                largest = Largest { mz, value };
            }
        }
        let compared = Compared::Weighted(WeightedScan { spectrum, scan_range_mz: None });
        Self { number, compared, largest }
    }

    fn spectrum(&self) -> &WeightedSpectrum {
        match &self.compared {
            Compared::Weighted(scan) => &scan.spectrum,
            _ => unreachable!("a row is a weighted spectrum"),
        }
    }
}

/// m/z and value of a spectrum scaled to length 1, ascending.
fn coordinates(spectrum: &WeightedSpectrum) -> impl Iterator<Item = (u32, f64)> + '_ {
    let weights = || spectrum.weights(CommonRange::EVERYTHING);
    let norm = weights().map(|(_, weight)| weight * weight).sum::<f64>().sqrt();
    weights().map(move |(mz, weight)| (mz, weight / norm))
}

impl RowPairs {
    /// The spectra, each with a number, for pairs whose cosine over all m/z is at least `cosine`.
    ///
    /// # Errors
    /// As the index.
    pub(crate) fn of(
        spectra: Vec<(usize, WeightedSpectrum)>,
        weights: WeightedDotProductOptions,
        cosine: f64,
        executor: &Executor,
    ) -> Result<Self> {
        Self::in_parts(PART_ROWS, spectra, weights, cosine, executor)
    }

    fn in_parts(
        part_rows: usize,
        spectra: Vec<(usize, WeightedSpectrum)>,
        weights: WeightedDotProductOptions,
        cosine: f64,
        executor: &Executor,
    ) -> Result<Self> {
        let WeightedDotProductOptions { mz_power, intensity_power } = weights;
        let measure = Measure::WeightedCosine { mz_power, intensity_power, common_range: false };
        let rows = spectra.into_iter().map(|(number, spectrum)| Row::of(number, spectrum));
        let mut rows: Vec<Row> = rows.collect();
        rows.sort_by(|a, b| {
            let (one, other) = (a.largest, b.largest);
            one.mz.cmp(&other.mz).then(one.value.total_cmp(&other.value)).then(a.number.cmp(&b.number))
        });
        let nobody = &mut Watched::by_nobody();
        let index = flat_parts((FlatScore::Cosine, part_rows), &measure, &Rows(&rows), executor, nobody)?;
        // The scorer's own rounding may lift a cosine to the threshold.
        let delta = (2.0 - 2.0 * cosine / BOUND_SLACK).max(0.0).sqrt() + SLACK;
        Ok(Self { measure, cosine, delta, rows, part_rows, index })
    }

    /// The number of rows.
    pub(crate) fn len(&self) -> usize {
        self.rows.len()
    }

    /// Number and spectrum of a row.
    pub(crate) fn row(&self, row: usize) -> (usize, &WeightedSpectrum) {
        (self.rows[row].number, self.rows[row].spectrum())
    }

    /// Visits, each once, all rows after a row that can make a pair with it.
    ///
    /// # Errors
    /// As the index.
    pub(crate) fn for_each_later(
        &self,
        row: usize,
        executor: &Executor,
        visit: &mut dyn FnMut(usize),
    ) -> Result<()> {
        let parts = self.parts_near(row);
        if parts.is_empty() {
            return Ok(());
        }
        let indexed = self.index.as_ref().and_then(|index| {
            let query = self.measure.flat_query(&self.rows[row].compared)?;
            Some((index, Arc::new(index.index.query(&query, executor.instructions())?)))
        });
        for part in parts {
            let first = part * self.part_rows;
            let mut later = Later { first, row, threshold: self.cosine, visit: &mut *visit };
            match &indexed {
                Some((FlatParts { chunks, close, .. }, query)) => {
                    let bounds = chunks[part].bounds(None, Arc::clone(query));
                    propose_reaching(&mut RowBounds::Flat(bounds, close, first), &mut later)?;
                }
                None => {
                    let rows = self.part_rows.min(self.len() - first);
                    (0..rows).try_for_each(|row| later.judge(row))?;
                }
            }
        }
        Ok(())
    }

    /// The parts that hold later rows that can be near a row.
    fn parts_near(&self, row: usize) -> BTreeSet<usize> {
        let largest = self.rows[row].largest.value;
        // Without any peak it is near nothing.
        if largest <= 0.0 {
            return BTreeSet::new();
        }
        let least = largest - 2.0 * self.delta;
        // Where the other's largest coordinate is, this row may have none.
        if least <= 0.0 {
            return (row / self.part_rows..self.len().div_ceil(self.part_rows)).collect();
        }
        let near = coordinates(self.rows[row].spectrum()).filter(|(_, value)| *value >= least);
        let ranges = near.map(|(mz, value)| self.rows_with_largest(mz, value));
        let later = ranges.map(|range| range.start.max(row + 1)..range.end).filter(|range| !range.is_empty());
        later.flat_map(|range| range.start / self.part_rows..=(range.end - 1) / self.part_rows).collect()
    }

    /// The rows whose largest coordinates are there, and within δ of a value.
    fn rows_with_largest(&self, mz: u32, value: f64) -> Range<usize> {
        let is_below = |row: &Row, value: f64| (row.largest.mz, row.largest.value) < (mz, value);
        let start = self.rows.partition_point(|row| is_below(row, value - self.delta));
        let end = self.rows.partition_point(|row| is_below(row, value + self.delta));
        start..end
    }
}

/// Passes on what comes after a row.
struct Later<'a> {
    /// The first row of the part.
    first: usize,
    row: usize,
    threshold: f64,
    visit: &'a mut dyn FnMut(usize),
}

impl Judge for Later<'_> {
    fn judge(&mut self, row: usize) -> Result<()> {
        if self.first + row > self.row {
            (self.visit)(self.first + row);
        }
        Ok(())
    }

    fn threshold(&self) -> f64 {
        self.threshold
    }
}

#[cfg(test)]
mod tests;
