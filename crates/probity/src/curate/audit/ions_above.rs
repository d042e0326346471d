//! Ions above the molecular ion that the formula cannot give.

use super::ion_cluster::own_shares;
use super::options::AuditOptions;
use super::report::{AuditCode, AuditFinding, Severity};
use super::subject::{MolecularIon, UnitMass, is_silicone, named, percent};
use crate::library::Entry;

/// Masses above M where an ion is no surprise, whatever the formula: a trace of the protonated molecule
/// and its carbon-13.
const ALWAYS_ALLOWED: u32 = 2;

/// How far below M hydrogens may be lost, so that isotopes of those ions reach above M.
const HYDROGENS_LOST: u32 = 6;

pub(super) fn check(
    entry: &Entry,
    spectrum: &UnitMass,
    ion: &MolecularIon,
    options: &AuditOptions,
) -> Option<AuditFinding> {
    let first = ion.mz.saturating_sub(HYDROGENS_LOST).max(1);
    let own = own_shares(spectrum, ion, first, ion.mz + 1);
    // Of many halogens M itself is weak; the strongest isotope is then the better measure of all.
    let strongest = (0..ion.isotopes.len())
        .fold(0, |best, k| if ion.isotopes[k] > ion.isotopes[best] { k } else { best });
    let scale =
        u32::try_from(strongest).map_or(0.0, |k| spectrum.share(ion.mz + k)) / ion.isotopes[strongest];
    let expected = |mz: u32| {
        let from_own = (first..).zip(&own).map(|(own_mz, own)| own * isotope(ion, mz - own_mz)).sum::<f64>();
        from_own.max(scale * isotope(ion, mz - ion.mz))
    };
    let above: Vec<(u32, f64)> = spectrum
        .shares()
        .filter(|&(mz, _)| mz > ion.mz + ALWAYS_ALLOWED)
        // Twice the expected isotopes, so that a scan's tilt cannot make them foreign ions.
        .filter(|&(mz, share)| share - 2.0 * expected(mz) >= options.foreign_ion_share)
        .collect();
    // Of equally strong ions the lightest.
    let (mz, share) = above.iter().copied().reduce(|best, ion| if ion.1 > best.1 { ion } else { best })?;
    let hint = if above.iter().all(|&(mz, _)| is_silicone(mz)) {
        "; silicone from the column gives ions there"
    } else {
        ""
    };
    let message = format!(
        "{}: {} above m/z {}, the molecular ion of {}; the strongest is at {mz} with {} of the base peak{hint}",
        named(entry),
        if above.len() == 1 { "1 ion".to_owned() } else { format!("{} ions", above.len()) },
        ion.mz,
        ion.formula,
        percent(share)
    );
    Some(
        AuditFinding::new(AuditCode::IonsAboveMolecularMass, Severity::Doubt, vec![entry.id()], message)
            .number("molecular_ion_mz", f64::from(ion.mz))
            .number("strongest_mz", f64::from(mz))
            .number("strongest_share", share),
    )
}

/// What an ion gives by its isotopes to a mass above it, as a share of the ion.
fn isotope(ion: &MolecularIon, offset: u32) -> f64 {
    usize::try_from(offset).ok().and_then(|offset| ion.isotopes.get(offset)).copied().unwrap_or(0.0)
}

#[cfg(test)]
mod tests {
    use super::super::test_support::{of_ion, record};
    use super::*;

    fn found(formula: &str, peaks: &[(f64, f64)]) -> Option<AuditFinding> {
        of_ion(record("x", "", formula, peaks), |entry, spectrum, ion| {
            check(entry, spectrum, ion, &AuditOptions::default())
        })
    }

    #[test]
    fn ions_above_the_pattern_are_foreign() {
        // Cocaine has M at 303; 1 % of the base peak counts, less does not.
        assert!(
            found("C17H21NO4", &[(82.0, 1_000.0), (303.0, 200.0), (304.0, 40.0), (305.0, 8.0)]).is_none()
        );
        assert!(found("C17H21NO4", &[(82.0, 1_000.0), (303.0, 200.0), (320.0, 9.0)]).is_none());
        let foreign = found("C17H21NO4", &[(82.0, 1_000.0), (303.0, 200.0), (320.0, 10.0)]).unwrap();
        assert_eq!(foreign.numbers["strongest_mz"], 320.0);
        // Also where M itself is missing: the derivative's ions under the parent's formula.
        assert!(found("CH4N2O", &[(147.0, 1_000.0), (189.0, 500.0)]).is_some());
    }

    #[test]
    fn heavy_isotopes_of_the_formula_are_its_own() {
        // Four chlorine atoms: M + 4 is (4·3/2) · 0.32² = 0.61 of M, M + 6 is 4 · 0.32³ = 0.13.
        let peaks = [(164.0, 780.0), (166.0, 1_000.0), (168.0, 480.0), (170.0, 102.0)];
        assert!(found("C2Cl4", &peaks).is_none());
        assert!(found("C2HCl3", &peaks).is_some());
    }

    #[test]
    fn silicone_is_named() {
        let bleed = found("C9H13N", &[(44.0, 1_000.0), (207.0, 50.0), (281.0, 20.0)]).unwrap();
        assert!(bleed.message.contains("silicone"), "{bleed}");
        let other = found("C9H13N", &[(44.0, 1_000.0), (207.0, 50.0), (240.0, 20.0)]).unwrap();
        assert!(!other.message.contains("silicone"), "{other}");
    }
}
