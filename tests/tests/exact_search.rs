//! A search returns what a slow and obvious one returns: each entry scored alone, filtered by conditions
//! written out again, sorted as documented. For every shipped method and any number of threads.
#![allow(clippy::unwrap_used, reason = "a failed step fails the test")]

use std::sync::Arc;

use probity::format::Record;
use probity::library::{EntryId, Library, LibraryScope};
use probity::search::{
    Executor, Filter, HitList, Measure, Method, Query, RetentionPenalty, RetentionWindow, SearchCounts,
    SearchOptions, Searcher,
};
use probity::similarity::infrared::{ComparedPoints, CurvePair};
use probity::spectrum::{PeakList, Spectrum, Technique};
use probity::units::MassTolerance;
use probity_tests::{Seeded, shipped_methods, synthetic_curves, synthetic_records};
use proptest::prelude::*;

/// Formulas with their monoisotopic masses in Da and their elements, by hand from AME2012.
const FORMULAS: [(&str, f64, &[&str]); 4] = [
    ("C17H21NO4", 303.147_06, &["C", "H", "N", "O"]),
    ("C9H11NO2", 165.078_98, &["C", "H", "N", "O"]),
    ("C15H10BrFN2O", 331.996_06, &["C", "H", "Br", "F", "N", "O"]),
    ("C6H6", 78.046_95, &["C", "H"]),
];

fn peaks_of(record: &Record) -> PeakList {
    record.spectrum.as_mass().map(|mass| mass.peaks.clone()).unwrap_or_default()
}

/// Spectra that are hard to put in order: doubles, doubles but for one bit, multiples, cut scans, one
/// peak, no peak, peaks of intensity 0, few different masses and heights.
fn hard_records(count: usize, seed: u64) -> Vec<Record> {
    let mut random = Seeded::new(seed);
    let mut records: Vec<Record> = synthetic_records(count, seed);
    for index in 0..count {
        let (mut mz, mut intensity) = (Vec::new(), Vec::new());
        let kind = random.below(10);
        if (2..=6).contains(&kind) && index > 0 {
            let earlier = peaks_of(&records[random.below(index as u64) as usize]);
            (mz, intensity) = (earlier.mz().to_vec(), earlier.intensity().to_vec());
        }
        let some = random.below(mz.len().max(1) as u64) as usize;
        match kind {
            0 => {}
            1 => (mz, intensity) = (vec![60.0], vec![7.0]),
            2 | 3 => {}
            4 => intensity.iter_mut().skip(some).take(1).for_each(|height| *height = height.next_up()),
            5 => intensity.iter_mut().for_each(|height| *height *= 2.0),
            6 => (mz, intensity) = (mz.split_off(some), intensity.split_off(some)),
            7 if random.below(4) == 0 => (mz, intensity) = (vec![60.0, 61.0], vec![0.0, 0.0]),
            _ => {
                for mass in 50..70 {
                    if random.below(3) > 0 {
                        mz.push(f64::from(mass) + 0.005 * random.below(3) as f64);
                        intensity.push([0.0, 1.0, 2.0, 3.0, 500.0, 999.0][random.below(6) as usize]);
                    }
                }
            }
        }
        let record = &mut records[index];
        if let Spectrum::Mass(mass) = &mut record.spectrum {
            mass.peaks = PeakList::try_new(mz, intensity).unwrap();
            mass.acquisition.technique = [
                None,
                Some(Technique::ElectronIonization),
                Some(Technique::ElectronIonization),
                Some(Technique::TandemMassSpectrometry),
            ][random.below(4) as usize];
            mass.acquisition.precursor_mz =
                [None, Some(200.0), Some(200.005), Some(200.5)][random.below(4) as usize];
            mass.acquisition.scan_range_mz =
                [None, Some((40.0, 300.0)), Some((55.0, 65.0))][random.below(3) as usize];
            mass.acquisition.retention_index =
                [None, Some(1_500.0), Some(1_512.0), Some(1_600.0)][random.below(4) as usize];
        }
        record.identity.formula = FORMULAS.get(random.below(5) as usize).map(|(text, ..)| (*text).to_owned());
        record.identity.molecular_mass = [None, Some(100.0), Some(103.0)][random.below(3) as usize];
        record.identity.class = ["opioid", "Stimulant"].get(random.below(3) as usize).map(|&t| t.to_owned());
        record.provenance.contributor = ["A", "b"].get(random.below(3) as usize).map(|&t| t.to_owned());
    }
    records
}

/// Some conditions, chosen by number.
fn filter(choice: u64) -> Filter {
    let mut filter = Filter::default();
    match choice {
        1 => filter.technique = Some(Technique::TandemMassSpectrometry),
        2 => filter.molecular_mass_da = Some((150.0, 310.0)),
        3 => filter.precursor_tolerance = Some(MassTolerance::Da(0.1)),
        4 => filter.formula = Some("C9H11NO2".parse().unwrap()),
        5 => filter.required_elements = vec!["Br".parse().unwrap(), "N".parse().unwrap()],
        6 => {
            filter.allowed_elements =
                ["C", "H", "O", "N"].iter().map(|symbol| symbol.parse().unwrap()).collect();
        }
        7 => filter.classes = vec!["STIMULANT".to_owned()],
        8 => filter.contributors = vec!["a".to_owned(), "B".to_owned()],
        9 => filter.retention_index_window = Some(RetentionWindow { tolerance: 12.0 }),
        _ => {}
    }
    filter.checked().unwrap()
}

/// The same conditions once more, on what the record says.
fn meets(choice: u64, query: &Record, record: &Record) -> bool {
    let acquisition = |record: &Record| record.spectrum.as_mass().unwrap().acquisition.clone();
    let (asked, stated) = (acquisition(query), acquisition(record));
    let text = record.identity.formula.as_deref();
    let formula = FORMULAS.iter().find(|(known, ..)| Some(*known) == text);
    let elements = formula.map_or(&[][..], |(.., elements)| elements);
    match choice {
        1 => stated.technique.is_none_or(|technique| technique == Technique::TandemMassSpectrometry),
        2 => match (formula, record.identity.molecular_mass) {
            (Some((_, mass, _)), _) => (150.0..=310.0).contains(mass),
            // The masses stated without a formula are 100 and 103, both too low.
            (None, _) => false,
        },
        3 => matches!((asked.precursor_mz, stated.precursor_mz), (Some(a), Some(b)) if (a - b).abs() < 0.1),
        4 => text == Some("C9H11NO2"),
        5 => elements.contains(&"Br") && elements.contains(&"N"),
        6 => formula.is_some() && elements.iter().all(|element| ["C", "H", "N", "O"].contains(element)),
        7 => record.identity.class.as_deref() == Some("Stimulant"),
        8 => record.provenance.contributor.is_some(),
        9 => match (asked.retention_index, stated.retention_index) {
            (Some(a), Some(b)) => (a - b).abs() <= 12.0,
            _ => true,
        },
        _ => true,
    }
}

/// What the shipped methods themselves keep out.
fn method_admits(method: &Method, query: &Record, record: &Record) -> bool {
    let acquisition = |record: &Record| record.spectrum.as_mass().unwrap().acquisition.clone();
    let (asked, stated) = (acquisition(query), acquisition(record));
    let precursors_agree =
        matches!((asked.precursor_mz, stated.precursor_mz), (Some(a), Some(b)) if (a - b).abs() < 0.01);
    stated.technique.is_none_or(|technique| technique == method.technique)
        && (method.technique == Technique::ElectronIonization
            || method.name.ends_with("-open")
            || method.name == "nist-dot-product"
            || needs_a_precursor(method)
            || precursors_agree)
}

/// Methods that look at losses from the precursor, whatever it is.
fn needs_a_precursor(method: &Method) -> bool {
    ["msms-entropy-neutral-loss", "msms-entropy-hybrid"].contains(&method.name.as_str())
}

/// A hit as it must come out: its entry, and name and bits of each of its own measures.
type Expected = (u64, Vec<(&'static str, u64)>);

fn own_measures(list: &HitList) -> Vec<Expected> {
    let of = |hit: &probity::search::Hit| {
        hit.measures
            .iter()
            // It depends on the other hits.
            .filter(|measure| measure.name != "nist_relative_probability")
            .map(|measure| (measure.name, measure.value.to_bits()))
            .collect()
    };
    list.hits.iter().map(|hit| (hit.entry_id.0, of(hit))).collect()
}

/// Every entry alone, in the documented order: the first measure less the penalty, of NIST's methods
/// then the reverse match factor, then the entry's id.
fn slow_search(searcher: &Searcher, query: &Query, choice: u64) -> (Vec<Expected>, SearchCounts) {
    let method = searcher.method();
    let alone = Arc::new(Executor::new(1).unwrap());
    let mut counts = SearchCounts { entries: searcher.library().len(), ..SearchCounts::default() };
    let mut found: Vec<(f64, f64, u64, Expected)> = Vec::new();
    for entry in searcher.library().entries() {
        let entry = entry.unwrap();
        let record = entry.record();
        let Some(explanation) = searcher.explain(query, entry.id()).unwrap() else {
            counts.not_comparable += 1;
            continue;
        };
        if !(method_admits(method, &query.record, record) && meets(choice, &query.record, record)) {
            counts.filtered_out += 1;
            continue;
        }
        counts.compared += 1;
        let value = explanation.value;
        if value == 0.0 {
            continue;
        }
        let library = Library::from_records("one", LibraryScope::Spectra, vec![record.clone()]).unwrap();
        let one = Searcher::new(Arc::new(library), method.clone(), Arc::clone(&alone)).unwrap();
        let list = one.search(query, &SearchOptions::default()).unwrap();
        let (_, measures) = own_measures(&list).remove(0);
        assert_eq!(measures[0].1, value.to_bits(), "{}: the tree's root is the measure", method.name);
        let index = |record: &Record| record.spectrum.as_mass().unwrap().acquisition.retention_index;
        let penalty = match (method.retention_index_penalty, index(&query.record), index(record)) {
            (Some(rule), Some(a), Some(b)) => {
                let excess = (a - b).abs() - rule.tolerance;
                if excess > 0.0 { (rule.rate * excess / rule.tolerance).min(rule.maximum) } else { 0.0 }
            }
            _ => 0.0,
        };
        let second = if method.name.starts_with("nist-") { f64::from_bits(measures[1].1) } else { 0.0 };
        found.push((value - penalty, second, entry.id().0, (entry.id().0, measures)));
    }
    found.sort_by(|a, b| b.0.total_cmp(&a.0).then(b.1.total_cmp(&a.1)).then(a.2.cmp(&b.2)));
    (found.into_iter().map(|(.., expected)| expected).collect(), counts)
}

/// The shipped methods, and the entropy similarity and all cosines once more without a condition on the
/// precursor, so that their index is asked; with other tolerances.
fn methods() -> Vec<Method> {
    let open = |name: &str, changes: &[(&str, &str)]| {
        let mut method = Method::named(name).unwrap();
        method.candidates.precursor_tolerance = None;
        let mut text = serde_json::to_string(&method).unwrap();
        for (from, to) in changes {
            assert!(text.contains(from), "{text}");
            text = text.replace(from, to);
        }
        let mut method: Method = serde_json::from_str(&text).unwrap();
        method.name += "-open";
        method
    };
    let optimal = ("\"assignment\":\"greedy\"", "\"assignment\":\"optimal\"");
    let modified = ("\"kind\":\"cosine\"", "\"kind\":\"modified_cosine\"");
    let neutral_loss = ("\"kind\":\"cosine\"", "\"kind\":\"neutral_loss_cosine\"");
    let no_assignment = (",\"assignment\":\"greedy\"", "");
    let ppm = ("\"tolerance\":{\"da\":0.01},\"mz_power\"", "\"tolerance\":{\"ppm\":80.0},\"mz_power\"");
    let mut methods = shipped_methods(false);
    methods.extend([
        open("msms-cosine", &[]),
        open("msms-cosine", &[optimal]),
        open("msms-cosine", &[modified]),
        open("msms-cosine", &[modified, optimal, ppm]),
        open("msms-cosine", &[neutral_loss, no_assignment]),
        open("msms-entropy", &[("\"tolerance\":{\"da\":0.02}", "\"tolerance\":{\"ppm\":80.0}")]),
    ]);
    methods
}

fn searcher(library: &Arc<Library>, method: &Method, threads: usize) -> Searcher {
    searcher_on(library, method, Executor::new(threads).unwrap())
}

fn searcher_on(library: &Arc<Library>, method: &Method, executor: Executor) -> Searcher {
    Searcher::new(Arc::clone(library), method.clone(), Arc::new(executor)).unwrap()
}

fn check(library: &Arc<Library>, method: &Method, query: &Query, choice: u64, sizes: &[usize]) {
    let acquisition = &query.record.spectrum.as_mass().unwrap().acquisition;
    if needs_a_precursor(method) && acquisition.precursor_mz.is_none() {
        let error = searcher(library, method, 1).search(query, &SearchOptions::default()).unwrap_err();
        assert!(error.to_string().contains("precursor m/z is needed"), "{error}");
        return;
    }
    let (expected, counts) = slow_search(&searcher(library, method, 1), query, choice);
    assert_eq!(counts.compared + counts.filtered_out + counts.not_comparable, counts.entries);
    // The last one but one without special instructions, the last one without an index.
    let searchers = [
        (1, searcher(library, method, 1)),
        (2, searcher(library, method, 2)),
        (8, searcher(library, method, 8)),
        (1, searcher_on(library, method, Executor::new(1).unwrap().portable())),
        (1, searcher(library, method, 1).without_index()),
    ];
    for (threads, searcher) in &searchers {
        for &k in sizes {
            let options = SearchOptions::default().top(k).filter(filter(choice)).unwrap();
            let list = searcher.search(query, &options).unwrap();
            let kept = &expected[..k.min(expected.len())];
            assert_eq!(own_measures(&list), kept, "{} with {threads} threads, k {k}", method.name);
            assert!(list.hits.iter().zip(1..).all(|(hit, rank)| hit.rank == rank), "{}", method.name);
            assert_eq!(list.counts, counts, "{} with {threads} threads", method.name);
            let list_alone = searcher.search(query, &options.clone().relative_probability(false)).unwrap();
            assert_eq!(own_measures(&list_alone), kept, "{} with {threads} threads, k {k}", method.name);
            let names = list_alone.hits.iter().flat_map(|hit| &hit.measures).map(|measure| measure.name);
            assert!(!names.into_iter().any(|name| name == "nist_relative_probability"), "{}", method.name);
            // What an entry in the middle reaches: a tie with it.
            if let Some((_, measures)) = expected.get(expected.len() / 2) {
                let minimum = f64::from_bits(measures[0].1);
                let list = searcher.search(query, &options.clone().minimum(minimum).unwrap()).unwrap();
                let reaches = |expected: &&Expected| f64::from_bits(expected.1[0].1) >= minimum;
                let kept: Vec<&Expected> = expected.iter().filter(reaches).take(k).collect();
                let found = own_measures(&list);
                // Which hits share NIST's probability a penalty decides before the minimum does.
                if method.retention_index_penalty.is_none() || method.name != "nist-identity" {
                    assert_eq!(found.iter().collect::<Vec<_>>(), kept, "{}, k {k}", method.name);
                }
                assert!(found.iter().all(|found| f64::from_bits(found.1[0].1) >= minimum), "{}", method.name);
            }
            // In a batch as alone.
            let other = Query::from_record(hard_records(1, 0).remove(0));
            let lists = searcher.search_many(&[other, query.clone(), query.clone()], &options);
            assert_eq!(lists.len(), 3);
            assert!(lists[1..].iter().all(|other| other.as_ref().unwrap() == &list), "{}", method.name);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn hits_are_those_of_a_slow_search(seed: u64, entries in 0_usize..40, choice in 0_u64..10, ri: bool) {
        let mut records = hard_records(entries + 1, seed);
        let query = Query::from_record(records.remove(seed as usize % records.len()));
        let library = Arc::new(Library::from_records("hard", LibraryScope::Spectra, records).unwrap());
        for mut method in methods() {
            if ri {
                // Of the size of what separates hits: thousandths, or match factors.
                let rate = if method.rival_margin > 1.0 { 300.0 } else { 0.3 };
                method.retention_index_penalty =
                    Some(RetentionPenalty { tolerance: 10.0, rate, maximum: 1.5 * rate });
            }
            check(&library, &method, &query, choice, &[0, 1, 3, entries, entries + 200]);
        }
    }
}

/// More entries than one thread takes at once, so that the parts of several threads are joined.
#[test]
fn parts_of_several_threads_are_joined_exactly() {
    let library =
        Arc::new(Library::from_records("many", LibraryScope::Spectra, hard_records(2_600, 3)).unwrap());
    let queries = hard_records(200, 4);
    let dense = queries.iter().find(|record| peaks_of(record).len() > 8).unwrap();
    let mut query = dense.clone();
    query.identity.molecular_mass = Some(103.0);
    if let Spectrum::Mass(mass) = &mut query.spectrum {
        mass.acquisition.precursor_mz = Some(200.0);
    }
    let query = Query::from_record(query);
    for method in methods() {
        // Else an index would go untested.
        assert!(
            !(method.name.ends_with("-open") || needs_a_precursor(&method))
                || searcher(&library, &method, 1).has_index(),
            "{}",
            method.name
        );
        check(&library, &method, &query, 0, &[5, 150, 1_500]);
    }
}

/// Each pair once, with the lower id as the query, as searching for every entry among all finds them.
#[test]
fn near_pairs_are_those_of_searching_for_each_entry() {
    let records = hard_records(150, 9);
    let library = Arc::new(Library::from_records("pairs", LibraryScope::Spectra, records).unwrap());
    let options = SearchOptions::default().top(150).relative_probability(false);
    let mut pairs_found = 0;
    for method in methods() {
        let minimum = if method.name.starts_with("nist-") { 600.0 } else { 0.6 };
        let slow = searcher(&library, &method, 1).without_index();
        let mut expected = Vec::new();
        for entry in library.entries() {
            let entry = entry.unwrap();
            let query = Query::from_record(entry.record().clone());
            let Ok(list) = slow.search(&query, &options) else { continue };
            let near = list.hits.into_iter().filter(|hit| hit.entry_id > entry.id());
            expected.extend(near.filter(|hit| hit.first_measure() >= minimum).map(|hit| (entry.id(), hit)));
        }
        pairs_found += expected.len();
        for threads in [1, 2, 8] {
            let mut found = Vec::new();
            searcher(&library, &method, threads)
                .near_pairs(minimum, &mut |pair| found.push((pair.query, pair.hit)))
                .unwrap();
            assert_eq!(found, expected, "{} with {threads} threads", method.name);
        }
    }
    assert!(pairs_found > 500, "{pairs_found}");
    let slow = searcher(&library, &Method::named("ei-default").unwrap(), 1);
    assert!(slow.near_pairs(f64::NAN, &mut |_| ()).is_err());
}

#[test]
fn hits_without_retention_index_are_not_penalized_and_the_others_fall_behind() {
    // The same spectrum four times; a penalty of 0.2 for each 10 units beyond the first 10, at most 0.3.
    let mut records = vec![synthetic_records(1, 1).remove(0); 4];
    for (record, index) in records.iter_mut().zip([Some(1_600.0), Some(1_515.0), None, Some(1_509.0)]) {
        if let Spectrum::Mass(mass) = &mut record.spectrum {
            mass.acquisition.retention_index = index;
        }
    }
    let mut query = records[0].clone();
    if let Spectrum::Mass(mass) = &mut query.spectrum {
        mass.acquisition.retention_index = Some(1_500.0);
    }
    let mut method = Method::named("ei-default").unwrap();
    method.retention_index_penalty = Some(RetentionPenalty { tolerance: 10.0, rate: 0.2, maximum: 0.3 });
    let library = Arc::new(Library::from_records("same", LibraryScope::Spectra, records).unwrap());
    let list = searcher(&library, &method, 1).search(&Query::from_record(query), &SearchOptions::default());
    let hits = list.unwrap().hits;
    let ids: Vec<EntryId> = hits.iter().map(|hit| hit.entry_id).collect();
    assert_eq!(ids, [EntryId(3), EntryId(4), EntryId(2), EntryId(1)]);
    let penalties: Vec<Option<f64>> = hits.iter().map(|hit| hit.retention_index_penalty).collect();
    assert_eq!(penalties, [None, Some(0.0), Some(0.1), Some(0.3)]);
    let differences: Vec<Option<f64>> = hits.iter().map(|hit| hit.retention_index_difference).collect();
    assert_eq!(differences, [None, Some(-9.0), Some(-15.0), Some(-100.0)]);
}

/// That a method is for the other kind of spectrum is said, instead of an answer without hits.
#[test]
fn a_query_of_the_other_kind_is_refused() {
    let mut records = hard_records(20, 5);
    records.extend(synthetic_curves(5, 5));
    let library = Arc::new(Library::from_records("mixed", LibraryScope::Spectra, records).unwrap());
    let (peaks, curve) = (hard_records(1, 6).remove(0), synthetic_curves(1, 6).remove(0));
    for (infrared, query) in [(false, curve), (true, peaks)] {
        let query = Query::from_record(query);
        for method in shipped_methods(infrared) {
            let searcher = searcher(&library, &method, 1);
            let error = searcher.search(&query, &SearchOptions::default()).unwrap_err();
            assert_eq!(error.kind(), probity::ErrorKind::Unsupported, "{}", method.name);
            assert!(
                searcher.search_many(std::slice::from_ref(&query), &SearchOptions::default())[0].is_err()
            );
        }
    }
}

/// The measure of a pair by its definition: both curves after the recipe, rounded as they are stored, at the points that
/// both have; and the share of the query's range that the entry covers.
fn infrared_pair(method: &Method, query: &Record, record: &Record) -> (f64, f64) {
    let Measure::Infrared { similarity, .. } = &method.measure else { panic!("{}", method.name) };
    let prepared = |record: &Record| method.prepared_curve(record).unwrap().unwrap();
    let (first, second) = (prepared(query), prepared(record));
    let rounded = |values: &[f64]| values.iter().map(|&value| f64::from(value as f32)).collect::<Vec<_>>();
    let mask: Vec<bool> = first.measured.iter().zip(&second.measured).map(|(a, b)| *a && *b).collect();
    let (a, b) = (rounded(&first.values), rounded(&second.values));
    let pair = CurvePair::try_new(&a, &b, ComparedPoints { mask: Some(&mask), weights: None }).unwrap();
    let range = |record: &Record| record.spectrum.as_curve().unwrap().range_cm1().unwrap();
    let (asked, stated) = (range(query), range(record));
    let common = (asked.1.min(stated.1) - asked.0.max(stated.0)) / (asked.1 - asked.0);
    (similarity.compare(&pair).unwrap_or(0.0), common)
}

#[test]
fn infrared_hits_are_those_of_the_definition() {
    let records = synthetic_curves(330, 31);
    let library = Arc::new(Library::from_records("curves", LibraryScope::Spectra, records.clone()).unwrap());
    let mut queries = synthetic_curves(6, 32);
    queries.extend(records[..6].to_vec());
    for method in shipped_methods(true) {
        let searchers = [
            searcher(&library, &method, 1),
            searcher(&library, &method, 8),
            searcher_on(&library, &method, Executor::new(2).unwrap().portable()),
            searcher(&library, &method, 1).without_index(),
        ];
        assert!(searchers[0].has_index(), "{}", method.name);
        for query in &queries {
            let mut expected: Vec<(u64, u64)> = Vec::new();
            let mut kept_out = 0;
            for (id, record) in (1..).zip(&records) {
                let (value, common) = infrared_pair(&method, query, record);
                if common < 0.5 {
                    kept_out += 1;
                } else if value > 0.0 {
                    expected.push((id, value.to_bits()));
                }
            }
            let number = f64::from_bits;
            expected.sort_by(|a, b| number(b.1).total_cmp(&number(a.1)).then(a.0.cmp(&b.0)));
            for top in [1, 10, records.len()] {
                for searcher in &searchers {
                    let options = SearchOptions::default().top(top);
                    let list = searcher.search(&Query::from_record(query.clone()), &options).unwrap();
                    let found: Vec<(u64, u64)> =
                        list.hits.iter().map(|hit| (hit.entry_id.0, hit.first_measure().to_bits())).collect();
                    assert_eq!(found, expected[..top.min(expected.len())], "{}", method.name);
                    assert_eq!(list.counts.filtered_out, kept_out, "{}", method.name);
                }
            }
        }
    }
}
