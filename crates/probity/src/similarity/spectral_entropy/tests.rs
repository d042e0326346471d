//! Golden vectors and laws of the entropy similarity.

use proptest::prelude::*;
use serde_json::Value;

use super::*;
use crate::preprocess::ms::tests::{assert_close, floats, golden, pairs};

fn list(peaks: &[(f64, f64)]) -> PeakList {
    let (mz, intensity) = peaks.iter().copied().unzip();
    PeakList::try_new(mz, intensity).unwrap()
}

fn cleaned(peaks: &PeakList, merge_within: MassTolerance) -> PeakList {
    entropy_cleaning(merge_within).unwrap().apply(peaks, None).unwrap().accepted().unwrap()
}

fn twice(tolerance: MassTolerance) -> MassTolerance {
    match tolerance {
        MassTolerance::Da(da) => MassTolerance::Da(2.0 * da),
        MassTolerance::Ppm(ppm) => MassTolerance::Ppm(2.0 * ppm),
    }
}

/// The entropy there is of the first spectrum cleaned at 0.04 Da, also where the tolerance is in ppm.
#[test]
fn entropy_and_similarity_equal_the_golden_vectors() {
    let file = golden("ms_entropy_similarity");
    let cases = file["cases"].as_array().unwrap();
    let mut compared = 0;
    for case in cases {
        let (a, b) = (pairs(&case["input"]["a"]), pairs(&case["input"]["b"]));
        let tolerance = match case["params"]["ms2_tolerance_in_ppm"].as_f64() {
            Some(ppm) => MassTolerance::Ppm(ppm),
            None => MassTolerance::Da(case["params"]["ms2_tolerance_in_da"].as_f64().unwrap()),
        };
        let (clean_a, clean_b) = (cleaned(&a, twice(tolerance)), cleaned(&b, twice(tolerance)));
        let expected = &case["expected"];
        for (name, weighted) in [("weighted", true), ("unweighted", false)] {
            let options = EntropyOptions { tolerance, weighted };
            let got = entropy_similarity(&clean_a, &clean_b, &options).unwrap().similarity;
            match expected[format!("{name}_f64")].as_f64() {
                Some(f64_reference) => assert_close(&[got], &[f64_reference], 1e-12, 0.0),
                // Only the oracle in f32 is given, and the spectra are identical.
                None => assert_close(&[got], &[1.0], 1e-12, 0.0),
            }
            assert_close(&[got], &[expected[name].as_f64().unwrap()], 5e-5, 2e-6);
            compared += 1;
        }
        if let Some(entropy) = expected["entropy_a_f64"].as_f64() {
            assert_close(&[spectral_entropy(&cleaned(&a, MassTolerance::Da(0.04)))], &[entropy], 1e-12, 0.0);
            compared += 1;
        }
    }
    assert_eq!((cases.len(), compared), (15, 44));
}

/// All searches of `FlashEntropySearch` (in f32) over its 30 spectra, scored pair by pair.
#[test]
fn searches_equal_the_golden_vectors() {
    let file = golden("ms_flash_entropy_search");
    let cases = file["cases"].as_array().unwrap();
    let library = cases[0]["input"]["library"].as_array().unwrap();
    let prepare = |peaks: &Value, precursor_mz: f64| {
        let mut steps = vec![Step::RemovePeaksAbovePrecursor { offset: -1.6 }];
        steps.extend_from_slice(entropy_cleaning(MassTolerance::Da(0.05)).unwrap().steps());
        let recipe = Recipe::try_new(steps).unwrap();
        recipe.apply(&pairs(peaks), Some(precursor_mz)).unwrap().accepted().unwrap()
    };
    let options = EntropyOptions::default();
    let mut similar = [0, 0, 0, 0];
    for case in cases {
        let query_precursor = case["input"]["query_precursor_mz"].as_f64().unwrap();
        let query = prepare(&case["input"]["query"], query_precursor);
        for (position, index) in floats(&case["expected"]["library_order"]).into_iter().enumerate() {
            let entry = library.iter().zip(0_u32..).find(|&(_, i)| f64::from(i) == index).unwrap().0;
            let precursor = entry["precursor_mz"].as_f64().unwrap();
            let peaks = prepare(&entry["peaks"], precursor);
            let open = entropy_similarity(&query, &peaks, &options).unwrap();
            let loss = neutral_loss_entropy_similarity(&query, query_precursor, &peaks, precursor, &options)
                .unwrap();
            let hybrid =
                hybrid_entropy_similarity(&query, query_precursor, &peaks, precursor, &options).unwrap();
            let same_precursor = (query_precursor - precursor).abs() <= 0.01;
            let identity = if same_precursor { open.similarity } else { 0.0 };
            for (search, (name, got)) in [
                ("identity_search", identity),
                ("open_search", open.similarity),
                ("neutral_loss_search", loss.similarity),
                ("hybrid_search", hybrid.similarity),
            ]
            .into_iter()
            .enumerate()
            {
                let expected = case["expected"][name][position].as_f64().unwrap();
                assert_close(&[got], &[expected], 5e-5, 5e-6);
                similar[search] += usize::from(expected > 0.0);
            }
        }
    }
    // What the file can show: two identities, and no neutral loss beyond them.
    assert_eq!(similar, [2, 44, 2, 44]);
}

/// The pair in the README of `ms_entropy` 1.5.3, with its entropies.
#[test]
fn the_worked_pair_comes_out() {
    let tolerance = MassTolerance::Da(0.05);
    let a = list(&[(69.071, 7.917962), (86.066, 1.021589), (86.0969, 100.0)]);
    let b = list(&[(41.04, 37.16), (69.07, 66.83), (86.1, 999.0)]);
    let (a, b) = (cleaned(&a, twice(tolerance)), cleaned(&b, twice(tolerance)));
    let weighted = entropy_similarity(&a, &b, &EntropyOptions { tolerance, weighted: true }).unwrap();
    let unweighted = entropy_similarity(&a, &b, &EntropyOptions { tolerance, weighted: false }).unwrap();
    assert_close(&[weighted.similarity, unweighted.similarity], &[0.898440, 0.982667], 0.0, 1e-6);
    assert_close(&[spectral_entropy(&a), spectral_entropy(&b)], &[0.260522, 0.373789], 0.0, 1e-6);
    assert_eq!((weighted.matched_peaks, weighted.pairs[0].second), (2, 1));
}

/// n equal peaks have entropy ln n; from 21 on (ln 21 = 3.04) weights stay as they are.
#[test]
fn equal_peaks_have_the_entropy_of_their_number() {
    for count in [1_u32, 2, 20, 21, 1000] {
        let peaks = list(&(1..=count).map(|mz| (f64::from(mz), 7.0)).collect::<Vec<_>>());
        assert_close(&[spectral_entropy(&peaks)], &[math::ln(f64::from(count))], 1e-12, 1e-15);
        let share = 1.0 / f64::from(count);
        let weights = entropy_weights(&peaks);
        assert!(weights.iter().all(|w| (w - share).abs() <= 1e-12 * share));
    }
}

/// Two peaks of 3:1: S = −¾ ln ¾ − ¼ ln ¼ = 0.562335, power 0.390584, weights 1 : 3^−0.390584.
#[test]
fn weights_flatten_a_spectrum_of_low_entropy() {
    let weights = entropy_weights(&list(&[(50.0, 3.0), (60.0, 1.0), (70.0, 0.0)]));
    // 3^0.3905838 = 1.5358748; 1.5358748 / 2.5358748 = 0.6056588.
    assert_close(&weights, &[0.605_658_8, 0.394_341_2, 0.0], 0.0, 1e-7);
}

#[test]
fn a_peak_with_a_partner_of_its_own_mass_is_not_matched_by_loss() {
    // Precursors differ by 14: 100 matches 100, and must not also be 114; 150 matches 164 by loss.
    let a = list(&[(100.0, 1.0), (150.0, 1.0)]);
    let b = list(&[(100.0, 1.0), (114.0, 1.0), (164.0, 1.0)]);
    let options = EntropyOptions { weighted: false, ..EntropyOptions::default() };
    let pair = |first, second| PeakPair { first, second };
    let hybrid = hybrid_entropy_similarity(&a, 200.0, &b, 214.0, &options).unwrap();
    assert_eq!(hybrid.pairs, [pair(0, 0), pair(1, 2)]);
    let loss = neutral_loss_entropy_similarity(&a, 200.0, &b, 214.0, &options).unwrap();
    assert_eq!(loss.pairs, [pair(0, 1), pair(1, 2)]);
    assert_eq!(entropy_similarity(&a, &b, &options).unwrap().pairs, [pair(0, 0)]);
    assert!(hybrid_entropy_similarity(&a, f64::NAN, &b, 214.0, &options).is_err());
    let unclear = EntropyOptions { tolerance: MassTolerance::Ppm(-1.0), weighted: true };
    assert!(entropy_similarity(&a, &b, &unclear).is_err());
}

#[test]
fn nothing_zeros_and_extreme_intensities_give_numbers() {
    let options = EntropyOptions::default();
    let one = list(&[(77.0, 5.0)]);
    let zeros = list(&[(77.0, 0.0), (91.0, 0.0)]);
    for empty in [&PeakList::default(), &zeros] {
        assert_eq!(spectral_entropy(empty), 0.0);
        assert_eq!(entropy_similarity(empty, &one, &options).unwrap(), EntropyScore::default());
        assert_eq!(
            hybrid_entropy_similarity(empty, 90.0, empty, 91.0, &options).unwrap(),
            EntropyScore::default()
        );
    }
    assert_eq!(entropy_similarity(&one, &one, &options).unwrap().similarity, 1.0);
    let huge = list(&[(41.0, f64::MAX), (77.0, f64::MAX)]);
    let faint = list(&[(41.0, 5e-324), (77.0, 5e-324)]);
    assert_close(&[entropy_similarity(&huge, &faint, &options).unwrap().similarity], &[1.0], 1e-12, 0.0);
}

#[test]
fn a_hundred_thousand_peaks_are_scored() {
    let peaks: Vec<(f64, f64)> = (0..100_000_u32).map(|i| (50.0 + f64::from(i) * 0.05, 1.0)).collect();
    let large = list(&peaks);
    for weighted in [true, false] {
        let options = EntropyOptions { weighted, ..EntropyOptions::default() };
        let score = hybrid_entropy_similarity(&large, 900.0, &large, 914.0, &options).unwrap();
        assert_eq!(score.matched_peaks, 100_000);
        // Adding 100,000 equal terms can lose half a last digit each: 10⁵ · 10⁻¹⁶.
        assert!((score.similarity - 1.0).abs() <= 1e-11);
    }
}

/// Cleaned spectra: peaks more than 0.04 apart, a few without intensity.
fn spectra() -> impl Strategy<Value = PeakList> {
    let intensity = prop_oneof![9 => 0.001..1000.0_f64, 1 => Just(0.0)];
    prop::collection::btree_map(500..700_u16, (0.0..0.05_f64, intensity), 1..40).prop_map(|map| {
        list(&map.into_iter().map(|(mz, (more, i))| (f64::from(mz) / 10.0 + more, i)).collect::<Vec<_>>())
    })
}

proptest! {
    #[test]
    fn laws_of_the_similarity(
        a in spectra(), b in spectra(), weighted in any::<bool>(), factor in 1e-6..1e6_f64,
    ) {
        let options = EntropyOptions { weighted, ..EntropyOptions::default() };
        let own = entropy_similarity(&a, &a, &options).unwrap().similarity;
        let expected = if a.total_ion_current() > 0.0 { 1.0 } else { 0.0 };
        prop_assert!((own - expected).abs() <= 1e-12, "self {own}");
        let there = entropy_similarity(&a, &b, &options).unwrap();
        let back = entropy_similarity(&b, &a, &options).unwrap();
        prop_assert!((0.0..=1.0).contains(&there.similarity) && there.similarity <= own + 1e-12);
        prop_assert!((there.similarity - back.similarity).abs() <= 1e-12, "symmetry");
        prop_assert_eq!(there.matched_peaks, back.matched_peaks);
        let scaled = a.intensity().iter().map(|intensity| intensity * factor).collect();
        let scaled = PeakList::try_new(a.mz().to_vec(), scaled).unwrap();
        let after = entropy_similarity(&scaled, &b, &options).unwrap().similarity;
        prop_assert!((there.similarity - after).abs() <= 1e-12, "scale");
        let mut reversed: Vec<(f64, f64)> = a.iter().map(|peak| (peak.mz, peak.intensity)).collect();
        reversed.reverse();
        prop_assert_eq!(&entropy_similarity(&list(&reversed), &b, &options).unwrap(), &there);
        let hybrid = hybrid_entropy_similarity(&a, 80.0, &b, 81.0, &options).unwrap();
        prop_assert!(hybrid.similarity >= there.similarity - 1e-12, "hybrid");
        prop_assert!(hybrid.matched_peaks >= there.matched_peaks);
    }

    /// Entropy lies between 0 and the logarithm of the number of peaks.
    #[test]
    fn entropy_is_bounded(a in spectra()) {
        let peaks = crate::preprocess::ms::remove_zero_intensities(&a);
        let entropy = spectral_entropy(&a);
        prop_assert!(entropy >= 0.0);
        if !peaks.is_empty() {
            let count = u16::try_from(peaks.len()).unwrap();
            prop_assert!(entropy <= math::ln(f64::from(count)) + 1e-12);
        }
    }
}
