//! Entries under one key whose formulas cannot belong to one structure.

use std::collections::BTreeMap;

use super::report::{AuditCode, AuditFinding, Severity};
use super::subject::id_list;
use crate::chem::{Element, Formula};
use crate::library::{Entry, EntryId};

/// Atoms of each element but hydrogen, by atomic number, of the organic part: hydrogens and charge
/// differ between a base and its protonated form, and some sources leave the acid of a salt away.
type HeavyAtoms = Vec<(&'static str, u32)>;

pub(super) fn check(entries: &[&Entry], findings: &mut Vec<AuditFinding>) {
    check_formulas(entries, findings);
    check_labels(entries, findings);
}

fn check_formulas(entries: &[&Entry], findings: &mut Vec<AuditFinding>) {
    let mut by_skeleton: BTreeMap<&str, BTreeMap<HeavyAtoms, Vec<&Entry>>> = BTreeMap::new();
    for entry in entries.iter().filter(|entry| !entry.keyed_as_parent()) {
        if let (Some(key), Some(formula)) = (entry.key(), entry.formula()) {
            let formulas = by_skeleton.entry(key.skeleton()).or_default();
            formulas.entry(heavy_atoms(formula)).or_default().push(entry);
        }
    }
    for (skeleton, formulas) in by_skeleton.into_iter().filter(|(_, formulas)| formulas.len() > 1) {
        let mut groups: Vec<Vec<&Entry>> = formulas.into_values().collect();
        // The rarest formula is the doubtful one; of equally rare ones that of the first entry.
        groups.sort_by_key(|group| (group.len(), group[0].id()));
        let ids: Vec<EntryId> = groups.iter().flatten().map(|entry| entry.id()).collect();
        let texts: Vec<String> =
            groups.iter().take(4).filter_map(|group| group[0].formula()).map(Formula::to_string).collect();
        let message = format!(
            "entries {} share the first block {skeleton} of their InChIKeys, but state different formulas: {}",
            id_list(&ids),
            texts.join(", ")
        );
        findings.push(AuditFinding::new(AuditCode::SameKeyOtherFormula, Severity::Error, ids, message));
    }
}

fn check_labels(entries: &[&Entry], findings: &mut Vec<AuditFinding>) {
    let mut by_inchikey: BTreeMap<&str, Vec<&Entry>> = BTreeMap::new();
    for entry in entries.iter().filter(|entry| entry.key().is_some() && entry.formula().is_some()) {
        if let Some(inchikey) = entry.record().identity.inchikey.as_deref() {
            by_inchikey.entry(inchikey.trim()).or_default().push(entry);
        }
    }
    for (inchikey, group) in by_inchikey {
        let (labelled, unlabelled): (Vec<&Entry>, Vec<&Entry>) = group
            .into_iter()
            .partition(|entry| entry.formula().is_some_and(Formula::is_isotopically_labelled));
        if labelled.is_empty() || unlabelled.is_empty() {
            continue;
        }
        let ids: Vec<EntryId> = labelled.iter().chain(&unlabelled).map(|entry| entry.id()).collect();
        let message = format!(
            "entries {} share the whole InChIKey {inchikey}, but the formulas of {} have isotope labels and the others have not",
            id_list(&ids),
            id_list(&ids[..labelled.len()])
        );
        findings.push(AuditFinding::new(AuditCode::LabelledUnderParentsKey, Severity::Error, ids, message));
    }
}

fn heavy_atoms(formula: &Formula) -> HeavyAtoms {
    let organic = formula.largest_organic_component();
    let mut atoms: BTreeMap<(u8, &'static str), u32> = BTreeMap::new();
    for (atom, count) in organic.as_ref().unwrap_or(formula).atoms() {
        let element = atom.element();
        if element != Element::HYDROGEN {
            *atoms.entry((element.atomic_number(), element.symbol())).or_default() += count;
        }
    }
    atoms.into_iter().map(|((_, symbol), count)| (symbol, count)).collect()
}

#[cfg(test)]
mod tests {
    use super::super::test_support::{library, record};
    use super::*;

    const COCAINE: &str = "ZPUCINDJVBIVPJ-LJISPDSOSA-N";

    fn found(formulas: &[&str]) -> Vec<(AuditCode, Vec<u64>)> {
        let records = formulas.iter().map(|formula| record("x", COCAINE, formula, &[(82.0, 1.0)])).collect();
        let library = library(records);
        let mut findings = Vec::new();
        check(&library.entries().map(Result::unwrap).collect::<Vec<_>>(), &mut findings);
        findings.iter().map(|found| (found.code, found.entries.iter().map(|id| id.0).collect())).collect()
    }

    #[test]
    fn the_rarest_formula_is_doubtful() {
        assert_eq!(
            found(&["C17H21NO4", "C18H23NO4", "C17H21NO4.HCl"]),
            [(AuditCode::SameKeyOtherFormula, vec![2, 1, 3])]
        );
        assert!(found(&["C17H21NO4", "C17H22NO4+", "C17H21NO4.HCl"]).is_empty());
    }

    #[test]
    fn labels_belong_to_a_key_of_their_own() {
        assert_eq!(found(&["C17H21NO4", "C17H18D3NO4"]), [(AuditCode::LabelledUnderParentsKey, vec![2, 1])]);
        assert!(found(&["C17H18D3NO4", "C17H18D3NO4"]).is_empty());
    }
}
