//! The isotope pattern of a strong molecular ion against the formula.

use super::ion_cluster::{isotopes_after, own_shares};
use super::options::AuditOptions;
use super::report::{AuditCode, AuditFinding, Severity};
use super::subject::{MolecularIon, UnitMass, named, percent};
use crate::library::Entry;

/// How far below M hydrogens may be lost, so that isotopes of those ions reach M + 2.
const HYDROGENS_LOST: u32 = 6;

/// M + 2 shows chlorine, bromine and several sulfur or silicon atoms. M + 1 is not looked at: a trace of
/// the protonated molecule changes it.
pub(super) fn check(
    entry: &Entry,
    spectrum: &UnitMass,
    ion: &MolecularIon,
    options: &AuditOptions,
) -> Option<AuditFinding> {
    let molecular_share = spectrum.share(ion.mz);
    let scan_end = spectrum.scan_range_mz.map_or(f64::INFINITY, |(_, last)| last);
    if ion.has_lighter
        || molecular_share < options.strong_molecular_ion_share
        || scan_end < f64::from(ion.mz) + 2.0
    {
        return None;
    }
    let first = ion.mz.saturating_sub(HYDROGENS_LOST).max(1);
    let own = own_shares(spectrum, ion, first, ion.mz + 1);
    let expected = isotopes_after(&own, ion);
    let seen = spectrum.share(ion.mz + 2);
    let allowed =
        (options.isotope_relative_tolerance * expected).max(options.isotope_share * molecular_share);
    if (seen - expected).abs() <= allowed {
        return None;
    }
    let message = format!(
        "{}: the ion at m/z {}, M + 2, has {} of M, but {} gives {}",
        named(entry),
        ion.mz + 2,
        percent(seen / molecular_share),
        ion.formula,
        percent(expected / molecular_share)
    );
    Some(
        AuditFinding::new(AuditCode::IsotopePatternMismatch, Severity::Doubt, vec![entry.id()], message)
            .number("molecular_ion_mz", f64::from(ion.mz))
            .number("seen_share_of_m", seen / molecular_share)
            .number("expected_share_of_m", expected / molecular_share),
    )
}

#[cfg(test)]
mod tests {
    use super::super::test_support::{of_ion, record};
    use super::*;

    fn found(formula: &str, peaks: &[(f64, f64)]) -> bool {
        of_ion(record("x", "", formula, peaks), |entry, spectrum, ion| {
            check(entry, spectrum, ion, &AuditOptions::default())
        })
        .is_some()
    }

    #[test]
    fn chlorine_shows_two_masses_above() {
        // Chlorobenzene, C₆H₅Cl: 72 + 5 + 35 = 112; one chlorine gives 0.32 at M + 2.
        assert!(!found("C6H5Cl", &[(77.0, 50.0), (112.0, 100.0), (114.0, 32.0)]));
        assert!(found("C6H5Cl", &[(77.0, 50.0), (112.0, 100.0)]));
        // As bromine would show it.
        assert!(found("C6H5Cl", &[(77.0, 50.0), (112.0, 100.0), (114.0, 97.0)]));
        // A halogen that the formula lacks: C₉H₄ has 112, too.
        assert!(found("C9H4", &[(77.0, 50.0), (112.0, 100.0), (114.0, 32.0)]));
        assert!(!found("C9H4", &[(77.0, 50.0), (112.0, 100.0), (114.0, 1.0)]));
        // A weak molecular ion says nothing.
        assert!(!found("C6H5Cl", &[(77.0, 100.0), (112.0, 10.0)]));
    }

    #[test]
    fn isotopes_of_m_minus_1_belong_to_it() {
        // M − 1 as strong as M: its 37Cl stands at M + 1, and M + 2 is as before.
        assert!(!found("C6H5Cl", &[(111.0, 100.0), (112.0, 106.0), (113.0, 39.0), (114.0, 34.0)]));
    }
}
