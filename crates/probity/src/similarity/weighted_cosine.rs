//! Cosine of weighted peaks at unit mass (the dot product of Stein and Scott 1994, not squared).

use super::peak_weights::WeightedSpectrum;
use super::unit_mass::for_each_row;

/// Σ w_q w_l / √(Σ w_q² · Σ w_l²) over the m/z from `lowest_mz` on, 0 to 1; 0 if either side has
/// nothing there. Sums run in ascending order of m/z.
#[must_use]
pub fn weighted_cosine(query: &WeightedSpectrum, library: &WeightedSpectrum, lowest_mz: u32) -> f64 {
    let (mut product, mut query_norm, mut library_norm) = (0.0, 0.0, 0.0);
    for_each_row((query.mz(), query.weight()), (library.mz(), library.weight()), lowest_mz, |row| {
        product += row.query * row.library;
        query_norm += row.query * row.query;
        library_norm += row.library * row.library;
    });
    if product > 0.0 { product / (query_norm * library_norm).sqrt() } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::super::stein_scott_composite::tests::{golden_pairs, weigh};
    use super::*;

    #[test]
    fn the_squared_cosine_is_the_golden_dot_product() {
        let mut compared = 0;
        for (a, b, expected) in golden_pairs() {
            for (mz_power, intensity_power) in [(0.0, 0.5), (1.0, 0.5), (3.0, 0.6), (1.3, 0.53)] {
                let name = format!("SD_m{mz_power}_i{intensity_power}");
                let cosine = weighted_cosine(
                    &weigh(&a, mz_power, intensity_power),
                    &weigh(&b, mz_power, intensity_power),
                    0,
                );
                let expected = expected[&name].as_f64().unwrap();
                assert!((cosine * cosine - expected).abs() <= 1e-13 + 1e-11 * expected, "{name}");
                compared += 1;
            }
        }
        assert_eq!(compared, 24);
    }

    #[test]
    fn nothing_in_range_is_0() {
        let (a, _, _) = golden_pairs().remove(0);
        let weighted = weigh(&a, 1.0, 0.5);
        assert_eq!(weighted_cosine(&weighted, &weighted, u32::MAX), 0.0);
        assert_eq!(weighted_cosine(&weighted, &WeightedSpectrum::default(), 0), 0.0);
    }
}
