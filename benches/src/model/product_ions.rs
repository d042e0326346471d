//! Product ions of accurate mass.

use probity::format::Record;
use probity::math;
use probity::spectrum::{Acquisition, Technique};
use probity_tests::Seeded;

use super::draw::{from_deciles, log_normal, normal, uniform};
use super::{Model, generator, record};

/// m/z of the precursor, number of peaks, m/z of a peak as share of the precursor's, and decadic logarithm of the
/// intensity, base peak 0: deciles of MassBank's product ion spectra (51,734), peaks of at least 1 % of the base peak.
/// The ends are cut.
const PRECURSOR: [f64; 11] = [90.0, 168.1, 206.1, 234.1, 261.1, 288.1, 313.1, 344.2, 383.0, 453.2, 900.0];
const PEAKS: [f64; 11] = [1.0, 2.0, 3.0, 5.0, 7.0, 9.0, 13.0, 18.0, 26.0, 44.0, 120.0];
const SHARE: [f64; 11] = [0.1, 0.21, 0.27, 0.33, 0.38, 0.43, 0.5, 0.56, 0.65, 0.77, 0.98];
const LOG_INTENSITY: [f64; 11] = [-2.0, -1.85, -1.71, -1.56, -1.41, -1.26, -1.09, -0.9, -0.66, -0.3, 0.0];

/// Masses of carbon 12, hydrogen, nitrogen, oxygen and the electron in Da (CODATA and AME2020).
const CARBON: f64 = 12.0;
const HYDROGEN: f64 = 1.007_825_03;
const NITROGEN: f64 = 14.003_074;
const OXYGEN: f64 = 15.994_915;
const ELECTRON: f64 = 0.000_548_58;

/// Share of a compound's ions that a replicate shows, decadic logarithm by which their intensity differs, and m/z units
/// by which their m/z does.
const SHOWN: f64 = 0.6;
const NOISE: f64 = 0.3;
const MZ_NOISE: f64 = 0.001;

/// Peaks stand at least this far apart, reach this share of the base peak, and lie this far below the precursor:
/// what cleaning leaves, so that every program compares the same peaks.
const APART: f64 = 0.05;
const FLOOR: f64 = 0.01;
const BELOW_PRECURSOR: f64 = 1.6;

/// Product ion spectra, cleaned.
#[derive(Debug, Clone, Copy)]
pub struct ProductIons {
    /// Another seed gives other compounds.
    pub seed: u64,
}

/// The mass of an ion of carbon, hydrogen, nitrogen and oxygen near a mass, so that the ions of different compounds
/// coincide as often as real ones do.
fn ion_near(random: &mut Seeded, mass: f64) -> f64 {
    // Few heteroatoms are more frequent than many.
    let hetero = |random: &mut Seeded| (uniform(random) * uniform(random) * 4.0).floor();
    let (nitrogens, oxygens) = (hetero(random), hetero(random));
    let rest = (mass - NITROGEN * nitrogens - OXYGEN * oxygens).max(26.0);
    // From nearly no hydrogen, as in aromatic ions, to two for each carbon.
    let carbons = (rest / (12.6 + 1.4 * uniform(random))).round().max(1.0);
    let hydrogens = (rest - CARBON * carbons).round().clamp(0.0, 2.0 * carbons + nitrogens + 3.0);
    CARBON * carbons + HYDROGEN * hydrogens + NITROGEN * nitrogens + OXYGEN * oxygens - ELECTRON
}

impl ProductIons {
    /// The precursor of a compound, and m/z and intensity of its ions.
    fn ions(random: &mut Seeded) -> (f64, Vec<(f64, f64)>) {
        let target = from_deciles(random, &PRECURSOR);
        let precursor_mz = ion_near(random, target);
        // Whole: the cast cuts. As many that what a replicate shows has the right number.
        let count = (from_deciles(random, &PEAKS) / SHOWN).ceil() as usize;
        let mut ions = Vec::with_capacity(count);
        for _ in 0..count {
            let target = precursor_mz * from_deciles(random, &SHARE);
            let mz = ion_near(random, target);
            ions.push((mz, math::pow(10.0, from_deciles(random, &LOG_INTENSITY))));
        }
        (precursor_mz, ions)
    }
}

impl Model for ProductIons {
    fn record(&self, compound: u64, replicate: u64) -> Record {
        let (precursor_mz, ions) = Self::ions(&mut generator(self.seed, compound, u64::MAX));
        let mut random = generator(self.seed, compound, replicate);
        let mut shown: Vec<(f64, f64)> = Vec::with_capacity(ions.len());
        for (number, (mz, intensity)) in ions.into_iter().enumerate() {
            let is_shown = uniform(&mut random) < SHOWN || number == 0;
            let mz = mz + MZ_NOISE * normal(&mut random);
            let intensity = intensity * log_normal(&mut random, NOISE);
            if is_shown && mz < precursor_mz - BELOW_PRECURSOR {
                shown.push((mz, intensity));
            }
        }
        shown.sort_by(|a, b| a.0.total_cmp(&b.0));
        let base = shown.iter().map(|ion| ion.1).fold(0.0, f64::max);
        shown.retain(|ion| ion.1 >= FLOOR * base);
        shown.dedup_by(|second, first| second.0 - first.0 <= APART);
        let base = shown.iter().map(|ion| ion.1).fold(0.0, f64::max);
        shown.retain(|ion| ion.1 >= FLOOR * base);
        // Single precision, which is what some programs compute with.
        let round = |number: f64| f64::from(number as f32);
        let (mz, intensity) = shown.into_iter().map(|(mz, height)| (round(mz), round(height / base))).unzip();
        let precursor_mz = round(precursor_mz + MZ_NOISE * normal(&mut random));
        let technique = Some(Technique::TandemMassSpectrometry);
        record(
            format!("model compound {compound}, {replicate}"),
            mz,
            intensity,
            Acquisition { technique, precursor_mz: Some(precursor_mz), ..Acquisition::default() },
        )
    }
}
