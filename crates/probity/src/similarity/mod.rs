//! The reference scorers, one a file, in plain f64: each is the law that an index must reproduce.

pub mod cosine;
pub mod modified_cosine;
pub mod neutral_loss_cosine;
pub mod peak_matching;
pub mod spectral_entropy;
