//! Pointing out doubtful entries.

use std::io::{self, Write};

use probity::curate::audit::{AuditFinding, AuditOptions, AuditReport, Severity, audit};
use probity::library::storage::Access;
use probity::library::{Entry, EntryId, Library, LibraryFolder, OpenOptions, StateSelector, open_library};
use probity::search::Executor;

use super::arguments::AuditArguments;
use crate::libraries::STARTER;
use crate::{Ending, libraries, progress};

pub(super) fn run(arguments: &AuditArguments) -> anyhow::Result<Ending> {
    let state = arguments.state.clone().unwrap_or_default();
    let library = match &arguments.library[..] {
        [path] if path.as_os_str() == STARTER => libraries::folder(path).open(&state, Access::Owned)?,
        paths => {
            let read = libraries::read_options(&arguments.reading);
            let options = OpenOptions::default().read(read).access(Access::Mapped).state(state);
            let opened = open_library(paths, &options)?;
            progress::tell_notices(opened.library.name(), &opened.report);
            opened.library
        }
    };
    let report = audited(&library, &Executor::new(arguments.threads)?)?;
    let mut sink = io::stdout().lock();
    if arguments.json {
        writeln!(sink, "{}", serde_json::to_string_pretty(&report)?)?;
    } else {
        for finding in report.findings.iter().filter(|finding| arguments.notes || is_no_note(finding)) {
            writeln!(sink, "{finding}")?;
        }
        write_counts(&report, &mut sink)?;
    }
    Ok(Ending::Complete)
}

/// After a change: what is doubtful among the new entries, those from `first` on.
pub(super) fn after_change(
    folder: &LibraryFolder,
    first: EntryId,
    executor: &Executor,
) -> anyhow::Result<()> {
    let spinner = progress::spinner("auditing".to_owned());
    let library = folder.open(&StateSelector::Latest, Access::Mapped)?;
    let report = audited(&library, executor);
    spinner.finish_and_clear();
    let report = report?;
    let concerns =
        |finding: &&AuditFinding| is_no_note(finding) && finding.entries.iter().any(|&entry| entry >= first);
    let found = report.findings.iter().filter(concerns).count();
    for finding in report.findings.iter().filter(concerns).take(FINDINGS_SHOWN) {
        progress::tell(&finding.to_string());
    }
    if found > FINDINGS_SHOWN {
        progress::tell(&format!(
            "and {} more doubtful entries; `probity library audit` lists them",
            found - FINDINGS_SHOWN
        ));
    }
    Ok(())
}

/// How many findings are shown after a change before they are only counted.
const FINDINGS_SHOWN: usize = 20;

fn audited(library: &Library, executor: &Executor) -> anyhow::Result<AuditReport> {
    let entries = library.entries().collect::<probity::Result<Vec<&Entry>>>()?;
    Ok(audit(&entries, &AuditOptions::default(), executor)?)
}

fn is_no_note(finding: &AuditFinding) -> bool {
    finding.severity != Severity::Note
}

fn write_counts(report: &AuditReport, sink: &mut impl Write) -> io::Result<()> {
    writeln!(sink, "\n{} entries audited", report.entries_audited)?;
    for (code, count) in &report.counts {
        writeln!(sink, "{count:>7}  {code}")?;
    }
    for (reason, count) in &report.not_checked {
        let reason = serde_json::to_value(reason).unwrap_or_default();
        writeln!(sink, "{count:>7}  not checked: {}", reason.as_str().unwrap_or_default())?;
    }
    Ok(())
}
