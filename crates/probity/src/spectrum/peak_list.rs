//! A list of peaks, ascending in m/z.

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};

/// One peak: an m/z and its intensity in the unit of the spectrum.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Peak {
    /// Mass-to-charge ratio, greater than 0.
    pub mz: f64,
    /// Intensity, not negative, in whatever unit the spectrum was published.
    pub intensity: f64,
}

/// Peaks in ascending order of m/z. Every m/z is finite and greater than 0, every intensity finite
/// and not negative. The same m/z may occur more than once, and an intensity may be 0: both are
/// published like that, and what to do about it is a step of preprocessing.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "RawPeakList")]
pub struct PeakList {
    mz: Vec<f64>,
    intensity: Vec<f64>,
}

/// What is deserialized, before it is checked.
#[derive(Deserialize)]
struct RawPeakList {
    mz: Vec<f64>,
    intensity: Vec<f64>,
}

impl TryFrom<RawPeakList> for PeakList {
    type Error = Error;

    fn try_from(raw: RawPeakList) -> Result<Self> {
        Self::try_new(raw.mz, raw.intensity)
    }
}

impl PeakList {
    /// Builds a list from columns; peaks out of order are sorted (stably, by m/z).
    ///
    /// # Errors
    /// `Malformed` if the columns differ in length, an m/z is not a finite number greater than 0,
    /// or an intensity is not a finite number of at least 0; the message names the peak.
    pub fn try_new(mz: Vec<f64>, intensity: Vec<f64>) -> Result<Self> {
        if mz.len() != intensity.len() {
            return Err(Error::malformed(format!(
                "{} m/z values but {} intensities",
                mz.len(),
                intensity.len()
            )));
        }
        for (index, (&mz, &intensity)) in mz.iter().zip(&intensity).enumerate() {
            check_peak(Peak { mz, intensity })
                .map_err(|reason| Error::malformed(format!("peak {}: {reason}", index + 1)))?;
        }
        if mz.is_sorted() {
            return Ok(Self { mz, intensity });
        }
        Ok(Self::from_checked(
            mz.into_iter().zip(intensity).map(|(mz, intensity)| Peak { mz, intensity }).collect(),
        ))
    }

    /// Builds a list from peaks that [`check_peak`] accepts, sorting them stably by m/z.
    pub(crate) fn from_checked(mut peaks: Vec<Peak>) -> Self {
        peaks.sort_by(|a, b| a.mz.total_cmp(&b.mz));
        Self {
            mz: peaks.iter().map(|peak| peak.mz).collect(),
            intensity: peaks.iter().map(|peak| peak.intensity).collect(),
        }
    }

    /// The number of peaks.
    #[must_use]
    pub fn len(&self) -> usize {
        self.mz.len()
    }

    /// Whether there is no peak at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.mz.is_empty()
    }

    /// All m/z, ascending.
    #[must_use]
    pub fn mz(&self) -> &[f64] {
        &self.mz
    }

    /// All intensities, in the order of the m/z.
    #[must_use]
    pub fn intensity(&self) -> &[f64] {
        &self.intensity
    }

    /// The peaks, ascending in m/z.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = Peak> + DoubleEndedIterator + Clone + '_ {
        self.mz.iter().zip(&self.intensity).map(|(&mz, &intensity)| Peak { mz, intensity })
    }

    /// The most intense peak; of several, the one of lowest m/z. `None` for an empty list.
    #[must_use]
    pub fn base_peak(&self) -> Option<Peak> {
        self.iter().reduce(|best, peak| if peak.intensity > best.intensity { peak } else { best })
    }

    /// The sum of all intensities, added in ascending order of m/z.
    #[must_use]
    pub fn total_ion_current(&self) -> f64 {
        self.intensity.iter().sum()
    }
}

/// Why a peak may not stand in a [`PeakList`], if it may not.
pub(crate) fn check_peak(peak: Peak) -> Result<(), String> {
    if !peak.mz.is_finite() || peak.mz <= 0.0 {
        return Err(format!("m/z {} is not a finite number greater than 0", peak.mz));
    }
    if !peak.intensity.is_finite() {
        return Err(format!("intensity {} is not a finite number", peak.intensity));
    }
    if peak.intensity < 0.0 {
        return Err(format!("intensity {} is negative", peak.intensity));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn peaks_are_sorted_and_repeats_kept() {
        let list = PeakList::try_new(vec![77.0, 51.0, 77.0], vec![3.0, 2.0, 1.0]).unwrap();
        assert_eq!(list.mz(), [51.0, 77.0, 77.0]);
        assert_eq!(list.intensity(), [2.0, 3.0, 1.0]);
    }

    #[test]
    fn what_is_no_peak_is_an_error_that_names_it() {
        for (mz, intensity) in [(f64::NAN, 1.0), (0.0, 1.0), (-1.0, 1.0), (1.0, f64::INFINITY), (1.0, -1.0)] {
            let error = PeakList::try_new(vec![50.0, mz], vec![1.0, intensity]).unwrap_err();
            assert!(error.to_string().contains("peak 2"), "{error}");
        }
        assert!(PeakList::try_new(vec![1.0], vec![]).is_err());
    }

    #[test]
    fn the_base_peak_of_equals_is_the_first() {
        let list = PeakList::try_new(vec![41.0, 43.0, 57.0], vec![1.0, 9.0, 9.0]).unwrap();
        assert_eq!(list.base_peak().unwrap().mz, 43.0);
        assert!(PeakList::default().base_peak().is_none());
    }
}
