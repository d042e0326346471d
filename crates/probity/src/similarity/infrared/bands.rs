//! The band table: which bands of the sample the reference has, which it lacks, and the reverse.
//!
//! This is what an analyst looks at beside the overlaid curves. Bands are paired one to one: of all pairs
//! within the tolerance the closest comes first, then the closest of the bands that are left, and so on. Of
//! equally close pairs the one with the higher sum of relative intensities comes first, then that of lower
//! wavenumbers, then the order of the lists. So the table does not depend on which of the two spectra is called
//! the sample.

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};

/// The most bands of one spectrum; infrared spectra have some hundred at most.
const MAXIMUM_BANDS: usize = 1_000;

/// A band as a peak picker found it.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Band {
    /// Where it is highest, in cm⁻¹.
    pub wavenumber_cm1: f64,
    /// Its height, above 0, in the unit of the curve (absorbance, as a rule).
    pub height: f64,
    /// Its height above the higher of the two saddles beside it, not negative, in the unit of the curve.
    pub prominence: f64,
    /// Its width, not negative, in cm⁻¹.
    pub width_cm1: f64,
}

/// How bands are paired.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct BandTableOptions {
    /// Bands this far apart, or closer, may be the same one, in cm⁻¹; the default is 8 cm⁻¹, twice the usual
    /// resolution of 4 cm⁻¹.
    pub tolerance_cm1: f64,
}

impl Default for BandTableOptions {
    fn default() -> Self {
        Self { tolerance_cm1: 8.0 }
    }
}

impl BandTableOptions {
    /// Checks the options.
    ///
    /// # Errors
    /// `InvalidOption` for a tolerance that is negative or not finite.
    pub fn checked(self) -> Result<Self> {
        if self.tolerance_cm1.is_finite() && self.tolerance_cm1 >= 0.0 {
            return Ok(self);
        }
        let message = format!("tolerance_cm1 must be finite and not negative, not {}", self.tolerance_cm1);
        Err(Error::invalid_option(message))
    }
}

/// A band of one spectrum and, if there is one, its counterpart in the other.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct BandRow {
    /// The band.
    pub band: Band,
    /// Its height, where the strongest band of its spectrum has 1.
    pub relative_intensity: f64,
    /// The band of the other spectrum that it is paired with; without one, it is unmatched.
    pub counterpart: Option<Counterpart>,
}

/// The band of the other spectrum.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Counterpart {
    /// Its row in the other list of the table, from 0.
    pub row: usize,
    /// Where it is highest, in cm⁻¹.
    pub wavenumber_cm1: f64,
    /// Its wavenumber less that of the row's own band, in cm⁻¹.
    pub difference_cm1: f64,
    /// Its height, where the strongest band of its spectrum has 1.
    pub relative_intensity: f64,
    /// Its relative intensity less that of the row's own band, −1 to 1.
    pub relative_intensity_difference: f64,
}

/// The bands of both spectra, each in the order in which they were given.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct BandTable {
    /// Every band of the sample.
    pub sample: Vec<BandRow>,
    /// Every band of the reference.
    pub reference: Vec<BandRow>,
    /// The tolerance, in cm⁻¹.
    pub tolerance_cm1: f64,
}

impl BandTable {
    /// Bands of the sample that the reference does not explain: present but unexplained.
    pub fn only_in_sample(&self) -> impl Iterator<Item = &BandRow> {
        self.sample.iter().filter(|row| row.counterpart.is_none())
    }

    /// Bands of the reference that the sample does not show: expected but missing.
    pub fn only_in_reference(&self) -> impl Iterator<Item = &BandRow> {
        self.reference.iter().filter(|row| row.counterpart.is_none())
    }

    /// How many pairs there are.
    #[must_use]
    pub fn matched_bands(&self) -> usize {
        self.sample.iter().filter(|row| row.counterpart.is_some()).count()
    }
}

/// Pairs the bands of a sample with those of a reference.
///
/// # Errors
/// `InvalidOption` for a tolerance as by [`BandTableOptions::checked`], or a band whose numbers are not finite,
/// whose height is not above 0, or whose prominence or width is negative; `LimitReached` for more than 1,000
/// bands of one spectrum.
pub fn band_table(sample: &[Band], reference: &[Band], options: &BandTableOptions) -> Result<BandTable> {
    let tolerance_cm1 = options.checked()?.tolerance_cm1;
    let mut table = BandTable { sample: rows(sample)?, reference: rows(reference)?, tolerance_cm1 };
    for pair in assign(&table) {
        let (own, other) = (table.sample[pair.sample], table.reference[pair.reference]);
        table.sample[pair.sample].counterpart = Some(counterpart(&own, pair.reference, &other));
        table.reference[pair.reference].counterpart = Some(counterpart(&other, pair.sample, &own));
    }
    Ok(table)
}

fn rows(bands: &[Band]) -> Result<Vec<BandRow>> {
    if bands.len() > MAXIMUM_BANDS {
        let message =
            format!("{} bands are more than {MAXIMUM_BANDS}: noise was taken for bands", bands.len());
        return Err(Error::limit(message));
    }
    for (position, band) in bands.iter().enumerate() {
        let finite = [band.wavenumber_cm1, band.height, band.prominence, band.width_cm1];
        let sound = finite.iter().all(|value| value.is_finite())
            && band.height > 0.0
            && band.prominence >= 0.0
            && band.width_cm1 >= 0.0;
        if !sound {
            let message = format!(
                "band {}: all numbers must be finite, prominence and width not negative, and the height above 0",
                position + 1
            );
            return Err(Error::invalid_option(message));
        }
    }
    let strongest = bands.iter().map(|band| band.height).fold(0.0, f64::max);
    let row = |&band: &Band| BandRow { band, relative_intensity: band.height / strongest, counterpart: None };
    Ok(bands.iter().map(row).collect())
}

fn counterpart(own: &BandRow, row: usize, other: &BandRow) -> Counterpart {
    Counterpart {
        row,
        wavenumber_cm1: other.band.wavenumber_cm1,
        difference_cm1: other.band.wavenumber_cm1 - own.band.wavenumber_cm1,
        relative_intensity: other.relative_intensity,
        relative_intensity_difference: other.relative_intensity - own.relative_intensity,
    }
}

/// Positions of two bands that may be the same one.
struct Pair {
    sample: usize,
    reference: usize,
    distance_cm1: f64,
    relative_intensities: f64,
    wavenumbers_cm1: f64,
}

/// The pairs that are made, the closest first.
fn assign(table: &BandTable) -> Vec<Pair> {
    let mut pairs = Vec::new();
    for (i, own) in table.sample.iter().enumerate() {
        for (j, other) in table.reference.iter().enumerate() {
            let distance_cm1 = (own.band.wavenumber_cm1 - other.band.wavenumber_cm1).abs();
            if distance_cm1 <= table.tolerance_cm1 {
                pairs.push(Pair {
                    sample: i,
                    reference: j,
                    distance_cm1,
                    relative_intensities: own.relative_intensity + other.relative_intensity,
                    wavenumbers_cm1: own.band.wavenumber_cm1 + other.band.wavenumber_cm1,
                });
            }
        }
    }
    pairs.sort_by(|a, b| {
        a.distance_cm1
            .total_cmp(&b.distance_cm1)
            .then(b.relative_intensities.total_cmp(&a.relative_intensities))
            .then(a.wavenumbers_cm1.total_cmp(&b.wavenumbers_cm1))
            .then((a.sample, a.reference).cmp(&(b.sample, b.reference)))
    });
    let mut taken = (vec![false; table.sample.len()], vec![false; table.reference.len()]);
    pairs.retain(|pair| {
        let free = !taken.0[pair.sample] && !taken.1[pair.reference];
        if free {
            (taken.0[pair.sample], taken.1[pair.reference]) = (true, true);
        }
        free
    });
    pairs
}

#[cfg(test)]
mod tests;
