//! Reading everything and comparing it with its sums and digests.

use std::collections::BTreeMap;

use serde::Serialize;

use super::container::Digest;
use super::digest_of;
use super::folder::{LibraryFolder, gap};
use super::manifest::{Manifest, segment_file};
use super::segment::Segment;
use super::storage::Access;
use crate::canonical::hex;
use crate::error::{ErrorKind, Result};
use crate::progress::{Watch, Watched};

/// What [`LibraryFolder::verify`] found.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct VerifyReport {
    /// States whose manifest, segments and digest agree.
    pub sound_states: u64,
    /// Segments that were read whole.
    pub segments: u64,
    /// Bytes of these.
    pub bytes: u64,
    /// Entries in these, withdrawn ones included, each read and compared with its digest.
    pub entries: u64,
    /// Index files of these that were read whole, each against its checksums.
    pub index_files: u64,
    /// What does not agree, in sentences that name file and section.
    pub problems: Vec<String>,
    /// Files that no state names: what an interrupted change left. They are no damage.
    pub left_over: Vec<String>,
}

impl VerifyReport {
    /// Whether everything agrees.
    #[must_use]
    pub fn is_clean(&self) -> bool {
        self.problems.is_empty()
    }
}

impl LibraryFolder {
    /// Reads all files of all states: every checksum, every entry against its digest, every state
    /// against its own, the chain of manifests.
    ///
    /// # Errors
    /// As [`LibraryFolder::history`]; what does not agree is no error but stands in the report.
    pub fn verify(&self) -> Result<VerifyReport> {
        self.verify_told(&mut Watched::by_nobody())
    }

    /// As [`LibraryFolder::verify`], and tells `watch` how many entries are read and compared.
    ///
    /// # Errors
    /// As [`LibraryFolder::verify`]; `Cancelled` if `watch` breaks off.
    pub fn verify_watched(&self, watch: &mut Watch<'_>) -> Result<VerifyReport> {
        self.verify_told(&mut Watched::by(watch))
    }

    fn verify_told(&self, watched: &mut Watched<'_>) -> Result<VerifyReport> {
        watched.expect(self.entries_of_all_states()?)?;
        let mut report = VerifyReport::default();
        let mut segments = BTreeMap::new();
        let mut before: Option<Manifest> = None;
        for number in self.numbers()? {
            match self.manifest(number) {
                Ok(manifest) => {
                    let mut problems = Vec::from_iter(gap(before.as_ref(), &manifest));
                    self.verify_state(&manifest, &mut segments, &mut report, &mut problems, watched)?;
                    report.sound_states += u64::from(problems.is_empty());
                    report.problems.extend(problems);
                    before = Some(manifest);
                }
                Err(error) => report.problems.push(error.to_string()),
            }
        }
        report.left_over = self.left_over()?;
        Ok(report)
    }

    /// The entries in all segments that some readable manifest names.
    fn entries_of_all_states(&self) -> Result<u64> {
        let mut segments = BTreeMap::new();
        for number in self.numbers()? {
            // One that cannot be read is told when it is its turn.
            let Ok(manifest) = self.manifest(number) else { continue };
            segments.extend(manifest.data.segments.iter().map(|segment| (segment.sum, segment.entries)));
        }
        Ok(segments.values().sum())
    }

    /// Checks one state; its segments only if no state before had them.
    fn verify_state(
        &self,
        manifest: &Manifest,
        segments: &mut BTreeMap<Digest, Option<Segment>>,
        report: &mut VerifyReport,
        problems: &mut Vec<String>,
        watched: &mut Watched<'_>,
    ) -> Result<()> {
        let number = manifest.data.number;
        for stated in &manifest.data.segments {
            match segments.get(&stated.sum) {
                Some(Some(_)) => {}
                Some(None) => problems.push(format!(
                    "state {number} names a segment that is damaged: {}",
                    segment_file(&stated.sum)
                )),
                None => {
                    let opened = self.segment(manifest, stated, Access::Mapped, &mut Watched::by_nobody());
                    match opened.and_then(|segment| segment.verify(watched).map(|()| segment)) {
                        Ok(segment) => {
                            report.segments += 1;
                            report.bytes += segment.container().file_bytes();
                            report.entries += segment.ids().len() as u64;
                            self.verify_indexes(&stated.sum, report, watched)?;
                            segments.insert(stated.sum, Some(segment));
                        }
                        Err(error) if error.kind() == ErrorKind::Cancelled => return Err(error),
                        Err(error) => {
                            problems.push(error.to_string());
                            segments.insert(stated.sum, None);
                        }
                    }
                }
            }
        }
        let sound = manifest.data.segments.iter().map(|stated| segments.get(&stated.sum)?.as_ref());
        let Some(sound) = sound.collect::<Option<Vec<&Segment>>>() else { return Ok(()) };
        match digest_of(sound, &manifest.data.tombstones) {
            Ok(found) if found == (manifest.data.entries, manifest.data.content_digest) => {}
            Ok((entries, digest)) => problems.push(format!(
                "{}: state {number} has {entries} entries with the digest {}, its manifest says {} with {}",
                self.path().display(),
                hex(&digest),
                manifest.data.entries,
                hex(&manifest.data.content_digest)
            )),
            Err(error) => problems.push(error.to_string()),
        }
        Ok(())
    }

    /// Checks the index files of a segment. What is wrong with one makes no state unsound: it can be removed
    /// and made again.
    fn verify_indexes(
        &self,
        segment: &Digest,
        report: &mut VerifyReport,
        watched: &mut Watched<'_>,
    ) -> Result<()> {
        let checked = self.index_files(segment).and_then(|indexes| {
            for index in &indexes {
                index.check_all(&mut |_| watched.ask())?;
                if index.segment() != segment {
                    return Err(index.misplaced());
                }
                report.index_files += 1;
                report.bytes += index.file_bytes();
            }
            Ok(())
        });
        match checked {
            Err(error) if error.kind() == ErrorKind::Cancelled => return Err(error),
            Err(error) => {
                report.problems.push(format!("{error}; the index can be removed and made again"));
            }
            Ok(()) => {}
        }
        Ok(())
    }
}
