//! Taking the isotopes of lighter ions off an ion.

use super::subject::{MolecularIon, UnitMass};

/// What is left of each ion from `first` to `last` m/z when the isotopes of the lighter ones among them
/// are taken off, as if every ion had the isotope pattern of the molecule: for k = 1, 2 ...
/// own(m) = max(0, seen(m) − Σₖ own(m − k) · pₖ/p₀), as shares of the base peak. A fragment that has lost
/// a halogen has fewer heavy isotopes than this takes off, so what is left is rather too little.
pub(super) fn own_shares(spectrum: &UnitMass, ion: &MolecularIon, first: u32, last: u32) -> Vec<f64> {
    let mut own = Vec::new();
    for mz in first..=last {
        own.push((spectrum.share(mz) - isotopes_after(&own, ion)).max(0.0));
    }
    own
}

/// What ions of consecutive m/z give by their isotopes to the m/z that follows them.
pub(super) fn isotopes_after(own: &[f64], ion: &MolecularIon) -> f64 {
    own.iter().rev().zip(&ion.isotopes[1..]).map(|(own, isotope)| own * isotope).sum()
}

#[cfg(test)]
mod tests {
    use super::super::test_support::{library, record};
    use super::*;

    #[test]
    fn the_isotopes_of_two_ions_come_off() {
        // ClF: fluorine has one isotope, so M + 2 is 0.2424/0.7576 = 0.32 of M and M + 1 nothing.
        let ratio = 0.2424 / 0.7576;
        let peaks = [(53.0, 0.5), (54.0, 1.0), (55.0, 0.5 * ratio), (56.0, ratio + 0.1)];
        let library = library(vec![record("x", "", "ClF", &peaks)]);
        let entry = library.at(0).unwrap();
        let spectrum = UnitMass::of(entry).unwrap();
        let ion = MolecularIon::of(entry).unwrap();
        let own = own_shares(&spectrum, &ion, 52, 56);
        for (found, expected) in own.iter().zip([0.0, 0.5, 1.0, 0.0, 0.1]) {
            assert!((found - expected).abs() < 1e-3, "{own:?}");
        }
        assert!((isotopes_after(&own[..4], &ion) - ratio).abs() < 1e-3);
    }
}
