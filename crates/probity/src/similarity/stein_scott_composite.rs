//! Stein and Scott's composite of a weighted dot product and the ratios of neighbouring peaks.
//!
//! composite = (N_U F_D + N_C F_R) / (N_U + N_C), where F_D is the squared cosine with weights
//! m I^0.5, N_U the number of peaks of the query and N_C that of common peaks (all in the range), and
//! F_R = 1/(N_C − 1) Σ min(r, 1/r) over consecutive common peaks, r = (I_i I′_{i−1}) / (I_{i−1} I′_i).
//! Source: S. E. Stein and D. R. Scott, J. Am. Soc. Mass Spectrom. 1994, 5, 859, with the mean taken
//! over the ratios that there are. With fewer than two common peaks there is no ratio, and the
//! composite is F_D. NIST's own program weighs the ratios by m/z and breaks them at lone peaks: that
//! is [`super::nist_match_factor::nist_identity`].

use serde::{Deserialize, Serialize};

use super::common_range::CommonRange;
use super::explanation::Explanation;
use super::weighted_dot_product::{
    DotProduct, WeightedDotProductOptions, WeightedSpectrum, explain_squared_cosine, for_each_common,
    weighted_dot_product,
};

/// The weights with which the composite is usually computed: m I^0.5. Give spectra weighed with them
/// to [`stein_scott_composite`], or with others (m³ I^0.6 is the paper's for the dot product alone).
pub const STEIN_SCOTT_WEIGHTS: WeightedDotProductOptions =
    WeightedDotProductOptions { mz_power: 1.0, intensity_power: 0.5 };

/// The composite of a pair with its parts.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct SteinScottComposite {
    /// The composite, from 0 to 1. Not symmetric: the query's number of peaks weighs the dot product.
    pub composite: f64,
    /// F_D is its `squared_cosine`.
    pub dot_product: DotProduct,
    /// F_R, from 0 to 1; 0 with fewer than two common peaks.
    pub ratio: f64,
    /// N_U, the query's peaks in the range.
    pub query_peaks: usize,
}

/// Stein and Scott's composite inside a range; 0 if nothing is in common.
#[must_use]
pub fn stein_scott_composite(
    query: &WeightedSpectrum,
    library: &WeightedSpectrum,
    range: CommonRange,
) -> SteinScottComposite {
    let dot_product = weighted_dot_product(query, library, range);
    let (mut previous, mut ratio_sum) = (None, 0.0);
    for_each_common(query, library, range, |peak| {
        if let Some((query_before, library_before)) = previous {
            let (a, b) = (peak.abundance.0 * library_before, query_before * peak.abundance.1);
            // Products of abundances near the smallest f64 vanish; such a pair tells nothing.
            let larger = f64::max(a, b);
            ratio_sum += if larger > 0.0 { f64::min(a, b) / larger } else { 0.0 };
        }
        previous = Some(peak.abundance);
    });
    let query_peaks = query.peaks(range);
    let mut result =
        SteinScottComposite { composite: dot_product.squared_cosine, dot_product, ratio: 0.0, query_peaks };
    if dot_product.common_peaks >= 2 {
        // Counts of peaks are exact as f64.
        let (n_u, n_c) = (query_peaks as f64, dot_product.common_peaks as f64);
        result.ratio = ratio_sum / (n_c - 1.0);
        result.composite = (n_u * dot_product.squared_cosine + n_c * result.ratio) / (n_u + n_c);
    }
    result
}

/// Why [`stein_scott_composite`] gives its value.
#[must_use]
pub fn explain_stein_scott_composite(
    query: &WeightedSpectrum,
    library: &WeightedSpectrum,
    range: CommonRange,
) -> Explanation {
    let result = stein_scott_composite(query, library, range);
    let common = result.dot_product.common_peaks;
    let description = if common >= 2 {
        format!(
            "Stein and Scott's composite: the squared cosine counts {} times (peaks of the query), the ratio term {common} times (common peaks)",
            result.query_peaks
        )
    } else {
        "Stein and Scott's composite: the squared cosine alone, for want of neighbouring common peaks"
            .to_owned()
    };
    Explanation::leaf(description, result.composite).with(vec![
        explain_squared_cosine(query, library, range, &result.dot_product),
        Explanation::leaf(
            "ratio term: how alike the abundance ratios of neighbouring common peaks are, on average",
            result.ratio,
        ),
    ])
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::unit_mass::UnitMassSpectrum;
    use super::super::unit_mass::tests::{any_unit_mass_spectrum, times};
    use super::super::weighted_dot_product::tests::{assert_golden, golden};
    use super::*;

    fn weigh(spectrum: &UnitMassSpectrum) -> WeightedSpectrum {
        WeightedSpectrum::of(spectrum.columns(), STEIN_SCOTT_WEIGHTS)
    }

    #[test]
    fn golden_composites_are_met() {
        for (query, library, expected) in golden() {
            let result = stein_scott_composite(&weigh(&query), &weigh(&library), CommonRange::EVERYTHING);
            assert_golden(result.ratio, &expected["SR"]);
            assert_golden(result.composite, &expected["composite_m1_i0.5"]);
        }
    }

    #[test]
    fn by_hand_with_and_without_a_ratio() {
        // Common 50 and 60, the query alone 70. F_R: r = (100·400)/(900·400) = 1/9.
        // F_D = (50√(900·400)·50 + 60√(100·400)·60)² / (…): with w² = m² I,
        // product 2500·600 + 3600·200 = 2220000; query 2500·900 + 3600·100 + 4900·25 = 2732500;
        // library 2500·400 + 3600·400 = 2440000. N_U = 3, N_C = 2.
        let query = UnitMassSpectrum::try_new(vec![50, 60, 70], vec![900.0, 100.0, 25.0]).unwrap();
        let library = UnitMassSpectrum::try_new(vec![50, 60], vec![400.0, 400.0]).unwrap();
        let dot = 2_220_000.0 * 2_220_000.0 / (2_732_500.0 * 2_440_000.0);
        let result = stein_scott_composite(&weigh(&query), &weigh(&library), CommonRange::EVERYTHING);
        assert!((result.composite - (3.0 * dot + 2.0 / 9.0) / 5.0).abs() < 1e-12);
        let one =
            stein_scott_composite(&weigh(&query), &weigh(&library), CommonRange { low: 60, high: Some(60) });
        assert!((one.composite - 1.0).abs() < 1e-12);
        assert_eq!((one.query_peaks, one.ratio), (1, 0.0));
        let empty = WeightedSpectrum::default();
        assert_eq!(
            stein_scott_composite(&empty, &empty, CommonRange::EVERYTHING),
            SteinScottComposite::default()
        );
    }

    proptest! {
        #[test]
        fn it_is_in_range_does_not_see_scale_and_is_explained(
            a in any_unit_mass_spectrum(), b in any_unit_mass_spectrum(), low in 0_u32..60,
        ) {
            let range = CommonRange { low, high: None };
            let (query, library) = (weigh(&a), weigh(&b));
            let score = stein_scott_composite(&query, &library, range);
            prop_assert!((0.0..=1.0 + 1e-15).contains(&score.composite));
            prop_assert_eq!(score, stein_scott_composite(&weigh(&times(&a, 0.125)), &library, range));
            // The parts are symmetric, the composite is not.
            let back = stein_scott_composite(&library, &query, range);
            prop_assert_eq!(score.ratio.to_bits(), back.ratio.to_bits());
            let tree = explain_stein_scott_composite(&query, &library, range);
            prop_assert_eq!(tree.value.to_bits(), score.composite.to_bits());
        }

        #[test]
        fn a_spectrum_matches_itself(a in any_unit_mass_spectrum()) {
            prop_assume!(!a.columns().is_empty());
            let score = stein_scott_composite(&weigh(&a), &weigh(&a), CommonRange::EVERYTHING);
            prop_assert_eq!(score.composite, 1.0);
        }
    }
}
