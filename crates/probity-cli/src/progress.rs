//! What goes to standard error.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};
use probity::format::ReadReport;

/// How many notices of a reader are shown before they are only counted.
const NOTICES_SHOWN: usize = 5;

/// A bar over `length` steps, hidden where standard error is no terminal.
pub(crate) fn bar(length: usize, doing: &'static str) -> ProgressBar {
    let bar = ProgressBar::new(length as u64);
    if let Ok(style) = ProgressStyle::with_template("{msg:>12} {wide_bar} {pos}/{len}, {eta} left") {
        bar.set_style(style);
    }
    bar.set_message(doing);
    bar
}

/// A spinner for work of unknown length.
pub(crate) fn spinner(doing: String) -> ProgressBar {
    let spinner = ProgressBar::new_spinner();
    spinner.set_message(doing);
    spinner.enable_steady_tick(Duration::from_millis(120));
    spinner
}

/// Names an error with its causes, but for those that the sentence before names already.
#[allow(clippy::print_stderr, reason = "the command talks to people on standard error")]
pub(crate) fn complain(error: &anyhow::Error) {
    let mut sentence = String::new();
    for cause in error.chain().map(ToString::to_string) {
        if !sentence.contains(&cause) {
            let separator = if sentence.is_empty() { "" } else { ": " };
            sentence = sentence + separator + &cause;
        }
    }
    eprintln!("probity: {sentence}");
}

/// One line of news.
#[allow(clippy::print_stderr, reason = "the command talks to people on standard error")]
pub(crate) fn tell(news: &str) {
    eprintln!("probity: {news}");
}

/// Tells what a reader repaired, ignored or skipped, if anything.
#[allow(clippy::print_stderr, reason = "the command talks to people on standard error")]
pub(crate) fn tell_notices(name: &str, report: &ReadReport) {
    if report.is_clean() {
        return;
    }
    eprintln!(
        "probity: {name}: {} repaired, {} ignored, {} skipped",
        report.repaired, report.ignored, report.skipped
    );
    for notice in report.notices.iter().take(NOTICES_SHOWN) {
        eprintln!("  {notice}");
    }
    let more = report.notices.len().saturating_sub(NOTICES_SHOWN);
    if more > 0 {
        eprintln!("  and {more} more; `probity convert --report FILE` lists them");
    }
}
