//! The match factors of NIST MS Search for electron ionization spectra: Identity and Simple.
//!
//! Algorithm: the composite of Stein and Scott (J Am Soc Mass Spectrom 5:859, 1994) in the form that
//! NIST's programs use, as restated by the R package mssearchr. Both spectra are scaled to integers of
//! at most 999. Only m/z from the larger of the two first m/z on are compared, and only where either
//! abundance exceeds 1. With sums over those m/z,
//!
//! t₁ = (Σ w √(u l))² / (Σ w u · Σ w l),
//!
//! w = m/z for Identity and 1 for Simple, u and l the abundances of unknown and library spectrum. For
//! Identity there is also the mean ratio of neighbouring common peaks,
//!
//! t₂ = Σ mᵢ min(r, 1/r) / Σ mᵢ,  r = √(uᵢ lᵢ₋₁ / (uᵢ₋₁ lᵢ)),
//!
//! over consecutive common peaks between which no peak stood alone, and with n₁ common peaks and n₂
//! ratios the similarity is (n₁ t₁ + n₂ t₂) / (n₁ + n₂). The reverse similarity leaves peaks that only
//! the unknown has out of Σ w u; they still separate neighbours. The match factor is ⌊1000 x⌋, at most 999.

use super::unit_mass::{Row, UnitMassSpectrum, for_each_row};
use crate::units::MatchFactor;

/// The highest abundance that NIST's programs know.
const MAXIMUM_ABUNDANCE: f64 = 999.0;

/// A peak takes part if its abundance in either spectrum exceeds this.
const TRACE: u16 = 1;

/// A spectrum as NIST's programs compare it: integer m/z, abundances 0 to 999.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NistSpectrum {
    mz: Vec<u32>,
    abundance: Vec<u16>,
}

impl NistSpectrum {
    /// Scales to a base peak of 999: ⌊999 I / max + 0.5⌋. Peaks that become 0 stay as trace peaks: the
    /// first m/z of the spectrum counts whatever its abundance.
    #[must_use]
    pub fn new(spectrum: &UnitMassSpectrum) -> Self {
        let base = spectrum.intensity().iter().copied().fold(0.0, f64::max);
        let scaled = |intensity: f64| {
            if base > 0.0 {
                // The product first, so that halves of whole numbers stay exact; at most 999.
                (MAXIMUM_ABUNDANCE * intensity / base + 0.5).floor().min(MAXIMUM_ABUNDANCE) as u16
            } else {
                0
            }
        };
        Self {
            mz: spectrum.mz().to_vec(),
            abundance: spectrum.intensity().iter().map(|&intensity| scaled(intensity)).collect(),
        }
    }

    /// All m/z, ascending.
    #[must_use]
    pub fn mz(&self) -> &[u32] {
        &self.mz
    }

    /// All abundances, 0 to 999, in the order of the m/z.
    #[must_use]
    pub fn abundance(&self) -> &[u16] {
        &self.abundance
    }
}

/// Which of NIST's searches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NistSearch {
    /// Identity: weighted by m/z, with the ratios of neighbouring peaks.
    Identity,
    /// Simple similarity: unweighted, without ratios.
    Simple,
}

/// Forward and reverse match factor with the parts that make them.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct NistScore {
    /// The match factor.
    pub match_factor: MatchFactor,
    /// The reverse match factor: peaks that only the unknown has do not count.
    pub reverse_match_factor: MatchFactor,
    /// t₁ forward, 0 to 1.
    pub dot_product: f64,
    /// t₁ reverse, 0 to 1.
    pub reverse_dot_product: f64,
    /// t₂, 0 to 1; 0 for Simple and without neighbouring common peaks.
    pub ratio_term: f64,
    /// n₁: peaks of both spectra.
    pub common_peaks: u32,
    /// n₂: ratios of neighbouring common peaks.
    pub ratios: u32,
}

/// Compares an unknown with a library spectrum. Spectra without a common peak score 0.
#[must_use]
pub fn nist_match_factor(unknown: &NistSpectrum, library: &NistSpectrum, search: NistSearch) -> NistScore {
    let (Some(&unknown_first), Some(&library_first)) = (unknown.mz.first(), library.mz.first()) else {
        return NistScore::default();
    };
    let mut sums = Sums::default();
    for_each_row(
        (&unknown.mz, &unknown.abundance),
        (&library.mz, &library.abundance),
        unknown_first.max(library_first),
        |row| sums.add(row, search),
    );
    sums.score()
}

/// The running sums of one comparison, in ascending order of m/z.
#[derive(Default)]
struct Sums {
    product: f64,
    unknown: f64,
    unknown_common: f64,
    library: f64,
    common_peaks: u32,
    ratio: f64,
    ratio_weight: f64,
    ratios: u32,
    /// The common peak before, if no peak stood alone since.
    neighbour: Option<(f64, f64)>,
}

impl Sums {
    fn add(&mut self, row: Row<u16>, search: NistSearch) {
        if row.query <= TRACE && row.library <= TRACE {
            return;
        }
        let mz = f64::from(row.mz);
        let weight = if search == NistSearch::Identity { mz } else { 1.0 };
        let (unknown, library) = (f64::from(row.query), f64::from(row.library));
        self.unknown += weight * unknown;
        self.library += weight * library;
        if row.query == 0 || row.library == 0 {
            self.neighbour = None;
            return;
        }
        self.product += weight * (unknown * library).sqrt();
        self.unknown_common += weight * unknown;
        self.common_peaks += 1;
        if search == NistSearch::Identity {
            if let Some((unknown_before, library_before)) = self.neighbour {
                let ratio = ((unknown * library_before) / (unknown_before * library)).sqrt();
                self.ratio += mz * ratio.min(1.0 / ratio);
                self.ratio_weight += mz;
                self.ratios += 1;
            }
            self.neighbour = Some((unknown, library));
        }
    }

    fn score(&self) -> NistScore {
        if self.common_peaks == 0 {
            return NistScore::default();
        }
        let ratio_term = if self.ratios == 0 { 0.0 } else { self.ratio / self.ratio_weight };
        let (common, ratios) = (f64::from(self.common_peaks), f64::from(self.ratios));
        let dot_product = |unknown: f64| self.product * self.product / (unknown * self.library);
        let composite = |dot_product: f64| (common * dot_product + ratios * ratio_term) / (common + ratios);
        let (forward, reverse) = (dot_product(self.unknown), dot_product(self.unknown_common));
        NistScore {
            match_factor: MatchFactor::from_similarity(composite(forward)),
            reverse_match_factor: MatchFactor::from_similarity(composite(reverse)),
            dot_product: forward,
            reverse_dot_product: reverse,
            ratio_term,
            common_peaks: self.common_peaks,
            ratios: self.ratios,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::spectrum::PeakList;

    fn spectrum(peaks: &[(f64, f64)]) -> NistSpectrum {
        let (mz, intensity) = peaks.iter().copied().unzip();
        let peaks = PeakList::try_new(mz, intensity).unwrap();
        NistSpectrum::new(&UnitMassSpectrum::try_from_peaks(&peaks).unwrap())
    }

    #[test]
    fn abundances_are_rounded_half_up_to_999() {
        let spectrum = spectrum(&[(50.0, 1998.0), (51.0, 1.0), (52.0, 0.9), (53.0, 0.0)]);
        assert_eq!(spectrum.abundance(), [999, 1, 0, 0]);
    }

    /// Unknown 100: 999, 101: 400, 102: 100; library 100: 999, 101: 100, 104: 400.
    /// Simple: Σ√(ul) = 999 + 200 = 1199; Σu = 1499, Σl = 1499; 1199²/1499² = 0.63980: 639.
    /// Reverse: Σu of the common = 1399; 1199²/(1399·1499) = 0.68553: 685.
    /// Identity: Σm√(ul) = 99900 + 20200 = 120100; Σmu = 99900 + 40400 + 10200 = 150500;
    /// Σml = 99900 + 10100 + 41600 = 151600; t₁ = 120100²/(150500·151600) = 0.632194.
    /// One ratio: √(400·999/(999·100)) = 2, so 0.5; n₁ = 2, n₂ = 1: (2·0.632194 + 0.5)/3 = 0.588129: 588.
    /// Reverse: Σmu = 140300, t₁ = 0.678155, (1.356311 + 0.5)/3 = 0.618770: 618.
    #[test]
    fn hand_arithmetic() {
        let unknown = spectrum(&[(100.0, 999.0), (101.0, 400.0), (102.0, 100.0)]);
        let library = spectrum(&[(100.0, 999.0), (101.0, 100.0), (104.0, 400.0)]);
        let factors = |search| {
            let score = nist_match_factor(&unknown, &library, search);
            (score.match_factor.value(), score.reverse_match_factor.value())
        };
        assert_eq!(factors(NistSearch::Simple), (639, 685));
        assert_eq!(factors(NistSearch::Identity), (588, 618));
    }

    /// With a lone peak between them, two common peaks have no ratio: x = t₁.
    /// Σm√(ul) = 100·999 + 102·999 = 201798; Σmu = 201798 + 101·10; t₁ = 201798/202808 = 0.99502: 995.
    #[test]
    fn a_lone_peak_separates_neighbours() {
        let unknown = spectrum(&[(100.0, 999.0), (101.0, 10.0), (102.0, 999.0)]);
        let library = spectrum(&[(100.0, 999.0), (102.0, 999.0)]);
        let score = nist_match_factor(&unknown, &library, NistSearch::Identity);
        assert_eq!((score.ratios, score.match_factor.value()), (0, 995));
        assert_eq!(score.reverse_match_factor, MatchFactor::MAX);
    }

    #[test]
    fn peaks_below_the_later_start_do_not_count() {
        let unknown = spectrum(&[(30.0, 999.0), (60.0, 999.0), (61.0, 100.0)]);
        let library = spectrum(&[(60.0, 999.0), (61.0, 100.0)]);
        let score = nist_match_factor(&unknown, &library, NistSearch::Identity);
        assert_eq!(score.match_factor, MatchFactor::MAX);
    }

    #[test]
    fn nothing_in_common_is_0_not_nan() {
        let (one, other) = (spectrum(&[(50.0, 1.0)]), spectrum(&[(51.0, 1.0)]));
        for (unknown, library) in
            [(&one, &other), (&one, &NistSpectrum::default()), (&NistSpectrum::default(), &one)]
        {
            let score = nist_match_factor(unknown, library, NistSearch::Identity);
            assert_eq!(score, NistScore::default());
        }
    }

    fn any_spectrum() -> impl Strategy<Value = NistSpectrum> {
        prop::collection::btree_map(30u16..200, 0u16..1000, 0..40).prop_map(|peaks| {
            let peaks: Vec<_> = peaks.into_iter().map(|(mz, i)| (f64::from(mz), f64::from(i))).collect();
            spectrum(&peaks)
        })
    }

    proptest! {
        #[test]
        fn a_spectrum_matches_itself_best(spectrum in any_spectrum()) {
            for search in [NistSearch::Identity, NistSearch::Simple] {
                let score = nist_match_factor(&spectrum, &spectrum, search);
                if score.common_peaks > 0 {
                    // ⌊1000 x⌋ of an x that rounding leaves a hair below 1 is 999 as well.
                    prop_assert_eq!(score.match_factor, MatchFactor::MAX);
                }
            }
        }

        #[test]
        fn the_match_factor_is_symmetric_and_reverse_is_not_lower(one in any_spectrum(), other in any_spectrum()) {
            for search in [NistSearch::Identity, NistSearch::Simple] {
                let score = nist_match_factor(&one, &other, search);
                let swapped = nist_match_factor(&other, &one, search);
                let difference = score.match_factor.value().abs_diff(swapped.match_factor.value());
                prop_assert!(difference <= 1, "only the last digit may differ by rounding");
                prop_assert!(score.reverse_match_factor >= score.match_factor);
                prop_assert!((0.0..=1.0 + 1e-12).contains(&score.dot_product));
            }
        }
    }
}
