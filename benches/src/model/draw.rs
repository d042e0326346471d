//! Numbers drawn from distributions.

use probity::math;
use probity_tests::Seeded;

/// A number from 0 to 1.
pub(super) fn uniform(random: &mut Seeded) -> f64 {
    random.below(1 << 53) as f64 / (1_u64 << 53) as f64
}

/// A number of mean 0 and standard deviation 1: the sum of twelve uniform ones, less 6.
pub(super) fn normal(random: &mut Seeded) -> f64 {
    (0..12).map(|_| uniform(random)).sum::<f64>() - 6.0
}

/// The share of normal numbers below one, but for less than 0.01: by the logistic function.
pub(super) fn share_below(number: f64) -> f64 {
    1.0 / (1.0 + math::exp(-1.702 * number))
}

/// A number from a distribution given by its 0th, 10th, ... 100th percentile, linear between them.
pub(super) fn from_deciles(random: &mut Seeded, deciles: &[f64; 11]) -> f64 {
    at_share(uniform(random), deciles)
}

/// The number of such a distribution that is above this share of all.
pub(super) fn at_share(share: f64, deciles: &[f64; 11]) -> f64 {
    let place = share * 10.0;
    // From 0 to 9: the cast cuts.
    let lower = (place as usize).min(9);
    deciles[lower] + (place - lower as f64) * (deciles[lower + 1] - deciles[lower])
}

/// 10 to the power of a normal number of mean 0.
pub(super) fn log_normal(random: &mut Seeded, standard_deviation: f64) -> f64 {
    math::pow(10.0, standard_deviation * normal(random))
}

/// Bits that have nothing to do with those next to them.
pub(super) fn mixed(bits: u64) -> u64 {
    Seeded::new(bits).next_bits()
}
