//! What of an input is searched for.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::query::Query;
use crate::format::Input;
use crate::spectrum::{Curve, CurveKind};

/// The queries of an input, and the records that are none. Beside a spectrum, instrument files hold the curves that it was
/// computed from: single beams, interferograms. These are passed over, unless the input holds nothing else: then they
/// are queries, and searching says what is wrong with them.
#[derive(Debug, Clone, Default, PartialEq)]
#[non_exhaustive]
pub struct InputQueries {
    /// What is searched for, in the order of the input.
    pub searched: Vec<Query>,
    /// What is passed over, in the order of the input.
    pub passed_over: Vec<PassedOver>,
}

/// A record that is no query. As a sentence it names the record and the reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct PassedOver {
    /// The number of the record in its input, from 1.
    pub record: u64,
    /// The record's name.
    pub name: String,
    /// What it is instead of a spectrum.
    pub kind: CurveKind,
}

impl fmt::Display for PassedOver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { record, name, kind } = self;
        write!(f, "record {record} ({name}) is passed over: it is {}, no spectrum", kind.description())
    }
}

impl InputQueries {
    /// The queries of an input.
    #[must_use]
    pub fn of(input: Input) -> Self {
        let queries = Query::from_input(input);
        if queries.iter().all(|query| computed_from(query).is_some()) {
            return Self { searched: queries, passed_over: Vec::new() };
        }
        let mut all = Self::default();
        for query in queries {
            match computed_from(&query) {
                None => all.searched.push(query),
                Some(kind) => {
                    let (record, name) = (query.record.place.record, query.record.name);
                    all.passed_over.push(PassedOver { record, name, kind });
                }
            }
        }
        all
    }
}

/// What a record is that is no spectrum.
fn computed_from(query: &Query) -> Option<CurveKind> {
    query.record.spectrum.as_curve().map(Curve::kind).filter(|&kind| kind != CurveKind::Spectrum)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::{ReadOptions, read_bytes};

    /// A list of records in our JSON, of curves that show these.
    fn input(shows: &[&str]) -> Input {
        let record = |(number, shows): (usize, &&str)| {
            serde_json::json!({
                "kind": "curve",
                "name": format!("curve {number}"),
                "curve": {
                    "shows": shows,
                    "axis_unit": "wavenumber",
                    "axis": [400.0, 401.0, 402.0],
                    "value_unit": "absorbance",
                    "values": [0.1, 0.2, 0.1],
                },
            })
        };
        let records: Vec<_> = shows.iter().enumerate().map(record).collect();
        let text = serde_json::to_vec(&records).unwrap();
        read_bytes(&text, "measured.json", &ReadOptions::default()).unwrap()
    }

    #[test]
    fn what_a_spectrum_was_computed_from_is_passed_over_by_name() {
        let all = InputQueries::of(input(&["interferogram", "spectrum", "single_beam", "spectrum"]));
        let names: Vec<&str> = all.searched.iter().map(|query| query.record.name.as_str()).collect();
        assert_eq!(names, ["curve 1", "curve 3"]);
        let sentences: Vec<String> = all.passed_over.iter().map(ToString::to_string).collect();
        assert_eq!(
            sentences,
            [
                "record 1 (curve 0) is passed over: it is an interferogram, no spectrum",
                "record 3 (curve 2) is passed over: it is a single beam, no spectrum"
            ]
        );
    }

    #[test]
    fn where_there_is_no_spectrum_all_are_queries() {
        let all = InputQueries::of(input(&["single_beam", "phase"]));
        assert_eq!((all.searched.len(), all.passed_over.len()), (2, 0));
    }
}
