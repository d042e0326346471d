//! The reference scorers, one a file, in plain f64: each is the law that an index must reproduce.

pub mod common_range;
pub mod cosine;
pub mod explanation;
pub mod modified_cosine;
pub mod neutral_loss_cosine;
pub mod nist_match_factor;
pub mod peak_matching;
pub mod peak_weights;
pub mod spectral_entropy;
pub mod stein_scott_composite;
pub mod unit_mass;
pub mod weighted_cosine;
