//! A changed or cut file is found: opening names file and section, and what is read all the same is what
//! was stored.
#![allow(clippy::unwrap_used, reason = "a failed step fails the test")]

use std::fs;
use std::path::Path;
use std::sync::Arc;

use probity::curate::{Addition, NewLibrary, add, build, withdraw};
use probity::error::{Error, ErrorKind};
use probity::format::Record;
use probity::library::storage::Access;
use probity::library::{ChangeNote, EntryId, Library, LibraryFolder, StateSelector};
use probity::search::{Executor, Method, Searcher};
use probity::spectrum::{Axis, AxisUnit, Curve, CurveKind, PeakList, Spectrum, ValueUnit};
use probity_tests::disk_image::Image;
use probity_tests::raw_container::places;
use probity_tests::recorded_storage::RecordedStorage;
use probity_tests::synthetic_records;

fn executor() -> Executor {
    Executor::new(1).unwrap()
}

fn records() -> Vec<Record> {
    let mut records = synthetic_records(3, 9);
    for record in &mut records {
        let Spectrum::Mass(mass) = &mut record.spectrum else { panic!("a mass spectrum is made") };
        let few = mass.peaks.iter().take(4);
        mass.peaks = PeakList::try_new(
            few.clone().map(|peak| peak.mz).collect(),
            few.map(|peak| peak.intensity).collect(),
        )
        .unwrap();
    }
    let axis = Axis::listed(vec![1_700.0, 1_500.0, 1_000.5]).unwrap();
    let values = (vec![0.5, 0.1, 0.25], ValueUnit::Absorbance);
    let curve = Curve::try_new(CurveKind::Spectrum, (axis, AxisUnit::Wavenumber), values).unwrap();
    records[1].spectrum = Spectrum::Curve(curve.missing(vec![1]).unwrap());
    records
}

/// Three entries in two segments, one of them withdrawn: three states.
fn library() -> Image {
    let storage = RecordedStorage::new(Image::default());
    let folder = LibraryFolder::with_storage(Arc::new(storage.clone()));
    let library = NewLibrary::named("case").recipes([Method::named("ei-default").unwrap().prepare]);
    let (mut first, note) = (records(), ChangeNote::default);
    let second = first.split_off(2);
    build(&folder, library, Addition::from_records(first), note(), &executor()).unwrap();
    add(&folder, Addition::from_records(second), note(), &executor()).unwrap();
    withdraw(&folder, &[EntryId(2)], "another isomer", note()).unwrap();
    storage.image()
}

/// A damaged file, and what was done to it.
struct Damage<'a> {
    image: Image,
    file: &'a str,
    /// What must be named, if the damage is found when the file is opened whole.
    section: String,
    kinds: &'static [ErrorKind],
    text: String,
}

impl Damage<'_> {
    fn folder(&self) -> LibraryFolder {
        LibraryFolder::with_storage(Arc::new(RecordedStorage::new(self.image.clone())))
    }

    fn is_named_by(&self, error: &Error) {
        let text = &self.text;
        assert!(self.kinds.contains(&error.kind()), "{text}: {:?}, {error}", error.kind());
        let location = error.location();
        let file = location.file.as_deref().and_then(Path::file_name).and_then(|name| name.to_str());
        assert_eq!(file, Some(self.file), "{text}: {error}");
        assert_eq!(location.section, Some(self.section.as_str()), "{text}: {error}");
    }
}

/// The state whose manifest a file is.
fn number_of(manifest: &str) -> Option<u64> {
    manifest.strip_prefix("manifest-")?.strip_suffix(".probity")?.parse().ok()
}

/// The newest state that does not need the file, and the oldest that does.
fn states_around(image: &Image, file: &str) -> (Option<u64>, u64) {
    let needs = match number_of(file) {
        Some(number) => number,
        None => {
            let folder = LibraryFolder::with_storage(Arc::new(RecordedStorage::new(image.clone())));
            let states = folder.history().unwrap().states;
            let names = |state: &&probity::library::LibraryState| {
                state.segments.iter().any(|segment| segment.file == file)
            };
            states.iter().find(names).unwrap().number
        }
    };
    ((needs > 1).then(|| needs - 1), needs)
}

fn check(damage: &Damage, last_good: Option<u64>, needs: u64) {
    let folder = damage.folder();
    let text = &damage.text;
    let error = folder.open(&StateSelector::Number(needs), Access::Owned).unwrap_err();
    damage.is_named_by(&error);
    match folder.open(&StateSelector::Latest, Access::Owned) {
        // The manifest of an earlier state.
        Ok(library) => {
            assert!(number_of(damage.file).is_some_and(|number| number < 3), "{text}: {library:?}");
        }
        Err(error) => {
            damage.is_named_by(&error);
            let advice = match last_good {
                Some(number) => format!("the last state that can be opened is {number}"),
                None => "no earlier state can be opened".to_owned(),
            };
            assert!(error.message().contains(&advice), "{text}: {error}");
        }
    }
    if let Some(number) = last_good {
        folder.open(&StateSelector::Number(number), Access::Owned).unwrap();
    }
    check_mapped(&folder, text);
    let report = folder.verify().unwrap();
    assert!(report.problems.iter().any(|problem| problem.contains(damage.file)), "{text}: {report:?}");
}

/// Whatever can be read is what was stored.
fn check_mapped(folder: &LibraryFolder, text: &str) {
    let Ok(library) = folder.open(&StateSelector::Latest, Access::Mapped) else { return };
    let expected = records();
    assert_eq!(library.ids(), [EntryId(1), EntryId(3)], "{text}");
    for entry in library.entries().flatten() {
        let record = &expected[usize::try_from(entry.id().0).unwrap() - 1];
        assert_eq!(entry.record(), record, "{text}");
    }
}

#[test]
fn any_byte_changed_is_found() {
    let image = library();
    let files: Vec<String> = image.names().map(str::to_owned).collect();
    assert_eq!(files.len(), 5);
    for file in &files {
        let sound = image.file(file).unwrap().to_vec();
        let (last_good, needs) = states_around(&image, file);
        for (section, place) in places(&sound) {
            for (at, change) in place.flat_map(|at| [(at, 1), (at, 0xff)]) {
                let mut bytes = sound.clone();
                bytes[at] ^= change;
                let mut damaged = image.clone();
                damaged.set(file, bytes);
                let kinds: &[ErrorKind] = match at {
                    0..12 => &[ErrorKind::Malformed],
                    // A version that this one reads, but that was not written.
                    12..16 => &[ErrorKind::IncompatibleVersion, ErrorKind::Damaged],
                    _ => &[ErrorKind::Damaged],
                };
                let text = format!("{file}, byte {at} changed by {change}");
                let damage = Damage { image: damaged, file, section: section.clone(), kinds, text };
                check(&damage, last_good, needs);
            }
        }
    }
}

#[test]
fn any_cut_is_found() {
    let image = library();
    for file in image.names() {
        let sound = image.file(file).unwrap().to_vec();
        let (last_good, needs) = states_around(&image, file);
        let places = places(&sound);
        let mut lengths: Vec<usize> = places[0].1.clone().collect();
        for (_, place) in &places {
            lengths.extend([place.end - 1, place.end, place.end + 1]);
        }
        for length in lengths.into_iter().filter(|&length| length != sound.len()) {
            let mut bytes = sound.clone();
            // Beyond the end the file grows.
            bytes.resize(length, 0);
            let mut damaged = image.clone();
            damaged.set(file, bytes);
            let damage = Damage {
                image: damaged,
                file,
                section: "header".to_owned(),
                kinds: &[ErrorKind::Damaged],
                text: format!("{file}, cut to {length} of {} bytes", sound.len()),
            };
            check(&damage, last_good, needs);
        }
    }
}

#[test]
fn a_missing_segment_is_an_error_that_names_it() {
    let image = library();
    for file in image.names().filter(|name| name.starts_with("segment-")) {
        let rest = image.names().filter(|name| *name != file);
        let rest = rest.map(|name| (name.to_owned(), image.file(name).unwrap().to_vec()));
        let folder = LibraryFolder::with_storage(Arc::new(RecordedStorage::new(Image::of(rest))));
        for access in [Access::Owned, Access::Mapped] {
            let error = folder.open(&StateSelector::Latest, access).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Io);
            assert!(error.to_string().contains(file), "{error}");
            let (last_good, _) = states_around(&image, file);
            let advice = last_good
                .map_or("no earlier state".to_owned(), |number| format!("that can be opened is {number}"));
            assert!(error.message().contains(&advice), "{error}");
        }
        assert!(!folder.verify().unwrap().is_clean());
    }
}

/// Segments that were exchanged are each sound, but not what their names say.
#[test]
fn a_segment_under_another_name_is_found() {
    let image = library();
    let segments: Vec<&str> = image.names().filter(|name| name.starts_with("segment-")).collect();
    let mut exchanged = image.clone();
    exchanged.set(segments[0], image.file(segments[1]).unwrap().to_vec());
    exchanged.set(segments[1], image.file(segments[0]).unwrap().to_vec());
    let folder = LibraryFolder::with_storage(Arc::new(RecordedStorage::new(exchanged)));
    for access in [Access::Owned, Access::Mapped] {
        let error = folder.open(&StateSelector::Latest, access).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Damaged);
        assert!(error.to_string().contains("name is not its checksum"), "{error}");
    }
}

/// Peaks that have no short decimal form take 16 bytes each: 40 × 300 × 16 are three chunks of 64 KiB.
fn long_records() -> Vec<Record> {
    let mut records = synthetic_records(40, 13);
    for record in &mut records {
        let Spectrum::Mass(mass) = &mut record.spectrum else { panic!("a mass spectrum is made") };
        let mz = (0..300).map(|number| 50.0 + f64::from(number) + 1.0 / 3.0).collect();
        mass.peaks = PeakList::try_new(mz, vec![1.0 / 3.0; 300]).unwrap();
    }
    records
}

fn opened(folder: &LibraryFolder) -> Library {
    folder.open(&StateSelector::Latest, Access::Mapped).unwrap()
}

#[test]
fn a_mapped_library_checks_a_chunk_when_it_is_first_read() {
    let place = tempfile::tempdir().unwrap();
    let path = place.path().join("case");
    let folder = LibraryFolder::at(&path);
    let addition = Addition::from_records(long_records());
    let state =
        build(&folder, NewLibrary::named("case"), addition, ChangeNote::default(), &executor()).unwrap();
    let segment = path.join(&state.segments[0].file);
    let mut bytes = fs::read(&segment).unwrap();
    let places = places(&bytes);
    let (_, peaks) = places.iter().find(|(name, _)| name == "peaks").unwrap();
    assert!(peaks.len() > 2 * 65_536 && peaks.len() < 3 * 65_536);
    bytes[peaks.end - 1] ^= 1;
    fs::write(&segment, bytes).unwrap();
    let damaged = |error: &Error| {
        assert_eq!(error.kind(), ErrorKind::Damaged, "{error}");
        assert_eq!(error.location().section, Some("peaks"), "{error}");
        assert_eq!(error.location().file.as_ref(), Some(&segment), "{error}");
    };
    let library = opened(&folder);
    assert_eq!(library.len(), 40);
    let expected = long_records();
    // An item of 4,804 bytes: the last chunk begins within that of row 27.
    for (row, record) in expected.iter().enumerate() {
        match library.at(row) {
            Ok(entry) => assert!(row < 27 && entry.record() == record, "row {row}"),
            Err(error) => {
                assert!(row >= 27, "row {row}: {error}");
                damaged(&error);
            }
        }
    }
    assert!(library.at(0).is_ok(), "an entry that was read stays readable");
    damaged(&folder.open(&StateSelector::Latest, Access::Owned).unwrap_err());
    let searcher =
        Searcher::new(Arc::new(opened(&folder)), Method::named("ei-default").unwrap(), Arc::new(executor()));
    damaged(&searcher.unwrap_err());
    assert!(!folder.verify().unwrap().is_clean());
}
