//! Golden vectors of matchms 0.33.1 for the steps, and helpers to read golden files.

use serde_json::Value;

use super::Norm;
use crate::preprocess::{Recipe, Step};
use crate::spectrum::PeakList;

/// A committed golden file.
pub(crate) fn golden(name: &str) -> Value {
    let path = format!("{}/../../fixtures/golden/{name}.json", env!("CARGO_MANIFEST_DIR"));
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

/// An array of numbers.
pub(crate) fn floats(array: &Value) -> Vec<f64> {
    array.as_array().unwrap().iter().map(|x| x.as_f64().unwrap()).collect()
}

/// An array of [m/z, intensity]. Rows that no reader lets through (m/z 0, negative intensity) are left
/// out: one golden case consists of them.
pub(crate) fn pairs(array: &Value) -> PeakList {
    let rows = array.as_array().unwrap().iter().map(floats);
    let rows: Vec<_> = rows.filter(|row| row[0] > 0.0 && row[1] >= 0.0).collect();
    PeakList::try_new(rows.iter().map(|row| row[0]).collect(), rows.iter().map(|row| row[1]).collect())
        .unwrap()
}

/// The pass rule of the golden files: |got − expected| ≤ atol + rtol · |expected|.
pub(crate) fn assert_close(got: &[f64], expected: &[f64], rtol: f64, atol: f64) {
    assert_eq!(got.len(), expected.len(), "{got:?}\nagainst {expected:?}");
    for (got, expected) in got.iter().zip(expected) {
        assert!((got - expected).abs() <= atol + rtol * expected.abs(), "{got} against {expected}");
    }
}

/// The recipe that does what the named filter of matchms does.
fn recipe_of(params: &Value) -> Recipe {
    let number = |name: &str| params[name].as_f64().unwrap();
    let count = |name: &str| usize::try_from(params[name].as_u64().unwrap()).unwrap();
    let steps = match params["filter"].as_str().unwrap() {
        "normalize_intensities" => vec![Step::Normalize { norm: Norm::BasePeak, value: 1.0 }],
        "select_by_mz" => {
            vec![Step::SelectMzRange { first_mz: number("mz_from"), last_mz: number("mz_to") }]
        }
        "select_by_relative_intensity" => {
            vec![Step::SelectRelativeIntensity { fraction: number("intensity_from") }]
        }
        "select_by_intensity" => vec![Step::SelectAbsoluteIntensity {
            minimum: number("intensity_from"),
            maximum: Some(number("intensity_to")),
        }],
        "reduce_to_number_of_peaks" => {
            let mut steps = vec![Step::KeepMostIntense { count: count("n_max") }];
            if !params["n_required"].is_null() {
                steps.insert(0, Step::RequireMinimumNumberOfPeaks { required: count("n_required") });
            }
            steps
        }
        "remove_peaks_around_precursor_mz" => {
            vec![Step::RemovePeaksAroundPrecursor { mz_window: number("mz_tolerance") }]
        }
        "remove_peaks_relative_to_precursor_mz" => {
            vec![Step::RemovePeaksAbovePrecursor { offset: number("offset_to_precursor") }]
        }
        "remove_peaks_outside_top_k" => {
            vec![Step::KeepPeaksNearMostIntense { count: count("k"), mz_window: number("mz_window") }]
        }
        "remove_noise_below_frequent_intensities" => vec![Step::RemoveNoiseBelowFrequentIntensities {
            minimum_count: count("min_count_of_frequent_intensities"),
            multiplier: number("noise_level_multiplier"),
        }],
        "remove_profiled_spectra" => vec![Step::RequireCentroided { mz_window: number("mz_window") }],
        "require_minimum_number_of_high_peaks" => vec![Step::RequireMinimumNumberOfHighPeaks {
            required: count("no_peaks"),
            fraction: number("intensity_percent") / 100.0,
        }],
        "require_minimum_number_of_peaks" => {
            vec![Step::RequireMinimumNumberOfPeaks { required: count("n_required") }]
        }
        "require_maximum_number_of_peaks" => {
            vec![Step::RequireMaximumNumberOfPeaks { allowed: count("maximum_number_of_fragments") }]
        }
        other => panic!("no recipe for {other}"),
    };
    Recipe::try_new(steps).unwrap()
}

#[test]
fn all_filters_equal_matchms() {
    let file = golden("ms_filters");
    let cases = file["cases"].as_array().unwrap();
    let mut rejected = 0;
    for case in cases {
        let input = &case["input"];
        let peaks = PeakList::try_new(floats(&input["mz"]), floats(&input["intensities"])).unwrap();
        let outcome = recipe_of(&case["params"]).apply(&peaks, input["precursor_mz"].as_f64()).unwrap();
        let expected = &case["expected"];
        let Some(kept) = outcome.accepted() else {
            assert!(expected.is_null(), "{} was rejected", case["id"]);
            rejected += 1;
            continue;
        };
        assert!(!expected.is_null(), "{} was not rejected", case["id"]);
        assert_close(kept.mz(), &floats(&expected["mz"]), 1e-12, 1e-13);
        assert_close(kept.intensity(), &floats(&expected["intensities"]), 1e-12, 1e-13);
    }
    assert_eq!((cases.len(), rejected), (70, 6));
}
