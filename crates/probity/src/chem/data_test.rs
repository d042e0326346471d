//! Reads the tables and libraries that the tests on real data use.

use std::collections::HashMap;
use std::io::Read;
use std::path::PathBuf;

/// One row or record by the names of its fields; of a repeated field the first value.
pub(crate) type Row = HashMap<String, String>;

fn path(relative: &str) -> PathBuf {
    let folder = std::env::var_os("PROBITY_DATA").expect("set PROBITY_DATA to the folder with the test data");
    PathBuf::from(folder).join(relative)
}

/// The rows of `substances.csv`.
pub(crate) fn substances() -> Vec<Row> {
    let text = std::fs::read_to_string(path("substances.csv")).unwrap();
    let mut records = csv_records(&text).into_iter();
    let header = records.next().unwrap();
    records.map(|fields| header.iter().cloned().zip(fields).collect()).collect()
}

/// The rows of a table with tabulators, under `PROBITY_DATA`.
pub(crate) fn tab_separated(relative: &str) -> Vec<Row> {
    let text = std::fs::read_to_string(path(relative)).unwrap();
    let mut lines = text.lines().map(|line| line.split('\t').map(str::to_owned).collect::<Vec<_>>());
    let header = lines.next().unwrap();
    lines.map(|fields| header.iter().cloned().zip(fields).collect()).collect()
}

/// The fields of every record of a gzipped MSP file under `ms/`, without peaks.
pub(crate) fn library(name: &str) -> Vec<Row> {
    let file = std::fs::File::open(path("ms").join(name)).unwrap();
    let mut text = String::new();
    flate2::read::MultiGzDecoder::new(file).read_to_string(&mut text).unwrap();
    let records = text.split("\n\n").map(str::trim).filter(|record| !record.is_empty());
    records
        .map(|record| {
            let mut row = Row::new();
            for (key, value) in record.lines().filter_map(|line| line.split_once(": ")) {
                row.entry(key.to_owned()).or_insert_with(|| value.to_owned());
            }
            row
        })
        .collect()
}

/// RFC 4180 with line feeds: quoted fields may hold commas, line feeds and doubled quotes.
fn csv_records(text: &str) -> Vec<Vec<String>> {
    let mut records = vec![vec![String::new()]];
    let mut is_quoted = false;
    for character in text.trim_end().chars().filter(|&character| character != '\r') {
        let record = records.last_mut().unwrap();
        match character {
            '"' => {
                // A doubled quote leaves and enters the quoted state; the quote itself is kept.
                if is_quoted || !record.last().unwrap().is_empty() {
                    record.last_mut().unwrap().push('"');
                }
                is_quoted = !is_quoted;
            }
            ',' if !is_quoted => record.push(String::new()),
            '\n' if !is_quoted => records.push(vec![String::new()]),
            _ => record.last_mut().unwrap().push(character),
        }
    }
    for field in records.iter_mut().flatten() {
        if field.ends_with('"') {
            field.pop();
        }
        *field = field.replace("\"\"", "\"");
    }
    records
}
