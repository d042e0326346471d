//! A baseline by clipping peaks (SNIP): Ryan, Clayton, Griffin, Sie & Cousens, Nucl. Instrum. Methods B 1988, 34, 396;
//! Morháč & Matoušek, Appl. Spectrosc. 2008, 62, 91.

use serde::{Deserialize, Serialize};

use super::columns::check_column;
use crate::error::{Error, Result};
use crate::math;

/// How wide is clipped, and in which order.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct SnipOptions {
    /// Half the width of the widest window, in points, about that of the widest band; the default is 40.
    pub maximum_half_window: usize,
    /// Whether the windows shrink (smoother, the default) or grow.
    pub decreasing: bool,
    /// Whether log (log (√(y + 1) + 1) + 1) is clipped instead of y: for counts, never for absorbance. By default not.
    pub compress_counts: bool,
}

impl Default for SnipOptions {
    fn default() -> Self {
        Self { maximum_half_window: 40, decreasing: true, compress_counts: false }
    }
}

/// The curve after v ← min(v, (v₋ₚ + v₊ₚ) / 2) for each half window p. Nothing stands for points beyond the ends: within p
/// of them a pass changes nothing. Every point must have been measured.
///
/// # Errors
/// `InvalidOption` for a half window of 0; `Malformed` for values that are not finite, and with `compress_counts` for one
/// below −1.
pub fn snip(values: &[f64], options: &SnipOptions) -> Result<Vec<f64>> {
    check_column("the values", values, values.len(), None)?;
    if options.maximum_half_window == 0 {
        return Err(Error::invalid_option("a half window has at least 1 point"));
    }
    let mut clipped = values.to_vec();
    if options.compress_counts {
        if let Some(point) = values.iter().position(|&value| value < -1.0) {
            return Err(Error::malformed(format!("point {}: {} is no count", point + 1, values[point])));
        }
        let compress = |value: &mut f64| *value = math::ln(math::ln((*value + 1.0).sqrt() + 1.0) + 1.0);
        clipped.iter_mut().for_each(compress);
    }
    // Wider than the curve, a window has no middle.
    let widest = options.maximum_half_window.min(values.len().saturating_sub(1) / 2);
    let mut before = clipped.clone();
    let mut clip = |half: usize| {
        before.copy_from_slice(&clipped);
        for (value, window) in clipped[half..].iter_mut().zip(before.windows(2 * half + 1)) {
            *value = value.min((window[0] + window[2 * half]) / 2.0);
        }
    };
    if options.decreasing {
        (1..=widest).rev().for_each(&mut clip);
    } else {
        (1..=widest).for_each(&mut clip);
    }
    if options.compress_counts {
        let expand = |value: &mut f64| {
            let root = math::exp(math::exp(*value) - 1.0) - 1.0;
            *value = root * root - 1.0;
        };
        clipped.iter_mut().for_each(expand);
    }
    Ok(clipped)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::golden::cases;
    use super::*;

    #[test]
    fn golden() {
        for case in cases("snip_core") {
            let options = SnipOptions {
                maximum_half_window: case.count("max_half_window"),
                decreasing: case.params["decreasing"].as_bool().unwrap(),
                compress_counts: case.params["lls"].as_bool().unwrap(),
            };
            case.assert_expected(&snip(&case.column("y"), &options).unwrap(), "baseline");
        }
    }

    proptest! {
        #[test]
        fn clipping_never_raises_and_keeps_lines(
            values in prop::collection::vec(-1.0_f64..1.0, 0..80),
            half in 1_usize..60,
            decreasing: bool,
        ) {
            let options = SnipOptions { maximum_half_window: half, decreasing, compress_counts: false };
            let clipped = snip(&values, &options).unwrap();
            prop_assert!(clipped.iter().zip(&values).all(|(clipped, value)| clipped <= value));
            let line: Vec<f64> = (0..values.len()).map(|point| 0.5 * point as f64).collect();
            prop_assert_eq!(snip(&line, &options).unwrap(), line);
        }
    }

    #[test]
    fn what_cannot_be_clipped_is_an_error() {
        let default = SnipOptions::default();
        assert!(snip(&[1.0], &SnipOptions { maximum_half_window: 0, ..default }).is_err());
        assert!(snip(&[f64::INFINITY], &default).is_err());
        assert!(snip(&[-2.0], &SnipOptions { compress_counts: true, ..default }).is_err());
        assert!(snip(&[], &default).unwrap().is_empty());
    }
}
