//! Scales to whole numbers, as unit-mass libraries store abundances.

use super::{maximum_intensity, with_intensities};
use crate::error::Result;
use crate::spectrum::PeakList;

/// Scales the base peak to `maximum` and rounds every intensity half up: ⌊maximum · I / I_max + 0.5⌋,
/// multiplied before it is divided, so that exact halves of whole-number data are seen as halves. This
/// is how NIST's tools store abundances, with a maximum of 999. Peaks that become 0 stay, as 0. A
/// spectrum without any intensity above 0 stays as it is.
///
/// # Errors
/// `Malformed` if a scaled intensity exceeds the largest number.
pub fn round_to_integer_abundance(peaks: &PeakList, maximum: u16) -> Result<PeakList> {
    let base = maximum_intensity(peaks);
    if base <= 0.0 {
        return Ok(peaks.clone());
    }
    let maximum = f64::from(maximum);
    let rounded =
        peaks.intensity().iter().map(|intensity| (maximum * intensity / base + 0.5).floor()).collect();
    with_intensities(peaks, rounded, "rounding to whole abundances")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halves_go_up_and_traces_become_zero() {
        // 999 · 1/2 = 499.5 → 500; 999 · 1/1998 = 0.5 → 1; 999 · 0.9/1998 = 0.45 → 0.
        let list = PeakList::try_new(vec![1.0, 2.0, 3.0, 4.0], vec![1998.0, 999.0, 1.0, 0.9]).unwrap();
        assert_eq!(round_to_integer_abundance(&list, 999).unwrap().intensity(), [999.0, 500.0, 1.0, 0.0]);
    }

    #[test]
    fn whole_numbers_up_to_the_maximum_do_not_move() {
        let intensity: Vec<f64> = (0..=999).map(f64::from).collect();
        let list = PeakList::try_new((1..=1000).map(f64::from).collect(), intensity).unwrap();
        assert_eq!(round_to_integer_abundance(&list, 999).unwrap(), list);
    }

    #[test]
    fn nothing_and_zeros_stay_and_overflow_is_an_error() {
        let zeros = PeakList::try_new(vec![41.0], vec![0.0]).unwrap();
        assert_eq!(round_to_integer_abundance(&zeros, 999).unwrap(), zeros);
        assert!(round_to_integer_abundance(&PeakList::default(), 999).unwrap().is_empty());
        let huge = PeakList::try_new(vec![41.0], vec![f64::MAX]).unwrap();
        assert!(round_to_integer_abundance(&huge, 999).is_err());
    }
}
