//! Points out doubtful entries of a reference library. It reports; it never deletes or changes.
//!
//! What it cannot see: whether name and structure agree (that needs the structure behind the key), and
//! a wrong label where the library holds no second spectrum of the substance and the masses agree.

mod connected;
mod copies;
mod derivatives;
mod formula_mass;
mod identifiers;
mod implausible_loss;
mod ion_cluster;
mod ions_above;
mod isotope_pattern;
mod labels;
mod missing_molecular_ion;
mod options;
mod replicates;
mod report;
mod scan_start;
mod shared_keys;
mod subject;
#[cfg(test)]
mod test_support;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::ops::ControlFlow;

pub use options::AuditOptions;
pub use report::{AuditCode, AuditFinding, AuditReport, Severity};
pub use subject::NotChecked;

use crate::error::Result;
use crate::library::Entry;
use crate::progress::{Watch, Watched};
use crate::search::Executor;
use crate::spectrum::SpectrumKind;
use subject::{MolecularIon, UnitMass};

/// Entries looked at in one go by one thread.
const CHUNK: usize = 256;

/// Audits entries, each with an id of its own. The report does not depend on the order of the entries
/// nor on the number of threads. Peaks are looked at in spectra that state electron ionization only; of curves, what is
/// stated beside them is checked.
///
/// # Errors
/// As [`AuditOptions::checked`].
pub fn audit(entries: &[&Entry], options: &AuditOptions, executor: &Executor) -> Result<AuditReport> {
    audit_watched(entries, options, executor, &mut |_| ControlFlow::Continue(()))
}

/// As [`audit`], and tells `watch` how far it is. Each entry counts twice: on its own, and among the others.
///
/// # Errors
/// As [`audit`]; `Cancelled` if `watch` breaks off.
pub fn audit_watched(
    entries: &[&Entry],
    options: &AuditOptions,
    executor: &Executor,
    watch: &mut Watch<'_>,
) -> Result<AuditReport> {
    let watched = &mut Watched::by(watch);
    watched.expect(2 * entries.len() as u64)?;
    let options = options.checked()?;
    let mut entries = entries.to_vec();
    entries.sort_by_key(|entry| entry.id());
    let mut findings = Vec::new();
    let mut not_checked: BTreeMap<NotChecked, usize> = BTreeMap::new();
    let mut comparable = Vec::new();
    let work = |_, entries: &[&Entry]| -> Vec<Single> {
        entries.iter().map(|entry| Single::of(entry, &options)).collect()
    };
    let singles = executor.map_chunks_told(&entries, CHUNK, work, watched)?.into_iter().flatten();
    for (entry, single) in entries.iter().zip(singles) {
        findings.extend(single.findings);
        for reason in single.not_checked {
            *not_checked.entry(reason).or_default() += 1;
        }
        if single.is_comparable {
            comparable.push(*entry);
        }
    }
    shared_keys::check(&entries, &mut findings);
    replicates::check(&comparable, &options, executor, &mut findings, &mut not_checked);
    watched.ask()?;
    copies::check(&comparable, &options, executor, &mut findings, watched)?;
    watched.reach(2 * entries.len() as u64)?;
    Ok(AuditReport::new(options, entries.len(), not_checked, findings))
}

/// What an entry shows on its own.
#[derive(Default)]
struct Single {
    findings: Vec<AuditFinding>,
    not_checked: Vec<NotChecked>,
    /// Whether its spectrum can be compared with others.
    is_comparable: bool,
}

impl Single {
    fn of(entry: &Entry, options: &AuditOptions) -> Self {
        let mut single = Self::default();
        identifiers::check(entry, &mut single.findings);
        formula_mass::check(entry, options, &mut single.findings);
        labels::check(entry, &mut single.findings);
        derivatives::check(entry, &mut single.findings);
        scan_start::check(entry, options, &mut single.findings);
        if entry.formula().is_some() && !formula_mass::can_check(entry) {
            single.not_checked.push(NotChecked::NoStatedMass);
        }
        if entry.record().spectrum.kind() == SpectrumKind::Curve {
            single.not_checked.push(NotChecked::Curve);
            return single;
        }
        if entry.key().is_none() {
            single.not_checked.push(NotChecked::NoKey);
        }
        let ion = MolecularIon::of(entry);
        if let Err(reason) = &ion {
            single.not_checked.push(*reason);
        }
        let spectrum = match UnitMass::of(entry) {
            Ok(spectrum) => spectrum,
            Err(reason) => {
                single.not_checked.push(reason);
                return single;
            }
        };
        let has_enough = spectrum.peaks.columns().len() >= options.fewest_peaks;
        if !has_enough {
            single.not_checked.push(NotChecked::FewPeaks);
        }
        single.is_comparable = has_enough && entry.key().is_some();
        if let Ok(ion) = ion {
            single.look_at_ions(entry, &spectrum, &ion, options);
        }
        single
    }

    fn look_at_ions(
        &mut self,
        entry: &Entry,
        spectrum: &UnitMass,
        ion: &MolecularIon,
        options: &AuditOptions,
    ) {
        if !ion.is_at_its_unit_mass(spectrum) {
            self.not_checked.push(NotChecked::MassDefect);
            return;
        }
        if ion.has_lighter {
            self.not_checked.push(NotChecked::LighterIsotopes);
        }
        self.findings.extend(ions_above::check(entry, spectrum, ion, options));
        self.findings.extend(isotope_pattern::check(entry, spectrum, ion, options));
        self.findings.extend(implausible_loss::check(entry, spectrum, ion, options));
        self.findings.extend(missing_molecular_ion::check(entry, spectrum, ion));
    }
}
