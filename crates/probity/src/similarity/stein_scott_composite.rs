//! The composite of Stein and Scott at unit mass.

use super::peak_weights::WeightedSpectrum;
use super::unit_mass::for_each_row;

/// The composite with the parts that make it.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct CompositeScore {
    /// The composite, 0 to 1.
    pub composite: f64,
    /// Squared cosine of the weighted peaks, 0 to 1.
    pub squared_cosine: f64,
    /// Mean ratio of neighbouring common peaks, 0 to 1.
    pub ratio_term: f64,
    /// Peaks of the query in the range.
    pub query_peaks: u32,
    /// Peaks of both spectra.
    pub common_peaks: u32,
}

/// (N_U · F_D + N_C · F_R) / (N_U + N_C) (Stein and Scott, J Am Soc Mass Spectrom 5:859, 1994) over the m/z
/// from `lowest_mz` on: F_D the squared cosine of the weighted peaks, F_R the mean over neighbouring common
/// peaks of min(r, 1/r) with r = (w_q,i / w_q,i−1) · (w_l,i−1 / w_l,i) of the `ratio` weights (square roots of
/// intensities), N_U the peaks of the query and N_C those of both. The mean divides by N_C − 1, the number of
/// ratios. Without common peaks it is 0. Peaks of weight 0 are none.
///
/// `weighted` and `ratio` are (query, library) with the same m/z.
#[must_use]
pub fn stein_scott_composite(
    weighted: (&WeightedSpectrum, &WeightedSpectrum),
    ratio: (&WeightedSpectrum, &WeightedSpectrum),
    lowest_mz: u32,
) -> CompositeScore {
    let (mut product, mut query_norm, mut library_norm) = (0.0, 0.0, 0.0);
    let (mut query_peaks, mut common_peaks) = (0u32, 0u32);
    let (query, library) = weighted;
    for_each_row((query.mz(), query.weight()), (library.mz(), library.weight()), lowest_mz, |row| {
        product += row.query * row.library;
        query_norm += row.query * row.query;
        library_norm += row.library * row.library;
        query_peaks += u32::from(row.query > 0.0);
        common_peaks += u32::from(row.query > 0.0 && row.library > 0.0);
    });
    if common_peaks == 0 {
        return CompositeScore::default();
    }
    let squared_cosine = product * product / (query_norm * library_norm);
    let ratio_term = mean_ratio(ratio, lowest_mz);
    let (query_count, common_count) = (f64::from(query_peaks), f64::from(common_peaks));
    CompositeScore {
        composite: (query_count * squared_cosine + common_count * ratio_term) / (query_count + common_count),
        squared_cosine,
        ratio_term,
        query_peaks,
        common_peaks,
    }
}

/// Mean of min(r, 1/r) over neighbouring common peaks; 0 with fewer than two.
fn mean_ratio((query, library): (&WeightedSpectrum, &WeightedSpectrum), lowest_mz: u32) -> f64 {
    let (mut sum, mut count) = (0.0, 0u32);
    let mut before: Option<(f64, f64)> = None;
    for_each_row((query.mz(), query.weight()), (library.mz(), library.weight()), lowest_mz, |row| {
        if row.query > 0.0 && row.library > 0.0 {
            if let Some((query_before, library_before)) = before {
                let ratio = (row.query / query_before) * (library_before / row.library);
                sum += ratio.min(1.0 / ratio);
                count += 1;
            }
            before = Some((row.query, row.library));
        }
    });
    if count == 0 { 0.0 } else { sum / f64::from(count) }
}

#[cfg(test)]
pub(super) mod tests {
    use serde_json::Value;

    use super::super::peak_weights::PeakWeights;
    use super::super::unit_mass::UnitMassSpectrum;
    use super::*;
    use crate::spectrum::PeakList;

    /// The binned pairs of the golden file with what is expected of them.
    pub(in crate::similarity) fn golden_pairs() -> Vec<(UnitMassSpectrum, UnitMassSpectrum, Value)> {
        let golden: Value =
            serde_json::from_str(include_str!("../../../../fixtures/golden/ei_unit_mass.json")).unwrap();
        let numbers = |value: &Value| -> Vec<f64> {
            value.as_array().unwrap().iter().map(|number| number.as_f64().unwrap()).collect()
        };
        let side = |expected: &Value, bins: &str, intensities: &str| {
            let peaks = PeakList::try_new(numbers(&expected[bins]), numbers(&expected[intensities])).unwrap();
            UnitMassSpectrum::try_from_peaks(&peaks).unwrap()
        };
        let cases = golden["cases"].as_array().unwrap();
        assert_eq!(cases.len(), 6);
        cases
            .iter()
            .map(|case| {
                let expected = &case["expected"];
                (side(expected, "bins_a", "int_a"), side(expected, "bins_b", "int_b"), expected.clone())
            })
            .collect()
    }

    pub(in crate::similarity) fn weigh(
        spectrum: &UnitMassSpectrum,
        mz_power: f64,
        intensity_power: f64,
    ) -> WeightedSpectrum {
        PeakWeights { mz_power, intensity_power }.weigh(spectrum)
    }

    #[test]
    fn the_composite_is_the_golden_one() {
        for (a, b, expected) in golden_pairs() {
            let score = stein_scott_composite(
                (&weigh(&a, 1.0, 0.5), &weigh(&b, 1.0, 0.5)),
                (&weigh(&a, 0.0, 0.5), &weigh(&b, 0.0, 0.5)),
                0,
            );
            assert_eq!(u64::from(score.common_peaks), expected["n_common"].as_u64().unwrap());
            for (name, found) in [("SR", score.ratio_term), ("composite_m1_i0.5", score.composite)] {
                let expected = expected[name].as_f64().unwrap();
                assert!((found - expected).abs() <= 1e-13 + 1e-11 * expected, "{name}: {found} {expected}");
            }
        }
    }

    #[test]
    fn the_same_spectrum_scores_1_and_nothing_scores_0() {
        let (a, _, _) = golden_pairs().remove(0);
        let (weighted, ratio) = (weigh(&a, 1.0, 0.5), weigh(&a, 0.0, 0.5));
        let score = stein_scott_composite((&weighted, &weighted), (&ratio, &ratio), 0);
        assert!((score.composite - 1.0).abs() < 1e-12);
        let none = stein_scott_composite((&weighted, &weighted), (&ratio, &ratio), u32::MAX);
        assert_eq!(none, CompositeScore::default());
    }
}
