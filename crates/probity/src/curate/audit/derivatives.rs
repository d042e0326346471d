//! Derivatives under the key and formula of the parent.

use super::report::{AuditCode, AuditFinding, Severity};
use super::subject::named;
use crate::library::Entry;

pub(super) fn check(entry: &Entry, findings: &mut Vec<AuditFinding>) {
    if !entry.keyed_as_parent() {
        return;
    }
    let derivative = entry.record().form.derivative.as_deref().unwrap_or_default();
    let stated = match (entry.key(), entry.formula()) {
        (Some(key), Some(formula)) => format!("the key {key} and the formula {formula} are"),
        (Some(key), None) => format!("the key {key} is"),
        (None, Some(formula)) => format!("the formula {formula} is"),
        // Nothing is claimed of the substance, so nothing is wrong.
        (None, None) => return,
    };
    let message = format!(
        "{}: the spectrum is that of a derivative ({derivative}), {stated} the parent's",
        named(entry)
    );
    findings.push(AuditFinding::new(
        AuditCode::DerivativeUnderParentsKey,
        Severity::Doubt,
        vec![entry.id()],
        message,
    ));
}

#[cfg(test)]
mod tests {
    use super::super::test_support::{codes, record};
    use super::*;

    #[test]
    fn the_formula_tells_whose_key_it_is() {
        let derivative = |formula| {
            let mut entry = record("Urea 2 TMS", "XSQUKJJJFZCRTK-UHFFFAOYSA-N", formula, &[(147.0, 1.0)]);
            entry.form.derivative = Some("2 TMS".into());
            codes(check, entry)
        };
        assert_eq!(derivative("CH4N2O"), [AuditCode::DerivativeUnderParentsKey]);
        assert!(derivative("C7H20N2OSi2").is_empty());
        assert!(
            codes(check, record("Urea", "XSQUKJJJFZCRTK-UHFFFAOYSA-N", "CH4N2O", &[(60.0, 1.0)])).is_empty()
        );
    }
}
