//! Transmittance into absorbance and back.

use serde::{Deserialize, Serialize};

use super::columns::{check_column, map_measured};
use crate::error::{Error, Result};
use crate::math;

/// What the values of a curve count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ordinate {
    /// −log₁₀ of the transmittance.
    Absorbance,
    /// A fraction.
    Transmittance,
    /// In per cent.
    PercentTransmittance,
}

/// Below which a transmittance is taken for the floor.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct OrdinateOptions {
    /// The lowest transmittance, as a fraction above 0, whose logarithm is taken; the default is 1e-6, absorbance 6.
    pub transmittance_floor: f64,
}

impl Default for OrdinateOptions {
    fn default() -> Self {
        Self { transmittance_floor: 1e-6 }
    }
}

/// Values in another ordinate.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ConvertedOrdinate {
    /// The values.
    pub values: Vec<f64>,
    /// How many measured points lay below the floor: a saturated band, of which the values say nothing.
    pub clamped: usize,
}

/// Converts values from one ordinate into another: A = −log₁₀ max(T, floor), T = 10^−A, %T = 100 T.
///
/// # Errors
/// `InvalidOption` for a floor that is not a finite number above 0; `Malformed` for columns of different lengths and
/// values that are not finite, or whose result is not.
pub fn convert_ordinate(
    values: &[f64],
    measured: Option<&[bool]>,
    (from, to): (Ordinate, Ordinate),
    options: &OrdinateOptions,
) -> Result<ConvertedOrdinate> {
    let floor = options.transmittance_floor;
    if !(floor > 0.0 && floor.is_finite()) {
        return Err(Error::invalid_option(format!("{floor} is no floor for a transmittance")));
    }
    check_column("the values", values, values.len(), measured)?;
    let mut clamped = 0;
    let mut absorbance = |transmittance: f64| {
        clamped += usize::from(transmittance < floor);
        -math::log10(transmittance.max(floor))
    };
    let values = map_measured(values, measured, "the conversion", |_, value| match (from, to) {
        (Ordinate::Transmittance, Ordinate::Absorbance) => absorbance(value),
        (Ordinate::PercentTransmittance, Ordinate::Absorbance) => absorbance(value / 100.0),
        (Ordinate::Absorbance, Ordinate::Transmittance) => math::pow(10.0, -value),
        (Ordinate::Absorbance, Ordinate::PercentTransmittance) => 100.0 * math::pow(10.0, -value),
        (Ordinate::Transmittance, Ordinate::PercentTransmittance) => 100.0 * value,
        (Ordinate::PercentTransmittance, Ordinate::Transmittance) => value / 100.0,
        _ => value,
    })?;
    Ok(ConvertedOrdinate { values, clamped })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::golden::cases;
    use super::*;

    #[test]
    fn golden() {
        for case in cases("unit_conversion") {
            let pair = match case.word("direction") {
                "T_to_A" => (Ordinate::Transmittance, Ordinate::Absorbance),
                "pctT_to_A" => (Ordinate::PercentTransmittance, Ordinate::Absorbance),
                "A_to_T" => (Ordinate::Absorbance, Ordinate::Transmittance),
                "A_to_pctT" => (Ordinate::Absorbance, Ordinate::PercentTransmittance),
                other => panic!("{other}"),
            };
            let floor = case.params["t_floor"].as_f64();
            let options = floor.map_or_else(OrdinateOptions::default, |transmittance_floor| {
                OrdinateOptions { transmittance_floor }
            });
            let converted = convert_ordinate(&case.column("y"), None, pair, &options).unwrap();
            case.assert_expected(&converted.values, "y");
            let clipped = case.expected["clipped"].as_u64().unwrap_or(0);
            assert_eq!(converted.clamped as u64, clipped);
        }
    }

    #[test]
    fn what_is_not_measured_is_not_read() {
        let pair = (Ordinate::Transmittance, Ordinate::Absorbance);
        let values = [0.1, f64::NAN, 0.0, -0.5];
        let measured = [true, false, true, true];
        let options = OrdinateOptions::default();
        let converted = convert_ordinate(&values, Some(&measured), pair, &options).unwrap();
        assert_eq!((converted.clamped, &converted.values[..]), (2, &[1.0, 0.0, 6.0, 6.0][..]));
        assert!(convert_ordinate(&values, None, pair, &options).is_err());
        assert!(convert_ordinate(&[], None, pair, &OrdinateOptions { transmittance_floor: 0.0 }).is_err());
        let back = (Ordinate::Absorbance, Ordinate::Transmittance);
        assert!(convert_ordinate(&[-1e4], None, back, &options).is_err(), "10^10000 is no number");
    }

    proptest! {
        #[test]
        fn there_and_back_is_the_input(absorbance in prop::collection::vec(-1.0_f64..5.0, 0..20)) {
            for other in [Ordinate::Transmittance, Ordinate::PercentTransmittance] {
                let options = OrdinateOptions::default();
                let there = convert_ordinate(&absorbance, None, (Ordinate::Absorbance, other), &options).unwrap();
                let back = convert_ordinate(&there.values, None, (other, Ordinate::Absorbance), &options).unwrap();
                prop_assert_eq!(back.clamped, 0);
                for (back, value) in back.values.iter().zip(&absorbance) {
                    prop_assert!((back - value).abs() < 1e-13);
                }
            }
        }
    }
}
