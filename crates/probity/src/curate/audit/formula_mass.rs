//! The stated masses against the formula.

use super::options::AuditOptions;
use super::report::{AuditCode, AuditFinding, Severity};
use super::subject::named;
use crate::chem::Formula;
use crate::library::Entry;

/// Whether any mass was stated beside a readable formula.
pub(super) fn can_check(entry: &Entry) -> bool {
    let identity = &entry.record().identity;
    entry.formula().is_some() && (identity.molecular_mass.is_some() || identity.exact_mass.is_some())
}

/// A stated molecular mass may be the nominal mass of the most abundant isotopes (SWGDRUG: 360 for
/// mercuric bromide) or of the lightest, the average mass, or the exact mass; of a salt, that of the
/// whole or of its organic part. Of derivatives under the parent's formula the mass may be the
/// parent's or the derivative's, so they are not looked at.
pub(super) fn check(entry: &Entry, options: &AuditOptions, findings: &mut Vec<AuditFinding>) {
    let Some(formula) = entry.formula() else { return };
    if entry.keyed_as_parent() {
        return;
    }
    let organic = formula.largest_organic_component();
    let identity = &entry.record().identity;
    let candidates: Vec<&Formula> = [Some(formula), organic.as_ref()].into_iter().flatten().collect();
    let mut find = |what: &str, stated: f64, of_formula: f64, tolerance: f64| {
        let message = format!(
            "{}: the stated {what} mass {stated} is not that of the formula {formula}, {of_formula:.4} (the nearest; allowed is {tolerance})",
            named(entry)
        );
        findings.push(
            AuditFinding::new(AuditCode::FormulaMassMismatch, Severity::Error, vec![entry.id()], message)
                .number("stated_mass_da", stated)
                .number("formula_mass_da", of_formula),
        );
    };
    if let Some(stated) = identity.molecular_mass {
        let masses = candidates.iter().flat_map(|formula| {
            [
                f64::from(formula.nominal_mass()),
                f64::from(formula.lightest_nominal_mass()),
                formula.average_mass(),
                formula.monoisotopic_mass(),
            ]
        });
        if let Some(nearest) = nearest(stated, masses)
            && differs(stated, nearest, options.molecular_mass_tolerance_da)
        {
            find("molecular", stated, nearest, options.molecular_mass_tolerance_da);
        }
    }
    if let Some(stated) = identity.exact_mass {
        let masses = candidates.iter().map(|formula| formula.monoisotopic_mass());
        if let Some(nearest) = nearest(stated, masses)
            && differs(stated, nearest, options.exact_mass_tolerance_da)
        {
            find("exact", stated, nearest, options.exact_mass_tolerance_da);
        }
    }
}

fn differs(stated: f64, of_formula: f64, tolerance: f64) -> bool {
    (stated - of_formula).abs() > tolerance
}

/// Of equally near masses the first.
fn nearest(stated: f64, masses: impl Iterator<Item = f64>) -> Option<f64> {
    masses.reduce(|best, mass| if (mass - stated).abs() < (best - stated).abs() { mass } else { best })
}

#[cfg(test)]
mod tests {
    use super::super::test_support::{codes, record};
    use super::*;

    fn found(formula: &str, molecular_mass: Option<f64>, exact_mass: Option<f64>) -> usize {
        let mut entry = record("x", "", formula, &[(50.0, 1.0)]);
        entry.identity.molecular_mass = molecular_mass;
        entry.identity.exact_mass = exact_mass;
        codes(|entry, findings| check(entry, &AuditOptions::default(), findings), entry).len()
    }

    #[test]
    fn nominal_average_and_exact_masses_pass() {
        // Cocaine: 17 · 12 + 21 + 14 + 4 · 16 = 303; average 303.36, exact 303.1471 (17 · 12 +
        // 21 · 1.007825 + 14.003074 + 4 · 15.994915).
        for stated in [303.0, 303.36, 303.1471] {
            assert_eq!(found("C17H21NO4", Some(stated), None), 0, "{stated}");
        }
        assert_eq!(found("C17H21NO4", None, Some(303.1471)), 0);
        // The hydrochloride: 303 + 36 = 339; either may be stated.
        for stated in [303.0, 339.0] {
            assert_eq!(found("C17H21NO4.HCl", Some(stated), None), 0, "{stated}");
        }
        // 202Hg 79Br₂ is 360, the average 200.59 + 2 · 79.904 = 360.4, the lightest 196 + 158 = 354.
        for stated in [360.0, 354.0] {
            assert_eq!(found("HgBr2", Some(stated), None), 0, "{stated}");
        }
        assert_eq!(found("C17H21NO4", None, None), 0);
    }

    #[test]
    fn another_mass_is_a_contradiction() {
        assert_eq!(found("C17H21NO4", Some(305.0), None), 1);
        assert_eq!(found("C17H21NO4", None, Some(303.17)), 1);
        assert_eq!(found("C17H21NO4", Some(290.0), Some(290.22)), 2);
        // The labelled substance is 3 heavier.
        assert_eq!(found("C17H18D3NO4", Some(306.0), None), 0);
        assert_eq!(found("C17H18D3NO4", Some(303.0), None), 1);
    }
}
