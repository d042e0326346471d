//! Spectra without a molecular ion.

use super::report::{AuditCode, AuditFinding, Severity};
use super::subject::{MolecularIon, UnitMass, named};
use crate::library::Entry;

/// Normal for many amines, alcohols and esters: such an entry cannot show the molecular mass. An ion at
/// M − 1, after the loss of a hydrogen, shows it as well.
pub(super) fn check(entry: &Entry, spectrum: &UnitMass, ion: &MolecularIon) -> Option<AuditFinding> {
    if [ion.mz, ion.mz.saturating_sub(1)].into_iter().any(|mz| spectrum.share(mz) > 0.0) {
        return None;
    }
    let highest = spectrum.peaks.columns().mz().last().copied()?;
    let past_scan = spectrum.scan_range_mz.is_some_and(|(_, last)| last < f64::from(ion.mz) - 1.0);
    let reason = if past_scan { "; the scan ended below it" } else { "" };
    let message = format!(
        "{}: no ion at m/z {} or one below, the molecular ion of {}; the highest ion is at {highest}{reason}",
        named(entry),
        ion.mz,
        ion.formula
    );
    Some(
        AuditFinding::new(AuditCode::MissingMolecularIon, Severity::Note, vec![entry.id()], message)
            .number("molecular_ion_mz", f64::from(ion.mz))
            .number("highest_mz", f64::from(highest)),
    )
}

#[cfg(test)]
mod tests {
    use super::super::test_support::{of_ion, record};
    use super::*;

    #[test]
    fn the_ion_or_one_hydrogen_less_shows_the_mass() {
        // Amphetamine: 9 · 12 + 13 + 14 = 135.
        let found =
            |peaks: &[(f64, f64)]| of_ion(record("Amphetamine", "", "C9H13N", peaks), check).is_some();
        assert!(found(&[(44.0, 999.0), (91.0, 100.0), (120.0, 10.0)]));
        assert!(found(&[(44.0, 999.0), (136.0, 10.0)]));
        assert!(!found(&[(44.0, 999.0), (135.0, 1.0)]));
        assert!(!found(&[(44.0, 999.0), (134.0, 1.0)]));
        // The hydrochloride evaporates as the base.
        assert!(of_ion(record("Amphetamine HCl", "", "C9H13N.HCl", &[(135.0, 1.0)]), check).is_none());
    }
}
