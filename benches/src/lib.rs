//! Seeded workloads shared by the benches.
//!
//! The spectra are drawn from a model of unit-mass electron ionization spectra whose numbers were
//! read off the public SWGDRUG 3.9 library: about 90 peaks a spectrum between m/z 30 and 60 and a
//! molecular mass of 120 to 480, most peaks weak (exponential in their logarithm), ions in clusters
//! of neighbouring masses. Sizes of real libraries: 3,000 (SWGDRUG) and 50,000.

pub mod model;

use probity::format::{Provenance, Record, RecordPlace};
use probity::spectrum::{Acquisition, MassSpectrum, PeakList, Spectrum, Technique};
use probity::substance::{Form, Identity};
use probity_tests::Seeded;

/// `count` electron ionization spectra.
#[must_use]
pub fn electron_ionization_records(count: usize, seed: u64) -> Vec<Record> {
    let mut random = Seeded::new(seed);
    (0..count).map(|index| record(&mut random, index)).collect()
}

fn record(random: &mut Seeded, index: usize) -> Record {
    let first = 30 + random.below(30);
    let last = 120 + random.below(360);
    let (mut mz, mut intensity) = (Vec::new(), Vec::new());
    let mut mass = first;
    while mass <= last {
        mz.push(mass as f64);
        // 1 to 999, each decade about as frequent as the next.
        let decade = [1, 10, 100][usize::try_from(random.below(3)).unwrap_or(0)];
        intensity.push((decade * (1 + random.below(9)) + random.below(decade)) as f64);
        // Ions stand in clusters: mostly the next mass, sometimes a gap.
        mass += if random.below(5) == 0 { 2 + random.below(10) } else { 1 };
    }
    let acquisition =
        Acquisition { technique: Some(Technique::ElectronIonization), ..Acquisition::default() };
    Record {
        name: format!("synthetic {index}"),
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
