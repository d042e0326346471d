//! Adds up accurate or fractional m/z to unit masses.

use super::rebuilt;
use crate::error::{Error, Result};
use crate::spectrum::PeakList;

/// The usual boundary: mass m collects m − 0.3 ≤ m/z < m + 0.7. Hydrogen-rich ions lie above their
/// nominal mass, by about 0.1 per 100 u, so a bin that is symmetric about the integer loses them:
/// in quadrupole data two thirds of the strong peaks at m/z 300 to 400 were measured at +0.3.
pub const UNIT_MASS_BOUNDARY: f64 = 0.7;

/// The boundary of AMDIS and of the NIST tools, which compute ⌈m/z − 0.649⌉: mass m collects
/// m − 0.351 to m + 0.649. A peak on the boundary itself goes down there and up here.
pub const NIST_UNIT_MASS_BOUNDARY: f64 = 0.649;

/// Sums the intensities of all peaks of one unit mass: mass m collects m − 1 + `boundary` ≤ m/z <
/// m + `boundary`, computed in f64 as m = ⌊m/z + (1 − boundary)⌋.
///
/// Intensities are added in ascending order of m/z. What would fall into mass 0 is added to mass 1,
/// so that no intensity disappears (there is no ion below the proton). Applying it twice changes nothing.
///
/// # Errors
/// `InvalidOption` unless 0 < `boundary` ≤ 1 (else a whole number would not stay in its own bin);
/// `Malformed` if a sum of intensities exceeds the largest number.
pub fn bin_to_unit_mass(peaks: &PeakList, boundary: f64) -> Result<PeakList> {
    check_boundary(boundary)?;
    let (mut mz, mut intensity) = (Vec::<f64>::new(), Vec::<f64>::new());
    for peak in peaks.iter() {
        let mass = (peak.mz + (1.0 - boundary)).floor().max(1.0);
        match (mz.last(), intensity.last_mut()) {
            (Some(&last), Some(sum)) if last == mass => *sum += peak.intensity,
            _ => {
                mz.push(mass);
                intensity.push(peak.intensity);
            }
        }
    }
    rebuilt(mz, intensity, "adding up unit masses")
}

pub(in crate::preprocess) fn check_boundary(boundary: f64) -> Result<()> {
    if boundary > 0.0 && boundary <= 1.0 {
        return Ok(());
    }
    Err(Error::invalid_option(format!(
        "the upper boundary of a unit mass must lie above 0 and not above 1, not at {boundary}"
    )))
}

#[cfg(test)]
mod tests {
    use super::super::tests::{assert_close, floats, golden};
    use super::*;

    /// Golden `offset`: m = ⌊m/z + 0.5 − offset⌋, so boundary = 0.5 + offset; intensities there are
    /// scaled to a maximum of 999.
    #[test]
    fn bins_equal_the_golden_vectors() {
        let file = golden("ei_unit_mass");
        let mut compared = 0;
        for case in file["cases"].as_array().unwrap() {
            let boundary = 0.5 + case["params"]["offset"].as_f64().unwrap();
            for side in ["a", "b"] {
                let input = &case["input"];
                let peaks = PeakList::try_new(
                    floats(&input[format!("{side}_mz")]),
                    floats(&input[format!("{side}_int")]),
                )
                .unwrap();
                let binned = bin_to_unit_mass(&peaks, boundary).unwrap();
                assert_eq!(binned.mz(), floats(&case["expected"][format!("bins_{side}")]));
                let scale = 999.0 / binned.base_peak().unwrap().intensity;
                let scaled: Vec<f64> = binned.intensity().iter().map(|x| x * scale).collect();
                assert_close(&scaled, &floats(&case["expected"][format!("int_{side}")]), 1e-11, 1e-13);
                compared += 1;
            }
        }
        assert_eq!(compared, 12);
    }

    #[test]
    fn the_usual_bin_runs_from_minus_three_tenths_to_plus_seven_tenths() {
        let list = PeakList::try_new(vec![57.69, 57.71, 58.0, 58.69, 58.71], vec![1.0, 2.0, 4.0, 8.0, 16.0]);
        let binned = bin_to_unit_mass(&list.unwrap(), UNIT_MASS_BOUNDARY).unwrap();
        assert_eq!(binned.mz(), [57.0, 58.0, 59.0]);
        assert_eq!(binned.intensity(), [1.0, 14.0, 16.0]);
    }

    #[test]
    fn nist_bins_equal_its_ceiling_rule_off_the_boundary() {
        for thousandth in (1_000..60_000_u32).filter(|t| t % 1000 != 649) {
            let mz = f64::from(thousandth) / 1000.0;
            let list = PeakList::try_new(vec![mz], vec![1.0]).unwrap();
            let binned = bin_to_unit_mass(&list, NIST_UNIT_MASS_BOUNDARY).unwrap();
            assert_eq!(binned.mz(), [(mz - 0.649).ceil()], "m/z {mz}");
        }
    }

    #[test]
    fn nothing_below_mass_1_is_lost_and_whole_numbers_stay() {
        let list = PeakList::try_new(vec![0.1, 1.0, 2.0], vec![1.0, 2.0, 4.0]).unwrap();
        for boundary in [0.1, 0.5, UNIT_MASS_BOUNDARY, 1.0] {
            let binned = bin_to_unit_mass(&list, boundary).unwrap();
            assert_eq!(binned.mz(), [1.0, 2.0]);
            assert_eq!(binned.intensity(), [3.0, 4.0]);
            assert_eq!(bin_to_unit_mass(&binned, boundary).unwrap(), binned);
        }
        assert!(bin_to_unit_mass(&PeakList::default(), 0.7).unwrap().is_empty());
    }

    #[test]
    fn impossible_options_and_sums_are_errors() {
        let list = PeakList::try_new(vec![50.0, 50.1], vec![f64::MAX, f64::MAX]).unwrap();
        for boundary in [0.0, -0.1, 1.1, f64::NAN] {
            assert!(bin_to_unit_mass(&list, boundary).is_err());
        }
        assert!(bin_to_unit_mass(&list, 0.7).unwrap_err().to_string().contains("left the range"));
    }
}
