//! How often the default is right on public replicates may not fall without a word in the changelog. The
//! floors are what a plain cosine of m/z times the square root of intensity reaches on these spectra.
#![allow(clippy::unwrap_used, reason = "a failed step fails the test")]

use std::sync::Arc;

use probity::library::{Library, LibraryScope};
use probity::search::{Executor, Method, Query, Searcher};
use probity::validate::{QueryKind, read_truth, study_labelled_queries};
use probity_tests::{data, read_records};

#[test]
#[ignore = "needs PROBITY_DATA"]
fn replicates_are_found_as_often_as_by_a_plain_cosine() {
    let folder = data().join("ms");
    let mut records = read_records(&folder.join("ei_reference_swgdrug.msp.gz"));
    records.extend(read_records(&folder.join("ei_reference_massbank.msp.gz")));
    let library = Library::from_records("references", LibraryScope::Spectra, records).unwrap();
    let queries: Vec<Query> =
        read_records(&folder.join("queries/ei_queries.msp")).into_iter().map(Query::from_record).collect();
    let truths = read_truth(&folder.join("queries/ei_truth.tsv")).unwrap();
    let executor = Arc::new(Executor::new(0).unwrap());
    let searcher = Searcher::new(Arc::new(library), Method::named("ei-default").unwrap(), executor).unwrap();
    let study = study_labelled_queries(&searcher, &queries, &truths).unwrap();
    let top_1 = |kind: QueryKind| {
        let row = study.rows.iter().find(|row| row.kind == kind.description()).unwrap();
        row.ranks.unwrap().top_1
    };
    for (kind, floor) in [(QueryKind::OtherContributor, 0.80), (QueryKind::SameContributor, 0.87)] {
        let found = top_1(kind);
        assert!(found.trials >= 31 && found.estimate() >= floor, "{}: {found}", kind.description());
    }
}
