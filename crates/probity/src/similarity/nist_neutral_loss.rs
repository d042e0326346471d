//! NIST's neutral-loss score: the spectra compared by what the molecule lost, not by what was left.
//!
//! A peak at m/z m of a molecule of nominal mass M stands for the loss M − m, which is negative for
//! isotope peaks above M. Losses up to the smaller of the two largest ones are compared by NIST's
//! Simple formula (see [`super::nist_match_factor`]). That is the same as shifting the library
//! spectrum by the difference of the molecular masses and comparing from the larger first m/z on, and
//! that is how it is computed. Found by fitting NIST MSPepSearch 0.9.7.1; every row at hand is met to
//! the integer (`tests/tests/nist_parity.rs`: one query mass, ten library spectra).

use super::explanation::Explanation;
use super::nist_match_factor::{NistScore, explain};
use super::nist_sums::{Library, Sums, contributions};
use super::unit_mass::NistColumns;

/// A spectrum on NIST's scale and the nominal mass of its molecule.
#[derive(Debug, Clone, Copy)]
pub struct NistMolecule<'a> {
    /// The spectrum.
    pub spectrum: NistColumns<'a>,
    /// The nominal molecular mass, in dalton: the most abundant isotope of each element.
    pub nominal_mass: u32,
}

/// NIST's neutral-loss score.
#[must_use]
pub fn nist_neutral_loss(query: NistMolecule<'_>, library: NistMolecule<'_>) -> NistScore {
    let (library, low) = shifted(query, library);
    NistScore::from_sums(&Sums::<false>::of(query.spectrum, library, low))
}

/// Why [`nist_neutral_loss`] gives its match factor. Peaks are named by the query's m/z.
#[must_use]
pub fn explain_nist_neutral_loss(query: NistMolecule<'_>, library: NistMolecule<'_>) -> Explanation {
    let (library, low) = shifted(query, library);
    explain(
        &format!("NIST neutral loss (library shifted by {} m/z)", library.shift),
        &Sums::<false>::of(query.spectrum, library, low),
        contributions::<false, _>(query.spectrum, library, low),
    )
}

fn shifted<'a>(query: NistMolecule<'_>, library: NistMolecule<'a>) -> (Library<'a, u16>, i64) {
    let shift = i64::from(query.nominal_mass) - i64::from(library.nominal_mass);
    let first = |mz: &[u32]| mz.first().map(|&mz| i64::from(mz));
    // An empty spectrum has no largest loss and nothing in common with the other.
    let low = match (first(query.spectrum.mz()), first(library.spectrum.mz())) {
        (Some(query), Some(library)) => query.max(library + shift),
        _ => 0,
    };
    (Library { mz: library.spectrum.mz(), abundance: library.spectrum.abundance(), shift }, low)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::nist_match_factor::nist_simple;
    use super::super::unit_mass::NistSpectrum;
    use super::super::unit_mass::tests::any_nist_spectrum;
    use super::*;
    use crate::units::MatchFactor;

    fn molecule(spectrum: &NistSpectrum, nominal_mass: u32) -> NistMolecule<'_> {
        NistMolecule { spectrum: spectrum.columns(), nominal_mass }
    }

    #[test]
    fn losses_by_hand() {
        // Losses of the query (M 100): 60, 15, 0, −1; of the library (M 114): 45, 15, 0.
        // Compared up to loss 45: common 15 (√(400·100) = 200) and 0 (√(900·900) = 900);
        // the query's −1 (16) and the library's 45 (64) stand alone.
        // x = 1100² / ((400+900+16)·(64+100+900)) = 1210000/1400224 → 864.
        let query = NistSpectrum::try_new(vec![40, 85, 100, 101], vec![999, 400, 900, 16]).unwrap();
        let library = NistSpectrum::try_new(vec![69, 99, 114], vec![64, 100, 900]).unwrap();
        let score = nist_neutral_loss(molecule(&query, 100), molecule(&library, 114));
        assert!((score.similarity - 1_210_000.0 / 1_400_224.0).abs() < 1e-12);
        assert_eq!((score.match_factor.value(), score.common_peaks), (864, 2));
        // Reverse: without the query's lone peak, 1210000/(1300·1064) = 0.8747...
        assert_eq!(score.reverse_match_factor.value(), 874);
    }

    #[test]
    fn empty_spectra_have_no_loss_in_common() {
        let (empty, peak) = (NistSpectrum::default(), NistSpectrum::try_new(vec![43], vec![999]).unwrap());
        let none = NistScore::default();
        assert_eq!(nist_neutral_loss(molecule(&empty, 58), molecule(&peak, 58)), none);
        assert_eq!(nist_neutral_loss(molecule(&peak, 58), molecule(&empty, u32::MAX)), none);
        assert_eq!(nist_neutral_loss(molecule(&peak, 0), molecule(&peak, u32::MAX)), none);
    }

    proptest! {
        #[test]
        fn at_equal_mass_it_is_the_simple_score(a in any_nist_spectrum(), b in any_nist_spectrum()) {
            let score = nist_neutral_loss(molecule(&a, 200), molecule(&b, 200));
            // An empty spectrum scores 0 either way.
            prop_assert_eq!(score, nist_simple(a.columns(), b.columns()));
        }

        #[test]
        fn a_shifted_copy_matches_perfectly(a in any_nist_spectrum(), shift in 1_u32..60) {
            prop_assume!(a.columns().abundance().contains(&999));
            let mz = a.columns().mz().iter().map(|mz| mz + shift).collect();
            let heavier = NistSpectrum::try_new(mz, a.columns().abundance().to_vec()).unwrap();
            let score = nist_neutral_loss(molecule(&a, 200), molecule(&heavier, 200 + shift));
            prop_assert_eq!(score.match_factor, MatchFactor::MAX);
        }

        #[test]
        fn it_is_symmetric_and_explained(
            a in any_nist_spectrum(), b in any_nist_spectrum(), masses in (50_u32..300, 50_u32..300),
        ) {
            let (query, library) = (molecule(&a, masses.0), molecule(&b, masses.1));
            let score = nist_neutral_loss(query, library);
            prop_assert_eq!(score.similarity.to_bits(), nist_neutral_loss(library, query).similarity.to_bits());
            let tree = explain_nist_neutral_loss(query, library);
            prop_assert_eq!(tree.value.to_bits(), f64::from(score.match_factor.value()).to_bits());
        }
    }
}
