//! Index files whose sums are right and whose content is anything: what fuzzing needs to get past the sums.
//!
//! An input is which index (a byte, modulo 4: 0 unit mass, 1 accurate mass, 2 curves, 3 unit mass with ratio levels),
//! then changes of the genuine file:
//! section (a byte, modulo their number), place (three bytes, least significant first; no further than the
//! section's end), what is done there (a byte, modulo 3: 0 overwrites, 1 inserts, 2 cuts off the rest), how
//! many bytes (a byte; no more than are there), bytes.

use std::sync::{Arc, OnceLock};

use probity::Result;
use probity::curate::{Addition, NewLibrary, build, index};
use probity::format::Record;
use probity::library::storage::Access;
use probity::library::{ChangeNote, LibraryFolder, StateSelector};
use probity::preprocess::{Recipe, Step};
use probity::search::{Executor, Hit, Method, Query, SearchOptions, Searcher};
use probity::spectrum::{PeakList, Spectrum, SpectrumKind};

use crate::disk_image::Image;
use crate::raw_container::RawContainer;
use crate::recorded_storage::RecordedStorage;
use crate::{synthetic_curves, synthetic_records};

/// Entries of the genuine library: more than a part has that is scored without bounds.
const ENTRIES: usize = 300;

/// How many kinds of index there are.
const KINDS: usize = 4;

/// Peaks of an entry at most, so that the file stays small.
const PEAKS: usize = 6;

/// A library with its genuine index file.
struct Real {
    image: Image,
    index_name: String,
    index: RawContainer,
    method: Method,
    query: Query,
    executor: Arc<Executor>,
}

impl Real {
    fn make(method: Method) -> Result<Self> {
        let storage = RecordedStorage::new(Image::default());
        let folder = LibraryFolder::with_storage(Arc::new(storage.clone()));
        let executor = Arc::new(Executor::new(1)?);
        let records: Vec<Record> = match method.kind() {
            SpectrumKind::Mass => synthetic_records(ENTRIES, 31).into_iter().map(with_few_peaks).collect(),
            SpectrumKind::Curve => synthetic_curves(ENTRIES, 31),
        };
        let query = Query::from_record(records[7].clone());
        let content = Addition::from_records(records);
        build(&folder, NewLibrary::named("case"), content, ChangeNote::default(), &executor)?;
        index(&folder, std::slice::from_ref(&method), &executor, &mut |_| {})?;
        let image = storage.image();
        let index_name = image.names().find(|name| name.starts_with("index-")).unwrap_or_default().to_owned();
        let index = RawContainer::of(image.file(&index_name).unwrap_or_default());
        Ok(Self { image, index_name, index, method, query, executor })
    }

    /// The library of a kind, numbered as above.
    fn get(kind: usize) -> &'static Self {
        static REAL: [OnceLock<Real>; KINDS] = [const { OnceLock::new() }; KINDS];
        REAL[kind].get_or_init(|| {
            let method = match kind {
                0 => Method::named("ei-default"),
                1 => Method::named("msms-entropy-open"),
                2 => method_of_few_points(),
                _ => Method::named("ei-composite"),
            };
            method.and_then(Self::make).unwrap_or_else(|error| panic!("{error}"))
        })
    }
}

/// The first choice for curves on a coarse grid, so that the file stays small.
fn method_of_few_points() -> Result<Method> {
    let mut method = Method::first_choice(SpectrumKind::Curve)?;
    let mut steps = method.prepare.steps().to_vec();
    for step in &mut steps {
        if let Step::Resample(resample) = step {
            resample.grid.step_cm1 = 20.0;
        }
    }
    method.prepare = Recipe::try_new(steps)?;
    Ok(method)
}

/// Any method compares it.
fn with_few_peaks(mut record: Record) -> Record {
    if let Spectrum::Mass(mass) = &mut record.spectrum {
        let few = mass.peaks.len().min(PEAKS);
        let (mz, intensity) = (mass.peaks.mz()[..few].to_vec(), mass.peaks.intensity()[..few].to_vec());
        mass.peaks = PeakList::try_new(mz, intensity).unwrap_or_default();
        mass.acquisition.technique = None;
    }
    record
}

fn change(index: &mut RawContainer, mut changes: &[u8]) {
    while let [section, low, middle, high, what, count, rest @ ..] = changes {
        let number = usize::from(*section) % index.sections.len().max(1);
        let (new, behind) = rest.split_at(usize::from(*count).min(rest.len()));
        if let Some(section) = index.sections.get_mut(number) {
            let place = usize::from(*low) | usize::from(*middle) << 8 | usize::from(*high) << 16;
            let place = place.min(section.bytes.len());
            let end = (place + new.len()).min(section.bytes.len());
            match what % 3 {
                0 => drop(section.bytes.splice(place..end, new.iter().copied())),
                1 => drop(section.bytes.splice(place..place, new.iter().copied())),
                _ => section.bytes.truncate(place),
            }
        }
        changes = behind;
    }
}

/// Opens the library with the index file that an input forges in both ways, searches alone and in a batch,
/// verifies it, and makes its index once more.
///
/// # Errors
/// Those of the last search.
pub fn search_forged(input: &[u8]) -> Result<Vec<Hit>> {
    let (kind, changes) = input.split_first().unwrap_or((&0, &[]));
    let real = Real::get(usize::from(*kind) % KINDS);
    let mut forged = real.index.clone();
    change(&mut forged, changes);
    let file = |name: &str| (name.to_owned(), real.image.file(name).unwrap_or_default().to_vec());
    let others = real.image.names().filter(|name| *name != real.index_name).map(file);
    let image = Image::of(others.chain([(real.index_name.clone(), forged.to_bytes().0)]));
    let folder = LibraryFolder::with_storage(Arc::new(RecordedStorage::new(image)));
    let search = |access: Access| -> Result<Vec<Hit>> {
        let library = Arc::new(folder.open(&StateSelector::Latest, access)?);
        let searcher = Searcher::new(library, real.method.clone(), Arc::clone(&real.executor))?;
        let options = SearchOptions::default();
        let _ = searcher.search_many(&[real.query.clone(), real.query.clone()], &options);
        Ok(searcher.search(&real.query, &options)?.hits)
    };
    let _ = search(Access::Mapped);
    let hits = search(Access::Owned);
    let _ = folder.verify();
    let _ = index(&folder, std::slice::from_ref(&real.method), &real.executor, &mut |_| {});
    hits
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_forges_nothing_is_searched_as_without_an_index() {
        for kind in 0..KINDS {
            let real = Real::get(kind);
            let folder = LibraryFolder::with_storage(Arc::new(RecordedStorage::new(real.image.clone())));
            let library = Arc::new(folder.open(&StateSelector::Latest, Access::Owned).unwrap());
            let searcher = Searcher::new(library, real.method.clone(), Arc::clone(&real.executor)).unwrap();
            assert!(searcher.has_index());
            let expected =
                searcher.without_index().search(&real.query, &SearchOptions::default()).unwrap().hits;
            assert!(expected.len() > 5);
            assert_eq!(search_forged(&[u8::try_from(kind).unwrap()]).unwrap(), expected);
        }
    }

    #[test]
    fn what_is_forged_gets_past_the_sums() {
        for kind in 0..KINDS {
            let index = &Real::get(kind).index;
            let number = |name: &str| index.sections.iter().position(|section| section.name == name).unwrap();
            let names = if kind == 3 { &["facts", "bounds", "ratios"][..] } else { &["facts", "bounds"] };
            for name in names {
                // Cut off at the fifth byte.
                let section = u8::try_from(number(name)).unwrap();
                let error = search_forged(&[u8::try_from(kind).unwrap(), section, 5, 0, 0, 2, 0])
                    .unwrap_err()
                    .to_string();
                assert!(error.contains(name) && !error.contains("sum"), "{error}");
            }
        }
    }
}
