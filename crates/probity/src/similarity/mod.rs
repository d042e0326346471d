//! The reference scorers, one a file, in plain f64: each is the law that an index must reproduce.

pub mod common_range;
pub mod cosine;
pub mod explanation;
pub mod infrared;
pub mod modified_cosine;
pub mod neutral_loss_cosine;
pub mod nist_dot_product;
pub mod nist_hybrid;
pub mod nist_match_factor;
pub mod nist_neutral_loss;
pub mod nist_relative_probability;
mod nist_sums;
pub mod peak_matching;
mod remembered_power;
pub mod spectral_entropy;
pub mod stein_scott_composite;
pub mod unit_mass;
pub mod weighted_dot_product;
