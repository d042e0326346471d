//! What a sample may show besides substances: an offset, a slope, a bend, and spectra of what disturbs.
//!
//! The columns enter one linear fit with coefficients of either sign, as in extended multiplicative signal
//! correction (H. Martens and E. Stark, J. Pharm. Biomed. Anal. 1991, 9, 625). Nothing is optimised for a
//! single reference.

use crate::error::{Error, Result};

/// The highest power of the wavenumber; more would begin to explain bands.
const MAXIMUM_ORDER: usize = 6;

/// The powers 0 to `order` of the axis, which is first brought to −1 to 1. The order of the points does not
/// matter.
///
/// # Errors
/// `InvalidOption` for an order above 6 or an axis with a wavenumber that is not finite.
pub fn polynomial_background(wavenumber_cm1: &[f64], order: usize) -> Result<Vec<Vec<f64>>> {
    if order > MAXIMUM_ORDER {
        return Err(Error::invalid_option(format!(
            "the order must lie from 0 to {MAXIMUM_ORDER}, not at {order}"
        )));
    }
    if let Some(wavenumber) = wavenumber_cm1.iter().find(|wavenumber| !wavenumber.is_finite()) {
        return Err(Error::invalid_option(format!("a wavenumber must be finite, not {wavenumber}")));
    }
    let low = wavenumber_cm1.iter().copied().fold(f64::INFINITY, f64::min);
    let high = wavenumber_cm1.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let (centre, half) = (low / 2.0 + high / 2.0, high / 2.0 - low / 2.0);
    let scaled = |wavenumber: &f64| if half > 0.0 { (wavenumber - centre) / half } else { 0.0 };
    let axis: Vec<f64> = wavenumber_cm1.iter().map(scaled).collect();
    let mut powers = vec![vec![1.0; axis.len()]];
    for power in 0..order {
        powers.push(powers[power].iter().zip(&axis).map(|(x, axis)| x * axis).collect());
    }
    Ok(powers)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn powers_of_the_scaled_axis() {
        let columns = polynomial_background(&[4_000.0, 2_200.0, 400.0, 3_100.0], 2).unwrap();
        assert_eq!(columns, [[1.0; 4], [1.0, 0.0, -1.0, 0.5], [1.0, 0.0, 1.0, 0.25]]);
        assert_eq!(polynomial_background(&[700.0], 1).unwrap(), [[1.0], [0.0]]);
        assert_eq!(polynomial_background(&[], 0).unwrap(), [[0.0; 0]]);
    }

    #[test]
    fn what_makes_no_sense_is_refused() {
        assert!(polynomial_background(&[1.0], 7).is_err());
        assert!(polynomial_background(&[f64::NAN], 1).is_err());
    }
}
