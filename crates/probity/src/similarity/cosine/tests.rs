//! Golden vectors and laws of the cosine.

use proptest::prelude::*;

use super::*;
use crate::preprocess::ms::tests::{floats, golden};

/// A list of (m/z, intensity).
pub(in crate::similarity) fn list(peaks: &[(f64, f64)]) -> PeakList {
    let (mz, intensity) = peaks.iter().copied().unzip();
    PeakList::try_new(mz, intensity).unwrap()
}

pub(in crate::similarity) fn assert_score(score: &CosineScore, cosine: f64, matched: usize, tolerance: f64) {
    assert!((score.cosine - cosine).abs() <= tolerance, "{} against {cosine}", score.cosine);
    assert_eq!((score.matched_peaks, score.pairs.len()), (matched, matched));
}

/// All golden pairs under all four weightings; fields are named `<kind>_m<mz power>_i<intensity power>`.
pub(in crate::similarity) fn assert_golden(
    kind: &str,
    scorer: impl Fn(&PeakList, f64, &PeakList, f64, &CosineOptions) -> Result<CosineScore>,
) {
    let file = golden("ms_cosine");
    let mut compared = 0;
    for case in file["cases"].as_array().unwrap() {
        let input = &case["input"];
        let a = PeakList::try_new(floats(&input["a_mz"]), floats(&input["a_int"])).unwrap();
        let b = PeakList::try_new(floats(&input["b_mz"]), floats(&input["b_int"])).unwrap();
        let precursor = |name: &str| input[name].as_f64().unwrap();
        for (mz_power, intensity_power) in [(0.0, 1.0), (0.0, 0.5), (1.0, 0.5), (3.0, 0.6)] {
            let tolerance = MassTolerance::Da(case["params"]["tolerance"].as_f64().unwrap());
            let options = CosineOptions { tolerance, mz_power, intensity_power };
            let score = scorer(&a, precursor("a_precursor"), &b, precursor("b_precursor"), &options).unwrap();
            let expected = &case["expected"][format!("{kind}_m{mz_power}_i{intensity_power}")];
            let cosine = expected[0].as_f64().unwrap();
            let matched = usize::try_from(expected[1].as_u64().unwrap()).unwrap();
            assert_score(&score, cosine, matched, 1e-11 + 1e-9 * cosine);
            compared += 1;
        }
    }
    assert_eq!(compared, 48);
}

#[test]
fn greedy_and_optimal_equal_the_golden_vectors() {
    assert_golden("cosine_greedy", |a, _, b, _, options| cosine_greedy(a, b, options));
    assert_golden("cosine_hungarian", |a, _, b, _, options| cosine_optimal(a, b, options));
}

/// The example printed by matchms 0.33.1 for these two spectra.
#[test]
fn the_worked_example_comes_out() {
    let a = list(&[(100.0, 0.7), (150.0, 0.2), (200.0, 0.1), (300.0, 1.0)]);
    let b = list(&[(100.0, 0.4), (164.0, 0.2), (200.0, 0.1), (314.0, 1.0)]);
    assert_score(&cosine_greedy(&a, &b, &CosineOptions::default()).unwrap(), 0.212_444, 2, 1e-6);
    assert_score(&cosine_optimal(&a, &b, &CosineOptions::default()).unwrap(), 0.212_444, 2, 1e-6);
}

#[test]
fn nothing_zeros_and_single_peaks_give_numbers() {
    let options = CosineOptions { intensity_power: 0.0, ..CosineOptions::default() };
    let one = list(&[(77.0, 5.0)]);
    let zeros = list(&[(77.0, 0.0), (91.0, 0.0)]);
    for scorer in [cosine_greedy, cosine_optimal] {
        for empty in [&PeakList::default(), &zeros] {
            assert_eq!(scorer(empty, &one, &options).unwrap(), CosineScore::default());
            assert_eq!(scorer(empty, empty, &options).unwrap(), CosineScore::default());
        }
        assert_score(&scorer(&one, &one, &options).unwrap(), 1.0, 1, 0.0);
    }
}

/// Two peaks at 77 share one partner: only one of them may match. 3/√10 · 1 by hand.
#[test]
fn a_repeated_mz_is_matched_once() {
    let twice = list(&[(77.0, 1.0), (77.0, 3.0)]);
    let once = list(&[(77.0, 2.0)]);
    for scorer in [cosine_greedy, cosine_optimal] {
        let score = scorer(&twice, &once, &CosineOptions::default()).unwrap();
        assert_score(&score, 3.0 / 10.0_f64.sqrt(), 1, 1e-15);
        assert_eq!(score.pairs[0].first, 1);
    }
}

#[test]
fn extreme_intensities_do_not_overflow_or_vanish() {
    let options = CosineOptions { mz_power: 3.0, ..CosineOptions::default() };
    let faint = list(&[(41.0, 3e-320), (77.0, 1e-320)]);
    let huge = list(&[(41.0, 1.5e308), (77.0, 0.5e308)]);
    assert_score(&cosine_greedy(&faint, &faint, &options).unwrap(), 1.0, 2, 1e-12);
    assert_score(&cosine_greedy(&huge, &huge, &options).unwrap(), 1.0, 2, 1e-12);
    // 3e-320 keeps only about three digits.
    assert_score(&cosine_greedy(&faint, &huge, &options).unwrap(), 1.0, 2, 1e-5);
}

#[test]
fn impossible_options_are_errors() {
    let one = list(&[(77.0, 5.0)]);
    for options in [
        CosineOptions { tolerance: MassTolerance::Da(-0.1), ..CosineOptions::default() },
        CosineOptions { mz_power: f64::NAN, ..CosineOptions::default() },
        CosineOptions { intensity_power: -1.0, ..CosineOptions::default() },
    ] {
        assert!(cosine_greedy(&one, &one, &options).is_err());
    }
}

#[test]
fn a_hundred_thousand_peaks_are_scored_or_refused() {
    let mz: Vec<f64> = (0..100_000_u32).map(|i| 50.0 + f64::from(i) * 0.02).collect();
    let intensity = (0..100_000_u32).map(|i| f64::from(i.wrapping_mul(2_654_435_761) >> 20) + 1.0).collect();
    let large = PeakList::try_new(mz, intensity).unwrap();
    let narrow = CosineOptions { tolerance: MassTolerance::Da(0.005), ..CosineOptions::default() };
    assert_score(&cosine_optimal(&large, &large, &narrow).unwrap(), 1.0, 100_000, 1e-12);
    let wide = CosineOptions::default();
    assert!(cosine_greedy(&large, &large, &wide).unwrap().cosine > 0.9);
    let error = cosine_optimal(&large, &large, &wide).unwrap_err();
    assert_eq!(error.kind(), crate::ErrorKind::LimitReached);
}

/// Peaks with a few repeated m/z and zeros.
fn spectra() -> impl Strategy<Value = Vec<(f64, f64)>> {
    let mz = prop_oneof![50.0..70.0_f64, (50..70_u8).prop_map(f64::from)];
    let intensity = prop_oneof![9 => 0.001..1000.0_f64, 1 => Just(0.0)];
    prop::collection::vec((mz, intensity), 1..25)
}

fn options() -> impl Strategy<Value = CosineOptions> {
    (0.0..0.8_f64, 0.0..3.0_f64, 0.3..2.0_f64).prop_map(|(da, mz_power, intensity_power)| CosineOptions {
        tolerance: MassTolerance::Da(da),
        mz_power,
        intensity_power,
    })
}

proptest! {
    #[test]
    fn a_spectrum_is_most_like_itself(a in spectra(), b in spectra(), options in options()) {
        let (a, b) = (list(&a), list(&b));
        let own = cosine_optimal(&a, &a, &options).unwrap().cosine;
        let expected = if a.total_ion_current() > 0.0 { 1.0 } else { 0.0 };
        prop_assert!((own - expected).abs() <= 1e-12, "{own}");
        let other = cosine_optimal(&a, &b, &options).unwrap().cosine;
        prop_assert!((0.0..=1.0).contains(&other));
        prop_assert!(other <= own + 1e-12);
        let greedy = cosine_greedy(&a, &b, &options).unwrap().cosine;
        prop_assert!((0.0..=other + 1e-12).contains(&greedy));
    }

    #[test]
    fn the_optimal_cosine_is_symmetric(a in spectra(), b in spectra(), options in options()) {
        let (a, b) = (list(&a), list(&b));
        let there = cosine_optimal(&a, &b, &options).unwrap().cosine;
        let back = cosine_optimal(&b, &a, &options).unwrap().cosine;
        prop_assert!((there - back).abs() <= 1e-12);
    }

    /// With at most one partner for each peak no products can compete.
    #[test]
    fn the_greedy_cosine_is_symmetric_without_competition(
        a in prop::collection::btree_map(50..90_u8, 0.001..1000.0_f64, 1..30),
        b in prop::collection::btree_map(50..90_u8, 0.001..1000.0_f64, 1..30),
        da in 0.0..0.9_f64,
    ) {
        let whole = |map: std::collections::BTreeMap<u8, f64>| {
            list(&map.into_iter().map(|(mz, intensity)| (f64::from(mz), intensity)).collect::<Vec<_>>())
        };
        let (a, b) = (whole(a), whole(b));
        let options = CosineOptions { tolerance: MassTolerance::Da(da), ..CosineOptions::default() };
        let there = cosine_greedy(&a, &b, &options).unwrap();
        let back = cosine_greedy(&b, &a, &options).unwrap();
        prop_assert_eq!(there.cosine.to_bits(), back.cosine.to_bits());
        prop_assert_eq!(there.matched_peaks, back.matched_peaks);
    }

    #[test]
    fn scale_does_not_matter(a in spectra(), b in spectra(), options in options(), factor in 1e-6..1e6_f64) {
        let scaled: Vec<(f64, f64)> = a.iter().map(|&(mz, intensity)| (mz, intensity * factor)).collect();
        let (a, b, scaled) = (list(&a), list(&b), list(&scaled));
        let before = cosine_optimal(&a, &b, &options).unwrap().cosine;
        let after = cosine_optimal(&scaled, &b, &options).unwrap().cosine;
        prop_assert!((before - after).abs() <= 1e-12);
        let own = cosine_greedy(&a, &scaled, &CosineOptions { tolerance: MassTolerance::Da(0.0), ..options });
        let expected = if a.total_ion_current() > 0.0 { 1.0 } else { 0.0 };
        prop_assert!((own.unwrap().cosine - expected).abs() <= 1e-12);
    }

    /// Of one m/z only one peak: repeats keep the order in which they were published.
    #[test]
    fn the_order_of_input_does_not_matter(
        peaks in prop::collection::vec((50.0..70.0_f64, 0.001..1000.0_f64), 1..25),
        b in spectra(),
        options in options(),
    ) {
        let mut peaks = peaks;
        peaks.sort_by(|x, y| x.0.total_cmp(&y.0));
        peaks.dedup_by(|x, y| x.0 == y.0);
        let ascending = list(&peaks);
        peaks.sort_by(|x, y| x.1.total_cmp(&y.1));
        let (shuffled, b) = (list(&peaks), list(&b));
        for scorer in [cosine_greedy, cosine_optimal] {
            let there = scorer(&ascending, &b, &options).unwrap();
            let back = scorer(&shuffled, &b, &options).unwrap();
            prop_assert_eq!(there.cosine.to_bits(), back.cosine.to_bits());
            prop_assert_eq!(there.pairs, back.pairs);
        }
    }

    #[test]
    fn a_wider_tolerance_never_lowers_the_optimum(
        a in spectra(), b in spectra(), options in options(), more in 0.0..1.0_f64, ppm in any::<bool>(),
    ) {
        let (a, b) = (list(&a), list(&b));
        let MassTolerance::Da(da) = options.tolerance else { unreachable!("the strategy gives Da") };
        let tolerance = |width: f64| if ppm { MassTolerance::Ppm(width * 1e4) } else { MassTolerance::Da(width) };
        let at = |width| CosineOptions { tolerance: tolerance(width), ..options };
        let narrow = cosine_optimal(&a, &b, &at(da)).unwrap().cosine;
        let wide = cosine_optimal(&a, &b, &at(da + more)).unwrap().cosine;
        prop_assert!(wide >= narrow - 1e-12);
    }
}
