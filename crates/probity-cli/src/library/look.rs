//! Looking at libraries.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::time::{Duration, UNIX_EPOCH};

use probity::format::Record;
use probity::library::storage::Access;
use probity::library::{Library, LibraryState, StateSelector, VerifyReport};
use serde_json::json;

use super::arguments::{ExportArguments, FolderArguments, StateArguments};
use crate::convert::write_records;
use crate::{Ending, libraries};

pub(super) fn info(arguments: &StateArguments) -> anyhow::Result<Ending> {
    let folder = libraries::folder(&arguments.folder);
    let library = folder.open(&selector(arguments.state.as_ref()), Access::Mapped)?;
    let mut sink = io::stdout().lock();
    if arguments.json {
        let text = json!({ "state": library.state(), "sources": library.sources() });
        writeln!(sink, "{}", serde_json::to_string_pretty(&text)?)?;
    } else if let Some(state) = library.state() {
        write_info(&library, state, &mut sink)?;
    }
    Ok(Ending::Complete)
}

/// How many entries each collection and contributor gave, as the entries state it.
fn origins(library: &Library) -> probity::Result<BTreeMap<String, u64>> {
    let mut origins = BTreeMap::new();
    for entry in library.entries() {
        let provenance = &entry?.record().provenance;
        let parts = [&provenance.source, &provenance.contributor, &provenance.licence];
        let parts: Vec<&str> = parts.into_iter().flatten().map(String::as_str).collect();
        let origin = if parts.is_empty() { "not stated".to_owned() } else { parts.join("; ") };
        *origins.entry(origin).or_default() += 1;
    }
    Ok(origins)
}

fn write_info(library: &Library, state: &LibraryState, sink: &mut impl Write) -> anyhow::Result<()> {
    writeln!(sink, "Library  {}", state.name)?;
    writeln!(sink, "State    {}, {}, written by version {}", state.number, time(state), state.written_by)?;
    writeln!(sink, "Digest   {}", state.digest)?;
    writeln!(sink, "Entries  {}; the next one gets number {}", state.entries, state.next_id)?;
    for recipe in &state.recipes {
        writeln!(sink, "Prepared {} {}", recipe.digest, recipe.text)?;
    }
    for segment in &state.segments {
        writeln!(
            sink,
            "File     {}: {} entries, {} peaks, {} bytes",
            segment.file, segment.entries, segment.peaks, segment.file_bytes
        )?;
    }
    for source in library.sources() {
        writeln!(
            sink,
            "Source   {} ({}): {} entries, {} records skipped, {} notices; SHA-256 {}",
            source.name, source.format, source.entries, source.records_skipped, source.notices, source.sha256
        )?;
    }
    for (origin, entries) in origins(library)? {
        writeln!(sink, "Origin   {origin}: {entries} entries")?;
    }
    for tombstone in &state.withdrawn {
        writeln!(
            sink,
            "Withdrawn {} in state {}: {}",
            tombstone.entry_id, tombstone.state, tombstone.reason
        )?;
    }
    Ok(())
}

pub(super) fn history(arguments: &FolderArguments) -> anyhow::Result<Ending> {
    let history = libraries::folder(&arguments.folder).history()?;
    let mut sink = io::stdout().lock();
    if arguments.json {
        writeln!(sink, "{}", serde_json::to_string_pretty(&history)?)?;
    } else {
        let mut before: Option<&LibraryState> = None;
        for state in &history.states {
            write_state(before, state, &mut sink)?;
            before = Some(state);
        }
        for problem in &history.problems {
            writeln!(sink, "problem: {problem}")?;
        }
    }
    Ok(if history.problems.is_empty() { Ending::Complete } else { Ending::SomeInputsFailed })
}

fn write_state(before: Option<&LibraryState>, state: &LibraryState, sink: &mut impl Write) -> io::Result<()> {
    let action = serde_json::to_value(state.action).unwrap_or_default();
    write!(
        sink,
        "{:>5}  {}  {:<8}  {:>8} entries  {}",
        state.number,
        time(state),
        action.as_str().unwrap_or_default(),
        state.entries,
        state.digest
    )?;
    for (title, text) in [("by", &state.operator), ("note:", &state.note)] {
        if let Some(text) = text {
            write!(sink, "  {title} {text}")?;
        }
    }
    writeln!(sink)?;
    let known = before.map_or(&[][..], |before| &before.withdrawn);
    let mut by_reason: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for tombstone in state.withdrawn.iter().filter(|tombstone| !known.contains(tombstone)) {
        by_reason.entry(&tombstone.reason).or_default().push(tombstone.entry_id.to_string());
    }
    for (reason, entries) in by_reason {
        writeln!(sink, "       withdrawn {}: {reason}", entries.join(", "))?;
    }
    Ok(())
}

pub(super) fn verify(arguments: &FolderArguments) -> anyhow::Result<Ending> {
    let report = libraries::folder(&arguments.folder).verify()?;
    let mut sink = io::stdout().lock();
    if arguments.json {
        writeln!(sink, "{}", serde_json::to_string_pretty(&report)?)?;
    } else {
        write_report(&report, &mut sink)?;
    }
    Ok(if report.is_clean() { Ending::Complete } else { Ending::SomeInputsFailed })
}

fn write_report(report: &VerifyReport, sink: &mut impl Write) -> io::Result<()> {
    writeln!(
        sink,
        "{} sound states; {} files, {} index files, {} bytes and {} entries read and compared",
        report.sound_states, report.segments, report.index_files, report.bytes, report.entries
    )?;
    for name in &report.left_over {
        writeln!(sink, "left over from an interrupted change, no damage: {name}")?;
    }
    for problem in &report.problems {
        writeln!(sink, "problem: {problem}")?;
    }
    writeln!(sink, "{}", if report.is_clean() { "clean" } else { "NOT clean" })
}

pub(super) fn export(arguments: &ExportArguments) -> anyhow::Result<Ending> {
    let folder = libraries::folder(&arguments.folder);
    let library = folder.open(&selector(arguments.state.as_ref()), Access::Mapped)?;
    let records = library.entries().map(|entry| Ok(entry?.record().clone()));
    let records = records.collect::<probity::Result<Vec<Record>>>()?;
    write_records(&records, arguments.to, arguments.accession_prefix.as_deref())?;
    Ok(Ending::Complete)
}

fn selector(state: Option<&StateSelector>) -> StateSelector {
    state.cloned().unwrap_or_default()
}

/// The time of a state, in UTC.
fn time(state: &LibraryState) -> String {
    match u64::try_from(state.time_unix_s) {
        Ok(seconds) => {
            humantime::format_rfc3339_seconds(UNIX_EPOCH + Duration::from_secs(seconds)).to_string()
        }
        Err(_) => format!("{} s before 1970", state.time_unix_s.unsigned_abs()),
    }
}
