//! Merges peaks that the instrument cannot tell apart.

use super::{by_descending_intensity, rebuilt};
use crate::error::Result;
use crate::spectrum::PeakList;
use crate::units::MassTolerance;

/// Merges neighbouring peaks until all lie at least the tolerance apart, as `ms_entropy` 1.5.3 does
/// (Li & Fiehn, Nat. Methods 2023): from the most intense peak down, each takes in all peaks within the
/// tolerance (closed); the intensities are summed, the m/z is their intensity-weighted mean, both in
/// ascending order of m/z. Of equal intensities the higher m/z goes first. Passes repeat while two
/// neighbours are closer than the tolerance.
///
/// The tolerance of two peaks is the half width at the *higher* m/z, for both neighbours of a peak
/// (`ms_entropy` means the same for ppm but takes twice the m/z for the upper limit). Zero intensities
/// are removed. Work is O(n log² n): in each pass neighbouring peaks cannot both survive, so those that
/// are still too close fall at least by a third.
///
/// # Errors
/// `InvalidOption` for a tolerance that is negative or not finite; `Malformed` if a sum exceeds the
/// largest number.
pub fn merge_peaks(peaks: &PeakList, tolerance: MassTolerance) -> Result<PeakList> {
    let tolerance = tolerance.checked()?;
    let mut current = super::remove_zero_intensities(peaks);
    while current.mz().windows(2).any(|pair| pair[1] - pair[0] < tolerance.half_width(pair[1])) {
        current = merged_once(&current, tolerance)?;
    }
    Ok(current)
}

fn merged_once(peaks: &PeakList, tolerance: MassTolerance) -> Result<PeakList> {
    let (mz, intensity) = (peaks.mz(), peaks.intensity());
    let mut taken = vec![false; mz.len()];
    let mut merged: Vec<(f64, f64)> = Vec::new();
    for seed in seeds(peaks) {
        if taken[seed] {
            continue;
        }
        let (mut first, mut end) = (seed, seed + 1);
        while first > 0 && mz[seed] - mz[first - 1] <= tolerance.half_width(mz[seed]) {
            first -= 1;
        }
        while end < mz.len() && mz[end] - mz[seed] <= tolerance.half_width(mz[end]) {
            end += 1;
        }
        let members = || (first..end).filter(|&i| !taken[i]);
        let sum: f64 = members().map(|i| intensity[i]).sum();
        let mean = match members().count() {
            1 => mz[seed],
            _ => members().map(|i| intensity[i] * mz[i]).sum::<f64>() / sum,
        };
        merged.push((mean, sum));
        taken[first..end].fill(true);
    }
    let (mz, intensity) = merged.into_iter().unzip();
    rebuilt(mz, intensity, "merging peaks")
}

/// Positions by descending intensity, of equals the higher m/z first.
fn seeds(peaks: &PeakList) -> Vec<usize> {
    let intensity = peaks.intensity();
    let mut order = by_descending_intensity(peaks);
    order.sort_by(|&a, &b| intensity[b].total_cmp(&intensity[a]).then(b.cmp(&a)));
    order
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::tests::{assert_close, golden, pairs};
    use super::*;
    use crate::preprocess::{Recipe, Step};

    #[test]
    fn cleaned_spectra_equal_the_golden_vectors() {
        let file = golden("ms_clean_spectrum");
        let cases = file["cases"].as_array().unwrap();
        for case in cases {
            let params = &case["params"];
            let number = |name: &str| params[name].as_f64();
            let tolerance = match number("min_ms2_difference_in_ppm") {
                Some(ppm) => MassTolerance::Ppm(ppm),
                None => MassTolerance::Da(number("min_ms2_difference_in_da").unwrap_or(0.05)),
            };
            let mut steps = vec![
                Step::RemoveZeroIntensities {},
                Step::SelectMzRange {
                    first_mz: number("min_mz").unwrap_or(0.0),
                    last_mz: number("max_mz").unwrap_or(f64::MAX),
                },
                Step::MergePeaks { tolerance },
                Step::SelectRelativeIntensity { fraction: number("noise_threshold").unwrap_or(0.01) },
            ];
            if let Some(count) = params["max_peak_num"].as_u64() {
                steps.push(Step::KeepMostIntense { count: usize::try_from(count).unwrap() });
            }
            if params["normalize_intensity"] != false {
                steps.push(Step::Normalize { norm: super::super::Norm::Sum, value: 1.0 });
            }
            let cleaned =
                Recipe::try_new(steps).unwrap().apply(&pairs(&case["input"]["peaks"]), None).unwrap();
            let cleaned = cleaned.accepted().unwrap();
            let expected = pairs(&case["expected"]["f64"]);
            assert_close(cleaned.mz(), expected.mz(), 1e-12, 0.0);
            assert_close(cleaned.intensity(), expected.intensity(), 1e-12, 0.0);
        }
        assert_eq!(cases.len(), 50);
    }

    /// By hand: 100.03 (9) takes 100.00 (1), mean (100.00 + 9 · 100.03) / 10 = 100.027; 100.09 is 0.06
    /// from the seed and stays; it is 0.063 from the new centroid, so one pass is enough.
    #[test]
    fn the_strongest_takes_in_its_neighbours() {
        let list = PeakList::try_new(vec![100.0, 100.03, 100.09], vec![1.0, 9.0, 2.0]).unwrap();
        let merged = merge_peaks(&list, MassTolerance::Da(0.05)).unwrap();
        assert_close(merged.mz(), &[100.027, 100.09], 1e-14, 0.0);
        assert_eq!(merged.intensity(), [10.0, 2.0]);
    }

    /// 10 ppm of 1,000,000 is 10: exactly that far apart is apart, a little nearer is one peak, and a
    /// peak far above is not touched.
    #[test]
    fn ppm_windows_belong_to_the_higher_of_two_peaks() {
        let list = |lower: f64| {
            PeakList::try_new(vec![lower, 1_000_000.0, 1_900_000.0], vec![1.0, 1.0, 1.0]).unwrap()
        };
        assert_eq!(merge_peaks(&list(999_990.0), MassTolerance::Ppm(10.0)).unwrap().len(), 3);
        let merged = merge_peaks(&list(999_990.5), MassTolerance::Ppm(10.0)).unwrap();
        assert_eq!(merged.mz(), [999_995.25, 1_900_000.0]);
    }

    #[test]
    fn repeated_and_silent_peaks_vanish() {
        let list = PeakList::try_new(vec![77.0, 77.0, 78.0], vec![1.0, 3.0, 0.0]).unwrap();
        let merged = merge_peaks(&list, MassTolerance::Da(0.01)).unwrap();
        assert_eq!((merged.mz(), merged.intensity()), (&[77.0][..], &[4.0][..]));
        // A tolerance of 0 separates nothing, so nothing is merged.
        assert_eq!(merge_peaks(&list, MassTolerance::Da(0.0)).unwrap().len(), 2);
        assert!(merge_peaks(&PeakList::default(), MassTolerance::Da(0.01)).unwrap().is_empty());
        assert!(merge_peaks(&list, MassTolerance::Da(f64::NAN)).is_err());
    }

    /// Seeded noise, a comb just inside the tolerance, and all peaks at one m/z.
    #[test]
    fn a_hundred_thousand_peaks_are_merged_without_hanging() {
        let count = 100_000_u32;
        let noise = |i: u32| f64::from(i.wrapping_mul(2_654_435_761) >> 8) / f64::from(1_u32 << 24);
        for mz in [
            (0..count).map(|i| 50.0 + 450.0 * noise(i)).collect::<Vec<_>>(),
            (0..count).map(|i| 50.0 + 0.019_999 * f64::from(i)).collect(),
            vec![91.0542; 100_000],
        ] {
            let intensity = (0..count).map(|i| 1.0 + noise(i ^ 0x55)).collect();
            let list = PeakList::try_new(mz, intensity).unwrap();
            let merged = merge_peaks(&list, MassTolerance::Da(0.02)).unwrap();
            assert!(merged.mz().windows(2).all(|pair| pair[1] - pair[0] >= 0.02));
            let lost = merged.total_ion_current() / list.total_ion_current() - 1.0;
            assert!(lost.abs() < 1e-9, "intensity changed by {lost}");
        }
    }

    proptest! {
        #[test]
        fn merging_twice_is_merging_once(
            peaks in prop::collection::vec((50.0..60.0_f64, 0.0..100.0_f64), 0..60),
            ppm in any::<bool>(),
        ) {
            let tolerance = if ppm { MassTolerance::Ppm(5000.0) } else { MassTolerance::Da(0.2) };
            let (mz, intensity) = peaks.into_iter().unzip();
            let once = merge_peaks(&PeakList::try_new(mz, intensity).unwrap(), tolerance).unwrap();
            prop_assert!(once.mz().windows(2).all(|pair| pair[1] - pair[0] >= tolerance.half_width(pair[1])));
            prop_assert_eq!(merge_peaks(&once, tolerance).unwrap(), once);
        }
    }
}
