//! One line a candidate.

use std::io::Write;

use probity::finding::{Candidate, Finding};

/// Writes rows under one heading.
#[derive(Default)]
pub(super) struct CsvRows {
    heading_written: bool,
}

impl CsvRows {
    /// Writes one row a candidate, or one row without candidate.
    pub(super) fn write(&mut self, finding: &Finding, sink: &mut impl Write) -> anyhow::Result<()> {
        let mut writer = csv::Writer::from_writer(sink);
        if !self.heading_written {
            let mut heading: Vec<&str> = HEADING.to_vec();
            heading.extend(finding.heading.method.measures.iter().map(|measure| measure.name));
            writer.write_record(heading)?;
            self.heading_written = true;
        }
        for candidate in &finding.hits {
            writer.write_record(row(finding, candidate))?;
        }
        if finding.hits.is_empty() {
            let mut empty = vec![finding.heading.query.name.clone(), file(finding)];
            empty.resize(HEADING.len() + finding.heading.method.measures.len(), String::new());
            writer.write_record(empty)?;
        }
        writer.flush()?;
        Ok(())
    }
}

const HEADING: [&str; 15] = [
    "query",
    "file",
    "library",
    "method",
    "rank",
    "entry_id",
    "name",
    "inchikey",
    "substance_key",
    "formula",
    "cas_numbers",
    "derivative",
    "explained_share",
    "found_share",
    "lists",
];

fn file(finding: &Finding) -> String {
    finding.heading.query.source.as_ref().map(|source| source.file.clone()).unwrap_or_default()
}

fn row(finding: &Finding, candidate: &Candidate) -> Vec<String> {
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    let mut row = vec![
        finding.heading.query.name.clone(),
        file(finding),
        finding.heading.library.name.clone(),
        finding.heading.method.name.clone(),
        candidate.rank.to_string(),
        candidate.entry_id.to_string(),
        candidate.name.clone(),
        text(&candidate.inchikey),
        candidate.substance_key.as_ref().map(ToString::to_string).unwrap_or_default(),
        text(&candidate.formula),
        candidate.cas_numbers.join(" "),
        text(&candidate.form.derivative),
        candidate.matched_shares().0.to_string(),
        candidate.matched_shares().1.to_string(),
        candidate.control_status.sentences().join(" "),
    ];
    // By name, so that a candidate that lacks a measure does not shift the columns.
    row.extend(finding.heading.method.measures.iter().map(|info| {
        candidate
            .measures
            .iter()
            .find(|measure| measure.name == info.name)
            .map(|measure| measure.value.to_string())
            .unwrap_or_default()
    }));
    row
}
