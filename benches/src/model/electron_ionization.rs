//! Electron ionization at unit mass.
//!
//! Of each m/z a number is drawn, normal and like its neighbour's, that decides whether a compound has a peak there and how high it
//! is. A part of it is that of the compound's class, so that compounds of a class have ions in common, some more and some less.

use probity::format::Record;
use probity::math;
use probity::spectrum::{Acquisition, Technique};
use probity_tests::Seeded;

use super::draw::{at_share, from_deciles, log_normal, normal, share_below, uniform};
use super::{Model, generator, record};

/// First and last m/z of a spectrum, by deciles (SWGDRUG 3.9 and MassBank, 4,674 spectra, peaks of at least 0.2 % of
/// the base peak). The ends are cut to what the occupancies cover.
const FIRST: [f64; 11] = [30.0, 32.0, 38.0, 40.0, 40.0, 40.0, 41.0, 49.0, 60.0, 85.0, 200.0];
const LAST: [f64; 11] = [60.0, 176.0, 207.0, 239.0, 269.0, 299.0, 329.0, 358.0, 384.0, 443.0, 700.0];

/// By how much the number of peaks of a spectrum differs from what the occupancies let expect.
const DENSITY: [f64; 11] = [0.1, 0.53, 0.63, 0.71, 0.8, 0.88, 0.98, 1.1, 1.3, 1.59, 3.0];

/// How many times as many peaks are drawn as the occupancies tell, since some are too low to be recorded and an m/z has no more
/// than one.
const DRAWN: f64 = 1.5;

/// Decadic logarithm of the peaks' intensities before the base peak makes them relative.
const LOG_INTENSITY: [f64; 11] = [-3.2, -2.95, -2.75, -2.57, -2.38, -2.2, -2.02, -1.82, -1.6, -1.27, 0.0];

/// By what share the logarithms of a spectrum's intensities are spread more, or less, than others' (standard deviation).
const STEEPNESS: f64 = 0.13;

/// How much the numbers of neighbouring m/z are alike (correlation).
const NEIGHBOURS_ALIKE: f64 = 0.7;

/// The largest part of the numbers' variance that compounds of a class have in common; of each class a share of it.
const CLASS_SHARE: f64 = 0.95;

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

/// By how many hundredths of a decade peaks at m/z 30, 31, ... are higher than others on average.
const HIGHER: [i8; 300] = [
    -10, -8, -18, -27, -30, -22, -26, -38, -33, 26, -34, 38, 32, 34, 18, -9, -32, -18, -35, -39, -15, 11,
    -20, -2, -18, 23, 18, 17, 16, -4, -24, -23, -29, 3, -25, 17, -21, 3, -6, 17, 8, -5, 0, 15, -8, 3, -12,
    45, 6, 19, -12, 5, 2, 5, 5, 1, -1, -12, -17, 13, -11, 36, 1, -1, -8, 6, 3, 2, -7, -5, 13, 4, 1, 23, 1,
    20, -3, 2, -5, 13, 0, -2, -13, -11, -7, 20, 9, 26, -3, 5, -8, 9, 3, 5, -3, -5, -3, 0, 7, 20, 18, 21, 5,
    19, -1, 7, 2, 0, -12, -6, -15, -5, -6, 5, 8, 9, -1, 42, 20, 23, -4, -2, -1, -6, -9, 4, -8, 0, -1, -5, 3,
    -6, -11, -2, -8, 4, -3, -3, -13, 1, -11, -6, -5, -4, 4, -1, -10, -9, -10, -2, -4, 5, -11, 0, -9, -4, -6,
    -7, -6, 7, -7, -3, -10, -7, -9, -8, -14, -6, -17, -11, -10, -1, -4, -1, 3, 4, -1, 1, -14, -16, -16, -9,
    -7, 3, 1, 3, -5, 12, 14, 5, -9, -6, -17, -13, -13, -7, -6, -4, -8, -1, 0, 1, 5, 3, -8, -18, -16, -9, -8,
    -7, -3, 4, -3, -1, -10, 0, -2, -8, -12, -12, -12, -16, -5, -6, 7, -2, 1, -4, -5, -5, -12, -18, -22, -13,
    -12, -14, -10, -9, -4, -4, 5, 4, 0, -4, -7, -13, -11, -7, -10, -16, 0, -11, -11, -9, 9, 7, 4, -8, -5, -5,
    -1, -5, -10, -12, -6, -11, -5, -5, 8, 12, 7, -2, -12, -11, -10, -11, -17, -6, -10, -16, -17, -20, -1, -9,
    5, -4, -9, -11, -8, 11, -2, -7, -14, -9, 13, -9, 3, -15, -4, -13,
];

/// Decadic logarithm by which a peak differs between replicates, and by which the spectrum is tilted for each 100 m/z:
/// between the same-laboratory and the cross-contributor pairs of the data pack.
const NOISE: f64 = 0.07;
const TILT: f64 = 0.12;

/// Peaks below this share of the base peak are not recorded.
const FLOOR: f64 = 0.002;

/// Compounds of a class, about as many as make the pairs of SWGDRUG's and MassBank's spectra as alike as they are.
const COMPOUNDS_OF_CLASS: usize = 64;

/// What a class is drawn by instead of the number of a replicate.
const CLASS: u64 = u64::MAX - 1;

/// Electron ionization spectra on a scale from 1 to 999.
#[derive(Debug, Clone, Copy)]
pub struct ElectronIonization {
    /// Another seed gives other compounds.
    pub seed: u64,
    /// Compounds that follow on each other belong to so many classes in turn.
    pub classes: u64,
}

impl ElectronIonization {
    /// The model of a library of so many compounds.
    #[must_use]
    pub fn of_compounds(seed: u64, compounds: usize) -> Self {
        Self { seed, classes: compounds.div_ceil(COMPOUNDS_OF_CLASS) as u64 }
    }

    /// m/z and intensity of a compound's ions.
    fn ions(&self, compound: u64) -> Vec<(f64, f64)> {
        let mut random = generator(self.seed, compound, u64::MAX);
        let mut of_class = generator(self.seed, compound % self.classes.max(1), CLASS);
        let common = CLASS_SHARE * uniform(&mut of_class);
        let mut next = |random: &mut Seeded| {
            common.sqrt() * normal(&mut of_class) + (1.0 - common).sqrt() * normal(random)
        };
        let last = at_share(share_below(next(&mut random)), &LAST);
        let first = from_deciles(&mut random, &FIRST);
        let density = DRAWN * from_deciles(&mut random, &DENSITY);
        let steepness = (1.0 + STEEPNESS * normal(&mut random)).max(0.0);
        // Whole numbers from 30 to 700: the casts cut.
        let (first, last) = (first as u32, (last as u32).max(first as u32 + 10));
        let (mut ions, mut number) = (Vec::new(), next(&mut random));
        for mz in 30..=last {
            number = NEIGHBOURS_ALIKE * number
                + (1.0 - NEIGHBOURS_ALIKE * NEIGHBOURS_ALIKE).sqrt() * next(&mut random);
            let place = mz as usize - 30;
            let occupancy = OCCUPANCY.get(place).copied().unwrap_or(OCCUPANCY_ABOVE);
            let absent = math::pow(1.0 - f64::from(occupancy) / 100.0, density);
            let share = share_below(number);
            if mz >= first && share > absent {
                let higher = f64::from(HIGHER.get(place).copied().unwrap_or_default()) / 100.0;
                let log = at_share((share - absent) / (1.0 - absent), &LOG_INTENSITY) + higher;
                ions.push((f64::from(mz), math::pow(10.0, steepness * log)));
            }
        }
        if ions.is_empty() {
            ions.push((f64::from(last), 1.0));
        }
        ions
    }

    /// A replicate of a compound with these ions.
    fn replicate(&self, mut ions: Vec<(f64, f64)>, compound: u64, replicate: u64) -> Record {
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

impl Model for ElectronIonization {
    fn record(&self, compound: u64, replicate: u64) -> Record {
        self.replicate(self.ions(compound), compound, replicate)
    }

    /// Draws the ions of each compound once.
    fn library(&self, entries: usize, replicates: usize) -> Vec<Record> {
        let replicates = replicates.max(1) as u64;
        let replicates_of = |compound: u64| {
            let ions = self.ions(compound);
            (0..replicates).map(move |replicate| self.replicate(ions.clone(), compound, replicate))
        };
        (0..).flat_map(replicates_of).take(entries).collect()
    }
}
