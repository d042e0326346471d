//! The low-pass filter before a curve is taken at wider distances, without which bands and noise too sharp for the
//! new points come back as false slow ones (aliasing).

use std::f64::consts::PI;

use crate::math::{cos, sin};

/// Points of the new curve that the filter reaches to either side.
const REACH: f64 = 10.0;
/// The frequency at which half stays, as a share of the highest that the new curve can show. The filter passes from
/// whole to nothing within a sixth of it on either side.
const CUTOFF: f64 = 5.0 / 6.0;

/// The values at equal distances without what lies above the highest frequency of points `ratio` (above 1) times as far
/// apart: convolution with a sinc under a Hamming window (Oppenheim & Schafer, *Discrete-Time Signal Processing*, 7.5),
/// of 20 · `ratio` + 1 points as in SciPy's `decimate`. Up to ⅔ of that frequency all stays within 0.5 %, from that
/// frequency on at most 0.5 %. Beyond an end the curve is continued turned about its end point, so that a line is kept.
pub(super) fn low_pass(values: &[f64], ratio: f64) -> Vec<f64> {
    if values.len() < 2 {
        return values.to_vec();
    }
    let taps = taps(ratio);
    let extended = extended(values, taps.len() - 1);
    // Four sums at once; each is in the order of the taps.
    let mut filtered = Vec::with_capacity(values.len() + 3);
    for first in (0..values.len()).step_by(4) {
        let mut sums = [0.0; 4];
        for (k, tap) in taps.iter().enumerate() {
            // The convolution is the same from either side: taps are symmetric.
            for (sum, value) in sums.iter_mut().zip(extended[first + k..].iter()) {
                *sum += tap * value;
            }
        }
        filtered.extend(sums);
    }
    filtered.truncate(values.len());
    filtered
}

/// The filter, of sum 1, from one end to the other.
fn taps(ratio: f64) -> Vec<f64> {
    // The ratio of two axes of at most 2³² points: the cast is exact.
    let half = (REACH * ratio).ceil() as i64;
    let cutoff = CUTOFF / ratio;
    let tap = |k: i64| {
        let at = k as f64;
        let sinc = if k == 0 { cutoff } else { sin(PI * cutoff * at) / (PI * at) };
        sinc * (0.54 + 0.46 * cos(PI * at / half as f64))
    };
    let taps: Vec<f64> = (-half..=half).map(tap).collect();
    let sum: f64 = taps.iter().sum();
    taps.iter().map(|tap| tap / sum).collect()
}

/// The values with so many more in front and behind, turned about the end points.
fn extended(values: &[f64], more: usize) -> Vec<f64> {
    let half = more / 2;
    let (start, end) = (half, half + values.len() - 1);
    let mut extended = vec![0.0; values.len() + more];
    extended[start..=end].copy_from_slice(values);
    // Both ends at once: a short curve is turned again and again.
    for k in 1..=half {
        extended[start - k] = 2.0 * extended[start] - extended[start + k];
        extended[end + k] = 2.0 * extended[end] - extended[end - k];
    }
    extended
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The response at a frequency, 1 being the highest of the points given.
    fn response(ratio: f64, frequency: f64) -> f64 {
        let taps = taps(ratio);
        let half = (taps.len() / 2) as f64;
        taps.iter().enumerate().map(|(k, tap)| tap * cos(PI * frequency * (k as f64 - half))).sum()
    }

    #[test]
    fn what_the_new_points_can_show_stays_and_the_rest_does_not() {
        for ratio in [1.05, 1.5, 2.0, 3.7, 10.0] {
            for part in 0..=20 {
                let share = f64::from(part) / 20.0;
                assert!((response(ratio, 2.0 / 3.0 * share / ratio) - 1.0).abs() < 5e-3, "{ratio} {share}");
                let above = 1.0 / ratio + (1.0 - 1.0 / ratio) * share;
                assert!(response(ratio, above).abs() < 5e-3, "{ratio} {above}");
            }
            assert!((response(ratio, CUTOFF / ratio) - 0.5).abs() < 0.01);
        }
    }

    proptest! {
        #[test]
        fn the_filter_is_the_sum_of_its_definition_and_keeps_lines(
            values in prop::collection::vec(-1.0..1.0_f64, 1..50),
            ratio in 1.0..5.0_f64,
        ) {
            let filtered = low_pass(&values, ratio);
            prop_assert_eq!(filtered.len(), values.len());
            if values.len() > 1 {
                let (taps, n) = (taps(ratio), values.len() as i64);
                let half = taps.len() as i64 / 2;
                // Turned about the end points again and again, a curve repeats with a period on a line.
                let at = |i: i64| {
                    let rise = 2.0 * (values[values.len() - 1] - values[0]);
                    let (turn, place) = (i.div_euclid(2 * (n - 1)), i.rem_euclid(2 * (n - 1)));
                    let inside = if place < n {
                        values[place as usize]
                    } else {
                        2.0 * values[values.len() - 1] - values[(2 * (n - 1) - place) as usize]
                    };
                    inside + turn as f64 * rise
                };
                for (i, got) in filtered.iter().enumerate() {
                    let expected: f64 =
                        (-half..=half).map(|k| taps[(k + half) as usize] * at(i as i64 + k)).sum();
                    prop_assert!((got - expected).abs() < 1e-9, "{got} {expected}");
                }
            }
            let line: Vec<f64> = (0..40).map(|i| 0.5 - 0.1 * f64::from(i)).collect();
            prop_assert!(low_pass(&line, ratio).iter().zip(&line).all(|(a, b)| (a - b).abs() < 1e-12));
        }
    }
}
