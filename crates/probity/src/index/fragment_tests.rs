//! The index of accurate mass against the reference scorers.

use std::ops::Range;

use probity_kernels::InstructionSet;
use proptest::prelude::*;

use super::{
    FragmentBlock, FragmentColumns, FragmentIndex, FragmentRow, FragmentSearch, Judge, PairScore, Pairing,
    propose_rows, put_fragment_peaks,
};
use crate::error::{Error, Result};
use crate::similarity::cosine::{CosineOptions, cosine_greedy, cosine_optimal, norm_shares};
use crate::similarity::modified_cosine::{modified_cosine_greedy, modified_cosine_optimal};
use crate::similarity::neutral_loss_cosine::{neutral_loss_cosine, peaks_below};
use crate::similarity::spectral_entropy::{
    EntropyOptions, entropy_similarity, entropy_weights, hybrid_entropy_similarity,
    neutral_loss_entropy_similarity,
};
use crate::spectrum::PeakList;
use crate::units::MassTolerance;

/// A spectrum with its precursor's m/z.
type Spectrum = (PeakList, f64);

/// The reference scorers that the index can bound.
#[derive(Debug, Clone, Copy)]
enum Scorer {
    CosineGreedy,
    CosineOptimal,
    ModifiedGreedy,
    ModifiedOptimal,
    NeutralLoss,
    Entropy,
    NeutralLossEntropy,
    HybridEntropy,
}

const SCORERS: [Scorer; 8] = [
    Scorer::CosineGreedy,
    Scorer::CosineOptimal,
    Scorer::ModifiedGreedy,
    Scorer::ModifiedOptimal,
    Scorer::NeutralLoss,
    Scorer::Entropy,
    Scorer::NeutralLossEntropy,
    Scorer::HybridEntropy,
];

impl Scorer {
    fn pair_score(self) -> PairScore {
        match self {
            Self::Entropy | Self::NeutralLossEntropy | Self::HybridEntropy => PairScore::Entropy,
            _ => PairScore::Cosine,
        }
    }

    fn score(self, (a, a_mz): &Spectrum, (b, b_mz): &Spectrum, tolerance: MassTolerance) -> Result<f64> {
        let cosine = CosineOptions { tolerance, ..CosineOptions::default() };
        let entropy = EntropyOptions { tolerance, ..EntropyOptions::default() };
        Ok(match self {
            Self::CosineGreedy => cosine_greedy(a, b, &cosine)?.cosine,
            Self::CosineOptimal => cosine_optimal(a, b, &cosine)?.cosine,
            Self::ModifiedGreedy => modified_cosine_greedy(a, *a_mz, b, *b_mz, &cosine)?.cosine,
            Self::ModifiedOptimal => modified_cosine_optimal(a, *a_mz, b, *b_mz, &cosine)?.cosine,
            Self::NeutralLoss => neutral_loss_cosine(a, *a_mz, b, *b_mz, &cosine)?.cosine,
            Self::Entropy => entropy_similarity(a, b, &entropy)?.similarity,
            Self::NeutralLossEntropy => {
                neutral_loss_entropy_similarity(a, *a_mz, b, *b_mz, &entropy)?.similarity
            }
            Self::HybridEntropy => hybrid_entropy_similarity(a, *a_mz, b, *b_mz, &entropy)?.similarity,
        })
    }

    fn row(self, (peaks, precursor_mz): &Spectrum) -> FragmentRow {
        let pairing = match self {
            Self::CosineGreedy | Self::CosineOptimal | Self::Entropy => Pairing::Mz,
            Self::NeutralLoss | Self::NeutralLossEntropy => Pairing::Loss(*precursor_mz),
            Self::ModifiedGreedy | Self::ModifiedOptimal | Self::HybridEntropy => {
                Pairing::MzOrLoss(*precursor_mz)
            }
        };
        let peaks = match self {
            Self::NeutralLoss => &peaks_below(peaks, *precursor_mz),
            _ => peaks,
        };
        let values = match self.pair_score() {
            PairScore::Cosine => norm_shares(peaks, &CosineOptions::default()),
            PairScore::Entropy => entropy_weights(peaks),
        };
        FragmentRow { peaks: peaks.mz().iter().copied().zip(values).collect(), pairing }
    }
}

/// Keeps the best rows as a search does: score, then row; nothing in common is no hit.
struct TestJudge<'a> {
    scores: &'a [f64],
    wanted: usize,
    /// What the threshold is multiplied by: above 1 as if all bounds were too low.
    raised: f64,
    first: usize,
    best: Vec<(u64, usize)>,
    judged: Vec<usize>,
}

impl<'a> TestJudge<'a> {
    fn new(scores: &'a [f64], wanted: usize, raised: f64) -> Self {
        Self { scores, wanted, raised, first: 0, best: Vec::new(), judged: Vec::new() }
    }
}

impl Judge for TestJudge<'_> {
    fn judge(&mut self, row: usize) -> Result<()> {
        let row = self.first + row;
        assert!(!self.judged.contains(&row), "row {row} is proposed twice");
        self.judged.push(row);
        if self.scores[row] > 0.0 {
            // Bits of numbers above 0 stand in the order of the numbers.
            self.best.push((self.scores[row].to_bits(), row));
            self.best.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
            self.best.truncate(self.wanted);
        }
        Ok(())
    }

    fn threshold(&self) -> f64 {
        let last = self.wanted.checked_sub(1).and_then(|last| self.best.get(last));
        last.map_or(f64::NEG_INFINITY, |last| f64::from_bits(last.0) * self.raised)
    }
}

/// A block in memory with the peaks of its rows.
struct Built {
    bytes: Vec<u8>,
    peaks: Vec<Vec<u8>>,
}

impl Built {
    fn of(index: &FragmentIndex, rows: &[Option<FragmentRow>]) -> Self {
        let peaks = rows.iter().map(|row| {
            let mut bytes = Vec::new();
            row.iter().for_each(|row| put_fragment_peaks(index, row, &mut bytes));
            bytes
        });
        Self { bytes: FragmentBlock::bytes(index, rows), peaks: peaks.collect() }
    }

    fn open(&self) -> FragmentBlock {
        FragmentBlock::open(self, self.bytes.len()).unwrap()
    }
}

impl FragmentColumns for Built {
    fn block(&self, range: Range<usize>) -> Result<&[u8]> {
        self.bytes.get(range).ok_or_else(|| self.contradiction())
    }

    fn peaks(&self, row: usize) -> Result<&[u8]> {
        Ok(&self.peaks[row])
    }

    fn contradiction(&self) -> Error {
        Error::damaged("a contradiction")
    }
}

/// The best rows by the blocks of the index, by the peaks of all rows, and by looking at all. Thresholds are multiplied by
/// `raised`.
fn searched(
    scorer: Scorer,
    library: &[Spectrum],
    query: &Spectrum,
    tolerance: MassTolerance,
    wanted: usize,
    raised: f64,
) -> [Vec<(u64, usize)>; 3] {
    let scores: Vec<f64> =
        library.iter().map(|entry| scorer.score(query, entry, tolerance).unwrap()).collect();
    let rows: Vec<_> = library.iter().map(|entry| Some(scorer.row(entry))).collect();
    let index = FragmentIndex::of(scorer.pair_score());
    let judge = || TestJudge::new(&scores, wanted, raised);
    let [mut blocks, mut peaks, mut all] = [judge(), judge(), judge()];
    (0..library.len()).for_each(|row| all.judge(row).unwrap());
    match index.query(&scorer.row(query), tolerance) {
        Some(query) => {
            let built = Built::of(&index, &rows);
            propose_rows(&query, 0..rows.len(), |row| built.peaks(row), &mut peaks).unwrap();
            let mut search = FragmentSearch::new(&query, wanted, InstructionSet::detected());
            // Blocks of any length will do.
            for rows in rows.chunks(70) {
                let built = Built::of(&index, rows);
                search.propose(&built.open(), &built, &mut blocks).unwrap();
                blocks.first += rows.len();
            }
        }
        None => (blocks.best, peaks.best) = (all.best.clone(), all.best.clone()),
    }
    [blocks.best, peaks.best, all.best]
}

fn list(mut peaks: Vec<(f64, f64)>) -> PeakList {
    peaks.sort_by(|a, b| a.0.total_cmp(&b.0));
    peaks.dedup_by(|a, b| a.0 == b.0);
    let (mz, intensity) = peaks.into_iter().unzip();
    PeakList::try_new(mz, intensity).unwrap()
}

/// Peaks that crowd, so that one may be paired with many, lie at the edges of windows and of buckets, or
/// where nothing is indexed; few different heights, so that scores tie; none at all. Precursors that differ
/// by whole windows, lie below peaks, or where nothing is indexed.
fn any_spectrum() -> impl Strategy<Value = Spectrum> {
    let mz = prop_oneof![
        20 => (0_u32..40).prop_map(|step| 100.0 + 0.01 * f64::from(step)),
        20 => (0_u32..12).prop_map(|step| 100.0 + f64::from(step) / 64.0),
        20 => (0_u32..8).prop_map(|step| 114.0 + 0.01 * f64::from(step)),
        10 => 50.0_f64..500.0,
        1 => Just(0.5),
        1 => Just(4_095.99),
        1 => Just(4_096.0),
    ];
    let height = prop_oneof![Just(0.0), Just(1.0), Just(1.0_f64.next_up()), Just(3.0), 1.0_f64..1_000.0];
    let precursor_mz = prop_oneof![
        10 => Just(300.0),
        10 => Just(314.0),
        10 => (0_u32..8).prop_map(|step| 300.0 + 0.01 * f64::from(step)),
        3 => 100.0_f64..101.0,
        1 => Just(4_096.0),
        1 => Just(1e9),
    ];
    (prop::collection::vec((mz, height), 0..14).prop_map(list), precursor_mz)
}

/// Spectra, many of them more than once.
fn any_library() -> impl Strategy<Value = Vec<Spectrum>> {
    prop::collection::vec((any_spectrum(), 1_usize..4), 0..60)
        .prop_map(|some| some.into_iter().flat_map(|(spectrum, times)| vec![spectrum; times]).collect())
}

fn any_tolerance() -> impl Strategy<Value = MassTolerance> {
    prop_oneof![
        Just(MassTolerance::Da(0.02)),
        Just(MassTolerance::Da(0.01)),
        Just(MassTolerance::Da(0.0)),
        Just(MassTolerance::Da(3.0)),
        Just(MassTolerance::Ppm(5.0)),
        Just(MassTolerance::Ppm(100.0)),
        Just(MassTolerance::Ppm(2e6)),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_best_of_the_index_are_the_best_of_all(
        library in any_library(),
        query in any_spectrum(),
        of_the_library in any::<prop::sample::Index>(),
        from_the_library: bool,
        tolerance in any_tolerance(),
        wanted in prop_oneof![1_usize..6, Just(500)],
    ) {
        let query = if from_the_library && !library.is_empty() { of_the_library.get(&library) } else { &query };
        for scorer in SCORERS {
            let [blocks, peaks, expected] = searched(scorer, &library, query, tolerance, wanted, 1.0);
            prop_assert_eq!(blocks, expected.clone(), "{:?}, blocks", scorer);
            prop_assert_eq!(peaks, expected, "{:?}, peaks", scorer);
        }
    }

    #[test]
    fn no_score_exceeds_its_bound(
        library in any_library(),
        query in any_spectrum(),
        tolerance in any_tolerance(),
    ) {
        for scorer in SCORERS {
            let index = FragmentIndex::of(scorer.pair_score());
            let Some(windows) = index.query(&scorer.row(&query), tolerance) else { continue };
            for entry in &library {
                let mut peaks = Vec::new();
                put_fragment_peaks(&index, &scorer.row(entry), &mut peaks);
                let (bound, score) = (windows.bound(&peaks), scorer.score(&query, entry, tolerance).unwrap());
                prop_assert!(f64::from(bound) >= score, "{scorer:?}: {bound} is below {score}");
            }
        }
    }
}

/// A mutation that must be seen: were a bound only 2⁻²⁰ too low, the first of equal spectra would be lost. A
/// spectrum of one peak has the last level, whose edge is its value, so that the bound has nothing to spare: of
/// a cosine; that of an entropy similarity, which allows for rounding, has one unit of 2⁻¹⁴. The last row, of
/// which nothing is known because of a silent peak or its precursor, is looked at first.
#[test]
fn a_bound_rounded_down_is_noticed() {
    let query = (list(vec![(100.0, 3.0)]), 300.0);
    let by_mz = ((list(vec![(100.0, 7.0)]), 330.0), (list(vec![(100.0, 7.0), (5_000.0, 0.0)]), 330.0));
    let by_loss = ((list(vec![(114.0, 7.0)]), 314.0), (list(vec![(4_000.0, 7.0)]), 4_200.0));
    for scorer in SCORERS {
        let (known, unknown) = match scorer.row(&query).pairing {
            Pairing::Mz => by_mz.clone(),
            Pairing::Loss(_) | Pairing::MzOrLoss(_) => by_loss.clone(),
        };
        let mut library = vec![known; 300];
        library.push(unknown);
        let found = |raised: f64| searched(scorer, &library, &query, MassTolerance::Da(0.02), 1, raised);
        let [blocks, peaks, expected] = found(1.0);
        assert_eq!((&blocks, &peaks, expected[0].1), (&expected, &expected, 0));
        let finest = match scorer.pair_score() {
            PairScore::Cosine => 20,
            PairScore::Entropy => 13,
        };
        for bits in [1, 10, finest] {
            let [blocks, peaks, expected] = found(1.0 + 1.0 / f64::from(1_u32 << bits));
            assert_ne!(blocks, expected, "{scorer:?}: a bound 2^-{bits} too low went unnoticed");
            assert_ne!(peaks, expected, "{scorer:?}: a bound 2^-{bits} too low went unnoticed");
        }
    }
}

#[test]
fn equal_rows_give_equal_postings() {
    let peaks = vec![(100.0, 0.5), (100.0625, 0.5), (250.2, 0.1)];
    let row = || Some(FragmentRow { peaks: peaks.clone(), pairing: Pairing::Mz });
    let index = FragmentIndex::of(PairScore::Cosine);
    let built = Built::of(&index, &[row(), None, row()]);
    assert_eq!(built.peaks[0], built.peaks[2]);
    // Level of 1/2: 255 − 254/12 = 233.8, rounded up 234. 100 is place 102,400.
    assert_eq!(built.peaks[0][..4], (102_400_u32 << 8 | 234).to_le_bytes());
    assert!(built.peaks[1].is_empty());
    // Header, buckets of a m/z unit or so, and six postings of three bytes: rows, then levels.
    let [rows, levels] = [12, 6].map(|length| built.bytes.len() - 6 - if length == 12 { 12 } else { 0 });
    assert_eq!(built.bytes[rows..rows + 12].as_chunks().0, [0, 0, 2, 2, 0, 2].map(u16::to_le_bytes));
    assert_eq!(built.bytes[levels..levels + 4], [234; 4]);
}

#[test]
fn a_block_that_contradicts_itself_is_refused() {
    let index = FragmentIndex::of(PairScore::Cosine);
    let row = Some(FragmentRow { peaks: vec![(100.0, 1.0)], pairing: Pairing::Mz });
    let built = Built::of(&index, &[row]);
    for length in 0..built.bytes.len() {
        let cut = Built { bytes: built.bytes[..length].to_vec(), peaks: built.peaks.clone() };
        assert!(FragmentBlock::open(&cut, length).is_err(), "{length}");
    }
}
