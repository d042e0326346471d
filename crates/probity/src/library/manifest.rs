//! Manifests: one small file a state of a library, numbered from 1.

use std::path::Path;

use serde::Serialize;

use super::codec::{ManifestData, SegmentEntryCount, TombstoneData, decode, encode};
use super::container::{BuiltContainer, Container, ContainerBuilder, Digest, Kind, PUBLISHED, SectionName};
use super::storage::{Access, StoredBytes};
use super::{EntryId, LibraryScope};
use crate::canonical::hex;
use crate::error::{Error, Result};

/// What a change of a library was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Action {
    /// It was made.
    Build,
    /// Entries were added.
    Add,
    /// Entries were withdrawn, each with a reason.
    Withdraw,
    /// The entries that are not withdrawn were written into one segment.
    Compact,
}

impl Action {
    fn number(self) -> u8 {
        match self {
            Self::Build => 0,
            Self::Add => 1,
            Self::Withdraw => 2,
            Self::Compact => 3,
        }
    }

    fn from_number(number: u8) -> Option<Self> {
        [Self::Build, Self::Add, Self::Withdraw, Self::Compact]
            .into_iter()
            .find(|action| action.number() == number)
    }
}

/// When, by whom and why a library was changed. It stands outside the library's digest.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ChangeNote {
    /// Seconds since 1970-01-01 00:00:00 UTC.
    pub time_unix_s: i64,
    /// Who changed it.
    pub operator: Option<String>,
    /// Why.
    pub note: Option<String>,
}

/// One state of a library, as its manifest describes it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct LibraryState {
    /// The state's number, from 1.
    pub number: u64,
    /// SHA-256 over the entries that are not withdrawn, as findings show it: 64 hexadecimal digits.
    pub digest: String,
    /// The library's name.
    pub name: String,
    /// How far its answers reach.
    pub scope: LibraryScope,
    /// What led to this state.
    pub action: Action,
    /// When: seconds since 1970-01-01 00:00:00 UTC.
    pub time_unix_s: i64,
    /// Who changed it, if that was said.
    pub operator: Option<String>,
    /// Why, if that was said.
    pub note: Option<String>,
    /// The version of Probity that wrote it.
    pub written_by: String,
    /// Entries that are not withdrawn.
    pub entries: u64,
    /// The id that the next entry gets.
    pub next_id: EntryId,
    /// The files that hold the entries.
    pub segments: Vec<SegmentInfo>,
    /// Recipes whose prepared peaks are stored beside the published ones.
    pub recipes: Vec<StoredRecipe>,
    /// Entries that were withdrawn and that a segment still holds.
    pub withdrawn: Vec<Tombstone>,
}

/// A file that holds entries.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct SegmentInfo {
    /// The file's name; it is made of the BLAKE3 sum that names its content.
    pub file: String,
    /// Bytes of the file.
    pub file_bytes: u64,
    /// Entries in it, withdrawn ones included.
    pub entries: u64,
    /// Peaks in it, as published.
    pub peaks: u64,
}

/// A recipe whose prepared peaks are stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct StoredRecipe {
    /// SHA-256 of its canonical text, 64 hexadecimal digits.
    pub digest: String,
    /// Its canonical text.
    pub text: String,
}

/// A withdrawn entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Tombstone {
    /// The entry.
    pub entry_id: EntryId,
    /// The number of the state that withdrew it.
    pub state: u64,
    /// Why.
    pub reason: String,
}

/// A manifest as read or written.
#[derive(Debug, Clone)]
pub(crate) struct Manifest {
    pub(super) data: ManifestData,
    pub(super) sum: Digest,
    pub(super) scope: LibraryScope,
    pub(super) action: Action,
}

/// What a change says of the state that it leads to.
#[derive(Debug)]
pub(crate) struct NextState {
    pub(super) name: String,
    pub(super) scope: LibraryScope,
    pub(super) action: Action,
    pub(super) note: ChangeNote,
    pub(super) next_id: u64,
    pub(super) entries: u64,
    pub(super) content_digest: Digest,
    pub(super) recipes: Vec<(Digest, String)>,
    pub(super) segments: Vec<SegmentEntryCount>,
    pub(super) tombstones: Vec<TombstoneData>,
}

impl Manifest {
    pub(super) fn read(path: &Path, bytes: StoredBytes, number: u64) -> Result<Self> {
        let container = Container::open(path, bytes, Kind::Manifest, Access::Owned)?;
        let section = SectionName::Manifest;
        let data: ManifestData = decode(container.whole(section, &PUBLISHED)?)
            .map_err(|error| error.in_section(section.text()).in_file(path))?;
        if data.number != number {
            let message = format!("it is the manifest of state {}, not {number}", data.number);
            return Err(container.damaged(section, message));
        }
        let unknown = |what: &str, number| container.damaged(section, format!("there is no {what} {number}"));
        let action = Action::from_number(data.action).ok_or_else(|| unknown("action", data.action))?;
        let scope = scope_from_number(data.scope).ok_or_else(|| unknown("scope", data.scope))?;
        Ok(Self { sum: container.sum(), data, scope, action })
    }

    /// The manifest that follows `before`, and its file.
    pub(super) fn next(before: Option<&Self>, state: NextState) -> Result<(Self, BuiltContainer)> {
        let number = before.map_or(0, |before| before.data.number).checked_add(1);
        let data = ManifestData {
            number: number.ok_or_else(|| Error::limit("a library has no more numbers for its states"))?,
            parent: before.map_or([0; 32], |before| before.sum),
            library_name: state.name,
            scope: scope_number(state.scope),
            action: state.action.number(),
            time_unix_s: state.note.time_unix_s,
            operator: state.note.operator,
            note: state.note.note,
            written_by: env!("CARGO_PKG_VERSION").to_owned(),
            next_id: state.next_id,
            entries: state.entries,
            content_digest: state.content_digest,
            recipes: state.recipes,
            segments: state.segments,
            tombstones: state.tombstones,
        };
        let bytes =
            encode(&data).map_err(|error| error.at(crate::Location::default().at_field("manifest")))?;
        let file =
            ContainerBuilder::new(Kind::Manifest).section(SectionName::Manifest, PUBLISHED, bytes).build()?;
        Ok((Self { sum: file.sum(), data, scope: state.scope, action: state.action }, file))
    }

    /// The state that it describes.
    pub(crate) fn state(&self) -> LibraryState {
        let data = &self.data;
        LibraryState {
            number: data.number,
            digest: hex(&data.content_digest),
            name: data.library_name.clone(),
            scope: self.scope,
            action: self.action,
            time_unix_s: data.time_unix_s,
            operator: data.operator.clone(),
            note: data.note.clone(),
            written_by: data.written_by.clone(),
            entries: data.entries,
            next_id: EntryId(data.next_id),
            segments: data
                .segments
                .iter()
                .map(|segment| SegmentInfo {
                    file: segment_file(&segment.sum),
                    file_bytes: segment.file_bytes,
                    entries: segment.entries,
                    peaks: segment.peaks,
                })
                .collect(),
            recipes: data
                .recipes
                .iter()
                .map(|(digest, text)| StoredRecipe { digest: hex(digest), text: text.clone() })
                .collect(),
            withdrawn: data
                .tombstones
                .iter()
                .map(|tombstone| Tombstone {
                    entry_id: EntryId(tombstone.id),
                    state: tombstone.manifest,
                    reason: tombstone.reason.clone(),
                })
                .collect(),
        }
    }
}

fn scope_number(scope: LibraryScope) -> u8 {
    match scope {
        LibraryScope::Spectra => 0,
        LibraryScope::Starter => 1,
    }
}

fn scope_from_number(number: u8) -> Option<LibraryScope> {
    [LibraryScope::Spectra, LibraryScope::Starter].into_iter().find(|&scope| scope_number(scope) == number)
}

/// The file of the manifest with a number.
pub(super) fn manifest_file(number: u64) -> String {
    format!("manifest-{number:010}.probity")
}

/// The number of a manifest's file; `None` for another file.
pub(super) fn manifest_number(file: &str) -> Option<u64> {
    let digits = file.strip_prefix("manifest-")?.strip_suffix(".probity")?;
    let number: u64 = digits.parse().ok()?;
    (number > 0 && manifest_file(number) == file).then_some(number)
}

/// The file of the segment with a header sum.
pub(super) fn segment_file(sum: &Digest) -> String {
    format!("segment-{}.probity", hex(sum))
}

/// Whether a file is named as segments are.
pub(super) fn is_segment_file(file: &str) -> bool {
    let digits = file.strip_prefix("segment-").and_then(|rest| rest.strip_suffix(".probity"));
    digits.is_some_and(|digits| {
        digits.len() == 64 && digits.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
    })
}

/// Which state of a library is meant.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum StateSelector {
    /// The state with the highest number.
    #[default]
    Latest,
    /// The state with this number.
    Number(u64),
    /// The newest state whose digest begins with these hexadecimal digits.
    Digest(String),
}

impl std::str::FromStr for StateSelector {
    type Err = Error;

    /// A number of up to ten digits, or at least eleven hexadecimal digits of a digest.
    ///
    /// # Errors
    /// `InvalidOption` for anything else.
    fn from_str(text: &str) -> Result<Self> {
        let text = text.trim().to_ascii_lowercase();
        let is_hexadecimal = text.bytes().all(|byte| byte.is_ascii_hexdigit());
        match text.parse() {
            Ok(number) if text.len() <= 10 => Ok(Self::Number(number)),
            _ if is_hexadecimal && (11..=64).contains(&text.len()) => Ok(Self::Digest(text)),
            _ => Err(Error::invalid_option(format!(
                "{text} is neither the number of a state nor the first eleven digits, or more, of a digest"
            ))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_our_own_names_are_manifests() {
        assert_eq!(manifest_number(&manifest_file(7)), Some(7));
        assert_eq!(manifest_number("manifest-12345678901.probity"), Some(12_345_678_901));
        for name in ["manifest-7.probity", "manifest-0000000000.probity", "manifest-+000000007.probity", "x"]
        {
            assert_eq!(manifest_number(name), None, "{name}");
        }
        assert!(is_segment_file(&segment_file(&[0xab; 32])));
        assert!(!is_segment_file("segment-ab.probity"));
    }

    #[test]
    fn a_state_is_named_by_number_or_digest() {
        let digest = "A122F3319DF68819d6a179c2fce935d893f33cb7909fe1cc712f1245b49b5e7f";
        assert_eq!("12".parse::<StateSelector>().unwrap(), StateSelector::Number(12));
        assert_eq!(
            digest.parse::<StateSelector>().unwrap(),
            StateSelector::Digest(digest.to_ascii_lowercase())
        );
        for text in ["", "a122", "state 3", &format!("{digest}0")] {
            assert!(text.parse::<StateSelector>().is_err(), "{text}");
        }
    }
}
