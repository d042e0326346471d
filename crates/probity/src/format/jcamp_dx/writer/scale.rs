//! Which factor makes whole numbers of values, as the ordinates of `XYDATA` are.

/// The largest whole number that is written: readers of other programs keep them in 32 bits.
const MOST: f64 = 2_147_483_647.0;
/// Decimal digits of a factor that are tried, so that the factor of a file that was read is found again.
const DIGITS: std::ops::RangeInclusive<usize> = 1..=17;

/// Values as whole numbers times a factor.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Scaled {
    /// `YFACTOR`.
    pub(super) factor: f64,
    pub(super) units: Vec<i64>,
    /// Whether the units times the factor are the values to the last bit.
    pub(super) is_exact: bool,
}

impl Scaled {
    /// Scales finite values.
    ///
    /// If they are whole numbers of at most 31 bits times a power of ten, a power of two, or a decimal number that
    /// their common divisor shows, nothing is lost. Otherwise the factor is 1, 2 or 5 times a power of ten and at most
    /// 2·10⁻⁹ of the largest value, so that no value changes by more than half a factor, or 10⁻⁹ of the largest.
    pub(super) fn of(values: &[f64]) -> Self {
        let largest = values.iter().fold(0.0, |largest, value| f64::max(largest, value.abs()));
        if largest == 0.0 {
            return Self { factor: 1.0, units: vec![0; values.len()], is_exact: true };
        }
        let decimals = (0..=15).map(|digits| decimal(1.0, -digits));
        let exact = decimals
            .chain(std::iter::once_with(|| power_of_two(values)))
            .filter(|factor| largest / factor <= MOST)
            .find_map(|factor| exact(values, factor))
            .or_else(|| common_divisor(values, largest).and_then(|divisor| exact_near(values, divisor)));
        exact.unwrap_or_else(|| {
            let factor = rounded_factor(largest);
            Self {
                factor,
                units: values.iter().map(|value| units(*value, factor)).collect(),
                is_exact: false,
            }
        })
    }
}

/// A small number times a power of ten, rounded once.
fn decimal(number: f64, exponent: i32) -> f64 {
    format!("{number}e{exponent}").parse().unwrap_or(f64::MIN_POSITIVE)
}

fn units(value: f64, factor: f64) -> i64 {
    // At most `MOST`, or a little more where rounding adds to it: the cast is exact.
    (value / factor).round() as i64
}

/// The values in units of a factor, if that loses nothing.
fn exact(values: &[f64], factor: f64) -> Option<Scaled> {
    let is_exact = |value: &f64| {
        let units = units(*value, factor);
        units.unsigned_abs() <= MOST as u64 && units as f64 * factor == *value
    };
    values.iter().all(is_exact).then(|| Scaled {
        factor,
        units: values.iter().map(|value| units(*value, factor)).collect(),
        is_exact: true,
    })
}

/// The largest power of two that all values are multiples of.
fn power_of_two(values: &[f64]) -> f64 {
    let lowest_bit = |value: f64| {
        let bits = value.abs().to_bits();
        let (exponent, fraction) = (bits >> 52, bits & ((1 << 52) - 1));
        let significand = if exponent == 0 { fraction } else { fraction | 1 << 52 };
        // The exponent of the last bit that is set, over that of the smallest number.
        exponent.max(1) + u64::from(significand.trailing_zeros())
    };
    let lowest =
        values.iter().filter(|value| **value != 0.0).map(|value| lowest_bit(*value)).min().unwrap_or(1);
    // 2^(lowest − 1) times the smallest number, built from its bits.
    if lowest > 52 { f64::from_bits((lowest - 52) << 52) } else { f64::from_bits(1 << (lowest - 1)) }
}

/// The greatest number that all values are multiples of, as far as rounding lets it be seen: the largest value over the
/// common denominator of all others in parts of it.
fn common_divisor(values: &[f64], largest: f64) -> Option<f64> {
    let mut common = 1_u64;
    for value in values.iter().filter(|value| **value != 0.0) {
        let denominator = denominator(value.abs() / largest)?;
        common = (common / greatest_common_divisor(common, denominator)).checked_mul(denominator)?;
        if common as f64 > MOST {
            return None;
        }
    }
    Some(largest / common as f64)
}

/// The denominator of the simplest fraction that a ratio from 0 to 1 may be, which its continued fraction gives.
fn denominator(ratio: f64) -> Option<u64> {
    let (mut before, mut denominator) = (0.0, 1.0);
    let mut rest = ratio;
    // The numerator is the whole number closest to the ratio times the denominator.
    while (ratio - (ratio * denominator).round() / denominator).abs() > 4e-16 * ratio {
        rest = 1.0 / (rest - rest.floor());
        let next = rest.floor() * denominator + before;
        if next.is_nan() || next > MOST {
            return None;
        }
        (before, denominator) = (denominator, next);
    }
    // A whole number of at most `MOST`.
    Some(denominator as u64)
}

fn greatest_common_divisor(mut larger: u64, mut smaller: u64) -> u64 {
    while smaller > 0 {
        (larger, smaller) = (smaller, larger % smaller);
    }
    larger
}

/// The values in units of a short decimal number close to a divisor, if one loses nothing.
fn exact_near(values: &[f64], divisor: f64) -> Option<Scaled> {
    DIGITS
        .filter_map(|digits| format!("{divisor:.*e}", digits - 1).parse::<f64>().ok())
        .flat_map(|factor| [factor, factor.next_up(), factor.next_down()])
        .filter(|factor| *factor > 0.0)
        .find_map(|factor| exact(values, factor))
}

/// 1, 2 or 5 times a power of ten: the largest such factor of at most 2·10⁻⁹ of a value.
fn rounded_factor(largest: f64) -> f64 {
    let wanted = 2e-9 * largest;
    let factors =
        (-323..=300).rev().flat_map(|exponent| [5.0, 2.0, 1.0].map(|digit| decimal(digit, exponent)));
    factors.into_iter().find(|factor| *factor > 0.0 && *factor <= wanted).unwrap_or(f64::from_bits(1))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn whole_numbers_times_a_factor_lose_nothing() {
        for (values, factor, units) in [
            (vec![3.0, -2.0, 0.0], 1.0, vec![3, -2, 0]),
            (vec![0.25, 0.5, -1.75], 0.01, vec![25, 50, -175]),
            (vec![0.0, 0.0], 1.0, vec![0, 0]),
            (vec![], 1.0, vec![]),
            // 1/1,024 and three of it need more decimal digits than bits.
            (vec![9.765_625e-4, 2.929_687_5e-3, 64.0], 9.765_625e-4, vec![1, 3, 65_536]),
        ] {
            assert_eq!(Scaled::of(&values), Scaled { factor, units, is_exact: true }, "{values:?}");
        }
    }

    #[test]
    fn the_factor_of_a_file_is_found_again() {
        // YFACTOR of real files: instruments divide by what they like.
        for factor in [3.244_574_146_769_178_5e-3, 9.364_838_9e-10, 1.267_406, 0.000_1, 1.490_116e-8] {
            let units = [28_613_i64, -17, 30_000, 1_234_567, 999, 0, 2_000_000];
            let values: Vec<f64> = units.iter().map(|&units| units as f64 * factor).collect();
            let scaled = Scaled::of(&values);
            assert!(scaled.is_exact, "{factor}");
            assert!(
                scaled
                    .units
                    .iter()
                    .zip(&values)
                    .all(|(units, value)| *units as f64 * scaled.factor == *value)
            );
        }
    }

    #[test]
    fn other_values_lose_less_than_a_thousand_millionth_of_the_largest() {
        for largest in [std::f64::consts::PI, 1e-300, 7e300, 5e-324, 1e-318] {
            let values = [largest, largest / 3.0, -largest / 7.0];
            let scaled = Scaled::of(&values);
            assert!(
                scaled.factor > 0.0 && scaled.factor <= 2e-9 * largest || scaled.is_exact || largest < 1e-310
            );
            for (units, value) in scaled.units.iter().zip(values) {
                assert!((*units as f64 * scaled.factor - value).abs() <= 0.5 * scaled.factor * (1.0 + 1e-6));
                assert!(units.unsigned_abs() <= MOST as u64);
            }
        }
    }

    proptest! {
        #[test]
        fn no_value_changes_by_more_than_half_a_factor(values in prop::collection::vec(-1e6_f64..1e6, 1..50)) {
            let scaled = Scaled::of(&values);
            let largest = values.iter().fold(0.0, |largest, value| f64::max(largest, value.abs()));
            prop_assert!(scaled.is_exact || 0.5 * scaled.factor <= 1e-9 * largest);
            for (units, value) in scaled.units.iter().zip(&values) {
                let error = (*units as f64 * scaled.factor - value).abs();
                prop_assert!(error <= 0.5 * scaled.factor * (1.0 + 1e-6), "{} {}", error, scaled.factor);
            }
        }

        #[test]
        fn integers_times_any_decimal_are_exact(
            units in prop::collection::vec(-2_000_000_i64..2_000_000, 2..200),
            digits in 1_u32..999_999, exponent in -12_i32..3,
        ) {
            let factor: f64 = format!("{digits}e{exponent}").parse().unwrap();
            let values: Vec<f64> = units.iter().map(|&units| units as f64 * factor).collect();
            prop_assert!(Scaled::of(&values).is_exact);
        }
    }
}
