//! Texts that stand where an InChIKey, a CAS number or a formula should, and are none.

use super::report::{AuditCode, AuditFinding, Severity};
use super::subject::named;
use crate::chem::{CasNumber, Formula, InChIKey};
use crate::library::Entry;

/// The largest 32-bit integer, which programs write for a number that is larger.
const OVERFLOWED: &str = "2147483647";

pub(super) fn check(entry: &Entry, findings: &mut Vec<AuditFinding>) {
    let identity = &entry.record().identity;
    let mut find = |code, severity, reason: String| {
        let message = format!("{}: {reason}", named(entry));
        findings.push(AuditFinding::new(code, severity, vec![entry.id()], message));
    };
    if let Some(Err(error)) = identity.inchikey.as_deref().map(str::parse::<InChIKey>) {
        find(AuditCode::ImpossibleInchikey, Severity::Error, error.message().to_owned());
    }
    for text in &identity.cas_numbers {
        if let Err(error) = text.parse::<CasNumber>() {
            let hint = if text.trim() == OVERFLOWED {
                "; it is the largest 32-bit integer, so a program has cut the real number off"
            } else {
                ""
            };
            find(AuditCode::ImpossibleCasNumber, Severity::Error, format!("{}{hint}", error.message()));
        }
    }
    if let Some(Err(error)) = identity.formula.as_deref().map(str::parse::<Formula>) {
        find(AuditCode::UnreadableFormula, Severity::Doubt, error.message().to_owned());
    }
}

#[cfg(test)]
mod tests {
    use super::super::test_support::{codes, library, record};
    use super::*;

    #[test]
    fn what_is_well_formed_passes() {
        let mut cocaine = record("Cocaine", "ZPUCINDJVBIVPJ-LJISPDSOSA-N", "C17H21NO4", &[(82.0, 1.0)]);
        cocaine.identity.cas_numbers = vec!["50-36-2".into(), "50362".into()];
        assert!(codes(check, cocaine).is_empty());
        assert!(codes(check, record("bare", "", "", &[(82.0, 1.0)])).is_empty());
    }

    #[test]
    fn each_text_that_is_none_is_named_with_its_reason() {
        let mut wrong = record("Cocaine", "ZPUCINDJVBIVPJ", "C17Xy2", &[(82.0, 1.0)]);
        // The check digit of cocaine's number is 2: (3·2 + 6·1) + (0·3 + 5·4) = 32.
        wrong.identity.cas_numbers = vec!["50-36-3".into(), "2147483647".into()];
        let library = library(vec![wrong]);
        let mut findings = Vec::new();
        check(library.at(0).unwrap(), &mut findings);
        let found: Vec<_> = findings.iter().map(|finding| finding.code).collect();
        use AuditCode::{ImpossibleCasNumber as Cas, ImpossibleInchikey, UnreadableFormula};
        assert_eq!(found, [ImpossibleInchikey, Cas, Cas, UnreadableFormula]);
        assert!(findings[1].message.contains("should be 2"), "{}", findings[1]);
        assert!(findings[2].message.contains("32-bit"), "{}", findings[2]);
    }
}
