//! Powers that a thread remembers: a library has millions of peaks, but their m/z are some hundred whole numbers, and
//! their abundances are often whole thousandths of the largest.

use std::cell::RefCell;

use crate::math;

/// Exponents that are remembered at a time: those of m/z and of abundance of two methods.
const EXPONENTS: usize = 4;

/// Places for the powers of an exponent, 2 to the power of this many bits.
const BITS: u32 = 12;

/// The powers of one exponent, each at the place that its base leads to.
struct Powers {
    exponent: f64,
    /// The bits of the base, and its power; the power of 0 is that of an empty place.
    places: Vec<(u64, f64)>,
}

impl Powers {
    fn new(exponent: f64) -> Self {
        Self { exponent, places: vec![(0, math::pow(0.0, exponent)); 1 << BITS] }
    }

    fn of(&mut self, base: f64) -> f64 {
        let bits = base.to_bits();
        // A multiplication spreads the few bits that differ over the highest.
        let place = bits.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> (u64::BITS - BITS);
        let (known, power) = &mut self.places[place as usize];
        if *known != bits {
            (*known, *power) = (bits, math::pow(base, self.exponent));
        }
        *power
    }
}

thread_local! {
    static POWERS: RefCell<Vec<Powers>> = const { RefCell::new(Vec::new()) };
}

/// The number that [`math::pow`] gives.
pub(super) fn remembered_power(base: f64, exponent: f64) -> f64 {
    POWERS.with_borrow_mut(|known| {
        let bits = exponent.to_bits();
        let place = known.iter().position(|powers| powers.exponent.to_bits() == bits).unwrap_or_else(|| {
            known.truncate(EXPONENTS - 1);
            known.insert(0, Powers::new(exponent));
            0
        });
        known[place].of(base)
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn they_have_the_same_bits(
            asked in prop::collection::vec((0_u32..3_000, prop::sample::select(vec![0.0, 0.5, 0.53, 1.3, 3.0, 5.0])), 1..400),
            odd in any::<f64>(),
        ) {
            for (number, exponent) in asked {
                for base in [f64::from(number), f64::from(number) / 999.0, odd] {
                    let (found, expected) = (remembered_power(base, exponent), math::pow(base, exponent));
                    prop_assert!(found.to_bits() == expected.to_bits() || found.is_nan() && expected.is_nan());
                }
            }
        }
    }
}
