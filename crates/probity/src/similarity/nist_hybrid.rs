//! NIST's hybrid score: a library peak may be found where it is or shifted by the difference of the
//! molecular masses, so that a new derivative of a known substance still resembles it.
//!
//! With D = M(query) − M(library), each library peak at m of abundance b is split into a part that is
//! kept at m and a part that is moved to m + D; the hybrid spectrum so made is compared by NIST's
//! Simple formula (see [`super::nist_match_factor`]) from the larger of the two first m/z on:
//!
//! - A peak is moved only to an m/z where the query has a peak. Where the query has a peak neither
//!   at m nor at m + D, the library peak is kept.
//! - Else it is split so that both parts have the same share of the query's peaks:
//!   kept = u(m) (b + h) / (u(m) + u(m + D)), not below 0 and not above b, where u is the query's
//!   abundance and h is what another library peak has already kept at m + D.
//! - That other peak comes first: the peaks are taken in descending m/z if D > 0, ascending if D < 0.
//! - If D = 0 the score is the Simple score.
//!
//! The idea is that of A. S. Moorthy et al., Anal. Chem. 2017, 89, 13261; it does not print the
//! formula. The rule was found by fitting NIST MSPepSearch 0.9.7.1; every row at hand is met to the
//! integer (`tests/tests/nist_parity.rs`: one query mass, D from −142 to 14). Those spectra hold no
//! abundance below 2, so how NIST treats trace peaks here is not known; ours takes part as in Simple.

use super::common_range::CommonRange;
use super::explanation::Explanation;
use super::nist_match_factor::{NistScore, explain, nist_simple};
use super::nist_neutral_loss::NistMolecule;
use super::nist_sums::{Library, Sums, contributions};
use super::unit_mass::NistColumns;

/// Memory that [`nist_hybrid`] uses again from pair to pair; it carries nothing between them.
#[derive(Debug, Clone, Default)]
pub struct NistHybridScratch {
    kept: Vec<f64>,
    mz: Vec<u32>,
    abundance: Vec<f64>,
}

/// NIST's hybrid score.
#[must_use]
pub fn nist_hybrid(
    query: NistMolecule<'_>,
    library: NistMolecule<'_>,
    scratch: &mut NistHybridScratch,
) -> NistScore {
    if query.nominal_mass == library.nominal_mass {
        return nist_simple(query.spectrum, library.spectrum);
    }
    let low = scratch.split(query, library);
    NistScore::from_sums(&Sums::<false>::of(query.spectrum, scratch.library(), low))
}

/// Why [`nist_hybrid`] gives its match factor. The library's abundances are those after splitting.
#[must_use]
pub fn explain_nist_hybrid(query: NistMolecule<'_>, library: NistMolecule<'_>) -> Explanation {
    let mut scratch = NistHybridScratch::default();
    let low = scratch.split(query, library);
    let shift = i64::from(query.nominal_mass) - i64::from(library.nominal_mass);
    explain(
        &format!("NIST hybrid (library peaks split between their place and {shift:+} m/z)"),
        &Sums::<false>::of(query.spectrum, scratch.library(), low),
        contributions::<false, _>(query.spectrum, scratch.library(), low),
    )
}

impl NistHybridScratch {
    fn library(&self) -> Library<'_, f64> {
        Library { mz: &self.mz, abundance: &self.abundance, shift: 0 }
    }

    /// Makes the hybrid spectrum; returns the m/z from which it is compared.
    fn split(&mut self, query: NistMolecule<'_>, library: NistMolecule<'_>) -> i64 {
        let shift = i64::from(query.nominal_mass) - i64::from(library.nominal_mass);
        let range = CommonRange::from_first_mz(query.spectrum, library.spectrum);
        let (query, library) = (query.spectrum.within(range), library.spectrum.within(range));
        self.kept.clear();
        self.kept.extend(library.abundance().iter().map(|&abundance| f64::from(abundance)));
        if shift > 0 {
            (0..library.len()).rev().for_each(|peak| self.keep(query, library, peak, shift));
        } else if shift < 0 {
            (0..library.len()).for_each(|peak| self.keep(query, library, peak, shift));
        }
        self.merge(library, shift);
        i64::from(range.low)
    }

    /// Splits one library peak, those on the side of the shift having been split before.
    fn keep(&mut self, query: NistColumns<'_>, library: NistColumns<'_>, peak: usize, shift: i64) {
        let mz = library.mz()[peak];
        let Some(moved_mz) = shifted(mz, shift) else { return };
        let at_mz = position(query, mz).map_or(0.0, |found| f64::from(query.abundance()[found]));
        let at_moved = position(query, moved_mz).map_or(0.0, |found| f64::from(query.abundance()[found]));
        if at_moved <= 0.0 {
            return;
        }
        let abundance = f64::from(library.abundance()[peak]);
        let already_there = position(library, moved_mz).map_or(0.0, |found| self.kept[found]);
        self.kept[peak] = (at_mz * (abundance + already_there) / (at_mz + at_moved)).min(abundance);
    }

    /// Adds the kept parts and the moved ones, both ascending, into one spectrum.
    fn merge(&mut self, library: NistColumns<'_>, shift: i64) {
        self.mz.clear();
        self.abundance.clear();
        let (mut kept, mut moved) = (0, 0);
        while kept < library.len() || moved < library.len() {
            let kept_mz = library.mz().get(kept).copied();
            let Some(&source) = library.mz().get(moved) else {
                self.push(kept_mz, self.kept.get(kept).copied());
                kept += 1;
                continue;
            };
            let part = f64::from(library.abundance()[moved]) - self.kept[moved];
            // Nothing is moved out of the range of m/z.
            let moved_mz = if part > 0.0 { shifted(source, shift) } else { None };
            match (kept_mz, moved_mz) {
                (_, None) => moved += 1,
                (Some(kept_mz), Some(moved_mz)) if kept_mz == moved_mz => {
                    self.push(Some(kept_mz), Some(self.kept[kept] + part));
                    kept += 1;
                    moved += 1;
                }
                (Some(kept_mz), Some(moved_mz)) if kept_mz < moved_mz => {
                    self.push(Some(kept_mz), Some(self.kept[kept]));
                    kept += 1;
                }
                (_, Some(moved_mz)) => {
                    self.push(Some(moved_mz), Some(part));
                    moved += 1;
                }
            }
        }
    }

    fn push(&mut self, mz: Option<u32>, abundance: Option<f64>) {
        if let (Some(mz), Some(abundance)) = (mz, abundance) {
            self.mz.push(mz);
            self.abundance.push(abundance);
        }
    }
}

fn shifted(mz: u32, shift: i64) -> Option<u32> {
    u32::try_from(i64::from(mz) + shift).ok()
}

fn position(spectrum: NistColumns<'_>, mz: u32) -> Option<usize> {
    spectrum.mz().binary_search(&mz).ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::nist_neutral_loss::nist_neutral_loss;
    use super::super::unit_mass::NistSpectrum;
    use super::super::unit_mass::tests::any_nist_spectrum;
    use super::*;
    use crate::units::MatchFactor;

    fn molecule(spectrum: &NistSpectrum, nominal_mass: u32) -> NistMolecule<'_> {
        NistMolecule { spectrum: spectrum.columns(), nominal_mass }
    }

    fn score(query: NistMolecule<'_>, library: NistMolecule<'_>) -> NistScore {
        nist_hybrid(query, library, &mut NistHybridScratch::default())
    }

    #[test]
    fn a_split_by_hand() {
        // D = 14. Library 50 (b = 600): the query has 300 at 50 and 100 at 64, nothing else is kept
        // at 64: kept = 300·600/400 = 450, moved 150. Library 80 (100): the query has no 80 but 94:
        // all is moved. Library 120 (25): nothing there or at 134, so it is kept.
        // Σ√ = √(300·450) + √(100·150) + √(999·100); sums 300+100+999 and 450+150+100+25.
        let query = NistSpectrum::try_new(vec![50, 64, 94], vec![300, 100, 999]).unwrap();
        let library = NistSpectrum::try_new(vec![50, 80, 120], vec![600, 100, 25]).unwrap();
        let got = score(molecule(&query, 134), molecule(&library, 120));
        let cross = (300.0_f64 * 450.0).sqrt() + (100.0_f64 * 150.0).sqrt() + (999.0_f64 * 100.0).sqrt();
        assert!((got.similarity - cross * cross / (1399.0 * 725.0)).abs() < 1e-12);
        assert_eq!(got.common_peaks, 3);
    }

    #[test]
    fn what_is_kept_at_the_target_counts_in_the_split() {
        // D = 14, descending: library 64 (200) has nothing at 78 and is kept whole. Library 50 (600)
        // with u(50) = 300, u(64) = 100: kept = 300·(600 + 200)/400 = 600, so nothing is moved.
        let query = NistSpectrum::try_new(vec![50, 64], vec![300, 100]).unwrap();
        let library = NistSpectrum::try_new(vec![50, 64], vec![600, 200]).unwrap();
        let got = score(molecule(&query, 134), molecule(&library, 120));
        assert_eq!(got.match_factor, MatchFactor::MAX);
    }

    #[test]
    fn empty_spectra_and_extreme_masses_are_defined() {
        let (empty, peak) = (NistSpectrum::default(), NistSpectrum::try_new(vec![43], vec![999]).unwrap());
        assert_eq!(score(molecule(&empty, 58), molecule(&peak, 72)), NistScore::default());
        assert_eq!(score(molecule(&peak, 58), molecule(&empty, 72)), NistScore::default());
        for masses in [(0, u32::MAX), (u32::MAX, 0)] {
            let got = score(molecule(&peak, masses.0), molecule(&peak, masses.1));
            assert_eq!(got.match_factor, MatchFactor::MAX);
        }
    }

    proptest! {
        #[test]
        fn at_equal_mass_it_is_the_simple_score(a in any_nist_spectrum(), b in any_nist_spectrum()) {
            let (query, library) = (molecule(&a, 200), molecule(&b, 200));
            prop_assert_eq!(score(query, library), nist_simple(a.columns(), b.columns()));
            let tree = explain_nist_hybrid(query, library);
            prop_assert_eq!(tree.value.to_bits(), f64::from(score(query, library).match_factor.value()).to_bits());
        }

        #[test]
        fn splitting_keeps_the_librarys_abundance_and_is_explained(
            a in any_nist_spectrum(), b in any_nist_spectrum(), masses in (100_u32..160, 100_u32..160),
        ) {
            let (query, library) = (molecule(&a, masses.0), molecule(&b, masses.1));
            let mut scratch = NistHybridScratch::default();
            let low = scratch.split(query, library);
            let before: u32 = b.columns().mz().iter().zip(b.columns().abundance())
                .filter(|(mz, _)| i64::from(**mz) >= low).map(|(_, &abundance)| u32::from(abundance)).sum();
            let after: f64 = scratch.abundance.iter().sum();
            prop_assert!((after - f64::from(before)).abs() < 1e-6);
            prop_assert!(scratch.mz.windows(2).all(|pair| pair[0] < pair[1]));
            let got = score(query, library);
            // Scratch from another pair changes nothing.
            prop_assert_eq!(got, nist_hybrid(query, library, &mut scratch));
            prop_assert!((0.0..=1.0).contains(&got.similarity));
            let tree = explain_nist_hybrid(query, library);
            prop_assert_eq!(tree.value.to_bits(), f64::from(got.match_factor.value()).to_bits());
        }

        #[test]
        fn a_library_shifted_as_a_whole_matches_as_in_the_neutral_loss_score(
            a in any_nist_spectrum(), shift in 61_u32..90,
        ) {
            // The shift exceeds the width of the spectra, so no peak has a choice.
            prop_assume!(a.columns().abundance().contains(&999));
            let mz: Vec<u32> = a.columns().mz().iter().map(|mz| mz + shift).collect();
            let lighter = &a;
            let mut heavy_mz = vec![29];
            heavy_mz.extend(&mz);
            let mut heavy_abundance = vec![0];
            heavy_abundance.extend(a.columns().abundance());
            let heavier = NistSpectrum::try_new(heavy_mz, heavy_abundance).unwrap();
            let (query, library) = (molecule(&heavier, 100 + shift), molecule(lighter, 100));
            prop_assert_eq!(score(query, library).match_factor, MatchFactor::MAX);
            prop_assert_eq!(nist_neutral_loss(query, library).match_factor, MatchFactor::MAX);
        }
    }
}
