//! Storing what searching needs beside the entries.

use std::ops::ControlFlow;

use crate::error::{ErrorKind, Result};
use crate::library::{IndexContent, LibraryFolder, Segment, Writer};
use crate::progress::{Progress, Watch, Watched};
use crate::search::{Comparison, Executor, Method, index_content};

/// What [`index`] did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Indexed {
    /// Index files written.
    pub written: u64,
    /// Their bytes.
    pub bytes: u64,
    /// Index files that were there already.
    pub kept: u64,
    /// Of those written, how many took the place of one that could not be read.
    pub replaced: u64,
}

/// Writes the index files that the newest state of a library lacks for these methods: one for each segment and
/// each recipe with its measure. They make opening and searching quicker and change no answer and no state;
/// methods that agree in recipe and measure share them. The same segment gives the same bytes.
///
/// Additions to the library, and compacting it, write the index files of their segment themselves.
///
/// # Errors
/// Those of [`LibraryFolder::open`]; `Busy`; `Io`, after which the library and the index files that were
/// finished are as they were.
pub fn index(
    folder: &LibraryFolder,
    methods: &[Method],
    executor: &Executor,
    progress: &mut dyn FnMut(Progress),
) -> Result<Indexed> {
    index_watched(folder, methods, executor, &mut |done| {
        progress(done);
        ControlFlow::Continue(())
    })
}

/// As [`index`], and stops where `watch` breaks off: index files that were finished stay. It counts each entry twice for each
/// way of comparing: once it is prepared, and once it is in the index.
///
/// # Errors
/// As [`index`]; `Cancelled` if `watch` breaks off.
pub fn index_watched(
    folder: &LibraryFolder,
    methods: &[Method],
    executor: &Executor,
    watch: &mut Watch<'_>,
) -> Result<Indexed> {
    let mut watched = Watched::by(watch);
    let writer = Writer::existing(folder)?;
    let segments = writer.segments()?;
    let mut comparisons: Vec<Comparison> = Vec::new();
    for comparison in methods.iter().map(Comparison::of) {
        if !comparisons.contains(&comparison) {
            comparisons.push(comparison);
        }
    }
    let mut indexed = Indexed::default();
    let mut to_do = Vec::new();
    for segment in &segments {
        for comparison in &comparisons {
            match writer.has_index(segment, &comparison.digest()?) {
                Ok(true) => indexed.kept += 1,
                Ok(false) => to_do.push((segment, comparison)),
                Err(error)
                    if matches!(
                        error.kind(),
                        ErrorKind::Damaged | ErrorKind::Malformed | ErrorKind::IncompatibleVersion
                    ) =>
                {
                    indexed.replaced += 1;
                    to_do.push((segment, comparison));
                }
                Err(error) => return Err(error),
            }
        }
    }
    watched.expect(to_do.iter().map(|(segment, _)| 2 * segment.ids().len() as u64).sum())?;
    for (segment, comparison) in to_do {
        let content = index_content(segment, comparison, executor, &mut watched)?;
        indexed.bytes += writer.write_index(segment, content)?;
        indexed.written += 1;
    }
    Ok(indexed)
}

/// The index files of a new segment, for all ways of comparing for which the library has some that this
/// version understands.
pub(super) fn index_like_the_others(
    writer: &Writer,
    segment: &Segment,
    executor: &Executor,
) -> Result<Vec<IndexContent>> {
    let comparisons = writer.comparisons()?;
    let known = comparisons.values().filter_map(|text| Comparison::from_text(text));
    let content = |comparison| index_content(segment, &comparison, executor, &mut Watched::by_nobody());
    known.map(content).collect()
}
