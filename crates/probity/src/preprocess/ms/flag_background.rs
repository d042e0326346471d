//! Points at peaks that may come from air, water, the column or plasticizers. It never removes one.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::spectrum::PeakList;
use crate::units::MassTolerance;

/// What else than the substance may have made a peak.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Background {
    /// Residual water.
    Water,
    /// Nitrogen of an air leak.
    Nitrogen,
    /// Oxygen of an air leak.
    Oxygen,
    /// Argon of an air leak.
    Argon,
    /// Carbon dioxide of air.
    CarbonDioxide,
    /// Siloxane from the column, the septum or silicone grease.
    Siloxane,
    /// A phthalate plasticizer.
    Phthalate,
}

impl fmt::Display for Background {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Water => "possible water",
            Self::Nitrogen => "possible nitrogen (air)",
            Self::Oxygen => "possible oxygen (air)",
            Self::Argon => "possible argon (air)",
            Self::CarbonDioxide => "possible carbon dioxide (air)",
            Self::Siloxane => "possible siloxane (column or septum bleed)",
            Self::Phthalate => "possible phthalate (plasticizer)",
        })
    }
}

/// m/z of the singly charged ions, from the formula and the atomic masses of IUPAC less one electron
/// (0.00055): H2O, N2, O2, Ar, CO2; (CH3)3Si; the cyclic siloxanes ((CH3)2SiO)n without one methyl,
/// 74.0188 n − 15.0240, for n = 3 to 6; C8H5O3, protonated phthalic anhydride. The nominal masses are
/// those watched in every GC-MS tune and blank. All of them are real ions elsewhere: 44 is the base peak
/// of the amphetamines, 73 and 207 occur in many drugs and derivatives.
const KNOWN: [(f64, Background); 11] = [
    (18.0100, Background::Water),
    (28.0056, Background::Nitrogen),
    (31.9893, Background::Oxygen),
    (39.9618, Background::Argon),
    (43.9893, Background::CarbonDioxide),
    (73.0468, Background::Siloxane),
    (149.0233, Background::Phthalate),
    (207.0324, Background::Siloxane),
    (281.0511, Background::Siloxane),
    (355.0699, Background::Siloxane),
    (429.0887, Background::Siloxane),
];

/// When a peak is worth pointing at.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BackgroundOptions {
    /// The window about the ion's exact m/z. The default of 0.4 serves unit-mass data; accurate data
    /// deserve a narrow one, which separates CO2 (43.989) from C2H6N (44.050).
    pub tolerance: MassTolerance,
    /// The least intensity relative to the base peak, 0 to 1; the default is 0.01.
    pub minimum_relative_intensity: f64,
}

impl Default for BackgroundOptions {
    fn default() -> Self {
        Self { tolerance: MassTolerance::Da(0.4), minimum_relative_intensity: 0.01 }
    }
}

/// A peak that may be background.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct BackgroundFlag {
    /// The peak's position in the list.
    pub peak: usize,
    /// m/z of the peak.
    pub mz: f64,
    /// Its intensity relative to the base peak, 0 to 1.
    pub relative_intensity: f64,
    /// What it may be.
    pub background: Background,
}

/// The peaks that may be background, in order of m/z. A flag is a hint for the analyst: the ion may just
/// as well belong to the substance.
///
/// # Errors
/// `InvalidOption` for a tolerance that is negative or not finite, or a least intensity outside 0 to 1.
pub fn flag_background(peaks: &PeakList, options: &BackgroundOptions) -> Result<Vec<BackgroundFlag>> {
    let tolerance = options.tolerance.checked()?;
    let minimum = options.minimum_relative_intensity;
    if !(0.0..=1.0).contains(&minimum) {
        return Err(Error::invalid_option(format!(
            "the least relative intensity of background must lie from 0 to 1, not at {minimum}"
        )));
    }
    let base = super::maximum_intensity(peaks);
    let flags =
        peaks.iter().enumerate().filter(|(_, peak)| peak.intensity > 0.0).filter_map(|(index, peak)| {
            let relative_intensity = peak.intensity / base;
            let background = nearest_background(peak.mz, tolerance)?;
            (relative_intensity >= minimum).then_some(BackgroundFlag {
                peak: index,
                mz: peak.mz,
                relative_intensity,
                background,
            })
        });
    Ok(flags.collect())
}

fn nearest_background(mz: f64, tolerance: MassTolerance) -> Option<Background> {
    KNOWN
        .iter()
        .filter(|(known, _)| tolerance.contains(*known, mz))
        .min_by(|(a, _), (b, _)| (a - mz).abs().total_cmp(&(b - mz).abs()))
        .map(|&(_, background)| background)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn air_water_bleed_and_plasticizer_are_pointed_at_and_kept() {
        let mz = vec![18.0, 28.0, 32.0, 44.0, 58.0, 73.0, 149.0, 207.1, 281.1];
        let list = PeakList::try_new(mz, vec![30.0, 90.0, 20.0, 5.0, 999.0, 40.0, 20.0, 80.0, 30.0]).unwrap();
        let flags = flag_background(&list, &BackgroundOptions::default()).unwrap();
        let seen: Vec<_> = flags.iter().map(|flag| (flag.mz, flag.background)).collect();
        // 44 is below 1 % of the base peak (5 of 999), 58 is nobody's background.
        assert_eq!(
            seen,
            [
                (18.0, Background::Water),
                (28.0, Background::Nitrogen),
                (32.0, Background::Oxygen),
                (73.0, Background::Siloxane),
                (149.0, Background::Phthalate),
                (207.1, Background::Siloxane),
                (281.1, Background::Siloxane),
            ]
        );
        assert_eq!(flags[1].relative_intensity, 90.0 / 999.0);
        assert_eq!(flags[0].background.to_string(), "possible water");
    }

    #[test]
    fn a_narrow_window_tells_carbon_dioxide_from_the_amphetamine_ion() {
        let list = PeakList::try_new(vec![43.9894, 44.0495], vec![10.0, 100.0]).unwrap();
        let options = BackgroundOptions { tolerance: MassTolerance::Ppm(20.0), ..Default::default() };
        let flags = flag_background(&list, &options).unwrap();
        assert_eq!(flags.iter().map(|flag| flag.peak).collect::<Vec<_>>(), [0]);
    }

    #[test]
    fn nothing_gives_no_flag_and_bad_options_are_errors() {
        let zeros = PeakList::try_new(vec![18.0], vec![0.0]).unwrap();
        let everything = BackgroundOptions { minimum_relative_intensity: 0.0, ..Default::default() };
        assert!(flag_background(&zeros, &everything).unwrap().is_empty());
        assert!(flag_background(&PeakList::default(), &everything).unwrap().is_empty());
        for minimum_relative_intensity in [-0.1, 1.1, f64::NAN] {
            let options = BackgroundOptions { minimum_relative_intensity, ..Default::default() };
            assert!(flag_background(&zeros, &options).is_err());
        }
    }
}
