//! What is put into a library.

use crate::error::Result;
use crate::format::{Format, Input, Record};
use crate::library::{EntryId, SegmentBuilder, SourceData, StoredEntry};
use crate::preprocess::Recipe;
use crate::search::{Executor, Query};
use crate::spectrum::SpectrumCounts;

/// Entries encoded in one go.
const CHUNK: usize = 1_024;

/// Records, and the files that they were read from.
#[derive(Debug, Default)]
pub struct Addition {
    records: Vec<Record>,
    sources: Vec<SourceData>,
}

impl Addition {
    /// Records that come from no file.
    #[must_use]
    pub fn from_records(records: Vec<Record>) -> Self {
        Self { records, sources: Vec::new() }
    }

    /// The records of queries, in their order, and the files that these were read from, each once.
    #[must_use]
    pub fn from_queries(queries: impl IntoIterator<Item = Query>) -> Self {
        let mut addition = Self::default();
        for query in queries {
            if let Some(source) = query.source {
                let sources = &mut addition.sources;
                let known = sources
                    .iter()
                    .position(|known| known.sha256 == source.sha256 && known.name == source.file);
                let place = known.unwrap_or_else(|| {
                    sources.push(SourceData {
                        name: source.file,
                        sha256: source.sha256,
                        format: format_name(source.format),
                        entries: 0,
                        records_skipped: source.records_skipped,
                        notices: source.notices,
                    });
                    sources.len() - 1
                });
                sources[place].entries += 1;
            }
            addition.records.push(query.record);
        }
        addition
    }

    /// All records of the inputs, in their order.
    #[must_use]
    pub fn from_inputs(inputs: Vec<Input>) -> Self {
        let mut addition = Self::default();
        for input in inputs {
            addition.sources.push(SourceData {
                name: input.name,
                sha256: input.sha256,
                format: format_name(input.format),
                entries: input.records.len() as u64,
                records_skipped: input.report.records_skipped,
                notices: input.report.notices.len() as u64,
            });
            addition.records.extend(input.records);
        }
        addition
    }

    /// The records.
    #[must_use]
    pub fn records(&self) -> &[Record] {
        &self.records
    }

    /// How many records hold spectra of each kind.
    #[must_use]
    pub fn spectrum_counts(&self) -> SpectrumCounts {
        self.records.iter().map(|record| record.spectrum.kind()).collect()
    }

    /// The records as new entries, the first with the given id.
    pub(super) fn fill(
        self,
        segment: &mut SegmentBuilder,
        first: EntryId,
        recipes: &[Recipe],
        executor: &Executor,
    ) -> Result<()> {
        let mut ids = (first.0..).map(EntryId);
        // Chunk by chunk, so that the whole library is not in memory twice more.
        for (chunk, start) in self.records.chunks(CHUNK).zip((0..).step_by(CHUNK)) {
            let stored = executor.map(chunk, |record| StoredEntry::of(record, recipes));
            for (entry, number) in stored.into_iter().zip(start..) {
                let entry = entry
                    .map_err(|error| error.at(crate::Location::default().in_record(number as u64 + 1)))?;
                // The ids are a range without end.
                segment.push(ids.next().unwrap_or(first), &entry);
            }
        }
        segment.sources(self.sources);
        Ok(())
    }
}

/// A format's name as findings spell it.
fn format_name(format: Format) -> String {
    let name = serde_json::to_value(format).ok().and_then(|name| name.as_str().map(str::to_owned));
    name.unwrap_or_else(|| format.to_string())
}
