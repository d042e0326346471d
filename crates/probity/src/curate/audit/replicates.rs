//! Spectra of one substance and form that disagree.

use std::collections::BTreeMap;

use super::connected::Connected;
use super::options::AuditOptions;
use super::report::{AuditCode, AuditFinding, Severity};
use super::subject::{NotChecked, UnitMass, id_list, named};
use crate::library::{Entry, EntryId};
use crate::search::Executor;
use crate::similarity::common_range::CommonRange;
use crate::similarity::weighted_dot_product::{WeightedSpectrum, weighted_dot_product};

/// Compares entries of the same key and derivative on the m/z range that both were measured in.
pub(super) fn check(
    entries: &[&Entry],
    options: &AuditOptions,
    executor: &Executor,
    findings: &mut Vec<AuditFinding>,
    not_checked: &mut BTreeMap<NotChecked, usize>,
) {
    let mut groups: BTreeMap<_, Vec<&Entry>> = BTreeMap::new();
    for entry in entries {
        let derivative = entry.record().form.derivative.as_deref();
        if derivative.is_some_and(is_uncounted) {
            *not_checked.entry(NotChecked::UncountedDerivative).or_default() += 1;
        } else {
            groups.entry((entry.key(), derivative)).or_default().push(entry);
        }
    }
    groups.retain(|_, group| {
        if group.len() > options.largest_replicate_group {
            *not_checked.entry(NotChecked::LargeReplicateGroup).or_default() += group.len();
        }
        (2..=options.largest_replicate_group).contains(&group.len())
    });
    let groups: Vec<Vec<&Entry>> = groups.into_values().collect();
    findings.extend(executor.map(&groups, |group| of_group(group, options)).into_iter().flatten());
}

/// `n TMS`, `x TMS`: a number that is not stated, so entries may be of different derivatives.
fn is_uncounted(derivative: &str) -> bool {
    let first = derivative.trim_start_matches(['(', ' ']).split([' ', '-']).next().unwrap_or_default();
    ["n", "x"].iter().any(|letter| first.eq_ignore_ascii_case(letter))
}

struct Replicate {
    spectrum: UnitMass,
    weighted: WeightedSpectrum,
}

/// Sets of entries that agree, directly or through others; with one set nothing is doubtful.
fn of_group(group: &[&Entry], options: &AuditOptions) -> Option<AuditFinding> {
    let (entries, replicates): (Vec<&Entry>, Vec<Replicate>) = group
        .iter()
        .filter_map(|entry| {
            let spectrum = UnitMass::of(entry).ok()?;
            let weighted = WeightedSpectrum::of(spectrum.peaks.columns(), options.weights);
            Some((*entry, Replicate { spectrum, weighted }))
        })
        .unzip();
    let mut connected = Connected::new(entries.len());
    let mut apart = Vec::new();
    for b in 1..entries.len() {
        for a in 0..b {
            if connected.first(a) == connected.first(b) {
                continue;
            }
            match cosine(&replicates[a], &replicates[b], options) {
                Some(cosine) if cosine < options.replicate_cosine => apart.push((a, b, cosine)),
                _ => connected.join(a, b),
            }
        }
    }
    let sets = connected.sets();
    if sets.len() < 2 {
        return None;
    }
    let nearest = apart
        .iter()
        .filter(|(a, b, _)| connected.first(*a) != connected.first(*b))
        .map(|(.., cosine)| *cosine)
        .fold(0.0, f64::max);
    let largest = sets.iter().map(Vec::len).max().unwrap_or(0);
    let main: Vec<&Vec<usize>> = sets.iter().filter(|set| set.len() == largest).collect();
    let ids =
        |members: &[usize]| members.iter().map(|&member| entries[member].id()).collect::<Vec<EntryId>>();
    let key = entries.first()?.key()?;
    let (ids, sentence) = if let [main] = main[..] {
        let mut doubtful: Vec<usize> =
            (0..entries.len()).filter(|member| main.binary_search(member).is_err()).collect();
        let names: Vec<String> = doubtful.iter().take(3).map(|&member| named(entries[member])).collect();
        let sentence = format!("not in agreement with the other entries of {key}: {}", names.join(", "));
        doubtful.extend(main);
        (ids(&doubtful), sentence)
    } else {
        let names: Vec<String> = sets.iter().take(3).map(|set| named(entries[set[0]])).collect();
        let all = ids(&(0..entries.len()).collect::<Vec<_>>());
        (
            all,
            format!(
                "{} have the same key {key} but different spectra, and which is right is open",
                names.join(" and ")
            ),
        )
    };
    let message = format!(
        "{sentence}; the highest cosine between them is {nearest:.3}, replicates have {} and more (entries {})",
        options.replicate_cosine,
        id_list(&ids)
    );
    Some(
        AuditFinding::new(AuditCode::ReplicatesDisagree, Severity::Doubt, ids, message)
            .number("highest_cosine", nearest),
    )
}

/// The cosine on the common range; `None` if too little was measured in common to disagree about.
fn cosine(a: &Replicate, b: &Replicate, options: &AuditOptions) -> Option<f64> {
    let (a_columns, b_columns) = (a.spectrum.peaks.columns(), b.spectrum.peaks.columns());
    let range =
        CommonRange::from_scans(a_columns, a.spectrum.scan_range_mz, b_columns, b.spectrum.scan_range_mz);
    let enough =
        [a_columns, b_columns].iter().all(|columns| columns.within(range).len() >= options.fewest_peaks);
    enough.then(|| weighted_dot_product(&a.weighted, &b.weighted, range).cosine)
}

#[cfg(test)]
mod tests {
    use super::super::test_support::{library, record};
    use super::*;
    use crate::format::Record;

    const MDMA: &str = "SHXWCVYOXRDMCX-UHFFFAOYSA-N";

    fn found(records: Vec<Record>) -> (Vec<AuditFinding>, BTreeMap<NotChecked, usize>) {
        let library = library(records);
        let entries: Vec<&Entry> = library.entries().map(Result::unwrap).collect();
        let (mut findings, mut not_checked) = (Vec::new(), BTreeMap::new());
        let options = AuditOptions { largest_replicate_group: 4, ..AuditOptions::default() };
        check(&entries, &options, &Executor::new(2).unwrap(), &mut findings, &mut not_checked);
        (findings, not_checked)
    }

    /// Principal ions as MDMA gives them: 58 is the base peak.
    fn mdma(noise: f64) -> Record {
        let peaks =
            [(51.0, 40.0 + noise), (58.0, 999.0), (77.0, 70.0), (105.0, 20.0), (135.0, 90.0), (194.0, 10.0)];
        record("MDMA", MDMA, "C11H15NO2", &peaks)
    }

    /// Those of its β-methyl isomer: base peak 44, and 150.
    fn isomer() -> Record {
        let peaks = [(44.0, 999.0), (51.0, 40.0), (77.0, 70.0), (91.0, 60.0), (119.0, 50.0), (150.0, 400.0)];
        record("isomer", MDMA, "C11H15NO2", &peaks)
    }

    #[test]
    fn the_one_that_disagrees_stands_first() {
        let (findings, _) = found(vec![mdma(0.0), isomer(), mdma(5.0)]);
        let [finding] = &findings[..] else { panic!("{findings:?}") };
        assert_eq!(finding.entries, [2, 1, 3].map(EntryId));
        assert!(finding.numbers["highest_cosine"] < 0.75);
        let (findings, _) = found(vec![mdma(0.0), isomer()]);
        assert!(findings[0].message.contains("which is right is open"), "{}", findings[0]);
        assert!(found(vec![mdma(0.0), mdma(5.0)]).0.is_empty());
    }

    #[test]
    fn another_form_or_too_little_in_common_is_no_disagreement() {
        let with = |derivative: &str| {
            let mut entry = isomer();
            entry.form.derivative = Some(derivative.into());
            entry
        };
        assert!(found(vec![mdma(0.0), with("TFA")]).0.is_empty());
        let (findings, not_checked) = found(vec![with("n TMS"), with("n TMS")]);
        assert!(findings.is_empty());
        assert_eq!(not_checked[&NotChecked::UncountedDerivative], 2);
        let late =
            record("MDMA", MDMA, "", &[(91.0, 1.0), (92.0, 9.0), (93.0, 1.0), (94.0, 1.0), (95.0, 1.0)]);
        assert!(found(vec![mdma(0.0), late]).0.is_empty());
    }

    #[test]
    fn large_groups_are_counted_not_compared() {
        let (findings, not_checked) = found(vec![mdma(0.0), mdma(1.0), mdma(2.0), mdma(3.0), isomer()]);
        assert!(findings.is_empty());
        assert_eq!(not_checked[&NotChecked::LargeReplicateGroup], 5);
    }
}
