//! What the queries of a study really are.

use std::collections::BTreeMap;
use std::path::Path;

use crate::error::{Error, Location, Result};
use crate::substance::SubstanceKey;

/// The kinds of query that a study tells apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum QueryKind {
    /// Another contributor's spectrum of a substance in the library.
    OtherContributor,
    /// Another spectrum by a contributor whose own spectrum of the substance is in the library.
    SameContributor,
    /// A spectrum of a substance that is not in the library.
    Absent,
}

impl QueryKind {
    /// How a table names it.
    #[must_use]
    pub fn description(self) -> &'static str {
        match self {
            Self::OtherContributor => "replicate, other contributor",
            Self::SameContributor => "replicate, same laboratory",
            Self::Absent => "substance not in the library",
        }
    }
}

/// What one query is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Truth {
    /// The substance.
    pub key: SubstanceKey,
    /// How it relates to the library.
    pub kind: QueryKind,
}

/// Reads a tab-separated table with a heading that names at least the columns `query_id`,
/// `compound_key` and `type` (`replicate`, `replicate_same_lab` or `unknown`).
///
/// # Errors
/// `Io` if the file cannot be read; `Malformed`, with line and column, for a missing column, an unknown
/// type, an impossible key or a query named twice.
pub fn read_truth(path: &Path) -> Result<BTreeMap<String, Truth>> {
    let text =
        std::fs::read_to_string(path).map_err(|error| Error::io(path, "read the table of truth", error))?;
    parse_truth(&text).map_err(|error| error.in_file(path))
}

fn parse_truth(text: &str) -> Result<BTreeMap<String, Truth>> {
    // Spreadsheets begin a file with a byte order mark.
    let mut lines = text.trim_start_matches('\u{feff}').lines().zip(1..);
    let heading: Vec<&str> = lines.next().map(|(line, _)| line.split('\t').collect()).unwrap_or_default();
    let column = |name: &str| {
        heading.iter().position(|title| *title == name).ok_or_else(|| {
            Error::malformed(format!("the heading has no column {name}")).at(Location::at_line(1))
        })
    };
    let (id, key, kind) = (column("query_id")?, column("compound_key")?, column("type")?);
    let mut truths = BTreeMap::new();
    for (line, number) in lines.filter(|(line, _)| !line.trim().is_empty()) {
        let cells: Vec<&str> = line.split('\t').collect();
        let cell = |index: usize| {
            cells.get(index).copied().ok_or_else(|| {
                Error::malformed("the row is too short")
                    .at(Location::at_line(number).at_field(heading[index]))
            })
        };
        let truth = Truth {
            key: cell(key)?
                .parse()
                .map_err(|error: Error| error.at(Location::at_line(number).at_field("compound_key")))?,
            kind: kind_of(cell(kind)?)
                .map_err(|error| error.at(Location::at_line(number).at_field("type")))?,
        };
        if truths.insert(cell(id)?.to_owned(), truth).is_some() {
            return Err(
                Error::malformed("this query stands in the table twice").at(Location::at_line(number))
            );
        }
    }
    Ok(truths)
}

fn kind_of(text: &str) -> Result<QueryKind> {
    match text {
        "replicate" => Ok(QueryKind::OtherContributor),
        "replicate_same_lab" => Ok(QueryKind::SameContributor),
        "unknown" => Ok(QueryKind::Absent),
        other => Err(Error::malformed(format!("{other} is not a type of query"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_is_read_by_its_heading() {
        let truths = parse_truth(
            "type\tquery_id\tcompound_key\nunknown\tQ1\tRYYVLZVUVIJVGH\nreplicate\tQ2\tZPUCINDJVBIVPJ_D3\n",
        )
        .unwrap();
        assert_eq!(truths["Q1"].kind, QueryKind::Absent);
        assert_eq!(truths["Q2"].key.to_string(), "ZPUCINDJVBIVPJ_D3");
    }

    #[test]
    fn errors_name_line_and_column() {
        let heading = "query_id\ttype\tcompound_key\n";
        for (row, expected) in [
            ("Q1\tmystery\tRYYVLZVUVIJVGH", "line 2, field type: mystery is not a type of query"),
            ("Q1\tunknown", "line 2, field compound_key: the row is too short"),
        ] {
            assert_eq!(parse_truth(&format!("{heading}{row}\n")).unwrap_err().to_string(), expected);
        }
        assert!(parse_truth("query_id\ttype\n").unwrap_err().to_string().contains("compound_key"));
    }
}
