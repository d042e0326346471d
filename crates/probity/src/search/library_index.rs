//! The index of one part of a library: which one the measure has, and how it is built, stored and asked.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;

use super::chunks::{Chunks, CloseRows};
use super::executor::Executor;
use super::fragment_blocks::FragmentBlocks;
use super::measure::Measure;
use super::prepared::Compared;
use crate::error::Result;
use crate::index::{
    BLOCK_ROWS, BlockBounds, CHUNK_ROWS, CURVE_CHUNK_ROWS, ChunkBounds, CurveBounds, CurveChunk, CurveIndex,
    CurveQuery, CurveRow, CurveScore, FRAGMENT_BLOCK_ROWS, FlatChunk, FlatIndex, FlatQuery, FlatRow,
    FlatScore, FragmentBlock, FragmentIndex, FragmentQuery, FragmentRow, LevelEdges, PairScore,
    ValueHistogram, edges, histogram, put_close_row, put_fragment_peaks,
};
use crate::library::{IndexContent, IndexFile, Items};
use crate::stored::Stored;
use crate::units::MassTolerance;

/// An index over consecutive rows.
#[derive(Debug)]
pub(super) enum LibraryIndex {
    /// Of spectra at unit mass.
    Flat(FlatIndex, Chunks<FlatChunk>, CloseRows),
    /// Of spectra whose peaks are paired within a tolerance.
    Fragments(FragmentIndex, MassTolerance, FragmentBlocks),
    /// Of infrared spectra.
    Curves(CurveIndex, Chunks<CurveChunk>),
}

/// A query's part in the bounds of all rows of an index.
#[derive(Debug, Clone)]
pub(super) enum RowQuery {
    Flat(Arc<FlatQuery>),
    Curves(Arc<CurveQuery>),
}

/// Bounds of consecutive rows for one query.
#[derive(Debug)]
pub(super) enum RowBounds<'a> {
    /// Of rows from this one on.
    Flat(ChunkBounds<'a>, &'a CloseRows, usize),
    /// Of infrared spectra, of rows from the first of their chunk on.
    Curves(CurveBounds<'a>),
    /// Nothing is known of the rows; one bound for each block of them.
    Unknown(usize, Vec<f32>),
}

/// The rows that an index is built of: `None` where nothing can be compared.
pub(super) trait ComparedRows: Sync {
    /// The number of rows.
    fn len(&self) -> usize;

    /// One of the rows.
    ///
    /// # Errors
    /// `Damaged`.
    fn compared(&self, row: usize) -> Result<Option<Cow<'_, Compared>>>;
}

impl LibraryIndex {
    /// The index of some rows; `None` if the measure has none, or a row has no form that fits it.
    pub(super) fn build(
        measure: &Measure,
        rows: &impl ComparedRows,
        executor: &Executor,
    ) -> Result<Option<Self>> {
        if let Some(score) = measure.flat_score() {
            return flat(score, measure, rows, executor);
        }
        if let Some(score) = measure.curve_score() {
            return curves(score, measure, rows, executor);
        }
        match measure.fragment_score() {
            Some((score, tolerance)) => fragments(score, tolerance, measure, rows, executor),
            None => Ok(None),
        }
    }

    /// The index that a file holds; `None` if it holds none.
    ///
    /// # Errors
    /// `Damaged`.
    pub(super) fn open(measure: &Measure, file: &Arc<IndexFile>) -> Result<Option<Self>> {
        let rows_of_part = match measure {
            _ if measure.flat_score().is_some() => CHUNK_ROWS,
            _ if measure.curve_score().is_some() => CURVE_CHUNK_ROWS,
            _ => FRAGMENT_BLOCK_ROWS,
        };
        let parts = usize::try_from(file.rows()).unwrap_or(usize::MAX).div_ceil(rows_of_part);
        match file.bound_parts()? {
            0 if parts > 0 => return Ok(None),
            found if found == parts => {}
            _ => return Err(file.damaged_bounds(0, "the bounds are not those of all rows")),
        }
        if let Some(score) = measure.flat_score() {
            let edges = LevelEdges::read_whole(file.edges()?);
            let edges = edges.ok_or_else(|| file.damaged_bounds(0, "the bounds have no edges"))?;
            let close = CloseRows::Stored(Arc::clone(file));
            return Ok(Some(Self::Flat(FlatIndex::of(score, edges), Chunks::stored(file)?, close)));
        }
        if let Some(score) = measure.curve_score() {
            let index = CurveIndex::read_whole(file.edges()?).filter(|index| index.score() == score);
            let index =
                index.ok_or_else(|| file.damaged_bounds(0, "the bounds are not those of the measure"))?;
            return Ok(Some(Self::Curves(index, Chunks::stored(file)?)));
        }
        match measure.fragment_score() {
            Some((score, tolerance)) => {
                let blocks = FragmentBlocks::stored(file)?;
                Ok(Some(Self::Fragments(FragmentIndex::of(score), tolerance, blocks)))
            }
            None => Ok(None),
        }
    }

    /// Puts the index into a file.
    ///
    /// # Errors
    /// `Damaged` for an index that was itself stored.
    pub(super) fn store(self, content: &mut IndexContent) -> Result<()> {
        let mut bytes = Vec::new();
        match self {
            Self::Flat(index, chunks, close) => {
                content.close = close.into_items()?;
                index.edges().write(&mut content.edges);
                for number in 0..chunks.len() {
                    bytes.clear();
                    chunks.at(number, |bytes| index.stored_chunk(bytes))?.write(&mut bytes);
                    content.bounds.push(&bytes);
                }
            }
            Self::Curves(index, chunks) => {
                index.write(&mut content.edges);
                for number in 0..chunks.len() {
                    bytes.clear();
                    chunks.at(number, |bytes| index.stored_chunk(bytes))?.write(&mut bytes);
                    content.bounds.push(&bytes);
                }
            }
            Self::Fragments(_, _, blocks) => (content.bounds, content.close) = blocks.into_items()?,
        }
        Ok(())
    }

    /// A query's part in the bounds of all rows; `None` if the index cannot tell for it, so that every row must be scored.
    pub(super) fn row_query(
        &self,
        measure: &Measure,
        query: &Compared,
        executor: &Executor,
    ) -> Option<RowQuery> {
        match self {
            Self::Flat(index, ..) => {
                let query = index.query(&measure.flat_query(query)?, executor.instructions())?;
                Some(RowQuery::Flat(Arc::new(query)))
            }
            Self::Curves(index, _) => {
                let query = index.query(measure.curve_row(query)?, executor.instructions())?;
                Some(RowQuery::Curves(Arc::new(query)))
            }
            Self::Fragments(..) => None,
        }
    }

    /// The same of an index of accurate mass, for which it is the same in all parts of a library.
    pub(super) fn fragment_query(&self, measure: &Measure, query: &Compared) -> Option<FragmentQuery> {
        match self {
            Self::Flat(..) | Self::Curves(..) => None,
            Self::Fragments(index, tolerance, _) => index.query(&measure.fragment_row(query)?, *tolerance),
        }
    }

    /// The blocks of an index of accurate mass.
    pub(super) fn fragment_blocks(&self) -> Option<&FragmentBlocks> {
        match self {
            Self::Flat(..) | Self::Curves(..) => None,
            Self::Fragments(_, _, blocks) => Some(blocks),
        }
    }

    /// For each query the bounds of all rows. Each part of the index is read for all queries before the next.
    ///
    /// # Errors
    /// `Damaged`.
    pub(super) fn bounds(
        &self,
        queries: &[&RowQuery],
        executor: &Executor,
    ) -> Result<Vec<Vec<RowBounds<'_>>>> {
        let parts: Vec<Result<Vec<RowBounds<'_>>>> = match self {
            Self::Flat(index, chunks, close) => {
                let numbers: Vec<usize> = (0..chunks.len()).collect();
                executor.map(&numbers, |&number| {
                    let chunk = chunks.at(number, |bytes| index.stored_chunk(bytes))?;
                    let bounds = |query: &&RowQuery| match query {
                        RowQuery::Flat(query) => {
                            RowBounds::Flat(chunk.bounds(Arc::clone(query)), close, number * CHUNK_ROWS)
                        }
                        RowQuery::Curves(_) => unreachable!("an index gets its own queries"),
                    };
                    Ok(queries.iter().map(bounds).collect())
                })
            }
            Self::Curves(index, chunks) => {
                let numbers: Vec<usize> = (0..chunks.len()).collect();
                executor.map(&numbers, |&number| {
                    let chunk = chunks.at(number, |bytes| index.stored_chunk(bytes))?;
                    let bounds = |query: &&RowQuery| match query {
                        RowQuery::Curves(query) => RowBounds::Curves(chunk.bounds(index, query)),
                        RowQuery::Flat(_) => unreachable!("an index gets its own queries"),
                    };
                    Ok(queries.iter().map(bounds).collect())
                })
            }
            Self::Fragments(..) => Vec::new(),
        };
        let mut bounds: Vec<Vec<_>> = queries.iter().map(|_| Vec::new()).collect();
        for part in parts {
            bounds.iter_mut().zip(part?).for_each(|(bounds, part)| bounds.push(part));
        }
        Ok(bounds)
    }
}

/// Applies `work` to consecutive rows as the index takes them, `size` at a time; `None` if a row has no form
/// that fits.
fn map_rows<R: Send, T: Send>(
    rows: &impl ComparedRows,
    size: usize,
    executor: &Executor,
    row: impl Fn(&Compared) -> Option<R> + Sync,
    work: impl Fn(&[Option<R>]) -> T + Sync,
) -> Result<Option<Vec<T>>> {
    let starts: Vec<usize> = (0..rows.len()).step_by(size).collect();
    let chunk = |range: Range<usize>| -> Result<Option<T>> {
        let mut chunk = Vec::with_capacity(range.len());
        for number in range {
            let compared = rows.compared(number)?;
            let Some(row) = compared.map_or(Some(None), |compared| row(&compared).map(Some)) else {
                return Ok(None);
            };
            chunk.push(row);
        }
        Ok(Some(work(&chunk)))
    };
    let chunks = executor.map(&starts, |&start| chunk(start..rows.len().min(start + size)));
    chunks.into_iter().collect()
}

/// About as many rows say how the values of a library are distributed.
const HISTOGRAM_ROWS: usize = 32_768;

/// One of so many rows.
struct EveryNth<'a, R>(&'a R, usize);

impl<R: ComparedRows> ComparedRows for EveryNth<'_, R> {
    fn len(&self) -> usize {
        self.0.len().div_ceil(self.1)
    }

    fn compared(&self, row: usize) -> Result<Option<Cow<'_, Compared>>> {
        self.0.compared(row * self.1)
    }
}

fn flat(
    score: FlatScore,
    measure: &Measure,
    rows: &impl ComparedRows,
    executor: &Executor,
) -> Result<Option<LibraryIndex>> {
    let row = |compared: &Compared| measure.flat_row(compared);
    // Any edges are safe; those that fit a part of the rows fit all.
    let some = EveryNth(rows, 1 + rows.len() / HISTOGRAM_ROWS);
    let Some(histograms) = map_rows(&some, CHUNK_ROWS, executor, row, histogram)? else { return Ok(None) };
    let mut all = ValueHistogram::default();
    histograms.iter().for_each(|histogram| all.merge(histogram));
    let index = FlatIndex::of(score, edges(score, &all));
    let chunks = map_rows(rows, CHUNK_ROWS, executor, row, |rows| (index.chunk(rows), close_rows(rows)))?;
    Ok(chunks.map(|chunks| {
        let (chunks, close): (Vec<FlatChunk>, Vec<Items>) = chunks.into_iter().unzip();
        let mut items = Items::default();
        close.iter().for_each(|close| items.append(close));
        LibraryIndex::Flat(index, Chunks::Built(chunks), CloseRows::Built(items))
    }))
}

/// The values of some rows for closer bounds.
fn close_rows(rows: &[Option<FlatRow>]) -> Items {
    let (mut items, mut bytes) = (Items::default(), Vec::new());
    for row in rows {
        bytes.clear();
        if let Some(row) = row {
            put_close_row(row, &mut bytes);
        }
        items.push(&bytes);
    }
    items
}

/// How many rows decide how much of each is kept.
const ROWS_THAT_DECIDE: usize = 256;

fn curves(
    score: CurveScore,
    measure: &Measure,
    rows: &impl ComparedRows,
    executor: &Executor,
) -> Result<Option<LibraryIndex>> {
    let (mut some, mut weights) = (Vec::new(), None);
    // Any choice is safe; the same rows give the same one.
    let every = EveryNth(rows, 1 + rows.len() / ROWS_THAT_DECIDE);
    for number in 0..every.len() {
        if let Some(compared) = every.compared(number)? {
            some.extend(measure.curve_row(&compared));
            weights = weights.or_else(|| measure.curve_weights(&compared));
        }
    }
    let Some(weights) = weights else { return Ok(None) };
    let index = CurveIndex::of(score, weights, &some);
    let row = |compared: &Compared| measure.curve_row(compared);
    let points = index.points();
    let chunk = |rows: &[Option<CurveRow>]| {
        // All rows of a recipe have one grid.
        rows.iter().flatten().all(|row| row.values.len() == points).then(|| index.chunk(rows))
    };
    let chunks = map_rows(rows, CURVE_CHUNK_ROWS, executor, row, chunk)?;
    let chunks: Option<Vec<CurveChunk>> = chunks.and_then(|chunks| chunks.into_iter().collect());
    Ok(chunks.map(|chunks| LibraryIndex::Curves(index, Chunks::Built(chunks))))
}

fn fragments(
    score: PairScore,
    tolerance: MassTolerance,
    measure: &Measure,
    rows: &impl ComparedRows,
    executor: &Executor,
) -> Result<Option<LibraryIndex>> {
    let row = |compared: &Compared| measure.fragment_row(compared);
    let index = FragmentIndex::of(score);
    let block = |rows: &[Option<FragmentRow>]| {
        let mut peaks = Items::default();
        let mut bytes = Vec::new();
        for row in rows {
            bytes.clear();
            if let Some(row) = row {
                put_fragment_peaks(&index, row, &mut bytes);
            }
            peaks.push(&bytes);
        }
        (FragmentBlock::bytes(&index, rows), peaks)
    };
    let blocks = map_rows(rows, FRAGMENT_BLOCK_ROWS, executor, row, block)?.map(FragmentBlocks::built);
    Ok(blocks.map(|blocks| LibraryIndex::Fragments(index, tolerance, blocks)))
}

impl BlockBounds for RowBounds<'_> {
    fn rows(&self) -> usize {
        match self {
            Self::Flat(bounds, ..) => bounds.rows(),
            Self::Curves(bounds) => bounds.rows(),
            Self::Unknown(rows, _) => *rows,
        }
    }

    fn blocks(&self) -> &[f32] {
        match self {
            Self::Flat(bounds, ..) => bounds.blocks(),
            Self::Curves(bounds) => bounds.blocks(),
            Self::Unknown(_, blocks) => blocks,
        }
    }

    fn for_each_row(&self, block: usize, threshold: f64, visit: &mut dyn FnMut(usize, f32)) {
        match self {
            Self::Flat(bounds, ..) => bounds.for_each_row(block, threshold, visit),
            Self::Curves(bounds) => bounds.for_each_row(block, threshold, visit),
            Self::Unknown(rows, _) => {
                let block = block * BLOCK_ROWS..rows.min(&((block + 1) * BLOCK_ROWS)).to_owned();
                block.for_each(|row| visit(row, f32::INFINITY));
            }
        }
    }

    fn refine(&mut self, threshold: f64) -> bool {
        match self {
            Self::Flat(bounds, ..) => bounds.refine(threshold),
            Self::Curves(_) | Self::Unknown(..) => false,
        }
    }

    fn closer(&self, row: usize, bound: f32, threshold: f64) -> Result<f32> {
        match self {
            Self::Flat(bounds, close, first) => {
                Ok(bounds.closer(row, close.at(first + row)?, bound, threshold))
            }
            Self::Curves(bounds) => bounds.closer(row, bound, threshold),
            Self::Unknown(..) => Ok(bound),
        }
    }
}

impl RowBounds<'_> {
    /// Bounds of rows of which nothing is known.
    pub(super) fn unknown(rows: usize) -> Self {
        Self::Unknown(rows, vec![f32::INFINITY; rows.div_ceil(BLOCK_ROWS)])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::{Provenance, Record, RecordPlace};
    use crate::search::Method;
    use crate::spectrum::{Acquisition, MassSpectrum, PeakList, Spectrum};
    use crate::substance::{Form, Identity};

    /// Rows in memory.
    struct Prepared(Vec<Option<Compared>>);

    impl ComparedRows for Prepared {
        fn len(&self) -> usize {
            self.0.len()
        }

        fn compared(&self, row: usize) -> Result<Option<Cow<'_, Compared>>> {
            Ok(self.0[row].as_ref().map(Cow::Borrowed))
        }
    }

    /// splitmix64 (Steele, Lea and Flood, OOPSLA 2014).
    fn next(state: &mut u64) -> u64 {
        *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (*state ^ (*state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb) ^ (z >> 31)
    }

    /// Spectra of a few neighbouring m/z with traces and gaps, some nearly alike, some with a stated scan.
    fn records(count: usize, state: &mut u64) -> Vec<Record> {
        let mut records: Vec<Record> = Vec::new();
        for number in 0..count {
            let mut mass = match number % 3 {
                0 => MassSpectrum::default(),
                _ => records[number - 1].spectrum.as_mass().cloned().unwrap_or_default(),
            };
            let (mut mz, mut intensity) = (Vec::new(), Vec::new());
            for place in 40..75 {
                let known = mass.peaks.iter().find(|peak| peak.mz == f64::from(place));
                let height = match (known, next(state) % 8) {
                    (Some(peak), 0..=5) => {
                        (peak.intensity * (0.8 + (next(state) % 5) as f64 / 10.0)).max(1.0)
                    }
                    (None, 0..=4) if number % 3 == 0 => {
                        [1.0, 1.0, 2.0, 30.0, 500.0, 999.0][next(state) as usize % 6]
                    }
                    (None, 0) => 1.0,
                    _ => continue,
                };
                mz.push(f64::from(place));
                intensity.push(height);
            }
            mass.peaks = PeakList::try_new(mz, intensity).unwrap();
            let scan_range_mz =
                [None, None, Some((45.0, 70.0)), Some((35.0, 400.0))][next(state) as usize % 4];
            mass.acquisition = Acquisition { scan_range_mz, ..Acquisition::default() };
            records.push(Record {
                name: format!("{number}"),
                identity: Identity::default(),
                form: Form::default(),
                spectrum: Spectrum::Mass(mass),
                provenance: Provenance::default(),
                other_fields: Vec::new(),
                place: RecordPlace::default(),
            });
        }
        records
    }

    /// How many of the bounds and of the closer bounds, multiplied by a factor, are below what the reference scorer says.
    fn too_low(method: &Method, factors: (f64, f64)) -> (usize, usize) {
        let mut state = 5;
        let executor = Executor::new(1).unwrap();
        let (mut low, mut compared) = (0, 0);
        for _ in 0..20 {
            let records = records(150, &mut state);
            let prepared = records
                .iter()
                .map(|record| method.prepare_record(record).unwrap().map(|prepared| prepared.compared));
            let rows = Prepared(prepared.collect());
            let index = LibraryIndex::build(&method.measure, &rows, &executor).unwrap().unwrap();
            for query in rows.0.iter().flatten().take(40) {
                let Some(asked) = index.row_query(&method.measure, query, &executor) else { continue };
                let mut bounds = index.bounds(&[&asked], &executor).unwrap().remove(0);
                // As they are at first, and refined.
                for _ in 0..2 {
                    let mut first = 0;
                    for part in &bounds {
                        for (block, &of_block) in part.blocks().iter().enumerate() {
                            part.for_each_row(block, f64::NEG_INFINITY, &mut |row, bound| {
                                let Some(library) = &rows.0[first + row] else { return };
                                let key = method.measure.rank_key(query, library).unwrap();
                                let value = key.map_or(0.0, |key| key.first);
                                compared += usize::from(value > 0.0);
                                let closer = part.closer(row, bound, 0.0).unwrap();
                                let is_low = |bound: f32| f64::from(bound) * factors.0 < value;
                                low += usize::from(is_low(bound) || is_low(of_block));
                                low += usize::from(f64::from(closer) * factors.1 < value);
                                assert!(closer <= bound * 1.001 || value == 0.0, "{closer} {bound}");
                            });
                        }
                        first += part.rows();
                    }
                    for part in &mut bounds {
                        assert!(part.refine(f64::NEG_INFINITY));
                    }
                }
            }
        }
        (low, compared)
    }

    /// The mutation test of the bounds of all unit-mass scores: lowered by a tenth, or the closer ones by a
    /// hundredth, some are too low.
    #[test]
    fn bounds_are_never_below_the_reference_scorer() {
        for name in [
            "ei-default",
            "ei-composite",
            "ei-entropy",
            "nist-simple",
            "nist-identity",
            "nist-simple-reverse",
            "nist-identity-reverse",
        ] {
            let method = Method::named(name).unwrap();
            let (low, compared) = too_low(&method, (1.0, 1.0));
            assert_eq!(low, 0, "{name}");
            assert!(compared > 10_000, "{name}: {compared}");
            assert!(too_low(&method, (0.9, 1.0)).0 > 0, "{name}");
            assert!(too_low(&method, (1.0, 0.99)).0 > 100, "{name}");
        }
    }
}
