//! Electron ionization at unit mass.

use probity::format::Record;
use probity::math;
use probity::spectrum::{Acquisition, Technique};
use probity_tests::Seeded;

use super::draw::{from_deciles, log_normal, normal, uniform};
use super::{Model, generator, record};

/// First and last m/z of a spectrum, by deciles (SWGDRUG 3.9 and MassBank, 4,674 spectra, peaks of at least 0.2 % of
/// the base peak). The ends are cut to what the occupancies cover.
const FIRST: [f64; 11] = [30.0, 32.0, 38.0, 40.0, 40.0, 40.0, 41.0, 49.0, 60.0, 85.0, 200.0];
const LAST: [f64; 11] = [60.0, 176.0, 207.0, 239.0, 269.0, 299.0, 329.0, 358.0, 384.0, 443.0, 700.0];

/// By how much the number of peaks of a spectrum differs from what the occupancies let expect.
const DENSITY: [f64; 11] = [0.1, 0.53, 0.63, 0.71, 0.8, 0.88, 0.98, 1.1, 1.3, 1.59, 3.0];

/// Decadic logarithm of the peaks' intensities, base peak 0.
const LOG_INTENSITY: [f64; 11] = [-2.7, -2.7, -2.4, -2.3, -2.1, -1.94, -1.77, -1.57, -1.34, -0.99, 0.0];

/// Of the spectra whose range reaches over it, how many percent have a peak at m/z 30, 31, ...
const OCCUPANCY: [u8; 300] = [
    56, 46, 59, 5, 1, 11, 23, 36, 72, 98, 83, 96, 90, 91, 79, 56, 18, 18, 5, 15, 78, 92, 78, 87, 71, 85, 75,
    73, 59, 50, 29, 43, 62, 82, 64, 83, 67, 66, 57, 67, 67, 59, 45, 62, 73, 81, 79, 95, 83, 76, 58, 58, 58,
    59, 59, 60, 60, 64, 54, 83, 67, 82, 64, 62, 53, 55, 55, 53, 57, 57, 51, 65, 75, 83, 73, 76, 58, 58, 46,
    48, 45, 46, 44, 54, 51, 80, 73, 80, 73, 73, 57, 57, 45, 43, 37, 42, 48, 58, 67, 66, 68, 75, 70, 74, 64,
    67, 45, 44, 38, 46, 43, 49, 52, 59, 60, 62, 62, 70, 62, 64, 58, 55, 48, 45, 45, 47, 51, 54, 57, 56, 52,
    54, 49, 55, 47, 49, 41, 44, 41, 43, 46, 45, 49, 49, 51, 51, 52, 55, 46, 43, 39, 40, 38, 38, 42, 42, 45,
    45, 46, 51, 49, 54, 44, 47, 37, 39, 34, 35, 35, 36, 39, 41, 45, 47, 48, 45, 39, 57, 42, 39, 31, 34, 32,
    37, 39, 42, 44, 45, 43, 42, 39, 42, 34, 34, 30, 31, 30, 33, 36, 36, 40, 40, 40, 38, 34, 31, 25, 28, 29,
    32, 31, 32, 33, 35, 33, 32, 33, 32, 30, 32, 28, 32, 28, 44, 35, 36, 33, 34, 30, 30, 28, 27, 27, 26, 25,
    33, 29, 36, 32, 35, 30, 30, 27, 26, 26, 25, 22, 27, 28, 27, 23, 44, 34, 32, 27, 27, 25, 26, 26, 23, 23,
    28, 25, 24, 23, 23, 22, 21, 21, 24, 23, 22, 23, 22, 23, 25, 24, 25, 23, 23, 21, 20, 20, 22, 20, 23, 21,
    20, 22, 23, 24, 23, 23, 21, 19, 24, 21, 31, 24, 24,
];

/// The same for higher m/z.
const OCCUPANCY_ABOVE: u8 = 17;

/// Decadic logarithm by which a peak differs between replicates, and by which the spectrum is tilted for each 100 m/z:
/// between the same-laboratory and the cross-contributor pairs of the data pack.
const NOISE: f64 = 0.07;
const TILT: f64 = 0.12;

/// Peaks below this share of the base peak are not recorded.
const FLOOR: f64 = 0.002;

/// Electron ionization spectra on a scale from 1 to 999.
#[derive(Debug, Clone, Copy)]
pub struct ElectronIonization {
    /// Another seed gives other compounds.
    pub seed: u64,
}

impl ElectronIonization {
    /// m/z and intensity of a compound's ions.
    fn ions(random: &mut Seeded) -> Vec<(f64, f64)> {
        let (first, last) = (from_deciles(random, &FIRST), from_deciles(random, &LAST));
        let density = from_deciles(random, &DENSITY);
        // Whole numbers from 30 to 700: the casts cut.
        let (first, last) = (first as u32, (last as u32).max(first as u32 + 10));
        let mut ions = Vec::new();
        for mz in first..=last {
            let occupancy = OCCUPANCY.get(mz as usize - 30).copied().unwrap_or(OCCUPANCY_ABOVE);
            if uniform(random) * 100.0 < f64::from(occupancy) * density {
                ions.push((f64::from(mz), math::pow(10.0, from_deciles(random, &LOG_INTENSITY))));
            }
        }
        if ions.is_empty() {
            ions.push((f64::from(last), 1.0));
        }
        ions
    }
}

impl Model for ElectronIonization {
    fn record(&self, compound: u64, replicate: u64) -> Record {
        let mut ions = Self::ions(&mut generator(self.seed, compound, u64::MAX));
        let mut random = generator(self.seed, compound, replicate);
        let tilt = TILT * normal(&mut random);
        for (mz, intensity) in &mut ions {
            *intensity *= log_normal(&mut random, NOISE) * math::pow(10.0, tilt * (*mz - 150.0) / 100.0);
        }
        let base = ions.iter().map(|ion| ion.1).fold(0.0, f64::max);
        ions.retain(|ion| ion.1 >= FLOOR * base);
        let (mz, intensity) =
            ions.into_iter().map(|(mz, height)| (mz, (999.0 * height / base).round())).unzip();
        let technique = Some(Technique::ElectronIonization);
        record(
            format!("model compound {compound}, {replicate}"),
            mz,
            intensity,
            Acquisition { technique, ..Acquisition::default() },
        )
    }
}
