//! Ions at losses that molecules do not show.

use std::ops::RangeInclusive;

use super::ion_cluster::own_shares;
use super::options::AuditOptions;
use super::report::{AuditCode, AuditFinding, Severity};
use super::subject::{MolecularIon, UnitMass, is_silicone, named, percent};
use crate::chem::Element;
use crate::library::Entry;

/// Losses of 4 to 13 and 21 to 25 u are highly unlikely (McLafferty and Turecek, Interpretation of Mass
/// Spectra, 4th ed., on illogical neutral losses); 14 u is listed there, too, but a homologue as an
/// impurity is so common that it would bury the rest.
const IMPLAUSIBLE_LOSSES: [RangeInclusive<u32>; 2] = [4..=13, 21..=25];

/// Up to six hydrogens go one after another from aromatic hydrocarbons.
const HYDROGENS_LOST: u32 = 6;

/// Air and water below this m/z are no fragments.
const LOWEST_MZ: u32 = 34;

pub(super) fn check(
    entry: &Entry,
    spectrum: &UnitMass,
    ion: &MolecularIon,
    options: &AuditOptions,
) -> Option<AuditFinding> {
    // Deuterium makes nearly every loss possible.
    if ion.has_lighter
        || ion.formula.is_isotopically_labelled()
        || spectrum.share(ion.mz) < options.clear_molecular_ion_share
    {
        return None;
    }
    // From M − 31 on, so that the isotopes of the ions there come off.
    let first = ion.mz.saturating_sub(31).max(1);
    let own = own_shares(spectrum, ion, first, ion.mz);
    let fluorine = Element::from_symbol("F").map_or(0, |fluorine| ion.formula.count(fluorine));
    let oxygen = ion.formula.count(Element::OXYGEN);
    let (loss, share) = (first..ion.mz)
        .zip(&own)
        .filter(|&(mz, &share)| mz >= LOWEST_MZ && share >= options.implausible_loss_share)
        .map(|(mz, &share)| (ion.mz - mz, share))
        .filter(|(loss, _)| IMPLAUSIBLE_LOSSES.iter().any(|range| range.contains(loss)))
        // Water with three hydrogens, as cyclic and aromatic alcohols lose them one after another.
        .filter(|&(loss, _)| loss != 21 || oxygen == 0)
        // HF with one to three hydrogens is 21 to 23.
        .filter(|(loss, _)| fluorine == 0 || !(21..=23).contains(loss))
        .filter(|&(loss, share)| loss > HYDROGENS_LOST || !is_hydrogen_series(spectrum, ion.mz, loss, share))
        // Of equally strong ions the lightest.
        .reduce(|best, ion| if ion.1 > best.1 { ion } else { best })?;
    let hint = if is_silicone(ion.mz - loss) { " Silicone from the column gives this ion, too." } else { "" };
    let message = format!(
        "{}: the ion at m/z {} has {} of the base peak, but no molecule loses {loss} u; is m/z {} the molecular ion of {}?{hint}",
        named(entry),
        ion.mz - loss,
        percent(share),
        ion.mz,
        ion.formula
    );
    Some(
        AuditFinding::new(AuditCode::ImplausibleLoss, Severity::Doubt, vec![entry.id()], message)
            .number("molecular_ion_mz", f64::from(ion.mz))
            .number("loss_da", f64::from(loss))
            .number("share", share),
    )
}

/// Whether an ion one or two hydrogens heavier, below M, is at least as strong.
fn is_hydrogen_series(spectrum: &UnitMass, molecular_mz: u32, loss: u32, share: f64) -> bool {
    [loss - 1, loss - 2].into_iter().any(|fewer| fewer > 0 && spectrum.share(molecular_mz - fewer) >= share)
}

#[cfg(test)]
mod tests {
    use super::super::test_support::{of_ion, record};
    use super::*;

    fn loss(formula: &str, peaks: &[(f64, f64)]) -> Option<f64> {
        of_ion(record("x", "", formula, peaks), |entry, spectrum, ion| {
            check(entry, spectrum, ion, &AuditOptions::default())
        })
        .map(|finding| finding.numbers["loss_da"])
    }

    #[test]
    fn no_molecule_loses_ten() {
        // Cocaine, M 303: 272 (OCH₃) and 288 (CH₃) are losses that occur, 293 is none.
        assert_eq!(loss("C17H21NO4", &[(82.0, 100.0), (272.0, 20.0), (288.0, 10.0), (303.0, 20.0)]), None);
        assert_eq!(loss("C17H21NO4", &[(82.0, 100.0), (293.0, 6.0), (303.0, 20.0)]), Some(10.0));
        assert_eq!(loss("C17H21NO4", &[(82.0, 100.0), (280.0, 6.0), (303.0, 20.0)]), Some(23.0));
        // Nothing can be lost from an ion that is hardly there.
        assert_eq!(loss("C17H21NO4", &[(82.0, 100.0), (293.0, 6.0), (303.0, 4.0)]), None);
    }

    #[test]
    fn isotopes_hydrogens_and_fluorine_explain_some() {
        // Chlorobenzene less CH₃ would be 97, its 37Cl stands at M − 13.
        assert_eq!(loss("C6H5Cl", &[(97.0, 100.0), (99.0, 32.0), (112.0, 50.0), (114.0, 16.0)]), None);
        assert_eq!(loss("C6H5Cl", &[(99.0, 32.0), (112.0, 100.0), (114.0, 32.0)]), Some(13.0));
        // C₁₈H₁₆ loses hydrogens pairwise: 232, 230, 228, 226.
        assert_eq!(loss("C18H16", &[(226.0, 6.0), (228.0, 8.0), (230.0, 12.0), (232.0, 100.0)]), None);
        assert_eq!(loss("C18H16", &[(228.0, 8.0), (232.0, 100.0)]), Some(4.0));
        // 3-Phenyl-1-propanol loses water and three hydrogens, 136 to 115; cumene has no oxygen and
        // cannot lose 21.
        assert_eq!(loss("C9H12O", &[(115.0, 8.0), (117.0, 100.0), (136.0, 30.0)]), None);
        assert_eq!(loss("C9H12", &[(99.0, 8.0), (105.0, 100.0), (120.0, 30.0)]), Some(21.0));
        // HF and H together are 21.
        assert_eq!(loss("C24H22FNO", &[(338.0, 10.0), (359.0, 100.0)]), None);
    }
}
