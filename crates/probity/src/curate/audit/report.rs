//! What an audit says.

use std::collections::BTreeMap;
use std::fmt;

use serde::Serialize;

use super::options::AuditOptions;
use super::subject::NotChecked;
use crate::library::EntryId;

/// What is doubtful, one code per check, in the order of the report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum AuditCode {
    /// Same key and form, but spectra further apart than replicates are.
    ReplicatesDisagree,
    /// The same spectrum under different keys.
    SameSpectrumOtherKey,
    /// The same key and form, and nearly the same spectrum: copies.
    SameSpectrumSameKey,
    /// The same first block of the InChIKey with different formulas.
    SameKeyOtherFormula,
    /// A stated mass that is not the formula's.
    FormulaMassMismatch,
    /// Ions above the isotope pattern of the molecular ion.
    IonsAboveMolecularMass,
    /// An isotope pattern of the molecular ion that is not the formula's.
    IsotopePatternMismatch,
    /// Ions at losses from the molecular ion that molecules do not show.
    ImplausibleLoss,
    /// A labelled substance under the key of the unlabelled one.
    LabelledUnderParentsKey,
    /// A name without isotope label under the key of a labelled substance.
    UnlabelledNameUnderLabelledKey,
    /// A SMILES with labelled atoms beside a key and formula without.
    LabelOnlyInSmiles,
    /// A derivative's spectrum under key and formula of the parent.
    DerivativeUnderParentsKey,
    /// A text for an InChIKey that is none.
    ImpossibleInchikey,
    /// A text for a CAS registry number that is none.
    ImpossibleCasNumber,
    /// A text for a formula that cannot be read.
    UnreadableFormula,
    /// No ion at the molecular mass or one below it.
    MissingMolecularIon,
    /// A scan that starts too high.
    LateScanStart,
}

impl AuditCode {
    /// All codes, in the order of the report.
    pub const ALL: [Self; 17] = [
        Self::ReplicatesDisagree,
        Self::SameSpectrumOtherKey,
        Self::SameSpectrumSameKey,
        Self::SameKeyOtherFormula,
        Self::FormulaMassMismatch,
        Self::IonsAboveMolecularMass,
        Self::IsotopePatternMismatch,
        Self::ImplausibleLoss,
        Self::LabelledUnderParentsKey,
        Self::UnlabelledNameUnderLabelledKey,
        Self::LabelOnlyInSmiles,
        Self::DerivativeUnderParentsKey,
        Self::ImpossibleInchikey,
        Self::ImpossibleCasNumber,
        Self::UnreadableFormula,
        Self::MissingMolecularIon,
        Self::LateScanStart,
    ];

    /// The code as the report writes it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::ReplicatesDisagree => "replicates_disagree",
            Self::SameSpectrumOtherKey => "same_spectrum_other_key",
            Self::SameSpectrumSameKey => "same_spectrum_same_key",
            Self::SameKeyOtherFormula => "same_key_other_formula",
            Self::FormulaMassMismatch => "formula_mass_mismatch",
            Self::IonsAboveMolecularMass => "ions_above_molecular_mass",
            Self::IsotopePatternMismatch => "isotope_pattern_mismatch",
            Self::ImplausibleLoss => "implausible_loss",
            Self::LabelledUnderParentsKey => "labelled_under_parents_key",
            Self::UnlabelledNameUnderLabelledKey => "unlabelled_name_under_labelled_key",
            Self::LabelOnlyInSmiles => "label_only_in_smiles",
            Self::DerivativeUnderParentsKey => "derivative_under_parents_key",
            Self::ImpossibleInchikey => "impossible_inchikey",
            Self::ImpossibleCasNumber => "impossible_cas_number",
            Self::UnreadableFormula => "unreadable_formula",
            Self::MissingMolecularIon => "missing_molecular_ion",
            Self::LateScanStart => "late_scan_start",
        }
    }
}

impl fmt::Display for AuditCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// How much a finding weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Two things that the entry or the library states contradict each other.
    Error,
    /// Probably wrong; an analyst should look.
    Doubt,
    /// Worth knowing, and normal for many substances.
    Note,
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Error => "error",
            Self::Doubt => "doubt",
            Self::Note => "note",
        })
    }
}

/// One doubt about one or more entries.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct AuditFinding {
    /// Which check found it.
    pub code: AuditCode,
    /// How much it weighs.
    pub severity: Severity,
    /// The entries: the doubtful ones first, ascending, then those that they were compared with.
    pub entries: Vec<EntryId>,
    /// What it is, in a sentence for an analyst.
    pub message: String,
    /// The numbers behind it, by name: cosines and shares from 0 to 1, m/z, masses in Da.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub numbers: BTreeMap<&'static str, f64>,
}

impl AuditFinding {
    pub(super) fn new(
        code: AuditCode,
        severity: Severity,
        entries: Vec<EntryId>,
        message: impl Into<String>,
    ) -> Self {
        Self { code, severity, entries, message: message.into(), numbers: BTreeMap::new() }
    }

    pub(super) fn number(mut self, name: &'static str, value: f64) -> Self {
        self.numbers.insert(name, value);
        self
    }
}

impl fmt::Display for AuditFinding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}: {}", self.severity, self.code, self.message)
    }
}

/// Everything that an audit found. It changes nothing in the library.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct AuditReport {
    /// The thresholds.
    pub options: AuditOptions,
    /// The number of entries.
    pub entries_audited: usize,
    /// The number of findings by code; every code is listed.
    pub counts: BTreeMap<AuditCode, usize>,
    /// What could not be checked, and for how many entries.
    pub not_checked: BTreeMap<NotChecked, usize>,
    /// The findings, ordered by code, then by entries.
    pub findings: Vec<AuditFinding>,
}

impl AuditReport {
    pub(super) fn new(
        options: AuditOptions,
        entries_audited: usize,
        not_checked: BTreeMap<NotChecked, usize>,
        mut findings: Vec<AuditFinding>,
    ) -> Self {
        // Stable, so that several findings of one code on one entry keep the order of its fields.
        findings.sort_by(|a, b| (a.code, &a.entries).cmp(&(b.code, &b.entries)));
        let mut counts: BTreeMap<_, _> = AuditCode::ALL.into_iter().map(|code| (code, 0)).collect();
        for finding in &findings {
            *counts.entry(finding.code).or_default() += 1;
        }
        Self { options, entries_audited, counts, not_checked, findings }
    }

    /// The findings of one code.
    pub fn of(&self, code: AuditCode) -> impl Iterator<Item = &AuditFinding> {
        self.findings.iter().filter(move |finding| finding.code == code)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_of_the_report_and_all_are_listed() {
        for (code, next) in AuditCode::ALL.into_iter().zip(AuditCode::ALL.into_iter().skip(1)) {
            assert!(code < next);
        }
        for code in AuditCode::ALL {
            assert_eq!(serde_json::to_value(code).unwrap(), code.name());
        }
    }

    #[test]
    fn findings_are_ordered_by_code_then_entries() {
        let finding = |code, id| AuditFinding::new(code, Severity::Note, vec![EntryId(id)], "");
        let report = AuditReport::new(
            AuditOptions::default(),
            3,
            BTreeMap::new(),
            vec![
                finding(AuditCode::LateScanStart, 1),
                finding(AuditCode::MissingMolecularIon, 3),
                finding(AuditCode::MissingMolecularIon, 2),
            ],
        );
        let order: Vec<_> =
            report.findings.iter().map(|finding| (finding.code, finding.entries[0].0)).collect();
        assert_eq!(
            order,
            [
                (AuditCode::MissingMolecularIon, 2),
                (AuditCode::MissingMolecularIon, 3),
                (AuditCode::LateScanStart, 1)
            ]
        );
        assert_eq!(report.counts[&AuditCode::MissingMolecularIon], 2);
        assert_eq!(report.counts[&AuditCode::ReplicatesDisagree], 0);
        assert_eq!(report.of(AuditCode::LateScanStart).count(), 1);
    }
}
