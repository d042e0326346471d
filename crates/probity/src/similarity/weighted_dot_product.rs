//! The weighted dot product of unit-mass spectra: the cosine of vectors with weights mᵃ Iᵇ.

use serde::{Deserialize, Serialize};

use super::common_range::CommonRange;
use super::explanation::{Contribution, Explanation, explain_sum};
use super::remembered_power::remembered_power;
use super::unit_mass::UnitMassColumns;
use crate::error::{Error, Result};
use crate::stored::{Columns, Stored, put_f64s, put_unit_mz};

/// The powers of the weight mᵃ Iᵇ.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct WeightedDotProductOptions {
    /// a, the power of m/z, from 0 to 5.
    pub mz_power: f64,
    /// b, the power of the abundance, from 0 to 5.
    pub intensity_power: f64,
}

impl Default for WeightedDotProductOptions {
    /// m^1.3 I^0.53: the optimum for electron ionization in S. Kim et al., Bioinformatics 2012, 28, 1158.
    fn default() -> Self {
        Self { mz_power: 1.3, intensity_power: 0.53 }
    }
}

impl WeightedDotProductOptions {
    /// Checks the powers.
    ///
    /// # Errors
    /// `InvalidOption` if a power is not a number from 0 to 5.
    pub fn checked(self) -> Result<Self> {
        for (name, power) in [("m/z", self.mz_power), ("intensity", self.intensity_power)] {
            // Up to 5 no sum of squares of weights can overflow.
            if !(0.0..=5.0).contains(&power) {
                return Err(Error::invalid_option(format!(
                    "the power of the {name} in a weighted dot product must lie from 0 to 5, not at {power}"
                )));
            }
        }
        Ok(self)
    }
}

/// A spectrum with its weights, computed once and compared often. Abundances are divided by the
/// largest one, which changes no score. Listed peaks of abundance 0 weigh nothing.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct WeightedSpectrum {
    mz: Vec<u32>,
    abundance: Vec<f64>,
    weight: Vec<f64>,
}

impl WeightedSpectrum {
    /// Weighs a spectrum with options that were checked.
    #[must_use]
    pub fn of(spectrum: UnitMassColumns<'_>, options: WeightedDotProductOptions) -> Self {
        let base = spectrum.abundance().iter().copied().fold(0.0, f64::max);
        let abundance: Vec<f64> =
            spectrum.abundance().iter().map(|&value| if value > 0.0 { value / base } else { 0.0 }).collect();
        let weigh = |(&mz, &abundance): (&u32, &f64)| {
            if abundance > 0.0 {
                remembered_power(f64::from(mz), options.mz_power)
                    * remembered_power(abundance, options.intensity_power)
            } else {
                0.0
            }
        };
        let weight = spectrum.mz().iter().zip(&abundance).map(weigh).collect();
        Self { mz: spectrum.mz().to_vec(), abundance, weight }
    }

    /// All listed m/z, with abundances relative to the largest one.
    pub(crate) fn columns(&self) -> UnitMassColumns<'_> {
        UnitMassColumns::from_checked(&self.mz, &self.abundance)
    }

    /// m/z and weight of the peaks in a range that weigh something, ascending.
    pub(crate) fn weights(&self, range: CommonRange) -> impl Iterator<Item = (u32, f64)> + '_ {
        let positions = range.positions(&self.mz);
        let weights = self.weight[positions.clone()].iter().copied();
        self.mz[positions].iter().copied().zip(weights).filter(|&(_, weight)| weight > 0.0)
    }

    /// The number of peaks with an abundance above 0 in a range.
    pub(crate) fn peaks(&self, range: CommonRange) -> usize {
        self.abundance[range.positions(&self.mz)].iter().filter(|&&abundance| abundance > 0.0).count()
    }
}

impl Stored for WeightedSpectrum {
    fn write(&self, bytes: &mut Vec<u8>) {
        put_unit_mz(bytes, &self.mz);
        put_f64s(bytes, &self.abundance);
        put_f64s(bytes, &self.weight);
    }

    fn read(columns: &mut Columns<'_>) -> Option<Self> {
        let (mz, abundance, weight) = (columns.unit_mz()?, columns.f64s()?, columns.f64s()?);
        let is_number = |values: &[f64]| values.iter().all(|value| value.is_finite() && *value >= 0.0);
        let fits = abundance.len() == mz.len()
            && weight.len() == mz.len()
            && mz.is_sorted_by(|one, next| one < next)
            && is_number(&abundance)
            && is_number(&weight);
        fits.then_some(Self { mz, abundance, weight })
    }
}

/// One common peak of a pair.
#[derive(Debug, Clone, Copy)]
pub(crate) struct CommonPeak {
    pub(crate) mz: u32,
    /// Relative abundance (query, library), base peak 1.
    pub(crate) abundance: (f64, f64),
    /// The product of both weights.
    pub(crate) term: f64,
}

/// Visits the common peaks inside a range, ascending.
#[inline]
pub(crate) fn for_each_common(
    query: &WeightedSpectrum,
    library: &WeightedSpectrum,
    range: CommonRange,
    mut visit: impl FnMut(CommonPeak),
) {
    let (mut query_peaks, mut library_peaks) = (range.positions(&query.mz), range.positions(&library.mz));
    while let (Some(&q), Some(&l)) =
        (query.mz[query_peaks.clone()].first(), library.mz[library_peaks.clone()].first())
    {
        if q == l {
            let (i, j) = (query_peaks.start, library_peaks.start);
            let abundance = (query.abundance[i], library.abundance[j]);
            if abundance.0 > 0.0 && abundance.1 > 0.0 {
                visit(CommonPeak { mz: q, abundance, term: query.weight[i] * library.weight[j] });
            }
        }
        query_peaks.start += usize::from(q <= l);
        library_peaks.start += usize::from(l <= q);
    }
}

/// The dot product of a pair with the sums that enter it.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct DotProduct {
    /// The cosine, from 0 to 1: the square root of `squared_cosine`.
    pub cosine: f64,
    /// (Σ w w′)² / (Σ w² Σ w′²), from 0 to 1: the form of Stein and Scott, and of NIST.
    pub squared_cosine: f64,
    /// The number of common peaks.
    pub common_peaks: usize,
    /// Σ w w′ over common peaks.
    pub product: f64,
    /// Σ w² over the query's peaks in the range.
    pub query_norm_squared: f64,
    /// Σ w² over the library's peaks in the range.
    pub library_norm_squared: f64,
}

/// The weighted dot product inside a range; 0 if nothing is in common.
#[must_use]
pub fn weighted_dot_product(
    query: &WeightedSpectrum,
    library: &WeightedSpectrum,
    range: CommonRange,
) -> DotProduct {
    let norm_squared = |spectrum: &WeightedSpectrum| {
        spectrum.weight[range.positions(&spectrum.mz)].iter().map(|weight| weight * weight).sum::<f64>()
    };
    let mut result = DotProduct {
        query_norm_squared: norm_squared(query),
        library_norm_squared: norm_squared(library),
        ..DotProduct::default()
    };
    for_each_common(query, library, range, |peak| {
        result.product += peak.term;
        result.common_peaks += 1;
    });
    let norms = result.query_norm_squared * result.library_norm_squared;
    if norms > 0.0 {
        // Above 1 by rounding only.
        result.squared_cosine = (result.product * result.product / norms).min(1.0);
        result.cosine = result.squared_cosine.sqrt();
    }
    result
}

/// Why [`weighted_dot_product`] gives its cosine.
#[must_use]
pub fn explain_weighted_dot_product(
    query: &WeightedSpectrum,
    library: &WeightedSpectrum,
    range: CommonRange,
) -> Explanation {
    let result = weighted_dot_product(query, library, range);
    let mut root = Explanation::leaf("weighted cosine: square root of the squared cosine", result.cosine);
    root.children.push(explain_squared_cosine(query, library, range, &result));
    root
}

/// The tree under a squared cosine.
pub(crate) fn explain_squared_cosine(
    query: &WeightedSpectrum,
    library: &WeightedSpectrum,
    range: CommonRange,
    result: &DotProduct,
) -> Explanation {
    let mut common = Vec::with_capacity(result.common_peaks);
    for_each_common(query, library, range, |peak| {
        common.push(Contribution {
            mz: i64::from(peak.mz),
            query: peak.abundance.0,
            library: peak.abundance.1,
            term: peak.term,
        });
    });
    Explanation::leaf(
        "squared cosine: squared product of the weights, divided by both sums of squares",
        result.squared_cosine,
    )
    .with(vec![
        explain_sum(
            &format!("product of the weights over {} common peaks", result.common_peaks),
            result.product,
            common,
        ),
        Explanation::leaf("sum of squared weights of the query", result.query_norm_squared),
        Explanation::leaf("sum of squared weights of the library spectrum", result.library_norm_squared),
    ])
}

#[cfg(test)]
pub(crate) mod tests {
    use proptest::prelude::*;
    use serde_json::Value;

    use super::super::unit_mass::UnitMassSpectrum;
    use super::super::unit_mass::tests::{any_unit_mass_spectrum, times};
    use super::*;

    /// The golden cases: query, library and the expected values, made by an independent program.
    pub(crate) fn golden() -> Vec<(UnitMassSpectrum, UnitMassSpectrum, Value)> {
        let text = include_str!("../../../../fixtures/golden/ei_unit_mass.json");
        let file: Value = serde_json::from_str(text).unwrap();
        let cases = file["cases"].as_array().unwrap();
        assert!(!cases.is_empty());
        cases
            .iter()
            .map(|case| {
                let expected = &case["expected"];
                let spectrum = |mz: &str, abundance: &str| {
                    let mz = serde_json::from_value(expected[mz].clone()).unwrap();
                    let abundance = serde_json::from_value(expected[abundance].clone()).unwrap();
                    UnitMassSpectrum::try_new(mz, abundance).unwrap()
                };
                (spectrum("bins_a", "int_a"), spectrum("bins_b", "int_b"), expected.clone())
            })
            .collect()
    }

    /// The tolerance that the golden file states.
    pub(crate) fn assert_golden(got: f64, expected: &Value) {
        let expected = expected.as_f64().unwrap();
        assert!((got - expected).abs() <= 1e-13 + 1e-11 * expected.abs(), "{got} is not {expected}");
    }

    fn weigh(spectrum: &UnitMassSpectrum) -> WeightedSpectrum {
        WeightedSpectrum::of(spectrum.columns(), WeightedDotProductOptions::default())
    }

    #[test]
    fn golden_squared_cosines_are_met() {
        for (query, library, expected) in golden() {
            for (name, mz_power, intensity_power) in [
                ("SD_m0_i0.5", 0.0, 0.5),
                ("SD_m1_i0.5", 1.0, 0.5),
                ("SD_m3_i0.6", 3.0, 0.6),
                ("SD_m1.3_i0.53", 1.3, 0.53),
            ] {
                let options = WeightedDotProductOptions { mz_power, intensity_power };
                let weigh = |spectrum: &UnitMassSpectrum| WeightedSpectrum::of(spectrum.columns(), options);
                let result = weighted_dot_product(&weigh(&query), &weigh(&library), CommonRange::EVERYTHING);
                assert_golden(result.squared_cosine, &expected[name]);
                assert_eq!(result.common_peaks as u64, expected["n_common"].as_u64().unwrap());
            }
        }
    }

    #[test]
    fn by_hand_with_a_range() {
        // Weights m⁰ I¹: query 40: 3, 50: 4, 60: 9; library 50: 2, 60: 9, range to 50.
        // Query 3·3 + 4·4 = 25 and product 4·2, over 9·9; library 2·2 over 9·9: 8/(5·2) = 0.8.
        let options = WeightedDotProductOptions { mz_power: 0.0, intensity_power: 1.0 };
        let spectrum = |mz: &[u32], abundance: &[f64]| {
            let spectrum = UnitMassSpectrum::try_new(mz.to_vec(), abundance.to_vec()).unwrap();
            WeightedSpectrum::of(spectrum.columns(), options)
        };
        let (query, library) = (spectrum(&[40, 50, 60], &[3.0, 4.0, 9.0]), spectrum(&[50, 60], &[2.0, 9.0]));
        let range = CommonRange { low: 40, high: Some(50) };
        let result = weighted_dot_product(&query, &library, range);
        assert!((result.cosine - 0.8).abs() < 1e-12);
        assert_eq!(result.common_peaks, 1);
        // From 50 on both measured, the one query peak below leaves: 4·2/(4·2) = 1.
        let range = CommonRange { low: 50, high: Some(50) };
        assert!((weighted_dot_product(&query, &library, range).cosine - 1.0).abs() < 1e-12);
    }

    #[test]
    fn empty_spectra_zeros_and_bad_powers_are_defined() {
        let (empty, zeros) =
            (UnitMassSpectrum::default(), UnitMassSpectrum::try_new(vec![41, 43], vec![0.0, 0.0]).unwrap());
        for (a, b) in [(&empty, &empty), (&zeros, &zeros), (&empty, &zeros)] {
            assert_eq!(
                weighted_dot_product(&weigh(a), &weigh(b), CommonRange::EVERYTHING),
                DotProduct::default()
            );
        }
        for power in [f64::NAN, -0.1, 5.1] {
            assert!(WeightedDotProductOptions { mz_power: power, intensity_power: 0.5 }.checked().is_err());
            assert!(WeightedDotProductOptions { mz_power: 1.0, intensity_power: power }.checked().is_err());
        }
        let far = UnitMassSpectrum::try_new(vec![1, u32::MAX], vec![f64::MIN_POSITIVE, f64::MAX]).unwrap();
        let options = WeightedDotProductOptions { mz_power: 5.0, intensity_power: 5.0 };
        let far = WeightedSpectrum::of(far.columns(), options);
        assert_eq!(weighted_dot_product(&far, &far, CommonRange::EVERYTHING).cosine, 1.0);
    }

    proptest! {
        #[test]
        fn it_is_symmetric_in_range_and_does_not_see_scale(
            a in any_unit_mass_spectrum(), b in any_unit_mass_spectrum(), low in 0_u32..60,
        ) {
            let range = CommonRange { low, high: None };
            let score = |a: &UnitMassSpectrum, b: &UnitMassSpectrum| weighted_dot_product(&weigh(a), &weigh(b), range);
            let ab = score(&a, &b);
            prop_assert_eq!(ab.squared_cosine.to_bits(), score(&b, &a).squared_cosine.to_bits());
            prop_assert!((0.0..=1.0).contains(&ab.squared_cosine) && ab.squared_cosine <= ab.cosine);
            prop_assert_eq!(ab, score(&times(&a, 1024.0), &b));
        }

        #[test]
        fn a_spectrum_matches_itself(a in any_unit_mass_spectrum()) {
            prop_assume!(!a.columns().is_empty());
            let score = weighted_dot_product(&weigh(&a), &weigh(&a), CommonRange::EVERYTHING);
            prop_assert_eq!((score.cosine, score.common_peaks), (1.0, a.columns().len()));
        }

        #[test]
        fn an_explanation_has_the_scores_own_value(a in any_unit_mass_spectrum(), b in any_unit_mass_spectrum()) {
            let (a, b) = (weigh(&a), weigh(&b));
            let score = weighted_dot_product(&a, &b, CommonRange::EVERYTHING);
            let tree = explain_weighted_dot_product(&a, &b, CommonRange::EVERYTHING);
            prop_assert_eq!(tree.value.to_bits(), score.cosine.to_bits());
        }
    }
}
