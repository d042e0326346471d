//! Infrared absorbance curves.

use probity::math;
use probity_tests::Seeded;

use super::draw::{log_normal, normal, uniform};
use super::generator;

/// First point of the axis in cm⁻¹, and the distance of two. With 1,800 points it ends at 4,000 cm⁻¹.
pub const FIRST_CM1: f64 = 400.0;
/// The distance of two points in cm⁻¹: about that of spectra of 4 cm⁻¹ resolution.
pub const STEP_CM1: f64 = 2.0;
/// Points of a curve, from 400 to 3,998 cm⁻¹.
pub const POINTS: usize = 1_800;

/// Bands of a compound: so many at least, and up to so many more.
const BANDS: u64 = 25;
const MORE_BANDS: u64 = 30;
/// The share of bands in the fingerprint, 400 to 1,800 cm⁻¹; the others lie between 2,700 and 3,600 cm⁻¹.
const FINGERPRINT_SHARE: f64 = 0.85;
/// Full width at half height in cm⁻¹: the middle of a log-normal distribution, its decadic standard deviation, and its
/// ends.
const WIDTH: f64 = 13.0;
const WIDTH_SPREAD: f64 = 0.25;
const WIDTHS: (f64, f64) = (4.0, 40.0);
/// Decadic standard deviation of the bands' heights, the highest of which is 1.
const HEIGHT_SPREAD: f64 = 0.45;
/// Members of a family: compounds that share most bands.
const FAMILY: u64 = 8;
/// The share of its family's bands that a member keeps, moved by a normal number of so many cm⁻¹.
const KEPT: f64 = 0.75;
const FAMILY_SHIFT_CM1: f64 = 3.0;
/// Between replicates: shift in cm⁻¹, decadic standard deviation of each band's height, highest of the slow baseline,
/// and standard deviation of the noise, all as shares of the highest band.
const SHIFT_CM1: f64 = 0.5;
const REPLICATE_SPREAD: f64 = 0.04;
const BASELINE: f64 = 0.25;
const NOISE: f64 = 0.002;

/// One band: centre and full width at half height in cm⁻¹, height, and the share of its height that is Lorentzian, the
/// rest being Gaussian.
#[derive(Debug, Clone, Copy)]
struct Band {
    centre: f64,
    width: f64,
    height: f64,
    lorentzian: f64,
}

/// Absorbance curves of 4 cm⁻¹ resolution, of families of eight compounds with common bands.
#[derive(Debug, Clone, Copy)]
pub struct Infrared {
    /// Another seed gives other compounds.
    pub seed: u64,
}

impl Infrared {
    /// A replicate of a compound: bands, a slow baseline (a line and two waves longer than the axis) and white noise.
    #[must_use]
    pub fn curve(&self, compound: u64, replicate: u64, points: usize) -> Vec<f64> {
        let bands = self.bands(compound);
        let mut random = generator(self.seed, compound, replicate);
        let shift = SHIFT_CM1 * normal(&mut random);
        let mut curve = vec![0.0; points];
        for band in bands {
            let height = band.height * log_normal(&mut random, REPLICATE_SPREAD);
            add(&mut curve, &Band { centre: band.centre + shift, height, ..band });
        }
        let [offset, slope, first, second, phase] =
            std::array::from_fn(|_| BASELINE * (uniform(&mut random) - 0.5));
        for (point, value) in curve.iter_mut().enumerate() {
            let x = point as f64 / points as f64;
            *value += BASELINE + offset + slope * x;
            *value += first * math::sin(3.0 * x + 10.0 * phase) + second * math::cos(5.0 * x);
            *value += NOISE * normal(&mut random);
        }
        curve
    }

    /// The bands of a compound: those of its family that it keeps, and others in place of the rest.
    fn bands(&self, compound: u64) -> Vec<Band> {
        let mut family = generator(self.seed, compound / FAMILY, u64::MAX);
        let mut own = generator(self.seed, compound, u64::MAX - 1);
        let count = BANDS + family.below(MORE_BANDS);
        (0..count)
            .map(|_| {
                let common = any_band(&mut family);
                if uniform(&mut own) < KEPT {
                    let centre = common.centre + FAMILY_SHIFT_CM1 * normal(&mut own);
                    Band { centre, height: common.height * log_normal(&mut own, 0.1), ..common }
                } else {
                    any_band(&mut own)
                }
            })
            .collect()
    }
}

fn any_band(random: &mut Seeded) -> Band {
    let place = uniform(random);
    let is_fingerprint = uniform(random) < FINGERPRINT_SHARE;
    Band {
        centre: if is_fingerprint { 400.0 + 1_400.0 * place } else { 2_700.0 + 900.0 * place },
        width: (WIDTH * log_normal(random, WIDTH_SPREAD)).clamp(WIDTHS.0, WIDTHS.1),
        height: log_normal(random, HEIGHT_SPREAD).min(8.0) / 8.0,
        lorentzian: uniform(random),
    }
}

/// Adds a band, up to 20 widths from its centre.
fn add(curve: &mut [f64], band: &Band) {
    let reach = 20.0 * band.width;
    let place = |wavenumber: f64| ((wavenumber - FIRST_CM1) / STEP_CM1).max(0.0);
    // Not negative and at most the length: the casts cut.
    let first = (place(band.centre - reach) as usize).min(curve.len());
    let last = (place(band.centre + reach) as usize).min(curve.len());
    for (point, value) in curve.iter_mut().enumerate().take(last).skip(first) {
        let at = 2.0 * (FIRST_CM1 + STEP_CM1 * point as f64 - band.centre) / band.width;
        let square = at * at;
        let gaussian = if square < 40.0 { math::exp(-std::f64::consts::LN_2 * square) } else { 0.0 };
        *value += band.height * (band.lorentzian / (1.0 + square) + (1.0 - band.lorentzian) * gaussian);
    }
}
