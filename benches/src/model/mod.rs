//! Seeded libraries with the statistics of real ones.
//!
//! A model draws *compounds* and, of each, *replicates*: spectra of the same ions with other noise, as contributors
//! and collision energies make them. How many replicates a compound has is a parameter, because it decides how
//! much an index can spare: real libraries lie between 1 and about 30. Queries are further replicates of compounds
//! of the library (*known*), or replicates of other compounds (*unknown*).
//!
//! The numbers were read off the data pack by `benches/peers/fit_model.py`, which prints them beside those of
//! the model; `benches/peers/README.md` has both.

mod draw;
mod electron_ionization;
pub mod infrared;
mod product_ions;

pub use electron_ionization::ElectronIonization;
pub use infrared::Infrared;
pub use product_ions::ProductIons;

use probity::format::{Provenance, Record, RecordPlace};
use probity::spectrum::{Acquisition, MassSpectrum, PeakList, Spectrum};
use probity::substance::{Form, Identity};
use probity_tests::Seeded;

use self::draw::mixed;

/// Replicate number from which on those stand that are in no library.
const QUERY: u64 = 1 << 32;

/// Compound number from which on those stand that are in no library.
const UNKNOWN: u64 = 1 << 40;

/// A model of one kind of spectrum: the same numbers give the same spectrum, whatever was drawn before.
pub trait Model {
    /// A replicate of a compound.
    fn record(&self, compound: u64, replicate: u64) -> Record;

    /// Replicate r of compound c stands at c × `replicates` + r.
    fn library(&self, entries: usize, replicates: usize) -> Vec<Record> {
        let replicates = replicates.max(1) as u64;
        (0..entries as u64).map(|entry| self.record(entry / replicates, entry % replicates)).collect()
    }

    /// Replicates that are not in the library, of compounds spread over it.
    fn known(&self, entries: usize, replicates: usize, queries: usize) -> Vec<Record> {
        let compounds = (entries / replicates.max(1)).max(1) as u64;
        let of = |query: u64| self.record(query * 7_919 % compounds, QUERY + query);
        (0..queries as u64).map(of).collect()
    }

    /// Compounds that are not in the library.
    fn unknown(&self, queries: usize) -> Vec<Record> {
        (0..queries as u64).map(|query| self.record(UNKNOWN + query, 0)).collect()
    }
}

/// The generator of a compound or of one of its replicates.
fn generator(seed: u64, compound: u64, replicate: u64) -> Seeded {
    Seeded::new(mixed(mixed(mixed(seed) ^ compound) ^ replicate))
}

fn record(name: String, mz: Vec<f64>, intensity: Vec<f64>, acquisition: Acquisition) -> Record {
    Record {
        name,
        identity: Identity::default(),
        form: Form::default(),
        spectrum: Spectrum::Mass(MassSpectrum {
            peaks: PeakList::try_new(mz, intensity).unwrap_or_default(),
            acquisition,
            ..MassSpectrum::default()
        }),
        provenance: Provenance::default(),
        other_fields: Vec::new(),
        place: RecordPlace::default(),
    }
}
