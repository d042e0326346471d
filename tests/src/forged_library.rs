//! Libraries whose sums are right and whose content is anything: what fuzzing needs to get past the sums.
//!
//! An input is the kind of file (a byte, odd for a manifest), then sections: name (a byte, modulo the
//! list below), recipe (a byte: 0 for what was published, 1 for the recipe of a real library, else
//! anything), length (three bytes, least significant first; no more than is there), bytes. A forged
//! segment gets a manifest that names it; a forged manifest finds the segment of a real library.

use std::sync::{Arc, OnceLock};

use probity::Result;
use probity::curate::{Addition, NewLibrary, add, build, compact, withdraw};
use probity::library::storage::Access;
use probity::library::{ChangeNote, LibraryFolder, StateSelector};
use probity::search::{Executor, Method, Searcher};

use crate::disk_image::Image;
use crate::raw_container::{RawContainer, RawSection};
use crate::recorded_storage::RecordedStorage;
use crate::synthetic_records;

const NAMES: [&str; 11] = [
    "manifest",
    "segment",
    "entry_ids",
    "content_digests",
    "record_offsets",
    "records",
    "peak_offsets",
    "peaks",
    "prepared_offsets",
    "prepared",
    "of a later one",
];

const MANIFEST: &str = "manifest-0000000001.probity";

/// A library with nothing forged, and what works with it.
struct Real {
    manifest: RawContainer,
    segment_name: String,
    segment: Vec<u8>,
    recipe: [u8; 32],
    method: Method,
    executor: Arc<Executor>,
}

impl Real {
    fn make() -> Result<Self> {
        let storage = RecordedStorage::new(Image::default());
        let method = Method::named("ei-default")?;
        let executor = Arc::new(Executor::new(1)?);
        build(
            &LibraryFolder::with_storage(Arc::new(storage.clone())),
            NewLibrary::named("case").recipes([method.prepare.clone()]),
            Addition::from_records(synthetic_records(3, 29)),
            ChangeNote::default(),
            &executor,
        )?;
        let image = storage.image();
        let manifest = RawContainer::of(image.file(MANIFEST).unwrap_or_default());
        let segment_name =
            image.names().find(|name| name.starts_with("segment-")).unwrap_or_default().to_owned();
        let segment = image.file(&segment_name).unwrap_or_default().to_vec();
        let sections = RawContainer::of(&segment).sections;
        let recipe = sections.iter().map(|section| section.recipe).find(|recipe| *recipe != [0; 32]);
        let recipe = recipe.unwrap_or_default();
        Ok(Self { manifest, segment_name, segment, recipe, method, executor })
    }

    fn get() -> &'static Self {
        static REAL: OnceLock<Real> = OnceLock::new();
        REAL.get_or_init(|| Self::make().unwrap_or_else(|error| panic!("{error}")))
    }
}

/// The inputs that forge nothing: a manifest and a segment.
#[must_use]
pub fn seeds() -> [(&'static str, Vec<u8>); 2] {
    let real = Real::get();
    [("manifest", input_of(&real.manifest)), ("segment", input_of(&RawContainer::of(&real.segment)))]
}

fn input_of(container: &RawContainer) -> Vec<u8> {
    let mut input = vec![u8::from(container.kind == *b"MNFT")];
    for section in &container.sections {
        let name = NAMES.iter().position(|name| *name == section.name).unwrap_or(NAMES.len() - 1);
        input.push(u8::try_from(name).unwrap_or_default());
        input.push(u8::from(section.recipe != [0; 32]));
        input.extend(&(section.bytes.len() as u64).to_le_bytes()[..3]);
        input.extend(&section.bytes);
    }
    input
}

fn sections_of(mut input: &[u8], recipe: [u8; 32]) -> Vec<RawSection> {
    let mut sections = Vec::new();
    while let [name, of, low, middle, high, rest @ ..] = input {
        let length = usize::from(*low) | usize::from(*middle) << 8 | usize::from(*high) << 16;
        let (bytes, behind) = rest.split_at(length.min(rest.len()));
        let recipe = match of {
            0 => [0; 32],
            1 => recipe,
            other => [*other; 32],
        };
        let name = NAMES[usize::from(*name) % NAMES.len()].to_owned();
        sections.push(RawSection { name, recipe, bytes: bytes.to_vec() });
        input = behind;
    }
    sections
}

/// Opens the library that an input forges in both ways, reads all of it, searches and changes it. How
/// many entries could be read.
pub fn read_forged(input: &[u8]) -> usize {
    let Some((kind, rest)) = input.split_first() else { return 0 };
    let real = Real::get();
    let sections = sections_of(rest, real.recipe);
    let container = |kind, sections| RawContainer { kind, version: 1, oldest_reader: 1, sections };
    let image = if kind & 1 == 1 {
        let manifest = container(*b"MNFT", sections).to_bytes().0;
        [(MANIFEST.to_owned(), manifest), (real.segment_name.clone(), real.segment.clone())]
    } else {
        let segment = container(*b"SEGM", sections);
        let (file, sum) = segment.to_bytes();
        let section = RawSection {
            name: "manifest".to_owned(),
            recipe: [0; 32],
            bytes: manifest_naming(&segment, file.len() as u64, sum),
        };
        let manifest = container(*b"MNFT", vec![section]).to_bytes().0;
        [(MANIFEST.to_owned(), manifest), (format!("segment-{}.probity", hex(&sum)), file)]
    };
    let folder = LibraryFolder::with_storage(Arc::new(RecordedStorage::new(Image::of(image))));
    let mut entries = 0;
    for access in [Access::Owned, Access::Mapped] {
        let Ok(library) = folder.open(&StateSelector::Latest, access) else { continue };
        entries = library.entries().filter(Result::is_ok).count();
        let first = library.ids().first().copied();
        let _ = library.sources();
        let _ = Searcher::new(Arc::new(library), real.method.clone(), Arc::clone(&real.executor));
        if let (Some(first), Access::Mapped) = (first, access) {
            let note = ChangeNote::default;
            let more = Addition::from_records(synthetic_records(1, 30));
            let _ = add(&folder, more, note(), &real.executor);
            let _ = withdraw(&folder, &[first], "forged", note());
            let _ = compact(&folder, note(), &real.executor);
        }
    }
    let _ = folder.history();
    let _ = folder.verify();
    entries
}

fn hex(sum: &[u8; 32]) -> String {
    sum.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The metadata of a manifest of state 1 that names one segment, in bincode's standard form: whole
/// numbers below 251 take a byte, larger ones a mark and eight.
fn manifest_naming(segment: &RawContainer, file_bytes: u64, sum: [u8; 32]) -> Vec<u8> {
    let entries = segment.section("entry_ids", &[0; 32]).map_or(0, |ids| ids.len() as u64 / 8);
    // The peaks are the second number of what a segment says of itself.
    let mut rest = segment.section("segment", &[0; 32]).unwrap_or_default();
    take_number(&mut rest);
    let peaks = take_number(&mut rest);
    let mut bytes = Vec::new();
    push_number(1, &mut bytes);
    bytes.extend([0; 32]);
    push_text("case", &mut bytes);
    // Scope, action, time, no operator, no note.
    bytes.extend([0; 5]);
    push_text("0.1.0", &mut bytes);
    push_number(1 << 40, &mut bytes);
    push_number(entries, &mut bytes);
    // A digest, no recipe, one segment, no withdrawn entry.
    bytes.extend([0; 32]);
    bytes.extend([0, 1]);
    bytes.extend(sum);
    push_number(file_bytes, &mut bytes);
    push_number(entries, &mut bytes);
    push_number(peaks, &mut bytes);
    bytes.push(0);
    bytes
}

fn push_number(number: u64, bytes: &mut Vec<u8>) {
    match u8::try_from(number) {
        Ok(small) if small < 251 => bytes.push(small),
        _ => {
            bytes.push(253);
            bytes.extend(number.to_le_bytes());
        }
    }
}

fn push_text(text: &str, bytes: &mut Vec<u8>) {
    push_number(text.len() as u64, bytes);
    bytes.extend(text.as_bytes());
}

/// The number at the beginning; 0 where there is none.
fn take_number(rest: &mut &[u8]) -> u64 {
    let Some((first, behind)) = rest.split_first() else { return 0 };
    let width = match first {
        251 => 2,
        252 => 4,
        253 => 8,
        254.. => 0,
        small => {
            *rest = behind;
            return u64::from(*small);
        }
    };
    let (number, behind) = behind.split_at(width.min(behind.len()));
    *rest = behind;
    number.iter().rev().fold(0, |number, byte| number << 8 | u64::from(*byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_forges_nothing_is_read_whole() {
        for (name, seed) in seeds() {
            assert_eq!(read_forged(&seed), 3, "{name}");
        }
    }

    #[test]
    fn what_is_forged_gets_past_the_sums() {
        let [_, (_, seed)] = seeds();
        // The last byte is the last intensity of the last prepared spectrum; the entries stay readable.
        let mut forged = seed.clone();
        *forged.last_mut().unwrap() ^= 1;
        assert_eq!(read_forged(&forged), 3);
        // Without any section there is no library.
        assert_eq!(read_forged(&seed[..1]), 0);
    }
}
