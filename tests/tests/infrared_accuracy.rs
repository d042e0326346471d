//! Infrared search on public spectra: the index against scoring every entry, and how often the right reference is found,
//! beside a plain correlation. The sets are small, and most are no drugs.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a failed step fails the test")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use probity::finding::{ComponentPart, MixtureFinding};
use probity::format::Record;
use probity::library::{EntryId, Library, LibraryScope};
use probity::mixture::MixtureOptions;
use probity::search::{Executor, Filter, Method, Query, SearchOptions, Searcher};
use probity::spectrum::SpectrumKind;
use probity::validate::{ReferenceQuery, study_references};
use probity_tests::{data, read_records, shipped_methods};

/// A row of a table by the names in its heading.
type Row = BTreeMap<String, String>;

/// The rows of a table.
fn table(path: &Path) -> Vec<Row> {
    let text = std::fs::read_to_string(path).unwrap();
    let mut lines = text.lines().map(|line| line.split('\t').map(str::to_owned).collect::<Vec<_>>());
    let heading = lines.next().unwrap();
    lines.map(|row| heading.iter().cloned().zip(row).collect()).collect()
}

/// The references, with the number of each by its name in the tables.
fn references() -> (Vec<Record>, BTreeMap<String, EntryId>, Vec<Row>) {
    let folder = data().join("ir/refs");
    let rows = table(&folder.join("index.tsv"));
    let mut records = Vec::new();
    let mut ids = BTreeMap::new();
    for row in &rows {
        let mut record = read_records(&folder.join(format!("{}.csv", row["id"]))).remove(0);
        record.name.clone_from(&row["name"]);
        records.push(record);
        ids.insert(row["id"].clone(), EntryId(records.len() as u64));
    }
    (records, ids, rows)
}

fn queries(records: &[Record], ids: &BTreeMap<String, EntryId>, rows: &[Row]) -> Vec<ReferenceQuery> {
    let folder = data().join("ir");
    let position = |id: EntryId| usize::try_from(id.0).unwrap() - 1;
    let query = |truth: Row| {
        let own_entry = ids.get(&truth["spectrum"]).copied();
        let record = match own_entry {
            Some(id) => records[position(id)].clone(),
            None => read_records(&folder.join(&truth["spectrum"])).remove(0),
        };
        let right: BTreeSet<EntryId> = if truth["kind"].starts_with("class") {
            let is_alike = |row: &&Row| row["group"] == truth["truth"] && row["id"].starts_with("primpke_");
            rows.iter().filter(is_alike).map(|row| ids[&row["id"]]).collect()
        } else {
            truth["matching_refs"].split(';').map(|id| ids[id.trim()]).collect()
        };
        ReferenceQuery {
            kind: truth["kind"].clone(),
            query: Query::from_record(record),
            own_entry,
            right: right.into_iter().filter(|id| Some(*id) != own_entry).collect(),
        }
    };
    table(&folder.join("queries/truth.tsv")).into_iter().map(query).collect()
}

/// For each kind: queries, first places, first five places of a plain correlation, and of one of derivatives.
fn floors() -> BTreeMap<String, (usize, [[usize; 2]; 2])> {
    let mut floors: BTreeMap<String, (usize, [[usize; 2]; 2])> = BTreeMap::new();
    for row in table(&data().join("ir/queries/qc_baseline.tsv")) {
        let (queries, counts) = floors.entry(row["kind"].clone()).or_default();
        *queries += 1;
        for (counts, column) in counts.iter_mut().zip(["rank_raw", "rank_deriv"]) {
            // Some have no rank: the right one was not found.
            let rank = row[column].parse::<usize>().unwrap_or(usize::MAX);
            counts[0] += usize::from(rank == 1);
            counts[1] += usize::from(rank <= 5);
        }
    }
    floors
}

/// One query of a kind may be lost by chance, of sets as small as these.
const LOST: u64 = 1;

#[test]
#[ignore = "needs PROBITY_DATA"]
fn references_are_found_about_as_often_as_by_a_plain_correlation() {
    let (records, ids, rows) = references();
    let queries = queries(&records, &ids, &rows);
    assert!(queries.len() >= 60);
    let floors = floors();
    let library = Library::from_records("references", LibraryScope::Spectra, records).unwrap();
    let library = Arc::new(library);
    println!("| method | kind of query | top 1 | top 5 | plain correlation, top 1 and 5 | of derivatives |");
    println!("| --- | --- | --- | --- | --- | --- |");
    for method in shipped_methods(true) {
        let searcher =
            Searcher::new(Arc::clone(&library), method, Arc::new(Executor::new(2).unwrap())).unwrap();
        let rows = study_references(&searcher, &queries).unwrap();
        assert_eq!(rows.len(), floors.len());
        for row in rows {
            let (count, [raw, derivative]) = floors[&row.kind];
            assert_eq!(row.top_1.trials, count as u64, "{}", row.kind);
            println!(
                "| {} | {} | {} | {} | {} and {} of {count} | {} and {} |",
                searcher.method().name,
                row.kind,
                row.top_1,
                row.top_5,
                raw[0],
                raw[1],
                derivative[0],
                derivative[1]
            );
            if !row.kind.contains("cross-phase") {
                let floor = raw[1].min(derivative[1]) as u64;
                assert!(row.top_5.successes + LOST >= floor, "{}: {row:?}", searcher.method().name);
            }
        }
    }
}

#[test]
#[ignore = "needs PROBITY_DATA"]
fn the_index_finds_what_scoring_every_entry_finds() {
    let (records, ids, rows) = references();
    let queries: Vec<Query> = queries(&records, &ids, &rows).into_iter().map(|query| query.query).collect();
    let library = Library::from_records("references", LibraryScope::Spectra, records).unwrap();
    let library = Arc::new(library);
    for method in shipped_methods(true) {
        let searcher = |executor: Executor| {
            Searcher::new(Arc::clone(&library), method.clone(), Arc::new(executor)).unwrap()
        };
        let expected = searcher(Executor::new(2).unwrap()).without_index();
        for indexed in [
            searcher(Executor::new(1).unwrap()),
            searcher(Executor::new(2).unwrap()),
            searcher(Executor::new(8).unwrap().portable()),
        ] {
            assert!(indexed.has_index());
            for query in &queries {
                let options = SearchOptions::default();
                let (found, expected) =
                    (indexed.search(query, &options).unwrap(), expected.search(query, &options).unwrap());
                assert_eq!(found, expected, "{}, {}", method.name, query.record.name);
            }
        }
    }
}

/// A made sum: the sample's record, and what it was made of, as entries with their shares.
struct Mixture {
    sample: Record,
    made_of: BTreeMap<EntryId, f64>,
}

/// The sums of references. Their shares are of spectra that were scaled from 0 to 1 over the range of the sum: neither of the
/// mass nor of the signal.
fn mixtures(ids: &BTreeMap<String, EntryId>) -> Vec<Mixture> {
    let made = |row: &Row| row["spectrum"].starts_with("queries/");
    let mixture = |row: Row| {
        let (components, _) = row["components"].split_once(" (share of").unwrap();
        let component = |text: &str| {
            let (id, percent) = text.trim().trim_end_matches(" %").split_once(' ').unwrap();
            (ids[id], percent.parse::<f64>().unwrap() / 100.0)
        };
        Mixture {
            sample: read_records(&data().join("ir").join(&row["spectrum"])).remove(0),
            made_of: components.split(';').map(component).collect(),
        }
    };
    table(&data().join("ir/queries/mixtures.tsv")).into_iter().filter(made).map(mixture).collect()
}

/// The highest less the lowest value of a spectrum within a range.
fn extent(record: &Record, (low, high): (f64, f64)) -> f64 {
    let curve = record.spectrum.as_curve().unwrap();
    let points = curve.axis().points();
    let inside = points.iter().zip(curve.values()).filter(|(point, _)| (low..=high).contains(*point));
    let (lowest, highest) = inside
        .fold((f64::INFINITY, f64::NEG_INFINITY), |(lowest, highest), (_, value)| {
            (lowest.min(*value), highest.max(*value))
        });
    highest - lowest
}

/// The median and the largest of some numbers; 0 of none.
fn median_and_largest(mut numbers: Vec<f64>) -> (f64, f64) {
    numbers.sort_by(f64::total_cmp);
    let at = |place: usize| numbers.get(place).copied().unwrap_or_default();
    let middle = (at(numbers.len().saturating_sub(1) / 2) + at(numbers.len() / 2)) / 2.0;
    (middle, numbers.last().copied().unwrap_or_default())
}

/// How sums of references are taken apart.
#[derive(Default)]
struct TakenApart {
    /// In how many both components were found.
    complete: usize,
    /// In how many nothing else was.
    exact: usize,
    /// Shares of the signal of components that are not in the sum.
    extra_shares: Vec<f64>,
    /// How far shares are from those of which the sums were made.
    errors: Vec<f64>,
}

impl TakenApart {
    fn of(searcher: &Searcher, mixtures: &[Mixture], options: &MixtureOptions) -> Self {
        let mut all = Self::default();
        for Mixture { sample, made_of } in mixtures {
            let range = sample.spectrum.as_curve().unwrap().range_cm1().unwrap();
            let query = Query::from_record(sample.clone());
            let finding = MixtureFinding::of(searcher, &query, &[], &Filter::default(), options).unwrap();
            let found: BTreeMap<EntryId, &ComponentPart> =
                finding.components.iter().map(|component| (component.entry.entry_id, component)).collect();
            let is_complete = made_of.keys().all(|entry| found.contains_key(entry));
            all.complete += usize::from(is_complete);
            all.exact += usize::from(is_complete && found.len() == made_of.len());
            let extras = found.iter().filter(|(entry, _)| !made_of.contains_key(entry));
            all.extra_shares.extend(extras.map(|(_, component)| component.share_of_signal));
            // As the truth is stated: how many times each is in the sample, by its own height there.
            let height = |entry: &EntryId| {
                let record = searcher.library().entry(*entry).unwrap().unwrap().record();
                found.get(entry).map_or(0.0, |component| component.coefficient * extent(record, range))
            };
            let whole: f64 = found.keys().map(height).sum();
            all.errors.extend(made_of.iter().map(|(entry, share)| (height(entry) / whole - share).abs()));
        }
        all
    }
}

#[test]
#[ignore = "needs PROBITY_DATA"]
fn sums_of_references_are_taken_apart() {
    let (records, ids, _) = references();
    let mixtures = mixtures(&ids);
    let count = mixtures.len();
    assert!(count >= 50);
    let library = Library::from_records("references", LibraryScope::Spectra, records).unwrap();
    let method = Method::first_choice(SpectrumKind::Curve).unwrap();
    let searcher = Searcher::new(Arc::new(library), method, Arc::new(Executor::new(2).unwrap())).unwrap();
    let mut options = MixtureFinding::default_options();
    let TakenApart { complete, exact, extra_shares, errors } = TakenApart::of(&searcher, &mixtures, &options);
    let extras = extra_shares.len();
    let (extra_median, extra_largest) = median_and_largest(extra_shares);
    let (error_median, error_largest) = median_and_largest(errors);
    println!("both components found: {complete} of {count}; nothing else found: {exact}");
    println!(
        "components too many: {extras}; their shares of the signal: median {:.1} %, largest {:.1} %",
        100.0 * extra_median,
        100.0 * extra_largest
    );
    println!(
        "share of the scaled spectra: error median {:.1} %, largest {:.1} %",
        100.0 * error_median,
        100.0 * error_largest
    );
    options.background_order = 1;
    let straight = TakenApart::of(&searcher, &mixtures, &options).extra_shares.len();
    println!("components too many with a straight background: {straight}");
    assert!(complete + 1 >= count && exact >= 10 && extras <= 80);
    assert!(extra_largest < 0.04 && error_median < 0.02 && error_largest < 0.1);
    assert!(extras < straight, "the default is better than a straight background");
}
