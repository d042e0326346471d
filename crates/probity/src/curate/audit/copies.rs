//! The same spectrum more than once: under one key, and under several.

use std::collections::{BTreeMap, BTreeSet};

use sha2::{Digest, Sha256};

use super::connected::Connected;
use super::options::AuditOptions;
use super::report::{AuditCode, AuditFinding, Severity};
use super::subject::{UnitMass, id_list};
use crate::chem::Formula;
use crate::error::Result;
use crate::library::{Entry, EntryId};
use crate::progress::Watched;
use crate::search::{Executor, RowPairs};
use crate::similarity::common_range::CommonRange;
use crate::similarity::weighted_dot_product::{WeightedSpectrum, weighted_dot_product};
use crate::substance::SubstanceKey;

/// How many spectra are compared before what they are connected to is written down.
const ROUND: usize = 1_024;

/// Looks for copies among comparable entries. Spectra that scan from different m/z on are not found to be
/// copies: all m/z count here, since only then no peak of two copies can differ by much.
pub(super) fn check(
    entries: &[&Entry],
    options: &AuditOptions,
    executor: &Executor,
    findings: &mut Vec<AuditFinding>,
    watched: &mut Watched<'_>,
) -> Result<()> {
    for set in connected_copies(entries, options, executor, watched)? {
        let members: Vec<&Entry> = set.iter().map(|&position| entries[position]).collect();
        let cosine = lowest_cosine(&members, options);
        let mut substances: BTreeMap<(&SubstanceKey, bool), Vec<EntryId>> = BTreeMap::new();
        for entry in &members {
            let Some(key) = entry.key() else { continue };
            let is_derivative = entry.record().form.derivative.is_some();
            substances.entry((key, is_derivative)).or_default().push(entry.id());
        }
        if substances.len() > 1 {
            findings.push(other_key(&members, &substances, cosine));
        }
        for ((key, _), ids) in substances.into_iter().filter(|(_, ids)| ids.len() > 1) {
            let message = format!(
                "entries {} of {key} have the same spectrum (lowest cosine {cosine:.4})",
                id_list(&ids)
            );
            findings.push(
                AuditFinding::new(AuditCode::SameSpectrumSameKey, Severity::Note, ids, message)
                    .number("lowest_cosine", cosine),
            );
        }
    }
    Ok(())
}

fn other_key(
    members: &[&Entry],
    substances: &BTreeMap<(&SubstanceKey, bool), Vec<EntryId>>,
    cosine: f64,
) -> AuditFinding {
    let ids: Vec<EntryId> = members.iter().map(|entry| entry.id()).collect();
    // Isomers may give the same spectrum; substances of different formulas cannot.
    let mut formulas: Vec<&Formula> =
        members.iter().filter(|entry| !entry.keyed_as_parent()).filter_map(|entry| entry.formula()).collect();
    formulas.dedup();
    let (severity, reason) = if formulas.len() > 1 {
        (Severity::Error, "of different formulas: at most one can be right")
    } else {
        (Severity::Doubt, "of one formula: isomers that cannot be told apart, or one is mislabelled")
    };
    let keys: Vec<String> = substances
        .keys()
        .take(4)
        .map(|(key, is_derivative)| format!("{key}{}", if *is_derivative { " (derivative)" } else { "" }))
        .collect();
    let more = if substances.len() > 4 { " and others" } else { "" };
    let message = format!(
        "entries {} have the same spectrum (lowest cosine {cosine:.4}) under {} different keys or forms, {}{more}, {reason}",
        id_list(&ids),
        substances.len(),
        keys.join(", ")
    );
    AuditFinding::new(AuditCode::SameSpectrumOtherKey, severity, ids, message).number("lowest_cosine", cosine)
}

/// Sets of two and more entries that are connected by pairs of copies, by their first entry.
fn connected_copies(
    entries: &[&Entry],
    options: &AuditOptions,
    executor: &Executor,
    watched: &mut Watched<'_>,
) -> Result<Vec<Vec<usize>>> {
    // Spectra that are equal to the bit are one spectrum from here on: any number of them costs nothing.
    let prepared = executor.map(entries, |entry| {
        let spectrum = UnitMass::of(entry).ok()?;
        Some((digest(&spectrum), WeightedSpectrum::of(spectrum.peaks.columns(), options.weights)))
    });
    let mut equal: BTreeMap<[u8; 32], usize> = BTreeMap::new();
    let mut connected = Connected::new(entries.len());
    let mut distinct = Vec::new();
    for (position, prepared) in prepared.into_iter().enumerate() {
        let Some((digest, spectrum)) = prepared else { continue };
        if let Some(&first) = equal.get(&digest) {
            connected.join(first, position);
        } else {
            equal.insert(digest, position);
            distinct.push((position, spectrum));
        }
    }
    let pairs = RowPairs::of(distinct, options.weights, options.copy_cosine, executor)?;
    watched.ask()?;
    let rows: Vec<usize> = (0..pairs.len()).collect();
    for round in rows.chunks(ROUND) {
        let found = executor.map(round, |&row| copies_of(row, &pairs, &connected, options, executor));
        for (&row, copies) in round.iter().zip(found) {
            for copy in copies? {
                connected.join(pairs.row(row).0, copy);
            }
        }
        watched.advance(round.len() as u64)?;
    }
    Ok(connected.sets().into_iter().filter(|set| set.len() > 1).collect())
}

/// Copies of a row among the later ones, one of each set that it is not connected with.
fn copies_of(
    row: usize,
    pairs: &RowPairs,
    connected: &Connected,
    options: &AuditOptions,
    executor: &Executor,
) -> Result<Vec<usize>> {
    let (position, own) = pairs.row(row);
    let mut copies = Vec::new();
    // One pair connects two sets; more of the same would add nothing.
    let mut sets = BTreeSet::from([connected.first(position)]);
    pairs.for_each_later(row, executor, &mut |other| {
        let (other, spectrum) = pairs.row(other);
        let set = connected.first(other);
        if !sets.contains(&set) && cosine(Some(own), Some(spectrum)) >= options.copy_cosine {
            sets.insert(set);
            copies.push(other);
        }
    })?;
    Ok(copies)
}

/// The lowest cosine of a member with the first one.
fn lowest_cosine(members: &[&Entry], options: &AuditOptions) -> f64 {
    let Some((first, others)) = members.split_first() else { return 0.0 };
    let first = weighted(first, options);
    others.iter().map(|other| cosine(first.as_ref(), weighted(other, options).as_ref())).fold(1.0, f64::min)
}

fn weighted(entry: &Entry, options: &AuditOptions) -> Option<WeightedSpectrum> {
    let spectrum = UnitMass::of(entry).ok()?;
    Some(WeightedSpectrum::of(spectrum.peaks.columns(), options.weights))
}

fn cosine(a: Option<&WeightedSpectrum>, b: Option<&WeightedSpectrum>) -> f64 {
    let (Some(a), Some(b)) = (a, b) else { return 0.0 };
    weighted_dot_product(a, b, CommonRange::EVERYTHING).cosine
}

/// Equal for spectra that are equal to the bit, relative to their base peaks.
fn digest(spectrum: &UnitMass) -> [u8; 32] {
    let mut digest = Sha256::new();
    for (mz, share) in spectrum.shares() {
        digest.update(mz.to_le_bytes());
        digest.update(share.to_bits().to_le_bytes());
    }
    digest.finalize().into()
}

#[cfg(test)]
mod tests {
    use super::super::test_support::{library, record};
    use super::*;
    use crate::format::Record;

    const MDMA: &str = "SHXWCVYOXRDMCX-UHFFFAOYSA-N";
    const MDEA: &str = "PVXVWWANJIWJOO-UHFFFAOYSA-N";

    fn found(records: Vec<Record>) -> Vec<AuditFinding> {
        let library = library(records);
        let entries: Vec<&Entry> = library.entries().map(Result::unwrap).collect();
        let run = |threads| {
            let mut findings = Vec::new();
            let (executor, nobody) = (Executor::new(threads).unwrap(), &mut Watched::by_nobody());
            check(&entries, &AuditOptions::default(), &executor, &mut findings, nobody).unwrap();
            findings
        };
        assert_eq!(run(1), run(3));
        run(1)
    }

    fn spectrum(key: &str, formula: &str, intensities: [f64; 3]) -> Record {
        let [a, b, c] = intensities;
        record("x", key, formula, &[(44.0, a), (91.0, b), (135.0, c)])
    }

    #[test]
    fn copies_under_one_key_are_a_note_and_under_two_a_contradiction() {
        let copies = found(vec![
            spectrum(MDMA, "C11H15NO2", [100.0, 50.0, 10.0]),
            spectrum(MDMA, "C11H15NO2", [200.0, 100.0, 20.0]),
            spectrum(MDMA, "C11H15NO2", [100.0, 10.0, 50.0]),
            spectrum(MDEA, "C12H17NO2", [100.0, 50.0, 10.01]),
        ]);
        let [other, same] = &copies[..] else { panic!("{copies:?}") };
        assert_eq!((other.code, other.severity), (AuditCode::SameSpectrumOtherKey, Severity::Error));
        assert_eq!(other.entries, [1, 2, 4].map(EntryId));
        assert_eq!((same.code, same.severity), (AuditCode::SameSpectrumSameKey, Severity::Note));
        assert_eq!(same.entries, [1, 2].map(EntryId));
    }

    #[test]
    fn isomers_may_give_the_same_spectrum() {
        let isomers = found(vec![
            spectrum(MDMA, "C11H15NO2", [100.0, 50.0, 10.0]),
            spectrum(MDEA, "C11H15NO2", [100.0, 50.0, 10.0]),
        ]);
        assert_eq!(isomers.len(), 1);
        assert_eq!(isomers[0].severity, Severity::Doubt);
        assert!(
            found(vec![
                spectrum(MDMA, "C11H15NO2", [100.0, 50.0, 10.0]),
                spectrum(MDEA, "C11H15NO2", [100.0, 50.0, 20.0]),
            ])
            .is_empty()
        );
    }

    #[test]
    fn thousands_of_nearly_equal_spectra_are_one_set() {
        let records = (0..3_000_u32)
            .map(|n| spectrum(MDMA, "C11H15NO2", [100.0, 50.0, 10.0 + f64::from(n) * 1e-7]))
            .collect();
        let copies = found(records);
        assert_eq!(copies.len(), 1);
        assert_eq!(copies[0].entries.len(), 3_000);
    }

    /// The sets that all pairs give, on real spectra and at a cosine that connects many.
    #[test]
    #[ignore = "needs PROBITY_DATA"]
    fn sets_of_massbank_are_those_of_all_pairs() {
        let folder =
            std::env::var_os("PROBITY_DATA").expect("set PROBITY_DATA to the folder with the test data");
        let path = std::path::Path::new(&folder).join("ms/ei_reference_massbank.msp.gz");
        let library =
            crate::library::open_library(&[path], &crate::library::OpenOptions::default()).unwrap().library;
        let entries: Vec<&Entry> = library.entries().map(Result::unwrap).collect();
        let options = AuditOptions { copy_cosine: 0.99, ..AuditOptions::default() };
        let spectra: Vec<_> = entries.iter().map(|entry| weighted(entry, &options)).collect();
        let mut connected = Connected::new(entries.len());
        for b in 1..entries.len() {
            for a in 0..b {
                if cosine(spectra[a].as_ref(), spectra[b].as_ref()) >= options.copy_cosine {
                    connected.join(a, b);
                }
            }
        }
        let expected: Vec<_> = connected.sets().into_iter().filter(|set| set.len() > 1).collect();
        assert!(expected.len() > 100);
        let (executor, nobody) = (Executor::new(2).unwrap(), &mut Watched::by_nobody());
        assert_eq!(connected_copies(&entries, &options, &executor, nobody).unwrap(), expected);
    }
}
