//! similarity

pub mod common_range;
pub mod explanation;
pub mod nist_hybrid;
pub mod nist_match_factor;
pub mod nist_neutral_loss;
pub mod nist_relative_probability;
mod nist_sums;
pub mod stein_scott_composite;
pub mod unit_mass;
pub mod weighted_dot_product;
